"""Turns of phrase of reviewers and what they do with them, in the language of `phrases`.

Each family is one move; what is common to several turns (verbs of change, adjectives of praise)
is written once, in braces, and stands for any of its words.
"""

from __future__ import annotations

from typing import Final

from threadkit.analyze.arguments.moves_words import BAD, CHANGES, GOOD, SENDS, TESTS, joined

_CLASSES: Final = {
    "good": joined(GOOD), "bad": joined(BAD), "change": joined(CHANGES), "test": joined(TESTS),
    "send": joined(SENDS), "very": "very|so|really|quite|pretty|too|that|all|entirely|totally|completely",
    "changed": "add|added|drop|dropped|remove|removed|rename|renamed|move|moved|split|merged|folded|squashed|changed|fixed|converted|replaced|updated|moved|rewritten|reworked|documented|mentioned|made|used|called|kept|avoided|tested|checked|initialized|initialised|marked|exported|simplified|reverted|backported|moved|renamed|rebased|wrapped|guarded|protected|annotated|cleaned|explained|handled",
    "patch": "patch|patches|series|commit|patchset|change|changes|version|diff|patchset|set|fix",
    "adv": "maybe|perhaps|probably|really|just|also|at|then|instead|rather|simply|better|still|first",
    "tell": "say|says|said|saying|state|states|document|documents|mention|mentions|mentioned|describe|describes|read|reads|claim|claims",
    "know": "know|understand|remember|recall|see|get|follow|parse|grok|grasp|realize|realise|notice|have",
    "erred": "miss|missed|missing|overlooked|overlook|overlooking|forgot|forget|forgotten|forgetting|misread|misreading|misunderstood|misunderstand|misunderstanding|mistook|misremember|misremembered|misjudged|botched|broke|confused|conflated|conflating|screwed|messed|mixed|mixing",
    "think": "think|believe|guess|suspect|suppose|assume|reckon|feel|imagine|expect|bet|figure",
    "thing": "thing|part|bit|point|issue|question|problem|idea|approach|option|way|alternative|reason",
    "pron": "i|we|you|they|he|she|it|this|that|there",
    "one": "i|we|you|they|he|she|somebody|someone|one",
}  # fmt: skip

_MOVES: Final[dict[str, str]] = {
    "admit-error": """
        i|we .. {erred} ;
        my|our bad|fault|mistake|error|oversight|misunderstanding|apologies|confusion ;
        mea culpa ; oops|ooops|whoops|doh|duh|gah|argh|d'oh ;
        i be .. wrong|mistaken|confused|incorrect|hasty|imprecise|unclear|blind ;
        i stand corrected ; brown paper|paperbag|bag ; stupid|silly|dumb|sloppy of|me|mistake|i ;
        i should have .. {changed} ; i should have|not ; i|we jump|jumped|rushed ;
        i do|have .. something wrong ; i get|got .. wrong|confused|backwards|mixed ;
        blame|shame .. me|mine|myself ; sorry , my|i|that|you|it|this ;
        sorry for|about .. confusion|noise|mistake|breakage|mess|trouble|not ;
        apologies|apologize|apologise for|if ; just misreading|misread|missed ;
        i write|wrote .. wrong ; should have be .. clearer|more ; did not mean to ;
        i be not clear|precise ; that be my .. fault|bad|mistake|doing|error|bug
        """,
    "admit-ignorance": """
        i|we do not .. {know} ; no idea|clue ;
        i be not .. sure|certain|familiar|aware|expert|convinced|clear|100 ;
        not .. sure|certain|clear|convinced ;
        i|we have no .. idea|clue|opinion|way|experience|hardware|numbers|preference ; beats me ;
        who knows ;
        i|we can not .. tell|say|remember|recall|reproduce|explain|judge|comment|find|see|think|test|verify|speak ;
        i have not .. {test}|looked|thought|seen|verified|read|found|used|done|had|checked|tested|tried|written|measured|profiled|touched|followed|heard|met|been ;
        not .. tested|compiled|sure ; untested|uncompiled ; only compile|build tested ;
        compile|build tested only ; hard|difficult|impossible to tell|say|know|judge ;
        not an|a .. expert ; above|beyond my ;
        i be .. confused|puzzled|lost|clueless|baffled|stumped|ignorant ;
        i do not .. have .. time|access|hardware|strong|answer|opinion|numbers|clue|idea|way|setup|machine ;
        i never .. used|looked|tried|tested|understood|heard|saw|seen ;
        if i .. understand|remember|recall|read ; i be .. only guessing|guessing ;
        just .. guess|guessing|guesses ; only .. guess|guesses|guessing ;
        my .. memory|understanding|knowledge|ignorance ; not .. known to me|us ;
        unknown to me|us ; remains to be seen ; open question ; unfortunately i|we ;
        i may|might|could .. be .. wrong|mistaken|missing|confused|misreading|overlooking|biased|misremembering ;
        i be .. probably|likely|maybe|perhaps|possibly .. wrong|missing ;
        i may|might|could .. have .. {erred} ; unless i|we .. {erred} ;
        unless i be .. missing|mistaken|wrong ; correct me if ; be .. corrected ;
        happy to be .. corrected|proven|wrong ; i find .. it .. hard|difficult ;
        i do not .. look|check|test|try|think|consider|follow|verify|notice|read|find
        """,
    "give-way": """
        you .. be .. right ; you have .. point ; point taken ; fair enough|point ;
        good|valid|excellent|great|fair|nice point|catch|spot|question|argument ; well spotted ;
        i .. take .. back ; taken back ; no .. objection|objections|strong ;
        i do not .. object|mind|insist|disagree|oppose ;
        i be not .. opposed|against|objecting|insisting|arguing|saying|claiming ;
        not opposed|against|objecting|wedded|attached ;
        i .. retract|withdraw|concede|yield|relent|surrender|rescind ; i can .. live with ;
        whatever you ; up to you ; your call ; feel free to ignore ; ignore my|me|that ;
        never mind ; nevermind ; scratch that ; forget .. what|that|it|about ; i give up ;
        i see your ; i see .. now ; i get it ; now i see|understand|get ; ah , ok|right|i|yes ;
        oh , right|i|ok|yes ; not a .. big|huge deal|problem|issue ; no .. big|huge deal ;
        not .. a|an .. objection|showstopper|blocker ; i do not .. feel strongly ;
        nothing against ; i .. stand by not ; i be .. fine|ok either ;
        either way .. fine|ok|works ; makes .. more sense .. now ; i have .. come around ;
        convinced me ; you convinced
        """,
    "limit": """
        that say|said|being ; that be .. said ; having said ; granted ; admittedly ;
        to be .. fair|honest|clear ; ^ of course ; ^ sure , but|except|it|that|i|you|we|there ;
        ^ yes , but|although ; ^ yeah , but ; at least .. in|for|not|the|it|that ;
        even if|though ; although|albeit ; ^ though ; though $ ;
        while it|this|that|i|we|there|the ; not .. perfect|ideal|great|pretty|optimal|complete ;
        none of this|that|these ; caveat|caveats ; except that|for|when|if ;
        the only .. downside|drawback|problem|caveat|exception|issue|concern ;
        downside|drawback|disadvantage|limitation|limitations|shortcoming|shortcomings ;
        trade off|offs ; tradeoff|tradeoffs ; trade-off|trade-offs ; unfortunately ;
        i admit|confess|concede|acknowledge|realize|realise|recognize|appreciate|understand|grant ;
        arguably ; however ; i do not .. mean|claim|say|think .. that|to|it ; on the other hand ;
        not .. always|necessarily|entirely|exactly|quite|really|fully|completely|only ;
        does not .. mean|solve|help|fix|cover|handle|address ; might|may .. not ;
        still .. need|needs|have|has|not|be ; only .. works|if|when|for ; limited to ; in theory ;
        in principle ; true , but ; ^ right , but ; ^ ok , but ;
        there be .. some|still|a .. risk|chance|problem|corner ; with .. exception ;
        but yes|yeah|sure|ok|fine|again ; of course .. not
        """,
    "agree": """
        ^ right|exactly|indeed|agreed|yes|yep|yup|yeah|correct|true|absolutely|definitely|totally|sure|aye|ok|okay|precisely|ack|certainly|gotcha ;
        ^ +1 ; ^ same here ; same .. here|opinion|feeling ;
        i .. agree|concur|second|support|like|love ; make|makes|made .. sense ;
        sound|sounds|sounded .. {good} ; look|looks|looked .. {good} ; seem|seems .. {good} ;
        acked-by|reviewed-by ; lgtm ; fine|ok|good with|by|for me ; work|works for me|us ;
        all for ; in favor|favour ; be {good} with|by ; that be .. right|true|correct|fair ;
        you be .. correct ; very much agree ; could not agree more ; agree with ;
        i be .. happy|fine|ok|good|all with|for ; i think so ; nothing .. to add ;
        my .. thoughts|thinking|sentiment .. exactly|too ; well put|said ;
        good|great|nice|excellent idea|work|job|stuff|find|fix|suggestion ;
        feel|free .. free to add ; with that .. fixed|addressed|changed ; other than that ;
        i have .. same .. opinion|concern|thought ; got it ; will do ; ^ understood ; ^ fine ;
        ^ noted
        """,
    "disagree": """
        ^ no , ; ^ no . ; ^ nope|nah|nonsense|bullshit|wrong|sorry|rubbish ;
        ^ not really|quite|true|so|at|necessarily|exactly|even ; ^ no way ;
        i .. disagree|object|dispute|doubt|beg ;
        i do not .. agree|think|believe|buy|like|see|want|care ;
        that be not .. true|right|correct|what|how|the|a|quite|really ;
        this|it be not .. true|right|correct|what|how|enough|good|the ;
        that|this|it be .. wrong|false|incorrect|bogus|broken|nonsense ;
        you be .. wrong|mistaken|confused|missing ; be just wrong ; makes no sense ;
        make|makes|do not .. sense ; do not .. make .. sense ; i fail to ; nothing to do with ;
        on the contrary ; quite the opposite ; the opposite ; not how ; not .. the case ;
        i be .. against|opposed ; i hate|dislike ; no , no ; absolutely|certainly|definitely not ;
        not acceptable ; do not buy ; strawman ; red herring ; i beg to differ ;
        there be no .. reason|need|point|way|such
        """,
    "request": """
        can|could|would|will you .. {change}|{test}|{send} ;
        can|could|would|will you .. please|kindly|try|share|explain|check|provide|confirm|elaborate|tell|point|help|be|have|give|also|maybe|make|do|put|look|take|use|get|run|show|let ;
        would you mind ; would you be .. willing|able|interested|ok ;
        any chance|way .. you|to|of|we|that ; care to ; please ; kindly ; be you .. willing|able ;
        mind {send}|sharing|sending|adding|trying|testing ; do|would you want|mind ;
        you|it|they|this|we .. want to ;
        could|can we|i|someone|somebody|anyone|they .. {change}|{test}|{send}|please|just|get|have|make|do|use|at ;
        can i ask ; may i|we .. ask|suggest ; i .. appreciate ; be .. appreciated ;
        would .. be .. appreciated ; if you could|can|would ; if you have .. time|chance ;
        if possible ; feel free ; let me|us know ;
        i would .. like|love .. to .. see|have|hear|know|you|get ; would love to ;
        looking forward to ; need|needs you ; i be .. hoping|asking|waiting for ; be sure to ;
        make sure ; please .. do not
        """,
    "suggest": """
        i would|'d .. prefer|rather|suggest|propose|vote|recommend|like|say|drop|use|just|love|argue|go|do|add|keep|make|put ;
        i .. suggest|propose|recommend|prefer|advise|advocate|vote|urge|encourage ;
        my .. suggestion|suggestions|proposal|preference|advice|recommendation|vote|idea|plan ;
        may|might i suggest ; how|what about ; what if ; why not|don't ;
        why do not .. we|you|i|they ; should|could|can|may we|i|you|it|this|they|that ;
        should not we|this|it|that|you|they ; let us ; let me|him ;
        we|you|it|this|they|one|i should|ought ; should .. be .. {changed} ; need|needs to .. be ;
        needs to ; need to .. {change} ; need .. to ; have|has to .. be|{change} ;
        must .. be .. {changed} ; must .. {change} ; ought to ; better to|off|if ;
        be .. better .. to|if ; better .. be to ;
        be best|nice|nicer|good|great|cool|helpful|useful|wise|worthwhile|preferable|cleaner|simpler|easier|interesting|awesome|wonderful|ideal|lovely|sufficient .. to|if ;
        would .. be .. better|nice|nicer|best|good|great|cool|helpful|useful|worth|ideal|preferable|cleaner|simpler|interesting|awesome|lovely|safer|easier|more ;
        would .. have to ; would .. make|help|need|want|prefer|require ;
        you|we|i may|might .. want ;
        might|may .. be .. worth|better|good|nice|useful|helpful|easier|interesting ;
        worth .. a|adding|trying|doing|looking|mentioning|checking|having|it|considering|testing|the ;
        consider .. adding|using|making|moving|doing|a|the|to|it ; should consider ;
        maybe|perhaps .. we|you|just|it|add|use|a|the|something|make|even|instead ;
        maybe|perhaps .. should|could|can|need|worth|better ; instead of ; rather than ;
        something like|along|similar ; alternatively ; another .. {thing} ;
        one .. option|way|idea|alternative|possibility|approach|solution ;
        an|the|a .. option|alternative|solution|right|proper|correct|better|best .. be|way|to|would|fix ;
        could|can .. be .. {changed} ;
        could|can .. just|simply|also|even|instead|still|then|always|at ;
        could|can|we .. {change} ; no need to ; do not .. need .. to|the|this|it ;
        not .. needed|necessary|required ; can|could go|drop ; we|you want to ;
        be .. supposed to ; nit|nits|nitpick|nitpicking|minor ; s <path> ;
        reverse xmas|christmas ; to|for .. consistency ; while|when you be|are at|there ;
        while at it ; while we|i be at ; in a separate|follow-up|followup|later|new ;
        separate .. patch|patches|commit|commits ; follow up|ups ;
        as a .. follow-up|followup|separate ; be .. much|far|way better|simpler|nicer|easier ;
        it be .. time to ; time to .. {change} ; good|bad idea to ; wish ; in need of ; todo ;
        wishlist
        """,
    "plan": """
        i|we will .. {change}|{send}|{test} ;
        i|we will .. do|take|give|look|make|have|get|go|let|see|keep|use|start|work|wait|need|also|not|just|put|try|think|read|be|come|include|continue|investigate ;
        i|we be going to ;
        i|we be .. working|planning|thinking|considering|about|trying|preparing ;
        i|we .. plan|intend|want|hope|aim|tend to ; i would .. like|love|prefer|rather ; my plan ;
        the plan ; on my .. todo|list|plate|radar ;
        will .. {send}|fix|change|update|do|look|try|add|test|check|rework|include|drop|take|follow|be ;
        next .. version|spin|series|revision|round|respin|iteration|posting|week ; in v<number> ;
        in|for|with <version> ;
        i|we can|could .. {change}|{send}|{test}|try|do|take|help|give|look|provide|make|put|also|live|work|start|write ;
        i be .. happy|glad|willing|able|ready|keen|open|tempted to|for ; volunteer ;
        happy|glad|willing to .. {change}|{send}|{test}|help|do|try|take|discuss|write|provide ;
        let me .. {change}|{test}|{send}|see|try|know|check|think|do|look|explain|get ; will do ;
        shall i|we ; should i ; i may|might .. {change}|{test}|{send}|try|do|look ;
        i should .. be able|probably|{change}|{send} ; stay tuned ; coming soon ; soon ;
        tomorrow|monday|weekend|next week
        """,
    "offer": """
        patch|diff|fix|something .. below|attached|like|on|against ;
        attached|appended patch|be|you ; below .. patch|diff|be ; here be .. a|my|the .. {patch} ;
        you can|could|may .. {change}|{test}|use|just|also|find|see|do|try|get|always|add ;
        you .. need|have to ; try|use|with .. patch|this|following ; on top of
        """,
    "decide": """
        ^ applied|queued|merged|pulled|dropped|pushed|picked|reverted|taken|nak|nack|nacked|rejected|committed|closing|closed|dropping|applying ;
        nacked-by|naked-by|nak'd ; nack|nak|nacked|nacking ;
        i have|be .. applied|queued|merged|pulled|dropped|picked|reverted|taken|pushed|added|fixed|folded|squashed|staged|applying|queueing|queuing|merging|pulling|dropping|picking|reverting|taking ;
        i .. applied|queued|merged|pulled|dropped|picked|reverted|pushed|folded|squashed|fixed|took .. it|this|up|them|to|the|your|in|for|and|on ;
        applied to|thanks|, ; applied , thanks ;
        be .. applied|queued|merged|pulled|reverted|committed|upstreamed|released ;
        i be not .. going|taking|merging|pulling|applying|interested ;
        will|would not .. take|merge|apply|pull|happen|accept|be|go|fly ;
        i will .. not|drop|apply|merge|queue|revert|take|pull|pick|let|leave|keep|wait|stop ;
        not going to|in|happen ; no way ; in my .. tree|queue|branch|fixes|next ;
        in .. next|mainline|master|upstream ; pushed to|out ; queued .. up|for ; too late for ;
        let us .. go|do|leave|keep|drop|just|not|wait|revert|see|stick ;
        we .. decided|agreed|settled|chose|concluded ; decided|agreed|chosen to|that|on ;
        consensus ; #regzbot|#syz ; end of .. story|discussion
        """,
    "evaluate": """
        be .. {very} .. {good} ; be .. {very} .. {bad} ; be .. {bad} ; be .. {good} ;
        a|an .. {very} {bad} ; a|an {bad} ; a|an {good} ; the {good} ; the {bad} ;
        too big|small|slow|much|many|complex|complicated|late|long|early|large|hard|fragile|subtle|invasive|aggressive|strong|generic|broad|noisy|heavy|expensive ;
        not .. worth ; worth .. it ;
        better|worse|simpler|cleaner|faster|slower|safer|easier|harder than ; more|less .. than ;
        good|bad thing|idea|reason|practice|design|choice|enough ;
        no .. point|reason|sense|benefit|value|excuse|good ; waste of ;
        hard|easy|difficult|trivial|impossible to ; no better ; the whole|entire point
        """,
    "believe": """
        {one} .. {think} ; i .. {think} ; imo|imnsho ;
        in my .. opinion|mind|view|book|experience ; to me ;
        from my .. perspective|point|side|view|pov ;
        it|this|that seem|seems|looks|appears|sounds .. like|to|that|as ;
        seem|seems|appear|appears to ; seems like ;
        sure|certain|convinced|confident|positive that|it|this|about ;
        i be .. sure|certain|convinced|confident|positive|afraid|worried|pretty ;
        i|we .. doubt|hope|fear|argue|claim|contend|maintain|wonder ; no doubt ;
        clearly|obviously|certainly|surely|definitely|undoubtedly|evidently ;
        the fact .. that|be|remains ;
        my .. opinion|view|impression|feeling|guess|point|concern|worry|hunch ;
        likely|unlikely|probably|presumably|possibly|supposedly|apparently ; in other words ;
        the .. {thing} be ; i would .. {think}|say|argue|assume|expect|call|hope ; personally ;
        frankly|honestly
        """,
    "must": """
        must|cannot|always|never ; can not ; have to be ;
        be .. required|supposed|expected|allowed|guaranteed|forbidden|meant|responsible ;
        should .. never|always|not ; will .. always|never|not|only|just|be ;
        would .. be|not|have|break|cause|still|only|just|never|then|lead|mean ;
        there be .. no|nothing|none ;
        nobody|nothing|none|no-one|everybody|everyone|anybody|anyone ;
        no .. one|body|longer|other ; only .. way|thing|reason|if|when|one ;
        not .. even|just|only|possible|at ; any .. code|driver|kernel|user|developer|maintainer ;
        the .. only|whole|real|main|right|wrong|sane|best
        """,
    "observe": """
        i|we .. saw|seen|noticed|observed|found|hit|encountered|spotted|discovered|experienced ;
        i|we see|get|got|notice|find|observe ;
        i|we .. tested|tried|ran|bisected|measured|profiled|benchmarked|reproduced|booted|checked|verified|compiled|built|retested|confirmed|traced|debugged|looked|read|grepped|searched|instrumented|reverted|went|double-checked|dug|did ;
        i have .. been .. seeing|getting|running|using|testing|hitting|looking ;
        i be .. seeing|getting|hitting ;
        on my .. machine|system|box|laptop|setup|side|test|tree|kernel|hardware|desktop|server ;
        in my .. test|tests|testing|experience|case|setup|tree|environment|benchmark ;
        turns|turned out ; reproducible|reproducer|repro ;
        reproduce|reproduces|reproduced with|it|this|on|by|the ;
        bisect|bisected|bisection|bisecting|bisects ;
        the .. test|tests|log|trace|output|result|results|benchmark|numbers|reproducer|dmesg .. show|shows|showed|prints|says|fails|failed|passes|passed|be|look|looks|indicate|indicates ;
        prints|printed|outputs|crashes|crashed|oopses|hangs|hung|panics|panicked|fails|failed|deadlocks|warns|warned|complains|complained|triggers|triggered|segfaults ;
        with|without .. {patch} .. applied|reverted|, ; before|after .. {patch} ; looking at ;
        see .. below|above|attached|also|: ; call trace ; stack trace ; log|logs|dmesg|output ;
        results|numbers|measurements|benchmark|benchmarks|statistics
        """,
    "measure": """
        <number> %|percent|ms|us|ns|seconds|second|minutes|hours|days|weeks|months|years|bytes|kb|mb|gb|mib|kib|gib|lines|times|cycles|iops|threads|cpus|cores|pages|kernels|patches|commits|files|reports|instances|users|developers ;
        hours|days|weeks|months|years ago ; from <number> ; to <number> ;
        about|around|roughly|approximately|over|under|nearly|almost <number> ;
        out of <number>|the ; <number> out ;
        faster|slower|speedup|slowdown|improvement|overhead|latency|throughput|increase|decrease|increased|decreased|dropped by|from ;
        on average ; <number> <number>
        """,
    "cite": """
        in|since|before|until|by|with|from|per|commit commit|<sha>|<version> ; commit <sha> ;
        according to ;
        as .. documented|described|explained|mentioned|noted|shown|discussed|said|stated|seen|reported ;
        the .. documentation|docs|comment|comments|spec|manual|manpage|changelog|standard|commit|code|rfc|readme|thread|report|link .. {tell} ;
        <path> {tell} ; the .. code .. be|do|does|has|looks|calls|checks|just ; {tell} that|: ;
        quoting|quote|quoted ; see <url>|<path>|<sha>|<call>|<reference>|commit|e ; <url> ;
        at|in|here|link|thread|from : ; at <url> ;
        linus|greg|he|she|they said|wrote|suggested|pointed|mentioned|explained|told|asked|proposed|argued ;
        git|lore|bugzilla log|blame|grep|show|describe|history ; man page ;
        defined|implemented|introduced|documented|declared|called in|by|at|from|as ;
        introduced|added|fixed|merged|changed|removed .. in|by|with ; <reference>
        """,
    "reason": """
        because|cause|'cause|cuz ; since .. {pron}|the|a|there|no ; due to ;
        as .. {pron}|the .. be|have|do|can|will|would|could ; thanks to ; for .. reason|reasons ;
        the reason .. be|i|we|why|for|that ; that|this|which|it be .. why|because|how|when|where ;
        so that ; otherwise ; therefore|thus|hence|consequently ; as a .. result|consequence ;
        mean|means|meaning|implies|imply that|it|the|we|you ;
        which|that|this .. mean|means|leads|causes|makes|results|breaks|implies|would|will ;
        so .. {pron} ; , so ; given that|the|how ; considering ; if .. then ; ^ if ; ^ when ;
        ^ because|since|as ; ^ so ; ^ otherwise ; ^ hence|thus|therefore ; in order to ;
        after all ; caused|triggered|induced by ; root cause ; exactly because ;
        after|once|whenever|every|each|until ; results|leads in|to
        """,
    "example": """
        for example|instance ; e . g ; e.g|eg|e.g. ; such as ; namely|i.e|ie ;
        like .. this|so|that|: ; say , ; suppose|imagine|consider ; think of ; case in point ;
        as an|one .. example|illustration ; scenario ; take .. for ;
        the .. case|cases .. where|when|of|be ; in .. case|cases .. where|when|of|, ;
        cpu0|cpu1|cpu2|cpu ; thread|task|process|cpu a|b|1|2|0|<number> ;
        one|another .. example|case|instance ;
        some|many|most|several|few .. people|users|drivers|maintainers|developers|of|cases|patches|subsystems|other ;
        sometimes|often|usually|typically|rarely|occasionally|commonly|frequently|generally|normally|mostly
        """,
    "step": """
        ^ then|first|second|third|next|now|finally|later|afterwards|meanwhile|eventually|initially ;
        and|, then ; after that|this|which ; first|then , ; at .. this|that|some .. point ; -> ;
        => ; ^ <call> ; ^ <ident> ;
        <call> .. return|returns|calls|call|be|do|does|will|would|takes|checks|sets|holds|gets|fails|uses|drops|has|can ;
        <ident> .. be|do|does|has|will|would|can|points|contains|gets|returns|uses ; <call> ;
        <ident> ;
        calls|returns|sets|takes|drops|holds|acquires|releases|allocates|frees|increments|decrements|reads|writes|checks|walks|skips|clears|locks|unlocks|faults|forks|maps|unmaps .. <call>|<ident>|the|a|it|null|0 ;
        lock|locked|held|holding|unlocked
        """,
    "this-patch": """
        this|the|these|my|his|following|current|previous|first|second|last|next .. {patch} .. add|adds|fix|fixes|remove|removes|introduce|introduces|make|makes|convert|converts|implement|implements|be|allow|allows|change|changes|rework|reworks|switch|switches|do|extend|extends|enable|enables|contain|contains|use|uses|address|addresses|replace|replaces|clean|cleans|move|moves|try|tries|attempt|attempts|series|provide|provides|support|supports|reverts|revert|update|updates|drop|drops|improve|improves|refactor|refactors|only ;
        this|these .. {patch} ; this reverts|fixes|adds|removes|makes|patch|series ;
        patch|patches <number> ; part <number>|of ; in this .. {patch}|thread|mail|discussion ;
        changes .. in|since|from|v<number>|<version> ; changelog|changes : ; <version> : ;
        v<number> : ; in v<number> ; based|rebased on ; no functional ; intended for ;
        needed|required for ; backport|backported|backporting ; [ backport|amir|edited|rebased
        """,
    "setting": """
        currently|presently|nowadays|today ; right now ; at .. the moment|present ;
        until now|recently|then ; so far ; used to ;
        historically|traditionally|originally|previously|formerly|initially|recently|lately ;
        in the past|beginning|early|old ; the following ; as follows ; here be|are ;
        below be|are|you ; this be .. a|an|the|part|about|based|done|how|where|what|for ;
        there be .. a|an|some|two|three|several|many|currently|already|also ;
        be .. called|named|used|based|defined|located|part|responsible|maintained|available|known|represented|implemented|composed ;
        the .. goal|idea|purpose|intent|intention|aim|background|context|motivation|topic|setup|question|plan|subject of|be|behind|here|was|for ;
        background|context|history|setup|summary|motivation|overview|description|disclaimer|notes|note : ;
        fwiw|fyi|btw|n.b|nb|tldr|tl ;
        for .. reference|context|record|background|history|those|the|completeness ;
        i|we be .. working|looking|trying|using|running|doing|reading|writing|talking|currently|on|at|wondering|thinking|discussing|referring|aware ;
        i|we .. use|work|maintain|wrote|sent|posted|submitted|proposed|reported|asked|mentioned|discussed|talked|suggested|said|started|implemented|created|added|raised|received|tend|usually ;
        i have .. been|sent|posted|written|added|created|started|mentioned|seen|got|submitted|put|made|now|just|a|some|already ;
        you .. said|mentioned|wrote|suggested|asked|say|mention|reported|posted|proposed|sent ;
        not .. relevant|related ; related to ; as .. you|we|some|many know ; known as ; part of ;
        refers|referring|refer to ; case <number> ; step <number> ; the .. rest|others|other ;
        <number> )
        """,
    "ask": """
        ^ why|what|how|where|when|who|which|whose|whom ;
        ^ be|do|have|can|could|would|should|will|may|any {pron}|the|there|a|this|that|your ;
        what .. do|be|about|if|kind|would|should|happens|exactly|makes ;
        how .. do|be|about|would|should|can|many|much|come|often|long ;
        why .. do|be|not|would|should|can|on|the ; which .. be|one|of|do ;
        i .. wonder|wondering|wondered|ask|asking|curious ;
        wondering|curious if|whether|what|how|why|about ;
        any .. idea|ideas|thoughts|chance|comments|objections|reason|pointers|opinions|suggestions|feedback|news|update|hints|plans ;
        do|be|have|can|could|would|will|did you ;
        be there .. any|a|some|anything|something|no|another ; or be|do|be|not|am ;
        or .. something|not|maybe ? ; right|no|correct|huh|ok|eh|yes ? ;
        be it|this|that|they|we .. possible|intentional|expected|really|just|the|a|because|supposed|correct|ok|true|not ;
        what do you|we|they|it|this|that ; am i|we ; be i ;
        do .. it|this|that|we|they|anyone|anybody ; not .. sure .. why|what|how|if|whether|i ;
        do not .. understand|know|see|get .. why|what|how|if|whether ;
        please .. explain|clarify|elaborate|confirm ;
        thoughts|comments|opinions|objections|ideas ? ; question|questions ;
        if|whether .. or not ; clarify|elaborate ; who .. be|would|will|cares|uses|needs ;
        to what ; what be .. the|this|that|your|wrong ; meaning what ; ? ?
        """,
    "rhetorical": """
        who .. cares|needs|wants ; why .. bother|on earth|the hell|the fuck ;
        what the|on .. hell|fuck|heck|earth ; what .. point|good|use ; why would .. {one} ;
        why should .. {one} ; how .. hard|difficult be|can|could ;
        do|do you .. really|seriously|honestly ; really ? ; seriously ; be not .. it|that|this ;
        do not .. you|that|we .. think|mean|already ; so what ; since when ; what else ;
        why not .. just ; be .. really .. that ; how can|could|be .. ever|possibly|be ;
        am i the only ; wtf|ffs|jfc ; what be .. point|use
        """,
    "address": """
        you|your ;
        your .. patch|code|point|argument|test|change|series|fix|mail|email|suggestion|proposal|idea|concern|question|version|tree|script|reply|work ;
        you .. do|can|be|have|need|get|want|just|know|think|see|said|mean|should|could|would|may|might|must ;
        if you|your ; you guys|people|folks|all ; thank|thanks .. you ; as you
        """,
    "thank": """
        thanks|thank|thx|cheers|tia|kudos|regards|merci|danke ; many|big thanks ;
        hi|hello|hey|dear|greetings|morning ; ^ hi|hello|hey|dear|greetings|all|folks ;
        best|kind|warm .. regards|wishes ; have a .. nice|good|great ;
        sorry .. for|about .. delay|late|noise|spam|the|being|this|my ;
        happy .. new|holidays|birthday|hacking ; congratulations|congrats|welcome ;
        signed-off-by|reported-by|suggested-by|tested-by|co-developed-by|fixes|link|cc|closes|message-id|subject|from|to|date ;
        cc'ing|ccing|cced|cc'ed|adding|added .. <email>|cc|to ; <email> ; [ .. ] ;
        snip|snipped|<snip> ; hope this|that|it helps ; hth ; my .. mail|email|mua|client|inbox ;
        this .. mail|email|message|list ; top-post|top-posting|html|plaintext ; unsubscribe
        """,
    "irony": """
        :) $ ; ) ; <face> ; lol|haha|hehe|heh|ha|rofl|sigh|ugh|yay|hah|hmm|hm ;
        oh|ah great|joy|wonderful|well|noes|dear ; good luck ; have fun ; yeah , right ;
        who needs ; dare i|say ; brave|magic|magically|voodoo|wonderful|lovely|fun|joy ;
        <number> cents ; <rubout> ; tongue ; joke|joking|kidding|sarcasm|snark ;
        bikeshed|bikeshedding|painting ; evil|mwahaha|shudder|puke|barf|vomit ; my eyes ;
        famous last ; blame canada ; drugs|smoking|crack|insane
        """,
}  # fmt: skip

PHRASES: Final[dict[str, list[str]]] = {
    move: [" ".join(one.split()).format_map(_CLASSES) for one in text.split(";") if one.strip()]
    for move, text in _MOVES.items()
}
"""From the name of a move to its turns of phrase."""

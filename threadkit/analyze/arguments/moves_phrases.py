"""Turns of phrase of reviewers and what they do with them.

Each family is one move. Its phrases, parted by semicolons, are in the language of
`threadkit.analyze.arguments.phrases`; what several turns have in common (verbs of change,
adjectives of praise) is written once and stands in braces for any of its words.
"""

from __future__ import annotations

from typing import Final

from threadkit.analyze.arguments.moves_grounds import GROUNDS
from threadkit.analyze.arguments.moves_words import BAD, CHANGES, GOOD, SENDS, TESTS, joined

_CLASSES: Final = {
    "good": joined(GOOD), "bad": joined(BAD), "change": joined(CHANGES),
    "test": joined(TESTS), "send": joined(SENDS),
    "very": "very|so|really|quite|pretty|too|that|all|entirely|totally|completely",
    "changed": (
        "add|added|drop|dropped|remove|removed|rename|renamed|move|moved|split|merged|"
        "folded|squashed|changed|fixed|converted|replaced|updated|rewritten|reworked|"
        "documented|mentioned|made|used|called|kept|avoided|tested|checked|initialized|"
        "initialised|marked|exported|simplified|reverted|backported|rebased|wrapped|"
        "guarded|protected|annotated|cleaned|explained|handled"
    ),
    "patch": "patch|patches|series|commit|patchset|change|changes|version|diff|set|fix",
    "adv": (
        "maybe|perhaps|probably|really|just|also|at|then|instead|rather|simply|better|"
        "still|first"
    ),
    "tell": (
        "say|says|said|saying|state|states|document|documents|mention|mentions|mentioned|"
        "describe|describes|read|reads|claim|claims"
    ),
    "know": (
        "know|understand|remember|recall|see|get|follow|parse|grok|grasp|realize|realise|"
        "notice|have"
    ),
    "erred": (
        "miss|missed|missing|overlooked|overlook|overlooking|forgot|forget|forgotten|"
        "forgetting|misread|misreading|misunderstood|misunderstand|misunderstanding|"
        "mistook|misremember|misremembered|misjudged|botched|broke|confused|conflated|"
        "conflating|screwed|messed|mixed|mixing"
    ),
    "think": (
        "think|believe|guess|suspect|suppose|assume|reckon|feel|imagine|expect|bet|figure"
    ),
    "thing": (
        "thing|part|bit|point|issue|question|problem|idea|approach|option|way|alternative|"
        "reason"
    ),
    "pron": "i|we|you|they|he|she|it|this|that|there",
    "one": "i|we|you|they|he|she|somebody|someone|one",
}  # fmt: skip

_MOVES: Final[dict[str, str]] = {
    "admit-error": """
        i|we .. {erred} ;
        my|our bad|fault|mistake|error|oversight|misunderstanding|apologies|confusion ; mea culpa ;
        oops|ooops|whoops|doh|duh|gah|argh|d'oh ;
        i be .. wrong|mistaken|confused|incorrect|hasty|imprecise|unclear|blind ;
        i stand corrected ; brown paper|paperbag|bag ; stupid|silly|dumb|sloppy of|me|mistake|i ;
        i should have .. {changed} ; i should have|not ; i|we jump|jumped|rushed ;
        i do|have .. something wrong ; i get|got .. wrong|confused|backwards|mixed ;
        blame|shame .. me|mine|myself ; sorry , my|i|that|you|it|this ;
        sorry for|about .. confusion|noise|mistake|breakage|mess|trouble|not ;
        apologies|apologize|apologise for|if ; just misreading|misread|missed ;
        i write|wrote .. wrong ; should have be .. clearer|more ; did not mean to ;
        i be not clear|precise ; that be my .. fault|bad|mistake|doing|error|bug ;
        i|we .. assumed|thought that|it|the|this|you|there|only|we ;
        i .. too|so quick|hasty|hastily|early|fast|lazy|sloppy|tired ; i reply|replied too ;
        my .. brain|eyes|coffee|memory ; threw me ; i .. fail|failed to ;
        i have .. wrong|bad|been|mixed .. understanding|assumption|impression|up ;
        poorly|badly .. worded|phrased|conveyed|expressed|explained ;
        turn|turns|turned out .. wrong|bogus|false|not ; let me rephrase|correct|retry ;
        i be .. hoping|naive|optimistic|stupid|dumb|silly ; was|be unaware
        """,
    "admit-ignorance": """
        i|we do not .. {know} ; no idea|clue ;
        i be not .. sure|certain|familiar|aware|expert|convinced|clear|100 ;
        not .. sure|certain|clear|convinced ;
        i|we have no .. idea|clue|opinion|way|experience|hardware|numbers|preference ; beats me ;
        who knows ; i|we can not .. tell|say|remember|recall|reproduce|explain|judge ;
        i|we can not .. comment|find|see|think|test|verify|speak ;
        i have not .. {test}|looked|thought|seen|verified|read|found|used|done|had ;
        i have not .. checked|tested|tried|written|measured ;
        i have not .. profiled|touched|followed|heard|met|been ; not .. tested|compiled|sure ;
        untested|uncompiled ; only compile|build tested ; compile|build tested only ;
        hard|difficult|impossible to tell|say|know|judge ; not an|a .. expert ; above|beyond my ;
        i be .. confused|puzzled|lost|clueless|baffled|stumped|ignorant ;
        i do not .. have .. time|access|hardware|strong|answer|opinion ;
        i do not .. have .. numbers|clue|idea|way|setup|machine ;
        i never .. used|looked|tried|tested|understood|heard|saw|seen ;
        if i .. understand|remember|recall|read ; i be .. only guessing|guessing ;
        just .. guess|guessing|guesses ; only .. guess|guesses|guessing ;
        my .. memory|understanding|knowledge|ignorance ; not .. known to me|us ; unknown to me|us ;
        remains to be seen ; open question ; unfortunately i|we ;
        i may|might|could .. be .. wrong|mistaken|missing|confused ;
        i may|might|could .. be .. misreading|overlooking|biased|misremembering ;
        i be .. probably|likely|maybe|perhaps|possibly .. wrong|missing ;
        i may|might|could .. have .. {erred} ; unless i|we .. {erred} ;
        unless i be .. missing|mistaken|wrong ; correct me if ; be .. corrected ;
        happy to be .. corrected|proven|wrong ; i find .. it .. hard|difficult ;
        i do not .. look|check|test|try|think|consider|follow|verify|notice|read|find ;
        not aware of ; i be unable|unaware|clueless ;
        i|we could not .. find|reproduce|see|tell|remember|figure|get|test ; unable to ;
        i .. lack|lacked ; no .. way|chance to tell|know ; be it just me ; just me ; maybe it be ;
        it be possible .. i|we|that ; could .. be .. wrong|mistaken|missing ;
        may be .. wrong|mistaken|missing|different ; i can not be bothered ; i .. confused ;
        at a loss ; new .. to me ; i .. vaguely ; do not quote me ; take .. with a grain ;
        if memory serves ; iirc|afair ; off the top ; i would have to .. look|check ;
        to .. best of my|our ; as|so far as i|we .. know|remember|can|aware
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
        convinced me ; you convinced ; by all means ; step aside ;
        i be not .. suggesting|advocating|asking|claiming|saying|arguing|striving|disputing ;
        i be not .. trying|demanding|proposing|complaining|pushing|married|wedded|attached|going ;
        not .. suggesting|advocating|asking|claiming|saying|arguing|disputing ; nor be i ;
        i was|be in no way ; no strong .. opinion|feelings|preference|feeling|objections ;
        i .. do not .. strong|strongly ; you have .. convinced|valid|good ;
        not my .. point|intention|intent|call|place ; i do .. not .. care ; do not get me wrong ;
        fine , i|we|then|but|maybe ; fine by|with ;
        if everyone|everybody|people|you .. prefer|prefers|want|wants|insist|really ;
        could .. be persuaded|convinced ; i .. persuaded|convinced
        """,
    "limit": """
        that say|said|being ; that be .. said ; having said ; granted ; admittedly ;
        to be .. fair|honest|clear ; ^ of course ; ^ sure , but|except|it|that|i|you|we|there ;
        ^ yes , but|although ; ^ yeah , but ; at least .. in|for|not|the|it|that ;
        although|albeit ; ^ though ; though $ ; while it|this|that|i|we|there|the ;
        not .. perfect|ideal|great|pretty|optimal|complete ; none of this|that|these ;
        caveat|caveats ; except that|for|when|if ;
        the only .. downside|drawback|problem|caveat|exception|issue|concern ;
        downside|drawback|disadvantage|limitation|limitations|shortcoming|shortcomings ;
        trade off|offs ; tradeoff|tradeoffs ; trade-off|trade-offs ; unfortunately ;
        i admit|confess|concede|acknowledge|realize ;
        i realise|recognize|appreciate|understand|grant ; arguably ;
        i do not .. mean|claim|say|think .. that|to|it ; on the other hand ;
        does not .. mean|solve|help|fix|cover|handle|address ; limited to ; in theory ;
        in principle ; true , but ; ^ right , but ; ^ ok , but ;
        there be .. some|still|a .. risk|chance|problem|corner ; with .. exception ;
        but yes|yeah|sure|ok|fine|again ; of course .. not ;
        i|we know|understand|agree|see|get that|it|but|this|, ; ( i know ; but hey ;
        i do see|agree|understand ; you could argue ; one could|can|may|might argue ;
        sure the|that|it|there|we|you|i ; and|but|so yes|yeah ;
        not .. seriously|strictly|technically|saying ; but not .. that|always|all ; but still ;
        , still ; , yet ; at .. cost|expense ; strictly speaking ; technically ;
        i have .. no problem ; be not .. issue|problem .. but|here|for ; not a .. silver|panacea ;
        there be .. downside|cost|disadvantage|drawback|catch|limit ;
        a bit .. sorry|regrettable|late|unfortunate
        """,
    "restrict": """
        not .. always|necessarily|entirely|exactly|quite|really|fully|completely|only ; however ;
        only .. works|if|when|for ; still .. need|needs|have|has|not|be ; even if|though ;
        might|may .. not ; as long as
        """,
    "agree": """
        ^ right|exactly|indeed|agreed|yes|yep|yup|yeah|correct|true ;
        ^ absolutely|definitely|totally|sure|aye|ok|okay|precisely|ack|certainly|gotcha ; ^ +1 ;
        ^ same here ; same .. here|opinion|feeling ; i .. agree|concur|second|support|like|love ;
        make|makes|made .. sense ; sound|sounds|sounded .. {good} ; look|looks|looked .. {good} ;
        seem|seems .. {good} ; acked-by|reviewed-by ; lgtm ; fine|ok|good with|by|for me ;
        work|works for me|us ; all for ; in favor|favour ; be {good} with|by ;
        that be .. right|true|correct|fair ; you be .. correct ; very much agree ;
        could not agree more ; agree with ; i be .. happy|fine|ok|good|all with|for ; i think so ;
        nothing .. to add ; my .. thoughts|thinking|sentiment .. exactly|too ; well put|said ;
        good|great|nice|excellent idea|work|job|stuff|find|fix|suggestion ;
        feel|free .. free to add ; with that .. fixed|addressed|changed ; other than that ;
        i have .. same .. opinion|concern|thought ; got it ; will do ; ^ understood ; ^ fine ;
        ^ noted ;
        ^ yea|yup|ya|jup|ja|aha|great|perfect|nice|cool|excellent|good|fully|completely|thanks ;
        ^ me too ; me too ; also true|agree|agreed ;
        fully|completely|strongly|wholeheartedly|totally .. agree|agreed|support|second ;
        that|this|it could|would|might|should .. work|help|do ; go wild|ahead|for ; i understand ;
        i see .. now|, ; clears|helps|explains ; i .. do too ; i certainly|definitely do|agree ;
        and|but|so yes|yeah ; ^ of course ;
        as .. you .. said|say|mentioned|pointed|noted|suggested|describe|described ;
        i do not .. see .. problem|issue|objection|reason ;
        do not .. have .. objection|objections|problem|issue ;
        this|that|it be .. good|great|nice|fine|ok|useful|helpful|awesome|perfect|reasonable ;
        exactly what ; my .. point|concern exactly ; +1 ; sgtm ; please .. do|go
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
        can|could|would|will you .. please|kindly|try|share|explain|check ;
        can|could|would|will you .. provide|confirm|elaborate|tell|point|help|be ;
        can|could|would|will you .. have|give|also|maybe|make|do|put ;
        can|could|would|will you .. look|take|use|get|run|show|let ; would you mind ;
        would you be .. willing|able|interested|ok ; any chance|way .. you|to|of|we|that ;
        care to ; please ; kindly ; be you .. willing|able ;
        mind {send}|sharing|sending|adding|trying|testing ; do|would you want|mind ;
        you|it|they|this|we .. want to ;
        could|can we|i|someone|somebody|anyone|they .. {change}|{test}|{send}|please|just ;
        could|can we|i|someone|somebody|anyone|they .. get|have|make|do|use|at ; can i ask ;
        may i|we .. ask|suggest ; i .. appreciate ; be .. appreciated ;
        would .. be .. appreciated ; if you could|can|would ; if you have .. time|chance ;
        if possible ; feel free ; let me|us know ;
        i would .. like|love .. to .. see|have|hear|know|you|get ; would love to ;
        looking forward to ; need|needs you ; i be .. hoping|asking|waiting for ; be sure to ;
        make sure ; please .. do not
        """,
    "suggest": """
        i would|'d .. prefer|rather|suggest|propose|vote|recommend|like|say|drop ;
        i would|'d .. use|just|love|argue|go|do|add|keep|make|put ;
        i .. suggest|propose|recommend|prefer|advise|advocate|vote|urge|encourage ;
        my .. suggestion|suggestions|proposal|preference|advice|recommendation|vote|idea|plan ;
        may|might i suggest ; how|what about ; what if ; why not|don't ;
        why do not .. we|you|i|they ; should|could|can|may we|i|you|it|this|they|that ;
        should not we|this|it|that|you|they ; let us ; let me|him ;
        we|you|it|this|they|one|i should|ought ; should .. be .. {changed} ; need|needs to .. be ;
        needs to ; need to .. {change} ; need .. to ; have|has to .. be|{change} ;
        must .. be .. {changed} ; must .. {change} ; ought to ; better to|off|if ;
        be .. better .. to|if ; better .. be to ;
        be best|nice|nicer|good|great|cool|helpful|useful|wise|worthwhile .. to|if ;
        be preferable|cleaner|simpler|easier|interesting .. to|if ;
        be awesome|wonderful|ideal|lovely|sufficient .. to|if ;
        would .. be .. better|nice|nicer|best|good|great|cool|helpful|useful|worth ;
        would .. be .. ideal|preferable|cleaner|simpler|interesting ;
        would .. be .. awesome|lovely|safer|easier|more ; would .. have to ;
        would .. make|help|need|want|prefer|require ; you|we|i may|might .. want ;
        might|may .. be .. worth|better|good|nice|useful|helpful|easier|interesting ;
        worth .. a|adding|trying|doing|looking|mentioning ;
        worth .. checking|having|it|considering|testing|the ;
        consider .. adding|using|making|moving|doing|a|the|to|it ; should consider ;
        maybe|perhaps .. we|you|just|it|add|use|a|the|something|make|even|instead ;
        maybe|perhaps .. should|could|can|need|worth|better ; instead of ; rather than ;
        something like|along|similar ; alternatively ; another .. {thing} ;
        one .. option|way|idea|alternative|possibility|approach|solution ;
        an|the|a .. option|alternative|solution|right .. be|way|to|would|fix ;
        an|the|a .. proper|correct|better|best .. be|way|to|would|fix ;
        could|can .. be .. {changed} ;
        could|can .. just|simply|also|even|instead|still|then|always|at ;
        could|can|we .. {change} ; no need to ; do not .. need .. to|the|this|it ;
        not .. needed|necessary|required ; can|could go|drop ; we|you want to ; be .. supposed to ;
        nit|nits|nitpick|nitpicking|minor ; s <path> ; reverse xmas|christmas ;
        to|for .. consistency ; while|when you be|are at|there ; while at it ; while we|i be at ;
        in a separate|follow-up|followup|later|new ; separate .. patch|patches|commit|commits ;
        follow up|ups ; as a .. follow-up|followup|separate ;
        be .. much|far|way better|simpler|nicer|easier ; it be .. time to ; time to .. {change} ;
        good|bad idea to ; wish ; in need of ; todo ; wishlist ;
        one|another|other|first|second way|option|possibility .. be|would|could|is ;
        one|another|other|first|second idea|approach|solution|alternative .. be|would|could|is ;
        as a .. rule|workaround|first|start|compromise|minimum ;
        should .. go|have|get|contain|include|come|do|add|use|return|take|not ;
        there should|could|must be ; use .. instead ; ^ better for|to|yet|: ;
        ^ or|and .. just|maybe|even|simply|use|add|have|make ; along .. lines ; as simple as ;
        like this|so|that : ; for now ; going forward ; for me|us|you to ; up for|to ;
        possible|potential .. solution|improvement|fix|alternative|improvements ;
        hint|tip|tips|suggestion|suggestions|proposal|improvement ; if .. would|could be ;
        by .. adding|using|making|moving|having|doing|removing ;
        stop .. doing|using|arguing|adding|making ; start .. doing|using|adding ;
        i would|'d .. happy|love|favor|favour|support|welcome|be
        """,
    "plan": """
        i|we will .. {change}|{send}|{test} ;
        i|we will .. do|take|give|look|make|have|get|go|let|see|keep|use|start|work ;
        i|we will .. wait|need|also|not|just|put|try ;
        i|we will .. think|read|be|come|include|continue|investigate ; i|we be going to ;
        i|we be .. working|planning|thinking|considering|about|trying|preparing ;
        i|we .. plan|intend|want|hope|aim|tend to ; i would .. like|love|prefer|rather ; my plan ;
        the plan ; on my .. todo|list|plate|radar ;
        will .. {send}|fix|change|update|do|look|try|add ;
        will .. test|check|rework|include|drop|take|follow|be ;
        next .. version|spin|series|revision|round|respin|iteration|posting|week ; in v<number> ;
        in|for|with <version> ; i|we can|could .. {change}|{send}|{test}|try|do|take|help|give ;
        i|we can|could .. look|provide|make|put|also|live|work|start|write ;
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
        ^ applied|queued|merged|pulled|dropped|pushed|picked|reverted|taken ;
        ^ nak|nack|nacked|rejected|committed|closing|closed|dropping|applying ;
        nacked-by|naked-by|nak'd ; nack|nak|nacked|nacking ;
        i have|be .. applied|queued|merged|pulled|dropped ;
        i have|be .. picked|reverted|taken|pushed|added|fixed ;
        i have|be .. folded|squashed|staged|applying|queueing|queuing ;
        i have|be .. merging|pulling|dropping|picking|reverting|taking ;
        i .. applied|queued|merged .. it|this|up|them|to|the|your|in|for|and|on ;
        i .. pulled|dropped|picked .. it|this|up|them|to|the|your|in|for|and|on ;
        i .. reverted|pushed|folded .. it|this|up|them|to|the|your|in|for|and|on ;
        i .. squashed|fixed|took .. it|this|up|them|to|the|your|in|for|and|on ;
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
    "ask": """
        ^ why|what|how|where|when|who|which|whose|whom ;
        ^ be|do|have|can|could|would|should|will|may|any {pron}|the|there|a|this|that|your ;
        what .. do|be|about|if|kind|would|should|happens|exactly|makes ;
        how .. do|be|about|would|should|can|many|much|come|often|long ;
        why .. do|be|not|would|should|can|on|the ; which .. be|one|of|do ;
        i .. wonder|wondering|wondered|ask|asking|curious ;
        wondering|curious if|whether|what|how|why|about ;
        any .. idea|ideas|thoughts|chance|comments|objections|reason ;
        any .. pointers|opinions|suggestions|feedback|news|update|hints|plans ;
        do|be|have|can|could|would|will|did you ;
        be there .. any|a|some|anything|something|no|another ; or be|do|be|not|am ;
        or .. something|not|maybe ? ; right|no|correct|huh|ok|eh|yes ? ;
        be it|this|that|they|we .. possible|intentional|expected|really|just|the ;
        be it|this|that|they|we .. a|because|supposed|correct|ok|true|not ;
        what do you|we|they|it|this|that ; am i|we ; be i ;
        do .. it|this|that|we|they|anyone|anybody ; not .. sure .. why|what|how|if|whether|i ;
        do not .. understand|know|see|get .. why|what|how|if|whether ;
        please .. explain|clarify|elaborate|confirm ;
        thoughts|comments|opinions|objections|ideas ? ; question|questions ; if|whether .. or not ;
        clarify|elaborate ; who .. be|would|will|cares|uses|needs ; to what ;
        what be .. the|this|that|your|wrong ; meaning what ; ? ? ;
        i .. asking|ask .. be|if|whether|about|why|what ; question .. is|be|i ; then ? ;
        , right ? ; ok with|to .. ? ; still .. want|like to know|understand|see ; correctly , ;
        if i understand .. correctly|right|you ; do|would .. make sense ; or .. else ; want me to ;
        interested .. in|to ; wonders|wonder ; any .. of|other|one|way|plan|news|progress
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
        you|your ; your .. patch|code|point|argument|test|change|series|fix|mail|email ;
        your .. suggestion|proposal|idea|concern|question|version|tree|script|reply|work ;
        you .. do|can|be|have|need|get|want|just|know ;
        you .. think|see|said|mean|should|could|would|may|might|must ; if you|your ;
        you guys|people|folks|all ; thank|thanks .. you ; as you
        """,
    "thank": """
        thanks|thank|thx|cheers|tia|kudos|regards|merci|danke ; many|big thanks ;
        hi|hello|hey|dear|greetings|morning ; ^ hi|hello|hey|dear|greetings|all|folks ;
        best|kind|warm .. regards|wishes ; have a .. nice|good|great ;
        sorry .. for|about .. delay|late|noise|spam|the|being|this|my ;
        happy .. new|holidays|birthday|hacking ; congratulations|congrats|welcome ;
        signed-off-by|reported-by|suggested-by|tested-by|co-developed-by ;
        fixes|link|cc|closes|message-id|subject ;
        cc'ing|ccing|cced|cc'ed|adding|added .. <email>|cc|to ; <email> ; snip|snipped|<snip> ;
        hope this|that|it helps ; hth ; my .. mail|email|mua|client|inbox ;
        this .. mail|email|message|list ; top-post|top-posting|html|plaintext ; unsubscribe
        """,
    "irony": """
        :) $ ; <face> ; lol|haha|hehe|heh|ha|rofl|sigh|ugh|yay|hah|hmm|hm ;
        oh|ah great|joy|wonderful|well|noes|dear ; good luck ; have fun ; yeah , right ;
        who needs ; dare i|say ; brave|magic|magically|voodoo|wonderful|lovely|fun|joy ;
        <number> cents ; <rubout> ; tongue ; joke|joking|kidding|sarcasm|snark ;
        bikeshed|bikeshedding|painting ; evil|mwahaha|shudder|puke|barf|vomit ; my eyes ;
        famous last ; drugs|smoking|crack|insane
        """,
}

PHRASES: Final[dict[str, list[str]]] = {
    move: [
        " ".join(one.split()).format_map(_CLASSES)
        for one in " ".join(text.split()).split(" ; ")
        if one.strip()
    ]
    for move, text in {**_MOVES, **GROUNDS}.items()
}
"""From the name of a move to its turns of phrase."""

"""Turns of phrase that judge, give grounds and tell how things stand.

Written as in `threadkit.analyze.arguments.moves_phrases`: phrases parted by semicolons, braces for
words that several turns have in common.
"""

from __future__ import annotations

from typing import Final

GROUNDS: Final[dict[str, str]] = {
    "evaluate": """
        be .. {very} .. {good} ; be .. {very} .. {bad} ; be .. {bad} ; be .. {good} ;
        a|an .. {very} {bad} ; a|an {bad} ; a|an {good} ; the {good} ; the {bad} ;
        too big|small|slow|much|many|complex|complicated|late|long|early|large ;
        too hard|fragile|subtle|invasive|aggressive|strong|generic|broad|noisy|heavy|expensive ;
        not .. worth ; worth .. it ;
        better|worse|simpler|cleaner|faster|slower|safer|easier|harder than ; more|less .. than ;
        good|bad thing|idea|reason|practice|design|choice|enough ;
        no .. point|reason|sense|benefit|value|excuse|good ; waste of ;
        hard|easy|difficult|trivial|impossible to ; no better ; the whole|entire point
        """,
    "believe": """
        {one} .. {think} ; i .. {think} ; imo|imnsho ; in my .. opinion|mind|view|book|experience ;
        to me ; from my .. perspective|point|side|view|pov ;
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
        have to be ;
        be .. required|supposed|expected|allowed|guaranteed|forbidden|meant|responsible ;
        should .. never|always|not ; will .. always|never|not|only|just|be ;
        no .. one|body|longer|other ; only .. way|thing|reason|if|when|one ;
        not .. even|just|only|possible|at ; any .. code|driver|kernel|user|developer|maintainer ;
        the .. only|whole|real|main|right|wrong|sane|best
        """,
    "absolute": """
        must|cannot|always|never|every|all|any ;
        only|whole|nothing|nobody|none|everything|everybody|ever ; can not ;
        there be .. no|nothing|none
        """,
    "would": """
        would .. be|not|have|break|cause|still|only|just|never|then|lead|mean ;
        would|could have .. been|be|to
        """,
    "observe": """
        i|we .. saw|seen|noticed|observed|found|hit|encountered|spotted|discovered|experienced ;
        i|we see|get|got|notice|find|observe ;
        i|we .. tested|tried|ran|bisected|measured|profiled ;
        i|we .. benchmarked|reproduced|booted|checked|verified|compiled|built ;
        i|we .. retested|confirmed|traced|debugged|looked|read|grepped ;
        i|we .. searched|instrumented|reverted|went|double-checked|dug|did ;
        i have .. been .. seeing|getting|running|using|testing|hitting|looking ;
        i be .. seeing|getting|hitting ;
        on my .. machine|system|box|laptop|setup|side|test|tree|kernel|hardware|desktop|server ;
        in my .. test|tests|testing|experience|case|setup|tree|environment|benchmark ;
        turns|turned out ; reproducible|reproducer|repro ;
        reproduce|reproduces|reproduced with|it|this|on|by|the ;
        bisect|bisected|bisection|bisecting|bisects ;
        the .. test|tests|log|trace|output .. show|shows|showed|prints|says|fails|failed ;
        the .. result|results|benchmark .. show|shows|showed|prints|says|fails|failed ;
        the .. numbers|reproducer|dmesg .. show|shows|showed|prints|says|fails|failed ;
        the .. test|tests|log|trace|output .. passes|passed|be|look|looks|indicate|indicates ;
        the .. result|results|benchmark .. passes|passed|be|look|looks|indicate|indicates ;
        the .. numbers|reproducer|dmesg .. passes|passed|be|look|looks|indicate|indicates ;
        prints|printed|outputs|crashes|crashed|oopses|hangs|hung|panics|panicked ;
        fails|failed|deadlocks|warns|warned|complains|complained|triggers|triggered|segfaults ;
        with|without .. {patch} .. applied|reverted|, ; before|after .. {patch} ; looking at ;
        see .. below|above|attached|also|: ; call trace ; stack trace ; log|logs|dmesg|output ;
        results|numbers|measurements|benchmark|benchmarks|statistics
        """,
    "measure": """
        <number> %|percent|ms|us|ns|seconds|second|minutes|hours ;
        <number> days|weeks|months|years|bytes|kb|mb|gb|mib ;
        <number> kib|gib|lines|times|cycles|iops|threads|cpus|cores ;
        <number> pages|kernels|patches|commits|files|reports|instances|users|developers ;
        hours|days|weeks|months|years ago ; from <number> ; to <number> ;
        about|around|roughly|approximately|over|under|nearly|almost <number> ;
        out of <number>|the ; <number> out ;
        faster|slower|speedup|slowdown|improvement|overhead by|from ;
        latency|throughput|increase|decrease|increased|decreased|dropped by|from ; on average ;
        <number> <number>
        """,
    "cite": """
        in|since|before|until|by|with|from|per|commit commit|<sha>|<version> ; commit <sha> ;
        according to ; as .. documented|described|explained|mentioned|noted ;
        as .. shown|discussed|said|stated|seen|reported ;
        the .. documentation|docs|comment|comments|spec|manual|manpage|changelog .. {tell} ;
        the .. standard|commit|code|rfc|readme|thread|report|link .. {tell} ; <path> {tell} ;
        the .. code .. be|do|does|has|looks|calls|checks|just ; {tell} that|: ;
        quoting|quote|quoted ; see <url>|<path>|<sha>|<call>|<reference>|commit|e ; <url> ;
        at|in|here|link|thread|from : ; at <url> ;
        he|she|they said|wrote|suggested|pointed|mentioned ;
        he|she|they explained|told|asked|proposed|argued ;
        git|lore|bugzilla log|blame|grep|show|describe|history ; man page ;
        defined|implemented|introduced|documented|declared|called in|by|at|from|as ;
        introduced|added|fixed|merged|changed|removed .. in|by|with ; <reference>
        """,
    "reason": """
        since .. {pron}|the|a|there|no ; due to ;
        as .. {pron}|the .. be|have|do|can|will|would|could ; thanks to ; for .. reason|reasons ;
        the reason .. be|i|we|why|for|that ; that|this|which|it be .. why|because|how|when|where ;
        so that ; otherwise ; therefore|thus|hence|consequently ; as a .. result|consequence ;
        mean|means|meaning|implies|imply that|it|the|we|you ;
        which|that|this .. mean|means|leads|causes|makes|results|breaks|implies|would|will ;
        given that|the|how ; considering ; if .. then ; ^ because|since|as ; ^ otherwise ;
        ^ hence|thus|therefore ; in order to ; after all ; caused|triggered|induced by ;
        root cause ; exactly because ; results|leads in|to
        """,
    "because": """
        because|cause|'cause|cuz ; ^ because|since|as ; the reason .. be ;
        this|that|it be because
        """,
    "so": """
        ^ so ; , so ; ; so ; so .. {pron} ; therefore|thus|hence|consequently ; ^ then ;
        in other words ; iow ; which means
        """,
    "condition": """
        ^ if ; if {pron} ; ^ when|once|whenever|unless ; as soon as ; assuming ; in that case ;
        if so|not ; if .. then ; when .. then
        """,
    "narrate": """
        then {pron} ; after {pron}|that|this|the|a|which ; {pron} then ; until|till|once|whenever ;
        before {pron}|the|that ; at which ;
        {pron} went|came|began|started|ended|got|became|happened|led|took ;
        last|yesterday|week|month|year .. ago|week|month|year|time|night ;
        years|months|weeks|days ago ; in <number> ; back in|then|when ;
        the first|second|last|other time ; it was|were ; there was|were
        """,
    "example": """
        for example|instance ; e . g ; e.g|eg|e.g. ; such as ; namely|i.e|ie ;
        like .. this|so|that|: ; say , ; suppose|imagine|consider ; think of ; case in point ;
        as an|one .. example|illustration ; scenario ; take .. for ;
        the .. case|cases .. where|when|of|be ; in .. case|cases .. where|when|of|, ;
        cpu0|cpu1|cpu2|cpu ; thread|task|process|cpu a|b|1|2|0|<number> ;
        one|another .. example|case|instance ;
        some|many|most|several|few .. people|users|drivers|maintainers|developers ;
        some|many|most|several|few .. of|cases|patches|subsystems|other ;
        sometimes|often|usually|typically|rarely ;
        occasionally|commonly|frequently|generally|normally|mostly
        """,
    "step": """
        ^ then|first|second|third|next|now ;
        ^ finally|later|afterwards|meanwhile|eventually|initially ; and|, then ;
        after that|this|which ; first|then , ; at .. this|that|some .. point ; -> ; => ; ^ <call> ;
        ^ <ident> ; <call> .. return|returns|calls|call|be|do|does|will|would ;
        <call> .. takes|checks|sets|holds|gets|fails|uses|drops|has|can ;
        calls|returns|sets|takes|drops|holds .. <call>|<ident>|the|a|it|null|0 ;
        acquires|releases|allocates .. <call>|<ident>|the|a|it|null|0 ;
        frees|increments|decrements .. <call>|<ident>|the|a|it|null|0 ;
        reads|writes|checks|walks|skips|clears .. <call>|<ident>|the|a|it|null|0 ;
        locks|unlocks|faults|forks|maps|unmaps .. <call>|<ident>|the|a|it|null|0 ;
        lock|locked|held|holding|unlocked
        """,
    "this-patch": """
        this|the|these|my|his|following .. {patch} .. add|adds|fix ;
        this|the|these|my|his|following .. {patch} .. fixes|remove|removes|introduce ;
        current|previous|first|second|last|next .. {patch} .. add|adds|fix ;
        current|previous|first|second|last|next .. {patch} .. fixes|remove|removes|introduce ;
        this|the|these|my|his|following .. {patch} .. introduces|make|makes|convert ;
        this|the|these|my|his|following .. {patch} .. converts|implement|implements|be ;
        current|previous|first|second|last|next .. {patch} .. introduces|make|makes|convert ;
        current|previous|first|second|last|next .. {patch} .. converts|implement|implements|be ;
        this|the|these|my|his|following .. {patch} .. allow|allows|change ;
        this|the|these|my|his|following .. {patch} .. changes|rework|reworks|switch ;
        current|previous|first|second|last|next .. {patch} .. allow|allows|change ;
        current|previous|first|second|last|next .. {patch} .. changes|rework|reworks|switch ;
        this|the|these|my|his|following .. {patch} .. switches|do|extend|extends ;
        this|the|these|my|his|following .. {patch} .. enable|enables|contain|contains ;
        current|previous|first|second|last|next .. {patch} .. switches|do|extend|extends ;
        current|previous|first|second|last|next .. {patch} .. enable|enables|contain|contains ;
        this|the|these|my|his|following .. {patch} .. use|uses|address ;
        this|the|these|my|his|following .. {patch} .. addresses|replace|replaces|clean ;
        current|previous|first|second|last|next .. {patch} .. use|uses|address ;
        current|previous|first|second|last|next .. {patch} .. addresses|replace|replaces|clean ;
        this|the|these|my|his|following .. {patch} .. cleans|move|moves|try ;
        this|the|these|my|his|following .. {patch} .. tries|attempt|attempts|series ;
        current|previous|first|second|last|next .. {patch} .. cleans|move|moves|try ;
        current|previous|first|second|last|next .. {patch} .. tries|attempt|attempts|series ;
        this|the|these|my|his|following .. {patch} .. provide|provides|support ;
        this|the|these|my|his|following .. {patch} .. supports|reverts|revert|update ;
        current|previous|first|second|last|next .. {patch} .. provide|provides|support ;
        current|previous|first|second|last|next .. {patch} .. supports|reverts|revert|update ;
        this|the|these|my|his|following .. {patch} .. updates|drop|drops|improve ;
        this|the|these|my|his|following .. {patch} .. improves|refactor|refactors|only ;
        current|previous|first|second|last|next .. {patch} .. updates|drop|drops|improve ;
        current|previous|first|second|last|next .. {patch} .. improves|refactor|refactors|only ;
        this|these .. {patch} ; this reverts|fixes|adds|removes|makes|patch|series ;
        patch|patches <number> ; part <number>|of ; in this .. {patch}|thread|mail|discussion ;
        changes .. in|since|from|v<number>|<version> ; changelog|changes : ; <version> : ;
        v<number> : ; in v<number> ; based|rebased on ; no functional ; intended for ;
        needed|required for ; backport|backported|backporting ; [ backport|edited|rebased
        """,
    "setting": """
        currently|presently|nowadays|today ; right now ; at .. the moment|present ;
        until now|recently|then ; so far ; used to ;
        historically|traditionally|originally|previously|formerly|initially|recently|lately ;
        in the past|beginning|early|old ; the following ; as follows ; here be|are ;
        below be|are|you ; this be .. a|an|the|part|about|based|done|how|where|what|for ;
        be .. called|named|used|based|defined|located|part ;
        be .. responsible|maintained|available|known|represented|implemented|composed ;
        the .. goal|idea|purpose|intent|intention|aim|background of|be|behind|here|was|for ;
        the .. context|motivation|topic|setup|question|plan|subject of|be|behind|here|was|for ;
        background|context|history|setup|summary : ;
        motivation|overview|description|disclaimer|notes|note : ; fwiw|fyi|btw|n.b|nb|tldr|tl ;
        i|we be .. working|looking|trying|using|running|doing|reading|writing ;
        i|we be .. talking|currently|on|at|wondering|thinking|discussing|referring|aware ;
        i|we .. use|work|maintain|wrote|sent|posted|submitted|proposed|reported|asked|mentioned ;
        i|we .. discussed|talked|suggested|said|started|implemented ;
        i|we .. created|added|raised|received|tend|usually ;
        i have .. been|sent|posted|written|added|created|started|mentioned|seen ;
        i have .. got|submitted|put|made|now|just|a|some|already ;
        you .. said|mentioned|wrote|suggested|asked|say|mention|reported|posted|proposed|sent ;
        not .. relevant|related ; related to ; as .. you|we|some|many know ; known as ;
        refers|referring|refer to ; case <number> ; step <number>
        """,
    "exist": """
        there be .. a|an|some|two|three|several|many|currently|already|also|other|only|at ;
        we|you|i have .. a|an|some|two|three|several|many|the|already|at|other ;
        exists|exist|contains|consists|includes
        """,
    "scope": """
        for .. reference|context|record|background|history|completeness ; part of ; out of scope ;
        based on ; related to ; on {send}|this|the .. list|thread|topic|subject ;
        as .. part|discussed|background
        """,
}
"""From the name of a move to its turns of phrase, as they are written."""

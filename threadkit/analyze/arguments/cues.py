"""Words that tell what an author does: concede, agree, ask, propose, decide, hedge, joke."""

from __future__ import annotations

from typing import Final

from threadkit.analyze.arguments.phrases import Phrases

CONCESSION: Final = (
    "you .. be .. right", "be right , i",
    "i|we .. miss|missed|overlooked|forgot|misread|misunderstood", "i stand corrected",
    "my bad|fault|mistake|error", "i concede|admit|confess", "fair enough|point",
    "good|valid|excellent|great point|catch", "i be .. wrong|mistaken|confused|unclear",
    "i be .. not .. sure|certain|familiar|convinced|aware|expert", "not .. sure|certain",
    "i .. do not .. know|understand|remember|recall|see", "no idea", "mea culpa",
    "oops|ooops|whoops|duh|doh", "i should have",
    "i have not .. looked|checked|tested|tried|thought|seen|verified|read",
    "i do not .. look|check|test|notice|realize|realise|think about|mean to",
    "i .. retract|withdraw", "admittedly", "i .. take .. back", "^ granted",
    "i have no .. idea|clue|objection", "i .. be not .. expert", "sorry , i",
    "i .. could|may|might|must|can be wrong|missing|misreading|mistaken", "i be missing",
    "unless i be missing|mistaken", "i have .. missed|forgotten|overlooked|misread|misunderstood",
    "stupid of me", "brown paper|paperbag", "i wonder|wondered if i", "blame me|mine",
    "he|she|they be .. right", "i know .. little|nothing",
    "i do not know|realize|realise|notice|consider|intend", "i .. apologize|apologise",
    "my understanding", "i be .. surprised", "i take .. blame|point", "you have .. point",
    "i can not .. tell|say|remember|reproduce|explain|find", "never mind|nevermind", "i .. guess i",
    "beats me", "i may have", "i might have", "to be fair|honest", "not an|a .. expert",
    "i .. stupid|dumb|sloppy|lazy|careless", "i get .. wrong", "i got .. wrong",
)  # fmt: skip
AGREEMENT: Final = (
    "^ right", "^ exactly", "^ agreed|agree", "^ indeed", "^ yes|yeah|yep|yup|yea|aye", "^ sure",
    "^ absolutely|definitely|totally", "^ true", "^ correct", "i .. agree", "make|makes .. sense",
    "sound|sounds .. good|great|fine|reasonable|like|right|sane",
    "look|looks .. good|fine|great|reasonable|ok|sane|correct|nice|right|like", "^ ack", "acked-by",
    "reviewed-by", "tested-by", "^ +1", "<number> $", "fine with|by me", "works for me",
    "i .. like", "that be .. right|true|correct|fair", "ok with|by me",
    "i be .. fine|ok|happy|good with", "i think so",
    "seem|seems .. reasonable|sane|fine|good|right", "good idea", "lgtm", "you be .. right|correct",
    "^ ok", "^ good", "^ great", "^ nice", "no .. objection|objections",
    "^ thanks|thank .. applied", "agree with", "same here", "i .. concur", "what <word>? say|said",
    "all for", "my thinking|thoughts", "feel free", "^ of course", "^ heh", "confirm|confirmed",
    "^ perfect", "^ cool", "^ fair",
)  # fmt: skip
QUESTION: Final = (
    "i .. wonder|wondering|curious", "can|could|would|will|do|did|have you",
    "any .. idea|ideas|thoughts|chance|comments|objections|reason",
    "^ why|what|how|where|when|who|which|whose", "^ be", "^ do", "^ have",
    "^ can|could|would|should|will", "what do you|we think|mean", "? $", "?", "how about",
    "what about", "what if", "why not", "right ?", "no ?", "not sure what|why|how|if|whether",
    "wrong ?", "be i missing", "be there", "be it", "be this|that", "be you", "do you", "care to",
    "or be", "or do", "do we|i|they|it|this|that", "please .. explain|clarify|elaborate", "tell me",
    "let me|us know", "be not it|this|that|there", "really ?", "huh", "wtf",
    "please .. confirm|check|provide|post|share", "seriously", "wonder if|whether|why|what|how",
    "question be",
)  # fmt: skip
PROPOSAL: Final = (
    "should we|i", "let us", "please", "how about", "i .. suggest|propose|recommend|prefer|advise",
    "could|can|would you", "we|you could|can|should", "i will", "we will",
    "i .. can|could .. send|post|test|try|add|fix|write|prepare|resend|respin",
    "^ maybe|perhaps we|you|just|it|add|use", "^ just", "^ use", "^ add", "^ remove|drop|delete",
    "^ make", "^ fix", "^ try", "^ see", "^ move", "^ rename", "^ replace", "^ change", "^ do",
    "^ do not", "^ then", "^ put", "^ keep", "^ call", "^ check", "^ convert", "^ introduce",
    "^ instead", "^ rather", "^ please", "^ split", "better to",
    "would .. be .. better|nice|nicer|good|great|best|useful|helpful|worth|preferable|cleaner|simpler",
    "might|may be .. worth|better", "need|needs to be?", "have to",
    "should|must be|have|not|use|also|just|probably|do", "ought to", "you .. want to",
    "you may|might want", "i .. plan|going|intend|want to", "why not", "what about", "feel free to",
    "would like to", "i would like", "we .. need to", "can we", "could we", "it .. should",
    "be it .. better", "if you|we .. could|can", "instead of", "consider", "make sure",
    "one .. option|way|idea|possibility", "an|the .. alternative|option|solution|fix",
    "the .. right|proper|correct|best .. fix|way|thing|solution",
    "next .. version|spin|series|revision", "in <version>", "<version>", "be going to", "i .. try",
    "i be .. happy|willing|glad to", "worth .. a|adding|trying|doing",
    "can be .. simplified|dropped|removed|replaced", "needs|need a", "to fix",
    "will .. send|post|resend|fix|add|test|try|update|change|look|do|check|respin", "we should",
    "you should", "i .. should", "maybe we|you", "how .. about", "something like", "would rather",
    "i would", "you .. need to", "better .. be", "want|wants to", "patch below|attached|on top",
    "please .. apply|pull|revert", "might|would|could be .. nice|good|better|worth", "solution :",
    "get rid of", "let me", "do not forget", "i would .. prefer|like|love|rather|suggest|say",
    "i have .. attached|prepared|sketched|a patch", "i want to", "we .. want to", "^ we could",
    "i be .. tempted to", "may|might want to",
)  # fmt: skip
DECISION: Final = (
    "^ applied", "^ queued", "^ merged", "^ pulled", "^ dropped", "^ nak|nack|nacked",
    "naked-by|nacked-by", "be applied|queued|merged|pulled|dropped|reverted",
    "i have .. applied|queued|merged|pulled|dropped|picked|reverted|taken|pushed",
    "i .. applied|queued|merged|pulled|dropped|picked|reverted|pushed",
    "i will .. drop|apply|merge|queue|revert|take|pull|pick|not",
    "will not .. take|merge|apply|pull|happen|accept", "will .. drop|apply|merge|queue|pull|be",
    "applied to|thanks", "thanks .. applied",
    "have be .. applied|queued|merged|reverted|pulled|added|dropped", "not going to", "no way",
    "i be .. not going|taking|merging|pulling", "i be .. going to .. apply|drop|revert|merge|queue",
    "in my tree|queue", "pushed to|out", "i be .. dropping|applying|queueing|reverting|merging",
)  # fmt: skip
EVIDENCE: Final = (
    "<sha>", "<number> %|ms|us|mb|kb|gb", "for example|instance", "because", "since",
    "git blame|log|bisect|grep",
    "i .. tested|tried|ran|measured|checked|looked|verified|grepped|saw|see|found|observed|noticed|reproduced|bisected",
    "as .. shown|seen|described|documented|explained|mentioned|noted|can be seen", "according to",
    "the .. log|trace|test|commit|comment|code|documentation|docs|changelog|patch .. say|says|show|shows|be|do|have|look",
    "says|states|reads :", "the .. reason be", "due to", "that be .. why", "which .. mean|means",
    "so .. that", "before|after .. the patch|commit|change|fix", "in .. that case|practice",
    "if .. then", "when", "then", "and then", "after .. that", "<version>", "<number> <number>",
    "with|without .. this|the|your .. patch|patches|commit|change", "in fact", "turns out",
    "currently", "right now", "today", "on my .. machine|system|box|laptop|setup", "results|result",
    "e . g", "namely", "see :", "look at", "looking at", "<call>", "<url>", "<path>",
    "i .. get|got", "as far as i", "afaics|afaik|afaict|iirc", "already", "there be", "used to",
    "every time", "sometimes|always|usually|often|rarely", "some|many|most|few|several",
)  # fmt: skip
BACKGROUND: Final = (
   
    "this|the .. patch|series|patchset|commit|change .. add|adds|fix|fixes|remove|removes|introduce|introduces|make|makes|convert|implement|implements|be",
    "changes since|in|from", "on .. wrote",
    "in .. previous|last|earlier .. version|series|mail|patch", "this be .. a|the|version|part",
    "i be .. working|looking|trying|using|running|currently", "fwiw|fyi|btw",
    "for .. reference|context|record|background|history", "the .. following", "here be", "below be",
    "as .. you know", "by the way", "related",
    "i .. sent|posted|wrote|said|asked|mentioned|discussed|talked",
    "the .. goal|idea|purpose|intent|intention|point|plan|problem|issue|question|thing|other .. be",
    "be based on", "the first|second|third|last|next", "part|patch <number>", "i use", "we use",
    "cc'ing|ccing|adding", "long|short story",
    "you say|said|mention|mentioned|think|wrote|suggested|asked", "be .. working on",
    "i be .. still", "as .. reference", "for more", "i be going to",
    "he|she|they|linus|somebody|someone .. say|says|said|think|thinks|suggested|wants|wanted",
    "part <number>", "i .. just|have .. sent|posted|merged|fetched|rebased",
)  # fmt: skip
SOCIAL: Final = (
    "thanks|thank|thx|cheers|regards|sincerely|greetings", "^ hi|hello|hey|dear",
    "sorry .. for|about", "cc|cc'ing|cc'ed|ccing|added|adding .. to|<email>",
    "^ cc|link|fixes|closes|signed-off-by|reported-by|suggested-by|co-developed-by",
    "signed-off-by", ":) $", ";)", "lol|heh|haha|ha|hehe", "apologies|apologize",
    "best .. regards|wishes", "have a .. nice|good|great", "<email>", "^ <url> $", "^ - $",
    "looking forward", "happy .. new|holidays|birthday", "welcome", "resend|resending", "html",
    "top-post|top-posting", "my .. mail|email|inbox|mua", "this .. mail|email|message|list",
    "diff <option>", "^ from|to|date|subject", "^ --", "unsubscribe", "on vacation|holiday",
    "^ ...", "^ [ ... ]", "snip",
)  # fmt: skip
CLAIM: Final = (
    "i .. think|believe|feel|guess|suspect|expect|doubt|assume|bet|claim|argue|hope|fear",
    "i do not .. think|believe|like|see|want|care|buy|agree",
    "be .. wrong|broken|bad|right|better|worse|stupid|ugly|horrible|insane|crazy|pointless|useless|correct|incorrect|safe|unsafe|racy|buggy|bogus|nonsense|fine|good|impossible|unlikely|likely|possible|clear|obvious|hard|easy|simple|important|reasonable|unreasonable|expensive|cheap",
    "must|never|always|cannot", "can not", "will not", "should not", "would not", "could not",
    "no reason", "no point",
    "not .. enough|true|right|correct|work|safe|sufficient|acceptable|the case",
    "the .. problem|issue|point|fact|question|reason|truth|bug .. be", "imo|imho",
    "obviously|clearly|surely|certainly|definitely|probably|likely|really|simply|basically|honestly|frankly|actually",
    "too|way .. big|small|slow|complicated|complex|late|much|many|expensive|ugly|fragile|subtle",
    "seem|seems", "it be not", "this be not", "that be not", "there be no",
    "we .. want|need|care|have|do", "you .. can not|do not|will|would", "so .. be",
    "the .. only|whole|real|main|right|wrong|sane|best", "if you",
    "would .. be|have|break|cause|work|mean|make", "might|may|could be|have", "not a|an|the", "but",
    "however", "^ no|nope|nah", "^ but", "^ so", "^ and", "^ it", "^ that", "^ this", "^ the",
    "^ i", "^ we", "^ you", "^ if", "^ because", "^ well", "^ also", "^ now", "^ there", "^ in",
    "disagree", "i object", "a .. bug|mess|hack|regression|disaster|problem|nightmare|bad idea",
    "horrible|terrible|awful|disgusting|crap|garbage|shit|insane|stupid|ugly|idiotic|moronic|pointless|useless|bogus",
)  # fmt: skip
HEDGE: Final = (
    "maybe|perhaps|possibly|presumably|probably|apparently|supposedly|arguably|roughly",
    "i .. think|guess|suspect|believe|assume|suppose|imagine", "might|may", "could be",
    "seem|seems|appear|appears", "not sure", "i be not .. sure", "kind|sort of",
    "somewhat|fairly|rather", "as far as i", "afaik|afaics|afaict|iirc|iiuc", "likely|unlikely",
    "in theory", "it looks like", "in my opinion", "imo", "hopefully", "unless i",
)  # fmt: skip
IRONY: Final = (
    ":) $", ";)", "^ oh", "^ great ,", "yeah , right", "^ right ,", "i dare", "surely", "of course",
    "good luck", "brilliant", "lovely|wonderful|fantastic", "congratulations", "who needs|cares",
    "heh", "blame me", "joy|fun", "snark|sarcasm",
)  # fmt: skip

FAMILIES: Final = {
    "concession": CONCESSION, "agreement": AGREEMENT, "question": QUESTION, "proposal": PROPOSAL,
    "decision": DECISION, "evidence": EVIDENCE, "background": BACKGROUND, "social": SOCIAL,
    "claim": CLAIM, "hedge": HEDGE, "irony": IRONY,
}  # fmt: skip

CUES: Final = Phrases(
    {f"{family}:{text}": [text] for family, texts in FAMILIES.items() for text in texts}
)
"""All of them; a name is the family and the phrase."""


def family_of(name: str) -> str:
    """Return the family of a cue.

    Parameters
    ----------
    name : str
        As in `CUES`.

    Examples
    --------
    >>> family_of("hedge:not sure")
    'hedge'
    """
    return name.partition(":")[0]

"""What the words mean that findings are stored and shown with.

Each mapping has the words of one closed list, in the order in which they are best read.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "blames": "it is said to be the cause of something bad",
        "fixes": "it is said to be the cure",
        "reverts": "it is, or is to be, taken back",
        "backports": "the mail or its patch is a copy of it for another branch",
        "history": "it tells how the code came to be",
        "supports": "it is evidence for what is said",
        "mentions": "nothing is said of why it is cited",
    }
)
"""What a mail cites a commit for (``citation_role.role``)."""

MAIL_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "becomes": "the commit was made from this mail",
        "discusses": "the mail stands in the commit's discussion, or is another posting of it",
        "candidate": "it may be either; several fit equally well, or one fits weakly",
    }
)
"""What a mail is to a commit (``commit_mail.kind``)."""

LINK_RULES: Mapping[str, str] = MappingProxyType(
    {
        "Link": "a trailer of the commit names the mail",
        "Closes": "a trailer of the commit says that it closes what the mail reports",
        "Message-ID": "the mail's name was made by git from the hash of this commit",
        "patch-id": "the diffs are equal but for line numbers and white space",
        "subject+author": "title and author are equal: the newest posting before the commit",
        "author+date": "the author is equal, and the time is that of the mail, to the second",
        "similar": "another title of nearly the same words: never more than a candidate",
        "subject": "the title is equal and the author is not: never more than a candidate",
        "backport": "the same change on another branch has this mail",
    }
)
"""How a mail was found for a commit (``commit_mail.rule``), the surest first."""

FATES: Mapping[str, str] = MappingProxyType(
    {
        "merged": "every patch of it became a commit",
        "partly merged": "some of its patches did",
        "applied": "a mail says that it was taken; no commit of it is known here",
        "partly applied": "a mail says so of some of its patches",
        "superseded": "a newer posting takes its place",
        "dropped": "a mail says that it was given up",
        "unknown": "nothing here says what became of it",
    }
)
"""What became of a series, or of one posting (``series.fate``, ``revision.fate``)."""

REVISION_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "posting": "all of it",
        "resend": "the same once more",
        "reroll": "some of its patches again, as one mail in its thread or as v3.5",
    }
)
"""What was posted (``revision.kind``)."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "open": "nothing says that it is fixed",
        "to_be_fixed": "a fix is named or proposed and has not come in",
        "fixed": "a commit that closes it was merged",
        "resolved": "it ended in another way, such as: no regression, withdrawn",
        "inconclusive": "somebody says that it cannot be found out",
    }
)
"""Where a regression stands (``regression.state``)."""

SIGNALS: Mapping[str, str] = MappingProxyType(
    {
        "regzbot": "a command to regzbot, the bot that tracks the kernel's regressions",
        "syz": "a command to syzbot, the kernel's fuzzer",
        "report": "something broke",
        "works": "a release or commit in which it works",
        "fails": "a release or commit in which it does not",
        "culprit": "the commit, or the range, that it came with",
        "fix": "a commit, mail or title that is to end it",
        "closes": "a trailer that names the report it closes",
        "role": "somebody reported, bisected or tested it",
        "bisection": "a log of git bisect",
        "recovered": "it works again",
        "landed": "a fix has come in, as somebody says",
        "prediction": "something will break",
    }
)
"""What a passage of a mail tells of a regression (``signal.kind``)."""

MOODS: Mapping[str, str] = MappingProxyType(
    {
        "said": "as it stands",
        "negated": "denied: no regression, will not break",
        "hypothetical": "supposed: would break, if it breaks",
        "asked": "a question: did this break?",
    }
)
"""How a passage is meant (``signal.mood``); only what is said counts as having happened."""

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "came true": "the change later broke something in a way that the warning names",
        "weak": "the change later broke something in a way that was named as possible only",
        "another way": "the change broke something, in other ways only",
        "not seen": "no later regression of the change is known",
        "cannot be told": "what it is about was not merged or is not known, or it names no way",
    }
)
"""What came of a warning (``prediction.outcome``)."""

# -- arguments -------------------------------------------------------------------------

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English: read",
        "other": "another language: left alone",
        "none": "too few own words to tell: all quotation, all code, or empty",
    }
)
"""Whether a mail was read for arguments (``mail_reading.language``)."""

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "claim": "says what could be disputed: how things are, or how they are to be judged",
        "evidence": "gives ground for something: a fact, a measurement, a commit, an example",
        "proposal": "says what should or could be done",
        "decision": "makes or reports a decision: applied, dropped, NAK",
        "concession": "gives up or limits what its author said, or admits an error",
        "agreement": "accepts what somebody else said",
        "question": "asks for something; one that only looks like a question is a claim",
        "background": "what one has to know to follow, and no ground for anything",
        "social": "thanks, greetings, jokes, mail about mail",
    }
)
"""What an author does with a sentence or clause (``unit.label``, ``unit.secondary``)."""

CLAIM_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "mechanism": "how the code works, or will work",
        "guarantee": "what is always or never so, safe or unsafe",
        "performance": "what it costs in time or memory",
        "history": "what was so, and since when",
        "proposal": "what should be done",
        "opinion": "any other judgement",
    }
)
"""What a claim is about (``claim.kind``, ``unit.kind``)."""

BEARINGS: Mapping[str, str] = MappingProxyType(
    {
        "support": "gives a reason for it",
        "attack": "speaks against it",
        "undercut": "denies that it bears on what it was said for",
        "answer": "answers it",
        "ask": "asks about it",
        "agree": "accepts it",
        "concede": "gives in to it, or takes it back",
    }
)
"""How one passage bears on another, or on a patch (``relation.kind``)."""

STANCES: Mapping[str, str] = MappingProxyType(
    {
        "agree": "for it",
        "disagree": "against it",
        "mixed": "for a part of it and against another",
        "question": "asks about it and takes no side",
        "neutral": "says something else",
        "undecided": "irony, or nothing tells",
    }
)
"""What the words under a quotation are towards it (``passage.stance``)."""

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "contested": "something that was said against it stands",
        "conceded": "somebody else gave in to it, or came to agree after he spoke against it",
        "withdrawn": "its author gave it up",
        "upheld": "all that was said against it was answered in turn, and nobody came back to that",
        "unanswered": "it called for an answer, and there is no direct reply",
        "open": "none of these",
    }
)
"""How a claim stands (``claim.status``); the first that holds. It says not who is right."""

FINDING_STATES: Mapping[str, str] = MappingProxyType(
    {
        "automatic": "found, and sure enough to be shown; no person has looked at it",
        "candidate": "found, and not sure enough to be shown",
        "accepted": "a person says that it is so",
        "rejected": "a person says that it is not; kept, and never shown unasked",
    }
)
"""Who stands behind a finding (``claim.state``, ``relation.state``, ``decision.state``)."""

POINT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "question": "somebody wants to know something",
        "request": "somebody wants something done",
        "objection": "somebody speaks against something",
        "claim": "a claim that others dispute or build on",
    }
)
"""What calls for an answer (``point.kind``)."""

POINT_OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "answered": "a reply answers it",
        "taken up": "no direct reply; another branch or a later mail comes to it",
        "own": "no direct reply; its author comes back to it",
        "no direct reply": "nobody answers it in the mail that is here",
    }
)
"""What became of a point (``point.outcome``)."""

ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "under the quotation": "right under a quotation of it",
        "to the mail": "in a reply to its mail that quotes it as a whole, or not at all",
        "own": "by whoever made the point",
        "elsewhere": "in another branch, or later",
    }
)
"""How a mail answers a point (``point_answer.how``)."""

DECISION_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "applied": "taken into somebody's tree or queue",
        "merged": "it has come in",
        "nak": "refused",
        "dropped": "taken out again, or given up",
        "deferred": "put off",
        "will": "promised",
        "will not": "refused by the one who would have to do it",
        "next version": "promised for the next posting",
        "other": "labelled a decision, and of no kind that is known",
    }
)
"""What was settled (``decision.kind``)."""

OWED: Mapping[str, str] = MappingProxyType(
    {
        "changed": "the lines that it was about are others in the next revision",
        "named": "the changes of the next revision name it",
        "answered": "somebody answered it",
        "owed": "none of these",
        "no next revision": "nothing newer was posted",
    }
)
"""What became of a point of a review, as ``threadkit owed`` says."""

SCENARIO_STANCES: Mapping[str, str] = MappingProxyType(
    {
        "tests": "the scenario asks what the claim says",
        "supports": "its runs are as the claim says",
        "refutes": "its runs are not",
        "not modelled": "the model leaves out what the claim is about",
    }
)
"""What a scenario of the model is to a claim (``claim_scenario.stance``)."""

CORRECTED: Mapping[str, str] = MappingProxyType(
    {
        "state": "whether it is so: accepted, rejected, or as it was found",
        "label": "what the passage does",
        "kind": "what the claim is about",
        "status": "how it stands",
        "outcome": "whether a point was answered",
        "gist": "the claim in other words",
        "holder": "whose view it is, if it is told of another",
        "note": "anything that is to be remembered of it",
        "join": "that one is the same claim; a colon and the passage follow",
        "split": "this place is a claim of its own",
        "relation": "whether it bears on that; a colon, the kind and the passage follow",
        "scenario": "what a run of the model is to the claim; a colon and the name follow",
    }
)
"""What a person can correct (``correction.field``)."""

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

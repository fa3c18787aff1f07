"""What a mail cites a commit for: to blame it, to revert or backport it, or as evidence.

The words beside a citation say so, and only those of its own clause: what stands behind
another citation or in another sentence belongs there. Nothing said means ``mentions``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.sentences import sentence_at
from threadkit.mail.citations import Citation, CitationKind
from threadkit.mail.trailers import Trailer

__all__ = ["Role", "RoleName", "role", "roles", "sentence_at"]

RoleName = Literal[
    "supports", "blames", "reverts", "backports", "fixes", "history", "mentions"
]  # fmt: skip


class Role(NamedTuple):
    """Why something is cited.

    Attributes
    ----------
    role : RoleName
        ``blames``: it is said to be the cause of something bad; ``fixes``: to be the cure;
        ``reverts``: it is, or is to be, taken back; ``backports``: this is a copy of it;
        ``history``: how the code came to be; ``supports``: evidence for what is said;
        ``mentions``: none of these is said.
    rule : str
        The name of the rule that fired, stable from version to version.
    score : float
        0..1: how often the rule is right, as measured or as near as is known.
    """

    role: RoleName
    rule: str
    score: float


_BEFORE_MOST = 90  # characters before a citation in which the words that govern it stand
_AFTER_MOST = 70
_CHAIN_MOST = 24
_MARKS = " \t\n([{<\"'`*-\u2022"
_NOTHING_SAID = Role("mentions", "no-cue", 0.8)
_BAD = re.compile(
    r"\b(?:bugs?|regress\w*|broke\w*|break(?:s|age)?|crash\w*|deadlock\w*|leak\w*|fail\w*|oops\w*"
    r"|problems?|issues?|corrupt\w*|hangs?|hung|slow\w*|wrong(?:ly)?|race|warnings?|overflow\w*"
    r"|panic\w*|(?:is|are|was|were|does|do|can|did)(?: not|n't)|cannot|no longer|stopped|unable|lock(?:s|ed)? up|storm|mistake\w*|incorrect\w*)\b",
    re.IGNORECASE,
)
_TRAILERS: dict[str, Role] = {
    "Fixes": Role("blames", "trailer-fixes", 0.99),
    "Reverts": Role("reverts", "trailer-reverts", 0.99),
    "Upstream-commit": Role("backports", "trailer-upstream", 0.99),
    "Cherry-picked-from": Role("backports", "trailer-cherry-pick", 0.99),
    "X-Upstream": Role("backports", "trailer-upstream", 0.95),
    "Introduced-by": Role("blames", "trailer-introduced", 0.95),
}


class _Cue(NamedTuple):
    """Words that say why; of two as near, the first in the list is taken."""

    role: RoleName
    rule: str
    score: float
    words: re.Pattern[str]


# What may stand between the words that say why and the name of the commit.
_FILL = (
    r"(?:\s+(?:the|this|that|these|those|a|an|both|kernel|upstream|mainline|linux|linus'?s?|git"
    r"|following|above|named|same|latest|my|your|his|only|just|e\.?g\.?|in|two|from))*+"
    r"(?:\s+(?:commits?|patch(?:es)?|changes?|changesets?|merge|sha1?|id|hash|one|fix|rev))*+"
    r"[\s:(\[\"'`<#\u2018\u201c-]*+$"
)
_RELEASE = r"(?:\s+(?:in\s+)?v?\d[\d.]*(?:-rc\d+)?)?"


def _before(role: RoleName, rule: str, score: float, words: str, fill: str = _FILL) -> _Cue:
    """Words with nothing but a filling between them and the citation."""
    return _Cue(role, rule, score, re.compile(rf"(?<![\w-])(?:{words}){fill}", re.IGNORECASE))


def _after(role: RoleName, rule: str, score: float, words: str, gap: int = 24) -> _Cue:
    """Words at most ``gap`` characters behind the citation."""
    pattern = rf"(?P<gap>(?:[^.;:]|\.(?=\S)){{0,{gap}}}?)(?<!\w)(?:{words})(?!\w)"
    return _Cue(role, rule, score, re.compile(pattern, re.IGNORECASE))


_FAR = r"(?:\W[^.;]{0,45})?$"
_CUES_BEFORE = (
    _before("history", "dated-release", 0.97, r"\d[\d.]*(?:-rc\d+)?\s+\d{1,2}[a-z]{3}\d{2}"),
    _before("fixes", "regzbot-fix", 0.99, r"#regzbot\s+\^?fix(?:ed-?by)?:?"),
    _before("blames", "regzbot-introduced", 0.99, r"#regzbot\s+\^?introduced\^?:?(?:\s+\S+\.\.)?"),
    _before("blames", "fixes-line", 0.95, r"fixes:"),
    _before("blames", "first-bad", 0.98, r"first bad commit(?: is| was)?"),
    _before("backports", "upstream-commit", 0.97, r"(?:\[ ?)upstream\s+commit"),
    _before("backports", "cherry-picked", 0.97, r"cherry[- ]pick(?:ed|ing|s)?"),
    _before("backports", "backport", 0.85, r"back-?port(?:s|ed|ing)?(?:\s+of)?"),
    _before("reverts", "revert", 0.95, r"revert(?:s|ed|ing)?(?:\s+of)?|git-revert(?:\s+of)?"),
    _before("reverts", "backed-out", 0.9, r"back(?:ed|ing|s)?[ -]out|undo(?:es|ing)?|undid"),
    _before(
        "fixes", "fixed-by", 0.92,
        r"(?:fixed|solved|resolved|addressed|cured|healed|repaired|superseded|obsoleted)"
        rf"(?:\s+(?:upstream|there|already|now|up|later|mainline))?{_RELEASE}"
        r"\s+(?:by|in|with|via|as|through)",
    ),
    _before(
        "fixes", "fix-is", 0.85,
        r"(?:(?:the|a|this|proposed|real|actual|correct|needed|missing|right)\s+){1,2}fix",
        r"(?:\s+(?:itself|for\s+\w+|is|was|here|in|that|this|it|commits?)|\s+is\s[^.;]{0,40})*[\s:(\"'-]*+$",
    ),
    _before(
        "blames", "caused-by", 0.93,
        r"(?:caused|broken|exposed|triggered|regressed|provoked|uncovered|started)"
        rf"{_RELEASE}\s+(?:by|in|since|with|from|at)"
        r"|(?:regressions?|bugs?|breakage|problems?|issues?|crash(?:es)?|failures?)"
        r"\s+(?:(?:is|was|were|are|came|comes)\s+)?(?:caused\s+|introduced\s+)?"
        rf"(?:by|from|in|due\s+to|since|after|with){_RELEASE}"
        r"|(?:culprit|offender|offending)(?:\s+(?:is|was|seems\s+to\s+be|commit\s+is))?"
        r"|blam(?:e|es|ed|ing)(?:\s+(?:on|to))?|suspect(?:s|ed)?(?:\s+(?:is|was))?"
        r"|because\s+of|due\s+to|thanks\s+to",
    ),
    _before("blames", "introduced", 0.9, rf"introduced(?:\s+(?:first|originally|upstream))?{_RELEASE}\s+(?:by|in|with|via)"),
    _before(
        "blames", "bisected", 0.96,
        r"bisect\w*(?:\W[^.;]{0,40})?\s(?:to|at|identified|found|blames|is|was|on|says|shows)",
        _FAR,
    ),
    _before("blames", "bisected", 0.93, r"bisect(?:ed|s|ion)(?:\s+result)?"),
    _before("blames", "to-fix", 0.75, r"(?:to\s+fix(?:\s+up)?|fixes|fixing|fix\s+for|fixup\s+(?:of|for))"),
    _before("mentions", "pull-request", 0.95, r"changes\s+(?:since|up\s+to)"),
    _before("blames", "since", 0.85, r"(?:ever\s+)?since|starting\s+(?:with|from|at)|after"),
    _before("history", "until", 0.85, r"until|till|up\s+to"),
    _before("history", "before", 0.75, r"before|prior\s+to|as\s+of|predates?|older\s+than|preceding|without"),
    _before(
        "history", "done-in", 0.85,
        r"(?:added|removed|dropped|merged|converted|changed|moved|replaced|reworked|pushed\s+out"
        r"|renamed|applied|committed|landed|went\s+in|created|implemented|written|modified|queued"
        r"|switched|deleted|done|did|came\s+in|explicit|refactored|rewritten|enabled|disabled)"
        rf"(?:\s+(?:back|upstream|again|there|initially|originally))?{_RELEASE}"
        r"\s+(?:by|in|with|via|as|through)"
        r"|back\s+in|dates?\s+(?:back\s+)?(?:to|from)|originally\s+in|go(?:es|ing)?\s+back\s+to",
    ),
    _before(
        "supports", "see", 0.85,
        r"see(?:\s+also)?|cf\.?|compare|according\s+to|for\s+(?:an?\s+)?(?:example|instance)"
        r"(?:\s+(?:in|is|see|with|the))*|e\.g\.?|(?<!looks )(?<!look )(?<!seems )like|per|similar\s+to"
        r"|same\s+(?:\w+\s+)?(?:as|in)|as\s+(?:in|per|with|by|seen\s+in|shown\s+in)|such\s+as|as"
        r"|(?:documented|described|explained|explanation(?:\s+is)?|mentioned|discussed|shown|noted"
        r"|detailed|argued|reasoned|nicely\s+put|referenced|said)\s+(?:in|by|at|here)"
        r"|(?:look(?:ing|s)?\s+at)|refer(?:s|ring)?\s+to|how|example",
    ),
)  # fmt: skip
_CUES_AFTER = (
    _after("blames", "first-bad", 0.98, r"is\s+(?:the\s+)?first\s+bad\s+commit"),
    _after("backports", "upstream-commit", 0.97, r"upstream(?=\W{0,3}\s*$|\W*\n|[.\]])", 3),
    _after(
        "reverts", "reverted", 0.92,
        r"(?:can|should|could|must|needs?\s+to|to|is|was|were|been|being|got|gets)?\s*(?:be\s+)?"
        r"(?:reverted|backed\s+out)|(?:does\s?n.t|does\s+not|can.t)\s+revert|reverts\s+cleanly",
        14,
    ),
    _after(
        "blames", "breaks", 0.88,
        r"br(?:oke|eaks|eak|eaking)|caus(?:es|ed|ing|e)|regress(?:es|ed)|(?:re-?)?introduc(?:es|ed)"
        r"|result(?:s|ed)\s+in|le(?:d|ads)\s+to|trigger(?:s|ed)|expos(?:es|ed)|made\s+it\s+worse"
        r"|(?:is|was)\s+(?:(?:the|a)\s+)?(?:culprit|cause|guilty|bad|buggy|wrong|broken|to\s+blame"
        r"|problem)|has\s+(?:a\s+)?(?:regression|bug|problem)|seems\s+to\s+(?:cause|slow|break)",
        40,
    ),
    _after(
        "fixes", "fixes", 0.88,
        r"(?:should|will|would|might|may|does|did)\s+(?:fix|solve|address|resolve|cure|help)"
        r"|(?:fix|address|resolv|solv|cur)(?:es|ed)|is\s+(?:the|a)\s+fix",
    ),
    _after(
        "history", "did", 0.7,
        r"(?-i:added|removed|converted|changed|moved|replaced|made|dropped|reworked|switched"
        r"|modified|turned|adds|removes|converts|changes|moves|replaces|makes|drops)",
        12,
    ),
)  # fmt: skip
_NEUTRAL = re.compile(r"\W*(?:\w+\s+){0,2}(?:result(?:s|ed) in|le(?:d|ads) to)\b", re.IGNORECASE)
_INTRODUCES = re.compile(r"\W*(?:\w+\s+)?introduc", re.IGNORECASE)
_WEAK = next(n for n, cue in enumerate(_CUES_BEFORE) if cue.rule == "since")
_CLOSE = 16  # words this near behind a citation outweigh a mere preposition before it
_NEGATED = re.compile(
    r"(?:\b(?:not|never|without|no|neither|cannot)|n['\u2019]t)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_CHAIN = re.compile(
    r"[\s\"')\]]*(?:,|and|or|&|/|\+|,\s*and|and\s+then|,\s*then)[\s\"'(\[]*(?:commits?\s+)?"
)
_STEP = re.compile(r"(?:#\s*|git bisect\s+)(?:good|bad|skip|start)\b[:\s\['\"]*$")
_LIST_LINE = re.compile(r"[ \t]*(?:[*|\-\u2022o]|\d{1,4}[.)]?|\[\d{1,3}\]:?)?[ \t]*")


def role(mail: MailText, citation: Citation) -> Role:
    r"""Say what one citation of a mail is for.

    Parameters
    ----------
    mail : MailText
        The mail.
    citation : Citation
        One of its citations.

    Returns
    -------
    Role
        From the trailer that holds it, else from the words of its clause.

    Examples
    --------
    >>> from threadkit.mail.block import Block
    >>> from threadkit.mail.citations import citations
    >>> body = "It is broken since commit 1783985 (5.8), which was fixed by commit 0985489.\n"
    >>> blocks = [Block("reply", 0, 0, len(body))]
    >>> mail = MailText("a@example.org", "x", "", "", None, False, False, None, "a@example.org",
    ...                 body, blocks, [], citations(body, blocks))
    >>> [(c.value, role(mail, c).role) for c in mail.citations if c.kind == "commit"]
    [('1783985', 'blames'), ('0985489', 'fixes')]

    References
    ----------
    Linux Documentation/process/submitting-patches.rst, "Fixes"; stable-kernel-rules.rst,
    "upstream"; git-bisect(1).
    """
    number = bisect_left(mail.citations, citation.start, key=lambda c: c.start)
    reader = _Reader(mail)
    first = number
    while reader.follows(first):
        first -= 1
    found = reader.read(first)
    for later in range(first + 1, number + 1):
        found = reader.read(later, found)
    return found


def roles(mail: MailText, kind: CitationKind = "commit") -> list[tuple[int, Role]]:
    r"""Say what the citations of one kind in a mail are for.

    Parameters
    ----------
    mail : MailText
        The mail; its citations and trailers are in the order of the text.
    kind : CitationKind
        Which of its citations.

    Returns
    -------
    list of (int, Role)
        The place of each in ``mail.citations``, in order, and what it is for.

    Examples
    --------
    >>> from threadkit.mail.citations import citations
    >>> from threadkit.mail.block import Block
    >>> body = "2.6.29 06jan09 ab967d86015a\nRevert commit 09854ba94c6a.\n"
    >>> blocks = [Block("reply", 0, 0, len(body))]
    >>> mail = MailText("a@example.org", "x", "", "", None, False, False, None, "a@example.org",
    ...                 body, blocks, [], citations(body, blocks))
    >>> [(place, found.role) for place, found in roles(mail)]
    [(1, 'history'), (2, 'reverts')]

    Notes
    -----
    Linear in the number of citations: of the text, only what is near one is read.
    """
    reader = _Reader(mail)
    found: list[tuple[int, Role]] = []
    for number, citation in enumerate(mail.citations):
        if citation.kind == kind:
            before = found[-1][1] if found and found[-1][0] == number - 1 else None
            found.append((number, reader.read(number, before)))
    return found


class _Reader:
    """Reads the surroundings of the citations of one mail."""

    def __init__(self, mail: MailText) -> None:
        self.body = mail.body
        self.citations: Sequence[Citation] = mail.citations
        self.trailers = [*mail.trailers]
        self.trailer_starts = [trailer.start for trailer in self.trailers]
        self.ranges = mail.own_ranges()
        self.range_starts = [low for low, _ in self.ranges]

    def read(self, number: int, previous: Role | None = None) -> Role:
        """Find the role of one citation; ``previous`` is that of the one before."""
        citation = self.citations[number]
        if trailer := self._trailer_at(citation.start):
            return _by_trailer(trailer, citation)
        low, high = self._clause(number)
        is_given = previous and previous.role != "mentions" and self.follows(number)
        if previous and is_given and not previous.rule.startswith("trailer"):
            return previous
        before = self.body[low : citation.start]
        after = self.body[citation.stop : high]
        if _STEP.search(before):
            return Role("mentions", "bisect-step", 0.95)
        if found := _nearest(before, after):
            return found
        if citation.title and not before.strip() and _LIST_LINE.fullmatch(before):
            return Role("mentions", "listed", 0.85)
        return _NOTHING_SAID

    def _trailer_at(self, at: int) -> Trailer | None:
        place = bisect_right(self.trailer_starts, at) - 1
        if place >= 0 and at < self.trailers[place].stop:
            return self.trailers[place]
        return None

    def _clause(self, number: int) -> tuple[int, int]:
        """Return where the words that can govern a citation begin and end."""
        citation = self.citations[number]
        place = bisect_right(self.range_starts, citation.start) - 1
        own = self.ranges[place] if place >= 0 else (0, len(self.body))
        low, high = sentence_at(self.body, citation.start, citation.stop, *own)
        if not self.body[low : citation.start].strip(_MARKS):
            low = self._announced(low, own[0])
        low = max(low, citation.start - _BEFORE_MOST)
        high = min(high, citation.stop + _AFTER_MOST)
        for other in self.citations[max(0, number - 4) : number]:
            if other.kind != "release":
                low = max(low, other.stop)
        for other in self.citations[number + 1 : number + 5]:
            if other.kind != "release":
                high = min(high, other.start)
        return min(low, citation.start), max(high, citation.stop)

    def _announced(self, low: int, floor: int) -> int:
        """Go back to the sentence before if it ends with a colon: ``caused by this:``."""
        stop = low
        floor = max(floor, low - _BEFORE_MOST)
        while stop > floor and self.body[stop - 1].isspace():
            stop -= 1
        if stop <= floor or self.body[stop - 1] != ":":
            return low
        return sentence_at(self.body, stop - 1, stop, floor, stop)[0]

    def follows(self, number: int) -> bool:
        """Tell whether this is a later one of ``commits A, B and C``."""
        if number == 0:
            return False
        last, citation = self.citations[number - 1], self.citations[number]
        if last.kind != citation.kind or citation.start - last.stop > _CHAIN_MOST:
            return False
        return _CHAIN.fullmatch(self.body, last.stop, citation.start) is not None


def _by_trailer(trailer: Trailer, citation: Citation) -> Role:
    known = _TRAILERS.get(trailer.name)
    if known and citation.kind == "commit":
        return known
    return Role("mentions", f"trailer-{trailer.name.lower()}", 0.95)


def _nearest(before: str, after: str) -> Role | None:
    """Return what the nearest words that say why say; None if there are none."""
    found: Role | None = None
    nearest = _AFTER_MOST
    for order, cue in enumerate(_CUES_BEFORE):
        if cue.words.search(before):
            found = _judged(cue, before, after)
            nearest = _CLOSE if order >= _WEAK else -1
            break
    for cue in _CUES_AFTER:
        match = cue.words.match(after)
        if match is None or len(match["gap"]) > nearest or _NEGATED.search(match["gap"]):
            continue
        nearest = len(match["gap"]) - 1
        found = _judged(cue, before, after)
    return found


def _judged(cue: _Cue, before: str, after: str) -> Role:
    """Tell a bug that was introduced from code that was, by what else the clause says."""
    bad = _BAD.search(before) or _BAD.search(after)
    if not bad and cue.rule == "breaks":
        if _INTRODUCES.search(after):
            return Role("history", "introduced-code", 0.6)
        if _NEUTRAL.match(after):
            return _NOTHING_SAID
    if cue.rule == "introduced" and not bad:
        return Role("history", "introduced-code", 0.7)
    if cue.rule == "since":
        return Role("blames", "since", 0.85) if bad else Role("history", "since-then", 0.6)
    return Role(cue.role, cue.rule, cue.score)

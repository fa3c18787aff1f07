"""What became of revisions and series, from commits and from what mails say.

A commit that a patch became says most. Else the last thing that happened counts: somebody
applied it, its author or who had applied it dropped it, a newer revision came. A NAK alone
drops nothing, and silence is ``unknown``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from threadkit.analyze.series.announcements import Announcement
from threadkit.analyze.series.values import Fate, Outcome, Posting, Revision, Series

ROBOTS = frozenset({"patchwork-bot", "tip-bot", "mm"})
_DEEPER = 0.15
_SHORT = 12
_NAMED = 6

NOTHING_KNOWN = Fate("unknown", "no commit of it is known here, and no mail says", "none", 0.0)
"""The fate of what nothing is known about."""


@dataclass(frozen=True, slots=True)
class Became:
    """A commit that a posting became.

    ``release`` is the first that has it, ``mainline`` is yes, no or not checked, ``utc``
    when it was committed; ``rule`` and ``score`` say how the two were found to be one.
    """

    sha: str
    release: str
    mainline: str
    utc: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement with the mail that it stands in.

    ``person`` is who says it, as in a posting; ``is_direct`` tells that the mail answers
    the posting itself, not another mail below it.
    """

    announcement: Announcement
    message_id: str
    person: str
    name: str
    utc: str
    is_direct: bool


def merged_patches(series: Series, became: Mapping[int, Sequence[Became]]) -> dict[int, Became]:
    """Choose for each commit the one posting of a series that became it.

    Parameters
    ----------
    series : Series
        With all its revisions.
    became : mapping of int to sequence of Became
        By :attr:`Posting.message`; a commit may be told of several revisions, since a
        patch may not have changed from one to the next.

    Returns
    -------
    dict of int to Became
        By :attr:`Posting.message`: of several the surest, then the newest one.
    """
    best: dict[str, tuple[tuple[float, str, int], Became]] = {}
    for revision in series.revisions:
        for posting in revision.patches.values():
            for one in became.get(posting.message, ()):
                place = (one.score, posting.utc, posting.message)
                if one.sha not in best or place > best[one.sha][0]:
                    best[one.sha] = (place, one)
    chosen: dict[int, Became] = {}
    for (_, _, message), one in best.values():
        if message not in chosen or one.score > chosen[message].score:
            chosen[message] = one
    return chosen


def fates(
    series: Series, became: Mapping[int, Became], said: Mapping[int, Sequence[Said]]
) -> tuple[list[Fate], Fate]:
    """Tell what became of each revision, and of the series.

    Parameters
    ----------
    series : Series
        In order of time.
    became : mapping of int to Became
        From :func:`merged_patches`.
    said : mapping of int to sequence of Said
        By :attr:`Posting.message` of the posting that the mail is about.

    Returns
    -------
    tuple of (list of Fate, Fate)
        One a revision, in their order; then that of the series.
    """
    later: dict[int, Revision] = {}
    for old, new in pairwise(r for r in series.revisions if r.kind != "reroll"):
        later[id(old)] = new
    appliers: set[str] = set()
    found: list[Fate] = []
    for revision in series.revisions:
        spoken = [(one, p) for p in revision.patches.values() for one in said.get(p.message, ())]
        told = _Told(revision, appliers)
        for one, posting in sorted(spoken, key=_when):
            told.take(one, posting)
        found.append(_fate(revision, became, told.fate(), later.get(id(revision))))
    return found, _of_series(series, found)


def _when(spoken: tuple[Said, Posting]) -> tuple[str, str, int]:
    one = spoken[0]
    return one.utc, one.message_id, one.announcement.start


class _Told:
    """What mails say of one revision, up to the last of them."""

    def __init__(self, revision: Revision, appliers: set[str]) -> None:
        self._revision = revision
        self._appliers = appliers
        self._of_patch: dict[int, tuple[str, Said, float]] = {}

    def take(self, said: Said, about: Posting) -> None:
        """Take the next announcement, if who says it can know."""
        score = self._weight(said)
        if not score:
            return
        one = said.announcement
        if one.kind == "applied":
            self._appliers.add(said.person)
        counters = [about.counter]
        if one.whole or not about.counter:
            counters = [n for n in self._revision.patches if n] or counters
        without = {n for n, sha in one.commits if not sha}
        counters = [n for n in counters if n not in without]
        for counter in counters:
            self._of_patch[counter] = (one.kind, said, score)

    def _weight(self, said: Said) -> float:
        """Say how sure it is, 0 for one who cannot decide it."""
        one = said.announcement
        if one.rule in ROBOTS:
            return one.score
        is_author = said.person == self._revision.person
        score = one.score - (0 if said.is_direct else _DEEPER)
        if one.kind == "applied":
            return score if one.where or not is_author else 0.0  # authors apply to try
        if is_author or (one.rule == "dropped" and said.person in self._appliers):
            return score
        return 0.0

    def fate(self) -> Fate | None:
        """Sum up: applied or dropped as a whole, or applied in part."""
        count = max(1, sum(1 for n in self._revision.patches if n))
        applied = [n for n, (kind, _, _) in self._of_patch.items() if kind == "applied"]
        if not self._of_patch:
            return None
        if not applied:
            if len(self._of_patch) < count:
                return None  # a patch or two of it; the others are as before
            return self._as_fate("dropped", list(self._of_patch), "")
        is_all = len(applied) >= count
        part = "" if is_all else f"{len(applied)} of {count} patches: "
        return self._as_fate("applied" if is_all else "partly applied", applied, part)

    def _as_fate(self, outcome: Outcome, counters: Sequence[int], part: str) -> Fate:
        _, said, score = max(
            (self._of_patch[n] for n in counters), key=lambda t: (t[1].utc, t[1].message_id)
        )
        one = said.announcement
        listed = dict(one.commits)
        shas = [listed[n] for n in sorted(counters) if listed.get(n)]
        sha = one.sha or (shas[-1] if shas else "")
        where = f"as {sha[:_SHORT]} " if sha else ""
        where += f"to {one.where} " if one.where and one.kind == "applied" else ""
        when = f" on {said.utc[:10]}" if said.utc else ""
        return Fate(
            outcome, f"{part}{where}by {said.name or 'somebody'}{when}",
            one.rule, round(score, 2), said.utc, said.message_id, one.start, one.stop, sha,
        )  # fmt: skip


def _fate(
    revision: Revision, became: Mapping[int, Became], told: Fate | None, newer: Revision | None
) -> Fate:
    """Decide between a commit, an announcement and a newer revision."""
    if merged := _merged(revision, became):
        return merged
    if newer is not None and (told is None or told.utc < newer.utc):
        after = f"; before that {told.outcome} {told.why}" if told else ""
        return Fate(
            "superseded", f"by {newer.label} of {newer.utc[:10] or 'unknown date'}{after}",
            "later revision", newer.score, newer.utc, newer.head.message_id,
        )  # fmt: skip
    return told or NOTHING_KNOWN


def _merged(revision: Revision, became: Mapping[int, Became]) -> Fate | None:
    """Sum up the commits that the patches became."""
    found = {n: became[p.message] for n, p in revision.patches.items() if p.message in became}
    patches = {n for n in revision.patches if n} or set(revision.patches)
    if not found:
        return None
    count = len(patches)
    if revision.kind != "reroll":
        count = max(count, revision.numbering.expected)
    last = max(found.values(), key=lambda b: (b.utc, b.sha))
    is_all = len(found) >= count
    part = "" if is_all else f"{len(found)} of {count} patches: "
    unknown = sorted(patches - found.keys())
    rest = ", ".join(f"{n}/{revision.numbering.expected}" for n in unknown[:_NAMED])
    rest += " ..." if len(unknown) > _NAMED else ""
    where = f" in {last.release}" if last.release else ""
    if not where and last.mainline != "yes":
        where = " (not in the mainline)" if last.mainline == "no" else " (mainline not checked)"
    return Fate(
        "merged" if is_all else "partly merged",
        f"{part}{last.sha[:_SHORT]}{where}, found by {last.rule}"
        + (f"; no commit known of {rest}" if rest else ""),
        last.rule, min(b.score for b in found.values()), last.utc,
        sha=last.sha, release=last.release,
    )  # fmt: skip


def _of_series(series: Series, found: Sequence[Fate]) -> Fate:
    """Choose what speaks for the whole series."""
    pairs = list(zip(series.revisions, found, strict=True))
    for outcome in "merged", "partly merged":
        for _, fate in reversed(pairs):
            if fate.outcome == outcome:
                return fate
    last = next(fate for revision, fate in pairs if revision is series.last)
    told = [f for _, f in pairs if f.outcome in ("applied", "dropped", "partly applied")]
    if last.outcome == "unknown" and told:
        newest = max(told, key=lambda f: f.utc)
        if newest.utc > series.last.utc:
            return newest
    return last

"""Which cases are one regression: by explicit links first, then by one culprit.

The same culprit reported twice is one regression with two reports. But a commit can break
several things: cases stay apart that were fixed by different commits, that break in
different ways, that tracking holds apart, or of which one was reported after the other
had been fixed. Where a case could belong to two that are apart, it belongs to none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from threadkit.analyze.regressions.cases import Case, case_order
from threadkit.analyze.regressions.commit_names import CommitNames
from threadkit.analyze.regressions.culprits import culprit_keys
from threadkit.analyze.regressions.facts import CommitFacts
from threadkit.analyze.regressions.passages import target
from threadkit.analyze.regressions.regression import days
from threadkit.mail.subject import parse_subject

_ALIKE = 0.5
_SURE = 0.6
_A_YEAR = 365
_MOST = 40  # what more are blamed on is the first commit of history, and joins nothing
_SHORT = 3  # letters of a word that tells nothing

Maybe = dict[int, list[tuple[Case, str]]]
"""For a case, by its id: others that could be the same, and what speaks for it."""


def grouped(
    cases: Iterable[Case], commits: Mapping[str, CommitFacts], names: CommitNames
) -> tuple[list[Case], Maybe]:
    """Put the cases together that are one regression.

    Parameters
    ----------
    cases : iterable of Case
        From mails, commits and curated facts; they are changed.
    commits : mapping of str to CommitFacts
        By their whole hashes.
    names : CommitNames
        To bring hashes to one name.

    Returns
    -------
    (list of Case, Maybe)
        One case a regression, by date; and what could not be decided.
    """
    found = _linked(sorted(cases, key=case_order), names)
    by_culprit: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        for key in culprit_keys(case.events, names):
            by_culprit[key].append(case)
    compared = _Pairs(commits, names)
    sets, maybe = _Sets(found), _Sets.undecided()
    for key in sorted(key for key, some in by_culprit.items() if len(some) <= _MOST):
        _decide(by_culprit[key], compared, sets, maybe)
    merged = sets.merged()
    maybe += _by_reporter(merged)
    undecided: dict[int, dict[int, tuple[Case, str]]] = defaultdict(dict)
    for one, others in maybe:
        for other, why in others:
            if sets.of(other) is not sets.of(one):
                undecided[id(sets.of(one))].setdefault(id(sets.of(other)), (sets.of(other), why))
    return merged, {
        key: sorted(pairs.values(), key=lambda pair: case_order(pair[0]))
        for key, pairs in undecided.items()
    }


def _by_reporter(cases: Sequence[Case]) -> list[tuple[Case, list[tuple[Case, str]]]]:
    """List the reports of whom a commit names as the reporter, though nothing else ties them."""
    why = "same reporter; the commit does not name the report"
    reported: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.first is not None:
            for name in sorted(_reporters(case)):
                reported[name].append(case)
    found = []
    for case in cases:
        if case.reports or case.origin != "commit":
            continue
        dates = [event.utc for event in case.events if event.kind == "closes" and event.utc]
        for other in (one for name in sorted(_reporters(case)) for one in reported[name]):
            begin = other.first.utc if other.first else None
            if not dates or not begin or 0 <= days(begin, dates[0]) <= _A_YEAR:
                found += [(case, [(other, why)]), (other, [(case, why)])]
    return found


class _Sets:
    """Cases, and which of them have become one."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = list(cases)
        self._into: dict[int, Case] = {id(case): case for case in cases}

    @staticmethod
    def undecided() -> list[tuple[Case, list[tuple[Case, str]]]]:
        """Return an empty list of what could not be decided."""
        return []

    def of(self, case: Case) -> Case:
        """Return the case that another has become a part of."""
        while self._into[id(case)] is not case:
            case = self._into[id(case)]
        return case

    def join(self, one: Case, other: Case) -> None:
        """Make two cases one."""
        one, other = self.of(one), self.of(other)
        if one is not other:
            self._into[id(other)] = one

    def merged(self) -> list[Case]:
        """Put together what is one, and return what is left."""
        for case in self.cases:
            if self.of(case) is not case:
                self.of(case).add(case)
        return sorted((one for one in self.cases if self.of(one) is one), key=case_order)


def _linked(cases: list[Case], names: CommitNames) -> list[Case]:
    """Join the cases that share a report or a bug, or of which one names the other.

    A command names a duplicate; and a mail that names the commit which fixed its trouble
    names the case that the commit alone tells of.
    """
    sets = _Sets(cases)
    first: dict[str, Case] = {}
    for case in cases:
        for name in sorted(case.reports.keys() | case.bugs):
            sets.join(first.setdefault(name, case), case)
    for case in cases:
        for value in sorted(case.values("duplicate")):
            other = first.get(target(value)[1]) or _by_title(value, cases)
            if other is not None:
                sets.join(other, case)
    by_fix = {
        event.value: case
        for case in cases
        if case.origin == "commit" and not case.reports
        for event in case.events
        if event.kind == "closes"
    }
    for case in cases:
        for event in case.events:
            if event.kind == "fix" and event.score >= _SURE and case.origin != "commit":
                told = by_fix.get(names.key(event.value))
                if told is not None:
                    sets.join(case, told)
    return sets.merged()


def _by_title(title: str, cases: Iterable[Case]) -> Case | None:
    """Find the one case whose report has exactly this subject, as ``#syz dup`` names it."""
    wanted = parse_subject(title).key
    found = [
        case
        for case in cases
        if any(parse_subject(one.subject).key == wanted for one in case.reports.values())
    ]
    return found[0] if wanted and len(found) == 1 else None


class _Pairs:
    """Compares two cases with one culprit."""

    def __init__(self, commits: Mapping[str, CommitFacts], names: CommitNames) -> None:
        self._commits = commits
        self._names = names

    def fixes(self, case: Case) -> set[str]:
        """Return the fixes of a case, by hash or title."""
        found = set()
        for event in case.events:
            if event.kind in ("closes", "fix") and event.source != "prose":
                found.add(self._names.key(event.value) if event.detail == "commit" else event.value)
        return found

    def apart(self, one: Case, other: Case) -> str:
        """Say why two cases are not one; empty if nothing says so."""
        if one.values("curated") and other.values("curated"):
            return "written down as two"
        both = bool(one.tracked and other.tracked)
        if bool(one.roots & other.roots) != both:
            if both:
                return "tracked as two"
            if one.roots & other.roots:
                return "reported anew in an old conversation"
        mine, theirs = self.fixes(one), self.fixes(other)
        if mine and theirs and not mine & theirs:
            return "fixed by different changes"
        if one.mechanisms and other.mechanisms and not one.mechanisms & other.mechanisms:
            return "they break in different ways"
        for first, second in ((one, other), (other, one)):
            if self._was_fixed_before(first, second):
                return "one was reported after the other had been fixed"
        return ""

    def together(self, one: Case, other: Case) -> str:
        """Say what beside the culprit makes two cases one; empty if nothing does."""
        if self.fixes(one) & self.fixes(other):
            return "one fix"
        if one.roots & other.roots:
            return "one conversation"
        if _reporters(one) & _reporters(other):
            return "one reporter"
        if any(_alike(a, b) for a in _titles(one) for b in _titles(other)):
            return "like titles"
        return "one mechanism" if one.mechanisms & other.mechanisms else ""

    def _was_fixed_before(self, fixed: Case, later: Case) -> bool:
        dates = [
            self._commits[name].committer_utc or ""
            for name in self.fixes(fixed)
            if name in self._commits
        ]
        first = later.first
        return bool(dates and first and first.utc and max(dates) < first.utc)


def _decide(
    cases: Sequence[Case],
    pairs: _Pairs,
    sets: _Sets,
    maybe: list[tuple[Case, list[tuple[Case, str]]]],
) -> None:
    """Join the cases of one culprit that are one; note for the others why they may be."""
    apart = {(id(one), id(other)): pairs.apart(one, other) for one, other in combinations(cases, 2)}

    def held_apart(one: Case, other: Case) -> str:
        return apart.get((id(one), id(other))) or apart.get((id(other), id(one)), "")

    for strong in (True, False):
        wanted = [
            (one, other)
            for one, other in combinations(cases, 2)
            if not held_apart(one, other) and bool(pairs.together(one, other)) >= strong
        ]
        for one, other in wanted:
            rivals = [(a, b) for a, b in wanted if {id(a), id(b)} & {id(one), id(other)}]
            ends = {id(case): case for pair in rivals for case in pair}
            if not any(held_apart(a, b) for a, b in combinations(ends.values(), 2)):
                sets.join(one, other)
    for one in cases:
        others = [
            (other, f"same culprit; {held_apart(one, other) or 'nothing else decides'}")
            for other in cases
            if sets.of(other) is not sets.of(one)
        ]
        if others:
            maybe.append((one, others))


def _reporters(case: Case) -> set[str]:
    named = {one.email.lower() for one in case.reports.values() if one.email}
    roles = (one for one in case.events if one.kind == "role" and one.detail == "reporter")
    return named | {one.value.lower() for one in roles}


def _titles(case: Case) -> list[set[str]]:
    titles = [one.subject for one in case.reports.values()]
    return [_words(title) for title in (*titles, *case.values("title")) if title]


def _words(title: str) -> set[str]:
    words = parse_subject(title).title.lower().replace(":", " ").split()
    return {word.strip(".,;()[]\"'") for word in words if len(word) > _SHORT}


def _alike(one: set[str], other: set[str]) -> bool:
    """Tell whether two titles share at least half of their words."""
    return bool(one and other) and len(one & other) / len(one | other) >= _ALIKE

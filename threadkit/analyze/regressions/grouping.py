"""Which cases are one regression: by explicit links first, then by one culprit.

The same culprit reported twice is one regression with two reports. But a commit can break
several things: cases stay apart that were fixed by different commits, that break in
different ways, that tracking holds apart, or of which one was reported after the other
had been fixed. Where a case could belong to two that are apart, it belongs to none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
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
_MOST = 40  # of one culprit these are compared pair by pair
_FEW = 8  # whom more name as the reporter is a robot or a tester, and ties nothing
_BEGINNING = "1da177e4c3f4"  # what history begins with: it broke nothing that worked
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
    for key in sorted(by_culprit):
        if not key.startswith(_BEGINNING):
            _compare(by_culprit[key], compared, sets, maybe)
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
    alone = [case for case in cases if not case.reports and case.origin == "commit"]
    often = Counter(name for case in alone for name in _reporters(case))
    found = []
    for case in alone:
        names = [name for name in sorted(_reporters(case))
                 if max(often[name], len(reported[name])) <= _FEW]  # fmt: skip
        dates = [event.utc for event in case.events if event.kind == "closes" and event.utc]
        for other in (one for name in names for one in reported[name]):
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
    def undecided() -> _Undecided:
        """Return an empty list of what could not be decided."""
        return []

    def of(self, case: Case) -> Case:
        """Return the case that another has become a part of."""
        while (above := self._into[id(case)]) is not case:
            self._into[id(case)] = self._into[id(above)]
            case = above
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
    titled = _by_subject(cases)
    for case in cases:
        for value in sorted(case.values("duplicate")):
            kind, name = target(value)
            same = titled.get(parse_subject(value).key, {}).values()
            other = first.get(name) or (next(iter(same)) if len(same) == 1 else None)
            if other is None and kind == "message":
                other = first.setdefault(name, case)  # two that duplicate what is not here
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


def _by_subject(cases: Iterable[Case]) -> dict[str, dict[int, Case]]:
    """Find cases by the subjects of their reports, as ``#syz dup`` names them."""
    found: dict[str, dict[int, Case]] = defaultdict(dict)
    for case in cases:
        for one in case.reports.values():
            if key := parse_subject(one.subject).key:
                found[key][id(case)] = case
    return found


@dataclass(frozen=True)
class _Traits:
    """What of a case is compared."""

    fixes: frozenset[str]
    reporters: frozenset[str]
    titles: tuple[frozenset[str], ...]
    fixed_utc: str
    is_curated: bool


class _Pairs:
    """Compares two cases with one culprit."""

    def __init__(self, commits: Mapping[str, CommitFacts], names: CommitNames) -> None:
        self._commits = commits
        self._names = names
        self._traits: dict[int, _Traits] = {}

    def traits(self, case: Case) -> _Traits:
        """Return what of a case is compared; its fixes by hash or title."""
        if id(case) not in self._traits:
            fixes = {
                self._names.key(event.value) if event.detail == "commit" else event.value
                for event in case.events
                if event.kind in ("closes", "fix") and event.source != "prose"
            }
            dates = [self._commits[x].committer_utc or "" for x in fixes if x in self._commits]
            self._traits[id(case)] = _Traits(
                frozenset(fixes), frozenset(_reporters(case)), _titles(case),
                max(dates, default=""), bool(case.values("curated")),
            )  # fmt: skip
        return self._traits[id(case)]

    def apart(self, one: Case, other: Case) -> str:
        """Say why two cases are not one; empty if nothing says so."""
        first, second = self.traits(one), self.traits(other)
        if first.is_curated and second.is_curated:
            return "written down as two"
        both = bool(one.tracked and other.tracked)
        if bool(one.roots & other.roots) != both:
            if both:
                return "tracked as two"
            if one.roots & other.roots:
                return "reported anew in an old conversation"
        if first.fixes and second.fixes and not first.fixes & second.fixes:
            return "fixed by different changes"
        if one.mechanisms and other.mechanisms and not one.mechanisms & other.mechanisms:
            return "they break in different ways"
        if _is_after(other, first.fixed_utc) or _is_after(one, second.fixed_utc):
            return "one was reported after the other had been fixed"
        return ""

    def together(self, one: Case, other: Case) -> str:
        """Say what beside the culprit makes two cases one; empty if nothing does."""
        first, second = self.traits(one), self.traits(other)
        if first.fixes & second.fixes:
            return "one fix"
        if one.roots & other.roots:
            return "one conversation"
        if first.reporters & second.reporters:
            return "one reporter"
        if any(_alike(a, b) for a in first.titles for b in second.titles):
            return "like titles"
        return "one mechanism" if one.mechanisms & other.mechanisms else ""


def _is_after(case: Case, fixed_utc: str) -> bool:
    """Tell whether a case was reported after another had been fixed."""
    first = case.first
    return bool(fixed_utc and first and first.utc and fixed_utc < first.utc)


_Undecided = list[tuple[Case, list[tuple[Case, str]]]]


def _compare(cases: Sequence[Case], pairs: _Pairs, sets: _Sets, maybe: _Undecided) -> None:
    """Join the cases of one culprit that are one.

    Those of one title that differ in nothing else that counts are joined without a look at
    each pair, as a commit may be reported a hundred times. Where still too many are left,
    each is listed with the first.
    """
    dates = sorted({pairs.traits(case).fixed_utc for case in cases} - {""})
    first: dict[Hashable, Case] = {}
    seen: dict[Hashable, set[str]] = defaultdict(set)
    left = []
    for case in cases:
        traits = pairs.traits(case)
        begin = case.first.utc if case.first else None
        place = bisect_left(dates, begin or "")
        key = traits.titles, traits.fixes, frozenset(case.mechanisms), place
        is_apart = case.tracked or traits.is_curated or seen[key] & case.roots
        if is_apart or not traits.titles or first.setdefault(key, case) is case:
            left.append(case)
        else:
            sets.join(first[key], case)
        seen[key] |= case.roots
    if len(left) <= _MOST:
        _decide(left, pairs, sets, maybe)
        return
    why = f"same culprit, as of {len(left) - 1} others"
    for case in left[1:]:
        maybe += [(case, [(left[0], why)]), (left[0], [(case, why)])]


def _decide(cases: Sequence[Case], pairs: _Pairs, sets: _Sets, maybe: _Undecided) -> None:
    """Join the cases of one culprit that are one; note for the others why they may be."""
    apart = [[pairs.apart(one, other) for other in cases] for one in cases]
    held = [{at for at, why in enumerate(row) if why} - {me} for me, row in enumerate(apart)]
    some = range(len(cases))
    for strong in (True, False):
        partners: list[set[int]] = [{at} for at in some]
        wanted = [
            (one, other)
            for one, other in combinations(some, 2)
            if other not in held[one] and bool(pairs.together(cases[one], cases[other])) >= strong
        ]
        for one, other in wanted:
            partners[one].add(other)
            partners[other].add(one)
        for one, other in wanted:
            ends = partners[one] | partners[other]
            if not any(held[end] & ends for end in ends):
                sets.join(cases[one], cases[other])
    for one in some:
        others = [
            (cases[other], f"same culprit; {apart[one][other] or 'nothing else decides'}")
            for other in some
            if sets.of(cases[other]) is not sets.of(cases[one])
        ]
        if others:
            maybe.append((cases[one], others))


def _reporters(case: Case) -> set[str]:
    named = {one.email.lower() for one in case.reports.values() if one.email}
    roles = (one for one in case.events if one.kind == "role" and one.detail == "reporter")
    return named | {one.value.lower() for one in roles}


def _titles(case: Case) -> tuple[frozenset[str], ...]:
    titles = [one.subject for one in case.reports.values()]
    found = {_words(title) for title in (*titles, *case.values("title")) if title}
    return tuple(sorted(found, key=sorted))


def _words(title: str) -> frozenset[str]:
    words = parse_subject(title).title.lower().replace(":", " ").split()
    return frozenset(word.strip(".,;()[]\"'") for word in words if len(word) > _SHORT)


def _alike(one: Set[str], other: Set[str]) -> bool:
    """Tell whether two titles share at least half of their words."""
    return bool(one and other) and len(one & other) / len(one | other) >= _ALIKE

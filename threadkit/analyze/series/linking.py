"""Put the revisions of one change together, by rules from the surest to the weakest.

A rule that fits one series joins it; one that fits several leaves it to the next rule.
What is too weak to join is kept as a candidate. A revision that points at two series,
which nothing else had brought together, makes them one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from threadkit.analyze.series.overlap import (
    follows,
    has_grown,
    has_telling_title,
    jaccard,
    patches_overlap,
    related,
    words_overlap,
)
from threadkit.analyze.series.revisions import MIXED
from threadkit.analyze.series.values import (
    Candidate,
    Revision,
    RevisionKind,
    Series,
    in_time,
)

_MOST = 8  # series of one sender with one title or file that are looked at: the latest
_MOST_FILES = 20
_AGAIN_DAYS = 400
_RENAMED_DAYS = 180
_ALIKE = 0.5
_SECOND = 2


class Match(NamedTuple):
    """A series that a revision may belong to; ``sure`` is False of a mere candidate."""

    series: Series
    rule: str
    score: float
    sure: bool = True


def link(revisions: Iterable[Revision]) -> list[Series]:
    """Put revisions together to series.

    Parameters
    ----------
    revisions : iterable of Revision
        As :func:`threadkit.analyze.series.revisions.group` gives them; ``kind``,
        ``rule`` and ``score`` are filled in.

    Returns
    -------
    list of Series
        By time of their first mail.

    Notes
    -----
    Some look-ups a mail; of the series that share a sender and a title, a file or a
    patch-id the latest eight are compared.

    References
    ----------
    Linux Documentation/process/submitting-patches.rst, "Commentary" and "The canonical
    patch format"; b4's ``change-id``.
    """
    linker = _Linker()
    for revision in sorted(revisions, key=in_time):
        linker.add(revision)
    return sorted(linker.series(), key=lambda s: (s.revisions[0].utc, s.key))


class _Index:
    """The latest series of each key; series that became one are found as that one."""

    def __init__(self) -> None:
        self._found: dict[Hashable, list[Series]] = defaultdict(list)
        self._into: dict[int, Series] = {}

    def add(self, key: Hashable, series: Series) -> None:
        """Note a series; it becomes the latest of its key."""
        known = self._found[key]
        if series in known:
            known.remove(series)
        known.append(series)
        del known[:-_MOST]

    def get(self, key: Hashable) -> list[Series]:
        """Return the series of a key, the latest first, each once."""
        found: list[Series] = []
        for one in reversed(self._found.get(key, ())):
            now = self.now(one)
            if now not in found:
                found.append(now)
        return found

    def merge(self, gone: Series, into: Series) -> None:
        """Let one series be found as another."""
        self._into[id(gone)] = into

    def now(self, series: Series) -> Series:
        """Follow what a series became."""
        while id(series) in self._into:
            series = self._into[id(series)]
        return series


class _Linker:
    """Takes revisions in order of time."""

    def __init__(self) -> None:
        self._index = _Index()
        self._all: list[Series] = []
        self._rules: tuple[Callable[[Revision], Iterator[Match]], ...] = (
            self._by_change_id,
            self._by_link,
            self._by_reply,
            self._by_cover_title,
            self._by_patches,
            self._by_thread,
            self._by_files,
            self._by_another,
        )

    def series(self) -> list[Series]:
        """Return what was made so far, without what became part of another."""
        for one in self._all:
            one.candidates = self._still_apart(one)
        return [one for one in self._all if self._index.now(one) is one]

    def _still_apart(self, series: Series) -> list[Candidate]:
        """Name candidates by what they became; drop those that became this series."""
        best: dict[str, Candidate] = {}
        for weak in series.candidates:
            for now in self._index.get(("mail", weak.earlier)):
                if now is not self._index.now(series):
                    best.setdefault(now.key, Candidate(now.key, weak.rule, weak.score))
        return list(best.values())

    def add(self, revision: Revision) -> None:
        """Join the series that a rule finds, or begin one."""
        weak: dict[str, Candidate] = {}
        home: Match | None = None
        for rule in self._rules:
            found = [match for match in rule(revision) if match.series.revisions]
            sure = _one_each(match for match in found if match.sure)
            if len(sure) > 1 and rule in (self._by_change_id, self._by_link):
                sure = [self._merged(sure)]
            if len(sure) == 1:
                home = sure[0]
                break
            for match in found:
                known = Candidate(match.series.key, match.rule, match.score)
                weak.setdefault(known.earlier, known)
        if home is None:
            series = Series([revision], sorted(weak.values(), key=lambda c: (-c.score, c.earlier)))
            self._all.append(series)
        else:
            series = home.series
            if revision.rule == MIXED:
                revision.rule = f"{home.rule}; {MIXED}"
            else:
                revision.rule, revision.score = home.rule, home.score
            revision.kind = _kind(series, revision)
            series.revisions.append(revision)
        self._note(series, revision)

    def _merged(self, matches: list[Match]) -> Match:
        """Make one series of several: the others' revisions go to the first of them."""
        matches.sort(key=lambda m: (m.series.revisions[0].utc, m.series.key))
        into = matches[0].series
        for rest in matches[1:]:
            first = rest.series.revisions[0]
            first.rule, first.score = f"{rest.rule} from a later one", rest.score
            into.revisions += rest.series.revisions
            self._index.merge(rest.series, into)
        into.revisions.sort(key=in_time)
        return matches[0]

    def _note(self, series: Series, revision: Revision) -> None:
        """Make a series found by what its newest revision has."""
        index, numbers = self._index, revision.numbering
        whose = (revision.person, numbers.target)
        for posting in revision.patches.values():
            index.add(("mail", posting.message_id), series)
            if posting.change_id:
                index.add(("change", posting.change_id, numbers.target), series)
            if posting.patch_id:
                index.add(("patch", posting.patch_id, *whose), series)
            for cited in posting.cites:
                if cited.revision:
                    index.add(("cited", cited.message_id, cited.revision), series)
            index.add(("root", posting.root, *whose), series)
        if revision.cover:
            index.add(("cover", revision.head.title_key, *whose), series)
        for title in revision.titles:
            index.add(("title", title, *whose), series)
            index.add(("anybody", title, numbers.target), series)
        for path in sorted(revision.files)[:_MOST_FILES]:
            index.add(("file", path, *whose), series)

    def _by_change_id(self, new: Revision) -> Iterator[Match]:
        """Both carry one change-id (and are not for different branches)."""
        for posting in new.patches.values():
            if posting.change_id:
                for series in self._index.get(("change", posting.change_id, new.numbering.target)):
                    yield Match(series, "change-id", 1.0)

    def _by_link(self, new: Revision) -> Iterator[Match]:
        """Follow its links to earlier postings."""
        for posting in new.patches.values():
            for cited in posting.cites:
                for series in self._index.get(("mail", cited.message_id)):
                    yield from _linked(series, new, cited.message_id, cited.revision)
                if cited.revision:
                    for series in self._index.get(("cited", cited.message_id, cited.revision)):
                        if series.last.person == new.person:
                            yield Match(series, "link to the same earlier one", 0.95)

    def _by_reply(self, new: Revision) -> Iterator[Match]:
        """Look at the posting that it stands below in the thread."""
        for series in self._index.get(("mail", new.head.above)) if new.head.above else ():
            old, order = series.last, follows(series.last, new)
            is_same = old.person == new.person
            if order == "no" or old.numbering.target != new.numbering.target:
                continue
            if order == "again" and not (is_same and old.titles & new.titles):
                continue
            if is_same:
                yield Match(series, "in reply to", 0.95, sure=related(old, new))
            elif old.titles & new.titles:
                yield Match(series, "in reply to, by another", 0.85, sure=order == "later")

    def _by_cover_title(self, new: Revision) -> Iterator[Match]:
        """Look for the same person's cover letter of the same title."""
        if new.cover is None or not new.person:
            return
        for series in self._of_same(new, "cover", [new.head.title_key]):
            order = follows(series.last, new)
            if order == "later":
                yield Match(series, "author and cover title", 0.9)
            elif order == "again":
                near = _days(series.last, new) <= _AGAIN_DAYS and related(series.last, new)
                yield Match(series, "author and cover title again", 0.8, sure=near)

    def _by_patches(self, new: Revision) -> Iterator[Match]:
        """Look for the same person's patches of the same titles or patch-ids."""
        if not new.person:
            return
        known = self._of_same(new, "title", sorted(new.titles))
        known += self._of_same(new, "patch", sorted(new.patch_ids))
        for series in known:
            old = series.last
            shared, order = patches_overlap(old, new), follows(old, new)
            score = round(0.6 + 0.4 * shared, 2)
            if not shared:
                sure = order == "later" and _is_next(series, new) and has_grown(old, new)
                yield Match(series, "author and a patch", 0.65 if sure else 0.4, sure=sure)
            elif order == "later":
                yield Match(series, "author and patches", score)
            elif order == "again":
                is_equal = bool(old.patch_ids & new.patch_ids)
                is_alike = has_telling_title(new) and bool(old.files & new.files)
                near = _days(old, new) <= _AGAIN_DAYS
                sure = is_equal or (is_alike and near)
                yield Match(series, "author and patches again", round(score - 0.1, 2), sure=sure)

    def _by_thread(self, new: Revision) -> Iterator[Match]:
        """Look for the next number by the same person in the conversation."""
        if not new.person:
            return
        for series in self._of_same(new, "root", [new.head.root]):
            if follows(series.last, new) == "later":
                yield Match(series, "author and thread", 0.8, sure=_is_next(series, new))

    def _by_files(self, new: Revision) -> Iterator[Match]:
        """Look for the next number by the same person for the same files."""
        if not new.person:
            return
        for series in self._of_same(new, "file", sorted(new.files)[:_MOST_FILES]):
            old = series.last
            alike = jaccard(old.files, new.files) * words_overlap(old, new)
            order = follows(old, new)
            if order == "no" or alike < _ALIKE**2 or _days(old, new) > _RENAMED_DAYS:
                continue
            sure = order == "later" and alike >= _ALIKE and _is_next(series, new)
            yield Match(series, "author, files and words", round(0.5 + alike / 4, 2), sure=sure)

    def _by_another(self, new: Revision) -> Iterator[Match]:
        """Look for an earlier number by somebody else: people take over, but titles meet, too."""
        if new.numbering.major < _SECOND or not has_telling_title(new):
            return
        for title in sorted(new.titles):
            for series in self._index.get(("anybody", title, new.numbering.target)):
                old = series.last
                if (
                    old.person != new.person
                    and follows(old, new) == "later"
                    and (old.files & new.files)
                ):
                    yield Match(series, "title and files, by another", 0.4, sure=False)

    def _of_same(self, new: Revision, what: str, keys: Iterable[str]) -> list[Series]:
        """List the series of the same person that share something, each once."""
        found: list[Series] = []
        for key in keys:
            for series in self._index.get((what, key, new.person, new.numbering.target)):
                if series not in found:
                    found.append(series)
        return found


def _linked(series: Series, new: Revision, cited: str, number: int | None) -> Iterator[Match]:
    """Weigh one link to an earlier posting by what the line says of it."""
    old = next(
        (r for r in series.revisions for p in r.patches.values() if p.message_id == cited),
        series.last,
    )
    if old.numbering.target != new.numbering.target:
        return
    is_same = old.person == new.person and not (old.files and new.files and not related(old, new))
    if number and number == old.numbering.major and (is_same or related(old, new)):
        yield Match(series, "link with its number", 0.99)
    elif number is not None and (is_same or related(old, new)):
        yield Match(series, "link to an earlier one", 0.95)
    elif is_same and follows(series.last, new) == "later" and related(old, new):
        yield Match(series, "link", 0.9, sure=bool(patches_overlap(old, new)))


def _one_each(matches: Iterable[Match]) -> list[Match]:
    """Keep of each series the surest match."""
    best: dict[int, Match] = {}
    for match in matches:
        known = best.get(id(match.series))
        if known is None or match.score > known.score:
            best[id(match.series)] = match
    return list(best.values())


def _kind(series: Series, new: Revision) -> RevisionKind:
    """Say whether a revision is a new one, an old one again, or some patches of one."""
    numbers = new.numbering
    if numbers.minor:
        return "reroll"
    whole = series.last
    of_whole = new.titles & whole.titles and new.head.above in {
        posting.message_id for counter, posting in whole.patches.items() if counter
    }
    if of_whole and new.cover is None and 2 * len(new.patches) < len(whole.titles):
        return "reroll"
    is_part = new.cover is None and len(new.patches) < numbers.expected
    if is_part and numbers.expected == whole.numbering.expected and new.head.above:
        return "reroll"
    if numbers.is_resend or any(_is_same(old, new) for old in series.revisions):
        return "resend"
    return "posting"


def _is_same(old: Revision, new: Revision) -> bool:
    """Tell whether a posting is an earlier one again: its number, its titles, its count."""
    one, other = old.numbering, new.numbering
    if (one.major, one.is_rfc, one.expected) != (other.major, other.is_rfc, other.expected):
        return False
    return old.titles == new.titles


def _is_next(series: Series, new: Revision) -> bool:
    """Tell whether its number is the one behind the newest, and something is shared."""
    old = series.last
    is_after = new.numbering.major == old.numbering.major + 1
    is_after = is_after or (old.numbering.is_rfc and new.numbering.major == 1)
    return is_after and related(old, new)


def _days(old: Revision, new: Revision) -> float:
    if not old.utc or not new.utc:
        return float("inf")
    return (datetime.fromisoformat(new.utc) - datetime.fromisoformat(old.utc)).days

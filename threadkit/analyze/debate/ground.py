"""A conversation with the indexes that the questions about it need."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from threadkit.analyze.debate.authors import authored
from threadkit.analyze.debate.terms import terms
from threadkit.analyze.debate.trackers import written
from threadkit.analyze.debate.values import Conversation, DebateMail, Quoted, Said, UnitName


class Ground:
    """A conversation, ready to be asked.

    Parameters
    ----------
    conversation : Conversation
        Its mails may come in any order; a parent that is not among them counts as none.

    Attributes
    ----------
    root : int
        The conversation's name.
    mails : tuple of DebateMail
        In the order of time, parents first.

    Notes
    -----
    Linear but for the sorting. Mails that would answer each other in a circle are taken to
    answer nothing.
    """

    def __init__(self, conversation: Conversation) -> None:
        self.root = conversation.root
        some = {mail.id: mail for mail in written(authored(conversation)).mails}
        self._parent = _parents(some)
        self.mails = tuple(_ordered(some, self._parent))
        self._at = {mail.id: number for number, mail in enumerate(self.mails)}
        self._children: defaultdict[int, list[int]] = defaultdict(list)
        for mail in self.mails:
            parent = self._parent[mail.id]
            if parent is not None:
                self._children[parent].append(mail.id)
        self._entered, self._left = self._walked()
        self._words: dict[UnitName, Sequence[str]] = {}
        self._starts = {mail.id: [unit.start for unit in mail.units] for mail in self.mails}
        self._quotes = {
            mail.id: sorted(mail.quotes, key=lambda one: (one.start, one.stop))
            for mail in self.mails
        }
        self._quoting: defaultdict[int, list[tuple[int, Quoted]]] = defaultdict(list)
        for mail in self.mails:
            for quoted in mail.quotes:
                if quoted.source in some and quoted.source != mail.id:
                    self._quoting[quoted.source].append((mail.id, quoted))

    def __contains__(self, mail: int) -> bool:
        return mail in self._at

    def mail(self, number: int) -> DebateMail:
        """Return a mail of the conversation.

        Parameters
        ----------
        number : int
            Its name.
        """
        return self.mails[self._at[number]]

    def rank(self, number: int) -> int:
        """Return the place of a mail in the order of time.

        Parameters
        ----------
        number : int
            Its name.
        """
        return self._at[number]

    def parent(self, number: int) -> int | None:
        """Return the mail that a mail answers, if it is here.

        Parameters
        ----------
        number : int
            Its name.
        """
        return self._parent[number]

    def children(self, number: int) -> list[int]:
        """Return the mails that answer a mail.

        Parameters
        ----------
        number : int
            Its name.

        Returns
        -------
        list of int
            In the order of time.
        """
        return self._children.get(number, [])

    def ancestors(self, number: int) -> Iterator[int]:
        """Yield what a mail answers, the nearest first.

        Parameters
        ----------
        number : int
            Its name.
        """
        above = self._parent[number]
        while above is not None:
            yield above
            above = self._parent[above]

    def descends(self, number: int, above: int) -> bool:
        """Tell if a mail answers another one, over whatever mails between.

        Parameters
        ----------
        number, above : int
            The mail below, the mail above; a mail does not descend from itself.
        """
        return self._entered[above] < self._entered[number] <= self._left[above]

    def quoting(self, number: int) -> list[tuple[int, Quoted]]:
        """Return where a mail is quoted.

        Parameters
        ----------
        number : int
            Its name.

        Returns
        -------
        list of (int, Quoted)
            The quoting mails in the order of time, each with the passage.
        """
        return self._quoting.get(number, [])

    def quotes(self, number: int, start: int, stop: int) -> list[Quoted]:
        """Return the known quotations that a stretch of a mail's body touches.

        Parameters
        ----------
        number : int
            The mail.
        start, stop : int
            Characters of its body.

        Returns
        -------
        list of Quoted
            In the order of the text, those of mails that are here.
        """
        some = self._quotes[number]
        at = max(0, bisect_left(some, start, key=lambda one: one.start) - 1)
        found = []
        while at < len(some) and some[at].start < stop:
            one = some[at]
            if one.stop > start and one.source in self._at and one.source != number:
                found.append(one)
            at += 1
        return found

    def unit(self, name: UnitName) -> Said:
        """Return a unit.

        Parameters
        ----------
        name : UnitName
            Of a unit that is here.
        """
        return self.mail(name.mail).units[name.unit]

    def text(self, name: UnitName) -> str:
        """Return the words of a unit.

        Parameters
        ----------
        name : UnitName
            Of a unit that is here.
        """
        mail = self.mail(name.mail)
        unit = mail.units[name.unit]
        return mail.body[unit.start : unit.stop]

    def words(self, name: UnitName) -> Sequence[str]:
        """Return the words of a unit that tell what it is about.

        Parameters
        ----------
        name : UnitName
            Of a unit that is here.
        """
        found = self._words.get(name)
        if found is None:
            found = self._words[name] = terms(self.text(name))
        return found

    def overlaps(self, number: int, start: int, stop: int) -> list[tuple[int, int]]:
        """Return the units of a mail that a stretch of its body touches.

        Parameters
        ----------
        number : int
            The mail.
        start, stop : int
            Characters of its body.

        Returns
        -------
        list of (int, int)
            Number of the unit, characters in common.
        """
        units = self.mail(number).units
        at = max(0, bisect_left(self._starts[number], start) - 1)
        found = []
        while at < len(units) and units[at].start < stop:
            common = min(stop, units[at].stop) - max(start, units[at].start)
            if common > 0:
                found.append((at, common))
            at += 1
        return found

    def names(self) -> Iterator[UnitName]:
        """Yield all units, in the order of time and text."""
        for mail in self.mails:
            for number in range(len(mail.units)):
                yield UnitName(mail.id, number)

    def _walked(self) -> tuple[dict[int, int], dict[int, int]]:
        """Give the mails numbers; all that answer one have the numbers behind its own."""
        entered: dict[int, int] = {}
        left: dict[int, int] = {}
        waiting = [mail.id for mail in reversed(self.mails) if self._parent[mail.id] is None]
        while waiting:
            number = waiting.pop()
            if number in entered:
                left[number] = len(entered) - 1
                continue
            entered[number] = len(entered)
            waiting.append(number)
            waiting += reversed(self._children.get(number, []))
        return entered, left


def _parents(some: dict[int, DebateMail]) -> dict[int, int | None]:
    """Return the parent of each mail, none where it is away or would close a circle."""
    parents: dict[int, int | None] = {}
    for number in sorted(some):
        above = some[number].parent
        parents[number] = above if above in some else None
    safe: set[int] = set()
    for number in sorted(some):
        path: set[int] = set()
        at: int | None = number
        while at is not None and at not in safe:
            path.add(at)
            above = parents[at]
            if above in path:
                parents[at] = above = None
            at = above
        safe |= path
    return parents


def _ordered(some: dict[int, DebateMail], parents: dict[int, int | None]) -> list[DebateMail]:
    """Sort by time, but never an answer before what it answers; two of one name by their words."""
    late: dict[int, str] = {}
    depth: dict[int, int] = {}
    for number in sorted(some):
        path = []
        at: int | None = number
        while at is not None and at not in late:
            path.append(at)
            at = parents[at]
        for one in reversed(path):
            above = parents[one]
            own = some[one].utc or ""
            late[one] = own if above is None else max(own, late[above])
            depth[one] = 0 if above is None else depth[above] + 1
    return sorted(
        some.values(),
        key=lambda mail: (late[mail.id], depth[mail.id], mail.message_id, mail.body, mail.id),
    )

"""Reply trees whose indent grows only where a side discussion leaves the main line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from threadkit.site.values import Mail


class Row(NamedTuple):
    """A mail with its place in the tree.

    Attributes
    ----------
    mail : Mail
        What stands here.
    level : int
        Side discussions around it; 0 on the main line.
    path : int
        Number of the run of replies that it is part of; rows of one path are on one line.
    begins : bool
        It is the first of its path.
    branch : int
        Messages of the side discussion that begins here; of the whole tree at a root.
    """

    mail: Mail
    level: int
    path: int
    begins: bool
    branch: int


class Groups(NamedTuple):
    """The mails of a site as they are shown: what only a subject placed is apart."""

    thread: list[Row]
    loose: list[Row]
    beside: list[Row]


def groups(mails: Sequence[Mail]) -> Groups:
    """Lay out all mails of a site.

    Parameters
    ----------
    mails : sequence of Mail
        Parents may stand anywhere, be missing, or go round in a circle.

    Returns
    -------
    Groups
        Each mail in exactly one of them. Replies to what only a subject placed stay with it.
    """
    numbers = _numbers(mails)
    parents = [_parent(number, mail, numbers) for number, mail in enumerate(mails)]
    kinds = ["beside" if mail.where != "thread" else "thread" for mail in mails]
    for number, mail in enumerate(mails):
        above = parents[number]
        if mail.loose or (above is not None and kinds[above] != kinds[number]):
            parents[number] = None
    parents = _uncircled(parents)
    for number in _down(parents):
        above = parents[number]
        if mails[number].loose and kinds[number] == "thread":
            kinds[number] = "loose"
        elif above is not None:
            kinds[number] = kinds[above]
    rows = list(_rows(mails, parents))
    kind_of = dict(zip(map(id, mails), kinds, strict=True))
    return Groups(*([row for row in rows if kind_of[id(row.mail)] == kind] for kind in _KINDS))


_KINDS = ("thread", "loose", "beside")


def rows(mails: Sequence[Mail]) -> list[Row]:
    """Lay out trees of replies, the heaviest path of each on one line.

    Parameters
    ----------
    mails : sequence of Mail
        In the order of time; a parent that is not among them makes a root.

    Returns
    -------
    list of Row
        In reading order: a mail, its side discussions in the order of time, then the reply with
        the most messages below it, on the line of the mail itself.

    Examples
    --------
    >>> def mail(name, parent):
    ...     return Mail(name, name, "", None, "", parent)
    >>> tree = [mail("a", None), mail("b", "a"), mail("c", "b"), mail("side", "a")]
    >>> [(row.mail.name, row.level) for row in rows(tree)]
    [('a', 0), ('side', 1), ('b', 0), ('c', 0)]

    Notes
    -----
    A side discussion has at most half of the messages below the mail that it leaves, so no
    level is above log2 of their number, however deep the replies go. n log n; no recursion.

    References
    ----------
    D. D. Sleator, R. E. Tarjan: A data structure for dynamic trees (1983), heavy paths.
    """
    numbers = _numbers(mails)
    found = [_parent(number, mail, numbers) for number, mail in enumerate(mails)]
    return list(_rows(mails, _uncircled(found)))


def _numbers(mails: Sequence[Mail]) -> dict[str, int]:
    """Map names of mails to numbers; of two with one name others mean the first."""
    found: dict[str, int] = {}
    for number, mail in enumerate(mails):
        found.setdefault(mail.message_id, number)
    return found


def _parent(number: int, mail: Mail, numbers: Mapping[str, int]) -> int | None:
    above = numbers.get(mail.parent) if mail.parent is not None else None
    return None if above == number else above


def _uncircled(parents: Sequence[int | None]) -> list[int | None]:
    """Cut every circle at its first mail."""
    found = list(parents)
    state = [0] * len(found)  # 0 not looked at, 1 on the way up from here, 2 done
    for begin in range(len(found)):
        way: list[int] = []
        at: int | None = begin
        while at is not None and not state[at]:
            state[at] = 1
            way.append(at)
            at = found[at]
        if at is not None and state[at] == 1:
            found[min(way[way.index(at) :])] = None
        for number in way:
            state[number] = 2
    return found


def _children(parents: Sequence[int | None]) -> tuple[list[int], list[list[int]]]:
    roots: list[int] = []
    children: list[list[int]] = [[] for _ in parents]
    for number, above in enumerate(parents):
        (roots if above is None else children[above]).append(number)
    return roots, children


def _down(parents: Sequence[int | None]) -> Iterator[int]:
    """Walk all trees, parents before children."""
    roots, children = _children(parents)
    stack = roots[::-1]
    while stack:
        number = stack.pop()
        yield number
        stack += reversed(children[number])


def _rows(mails: Sequence[Mail], parents: Sequence[int | None]) -> Iterator[Row]:
    roots, children = _children(parents)
    sizes = [1] * len(mails)
    for number in reversed(list(_down(parents))):
        above = parents[number]
        if above is not None:
            sizes[above] += sizes[number]

    def when(number: int) -> tuple[int, int]:
        return mails[number].order, number

    paths = 0
    stack = [(number, 0, -1) for number in sorted(roots, key=when, reverse=True)]
    while stack:
        number, level, path = stack.pop()
        begins = path < 0
        if begins:
            path = paths
            paths += 1
        yield Row(mails[number], level, path, begins, sizes[number])
        below = sorted(children[number], key=when)
        if below:
            heavy = max(below, key=lambda one: (sizes[one], -mails[one].order, -one))
            stack.append((heavy, level, path))
            stack += [(one, level + 1, -1) for one in reversed(below) if one != heavy]


def speakers(rows: Iterable[Row], name: Callable[[str], str], most: int = 3) -> str:
    """Name who speaks in some rows, those who say most first.

    Parameters
    ----------
    rows : iterable of Row
        Of one side discussion.
    name : callable
        From the key of a person to a name.
    most : int, optional
        How many to name; the others are counted.

    Returns
    -------
    str
        ``Ada, Bo, Cy and 2 others``.
    """
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.mail.person] = counts.get(row.mail.person, 0) + 1
    known = sorted((key for key in counts if key), key=lambda key: -counts[key])
    named = ", ".join(name(key) for key in known[:most])
    more = len(known) - most
    if more > 0:
        return f"{named} and {more} other{'s' if more > 1 else ''}"
    return named

"""Numbers of people's colours, kept so that a page that is built again looks the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from sqlite3 import Connection

COLOURS = 6
"""So many people of one page can be told apart by colour."""


def colours(conn: Connection) -> dict[str, int]:
    """List the colours that were given.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Returns
    -------
    dict of str to int
        From 1, by address in lower case.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> colours(db.conn)
    {}
    >>> db.close()
    """
    return dict(conn.execute("SELECT address, colour FROM person_colour ORDER BY address"))


def chosen(
    people: Sequence[Sequence[str]], before: dict[str, int], most: int = COLOURS
) -> list[int]:
    """Choose a colour for each of some people: the one that they had, else one that is free.

    Parameters
    ----------
    people : sequence of sequence of str
        The addresses of each, in the order in which colours are to be given.
    before : dict of str to int
        As :func:`colours` gives them.
    most : int, optional
        Colours that there are.

    Returns
    -------
    list of int
        1 to `most`, one a person; people whose addresses were of two have the lower number.
        With more people than colours some share one; no one changes for a newcomer's sake.

    Examples
    --------
    >>> chosen([["ann@example.org"], ["bo@example.org"]], {"bo@example.org": 1})
    [2, 1]
    """
    had = [
        min((before[a] for one in some if (a := one.lower()) in before), default=0)
        for some in people
    ]
    used = Counter(number for number in had if number)
    found = []
    for number in had:
        if not 1 <= number <= most:
            number = min(range(1, most + 1), key=lambda one: (used[one], one))
            used[number] += 1
        found.append(number)
    return found


def keep_colours(
    conn: Connection, people: Sequence[Sequence[str]], most: int = COLOURS
) -> list[int]:
    """Choose colours as :func:`chosen` does, and keep what is new.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    people : sequence of sequence of str
        The addresses of each.
    most : int, optional
        Colours that there are.

    Returns
    -------
    list of int
        One a person.
    """
    before = colours(conn)
    found = chosen(people, before, most)
    new = {
        (one.lower(), number)
        for some, number in zip(people, found, strict=True)
        for one in some
        if before.get(one.lower()) != number
    }
    conn.executemany("INSERT OR REPLACE INTO person_colour VALUES (?, ?)", sorted(new))
    return found

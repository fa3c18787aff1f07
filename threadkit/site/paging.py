"""Long lists in parts: each a page of its own that leads to the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")


class Part(NamedTuple, Generic[Row]):
    """One page of a list: its path, its rows, and number and path of all parts.

    ``others`` is empty where everything fits on one page; the path of this part is empty there.
    """

    number: int
    path: str
    rows: Sequence[Row]
    others: Sequence[tuple[int, str]]


def parts(beginning: str, rows: Sequence[Row], most: int) -> Iterator[Part[Row]]:
    """Cut a list into pages.

    Parameters
    ----------
    beginning : str
        Path of the first page without ``.html``; the next one ends in ``~2``.
    rows : sequence
        What is listed.
    most : int
        Rows of a page.

    Yields
    ------
    Part
        At least one.

    Examples
    --------
    >>> [(part.path, list(part.rows)) for part in parts("people", "abc", 2)]
    [('people.html', ['a', 'b']), ('people~2.html', ['c'])]
    """
    total = max(1, -(-len(rows) // most))
    paths = [beginning + (f"~{number}" * (number > 1)) + ".html" for number in range(1, total + 1)]
    for number, path in enumerate(paths, 1):
        others = [(one, "" if one == number else other) for one, other in enumerate(paths, 1)]
        here = rows[(number - 1) * most : number * most]
        yield Part(number, path, here, others if total > 1 else [])

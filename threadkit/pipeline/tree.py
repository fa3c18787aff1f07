"""A conversation as text: a heavy-path tree, or the overview that lore prints.

A long debate is dozens of levels deep, and an indent for every level walks off the
screen. The *heavy path* of a message goes on with the answer that most messages hang
on; only side discussions are indented, so the depth is at most log2(messages).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.pipeline.display import cut, fit, one_line, width

Style = Literal["heavy", "lore"]

LOOSE_LINE = "-- strict thread matches above, loose matches on Subject: below --"
"""What lore prints between what References prove and what only a subject suggests."""

NOT_FOUND = "     [not found]"
AUTHOR_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Node:
    """What a tree shows of a message.

    Attributes
    ----------
    key : int
        Tells it from the others, to mark it.
    author, title : str
        Who wrote it; its subject without ``Re:``.
    shown_utc : str
        ISO 8601 in UTC, or empty.
    message_id : str
        Shown in place of the author for a ghost.
    ghost, loose : bool
        Referenced and never seen; matched by its subject alone.
    note : str
        Stands behind the row.
    """

    key: int
    author: str
    title: str
    shown_utc: str
    message_id: str = ""
    ghost: bool = False
    loose: bool = False
    note: str = ""


def draw(
    rows: Sequence[tuple[int, Node]],
    style: Style = "heavy",
    *,
    columns: int | None = None,
    here: int | None = None,
    ascii_only: bool = False,
) -> Iterator[str]:
    r"""Draw a conversation, one line a message.

    Parameters
    ----------
    rows : sequence of (depth, Node)
        In reading order: each message before its answers, loose matches last.
    style : {"heavy", "lore"}, optional
        ``heavy`` indents side discussions only; ``lore`` indents every answer by two
        columns and puts the subject before the author, as lore's overview does.
    columns : int, optional
        Cut lines to this width; by default nothing is cut.
    here : int, optional
        Key of the message to mark with ``[this message]``.
    ascii_only : bool, optional
        Draw with ``|``, ``+`` and ``-``.

    Yields
    ------
    str
        Lines without line end; a subject is given where it differs from the row above.

    Examples
    --------
    >>> rows = [(0, Node(1, "Ann", "fork", "2020-01-01T09:05:00Z")),
    ...         (1, Node(2, "Bob", "fork", "2020-01-02T00:00:00Z"))]
    >>> print("\n".join(draw(rows, "lore")))
    2020-01-01  9:05 fork Ann
    2020-01-02  0:00 ` Bob

    Notes
    -----
    Linear; no recursion, so that a thread may be as deep as it likes.

    References
    ----------
    public-inbox, Documentation/design_www.txt, for lore's overview.
    """
    lines = _lore(rows) if style == "lore" else _heavy(rows)
    separated = False
    for node, line in lines:
        if node.loose and not separated:
            separated = True
            yield LOOSE_LINE if columns is None else cut(LOOSE_LINE, columns)
        if here is not None and node.key == here:
            line += " [this message]"
        if columns is not None:
            line = cut(line, columns)
        yield line.translate(_ASCII) if ascii_only else line


_ASCII = str.maketrans({"│": "|", "├": "+", "└": "`", "─": "-", "┬": "+", "…": "~"})


def _lore(rows: Iterable[tuple[int, Node]]) -> Iterator[tuple[Node, str]]:
    """Draw as lore: two columns a level, a back tick, subject, author."""
    above = None
    for depth, node in rows:
        mark = "  " * (depth - 1) + "` " if depth else ""
        if node.ghost:
            yield node, f"{NOT_FOUND} {mark}<{one_line(node.message_id)}>{_note(node)}"
            continue
        title = one_line(node.title)
        said = "" if title == above else title + " "
        above = title
        yield node, f"{_minute(node.shown_utc)} {mark}{said}{one_line(node.author)}{_note(node)}"


def _heavy(rows: Sequence[tuple[int, Node]]) -> Iterator[tuple[Node, str]]:
    """Draw main lines straight down and side discussions indented beside them."""
    above = None
    for marks, place in _paths([depth for depth, _ in rows]):
        depth, node = rows[place]
        if node.ghost:
            yield node, f"{NOT_FOUND} {marks} <{one_line(node.message_id)}>{_note(node)}"
            continue
        author, title = one_line(node.author), one_line(node.title)
        if depth == 0 or title != above:
            room = AUTHOR_COLUMNS - width(marks)
            author = (fit(author, room) if width(author) < room else author) + "  " + title
        above = title
        yield node, f"{_minute(node.shown_utc)} {marks} {author}{_note(node)}"


def _paths(depths: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Walk the heavy paths: a message, its side discussions, then its main answer.

    Yields the marks and the place of each row. ``margin`` draws the lines that run on
    beside a path; ``lead`` joins its first message to the one it answers.
    """
    roots, answers, sizes = _shape(depths)
    waiting = [("", "", "┬", "─", place) for place in reversed(roots)]
    while waiting:
        margin, lead, goes_on, ends, place = waiting.pop()
        yield margin + lead + (goes_on if answers[place] else ends), place
        if not answers[place]:
            continue
        if lead:
            margin += "│ "
        heavy = max(answers[place], key=sizes.__getitem__)
        waiting.append((margin, "", "├", "└", heavy))
        waiting.extend(
            (margin, "├─", "┬", "─", side) for side in reversed(answers[place]) if side != heavy
        )


def _shape(depths: Sequence[int]) -> tuple[list[int], list[list[int]], list[int]]:
    """Find roots, the answers of each row, and the rows below and including each."""
    roots: list[int] = []
    answers: list[list[int]] = [[] for _ in depths]
    sizes = [1] * len(depths)
    line: list[int] = []  # the rows that the current one stands below
    for place, depth in enumerate(depths):
        while line and depths[line[-1]] >= depth:
            line.pop()
        (answers[line[-1]] if line else roots).append(place)
        line.append(place)
    for place in range(len(depths) - 1, -1, -1):
        sizes[place] += sum(sizes[answer] for answer in answers[place])
    return roots, answers, sizes


def _minute(iso_utc: str) -> str:
    """Show a time as lore does: date, then the hour without a leading zero."""
    if len(iso_utc) < 16:
        return " " * 16
    return f"{iso_utc[:10]} {' ' if iso_utc[11] == '0' else iso_utc[11]}{iso_utc[12:16]}"


def _note(node: Node) -> str:
    return f" {node.note}" if node.note else ""

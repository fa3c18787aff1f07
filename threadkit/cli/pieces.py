"""A line made of pieces that look unlike, fitted to a terminal."""

from __future__ import annotations

from threadkit.cli.console import Console
from threadkit.pipeline.display import cut, one_line, width

Piece = tuple[str, dict[str, bool | str | None]]
"""A text and how it looks, as :func:`click.style` takes it."""


def joined(console: Console, *pieces: Piece, room: int) -> str:
    """Join pieces by two blanks, and cut them where the terminal ends.

    Parameters
    ----------
    console : Console
        For its colours.
    *pieces : Piece
        Empty ones are left out.
    room : int
        Columns.

    Examples
    --------
    >>> joined(Console(color="never"), ("c6", {}), ("", {}), ("open", {"fg": "cyan"}), room=6)
    'c6  o…'
    """
    line, used = "", 0
    for text, look in pieces:
        if not text:
            continue
        gap = "  " if line else ""
        left = room - used - len(gap)
        if left <= 0:
            break
        shown = cut(one_line(text), left)
        line += gap + console.style(shown, **look)
        used += len(gap) + width(shown)
        if shown != one_line(text):
            break
    return line

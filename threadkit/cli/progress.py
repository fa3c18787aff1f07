"""One line on stderr that says how far a long command is, while a person watches it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from threadkit.cli.console import Console

_T = TypeVar("_T")
_REDRAW_S = 0.1
_ANEW = "\r\x1b[K"


class StatusLine:
    """A line that is drawn anew, ten times a second at most, and taken away at the end.

    Parameters
    ----------
    watched : bool
        Somebody sees it; nothing is drawn otherwise.
    """

    def __init__(self, watched: bool) -> None:
        self.watched = watched
        self._last = 0.0
        self._drawn = False

    def is_due(self) -> bool:
        """Tell whether the line may be drawn again; ask before making a text for it."""
        from time import monotonic

        return self.watched and monotonic() - self._last >= _REDRAW_S

    def draw(self, text: str) -> None:
        """Draw the line now.

        Parameters
        ----------
        text : str
            Safe for a terminal, and no wider than it.
        """
        from time import monotonic

        if self.watched:
            self._last = monotonic()
            self._drawn = True
            click.echo(f"{_ANEW}{text}", nl=False, err=True)

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self._drawn:
            click.echo(_ANEW, nl=False, err=True)
            self._drawn = False


@contextmanager
def status_line(console: Console) -> Iterator[StatusLine]:
    """Give a line on stderr, and take it away at the end.

    Parameters
    ----------
    console : Console
        Of this run; with ``-q`` nothing is drawn.

    Yields
    ------
    StatusLine
        Draws nothing where stderr is no terminal.
    """
    line = StatusLine(not console.quiet and sys.stderr.isatty())
    try:
        yield line
    finally:
        line.clear()


@contextmanager
def progress_line(
    console: Console, text: Callable[[_T], str]
) -> Iterator[Callable[[_T], None] | None]:
    """Give what a long task tells its progress to.

    Parameters
    ----------
    console : Console
        Of this run.
    text : callable
        Makes the line of what the task tells.

    Yields
    ------
    callable or None
        Takes what the task tells; None if nobody watches.
    """
    with status_line(console) as line:

        def tell(now: _T) -> None:
            """Draw the line anew if it is time."""
            if line.is_due():
                line.draw(text(now))

        yield tell if line.watched else None

"""What is wrong with a litmus file, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from threadkit.errors import ThreadkitError, printable

CONTEXT_COLUMNS = 100
"""Columns of a long line that :meth:`LitmusError.context` shows."""


class LitmusError(ThreadkitError):
    """A litmus text is not in the language, or says what cannot be.

    Parameters
    ----------
    origin : str
        Name of the file, or what stands for it.
    line, column : int
        Both from 1; columns are characters.
    expected : str
        What would have been right there.
    found : str
        What stands there, quoted where it is text of the file.
    source : str, optional
        The line itself.

    Examples
    --------
    >>> error = LitmusError("S1.litmus", 3, 9, "a page (x)", "'y'", "parent: read y[0];")
    >>> print(error)
    S1.litmus:3:9: expected a page (x), found 'y'
    """

    exit_code = 2

    def __init__(
        self, origin: str, line: int, column: int, expected: str, found: str, source: str = ""
    ) -> None:
        self.origin = origin
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found
        self.source = source
        place = f"{printable(origin)}:{line}:{column}"
        super().__init__(f"{place}: expected {expected}, found {found}")

    def context(self) -> str:
        """Show the line with a caret below the place.

        Returns
        -------
        str
            Two lines; a long line is cut around the place, and what a terminal must not
            get is replaced.

        Examples
        --------
        >>> error = LitmusError("S1", 1, 9, "an operation", "'rite'", "parent: rite x[0] = 1;")
        >>> print(error.context())
        parent: rite x[0] = 1;
                ^
        """
        cut = len(self.source) > CONTEXT_COLUMNS
        start = max(0, self.column - 1 - CONTEXT_COLUMNS // 2) if cut else 0
        shown = self.source[start : start + CONTEXT_COLUMNS]
        safe = "".join(c if c.isprintable() else " " if c == "\t" else "\ufffd" for c in shown)
        return f"{safe}\n{' ' * (self.column - 1 - start)}^"


class LitmusUnreadable(ThreadkitError):
    """A litmus file cannot be opened.

    Parameters
    ----------
    path : Path
        The file.
    why : str
        The reason in a few words.
    """

    exit_code = 2

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{printable(str(path))}: {why}")


def near(word: str, known: Iterable[str]) -> str:
    """Say which known word may have been meant.

    Parameters
    ----------
    word : str
        As written.
    known : iterable of str
        What there is.

    Returns
    -------
    str
        To be put behind what was expected; empty where nothing comes close.

    Examples
    --------
    >>> near("wirte", ["read", "write"])
    " (did you mean 'write'?)"
    >>> near("zap", ["read", "write"])
    ''
    """
    found = get_close_matches(word, list(known), 1)
    return f" (did you mean '{found[0]}'?)" if found else ""

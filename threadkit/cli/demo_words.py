"""How the demo says things: what was imported, how the program is called, what fits a line."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from threadkit.cli.console import DEFAULT_DB

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.report import ImportReport

COLUMNS = 80
"""Where there is no terminal to ask."""


def imported(console: Console, report: ImportReport, others: int) -> str:
    """Say what the import of the sample mail did.

    Parameters
    ----------
    console : Console
        Knows the database.
    report : ImportReport
        Of the import.
    others : int
        Mails in the database that are no samples.

    Returns
    -------
    str
        A sentence.
    """
    text = f"{console.db}: {report.seen} sample mails read, {report.added} stored"
    if report.copies:
        text += f", {report.copies} more as a copy"
    if report.known:
        text += f", {report.known} were here before"
    if others:
        text += f"; the other mail in this database ({others}) is left alone"
    return text + "."


def start(console: Console) -> list[str]:
    """Return the words that a command begins with, so that it works when copied into this shell.

    Parameters
    ----------
    console : Console
        Knows the database.

    Returns
    -------
    list of str
        The program as it was called, and the database where it is not the usual one.
    """
    words = _program()
    if console.db != Path(os.environ.get("THREADKIT_DB") or DEFAULT_DB):
        words += ["--db", str(console.db)]
    return words


def wrapped(text: str, room: int, first: str = "", more: str | None = None) -> list[str]:
    """Break a text into lines.

    Parameters
    ----------
    text : str
        One line; its control characters are shown.
    room : int
        Columns.
    first, more : str, optional
        What the first line begins with, and the others; the same without.

    Returns
    -------
    list of str
        Without ends.
    """
    from threadkit.pipeline.display import one_line

    return textwrap.wrap(
        one_line(text),
        room,
        initial_indent=first,
        subsequent_indent=first if more is None else more,
        break_on_hyphens=False,
    )


def _program() -> list[str]:
    called = Path(sys.argv[0])
    on_path = shutil.which("threadkit")
    if called.name == "__main__.py":
        return [sys.executable, "-m", "threadkit"]
    if called.name != "threadkit" or (on_path and Path(on_path).samefile(called)):
        return ["threadkit"]
    here = Path.cwd()
    return [str(called.relative_to(here) if called.is_relative_to(here) else called)]

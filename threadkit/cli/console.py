"""Where output goes: a terminal, its pager, or a pipe; and what is said on stderr."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    import subprocess

DEFAULT_DB = "threadkit.db"
_CHUNK = 512


@dataclass
class Console:
    """What the global options say, and the writing that follows from them.

    Attributes
    ----------
    db : Path
        The database file.
    quiet : bool
        Say nothing on stderr but errors.
    color : str
        ``auto``, ``always`` or ``never``.
    pager : bool
        False after ``--no-pager``.
    """

    db: Path = Path(DEFAULT_DB)
    quiet: bool = False
    color: str = "auto"
    pager: bool = True

    @property
    def tty(self) -> bool:
        """True if a person reads standard output."""
        return sys.stdout.isatty()

    @property
    def columns(self) -> int | None:
        """The width of the terminal; None in a pipe, where nothing is cut."""
        return max(20, shutil.get_terminal_size().columns) if self.tty else None

    @property
    def colored(self) -> bool:
        """True if output may carry colours (no-color.org)."""
        if self.color != "auto":
            return self.color == "always"
        return self.tty and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def plain_ascii(self) -> bool:
        """True if the terminal's encoding cannot draw lines."""
        try:
            "├─┬…".encode(sys.stdout.encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            return True
        return False

    def style(self, text: str, **look: bool | str | None) -> str:
        """Return text with this look if colours are on (see :func:`click.style`).

        Parameters
        ----------
        text : str
            Plain text.
        **look
            What click.style takes.

        Returns
        -------
        str
            The text itself where there are no colours.
        """
        return click.style(text, **look) if self.colored else text  # type: ignore[arg-type]

    def note(self, text: str) -> None:
        """Say something on stderr, unless ``-q``.

        Parameters
        ----------
        text : str
            One line; it may quote what strangers wrote.
        """
        if not self.quiet:
            warn(text)

    def write(self, lines: Iterable[str]) -> None:
        """Write lines to standard output, through the pager on a terminal.

        Parameters
        ----------
        lines : iterable of str
            Without line ends; consumed as they are written, so that a long list starts
            at once and ends when the pager does.
        """
        command = self._pager_command()
        if command is None:
            for chunk in _chunks(lines):
                click.echo(chunk, nl=False, color=self.colored)
            return
        with _pager(command) as pipe:
            for chunk in _chunks(lines):
                pipe.write(chunk)

    def write_bytes(self, data: bytes) -> None:
        """Write bytes to standard output as they are.

        Parameters
        ----------
        data : bytes
            Any bytes.
        """
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def _pager_command(self) -> list[str] | None:
        """Find the pager: THREADKIT_PAGER, PAGER, then less; None where none is wanted."""
        if not self.pager or not self.tty or os.environ.get("TERM") == "dumb":
            return None
        for name in ("THREADKIT_PAGER", "PAGER"):
            if name in os.environ:
                chosen = os.environ[name].strip()
                if chosen in ("", "cat"):
                    return None
                from shlex import split

                words = split(chosen)
                return words if shutil.which(words[0]) else None
        return ["less"] if shutil.which("less") else None


def warn(text: str) -> None:
    """Say something on stderr that even ``-q`` does not silence.

    Parameters
    ----------
    text : str
        One line; control characters in it are shown, not sent to the terminal.
    """
    from threadkit.pipeline.display import one_line

    click.echo(f"threadkit: {one_line(text)}", err=True)


def stderr_columns() -> int:
    """Return the width of the terminal that standard error is.

    Returns
    -------
    int
        80 if it does not say.
    """
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


@contextmanager
def _pager(command: list[str]) -> Iterator[IO[str]]:
    """Run a pager; leaving it early is no error, and Ctrl-C is the pager's to answer."""
    import subprocess  # 10 ms that only a terminal has to pay

    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        env={"LESS": "FRX", "LESSCHARSET": "utf-8", **os.environ},
        encoding="utf-8",
        errors="backslashreplace",
    )
    # With the default action a pager that is left early would end us by the signal.
    before = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    pipe = process.stdin
    assert pipe is not None
    try:
        with suppress(BrokenPipeError, KeyboardInterrupt):
            yield pipe
    finally:
        with suppress(BrokenPipeError):
            pipe.close()
        _wait(process)
        signal.signal(signal.SIGPIPE, before)


def _wait(process: subprocess.Popen[str]) -> None:
    """Wait for the pager however often Ctrl-C is pressed in it."""
    while True:
        try:
            process.wait()
        except KeyboardInterrupt:
            continue
        return


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    """Join lines into pieces that are worth a system call."""
    gathered: list[str] = []
    for line in lines:
        gathered.append(line)
        if len(gathered) >= _CHUNK:
            yield "\n".join(gathered) + "\n"
            gathered.clear()
    if gathered:
        yield "\n".join(gathered) + "\n"

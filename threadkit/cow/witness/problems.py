"""What can keep a real kernel from being asked, each told apart.

:class:`Unavailable` is a reason to skip a witness, not to fail: this machine lacks what
it takes. The others say that something went wrong that should not have.
"""

from __future__ import annotations

from threadkit.errors import ThreadkitError, printable

LAST_LINES = 12
"""Lines of a console, or of a tool's output, that a message repeats."""


class WitnessError(ThreadkitError):
    """A real kernel could not be asked."""


class Unavailable(WitnessError):
    """A machine that lacks what it takes; the witness is skipped with this reason.

    Parameters
    ----------
    what : str
        What was wanted: ``kernels of the distribution``.
    why : str
        What is missing, and what to do.

    Examples
    --------
    >>> print(Unavailable("booting a kernel", "qemu-system-x86_64 is not installed"))
    booting a kernel: qemu-system-x86_64 is not installed
    """

    exit_code = 4

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why
        super().__init__(f"{what}: {why}")


class NoSuchKernel(WitnessError):
    """No kernel answers to this name.

    Parameters
    ----------
    name : str
        What was asked for.
    why : str
        Where it was looked for, and what would be there.
    """

    exit_code = 3

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        self.why = why
        super().__init__(f"{printable(name)}: {why}")


class ToolFailed(WitnessError):
    """A program of the system failed.

    Parameters
    ----------
    doing : str
        What it was for: ``compiling the kernel``.
    said : str
        Its output; the last lines become part of the message.
    """

    def __init__(self, doing: str, said: str) -> None:
        self.doing = doing
        self.said = said
        super().__init__(f"{doing} failed:\n{last_lines(said)}")


class BootFailed(WitnessError):
    """A kernel was started and did not come to a proper end.

    Parameters
    ----------
    kernel : str
        Its name.
    why : str
        ``still running after 60 s``, or what the kernel said.
    console : str
        All that it wrote; the last lines become part of the message.
    report : str
        What init had reported until then; its last line, too.
    """

    def __init__(self, kernel: str, why: str, console: str, report: str = "") -> None:
        self.kernel = kernel
        self.why = why
        self.console = console
        self.report = report
        text = f"{kernel}: {why}; its console ends:\n{last_lines(console)}"
        if report.strip():
            text += f"\nand its report:\n{last_lines(report, 1)}"
        super().__init__(text)


class UnexpectedSource(WitnessError):
    """Kernel source is not as the change expects it: nothing was changed.

    Parameters
    ----------
    place : str
        File and function.
    why : str
        What was looked for and not found.
    """

    def __init__(self, place: str, why: str) -> None:
        self.place = place
        self.why = why
        super().__init__(f"{place}: {why}; the change is not made")


class Terminated(ThreadkitError):
    """Somebody asked for the end (SIGTERM); what was begun was ended in order."""

    exit_code = 143

    def __init__(self) -> None:
        super().__init__("ended by SIGTERM")


def last_lines(text: str, lines: int = LAST_LINES) -> str:
    r"""Return the end of an output, fit for a message.

    Parameters
    ----------
    text : str
        Of any length.
    lines : int
        How many lines, at most; empty ones do not count.

    Examples
    --------
    >>> print(last_lines("one\n\ntwo\x1b[0m\r\nthree\n", 2))
      'two\x1b[0m'
      three
    """
    kept = [line.rstrip() for line in text.splitlines() if line.strip()][-lines:]
    return "\n".join(f"  {printable(line)}" for line in kept) or "  (nothing)"

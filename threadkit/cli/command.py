"""The process: starts the command group, and ends as git does."""

from __future__ import annotations

from typing import NoReturn


def main() -> NoReturn:
    """Run the ``threadkit`` command and end the process.

    Notes
    -----
    A closed pipe ends the process as it ends git (``threadkit threads | head``): by the
    signal, without a traceback. Ctrl-C prints one line and ends with code 130; output
    that cannot be written (a full disk) prints one line and ends with code 1.
    """
    import os
    import signal
    import sys

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    _open_what_is_closed()
    try:
        from threadkit.cli.app import app

        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot show a character gets its code, not a traceback.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        app.main(prog_name="threadkit")
    except KeyboardInterrupt:
        _say("interrupted")
        sys.exit(130)
    except OSError as error:  # of files it is a ThreadkitError; this is our own output
        _say(f"{error.filename or 'output'}: {error.strerror or error}")
        os._exit(1)  # what is still unwritten would fail again at an ordinary end
    sys.exit(0)


def _open_what_is_closed() -> None:
    """Give standard streams that were closed (``>&-``) the null device.

    Without it the database would get their numbers, and what a child process writes to
    its standard output would go into the database.
    """
    import os
    import sys

    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115


def _say(text: str) -> None:
    """Print one line to stderr if that still can be written."""
    import sys
    from contextlib import suppress

    with suppress(OSError):
        sys.stderr.write(f"threadkit: {text}\n")
        sys.stderr.flush()

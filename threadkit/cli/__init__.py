"""The command line: options in, one pipeline call, text out."""

from __future__ import annotations

from typing import NoReturn


def main() -> NoReturn:
    """Run the ``threadkit`` command and end the process.

    Notes
    -----
    A closed pipe ends the process as it ends git (``threadkit threads | head``): by the
    signal, without a traceback. Ctrl-C prints one line and ends with code 130.
    """
    import signal
    import sys

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        from threadkit.cli.app import app

        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot show a character gets its code, not a traceback.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        app.main(prog_name="threadkit")
    except KeyboardInterrupt:
        sys.stderr.write("threadkit: interrupted\n")
        sys.exit(130)
    sys.exit(0)

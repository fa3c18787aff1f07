"""A program that is run for a time, and that leaves nothing behind however the time ends.

What ends a run early (its time is over, Ctrl-C, a signal that ends this process) first
ends the program, which ends its own processes; only then is the signal obeyed, when all
that was changed for the run has been put back.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that end this process: from a user, a supervisor, a terminal that is closed."""

_GRACE_SECONDS = 5.0
"""The program needs up to two to collect its processes."""
_LOOK_SECONDS = 0.2


@contextmanager
def signals_noted() -> Iterator[list[int]]:
    """Hold back the signals that would end this process, until the block is left.

    Yields
    ------
    list of int
        Numbers of those that came; the first is obeyed behind the block. Only Python's
        main thread gets signals: in another one the list stays empty.

    Examples
    --------
    >>> with signals_noted() as came:
    ...     came
    []
    """
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    # getsignal() is None for a handler that was not set in Python: left alone.
    before = {number: signal.getsignal(number) for number in ENDING}
    noted = {number: what for number, what in before.items() if what is not None}
    for number, what in noted.items():
        if what is not signal.SIG_IGN:
            signal.signal(number, note)
    try:
        yield came
    finally:
        for number, what in noted.items():
            signal.signal(number, what)
        if came:
            signal.raise_signal(came[0])


def run_for(command: Sequence[str], seconds: float, came: Sequence[int] = ()) -> str:
    r"""Run a program, and end it when its time is over.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments. Its processes must end when it does.
    seconds : float
        After these it is asked to end, and then made to.
    came : sequence of int
        As :func:`signals_noted` yields: as soon as it is not empty, the time is over.

    Returns
    -------
    str
        What it printed until then, errors included.

    Examples
    --------
    >>> run_for(["echo", "yes"], 10)
    'yes\n'
    """
    # Not a pipe: a process that outlived the program would keep its reader waiting.
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a terminal's Ctrl-C is ours to pass on
        )
        until = time.monotonic() + seconds
        try:
            while not came and _runs(process, min(_LOOK_SECONDS, until - time.monotonic())):
                if time.monotonic() >= until:
                    break
        finally:
            _end(process)
        output.seek(0)
        return output.read().decode("utf-8", "replace")


def _runs(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a process, and tell whether it still runs."""
    try:
        process.wait(timeout=max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    if _runs(process, _GRACE_SECONDS):
        process.kill()
        # One that the kernel does not let go of is not waited for.
        _runs(process, _GRACE_SECONDS)

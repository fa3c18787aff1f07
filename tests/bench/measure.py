"""Measure child processes: time from the kernel, memory of all they start, in turns."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_SAMPLE_S = 0.1
_PSS = re.compile(rb"^Pss_Anon: +(\d+) kB", re.MULTILINE)
_RSS = re.compile(rb"^RssAnon:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """What one child process and all its children took; ``output`` is its stdout."""

    wall_s: float
    cpu_s: float
    anon_bytes: int
    output: bytes


class Failed(Exception):
    """A measured program did not end well."""


def run(
    command: Sequence[str | Path],
    *,
    stdin: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Run:
    """Run a program to its end.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    stdin : Path, optional
        A file for it to read.
    env : mapping, optional
        Variables to add to the environment.

    Returns
    -------
    Run
        CPU counts the children that were waited for; memory is the peak of all processes
        at once, a page that several share counted once.

    Raises
    ------
    Failed
        With the end of what it printed.
    """
    with (stdin or Path(os.devnull)).open("rb") as given:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})},
        )
        watch = _Watch(process.pid)
        watch.start()
        errors: list[bytes] = []
        drain = threading.Thread(target=lambda: errors.append(process.stderr.read()))  # type: ignore[union-attr]
        drain.start()
        output = process.stdout.read()  # type: ignore[union-attr]
        drain.join()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.stop()
    for stream in (process.stdout, process.stderr):
        stream.close()  # type: ignore[union-attr]
    if process.returncode:
        said = (b"".join(errors) or output)[-600:].decode("utf-8", "replace")
        raise Failed(f"{command[0]} ended with {process.returncode}: {said}")
    return Run(wall_s, usage.ru_utime + usage.ru_stime, watch.peak_bytes, output)


def interleave(works: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, list[Run]]:
    """Run several programs in turns, so that a busy machine slows all alike."""
    runs: dict[str, list[Run]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            runs[name].append(work())
    return runs


def ratio(slow: Sequence[Run], fast: Sequence[Run], of: str = "wall_s") -> float:
    """Return the median, over the rounds, of how many times longer one took."""
    return median(getattr(s, of) / getattr(f, of) for s, f in zip(slow, fast, strict=True))


def middle(runs: Sequence[Run], of: str = "wall_s") -> float:
    """Return the median of one figure of some runs."""
    return float(median(getattr(one, of) for one in runs))


class _Watch(threading.Thread):
    """Samples the anonymous memory of a process and of all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._pid = pid
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(_SAMPLE_S):
            self.peak_bytes = max(self.peak_bytes, sum(map(_anonymous, _family(self._pid))))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            for task in tasks:
                found += map(int, (task / "children").read_text().split())
        except OSError:  # it ended, or this is not Linux
            continue
    return found


def _anonymous(pid: int) -> int:
    for name, pattern in (("smaps_rollup", _PSS), ("status", _RSS)):
        try:
            match = pattern.search(Path(f"/proc/{pid}/{name}").read_bytes())
        except OSError:
            continue
        if match:
            return int(match[1]) * 1024
    return 0

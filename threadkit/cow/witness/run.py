"""Scenarios on a real kernel: the running one, or one that QEMU boots."""

from __future__ import annotations

import re
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.witness.host import program, run_here, source_hash
from threadkit.cow.witness.instructions import CannotWitness, holder
from threadkit.cow.witness.kernels import HOST, Kernel
from threadkit.cow.witness.names import find
from threadkit.cow.witness.plan import Plan, plans
from threadkit.cow.witness.problems import BootFailed, Terminated
from threadkit.cow.witness.qemu import acceleration, boot
from threadkit.cow.witness.report import BEGIN, is_complete, parse_report, swap_image
from threadkit.cow.witness.results import Observation, WitnessRun, observe, skipped
from threadkit.cow.witness.variants import variant_of

BOOT_SECONDS = 120
_PINS_ARE_KEPT = (6, 2)
"""The first release whose gup_test keeps a pin (c77369b437f9)."""

_SWAP_BYTES = 64 << 20
_IN_THE_MACHINE = (
    "set work /tmp",
    "set system 1",
    "set swap /dev/vda",
    "set cgroup /group/witness",
)


def witness(
    litmuses: Sequence[Litmus], kernel: Kernel | str = HOST, *, system: bool = False
) -> WitnessRun:
    """Perform scenarios on a real kernel, all in one boot.

    Parameters
    ----------
    litmuses : sequence of Litmus
        Which scenarios.
    kernel : Kernel or str
        The running one, or one with an image; a name as for
        :func:`threadkit.cow.witness.names.find`.
    system : bool
        On the running kernel: what the whole system sees (KSM, swap, huge pages) may be
        changed for the time of the run. In a machine of its own that is always so.

    Returns
    -------
    WitnessRun
        With an observation or a reason for every scenario.

    Raises
    ------
    Unavailable
        This machine lacks a compiler, or QEMU: a reason to skip.
    ToolFailed, BootFailed
        Something that is here did not work.
    Terminated
        SIGTERM came; everything that was begun has been ended.
    """
    if isinstance(kernel, str):
        kernel = find(kernel)
    performed = [one for litmus in litmuses for one in _plans(litmus, kernel)]
    lines = [line for one in performed if isinstance(one, Plan) for line in one.lines]
    begun, started = time.monotonic(), datetime.now(UTC)
    with ended_in_order():
        report, machine = _report(kernel, lines, system)
    records = parse_report(report)
    return WitnessRun(
        kernel=kernel.name,
        release=kernel.release,
        package=kernel.package,
        package_version=kernel.package_version,
        era=kernel.era_key or "",
        label=known.title if (known := variant_of(kernel.release)) else "",
        date_utc=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        program=source_hash(),
        machine=machine,
        seconds=round(time.monotonic() - begun, 1),
        observations=tuple(
            observe(one, records.get(one.name)) if isinstance(one, Plan) else one
            for one in performed
        ),
    )


def _plans(litmus: Litmus, kernel: Kernel) -> Sequence[Plan | Observation]:
    """Return the plans of a scenario, or why none is performed on a kernel."""
    try:
        found = plans(litmus)
    except CannotWitness as error:
        return [skipped(litmus, error.why)]
    why = _too_old(litmus, kernel.release)
    return [skipped(litmus, why, one.digest) for one in found[:1]] if why else found


def _too_old(litmus: Litmus, release: str) -> str:
    """Say why a kernel is too old for a scenario; empty if it is not."""
    numbers = re.match(r"(\d+)\.(\d+)", release)
    kept = any(op.verb == "pin" and holder(op) == "gup" for op in litmus.ops())
    if kept and numbers and (int(numbers[1]), int(numbers[2])) < _PINS_ARE_KEPT:
        return "no program can keep such a pin there: gup_test does from 6.2 on"
    return ""


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Make SIGTERM an error for a time, so that no machine and no folder is left behind.

    Raises
    ------
    Terminated
        In the main thread, wherever it is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise Terminated


def _report(kernel: Kernel, lines: Sequence[str], system: bool) -> tuple[str, str]:
    if kernel.name == HOST:
        report = run_here(lines, system=system)
        return report, "host" if is_complete(report) else "host, not to the end"
    plan = "\n".join([*_IN_THE_MACHINE, *lines]) + "\n"
    with tempfile.TemporaryDirectory(prefix="threadkit-swap-") as scratch:
        disk = Path(scratch) / "swap"
        with disk.open("wb") as stream:
            stream.write(swap_image(_SWAP_BYTES))
            stream.truncate(_SWAP_BYTES)
        files = {"init": program().read_bytes(), "plan": plan.encode()}
        return _boot(kernel, files, disk)


def _boot(kernel: Kernel, files: Mapping[str, bytes], disk: Path) -> tuple[str, str]:
    try:
        console = boot(kernel, files, disks=(disk,), seconds=BOOT_SECONDS)
    except BootFailed as error:
        if BEGIN not in error.report:
            raise
        # What was seen before the kernel failed was seen.
        return error.report, f"QEMU ({acceleration()}), not to the end: {error.why}"
    return console.report or console.text, f"QEMU ({console.acceleration})"

"""Scenarios on a real kernel: the running one, or one that QEMU boots."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.witness.host import program, run_here, source_hash
from threadkit.cow.witness.instructions import CannotWitness
from threadkit.cow.witness.kernels import HOST, Kernel
from threadkit.cow.witness.names import find
from threadkit.cow.witness.plan import Plan, plans
from threadkit.cow.witness.problems import BootFailed
from threadkit.cow.witness.qemu import acceleration, boot
from threadkit.cow.witness.report import BEGIN, parse_report, swap_image
from threadkit.cow.witness.results import Observation, WitnessRun, observe, skipped
from threadkit.cow.witness.variants import variant

BOOT_SECONDS = 120
_EMULATED = "clearcpuid=141 no_timer_check nohz=off highres=off"
"""For QEMU's emulation on a busy machine. Its cmpxchg16b loses flags (6.12 panicked in 4 of 6
boots), the check of the timer fails (5.10 waited for ever), and a timer that is set for one
event may miss it (some runs stood still in the middle): a periodic one goes on."""

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
    """
    if isinstance(kernel, str):
        kernel = find(kernel)
    performed: list[Plan | Observation] = []
    for litmus in litmuses:
        try:
            performed += plans(litmus)
        except CannotWitness as error:
            performed.append(skipped(litmus, error.why))
    lines = [line for one in performed if isinstance(one, Plan) for line in one.lines]
    begun, started = time.monotonic(), datetime.now(UTC)
    report, machine = _report(kernel, lines, system)
    records = parse_report(report)
    return WitnessRun(
        kernel=kernel.name,
        release=kernel.release,
        package=kernel.package,
        package_version=kernel.package_version,
        era=kernel.era_key or "",
        label=known.title if (known := variant(kernel.name)) else "",
        date_utc=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        program=source_hash(),
        machine=machine,
        seconds=round(time.monotonic() - begun, 1),
        observations=tuple(
            observe(one, records.get(one.name)) if isinstance(one, Plan) else one
            for one in performed
        ),
    )


def _report(kernel: Kernel, lines: Sequence[str], system: bool) -> tuple[str, str]:
    if kernel.name == HOST:
        return run_here(lines, system=system), "host"
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
        console = boot(kernel, files, disks=(disk,), cmdline=_EMULATED, seconds=BOOT_SECONDS)
    except BootFailed as error:
        if BEGIN not in error.report:
            raise
        # What was seen before the kernel failed was seen.
        return error.report, f"QEMU ({acceleration()}), not to the end: {error.why}"
    return console.report or console.text, f"QEMU ({console.acceleration})"

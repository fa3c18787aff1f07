"""Boots a kernel in QEMU with a program of ours as its init, and returns what it said.

The machine has two serial ports. The first (``/dev/ttyS0``) is the kernel's console and
the standard output of init; the second (``/dev/ttyS1``) is for init's report alone, so that
no message of the kernel gets between its lines. Init ends the machine with reboot(2),
``RB_AUTOBOOT``. It needs no hardware acceleration.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from threadkit.cow.witness.initramfs import archive, with_modules
from threadkit.cow.witness.kernels import Kernel
from threadkit.cow.witness.problems import BootFailed, ToolFailed, Unavailable
from threadkit.cow.witness.supervise import signals_noted

PROGRAM = "qemu-system-x86_64"
MODULES = ("virtio_pci", "virtio_blk", "nbd")
"""What init finds in the list of modules unless they are built in."""

_EMULATED = "clearcpuid=141 no_timer_check nohz=off highres=off"
"""For QEMU's emulation on a busy machine. Its cmpxchg16b loses flags (6.12 panicked in 4 of 6
boots), the check of the timer fails (5.10 waited for ever), and a timer that is set for one
event may miss it (some runs stood still in the middle): a periodic one goes on."""

_PANIC = "Kernel panic - not syncing"
_MEBI = 1 << 20


@dataclass(frozen=True, slots=True)
class Console:
    """What a kernel said from its start to its end.

    Attributes
    ----------
    text : str
        Of the first serial port: kernel and init.
    report : str
        Of the second: init's report.
    seconds : float
        From the start of QEMU to its end.
    acceleration : str
        ``kvm`` or ``tcg`` (emulated).
    """

    text: str
    report: str
    seconds: float
    acceleration: str


def why_not() -> str | None:
    """Return why no kernel can be booted here; None if one can."""
    return None if shutil.which(PROGRAM) else f"{PROGRAM} is not installed"


def acceleration() -> str:
    """Return ``kvm`` where ``THREADKIT_KVM=1`` asks for it and the device opens, else ``tcg``.

    A virtual machine inside another is often said to have KVM and is not: emulation takes
    three or four seconds and works everywhere, so it is what one gets unasked.
    """
    asked = os.environ.get("THREADKIT_KVM") == "1"
    return "kvm" if asked and os.access("/dev/kvm", os.R_OK | os.W_OK) else "tcg"


def boot(
    kernel: Kernel,
    files: Mapping[str, bytes],
    *,
    modules: Sequence[str] = MODULES,
    disks: Sequence[Path | int] = (),
    cmdline: str = "",
    seconds: float = 60,
    memory: int = 512,
    processors: int = 1,
) -> Console:
    """Boot a kernel, wait for its end, return what it said.

    Parameters
    ----------
    kernel : Kernel
        With an image.
    files : mapping of str to bytes
        The initramfs: paths without a leading slash, and what is in them; ``init`` is the
        program to run, static. :data:`threadkit.cow.witness.initramfs.MODULE_LIST` is
        added: init loads what it names, in order, with finit_module(2).
    modules : sequence of str
        For that list; those they need come along.
    disks : sequence of Path or int
        ``/dev/vda``, ``/dev/vdb`` and so on: raw images, written to; or MiB of an empty
        one that is dropped afterwards.
    cmdline : str
        More of the kernel's command line; what follows ``--`` is handed to init.
    seconds : float
        After these it is killed.
    memory : int
        MiB.
    processors : int
        How many.

    Returns
    -------
    Console
        If the machine ended by itself, without a panic.

    Raises
    ------
    Unavailable
        QEMU is not installed: a reason to skip.
    ToolFailed
        QEMU would not start.
    BootFailed
        The kernel panicked, or had no end.

    References
    ----------
    Documentation/admin-guide/kernel-parameters.rst: ``panic``, ``reboot``, ``console``.
    """
    if reason := why_not():
        raise Unavailable("booting a kernel", reason)
    if kernel.image is None:
        raise Unavailable("booting a kernel", f"{kernel.name} has no image that QEMU can load")
    with tempfile.TemporaryDirectory(prefix="threadkit-boot-") as scratch:
        folder = Path(scratch)
        initramfs = folder / "initramfs"
        initramfs.write_bytes(archive(with_modules(files, kernel.modules, modules)))
        command = [
            *_machine(folder, memory, processors),
            *("-kernel", str(kernel.image), "-initrd", str(initramfs)),
            *("-append", command_line(cmdline)),
            *_drives(folder, disks),
        ]
        return _run(kernel, folder, command, seconds)


def command_line(more: str = "") -> str:
    """Return the kernel's command line.

    Parameters
    ----------
    more : str
        Of the caller; it comes last, so that it can overrule.

    Examples
    --------
    >>> command_line("loglevel=7 -- all").endswith(" loglevel=7 -- all")
    True
    """
    # A panic reboots at once, a reboot needs no ACPI, and both end QEMU.
    ours = "console=ttyS0 loglevel=4 panic=-1 reboot=t random.trust_cpu=on"
    return f"{ours} {_EMULATED} {more}".strip()


def _machine(folder: Path, memory: int, processors: int) -> list[str]:
    return [
        PROGRAM,
        *("-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
        *("-accel", acceleration(), "-m", str(memory), "-smp", str(processors)),
        *("-serial", f"file:{folder / 'console'}", "-serial", f"file:{folder / 'report'}"),
    ]


def _drives(folder: Path, disks: Sequence[Path | int]) -> list[str]:
    words = []
    for number, disk in enumerate(disks):
        if isinstance(disk, int):
            size, disk = disk * _MEBI, folder / f"disk{number}"
            with disk.open("wb") as stream:
                stream.truncate(size)
        # A comma ends a value here, unless there are two.
        named = str(disk).replace(",", ",,")
        words += ["-drive", f"file={named},format=raw,if=virtio,cache=unsafe"]
    return words


def _run(kernel: Kernel, folder: Path, command: Sequence[str], seconds: float) -> Console:
    begun = time.monotonic()
    process: subprocess.Popen[bytes] | None = None
    try:
        with signals_noted():  # one that comes now would leave a machine that nobody knows
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        _, complaint = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        said = _said(folder / "console"), _said(folder / "report")
        why = f"still running after {seconds:.0f} s"
        raise BootFailed(kernel.name, why, *said) from error
    finally:
        if process is not None:
            process.kill()
            process.communicate()
    took = time.monotonic() - begun
    text, report = _said(folder / "console"), _said(folder / "report")
    if process.returncode:
        raise ToolFailed(f"{PROGRAM} for {kernel.name}", complaint.decode("utf-8", "replace"))
    if _PANIC in text:
        raise BootFailed(kernel.name, "the kernel panicked", text, report)
    return Console(text, report, took, acceleration())


def _said(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""

"""The configuration of the kernels built here: as little as the witness can do with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ON = """
64BIT SMP EXPERT EMBEDDED PRINTK BUG BASE_FULL MULTIUSER SYSFS_SYSCALL POSIX_TIMERS FUTEX
EPOLL SIGNALFD TIMERFD EVENTFD AIO IO_URING ADVISE_SYSCALLS MEMBARRIER FILE_LOCKING
FHANDLE VM_EVENT_COUNTERS SLUB HIGH_RES_TIMERS NO_HZ_IDLE UNWINDER_GUESS
BLK_DEV_INITRD BINFMT_ELF BINFMT_SCRIPT KERNEL_GZIP
CGROUPS MEMCG MEMCG_SWAP CHECKPOINT_RESTORE MEM_SOFT_DIRTY CROSS_MEMORY_ATTACH
SWAP KSM USERFAULTFD TRANSPARENT_HUGEPAGE TRANSPARENT_HUGEPAGE_ALWAYS COMPACTION MIGRATION
HUGETLBFS
PROC_FS PROC_SYSCTL PROC_PAGE_MONITOR SYSFS SHMEM TMPFS DEVTMPFS
TTY UNIX98_PTYS SERIAL_8250 SERIAL_8250_CONSOLE
PCI PCI_MSI X86_MPPARSE X86_LOCAL_APIC X86_IO_APIC
NET UNIX BLOCK BLK_DEV BLK_DEV_NBD VIRTIO_MENU VIRTIO_PCI VIRTIO_BLK
"""
ON = tuple(_ON.split())
"""Options that are on, without ``CONFIG_``. There is no ACPI and no Internet: half the work."""

VALUES = {
    "NR_CPUS": "4",
    "HZ_250": "y",
    "SERIAL_8250_NR_UARTS": "4",
    "SERIAL_8250_RUNTIME_UARTS": "4",
    "LOCALVERSION_AUTO": "n",
    "PAGE_TABLE_ISOLATION": "n",
    "RETPOLINE": "n",
}
"""Options with another value; ``n`` is off."""

NEEDED = (
    *("KSM", "SWAP", "USERFAULTFD", "IO_URING", "MEMCG", "MEM_SOFT_DIRTY"),
    *("TRANSPARENT_HUGEPAGE", "HUGETLBFS", "BLK_DEV_NBD", "VIRTIO_BLK", "VIRTIO_PCI", "TMPFS"),
    *("CROSS_MEMORY_ATTACH", "DEVTMPFS", "SERIAL_8250_CONSOLE", "BLK_DEV_INITRD", "SMP"),
)
"""What must be on in the end, or the kernel is no witness."""


def fragment(on: Iterable[str] = ON, values: Mapping[str, str] = VALUES) -> str:
    """Write a configuration that ``make allnoconfig`` completes.

    Parameters
    ----------
    on : iterable of str
        Options that are ``y``.
    values : mapping of str to str
        Others.

    Returns
    -------
    str
        For ``KCONFIG_ALLCONFIG``.

    Examples
    --------
    >>> print(fragment(["KSM"], {"NR_CPUS": "4", "MODULES": "n"}), end="")
    CONFIG_KSM=y
    CONFIG_NR_CPUS=4
    # CONFIG_MODULES is not set

    References
    ----------
    Documentation/kbuild/kconfig.rst of the kernel.
    """
    lines = [f"CONFIG_{name}=y" for name in on]
    for name, value in values.items():
        off = value == "n"
        lines.append(f"# CONFIG_{name} is not set" if off else f"CONFIG_{name}={value}")
    return "\n".join(lines) + "\n"


def missing(config: Mapping[str, str], needed: Iterable[str] = NEEDED) -> list[str]:
    """Return what a configuration lacks.

    Parameters
    ----------
    config : mapping of str to str
        As :func:`threadkit.cow.witness.kernels.parse_config` reads it.
    needed : iterable of str
        Without ``CONFIG_``.

    Examples
    --------
    >>> missing({"CONFIG_KSM": "y", "CONFIG_NET": "m"}, ["KSM", "NET", "SWAP"])
    ['NET', 'SWAP']
    """
    return [name for name in needed if config.get(f"CONFIG_{name}") != "y"]

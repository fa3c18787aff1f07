"""Who reads and writes: the CPU, devices, other processes, pipes."""

from __future__ import annotations

from threadkit.cow.kernel.fault import fault
from threadkit.cow.kernel.gup import begin, let_go
from threadkit.cow.kernel.kernel import Entry, Instruction, Kernel
from threadkit.cow.kernel.layout import (
    ALIVE,
    ANON,
    BITS,
    F_ENTRY,
    F_FLAGS,
    F_HELD,
    F_MM,
    F_UNBOUND,
    FAULT_WRITE,
    FILE,
    FOLL_FORCE,
    FOLL_PIN,
    FOLL_WRITE,
    FREE,
    GRET,
    H_BITS,
    H_KIND,
    H_PAGE,
    H_WRITE,
    MARK_FORCED,
    MARK_MISSED,
    MARKS,
    PAGE_SHIFT,
    PTE,
    RET,
    SLOT,
    STATE,
    V_MAPPED,
    V_READ,
    V_WRITE,
    VMA,
    WRITABLE,
)
from threadkit.cow.kernel.locks import gup_unlock
from threadkit.cow.kernel.pages import swap_count, total_mapcount
from threadkit.cow.kernel.steps import NUMBER, done, step
from threadkit.cow.kernel.users import drop_handle, mark_lost, store, store_through
from threadkit.cow.litmus.syntax import SEGV


def give(s: bytearray, i: Instruction, value: int) -> None:
    """Set the statement's register, if it has one."""
    if i.register:
        s[i.register] = 1
        s[i.register + 1] = value


def segv(k: Kernel, s: bytearray, t: int, i: Instruction) -> bool:
    """End the statement without access: SIGSEGV, EFAULT or EIO."""
    give(s, i, SEGV)
    k.said = ("bad_area", "no such mapping")
    return done(s, t)


def into_fault(k: Kernel, s: bytearray, t: int, i: Instruction, kind: int, name: str) -> bool:
    """Take a fault and come back to a step."""
    s[t + F_MM] = i.mm
    s[t + F_ENTRY] = i.entry
    s[t + F_FLAGS] = kind
    s[t + RET] = NUMBER[name]
    return fault(k, s, t)


@step("user access")
def cpu_write(k: Kernel, s: bytearray, t: int) -> bool:
    """Store: through the TLB if this thread has the translation, else through the entry."""
    i = k.now(s, t)
    entry = k.entries[i.entry]
    if k.tlbs:
        stale = s[k.tlbs[t][i.entry]]
        if stale:
            mark_lost(k, s, entry, stale << PAGE_SHIFT)
            store(k, s, entry, stale << PAGE_SHIFT, i.slot, i.value)
            k.said = ("user access", "stores through its TLB entry")
            return done(s, t)
    if not s[entry.at + VMA] & V_WRITE:
        return segv(k, s, t, i)
    if s[entry.at + PTE] and s[entry.at + BITS] & WRITABLE:
        if k.tlbs:
            s[k.tlbs[t][i.entry]] = s[entry.at + PTE]
        store_through(k, s, entry, i.slot, i.value)
        k.said = ("user access", "stores")
        return done(s, t)
    return into_fault(k, s, t, i, FAULT_WRITE, "cpu_write")


@step("user access")
def cpu_read(k: Kernel, s: bytearray, t: int) -> bool:
    """Load through the entry."""
    i = k.now(s, t)
    entry = k.entries[i.entry]
    if not s[entry.at + VMA] & V_READ:
        return segv(k, s, t, i)
    if not s[entry.at + PTE]:
        return into_fault(k, s, t, i, 0, "cpu_read")
    give(s, i, s[(s[entry.at + PTE] << PAGE_SHIFT) + SLOT + i.slot])
    k.said = ("user access", "loads")
    return done(s, t)


def foreign(k: Kernel, s: bytearray, mm: int, page: int) -> bool:
    """Tell whether a process other than this one maps a page, or the page cache has it."""
    number = page >> PAGE_SHIFT
    others = (e for e in k.entries if s[e.at + PTE] == number and e.mm != mm)
    return s[page] == FILE or any(s[k.mms[e.mm] + STATE] == ALIVE for e in others)


@step("device")
def dma_in(k: Kernel, s: bytearray, t: int) -> bool:
    """Let a device write through a reference: no page table is asked.

    Through one that was taken for reading that is a wrong driver, and whoever else maps
    the page sees it (I1).
    """
    i = k.now(s, t)
    page = s[i.handle + H_PAGE + i.slot] << PAGE_SHIFT
    if not page:
        return segv(k, s, t, i)
    if not s[i.handle + H_BITS] & H_WRITE and foreign(k, s, k.handle_mm[i.handle], page):
        s[MARKS] |= MARK_MISSED
    s[page + SLOT + i.slot] = i.value
    k.said = ("device", "writes through the reference")
    return done(s, t)


@step("device")
def dma_out(k: Kernel, s: bytearray, t: int) -> bool:
    """Let a device (or the reader of a pipe) read through a reference."""
    i = k.now(s, t)
    page = s[i.handle + H_PAGE + i.slot] << PAGE_SHIFT
    if not page:
        return segv(k, s, t, i)
    give(s, i, s[page + SLOT + i.slot])
    k.said = ("device", "reads through the reference")
    return done(s, t)


@step("put_page")
def put_reference(k: Kernel, s: bytearray, t: int) -> bool:
    """Drop a named reference (put_page, unpin_user_page, unlock_page)."""
    i = k.now(s, t)
    if s[i.handle + H_KIND]:
        drop_handle(s, i.handle)
    k.said = ("put_page", "drops the reference")
    return done(s, t)


@step("process_vm_rw")
def process_vm(k: Kernel, s: bytearray, t: int) -> bool:
    """Start process_vm_readv or process_vm_writev: pin the other's page first.

    It says pin_user_pages_remote() from 803e4572d7c5 (5.6) on.
    """
    i = k.now(s, t)
    if s[k.mms[i.mm] + STATE] != ALIVE:
        return segv(k, s, t, i)
    flags = FOLL_PIN if k.policy.process_vm == "pin" else 0
    if not i.op.register:
        flags |= FOLL_WRITE
    s[t + GRET] = NUMBER["remote_copy"]
    return begin(k, s, t, i, flags, fast=False)


@step("ptrace_access_vm")
def ptrace(k: Kernel, s: bytearray, t: int) -> bool:
    """Start a ptrace access: get_user_pages_remote with FOLL_FORCE."""
    i = k.now(s, t)
    if s[k.mms[i.mm] + STATE] != ALIVE:
        return segv(k, s, t, i)
    flags = FOLL_FORCE | (0 if i.op.register else FOLL_WRITE)
    s[t + GRET] = NUMBER["remote_copy"]
    return begin(k, s, t, i, flags, fast=False)


@step("copy_to_user_page")
def remote_copy(k: Kernel, s: bytearray, t: int) -> bool:
    """Copy to or from the page that is held, and drop it.

    Invariant I11: a forced write lands in a page that is the target's alone.
    """
    i = k.now(s, t)
    page = s[t + F_HELD] << PAGE_SHIFT
    if i.op.register:
        give(s, i, s[page + SLOT + i.slot])
        k.said = ("access_remote_vm", "reads")
    else:
        others = total_mapcount(s, page) > 1 or swap_count(k, s, page) > 0
        if s[t + F_FLAGS] & FOLL_FORCE and (s[page] != ANON or others):
            s[MARKS] |= MARK_FORCED
        if not s[t + F_UNBOUND]:
            mark_lost(k, s, k.entries[i.entry], page)
        store(k, s, k.entries[i.entry], page, i.slot, i.value)
        k.said = ("access_remote_vm", "writes")
    let_go(s, t)
    gup_unlock(k, s, t)
    return done(s, t)


def reachable(k: Kernel, s: bytearray, entry: Entry) -> int:
    """Return the address of the page behind an entry of a live process; 0 if none."""
    if s[k.mms[entry.mm] + STATE] != ALIVE or not s[entry.at + VMA] & V_MAPPED:
        return 0
    page = s[entry.at + PTE] << PAGE_SHIFT
    return page if page and s[page] != FREE else 0

"""get_user_pages() and pin_user_pages(): mm/gup.c, the slow and the fast way.

What happens once the reference is taken depends on the statement: a named reference is
noted, and process_vm_readv, ptrace and the like go on (``GRET``) with the page in
``F_HELD``.
"""

from __future__ import annotations

from threadkit.cow.kernel.kernel import Entry, Instruction, Kernel
from threadkit.cow.kernel.layout import (
    ANON,
    BIAS,
    BITS,
    DIRTY,
    F_BITS,
    F_COUNT,
    F_ENTRY,
    F_FLAGS,
    F_HELD,
    F_MM,
    F_PAGE,
    F_SEQ,
    F_UNBOUND,
    FAULT_UNSHARE,
    FAULT_WRITE,
    FILE,
    FOLL_COW,
    FOLL_FORCE,
    FOLL_LONGTERM,
    FOLL_PIN,
    FOLL_WRITE,
    FREE,
    GET,
    GRET,
    H_BITS,
    H_BOND,
    H_COUNT,
    H_KIND,
    H_LONGTERM,
    H_PAGE,
    H_TWO,
    H_WRITE,
    HAS_PINNED,
    HELD_PIN,
    PAGE_SHIFT,
    PC,
    PIN,
    PTE,
    PTL,
    REF,
    RET,
    SEQ,
    SOFT_DIRTY,
    UFFD_WP,
    V_MAPPED,
    V_READ,
    V_WRITE,
    VMA,
    WRITABLE,
    ZERO,
)
from threadkit.cow.kernel.locks import gup_lock, gup_unlock
from threadkit.cow.kernel.pages import exclusive, put
from threadkit.cow.kernel.steps import NUMBER, done, goto, step
from threadkit.cow.kernel.users import count_many, drop_handle


def begin(k: Kernel, s: bytearray, t: int, i: Instruction, flags: int, *, fast: bool) -> bool:
    """Start get_user_pages for the statement's page, fast or slow.

    Parameters
    ----------
    k : Kernel
        Addresses.
    s : bytearray
        The state.
    t : int
        The actor's address.
    i : Instruction
        The statement.
    flags : int
        FOLL_* bits.
    fast : bool
        Try without locks first (get_user_pages_fast).

    Returns
    -------
    bool
        As micro-steps do.
    """
    if not k.policy.gup_pin:
        flags &= 0xFF ^ FOLL_PIN
    s[t + F_FLAGS] = flags
    s[t + F_MM] = i.mm
    s[t + F_ENTRY] = i.entry if i.slot >= 0 else i.entries[0]
    if flags & FOLL_PIN:
        s[k.mms[i.mm] + HAS_PINNED] = 1
    return gup_fast(k, s, t) if fast else gup_slow(k, s, t)


def fail(k: Kernel, s: bytearray, t: int) -> bool:
    """Give up with EFAULT: a named reference stays empty."""
    k.said = ("get_user_pages", "fails: EFAULT")
    gup_unlock(k, s, t)
    i = k.now(s, t)
    if i.handle and s[i.handle + H_KIND]:
        drop_handle(s, i.handle)
    if i.register:
        s[i.register], s[i.register + 1] = 1, 255
    return done(s, t)


def breaks_cow(k: Kernel) -> bool:
    """Tell whether a read GUP is done as if for writing: 17839856fd58, 5.8.

    should_force_cow_break(): a private mapping and FOLL_GET or FOLL_PIN.
    """
    return k.policy.gup_read == "force_write"


def must_unshare(k: Kernel, s: bytearray, flags: int, entry: Entry, page: int) -> bool:
    """Tell whether the page has to be unshared before it is pinned for reading.

    gup_must_unshare(): a7f226604170 (5.19) for FOLL_PIN of anonymous pages that are not
    exclusive; 84209e87c696 (6.2) for FOLL_LONGTERM of others, too.
    """
    rule = k.policy.gup_read
    if (
        flags & FOLL_WRITE
        or not flags & FOLL_PIN
        or rule not in ("unshare_pin", "unshare_longterm")
    ):
        return False
    if s[page] in (ZERO, FILE):
        return bool(flags & FOLL_LONGTERM) and rule == "unshare_longterm"
    return not exclusive(s, page, entry.half)


def writes(k: Kernel, s: bytearray, flags: int, entry: Entry) -> bool:
    """Tell whether the entry may be written through: can_follow_write_pte().

    A plain write needs a writable entry. A forced one on a read-only mapping: FOLL_WRITE
    is dropped once the fault is done (until 4.8: Dirty COW); 19be0eaffa3a (4.9) remembers FOLL_COW and wants a dirty entry;
    5535be309971 (6.0) wants an exclusive anonymous page.
    """
    bits = s[entry.at + BITS]
    if bits & WRITABLE:
        return True
    if not flags & FOLL_FORCE or s[entry.at + VMA] & V_WRITE:
        return False
    rule = k.policy.foll_force
    if rule == "exclusive":
        page = s[entry.at + PTE] << PAGE_SHIFT
        return s[page] == ANON and exclusive(s, page, entry.half) and not bits & UFFD_WP
    return bool(flags & FOLL_COW) and (rule == "drop_write" or bool(bits & DIRTY))


@step("follow_page_mask")
def gup_slow(k: Kernel, s: bytearray, t: int) -> bool:
    """Look the page up under the locks; fault and look again until it may be taken."""
    if s[k.mms[s[t + F_MM]] + PTL] or not gup_lock(k, s, t):
        return False
    entry = k.entries[s[t + F_ENTRY]]
    flags = s[t + F_FLAGS]
    vma = s[entry.at + VMA]
    forced = bool(flags & FOLL_FORCE)
    if not vma & V_MAPPED or not (vma & V_READ or forced):
        return fail(k, s, t)
    if flags & FOLL_WRITE and not (vma & V_WRITE or forced):
        return fail(k, s, t)
    if not flags & FOLL_WRITE and breaks_cow(k):
        flags |= FOLL_WRITE | (0 if vma & V_WRITE else FOLL_FORCE)
        s[t + F_FLAGS] = flags
    page = s[entry.at + PTE] << PAGE_SHIFT
    if not page:
        return fault_in(k, s, t, FAULT_WRITE if flags & FOLL_WRITE else 0)
    if flags & FOLL_WRITE and not writes(k, s, flags, entry):
        return fault_in(k, s, t, FAULT_WRITE)
    if must_unshare(k, s, flags, entry, page):
        return fault_in(k, s, t, FAULT_UNSHARE)
    grab(k, s, t, page)
    k.said = ("follow_page_mask", "takes a reference")
    return taken(k, s, t)


def fault_in(k: Kernel, s: bytearray, t: int, kind: int) -> bool:
    """Let faultin_page() do what is missing, then look again.

    A forced write fault that is done is remembered (FOLL_COW); until 4.8 that meant to go
    on without FOLL_WRITE, so that the next look takes whatever is mapped by then.
    """
    entry = k.entries[s[t + F_ENTRY]]
    flags = s[t + F_FLAGS] & ~(FAULT_WRITE | FAULT_UNSHARE) & 0xFF
    again = flags & FOLL_COW and k.policy.foll_force == "drop_write"
    if kind == FAULT_WRITE and not s[entry.at + VMA] & V_WRITE:
        kind = 0 if again else kind
    s[t + F_FLAGS] = flags | kind
    s[t + RET] = NUMBER["gup_slow"]
    k.said = ("faultin_page", "has to fault first")
    return goto(s, t, "fault")


def grab(k: Kernel, s: bytearray, t: int, page: int) -> None:
    """Take a reference or a pin (try_grab_page); pins count from 3faa52c03f44 (5.7) on."""
    if s[t + F_FLAGS] & FOLL_PIN:
        s[page + BIAS] += 1
        s[t + F_FLAGS] |= HELD_PIN
    else:
        s[page + REF] += 1
        s[t + F_FLAGS] &= 0xFF ^ HELD_PIN
    s[t + F_HELD] = page >> PAGE_SHIFT
    s[t + F_UNBOUND] = 0


def let_go(s: bytearray, t: int) -> None:
    """Drop what :func:`grab` took."""
    page = s[t + F_HELD] << PAGE_SHIFT
    s[t + F_HELD] = 0
    if s[t + F_FLAGS] & HELD_PIN:
        s[t + F_FLAGS] &= 0xFF ^ HELD_PIN
        s[page + BIAS] -= 1
        s[page + REF] += 1
    put(s, page)


def taken(k: Kernel, s: bytearray, t: int) -> bool:
    """Go on with the reference: note it under its name, or work with the page.

    mmap_lock is dropped first, but by ptrace, which copies under it (access_remote_vm).
    """
    i = k.now(s, t)
    if s[t + GRET]:
        if not i.op.verb.startswith("ptrace"):
            gup_unlock(k, s, t)
        s[t + PC] = s[t + GRET]
        return True
    first = i.entries[0] == s[t + F_ENTRY]
    note(k, s, t, i, first=first)
    if first and len(i.entries) == 2:
        s[t + F_ENTRY] = i.entries[1]
        s[t + F_FLAGS] &= FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM | FOLL_FORCE
        return goto(s, t, "gup_slow")
    gup_unlock(k, s, t)
    return done(s, t)


def note(k: Kernel, s: bytearray, t: int, i: Instruction, *, first: bool) -> None:
    """Write the reference down under its name, with all that ``times`` asks for."""
    handle = i.handle
    page = s[t + F_HELD] << PAGE_SHIFT
    s[t + F_HELD] = 0
    flags = s[t + F_FLAGS]
    s[handle + H_KIND] = PIN if flags & HELD_PIN or i.flags & FOLL_PIN else GET
    s[handle + H_BITS] |= (
        H_BOND
        | (H_WRITE if i.flags & FOLL_WRITE else 0)
        | (H_LONGTERM if i.flags & FOLL_LONGTERM else 0)
    )
    if flags & HELD_PIN:
        s[handle + H_COUNT + 2] = 1
    else:
        count_many(s, page, handle, i.op.times)
    if first:
        s[handle + H_PAGE] = s[handle + H_PAGE + 1] = page >> PAGE_SHIFT
    else:
        s[handle + H_PAGE + 1] = page >> PAGE_SHIFT
        s[handle + H_BITS] |= H_TWO


@step("gup_pte_range")
def gup_fast(k: Kernel, s: bytearray, t: int) -> bool:
    """Read the entry without any lock; what the fast way may not take, the slow way does."""
    mm = k.mms[s[t + F_MM]]
    entry = k.entries[s[t + F_ENTRY]]
    flags = s[t + F_FLAGS]
    bits = s[entry.at + BITS]
    vma = s[entry.at + VMA]
    s[t + F_SEQ] = s[mm + SEQ]
    write = flags & FOLL_WRITE or breaks_cow(k)
    counted = k.policy.fork_against_gup_fast == "seqcount" and flags & FOLL_PIN
    odd = counted and s[mm + SEQ] & 1
    if not s[entry.at + PTE] or not vma & V_READ or (write and not bits & WRITABLE) or odd:
        return gup_slow(k, s, t)
    s[t + F_PAGE] = s[entry.at + PTE]
    s[t + F_BITS] = bits
    k.said = ("gup_pte_range", "reads the entry, without locks")
    return goto(s, t, "gup_fast_grab")


@step("try_grab_compound_head")
def gup_fast_grab(k: Kernel, s: bytearray, t: int) -> bool:
    """Take a reference on whatever page that is now."""
    page = s[t + F_PAGE] << PAGE_SHIFT
    if s[page] == FREE:
        return goto(s, t, "gup_slow")
    grab(k, s, t, page)
    k.said = ("try_grab_page", "takes a reference, without locks")
    return goto(s, t, "gup_fast_recheck")


@step("gup_pte_range")
def gup_fast_recheck(k: Kernel, s: bytearray, t: int) -> bool:
    """Look again: an entry that has changed, or a page to unshare, means the slow way."""
    entry = k.entries[s[t + F_ENTRY]]
    page = s[t + F_PAGE] << PAGE_SHIFT
    accessed = DIRTY | SOFT_DIRTY  # set by the CPU alone
    changed = (s[entry.at + BITS] ^ s[t + F_BITS]) & ~accessed
    same = s[entry.at + PTE] == s[t + F_PAGE] and not changed
    if same and not must_unshare(k, s, s[t + F_FLAGS], entry, page):
        k.said = ("gup_pte_range", "the entry is the same")
        if s[t + F_FLAGS] & HELD_PIN and k.policy.fork_against_gup_fast == "seqcount":
            return goto(s, t, "gup_fast_seq")
        return taken(k, s, t)
    let_go(s, t)
    k.said = ("gup_pte_range", "gives the reference back, and takes the slow way")
    return goto(s, t, "gup_slow")


@step("internal_get_user_pages_fast")
def gup_fast_seq(k: Kernel, s: bytearray, t: int) -> bool:
    """Give the pin back if a fork has begun meanwhile (57efa1fe5957, 5.11)."""
    if s[k.mms[s[t + F_MM]] + SEQ] != s[t + F_SEQ]:
        let_go(s, t)
        k.said = ("internal_get_user_pages_fast", "a fork has begun: the slow way")
        return goto(s, t, "gup_slow")
    k.said = ("internal_get_user_pages_fast", "no fork has begun: done")
    return taken(k, s, t)


def start_named(k: Kernel, s: bytearray, t: int) -> bool:
    """Start GUP for a named reference: pin, get, vmsplice, O_DIRECT.

    O_DIRECT pins from a7e689dd1c06 (6.5) on, vmsplice never (read up to 6.12).
    """
    i = k.now(s, t)
    fast = bool(i.flags & HELD_PIN)  # in an instruction this bit says: the fast way
    flags = i.flags & ~HELD_PIN & 0xFF
    if i.op.verb.startswith("odirect") and k.policy.odirect == "pin":
        flags |= FOLL_PIN
    s[t + F_COUNT] = 0
    return begin(k, s, t, i, flags, fast=fast)


@step("get_user_pages")
def take_reference(k: Kernel, s: bytearray, t: int) -> bool:
    """Do the statements that name a reference."""
    return start_named(k, s, t)

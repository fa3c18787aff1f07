"""A state in words: the sentences behind a picture, and what a step changed.

The same facts as the picture's, for screen readers, text browsers and terminals.
"""

from __future__ import annotations

from dataclasses import replace

from threadkit.cow.litmus.syntax import SEGV
from threadkit.cow.views import FrameView, MappingView, ProcessView, ReferenceView, StateView

PIN = 1024
"""References that one pin counts as (GUP_PIN_COUNTING_BIAS)."""

HARMS = {
    "missed": "missed COW",
    "wrong": "wrong COW",
    "unnecessary": "unnecessary COW",
    "broken": "invariant broken",
}
"""What a harm is called."""

KINDS = {
    "anon": "anonymous",
    "zeropage": "the zero page",
    "file": "page cache",
    "ksm": "KSM",
    "thp": "huge",
    "hugetlb": "hugetlb",
    "swap": "on the swap device",
}
"""What a kind of page is called in a sentence."""

_COUNTERS = {
    "copies": ("copy", "copies"),
    "lock_waits": ("wait for a page lock", "waits for a page lock"),
    "ptl_blocked": ("block on a page-table lock", "blocks on a page-table lock"),
    "reuses": ("page reused", "pages reused"),
    "uffd_events": ("userfaultfd event", "userfaultfd events"),
}


def counted(number: int, one: str, many: str = "") -> str:
    """Count things in words.

    Parameters
    ----------
    number : int
        How many.
    one, many : str
        What to call one of them, and several; by default with an s.

    Examples
    --------
    >>> counted(1, "map"), counted(0, "map"), counted(2, "copy", "copies")
    ('1 map', '0 maps', '2 copies')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def count_words(name: str, number: int) -> str:
    """Say what a counter stands at.

    Parameters
    ----------
    name : str
        Of the counter, as conditions write it.
    number : int
        Its value.

    Examples
    --------
    >>> count_words("copies", 1), count_words("lock_waits", 2)
    ('1 copy', '2 waits for a page lock')
    """
    return counted(number, *_COUNTERS.get(name, (name, name)))


def register_value(value: int) -> str:
    """Write what a register holds.

    Examples
    --------
    >>> register_value(3), register_value(255)
    ('3', 'segv')
    """
    return "segv" if value == SEGV else str(value)


def harm_words(kind: str, invariant: str) -> str:
    """Name a harm with the invariant that it breaks.

    Examples
    --------
    >>> harm_words("wrong", "I2")
    'wrong COW (I2)'
    """
    return f"{HARMS.get(kind, kind)} ({invariant})"


def entry_name(mapping: MappingView, *, several: bool = True) -> str:
    """Name a page-table entry within its process: ``x``, or ``x[1]`` for half of one.

    Parameters
    ----------
    mapping : MappingView
        The entry.
    several : bool, optional
        False: its process has only one variable, which need not be named.
    """
    half = "" if mapping.half is None else f"[{mapping.half}]"
    return (mapping.page if several or half else "") + half


def describe_mapping(mapping: MappingView) -> str:
    """Say what one page-table entry is.

    Parameters
    ----------
    mapping : MappingView
        The entry.

    Returns
    -------
    str
        A sentence without its full stop.

    Examples
    --------
    >>> describe_mapping(MappingView("child", "x", None, "present", "A", False, vma="r"))
    'child maps x to A read-only (mapping allows reading only)'
    """
    who = f"{mapping.process} maps {entry_name(mapping)}"
    allows = {"none": " (mapping allows nothing)", "r": " (mapping allows reading only)", "rw": ""}
    if mapping.state == "none":
        return f"{mapping.process} has nothing at {entry_name(mapping)}{allows[mapping.vma]}"
    if mapping.state == "swap":
        return f"{mapping.process} has {entry_name(mapping)} swapped out to {mapping.frame}"
    bits = ["writable" if mapping.writable else "read-only"]
    bits += ["dirty"] if mapping.dirty else []
    bits += ["armed for userfaultfd"] if mapping.uffd_wp else []
    bits += ["by one PMD"] if mapping.huge else []
    return f"{who} to {mapping.frame} {', '.join(bits)}{allows[mapping.vma]}"


def describe_frame(frame: FrameView) -> str:
    """Say what one page, or one swap entry, is.

    Parameters
    ----------
    frame : FrameView
        The page.

    Returns
    -------
    str
        A sentence without its full stop.

    Examples
    --------
    >>> describe_frame(FrameView("A", "anon", (3, 2), 1026, 2, exclusive=True))
    'page A (anonymous) holds 3 2: 2 maps, 1026 references, exclusive'
    """
    data = " ".join(map(str, frame.content))
    if frame.kind == "swap":
        return f"{frame.name} holds {data}: {counted(frame.refcount, 'entry', 'entries')}"
    facts = [counted(frame.mapcount, "map"), counted(frame.refcount, "reference")]
    facts += frame_marks(frame)
    return f"page {frame.name} ({KINDS.get(frame.kind, frame.kind)}) holds {data}: " + ", ".join(
        facts
    )


def frame_marks(frame: FrameView) -> list[str]:
    """Return the marks of a page in words: exclusive, in the swap cache, locked.

    Parameters
    ----------
    frame : FrameView
        The page.
    """
    half = "" if frame.exclusive_half is None else f" [{frame.exclusive_half}]"
    marks = [f"exclusive{half}"] if frame.exclusive else []
    marks += ["swap cache"] if frame.swapcache else []
    return marks + ([f"locked by {frame.locked_by}"] if frame.locked_by else [])


def describe_reference(reference: ReferenceView) -> str:
    """Say what one named reference is.

    Parameters
    ----------
    reference : ReferenceView
        The reference.

    Returns
    -------
    str
        A sentence without its full stop.

    Examples
    --------
    >>> describe_reference(ReferenceView("p", "parent", "parent", "pin", True, "A"))
    'p is a pin of A for writing, taken by parent'
    """
    what = {
        "pin": "a pin",
        "get": "a reference",
        "transient": "a brief reference",
        "lock": "a lock",
    }
    many = f" ({reference.count} references)" if reference.count > 1 else ""
    use = "" if reference.kind in ("transient", "lock") else _direction(reference)
    owner = (
        "" if reference.process == reference.holder else f" of the memory of {reference.process}"
    )
    kind = what[reference.kind]
    return f"{reference.name} is {kind} of {reference.frame}{many}{use}, taken by {reference.holder}{owner}"


def describe_process(process: ProcessView) -> str:
    """Say how a process is, for those that are not simply alive.

    Parameters
    ----------
    process : ProcessView
        The process.

    Returns
    -------
    str
        Empty for a process about which there is nothing to say.
    """
    if process.state == "gone":
        return f"{process.name} has exited"
    return f"{process.name} has had a page pinned" if process.has_pinned else ""


def describe(view: StateView) -> list[str]:
    """Say everything that a picture of the state shows.

    Parameters
    ----------
    view : StateView
        The state.

    Returns
    -------
    list of str
        Sentences: processes and their maps, references, pages, what was read, harms.
    """
    facts = [describe_process(process) for process in view.processes]
    facts += [describe_mapping(mapping) for mapping in shown_mappings(view)]
    facts += [describe_reference(reference) for reference in view.references]
    facts += [describe_frame(frame) for frame in view.frames]
    facts += [f"{who} has read {register_value(v)} into {r}" for who, r, v in view.registers]
    facts += [f"{actor} is in {function}" for actor, function in view.running]
    facts += [count_words(name, number) for name, number in view.counters if number]
    facts += [harm_words(*harm) for harm in view.harms]
    return [sentence(fact) for fact in facts if fact]


def changes(before: StateView, after: StateView) -> list[str]:
    """Say what differs between two states.

    Parameters
    ----------
    before, after : StateView
        Of one scenario.

    Returns
    -------
    list of str
        Sentences; empty where a person sees no difference. Harms are not among them.
    """
    return [
        *_process_changes(before, after),
        *_reference_changes(before, after),
        *_frame_changes(before, after),
        *_mapping_changes(before, after),
        *_new_facts(before, after),
    ]


def shown_mappings(view: StateView) -> list[MappingView]:
    """Return the page-table entries of processes that live, in order.

    Parameters
    ----------
    view : StateView
        The state.

    Returns
    -------
    list of MappingView
        Both halves of a huge page as one where a PMD maps them or neither is mapped;
        nothing for what is not part of an address space.
    """
    alive = {process.name for process in view.processes if process.state == "alive"}
    shown: list[MappingView] = []
    for mapping in view.mappings:
        if mapping.process not in alive or (mapping.state == "none" and mapping.vma == "none"):
            continue
        whole = replace(mapping, half=None)
        joined = mapping.half == 1 and (mapping.huge or mapping.state == "none")
        if joined and shown and shown[-1] == replace(mapping, half=0):
            shown[-1] = whole
        else:
            shown.append(mapping)
    return shown


def sentence(text: str) -> str:
    """Begin with a capital, end with a full stop; names of actors stay as they are.

    Examples
    --------
    >>> sentence("page A is copied"), sentence("fine!")
    ('Page A is copied.', 'fine!')
    """
    text = text.strip()
    first = text.split(" ", 1)[0]
    if first in ("page", "costs", "wrong", "missed", "unnecessary", "invariant"):
        text = text[:1].upper() + text[1:]
    return text if not text or text[-1] in ".!?" else text + "."


def _direction(reference: ReferenceView) -> str:
    """Say what a reference is for."""
    return " for writing" if reference.write else " for reading"


def _process_changes(before: StateView, after: StateView) -> list[str]:
    """Say which processes began, ended or pinned for the first time."""
    known = {process.name: process for process in before.processes}
    facts = []
    for process in after.processes:
        old = known.get(process.name)
        if old is None or old.state != process.state:
            begins = process.state == "alive"
            facts.append(f"{process.name} {'begins' if begins else 'is gone'}.")
        elif process.has_pinned and not old.has_pinned:
            facts.append(f"{process.name} is marked as having pinned.")
    return facts


def _reference_changes(before: StateView, after: StateView) -> list[str]:
    """Say which references were taken and dropped."""
    old = {reference.name for reference in before.references}
    new = {reference.name for reference in after.references}
    facts = [sentence(describe_reference(r)) for r in after.references if r.name not in old]
    return facts + [f"{r.name} is dropped." for r in before.references if r.name not in new]


def _frame_changes(before: StateView, after: StateView) -> list[str]:
    """Say which pages came, went, and changed."""
    old = {frame.name: frame for frame in before.frames}
    new = {frame.name for frame in after.frames}
    facts = []
    for frame in after.frames:
        if frame.name not in old:
            facts.append(sentence(describe_frame(frame).replace("holds", "is new and holds", 1)))
        elif old[frame.name] != frame:
            facts.append(sentence(_one_frame(old[frame.name], frame)))
    return facts + [sentence(f"page {name} is freed") for name in old if name not in new]


def _one_frame(old: FrameView, new: FrameView) -> str:
    """Say what changed in a page."""
    pairs = (("map", old.mapcount, new.mapcount), ("reference", old.refcount, new.refcount))
    facts = [f"{was} to {counted(now, name)}" for name, was, now in pairs if was != now]
    if old.content != new.content:
        facts.insert(0, "content " + " ".join(map(str, new.content)))
    gone = [mark for mark in frame_marks(old) if mark not in frame_marks(new)]
    facts += [mark for mark in frame_marks(new) if mark not in frame_marks(old)]
    facts += [f"no longer {mark}" for mark in gone]
    facts += [f"now {KINDS.get(new.kind, new.kind)}"] if old.kind != new.kind else []
    return f"page {new.name}: " + ", ".join(facts)


def _mapping_changes(before: StateView, after: StateView) -> list[str]:
    """Say which page-table entries changed, of processes that live before and after."""
    old = {(m.process, m.page, m.half): m for m in shown_mappings(before)}
    new = {(m.process, m.page, m.half): m for m in shown_mappings(after)}
    lived = {process.name for process in before.processes if process.state == "alive"}
    lives = {process.name for process in after.processes if process.state == "alive"}
    facts = [
        describe_mapping(mapping)
        for key, mapping in new.items()
        if old.get(key) != mapping and (mapping.process in lived or mapping.state != "none")
    ]
    pages = {(process, page) for process, page, _ in new}
    gone = dict.fromkeys(key[:2] for key in old if key[:2] not in pages and key[0] in lives)
    facts += [f"{process} no longer maps {page}" for process, page in gone]
    return [sentence(fact) for fact in facts]


def _new_facts(before: StateView, after: StateView) -> list[str]:
    """Say what was read and what it cost."""
    registers = [r for r in after.registers if r not in before.registers]
    facts = [f"{who} reads {register_value(value)} into {name}" for who, name, value in registers]
    old = dict(before.counters)
    more = [(n, v - old.get(n, 0)) for n, v in after.counters if v > old.get(n, 0)]
    facts += [f"costs {count_words(name, number)}" for name, number in more]
    return [sentence(fact) for fact in facts]

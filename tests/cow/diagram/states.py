"""States to draw: a few told by hand, and any that Hypothesis can think of."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from threadkit.cow.views import (
    FrameView,
    MappingView,
    ProcessView,
    ReferenceView,
    StateView,
    Step,
    Trace,
)

PIN = 1024


def page(name="A", content=(1, 2), refcount=1, mapcount=1, kind="anon", **marks):
    return FrameView(name, kind, content, refcount, mapcount, **marks)


def entry(process="parent", frame="A", writable=True, page="x", half=None, **bits):
    state = "none" if frame is None else "swap" if frame.startswith("swap") else "present"
    return MappingView(process, page, half, state, frame, writable, **bits)


def state(processes, mappings, frames, references=(), **more):
    made = tuple(ProcessView(name, how) for name, how in processes.items())
    rest = {"registers": (), "counters": (), "harms": ()} | more
    return StateView(made, tuple(mappings), tuple(frames), tuple(references), **rest)


ONE_PIN = ReferenceView("p", "parent", "parent", "pin", True, "A")


def fork_pin_write(*, reuse: bool) -> Trace:
    """Tell the story of a pin, a fork, an exit and a write under either rule."""
    alone = {"parent": "alive", "child": "unborn"}
    both = {"parent": "alive", "child": "alive"}
    after = {"parent": "alive", "child": "gone"}
    start = state(alone, [entry()], [page()])
    pinned = state(alone, [entry()], [page(refcount=1 + PIN)], [ONE_PIN])
    shared = [entry(writable=False), entry("child", writable=False)]
    forked = state(both, shared, [page(refcount=2 + PIN, mapcount=2)], [ONE_PIN])
    left = state(after, shared[:1], [page(refcount=1 + PIN)], [ONE_PIN])
    copied = [page(refcount=PIN, mapcount=0), page("B", (3, 2))]
    if reuse:
        written = state(after, [entry()], [page(content=(3, 2), refcount=1 + PIN)], [ONE_PIN])
        end = ("reuse_swap_page", "mapcount is 1, so the page is reused")
    else:
        harms = (("wrong", "I2"),)
        written = state(after, [entry(frame="B")], copied, [ONE_PIN], harms=harms)
        end = ("wp_page_copy", "refcount is 1025, so the page is copied")
    steps = (
        Step("parent", "pin p = x write longterm", 0, "gup", "a pin, and no map", True, pinned),
        Step("parent", "fork child", 1, "copy_present_pte", "both are read-only", True, forked),
        Step("child", "exit", 2, "exit_mmap", "one mapper again", True, left),
        Step("parent", "write x[0] = 3", 3, "do_wp_page", "the write faults", False, left),
        Step("parent", "write x[0] = 3", 3, *end, True, written),
    )
    era = "mapcount_locked" if reuse else "refcount_nofork"
    return Trace("S4", era, "condition fails" if reuse else "wrong", start, steps)


_NAMES = st.sampled_from(
    ["parent", "child", "grandchild", "tracer", "a", "process_with_a_very_long_name", "W" * 30]
)
_FRAMES = ["A", "B", "C", "swap 1", "swap 2", "D"]
_KINDS = ["anon", "zeropage", "file", "ksm", "thp", "hugetlb"]
_SLOT = st.integers(0, 255)


@st.composite
def _frames(draw):
    frames = []
    for name in draw(st.lists(st.sampled_from(_FRAMES), unique=True, max_size=6)):
        out = name.startswith("swap")
        mapcount = 0 if out else draw(st.integers(0, 9))
        extra = draw(st.integers(0, 5)) + draw(st.sampled_from([0, PIN, 3 * PIN]))
        frames.append(
            FrameView(
                name,
                "swap" if out else draw(st.sampled_from(_KINDS)),
                (draw(_SLOT), draw(_SLOT)),
                mapcount + extra,
                mapcount,
                exclusive=not out and draw(st.booleans()),
                swapcache=not out and draw(st.booleans()),
                locked_by=draw(st.sampled_from([None, None, "lockholder", "W" * 30])),
            )
        )
    return tuple(frames)


@st.composite
def _mappings(draw, processes, frames):
    mappings = []
    targets = [None, *(frame.name for frame in frames)]
    for process in processes:
        for name in draw(
            st.lists(st.sampled_from(["x", "y", "a_long_name"]), max_size=2, unique=True)
        ):
            for half in draw(st.sampled_from([(None,), (0, 1)])):
                target = draw(st.sampled_from(targets))
                how = entry(
                    process.name,
                    target,
                    draw(st.booleans()),
                    name,
                    half,
                    dirty=draw(st.booleans()),
                    uffd_wp=draw(st.booleans()),
                    huge=half is None and draw(st.booleans()),
                    vma=draw(st.sampled_from(["none", "r", "rw", "rw"])),
                )
                mappings.append(how)
    return tuple(mappings)


@st.composite
def states(draw):
    """Make any state with up to 4 processes, 6 pages and 4 references."""
    names = draw(st.lists(_NAMES, unique=True, min_size=1, max_size=4))
    how = st.sampled_from(["alive", "alive", "alive", "gone", "unborn"])
    processes = tuple(ProcessView(name, draw(how), draw(st.booleans())) for name in names)
    frames = draw(_frames())
    references = []
    if frames:
        for handle in draw(st.lists(st.sampled_from("pqrs"), unique=True, max_size=4)):
            kind = draw(st.sampled_from(["pin", "get", "transient", "lock"]))
            frame = draw(st.sampled_from(frames)).name
            count = draw(st.sampled_from([1, 1, 1024]))
            who = draw(_NAMES)
            references.append(ReferenceView(handle, who, who, kind, True, frame, count))
    harm = st.sampled_from([("missed", "I1"), ("wrong", "I2"), ("broken", "I7")])
    base = StateView(
        processes,
        draw(_mappings(processes, frames)),
        frames,
        tuple(references),
        (),
        tuple((name, draw(st.integers(0, 3))) for name in ("copies", "lock_waits")),
        tuple(draw(st.lists(harm, max_size=2, unique=True))),
    )
    read = tuple((name, f"r{n}", draw(_SLOT)) for n, name in enumerate(names))
    running = ((names[0], "do_wp_page"),) if draw(st.booleans()) else ()
    return replace(base, registers=read, running=running)

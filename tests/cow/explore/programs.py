"""Random small programs for the toy memory."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.cow.explore.toys import litmus_of
from threadkit.cow.litmus.parse import parse

CONDITIONS = (
    "exists (parent:r0 = 1)",
    "forall (parent:x[0] < 2)",
    "~exists (parent:r0 != 1 /\\ harm(wrong))",
    "exists (reuses > 2 \\/ held(h))",
)


def _write(page: str, slot: int, value: int) -> str:
    return f"write {page}[{slot}] = {value}"


_STATEMENTS = st.one_of(
    st.builds(_write, st.sampled_from("xy"), st.integers(0, 1), st.integers(0, 2)),
    st.builds("r0 = read {}[{}]".format, st.sampled_from("xy"), st.integers(0, 1)),
)


@st.composite
def programs(draw, most: int = 3):
    """Draw a scenario: two threads, a lock holder or none, sometimes an edge between them."""
    parent = ["r0 = read x[0]", *draw(st.lists(_STATEMENTS, max_size=most - 1))]
    helper = draw(st.lists(_STATEMENTS, min_size=1, max_size=most))
    parent[-1] += " as done"
    if draw(st.booleans()):
        place = draw(st.integers(0, len(helper) - 1))
        helper[place] += " after done"
    columns = f"parent {{ {'; '.join(parent)}; }} helper {{ {'; '.join(helper)}; }}"
    unlocked = draw(st.booleans())
    columns += f" lockholder {{ lock h = parent.x;{' unlock h;' if unlocked else ''} }}"
    first = draw(st.sampled_from(["", "parent: write x[0] = 1; "]))
    return litmus_of(f"{first}par {{ {columns} }}", draw(st.sampled_from(CONDITIONS)))


_TOUCHES = (
    "write {p}[0] = 3",
    "write {p}[1] = 4",
    "r0 = read {p}[0]",
    "mprotect {p} r",
    "mprotect {p} rw",
    "madvise {p} DONTNEED",
    "munmap {p}",
)
_KERNEL = (
    "noise {{ get_page h = {a}.{p}; put_page h; }}",
    "lockholder {{ lock h = {a}.{p}; unlock h; }}",
    "reclaim {{ swap_out {a}.{p}; }}",
)
_PINS = (
    "",
    "parent: pin g = {p} write; ",
    "parent: get g = {p} read; ",
    "parent: vmsplice g = {p}; ",
)


@st.composite
def apart(draw):
    """Draw a scenario for the real model: processes that mostly use pages of their own."""
    pages = draw(st.permutations("xyz"))
    columns = []
    for actor, page in zip(("parent", "child", "other"), pages, strict=True):
        some = draw(st.lists(st.sampled_from(_TOUCHES), min_size=1, max_size=2))
        columns.append(f"{actor} {{ {'; '.join(some).format(p=page)}; }}")
    if draw(st.booleans()):
        actor, page = draw(st.sampled_from(list(zip(("parent", "child"), pages, strict=False))))
        columns.append(draw(st.sampled_from(_KERNEL)).format(a=actor, p=page))
    kinds = [draw(st.sampled_from(["anon rw 1 2", "thp rw 1 2", "file rw 1 2"])) for _ in "xyz"]
    first = draw(st.sampled_from(_PINS)).format(p=draw(st.sampled_from("xyz")))
    initial = " ".join(f"{p} = {kind};" for p, kind in zip("xyz", kinds, strict=True))
    return parse(
        f'COW apart question "?" {{ {initial} process other; }} {first}parent: fork child;'
        f" par {{ {' '.join(columns)} }} exists (parent:x[0] = 3 /\\ harm(wrong) \\/ copies > 1)"
    )

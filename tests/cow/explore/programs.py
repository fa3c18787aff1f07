"""Random small programs for the toy memory."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.cow.explore.toys import litmus_of

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

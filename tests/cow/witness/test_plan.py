"""Scenarios become plans: in every order that they allow, or not at all and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.witness.instructions import CannotWitness, declarations, holder, obstacle
from threadkit.cow.witness.plan import MOST_ORDERS, living, orders, performed, plans

LITMUS = Path(__file__).parents[3] / "data" / "litmus"


def scenario(body: str, initial: str = "x = anon rw 1 2;", condition: str = "parent:x[0] = 3"):
    text = f'COW T\nquestion "?"\n{{ {initial} }}\n{body}\nexists ({condition})\n'
    return parse(text, origin="T.litmus")


def columns(lengths: list[int]) -> Litmus:
    """Make a scenario of a par in which process K reads its page so many times."""
    names = [f"p{k}" for k in range(len(lengths))]
    forks = "\n".join(f"parent: fork {name};" for name in names)
    blocks = (
        f"{name} {{ {' '.join(f'r{i} = read x[0];' for i in range(length))} }}"
        for name, length in zip(names, lengths, strict=True)
    )
    return scenario(f"{forks}\npar {{ {' '.join(blocks)} }}")


def test_statements_one_after_the_other_have_one_order():
    litmus = scenario("parent: fork child; parent: write x[0] = 3; child: exit;")
    (plan,) = plans(litmus)
    assert plan.name == "T"
    assert plan.order == (0, 1, 2)
    assert not plan.sampled
    assert [line for line in plan.lines if line.startswith("op")] == [
        "op 0 parent fork process=child",
        "op 1 parent write page=x slot=0 value=3",
        "op 2 child exit",
    ]


def test_edges_between_columns_can_leave_one_order():
    litmus = scenario(
        "parent: fork child;\n"
        "par { parent { write x[0] = 3 after seen; } child { r0 = read x[0] as seen; } }"
    )
    (plan,) = plans(litmus)
    assert plan.order == (0, 2, 1)
    assert not plan.sampled


def test_few_orders_are_each_a_sample():
    litmus = scenario(
        "parent: fork child;\npar { parent { write x[0] = 3; } child { r0 = read x[0]; } }"
    )
    found = plans(litmus)
    assert [plan.order for plan in found] == [(0, 1, 2), (0, 2, 1)]
    assert [plan.name for plan in found] == ["T/1", "T/2"]
    assert all(plan.sampled for plan in found)


def test_many_orders_are_left_out_with_the_reason():
    with pytest.raises(CannotWitness, match="interleaves"):
        plans(columns([2, 2, 2]))


@given(st.lists(st.integers(1, 3), min_size=2, max_size=3))
def test_orders_are_distinct_and_keep_each_actors_own(lengths: list[int]):
    litmus = columns(lengths)
    ops = litmus.ops()
    seen = set()
    for order, _ in zip(orders(litmus), range(40), strict=False):
        assert sorted(order) == list(range(len(ops)))
        for actor in {op.actor for op in ops}:
            own = [number for number in order if ops[number].actor == actor]
            assert own == sorted(own)
        seen.add(order)
    assert len(seen) > MOST_ORDERS or len(seen) == len(list(orders(litmus)))


@pytest.mark.parametrize(
    ("initial", "body", "why"),
    [
        ("x = anon rw 1 2;", "lockholder: lock L = parent.x;", "page lock"),
        ("x = anon rw 1 2;", "noise: get_page g = parent.x;", "speculative"),
        ("x = anon rw 1 2 lru_pending;", "parent: write x[0] = 3;", "per-CPU"),
        ("x = anon rw 1 2;", "parent: get g = x write times 9;", "many plain references"),
    ],
)
def test_what_no_program_can_do_is_said(initial: str, body: str, why: str):
    with pytest.raises(CannotWitness, match=why):
        plans(scenario(body, initial))


def test_a_reference_is_held_by_what_can_hold_it():
    litmus = scenario(
        "parent: pin a = x write longterm; parent: pin b = x read longterm;\n"
        "parent: vmsplice c = x; parent: get d = x read; parent: odirect_read_begin e = x;\n"
        "parent: odirect_write_begin f = x; parent: get g = x write;"
    )
    assert [holder(op) for op in litmus.ops()] == [
        "ring",
        "gup",
        "pipe",
        "pipe",
        "direct",
        "direct_write",
        "plain_direct",
    ]
    assert "handle g plain_direct x" in declarations(litmus)


def test_direct_io_is_of_the_slot_that_the_device_uses():
    litmus = scenario(
        "parent: odirect_read_begin d = x; device: dma_in d[1] = 7; parent: odirect_end d;"
    )
    assert "op 0 parent take handle=d page=x slot=1" in plans(litmus)[0].lines


def test_what_is_seen_in_the_end_is_of_living_processes_and_held_references():
    litmus = scenario(
        "parent: fork child; parent: pin p = x write longterm; parent: vmsplice v = x;\n"
        "parent: put v; child: exit;"
    )
    lines = plans(litmus)[0].lines
    assert living(litmus, plans(litmus)[0].order) == ("parent",)
    assert [line for line in lines if line.startswith("see")] == [
        "see uffd_events counter",
        "see parent:x[0] memory parent x 0",
        "see parent:x[1] memory parent x 1",
        "see p[0] reference p 0",
        "see p[1] reference p 1",
    ]


def test_a_thread_behind_the_exit_of_its_process_does_nothing():
    litmus = scenario(
        "parent: fork child; par { parent { exit; } helper { r0 = read x[0]; exit; } }",
        initial="x = anon rw 1 2; thread helper of parent;",
        condition="alive(child)",
    )
    found = plans(litmus)
    assert [performed(litmus, plan.order) for plan in found] == [(0, 1), (0, 2, 1), (0, 2, 3)]
    for plan in found:
        done = [line.split()[1] for line in plan.lines if line.startswith("op ")]
        assert tuple(map(int, done)) == performed(litmus, plan.order)
        assert living(litmus, plan.order) == ("child",)


def test_states_between_statements_are_asked_for_only_to_count_copies():
    body = "parent: write x[0] = 3;"
    plain = plans(scenario(body))[0].lines
    counting = plans(scenario(body, condition="copies >= 1"))[0].lines
    assert not any("|" in line for line in plain)
    assert [line for line in counting if "|" in line] == [
        "state 0|parent:x parent x",
        "state 1|parent:x parent x",
    ]


@pytest.mark.parametrize("path", sorted(LITMUS.glob("*.litmus")), ids=lambda path: path.stem)
def test_every_shipped_scenario_is_planned_or_says_why_not(path: Path):
    litmus = parse(path.read_text("utf-8"), origin=str(path))
    why = obstacle(litmus)
    orders_seen = len(list(zip(range(MOST_ORDERS + 1), orders(litmus), strict=False)))
    if why or orders_seen > MOST_ORDERS:
        with pytest.raises(CannotWitness, match=re.escape(why or "interleaves")):
            plans(litmus)
        return
    found = plans(litmus)
    assert len(found) == orders_seen
    for plan in found:
        assert sum(line.startswith("op ") for line in plan.lines) == len(litmus.ops())
        assert plan.lines[-1] == "end"

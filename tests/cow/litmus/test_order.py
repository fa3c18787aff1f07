"""What a program orders, and what it leaves open."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.cow.litmus.strategies import litmuses
from threadkit.cow.litmus.order import Order
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus

START = 'COW T question "?" { x = anon rw 1 2; thread t of parent; thread u of c; process q; }\n'


def order(program: str) -> Order:
    return Order(parse(f"{START}{program}\nexists (copies = 0)"))


def test_phases_follow_each_other() -> None:
    known = order("parent: fork c; parent: exec; par { q { exec; } t { exec; } }")
    assert known.phase == (0, 1, 2, 2)
    assert known.before(0, 1)
    assert known.before(0, 3)
    assert not known.before(3, 1)
    assert not known.before(2, 3)
    assert not known.before(3, 2)


def test_labels_carry_over_columns() -> None:
    known = order(
        "parent: fork c; par { q { exec after b; } parent { exec as a; exec; }"
        " c { exec after a as b; } }"
    )
    assert known.before(2, 1)
    assert not known.before(3, 1)


def test_a_child_and_its_threads_begin_behind_the_fork() -> None:
    known = order("par { c { exec; } u { exec; } parent { exec; fork c; } q { exec; } }")
    assert known.before(3, 0)
    assert known.before(2, 1)
    assert not known.before(3, 4)


@given(litmuses(phases=3), st.randoms(use_true_random=False))
def test_any_run_keeps_the_order(litmus: Litmus, random: object) -> None:
    """Run statements by the rules of the description, whoever may, and look who came first."""
    known = Order(litmus)
    assert known.cycle == ()
    ops = litmus.ops()
    numbers = {id(op): index for index, op in enumerate(ops)}
    process = dict(litmus.threads)
    forked = {op.process for op in ops if op.process}
    done: list[int] = []
    labels: set[str] = set()
    for phase in litmus.phases:
        columns = [list(column) for column in phase.columns]
        while any(columns):
            ready = [
                column
                for column in columns
                if column
                and set(column[0].after) <= labels
                and (
                    (owner := process.get(column[0].actor, column[0].actor)) not in forked
                    or owner in {ops[index].process for index in done}
                )
            ]
            op = random.choice(ready).pop(0)
            done.append(numbers[id(op)])
            labels |= {op.label} if op.label else set()
    place = {index: when for when, index in enumerate(done)}
    assert len(place) == len(ops)
    for first, second in product(range(len(ops)), repeat=2):
        if known.before(first, second):
            assert place[first] < place[second]
            assert not known.before(second, first)

"""Laws of what is allowed, whatever the program."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.cow.ideal import Ideal
from threadkit.cow.fuzz import machine_runner, random_litmus
from threadkit.cow.litmus.syntax import Op, PageName, Phase
from threadkit.cow.oracle import STRICT, Promise, allowed
from threadkit.cow.oracle.memory import ANY
from threadkit.cow.oracle.program import Program
from threadkit.cow.oracle.search import finals

SEEDS = st.integers(0, 2**32)
WEAK = Promise("none", "none", "none", "none", "none", "none")
PROMISES = st.builds(
    Promise,
    *[st.sampled_from(["always", "unless_forked", "none"])] * 6,
    pins_stay_home=st.booleans(),
)


def program(seed, size=7):
    return random_litmus(random.Random(seed), size)


def in_one_order(litmus, rng):
    """The program without par: one of the orders that its statements may run in."""
    order = []
    done = set()
    forked = {op.process for op in litmus.ops() if op.process}
    homes = dict(litmus.threads)
    born = {"parent", *litmus.processes}
    for phase in litmus.phases:
        columns = [list(column) for column in phase.columns]
        while any(columns):
            ready = [
                column
                for column in columns
                if column
                and set(column[0].after) <= done
                and (
                    homes.get(column[0].actor, column[0].actor) in born
                    or column[0].actor not in forked
                )
            ]
            op = rng.choice(ready).pop(0)
            order.append(op)
            done.add(op.label)
            born.add(op.process)
    return replace(litmus, phases=tuple(Phase(((op,),)) for op in order))


def some_values(final):
    """One choice of values that a final state allows."""
    return {name: min(values) for name, values in final}


@given(SEEDS, PROMISES)
def test_without_interleaving_there_is_one_outcome(seed, promise):
    straight = in_one_order(program(seed), random.Random(seed))
    assert len(allowed(straight, promise).finals) == 1


@given(SEEDS)
def test_straight_line_evaluation_gives_the_outcome(seed):
    straight = in_one_order(program(seed), random.Random(seed))
    (final,) = allowed(straight).finals
    ((registers, _),) = machine_runner(lambda litmus, _: Ideal(litmus))(straight, "").finals
    got = dict(registers)
    told = {name: values for name, values in final if ":r" in name and values != ANY}
    assert {name: values | {got[name]} for name, values in told.items()} == told


@given(SEEDS, PROMISES)
def test_every_order_of_a_machine_without_pages_is_allowed(seed, promise):
    litmus = program(seed, 6)
    seen = machine_runner(lambda litmus, _: Ideal(litmus))(litmus, "")
    assume(seen.complete)
    may = allowed(litmus, promise)
    assert all(may.admits(dict(registers)) for registers, _ in seen.finals)


@given(SEEDS)
def test_interleaving_only_adds_outcomes(seed):
    litmus = program(seed)
    straight = in_one_order(litmus, random.Random(seed))
    may = allowed(litmus)
    for final in allowed(straight).finals:
        assert may.admits(some_values(final))


@given(SEEDS, PROMISES)
def test_promising_less_only_adds_outcomes(seed, promise):
    litmus = program(seed)
    less = allowed(litmus, replace(promise, pins_stay_home=False))
    least = allowed(litmus, WEAK)
    for final in allowed(litmus, promise).finals:
        assert less.admits(some_values(final))
        assert least.admits(some_values(final))


@given(SEEDS, st.sets(st.sampled_from(["I1", "I2w", "I2r", "store"])))
def test_faults_only_add_outcomes(seed, faults):
    litmus = program(seed)
    wrong = allowed(litmus)
    wrong = replace(wrong, finals=finals(Program(litmus, STRICT, frozenset(faults))))
    for final in allowed(litmus).finals:
        assert wrong.admits(some_values(final))


@given(SEEDS)
def test_names_of_processes_do_not_matter(seed):
    litmus = program(seed)
    names = {"child": "aa", "grandchild": "bb", "tracer": "cc", "helper": "dd"}

    def page(one):
        return one and replace(one, process=names.get(one.process, one.process))

    def renamed(op: Op):
        actor, process = names.get(op.actor, op.actor), names.get(op.process, op.process)
        return replace(op, actor=actor, process=process, page=page(op.page), other=page(op.other))

    phases = tuple(
        Phase(tuple(tuple(map(renamed, column)) for column in phase.columns))
        for phase in litmus.phases
    )
    other = replace(
        litmus,
        phases=phases,
        threads=tuple((names[thread], home) for thread, home in litmus.threads),
        processes=tuple(names[process] for process in litmus.processes),
    )
    back = {new: old for old, new in names.items()}

    def named(final):
        parts = ((name.partition(":"), values) for name, values in final)
        return frozenset((back.get(a, a) + colon + b, v) for (a, colon, b), v in parts)

    assert {named(final) for final in allowed(other).finals} == allowed(litmus).finals


@given(SEEDS, st.sampled_from(["swap_out", "swap_in", "clear_refs", "uffd_wp", "PAGEOUT", "lock"]))
def test_what_changes_no_value_changes_nothing(seed, verb):
    litmus = program(seed)
    page = PageName("parent", litmus.pages[0].name)
    op = {
        "swap_out": Op("reclaim", "swap_out", page),
        "swap_in": Op("reclaim", "swap_in", page),
        "clear_refs": Op("parent", "clear_refs"),
        "uffd_wp": Op("parent", "uffd_wp", page),
        "PAGEOUT": Op("parent", "madvise", page, words=("PAGEOUT",)),
        "lock": Op("lockholder", "lock", page, handle="held"),
    }[verb]
    place = random.Random(seed).randint(0, len(litmus.phases))
    phases = (*litmus.phases[:place], Phase(((op,),)), *litmus.phases[place:])
    assert allowed(replace(litmus, phases=phases)).finals == allowed(litmus).finals


@given(SEEDS, st.data())
def test_value_that_nobody_wrote_is_a_violation_of_that_name(seed, data):
    may = allowed(program(seed))
    values = some_values(data.draw(st.sampled_from(sorted(may.finals, key=sorted))))
    promised = [name for name, _ in values.items() if all(name in dict(f) for f in may.finals)]
    name = data.draw(st.sampled_from(promised))
    assume(all(dict(final)[name] != ANY for final in may.finals))
    violation = may.first_violation({**values, name: 211})
    assert violation.name == name
    assert violation.value == 211
    assert violation.causes == ()
    assert values[name] in violation.wanted

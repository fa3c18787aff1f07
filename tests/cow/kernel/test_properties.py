"""Whatever is run, under whatever rules: accounts balance, locks are dropped, pages come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.cow.kernel.worlds import (
    allocated,
    litmuses,
    may_break,
    policies,
    real_eras,
    residue,
    search,
)
from threadkit.cow.eras import Era, base_eras
from threadkit.cow.explore.search import explore
from threadkit.cow.kernel.layout import BITS, PTE, V_WRITE, VMA, WRITABLE
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.kernel.pages import ModelBoundError
from threadkit.cow.litmus.syntax import VERBS, Litmus, Op, Phase
from threadkit.cow.policy import Policy

BOUND = 4_000
BALANCE = "I7"
LIFETIME = ("broken", "I8")


def may_wait_for_ever(rules: Era) -> bool:
    """Whether an era waits for the page lock with the page table locked, as nobody may."""
    return rules.policy.wp_trylock_failed == "sleep_locked"


@given(litmuses(), real_eras)
@settings(max_examples=80)
def test_the_states_of_a_real_era_keep_its_invariants(litmus: Litmus, rules: Era) -> None:
    found = explore(Machine(litmus, rules.policy), bound=BOUND, reduce=False)
    assert set(found.broken()) <= may_break(rules.policy)


@given(litmuses(), real_eras)
@settings(max_examples=80)
def test_no_page_is_used_behind_its_end_and_no_entry_allows_more_than_its_mapping(
    litmus: Litmus, rules: Era
) -> None:
    machine = Machine(litmus, rules.policy)
    late = rules.policy.wp_unlock_page == "after_pte_unlock"  # be068f29034f's bug
    for state in explore(machine, bound=BOUND, reduce=False).states:
        assert late or LIFETIME not in machine.harms(state)
        for entry in machine.kernel.entries:
            if state[entry.at + PTE] and state[entry.at + BITS] & WRITABLE:
                assert state[entry.at + VMA] & V_WRITE


@given(litmuses(6), policies)
@settings(max_examples=60)
def test_any_mixture_of_rules_keeps_its_accounts(litmus: Litmus, policy: Policy) -> None:
    try:
        found = explore(Machine(litmus, policy), bound=BOUND, reduce=False)
    except ModelBoundError:
        return
    assert BALANCE not in found.broken()


@given(litmuses(), real_eras)
@settings(max_examples=60)
def test_who_is_through_holds_nothing_and_nobody_waits_for_ever(litmus: Litmus, rules: Era) -> None:
    found = explore(Machine(litmus, rules.policy), bound=BOUND)
    assert may_wait_for_ever(rules) or not found.stuck
    for number in set(found.finals) - found.stuck:
        assert residue(found.machine, found.states[number]) == []


def _cleared(litmus: Litmus) -> Litmus:
    """End every reference and every process behind a program."""
    ops = litmus.ops()
    ended = {op.handle for op in ops if VERBS[op.verb].ends}
    home = dict(litmus.threads)
    gone = {home.get(op.actor, op.actor) for op in ops if op.verb == "exit"}
    forked = {op.process for op in ops if op.verb == "fork"}
    after = []
    for op in ops:
        if VERBS[op.verb].shape == "new_handle" and op.handle not in ended:
            end = next(v for v, form in VERBS.items() if form.ends and op.verb in form.of)
            after.append(Op("noise", end, handle=op.handle))
    after += [
        Op(process, "exit")
        for process in ("parent", *litmus.processes, *sorted(filter(None, forked)))
        if process not in gone
    ]
    return replace(litmus, phases=(*litmus.phases, *(Phase(((op,),)) for op in after)))


@given(litmuses(), real_eras)
@settings(max_examples=60)
def test_when_all_have_left_every_page_is_free(litmus: Litmus, rules: Era) -> None:
    found = explore(Machine(_cleared(litmus), rules.policy), bound=BOUND)
    k = found.machine.kernel
    for number in set(found.finals) - found.stuck:
        state = found.states[number]
        assert allocated(found.machine, state) == []
        assert all(state[swap : swap + 2] == b"\0\0" for swap in k.swaps)


@pytest.mark.parametrize("rules", base_eras(), ids=lambda one: one.letter)
def test_a_page_lock_that_is_never_dropped_is_what_makes_one_wait_for_ever(rules: Era) -> None:
    holds = "lockholder: lock h = parent.x; "
    for program in (
        "parent: fork child; {} child: write x[0] = 3;",
        "{} reclaim: swap_out parent.x;",
    ):
        waits = search(program.format(holds), rules).stuck
        assert not search(program.format(holds + "lockholder: unlock h;"), rules).stuck
        sleeps = rules.policy.wp_trylock_failed == "sleep" and "fork" in program
        assert bool(waits) is sleeps


class Walk(RuleBasedStateMachine):
    """One interleaving at random, every state of it looked at."""

    @initialize(litmus=litmuses(12), rules=real_eras)
    def begin(self, litmus: Litmus, rules: Era) -> None:
        self.machine = Machine(litmus, rules.policy)
        self.deadlocks = may_wait_for_ever(rules)
        self.state = self.machine.initial

    @rule(choice=st.integers(0, 1 << 16))
    def move(self, choice: int) -> None:
        after = {task: self.machine.step(self.state, task) for task in self.machine.tasks}
        able = [task for task, state in after.items() if state is not None]
        if not able:
            assert self.deadlocks or self.machine.finished(self.state)
            return
        before, task = self.state, able[choice % len(able)]
        assert self.machine.step(before, task) == after[task], "a step is a function"
        self.state = after[task] or before
        index, function, _, ends = self.machine.describe(before, task, self.state)
        op = self.machine.litmus.ops()[index]
        assert op.actor == self.machine.actors[self.machine.tasks.index(task)]
        assert function
        assert ends == (self.state[task] != before[task])
        assert set(self.machine.harms(before)) <= set(self.machine.harms(self.state))

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "machine"):
            assert set(self.machine.broken(self.state)) <= may_break(self.machine.policy)
            view = self.machine.view(self.state)
            assert all(one.refcount >= one.mapcount for one in view.frames if one.kind != "swap")


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=30, stateful_step_count=60)

"""The two engines are compared: errors of known kinds are found, and no others."""

from __future__ import annotations

import pytest

from tests.cow.ideal import Ideal
from threadkit.cow.fuzz import Observed, fuzz, machine_runner, promise_of
from threadkit.cow.litmus.parse import parse
from threadkit.cow.oracle import Promise
from threadkit.cow.policy import Policy


def ideal(errs="", marks=False, bound=100_000):
    return machine_runner(lambda litmus, era: Ideal(litmus, errs, marks), bound)


def test_machine_that_does_no_harm_agrees():
    report = fuzz(["any"], range(100), ideal())
    assert report.disagreements == []
    assert report.programs == report.runs == 100
    assert report.finals == report.harmless > 100
    assert report.seen > report.outcomes / 2


@pytest.mark.parametrize(
    ("errs", "why"), [("leak", "another process's write shows (I1)"), ("lose", "(I2")]
)
def test_harm_that_is_not_marked_is_found_and_made_small(errs, why):
    report = fuzz(["any"], range(40), ideal(errs))
    found = report.disagreements
    assert len(found) > 3
    assert why in found[0].why
    assert found[0].why.endswith("(harm on the way: none)")
    assert len(found[0].litmus.ops()) <= 5


@pytest.mark.parametrize("errs", ["leak", "lose"])
def test_harm_that_is_marked_is_explained(errs):
    report = fuzz(["any"], range(40), ideal(errs, marks=True))
    assert report.disagreements == []
    assert report.harmful > 0
    assert report.harmless + report.harmful == report.finals


def test_harm_of_the_wrong_kind_explains_nothing():
    class Confused(Ideal):
        def _mark(self, state, kind, invariant):
            super()._mark(state, "wrong" if kind == "missed" else "missed", invariant)

    runner = machine_runner(lambda litmus, era: Confused(litmus, "leak", marks=True))
    report = fuzz(["any"], range(40), runner)
    assert "(harm on the way: wrong)" in report.disagreements[0].why


def test_era_that_breaks_its_own_promise_is_found():
    runner = ideal("lose", marks=True)
    assert fuzz(["any"], range(40), runner, promises=lambda era: promise_of(Policy())).text() == (
        fuzz(["any"], range(40), runner).text()
    )
    report = fuzz(["any"], range(40), runner, promises=lambda era: Promise())
    assert report.disagreements[0].why.endswith("which the era promises")


def test_broken_invariant_is_found():
    def runner(litmus, era):
        forks = any(op.verb == "fork" for op in litmus.ops())
        return Observed(frozenset(), frozenset({"I4"} if forks else ()))

    report = fuzz(["any"], range(20), runner)
    assert report.disagreements[0].why == "I4 does not hold"
    assert [op.verb for op in report.disagreements[0].litmus.ops()] == ["fork"]


def test_report_says_the_same_again_and_shows_a_program_that_runs():
    first, again = (fuzz(["a", "b"], range(20), ideal("leak")) for _ in range(2))
    assert first.text() == again.text()
    assert {one.eras for one in first.disagreements} == {("a", "b")}
    head, _, program = first.disagreements[0].text().partition("\n\n")
    assert head.startswith(f"seed {first.disagreements[0].seed}, a b: ")
    assert parse(program) == first.disagreements[0].litmus
    assert program in first.text()


def test_seeds_stand_for_themselves():
    alone = fuzz(["any"], [17], ideal("leak"))
    among = fuzz(["any"], range(10, 20), ideal("leak"))
    assert [one.seed for one in among.disagreements].count(17) == len(alone.disagreements)


def test_bound_is_told():
    report = fuzz(["any"], range(10), ideal(bound=5))
    assert report.skipped == 10
    assert "(10 runs stopped by a bound, 0 with endless waiting)" in report.text()


def test_endless_waiting_is_told():
    class Stuck(Ideal):
        def step(self, packed, task):
            return None

    report = fuzz(["any"], range(3), machine_runner(lambda litmus, era: Stuck(litmus)))
    assert report.stuck == 3
    assert report.finals == 0


def test_pages_that_fork_is_meant_to_skip_are_no_fault():
    class Skips(Ideal):
        def _fork_page(self, state, name, new):
            if state["map"][name][0] not in state["refs"].values():
                super()._fork_page(state, name, new)

    runner = machine_runner(lambda litmus, era: Skips(litmus))
    assert len(fuzz(["any"], range(40), runner).disagreements) > 3
    meant = fuzz(["any"], range(40), runner, promises=lambda era: Promise(fork_may_skip=True))
    assert meant.disagreements == []

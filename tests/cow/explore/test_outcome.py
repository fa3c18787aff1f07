"""What comes out: verdicts and counts, the same with reduction and without, as text and JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.cow.explore.programs import programs
from tests.cow.explore.toys import Memory, Spinner, litmus_of
from threadkit.cow.explore.observe import observe
from threadkit.cow.outcome import DifferentScenarios, FinalState

RACE = """par { parent { write x[0] = 1; r0 = read x[0]; }
              helper { write x[0] = 2; r0 = read x[0]; } }"""


def _observe(program, condition="exists (parent:r0 = 2)", rest="", **options):
    litmus = litmus_of(program, condition, rest)
    return observe(litmus, "toy", lambda: Memory(litmus), **options)


def _lengths(outcome):
    return {
        "witness": outcome.witness and len(outcome.witness.steps),
        "counter": outcome.counter and len(outcome.counter.steps),
        **{(h.kind, h.invariant): len(h.trace.steps) for h in outcome.harms},
    }


@given(programs())
def test_reduction_changes_nothing_but_the_work(litmus):
    full = observe(litmus, "toy", lambda: Memory(litmus), reduce=False)
    less = observe(litmus, "toy", lambda: Memory(litmus), reduce=True)
    assert less.verdict == full.verdict
    assert less.finals == full.finals
    assert less.costs == full.costs
    assert [(h.kind, h.invariant, h.always) for h in less.harms] == [
        (h.kind, h.invariant, h.always) for h in full.harms
    ]
    assert _lengths(less) == _lengths(full)
    assert less.coverage.stuck == full.coverage.stuck
    assert less.coverage.states <= full.coverage.states


def _every_way(machine, state, way=()):
    """Yield the end of every interleaving, without remembering states."""
    moved = False
    for task in machine.tasks:
        after = machine.step(state, task)
        if after is not None:
            moved = True
            yield from _every_way(machine, after, (*way, task))
    if not moved:
        yield state


@given(programs(most=2))
@settings(max_examples=25)  # there are many ways, and each is walked
def test_the_outcome_is_what_all_interleavings_give_one_by_one(litmus):
    machine = Memory(litmus)
    ends = set(_every_way(machine, machine.initial))
    outcome = observe(litmus, "toy", lambda: machine)
    reuses = [dict(machine.view(end).counters)["reuses"] for end in ends]
    assert outcome.costs == {"reuses": (min(reuses), max(reuses))}
    wrong = [bool(machine.harms(end)) for end in ends]
    assert [h.always for h in outcome.harms] == ([all(wrong)] if any(wrong) else [])
    seen = {tuple(sorted(machine.view(end).registers)) for end in ends}
    shown = {
        tuple(
            sorted((*name.split(":"), int(value)) for name, value in final.values if ":r" in name)
        )
        for final in outcome.finals
    }
    assert shown == seen


def test_a_race_has_every_result():
    outcome = _observe(RACE)
    found = {
        tuple(v for n, v in f.values if ":r" in n or n == "parent:x[0]") for f in outcome.finals
    }
    assert found == {("1", "2", "1"), ("1", "2", "2"), ("1", "1", "1"), ("2", "2", "2")}
    assert (outcome.verdict, outcome.positive, outcome.negative) == ("Sometimes", 1, 3)
    assert [(h.kind, h.invariant, h.always) for h in outcome.harms] == [("wrong", "I2", False)]
    assert len(outcome.harms[0].trace.steps) == 6
    assert not outcome.deterministic


def test_a_witness_ends_where_the_condition_holds():
    outcome = _observe(RACE)
    assert ("parent", "r0", 2) in outcome.witness.steps[-1].after.registers
    assert ("parent", "r0", 1) in outcome.counter.steps[-1].after.registers
    assert (outcome.witness.why, outcome.counter.why) == ("condition holds", "condition fails")
    assert [s.op for s in outcome.witness.steps if s.ends].count("write x[0] = 2") == 1


@pytest.mark.parametrize(
    ("condition", "verdict", "ok"),
    [
        ("exists (parent:r0 = 1)", "Always", True),
        ("exists (parent:r0 = 2)", "Never", False),
        ("forall (parent:r0 = 1)", "Always", True),
        ("forall (parent:r0 = 2)", "Never", False),
        ("~exists (parent:r0 = 1)", "Always", False),
        ("~exists (parent:r0 = 2)", "Never", True),
    ],
)
def test_the_quantifier_decides_what_is_ok_and_not_the_verdict(condition, verdict, ok):
    outcome = _observe("parent: write x[0] = 1; parent: r0 = read x[0];", condition)
    assert (outcome.verdict, outcome.ok) == (verdict, ok)
    assert outcome.deterministic


@pytest.mark.parametrize(
    ("condition", "ok"), [("exists", True), ("forall", False), ("~exists", False)]
)
def test_one_state_of_many_is_enough_for_or_against(condition, ok):
    assert _observe(RACE, f"{condition} (parent:r0 = 2)").ok is ok


def test_a_bound_leaves_never_and_always_open():
    whole = _observe(RACE, "exists (parent:r0 = 3)")
    assert whole.verdict == "Never"
    outcome = _observe(RACE, "exists (parent:r0 = 3)", bound=whole.coverage.states - 1)
    assert outcome.verdict == "unknown"
    assert outcome.ok is None
    assert not outcome.coverage.complete
    assert f"Observation toy unknown beyond {outcome.coverage.states} states" in outcome.text()
    assert "neither Never nor Always is claimed" in outcome.text()


def test_sometimes_stands_beyond_a_bound():
    tail = " ".join("r1 = read y[1];" for _ in range(6))
    program = f"""par {{ parent {{ write y[0] = 1; write x[0] = 1; {tail} }}
                       helper {{ r0 = read y[0]; }} lockholder {{ lock h = parent.x; }} }}"""
    whole = _observe(program, "exists (helper:r0 = 1)")
    part = _observe(program, "exists (helper:r0 = 1)", bound=whole.coverage.states - 1)
    assert not part.coverage.complete
    assert len(part.finals) < len(whole.finals)
    assert part.verdict == "Sometimes"


def test_harm_before_a_bound_is_told_though_nothing_ended():
    outcome = _observe(RACE, bound=60)
    assert [(h.kind, h.always) for h in outcome.harms] == [("wrong", False)]


def test_what_the_model_lacks_is_no_verdict():
    litmus = litmus_of(RACE, "exists (parent:r0 = 2)", "expect Never in * : 'x'".replace("'", '"'))
    litmus = replace(litmus, needs=("a memory model",))
    outcome = observe(litmus, "toy", lambda: Memory(litmus))
    assert outcome.verdict == "not decided here"
    assert outcome.ok is None
    assert outcome.expectations[0].agrees is None
    text = outcome.text()
    assert "Observation toy not decided here 1 3 (needs a memory model)" in text
    assert "\nOk\n" not in text
    assert "\nNo\n" not in text


def test_a_program_that_never_ends_has_no_verdict_but_its_harm_is_told():
    class Endless(Memory):
        """Who is through begins again, with its registers and marks; nothing is counted."""

        def step(self, state, task):
            after = super().step(state, task)
            at = self._at(task)
            if after is not None and after[at] == len(self.program[task]):
                after = after[:at] + bytes(1) + after[at + 1 :]
            return after and after[: self.head - 2] + bytes(1) + after[self.head - 1 :]

    litmus = litmus_of(RACE)
    outcome = observe(litmus, "toy", lambda: Endless(litmus))
    assert (outcome.verdict, outcome.ok, outcome.finals) == ("unknown", None, ())
    assert [(h.kind, h.always) for h in outcome.harms] == [("wrong", False)]
    assert outcome.coverage.endless == outcome.coverage.states
    text = outcome.text()
    assert "Observation toy unknown 0 0 (no interleaving ends)" in text
    assert f"Endless {outcome.coverage.endless} states from which no interleaving ends" in text


def test_expectations_of_this_era_are_compared():
    rest = """expect Never in toy derived : "b" expect Always in other : "c"
              expect Sometimes in third : "d" """
    outcome = _observe(RACE, rest=rest)
    assert [(c.expectation.source, c.agrees) for c in outcome.expectations] == [("b", False)]
    assert "Expect Never (derived) DIFFERS: b" in outcome.text()
    litmus = outcome.run.litmus
    third = observe(litmus, "third", lambda: Memory(litmus))
    assert [(c.expectation.source, c.agrees) for c in third.expectations] == [("d", True)]


def test_the_text_is_in_the_words_of_the_kernels_tools():
    lines = _observe(RACE).text().splitlines()
    assert lines[0] == "Test toy Allowed"
    assert "States 4" in lines
    assert "Ok" in lines
    assert "Positive: 1 Negative: 3" in lines
    assert "Condition exists (parent:r0 = 2)" in lines
    assert "Observation toy Sometimes 1 3" in lines
    assert "Harm wrong COW I2 in some interleaving, soonest after 6 steps" in lines
    assert any("neither time nor probability" in line for line in lines)
    assert sum(line.startswith("*> ") for line in lines) == 1
    assert sum(line.startswith(":> ") for line in lines) == 3


def test_never_says_within_which_bounds():
    text = _observe(RACE, "exists (parent:r0 = 3)").text()
    assert "Within sequential consistency, 2 actors, 4 statements" in text
    assert "Left out memory barriers" in text


def test_values_that_all_final_states_share_are_said_once():
    text = _observe(RACE).text()
    assert text.count("parent:y[0]=0;") == 1
    assert "In all of them parent:x[1]=0;" in text


def test_who_waits_for_ever_is_said():
    program = "par { parent { write x[0] = 1; } lockholder { lock h = parent.x; } }"
    outcome = _observe(program, "exists (parent:x[0] = 1)")
    stuck = [final for final in outcome.finals if ("stuck", "yes") in final.values]
    assert len(stuck) == 1
    assert "Stuck 1 final state" in outcome.text()


def test_counters_and_harm_tell_final_states_apart_only_if_asked():
    asked = _observe(RACE, "exists (harm(wrong) /\\ reuses > 1)")
    assert all({"reuses", "harm(wrong)"} <= {name for name, _ in f.values} for f in asked.finals)
    assert not any("reuses" in dict(f.values) for f in _observe(RACE).finals)


def test_broken_invariants_are_looked_for_when_asked():
    program = "parent: write x[0] = 2; parent: r0 = read x[0];"
    assert not _observe(program).harms
    outcome = _observe(program, invariants=True)
    assert [(h.kind, h.invariant, len(h.trace.steps)) for h in outcome.harms] == [
        ("broken", "I4", 2)
    ]
    assert "Harm broken invariant I4" in outcome.text()


def test_a_run_without_traces_says_the_same_otherwise():
    with_them, without = _observe(RACE), _observe(RACE, traces=False)
    assert without.witness is without.counter is without.harms[0].trace is None
    assert without.finals == with_them.finals
    assert without.verdict == with_them.verdict


def test_everything_goes_into_json():
    outcome = _observe(RACE)
    told = json.loads(json.dumps(outcome.to_dict()))
    assert told["verdict"] == "Sometimes"
    assert told["costs"] == {"reuses": [2, 2]}
    assert told["coverage"]["complete"] is True
    assert len(told["witness"]["steps"]) == len(outcome.witness.steps)
    assert told["counts_are"] == "neither time nor probability"


def test_json_of_a_run_without_traces_has_the_expectations_and_no_traces():
    outcome = _observe(RACE, rest='expect Never in toy derived : "b"', traces=False)
    told = json.loads(json.dumps(outcome.to_dict()))
    assert told["witness"] is told["counter"] is told["harms"][0]["trace"] is None
    assert told["expectations"] == [
        {"verdict": "Never", "agrees": False, "status": "derived", "source": "b"}
    ]


def test_html_is_escaped():
    outcome = _observe(RACE)
    bundle = outcome._repr_mimebundle_()
    assert bundle["text/plain"] == outcome.text() == str(outcome)
    assert "*&gt; " in bundle["text/html"]


def test_a_notebook_shows_pictures_of_the_witness():
    assert "<svg" in _observe(RACE)._repr_html_()
    assert "<svg" not in _observe(RACE, traces=False)._repr_html_()


def test_two_scenarios_are_not_compared():
    with pytest.raises(DifferentScenarios, match="two scenarios"):
        _observe(RACE).diff(_observe("parent: r0 = read x[0];"))


def test_a_final_state_counts_its_side():
    outcome = replace(_observe(RACE), finals=(FinalState((), True, ()),))
    assert (outcome.positive, outcome.negative) == (1, 0)


def test_spinning_is_no_final_state():
    assert not Spinner().finished(b"\0\0")

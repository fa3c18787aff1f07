"""A kernel agrees with the model, is allowed by it, or differs; nothing else is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.eras import eras
from threadkit.cow.library import Scenario, parse, scenario, scenarios
from threadkit.cow.outcome import FinalState
from threadkit.cow.witness.compare import CHANGED, Comparison, compare, table
from threadkit.cow.witness.instructions import CannotWitness
from threadkit.cow.witness.model import Allowed, allowed, serial
from threadkit.cow.witness.plan import plans
from threadkit.cow.witness.results import Observation, WitnessRun

RUN = WitnessRun(
    "5.10", "5.10.0", "p", "1", "stable_5_10", "", "2026-01-01T00:00:00Z", "0", "", 1, ()
)


def seen(value: str, *, condition: bool | None = None, order: tuple[int, ...] = (0,)):
    return Observation("S", (("parent:r0", value),), condition, "", 0.1, len(order) > 1, order)


def final(value: str, *, satisfies: bool = False, **others: str) -> FinalState:
    return FinalState((("parent:r0", value), *others.items()), satisfies, ())


def model(*finals: FinalState, **more: object) -> Allowed:
    """A model that has these outcomes, for one order too."""
    return replace(Allowed(finals, {(0,): finals}), **more)  # type: ignore[arg-type]


def test_one_outcome_on_both_sides_agrees():
    found = compare([seen("3", condition=True)], model(final("3", satisfies=True)), RUN)
    assert (found.agreement, found.why, found.unseen) == ("agrees", "", ())
    assert found.compared == ("parent:r0", "condition")
    assert found.condition == "yes"


def test_another_value_differs_and_is_named():
    found = compare([seen("1")], model(final("3")), RUN)
    assert found.agreement == "differs"
    assert found.why == "parent:r0 is 1, in the model 3"


def test_another_answer_to_the_question_differs():
    found = compare([seen("3", condition=True)], model(final("3")), RUN)
    assert (found.agreement, found.why) == ("differs", "condition is yes, in the model no")


def test_an_answer_that_is_unknown_is_no_agreement_about_the_question():
    found = compare([seen("3")], model(final("3", satisfies=True)), RUN)
    assert found.agreement == "unanswered"
    assert "condition" not in found.compared


def test_what_another_interleaving_may_do_and_nobody_saw_is_listed():
    both = Allowed((final("3"), final("1")), {(0,): (final("3"),)})
    found = compare([seen("3", condition=False)], both, RUN)
    assert found.agreement == "allowed"
    assert found.unseen == ((("parent:r0", "1"), ("condition", "no")),)


def test_orders_that_show_all_that_the_model_has_agree():
    first, second = final("3"), final("1", satisfies=True)
    both = Allowed((first, second), {(0, 1): (first,), (1, 0): (second,)})
    made = [
        seen("3", condition=False, order=(0, 1)),
        seen("1", condition=True, order=(1, 0)),
    ]
    found = compare(made, both, RUN)
    assert (found.agreement, found.condition) == ("agrees", "both")
    exchanged = [replace(made[0], order=(1, 0)), replace(made[1], order=(0, 1))]
    assert compare(exchanged, both, RUN).agreement == "differs"


def test_a_search_that_was_cut_off_cannot_say_that_nothing_else_is_allowed():
    one = model(final("3"), complete=False)
    assert compare([seen("3", condition=False)], one, RUN).agreement == "allowed"


def test_a_model_that_allows_everything_is_wrong():
    found = compare([seen("3")], model(*(final(str(value)) for value in range(5))), RUN)
    assert found.agreement == "differs"
    assert "5 outcomes" in found.why


def test_states_that_differ_in_what_no_program_sees_are_one():
    hidden = [final("3", **{"parent:x": "A rw"}), final("3", **{"parent:x": "B ro"})]
    assert compare([seen("3", condition=False)], model(*hidden), RUN).agreement == "agrees"


def test_what_was_skipped_keeps_its_reason_and_no_era_is_no_model():
    found = compare([Observation("S", skipped="no swap here")], None, RUN)
    assert (found.agreement, found.why) == ("skipped", "no swap here")
    assert compare([seen("3")], None, RUN).agreement == "no model"


def test_nothing_in_common_is_no_agreement():
    nothing = Observation("S", order=(0,))
    found = compare([nothing], model(final("3")), RUN)
    assert (found.agreement, found.why) == ("not compared", "nothing was seen there")


def test_a_number_that_one_side_lacks_is_told():
    found = compare([seen("3")], model(final("3", **{"p[0]": "7", "parent:x": "A rw"})), RUN)
    assert (found.agreement, found.dropped) == ("unanswered", ("p[0]",))
    more = replace(seen("3"), values=(("parent:r0", "3"), ("p[0]", "7"), ("copies", "2")))
    found = compare([more], model(final("3")), RUN)
    assert (found.agreement, found.why) == ("differs", "p[0] is 7, in the model nothing")


@pytest.mark.parametrize("made", ["3", "segv"])
def test_a_value_that_the_model_never_sets_differs(made: str):
    found = compare([seen(made)], model(FinalState((("parent:r1", "2"),), False, ())), RUN)
    assert (found.agreement, found.why) == ("differs", f"parent:r0 is {made}, in the model nothing")
    assert found.dropped == ("parent:r1",)


values = st.sampled_from("0123")
all_orders = [(0, 1), (1, 0), (0, 2)]


@given(
    st.dictionaries(st.sampled_from(all_orders), values, min_size=1),
    st.lists(values, unique=True),
    st.data(),
)
def test_verdict_follows_from_order_by_order_equality(expected, more, data):
    made = {order: data.draw(values) for order in expected}
    everything = sorted({*expected.values(), *more})
    one = Allowed(
        tuple(final(value) for value in everything),
        {order: (final(value),) for order, value in expected.items()},
    )
    observations = [seen(value, condition=False, order=order) for order, value in made.items()]
    found = compare(observations, one, RUN)
    if made != expected:
        assert found.agreement == "differs"
    else:
        assert found.agreement == ("allowed" if {*everything} - {*made.values()} else "agrees")
    assert {dict(row)["parent:r0"] for row in found.unseen} == {*everything} - {*made.values()}


def observed(one: Scenario, era: str, *, exchange: bool = False) -> list[Observation]:
    """Observations as a kernel of an era would make them; or each of the first order's."""
    found = []
    orders = [plan.order for plan in plans(one.litmus)]
    for order in orders:
        taken = orders[0] if exchange else order
        (end,) = Scenario(serial(one.litmus, taken)).run(era, traces=False).finals
        numbers = tuple((k, v) for k, v in end.values if k.endswith(("]", "r0", "r1")))
        found.append(Observation(one.name, numbers, end.satisfies, sampled=True, order=order))
    return found


@pytest.mark.parametrize("name", ["fork-interval", "S17", "il09-dirty-cow", "fork-two-threads"])
def test_an_order_is_held_to_the_model_of_that_very_order(name: str):
    one, era = scenario(name), "stable_5_10"
    mine = allowed(one.litmus, era, [plan.order for plan in plans(one.litmus)])
    assert compare(observed(one, era), mine, RUN).agreement in ("agrees", "allowed")
    assert compare(observed(one, era, exchange=True), mine, RUN).agreement == "differs"


def test_the_model_has_one_outcome_for_an_order_and_it_is_one_of_all():
    checked = 0
    for one in scenarios():
        try:
            orders = [plan.order for plan in plans(one.litmus)]
        except CannotWitness:
            continue
        for era in ("stable_5_10", "built_mapcount_locked"):
            found = allowed(one.litmus, era, orders)
            possible = {end.values for end in found.finals}
            for ends in found.of_order.values():
                assert len(ends) == 1, one.name
                assert ends[0].values in possible, one.name
                checked += 1
    assert checked > 200


def cells(name: str, litmus, *runs: WitnessRun) -> list[Comparison | None]:
    (row,) = table(runs, {name: litmus})
    assert row.scenario == name
    return list(row.cells)


def test_table_has_a_cell_for_every_scenario_on_every_kernel():
    one = scenario("S5")
    plan = plans(one.litmus)[0]
    made = [replace(seen, plan=plan.digest) for seen in observed(one, "stable_5_10")]
    right = replace(RUN, observations=tuple(made))
    wrong = replace(right, kernel="old", era="mapcount_locked")
    foreign = replace(right, kernel="new", era="")
    skipped = Observation("S5", skipped="why", plan=plan.digest)
    none = replace(RUN, observations=(skipped,))
    found = cells("S5", one.litmus, right, wrong, foreign, none, RUN)
    assert [cell and cell.agreement for cell in found] == [
        *("agrees", "differs", "no model", "skipped"),
        None,
    ]
    assert table([right], {}) == []


def test_what_was_seen_of_another_version_is_not_compared():
    one = scenario("S5")
    made = observed(one, "stable_5_10")
    for plan in ("", "123456789abc"):
        old = replace(RUN, observations=tuple(replace(seen, plan=plan) for seen in made))
        (cell,) = cells("S5", one.litmus, old)
        assert cell is not None
        assert (cell.agreement, cell.why) == ("not compared", CHANGED)
    never = replace(RUN, observations=(Observation("S5", skipped="could not be planned then"),))
    (cell,) = cells("S5", one.litmus, never)
    assert cell is not None
    assert (cell.agreement, cell.why) == ("not compared", CHANGED)


def test_a_thread_behind_its_exit_is_asked_of_the_model_as_of_the_kernel():
    one = parse(
        'COW T question "?" { x = anon rw 1 2; thread helper of parent; }'
        " parent: fork child;"
        " par { parent { exit; } helper { r0 = read x[0]; } } exists (helper:r0 = 1)"
    )
    first, second = (plan.order for plan in plans(one.litmus))
    for era in (one.key for one in eras() if one.kind == "stable"):
        found = allowed(one.litmus, era, [first, second])
        ends = [dict(found.of_order[order][0].values) for order in (first, second)]
        assert [end.get("helper:r0") for end in ends] == [None, "1"]

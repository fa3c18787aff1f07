"""How objects of the model show themselves: briefly in a REPL, drawn in a notebook."""

from __future__ import annotations

import pytest

import threadkit as tk
from threadkit.cow.outcome import NotAnOutcome

S4 = tk.cow.scenario("S4")
OUTCOME = S4.run("refcount_nofork")
DIFF = S4.run("forced_gup_cow").diff(OUTCOME)
TRACE = S4.trace("refcount_nofork")
ERA = tk.cow.era("refcount_nofork")


@pytest.mark.parametrize("shown", [S4, OUTCOME, DIFF, TRACE, TRACE.steps[0], ERA, OUTCOME.run,
                                   OUTCOME.harms, TRACE.steps[:2]])  # fmt: skip
def test_a_cell_is_not_flooded(shown) -> None:
    assert len(repr(shown)) < 400
    assert "\n" not in repr(shown)


def test_a_repr_says_what_one_looks_for() -> None:
    assert repr(OUTCOME) == "<Outcome S4 under refcount_nofork: Always 1 0, wrong I2>"
    assert repr(DIFF) == (
        "<OutcomeDiff S4: Never under forced_gup_cow, Always under refcount_nofork;"
        " part at parent: write x[0] = 3>"
    )
    assert "same" in repr(OUTCOME.diff(OUTCOME))
    assert repr(TRACE) == "<Trace S4 under refcount_nofork: order of the file, 12 steps>"
    assert S4.question in repr(S4)
    assert "5.9-rc4..5.9-rc6" in repr(ERA)
    assert "pin p = x write longterm" in repr(TRACE.steps[0])


@pytest.mark.parametrize("shown", [S4, OUTCOME, DIFF, TRACE, ERA])
def test_everything_has_html_and_text_for_a_notebook(shown) -> None:
    bundle = shown._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/html"] == shown._repr_html_()
    assert bundle["text/html"].startswith("<div ")
    assert "<script" not in bundle["text/html"]
    assert bundle["text/plain"]


def test_a_trace_and_a_state_draw_themselves() -> None:
    assert TRACE._repr_html_().count("<svg ") > 4
    assert str(TRACE).startswith("S4 under refcount_nofork: order of the file\n")
    last = TRACE.steps[-1].after
    assert "<svg " in last._repr_html_()
    assert "ref 1024, map 0" in str(last)


def test_an_era_is_a_table_of_all_its_decisions() -> None:
    html = ERA._repr_html_()
    assert html.count('<th scope="row">') == len(ERA.fields())
    assert "<code>09854ba94c6a</code>" in html


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tk.cow.scenario(None), "by its name .* not by NoneType"),
        (lambda: tk.cow.scenario("S4.litmus"), "did you mean S4"),
        (lambda: S4.run(3), "by its key, .* not by int 3"),
        (lambda: S4.trace(None), "by its key, .* not by NoneType"),
        (lambda: OUTCOME.diff(3), "another outcome, not with int"),
        (lambda: OUTCOME.diff(tk.cow.scenario("S5").run("E")), "two scenarios"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(call, words) -> None:
    with pytest.raises(tk.ThreadkitError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_what_is_no_outcome_is_a_type_error_too() -> None:
    with pytest.raises(TypeError):
        OUTCOME.diff(None)
    with pytest.raises(NotAnOutcome):
        OUTCOME.diff("S4")

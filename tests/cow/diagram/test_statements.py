"""Statements in words, and the steps of a trace by statement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cow.diagram.states import entry, fork_pin_write, page, state
from threadkit.cow.diagram.statements import panels, start_panel, statement_words
from threadkit.cow.litmus.syntax import VERBS
from threadkit.cow.views import Step, Trace

QUIET = state({"parent": "alive"}, [entry()], [page()])


def step(actor: str, index: int, *, ends: bool = False, says: str = "") -> Step:
    return Step(actor, f"write x[0] = {index}", index, "do_wp_page", says, ends, QUIET)


def trace_of(*steps: Step) -> Trace:
    return Trace("T", "mm_id", "missed", QUIET, tuple(steps))


@pytest.mark.parametrize(
    ("op", "words"),
    [
        ("write x[0] = 3", "parent writes 3 to x[0]"),
        ("r0 = read x[1] as seen", "parent reads x[1] into r0"),
        ("parent: fork child", "parent forks child"),
        ("mprotect x r", "parent calls mprotect(x, r)"),
        ("madvise x DONTNEED after a, b", "parent calls madvise(x, DONTNEED)"),
        (
            "get g = x read fast times 1024",
            "parent takes a reference to x as g, 1024 times (read, fast)",
        ),
        ("pin p = x write longterm", "parent pins x as p (write, longterm)"),
        ("vmsplice v = x", "parent splices x into a pipe as v"),
        ("r1 = pipe_read v[0]", "parent reads the pipe v[0] into r1"),
        ("ptrace_write child.x[0] = 5", "parent writes 5 to child.x[0] with ptrace"),
        ("ksm_merge parent.x child.x", "parent merges parent.x and child.x"),
        ("dma_in p[1] = 7", "parent writes 7 through p[1]"),
        ("clear_refs", "parent has its soft-dirty bits cleared (clear_refs)"),
        ("odirect_write_begin d = x", "parent begins an O_DIRECT write from x as d"),
    ],
)
def test_words(op, words):
    assert statement_words("parent", op) == words


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_language_has_words(verb):
    words = statement_words("parent", f"{verb} x")
    assert words.startswith("parent ")
    assert ":" not in words


def test_an_unknown_statement_is_shown_as_it_is():
    assert statement_words("parent", "frobnicate x") == "parent: frobnicate x"


def test_steps_of_a_statement_make_one_panel_unless_detail_is_asked_for():
    trace = fork_pin_write(reuse=True)
    gathered = panels(trace)
    assert [panel.number for panel in gathered] == [1, 2, 3, 4]
    assert gathered[-1].functions == ("do_wp_page", "reuse_swap_page")
    assert gathered[-1].says == "The write faults. Mapcount is 1, so the page is reused."
    assert gathered[-1].before == trace.steps[2].after
    assert len(panels(trace, detail=True)) == 5


def test_a_statement_that_others_interrupt_begins_goes_on_and_ends():
    trace = trace_of(
        step("parent", 0),
        step("child", 1),
        step("parent", 0),
        step("child", 1, ends=True),
        step("parent", 0, ends=True),
    )
    how = [panel.title.rsplit("(", 1)[-1].rstrip(")") for panel in panels(trace)]
    assert how == ["begins", "begins", "goes on", "ends", "ends"]


def test_the_same_statement_done_twice_is_two_panels():
    trace = trace_of(step("parent", 0, ends=True), step("parent", 0, ends=True))
    assert len(panels(trace)) == 2


def test_repeated_words_are_said_once_and_silence_is_said():
    said = panels(trace_of(step("parent", 0, says="it waits"), step("parent", 0, says="it waits")))
    assert said[0].says == "It waits."
    assert panels(trace_of(step("parent", 0)))[0].says == "Nothing visible changes."


def test_the_start_has_number_zero():
    trace = fork_pin_write(reuse=True)
    assert (start_panel(trace).number, start_panel(trace).after) == (0, trace.start)


@given(st.lists(st.tuples(st.sampled_from(["parent", "child"]), st.integers(0, 2), st.booleans())))
def test_panels_cover_every_step_once_in_order(moves):
    steps = [
        replace(step(actor, index, ends=ends), function=f"f{number}")
        for number, (actor, index, ends) in enumerate(moves)
    ]
    for detail in (False, True):
        made = panels(trace_of(*steps), detail=detail)
        assert [f for panel in made for f in panel.functions] == [s.function for s in steps]
        assert [panel.number for panel in made] == list(range(1, len(made) + 1))

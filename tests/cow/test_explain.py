"""What explanations say around the pictures: the question, the rules, the verdict, the way."""

from __future__ import annotations

from html import unescape

import pytest

import threadkit as tk
from threadkit.cow.against import against_html, against_svg, against_text
from threadkit.cow.diagram.statements import panels
from threadkit.cow.eras import base_eras
from threadkit.cow.explain import (
    NothingToTell,
    explain_html,
    explain_svg,
    explain_text,
    meanings_of,
    verdict_lines,
    way,
)

MINE = """COW mine question "Does the child see a later write?"
{{ x = anon rw 1 2; }}
parent: fork child;
par {{ parent {{ write x[0] = 3; }} child {{ r0 = read x[0]; }} }}
{}"""


def run(condition: str, **options):
    return tk.cow.parse(MINE.format(condition)).run("mm_id", **options)


@pytest.mark.parametrize(
    ("condition", "truth", "shown"),
    [
        ("exists (child:r0 = 1)", "true", "a shortest after which the condition holds"),
        ("exists (child:r0 = 3)", "false", "holds after no way that was tried"),
        ("~exists (child:r0 = 3)", "true", "What must not be comes of no way"),
        ("~exists (child:r0 = 1)", "false", "a shortest after which is what must not be"),
        ("forall (child:r0 = 1)", "true", "holds after every way that was tried"),
        ("forall (child:r0 = 3)", "false", "a shortest after which what must hold does not"),
    ],
)
def test_the_verdict_speaks_of_the_condition_with_its_quantifier(condition, truth, shown):
    outcome = run(condition)
    lines = verdict_lines(outcome)
    assert lines[0] == f"Observation mine {outcome.verdict} {outcome.positive} {outcome.negative}"
    assert lines[1] == f"Condition {condition}: {truth}"
    assert shown in lines[2]
    assert lines[3].startswith("Never and Always hold within sequential consistency")
    assert " ".join(explain_text(outcome, width=500)[-len(lines) :]) == " ".join(lines)


def test_forall_is_explained_by_what_speaks_against_it():
    outcome = tk.cow.scenario("S2").run("mapcount_locked")
    assert outcome.witness is not None
    assert outcome.counter is not None
    assert way(outcome) == outcome.witness
    text = str(tk.cow.scenario("S2")).replace("exists (", "forall (", 1)
    assert way(tk.cow.parse(text).run("mapcount_locked")).why == outcome.counter.why


def test_no_way_within_a_bound_is_not_no_way():
    with pytest.raises(NothingToTell, match="within 2 states; look at more"):
        way(run("exists (child:r0 = 1)", bound=2))


def test_pictures_say_what_the_text_says_of_the_rules():
    outcome = tk.cow.scenario("S4").run("refcount_nofork")
    text = " ".join(explain_text(outcome, width=100_000))
    meanings = meanings_of(tk.cow.era("refcount_nofork"))
    told = {rule for rule in meanings.values() if rule in text}
    assert len(told) > 2
    html = unescape(explain_html(outcome))
    assert [rule for rule in told if rule not in html] == []
    assert "</desc>" in explain_svg(outcome)
    assert [rule for rule in told if rule not in unescape(explain_svg(outcome))] == []


def test_a_function_that_only_another_asks_is_told_by_the_rule_that_asks():
    assert "reuse_swap_page()" in meanings_of(tk.cow.era("mapcount_locked"))["reuse_swap_page"]


@pytest.mark.parametrize("era", [one.key for one in base_eras()])
def test_any_two_eras_are_told_in_any_form(era):
    scenario = tk.cow.scenario("S5")
    diff = scenario.run(era).diff(scenario.run("refcount_nofork"))
    text = against_text(diff, width=60)
    sentences = [line for line in text if not line.startswith("    ")]
    assert all(len(line) <= 60 for line in sentences)
    parts = "the rules part" in "\n".join(text)
    assert parts == (diff.parting is not None) == ("the rules part" in against_html(diff))
    assert parts == ("the rules part" in against_svg(diff))
    assert scenario.question in " ".join(text)


def test_detail_is_a_picture_a_step():
    scenario = tk.cow.scenario("S4")
    outcome = scenario.run("refcount_nofork")
    html = explain_html(outcome, detail=True)
    assert html.count("<svg ") == 1 + len(panels(way(outcome), detail=True))


def test_where_two_part_the_whole_statement_is_shown():
    scenario = tk.cow.scenario("S4")
    diff = scenario.run("forced_gup_cow").diff(scenario.run("refcount_nofork"))
    assert diff.parting is not None
    for trace in (diff.parting.left_trace, diff.parting.right_trace):
        assert trace.steps[-1].ends
    assert [frame.content for frame in diff.parting.right_trace.steps[-1].after.frames] == [
        (1, 2),
        (3, 2),
    ]

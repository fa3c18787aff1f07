"""Traces for pages, terminals and readers; two traces up to where they part."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from tests.cow.diagram.states import PIN, entry, fork_pin_write, page, state, states
from threadkit.cow.diagram import (
    Around,
    diff_html,
    diff_svg,
    explain,
    explain_html,
    html_page,
    side_by_side,
    state_svg,
    state_text,
    trace_html,
    trace_svg,
    trace_text,
)
from threadkit.cow.diagram.sides import common_panels
from threadkit.cow.diagram.statements import panels
from threadkit.cow.diagram.trace import text_html
from threadkit.cow.diagram.words import changes, describe, shown_mappings
from threadkit.cow.views import ReferenceView

REUSE, COPY = fork_pin_write(reuse=True), fork_pin_write(reuse=False)


def pictures(html: str) -> int:
    return html.count("<svg ")


def test_one_picture_a_statement_and_the_start():
    assert pictures(trace_html(COPY)) == 5
    assert pictures(trace_html(COPY, detail=True)) == 6


def test_a_caption_says_who_did_what_and_who_decided():
    html = trace_html(COPY)
    assert "<b>4 parent writes 3 to x[0].</b> <span>The write faults. Refcount is 1025" in html
    assert "<code>wp_page_copy</code>" in html


def test_harm_is_marked_where_it_comes_up_and_nowhere_else():
    html = trace_html(COPY)
    assert html.count('class="tkc-harm"') == 1
    assert html.count('class="tkc-part"') == 1
    assert 'class="tkc-part"' not in trace_html(REUSE)


def test_what_a_statement_costs_is_said_there_and_not_again():
    costs = [replace(COPY.start, counters=(("copies", 0),)), *(step.after for step in COPY.steps)]
    steps = [
        replace(step, after=replace(step.after, counters=(("copies", min(number, 2)),)))
        for number, step in enumerate(COPY.steps)
    ]
    trace = replace(COPY, start=costs[0], steps=tuple(steps))
    assert [dict(panel.news().counters)["copies"] for panel in panels(trace)] == [0, 1, 1, 0]
    assert trace_html(trace).count(">1 copy<") == 2
    assert sum("1 copy" in part.text for part in explain(trace, {})) == 2


def test_names_of_the_trace_are_escaped():
    html = trace_html(replace(COPY, scenario="<i>", why="a & b"))
    assert "&lt;i&gt; under refcount_nofork: a &amp; b" in html
    assert "<i>" not in html


def test_shared_steps_are_drawn_once_and_then_both_sides():
    html = diff_html(REUSE, COPY)
    assert "Step 4: the rules part" in html
    assert pictures(html) == 4 + 2
    assert html.count('class="tkc-part"') == 2
    assert html.index("The rules part".lower()) > html.index("3 child exits.")
    assert "mapcount_locked: parent writes 3 to x[0]." in html


def test_equal_traces_do_not_part():
    html = diff_html(COPY, replace(COPY, era="mm_id"))
    assert "All 4 steps are the same under both." in html
    assert "part</h2>" not in html


def test_kernels_that_only_keep_other_books_do_not_part_there():
    steps = tuple(
        replace(
            step,
            after=replace(
                step.after,
                processes=tuple(replace(p, has_pinned=True) for p in step.after.processes),
                mappings=tuple(replace(m, dirty=True) for m in step.after.mappings),
                frames=tuple(replace(f, refcount=7, exclusive=True) for f in step.after.frames),
                harms=(*step.after.harms, ("broken", "I10")),
            ),
        )
        for step in COPY.steps
    )
    html = diff_html(COPY, replace(COPY, era="mm_id", steps=steps))
    assert "All 4 steps are the same under both." in html
    assert "those of refcount_nofork; the other's differ." in html
    assert "the other's differ" not in diff_html(REUSE, COPY)


def test_what_one_reads_or_writes_or_maps_parts_two_traces():
    last = COPY.steps[-1]
    others = [
        replace(last.after, registers=(("parent", "r0", 9),)),
        replace(last.after, mappings=(entry(frame="B", writable=False),)),
        replace(last.after, harms=(("missed", "I1"),)),
        replace(last.after, frames=(page(refcount=PIN, mapcount=0), page("B", (4, 2)))),
        replace(last.after, references=()),
    ]
    for view in others:
        steps = (*COPY.steps[:-1], replace(last, after=view))
        assert common_panels(panels(COPY), panels(replace(COPY, steps=steps))) == 3


def test_a_trace_that_ends_early_says_so():
    short = replace(REUSE, steps=REUSE.steps[:3])
    for draw in (diff_html, diff_svg):
        assert "mapcount_locked: no further step; it waits, or has ended." in draw(COPY, short)


def test_costs_alone_do_not_part_two_traces():
    steps = tuple(
        replace(step, after=replace(step.after, counters=(("copies", 3),))) for step in COPY.steps
    )
    assert common_panels(panels(COPY), panels(replace(COPY, steps=steps))) == 4


def test_text_of_a_trace_keeps_to_the_width():
    lines = trace_text(COPY, 60)
    sentences = [line for line in lines if not line.startswith("    ")]
    assert all(len(line) <= 60 for line in sentences)
    joined = re.sub(r"\s+", " ", " ".join(lines))
    assert "4 parent writes 3 to x[0]. The write faults. Refcount is 1025" in joined
    assert "✗ wrong COW (I2)" in joined
    assert "[do_wp_page, wp_page_copy]" in joined


def test_a_state_that_did_not_change_is_not_drawn_again():
    still = replace(COPY.steps[2], actor="noise", op="put_page n", index=9)
    parts = explain(replace(COPY, steps=(*COPY.steps[:3], still)), {})
    assert [bool(part.picture) for part in parts] == [True, True, True, True, False]


def test_a_meaning_is_told_where_it_first_comes_up():
    meanings = {"I2": "a pin sees what its owner sees", "exit_mmap": "drops every map"}
    again = replace(COPY.steps[3], function="exit_mmap")
    trace = replace(COPY, steps=(*COPY.steps[:3], again, COPY.steps[4]))
    parts = explain(trace, {**meanings, "I9": "never told"})
    told = [[name for name in (*meanings, "I9") if f"{name}:" in part.text] for part in parts]
    assert told == [[], [], [], ["exit_mmap"], ["I2"]]
    assert parts[4].harms == ("wrong COW (I2)",)


def test_prose_stands_with_its_picture():
    html = explain_html(COPY, {"I2": "a <pin> sees what its owner sees"})
    assert pictures(html) == 5
    assert "I2: a &lt;pin&gt; sees what its owner sees" in html
    assert "Page A: 1 to 0 maps" not in html, "the picture shows it"
    assert "Page A: 1 to 0 maps" in " ".join(part.text for part in explain(COPY, {}))


@given(states())
def test_ascii_is_ascii_and_says_as_much(view):
    plain, drawn = state_text(view, ascii_only=True), state_text(view)
    assert "\n".join(plain).isascii()
    assert [len(line) for line in plain] == [len(line) for line in drawn]


@given(states())
def test_every_page_reference_and_living_entry_is_in_the_text(view):
    lines = state_text(view)
    for frame in view.frames:
        assert any(line.startswith(f"{frame.name} ") for line in lines)
    for reference in view.references:
        assert any(line.startswith(reference.name) and reference.frame in line for line in lines)
    arrows = sum("▶" in line or "nothing mapped" in line for line in lines)
    assert arrows == len(shown_mappings(view)) + len(view.references)


@given(states())
def test_a_state_has_not_changed_from_itself(view):
    assert changes(view, view) == []
    assert all(fact.endswith(".") for fact in describe(view))


@given(states(), states())
def test_changes_are_sentences_and_seen_from_either_side(one, other):
    for sentence in changes(one, other):
        assert sentence.endswith(".")
    if [f.name for f in one.frames] != [f.name for f in other.frames]:
        both = " ".join(changes(one, other) + changes(other, one))
        moved = {f.name for f in one.frames} ^ {f.name for f in other.frames}
        assert all(f"age {name} " in both for name in moved if not name.startswith("swap"))


def test_two_halves_under_one_pmd_are_one_entry():
    halves = [entry(half=0, huge=True), entry(half=1, huge=True)]
    huge = state({"parent": "alive"}, halves, [page(kind="thp")])
    assert state_text(huge)[0].split() == ["parent", "x", "──rw──▶", "A", "pmd"]
    split = [entry(half=0), entry(half=1)]
    lines = state_text(state({"parent": "alive"}, split, [page(kind="thp")]))
    assert [line.split()[1] for line in lines[:2]] == ["x[0]", "x[1]"]


def test_what_is_unmapped_is_said_and_no_longer_shown():
    before = state({"parent": "alive"}, [entry()], [page()])
    after = state({"parent": "alive"}, [entry(frame=None, vma="none")], [page()])
    assert changes(before, after) == ["parent no longer maps x."]
    assert state_text(after) == ["A  data 1 2  ■  ref 1, map 1"]


def test_changes_name_what_a_person_would():
    before = state({"parent": "alive"}, [entry(writable=False)], [page(exclusive=True)])
    reference = ReferenceView("g", "child", "parent", "get", False, "A", 1024)
    after = state(
        {"parent": "alive"},
        [entry()],
        [page(refcount=1025)],
        [reference],
        counters=(("copies", 1),),
    )
    assert changes(before, after) == [
        "g is a reference of A (1024 references) for reading, taken by child of the memory of"
        " parent.",
        "Page A: 1 to 1025 references, no longer exclusive.",
        "parent maps x to A writable.",
        "Costs 1 copy.",
    ]


def test_an_invariant_that_hurts_nobody_is_said_and_not_framed():
    last = REUSE.steps[-1]
    after = replace(last.after, harms=(("broken", "I10"),))
    html = trace_html(replace(REUSE, steps=(*REUSE.steps[:-1], replace(last, after=after))))
    assert '<span class="tkc-broken">✗ invariant broken (I10)</span>' in html
    assert 'class="tkc-part"' not in html
    assert 'class="tkc-harm"' not in html


def test_one_exclusive_half_of_a_huge_page_is_named():
    half = page(kind="thp", exclusive=True, exclusive_half=0)
    entries = [entry(half=0), entry(half=1, writable=False)]
    view = state({"parent": "alive"}, entries, [half])
    assert "exclusive [0]" in state_text(view)[-1]
    assert "exclusive [0]" in " ".join(describe(view))
    assert ">exclusive [0]</text>" in state_svg(view)


AROUND = Around("Which & why", ("Does it <part>?",), ("It does.",), ("- one", "+ two"))


@pytest.mark.parametrize("draw", [
    lambda: explain_html(COPY, {}, around=AROUND),
    lambda: trace_svg(COPY, meanings={}, around=AROUND),
    lambda: diff_html(REUSE, COPY, around=AROUND),
    lambda: diff_svg(REUSE, COPY, around=AROUND),
])  # fmt: skip
def test_words_stand_around_the_pictures_in_their_order(draw):
    drawn = draw()
    words = ["Which &amp; why", "Does it &lt;part&gt;?", "parent writes 3", "It does.", "+ two"]
    places = [drawn.rindex(text) for text in words]
    assert places == sorted(places)
    assert "<part>" not in drawn


def test_two_traces_are_one_picture_with_the_shared_steps_once():
    svg = diff_svg(REUSE, COPY)
    assert svg.count(">3 child exits.<") == 1
    assert svg.count(">Step 4: the rules part<") == 1
    for era in ("mapcount_locked", "refcount_nofork"):
        assert svg.count(f">{era}: parent writes 3 to x[0].<") == 1
    alone = trace_svg(COPY)
    width = [float(re.search(r'viewBox="0 0 ([0-9.]+)', text)[1]) for text in (alone, svg)]
    margin = 2 * 12
    assert width[1] - margin == 2 * (width[0] - margin) + 12


def test_who_knows_that_two_part_has_the_last_statement_twice():
    alike = replace(COPY, era="mm_id")
    assert side_by_side(COPY, alike).parted == range(5, 5)
    both = side_by_side(COPY, alike, parts=True)
    assert [both.parting(number) for number in both.parted] == ["Step 4: the rules part"]


def test_behind_the_parting_each_side_tells_its_own_rules():
    meanings = ({"reuse_swap_page": "counts maps"}, {"exit_mmap": "frees", "I2": "one page"})
    both = side_by_side(REUSE, COPY, meanings)
    assert "reuse_swap_page: counts maps" in both.left.parts[4].text
    assert "I2: one page" in both.right.parts[4].text
    shared = (*both.left.parts[:4], *both.right.parts[:4])
    assert not any("frees" in part.text for part in shared)


def test_a_long_report_wraps():
    assert "<pre>a &lt; b" in text_html("a < b")
    assert re.search(r"\.tkc-trace pre\{white-space:pre-wrap;overflow-wrap:anywhere", text_html(""))


def test_a_page_says_its_title_once():
    whole = html_page("Which & why", explain_html(COPY, {}, around=AROUND))
    assert whole.count("Which &amp; why") == 2, "in the head and as the only heading"


def test_one_rule_of_two_functions_is_told_once():
    rule = "exit_mmap() asks wp_page_copy(): it knows."
    parts = explain(COPY, {"exit_mmap": rule, "wp_page_copy": rule})
    assert [rule in part.text for part in parts] == [False, False, False, True, False]


@pytest.mark.parametrize("refcount", [2, 1 + PIN])
def test_a_pin_is_one_square_whatever_it_counts(refcount):
    pinned = [ReferenceView("p", "parent", "parent", "pin", True, "A")]
    view = state({"parent": "alive"}, [entry()], [page(refcount=refcount)], pinned)
    assert f"■□  ref {refcount}, map 1" in state_text(view)[-1]

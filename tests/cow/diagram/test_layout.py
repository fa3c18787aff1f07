"""Nothing overlaps, everything is inside, every text fits, whatever the state."""

from __future__ import annotations

from hypothesis import given

from tests.cow.diagram.states import ONE_PIN, PIN, entry, fork_pin_write, page, state, states
from threadkit.cow.diagram.layout import layout, roster
from threadkit.cow.diagram.shapes import Box, Drawing, Text, overlapping
from threadkit.cow.diagram.words import shown_mappings

EDGE = 0.6
LABELS_END = 170


def inside(inner: Box, outer: Box) -> bool:
    return (
        inner.x >= outer.x - EDGE
        and inner.right <= outer.right + EDGE
        and inner.y >= outer.y - EDGE
        and inner.bottom <= outer.bottom + EDGE
    )


def texts_in(drawing: Drawing, box: Box) -> list[Text]:
    return [t for t in drawing.texts() if box.x < t.x < box.right and box.y < t.y - 2 < box.bottom]


def values(drawing: Drawing) -> list[str]:
    return [text.value for text in drawing.texts()]


@given(states())
def test_nothing_overlaps_and_everything_is_inside(view):
    drawing = layout(view)
    whole = Box(0, 0, drawing.width, drawing.height)
    things = drawing.boxes("process", "reference", "page")
    assert overlapping(things) == []
    texts = [text.box() for text in drawing.texts()]
    assert overlapping(texts) == []
    assert all(inside(box, whole) for box in things + texts)
    for box in drawing.boxes("mark", "half", "map", "other"):
        assert sum(inside(box, home) for home in drawing.boxes("page")) == 1


@given(states())
def test_texts_of_a_box_fit_into_it(view):
    drawing = layout(view)
    for box in drawing.boxes("process", "reference", "page", "mark", "half"):
        assert all(inside(text.box(), box) for text in texts_in(drawing, box))


@given(states())
def test_squares_do_not_touch_texts_or_each_other(view):
    drawing = layout(view)
    squares = drawing.boxes("map", "other")
    assert overlapping(squares) == []
    texts = [text.box() for text in drawing.texts()]
    for square in squares:
        assert all(overlapping([square, text]) == [] for text in texts)


@given(states())
def test_lines_leave_a_box_bend_behind_labels_they_pass_and_end_at_a_page(view):
    drawing = layout(view)
    pages = drawing.boxes("page")
    homes = drawing.boxes("process", "reference")
    labels = [text.box() for text in drawing.texts() if 95 < text.x < 180]
    ends = [line for line in drawing.lines() if line.path[2] > LABELS_END]
    stubs = [line for line in drawing.lines() if line not in ends]
    for x0, y0, _, y1 in (line.path for line in stubs):
        assert y0 == y1
        assert any(box.right == x0 and box.y < y0 < box.bottom for box in homes)
    for line in ends:
        _, y0, x1, y1 = line.path
        assert any(page.x == x1 and page.y < y1 < page.bottom for page in pages)
        assert any(label.y < y0 < label.bottom for label in labels)
        passed = [b for b in labels if b.y < max(y0, y1) and min(y0, y1) < b.bottom]
        assert all(label.right < line.bend < x1 for label in passed)


@given(states())
def test_a_line_for_every_entry_that_maps_and_every_reference(view):
    drawing = layout(view)
    frames = {frame.name for frame in view.frames}
    mapped = [mapping for mapping in shown_mappings(view) if mapping.frame in frames]
    expected = len(mapped) + len(view.references)
    ends = [line for line in drawing.lines() if line.path[2] > LABELS_END]
    assert len(ends) == expected


@given(states())
def test_lines_land_at_places_of_their_own(view):
    drawing = layout(view)
    ends = [(line.path[2], line.path[3]) for line in drawing.lines() if line.path[2] > LABELS_END]
    assert len(ends) == len(set(ends))


def test_what_stands_left_stays_where_it_is_from_step_to_step():
    trace = fork_pin_write(reuse=False)
    views = [trace.start, *(step.after for step in trace.steps)]
    keep = roster(views)
    places = [
        {text.value.rstrip(" †"): text.y for text in layout(view, None, keep).texts()}
        for view in views
    ]
    for name in ("parent", "child", "p"):
        assert len({seen[name] for seen in places if name in seen}) == 1
    assert len({layout(view, None, keep).height for view in views[:4]}) == 1


def test_references_stand_below_a_process_that_is_born_later():
    before = state({"parent": "alive", "child": "unborn"}, [entry()], [page()], [ONE_PIN])
    after = state({"parent": "alive", "child": "alive"}, [entry()], [page()], [ONE_PIN])
    drawing = layout(after, None, roster([before, after]))
    assert drawing.boxes("reference")[0].y > drawing.boxes("process")[1].bottom


def test_read_only_is_dotted_swapped_is_dashed_and_a_pmd_is_double():
    view = state(
        {"parent": "alive", "child": "alive"},
        [
            entry(writable=False),
            entry("child", "swap 1", writable=False),
            entry(page="y", frame="B", huge=True),
        ],
        [page(), page("B", kind="thp"), page("swap 1", kind="swap", mapcount=0)],
    )
    lines = {line.pattern: line for line in layout(view).lines() if line.path[2] > LABELS_END}
    assert set(lines) == {"dotted", "dashed", "solid"}
    assert [line.double for line in layout(view).lines()].count(True) == 1
    assert {"ro", "out", "rw pmd"} <= set(values(layout(view)))


def test_what_changed_is_heavier_and_says_what_it_was():
    before = state({"parent": "alive"}, [entry(writable=False)], [page()])
    pages = [page(content=(3, 2)), page("B"), page("C", kind="file")]
    after = state({"parent": "alive"}, [entry()], pages)
    calm, drawn = layout(after), layout(after, before)
    assert "data 1→3 2" in values(drawn)
    assert {"new", "new file"} <= set(values(drawn))
    assert max(line.stroke for line in drawn.lines()) > max(line.stroke for line in calm.lines())
    assert min(box.stroke for box in drawn.boxes("page")) > 2
    assert {text.value for text in drawn.texts() if text.bold} >= {"rw", "data 1→3 2"}
    same = layout(after, after)
    assert same == calm


def test_squares_count_maps_named_references_and_the_rest():
    view = state(
        {"parent": "alive"}, [entry()], [page(refcount=2 + PIN, swapcache=True)], [ONE_PIN]
    )
    drawing = layout(view)
    assert len(drawing.boxes("map")) == 1
    assert [box.ink for box in drawing.boxes("other")] == ["hot", "ink"]
    assert f"ref {2 + PIN} · map 1" in values(drawing)
    assert not any("\u00d7" in text for text in values(drawing))


def test_many_squares_become_one_with_a_number():
    drawing = layout(state({"parent": "alive"}, [entry()], [page(refcount=9, mapcount=9)]))
    assert len(drawing.boxes("map")) == 1
    assert "\u00d79" in values(drawing)


def test_a_process_that_is_gone_is_dashed_with_a_dagger_and_one_unborn_is_absent():
    ways = {"parent": "alive", "child": "gone", "grandchild": "unborn"}
    drawing = layout(state(ways, [entry(), entry("child")], [page()]))
    assert [box.dashed for box in drawing.boxes("process")] == [False, True]
    assert "child †" in values(drawing)
    assert "grandchild" not in " ".join(values(drawing))
    assert len([line for line in drawing.lines() if line.path[2] > LABELS_END]) == 1


def test_marks_of_a_page_are_words():
    view = state(
        {"parent": "alive"},
        [entry()],
        [page(exclusive=True, swapcache=True, locked_by="lockholder")],
    )
    assert {"exclusive", "swap cache", "locked by lockholder"} <= set(values(layout(view)))


def test_protection_and_variables_are_named_where_they_matter():
    lone = state({"parent": "alive"}, [entry()], [page()])
    assert "x" not in values(layout(lone))
    barred = state({"parent": "alive"}, [entry(vma="none", writable=False)], [page()])
    assert "x (none)" in values(layout(barred))
    two = state({"parent": "alive"}, [entry(), entry(page="y", frame=None)], [page()])
    assert {"x", "y", "none"} <= set(values(layout(two)))


def test_harms_registers_and_functions_stand_below():
    view = state(
        {"parent": "alive"},
        [entry()],
        [page()],
        registers=(("device", "r0", 255),),
        harms=(("missed", "I1"),),
        running=(("parent", "do_wp_page"),),
        counters=(("copies", 0), ("lock_waits", 2)),
    )
    shown = values(layout(view))[-3:]
    assert shown == [
        "parent in do_wp_page",
        "device:r0 = segv · 2 waits for a page lock",
        "✗ missed COW (I1)",
    ]

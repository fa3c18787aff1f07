"""Conditions over hand-made states."""

from __future__ import annotations

import pytest

from threadkit.cow.explore import conditions
from threadkit.cow.explore.conditions import atoms, holds
from threadkit.cow.explore.look import Look, UnknownName
from threadkit.cow.litmus import syntax
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import SEGV, Compare, Predicate, Seen
from threadkit.cow.views import (
    FrameView,
    MappingView,
    ProcessView,
    ReferenceView,
    StateView,
)

HEAD = """COW toy question "?"
{ x = anon rw 1 2; f = file ro 7 8; h = thp rw 3 4; thread helper of parent; }
parent: pin p = x write; parent: get q = x; parent: fork child; parent: r0 = read x[0];
parent: r1 = read x[0]; helper: r0 = read x[0]; child: exit;
"""


def _mapping(process, page, frame="A", **more):
    given = {"half": None, "state": "present", "writable": True, **more}
    return MappingView(process, page, frame=frame, **given)


def _frame(name="A", content=(1, 2), **more):
    return FrameView(
        name, **{"kind": "anon", "content": content, "refcount": 1, "mapcount": 1, **more}
    )


PAGE_A = _frame()


def _view(mappings=(), frames=(PAGE_A,), references=(), registers=(), harms=(), child="alive"):
    return StateView(
        processes=(ProcessView("parent", "alive"), ProcessView("child", child)),
        mappings=tuple(mappings),
        frames=tuple(frames),
        references=tuple(references),
        registers=tuple(registers),
        counters=(("copies", 2), ("lock_waits", 0)),
        harms=tuple(harms),
    )


def _holds(condition, view):
    litmus = parse(f"{HEAD} exists ({condition})", "toy")
    return holds(litmus.condition.formula, Look(litmus, view))


PIN = ReferenceView("p", "parent", "parent", "pin", True, "A")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("parent:r0 = 3", True),
        ("parent:r0 != 3", False),
        ("parent:r0 < 4", True),
        ("parent:r0 <= 2", False),
        ("parent:r0 > 2", True),
        ("parent:r0 >= 4", False),
        ("~(parent:r0 = 3)", False),
        ("parent:r0 = 3 /\\ parent:r0 = 4", False),
        ("parent:r0 = 3 \\/ parent:r0 = 4", True),
        ("copies = 2", True),
        ("copies > 2 \\/ lock_waits = 0", True),
    ],
)
def test_numbers_compare(condition, expected):
    assert _holds(condition, _view(registers=[("parent", "r0", 3)])) is expected


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_a_register_that_was_never_set_compares_as_nothing(operator):
    assert not _holds(f"parent:r1 {operator} 0", _view(registers=[("parent", "r0", 0)]))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("parent:r0 = segv", True),
        ("parent:r0 != segv", False),
        ("parent:r0 != 3", True),
        ("parent:r0 > 3", False),
        ("parent:r0 < 3", False),
        ("helper:r0 = segv", False),
        ("helper:r0 != segv", True),
    ],
)
def test_a_fault_is_like_itself_alone(condition, expected):
    view = _view(registers=[("parent", "r0", SEGV), ("helper", "r0", 3)])
    assert _holds(condition, view) is expected


def test_a_counter_may_be_as_large_as_the_number_of_a_fault():
    litmus = parse(f"{HEAD} exists (copies > 2)", "toy")
    view = StateView((), (), (), (), (), (("copies", 300),), ())
    assert holds(Compare(Seen("counter", ("copies",)), ">", SEGV), Look(litmus, view))


def test_memory_is_read_through_the_mapping():
    frames = (_frame("A", (1, 2)), _frame("B", (5, 6)))
    view = _view([_mapping("parent", "x", "A"), _mapping("child", "x", "B")], frames)
    assert _holds("parent:x[0] = 1 /\\ parent:x[1] = 2 /\\ child:x[0] = 5", view)


def test_a_thread_sees_its_process_memory():
    assert _holds("helper:x[1] = 2", _view([_mapping("parent", "x")]))


def test_what_is_swapped_out_is_read_from_swap():
    frames = (_frame("swap 1", (9, 8), kind="swap"),)
    view = _view([_mapping("parent", "x", "swap 1", state="swap", writable=False)], frames)
    assert _holds("parent:x[0] = 9 /\\ swapped(parent:x) /\\ ~mapped(parent:x)", view)


def test_each_half_of_a_split_huge_page_has_its_own_entry():
    frames = (_frame("A", (3, 4)), _frame("B", (5, 0)))
    halves = [_mapping("parent", "h", "A", half=1), _mapping("parent", "h", "B", half=0)]
    view = _view(halves, frames)
    assert _holds("parent:h[0] = 5 /\\ parent:h[1] = 4", view)


def test_what_is_not_mapped_yet_reads_as_a_fault_would_bring_it():
    none = {"state": "none", "frame": None, "writable": False}
    view = _view([_mapping("parent", "x", **none), _mapping("parent", "f", **none)])
    assert _holds("parent:x[0] = 0 /\\ parent:f[0] = 7 /\\ parent:f[1] = 8", view)


def test_a_file_that_was_written_through_the_page_cache_reads_so():
    none = {"state": "none", "frame": None, "writable": False}
    frames = (_frame("A", (44, 8), kind="file"),)
    view = _view([_mapping("parent", "f", **none)], frames)
    assert _holds("parent:f[0] = 44", view)


def test_memory_without_a_vma_faults():
    assert _holds("parent:x[0] = segv", _view())
    assert _holds("parent:x[0] = segv", _view([_mapping("parent", "x", vma="none")]))


@pytest.mark.parametrize("state", ["gone", "unborn"])
def test_memory_of_a_process_that_does_not_live_compares_as_nothing(state):
    view = _view([_mapping("child", "x")], child=state)
    assert not _holds("child:x[0] = 1", view)
    assert not _holds("child:x[0] != 1", view)
    assert not _holds("alive(child)", view)
    assert not _holds("mapped(child:x)", view)


def test_a_reference_sees_its_page_while_it_is_held():
    view = _view(references=[PIN])
    assert _holds("p[1] = 2 /\\ held(p) /\\ ~held(q)", view)
    assert not _holds("q[0] = 1", view)
    assert not _holds("q[0] != 1", view)


def test_one_page_is_the_same_by_whatever_name():
    frames = (_frame("A"), _frame("B"))
    view = _view([_mapping("parent", "x", "A"), _mapping("child", "x", "B")], frames, [PIN])
    assert _holds("same(parent:x, p) /\\ ~same(child:x, p) /\\ same(helper:x, p)", view)
    assert _holds("~same(parent:f, parent:f)", view), "nothing is the same as nothing"


def test_half_of_a_page_is_not_the_page():
    frames = (_frame("A"), _frame("B"))
    whole = ReferenceView("p", "parent", "parent", "pin", True, "A")
    halves = [_mapping("parent", "h", "B", half=0), _mapping("parent", "h", "A", half=1)]
    assert _holds("~same(parent:h, p)", _view(halves, frames, [whole]))


@pytest.mark.parametrize(
    ("predicate", "mapping", "frame"),
    [
        ("mapped", {}, {}),
        ("writable", {}, {}),
        ("dirty", {"dirty": True}, {}),
        ("huge", {"huge": True}, {}),
        ("exclusive", {}, {"exclusive": True}),
        ("ksm", {}, {"kind": "ksm"}),
        ("anon", {}, {"kind": "thp"}),
        ("swapcache", {}, {"swapcache": True}),
    ],
)
def test_a_predicate_holds_where_the_state_has_it_and_not_elsewhere(predicate, mapping, frame):
    with_it = _view([_mapping("parent", "x", **mapping)], [_frame(**frame)])
    without = {"state": "swap", "writable": False}
    other = _view([_mapping("parent", "x", "S", **without)], [_frame("S", kind="swap")])
    assert _holds(f"{predicate}(parent:x)", with_it)
    assert not _holds(f"{predicate}(parent:x)", other)


def test_a_predicate_of_a_split_page_wants_both_halves():
    halves = [_mapping("parent", "h", half=0), _mapping("parent", "h", half=1, writable=False)]
    assert not _holds("writable(parent:h)", _view(halves))
    assert _holds("mapped(parent:h)", _view(halves))


def test_harm_is_told_by_its_kind():
    view = _view(harms=[("wrong", "I2")])
    assert _holds("harm(wrong) /\\ ~harm(missed)", view)


def test_every_predicate_of_the_language_can_be_asked():
    assert set(conditions.PREDICATES) == set(syntax.PREDICATES)


@pytest.mark.parametrize(
    "atom",
    [
        Compare(Seen("counter", ("coins",)), "=", 1),
        Compare(Seen("memory", ("nobody", "x"), 0), "=", 1),
        Compare(Seen("memory", ("parent", "z"), 0), "=", 1),
        Compare(Seen("reference", ("z",), 0), "=", 1),
        Predicate("alive", ("nobody",)),
        Predicate("held", ("z",)),
        Predicate("same", ("parent:x", "z")),
    ],
)
def test_a_name_that_is_not_in_the_scenario_is_an_error(atom):
    litmus = parse(f"{HEAD} exists (copies > 2)", "toy")
    with pytest.raises(UnknownName, match="not in the scenario"):
        holds(atom, Look(litmus, _view([_mapping("parent", "x")])))


def test_atoms_come_from_left_to_right():
    litmus = parse(f"{HEAD} exists (~(copies > 2 /\\ held(p)) \\/ parent:r0 = 1)", "toy")
    found = [getattr(a, "name", None) or a.seen.names[-1] for a in atoms(litmus.condition.formula)]
    assert found == ["copies", "held", "r0"]


@pytest.mark.parametrize(("half", "holds_for_all"), [(None, True), (0, False), (1, False)])
def test_a_huge_page_in_parts_is_exclusive_only_if_both_parts_are(half, holds_for_all) -> None:
    entries = [_mapping("parent", "h", half=part) for part in (0, 1)]
    frame = _frame(kind="thp", exclusive=True, exclusive_half=half)
    look = Look(parse(HEAD + "exists (parent:r0 = 1)"), _view(entries, [frame]))
    assert holds(Predicate("exclusive", ("parent:h",)), look) is holds_for_all

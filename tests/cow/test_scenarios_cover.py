"""What is shipped in data/litmus: every scenario that must be there, with its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from threadkit.cow.eras import era
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.litmus.parse import load
from threadkit.cow.litmus.syntax import (
    ADVICE,
    PAGE_WORDS,
    PREDICATES,
    VERBS,
    And,
    Compare,
    Formula,
    Litmus,
    Not,
    Or,
    Predicate,
)

FOLDER = Path(__file__).parents[2] / "data" / "litmus"

ROWS = {
    *("S1", "S1b", "S2", "S3", "S3b", "S4", "S4b", "S4c", "S4h", "S5", "S5s", "S5t", "S5h"),
    *("S5r", "S6", "S6b", "S7", "S7b", "S8", "S8p", "S9", "S9w", "S9r", "S9p", "S10", "S10b"),
    *("S10c", "S11", "S11b", "S11c", "S12", "S14", "S14s", "S15", "S15f", "S16", "S17"),
    *("S18", "S19"),
}
"""Rows of the table of scenarios, and letters that claims name without a row."""

CASES = (
    "Basic COW after fork()",
    "Basic COW after fork() with mprotect() optimization",
    "vmsplice() + unmap in child",
    "vmsplice() + unmap in child with mprotect() optimization",
    "vmsplice() before fork(), unmap in parent after fork()",
    "vmsplice() + unmap in parent after fork()",
    "R/O-mapping a page registered as iouring fixed buffer",
    "fork() with an iouring fixed buffer",
    "R/O GUP pin on R/O-mapped shared page",
    "R/O GUP-fast pin on R/O-mapped shared page",
    "R/O GUP pin on R/O-mapped previously-shared page",
    "R/O GUP-fast pin on R/O-mapped previously-shared page",
    "R/O GUP pin on R/O-mapped exclusive page",
    "R/O GUP-fast pin on R/O-mapped exclusive page",
    "Basic COW after fork() when collapsing before fork()",
    "Basic COW after fork() when collapsing after fork() (fully shared)",
    "Basic COW after fork() when collapsing after fork() (lower shared)",
    "Basic COW after fork() when collapsing after fork() (upper shared)",
    "Basic COW",
    "R/O longterm GUP pin",
    "R/O longterm GUP-fast pin",
)
"""Cases of the kernel's cow.c, by the names that it prints."""

TESTABLE = {
    *(1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 21, 22, 23, 24, 25, 26, 28, 29),
    *(30, 31, 32, 33, 34, 36, 37, 38, 39, 40, 41, 42, 43, 45, 46, 47, 48, 51, 52, 53, 54, 55),
    *(56, 57, 58, 59, 61, 62, 63, 64),
}
"""Numbers of the claims that a scenario can put to the test."""

NEED_MEMORY_MODEL = {"il06-gup-fast-fork", "il10-exclusive-gup-fast"}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Litmus]:
    """Return every shipped scenario by name."""
    return {path.stem: load(path) for path in sorted(FOLDER.glob("*.litmus"))}


def test_every_file_is_as_the_formatter_writes_it() -> None:
    for path in FOLDER.glob("*.litmus"):
        assert format_litmus(load(path)) == path.read_text(encoding="utf-8"), path.name


def test_every_row_is_there(shipped: dict[str, Litmus]) -> None:
    assert set(shipped) >= ROWS
    assert len(shipped) >= 70


@pytest.mark.parametrize("number", range(1, 12))
def test_every_interleaving_is_there(shipped: dict[str, Litmus], number: int) -> None:
    assert [name for name in shipped if name.startswith(f"il{number:02}-")]


@pytest.mark.parametrize("name", CASES)
def test_every_case_of_the_kernels_test_is_there(shipped: dict[str, Litmus], name: str) -> None:
    found = [
        litmus.name
        for litmus in shipped.values()
        for reference in litmus.references
        if (reference.kind, reference.name) == ("test", name)
    ]
    assert [each for each in found if each.startswith("cow-")]


def test_every_testable_claim_is_put_to_the_test(shipped: dict[str, Litmus]) -> None:
    claims = {
        int(reference.name)
        for litmus in shipped.values()
        for reference in litmus.references
        if reference.kind == "claim"
    }
    assert claims >= TESTABLE


@pytest.mark.parametrize("cve", ["CVE-2016-5195", "CVE-2020-29374", "CVE-2022-2590"])
def test_every_vulnerability_has_a_scenario_that_some_kernel_fails(
    shipped: dict[str, Litmus], cve: str
) -> None:
    found = [
        litmus
        for litmus in shipped.values()
        if any((each.kind, each.name) == ("cve", cve) for each in litmus.references)
    ]
    assert any({each.verdict for each in litmus.expectations} != {"Never"} for litmus in found)
    assert all(any(e.verdict == "Never" for e in litmus.expectations) for litmus in found)


def test_every_question_is_a_question(shipped: dict[str, Litmus]) -> None:
    for litmus in shipped.values():
        assert litmus.question.endswith("?"), litmus.name
    counts = Counter(litmus.question for litmus in shipped.values() if len(litmus.question) > 60)
    assert [question for question, count in counts.items() if count > 1] == []


def test_every_scenario_expects_something_of_known_eras(shipped: dict[str, Litmus]) -> None:
    for litmus in shipped.values():
        assert litmus.expectations, litmus.name
        for expectation in litmus.expectations:
            assert expectation.source.strip(), litmus.name
            for key in expectation.eras:
                assert era(key).key == key, (litmus.name, key)


def test_what_a_source_confirms_is_named(shipped: dict[str, Litmus]) -> None:
    starts = ("mail ", "commit ", "CVE-", "cow.c", "lkml.iu.edu ")
    for litmus in shipped.values():
        for each in litmus.expectations:
            if each.status == "confirmed":
                by_source = each.source.startswith(starts) or " tree" in each.source
                assert by_source or "of 5.10" in each.source, (litmus.name, each.source)


def test_counterparts_exist(shipped: dict[str, Litmus]) -> None:
    for litmus in shipped.values():
        assert set(litmus.beside) <= set(shipped), litmus.name
    for one, other in (("S4", "S4b"), ("S4", "S5"), ("S5", "S4"), ("S5", "S6"), ("S6", "S5")):
        assert other in shipped[one].beside


def test_sources_of_both_sides_disagree_somewhere(shipped: dict[str, Litmus]) -> None:
    """The debate: what mapcount loses refcount keeps, and the other way round."""

    def verdict(name: str, key: str) -> str:
        return next(e.verdict for e in shipped[name].expectations if key in e.eras)

    assert verdict("S4", "mapcount_ksm") == verdict("S5", "refcount_nofork") == "Never"
    assert verdict("S4", "refcount_nofork") == verdict("S5", "mapcount_ksm") == "Always"


def test_what_turns_on_barriers_says_so(shipped: dict[str, Litmus]) -> None:
    assert {name for name, litmus in shipped.items() if litmus.needs} == NEED_MEMORY_MODEL
    claims = {
        reference.name: litmus.name
        for litmus in shipped.values()
        for reference in litmus.references
        if reference.kind == "claim"
    }
    assert claims["51"] in NEED_MEMORY_MODEL


def _asked(formula: Formula) -> Iterator[str]:
    """Yield the names of predicates and counters."""
    match formula:
        case Predicate():
            yield formula.name
        case Compare():
            yield from formula.seen.names if formula.seen.kind == "counter" else ()
        case Not():
            yield from _asked(formula.part)
        case And() | Or():
            for part in formula.parts:
                yield from _asked(part)


def test_everything_that_the_language_can_say_is_said(shipped: dict[str, Litmus]) -> None:
    ops = [op for litmus in shipped.values() for op in litmus.ops()]
    pages = [page for litmus in shipped.values() for page in litmus.pages]
    asked = {name for litmus in shipped.values() for name in _asked(litmus.condition.formula)}
    assert {op.verb for op in ops} == set(VERBS)
    assert {word for op in ops if op.verb == "madvise" for word in op.words} == set(ADVICE)
    assert {word for page in pages for word in page.words} == set(PAGE_WORDS)
    assert asked >= set(PREDICATES)
    assert {litmus.condition.quantifier for litmus in shipped.values()} == {
        "exists",
        "forall",
        "~exists",
    }


def test_enough_of_them_have_one_order_only(shipped: dict[str, Litmus]) -> None:
    """Those can be done on a real kernel as they stand."""
    in_order = [
        name
        for name, litmus in shipped.items()
        if all(len(phase.columns) == 1 for phase in litmus.phases)
    ]
    assert len(in_order) >= 60

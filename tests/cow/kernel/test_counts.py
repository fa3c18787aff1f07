"""Many references counted as one: what 1024 of them mean, and where it begins."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cow.kernel.worlds import counter, end, frame, litmus_of, machine_of, mapping
from threadkit.cow.eras import Era, base_eras, era
from threadkit.cow.explore.observe import observe
from threadkit.cow.explore.search import explore
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.kernel.pages import ModelBoundError

HAS_PINNED = "parent: pin p = x write; parent: unpin p; "
MAYBE_PINNED = 1024
"""GUP_PIN_COUNTING_BIAS, include/linux/mm.h (5.6)."""


@given(st.integers(1, 65535), st.sampled_from(base_eras()))
def test_references_are_as_many_as_were_taken_until_they_are_put(times: int, rules: Era) -> None:
    taken = f"parent: get g = x read times {times};"
    view = end(taken, rules)
    assert frame(view, "parent").refcount == 1 + times
    assert view.references[0].count == times
    assert frame(end(f"{taken} parent: put g;", rules), "parent").refcount == 1


@given(st.lists(st.integers(1, 1023), min_size=1, max_size=3), st.randoms())
def test_references_of_several_add_up_and_come_back_in_any_order(
    times: list[int], rng: Random
) -> None:
    takes = " ".join(f"parent: get g{n} = x read times {many};" for n, many in enumerate(times))
    order = rng.sample(range(len(times)), len(times))
    puts = " ".join(f"noise: put g{n};" for n in order)
    assert frame(end(takes, "A"), "parent").refcount == 1 + sum(times)
    assert end(f"{takes} parent: munmap x; {puts}", "A").frames == ()


def test_pins_count_as_1024_where_the_kernel_has_them() -> None:
    for rules in base_eras():
        view = end("parent: pin p = x write;", rules)
        many = MAYBE_PINNED if rules.policy.gup_pin else 1
        assert frame(view, "parent").refcount == 1 + many


@pytest.mark.parametrize("rules", base_eras(), ids=lambda one: one.letter)
@pytest.mark.parametrize("times", [1, 255, 256, 1022, 1023, 1024])
def test_fork_takes_a_page_for_pinned_from_1024_references_on(rules: Era, times: int) -> None:
    """page_maybe_dma_pinned(): the mapping's own reference is one of the 1024."""
    view = end(f"{HAS_PINNED} parent: get g = x read times {times}; parent: fork child;", rules)
    copies = rules.policy.copy_present_pte == "copy_pinned" and 1 + times >= MAYBE_PINNED
    assert counter(view, "copies") == copies
    assert mapping(view, "parent").writable is copies
    assert (mapping(view, "parent").frame == mapping(view, "child").frame) is not copies


@pytest.mark.parametrize("letter", ["F1", "F2", "G", "H", "J"])
def test_without_a_pin_ever_nobody_asks_how_many_references_there_are(letter: str) -> None:
    """mm.has_pinned, 008cfe4418b3 (5.9)."""
    view = end("parent: get g = x read times 4000; parent: fork child;", letter)
    assert counter(view, "copies") == 0


@pytest.mark.parametrize("rules", base_eras(), ids=lambda one: one.letter)
def test_a_load_that_forks_a_thousand_times_never_pinned_anything(rules: Era) -> None:
    """Linus Torvalds' worry of 2020-09-17: 1024 references of others, and no pin at all.

    The one process that is left writes: who counts mappings reuses the page, who counts
    references copies it, and who knows it was shared cannot tell that it no longer is.
    """
    forked = "parent: get g = x read times 1024; parent: fork child; child: exit;"
    view = end(f"{forked} parent: write x[0] = 3;", rules)
    by_mapcount = rules.policy.do_wp_page in ("page_mapcount", "reuse_swap_page")
    assert counter(view, "copies") == (0 if by_mapcount else 1)
    assert not view.processes[0].has_pinned


@pytest.mark.parametrize("kind", ["thp", "hugetlb"])
@pytest.mark.parametrize("letter", ["F3", "G", "H", "J"])
def test_plain_references_never_make_a_huge_page_look_pinned(kind: str, letter: str) -> None:
    """compound_pincount() is exact: 47e29d32afba (5.7)."""
    pages = f"x = {kind} rw 1 2;"
    many = f"{HAS_PINNED} parent: get g = x read times 1024; parent: fork child;"
    assert counter(end(many, letter, pages), "copies") == 0
    pinned = end("parent: pin p = x write; parent: fork child;", letter, pages)
    assert counter(pinned, "copies") > 0


def test_more_references_than_can_be_counted_are_refused() -> None:
    takes = " ".join(f"parent: get g{n} = x read times 65535;" for n in range(4))
    with pytest.raises(ModelBoundError, match="more references to one page"):
        explore(machine_of(takes, "J"))


def test_rules_that_contradict_each_other_stop_at_a_bound() -> None:
    """A forced write's fault that never makes a page exclusive is taken again and again."""
    policy = replace(era("J").policy, anon_exclusive=False, pgreuse=True)
    litmus = litmus_of("parent: ptrace_write parent.x[0] = 5;", "x = anon ro 1 2;")
    with pytest.raises(ModelBoundError, match="more faults"):
        observe(litmus, "J", lambda: Machine(litmus, policy))

"""Random programs are programs of the language, and reach what they are meant to."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.fuzz import random_litmus
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import VERBS


@given(st.integers(), st.integers(1, 20))
def test_programs_survive_the_parser(seed, size):
    litmus = random_litmus(random.Random(seed), size)
    assert parse(format_litmus(litmus)) == litmus


@given(st.integers(), st.integers(1, 20))
def test_programs_read_everything_in_the_end(seed, size):
    litmus = random_litmus(random.Random(seed), size)
    last = [op for op in litmus.ops() if op.register and int(op.register[1:]) >= 10]
    live = {"parent", *litmus.processes, *(op.process for op in litmus.ops() if op.process)}
    live -= {op.actor for op in litmus.ops() if op.verb == "exit"}
    read = {(op.page.process, op.page.page, op.slot) for op in last if op.verb == "read"}
    assert read == {(who, p.name, slot) for who in live for p in litmus.pages for slot in (0, 1)}


@pytest.fixture(scope="module")
def many():
    return [random_litmus(random.Random(seed)) for seed in range(1500)]


def test_programs_use_the_whole_language(many):
    used = {op.verb for litmus in many for op in litmus.ops()}
    # Not written: ptrace_read (as process_vm_readv) and uffd_continue.
    assert set(VERBS) - used == {"ptrace_read", "uffd_continue"}
    assert {page.kind for litmus in many for page in litmus.pages} == {
        "anon", "swapped", "file", "zeropage", "ksm", "thp", "shmem", "hugetlb",
    }  # fmt: skip


@pytest.mark.parametrize(
    "race",
    [
        {"write", "fork"},
        {"pin", "fork"},
        {"pin", "swap_out"},
        {"write", "swap_out"},
        {"write", "lock"},
        {"write", "get_page"},
        {"write", "exit"},
        {"write", "clear_refs"},
        {"write", "ksm_merge"},
        {"write", "mprotect"},
    ],
    ids=sorted,
)
def test_races_of_the_dispute_come_up(many, race):
    met = Counter(
        race <= {op.verb for column in phase.columns for op in column}
        for litmus in many
        for phase in litmus.phases
        if len(phase.columns) > 1
    )
    assert met[True] >= 3

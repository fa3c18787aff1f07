"""Since when Linux has what scenarios ask for, and what no kernel of an era had."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from threadkit.cow.eras import base_eras, era, eras
from threadkit.cow.eras.commits import COMMITS
from threadkit.cow.eras.features import FEATURES, absent, features_of
from threadkit.cow.eras.release import release_named
from threadkit.cow.library import parse, scenarios
from threadkit.cow.litmus.syntax import ADVICE, PAGE_KINDS, PAGE_WORDS, VERBS


def test_every_name_is_one_of_the_language_and_stands_once() -> None:
    op_words = {word for form in VERBS.values() for word in form.words}
    known = {
        "page": set(PAGE_KINDS),
        "word": set(PAGE_WORDS) | op_words,
        "operation": set(VERBS),
        "advice": set(ADVICE),
    }
    assert all(one.name in known[one.what] for one in FEATURES)
    assert len({(one.what, one.name) for one in FEATURES}) == len(FEATURES)


def test_every_row_says_where_it_comes_from() -> None:
    for one in FEATURES:
        assert re.fullmatch(r"[0-9a-f]{12}", one.commit), one
        assert one.checked in ("manual page", "commit list", "memory")
        assert release_named(one.since).candidate == release_named("5.9").candidate, one.since


def test_what_an_era_says_of_a_commit_holds_here_too() -> None:
    """The model cannot have a rule for what does not exist yet."""
    shared = [one for one in FEATURES if one.commit in COMMITS]
    assert {"thp", "pin", "uffd_wp", "clear_refs"} <= {one.name for one in shared}
    for one in shared:
        for rules in base_eras():
            for change in rules.changes:
                if any(commit.sha == one.commit for commit in change.commits):
                    assert release_named(change.release).series == release_named(one.since).series


@pytest.mark.parametrize(
    ("pages", "op", "name", "last_without", "first_with"),
    [
        ("x = thp rw 1 2;", "write x[0] = 3", "thp", "B", "C"),
        ("x = anon rw 1 2;", "vmsplice v = x", "vmsplice", "A", "B"),
        ("x = anon rw 1 2;", "uffd_wp x", "uffd_wp", "C2", "D"),
        ("x = anon rw 1 2;", "madvise x WIPEONFORK", "WIPEONFORK", "C", "C2"),
        ("x = thp rw 1 2;", "madvise x COLLAPSE", "COLLAPSE", "H0", "H"),
        ("x = shmem rw 1 2;", "uffd_continue x", "uffd_continue", "F1", "F2"),
        ("x = thp rw 1 2;", "madvise x COLLAPSE", "COLLAPSE", "stable_5_10", "stable_6_1"),
        ("x = shmem rw 1 2;", "uffd_continue x", "uffd_continue", "built_refcount_nofork", "J"),
        ("x = anon rw 1 2;", "madvise x PAGEOUT", "PAGEOUT", "5.0", "5.7"),
        ("x = anon rw 1 2;", "pin p = x read", "pin", "C2", "hugh_2020"),
    ],
)
def test_an_era_lacks_what_came_behind_its_last_release(
    pages: str, op: str, name: str, last_without: str, first_with: str
) -> None:
    mine = parse(f'COW m question "?" {{ {pages} }} parent: {op}; exists (alive(parent))')
    assert name in {one.name for one in absent(mine.litmus, era(last_without))}
    assert name not in {one.name for one in absent(mine.litmus, era(first_with))}
    outcome = mine.run(last_without)
    assert outcome.would_be is (name != "pin")
    assert f"{name} (" in outcome.text()
    assert outcome.to_dict()["would_be"] is outcome.would_be
    assert not mine.run(first_with).would_be


def test_time_takes_nothing_away() -> None:
    """What a base era has, every later one has; the newest has everything."""
    for one in scenarios():
        lacking = [set(absent(one.litmus, rules)) for rules in base_eras()]
        assert all(later <= sooner for sooner, later in pairwise(lacking))
        assert not lacking[-1]


def test_every_era_has_a_last_release() -> None:
    young = parse(
        'COW m question "?" { x = anon rw 1 2; y = ksm rw 3 4; } parent: write x[0] = 3;'
        "exists (alive(parent))"
    )
    assert [one.name for one in features_of(young.litmus)] == ["ksm"]
    without = {one.key for one in (*eras(), *eras("release")) if absent(young.litmus, one)}
    assert {"refcount_2612", "mapcount_trylock"} <= without
    assert not any(key.startswith(("3", "4", "5", "6", "stable", "built")) for key in without)

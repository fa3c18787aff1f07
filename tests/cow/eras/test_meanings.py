"""Every decision is explained, dated and used."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from threadkit.cow.eras import FUNCTIONS, MEANINGS, Change, Era, eras
from threadkit.cow.eras.commits import COMMITS
from threadkit.cow.eras.timeline import MAINLINE
from threadkit.cow.policy import Policy

HINTS = get_type_hints(Policy)
FIELDS = tuple(one.name for one in fields(Policy))
EVERY = (*eras(), *eras("release"))
CHANGES = tuple(dict.fromkeys(change for one in EVERY for change in one.changes))


def values(field: str) -> set[object]:
    """Every value that a field may hold."""
    return set(get_args(HINTS[field]) or (False, True))


@pytest.mark.parametrize("field", FIELDS)
def test_every_value_of_a_field_is_explained_and_no_other(field: str) -> None:
    assert set(MEANINGS[field]) == values(field)


@pytest.mark.parametrize("field", FIELDS)
def test_meanings_of_a_field_differ_and_are_sentences(field: str) -> None:
    said = list(MEANINGS[field].values())
    assert len(set(said)) == len(said)
    for sentence in said:
        assert re.fullmatch(r"[a-zA-Z].*\.", sentence)


@pytest.mark.parametrize("field", FIELDS)
def test_every_meaning_names_a_kernel_function(field: str) -> None:
    for sentence in MEANINGS[field].values():
        assert re.search(r"\b\w+\(\)", sentence), sentence


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_a_function_and_its_file(field: str) -> None:
    assert re.search(r"[a-zA-Z_]+.* \([a-z/_]+[a-z/_-]+\.[ch]\)", FUNCTIONS[field])


def test_nothing_is_explained_that_is_no_field() -> None:
    assert set(MEANINGS) == set(FUNCTIONS) == set(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
def test_every_value_is_used_by_some_era(field: str) -> None:
    assert {one.value(field) for one in EVERY} == values(field)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: f"{one.release} {one.sets[0][0]}")
def test_every_change_names_a_commit_or_a_source_and_says_why(change: Change) -> None:
    assert change.commits or change.sources
    assert change.why.endswith((".", ".)"))
    assert change.checked


def test_every_change_of_the_mainline_names_a_commit_but_two() -> None:
    # The oldest is before git; of the other only the mail and its effect in a tree were seen.
    assert [one.release for one in MAINLINE if not one.commits] == ["2.6.7", "6.2-rc1"]


def test_every_change_sets_fields_to_values_they_may_hold() -> None:
    for change in CHANGES:
        assert change.sets
        for field, value in change.sets:
            assert value in values(field), (change.release, field)


def test_commits_are_written_as_commits_are() -> None:
    for sha, commit in COMMITS.items():
        assert sha == commit.sha
        assert re.fullmatch(r"[0-9a-f]{12}", commit.sha)
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", commit.date)
        assert commit.checked in {"commit list", "memory"}
        assert commit.subject


def test_no_commit_is_listed_that_no_change_names() -> None:
    named = {commit.sha for change in CHANGES for commit in change.commits}
    assert named == set(COMMITS)


@pytest.mark.parametrize("era", EVERY, ids=lambda one: one.key)
def test_rows_tell_what_the_policy_does(era: Era) -> None:
    rows = era.fields()
    assert [row.field for row in rows] == list(FIELDS)
    for row in rows:
        assert row.value == getattr(era.policy, row.field)
        assert row.meaning == MEANINGS[row.field][row.value]
        assert bool(row.checked) == bool(row.commits or row.sources)


@pytest.mark.parametrize("era", EVERY, ids=lambda one: one.key)
def test_what_is_not_default_has_a_reason(era: Era) -> None:
    for row in era.fields():
        if row.value != getattr(Policy(), row.field):
            assert row.commits or row.sources, row.field

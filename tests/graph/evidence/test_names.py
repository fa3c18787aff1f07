"""Hashes and people as somebody wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.commits.titles import same_title
from threadkit.graph.evidence.names import Hashes, People

HEX = st.text("0123456789abcdef", min_size=40, max_size=40)


@given(st.sets(HEX, min_size=1, max_size=8), st.integers(1, 40), st.data())
def test_a_beginning_means_a_commit_only_if_it_can_mean_no_other(shas, digits, data):
    sha = data.draw(st.sampled_from(sorted(shas)))
    found = Hashes(shas, []).find(sha[:digits])
    others = [one for one in shas if one.startswith(sha[:digits])]
    if digits == 40:
        assert found == (sha, "hash", 1.0)
    elif digits < 12 or len(others) > 1:
        assert found is None
    else:
        assert found is not None
        assert found[:2] == (sha, "beginning")


def test_what_looking_up_said_wins():
    one, two = "ab" * 20, "ab" * 6 + "cd" * 14
    hashes = Hashes([one, two], [("ab" * 6, "found", two, ""), ("ab" * 7, "ambiguous", None, "")])
    assert hashes.find("ab" * 6) == (two, "looked-up", 1.0)
    assert hashes.find("ab" * 7) is None
    assert hashes.why("ab" * 7) == "several commits begin so"


def test_a_commit_that_was_found_and_is_not_in_the_graph_is_not_known():
    hashes = Hashes([], [("ab" * 6, "found", "ab" * 20, "")])
    assert hashes.find("ab" * 6) is None
    assert hashes.why("ab" * 6) == "not looked up"


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("unknown", "unknown where it was looked up"),
        ("not-a-commit", "it names something that is no commit"),
        ("unclear", "unknown or ambiguous, it is not said which"),
    ],
)
def test_why_a_hash_means_nothing(state, why):
    assert Hashes([], [("abcd", state, None, "")]).why("abcd") == why


def test_people_without_an_address_are_nobody():
    people = People([(1, "Ann", "ann@example.org", "")])
    assert people.written("Ann") is None
    assert people.written("Ann <Ann@Example.org>") == ("person:ann@example.org", "Ann")
    assert people.written("ann@example.org") == ("person:ann@example.org", "Ann")
    assert people.written("syzbot+0123@robot.example.org") == (
        "person:syzbot@robot.example.org", "syzbot+0123@robot.example.org",
    )  # fmt: skip


def test_of_two_people_behind_an_address_the_name_tells():
    people = People([(1, "Ann", "x@example.org", ""), (2, "Bob", "x@example.org", "")])
    assert people.named("Bob", "x@example.org")[0] == "person:Bob <x@example.org>"
    assert people.named("Cho", "x@example.org")[0] == "person:Cho <x@example.org>"
    assert people.named("Ann", "X@example.org")[0] == "person:Ann <x@example.org>"


@pytest.mark.parametrize(
    ("written", "same"),
    [("mm: Don't  count", True), ("mm: dont co...", True), ("mm: dont co", False), ("x", False)],
)
def test_titles(written, same):
    assert same_title(written, "mm: dont count") is same

"""Names of releases."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.commits.releases import is_kernel_like, mainline_tags, parse_release, releases

IN_ORDER = [
    "v2.6.11", "v2.6.11.1", "v2.6.12-rc2", "v2.6.12", "v2.6.39", "v2.6.39.4", "v3.0-rc1", "v3.0",
    "v3.0.1", "v4.19", "v5.9-rc1", "v5.9-rc2", "v5.9-rc10", "v5.9", "v5.9.1", "v5.10-rc1", "v5.10",
]  # fmt: skip


def test_releases_sort_as_they_supersede() -> None:
    mixed = random.Random(1).sample(IN_ORDER, len(IN_ORDER))
    assert [one.name for one in releases(mixed)] == IN_ORDER


def test_mainline_of_the_kernel() -> None:
    stable = {"v2.6.11.1", "v2.6.39.4", "v3.0.1", "v5.9.1"}
    assert mainline_tags(IN_ORDER) == [name for name in IN_ORDER if name not in stable]


@pytest.mark.parametrize(
    "name",
    ["v5", "v5.9-rc", "v5.9-rc1-x", "5.9", "next-20200901", "v5.9 ", "v5.9-tree", "V5.9", "",
     "v5..9", "v\u0665.9", "v5.9\n"],
)  # fmt: skip
def test_other_tags_are_no_mainline(name: str) -> None:
    assert mainline_tags([name, "v5.9-rc1"]) == ["v5.9-rc1"]


def test_projects_that_number_otherwise_have_no_mainline_by_name() -> None:
    names = ["v2.28.0-rc0", "v2.28.0", "v2.28.1", "v246"]
    assert len(releases(names)) == 4
    assert not is_kernel_like(releases(names))
    assert mainline_tags(names) == []


@given(st.lists(st.integers(0, 99), min_size=1, max_size=5), st.none() | st.integers(0, 99))
def test_a_name_gives_its_numbers_back(numbers: list[int], candidate: int | None) -> None:
    name = "v" + ".".join(map(str, numbers)) + ("" if candidate is None else f"-rc{candidate}")
    found = parse_release(name)
    assert found is not None
    assert (found.numbers, found.name) == (tuple(numbers), name)
    assert found.is_candidate == (candidate is not None)


@given(st.text(max_size=20))
def test_any_text_is_a_release_or_not(name: str) -> None:
    found = parse_release(name)
    assert found is None or found.name == name

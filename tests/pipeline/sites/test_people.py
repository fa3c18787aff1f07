"""Keys of people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.pipeline.sites.people import Known, People
from threadkit.site.names import slug

NAMES = st.lists(st.text(max_size=12), max_size=12)


@given(NAMES)
def test_each_has_a_key_that_is_safe_in_a_file_name(names: list[str]) -> None:
    people = People([Known("ann", "Ann Example")])
    keys = [people.named(name) for name in names]
    for name, key in zip(names, keys, strict=True):
        assert key == slug(key)
        assert people.named(name) == key
    again = People([Known("ann", "Ann Example")])
    assert [again.named(name) for name in names] == keys


@given(NAMES)
def test_two_names_are_two_people_but_for_case_and_blanks(names: list[str]) -> None:
    people = People()
    keys = {name: people.named(name) for name in names}
    shown = people.shown({}, {})
    assert set(filter(None, keys.values())) == set(shown)


def test_names_that_look_alike_have_keys_of_their_own() -> None:
    people = People()
    assert people.named("Jörg") == "jorg"
    other = people.named("Jorg!")
    assert other.startswith("jorg-")
    assert people.named("千代").startswith("person-")


def test_who_claims_most_comes_first() -> None:
    people = People([Known("ann", "Ann"), Known("bo", "Bo"), Known("cy", "Cy")])
    people.wrote.update({"ann": 3, "bo": 1})
    assert people.ranked({"cy": 1}) == ["cy", "ann", "bo"]
    assert [key for key, _ in people.coloured({"cy": 1})] == ["cy", "ann", "bo"]
    assert [key for key, _ in people.coloured({})] == ["ann", "bo"]

"""Colours of people: nobody's changes because somebody else came."""

from __future__ import annotations

from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from threadkit.store.colours import COLOURS, chosen, colours, keep_colours
from threadkit.store.connection import open_write

ADDRESSES = st.lists(
    st.lists(st.sampled_from([f"p{n}@example.org" for n in range(9)]), max_size=2), max_size=9
)


def test_colours_are_given_in_order_and_kept():
    with closing(open_write(":memory:")) as db:
        people = [["Ann@Example.org", "ann@home.example.org"], ["bo@example.org"]]
        assert keep_colours(db.conn, people) == [1, 2]
        assert keep_colours(db.conn, [["new@example.org"], *reversed(people)]) == [3, 2, 1]
        assert colours(db.conn) == {
            "ann@example.org": 1, "ann@home.example.org": 1, "bo@example.org": 2,
            "new@example.org": 3,
        }  # fmt: skip


def test_one_known_address_is_enough_and_the_lower_number_wins():
    before = {"a@example.org": 4, "b@example.org": 2}
    assert chosen([["new@example.org", "A@example.org"]], before) == [4]
    assert chosen([["a@example.org", "b@example.org"]], before) == [2]


def test_with_more_people_than_colours_the_rarest_is_shared():
    people = [[f"p{n}@example.org"] for n in range(COLOURS + 2)]
    assert chosen(people, {}) == [*range(1, COLOURS + 1), 1, 2]


def test_a_number_of_another_palette_is_given_anew():
    assert chosen([["a@example.org"]], {"a@example.org": 99}) == [1]


@given(ADDRESSES, ADDRESSES)
def test_who_has_a_colour_keeps_it(first, second):
    with closing(open_write(":memory:")) as db:
        keep_colours(db.conn, first)
        before = colours(db.conn)
        found = keep_colours(db.conn, second)
    assert all(1 <= number <= COLOURS for number in found)
    for some, number in zip(second, found, strict=True):
        had = [before[one] for one in some if one in before]
        assert not had or number == min(had)

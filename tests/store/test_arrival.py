"""Row ids follow time of arrival, whatever is asked for in whatever order."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from threadkit.store.arrival import SLOT_S, Slots, slot

TIMES = st.integers(0, 4_102_444_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
)


@given(TIMES, TIMES)
def test_slots_keep_the_order_of_time(one: str, other: str) -> None:
    assert (slot(one) <= slot(other)) or one > other


@given(st.integers(1, 9999).map("{:04}".format))
def test_a_mail_from_before_all_mail_is_no_ghost(year: str) -> None:
    """Ids below one are ghosts'."""
    assert slot(f"{year}-06-01T00:00:00Z") >= 1


def beside(stored: Container[int]) -> Slots:
    """Slots of a database that holds these ids."""
    return Slots(lambda row: next(free for free in count(row) if free not in stored))


SOON = st.integers(0, 400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
)


@given(st.lists(TIMES | SOON | st.just(""), max_size=90), st.sets(st.integers(1, 60)))
def test_every_id_is_the_first_free_one(times: list[str], stored: set[int]) -> None:
    slots = beside(stored)
    held = set(stored)
    for when in times:
        row = slots.take(when)
        assert row == next(free for free in count(slot(when)) if free not in held)
        held.add(row)


def test_mails_that_are_far_enough_apart_keep_their_order() -> None:
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    times = [begin + timedelta(seconds=SLOT_S * k) for k in range(100)]
    slots = beside(())
    rows = [slots.take(when.strftime("%Y-%m-%dT%H:%M:%SZ")) for when in reversed(times)]
    assert rows == sorted(rows, reverse=True)


def test_many_of_one_instant_cost_few_looks() -> None:
    looks = 0
    stored = set(range(1, 5000))

    def first_free(row: int) -> int:
        nonlocal looks
        looks += 1
        return 5000 if row < 5000 else row

    slots = Slots(first_free)
    for _ in range(1000):
        assert slots.take("") not in stored
    assert looks < 1100


def test_forgotten_ids_are_asked_for_again() -> None:
    stored: set[int] = set()
    slots = beside(stored)
    first = slots.take("")
    slots.forget()
    stored.add(first)
    assert slots.take("") == first + 1

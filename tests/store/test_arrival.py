"""Row ids follow time of arrival, whatever is asked for in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from threadkit.store.arrival import SLOT_S, Slots, slot

TIMES = st.integers(0, 4_102_444_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
)


@given(TIMES, TIMES)
def test_slots_keep_the_order_of_time(one: str, other: str) -> None:
    assert (slot(one) <= slot(other)) or one > other


@given(st.lists(TIMES | st.just(""), max_size=60), st.sets(st.integers(1, 50)))
def test_every_id_is_new_and_not_before_its_slot(times: list[str], stored: set[int]) -> None:
    slots = Slots(stored.__contains__)
    taken = [slots.take(when) for when in times]
    assert len(set(taken)) == len(taken)
    assert not stored & set(taken)
    assert all(row >= slot(when) for row, when in zip(taken, times, strict=True))


def test_mails_that_are_far_enough_apart_keep_their_order() -> None:
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    times = [begin + timedelta(seconds=SLOT_S * k) for k in range(100)]
    slots = Slots(lambda row: False)
    rows = [slots.take(when.strftime("%Y-%m-%dT%H:%M:%SZ")) for when in reversed(times)]
    assert rows == sorted(rows, reverse=True)


def test_many_of_one_instant_cost_few_looks() -> None:
    looks = 0
    stored = set(range(1, 5000))

    def taken(row: int) -> bool:
        nonlocal looks
        looks += 1
        return row in stored

    slots = Slots(taken)
    for _ in range(1000):
        stored.add(slots.take(""))
    assert looks < 4000


def test_forgotten_ids_are_asked_for_again() -> None:
    stored: set[int] = set()
    slots = Slots(stored.__contains__)
    first = slots.take("")
    slots.forget()
    stored.add(first)
    assert slots.take("") == first + 1

"""Trees of replies: every mail once, little indent, any shape."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.site.tree import Row, groups, rows, speakers
from threadkit.site.values import Mail


def _mail(number: int, parent: int | None, **more: object) -> Mail:
    above = None if parent is None else f"{parent}@example.org"
    name = f"{number}@example.org"
    return Mail(name, name, str(number % 3), None, "", above, number, **more)  # type: ignore[arg-type]


def _shape(found: list[Row]) -> list[tuple[str, int]]:
    return [(row.mail.message_id.partition("@")[0], row.level) for row in found]


@given(st.lists(st.integers(0, 200), max_size=60))
def test_every_mail_stands_once_below_its_parent_and_near_the_margin(above: list[int]) -> None:
    mails = [_mail(0, None)] + [_mail(i + 1, a % (i + 1)) for i, a in enumerate(above)]
    found = rows(mails)
    assert sorted(row.mail.order for row in found) == list(range(len(mails)))
    assert max(row.level for row in found) <= log2(len(mails))
    at = {row.mail.message_id: place for place, row in enumerate(found)}
    for place, row in enumerate(found):
        if row.mail.parent is None:
            assert (row.level, row.begins, row.branch) == (0, True, len(mails))
            continue
        parent = found[at[row.mail.parent]]
        assert at[row.mail.parent] < place
        if row.begins:
            assert (row.level, row.path) != (parent.level, parent.path)
            assert row.level == parent.level + 1
            inside = found[place : place + row.branch]
            assert all(one.level >= row.level for one in inside)
            assert inside[-1] is found[-1] or found[place + row.branch].level <= row.level
        else:
            assert (row.level, row.path) == (parent.level, parent.path)


@given(st.lists(st.one_of(st.none(), st.integers(0, 30)), max_size=30), st.data())
def test_circles_and_missing_parents_lose_no_mail(
    above: list[int | None], data: st.DataObject
) -> None:
    flags = data.draw(
        st.lists(st.tuples(st.booleans(), st.booleans()), min_size=len(above), max_size=len(above))
    )
    mails = [
        _mail(i, a, loose=loose, where="after" if beside else "thread")
        for i, (a, (loose, beside)) in enumerate(zip(above, flags, strict=True))
    ]
    found = groups(mails)
    assert sorted(row.mail.order for group in found for row in group) == list(range(len(mails)))
    assert all(row.mail.where == "after" for row in found.beside)
    assert not any(row.mail.loose for row in found.thread)


def test_a_chain_of_ten_thousand_replies_is_not_indented() -> None:
    mails = [_mail(i, i - 1 if i else None) for i in range(10_000)]
    found = rows(mails)
    assert {row.level for row in found} == {0}
    assert [row.mail.order for row in found] == list(range(10_000))


def test_ten_thousand_answers_to_one_mail_are_one_step_in() -> None:
    found = rows([_mail(0, None), *(_mail(i, 0) for i in range(1, 10_000))])
    assert {row.level for row in found} == {0, 1}
    assert (found[-1].level, found[-1].mail.order) == (0, 1)  # the first of equals goes on


def test_the_main_line_is_where_most_messages_are() -> None:
    mails = [_mail(0, None), _mail(1, 0), _mail(2, 0), _mail(3, 2), _mail(4, 1), _mail(5, 4)]
    assert _shape(rows(mails)) == [("0", 0), ("2", 1), ("3", 1), ("1", 0), ("4", 0), ("5", 0)]


def test_replies_to_what_only_a_subject_placed_stay_with_it() -> None:
    mails = [_mail(0, None), _mail(1, 0, loose=True), _mail(2, 1), _mail(3, 0)]
    found = groups(mails)
    assert _shape(found.thread) == [("0", 0), ("3", 0)]
    assert _shape(found.loose) == [("1", 0), ("2", 0)]
    assert found.beside == []


def test_an_imposter_does_not_take_the_replies() -> None:
    first = _mail(0, None)
    second = _mail(0, None, imposter=1)
    found = rows([first, second, _mail(1, 0)])
    assert [row.mail for row in found] == [first, _mail(1, 0), second]


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([1], "P1"),
        ([1, 2, 2], "P2, P1"),
        ([0, 1, 2, 3], "P0, P1, P2 and 1 other"),
        ([0, 1, 2, 3, 4], "P0, P1, P2 and 2 others"),
        ([], ""),
    ],
)
def test_who_speaks_is_told_shortly(people: list[int], said: str) -> None:
    found = [Row(Mail("", "", str(one), None, "", None), 0, 0, False, 1) for one in people]
    assert speakers(found, lambda key: f"P{key}") == said

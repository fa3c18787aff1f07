"""Message-IDs out of raw headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.message_ids import own_ids, referenced_ids
from threadkit.mail.values import Defect


@pytest.mark.parametrize(
    ("values", "ids", "kinds"),
    [
        ([" <a@x>"], ["a@x"], []),
        ([' <a(b)"c"@x>'], ['a(b)"c"@x'], []),
        (["\n <a@x>"], ["a@x"], []),
        ([" <a@x> (added by postmaster)"], ["a@x"], ["message-id-malformed"]),
        ([" <a@\n x>"], ["a@x"], ["message-id-malformed"]),
        ([" a@x"], ["a@x"], ["message-id-malformed"]),
        ([" <a@x"], ["a@x"], ["message-id-malformed"]),
        ([" 1234-5678"], ["1234-5678"], ["message-id-malformed"]),
        ([" <a@x> <b@x>"], ["a@x", "b@x"], ["message-id-several"]),
        ([" <a@x>", " <b@x>"], ["a@x", "b@x"], ["message-id-several"]),
        ([" <a@x>", " <a@x>"], ["a@x"], []),
        ([""], [], []),
        ([f" <{'a' * 244}>"], ["a" * 244], []),
        ([" <>"], [], []),
        ([f" <{'a' * 300}>"], ["a" * 244], ["message-id-malformed", "message-id-too-long"]),
        ([" <CAHk-=wi+w4~%25/_2rw@mail.example.org>"], ["CAHk-=wi+w4~%25/_2rw@mail.example.org"], []),
    ],
)  # fmt: skip
def test_own_ids(values: list[str], ids: list[str], kinds: list[str]) -> None:
    defects: list[Defect] = []
    assert list(own_ids(values, defects)) == ids
    assert [defect.kind for defect in defects] == kinds


@pytest.mark.parametrize(
    ("values", "ids", "kinds"),
    [
        ([" <a@x>\n\t<b@x>"], ["a@x", "b@x"], []),
        ([" <a@x> <b@x> <a@x>"], ["a@x", "b@x"], []),
        ([" <a@x><b@x>"], ["a@x", "b@x"], []),
        ([" <a@x> <a@x>"], ["a@x"], []),
        ([f" <{'a' * 244}>"], ["a" * 244], []),
        ([" <a@x>, <b@x>"], ["a@x", "b@x"], []),
        ([" <a@x>", " <b@x>"], ["a@x", "b@x"], []),
        ([' Your message of "Fri, 02 Jan 2009 10:00:00 +0100" <a@x>'], ["a@x"], []),
        ([" <a@x> from Jane Doe at Jan 2, 2009"], ["a@x"], []),
        ([" a@x, (b@x)"], ["a@x", "b@x"], []),
        ([" <very-long\n -id@x>"], ["very-long-id@x"], []),
        ([" y"], [], ["reference-malformed"]),
        ([" <n>"], [], []),
        ([" <a@x> <Y>"], ["a@x"], []),
        ([" Jane's mail of Friday"], [], ["reference-malformed"]),
        (["  "], [], []),
        ([" =?utf-8?q?=3Ca=40x=3E?="], ["a@x"], []),
        ([f" <{'a' * 300}>"], ["a" * 244], ["message-id-too-long"]),
    ],
)
def test_referenced_ids(values: list[str], ids: list[str], kinds: list[str]) -> None:
    defects: list[Defect] = []
    assert list(referenced_ids(values, "references", defects)) == ids
    assert [defect.kind for defect in defects] == kinds


ID = st.from_regex(r"[!-;=?-~]{1,20}@[!-;=?-~]{1,20}", fullmatch=True)


@given(
    st.lists(ID, max_size=8, unique=True),
    st.lists(st.sampled_from([" ", "\n\t", "\n ", "  ", ", "])),
)
def test_rows_of_ids_come_back_in_order(ids: list[str], gaps: list[str]) -> None:
    gaps = [*gaps, *[" "] * len(ids)]
    value = "".join(f"{gap}<{one}>" for gap, one in zip(gaps, ids, strict=False))
    assert list(referenced_ids([value], "references", [])) == ids

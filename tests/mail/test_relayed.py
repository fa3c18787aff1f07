"""The writer behind a list that sends in its own name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.relayed import original_sender

LIST = "talk@example.org"
FROM = b"From: \"'Ann Li' via Talk\" <talk@example.org>\n"


@pytest.mark.parametrize(
    ("head", "email"),
    [
        (b"X-Original-From: Ann Li <ann@example.org>\nReply-To: talk@example.org\n",
         "ann@example.org"),
        (b"Reply-To: Ann Li\n <ann@example.org>\r\n", "ann@example.org"),
        (b"X-Original-Sender: ann@example.org\nReply-To: a@x.org, b@x.org\n", "ann@example.org"),
        (b"REPLY-TO: Talk@example.org\n", None),
        (b"Subject: Reply-To: ann@example.org\n", None),
        (b"", None),
    ],
)  # fmt: skip
def test_the_header_names_the_writer(head: bytes, email: str | None) -> None:
    raw = FROM + head + b"\nReply-To: body@example.org\n"
    found = original_sender(raw, LIST)
    assert (found.email if found else None) == email


@given(st.binary(max_size=200))
def test_whatever_stands_there(data: bytes) -> None:
    found = original_sender(b"Reply-To:" + data, LIST)
    assert found is None or "@" in found.email

"""The mailbox file: what goes in comes out, byte by byte."""

from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import MAILS, example_site, text_of
from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.mbox import MboxSource
from threadkit.site import mailbox
from threadkit.site.texts import Text
from threadkit.site.values import Mail

SITE = example_site()


def _whole() -> bytes:
    (page,) = mailbox.pages(SITE)
    assert page.path == "thread.mbox"
    return b"".join(page.content)  # type: ignore[arg-type]


def _read(box: bytes) -> list[bytes]:
    limits = Limits()
    return [
        mail.data for mail in MboxSource("-", ByteStream(io.BytesIO(box), limits), None, limits)
    ]


def test_all_mails_that_are_here_come_out_in_order() -> None:
    texts = [text_of(mail) for mail in MAILS]
    assert _read(_whole()) == [text.raw for text in texts if text is not None]


@given(st.lists(st.text(st.sampled_from("Fromx >\n:é"), max_size=60), min_size=1, max_size=4))
def test_lines_that_look_like_the_next_mail_are_kept(bodies: list[str]) -> None:
    raws = [f"Subject: a\n\n{body}\n".encode() for body in bodies]
    assert _read(b"".join(map(mailbox.boxed, raws))) == raws


def test_a_mail_without_a_line_end_does_not_swallow_the_next() -> None:
    assert len(_read(mailbox.boxed(b"Subject: a\n\nx") + mailbox.boxed(b"Subject: b\n\ny"))) == 2


def test_mails_are_not_given_as_they_came_where_addresses_are_left_out() -> None:
    assert list(mailbox.pages(replace(SITE, hide_addresses=True))) == []


def test_raw_mails_are_read_without_their_texts() -> None:
    def unread(mail: Mail) -> Text | None:
        raise AssertionError(mail)

    site = replace(SITE, text=unread, raw=lambda mail: mail.name.encode())
    (page,) = mailbox.pages(site)
    assert b"cover@example.org" in b"".join(page.content)  # type: ignore[arg-type]


def test_nothing_is_offered_of_a_conversation_without_texts() -> None:
    site = replace(SITE, mails=[replace(mail, seen=False) for mail in MAILS])
    assert list(mailbox.pages(site)) == []

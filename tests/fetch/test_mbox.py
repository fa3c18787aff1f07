"""Mailboxes: what separates mails, what is undone, what happens at the limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fetch.boxes import SEPARATOR, Dribble, Failing, bodies, kinds, mail, mbox, read_all
from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.mbox import MboxSource
from threadkit.fetch.source import RawMail

DATED = b"From ada@example.org Tue Sep  1 07:01:35 2020\n"


def split(box: bytes, limits: Limits | None = None, step: int = 1 << 20) -> list[RawMail]:
    return list(source(box, limits, step))


def source(box: bytes, limits: Limits | None = None, step: int = 1 << 20) -> MboxSource:
    limits = limits or Limits()
    return MboxSource("box", ByteStream(Dribble(box, step), limits), len(box), limits)


def datas(box: bytes) -> list[bytes]:
    return [found.data for found in split(box)]


def escape(data: bytes) -> bytes:
    """Escape a mail as mboxrd does."""
    header, blank, body = data.partition(b"\n\n")
    return header + blank + re.sub(rb"(?m)^(>*From )", rb">\1", body)


LINES = st.lists(
    st.sampled_from(
        [
            *(b"", b"From me to you", b">From here", b">>From", b">>From there", b" From", b">"),
            *(b"From ada@example.org Tue Sep  1 07:01:35 2020", b"Subject: no header"),
            *(b"text", b"\0", b"\xff"),
        ]
    ),
    max_size=12,
)


@given(st.lists(LINES, min_size=1, max_size=6), st.integers(1, 5000))
@example([[b"From me"], []], 1)
def test_every_mail_that_was_written_as_mboxrd_comes_back(
    texts: list[list[bytes]], step: int
) -> None:
    mails = [mail(n, b"\n".join(lines) + b"\n") for n, lines in enumerate(texts)]
    box = mbox(map(escape, mails))
    assert [found.data for found in split(box, step=step)] == mails


def counted(data: bytes) -> bytes:
    """Give a mail the length of its body, as mboxcl and mboxcl2 have it."""
    body = data.partition(b"\n\n")[2]
    return b"Content-Length: %d\n" % len(body) + data


SHAPES = [
    *(b"From me to you", b"From 9:30 to 10:00", b"From: Ada", b"from ada", b" From x", b"text"),
    *(b"", b"", b"Subject: no header", b"From 0123 Mon Sep 17 00:00:00 2001"),
    *(DATED.rstrip(), SEPARATOR.rstrip(), b"From ada 2020-09-01 07:01:35", b"From "),
]
BODIES = st.lists(st.lists(st.sampled_from(SHAPES), max_size=9), min_size=1, max_size=5)


@given(BODIES, st.integers(1, 900))
def test_every_mail_that_was_written_as_mboxo_comes_back(
    texts: list[list[bytes]], step: int
) -> None:
    """Lines with a ``>From`` of their own are left out: mboxo cannot tell them."""
    mails = [mail(n, b"\n".join(lines) + b"\n") for n, lines in enumerate(texts)]
    box = mbox((re.sub(rb"(?m)^From ", b">From ", data) for data in mails), DATED)
    assert [one.data for one in split(box, step=step)] == mails


@given(BODIES, st.integers(1, 900))
def test_every_mail_that_was_written_as_mboxcl2_comes_back(
    texts: list[list[bytes]], step: int
) -> None:
    mails = [
        counted(mail(n, b"\n".join([DATED + b"X: y", *lines, b"--"]) + b"\n"))
        for n, lines in enumerate(texts)
    ]
    assert [one.data for one in split(mbox(mails, DATED), step=step)] == mails


@given(BODIES, st.integers(1, 900))
def test_every_mail_that_was_written_as_mboxcl_comes_back(
    texts: list[list[bytes]], step: int
) -> None:
    mails = [mail(n, b"\n".join([b"From x", *lines]) + b"\n") for n, lines in enumerate(texts)]
    box = mbox(map(counted, map(escape, mails)), DATED)
    assert [one.data.partition(b"\n")[2] for one in split(box, step=step)] == mails


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_are_split_alike_however_they_arrive(noise: bytes, step: int) -> None:
    box = mbox([mail(1), mail(2, noise + b"\n"), mail(3)])
    assert split(box, step=step) == split(box)


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_byte_of_an_unescaped_mailbox_is_lost(parts: list[bytes]) -> None:
    box = DATED + (b"\n" + DATED).join(parts)
    rest = b"".join(data for data, _ in split(box))
    assert len(rest) >= len(box) - (len(parts) + 1) * (len(DATED) + 2) - box.count(b">From ")


def test_locators_are_byte_offsets_of_the_separators() -> None:
    box = mbox([mail(1), mail(2)])
    for found in split(b"\n\n" + box):
        offset = int(found.locator)
        assert (b"\n\n" + box)[offset:].startswith(SEPARATOR + found.data)


@pytest.mark.parametrize(
    "separator",
    [
        b"From mboxrd@z Thu Jan  1 00:00:00 1970",
        b"From - Tue Sep 01 07:01:35 2020",
        b"From ada at example.org  Tue Sep  1 07:01:35 2020",
        b"From ada@example.org Tue Sep  1 07:01 2020",
        b"From ada@example.org Tue Sep  1 07:01:35 +0200 2020",
        b"From ada@example.org  Tue, 1 Sep 2020 07:01:35 +0200",
        b"From ada@example.org Tue Sep  1 07:01:35 2020 remote from uucp",
        b"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001",
        b"From ada 2020-09-01 07:01:35",
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_separators_of_many_writers(separator: bytes, end: bytes) -> None:
    data = mail(1).replace(b"\n", end)
    assert datas((separator + end + data + end) * 2) == [data, data]


@pytest.mark.parametrize(
    "line",
    [
        b"From the beginning it was wrong.",
        b"From 9:30 to 10:00 we talked.",
        b"From May 2020 on.",
        b"From Monday, see you at 10:00",
        b"From: Ada",
    ],
)
def test_prose_does_not_split_a_mail(line: bytes) -> None:
    data = mail(1, b"Hello.\n\n" + line + b"\nmore text\n")
    assert datas(mbox([data, mail(2)], DATED)) == [data, mail(2)]


def test_patches_without_a_blank_line_between_them_are_split() -> None:
    patch = b"From %040x Mon Sep 17 00:00:00 2001\n" % 7 + mail(1, b"-- \n2.26.2\n")
    assert len(split(patch * 3)) == 3


def test_a_date_in_running_text_does_not_split() -> None:
    data = mail(1, b"Quoted:\n" + DATED + b"and so on\n")
    assert datas(mbox([data, mail(2)], DATED)) == [data, mail(2)]


def test_content_length_keeps_an_unescaped_mail_whole() -> None:
    inner = mbox([mail(7)], DATED) + b">From kept\n"
    data = b"Content-Length: %d\n" % len(inner) + mail(1, inner)
    assert datas(mbox([data, mail(2)], DATED)) == [data, mail(2)]
    assert datas(mbox([mail(2), data], DATED)) == [mail(2), data]


def test_a_wrong_content_length_is_not_believed() -> None:
    data = b"Content-Length: 30\n" + mail(1)
    assert datas(mbox([data, mail(2), mail(3)], DATED)) == [data, mail(2), mail(3)]


@pytest.mark.parametrize("step", [100, 5000, 1 << 20])
def test_a_long_unescaped_mail_is_waited_for(step: int) -> None:
    """The length says where to look before the bytes there have come."""
    inner = DATED + b"X: y\n\n" + b"text\n" * 3000
    data = counted(mail(1, inner * 2))
    assert [one.data for one in split(mbox([data, mail(2)], DATED), step=step)] == [data, mail(2)]


@pytest.mark.parametrize("length", [b"9" * 12, b"0", b"5", b"99999"])
def test_a_length_that_leads_nowhere_is_not_believed(length: bytes) -> None:
    data = b"Content-Length: %b\n" % length + mail(1)
    assert datas(mbox([data, mail(2), mail(3)], DATED)) == [data, mail(2), mail(3)]


def test_a_length_in_the_text_is_text() -> None:
    """Even where it would lead to a separator."""
    data = mail(1, b"so it said:\nContent-Length: %03d\n\nbye\n")
    rest = mbox([mail(2)], DATED)
    data %= len(data) - 1 - (data.index(b"\n\n") + 2) + 1 + len(rest)
    assert datas(mbox([data], DATED) + rest + mbox([mail(3)], DATED)) == [data, mail(2), mail(3)]


def test_an_envelope_without_a_mail_is_nothing() -> None:
    assert datas(mbox([mail(1)], DATED) + DATED.rstrip()) == [mail(1)]


def test_a_mailbox_that_breaks_where_a_mail_begins_loses_no_whole_mail() -> None:
    """Nothing is cut when the bytes end before the first mail does begin."""
    found = MboxSource("box", ByteStream(Failing(b""), Limits()), None, Limits())
    assert list(found) == []
    assert kinds(found) == ["unreadable"]
    found = MboxSource(
        "box", ByteStream(Failing(mbox([mail(1), mail(2)])), Limits()), None, Limits()
    )
    assert [one.data for one in found] == [mail(1)]
    assert kinds(found) == ["unreadable", "mail-cut"]


def test_escapes_stay_where_the_writer_did_not_escape() -> None:
    body = b"\n" + DATED + b">From you\n"
    data = b"Content-Length: %d\n" % len(body) + mail(1, body)
    assert datas(mbox([data], DATED)) == [data]


def test_only_the_body_is_unescaped() -> None:
    data = b">From ada@example.org Tue Sep  1 07:01:35 2020\n" + mail(1, b">From\n")
    assert datas(mbox([data])) == [data]


def test_nul_bytes_are_kept() -> None:
    data = mail(1, b"a\0b\n\0\0\n")
    assert datas(mbox([data, mail(2)])) == [data, mail(2)]


def test_a_mail_over_the_limit_is_named_and_its_neighbours_are_given() -> None:
    limits = Limits(max_mail_bytes=50_000)
    box = mbox([mail(1), mail(2, b"x\n" * 60_000), mail(3)])
    for step in (777, 1 << 20):
        found = source(box, limits, step)
        assert [one.data for one in found] == [mail(1), mail(3)]
        assert kinds(found) == ["mail-too-large"]
        offset = len(mbox([mail(1)]))
        assert found.problems[0].detail.startswith(f"offset {offset}: 120")


def test_a_last_mail_over_the_limit_is_named() -> None:
    found = source(mbox([mail(1), mail(2, b"x\n" * 9_000)]), Limits(max_mail_bytes=9_000), 500)
    assert [one.data for one in found] == [mail(1)]
    assert kinds(found) == ["mail-too-large"]


def test_a_mail_of_200_megabytes_is_given() -> None:
    line = b"0123456789abcde\n"
    body = line * (200 * 1024 * 1024 // len(line))
    found = split(mbox([mail(1, body), mail(2)]), step=1 << 28)
    assert [len(one.data) for one in found] == [len(mail(1, body)), len(mail(2))]


def test_reading_a_huge_mail_takes_linear_work(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    read = ByteStream.read

    def counted(self: ByteStream, n: int) -> bytes:
        asked.append(n)
        return read(self, n)

    monkeypatch.setattr(ByteStream, "read", counted)
    split(mbox([mail(1, b"x" * (1 << 25))]), Limits())
    assert len(asked) < 60  # the buffer is rebuilt once a read; sizes double


def test_progress_reaches_the_size() -> None:
    box = mbox([mail(n) for n in range(9)])
    found = source(box)
    assert len(list(found)) == 9
    assert found.position_bytes() == found.size_bytes == len(box)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("cow-thread/cow-thread.mbox", 97),
        ("cow-thread/related.mbox", 17),
        ("jailhouse/dev-2019-11_12.mbox", 168),
        ("git-t5100/t5100/sample.mbox", 18),
        ("git-t5100/t5100/sample.mboxrd", 2),
        ("perceval/mbox/mbox_no_fields.mbox", 6),
        ("perceval/pipermail/pipermail_2015_november.mbox", 4),
    ],
)
def test_real_mailboxes(corpora: Path, name: str, count: int) -> None:
    mails, [found] = read_all(corpora / name)
    assert (len(mails), found.problems) == (count, [])


def test_mboxrd_escapes_are_undone_as_git_does(corpora: Path) -> None:
    folder = corpora / "git-t5100/t5100"
    mails, _ = read_all(folder / "sample.mboxrd")
    for body, name in zip(bodies(mails), ("0001mboxrd", "0002mboxrd"), strict=True):
        assert body + b"\n" == (folder / name).read_bytes()  # git keeps the blank line

"""Downloads: mail comes out while it comes in, and nothing counts before all of it is proven."""

from __future__ import annotations

import bz2
import errno
import gzip
import hashlib
import io
import tempfile
import tracemalloc
import zlib
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fetch.boxes import bodies, mail, mbox
from threadkit.errors import AnswerTooLarge, BrokenAnswer, FetchError, UnexpectedAnswer
from threadkit.fetch.limits import Limits
from threadkit.fetch.lore.download import CheckedBody, MailDownload

URL = "https://lore.example.org/all/1@example.org/t.mbox.gz"
BOX = mbox(mail(number, b"hello %d\n" % number * 5) for number in range(40))
pack = partial(gzip.compress, mtime=0)
"""The moment would be a part of the data, and the data is a part of the tests' names."""
PACKED = pack(BOX)


class Answer:
    """What a server sent, some bytes at a time; an error in place of its end."""

    url, status = URL, 200

    def __init__(
        self,
        data: bytes,
        *,
        step: int = 1 << 20,
        framed: bool = True,
        ends: Exception | None = None,
    ) -> None:
        self._inner = io.BytesIO(data)
        self._step = step
        self._ends = ends
        self.framed = framed
        self.taken = self.closed = 0

    def read(self, n: int, /) -> bytes:
        assert not self.closed
        data = self._inner.read(min(n, self._step))
        if not data and self._ends:
            raise self._ends
        self.taken += len(data)
        return data

    def close(self) -> None:
        self.closed += 1


def read_all(body: CheckedBody, n: int = 4096) -> bytes:
    parts = []
    while data := body.read(n):
        parts.append(data)
    return b"".join(parts)


def settled(data: bytes, *, framed: bool = True, limits: Limits | None = None) -> CheckedBody:
    return brought(Answer(data, framed=framed, step=1000), limits)


def brought(answer: Answer, limits: Limits | None = None) -> CheckedBody:
    body = CheckedBody(answer, limits or Limits())
    try:
        body.settle()
    finally:
        body.close()
    return body


# -- a whole answer ------------------------------------------------------------------


@given(st.lists(st.integers(1, 3000), max_size=8), st.booleans(), st.integers(1, 5000))
def test_the_mailbox_is_the_same_wherever_it_is_settled(
    reads: list[int], settle: bool, step: int
) -> None:
    answer = Answer(PACKED, step=step)
    body = CheckedBody(answer)
    got = b"".join(body.read(n) for n in reads)
    if settle:
        body.settle()
        assert (body.sha256, body.size_bytes) == (hashlib.sha256(BOX).hexdigest(), len(BOX))
        assert answer.taken == len(PACKED)
    got += read_all(body)
    assert got == BOX
    body.settle()
    assert (body.sha256, body.size_bytes) == (hashlib.sha256(BOX).hexdigest(), len(BOX))
    body.close()


@pytest.mark.parametrize(
    "data",
    [
        PACKED,
        pack(PACKED),
        pack(BOX[:1000]) + pack(BOX[1000:]),
        BOX,
    ],
    ids=["gzip", "gzip in gzip", "two members", "unpacked by a proxy"],
)
def test_however_it_is_packed_the_mails_are_the_same(data: bytes) -> None:
    download = MailDownload(Answer(data, step=700), uri="https://lore.example.org/all/1/")
    mails = list(download.source)
    assert len(mails) == 40
    assert mails[7].data == mail(7, b"hello 7\n" * 5)
    assert download.source.problems == []
    assert download.settle().sha256 == hashlib.sha256(BOX).hexdigest()


def test_mail_comes_out_before_all_of_it_is_in() -> None:
    random = hashlib.shake_256(b"mail").hexdigest(3_000_000).encode()
    data = pack(mbox([mail(1), mail(2, random + b"\n"), mail(3)]))
    answer = Answer(data, step=10_000)
    download = MailDownload(answer)
    mails = iter(download.source)
    assert next(mails).data == mail(1)
    assert answer.taken < len(data)
    assert download.body.sha256 == ""
    download.settle()
    assert answer.taken == len(data)
    assert [len(one.data) for one in mails] == [len(mail(2, random + b"\n")), len(mail(3))]


def test_what_is_kept_of_an_answer() -> None:
    download = MailDownload(Answer(PACKED), fetched_utc="2020-09-01T12:00:00Z")
    assert (download.url, download.status) == (URL, 200)
    assert (download.source.uri, download.source.kind) == (URL, "mbox")
    assert download.settle() == (
        "2020-09-01T12:00:00Z", 200, hashlib.sha256(BOX).hexdigest(),
    )  # fmt: skip
    assert bodies(download.source)[39] == b"hello 39\n" * 5
    download.close()


def test_now_is_when_it_was_fetched() -> None:
    download = MailDownload(Answer(PACKED))
    assert download.fetched_utc.startswith("20")
    assert len(download.fetched_utc) == len("2020-09-01T12:00:00Z")
    download.close()


def test_memory_does_not_grow_with_the_answer() -> None:
    def box(count: int) -> bytes:
        text = hashlib.shake_256(b"%d" % count).hexdigest(2000).encode() + b"\n"
        return pack(mbox(mail(number, text) for number in range(count)), 1)

    peaks = []
    for data in (box(300), box(6000)):
        tracemalloc.start()
        settled(data).close()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0] + 2_500_000


# -- an answer that is not whole -----------------------------------------------------


@given(st.integers(0, len(PACKED) - 1))
def test_a_cut_answer_is_broken_wherever_it_is_cut(stop: int) -> None:
    with pytest.raises(FetchError) as caught:
        settled(PACKED[:stop])
    assert type(caught.value) is BrokenAnswer or stop < 3  # too short to tell what it is
    assert str(caught.value).startswith(URL)


@given(st.integers(0, len(PACKED) * 8 - 1))
@example(514)
def test_a_flipped_bit_never_passes(bit: int) -> None:
    data = bytearray(PACKED)
    data[bit // 8] ^= 1 << bit % 8
    try:
        body = settled(bytes(data))
    except BrokenAnswer:
        return
    except UnexpectedAnswer:
        # It does not begin as gzip any more, or what comes out not as a mailbox.
        assert bit < 8 * 3 or not zlib.decompressobj(31).decompress(data, 5).startswith(b"From ")
        return
    assert bit < 8 * 10  # a header tells when and where it was packed
    assert body.sha256 == hashlib.sha256(BOX).hexdigest()


@pytest.mark.parametrize("junk", [b"x", b"<html>sorry</html>", PACKED[:30], b"From me\n"])
def test_what_follows_the_data_makes_it_broken(junk: bytes) -> None:
    with pytest.raises(BrokenAnswer):
        settled(PACKED + junk)


@pytest.mark.parametrize("data", [b"", pack(b""), pack(b"\n\n")])
def test_an_empty_answer_is_broken(data: bytes) -> None:
    with pytest.raises(BrokenAnswer, match="empty answer; try again"):
        settled(data)


def test_plain_mail_needs_the_frame_of_http() -> None:
    with pytest.raises(BrokenAnswer, match="whether all of it came"):
        settled(BOX, framed=False)
    assert settled(PACKED, framed=False).size_bytes == len(BOX)


def test_damage_in_the_inner_of_two_layers_is_found() -> None:
    with pytest.raises(BrokenAnswer):
        settled(pack(PACKED[:-6]))
    with pytest.raises(BrokenAnswer):
        settled(pack(PACKED)[:-6])


@pytest.mark.parametrize("stop", [0, 5, 300, len(PACKED)])
def test_what_the_connection_reports_is_passed_on(stop: int) -> None:
    lost = BrokenAnswer(URL, "the connection was reset")
    answer = Answer(PACKED[:stop], ends=lost, step=100)
    with pytest.raises(BrokenAnswer, match="was reset"):
        brought(answer)


def test_a_broken_answer_breaks_the_reading_too() -> None:
    download = MailDownload(Answer(PACKED[:-3]))
    with pytest.raises(BrokenAnswer, match="ends before its end"):
        list(download.source)
    with pytest.raises(BrokenAnswer, match="ends before its end"):
        download.settle()
    download.close()


# -- an answer that is something else ------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<!DOCTYPE html><title>Making sure", "web page"),
        (pack(b"\n <html>"), "web page"),
        (b"Not Found", "no mailbox"),
        (b"From the start, this was prose.\nAnd went on.\n", "no mailbox"),
        (b"\x00\x01\x02", "no mailbox"),
        (bz2.compress(BOX), "bzip2"),
        (pack(bz2.compress(BOX)), "no mailbox"),
    ],
)
def test_what_is_no_mail_is_refused_at_once(data: bytes, why: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=why) as caught:
        MailDownload(Answer(data))
    assert caught.value.status == 200


@given(st.binary(max_size=200))
def test_anything_else_is_one_of_the_errors(data: bytes) -> None:
    with pytest.raises(FetchError):
        settled(data)


SMALL = Limits(ratio_after_bytes=100_000, max_ratio=50, max_total_bytes=2_000_000)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_stopped(layers: int) -> None:
    data = mbox([mail(1)]) + bytes(1_500_000)
    for _ in range(layers):
        data = pack(data)
    with pytest.raises(AnswerTooLarge, match="far more than mail does"):
        settled(data, limits=SMALL)


def test_two_layers_that_are_harmless_one_by_one_are_a_bomb_together() -> None:
    inner = pack(mbox(mail(number) for number in range(9000)))
    outer = pack(inner)
    unpacked = len(gzip.decompress(inner))
    limits = Limits(ratio_after_bytes=1000, max_ratio=int(unpacked / len(outer)) - 1)
    with pytest.raises(AnswerTooLarge):
        settled(outer, limits=limits)
    assert settled(outer, limits=Limits(ratio_after_bytes=1000)).size_bytes == unpacked


def test_an_answer_without_end_is_too_large() -> None:
    with pytest.raises(AnswerTooLarge):
        settled(mbox([mail(1, b"text\n" * 500_000)]), limits=SMALL)


def test_no_room_for_a_temporary_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def write(self, data: object, /) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **given: Full())
    body = CheckedBody(Answer(PACKED))
    with pytest.raises(FetchError, match="temporary file: No space left"):
        body.settle()
    body.close()

"""Packed files: whole, joined, cut, damaged, exploding."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.boxes import Dribble, Failing, kinds, mail, mbox, read_all
from threadkit.errors import SourceError
from threadkit.fetch.compressed import ByteStream, packing
from threadkit.fetch.files import open_sources
from threadkit.fetch.limits import Limits
from threadkit.fetch.mbox import MboxSource
from threadkit.fetch.problems import PROBLEMS

try:
    from compression import zstd
except ImportError:
    from backports import zstd

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
}
each_packer = pytest.mark.parametrize("name", PACKERS)
MAILS = [mail(n, b"%d\n" % (n * n) * 50) for n in range(200)]


def unpack(
    data: bytes, step: int = 1 << 20, limits: Limits | None = None
) -> tuple[bytes, list[str]]:
    stream = ByteStream(Dribble(data, step), limits or Limits())
    out = b"".join(iter(lambda: stream.read(1000), b""))
    assert all(problem.kind in PROBLEMS for problem in stream.problems)
    return out, [problem.kind for problem in stream.problems]


@given(
    st.lists(st.binary(max_size=3000), min_size=1, max_size=4),
    st.sampled_from(list(PACKERS)),
    st.integers(1, 600),
)
def test_joined_members_unpack_to_their_join(parts: list[bytes], name: str, step: int) -> None:
    packed = b"".join(map(PACKERS[name], parts))
    assert unpack(packed, step) == (b"".join(parts), [])


@given(st.binary(max_size=500), st.integers(1, 50))
def test_plain_bytes_pass_unchanged(data: bytes, step: int) -> None:
    if packing(data) is None:
        assert unpack(data, step) == (data, [])


@given(st.data(), st.sampled_from(list(PACKERS)))
def test_a_cut_gives_a_beginning_and_says_so(data: st.DataObject, name: str) -> None:
    whole = b"".join(b"%d," % n for n in range(3000))
    packed = PACKERS[name](whole)
    cut = data.draw(st.integers(8, len(packed) - 1))
    out, problems = unpack(packed[:cut])
    assert whole.startswith(out)
    assert problems == ["compressed-truncated"]


@given(st.data(), st.sampled_from(list(PACKERS)), st.integers(1, 255))
def test_damage_never_raises_and_is_never_silent(data: st.DataObject, name: str, flip: int) -> None:
    whole = b"".join(b"%d," % n for n in range(2000))
    packed = bytearray(PACKERS[name](whole))
    packed[data.draw(st.integers(6, len(packed) - 1))] ^= flip
    out, problems = unpack(bytes(packed))
    assert out == whole or problems


@each_packer
def test_a_cut_mailbox_gives_its_whole_mails(tmp_path: Path, name: str) -> None:
    box = tmp_path / "box"
    packed = PACKERS[name](mbox(MAILS))
    box.write_bytes(packed)
    assert [one.data for one in read_all(box)[0]] == MAILS
    for cut in (len(packed) - 1, len(packed) * 9 // 10):
        box.write_bytes(packed[:cut])
        if not ByteStream(io.BytesIO(packed[:cut]), Limits()).peek(99):
            with pytest.raises(SourceError, match="compressed-truncated"):
                read_all(box)  # a format of large blocks: nothing at all can be unpacked
            continue
        mails, [source] = read_all(box)
        assert [one.data for one in mails] == MAILS[: len(mails)]
        assert len(mails) < len(MAILS)
        assert kinds(source) == ["compressed-truncated", "mail-cut"]


def test_the_cut_mail_is_named_with_its_offset(tmp_path: Path) -> None:
    box = tmp_path / "box.gz"
    box.write_bytes(gzip.compress(mbox(MAILS))[:-9])
    mails, [source] = read_all(box)
    assert source.problems[1].detail.startswith(f"offset {len(mbox(MAILS[: len(mails)]))}: ")


@each_packer
def test_bytes_after_the_packed_data_are_named_and_cost_nothing(tmp_path: Path, name: str) -> None:
    box = tmp_path / "box"
    box.write_bytes(PACKERS[name](mbox(MAILS)) + b"rubbish")
    mails, [source] = read_all(box)
    assert len(mails) == len(MAILS)
    assert kinds(source) == ["compressed-trailing"]


@each_packer
@pytest.mark.parametrize("n", [1, 1000])
def test_what_packs_well_comes_out_whole(name: str, n: int) -> None:
    """The last bytes wait inside the unpacker when the file has long been read."""
    whole = b"a" * 3000 * n
    stream = ByteStream(Dribble(PACKERS[name](whole), 1 << 20), Limits())
    assert b"".join(iter(lambda: stream.read(n), b"")) == whole
    assert stream.problems == []


def test_zero_padding_after_a_member_is_fine() -> None:
    assert unpack(gzip.compress(b"a") + b"\0" * 500 + gzip.compress(b"b")) == (b"ab", [])


@each_packer
def test_a_bomb_is_stopped(name: str) -> None:
    limits = Limits(ratio_after_bytes=1 << 20, max_ratio=50)
    out, problems = unpack(PACKERS[name](bytes(1 << 25)), limits=limits)
    assert problems == ["decompression-bomb"]
    assert len(out) < 1 << 22


def test_a_source_over_the_total_is_stopped() -> None:
    limits = Limits(ratio_after_bytes=1000, max_total_bytes=5000)
    out, problems = unpack(bytes(range(256)) * 100, limits=limits)
    assert problems == ["decompression-bomb"]
    assert len(out) <= 6000


def test_mails_before_a_bomb_are_given(tmp_path: Path) -> None:
    box = tmp_path / "box.gz"
    box.write_bytes(gzip.compress(mbox(MAILS) + mbox([mail(9, bytes(1 << 25))])))
    limits = Limits(ratio_after_bytes=1 << 22, max_ratio=60)
    mails, [source] = read_all(box, limits=limits)
    assert [one.data for one in mails] == MAILS
    assert kinds(source) == ["decompression-bomb", "mail-cut"]


def test_memory_does_not_grow_with_the_mailbox(tmp_path: Path) -> None:
    box = tmp_path / "box.gz"
    with gzip.open(box, "wb", compresslevel=1) as file:
        for n in range(400):
            file.write(mbox([mail(n, b"%d line\n" % n * 10_000)]))
    tracemalloc.start()
    try:
        [source] = open_sources([str(box)])
        count = sum(1 for _ in source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 400
    assert peak < 12 * (1 << 20)  # the mailbox itself is 40 MB


def test_a_read_error_is_named() -> None:
    stream = ByteStream(Failing(b""), Limits())
    assert stream.read(5) == b""
    assert [problem.kind for problem in stream.problems] == ["unreadable"]


@each_packer
def test_a_read_error_inside_packed_data_is_named_once(name: str) -> None:
    whole = random.Random(1).randbytes(400_000)
    packed = PACKERS[name](whole)
    stream = ByteStream(Failing(packed[:300_000]), Limits())
    out = stream.read_all(1 << 20)
    assert whole.startswith(out)
    assert [problem.kind for problem in stream.problems] == ["unreadable"]


MAILBOX = mbox(MAILS[:60])
PACKED = {name: pack(MAILBOX) for name, pack in PACKERS.items()}


@given(st.data(), st.sampled_from(list(PACKERS)), st.integers(1, 4000))
def test_any_beginning_of_a_packed_mailbox_gives_the_first_mails(
    data: st.DataObject, name: str, step: int
) -> None:
    cut = data.draw(st.integers(8, len(PACKED[name])))
    stream = ByteStream(Dribble(PACKED[name][:cut], step), Limits())
    source = MboxSource("box", stream, None, Limits())
    found = [one.data for one in source]
    assert found == MAILS[: len(found)]
    if cut < len(PACKED[name]):
        assert kinds(source)[0] == "compressed-truncated"
    else:
        assert (len(found), source.problems) == (60, [])

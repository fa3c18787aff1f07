"""Bytes of a file or pipe, unpacked on the way if they are packed (by magic, not by name).

gzip, xz, bzip2 and zstd; several packed members after each other read as one, as their own
tools do it. Memory stays at a few chunks whatever the size. Damage never raises: what could
be unpacked is given, the rest is named in ``problems`` and ``broken`` is set.

References
----------
RFC 1952 section 2.2 (gzip members), RFC 8878 section 3 (zstd frames), the .xz file format
section 2.2 (stream padding).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol

from threadkit.fetch.limits import Limits
from threadkit.mail.values import Defect

CHUNK_BYTES = 1 << 20
_INPUT_BYTES = 1 << 17

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_MAGIC_BYTES = max(len(magic) for magic, _ in _MAGIC)


class ReadableBytes(Protocol):
    """The part of a binary file that is used; buffered or not, file or pipe."""

    def read(self, n: int, /) -> bytes | None:
        """Return up to ``n`` bytes; empty at the end."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class _Unpacker(Protocol):
    """What lzma, bz2 and zstd objects share; zlib is wrapped to fit."""

    @property
    def eof(self) -> bool:
        """Whether the member has come to its end."""
        ...

    @property
    def needs_input(self) -> bool:
        """Whether nothing more can come out before more is put in."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What was put in and stands behind the member's end."""
        ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Put in packed bytes; return at most ``max_length`` unpacked ones."""
        ...


class _Gunzip:
    """zlib's decompressor in the shape of the other three."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)
        self._tail = b""
        self.needs_input = True

    @property
    def eof(self) -> bool:
        """Whether the member has come to its end."""
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        """What was put in and stands behind the member's end."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Put in packed bytes; return at most ``max_length`` unpacked ones."""
        out = self._inner.decompress(self._tail + data if self._tail else data, max_length)
        self._tail = self._inner.unconsumed_tail
        # A full output may leave bytes inside zlib although its input is used up.
        self.needs_input = not self._tail and len(out) < max_length
        return out


def packing(head: bytes) -> str | None:
    """Tell how bytes are packed from their first ones.

    Parameters
    ----------
    head : bytes
        At least the first 6 bytes, if there are so many.

    Returns
    -------
    str or None
        ``gzip``, ``xz``, ``bzip2``, ``zstd``, or None for plain bytes.

    Examples
    --------
    >>> packing(b"BZh91AY")
    'bzip2'
    >>> packing(b"From ") is None
    True
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return None


def _unpacker(name: str) -> tuple[Callable[[], _Unpacker], type[Exception]]:
    """Return the maker of an unpacker and the error it raises on damage."""
    if name == "gzip":
        return _Gunzip, zlib.error
    if name == "bzip2":
        import bz2

        return bz2.BZ2Decompressor, OSError
    if name == "xz":
        import lzma

        return lzma.LZMADecompressor, lzma.LZMAError
    try:
        from compression import zstd
    except ImportError:
        from backports import zstd
    return zstd.ZstdDecompressor, zstd.ZstdError


class ByteStream:
    """A file or pipe read in order, unpacked, with a look ahead.

    Parameters
    ----------
    file : binary file
        Open for reading; closed by :meth:`close`.
    limits : Limits
        When to call the packed data a bomb.

    Attributes
    ----------
    packing : str or None
        How the bytes are packed.
    broken : bool
        True once the data ended before its end; ``problems`` says how.
    problems : list of Defect
        See :mod:`threadkit.fetch.problems`.

    Examples
    --------
    >>> import gzip, io
    >>> stream = ByteStream(io.BytesIO(gzip.compress(b"mail")), Limits())
    >>> stream.peek(4), stream.read(9), stream.read(9)
    (b'mail', b'mail', b'')
    """

    def __init__(self, file: ReadableBytes, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._packed = b""
        self._ahead = b""
        self._in_bytes = 0
        self._out_bytes = 0
        self._done = False
        self.broken = False
        self.problems: list[Defect] = []
        self._fill()
        while 0 < len(self._packed) < _MAGIC_BYTES and self._more():
            pass
        self.packing = packing(self._packed)
        if self.packing:
            self._make, self._error = _unpacker(self.packing)
            self._inner = self._make()

    def peek(self, n: int) -> bytes:
        """Return the next ``n`` bytes (fewer at the end) and leave them to be read."""
        parts = [self._ahead]
        size = len(self._ahead)
        while size < n and (more := self._next(n - size)):
            parts.append(more)
            size += len(more)
        self._ahead = b"".join(parts)
        return self._ahead[:n]

    def read(self, n: int) -> bytes:
        """Return up to ``n`` bytes, at least one until the end, then ``b""``."""
        if self._ahead:
            out, self._ahead = self._ahead[:n], self._ahead[n:]
            return out
        return self._next(n)

    def read_all(self, at_most: int) -> bytes:
        """Return what is left, but at most ``at_most`` bytes and one more."""
        parts, size = [], 0
        while size <= at_most and (part := self.read(min(CHUNK_BYTES, at_most + 1 - size))):
            parts.append(part)
            size += len(part)
        return b"".join(parts)

    def position_bytes(self) -> int:
        """Return how many bytes of the file itself have been taken in."""
        return self._in_bytes - len(self._packed)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _fill(self, n: int = _INPUT_BYTES) -> bool:
        """Take in more of the file if nothing is waiting; False at its end."""
        return bool(self._packed) or self._more(n)

    def _more(self, n: int = _INPUT_BYTES) -> bool:
        """Take in more of the file; False at its end."""
        try:
            more = self._file.read(n) or b""
        except OSError as error:
            self._stop("unreadable", error.strerror or "read error")
            return False
        self._packed = self._packed + more if self._packed else more
        self._in_bytes += len(more)
        return bool(more)

    def _stop(self, kind: str, detail: str) -> None:
        self.problems.append(Defect(kind, detail))
        self.broken = self._done = True

    def _next(self, n: int) -> bytes:
        if self._done:
            return b""
        if self.packing:
            out = self._unpack(n)
        else:
            self._fill(max(n, _INPUT_BYTES))
            if len(self._packed) <= n:
                out, self._packed = self._packed, b""
            else:
                out, self._packed = self._packed[:n], self._packed[n:]
        self._out_bytes += len(out)
        if self._out_bytes > self._limits.ratio_after_bytes:
            self._check_size()
        return b"" if self.broken and not out else out

    def _check_size(self) -> None:
        """Stop at a bomb: far more bytes come out than mail packs to."""
        taken = max(1, self.position_bytes())
        if self._out_bytes > self._limits.max_total_bytes or (
            self.packing and self._out_bytes > taken * self._limits.max_ratio
        ):
            self._stop(
                "decompression-bomb",
                f"{taken} bytes of the file had become {self._out_bytes}; reading stopped",
            )

    def _unpack(self, n: int) -> bytes:
        """Return some unpacked bytes; ``b""`` only at the end."""
        while True:
            if self._inner.eof and not self._next_member():
                return b""
            if self._inner.needs_input and not self._fill():
                if not self.broken:
                    self._stop("compressed-truncated", f"ends after {self._in_bytes} bytes")
                return b""
            data = b""
            if self._inner.needs_input:
                data, self._packed = self._packed, b""
            try:
                out = self._inner.decompress(data, n)
            except self._error as error:
                where = self._in_bytes - len(data)
                self._stop("compressed-damaged", f"near byte {where} of the file: {error}")
                return b""
            if out:
                return out

    def _next_member(self) -> bool:
        """Start on the next packed member; False if there is none."""
        self._packed = (self._inner.unused_data + self._packed).lstrip(b"\0")
        while len(self._packed) < _MAGIC_BYTES and self._more():
            self._packed = self._packed.lstrip(b"\0")
        if self._packed and packing(self._packed) == self.packing:
            self._inner = self._make()
            return True
        if self._packed:
            at = self._in_bytes - len(self._packed)
            detail = f"{self.packing} data ends at byte {at}; what follows is something else"
            self.problems.append(Defect("compressed-trailing", detail))
        self._done = True
        return False

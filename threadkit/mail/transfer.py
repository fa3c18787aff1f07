"""Content-Transfer-Encoding undone, and what can be saved of damaged ones."""

from __future__ import annotations

import binascii
import re
from functools import lru_cache

from threadkit.mail.values import Defect

IDENTITY = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit"})
"""Encodings that leave the bytes as they are."""
_UU = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*(?:\r?\n|\Z))")
_NAME_MAX = 100
_WHITE = b" \t\r\n"


@lru_cache(maxsize=256)
def _known_name(value: str) -> str:
    return value.partition(";")[0].partition("(")[0].strip(" \t\n\"'").lower()


def encoding_name(value: str) -> str:
    """Return the bare lower-case name in a Content-Transfer-Encoding value.

    Examples
    --------
    >>> encoding_name(" Quoted-Printable; x=y")
    'quoted-printable'
    """
    return _known_name(value[:_NAME_MAX])


def decode(data: bytes, encoding: str, defects: list[Defect]) -> bytes:
    r"""Undo a transfer encoding; never fails.

    Parameters
    ----------
    data : bytes
        The body as it stands in the mail.
    encoding : str
        As :func:`encoding_name` gives it.
    defects : list of Defect
        Receives what is wrong.

    Examples
    --------
    >>> decode(b"caf=C3=A9", "quoted-printable", []).decode()
    'café'
    >>> found = []
    >>> decode(b"aGVsbG8=\n____\nlist footer here\n", "base64", found), found[0].kind
    (b'hello\n____\nlist footer here\n', 'base64-damaged')

    References
    ----------
    RFC 2045 section 6.
    """
    if encoding in IDENTITY:
        return data
    if encoding == "quoted-printable":
        bad = _BAD_ESCAPE.search(data)
        if bad:
            shown = data[bad.start() : bad.start() + 3].decode("ascii", "replace")
            defects.append(Defect("quoted-printable-damaged", repr(shown)))
        return binascii.a2b_qp(data)
    if encoding == "base64":
        packed = data.translate(None, _WHITE)
        try:
            return binascii.a2b_base64(packed, strict_mode=True) if packed else b""
        except binascii.Error as error:
            defects.append(Defect("base64-damaged", str(error)[:60]))
        return _damaged_base64(data)
    if encoding in _UU:
        return _uudecoded(data, defects)
    defects.append(Defect("transfer-encoding-unknown", encoding[:40]))
    return data


def _damaged_base64(data: bytes) -> bytes:
    """Decode base64 with foreign text in it or behind it."""
    lines = data.splitlines(keepends=True)
    good = 0
    while good < len(lines):
        line = lines[good].strip(_WHITE)
        if line and not _BASE64_LINE.fullmatch(line):
            break
        good += 1
        if line.endswith(b"="):
            break
    tail = [line.strip(_WHITE) for line in lines[good:]]
    foreign = any(line and not _BASE64_LINE.fullmatch(line) for line in tail)
    long = any(len(line) > 50 and _BASE64_LINE.fullmatch(line) for line in tail)
    if good and foreign and not long:
        # A list server has put its plain-text footer behind the encoded body.
        body = _lenient_base64(b"".join(lines[:good]))
        gap = b"" if body.endswith(b"\n") or not any(tail) else b"\n"
        return body + gap + b"".join(lines[good:])
    return _lenient_base64(data)


def _lenient_base64(data: bytes) -> bytes:
    """Decode whatever is base64 in ``data``, block by padded block."""
    out = []
    for block in re.split(rb"=+", data):
        kept = re.sub(rb"[^A-Za-z0-9+/]+", b"", block)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        out.append(binascii.a2b_base64(kept + b"=" * (-len(kept) % 4)))
    return b"".join(out)


def _uudecoded(data: bytes, defects: list[Defect]) -> bytes:
    """Decode the lines between ``begin`` and ``end``."""
    out = []
    inside = damaged = False
    for line in data.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                damaged = True
    if damaged or not inside:
        defects.append(Defect("uuencode-damaged"))
    return b"".join(out) if inside else data

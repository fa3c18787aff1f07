"""The header block: which fields it holds, where it ends, and MIME parameters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from threadkit.mail.encoded_words import extended_value, header_text
from threadkit.mail.values import Defect

Fields = dict[str, list[str]]
"""Lower-case name -> values in order, one character a byte, not stripped.

Folds may still stand in them (a newline, then a blank): whoever reads a value splits it
at white space anyway.
"""

REPEATS_MAX = 10_000
"""Most headers of one name that are read."""
_FAST_MAX = 1_000_000  # characters; the fast reader lists all headers before it looks at one
_WANTED = (
    "cc|date|from|in-reply-to|list-id|message-id|received|references|subject|to"
    "|content-type|content-transfer-encoding|content-disposition"
)
_ONCE = frozenset(
    {"from", "subject", "date", "content-type", "content-transfer-encoding", "content-disposition"}
)
_EMPTY_LINE = re.compile(rb"\n\r?\n").search
# Every wanted field with its folded lines, and an empty match for each line that is
# neither a field nor a fold. The look-ahead spares other fields the list of names.
_FIND = re.compile(
    rf"\n(?:(?=[CDFILMRSTcdfilmrst])((?i:{_WANTED})):([^\n]*+(?:\n[ \t][^\n]*+)*+)"
    r"|(?![!-9;-~]++:|[ \t]))"
).findall
# The separator of an mbox, left in by whoever cut the mail out of it.
_ENVELOPE = re.compile(r">?From [^ ]+ .*\d\d:\d\d").match
_BLANK_OR_END = frozenset({"", "\n", " ", "\t"})
_FIELD_NAME = re.compile(r"[!-9;-~]++[ \t]*+").fullmatch
_WANTED_NAMES = frozenset(_WANTED.split("|"))


def scan(raw: bytes, start: int, stop: int, defects: list[Defect]) -> tuple[Fields, int]:
    r"""Read the header block of ``raw[start:stop]``.

    Parameters
    ----------
    raw : bytes
        The mail.
    start, stop : int
        Byte range of the mail or MIME part.
    defects : list of Defect
        Receives what is wrong with the block.

    Returns
    -------
    fields : Fields
        Only those that threadkit reads.
    body : int
        Byte offset of the body, ``stop`` if there is none.

    Examples
    --------
    >>> scan(b"Subject: a\n b\nX-Other: c\n\nbody", 0, 30, [])
    ({'subject': [' a\n b']}, 26)

    Notes
    -----
    One pass by one regular expression, which is faster than a loop over the lines and
    linear whatever the bytes. Anything unusual (lone CR, NUL, a line that is no header)
    is read again line by line.

    References
    ----------
    RFC 5322 section 2.2.
    """
    found = _EMPTY_LINE(raw, start, stop)
    end = found.start() if found else stop
    if not found and raw[end - 1 : end] == b"\n":
        end = max(start, end - 1)
    head = "\n" + raw[start:end].decode("latin-1")
    if "\r" in head:
        head = head.replace("\r\n", "\n")
    if "\r" in head or "\0" in head or head[1:2] in _BLANK_OR_END or len(head) > _FAST_MAX:
        return _scan_lines(raw, start, stop, defects)
    fields: Fields = {}
    for name, value in _FIND(head):
        key = name.lower()
        if key in fields:
            fields[key].append(value)
            if key in _ONCE:
                defects.append(Defect("header-duplicate", key))
        elif key:
            fields[key] = [value]
        else:
            return _scan_lines(raw, start, stop, defects)
    return fields, found.end() if found else stop


def _scan_lines(raw: bytes, start: int, stop: int, defects: list[Defect]) -> tuple[Fields, int]:
    """Read a header block that has something unusual about it, line by line."""
    fields: Fields = {}
    current: list[str] | None = None
    pieces: list[str] = []
    position = start
    nul = False

    def finish() -> None:
        """Keep the value that has been read, if its field is wanted."""
        if current is not None:
            current.append("".join(pieces))

    while position < stop:
        end = raw.find(b"\n", position, stop)
        following = stop if end < 0 else end + 1
        line = raw[position:following].decode("latin-1").rstrip("\r\n").replace("\r", " ")
        if not line:
            finish()
            return _closed(fields, following, nul, defects)
        if "\0" in line:
            nul = True
            line = line.replace("\0", "\xef\xbf\xbd")  # U+FFFD in UTF-8, a character a byte
        name, colon, value = line.partition(":")
        if line[0] in " \t" and position > start:
            pieces.append(line)
        elif colon and _FIELD_NAME(name):
            finish()
            key = name.rstrip(" \t").lower()
            if key in fields and key in _ONCE:
                defects.append(Defect("header-duplicate", key))
            current = fields.setdefault(key, []) if key in _WANTED_NAMES else None
            if current and len(current) >= REPEATS_MAX:
                defects.append(Defect("headers-too-many", key))
                current = None
            pieces = [value]
        elif _ENVELOPE(line) or line[0] == ":":
            if position > start or line[0] != "F":
                defects.append(Defect("header-malformed", line[:40]))
        else:
            finish()
            defects.append(Defect("header-separator-missing", line[:40]))
            return _closed(fields, position, nul, defects)
        position = following
    finish()
    return _closed(fields, stop, nul, defects)


def _closed(fields: Fields, body: int, nul: bool, defects: list[Defect]) -> tuple[Fields, int]:
    """Say what a whole block had wrong with it."""
    if nul:
        defects.append(Defect("nul-in-header"))
    return fields, body


class Parametrized(NamedTuple):
    """A header value with parameters: Content-Type or Content-Disposition."""

    value: str
    """Lower case, without comments."""
    params: dict[str, str]
    """Lower-case name -> value with quotes, continuations and charsets undone."""


_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
_CACHED_LENGTH = 200


def parametrized(value: str, defects: list[Defect]) -> Parametrized:
    """Read a Content-Type or Content-Disposition value.

    Parameters
    ----------
    value : str
        Unfolded, one character a byte.
    defects : list of Defect
        Receives damaged encodings.

    Examples
    --------
    >>> parametrized('text/plain; charset="utf-8"; format=flowed', [])
    Parametrized(value='text/plain', params={'charset': 'utf-8', 'format': 'flowed'})
    >>> parametrized("attachment; filename*0*=utf-8''a%20; filename*1=b.txt", []).params
    {'filename': 'a b.txt'}

    References
    ----------
    RFC 2045 section 5.1; RFC 2231.
    """
    if len(value) <= _CACHED_LENGTH and "*" not in value and "=?" not in value:
        return _plain_parametrized(value)
    return _parametrized(value, defects)


@lru_cache(maxsize=1024)
def _plain_parametrized(value: str) -> Parametrized:
    return _parametrized(value, [])


def _parametrized(value: str, defects: list[Defect]) -> Parametrized:
    main, semicolon, rest = value.replace("\n", "").partition(";")
    if "(" in main:
        main = _COMMENT.sub("", main)
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(semicolon + rest):
        name = match[1].lower()
        text = _unquoted(match[2])
        if "*" in name:
            base, _, section = name.partition("*")
            number = section.rstrip("*") or "0"
            if number.isdecimal() and len(number) < 5:
                encoded = section.endswith("*") or not section
                pieces.setdefault(base, {}).setdefault(int(number), (text, encoded))
        else:
            plain.setdefault(name, text)
    for name, text in plain.items():
        if "=?" in text or not text.isascii():
            plain[name] = header_text(text, name, defects)
    for base, numbered in pieces.items():
        plain[base] = _continued(numbered, defects)
    return Parametrized(main.strip(" \t").lower(), plain)


def _unquoted(text: str) -> str:
    if text[:1] != '"':
        if "(" in text:
            text = _COMMENT.sub("", text)
        return text.strip(" \t")
    inner = text[1:-1] if len(text) > 1 and text[-1] == '"' else text[1:]
    return re.sub(r"\\(.)", r"\1", inner) if "\\" in inner else inner


def _continued(numbered: dict[int, tuple[str, bool]], defects: list[Defect]) -> str:
    """Join the sections of one RFC 2231 parameter."""
    in_order = [numbered[number] for number in sorted(numbered)]
    if not any(encoded for _, encoded in in_order):
        return "".join(text for text, _ in in_order)
    # Percent signs of sections that are not encoded stand for themselves.
    joined = "".join(text if encoded else text.replace("%", "%25") for text, encoded in in_order)
    return extended_value(joined, defects)

"""The readable text and the attachments of a mail, whatever its MIME structure.

Which parts are the body: every ``text/plain`` part that is no attachment, in order,
joined by a newline; of the branches of a ``multipart/alternative`` the first that holds
plain text, else the first with HTML; HTML that has no plain alternative is made
readable. Everything else is an attachment, attached mails included. A mail that is one
single text part is its own body whatever its disposition.

Parts are byte ranges of the raw mail, so that a large mail is not copied on the way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from threadkit.mail import transfer
from threadkit.mail.charsets import codec_name, decode
from threadkit.mail.flowed import unflow
from threadkit.mail.headers import Fields, Parametrized, parametrized, scan
from threadkit.mail.markup import html_text
from threadkit.mail.values import Attachment, Defect

DEPTH_MAX = 100
"""Deepest nesting of multiparts that is read."""
PARTS_MAX = 10_000
"""Most parts of one mail that are told apart."""

_KNOWN_LENGTH = 200
# Those in which ASCII bytes are ASCII characters.
_SIMPLE_CODECS = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252", "iso8859-15", "iso8859-2"})
_PLAIN = Parametrized("text/plain", {})
_MESSAGE = Parametrized("message/rfc822", {})
# PGP text of the 1990s, before RFC 3156 made a multipart of it.
_READABLE = frozenset({"application/pgp", "application/x-pgp-message", "message/news"})


class Content(NamedTuple):
    """What :func:`read_content` found."""

    body: str
    attachments: tuple[Attachment, ...]
    flowed: bool


class _Text(NamedTuple):
    """A part that may be shown."""

    kind: Parametrized
    encoding: str
    start: int
    stop: int

    @property
    def is_html(self) -> bool:
        """Whether the part is HTML."""
        return self.kind.value == "text/html"


def read_content(raw: bytes, fields: Fields, start: int, defects: list[Defect]) -> Content:
    r"""Read the body of a mail.

    Parameters
    ----------
    raw : bytes
        The mail.
    fields : Fields
        Its headers.
    start : int
        Byte offset of the body in ``raw``.
    defects : list of Defect
        Receives what is wrong.

    Examples
    --------
    >>> raw = b"--x\n\nhello\n--x\nContent-Type: image/png; name=a.png\n\n!\n--x--\n"
    >>> fields = {"content-type": [" multipart/mixed; boundary=x"]}
    >>> read_content(raw, fields, 0, []).attachments
    (Attachment(filename='a.png', content_type='image/png', size_bytes=1),)

    Notes
    -----
    Linear in the size of the mail for each level of nesting.

    References
    ----------
    RFC 2046 section 5.1; RFC 2183.
    """
    types = fields.get("content-type")
    codec = _simple(types[0]) if types else "ascii"
    encoding = _encoding(fields) if "content-transfer-encoding" in fields else ""
    if codec is not None:
        text = _plain_text(raw, start, codec, encoding)
        if text is not None:
            return Content(text, (), False)
    kind = _content_type(fields, _PLAIN, defects)
    reader = _Reader(raw, defects)
    if kind.value.startswith("text/"):
        body = reader.text(_Text(kind, encoding, start, len(raw)))
        return Content(body, (), reader.flowed)
    texts = reader.part(fields, kind, start, len(raw), 0)
    body = "\n".join([reader.text(text) for text in texts])
    return Content(body, tuple(reader.attachments), reader.flowed)


def _simple(value: str) -> str | None:
    """Name the codec of a Content-Type that says plain text and nothing else."""
    return _known_simple(value) if len(value) <= _KNOWN_LENGTH else None


@lru_cache(maxsize=512)
def _known_simple(value: str) -> str | None:
    kind = parametrized(value, [])
    if kind.value != "text/plain" or kind.params.keys() - {"charset"}:
        return None
    codec = codec_name(kind.params.get("charset", "us-ascii"))
    return codec if codec in _SIMPLE_CODECS else None


def _plain_text(raw: bytes, start: int, codec: str, encoding: str) -> str | None:
    """Decode a body that has nothing unusual about it; None if it needs more care."""
    data = raw[start:]
    problems: list[Defect] = []
    if encoding not in transfer.IDENTITY:
        data = transfer.decode(data, encoding, problems)
    if b"\r" in data or b"\0" in data or problems:
        return None
    if data.isascii():
        return data.decode("ascii")
    text = decode(data, codec, problems)
    return None if problems else text


def _encoding(fields: Fields) -> str:
    values = fields.get("content-transfer-encoding")
    return transfer.encoding_name(values[0]) if values else ""


def _content_type(fields: Fields, default: Parametrized, defects: list[Defect]) -> Parametrized:
    values = fields.get("content-type")
    if not values:
        return default
    kind = parametrized(values[0], defects)
    main, _, sub = kind.value.partition("/")
    if main and sub and "/" not in sub:
        return kind
    if kind.value != "text":  # RFC 1049 wrote it so
        defects.append(Defect("content-type-malformed", values[0].strip(" \t")[:60]))
    return Parametrized(_PLAIN.value, kind.params)


class _Reader:
    """One walk through the parts of one mail."""

    def __init__(self, raw: bytes, defects: list[Defect]) -> None:
        self.raw = raw
        self.defects = defects
        self.attachments: list[Attachment] = []
        self.flowed = False
        self.parts_left = PARTS_MAX

    def part(
        self, fields: Fields, kind: Parametrized, start: int, stop: int, depth: int
    ) -> list[_Text]:
        """Return the texts of a part; note its attachments."""
        if kind.value.startswith("multipart/"):
            if depth < DEPTH_MAX:
                return self._multipart(fields, kind, start, stop, depth)
            self.defects.append(Defect("nesting-too-deep"))
        text = _Text(kind, _encoding(fields), start, stop)
        if depth == 0 and kind.value in _READABLE:
            return [text]
        disposition = fields.get("content-disposition")
        shown = parametrized(disposition[0], self.defects) if disposition else _PLAIN
        name = shown.params.get("filename") or kind.params.get("name") or ""
        # Only plain text is shown in spite of a file name: patches sent inline.
        readable = kind.value == "text/plain" or (kind.value.startswith("text/") and not name)
        if readable and shown.value != "attachment":
            return [text]
        data = transfer.decode(self.raw[start:stop], text.encoding, [])
        filename = " ".join(name.split())
        self.attachments.append(Attachment(filename, kind.value, len(data)))
        return []

    def _multipart(
        self, fields: Fields, kind: Parametrized, start: int, stop: int, depth: int
    ) -> list[_Text]:
        """Return the texts of a multipart."""
        boundary = kind.params.get("boundary", "").rstrip()
        ranges = self._ranges(boundary.encode("latin-1", "replace"), start, stop)
        if not ranges:
            missing = "boundary-not-found" if boundary else "boundary-missing"
            self.defects.append(Defect(missing, boundary[:60]))
            return [_Text(_PLAIN, _encoding(fields), start, stop)] if start < stop else []
        default = _MESSAGE if kind.value == "multipart/digest" else _PLAIN
        branches = []
        for part_start, part_stop in ranges:
            inner, body = scan(self.raw, part_start, part_stop, self.defects)
            inner_kind = _content_type(inner, default, self.defects)
            branches.append(self.part(inner, inner_kind, body, part_stop, depth + 1))
        if kind.value == "multipart/alternative":
            return self._alternative(branches)
        return [text for branch in branches for text in branch]

    def _alternative(self, branches: list[list[_Text]]) -> list[_Text]:
        """Choose the branch to show: plain text if it says anything, else HTML."""
        with_plain = [b for b in branches if any(not text.is_html for text in b)]
        for branch in with_plain:
            if any(not t.is_html and self.raw[t.start : t.stop].strip() for t in branch):
                return branch
        for branch in branches:
            if any(text.is_html for text in branch):
                return branch
        return with_plain[0] if with_plain else []

    def _ranges(self, boundary: bytes, start: int, stop: int) -> list[tuple[int, int]]:
        """Return the byte ranges between the lines of a boundary."""
        found: list[tuple[int, int]] = []
        opened = -1
        delimiters = self._delimiters(boundary, start, stop)
        for line_start, line_stop, closes in delimiters:
            if 0 <= opened < line_start:
                end = line_start - 1  # the newline before a mark belongs to the mark
                if end > opened and self.raw[end - 1 : end] == b"\r":
                    end -= 1
                found.append((opened, end))
            opened = line_stop
            if closes:
                break
        else:
            if opened >= 0:
                cut = len(delimiters) > self.parts_left
                self.defects.append(Defect("parts-too-many" if cut else "boundary-unclosed"))
                found.append((opened, stop))
        self.parts_left = max(0, self.parts_left - len(found))
        return found

    def _delimiters(self, boundary: bytes, start: int, stop: int) -> list[tuple[int, int, bool]]:
        """Find the lines that are the boundary: start, start of the next line, closing."""
        raw, mark = self.raw, b"--" + boundary
        found: list[tuple[int, int, bool]] = []
        if not boundary:
            return []
        position = raw.find(mark, start, stop)
        while position >= 0 and len(found) <= self.parts_left:
            after = position + len(mark)
            line_end = raw.find(b"\n", after, stop)
            if line_end < 0:
                line_end = stop
            if position == start or raw[position - 1 : position] == b"\n":
                rest = raw[after : min(line_end, after + 1000)].strip()
                if rest in (b"", b"--"):
                    found.append((position, min(line_end + 1, stop), rest == b"--"))
            position = raw.find(mark, after, stop)
        return found

    def text(self, part: _Text) -> str:
        """Return the text of a part: decoded, LF line ends, no NUL, joined if flowed."""
        raw, defects = self.raw, self.defects
        data = raw[part.start : part.stop]
        if part.encoding:
            data = transfer.decode(data, part.encoding, defects)
        params = part.kind.params
        text = decode(data, params.get("charset", ""), defects)
        if "\r" in text:
            text = _line_feeds(text)
        if "\0" in text:
            defects.append(Defect("nul-in-text", f"{text.count(chr(0))}"))
            text = text.replace("\0", "\ufffd")
        if part.is_html:
            return html_text(text, defects)
        if params.get("format", "").lower() == "flowed" and part.kind.value == "text/plain":
            self.flowed = True
            return unflow(text, params.get("delsp", "").lower() == "yes")
        return text


def _line_feeds(text: str) -> str:
    """Make all line ends LF; CR CR LF is one line end of a mail converted twice."""
    if "\r\r\n" in text:
        text = text.replace("\r\r\n", "\n")
    return text.replace("\r\n", "\n").replace("\r", "\n")

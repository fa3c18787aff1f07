"""Mailboxes in one file: mboxrd, mboxo, mboxcl and mboxcl2, LF or CRLF, of any size.

What separates mails. A ``From `` line at the start of the file or after a blank line whose
envelope looks real: it ends in a date such as ``Thu Jan  1 00:00:00 1970``, or it carries a
time of day and a header line follows. So prose that starts a paragraph with "From " does
not split a mail. With a real date and a header line after it, it separates without a blank
line before it, too: patches written one after the other by ``git format-patch`` need that.
A ``Content-Length`` is believed where it lands on a separator or the end of the file.

What is undone. One ``>`` is taken from each body line that starts with ``>From ``,
``>>From `` and so on: exact for mboxrd and mboxcl, and for mboxo except for a line that had
been ``>From `` before (the format itself cannot tell). If a ``Content-Length`` spans a bare
``From `` line, the writer did not escape (mboxcl2), and nothing is undone. The blank line before the
next separator belongs to the mailbox, not to the mail.

References
----------
RFC 4155 (the mbox media type) appendix A.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from threadkit.fetch.compressed import CHUNK_BYTES, ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.source import OverviewRow, RawMail
from threadkit.mail.values import Defect

_LOOK_AHEAD = 4096
"""Bytes after a ``From `` that decide whether it separates; longer lines are no envelope."""

_FROM = re.compile(rb"From ")  # ``re`` finds this literal about twice as fast as bytes.find
BLANKS = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first mail of a file."""
_MBOXRD = b"mboxrd@z "
_DATE = re.compile(
    rb"From [^\r\n]*?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +"
    rb"(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}),? +"
    rb"(?:\d{4} +)?\d{1,2}:\d\d(?::\d\d)?(?: [^\r\n]*)?\r?(?:\n|\Z)"
)
_TIME = re.compile(rb"From \S[^\r\n]*\d:\d\d[^\r\n]*\r?\n")
_HEADER = re.compile(rb"(?:>From [^\n]*\n)?[!-9;-~]+[ \t]*:[^\r\n]*\r?\n")
_LENGTH = re.compile(rb"\n[Cc]ontent-[Ll]ength:[ \t]*(\d{1,12})[ \t]*\r?\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = re.compile(rb"\n\r?\n")


def is_separator(data: bytes, at: int = 0, *, after_blank: bool = True) -> bool:
    r"""Tell whether a ``From `` line is the envelope of a mail.

    Parameters
    ----------
    data : bytes
        Some of a mailbox; the line and the one after it should be whole.
    at : int
        Where the line starts.
    after_blank : bool
        Whether it is the first line or the line before it is blank.

    Examples
    --------
    >>> is_separator(b"From a@example.org Thu Jan  1 00:00:00 1970\n")
    True
    >>> is_separator(b"From 9:30 on we met.\nIt was fun.\n")
    False

    Notes
    -----
    Looks at no more than two lines.
    """
    if after_blank and data.startswith(_MBOXRD, at + 5):
        return True
    dated = _DATE.match(data, at)
    if dated:
        return after_blank or _HEADER.match(data, dated.end()) is not None
    timed = _TIME.match(data, at) if after_blank else None
    return timed is not None and _HEADER.match(data, timed.end()) is not None


def _body_start(data: bytes, start: int, stop: int) -> int:
    found = _BLANK.search(data, start, stop)
    return found.end() if found else stop


def _undo_escapes(mail: bytes) -> bytes:
    body = _body_start(mail, 0, len(mail))
    return mail[:body] + _ESCAPED.sub(rb"\1", mail[body:])


class MboxSource:
    r"""The mails of one mailbox file or pipe, in their order.

    Parameters
    ----------
    uri : str
        What to call the source.
    stream : ByteStream
        Closed after the last mail.
    size_bytes : int or None
        Of the file, for progress.
    limits : Limits
        Mails over ``max_mail_bytes`` are skipped and named.

    Notes
    -----
    Memory: one chunk and the largest mail. The locator of a mail is the byte offset of its
    ``From `` line in the unpacked mailbox.

    Examples
    --------
    >>> import io
    >>> box = b"From mboxrd@z Thu Jan  1 00:00:00 1970\nSubject: a\n\n>From here\n\n"
    >>> source = MboxSource("-", ByteStream(io.BytesIO(box * 2), Limits()), None, Limits())
    >>> [(mail.locator, mail.data) for mail in source]
    [('0', b'Subject: a\n\nFrom here\n'), ('63', b'Subject: a\n\nFrom here\n')]
    """

    kind = "mbox"
    cursor: str | None = None
    overview: tuple[OverviewRow, ...] = ()

    def __init__(
        self, uri: str, stream: ByteStream, size_bytes: int | None, limits: Limits
    ) -> None:
        self.uri = uri
        self.size_bytes = size_bytes
        self.problems: list[Defect] = stream.problems
        self._stream = stream
        self._limits = limits
        self._buffer = b""
        self._base = 0  # offset in the mailbox of the buffer's first byte
        self._start = 0  # where the current mail's From line stands in the buffer
        self._mail_offset = 0
        self._expected = -1  # where a Content-Length says that the next mail starts
        self._dropping = False
        self._escaped = self._bare = False

    def position_bytes(self) -> int:
        """Return how many bytes of the file have been consumed."""
        return self._stream.position_bytes()

    def __iter__(self) -> Iterator[RawMail]:
        """Yield the mails; damage ends in ``problems``."""
        try:
            yield from self._split()
        finally:
            self._stream.close()

    def _split(self) -> Iterator[RawMail]:
        self._begin()
        scan, at_end = 0, False
        while not at_end:
            at_end = not self._read()
            buffer = self._buffer
            safe = len(buffer) if at_end else len(buffer) - _LOOK_AHEAD
            for hit in _FROM.finditer(buffer, max(scan - self._base, 0)):
                at = hit.start()
                before = buffer[at - 1] if at else 10
                if before == 62:  # ">"
                    self._escaped = True
                if before != 10 or (at == self._start and not self._dropping):
                    continue
                if at >= safe:
                    break
                verdict = self._separates(at, at_end)
                if verdict is None:
                    break
                if verdict:
                    mail = self._take(at)
                    self._move_to(at)
                    if mail is not None:
                        yield mail
            else:
                at = max(len(buffer) - 4, 0)
            scan = self._base + at
            self._drop_if_too_large()
        mail = self._take(len(self._buffer), last=True)
        if mail is not None:
            yield mail

    def _begin(self) -> None:
        """Skip blank lines before the first mail."""
        head = self._stream.peek(_LOOK_AHEAD)
        blank = len(head) - len(head.lstrip(BLANKS))
        self._stream.read(blank)
        self._base = self._mail_offset = blank

    def _read(self) -> bool:
        """Add a chunk, as large as what waits so that a huge mail costs linear time."""
        keep = len(self._buffer) - self._start
        chunk = self._stream.read(max(CHUNK_BYTES, keep))
        if chunk:
            self._buffer = self._buffer[self._start :] + chunk
            self._base += self._start
            self._start = 0
        return bool(chunk)

    def _separates(self, at: int, at_end: bool) -> bool | None:
        """Tell whether the mail ends here; None if that needs more of the mailbox."""
        buffer = self._buffer
        offset = self._base + at
        if offset == self._expected:
            return True
        if offset < self._expected:
            self._bare = True
            return False
        blank = at < 2 or buffer[at - 2] == 10 or buffer[at - 3 : at] == b"\n\r\n"
        if not is_separator(buffer, at, after_blank=blank):
            return False
        if self._dropping or buffer.startswith(_MBOXRD, self._start + 5):
            return True
        return self._agrees_with_length(at, at_end)

    def _agrees_with_length(self, at: int, at_end: bool) -> bool | None:
        """Ask the current mail's Content-Length, if it has one that fits."""
        buffer, start = self._buffer, self._start
        found = _LENGTH.search(buffer, start, at)
        if found is None:
            return True
        body = _body_start(buffer, start, at)
        stop = body + int(found[1])
        if found.end() > body or stop <= at or stop - start > self._limits.max_mail_bytes:
            return True
        if stop + _LOOK_AHEAD > len(buffer) and not at_end:
            return None
        while buffer[stop : stop + 1] in (b"\r", b"\n"):
            stop += 1
        if stop == len(buffer) or (
            buffer.startswith(b"From ", stop) and is_separator(buffer, stop)
        ):
            self._expected = self._base + stop
            self._bare = True
            return False
        return True

    def _move_to(self, at: int) -> None:
        self._start = at
        self._mail_offset = self._base + at
        self._expected = -1
        self._dropping = self._escaped = self._bare = False

    def _drop_if_too_large(self) -> None:
        """Forget the waiting bytes of a mail over the limit; only its end is looked for."""
        waiting = len(self._buffer) - self._start
        if self._dropping or waiting > self._limits.max_mail_bytes + _LOOK_AHEAD:
            self._dropping = True
            self._start = max(self._start, len(self._buffer) - 2 * _LOOK_AHEAD)

    def _take(self, stop: int, *, last: bool = False) -> RawMail | None:
        """Cut the current mail out of the buffer; None if it cannot be given."""
        offset = self._mail_offset
        size = self._base + stop - offset
        if self._dropping or size > self._limits.max_mail_bytes:
            self.problems.append(Defect("mail-too-large", f"offset {offset}: {size} bytes"))
            return None
        if last and self._stream.broken:
            if size:
                detail = f"offset {offset}: only {size} bytes of the mail are there"
                self.problems.append(Defect("mail-cut", detail))
            return None
        buffer = self._buffer
        head = buffer.find(b"\n", self._start, stop) + 1
        if not head:
            return None
        if buffer.endswith(b"\n\n", head, stop):
            stop -= 1
        elif buffer.endswith(b"\n\r\n", head, stop):
            stop -= 2
        data = buffer[head:stop]
        if self._escaped and not self._bare:
            data = _undo_escapes(data)
        return RawMail(data, str(offset))

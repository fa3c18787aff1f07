r"""A saved page of lore: one mail with its thread overview, or a whole thread.

Both forms are read: the HTML, and the plain text that a browser copies or prints of it. The
mail is rebuilt from what the page shows, as RFC 5322 bytes in UTF-8 with a header
``X-Threadkit-Transcribed``: it is not the mail as it was sent (most headers and the encoding
are gone), but the body is that of the page to the letter. A page of a whole thread (``/T/``
and ``/t/``) shows names without addresses and minutes without seconds; In-Reply-To is then
taken from the page's overview.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import NamedTuple

from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import MIB, Limits
from threadkit.fetch.markup import LABEL, LINK, RULE, PageTooLarge, marked_text, plain
from threadkit.fetch.overview import find_overview, mid_of, parse_overview, this_row
from threadkit.fetch.source import OverviewRow, RawMail
from threadkit.mail.values import Defect

_FIELD = re.compile(r"([!-9;-~]+): ?(.*)")
_HEADER = re.compile(r"^(?:From|To|Cc|Subject|Date|Message-ID): ", re.MULTILINE)
_NAVIGATION = re.compile(
    r"^[ \t]*(?:(?:next|prev(?: parent)?|parent|reply|only message in thread)[ \t,]*)*"
    r"other threads:\[",
    re.MULTILINE,
)
_DECORATION = re.compile(r"[ \t]*(?:\[thread overview\]|\(raw\))$")
_THREAD_FROM = re.compile(r"^From: (.*) @ (\d{4}-\d\d-\d\d) ([ \d]\d:\d\d) UTC \(", re.MULTILINE)
_THREAD_END = re.compile(r"^\^ permalink raw reply\t\[flat\|nested\] .*messages? in thread")
_COUNT = re.compile(r"^Thread overview: ?(\d{1,9})\+ messages", re.MULTILINE)
_NAME = re.compile(r'"?([^"<>,\s][^"<>,]*?)"? <[^<>]*>')
_ID = re.compile(r"<([^<>\s]+)>")
_MAX_HTML = 16 * MIB
"""Its tree takes some thirty times the memory; a thousand mails on a page are 1 to 10 MB."""
_BULLET = re.compile(r"(?<=[\w-])\u2022(?=[\w-])")


class _Shown(NamedTuple):
    """A mail as a page shows it: header fields in their order, and the body."""

    fields: tuple[tuple[str, str], ...]
    body: str

    def get(self, name: str) -> str:
        """Return a field's value, or ``""``."""
        return next((value for field, value in self.fields if field.lower() == name), "")

    def ids(self, name: str) -> list[str]:
        """Return the Message-IDs in a field."""
        return _ID.findall(self.get(name))


class PageSource:
    r"""The mails and the thread overview of one saved page.

    Parameters
    ----------
    uri : str
        What to call the source.
    kind : str
        ``lore-html`` or ``lore-text``.
    stream : ByteStream
        Closed when the page has been read.
    size_bytes : int or None
        Of the file, for progress.
    limits : Limits
        A page over ``max_mail_bytes``, 16 MiB of HTML, or with too many tags, is named instead of read.

    Notes
    -----
    The locator of a mail is its number on the page, from 0. ``overview`` is filled before
    the first mail comes. A page may hold an overview and no mail. Linear in the page.

    Examples
    --------
    >>> import io
    >>> page = b"From: Ada <ada@example.org>\nSubject: a [thread overview]\n\nhello\n"
    >>> stream = ByteStream(io.BytesIO(page), Limits())
    >>> [mail.data[-7:] for mail in PageSource("-", "lore-text", stream, None, Limits())]
    [b'\nhello\n']
    """

    cursor: str | None = None

    def __init__(
        self, uri: str, kind: str, stream: ByteStream, size_bytes: int | None, limits: Limits
    ) -> None:
        self.uri = uri
        self.kind = kind
        self.size_bytes = size_bytes
        self.problems: list[Defect] = stream.problems
        self.overview: tuple[OverviewRow, ...] = ()
        self._stream = stream
        self._limits = limits

    def position_bytes(self) -> int:
        """Return how many bytes of the file have been consumed."""
        return self._stream.position_bytes()

    def __iter__(self) -> Iterator[RawMail]:
        """Yield the mails that the page shows."""
        most = self._limits.max_mail_bytes
        if self.kind == "lore-html":
            most = min(most, _MAX_HTML)
        try:
            data = self._stream.read_all(most)
        finally:
            self._stream.close()
        if len(data) > most:
            detail = f"a page over {most} bytes"
            self.problems.append(Defect("mail-too-large", detail))
            return
        page = data.decode("utf-8", "replace").replace("\r\n", "\n")
        try:
            marked = marked_text(page) if self.kind == "lore-html" else page
        except PageTooLarge as error:
            self.problems.append(Defect("mail-too-large", str(error)))
            return
        shown = self._read(marked)
        for number, mail in enumerate(shown):
            yield RawMail(_as_bytes(mail, self.kind), str(number))

    def _read(self, marked: str) -> list[_Shown]:
        """Fill the overview and return the mails."""
        text = plain(marked)
        start = find_overview(marked)
        if _THREAD_FROM.search(text):
            shown = _thread_mails(marked[:start])
            anchors = {_anchor(mid): mid for mail in shown for mid in mail.ids("message-id")}
            self.overview = parse_overview(marked[start:], anchors=anchors)
            count = _COUNT.search(text)
            if count and int(count[1]) > max(len(shown), len(self.overview)):
                detail = f"shows {len(shown)} of {count[1]} mails"
                self.problems.append(Defect("page-incomplete", detail))
            return _with_parents(shown, self.overview)
        single = _single_mail(marked[:start])
        names = _NAME.findall(" ".join(map(single.get, ("from", "to", "cc")))) if single else ()
        self.overview = parse_overview(marked[start:], names)
        if single:
            self.overview = _with_own_ids(self.overview, single, plain(marked[start:]))
        elif not self.overview:
            self.problems.append(Defect("page-mail-unreadable", "no mail found on the page"))
        return [single] if single else []


def _anchor(message_id: str) -> str:
    """Return the link that a thread page has for a mail on it."""
    return "#m" + hashlib.sha1(message_id.encode(), usedforsecurity=False).hexdigest()


def _single_mail(marked: str) -> _Shown | None:
    """Read the mail of a page that shows one; ``marked`` ends where the overview starts."""
    parts = [plain(part) for part in marked.split(RULE)]
    first = next((n for n, part in enumerate(parts) if _HEADER.search(part)), None)
    if first is None:
        return None
    last = next((n for n in range(first, len(parts)) if _NAVIGATION.search(parts[n])), first)
    if last > first:  # HTML: the mail is a part of its own, or several with its attachments
        text = "".join(parts[first:last])
    else:
        text = parts[first]
        # Text: the last navigation line is the page's own, and a blank line stands before.
        ends = [found.start() for found in _NAVIGATION.finditer(text)]
        if ends:
            text = text[: ends[-1]].removesuffix("\n")
    found = _HEADER.search(text)
    assert found is not None
    header, _, body = text[found.start() :].partition("\n\n")
    return _Shown(tuple(_fields(header)), body)


def _fields(header: str) -> Iterator[tuple[str, str]]:
    """Split a header, keep its folding, drop what the page added."""
    name, value = "", ""
    for line in [*header.split("\n"), ":"]:
        found = _FIELD.match(line)
        if line[:1] in (" ", "\t") and name:
            value += "\n" + _DECORATION.sub("", line)
        else:
            if name:
                yield name, _BULLET.sub(".", value)
            name, value = (found[1], _DECORATION.sub("", found[2])) if found else ("", "")


def _thread_mails(marked: str) -> list[_Shown]:
    """Read all mails of a thread page."""
    mails: list[_Shown] = []
    title = ""
    lines = iter(marked.replace(RULE, "\n").split("\n"))
    for line in lines:
        text = plain(line)
        if text.startswith("* "):
            title = text[2:]
        found = _THREAD_FROM.match(text)
        if not found:
            continue
        fields = [("From", found[1]), ("Subject", title)]
        fields.append(("Date", _rfc5322_date(f"{found[2]} {found[3]}")))
        link = line.partition(LINK)[2].partition(LABEL)[0]
        if message_id := mid_of(link):
            fields.append(("Message-ID", f"<{message_id}>"))
        header = "\n".join(itertools.takewhile(bool, map(plain, lines)))
        fields += _fields(re.sub("^  ", "", header, flags=re.MULTILINE))
        body = itertools.takewhile(lambda text: not _THREAD_END.match(text), map(plain, lines))
        mails.append(_Shown(tuple(fields), "\n".join(body)))
    return mails


def _rfc5322_date(minute: str) -> str:
    """Return ``YYYY-MM-DD HH:MM`` as a Date header has it; as it is if there is no such day."""
    try:
        when = datetime.strptime(minute, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        return minute
    return format_datetime(when)


def _with_parents(shown: list[_Shown], overview: tuple[OverviewRow, ...]) -> list[_Shown]:
    """Add In-Reply-To from the overview, since a thread page does not show it."""
    parents: dict[str, str] = {}
    for row in overview:
        above = None if row.parent_row is None else overview[row.parent_row].message_id
        if row.message_id and above:
            parents.setdefault(row.message_id, above)
    return [
        mail._replace(fields=(*mail.fields, ("In-Reply-To", f"<{parents[mid]}>")))
        if (mid := next(iter(mail.ids("message-id")), "")) in parents
        else mail
        for mail in shown
    ]


def _with_own_ids(
    overview: tuple[OverviewRow, ...], mail: _Shown, text: str
) -> tuple[OverviewRow, ...]:
    """Fill in the ids that the shown mail tells: its own and that of the row above it."""
    own = this_row(text)
    if own is None:
        return overview
    known = {own: mail.ids("message-id")[:1], overview[own].parent_row: mail.ids("in-reply-to")[:1]}
    return tuple(
        dataclasses.replace(
            row, message_id=row.message_id or next(iter(known.get(row.row, ())), None)
        )
        for row in overview
    )


def _as_bytes(mail: _Shown, kind: str) -> bytes:
    """Write the mail down as RFC 5322 bytes in UTF-8."""
    added = (
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("X-Threadkit-Transcribed", kind),
    )
    header = "".join(f"{name}: {value}\n" for name, value in mail.fields + added)
    return f"{header}\n{mail.body}".encode("utf-8", "replace")

"""The page of a mail: its text with claims, links and anchors, and what lies around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from threadkit.site import mailbox
from threadkit.site.body import Line, Marked, lines
from threadkit.site.frame import page
from threadkit.site.index_of import Index, index_of
from threadkit.site.links import Link, archive, links
from threadkit.site.replying import fetch, mirrors, reply
from threadkit.site.sheets import Sheet, sheets
from threadkit.site.texts import Source, Text
from threadkit.site.thread import place
from threadkit.site.values import Claim, Mail, Page, Place, Site
from threadkit.site.writer import SiteError

if TYPE_CHECKING:
    from markupsafe import Markup

MOST = 40
"""Replies, headers, sources ... that a page lists; it says how many more there are."""

VALUE = 2000
"""Characters of a header that are shown."""

_ROOT = "../"
_CHUNK = 100  # lines written at a time


class Said(NamedTuple):
    """A claim that is made in a mail: where, and the anchor of its words."""

    claim: Claim
    place: Place
    anchor: str


class Listed(NamedTuple):
    """A claim and the lines of a mail where it is made."""

    claim: Claim
    lines: list[int]


class Quoted(NamedTuple):
    """A quotation whose source is known: the line here, the mail, and the line there."""

    line: int
    mail: Mail
    there: int


class _Around:
    """What is near each mail, and said in it: made once for a site."""

    def __init__(self, site: Site) -> None:
        self.known = index_of(site)
        self.replies: dict[str, list[Mail]] = {}
        self.said: dict[tuple[str, int], list[Said]] = {}
        timed = sorted((mail for mail in site.mails if mail.name), key=_when)
        self.before = {id(b): a for a, b in pairwise(timed)}
        self.next = {id(a): b for a, b in pairwise(timed)}
        for mail in timed:
            if mail.parent is not None and not mail.imposter:
                self.replies.setdefault(mail.parent, []).append(mail)
        for claim in site.claims:
            counts: dict[tuple[str, int], int] = {}
            for where in claim.places:
                key = (where.message_id, where.imposter)
                number = counts[key] = counts.get(key, 0) + 1
                anchor = f"claim-{claim.id}" + (f"-{number}" if number > 1 else "")
                found = self.said.setdefault(key, [])
                found.append(Said(claim, where, anchor))


def _when(mail: Mail) -> tuple[bool, str, int]:
    return mail.utc is None, mail.utc or "", mail.order


def pages(site: Site) -> Iterator[Page]:
    """Make the pages of all mails, and the files of mails as they came.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        For each mail in reading order: ``m/NAME.html``, further pages if it is long, and
        ``m/NAME.txt``.

    Raises
    ------
    SiteError
        Words that somebody is said to have written are not in the mail.
    """
    around = _Around(site)
    raw = mailbox.offered(site)
    for mail in site.mails:
        if not mail.name:
            continue
        text = site.text(mail) if mail.seen else None
        if text is None:
            yield Page(mail.page, _frame(site, around, mail, mail.page, None))
            continue
        yield from _text_pages(site, around, mail, text)
        if raw and text.raw:
            yield Page(mail.raw, text.raw)


def _text_pages(site: Site, around: _Around, mail: Mail, text: Text) -> Iterator[Page]:
    said = _said(around, mail, text.body, site.hide_addresses)
    quoted, sources = _quoted(site, around.known, text)
    made = lines(
        text.body,
        text.blocks,
        [_marked(one) for one in said if one.place.stop > one.place.start],
        _apart([*sources, *links(site, around.known, text.body, text.mentions, _ROOT)]),
    )
    count = text.body.count("\n") + (not text.body.endswith("\n"))
    before = ""
    for sheet, after in _with_next(sheets(mail, made)):
        yield Page(
            sheet.path,
            _frame(
                site,
                around,
                mail,
                sheet.path,
                text,
                sheet=sheet,
                pieces=_pieces(sheet.lines),
                lines=count,
                before=before,
                after=after,
                said=_listed(said),
                quoted=quoted,
            ),
        )
        before = sheet.path


def _frame(
    site: Site, around: _Around, mail: Mail, path: str, text: Text | None, **values: object
) -> Iterator[str]:
    known = around.known
    replies = [] if mail.imposter else around.replies.get(mail.message_id, [])
    return page(
        site,
        path,
        "message.html" if text is not None else "message_unseen.html",
        title=mail.subject[:200] or mail.message_id,
        way="thread",
        mail=mail,
        text=text,
        parent=known.mail(mail.parent),
        replies=replies,
        earlier=around.before.get(id(mail)),
        later=around.next.get(id(mail)),
        place=place(site, mail),
        archive=archive(site, mail),
        headers=[] if text is None else _headers(text),
        raw=mailbox.offered(site) and text is not None and bool(text.raw),
        mbox=mailbox.PATH if mailbox.offered(site) else "",
        reply=None if text is None else reply(site, mail, text),
        mirrors=[] if text is None else mirrors(site, text.lists),
        fetch=fetch(mail.message_id),
        most=MOST,
        **values,
    )


def _said(around: _Around, mail: Mail, body: str, hides: bool) -> list[Said]:
    """Return the claims of a mail in the order of its text; their words have to be there."""
    found = around.said.get((mail.message_id, mail.imposter), [])
    for claim, where, _ in found if not hides else ():  # half an address is hidden otherwise
        if where.text and body[where.start : where.stop] != where.text:
            raise SiteError(mail.page, f"does not have the words that claim {claim.id} quotes")
    return sorted(found, key=lambda one: (one.place.start, one.place.stop, one.anchor))


def _listed(said: Sequence[Said]) -> list[Listed]:
    """Gather the places of each claim, in the order of the first."""
    found: dict[str, Listed] = {}
    for claim, where, _ in said:
        lines = found.setdefault(claim.id, Listed(claim, [])).lines
        if where.line and where.line not in lines:
            lines.append(where.line)
    return list(found.values())


def _marked(one: Said) -> Marked:
    title = one.claim.gist or f"claim {one.claim.id}"
    accepted = one.claim.state == "accepted"
    href = _ROOT + one.claim.page
    return Marked(one.place.start, one.place.stop, one.anchor, href, title, accepted)


def _quoted(site: Site, known: Index, text: Text) -> tuple[list[Quoted], list[Link]]:
    """Tell where quotations come from, and make a link of the marks before each."""
    found: list[Quoted] = []
    made: list[Link] = []
    line, counted = 1, 0
    for one in sorted(text.sources):
        mail = known.mail(one.message_id)
        if mail is None or not 0 <= one.start < one.stop <= len(text.body):
            continue
        line += text.body.count("\n", counted, one.start)
        counted = one.start
        found.append(Quoted(line, mail, one.line))
        who = known.person(mail.person).name
        title = f"{who}, line {one.line}" if one.line else who
        start, stop = _quote_marks(text.body, one)
        if start < stop:
            made.append(Link(start, stop, _ROOT + mail.at(one.line), title, outside=False))
    return found, made


def _quote_marks(body: str, one: Source) -> tuple[int, int]:
    """Return the marks at the beginning of a quoted line; its first word if it has none."""
    start = body.rfind("\n", 0, one.start) + 1
    stop = start
    while stop < len(body) and body[stop] in "> ":
        stop += 1
    marks = body[start:stop].rstrip(" ")
    if marks:
        return start + len(marks) - len(marks.lstrip(" ")), start + len(marks)
    while stop < one.stop and not body[stop].isspace():
        stop += 1
    return one.start, max(stop, one.start)


def _apart(found: Sequence[Link]) -> list[Link]:
    """Put links in order, and leave out those over the one before."""
    kept: list[Link] = []
    for one in sorted(found):
        if not kept or one.start >= kept[-1].stop:
            kept.append(one)
    return kept


def _headers(text: Text) -> list[tuple[str, str]]:
    return [
        (name, value if len(value) <= VALUE else f"{value[:VALUE]}…")
        for name, value in text.headers[:MOST]
    ]


def _with_next(sheets: Iterator[Sheet]) -> Iterator[tuple[Sheet, str]]:
    """Pair each sheet with the path of the next; empty for the last."""
    last: Sheet | None = None
    for sheet in sheets:
        if last is not None:
            yield last, sheet.path
        last = sheet
    if last is not None:
        yield last, ""


def _pieces(lines: Sequence[Line]) -> Iterator[Markup]:
    from markupsafe import Markup

    for at in range(0, len(lines), _CHUNK):
        yield Markup("".join(line.html for line in lines[at : at + _CHUNK]))

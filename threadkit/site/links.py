"""Where links of a mail lead: pages of the site first, then the web, never anything that runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from threadkit.mail.links import parse_link
from threadkit.site.index_of import Index
from threadkit.site.texts import Mention
from threadkit.site.values import Mail, Site

OUTSIDE = "noreferrer noopener nofollow"
"""``rel`` of every link that leaves the site."""

_URL = re.compile(r"https?://[^\s<>\"`|\\^]{1,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?'\"*_"
_IN_URL = "!#$%&'()*+,/:;=?@[]~"
_IN_MESSAGE_ID = "@$!*'(),+=:;"


class Link(NamedTuple):
    """Words of a body that lead somewhere: from the top of the site, or to the web."""

    start: int
    stop: int
    href: str
    title: str
    outside: bool


def outside(url: str) -> str | None:
    """Return an address on the web that is safe to link to, or None.

    Parameters
    ----------
    url : str
        Of a stranger.

    Returns
    -------
    str or None
        ``http`` or ``https`` with a host; everything that could end the attribute, hide or
        turn text around is percent-encoded.

    Examples
    --------
    >>> outside("https://example.org/a b?c=d"), outside("JavaScript:alert(1)")
    ('https://example.org/a%20b?c=d', None)
    """
    try:
        parts = urlsplit(url)
        whole = bool(parts.scheme in {"http", "https"} and parts.hostname)
    except ValueError:
        return None
    return quote(url, safe=_IN_URL, errors="replace") if whole else None


def permalink(site: Site, message_id: str) -> str:
    """Return where an archive keeps a mail.

    Parameters
    ----------
    site : Site
        It names the archive.
    message_id : str
        Without brackets; of a stranger.

    Examples
    --------
    >>> from threadkit.site.values import Site
    >>> site = Site("a", "", "", "", [], {}, lambda mail: None)
    >>> permalink(site, "x/../y@z")
    'https://lore.kernel.org/r/x%2F..%2Fy@z/'
    """
    return f"{site.lore}{quote(message_id, safe=_IN_MESSAGE_ID, errors='replace')}/"


def archive(site: Site, mail: Mail) -> str:
    """Return where a mail is kept on the web.

    Parameters
    ----------
    site : Site
        It names the archive.
    mail : Mail
        With an address of its own if it is only known by that.

    Returns
    -------
    str
        Empty if there is nothing safe to link to.
    """
    return outside(mail.url) or "" if mail.url else permalink(site, mail.message_id)


def links(
    site: Site, known: Index, body: str, mentions: Sequence[Mention], root: str
) -> list[Link]:
    """Find all that links can be made of.

    Parameters
    ----------
    site : Site
        What is shown.
    known : Index
        Its mails and commits.
    body : str
        Of a mail.
    mentions : sequence of Mention
        What its author points at.
    root : str
        From the page to the top of the site.

    Returns
    -------
    list of Link
        In the order of the text, none over another: mentions, then addresses on the web in
        quoted text and signatures.
    """
    found: list[Link] = []
    stop = -1
    for one in sorted(mentions, key=lambda one: (one.start, one.stop)):
        if one.start < stop or not 0 <= one.start < one.stop <= len(body):
            continue
        href, title, leaves = _target(site, known, one)
        if href:
            found.append(Link(one.start, one.stop, href if leaves else root + href, title, leaves))
            stop = one.stop
    taken = sorted((one.start, one.stop) for one in mentions)
    web = _web(site, known, body, taken, root) if "://" in body else []
    return sorted([*found, *web]) if web else found


def _target(site: Site, known: Index, one: Mention) -> tuple[str, str, bool]:
    """Return address, title, and whether it leaves the site."""
    if one.kind == "message":
        mail = known.mail(one.value)
        if mail is not None:
            return mail.page, mail.subject, False
        return permalink(site, one.value), "not among these mails", True
    if one.kind == "commit":
        commit = known.commit(one.value)
        return (commit.page, commit.subject, False) if commit else ("", "", False)
    return outside(one.value) or "", one.title, True


def _web(
    site: Site, known: Index, body: str, taken: Sequence[tuple[int, int]], root: str
) -> list[Link]:
    """Find addresses where no mention was found."""
    found = []
    at = 0
    for match in _URL.finditer(body):
        start = match.start()
        url = _trimmed(match[0])
        stop = start + len(url)
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at < len(taken) and taken[at][0] < stop:
            continue
        link = parse_link(url)
        one = Mention(start, stop, link.kind, link.value, "")
        href, title, leaves = _target(site, known, one) if link.kind in _OURS else ("", "", True)
        if not href or leaves:  # as it is written: the form of a stranger's own archive
            href, title, leaves = outside(url) or "", "", True
        if href:
            found.append(Link(start, stop, href if leaves else root + href, title, leaves))
    return found


_OURS = ("message", "commit")


def _trimmed(url: str) -> str:
    """Leave out punctuation of the sentence, and a bracket that was opened before."""
    stop = len(url.rstrip(_TRAILING))
    more = sum(map(url.count, ")]")) - sum(map(url.count, "(["))  # closed, but not opened
    while more > 0 and url[stop - 1] in ")]":
        stop = len(url[: stop - 1].rstrip(_TRAILING))
        more -= 1
    return url[:stop]

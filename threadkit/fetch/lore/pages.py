"""What public-inbox's page of a mail says: the overview of its thread, or what is near.

A page of status 200 shows the mail and the overview. For an id that the inbox has not, the
status is 300, and the page names ids that begin alike and other inboxes that have the mail.
The mailbox of a thread is the truth about it; the overview is the cross-check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urljoin, urlsplit

from threadkit.fetch.markup import marked_text, parsed, plain
from threadkit.fetch.overview import find_overview, mid_of, parse_overview
from threadkit.fetch.source import OverviewRow

_COUNT = re.compile(r"Thread overview: ?(\d{1,9})\+? messages?\b")
_ALONE = re.compile(r"^Thread overview: ?\[no followups\]", re.MULTILINE)
_FIRST_WORD = re.compile(r"(?<=\w)\W")
_OWN_ROW = "#t"
"""The overview's link to the mail that the page shows."""


class HtmlPage(Protocol):
    """The part of a fetched page that is read.

    Attributes
    ----------
    url : str
        Where it came from in the end; its links are relative to this.
    """

    @property
    def url(self) -> str:
        """Where the page came from in the end."""
        ...

    def text(self) -> str:
        """Return the page's HTML."""
        ...


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """What a mail's page says of its thread.

    Attributes
    ----------
    url : str
        Of the page.
    rows : tuple of OverviewRow
        In the order of the page; empty if the mail is alone. A mail that an inbox has in
        several copies has a row for each. The server shows a thousand and no more.
    message_count : int or None
        How many mails the server counts, copies included; None if it does not say.
    near : tuple of str
        Message-IDs that the server offers instead of one that it has not, best first.
    inboxes : tuple of str
        Other inboxes of this server that have the mail that was asked for.
    """

    url: str
    rows: tuple[OverviewRow, ...] = ()
    message_count: int | None = None
    near: tuple[str, ...] = ()
    inboxes: tuple[str, ...] = ()

    @property
    def message_ids(self) -> frozenset[str]:
        """The mails that the rows show, without those that the server has not."""
        return frozenset(row.message_id for row in self.rows if row.message_id and row.date_utc)


def read_thread_page(page: HtmlPage, message_id: str) -> ThreadPage:
    """Read the page of a mail.

    Parameters
    ----------
    page : HtmlPage
        Of status 200 or 300.
    message_id : str
        What was asked for, without brackets.

    Returns
    -------
    ThreadPage
        Either rows and their number, or ids that are near and inboxes.

    Examples
    --------
    >>> class Page:
    ...     url = "https://lore.example.org/lists/two@example.org/"
    ...     def text(self):
    ...         return '''<pre><b>Thread overview: </b>2+ messages
    ... 2020-09-01  7:01 <a href="../one@example.org/">speak</a> Ada Byron
    ... <b>2020-09-01  8:30 ` <a id=r href="#t">Ben Crane [this message]</a></b>
    ... </pre>'''
    >>> found = read_thread_page(Page(), "two@example.org")
    >>> found.message_count, [(row.depth, row.message_id) for row in found.rows]
    (2, [(0, 'one@example.org'), (1, 'two@example.org')])

    Notes
    -----
    A page of 1 MB takes about a second.
    """
    html = page.text()
    marked = marked_text(html)
    overview = marked[find_overview(marked) :]
    if overview:
        count = _COUNT.match(plain(overview))
        rows = parse_overview(overview, anchors={_OWN_ROW: message_id})
        return ThreadPage(page.url, rows, int(count[1]) if count else None)
    if _ALONE.search(plain(marked)):
        return ThreadPage(page.url, message_count=1)
    links = list(_own_links(page.url, html))
    near = dict.fromkeys(name for _, name in links if name != message_id)
    inboxes = dict.fromkeys(inbox for inbox, name in links if inbox and name == message_id)
    return ThreadPage(page.url, near=tuple(near), inboxes=tuple(inboxes))


def read_hits(page: HtmlPage, message_id: str) -> tuple[str, ...]:
    """Return the mails among the results of a search whose ids begin as a given one does.

    Parameters
    ----------
    page : HtmlPage
        Of status 200.
    message_id : str
        Its first word, in any case, is that of the ids to be returned.

    Returns
    -------
    tuple of str
        Message-IDs in the order of the page, each once.
    """
    first = _FIRST_WORD.split(message_id.lower(), maxsplit=1)[0]
    names = dict.fromkeys(name for _, name in _own_links(page.url, page.text()))
    return tuple(name for name in names if name.lower().startswith(first))


def _own_links(url: str, html: str) -> Iterator[tuple[str, str]]:
    """Yield inbox and Message-ID of the links of a page to mails on its own server."""
    server = urlsplit(url).netloc
    for link in parsed(html).find_all("a", href=True):
        try:
            target = urlsplit(urljoin(url, str(link["href"])))
        except ValueError:  # no URL: an address with half a bracket
            continue
        name = mid_of(target.path)
        if target.netloc == server and name is not None:
            yield unquote(target.path.rstrip("/").rpartition("/")[0].rpartition("/")[2]), name

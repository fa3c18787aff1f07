"""The pages that show the conversation as a tree of replies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

from threadkit.mail.subject import parse_subject
from threadkit.site import mailbox
from threadkit.site.frame import page
from threadkit.site.index_of import Index, index_of
from threadkit.site.lanes import lanes
from threadkit.site.links import permalink
from threadkit.site.names import file_name
from threadkit.site.render import plain
from threadkit.site.tree import Row, groups, speakers
from threadkit.site.values import Claim, Mail, Page, Site

BUDGET = 190_000
"""About how many bytes of rows one page has; the frame and the lanes have the rest of 300 KB."""

FOLDED = 4
"""Messages of a side discussion that can be folded away."""

EXCERPT = 140
SUBJECT = 200
TAGS = 12
"""Characters of a row that are shown, and how many claims and how many commits."""

_NOT_IN_ID = re.compile(r"[^A-Za-z0-9-]")
_ROW = 320  # bytes of a row without the words of people
_TAG = 160
_TITLES = ("Messages", "Placed here by their subject alone", "Before and after")


class Item(NamedTuple):
    """A row with what surrounds it: ``closes`` and ``opens`` name the tags before it.

    ``around`` are mails that a page which begins in the middle of side discussions repeats;
    ``heading`` is the title of the group that begins here; ``who`` names the people of the
    side discussion that begins here, if it can be folded.
    """

    row: Row
    closes: tuple[str, ...]
    opens: str
    heading: str = ""
    around: tuple[Mail, ...] = ()
    who: str = ""
    after: str = ""
    titled: bool = False


class Leaf(NamedTuple):
    """One page of the thread: its path, rows, and the tags to close at its end."""

    path: str
    items: list[Item]
    ends: tuple[str, ...]


def anchor(mail: Mail) -> str:
    """Return the anchor of a mail on the page of the thread that shows it.

    Parameters
    ----------
    mail : Mail
        With a page or without one.

    Returns
    -------
    str
        Letters, digits, ``-`` and ``_``: what else a name has is ``_`` and two digits.
    """
    name = mail.name or file_name(mail.message_id)
    return "m-" + _NOT_IN_ID.sub(lambda found: f"_{ord(found.group()):02x}", name)


def place(site: Site, mail: Mail) -> str:
    """Return where the thread shows a mail, from the top of the site.

    Parameters
    ----------
    site : Site
        What is shown.
    mail : Mail
        One of its mails.

    Returns
    -------
    str
        Path and anchor.
    """
    return f"{_laid_out(site).paths[id(mail)]}#{anchor(mail)}"


def pages(site: Site) -> Iterator[Page]:
    """Make the pages of the thread.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        ``thread.html``, ``thread-2.html`` ...; each a run of the reading order.
    """
    leaves = _laid_out(site).leaves
    talk = [mail for mail in site.mails if mail.where == "thread"]
    for number, leaf in enumerate(leaves):
        yield Page(
            leaf.path,
            page(
                site,
                leaf.path,
                "thread.html",
                title="Thread" if number == 0 else f"Thread, page {number + 1}",
                way="thread",
                leaf=leaf,
                number=number + 1,
                leaves=leaves,
                talk=talk,
                writers=len({mail.person for mail in talk if mail.person}),
                drawn=lanes(site) if number == 0 else None,
                lore=permalink(site, site.root),
                mbox=mailbox.PATH if mailbox.offered(site) else "",
                anchor=anchor,
                said=_said,
                limits={"excerpt": EXCERPT, "subject": SUBJECT, "tags": TAGS},
            ),
        )


def after(earlier: str | None, later: str | None) -> str:
    """Tell how long a reply took.

    Parameters
    ----------
    earlier, later : str or None
        ISO 8601 with Z; of the parent and of the reply.

    Returns
    -------
    str
        ``after 3 h``; ``dated 2 min before it`` where clocks were wrong; empty if it is not known
        or shorter than half a minute, as in a series.

    Examples
    --------
    >>> after("2020-09-01T07:01:35Z", "2020-09-01T10:11:00Z")
    'after 3 h'
    >>> after("2020-09-01T07:01:35Z", "2022-02-16T16:59:00Z")
    'after 18 months'
    """
    if not earlier or not later or len(earlier) < 11 or len(later) < 11:
        return ""
    seconds = (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
    if abs(seconds) < 30:
        return ""
    length = _length(abs(seconds))
    return f"dated {length} before it" if seconds < 0 else f"after {length}"


def _length(seconds: float) -> str:
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.0f} h"
    days = seconds / 86400
    return f"{days:.0f} days" if days < 60 else f"{days / 30.44:.0f} months"


class _Layout(NamedTuple):
    leaves: list[Leaf]
    paths: dict[int, str]  # by identity of the mail


def _laid_out(site: Site) -> _Layout:
    found = _LAST.get(id(site))
    if found is None or found[0] is not site:
        _LAST.clear()  # one site is built at a time
        leaves = list(_leaves(site))
        paths = {id(item.row.mail): leaf.path for leaf in leaves for item in leaf.items}
        found = _LAST[id(site)] = (site, _Layout(leaves, paths))
    return found[1]


_LAST: dict[int, tuple[Site, _Layout]] = {}


def _leaves(site: Site) -> Iterator[Leaf]:
    """Cut the rows into pages of bounded size."""
    known = index_of(site)
    number = 1
    items: list[Item] = []
    size = 0
    lists = _Lists()
    above: list[Mail] = []  # the mail of each level that was written last
    for title, rows in zip(_TITLES, groups(site.mails), strict=True):
        for at, row in enumerate(rows):
            weight = _weight(row.mail, known)
            if items and size + weight > BUDGET:
                yield Leaf(_path(number), items, lists.end())
                items, size = [], 0
                number += 1
            fresh = not items
            item = _item(known, lists, rows, at, fresh)
            if fresh or not at:
                item = item._replace(
                    heading=title if not at else f"{title}, continued",
                    around=tuple(above[: row.level]) if fresh else (),
                )
            items.append(item)
            size += weight
            above[row.level :] = [row.mail]
    yield Leaf(_path(number), items, lists.end())


def _path(number: int) -> str:
    return "thread.html" if number == 1 else f"thread-{number}.html"


def _weight(mail: Mail, known: Index) -> int:
    """Estimate the bytes of a row from above."""
    claims = [one for key in mail.claims[:TAGS] if (one := known.claim(key)) is not None]
    commits = [known.commit(sha) for sha in mail.commits[:TAGS]]
    words = [mail.excerpt[:EXCERPT], mail.subject, known.person(mail.person).name]
    words += [_said(one) for one in claims]
    words += [one.subject for one in commits if one is not None]
    tags = _TAG * (len(claims) + len(commits))
    return _ROW + 3 * len(mail.name) + sum(map(_bytes, words)) + tags


def _bytes(words: str) -> int:
    short = plain(words[:SUBJECT])[:SUBJECT]
    return len(escape(short).encode("utf-8", "replace"))


def _said(claim: Claim) -> str:
    return claim.gist or (claim.places[0].text if claim.places else "")


class _Lists:
    """Which lists are open, from the outermost: True where one is in a fold."""

    def __init__(self) -> None:
        self._open: list[bool] = []
        self._above: list[Mail] = []  # the mail of each open list that was written last

    def before(self, row: Row, *, folded: bool, fresh: bool) -> tuple[tuple[str, ...], str]:
        """Return the tags to close before a row, and what to open."""
        if fresh:  # a page begins: what was open was closed at the end of the page before
            self._open = [False] * (row.level + 1)
            return (), "list"
        closes = self._down_to(row.level if row.begins else row.level + 1)
        if not row.begins:
            return (*closes, "li"), ""
        self._open.append(folded)
        return closes, "fold" if folded else "list"

    def end(self) -> tuple[str, ...]:
        """Close all."""
        return self._down_to(0)

    def _down_to(self, level: int) -> tuple[str, ...]:
        closes: list[str] = []
        while len(self._open) > level:
            closes += ("li", "fold" if self._open.pop() else "list")
        return tuple(closes)


def _item(known: Index, lists: _Lists, rows: Sequence[Row], at: int, fresh: bool) -> Item:
    """Say what stands around a row, and what of it is worth telling."""
    row = rows[at]
    folded = row.begins and row.level > 0 and row.branch >= FOLDED and not fresh
    closes, opens = lists.before(row, folded=folded, fresh=fresh)
    parent = known.mail(row.mail.parent)
    return Item(
        row,
        closes,
        opens,
        who=speakers(rows[at : at + row.branch], lambda key: known.person(key).name)
        if folded
        else "",
        after=after(parent.utc, row.mail.utc) if parent else "",
        titled=parent is None or _title(parent) not in {"", _title(row.mail)},
    )


def _title(mail: Mail) -> str:
    return parse_subject(mail.subject[:1000]).key

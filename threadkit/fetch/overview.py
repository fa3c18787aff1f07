r"""The thread overview at the end of a lore page, row by row.

A row is ``DATE INDENT` SUBJECT AUTHOR``: the date to the minute in UTC (or ``[not found]``),
two spaces for each level below the first reply, a back quote unless the row is a root.
The subject is left out where it repeats the row before; in HTML the link ends where the
subject does, in plain text only the names tell where the author starts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

from threadkit.fetch.markup import END, LABEL, LINK, plain
from threadkit.fetch.source import OverviewRow

_HEAD = re.compile(r"^Thread overview: ?(\d+)\+? messages?\b", re.MULTILINE)
_ROW = re.compile(r"(?:(\d{4}-\d\d-\d\d) ([ \d]\d:\d\d)| {5}\[not found\]) ((?:  )*)(` )?(.*)")
_LOOSE = re.compile(r"^-- .*loose matches on Subject")
_SUBJECTS = 100  # enough for any thread; keeps hostile pages linear
_THIS = " [this message]"
_LINKED = re.compile(f"{LINK}([^{LABEL}]*){LABEL}([^{END}]*){END}")
_NAME = re.compile(r"[^\W\d_][^\s\[\]:()\"]*(?: [^\s\[\]:()\"]+){0,3}")
_TAGS = re.compile(r"^(?:\[[^\]]*\]\s*)+")


class _Raw(NamedTuple):
    """A row as written: ``link`` is its target, ``label`` the linked text."""

    depth: int
    date_utc: str | None
    loose: bool
    this: bool
    link: str
    label: str
    rest: str


def mid_of(link: str) -> str | None:
    """Return the Message-ID that a lore link names, without its escapes.

    Examples
    --------
    >>> mid_of("../a%2Fb@example.org/T/#u"), mid_of("../new.atom")
    ('a/b@example.org', None)
    """
    for part in link.partition("#")[0].partition("?")[0].split("/"):
        if "@" in part and part:
            return unquote(part)
    return None


def find_overview(marked: str) -> int:
    """Return where the overview starts in a page's marked text; its length if there is none."""
    starts = [found.start() for found in _HEAD.finditer(marked)]
    return starts[-1] if starts else len(marked)


def this_row(text: str) -> int | None:
    """Return the number of the row that is the page's own message, if there is one."""
    return next((n for n, row in enumerate(_rows(text)) if row.this), None)


def parse_overview(
    marked: str,
    names: Iterable[str] = (),
    anchors: Mapping[str, str] = MappingProxyType({}),
) -> tuple[OverviewRow, ...]:
    r"""Read the rows of an overview.

    Parameters
    ----------
    marked : str
        The text from the overview's headline on, with or without links.
    names : iterable of str
        People known from the page's headers; they tell subject from author in plain text.
    anchors : mapping
        From a link inside the page to the Message-ID of the mail there.

    Returns
    -------
    tuple of OverviewRow
        In the order of the page, with left-out subjects filled in from the row before.
        ``parent_row`` is the nearest row above that is one level less deep.

    Examples
    --------
    >>> text = '''Thread overview: 3+ messages
    ... 2020-09-01  7:01 [PATCH] speak Ada Byron
    ... 2020-09-01  8:30 ` Ben Crane
    ... 2020-09-01  9:12   ` Ada Byron [this message]
    ... '''
    >>> for row in parse_overview(text):
    ...     print(row.depth, row.parent_row, row.date_utc, row.subject, "/", row.author)
    0 None 2020-09-01T07:01Z [PATCH] speak / Ada Byron
    1 0 2020-09-01T08:30Z [PATCH] speak / Ben Crane
    2 1 2020-09-01T09:12Z [PATCH] speak / Ada Byron

    Notes
    -----
    Linear in the rows.
    """
    return _placed(_rows(marked), names, anchors)


def _rows(marked: str) -> list[_Raw]:
    rows: list[_Raw] = []
    loose = False
    for line in marked.split("\n"):
        bare = plain(line)
        found = _ROW.match(bare)
        if found is None:
            if _LOOSE.match(bare):
                loose = True
            elif rows and not bare.startswith("--"):
                break
            continue
        linked = _LINKED.search(line)
        label, rest = (linked[2], plain(line[linked.end() :])) if linked else ("", found[5])
        this = bare.rstrip().endswith(_THIS)
        date = f"{found[1]}T{found[2].replace(' ', '0')}Z" if found[1] else None
        depth = len(found[3]) // 2 + 1 if found[4] else 0
        link = linked[1] if linked else ""
        rows.append(_Raw(depth, date, loose, this, link, _unmarked(label), _unmarked(rest)))
    return rows


def _unmarked(text: str) -> str:
    return text.strip().removesuffix(_THIS.strip()).rstrip()


def _placed(
    rows: Sequence[_Raw], names: Iterable[str], anchors: Mapping[str, str]
) -> tuple[OverviewRow, ...]:
    """Give every row its parent, subject, author and Message-ID."""
    known = _known_names(rows, names)
    strict = _strict_rows(rows)
    placed: list[OverviewRow] = []
    path: list[int] = []  # the row at each depth above the next one
    subject = ""
    subjects: dict[str, None] = {}
    for number, row in enumerate(rows):
        del path[row.depth :]
        parent = path[-1] if path else None
        path += [number] * (row.depth + 1 - len(path))
        message_id = anchors.get(row.link) or mid_of(row.link)
        if row.date_utc is None:
            message_id = message_id or (row.rest or row.label).strip("<> ") or None
            shown, author = "", ""
        else:
            written, author = _split(row, known, subjects)
            shown = subject = _filled(written, subject)
            subjects.setdefault(shown)
        match = "strict" if number in strict else "loose"
        placed.append(
            OverviewRow(number, row.depth, parent, row.date_utc, author, shown, message_id, match)
        )
    return tuple(placed)


def _strict_rows(rows: Sequence[_Raw]) -> range:
    """Return the rows that References connect; further roots are there for their subject.

    They are the rows above the line about loose matches, or without such a line the tree
    that holds the page's own message.
    """
    loose = next((n for n, row in enumerate(rows) if row.loose), None)
    if loose is not None:
        return range(loose)
    own = next((n for n, row in enumerate(rows) if row.this), 0)
    roots = [n for n, row in enumerate(rows) if row.depth == 0 or n == 0]
    first = max((n for n in roots if n <= own), default=0)
    return range(first, min((n for n in roots if n > own), default=len(rows)))


def _known_names(rows: Sequence[_Raw], names: Iterable[str]) -> Counter[str]:
    """Count who writes here: names of the page twice, rows that hold only a name once."""
    known = Counter[str]()
    for name in names:
        known[name] += 2
    for row in rows:
        if row.date_utc and not row.label and row.depth and _NAME.fullmatch(row.rest):
            known[row.rest] += 1
    return known


def _split(row: _Raw, known: Counter[str], subjects: Iterable[str]) -> tuple[str, str]:
    """Tell the written subject (empty if left out) from the author."""
    if row.label:
        if row.rest.startswith('" '):
            return f'{row.label} "', row.rest.removeprefix('" ')
        return (row.label, row.rest) if row.rest else ("", row.label)
    subject, quoted, author = row.rest.rpartition(' " ')
    if quoted:
        return f'{subject} "', author
    words = row.rest.split(" ")
    ends = [
        (known[end], n, end) for n in range(len(words)) if (end := " ".join(words[n:])) in known
    ]
    if ends:
        _, start, author = max(ends, key=lambda end: (end[0], -end[1]))
        return " ".join(words[:start]), author
    for subject in islice(subjects, _SUBJECTS):
        if subject and row.rest.startswith(f"{subject} "):
            return subject, row.rest.removeprefix(f"{subject} ")
    return " ".join(words[:-2]), " ".join(words[-2:])


def _filled(written: str, before: str) -> str:
    """Fill in what a row left out because the row before it says the same."""
    written = written.replace("\n", " ")
    if not written:
        return before
    if not written.endswith(' "'):
        return written
    start = written.removesuffix(' "')
    same = _TAGS.sub("", before) if start.endswith("]") else ""
    return f"{start} {same or before.split(' ', start.count(' ') + 1)[-1]}"

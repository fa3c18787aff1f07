"""The language of searches, as lore.kernel.org has it, into a small tree.

Words and phrases
    ``cow fork`` finds mails with both words, ``"page fault"`` the words in this order,
    ``unshar*`` any word that begins so. Identifiers and paths are kept whole:
    ``page_count``, ``do_wp_page()`` and ``mm/memory.c`` mean just these. Case and
    accents do not matter; English endings do not either (``forks`` finds ``forked``).

Combining
    ``AND`` (understood where nothing stands), ``OR``, ``NOT`` in capitals, parentheses,
    ``-word`` for "without". ``OR`` binds least.

Where
    ``s:`` subject, ``b:`` body, ``nq:`` own words only, ``q:`` quoted words only,
    ``bs:`` subject and body. Without one of these: anywhere.

Who
    ``f:`` sender, ``t:`` To, ``c:`` Cc, ``tc:`` either, ``a:`` all three. A part of the
    name or of the address, at word borders: ``f:hugh``, ``f:google.com``.
    ``person:`` sender, under any of the addresses known to be theirs.

When
    ``d:2020-08..2020-09`` from the first of August to the end of September, by the
    sender's clock; ``d:2020-08-31``, ``d:20200801..``, ``d:..2020``, ``d:last.week..``,
    ``d:2.weeks.ago..`` too. ``rt:`` is the same by the clock of the receiver.

What
    ``dfn:`` a file that a patch changes, ``patchid:`` a patch, ``mid:`` a Message-ID,
    ``l:`` a mailing list, ``n:`` the name of an attachment, ``cites:`` a commit, bug or
    Message-ID that the mail points at, and the trailers ``reviewed-by:``, ``acked-by:``
    (any ``...-by:``), ``fixes:``, ``link:``, ``closes:``.

A value with spaces stands in quotes (``s:"page fault"``); a prefix may stand before
parentheses (``s:(cow OR fork)``). Another word before a colon is just text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from threadkit.errors import QueryError
from threadkit.store.search_dates import span

TEXT_PREFIXES = {
    "s": ("subject",),
    "b": ("own", "quoted"),
    "nq": ("own",),
    "q": ("quoted",),
    "bs": ("subject", "own", "quoted"),
}
"""Prefix -> columns of the full-text index."""

FIELD_PREFIXES = frozenset(
    ("f", "t", "c", "tc", "a", "person", "dfn", "patchid", "mid", "m", "l", "n", "cites")
)
"""Prefixes that look at a table instead of the text."""

DATE_PREFIXES = {"d": "date_utc", "rt": "received_utc"}
"""Prefix -> column of ``message``."""

MAX_LENGTH = 10_000
MAX_TERMS = 100
MAX_DEPTH = 12
"""FTS5's own parser gives up at about 30 levels."""

_PREFIX = re.compile(r"([a-z]+(?:-[a-z]+)*):")
_TRAILER = re.compile(r"[a-z]+(?:-[a-z]+)*-by|fixes|link|closes")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """Words in this order in one of ``columns`` (none: in any)."""

    words: str
    columns: tuple[str, ...]
    prefix: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A prefix of :data:`FIELD_PREFIXES`, or a trailer's name in lower case."""

    name: str
    value: str
    prefix: bool

    @property
    def is_trailer(self) -> bool:
        """Whether ``name`` is a trailer's."""
        return _TRAILER.fullmatch(self.name) is not None


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until before ``stop``, ISO 8601 with Z; None is open."""

    column: str
    start: str | None
    stop: str | None


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    item: Node


Node = Text | Field | Period | And | Or | Not


def parse(query: str, now: datetime | None = None) -> Node:
    """Read a search.

    Parameters
    ----------
    query : str
        As the user typed it; see the module's description.
    now : datetime, optional
        What ``d:last.week..`` counts from, in UTC.

    Returns
    -------
    Node
        The tree.

    Raises
    ------
    QueryError
        With the position of the trouble and what would be right.

    Examples
    --------
    >>> parse('s:"page fault" -f:hugh')  # doctest: +NORMALIZE_WHITESPACE
    And(items=(Text(words='page fault', columns=('subject',), prefix=False),
               Not(item=Field(name='f', value='hugh', prefix=False))))
    >>> parse("cow OR")
    Traceback (most recent call last):
    threadkit.errors.QueryError: 'cow OR': OR needs something after it at character 5

    Notes
    -----
    Linear in the length of the query, which may have 100 terms and 12 levels.

    References
    ----------
    The help page of any public-inbox, ``/_/text/help/``.
    """
    return _Parser(query, now or datetime.now(UTC)).whole()


def searchable(text: str) -> bool:
    """Tell whether the full-text index has anything to look for in a text.

    Parameters
    ----------
    text : str
        A word or phrase.

    Returns
    -------
    bool
        True if it has a letter, a digit or an underscore.

    Examples
    --------
    >>> searchable("do_wp_page()"), searchable("->")
    (True, False)
    """
    return any(char == "_" or unicodedata.category(char)[0] in "LN" for char in text)


class _Parser:
    """Recursive descent over one query; ``at`` is the next character."""

    def __init__(self, query: str, now: datetime) -> None:
        self.query = query
        self.now = now
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.inner = 0  # parentheses opened inside words, as in "do_fork(a, b)"

    def error(self, why: str, position: int) -> QueryError:
        """Make the error that names this place of the query."""
        return QueryError(self.query, why, position)

    def whole(self) -> Node:
        """Read all of the query."""
        bad = next((n for n, char in enumerate(self.query) if "\ud800" <= char <= "\udfff"), None)
        if bad is not None:
            raise self.error("a character that is not Unicode", bad)
        if len(self.query) > MAX_LENGTH:
            raise QueryError(self.query, f"longer than {MAX_LENGTH} characters")
        found = self.either("")
        if self.at < len(self.query):
            raise self.error("a closing parenthesis with none open; quote it to mean it", self.at)
        if found is None:
            raise self.error("nothing to search for; give a word, or a prefix such as f:name", 0)
        return found

    def skip(self) -> None:
        """Step over white space."""
        while self.at < len(self.query) and self.query[self.at].isspace():
            self.at += 1

    def operator(self, *names: str) -> str | None:
        """Step over one of the words AND, OR, NOT if it stands here."""
        self.skip()
        for name in names:
            end = self.at + len(name)
            if self.query.startswith(name, self.at) and (
                end == len(self.query) or self.query[end].isspace() or self.query[end] in "()"
            ):
                self.at = end
                return name
        return None

    def either(self, field: str) -> Node | None:
        """Read ``every OR every ...``; ``field`` is the prefix before the parenthesis."""
        items = [self.every(field)]
        while self.operator("OR"):
            position = self.at - len("OR")
            if self.ended():
                raise self.error("OR needs something after it", position)
            items.append(self.every(field))
        kept = tuple(item for item in items if item is not None)
        return kept[0] if len(kept) == 1 else Or(kept) if kept else None

    def ended(self) -> bool:
        """Tell whether the query or the parenthesis ends here."""
        self.skip()
        return self.at >= len(self.query) or self.query[self.at] == ")"

    def every(self, field: str) -> Node | None:
        """Read ``unary AND unary ...``; AND may be left out."""
        items: list[Node] = []
        leading = self.operator("OR", "AND")
        if leading:
            raise self.error(f"{leading} needs something before it", self.at - len(leading))
        while not self.ended():
            position = self.at
            if self.operator("AND"):
                if self.ended():
                    raise self.error("AND needs something after it", position)
                continue
            if self.operator("OR"):
                self.at = position
                break
            item = self.unary(field)
            if item is not None:
                items.append(item)
        return items[0] if len(items) == 1 else And(tuple(items)) if items else None

    def unary(self, field: str) -> Node | None:
        """Read a term, with any NOT, ``-`` or ``+`` before it."""
        self.skip()
        position = self.at
        negative = False
        while self.operator("NOT"):
            negative = not negative
            if self.ended():
                raise self.error("NOT needs something after it", position)
        sign = self.query[self.at]
        following = self.query[self.at + 1 : self.at + 2]
        # "--oneline" is text, and so is a dash that stands alone.
        if sign in "-+" and following and not following.isspace() and following not in "-+)":
            self.at += 1
            negative ^= sign == "-"
        item = self.term(field)
        return Not(item) if negative and item is not None else item

    def term(self, field: str) -> Node | None:
        """Read a word, a phrase or a group, with its prefix if it has one."""
        position = self.at
        match = None if field else _PREFIX.match(self.query, self.at)
        if match and _known(match.group(1)):
            field = match.group(1)
            self.at = match.end()
        if self.query.startswith("(", self.at):
            return self.group(field)
        if self.query.startswith('"', self.at):
            value, prefix = self.quoted()
        else:
            value, prefix = self.word()
        if match and field == match.group(1) and not value.strip():
            raise self.error(f"{field}: needs a value right after it", position)
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise self.error(f"more than {MAX_TERMS} terms", position)
        return self.leaf(field, value, prefix, position)

    def group(self, field: str) -> Node | None:
        """Read what stands in parentheses."""
        position = self.at
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error("parentheses nested too deeply", position)
        self.at += 1
        found = self.either(field)
        if not self.query.startswith(")", self.at):
            raise self.error("this parenthesis is never closed", position)
        self.at += 1
        self.depth -= 1
        return found

    def quoted(self) -> tuple[str, bool]:
        """Read what stands in quotes, and whether it is a beginning (``"..."*``)."""
        end = self.query.find('"', self.at + 1)
        if end < 0:
            raise self.error("this quote is never closed", self.at)
        value = self.query[self.at + 1 : end]
        self.at = end + 1
        if self.query.startswith("*", self.at):
            self.at += 1
            return value, True
        return value.removesuffix("*"), value.endswith("*")

    def word(self) -> tuple[str, bool]:
        """Read up to white space, or to a parenthesis closed that the word did not open."""
        start = self.at
        while self.at < len(self.query):
            char = self.query[self.at]
            if char.isspace() or (char == ")" and not self.inner):
                break
            self.inner += (char == "(") - (char == ")")
            self.at += 1
        value = self.query[start : self.at]
        return value.rstrip("*"), value.endswith("*")

    def leaf(self, field: str, value: str, prefix: bool, position: int) -> Node | None:
        """Make the node of a term; None for punctuation, which no index holds."""
        value = _SPACE.sub(" ", _CONTROL.sub(" ", value)).strip()
        if field in DATE_PREFIXES:
            return self.period(field, value, position)
        if field in FIELD_PREFIXES or (field and field not in TEXT_PREFIXES):
            if not value:
                raise self.error(f"{field}: needs a value right after it", position)
            return Field("mid" if field == "m" else field, value, prefix)
        if not searchable(value):
            return None
        return Text(value, TEXT_PREFIXES.get(field, ()), prefix)

    def period(self, field: str, value: str, position: int) -> Period:
        """Make the node of a range of dates."""
        first, dots, last = value.partition("..")
        try:
            start = span(first, self.now) if first else None
            stop = (span(last, self.now) if last else None) if dots else start
        except ValueError as error:
            why = f"{field}: needs dates such as 2020-08..2020-09 or last.week.. ({error})"
            raise self.error(why, position) from error
        if not start and not stop:
            raise self.error(f"{field}: needs a date on one side of the dots", position)
        if not dots and start and start[0] == start[1]:  # a point in time: its day
            start = stop = span(start[0].strftime("%Y%m%d"), self.now)
        low = start[0] if start else None
        high = stop[1] if stop else None
        if low and high and low >= high:
            raise self.error(f"{field}: ends before it begins", position)
        return Period(DATE_PREFIXES[field], _iso(low), _iso(high))


def _known(prefix: str) -> bool:
    return (
        prefix in TEXT_PREFIXES
        or prefix in FIELD_PREFIXES
        or prefix in DATE_PREFIXES
        or _TRAILER.fullmatch(prefix) is not None
    )


def _iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"

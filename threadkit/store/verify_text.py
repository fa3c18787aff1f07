"""The part of a verification that looks into texts: blocks, spans and quotes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence

from threadkit.mail.block import Block
from threadkit.mail.quotemarks import content_spans
from threadkit.store.finding import Finding
from threadkit.store.parts import blocks
from threadkit.store.read import body

_SPANS = (
    ("trailer", "SELECT position, start, stop FROM trailer WHERE message = ?"),
    ("citation", "SELECT position, start, stop FROM citation WHERE message = ?"),
)
_QUOTES = """
SELECT block, part, start, stop, source, source_start, source_stop, method FROM quote
WHERE message = ? ORDER BY block, part
"""

_MARKS = re.compile(r"^[ >|]*[>|] ?")

_Quote = tuple[int, int, int, int, int | None, int | None, int | None, str]


def texts(conn: sqlite3.Connection) -> Iterator[Finding | None]:
    """Check every text and what points into it.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.

    Yields
    ------
    Finding or None
        What is wrong; None after each text.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> list(texts(db.conn))
    []
    >>> db.close()

    Notes
    -----
    One text and the source of one quote are in memory at a time.
    """
    for row, text in conn.execute("SELECT message, text FROM body"):
        covering = blocks(conn, row)
        yield from _blocks(row, text, covering)
        for table, query in _SPANS:
            for position, start, stop in conn.execute(query, (row,)):
                if not 0 <= start <= stop <= len(text):
                    yield Finding("span-outside", table, row, f"{position}: {start} to {stop}")
        quotes: list[_Quote] = conn.execute(_QUOTES, (row,)).fetchall()
        if quotes:
            yield from _quotes(conn, row, text, covering, quotes)
        yield None


def _blocks(row: int, text: str, covering: Sequence[Block]) -> Iterator[Finding]:
    at = 0
    for number, block in enumerate(covering):
        if block.start != at or block.stop <= block.start:
            yield Finding(
                "blocks-gap", "block", row, f"{number}: begins at {block.start}, not {at}"
            )
            return
        at = block.stop
    if at != len(text):
        yield Finding("blocks-gap", "block", row, f"they end at {at} of {len(text)}")


def _quotes(
    conn: sqlite3.Connection,
    row: int,
    text: str,
    covering: Sequence[Block],
    quotes: Sequence[_Quote],
) -> Iterator[Finding]:
    before = (-1, 0)  # block and stop of the part before this one
    for quote in quotes:
        number, part, start, stop, source, source_start, source_stop, _ = quote
        name = f"{number}.{part}: {start} to {stop}"
        if not 0 <= number < len(covering) or covering[number].kind != "quote":
            yield Finding("quote-no-block", "quote", row, name)
            continue
        block = covering[number]
        if not block.start <= start <= stop <= block.stop:
            yield Finding("span-outside", "quote", row, name)
            continue
        if number == before[0] and start < before[1]:
            yield Finding("quote-overlap", "quote", row, name)
        before = (number, stop)
        found = source is not None
        if found == quote[7].startswith("not-found") or found != (
            source_start is not None and source_stop is not None
        ):
            yield Finding("quote-source", "quote", row, f"{name}: {quote[7]}")
        elif found:
            yield from _source(conn, row, text, block, quote)


def _source(
    conn: sqlite3.Connection, row: int, text: str, block: Block, quote: _Quote
) -> Iterator[Finding]:
    number, part, start, stop, source, low, high, method = quote
    assert source is not None
    assert low is not None
    assert high is not None
    origin = body(conn, source)
    name = f"{number}.{part}: message {source}, {low} to {high}"
    if not 0 <= low <= high <= len(origin):
        yield Finding("span-outside", "quote", row, name)
        return
    via, _, kind = method.rpartition(":")
    if kind not in ("verbatim", "white-space", "rewrapped"):
        return
    said = _said(text, [block], start, stop)
    meant = _said(origin, blocks(conn, source), low, high) if via else origin[low:high]
    same = _words(said) == _words(meant)
    if kind == "verbatim":
        same = _lines(said) == _lines(meant)
    if not same:
        yield Finding("quote-differs", "quote", row, f"{name}: not {method}")


def _lines(text: str) -> str:
    """Take quote marks off lines (a guess may have taken off too many) and blank lines off ends.

    A line of marks and blanks alone is blank.
    """
    lines = (_MARKS.sub("", line.rstrip()) for line in text.split("\n"))
    return "\n".join(line if line.strip("> \t\xa0") else "" for line in lines).strip("\n")


def _words(text: str) -> str:
    return "".join(text.replace(">", " ").replace("|", " ").split())


def _said(text: str, covering: Sequence[Block], start: int, stop: int) -> str:
    """Cut a span out of a text without its quote marks."""
    lines: list[str] = []
    for block in covering:
        if block.start < stop and block.stop > start:
            lines += [
                text[max(low, start) : min(high, stop)]
                for low, high in content_spans(text, block)
                if low <= stop and high >= start
            ]
    return "\n".join(lines)

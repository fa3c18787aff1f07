r"""Rows as text: one set of output forms for every command that lists something.

On a terminal a table fitted to its width; in a pipe TAB-separated values, never cut. One
row is always one line: in TAB-separated values a tab, line end or backslash inside a
value is written ``\t``, ``\n``, ``\r``, ``\\``, which loses nothing (as PostgreSQL's COPY).

Off a terminal TAB- and comma-separated values are data, as the mails have it: control
characters stay, and so does a leading ``=`` or ``+``, which a spreadsheet takes for a
formula unless it imports the column as text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import isinf
from typing import Literal

import click

from threadkit.cli.console import Console
from threadkit.pipeline.display import fit, one_line, width

Format = Literal["table", "tsv", "csv", "json", "nl"]
Cell = str | int | float | bytes | None
Row = Sequence[Cell]

FORMAT_VERSION = 1
"""Of the JSON objects that commands print; grows when a key changes its meaning."""

_SAMPLE = 1000
_LEAST = 6
_GAP = "  "
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T[\d:]+Z")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Listing:
    """What the output options of a list command ask for.

    Attributes
    ----------
    format : Format or None
        None: a table on a terminal, TAB-separated values in a pipe.
    headers : bool
        False after ``--no-headers``.
    columns : tuple of str
        Names in the order wanted; empty for all.
    limit : int or None
        Rows to show; None for all.
    """

    format: Format | None
    headers: bool
    columns: tuple[str, ...]
    limit: int | None

    def show_each(
        self,
        console: Console,
        columns: Sequence[str],
        *,
        values: Iterable[object],
        lines: Iterable[str],
        rows: Iterable[Row],
    ) -> None:
        """Print findings that a terminal and JSON show whole, and a table as rows.

        Parameters
        ----------
        console : Console
            Where to.
        columns : sequence of str
            Names of all columns that the rows have.
        values : iterable
            For JSON; one value a finding.
        lines : iterable of str
            For reading on a terminal.
        rows : iterable of sequences
            For tables. Only one of the three is consumed.

        Raises
        ------
        click.UsageError
            ``--columns`` names a column that is not there.
        """
        if self.format in ("json", "nl") and not self.columns:
            told = [dump(console, one) for one in values]
            console.write(in_array(told) if self.format == "json" else told)
        elif console.tty and self.format is None and not self.columns:
            console.write(lines)
        else:
            self.show(console, columns, rows)

    def show(
        self,
        console: Console,
        columns: Sequence[str],
        rows: Iterable[Row],
        *,
        on_terminal: tuple[str, ...] = (),
    ) -> int:
        """Print rows in the form asked for.

        Parameters
        ----------
        console : Console
            Where to.
        columns : sequence of str
            Names of all columns that the rows have.
        rows : iterable of sequences
            Consumed as they are printed.
        on_terminal : tuple of str, optional
            The columns that a terminal has room for, unless others are asked for.

        Returns
        -------
        int
            Rows printed.

        Raises
        ------
        click.UsageError
            ``--columns`` names a column that is not there.
        """
        form = self.format or ("table" if console.tty else "tsv")
        counted = _Counted(islice(rows, self.limit))
        fitted = console.tty and self.format is None
        wanted = self.columns or (on_terminal if fitted else ())
        names, chosen = _choose(wanted, columns, counted)
        writer = _WRITERS[form]
        console.write(writer(console, names, chosen, self.headers))
        return counted.count


def _choose(
    wanted: Sequence[str], columns: Sequence[str], rows: Iterable[Row]
) -> tuple[Sequence[str], Iterable[Row]]:
    """Keep the columns that are wanted, in their order; all if none are named."""
    if not wanted:
        return columns, rows
    unknown = [name for name in wanted if name not in columns]
    if unknown:
        raise click.UsageError(f"no column {unknown[0]!r}; there are {', '.join(columns)}")
    places = [columns.index(name) for name in wanted]
    return wanted, ([row[place] for place in places] for row in rows)


class _Counted:
    """Count what passes."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def dump(console: Console, value: object, *, indent: int | None = None) -> str:
    """Turn a value into JSON that is safe for where it goes.

    Parameters
    ----------
    console : Console
        On a terminal everything beyond ASCII is escaped, which disarms control and
        bidirectional characters; in a pipe text stays readable UTF-8.
    value : object
        Anything JSON can hold, and bytes (as ``{"$base64": true, "encoded": ...}``).
    indent : int, optional
        As in :func:`json.dumps`.

    Returns
    -------
    str
        JSON text.
    """
    text = json.dumps(value, ensure_ascii=console.tty, indent=indent, default=_bytes_as_json)
    return text.replace("\x7f", "\\u007f")


def envelope(console: Console, value: dict[str, object]) -> str:
    """Turn one object into indented JSON that says which format version it has.

    Parameters
    ----------
    console : Console
        The console of this run.
    value : dict
        What JSON can hold.

    Returns
    -------
    str
        JSON text of several lines.
    """
    return dump(console, {"format_version": FORMAT_VERSION, **value}, indent=2)


def in_array(lines: Sequence[str]) -> Iterator[str]:
    """Set JSON objects as one array, each on a line of its own.

    Parameters
    ----------
    lines : sequence of str
        Objects as JSON.

    Yields
    ------
    str
        Lines; ``[]`` alone if there is none.

    Examples
    --------
    >>> list(in_array(["{}", "{}"])), list(in_array([]))
    (['[{},', ' {}]'], ['[]'])
    """
    last = len(lines) - 1
    for at, line in enumerate(lines):
        yield f"{' ' if at else '['}{line}{']' if at == last else ','}"
    if not lines:
        yield "[]"


def _bytes_as_json(value: object) -> object:
    """Spell bytes as sqlite-utils does."""
    import base64

    if isinstance(value, bytes):
        return {"$base64": True, "encoded": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _json(
    console: Console, columns: Sequence[str], rows: Iterable[Row], headers: bool
) -> Iterator[str]:
    """Print one array; its objects stand one to a line."""
    line = ""
    names = _distinct(columns)
    for row in rows:
        if line:
            yield line + ","
        line = (" " if line else "[") + dump(console, _object(names, row))
    yield (line or "[") + "]"


def _nl(
    console: Console, columns: Sequence[str], rows: Iterable[Row], headers: bool
) -> Iterator[str]:
    """Print one object a line."""
    names = _distinct(columns)
    for row in rows:
        yield dump(console, _object(names, row))


def _distinct(columns: Sequence[str]) -> list[str]:
    """Add numbers to names that come twice, of which an object would drop one."""
    names: list[str] = []
    for column in columns:
        name, number = column, 2
        while name in names:
            name, number = f"{column}_{number}", number + 1
        names.append(name)
    return names


def _object(names: Sequence[str], row: Row) -> dict[str, object]:
    """Pair names and cells; JSON has no infinite numbers, so these become text."""
    return {
        name: str(cell) if isinstance(cell, float) and isinf(cell) else cell
        for name, cell in zip(names, row, strict=True)
    }


def _csv(
    console: Console, columns: Sequence[str], rows: Iterable[Row], headers: bool
) -> Iterator[str]:
    """Print comma-separated values (RFC 4180, with LF)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)  # with CR LF, so that both get quoted inside
    for row in chain([columns] if headers else [], rows):
        writer.writerow([_plain(cell) for cell in row])
        line = buffer.getvalue().removesuffix("\r\n")
        yield one_line(line) if console.tty else line
        buffer.seek(0)
        buffer.truncate()


def _tsv(
    console: Console, columns: Sequence[str], rows: Iterable[Row], headers: bool
) -> Iterator[str]:
    """Print TAB-separated values, one row a line whatever is in them."""
    clean: Callable[[str], str] = one_line if console.tty else str
    for row in chain([columns] if headers else [], rows):
        yield "\t".join(clean(_plain(cell).translate(_ESCAPES)) for cell in row)


def _table(
    console: Console, columns: Sequence[str], rows: Iterable[Row], headers: bool
) -> Iterator[str]:
    """Print columns side by side, fitted to a terminal, uncut in a pipe."""
    rows = iter(rows)
    sample = [[one_line(_cell(cell)) for cell in row] for row in islice(rows, _SAMPLE)]
    right = [_is_numeric(row[place] for row in sample) for place in range(len(columns))]
    sizes = _sizes(columns if headers else [], sample, len(columns))
    if console.columns is not None:
        room = console.columns - len(_GAP) * (len(sizes) - 1)
        if sum(sizes) > room:
            sample = [[_TIME.sub(r"\1", cell) for cell in row] for row in sample]
            sizes = _sizes(columns if headers else [], sample, len(columns))
        sizes = _shrink(sizes, room)
    if headers:
        titles = _line(columns, sizes, right)
        yield console.style(titles, bold=True)
    for row in chain(sample, ([one_line(_cell(cell)) for cell in row] for row in rows)):
        if console.columns is None:  # a wide row beyond the sample moves, it is not cut
            yield _line(
                row, [max(size, width(cell)) for size, cell in zip(sizes, row, strict=True)], right
            )
        else:
            yield _line(row, sizes, right)


def _sizes(titles: Sequence[str], rows: Iterable[Sequence[str]], count: int) -> list[int]:
    """Find the widest cell of each column."""
    sizes = [1] * count
    for row in chain([titles] if titles else [], rows):
        for place, cell in enumerate(row):
            sizes[place] = max(sizes[place], width(cell))
    return sizes


def _line(cells: Sequence[str], sizes: Sequence[int], right: Sequence[bool]) -> str:
    """Set one row of a table."""
    parts = zip(cells, sizes, right, strict=True)
    return _GAP.join(fit(cell, size, right=to_right) for cell, size, to_right in parts).rstrip()


def _shrink(sizes: list[int], room: int) -> list[int]:
    """Take columns from the widest until the row fits; none goes below six."""
    sizes = list(sizes)
    while sum(sizes) > room:
        widest = max(range(len(sizes)), key=lambda place: sizes[place])
        if sizes[widest] <= _LEAST:
            break
        others = max((size for place, size in enumerate(sizes) if place != widest), default=0)
        excess = sum(sizes) - room
        sizes[widest] = max(_LEAST, min(others, sizes[widest] - 1), sizes[widest] - excess)
    return sizes


def _plain(cell: Cell) -> str:
    """Give a cell as text: nothing for NULL, hexadecimal digits for a blob."""
    if cell is None:
        return ""
    return cell.hex() if isinstance(cell, bytes) else str(cell)


def _cell(cell: Cell) -> str:
    """Give a cell for reading: only the size of a blob."""
    return f"<{len(cell)} bytes>" if isinstance(cell, bytes) else _plain(cell)


def _is_numeric(cells: Iterable[str]) -> bool:
    """Tell whether a column holds numbers and nothing else."""
    found = [cell.lstrip("-").replace(".", "", 1).isdigit() for cell in cells if cell]
    return bool(found) and all(found)


_WRITERS: dict[Format, Callable[[Console, Sequence[str], Iterable[Row], bool], Iterator[str]]] = {
    "table": _table,
    "tsv": _tsv,
    "csv": _csv,
    "json": _json,
    "nl": _nl,
}

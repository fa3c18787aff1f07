"""The table of scenarios and eras as text, HTML and SVG.

Shape says the verdict, a letter or a word the harm; colour repeats it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from threadkit.cow.diagram.measure import fit_text, wrap_facts
from threadkit.cow.diagram.shapes import Box, Drawing, Ink, Shape, Text, svg_element
from threadkit.cow.diagram.style import standing_alone
from threadkit.cow.diagram.table_style import table_html
from threadkit.cow.diagram.tables import SHORT_HARMS, Cell, Column, Matrix, Row
from threadkit.cow.diagram.words import HARMS, count_words

SYMBOLS = {"Never": "○", "Sometimes": "◐", "Always": "●", "unknown": "?", "not decided": "-"}
"""What stands for a verdict in HTML."""

_TEXT = {"Never": "·", "Sometimes": "S", "Always": "A", "unknown": "?", "not decided": "-"}
_ASCII = {**_TEXT, "Never": "."}
_HARM_LETTERS = {"missed": "m", "wrong": "w", "stuck": "h", "unnecessary": "x", "broken": "b"}
_HARM_WORDS = {**HARMS, "stuck": "somebody waits for ever"}
_FLAGS = {"derived": "ᵈ", "unverified": "ᵘ"}
_COLUMN = 4
_CELL = 29.0
_LINE = 20.0
_NAMES = 110.0


def matrix_text(matrix: Matrix, width: int = 80, *, ascii_only: bool = False) -> list[str]:
    """Write the table for a terminal.

    Parameters
    ----------
    matrix : Matrix
        What to write.
    width : int, optional
        Columns of the terminal; the eras are broken into blocks that fit.
    ascii_only : bool, optional
        A full stop where nothing happens, not a middle dot.

    Returns
    -------
    list of str
        Blocks of lines, then what the columns and the letters mean.
    """
    names = max((len(row.name) for row in matrix.rows), default=0)
    labels = matrix.labels()
    most = max(1, (width - names - 1) // _COLUMN)
    blocks = max(1, -(-len(labels) // most))
    each = max(1, -(-len(labels) // blocks))
    lines: list[str] = []
    for first in range(0, len(labels), each):
        part = slice(first, first + each)
        head = "".join(label.rjust(_COLUMN) for label in labels[part])
        lines.append(" " * names + head)
        for row in matrix.rows:
            cells = "".join(_text_cell(cell, ascii_only) for cell in row.cells[part])
            lines.append((row.name.ljust(names) + cells).rstrip())
        lines.append("")
    lines += [_column_words(label, c) for label, c in zip(labels, matrix.columns, strict=True)]
    never = _ASCII["Never"] if ascii_only else _TEXT["Never"]
    lines.append(f"{never} never, S sometimes, A always, ? beyond the bound, - not decided here;")
    lines.append("m missed, w wrong, x unnecessary COW, b invariant broken, h waits for ever;")
    lines.append("! a source says otherwise; ~ by the rules alone: younger than these kernels")
    lines.append("Never and always hold within sequential consistency and each run's bounds,")
    lines.append("which 'cow run NAME --era KEY' prints with what is left out")
    return lines


def matrix_html(matrix: Matrix, *, caption: str = "") -> str:
    """Write the table as HTML with headings that stay in sight.

    Parameters
    ----------
    matrix : Matrix
        What to write.
    caption : str, optional
        Above the table.

    Returns
    -------
    str
        One ``<div>`` that scrolls by itself; no script.
    """
    groups = "".join(
        f'<th colspan="{number}" scope="colgroup">{html.escape(title)}</th>'
        for title, number in matrix.groups()
    )
    heads = "".join(
        f'<th scope="col"><span>{html.escape(column.key)}</span> <b>{html.escape(label)}</b></th>'
        for label, column in zip(matrix.labels(), matrix.columns, strict=True)
    )
    head = f'<tr><td></td>{groups}</tr><tr><th scope="col">scenario</th>{heads}</tr>'
    body = "\n".join(_html_row(row) for row in matrix.rows)
    return table_html(head, body, _html_legend(), caption=caption, label="scenarios and eras")


def matrix_svg(matrix: Matrix, *, title: str = "Scenarios and eras") -> str:
    """Draw the table as one SVG file, for a first page or a slide.

    Parameters
    ----------
    matrix : Matrix
        What to draw.
    title : str, optional
        Above, and the name for screen readers.

    Returns
    -------
    str
        As :func:`threadkit.cow.diagram.state_svg` makes it. Its description says every
        cell that is not a plain Never.
    """
    drawing = _drawing(matrix, title)
    words = " ".join(_row_words(row, matrix.columns) for row in matrix.rows)
    return svg_element(drawing, title, words, style=standing_alone(), kind="tkc-alone")


def cell_words(cell: Cell | None) -> str:
    """Say a cell in words.

    Parameters
    ----------
    cell : Cell or None
        None: not run.

    Returns
    -------
    str
        Verdict, harms, costs, and what a source says if it says something else.

    Examples
    --------
    >>> cell_words(Cell("Always", ("wrong",), (("copies", 0, 1),), "Never", "derived"))
    'Always: wrong COW; 0 to 1 copy; a source says Never (derived)'
    >>> cell_words(Cell("Always", ("missed",), younger=("thp (2.6.38)",)))
    'Always: missed COW; by the rules alone, younger than this era: thp (2.6.38)'
    """
    if cell is None:
        return "not run"
    head: str = cell.verdict
    if cell.harms:
        head += ": " + ", ".join(_HARM_WORDS.get(harm, harm) for harm in cell.harms)
    parts = [head, *(_cost(*cost) for cost in cell.costs if cost[2])]
    if cell.younger:
        parts.append(f"by the rules alone, younger than this era: {', '.join(cell.younger)}")
    if cell.differs:
        parts.append(f"a source says {cell.expected}" + _sureness(cell))
    elif cell.expected is not None:
        parts.append("as a source says" + _sureness(cell))
    return "; ".join(parts)


def _sureness(cell: Cell) -> str:
    """Say how sure a source is, unless it is."""
    return f" ({cell.status})" if cell.status not in (None, "confirmed") else ""


def _cost(name: str, least: int, most: int) -> str:
    """Say a range of a counter."""
    return count_words(name, most) if least == most else f"{least} to {count_words(name, most)}"


def _text_cell(cell: Cell | None, ascii_only: bool) -> str:
    """Write one cell for a terminal, four columns wide."""
    if cell is None:
        return " " * _COLUMN
    letters = "~" * bool(cell.younger) + (_ASCII if ascii_only else _TEXT)[cell.verdict]
    letters += _HARM_LETTERS.get(cell.harms[0], "") if cell.harms else ""
    return (letters + ("!" if cell.differs else "")).rjust(_COLUMN)


def _column_words(label: str, column: Column) -> str:
    """Say which era a column is."""
    return f"{label} {column.key} {column.kernels}".rstrip()


def _html_row(row: Row) -> str:
    """Write one row."""
    question = html.escape(row.question)
    cells = "".join(_html_cell(cell) for cell in row.cells)
    return f'<tr><th scope="row"><b>{html.escape(row.name)}</b> <span>{question}</span></th>{cells}</tr>'


def _html_cell(cell: Cell | None) -> str:
    """Write one cell: a symbol, a word for the harm, all of it in words for readers."""
    if cell is None:
        return "<td></td>"
    classes = ["tkc-hot"] if cell.harms and not cell.younger else []
    classes += ["tkc-differs"] if cell.differs else []
    mark = f' class="{" ".join(classes)}"' if classes else ""
    words = html.escape(cell_words(cell))
    harm = "".join(f"<small>{html.escape(SHORT_HARMS.get(h, h))}</small>" for h in cell.harms[:1])
    flag = _FLAGS.get(cell.status or "", "") + ("≠" if cell.differs else "")
    flag += "~" * bool(cell.younger)
    return (
        f'<td{mark} title="{words}"><b aria-hidden="true">{SYMBOLS[cell.verdict]}{flag}</b>'
        f"<i>{html.escape(cell.verdict)} </i>{harm}</td>"
    )


def _html_legend() -> str:
    """Say what the symbols mean."""
    return (
        "○ never · ◐ sometimes · ● always · ? beyond the bound · - not decided here; missed,"
        " wrong, stuck (somebody waits for ever), extra (unnecessary) name the harm; ≠ a source"
        " says otherwise; ᵈ that source is derived from rules, ᵘ unverified; ~ by the era's rules:"
        " its kernels did not have what the scenario uses yet. Never and always hold within"
        " sequential consistency and each run's bounds; costs are counts, neither time nor"
        " probability"
    )


def _row_words(row: Row, columns: Sequence[Column]) -> str:
    """Say the cells of a row that are not a plain Never."""
    said = [
        f"{column.key} {cell_words(cell)}"
        for cell, column in zip(row.cells, columns, strict=True)
        if cell is not None and (cell.verdict != "Never" or cell.harms or cell.differs)
    ]
    return f"{row.name}: {'; '.join(said) or 'never'}."


def _drawing(matrix: Matrix, title: str) -> Drawing:
    """Place the whole table."""
    width = _NAMES + _CELL * len(matrix.columns) + 24
    shapes: list[Shape] = [Text(12, 26, fit_text(title, width - 24, 13, bold=True), bold=True)]
    shapes += _group_heads(matrix, 46)
    y = 66.0
    for number, label in enumerate(matrix.labels()):
        text = fit_text(label, _CELL - 1, 12, bold=True)
        shapes.append(Text(_middle(number), y, text, "middle", 12, bold=True))
    for row in matrix.rows:
        y += _LINE
        shapes.append(Text(12, y, fit_text(row.name, _NAMES - 16, 12), size=12))
        for number, cell in enumerate(row.cells):
            shapes += _drawn_cell(cell, _middle(number), y)
    for text in wrap_facts(_svg_legend(matrix), width - 24, 12):
        y += 17 if y > 66 + _LINE * len(matrix.rows) else 24
        shapes.append(Text(12, y, text, size=12, ink="mute"))
    card = Box(0.75, 0.75, width - 1.5, y + 10.5, 6, "card", filled=True, role="ground")
    return Drawing(width, y + 12, (card, *shapes))


def _middle(number: int) -> float:
    """Return the x of the middle of a column."""
    return 12 + _NAMES + _CELL * (number + 0.5) - 6


def _group_heads(matrix: Matrix, y: float) -> Iterator[Shape]:
    """Draw the kinds of eras above their columns."""
    first = 0
    for title, number in matrix.groups():
        left = _middle(first) - _CELL / 2 + 3
        room = _CELL * number - 6
        yield Text(left, y, fit_text(title, room, 12), size=12, ink="mute")
        yield Box(left, y + 5, room, 0.8, ink="mute", filled=True)
        first += number


def _drawn_cell(cell: Cell | None, x: float, y: float) -> Iterator[Shape]:
    """Draw one cell: a dot, a half square or a square, and the letter of the harm."""
    if cell is None:
        return
    hot: Ink = "mute" if cell.younger else "hot"
    ink: Ink = hot if cell.harms else "ink"
    letter = _HARM_LETTERS.get(cell.harms[0], "") if cell.harms else ""
    left = x - 12
    if cell.differs:
        yield Box(x - 14, y - 13, _CELL - 1, 17, 2, "hot", 1, dashed=True)
    if cell.verdict == "Never":
        yield Box(left + 3, y - 6, 4, 4, 2, "mute", filled=True)
    elif cell.verdict in ("unknown", "not decided"):
        yield Text(left + 5, y, _TEXT[cell.verdict], "middle", 12, "mute")
    else:
        yield Box(left + 0.5, y - 9.5, 10, 10, 1.5, ink, 1.2)
        part = 10.0 if cell.verdict == "Always" else 5.0
        yield Box(left + 0.5, y - 9.5, part, 10, 1.5, ink, filled=True)
    if letter or cell.younger:
        text, size = (f"{letter}~", 10.0) if cell.younger else (letter, 12.0)
        yield Text(left + 13, y, text, size=size, ink=hot, bold=True)


def _svg_legend(matrix: Matrix) -> list[str]:
    """Say what the columns and the marks mean."""
    marks = ["dot: never", "half: sometimes", "full: always", "m: missed COW", "w: wrong COW"]
    marks += ["x: unnecessary COW", "b: invariant broken", "h: somebody waits for ever"]
    marks += ["dashed frame: a source says otherwise"]
    marks += ["~: by the era's rules; its kernels did not have what the scenario uses yet"]
    marks += ["never and always: within sequential consistency and bounds"]
    columns = zip(matrix.labels(), matrix.columns, strict=True)
    return marks + [f"{label} {column.key}" for label, column in columns]

"""The table of scenarios and real kernels as text and HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence

from threadkit.cow.diagram.table_style import table_html
from threadkit.cow.diagram.tables import WitnessCell, WitnessKernel, WitnessRow
from threadkit.cow.diagram.words import counted, sentence

_SYMBOLS = {"agrees": "✓", "differs": "≠", "skipped": "-", "not run": ""}
_WIDEST = 10
_LETTERS = {"agrees": "ok", "differs": "DIFF", "skipped": "skip", "not run": ""}


def witness_text(
    kernels: Sequence[WitnessKernel], rows: Sequence[WitnessRow], *, reasons: bool = True
) -> list[str]:
    """Write the table for a terminal.

    Parameters
    ----------
    kernels : sequence of WitnessKernel
        One a column.
    rows : sequence of WitnessRow
        One a scenario.
    reasons : bool, optional
        Say below why something was skipped and what differs.

    Returns
    -------
    list of str
        The table, its totals, and the reasons, each once with whom it befell.
    """
    names = max([len(row.name) for row in rows] + [len("scenario")])
    heads = _heads(kernels)
    widths = [max(len(head), 5) + 2 for head in heads]
    lines = ["scenario".ljust(names) + _joined(heads, widths)]
    for row in rows:
        words = [_word(cell) for cell in row.cells]
        lines.append((row.name.ljust(names) + _joined(words, widths)).rstrip())
    lines += ["", "yes, no: what the scenario asks about happened there, or not; every answer is"]
    lines += ["as the model of the kernel's era says, but where DIFF stands", ""]
    for number, (head, kernel) in enumerate(zip(heads, kernels, strict=True)):
        total = _total(kernel, rows, number)
        lines.append(total if head == kernel.name else f"{head} is {total}")
    return lines + (["", *_reasons(kernels, rows)] if reasons and _reasons(kernels, rows) else [])


def _heads(kernels: Sequence[WitnessKernel]) -> list[str]:
    """Name the columns; a long name is a number that is explained below."""
    return [
        kernel.name if len(kernel.name) <= _WIDEST else f"({number})"
        for number, kernel in enumerate(kernels, 1)
    ]


def _word(cell: WitnessCell) -> str:
    """Say a cell in a word: what happened there, if the model allows it."""
    return cell.answer if cell.result == "agrees" and cell.answer else _LETTERS[cell.result]


def witness_html(
    kernels: Sequence[WitnessKernel], rows: Sequence[WitnessRow], *, caption: str = ""
) -> str:
    """Write the table as HTML with headings that stay in sight.

    Parameters
    ----------
    kernels : sequence of WitnessKernel
        One a column.
    rows : sequence of WitnessRow
        One a scenario.
    caption : str, optional
        Above the table.

    Returns
    -------
    str
        One ``<div>`` that scrolls by itself; what was observed and why something was
        skipped stand in the cells and below.
    """
    heads = "".join(
        f'<th scope="col"><span>{html.escape(kernel.name)}</span></th>' for kernel in kernels
    )
    head = f'<tr><th scope="col">scenario</th>{heads}</tr>'
    body = "\n".join(_html_row(row) for row in rows)
    totals = [_total(kernel, rows, number) for number, kernel in enumerate(kernels)]
    notes = _html_list(totals) + _html_list(_reasons(kernels, rows))
    legend = (
        "yes, no: what the scenario asks about happened on that kernel, or not; every answer is as"
        " the model of the kernel's era says, but where ≠ stands · ✓ seen and allowed, no answer"
        " to the question · - skipped, for the reason below"
    )
    return table_html(head, body, legend, caption=caption, label="witnesses", notes=notes)


def _joined(words: Sequence[str], widths: Sequence[int]) -> str:
    """Put words in columns."""
    return "".join(word.rjust(width) for word, width in zip(words, widths, strict=True))


def _total(kernel: WitnessKernel, rows: Sequence[WitnessRow], number: int) -> str:
    """Count what one kernel said."""
    results = [row.cells[number].result for row in rows]
    ran = results.count("agrees") + results.count("differs")
    facts = [f"{counted(ran, 'scenario')} ran", f"{results.count('agrees')} agree"]
    facts += [f"{results.count('differs')} differ", f"{results.count('skipped')} skipped"]
    about = ", ".join(filter(None, [kernel.version, kernel.era, kernel.date_utc]))
    return f"{kernel.name}{f' ({about})' if about else ''}: {', '.join(facts)}"


def _reasons(kernels: Sequence[WitnessKernel], rows: Sequence[WitnessRow]) -> list[str]:
    """Gather reasons: what differs first, each skip once with the scenarios it befell."""
    differ = []
    befell: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for kernel, cell in zip(kernels, row.cells, strict=True):
            if cell.result == "differs":
                differ.append(f"{row.name} on {kernel.name}: {_difference(cell)}")
            elif cell.result == "skipped":
                befell.setdefault((row.name, cell.why), []).append(kernel.name)
    skipped: dict[tuple[str, str], list[str]] = {}
    for (name, why), where in befell.items():
        who = "every kernel" if len(where) == len(kernels) > 1 else ", ".join(where)
        skipped.setdefault((who, why), []).append(name)
    return differ + [
        f"{who} skip{'' if ',' in who else 's'} {', '.join(names)}:"
        f" {sentence(why) or 'no reason given.'}"
        for (who, why), names in skipped.items()
    ]


def _difference(cell: WitnessCell) -> str:
    """Say what was seen and what was allowed."""
    allowed = " or ".join(cell.allowed) or "nothing"
    return f"saw {cell.observed or 'nothing'}, allowed {allowed}" + (
        f" ({cell.why})" if cell.why else ""
    )


def _html_row(row: WitnessRow) -> str:
    """Write one row."""
    cells = "".join(_html_cell(cell) for cell in row.cells)
    name, question = html.escape(row.name), html.escape(row.question)
    return f'<tr><th scope="row"><b>{name}</b> <span>{question}</span></th>{cells}</tr>'


def _html_cell(cell: WitnessCell) -> str:
    """Write one cell: the answer, or a symbol and its word; what was seen on pointing at it."""
    if cell.result == "not run":
        return "<td></td>"
    looks = [{"differs": "tkc-hot tkc-differs", "skipped": "tkc-skip"}.get(cell.result, "")]
    looks += ["tkc-yes"] if cell.answer == "yes" else []
    look = " ".join(filter(None, looks))
    mark = f' class="{look}"' if look else ""
    why = cell.why if cell.result == "skipped" else _difference(cell)
    symbol = f'<b aria-hidden="true">{_SYMBOLS[cell.result]}</b>'
    body = f"{symbol}<i>{cell.result}</i>"
    if cell.result == "agrees" and cell.answer:
        body = cell.answer
    elif cell.result == "differs":
        body = f"{symbol} {cell.answer or cell.result}<small>{html.escape(cell.observed)}</small>"
    return f'<td{mark} title="{html.escape(why)}">{body}</td>'


def _html_list(lines: Sequence[str]) -> str:
    """Write lines as a list."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""

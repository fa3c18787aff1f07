"""The table of scenarios and real kernels as text and HTML."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap

from threadkit.cow.diagram.table_style import table_html
from threadkit.cow.diagram.tables import WitnessCell, WitnessKernel, WitnessRow
from threadkit.cow.diagram.words import counted, sentence

_SYMBOLS = {"differs": "≠", "skipped": "-"}
_SEEN = ("agrees", "unanswered", "allowed")
_WIDEST = 10
_WORDS = {"differs": "DIFF", "skipped": "skip"}
_LEGEND = {
    "agrees": "yes, no, both: what the scenario asks about happened on that kernel, or not, or each"
    " in some order of statements; all that was seen is as the model of the kernel's era says for"
    " the order that was performed, and where no * stands, the model allows nothing else",
    "unanswered": "ok: the same, but what was seen does not answer the question",
    "allowed": "*: some interleaving, which no program chooses, has outcomes that were not seen;"
    " see below",
    "differs": "{differs}: the kernel did what the model does not allow",
    "skipped": "{skipped}: not performed, for the reason below",
    "old": "old: another version of the scenario was performed; not compared",
    "not run": "nothing: not asked for",
}
"""What each word in a cell says; only those that occur are told."""


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
    lines += ["", *(line for said in _legend(rows, _WORDS) for line in wrap(said, 96)), ""]
    for number, (head, kernel) in enumerate(zip(heads, kernels, strict=True)):
        total = _total(kernel, rows, number)
        lines.append(total if head == kernel.name else f"{head} is {total}")
    return lines + (["", *_reasons(kernels, rows)] if reasons and _reasons(kernels, rows) else [])


def _legend(rows: Sequence[WitnessRow], words: Mapping[str, str]) -> list[str]:
    """Explain what stands in the cells; an answer always."""
    found = {
        "old" if cell.result == "not run" and cell.why else cell.result
        for row in rows
        for cell in row.cells
    }
    return [
        said.format(**words) for kind, said in _LEGEND.items() if kind == "agrees" or kind in found
    ]


def _heads(kernels: Sequence[WitnessKernel]) -> list[str]:
    """Name the columns; a long name is a number that is explained below."""
    return [
        kernel.name if len(kernel.name) <= _WIDEST else f"({number})"
        for number, kernel in enumerate(kernels, 1)
    ]


def _word(cell: WitnessCell) -> str:
    """Say a cell in a word: what happened there, if the model allows it."""
    if cell.result in _SEEN:
        return (cell.answer or "ok") + ("*" if cell.result == "allowed" else "")
    return _WORDS.get(cell.result, "old" if cell.why else "")


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
    legend = " · ".join(_legend(rows, _SYMBOLS))
    return table_html(head, body, legend, caption=caption, label="witnesses", notes=notes)


def _joined(words: Sequence[str], widths: Sequence[int]) -> str:
    """Put words in columns."""
    return "".join(word.rjust(width) for word, width in zip(words, widths, strict=True))


def _total(kernel: WitnessKernel, rows: Sequence[WitnessRow], number: int) -> str:
    """Count what one kernel said."""
    results = [row.cells[number].result for row in rows]
    ran = sum(one in _SEEN or one == "differs" for one in results)
    facts = [f"{counted(ran, 'scenario')} ran", f"{results.count('agrees')} agree"]
    if unanswered := results.count("unanswered"):
        facts.append(f"{unanswered} agree with the question unanswered")
    if allowed := results.count("allowed"):
        facts.append(f"{allowed} allowed, with outcomes not seen")
    facts += [f"{results.count('differs')} differ", f"{results.count('skipped')} skipped"]
    if old := sum(_is_old(row, number) for row in rows):
        facts.append(f"{old} changed since")
    about = ", ".join(filter(None, [kernel.version, kernel.era, kernel.date_utc]))
    return f"{kernel.name}{f' ({about})' if about else ''}: {', '.join(facts)}"


def _is_old(row: WitnessRow, number: int) -> bool:
    """Tell whether another version of a scenario was performed."""
    return row.cells[number].result == "not run" and bool(row.cells[number].why)


def _reasons(kernels: Sequence[WitnessKernel], rows: Sequence[WitnessRow]) -> list[str]:
    """Gather what must be said below: what differs first, then what was not seen at all."""
    differ = [
        f"{row.name} on {kernel.name}: {_difference(cell)}"
        for row in rows
        for kernel, cell in zip(kernels, row.cells, strict=True)
        if cell.result == "differs"
    ]
    unseen = _told(kernels, rows, lambda cell: cell.unseen if cell.result == "allowed" else ())
    dropped = _told(kernels, rows, lambda cell: filter(None, [", ".join(cell.dropped)]))
    skipped = _told(kernels, rows, lambda cell: [cell.why] if cell.result == "skipped" else [])
    old = _told(
        kernels,
        rows,
        lambda cell: [cell.why] if cell.result == "not run" and cell.why else [],
    )
    return [
        *differ,
        *(f"{', '.join(n)} on {who}: allowed and not seen: {what}" for who, what, n in unseen),
        *(f"{', '.join(n)} on {who}: nobody can see there: {what}" for who, what, n in dropped),
        *(
            f"{who} skip{'' if ',' in who else 's'} {', '.join(names)}:"
            f" {sentence(why) or 'no reason given.'}"
            for who, why, names in skipped
        ),
        *(f"{who}, not run: {', '.join(names)}: {sentence(why)}" for who, why, names in old),
    ]


def _told(
    kernels: Sequence[WitnessKernel],
    rows: Sequence[WitnessRow],
    tell: Callable[[WitnessCell], Iterable[str]],
) -> list[tuple[str, str, list[str]]]:
    """Gather what cells tell: kernels, the words, and the scenarios, each thing once."""
    befell: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for kernel, cell in zip(kernels, row.cells, strict=True):
            for words in tell(cell):
                befell.setdefault((row.name, words), []).append(kernel.name)
    found: dict[tuple[str, str], list[str]] = {}
    for (name, words), where in befell.items():
        who = "every kernel" if len(where) == len(kernels) > 1 else ", ".join(where)
        found.setdefault((who, words), []).append(name)
    return [(who, words, names) for (who, words), names in found.items()]


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
    if cell.result in ("not run", "skipped"):
        word = "skipped" if cell.result == "skipped" else "old" if cell.why else ""
        if not word:
            return "<td></td>"
        body = f'<b aria-hidden="true">{_SYMBOLS["skipped"]}</b><i>{word}</i>'
        return f'<td class="tkc-skip" title="{html.escape(cell.why)}">{body}</td>'
    looks = ["tkc-hot tkc-differs"] if cell.result == "differs" else []
    looks += ["tkc-yes"] if cell.answer == "yes" else []
    mark = f' class="{" ".join(looks)}"' if looks else ""
    body = html.escape(_word(cell))
    if cell.result == "differs":
        symbol = f'<b aria-hidden="true">{_SYMBOLS["differs"]}</b>'
        body = f"{symbol} {cell.answer or 'differs'}<small>{html.escape(cell.observed)}</small>"
    return f'<td{mark} title="{html.escape(_difference(cell))}">{body}</td>'


def _html_list(lines: Sequence[str]) -> str:
    """Write lines as a list."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""

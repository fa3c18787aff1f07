"""An era as a table: what it decides where, since when, and by which commit."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from threadkit.cow.diagram.table_style import table_html

if TYPE_CHECKING:
    from threadkit.cow.eras.era import Era, FieldRow


def era_html(era: Era) -> str:
    """Write every decision of an era as a table.

    Parameters
    ----------
    era : Era
        Whose rules.

    Returns
    -------
    str
        One ``<div>`` that scrolls by itself; no script.
    """
    names = ("decision", "what it does", "since", "commits")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "\n".join(_row(row) for row in era.fields())
    letter = f"{era.letter} " if era.letter else ""
    caption = f"{letter}{era.key} ({era.kernels}): {era.title}"
    legend = " ".join(era.notes)
    return table_html(f"<tr>{head}</tr>", body, legend, caption=caption, kind="tkc-wide")


def _row(row: FieldRow) -> str:
    """Write one decision."""
    commits = " ".join(f"<code>{html.escape(one.sha)}</code>" for one in row.commits)
    return (
        f'<tr><th scope="row"><b>{html.escape(row.field)}</b></th>'
        f"<td>{html.escape(row.meaning)}</td><td>{html.escape(row.since)}</td><td>{commits}</td></tr>"
    )

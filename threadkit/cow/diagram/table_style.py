"""The frame that both tables share in HTML: headings that stay, a legend, a caption."""

from __future__ import annotations

import html

from threadkit.cow.diagram.style import CARD, HOT, LINE, MUTE

_GROUND = "var(--tk-ground,var(--jp-layout-color0,var(--vscode-editor-background,transparent)))"

_RULES = (
    ".tkc-table{color:var(--tk-ink,inherit);font:.875rem/1.35 Inter,system-ui,"
    '"Segoe UI",Roboto,sans-serif}'
    ".tkc-scroll{overflow:auto;max-height:85vh;max-width:100%}"
    ".tkc-table table{border-collapse:separate;border-spacing:0;font-size:.8125rem}"
    ".tkc-table caption{text-align:left;font-weight:650;padding:.25rem 0}"
    f".tkc-table th,.tkc-table td{{border:0;border-bottom:1px solid {LINE};padding:.25rem .4rem;"
    "text-align:center;vertical-align:top;white-space:nowrap;font-weight:400;background:none}"
    f".tkc-table thead th,.tkc-table thead td{{vertical-align:bottom;color:{MUTE}}}"
    f".tkc-table thead th[scope=colgroup]{{text-align:left;border-left:1px solid {LINE}}}"
    ".tkc-table thead th[scope=col] b{display:block;color:var(--tk-ink,inherit)}"
    ".tkc-table thead th[scope=col] span{writing-mode:vertical-rl;transform:rotate(180deg);"
    "margin:auto;text-align:left}"
    ".tkc-table th[scope=row]{text-align:left;white-space:normal;min-width:14rem;max-width:22rem}"
    f".tkc-table th[scope=row] b{{display:block}}.tkc-table th[scope=row] span{{color:{MUTE};"
    "font-size:.75rem}"
    ".tkc-table thead{position:sticky;top:0;z-index:2}"
    ".tkc-table tr>:first-child{position:sticky;left:0;z-index:1}"
    f".tkc-table thead,.tkc-table tr>:first-child{{background:{_GROUND};"
    "backdrop-filter:blur(10px)}"
    ".tkc-table small{display:block;font-size:.75rem}"
    f".tkc-table .tkc-hot{{color:{HOT}}}"
    f".tkc-table .tkc-differs{{outline:2px dashed {HOT};outline-offset:-2px}}"
    f".tkc-table td.tkc-skip{{color:{MUTE}}}.tkc-table td.tkc-yes{{font-weight:650}}"
    f".tkc-table p,.tkc-table ul{{font-size:.8125rem;color:{MUTE};max-width:68ch}}"
    f".tkc-table tbody tr:hover>*{{background:linear-gradient({CARD},{CARD}) {_GROUND}}}"
    ".tkc-table td>i{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);"
    "white-space:nowrap}.tkc-table td{position:relative}"
    ".tkc-table tr>:first-child,.tkc-table .tkc-wide th{text-align:left}"
    ".tkc-table .tkc-wide td{white-space:normal;text-align:left;min-width:5rem}"
    "@media(max-width:40rem){.tkc-table th[scope=row] span{display:none}"
    ".tkc-table th[scope=row]{min-width:5.5rem}}"
    "@media print{.tkc-scroll{overflow:visible;max-height:none}.tkc-table *{position:static}"
    ".tkc-table td>i{display:none}}"
)


def table_html(
    head: str,
    body: str,
    legend: str,
    *,
    caption: str = "",
    label: str = "",
    notes: str = "",
    kind: str = "",
) -> str:
    """Wrap the rows of a table.

    Parameters
    ----------
    head, body : str
        Rows, written as they are.
    legend : str
        How to read it: above, where it stays in sight while the table scrolls. Escaped here;
        may be empty.
    caption, label : str, optional
        Above the table; name of the scrolling part for screen readers. Escaped here.
    notes : str, optional
        HTML below the table, written as it is.
    kind : str, optional
        ``tkc-wide``: cells hold sentences.

    Returns
    -------
    str
        One ``<div>``.
    """
    above = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    how = f"<p>{html.escape(legend, quote=False)}</p>" if legend else ""
    classes = f' class="{kind}"' if kind else ""
    return (
        f'<div class="tkc-table"><style>{_RULES}</style>{how}<section class="tkc-scroll"'
        f' tabindex="0" aria-label="{html.escape(label or caption)}"><table{classes}>{above}'
        f"<thead>{head}</thead>\n<tbody>{body}</tbody></table></section>\n{notes}</div>"
    )

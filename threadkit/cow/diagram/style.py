"""Colours of pictures and tables: they follow what surrounds them.

Everything is derived from ``currentColor``: so one picture reads well in a notebook of
either theme, on a page of our own and on paper, without knowing where it is. A page may
set ``--tk-ink``, ``--tk-mute``, ``--tk-line``, ``--tk-card`` and ``--tk-hot``. A picture
that stands alone brings its own ground and follows the reader's system instead.
"""

from __future__ import annotations

import html
import re

MUTE = "var(--tk-mute,color-mix(in srgb,currentColor 72%,transparent))"
LINE = "var(--tk-line,color-mix(in srgb,currentColor 24%,transparent))"
CARD = "var(--tk-card,color-mix(in srgb,currentColor 5%,transparent))"
HOT = "var(--tk-hot,color-mix(in srgb,currentColor 30%,#e8622a))"

LIGHT = {
    "ink": "#1c1e23",
    "mute": "#5b6270",
    "line": "#d5d2c9",
    "card": "#f6f4ee",
    "hot": "#b8410f",
    "ground": "#fffefb",
}
DARK = {
    "ink": "#e6e4df",
    "mute": "#9aa3b2",
    "line": "#3a3f4a",
    "card": "#1e2128",
    "hot": "#ff9a62",
    "ground": "#15171c",
}
PAPER = {**LIGHT, "ink": "#000", "mute": "#444", "card": "#fff", "ground": "#fff"}

_OWN_RULES = re.compile(r'(?<=class="tkc-(?:trace|table)">)<style>([^<]*)</style>')

PICTURE_RULES = (
    f".tkc{{color:var(--tk-ink,inherit)}}.tkc .f-mute{{fill:{MUTE}}}.tkc .s-mute{{stroke:{MUTE}}}"
    f".tkc .f-hot{{fill:{HOT}}}.tkc .s-hot{{stroke:{HOT}}}.tkc .f-card{{fill:{CARD}}}"
)
"""Rules of one picture; they touch nothing outside class ``tkc``."""

PANEL_RULES = (
    PICTURE_RULES
    + ".tkc-trace{color:var(--tk-ink,inherit);max-width:62rem;font:.9375rem/1.45 Inter,system-ui,"
    '"Segoe UI",Roboto,sans-serif}'
    ".tkc-trace h2{font-size:1.0625rem;margin:1.25rem 0 .5rem}"
    ".tkc-trace p{margin:.25rem 0 .5rem;max-width:68ch}"
    f".tkc-trace .tkc-legend{{font-size:.8125rem;color:{MUTE}}}.tkc-steps+p{{margin-top:1rem}}"
    ".tkc-steps{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(22rem,100%),1fr));"
    "gap:.75rem;list-style:none;margin:0;padding:0}"
    f".tkc-steps>li{{margin:0;background:{CARD};border:1px solid transparent;border-radius:6px;"
    "padding:.6rem .75rem;break-inside:avoid;min-width:0}"
    f".tkc-steps>li.tkc-part{{border-color:{HOT}}}"
    ".tkc-steps svg{display:block;width:100%;max-width:27rem;height:auto;margin:.5rem auto 0}"
    ".tkc-says{font-size:.8125rem;overflow-wrap:anywhere}"
    f".tkc-says span,.tkc-says code{{color:{MUTE}}}"
    ".tkc-says code{font:.75rem ui-monospace,monospace}"
    f".tkc-says .tkc-harm{{color:{HOT};font-weight:650;white-space:nowrap}}"
    f".tkc-says .tkc-broken{{color:{MUTE};white-space:nowrap}}"
    ".tkc-trace pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.8125rem/1.45 ui-monospace,"
    "monospace;background:none;color:inherit;margin:1rem 0}"
    "@media(max-width:30rem){.tkc-steps>li{padding:.5rem .25rem}.tkc-says{padding:0 .4rem}}"
    "@media print{.tkc-trace{color:#000}.tkc-steps>li{border-color:#bbb}}"
)
"""Rules of a row of pictures with words."""


def standing_alone() -> str:
    """Return the rules of a picture that is a file of its own.

    Returns
    -------
    str
        It follows the reader's system, and paper is white.
    """
    rules = PICTURE_RULES + f".tkc-alone{{background:var(--tk-ground);{_variables(LIGHT)}}}"
    rules += f"@media(prefers-color-scheme:dark){{.tkc-alone{{{_variables(DARK)}}}}}"
    return rules + f"@media print{{.tkc-alone{{{_variables(PAPER)}}}}}"


def without_rules(body: str) -> str:
    """Take the rules out of pictures and tables, for a page that has them in a style sheet.

    Parameters
    ----------
    body : str
        HTML of this package.

    Examples
    --------
    >>> without_rules('<div class="tkc-trace"><style>.tkc{color:red}</style><p>text</p></div>')
    '<div class="tkc-trace"><p>text</p></div>'
    """
    return _OWN_RULES.sub("", body)


def html_page(title: str, body: str) -> str:
    """Wrap what this package draws in a whole HTML document, with all rules in its head.

    Parameters
    ----------
    title : str
        Of the document; escaped here.
    body : str
        HTML, written as it is; rules of its parts move to the head, once each, and a
        heading that says the title again is left out.

    Returns
    -------
    str
        Self-contained, light or dark as the reader's system is, readable from 390 px.

    Examples
    --------
    >>> html_page("S4 & S5", "<p>text</p>").count("S4 &amp; S5")
    2
    """
    name = html.escape(title)
    own = dict.fromkeys(_OWN_RULES.findall(body))
    body = without_rules(body).replace(f"<h2>{name}</h2>", "", 1)
    rules = f":root{{color-scheme:light dark;{_variables(LIGHT)}}}"
    rules += f"@media(prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    rules += f"@media print{{:root{{{_variables(PAPER)}}}}}"
    rules += (
        "*{box-sizing:border-box}body{margin:0 auto;max-width:76rem;padding:1rem;"
        "background:var(--tk-ground);color:var(--tk-ink);font:1rem/1.5 Inter,system-ui,"
        '"Segoe UI",Roboto,sans-serif}h1{font-size:1.5rem;line-height:1.2;margin:.5rem 0 1rem;'
        "text-wrap:balance}"
    )
    rules += "".join(own)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}'
    head += f"</title><style>{rules}</style>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n'
        f"<body><main><h1>{name}</h1>\n{body}\n</main></body></html>\n"
    )


def _variables(colours: dict[str, str]) -> str:
    """Write a list of colours as custom properties."""
    return "color:var(--tk-ink);" + "".join(f"--tk-{k}:{v};" for k, v in colours.items())

"""A sheet to draw on: text, lines and links with one look, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from threadkit.cow.diagram.measure import fit_text, text_width
from threadkit.cow.diagram.style import DARK, LIGHT
from threadkit.graph.evidence.schema import kind_of, name_of
from threadkit.graph.export.plain import shown, xml

__all__ = [
    "BOLD",
    "PERSONS",
    "SMALL",
    "TEXT",
    "Sheet",
    "fit_text",
    "link_of",
    "number",
    "text_width",
]

TEXT = 12.0
SMALL = 11.0
BOLD = 18.0
_MARGIN = 20.0
_SPACE = 9.0
_LEAST_ROOM = 30.0
_KEPT = "-._~!$&'()*+,;=:@"  # what stands unescaped in lore's addresses
_COLOURS = {
    "message": ("#1c65cf", "#86b1f4"),
    "commit": ("#1c1e23", "#e6e4df"),
    "report": ("#b8410f", "#ff9a62"),
    "regression": ("#b8410f", "#ff9a62"),
    "series": ("#733a86", "#c98fdc"),
    "bug": ("#8d3a0e", "#d98a5f"),
    "cve": ("#9c1556", "#ef77a2"),
    "release": ("#1e8186", "#4ee4ee"),
    "unresolved": ("#5b6270", "#9aa3b2"),
    "fix": ("#1b7a3d", "#63d08b"),
    "link": ("#0b5cad", "#7cb7ff"),
    "person1": ("#1c65cf", "#86b1f4"),
    "person2": ("#8d3a0e", "#d98a5f"),
    "person3": ("#1e9ca2", "#4ee4ee"),
    "person4": ("#733a86", "#c98fdc"),
    "person5": ("#7f8c21", "#d9ea66"),
    "person6": ("#9c1556", "#ef77a2"),
    "person7": ("#8a8f99", "#7d8592"),
}
_FONT = 'font:12px Inter,system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;'
_LOOKS = (
    ".tkg text{fill:var(--g-ink);white-space:pre}.tkg .mute{fill:var(--g-mute)}"
    ".tkg .bold{font-weight:650}.tkg .hot{fill:var(--g-hot)}"
    '.tkg .mono{font-family:ui-monospace,"DejaVu Sans Mono",monospace}'
    ".tkg .ground{fill:var(--g-ground)}.tkg path{fill:none}"
    ".tkg .rule{stroke:var(--g-line)}.tkg .dot{stroke:var(--g-line);stroke-dasharray:1 4}"
    ".tkg .way{stroke:var(--g-mute);opacity:.45}.tkg .way:hover{opacity:1;stroke-width:2}"
    ".tkg .red{stroke:var(--g-hot);stroke-width:1.6}"
    ".tkg .red:hover,.tkg .green:hover{stroke-width:3.2}"
    ".tkg .green{stroke:var(--k-fix);stroke-width:1.6;stroke-dasharray:5 3}"
    ".tkg .way.arrow{marker-end:url(#tkg-way)}.tkg .red.arrow{marker-end:url(#tkg-red)}"
    ".tkg .green.arrow{marker-end:url(#tkg-green)}.tkg .tip-way{fill:var(--g-mute)}"
    ".tkg .tip-red{fill:var(--g-hot)}.tkg .tip-green{fill:var(--k-fix)}"
    ".tkg .hollow{fill:var(--g-ground)!important;stroke-dasharray:2 1.5}"
    ".tkg .cell{fill:var(--k-link)}.tkg a:hover text{fill:var(--k-link);text-decoration:underline}"
    + "".join(f".tkg .k-{k}{{fill:var(--k-{k});stroke:var(--k-{k})}}" for k in _COLOURS)
)
"""Rules that take all colours from variables."""

PERSONS = 6
"""People who get a colour of their own; all others share one more."""


class Sheet:
    """What is drawn so far.

    Parameters
    ----------
    width : float
        In CSS pixels.
    title : str
        What the picture is of.
    about : sequence of str
        How to read it and how much of the graph it shows: a line each.

    Attributes
    ----------
    top : float
        Where the picture itself may begin.
    """

    def __init__(self, width: float, title: str, about: Sequence[str]) -> None:
        self.width = width
        self.title = title
        self.about = tuple(about)
        self.parts: list[str] = []
        head = fit_text(title, width - 2 * _MARGIN, BOLD, bold=True)
        self.text(_MARGIN, 34, head, size=BOLD, look="bold")
        for at, line in enumerate(self.about):
            room = width - 2 * _MARGIN
            self.text(_MARGIN, 56 + 17 * at, fit_text(line, room, TEXT), look="mute")
        self.top = 56 + 17 * len(self.about) + 8

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = TEXT,
        look: str = "",
        end: bool = False,
    ) -> None:
        """Write one line.

        Parameters
        ----------
        x, y : float
            Where its base line begins, or ends.
        text : str
            Plain; it has been cut to fit.
        size : float
            Of the font.
        look : str
            Classes: mute, bold, mono, hot.
        end : bool
            It ends at ``x``.
        """
        looks = f' class="{look}"' if look else ""
        anchor = ' text-anchor="end"' if end else ""
        sized = f' font-size="{number(size)}"' if size != TEXT else ""
        place = f'x="{number(x)}" y="{number(y)}"'
        self.parts.append(f"<text {place}{looks}{anchor}{sized}>{xml(shown(text))}</text>")

    def row(self, x: float, y: float, room: float, words: Iterable[tuple[str, str]]) -> None:
        """Write words of several looks behind each other; what has no room is cut.

        Parameters
        ----------
        x, y : float
            Where the base line begins.
        room : float
            Width to keep.
        words : iterable of (str, str)
            Plain text and its classes; empty text is left out.
        """
        spans: list[str] = []
        for text, look in words:
            if not text or room < _LEAST_ROOM:
                continue
            cut = fit_text(shown(text), room, TEXT)
            space = f' dx="{number(_SPACE)}"' if spans else ""
            looks = f' class="{look}"' if look else ""
            spans.append(f"<tspan{space}{looks}>{xml(cut)}</tspan>")
            room -= text_width(cut, TEXT, mono="mono" in look) + _SPACE
        if spans:
            self.parts.append(f'<text x="{number(x)}" y="{number(y)}">{"".join(spans)}</text>')

    def turned(self, x: float, y: float, text: str, degrees: float) -> None:
        """Write one line that is turned around its beginning.

        Parameters
        ----------
        x, y : float
            Where it begins.
        text : str
            Plain; it has been cut to fit.
        degrees : float
            Clockwise.
        """
        turn = f'transform="translate({number(x)} {number(y)}) rotate({number(degrees)})"'
        self.parts.append(f'<text {turn} class="mute" font-size="11">{xml(shown(text))}</text>')

    def line(self, path: str, look: str, tip: str = "") -> None:
        """Draw a line that is not filled.

        Parameters
        ----------
        path : str
            In SVG's words.
        look : str
            Classes: rule, way, red, green, arrow.
        tip : str
            Shown where a pointer rests on it.
        """
        inner = f"><title>{xml(shown(tip))}</title></path>" if tip else "/>"
        self.parts.append(f'<path class="{look}" d="{path}"{inner}')

    def shape(self, kind: str, x: float, y: float, *, hollow: bool = False, r: float = 4.5) -> None:
        """Draw a node: a form and a colour for each kind.

        Parameters
        ----------
        kind : str
            Of the node.
        x, y : float
            Its middle.
        hollow : bool
            It is not here.
        r : float
            Half of its size.
        """
        look = f"k-{kind}" + (" hollow" if hollow else "")
        if kind in ("commit", "series"):
            form = f'<rect class="{look}" x="{number(x - r)}" y="{number(y - r)}"'
            form += f' width="{number(2 * r)}" height="{number(2 * r)}" rx="1"/>'
        elif kind in ("report", "regression"):
            far = r + 1.5
            points = [(x, y - far), (x + far, y), (x, y + far), (x - far, y)]
            if kind == "regression":
                points = [(x, y - far), (x + far, y + r), (x - far, y + r)]
            corners = " ".join(f"{number(a)},{number(b)}" for a, b in points)
            form = f'<polygon class="{look}" points="{corners}"/>'
        else:
            form = f'<circle class="{look}" cx="{number(x)}" cy="{number(y)}" r="{number(r)}"/>'
        self.parts.append(form)

    def open_link(self, url: str | None, tip: str = "") -> None:
        """Begin what belongs together, and is a link if there is a URL.

        Parameters
        ----------
        url : str or None
            Where it leads.
        tip : str
            Shown where a pointer rests on it.
        """
        self.parts.append(f'<a href="{xml(url)}" target="_blank">' if url else "<g>")
        if tip:
            self.parts.append(f"<title>{xml(shown(tip))}</title>")
        self._closing = "</a>" if url else "</g>"

    def close_link(self) -> None:
        """End what :meth:`open_link` began."""
        self.parts.append(self._closing)

    def svg(self, height: float) -> str:
        """Return the whole picture.

        Parameters
        ----------
        height : float
            In CSS pixels.

        Returns
        -------
        str
            An SVG file.
        """
        size = f'width="{number(self.width)}" height="{number(height)}"'
        box = f'viewBox="0 0 {number(self.width)} {number(height)}"'
        arrows = "".join(_arrow(name) for name in ("way", "red", "green"))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} class="tkg" role="img">\n'
            f"<title>{xml(shown(self.title))}</title>\n<desc>{xml(shown(' '.join(self.about)))}</desc>\n"
            f"<style>{_rules()}</style>\n<defs>{arrows}</defs>\n"
            f'<rect class="ground" width="100%" height="100%"/>\n'
            + "\n".join(self.parts)
            + "\n</svg>\n"
        )


def in_page(svg: str) -> str:
    """Let a picture follow the colours of the page that it stands in.

    Parameters
    ----------
    svg : str
        As :meth:`Sheet.svg` returns it.

    Returns
    -------
    str
        The same without a ground of its own: ink is the page's, colours lean towards it.

    Examples
    --------
    >>> svg = Sheet(300, "cow", ["how to read it"]).svg(80)
    >>> "#fffefb" in svg, "#fffefb" in in_page(svg), "currentColor" in in_page(svg)
    (True, False, True)
    """
    return svg.replace(f"<style>{_rules()}</style>", f"<style>{_rules_in_page()}</style>")


def _rules_in_page() -> str:
    ink = {"ink": "currentColor", "ground": "none", "hot": _leaning("#e8622a")}
    ink |= {name: _faint(part) for name, part in (("mute", 72), ("line", 24), ("card", 5))}
    colours = {kind: (_leaning(pair[0]),) for kind, pair in _COLOURS.items()}
    colours["commit"] = ("currentColor",)
    own = "".join(f"--g-{name}:{value};" for name, value in ink.items())
    own += "".join(f"--k-{kind}:{one[0]};" for kind, one in colours.items())
    return f".tkg{{{_FONT}{own}max-width:100%;height:auto}}{_LOOKS}"


def _leaning(colour: str) -> str:
    """Mix a colour with the page's ink, so that it is darker on light and lighter on dark."""
    return f"color-mix(in srgb,currentColor 25%,{colour})"


def _faint(part: int) -> str:
    return f"color-mix(in srgb,currentColor {part}%,transparent)"


def _arrow(name: str) -> str:
    return (
        f'<marker id="tkg-{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
        f' markerHeight="7" orient="auto"><path class="tip-{name}" d="M0 1L8 4L0 7Z"/></marker>'
    )


def _rules() -> str:
    """Write the rules of the picture; they touch nothing outside class ``tkg``."""
    return (
        f".tkg{{{_FONT}{_variables(LIGHT, 0)}}}"
        f"@media(prefers-color-scheme:dark){{.tkg{{{_variables(DARK, 1)}}}}}{_LOOKS}"
    )


def _variables(base: dict[str, str], which: int) -> str:
    own = "".join(f"--g-{name}:{value};" for name, value in base.items())
    return own + "".join(f"--k-{kind}:{pair[which]};" for kind, pair in _COLOURS.items())


def number(value: float) -> str:
    """Write a coordinate: two digits behind the point at most.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    str
        Without needless zeros.

    Examples
    --------
    >>> number(3.0), number(2.126), number(-0.001)
    ('3', '2.13', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def link_of(node: str) -> str | None:
    """Return where a node can be read: a mail or a report on lore, a bug in its tracker.

    Parameters
    ----------
    node : str
        Of an evidence graph.

    Returns
    -------
    str or None
        A URL of ``http`` or ``https``; None where there is none.

    Examples
    --------
    >>> link_of("message:a/b+c@example.org")
    'https://lore.kernel.org/r/a%2Fb+c@example.org/'
    >>> link_of("bug:javascript:alert(1)") is None
    True
    """
    kind, name = kind_of(node), name_of(node)
    if kind in ("message", "report") and "@" in name and " " not in name:
        return f"https://lore.kernel.org/r/{quote(name, safe=_KEPT, errors='replace')}/"
    if kind == "bug" and name.startswith(("https://", "http://")):
        return name
    return None

"""Pictures, tables and prose of the model: SVG and HTML for pages, lines for terminals.

Everything here takes the views of :mod:`threadkit.cow.views` (or the rows of
:mod:`threadkit.cow.diagram.tables`) and returns text; nothing runs a scenario.
"""

from threadkit.cow.diagram.around import Around
from threadkit.cow.diagram.sides import Sides, diff_html, diff_svg, side_by_side
from threadkit.cow.diagram.state import state_svg
from threadkit.cow.diagram.style import html_page
from threadkit.cow.diagram.text import Paragraph, explain, state_text, trace_text
from threadkit.cow.diagram.trace import explain_html, trace_html, trace_svg

__all__ = [
    "Around",
    "Paragraph",
    "Sides",
    "diff_html",
    "diff_svg",
    "explain",
    "explain_html",
    "html_page",
    "side_by_side",
    "state_svg",
    "state_text",
    "trace_html",
    "trace_svg",
    "trace_text",
]

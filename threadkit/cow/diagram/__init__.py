"""Pictures, tables and prose of the model: SVG and HTML for pages, lines for terminals.

Everything here takes the views of :mod:`threadkit.cow.views` (or the rows of
:mod:`threadkit.cow.diagram.tables`) and returns text; nothing runs a scenario.
"""

from threadkit.cow.diagram.state import state_svg
from threadkit.cow.diagram.style import html_page
from threadkit.cow.diagram.text import Paragraph, explain, state_text, trace_text
from threadkit.cow.diagram.trace import diff_html, explain_html, trace_html, trace_svg

__all__ = [
    "Paragraph",
    "diff_html",
    "explain",
    "explain_html",
    "html_page",
    "state_svg",
    "state_text",
    "trace_html",
    "trace_svg",
    "trace_text",
]

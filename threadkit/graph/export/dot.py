"""DOT: what Graphviz draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from threadkit.graph.evidence.schema import name_of
from threadkit.graph.export.plain import shown, written

if TYPE_CHECKING:
    import networkx as nx

_SHAPES = {
    "commit": "box",
    "series": "folder",
    "person": "oval",
    "regression": "octagon",
    "report": "note",
    "unresolved": "plaintext",
}
_LABEL = 60
_KEYWORDS = frozenset({"label", "shape", "style"})


def dot(graph: nx.DiGraph[str], title: str = "") -> Iterator[str]:
    r"""Write a graph in Graphviz's language.

    Parameters
    ----------
    graph : networkx.DiGraph or MultiDiGraph
        Names are text, attributes plain values.
    title : str
        The name of the graph.

    Yields
    ------
    str
        Lines; equal graphs give equal bytes. Labels are titles, cut to 60 characters; all
        attributes stand beside them, those that Graphviz would take for its own with ``tk_``
        before the name.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_node("commit:01", kind="commit", title='mm: say "cow"')
    >>> print("\n".join(dot(graph)))
    digraph "" {
    "commit:01" [label="mm: say \"cow\"", shape="box", kind="commit", title="mm: say \"cow\""];
    }

    References
    ----------
    Graphviz, The DOT language.
    """
    yield f"digraph {quoted(title)} {{"
    for node, data in graph.nodes(data=True):
        own = {"label": _cut(str(data.get("title") or name_of(node) or node))}
        shape = _SHAPES.get(str(data.get("kind")))
        if shape:
            own["shape"] = shape
        if data.get("ghost"):
            own["style"] = "dashed"
        yield f"{quoted(node)} [{_attributes(own, data)}];"
    for source, target, data in graph.edges(data=True):
        own = {"label": str(data["kind"])} if "kind" in data else {}
        yield f"{quoted(source)} -> {quoted(target)} [{_attributes(own, data)}];"
    yield "}"


def quoted(text: str) -> str:
    r"""Write a string of the language.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        In quotes; a backslash is doubled, so that no label escape arises and none eats the
        closing quote, and characters that Graphviz's XML cannot hold, or that turn text around, stand as codes.

    Examples
    --------
    >>> print(quoted('a\\b "c"'))
    "a\\b \"c\""
    """
    plain = shown(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("\r", "\\r").replace("\n", "\\n") + '"'


def _cut(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def _attributes(own: Mapping[str, str], data: Mapping[str, object]) -> str:
    named = {(f"tk_{name}" if name in _KEYWORDS else name): value for name, value in data.items()}
    pairs = {**own, **named}
    return ", ".join(f"{_name(name)}={quoted(written(value))}" for name, value in pairs.items())


def _name(name: str) -> str:
    """Write the name of an attribute; one that is no plain word in quotes."""
    return name if name.isascii() and name.isidentifier() else quoted(name)

r"""Argdown: an argument map as text that people read and edit.

Each node is a statement with its name in brackets, what bears on it stands below, one line
each: ``+`` supports, ``-`` attacks, ``_`` undercuts. What Argdown has no sign for (agree,
concede, answer, ask; score, rule, state) stands in the data in braces behind the statement. An
edge that is itself undercut is an argument ``<r...>`` between its ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote

from threadkit.graph.argument.formats.reading import facts_of_edge, facts_of_node
from threadkit.graph.argument.values import ArgumentGraph, Edge, EdgeKind, Node
from threadkit.graph.export.plain import shown

Grouping = Literal["person", "question", "none"]

SIGNS: Mapping[EdgeKind, str] = MappingProxyType({"support": "+", "attack": "-", "undercut": "_"})
"""How a line below a node says that something bears on it."""

_ESCAPED = re.compile(r"[\\@#*_\[\]<>{}]|[.:](?=\S)|/(?=[/*])|=(?===)")
_IN_NAME = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '%[]<>{}"\\')
_HELD_BACK = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "{}[]<>="})


def argdown(graph: ArgumentGraph, by: Grouping = "person") -> Iterator[str]:
    r"""Write a graph in Argdown.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.
    by : {'person', 'question', 'none'}
        What the headings are.

    Yields
    ------
    str
        Lines; :func:`threadkit.graph.argument.formats.argdown_read.read_argdown` makes an
        equal graph of them.

    Examples
    --------
    >>> nodes = [Node("c1", "It is safe.", person="Ann"), Node("c2", "It is *not*.", person="Bo")]
    >>> graph = ArgumentGraph.of(nodes, [Edge("c2", "attack", "c1", score=0.5)])
    >>> print("\n".join(argdown(graph)))
    # Ann
    <BLANKLINE>
    [c1]: It is safe. {"person": "Ann"}
      - [c2]
    <BLANKLINE>
    # Bo
    <BLANKLINE>
    [c2]: It is \*not\*. {"person": "Bo", "edges": [{"kind": "attack", "target": "c1", "score": 0.5}]}
    <BLANKLINE>

    References
    ----------
    Argdown syntax, argdown.org/syntax (2.0).
    """
    if graph.title:
        yield from ("===", f"title: {_json(graph.title)}", "===", "")
    maker = _Maker(graph)
    for heading, nodes in _groups(graph, by):
        if heading:
            yield from (f"# {escaped(heading)}", "")
        for node in nodes:
            yield from maker.statement(node)
    for edge in graph.edges:
        if edge.id in maker.targeted:
            yield from maker.argument(edge)


class _Maker:
    """Writes statements and what bears on them."""

    def __init__(self, graph: ArgumentGraph) -> None:
        edges = graph.edges_by_id()
        self.targeted = {edge.target for edge in graph.edges if edge.target in edges}
        self._into: dict[str, list[Edge]] = {}
        self._out_of: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            if edge.id not in self.targeted:
                self._into.setdefault(edge.target, []).append(edge)
                self._out_of.setdefault(edge.source, []).append(edge)

    def statement(self, node: Node) -> Iterator[str]:
        data = facts_of_node(node)
        title, said = title_of(node.id), shown_text(node.text)
        if title != node.id:
            data["id"] = node.id
        if said != node.text:
            data["text"] = node.text
        if node.origin == "model":
            said = f"{MODEL}{said}"
        kept = [_outgoing(e) for e in self._out_of.get(node.id, ()) if _needs_data(e)]
        if kept:
            data["edges"] = kept
        head = f"[{title}]: {escaped(said)}" if said else f"[{title}]"
        yield f"{head} {_json(data)}" if data else head
        yield from self._lines(node.id)
        yield ""

    def argument(self, edge: Edge) -> Iterator[str]:
        """Write an edge that something undercuts as an argument between its ends."""
        data = {"edge": {"source": edge.source, "kind": edge.kind, "target": edge.target,
                         **facts_of_edge(edge)}}  # fmt: skip
        yield f"<{edge.id}> {_json(data)}"
        yield f"  + [{title_of(edge.source)}]"
        if edge.kind in SIGNS:
            yield f"  {SIGNS[edge.kind]}> {self._reference(edge.target)}"
        yield from self._lines(edge.id)
        yield ""

    def _reference(self, name: str) -> str:
        return f"<{name}>" if name in self.targeted else f"[{title_of(name)}]"

    def _lines(self, name: str) -> Iterator[str]:
        for edge in self._into.get(name, ()):
            if edge.kind in SIGNS:
                yield f"  {SIGNS[edge.kind]} [{title_of(edge.source)}]"


MODEL = "(executable model) "
"""Stands before what a run of the model says, so that nobody takes it for a person's word."""


def _outgoing(edge: Edge) -> dict[str, object]:
    return {"kind": edge.kind, "target": edge.target, **facts_of_edge(edge)}


def _needs_data(edge: Edge) -> bool:
    return edge.kind not in SIGNS or bool(facts_of_edge(edge))


def _groups(graph: ArgumentGraph, by: Grouping) -> Iterator[tuple[str, Sequence[Node]]]:
    """Group nodes under headings, in the order of the first of each; those without come last."""
    name: Mapping[Grouping, Callable[[Node], str]] = {
        "person": lambda node: "Executable model" if node.origin == "model" else node.person,
        "question": lambda node: node.question,
        "none": lambda node: "",
    }
    groups: dict[str, list[Node]] = {}
    for node in graph.nodes:
        groups.setdefault(shown_text(name[by](node)), []).append(node)
    without = groups.pop("", [])
    yield from groups.items()
    if without:
        yield ("Others" if groups else "", without)


def shown_text(text: str) -> str:
    r"""Return a text as one line, fit for a file.

    Parameters
    ----------
    text : str
        Anything.

    Examples
    --------
    >>> shown_text(" so \n slow")
    'so slow'
    """
    return shown(" ".join(text.split()))


def escaped(text: str) -> str:
    r"""Escape what means something in Argdown.

    Parameters
    ----------
    text : str
        One line.

    Examples
    --------
    >>> print(escaped("do_wp_page() [1]: see http://x // e.g. <y>"))
    do\_wp\_page() \[1\]: see http\:\//x \// e\.g. \<y\>
    """
    return _ESCAPED.sub(r"\\\g<0>", text)


def title_of(name: str) -> str:
    """Return a node's name as a title that brackets can hold.

    Parameters
    ----------
    name : str
        Of a node.

    Returns
    -------
    str
        Percent signs, brackets, blanks and what is not ASCII stand as ``%XX``; unequal for unequal
        names.

    Examples
    --------
    >>> title_of("u:a@example.org#0f3c"), title_of("a [b]")
    ('u:a@example.org#0f3c', 'a%20%5Bb%5D')
    """
    title = quote(name.encode("utf-8", "surrogatepass"), safe=_IN_NAME)
    return f"%2D{title[1:]}" if title.startswith("-") else title


def _json(value: object) -> str:
    """Write data as JSON, which is YAML too.

    No brace or bracket stands inside its strings: what begins with ``[`` or ``<`` would be
    read on as a name until ``]:`` or ``>:``.
    """
    text = json.dumps(value)
    return re.sub(r'"(?:[^"\\]|\\.)*"', lambda match: match[0].translate(_HELD_BACK), text)

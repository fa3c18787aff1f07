"""GraphML: the XML form that Gephi, yEd, igraph and networkx read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from threadkit.graph.export.plain import Column, columns, type_name, written, xml

if TYPE_CHECKING:
    import networkx as nx


def graphml(graph: nx.DiGraph[str], title: str = "") -> Iterator[str]:
    """Write a graph as GraphML.

    Parameters
    ----------
    graph : networkx.DiGraph or MultiDiGraph
        Names are text, attributes plain values.
    title : str
        Kept as the graph's description.

    Yields
    ------
    str
        Lines; equal graphs give equal bytes.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> _ = graph.add_edge("a", "b", kind="cites")
    >>> sum("<edge " in line for line in graphml(graph))
    1

    References
    ----------
    U. Brandes, M. Eiglsperger, J. Lerner, GraphML primer.
    """
    of_nodes = columns(data for _, data in graph.nodes(data=True))
    of_edges = columns(data for *_, data in graph.edges(data=True))
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for letter, domain, found in (("n", "node", of_nodes), ("e", "edge", of_edges)):
        for (name, of), number in found.items():
            yield (
                f'<key id="{letter}{number}" for="{domain}" attr.name="{xml(name)}"'
                f' attr.type="{type_name(of)}"/>'
            )
    yield '<graph edgedefault="directed">'
    if title:
        yield f"<desc>{xml(title)}</desc>"
    for node, data in graph.nodes(data=True):
        yield f'<node id="{xml(node)}">{_data("n", of_nodes, data)}</node>'
    for source, target, data in graph.edges(data=True):
        ends = f'source="{xml(source)}" target="{xml(target)}"'
        yield f"<edge {ends}>{_data('e', of_edges, data)}</edge>"
    yield "</graph>"
    yield "</graphml>"


def _data(letter: str, numbers: Mapping[Column, int], data: Mapping[str, object]) -> str:
    return "".join(
        f'<data key="{letter}{numbers[name, type(value)]}">{xml(written(value))}</data>'
        for name, value in data.items()
    )

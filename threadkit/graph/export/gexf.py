"""GEXF: Gephi's own XML form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from threadkit.graph.evidence.schema import name_of
from threadkit.graph.export.plain import Column, columns, type_name, written, xml

if TYPE_CHECKING:
    import networkx as nx


def gexf(graph: nx.DiGraph[str], title: str = "") -> Iterator[str]:
    """Write a graph as GEXF 1.2.

    Parameters
    ----------
    graph : networkx.DiGraph or MultiDiGraph
        Names are text, attributes plain values.
    title : str
        Kept as the file's description.

    Yields
    ------
    str
        Lines; equal graphs give equal bytes. The label of a node is its title, or its name.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph()
    >>> graph.add_node("person:a@x", title="Ann")
    >>> any('label="Ann"' in line for line in gexf(graph))
    True

    References
    ----------
    GEXF 1.2 draft primer.
    """
    of_nodes = columns(data for _, data in graph.nodes(data=True))
    of_edges = columns(data for *_, data in graph.edges(data=True))
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">'
    yield f"<meta><creator>threadkit</creator><description>{xml(title)}</description></meta>"
    yield '<graph defaultedgetype="directed" mode="static">'
    for domain, found in (("node", of_nodes), ("edge", of_edges)):
        yield f'<attributes class="{domain}" mode="static">'
        for (name, of), number in found.items():
            yield f'<attribute id="{number}" title="{xml(name)}" type="{type_name(of)}"/>'
        yield "</attributes>"
    yield "<nodes>"
    for node, data in graph.nodes(data=True):
        label = xml(str(data.get("title") or name_of(node) or node))
        yield f'<node id="{xml(node)}" label="{label}">{_values(of_nodes, data)}</node>'
    yield "</nodes>"
    yield "<edges>"
    for number, (source, target, data) in enumerate(graph.edges(data=True)):
        ends = f'source="{xml(source)}" target="{xml(target)}"'
        yield f'<edge id="{number}" {ends}>{_values(of_edges, data)}</edge>'
    yield "</edges>"
    yield "</graph>"
    yield "</gexf>"


def _values(numbers: Mapping[Column, int], data: Mapping[str, object]) -> str:
    values = "".join(
        f'<attvalue for="{numbers[name, type(value)]}" value="{xml(written(value))}"/>'
        for name, value in data.items()
    )
    return f"<attvalues>{values}</attvalues>" if values else ""

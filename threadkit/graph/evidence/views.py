"""Parts of the evidence graph, and nodes by the names that people type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.errors import Ambiguous, NotFound
from threadkit.graph.evidence.schema import VIEWS, kind_of, name_of

if TYPE_CHECKING:
    import networkx as nx

_SHOWN = 10


def view(graph: nx.MultiDiGraph[str], kind: str) -> nx.MultiDiGraph[str]:
    """Cut the evidence graph to one of its parts.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.
    kind : str
        ``evidence`` (all of it) or a key of
        :data:`~threadkit.graph.evidence.schema.VIEWS`: ``replies``, ``regressions``.

    Returns
    -------
    networkx.MultiDiGraph
        A graph of its own. Of ``regressions``, what is tied to nothing is left out, and of
        mails only those that are to fix one are there.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("message:a@x", kind="message")
    >>> graph.add_node("person:a@x", kind="person")
    >>> list(view(graph, "replies"))
    ['message:a@x']
    """
    if kind == "evidence":
        return graph.copy()
    nodes, edges = VIEWS[kind]
    part = graph.__class__()
    kept = {node for node, data in graph.nodes(data=True) if data["kind"] in nodes}
    if kind == "regressions":
        kept |= {
            source
            for source, target, what in graph.edges(data="kind")
            if what == "fixes" and kind_of(target) == "regression"
        }
    part.add_nodes_from((node, dict(data)) for node, data in graph.nodes(data=True) if node in kept)
    part.add_edges_from(
        (source, target, dict(data))
        for source, target, data in graph.edges(data=True)
        if data["kind"] in edges and source in part and target in part
    )
    if kind == "regressions":
        part.remove_nodes_from([node for node, degree in part.degree() if not degree])
    return part


def find_node(graph: nx.MultiDiGraph[str], name: str) -> str:
    """Find a node by what a person types.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.
    name : str
        A whole name (``commit:0123...``), the name without its kind, or a beginning of
        either. A report and the mail that it stands in have one name: the mail is meant.

    Returns
    -------
    str
        The node.

    Raises
    ------
    NotFound, Ambiguous
        No node, or more than one, has a name that begins so.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["commit:0123456789", "report:a@x", "message:a@x"])
    >>> find_node(graph, "0123"), find_node(graph, "a@x"), find_node(graph, "report:a")
    ('commit:0123456789', 'message:a@x', 'report:a@x')
    """
    if name in graph:
        return name
    whole = [f"{kind}:{name}" for kind in ("message", "commit") if f"{kind}:{name}" in graph]
    found = whole or [node for node in graph if name in (node, name_of(node))]
    if not found and name:
        found = [node for node in graph if node.startswith(name) or name_of(node).startswith(name)]
    mails = [node for node in found if node.startswith("message:")]
    if len(mails) == 1 and all(name_of(node) == name_of(mails[0]) for node in found):
        found = mails
    if not found:
        raise NotFound(name, what="node of the graph")
    if len(found) > 1:
        raise Ambiguous(name, tuple(sorted(found)[:_SHOWN]))
    return str(found[0])

"""Reply trees to walk and to measure, made from placements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from threadkit.graph.replies import Placement

if TYPE_CHECKING:
    import networkx as nx

Key = tuple[str, int]
"""Message-ID and imposter number."""


def walk(
    placements: Iterable[Placement], date_utc: Mapping[Key, str]
) -> Iterator[tuple[int, Placement]]:
    """Walk reply trees in the order in which lore lists them.

    Parameters
    ----------
    placements : iterable of Placement
        Whole conversations, or parts of them, in any order.
    date_utc : mapping
        When each mail was sent, by Message-ID and imposter number: lore sorts by Date, not
        by Received. A ghost stands where its earliest descendant would.

    Yields
    ------
    depth, placement : int, Placement
        Parents before children; siblings and roots by time, then Message-ID. What only
        a subject placed is a root again (depth 0), after the strict roots.

    Examples
    --------
    >>> from threadkit.graph.replies import Envelope, place
    >>> mails = [Envelope("a@x", 0, (), (), "cow", False, "2020-09-01T10:00:00Z"),
    ...          Envelope("b@x", 0, ("a@x",), (), "cow", True, "2020-09-01T11:00:00Z")]
    >>> times = {(mail.message_id, 0): mail.order_utc for mail in mails}
    >>> [(depth, p.message_id) for depth, p in walk(place(mails), times)]
    [(0, 'a@x'), (1, 'b@x')]

    Notes
    -----
    n log n; no recursion.

    References
    ----------
    public-inbox, SearchThread (a ghost is dated by the mail nearest below it).
    """
    nodes = {(p.message_id, p.imposter): p for p in placements}
    children: dict[Key, list[Key]] = {}
    roots: list[Key] = []
    for key, p in nodes.items():
        above = None if p.parent is None or p.rule == "subject" else (p.parent, 0)
        if above in nodes and above is not None:
            children.setdefault(above, []).append(key)
        else:
            roots.append(key)
    times = _times(roots, children, nodes, date_utc)
    roots.sort(key=lambda key: (nodes[key].match == "loose", times[key], key))
    stack = [(0, key) for key in reversed(roots)]
    while stack:
        depth, key = stack.pop()
        yield depth, nodes[key]
        answers = sorted(children.get(key, ()), key=lambda key: (times[key], key), reverse=True)
        stack += [(depth + 1, answer) for answer in answers]


def _times(
    roots: list[Key],
    children: Mapping[Key, list[Key]],
    nodes: Mapping[Key, Placement],
    date_utc: Mapping[Key, str],
) -> dict[Key, str]:
    """Date every node; a ghost is as old as the oldest of its children."""
    times: dict[Key, str] = {}
    down = list(roots)
    for key in down:
        down += children.get(key, ())
    for key in reversed(down):  # children before parents
        if nodes[key].ghost:
            times[key] = min((times[answer] for answer in children.get(key, ())), default="")
        else:
            times[key] = date_utc.get(key, "")
    return times


def reply_graph(placements: Iterable[Placement]) -> nx.DiGraph[Key]:
    """Make a directed graph of who answers whom.

    Parameters
    ----------
    placements : iterable of Placement
        In any order.

    Returns
    -------
    networkx.DiGraph
        Nodes are ``(message_id, imposter)``; an edge leads from a mail to its parent.
        Edges have ``rule``, ghosts have ``ghost=True``.

    Examples
    --------
    >>> from threadkit.graph.replies import Envelope, place
    >>> graph = reply_graph(place([Envelope("b@x", 0, ("a@x",), (), "cow", True, "")]))
    >>> list(graph.edges(data="rule")), graph.nodes["a@x", 0]
    ([(('b@x', 0), ('a@x', 0), 'in-reply-to')], {'ghost': True})

    Notes
    -----
    Linear; networkx needs some 800 bytes a message, so attributes are few: look up the
    rest by key.
    """
    import networkx as nx

    graph: nx.DiGraph[Key] = nx.DiGraph()
    first: dict[str, Key] = {}  # one key object for all edges to it saves 60 bytes each
    for p in placements:
        key = first.setdefault(p.message_id, (p.message_id, 0))
        if p.imposter:
            key = (p.message_id, p.imposter)
        graph.add_node(key)
        if p.ghost:
            graph.nodes[key]["ghost"] = True
        if p.parent is not None:
            graph.add_edge(key, first.setdefault(p.parent, (p.parent, 0)), rule=p.rule)
    return graph

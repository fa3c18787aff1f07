"""Nodes and edges as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import fields

from threadkit.graph.argument.values import ArgumentGraph, Node

_NODE = tuple(field.name for field in fields(Node))
_EDGE = ("id", "source", "kind", "target", "score", "state", "rule")


def csv_nodes(graph: ArgumentGraph) -> Iterator[str]:
    """Write the nodes as comma-separated values.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        Names of the columns, then a row for each node; a row is several lines if its text is.

    Examples
    --------
    >>> next(csv_nodes(ArgumentGraph())).split(",")[:3]
    ['id', 'text', 'label']

    References
    ----------
    RFC 4180.
    """
    yield from _rows([_NODE, *([getattr(node, n) for n in _NODE] for node in graph.nodes)])


def csv_edges(graph: ArgumentGraph) -> Iterator[str]:
    """Write the edges as comma-separated values.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        Names of the columns, then a row for each edge.

    Examples
    --------
    >>> list(csv_edges(ArgumentGraph()))
    ['id,source,kind,target,score,state,rule']

    References
    ----------
    RFC 4180.
    """
    yield from _rows([_EDGE, *([getattr(edge, n) for n in _EDGE] for edge in graph.edges)])


def _rows(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)  # with CR LF, so that both get quoted inside
    for row in rows:
        writer.writerow(row)
        yield out.getvalue().removesuffix("\r\n").encode("utf-8", "backslashreplace").decode()
        out.seek(0)
        out.truncate()

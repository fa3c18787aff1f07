"""Graphs as files that other programs read: GraphML, GEXF, node-link JSON, DOT, SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from threadkit.graph.export.dot import dot
from threadkit.graph.export.gexf import gexf
from threadkit.graph.export.graphml import graphml
from threadkit.graph.export.nodelink import node_link

if TYPE_CHECKING:
    import networkx as nx

Writer = Callable[["nx.DiGraph[str]", str], Iterator[str]]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {"graphml": graphml, "gexf": gexf, "json": node_link, "dot": dot}
)
"""What writes each format: it yields lines; a picture has a module of its own."""

__all__ = ["WRITERS", "Writer", "dot", "gexf", "graphml", "node_link"]

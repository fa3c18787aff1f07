"""Argument graphs as files that other programs read, and back from the two that people edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from threadkit.graph.argument.formats.aif import aif, xaif
from threadkit.graph.argument.formats.aif_read import read_aif
from threadkit.graph.argument.formats.argdown import argdown
from threadkit.graph.argument.formats.argdown_read import read_argdown
from threadkit.graph.argument.formats.frames import apx, iccma, tgf
from threadkit.graph.argument.formats.pictures import dot, graphml, to_networkx
from threadkit.graph.argument.formats.reading import Reading
from threadkit.graph.argument.formats.tables import csv_edges, csv_nodes
from threadkit.graph.argument.values import ArgumentGraph

Writer = Callable[[ArgumentGraph], Iterator[str]]
Reader = Callable[[str, str], Reading]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "argdown": argdown,
        "aif": aif,
        "xaif": xaif,
        "dot": dot,
        "graphml": graphml,
        "apx": apx,
        "tgf": tgf,
        "iccma": iccma,
        "csv": csv_nodes,
        "csv-edges": csv_edges,
    }
)
"""What writes each format: it yields lines, each without its line end."""

READERS: Mapping[str, Reader] = MappingProxyType(
    {"argdown": read_argdown, "aif": read_aif, "xaif": read_aif}
)
"""What reads each format: it takes the text of a file and its name, for messages."""

__all__ = [
    "READERS",
    "WRITERS",
    "Reader",
    "Reading",
    "Writer",
    "aif",
    "apx",
    "argdown",
    "csv_edges",
    "csv_nodes",
    "dot",
    "graphml",
    "iccma",
    "read_aif",
    "read_argdown",
    "tgf",
    "to_networkx",
    "xaif",
]

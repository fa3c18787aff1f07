"""Messages, commits, series, people and regressions as one typed graph."""

from threadkit.graph.evidence.build import evidence_graph
from threadkit.graph.evidence.rows import EvidenceRows
from threadkit.graph.evidence.schema import EDGES, NODES, check

__all__ = ["EDGES", "NODES", "EvidenceRows", "check", "evidence_graph"]

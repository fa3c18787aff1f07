"""The argument graph of a conversation, counted and in the files that all graphs are written in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from threadkit.graph.argument.formats.pictures import dot, to_networkx
from threadkit.graph.argument.values import EDGE_KINDS, ArgumentGraph
from threadkit.graph.export import WRITERS
from threadkit.pipeline.display import counted

FORMATS = tuple(WRITERS)
"""In which forms it can be written; there is no picture of it."""

_MEANINGS = dict(
    zip(
        EDGE_KINDS,
        (
            "speaks for it", "speaks against it", "denies the step, not its ends",
            "takes the same side", "gives in to it", "answers it", "asks about it",
        ),
        strict=True,
    )
)  # fmt: skip


class ArgumentView:
    """Claims and what bears on them, as a graph among others.

    Parameters
    ----------
    argument : ArgumentGraph
        What is claimed.

    Attributes
    ----------
    graph : networkx.MultiDiGraph
        The same; ``relation`` tells kinds of edges.
    """

    kind = "arguments"

    def __init__(self, argument: ArgumentGraph) -> None:
        self.argument = argument
        self.graph = to_networkx(argument)

    def lines(self, form: str) -> Iterator[str]:
        """Write the graph in a file format.

        Parameters
        ----------
        form : str
            One of :data:`FORMATS`.

        Returns
        -------
        iterator of str
            Lines without ends; equal graphs give equal lines.
        """
        if form == "dot":
            return dot(self.argument)
        return WRITERS[form](self.graph, self.argument.title)

    def counts(self) -> list[tuple[str, str, int, str]]:
        """Count nodes by their label and edges by their kind.

        Returns
        -------
        list of (str, str, int, str)
            ``node`` or ``edge``, kind, how many, and what the kind means.
        """
        labels = Counter(node.label or "patch" for node in self.argument.nodes)
        kinds = Counter(edge.kind for edge in self.argument.edges)
        meanings = {"claim": "what somebody holds", "patch": "a patch that something bears on"}
        passage = "a passage that bears on something"
        return [
            *(
                ("node", name, many, meanings.get(name, passage))
                for name, many in labels.most_common()
            ),
            *(("edge", name, many, _MEANINGS[name]) for name, many in kinds.most_common()),
        ]

    def __repr__(self) -> str:
        nodes, edges = len(self.graph), self.graph.number_of_edges()
        return f"<ArgumentView {counted(nodes, 'node')}, {counted(edges, 'edge')}>"

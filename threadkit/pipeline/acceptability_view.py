"""How claims stand in the argument graph, as notebooks and the command line list it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from threadkit.graph.argument.acceptability import Acceptability, Standing, acceptability
from threadkit.graph.argument.explain import explanations
from threadkit.graph.argument.values import ArgumentGraph, Node
from threadkit.pipeline.display import counted, cut, one_line

COLUMNS = (
    "id", "person", "grounded", "preferred", "stable", "h_categorizer", "df_quad",
    "quadratic_energy", "attackers", "unanswered", "status", "state", "text",
)  # fmt: skip
"""Of a row of :meth:`Standings.rows`."""

_IN_NOTEBOOK = (
    "id", "person", "grounded", "preferred", "stable", "df_quad", "attackers", "text",
)  # fmt: skip

READINGS = {
    "all": COLUMNS,
    "grounded": ("id", "grounded", "attackers", "unanswered", "text"),
    "preferred": ("id", "preferred", "attackers", "unanswered", "text"),
    "stable": ("id", "stable", "attackers", "unanswered", "text"),
    "gradual": ("id", "h_categorizer", "df_quad", "quadratic_energy", "unanswered", "text"),
}  # fmt: skip
"""Columns of each reading; what is not answered stands beside every one."""

_NAMES = re.compile(r"(?<!\w)(?:u|patch):\S+?(?=[,;:)]?(?:\s|$))")
_WORDS_SHOWN = 60

_WORDS = {"in": "accepted", "out": "rejected", "undecided": "undecided"}


class Standings:
    """How all claims of a graph stand.

    Parameters
    ----------
    graph : ArgumentGraph
        All its edges count.
    """

    def __init__(self, graph: ArgumentGraph) -> None:
        self.found: Acceptability = acceptability(graph)
        self._nodes = graph.by_id()
        self._shown = [node for node in graph.nodes if node.label == "claim" or is_model(node)]

    def __len__(self) -> int:
        return len(self._shown)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not computed or did not settle, and why; and what is in the graph."""
        runs = sum(is_model(node) for node in self._shown)
        counts = f"{counted(runs, 'run')} of the model counted as a voice"
        return (*self.found.notes, *([counts] if runs else ()))

    def rows(self) -> list[tuple[str | float | None, ...]]:
        """Return one line a claim, and a run of the model if they count."""
        return [_row(node, self.found.standings[node.id]) for node in self._shown]

    def explanation(self, name: str) -> list[str]:
        """Say why a claim stands as it does, and why what this rests on does.

        Parameters
        ----------
        name : str
            As ``c6``.

        Returns
        -------
        list of str
            Sentences that begin with the name of what they are about; what is no claim is named
            by its author and its first words.

        Raises
        ------
        KeyError
            It is not in the graph.
        """
        return [
            _NAMES.sub(self._who, f"{one.node}: {one.text}")
            for one in explanations(self.found, name)
        ]

    def _who(self, match: re.Match[str]) -> str:
        """Name a passage that is no claim by who said it, and its first words."""
        node = self._nodes.get(match[0])
        return (
            f'{node.person or "somebody"}: "{cut(one_line(node.text), _WORDS_SHOWN)}"'
            if node
            else match[0]
        )

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = [COLUMNS.index(name) for name in _IN_NOTEBOOK]
        rows = [[row[at] for at in places] for row in self.rows()]
        return notebook.table(_IN_NOTEBOOK, rows) + notebook.heading("", self.notes)

    def __repr__(self) -> str:
        stood = sum(self.found.standings[node.id].grounded == "in" for node in self._shown)
        return (
            f"<Standings {counted(len(self), 'claim')}, {stood} accepted in the grounded reading>"
        )


def is_model(node: Node) -> bool:
    """Tell whether a node is a run of the model.

    Parameters
    ----------
    node : Node
        Any.
    """
    return node.origin == "model"


def _row(node: Node, one: Standing) -> tuple[str | float | None, ...]:
    scores = [
        round(one.scores[rule], 3) for rule in ("h-categorizer", "df-quad", "quadratic-energy")
    ]
    return (
        node.id, node.person or ("the model" if is_model(node) else ""), _WORDS[one.grounded],
        _ways(one.preferred), _ways(one.stable), *scores, _list(one.attackers),
        _list(one.unanswered), node.status, node.state, node.text,
    )  # fmt: skip


def _ways(pair: tuple[int, int] | None) -> str:
    """Write in how many of how many extensions something is accepted."""
    if pair is None:
        return "not computed"
    return f"{pair[0]} of {pair[1]}" if pair[1] else "none exists"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)

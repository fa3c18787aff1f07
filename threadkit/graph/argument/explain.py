"""Why a claim is accepted, rejected or undecided, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from threadkit.graph.argument.acceptability import Acceptability
from threadkit.graph.argument.labellings import Label
from threadkit.graph.argument.values import ATTACKS, Edge

_WORDS: dict[Label, str] = {"in": "accepted", "out": "rejected", "undecided": "undecided"}
_SURE = "accepted: nothing speaks against it"


class Explanation(NamedTuple):
    """Why a node stands as it does, one step deep.

    Attributes
    ----------
    node : str
        Its name.
    label : {'in', 'out', 'undecided'}
        How it stands in the grounded labelling.
    text : str
        The reason, without the node's name: ``rejected because c4 attacks it (accepted:
        nothing speaks against it)``.
    rests_on : tuple of str
        Nodes whose standing the reason uses and which need a reason themselves.
    """

    node: str
    label: Label
    text: str
    rests_on: tuple[str, ...]


def explain(found: Acceptability, name: str) -> Explanation:
    """Say why a node stands as it does.

    Parameters
    ----------
    found : Acceptability
        Of the whole graph.
    name : str
        Of the node.

    Returns
    -------
    Explanation
        The shortest reason: of several attackers that each would do, the one that is settled
        first. Equal for equal graphs.

    Raises
    ------
    KeyError
        There is no such node.

    Examples
    --------
    >>> from threadkit.graph.argument.acceptability import acceptability
    >>> from threadkit.graph.argument.values import ArgumentGraph, Node
    >>> nodes = [Node(f"c{i}", "...") for i in range(1, 5)]
    >>> edges = [Edge("c2", "attack", "c1"), Edge("c3", "attack", "c1"),
    ...          Edge("c4", "attack", "c2"), Edge("c4", "attack", "c3")]
    >>> explain(acceptability(ArgumentGraph.of(nodes, edges)), "c1").text
    'accepted because its attackers c2, c3 are themselves attacked by c4 (accepted: nothing speaks against it)'
    """
    return _Reasons(found).of(name)


def explanations(found: Acceptability, name: str) -> Iterator[Explanation]:
    """Say why a node stands as it does, and why what this rests on does.

    Parameters
    ----------
    found : Acceptability
        Of the whole graph.
    name : str
        Of the node.

    Yields
    ------
    Explanation
        That of the node, then those it rests on, nearest first, each once.

    Raises
    ------
    KeyError
        There is no such node.
    """
    reasons = _Reasons(found)
    waiting = [name]
    seen = {name}
    for one in waiting:
        reason = reasons.of(one)
        yield reason
        waiting += [other for other in reason.rests_on if other not in seen]
        seen.update(reason.rests_on)


class _Reasons:
    """Finds reasons in the labelling of the framework and tells them of the graph."""

    def __init__(self, found: Acceptability) -> None:
        self._found = found
        self._edges = found.graph.edges_by_id()
        self._nodes = found.graph.by_id()
        self._against = found.encoding.framework.attackers
        self._meanings = found.encoding.meanings
        self._labels, self._stages = found.labelling
        number = found.encoding.argument
        self._direct = {
            (number[edge.source], number.get(edge.target, -1)): edge
            for edge in found.graph.edges
            if edge.kind in ATTACKS
        }

    def of(self, name: str) -> Explanation:
        """Explain one node."""
        argument = self._found.encoding.argument[name]
        label = self._labels[argument]
        rests: list[str] = []
        if label == "in":
            text = self._accepted(argument, rests)
        elif label == "out":
            by = min(self._against[argument], key=self._first)
            text = f"rejected because {self._defeat(by, argument, rests)}"
        else:
            text = self._undecided(name, argument, rests)
        circle = [other for other in self._meanings[argument].names if other != name]
        if circle:
            text += f"; it stands and falls with {_list(circle)}: they support each other"
        needed = dict.fromkeys(other for other in rests if other != name)
        return Explanation(name, label, text, tuple(needed))

    def _first(self, argument: int) -> tuple[bool, int, int]:
        """Sort what is in first, by its stage."""
        return (self._labels[argument] != "in", self._stages[argument], argument)

    def _accepted(self, argument: int, rests: list[str]) -> str:
        against = self._against[argument]
        if not against:
            return _SURE
        reasons: dict[str, list[str]] = {}  # what defeats, of which attackers
        others: list[str] = []
        for attacker in against:
            role, names = self._meanings[attacker]
            by = min(self._against[attacker], key=self._first)
            if role == "fails":
                target = self._edges[names[0]].target
                others.append(f"{target}, which it supports, is accepted")
                rests.append(target)
            elif role == "holds" and self._meanings[by].role == "idle":
                source = self._edges[names[0]].source
                others.append(f"its attacker {source} is rejected")
                rests.append(source)
            elif role == "holds":
                edge = self._edges[names[0]]
                others.append(f"the {edge.kind} by {edge.source} is undercut by "
                              + self._named(by, rests))  # fmt: skip
            elif self._meanings[by].role == "fails":
                target = self._edges[self._meanings[by].names[0]].target
                others.append(f"its attacker {names[0]} supports {target}, which is rejected")
                rests.append(target)
            else:
                reasons.setdefault(self._named(by, rests), []).append(names[0])
        told = [
            f"its attacker{'s'[: len(beaten) > 1]} {', '.join(beaten)} "
            f"{'are themselves' if len(beaten) > 1 else 'is itself'} attacked by {by}"
            for by, beaten in reasons.items()
        ]
        return "accepted because " + _list(told + list(dict.fromkeys(others)))

    def _defeat(self, by: int, argument: int, rests: list[str]) -> str:
        role, names = self._meanings[by]
        if role == "fails":
            target = self._edges[names[0]].target
            rests.append(target)
            return f"it supports {target}, which is rejected"
        edge = self._edge(by, argument)
        verb = "undercuts" if edge and edge.kind == "undercut" else "attacks"
        return self._named(by, rests, verb)

    def _edge(self, by: int, argument: int) -> Edge | None:
        """Find the edge that an attack of the framework comes from."""
        role, names = self._meanings[by]
        return self._edges[names[0]] if role == "holds" else self._direct.get((by, argument))

    def _named(self, argument: int, rests: list[str], verb: str = "") -> str:
        """Name an accepted attacker, say why it is accepted if that is short."""
        role, names = self._meanings[argument]
        name = self._edges[names[0]].source if role == "holds" else names[0]
        at = self._found.encoding.argument[name]
        sure = not self._against[at]
        if not sure:
            rests.append(name)
        who = "the model's run " + name if self._nodes[name].origin == "model" else name
        return f"{who}{f' {verb} it' if verb else ''} ({_SURE if sure else 'accepted'})"

    def _undecided(self, name: str, argument: int, rests: list[str]) -> str:
        told: list[str] = []
        for attacker in self._against[argument]:
            if self._labels[attacker] != "undecided":
                continue
            role, names = self._meanings[attacker]
            other = names[0]
            if role == "fails":
                other = self._edges[names[0]].target
                told.append(f"it supports {other}, which is undecided")
            else:
                other = self._edges[names[0]].source if role == "holds" else names[0]
                told.append("it attacks itself" if attacker == argument else
                            f"{other} attacks it and is undecided too")  # fmt: skip
            rests.append(other)
        ways = self._found.standings[name].preferred
        if ways is None:
            told.append("how often it is accepted was not computed")
        else:
            told.append(f"it is accepted in {ways[0]} of {ways[1]} ways to settle it (preferred)")
        return "undecided: " + "; ".join(dict.fromkeys(told))


def _list(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last

"""Frameworks for solvers: ASPARTIX, Trivial Graph Format, and the numbers of ICCMA."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from threadkit.graph.argument.encoding import Encoding, Meaning, encode
from threadkit.graph.argument.values import ArgumentGraph

_OTHER = re.compile(r"[^a-zA-Z0-9_]+")
_ATOM = re.compile(r"[a-z][a-zA-Z0-9_]*")


def apx(graph: ArgumentGraph) -> Iterator[str]:
    """Write a graph for ASPARTIX: arguments, attacks, and supports beside them.

    Parameters
    ----------
    graph : ArgumentGraph
        Any; agree, concede, answer and ask are left out.

    Yields
    ------
    str
        Lines. Support is not told in attacks here (:func:`tgf` and :func:`iccma` do), so a solver
        for bipolar frameworks reads it as it likes.

    Examples
    --------
    >>> from threadkit.graph.argument.values import Edge, Node
    >>> nodes = [Node("c1", "..."), Node("c2", "..."), Node("c3", "...")]
    >>> edges = [Edge("c2", "attack", "c1"), Edge("c3", "support", "c1")]
    >>> list(apx(ArgumentGraph.of(nodes, edges)))
    ['arg(c1).', 'arg(c2).', 'arg(c3).', 'att(c2,c1).', 'support(c3,c1).']

    References
    ----------
    U. Egly, S. Gaggl, S. Woltran, Answer-set programming encodings for argumentation
    frameworks, Argument & Computation 1 (2010).
    """
    coded = encode(graph, "ignored")
    names = _names(coded)
    yield from (f"arg({name})." for name in names)
    for target, sources in enumerate(coded.framework.attackers):
        yield from (f"att({names[source]},{names[target]})." for source in sources)
    of = {name: names[number] for name, number in coded.argument.items()}
    for edge in graph.edges:
        if edge.kind == "support":
            yield f"support({of[edge.source]},{of[edge.target]})."


def tgf(graph: ArgumentGraph) -> Iterator[str]:
    """Write the framework of a graph in Trivial Graph Format.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        Names, a line with ``#``, attacks. Support is told in attacks: see :func:`encode`.

    Examples
    --------
    >>> from threadkit.graph.argument.values import Edge, Node
    >>> nodes = [Node("c1", "..."), Node("c2", "...")]
    >>> list(tgf(ArgumentGraph.of(nodes, [Edge("c2", "attack", "c1")])))
    ['c1', 'c2', '#', 'c2 c1']

    References
    ----------
    ICCMA 2015, supported formats.
    """
    coded = encode(graph)
    names = _names(coded)
    yield from names
    yield "#"
    for target, sources in enumerate(coded.framework.attackers):
        yield from (f"{names[source]} {names[target]}" for source in sources)


def iccma(graph: ArgumentGraph) -> Iterator[str]:
    """Write the framework of a graph as solvers of the competition read it.

    Parameters
    ----------
    graph : ArgumentGraph
        Any.

    Yields
    ------
    str
        ``p af``, what each number stands for, attacks. Support is told in attacks: see
        :func:`encode`.

    Examples
    --------
    >>> from threadkit.graph.argument.values import Edge, Node
    >>> nodes = [Node("c1", "..."), Node("c2", "...")]
    >>> list(iccma(ArgumentGraph.of(nodes, [Edge("c2", "attack", "c1")])))
    ['p af 2', '# 1 c1', '# 2 c2', '2 1']

    References
    ----------
    ICCMA 2023, rules, section 3.1.
    """
    coded = encode(graph)
    yield f"p af {len(coded.meanings)}"
    yield from (f"# {i} {name}" for i, name in enumerate(_names(coded), 1))
    for target, sources in enumerate(coded.framework.attackers, 1):
        yield from (f"{source + 1} {target}" for source in sources)


def _names(coded: Encoding) -> list[str]:
    """Name arguments so that every solver can read it; each name once."""
    return list(_unlike(_name(meaning) for meaning in coded.meanings))


def _name(meaning: Meaning) -> str:
    words = meaning.names if meaning.role == "node" else (meaning.role, *meaning.names)
    name = _OTHER.sub("_", "_".join(words))
    return name if _ATOM.fullmatch(name) else f"n_{name}"


def _unlike(names: Iterable[str]) -> Iterator[str]:
    taken: set[str] = set()
    for name in names:
        number, own = 1, name
        while own in taken:
            number += 1
            own = f"{name}_{number}"
        taken.add(own)
        yield own

"""Who answers whom, how often and how soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import networkx as nx


class Answer(NamedTuple):
    """One mail that answers another.

    ``hours`` is from the one Date header to the other; None where a date is missing, or
    the answer claims to be the older one.
    """

    message: str
    answered: str
    person: str
    other: str
    hours: float | None


def writers(graph: nx.MultiDiGraph[str]) -> dict[str, str]:
    """Map each mail and commit to who wrote it.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Returns
    -------
    dict of str to str
        Node to node; what nobody is known to have written is not in it.
    """
    return {target: source for source, target, kind in graph.edges(data="kind") if kind == "wrote"}


def answers(graph: nx.MultiDiGraph[str]) -> Iterator[Answer]:
    """Yield the mails that answer somebody else's, both writers being known.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Yields
    ------
    Answer
        In the order of the graph; who answers himself adds something, he gets no answer.
    """
    wrote = writers(graph)
    dates = {node: date for node, date in graph.nodes(data="date_utc") if date}
    for source, target, kind in graph.edges(data="kind"):
        if kind != "replies_to" or source not in wrote or target not in wrote:
            continue
        if wrote[source] != wrote[target]:
            hours = _hours(dates.get(target), dates.get(source))
            yield Answer(source, target, wrote[source], wrote[target], hours)


def exchange(graph: nx.MultiDiGraph[str]) -> nx.DiGraph[str]:
    """Make the graph of who answers whom.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Returns
    -------
    networkx.DiGraph
        An edge leads from who answers to who is answered, with ``answers`` (mails),
        ``quotes`` (passages of that person's in mails of this one), and ``median_hours``
        if dates tell. Nodes have ``kind``, ``title`` and ``messages``; who wrote mails and
        never exchanged any is there too.

    Examples
    --------
    >>> from threadkit.graph.evidence import EvidenceRows, evidence_graph
    >>> people = [(1, "Ann", "ann@example.org", ""), (2, "Bob", "bob@example.org", "")]
    >>> mails = [(1, "a@x", 0, 0, "cow", 1, "2020-09-01T10:00:00Z", None, "root"),
    ...          (2, "b@x", 0, 0, "Re: cow", 2, "2020-09-01T11:30:00Z", 1, "references")]
    >>> graph = exchange(evidence_graph(EvidenceRows(messages=mails, people=people)))
    >>> list(graph.edges(data=True))
    [('person:bob@example.org', 'person:ann@example.org', {'answers': 1, 'quotes': 0, 'median_hours': 1.5})]
    """
    import networkx as nx

    people: nx.DiGraph[str] = nx.DiGraph()
    wrote = writers(graph)
    counts: dict[str, int] = {}
    for node, person in wrote.items():
        if graph.nodes[node]["kind"] == "message":
            counts[person] = counts.get(person, 0) + 1
    for person in sorted(counts):
        title = graph.nodes[person].get("title", "")
        people.add_node(person, kind="person", title=title, messages=counts[person])
    hours: dict[tuple[str, str], list[float]] = {}
    for one in answers(graph):
        _add(people, one.person, one.other, "answers")
        if one.hours is not None:
            hours.setdefault((one.person, one.other), []).append(one.hours)
    for source, target, kind in graph.edges(data="kind"):
        by, of = wrote.get(source), wrote.get(target)
        if kind == "quotes" and by is not None and of is not None and by != of:
            _add(people, by, of, "quotes")
    for (person, other), known in hours.items():
        people.edges[person, other]["median_hours"] = round(median(known), 2)
    return people


def _add(people: nx.DiGraph[str], person: str, other: str, what: str) -> None:
    if not people.has_edge(person, other):
        people.add_edge(person, other, answers=0, quotes=0)
    people.edges[person, other][what] += 1


def _hours(before: str | None, after: str | None) -> float | None:
    if before is None or after is None:
        return None
    try:
        passed = datetime.fromisoformat(after) - datetime.fromisoformat(before)
    except ValueError:
        return None
    hours = passed.total_seconds() / 3600
    return hours if hours >= 0 else None


def answers_by(found: Iterator[Answer]) -> Mapping[str, list[Answer]]:
    """Gather answers by who gives them.

    Parameters
    ----------
    found : iterator of Answer
        As :func:`answers` yields them.

    Returns
    -------
    mapping of str to list of Answer
        In the order in which they come.
    """
    gathered: dict[str, list[Answer]] = {}
    for one in found:
        gathered.setdefault(one.person, []).append(one)
    return gathered

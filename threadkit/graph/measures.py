"""Figures that a reader of a debate asks for, from the evidence graph.

All are exact for graphs of up to :data:`EXACT` people; beyond, betweenness is estimated
from that many of them, chosen by a fixed rule. Nothing here needs numpy or scipy.
"""

from __future__ import annotations

from collections import Counter
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

from threadkit.graph.evidence.schema import kind_of
from threadkit.graph.exchange import answers, answers_by, exchange, writers

if TYPE_CHECKING:
    import networkx as nx

EXACT = 200
"""People up to whom betweenness is exact."""

_DAMPING = 0.85
_ROUNDS = 200
_SETTLED = 1e-10


class PersonMeasures(NamedTuple):
    """One person in a debate.

    Attributes
    ----------
    person, name : str
        The node, and what to call it.
    messages : int
        Mails written.
    answers, answered : int
        Mails of this person that answer others', and of others that answer this one's.
    answers_to, answered_by : int
        People.
    median_hours, quarter_hours, most_hours : float or None
        How soon this person answers: the median, the quarter that is fastest, and the
        three quarters within which an answer comes. None without a dated answer.
    betweenness : float
        0..1: the share of shortest ways between two others that lead through here.
    rank : float
        PageRank of being answered, with the number of answers as weights; all sum to 1.
    """

    person: str
    name: str
    messages: int
    answers: int
    answered: int
    answers_to: int
    answered_by: int
    median_hours: float | None
    quarter_hours: float | None
    most_hours: float | None
    betweenness: float
    rank: float


def measure_people(graph: nx.MultiDiGraph[str]) -> list[PersonMeasures]:
    """Say of each person who wrote how they take part.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Returns
    -------
    list of PersonMeasures
        Those who are answered most first, then by mails and node.

    Examples
    --------
    >>> from threadkit.graph.evidence import EvidenceRows, evidence_graph
    >>> people = [(1, "Ann", "ann@example.org", ""), (2, "Bob", "bob@example.org", "")]
    >>> mails = [(1, "a@x", 0, 0, "cow", 1, "2020-09-01T10:00:00Z", None, "root"),
    ...          (2, "b@x", 0, 0, "Re: cow", 2, "2020-09-01T11:30:00Z", 1, "references")]
    >>> for one in measure_people(evidence_graph(EvidenceRows(messages=mails, people=people))):
    ...     print(one.name, one.answered, one.median_hours, round(one.rank, 2))
    Ann 1 None 0.65
    Bob 0 1.5 0.35

    References
    ----------
    L. C. Freeman (1977), A set of measures of centrality based on betweenness; U. Brandes
    (2001), A faster algorithm for betweenness centrality; Brin and Page (1998).
    """
    people = exchange(graph)
    given = answers_by(answers(graph))
    between, rank = betweenness(people), pagerank(people)
    found = []
    for person, data in people.nodes(data=True):
        hours = sorted(one.hours for one in given.get(person, ()) if one.hours is not None)
        low, middle, high = _quarters(hours)
        found.append(
            PersonMeasures(
                person,
                data["title"],
                data["messages"],
                people.out_degree(person, weight="answers"),
                people.in_degree(person, weight="answers"),
                sum(count > 0 for *_, count in people.out_edges(person, data="answers")),
                sum(count > 0 for *_, count in people.in_edges(person, data="answers")),
                middle,
                low,
                high,
                between[person],
                rank[person],
            )
        )
    return sorted(found, key=lambda one: (-one.answered, -one.messages, one.person))


def _quarters(hours: list[float]) -> tuple[float | None, float | None, float | None]:
    if not hours:
        return None, None, None
    if len(hours) == 1:
        return hours[0], hours[0], hours[0]
    low, _, high = quantiles(hours, n=4, method="inclusive")
    return low, median(hours), high


def betweenness(people: nx.DiGraph[str]) -> dict[str, float]:
    """Say who stands between others: the share of shortest ways that lead through a person.

    Parameters
    ----------
    people : networkx.DiGraph
        Who answers whom; direction does not count, nor does who answers often.

    Returns
    -------
    dict of str to float
        0..1 for each person.

    References
    ----------
    U. Brandes and C. Pich (2007), Centrality estimation in large networks (for more than
    :data:`EXACT` people).
    """
    import networkx as nx

    plain = people.to_undirected()
    plain.remove_edges_from([(a, b) for a, b in plain.edges if a == b])
    sample = EXACT if len(plain) > EXACT else None
    return dict(nx.betweenness_centrality(plain, k=sample, seed=1))


def pagerank(people: nx.DiGraph[str], weight: str = "answers") -> dict[str, float]:
    """Say whose mails draw answers from those whose own mails do.

    Parameters
    ----------
    people : networkx.DiGraph
        Who answers whom.
    weight : str
        The attribute of edges that counts.

    Returns
    -------
    dict of str to float
        Sums to 1; empty without people.

    Notes
    -----
    Power iteration with damping 0.85, until the sum of changes is below 1e-10 or 200
    rounds have passed; who answers nobody passes his share on to all.

    References
    ----------
    S. Brin and L. Page (1998), The anatomy of a large-scale hypertextual web search engine.
    """
    count = len(people)
    if not count:
        return {}
    rank = dict.fromkeys(people, 1 / count)
    total = {node: float(people.out_degree(node, weight=weight)) for node in people}
    for _ in range(_ROUNDS):
        idle = sum(rank[node] for node in people if not total[node])
        new = dict.fromkeys(people, (1 - _DAMPING + _DAMPING * idle) / count)
        for source, target, share in people.edges(data=weight):
            if share:
                new[target] += _DAMPING * rank[source] * share / total[source]
        change = sum(abs(new[node] - rank[node]) for node in people)
        rank = new
        if change < _SETTLED:
            break
    return rank


class Cited(NamedTuple):
    """Something that is pointed at, how often, and by how many people."""

    node: str
    title: str
    times: int
    people: int


_POINTING = frozenset({"cites", "fixes", "reverts", "backports", "closes", "links_discussion"})


def most_cited(graph: nx.MultiDiGraph[str], *, limit: int | None = 10) -> list[Cited]:
    """List what mails and commits point at most.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.
    limit : int or None
        The most to list.

    Returns
    -------
    list of Cited
        By times, then by people, then by node. Answering and quoting a mail do not count.
    """
    wrote = writers(graph)
    times: Counter[str] = Counter()
    people: dict[str, set[str]] = {}
    for source, target, kind in graph.edges(data="kind"):
        if kind in _POINTING:
            times[target] += 1
            people.setdefault(target, set()).add(wrote.get(source, source))
    found = [
        Cited(node, graph.nodes[node].get("title", ""), count, len(people[node]))
        for node, count in times.items()
    ]
    found.sort(key=lambda one: (-one.times, -one.people, one.node))
    return found[:limit]


def never_answered(graph: nx.MultiDiGraph[str]) -> list[str]:
    """List the mails that no other person answered.

    An answer that is not here counts, unless only a subject says what it answers.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Returns
    -------
    list of str
        Nodes of mails that are here, oldest first; undated ones come first.
    """
    wrote = writers(graph)
    answered = {
        target
        for source, target, data in graph.edges(data=True)
        if data["kind"] == "replies_to"
        and wrote.get(source) != wrote.get(target)
        and not (data["rule"] == "subject" and graph.nodes[source].get("ghost"))
    }
    found = [
        (data.get("date_utc", ""), node)
        for node, data in graph.nodes(data=True)
        if kind_of(node) == "message" and not data.get("ghost") and node not in answered
    ]
    return [node for _, node in sorted(found)]


class FirstAnswer(NamedTuple):
    """A mail that starts a conversation, and the first answer of somebody else to it."""

    message: str
    answer: str
    person: str
    hours: float


def first_answers(graph: nx.MultiDiGraph[str]) -> list[FirstAnswer]:
    """Say how soon mails that answer nothing get their first answer.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        An evidence graph.

    Returns
    -------
    list of FirstAnswer
        By mail; only those that are answered, with dates that tell.
    """
    replies = {source for source, _, kind in graph.edges(data="kind") if kind == "replies_to"}
    first: dict[str, FirstAnswer] = {}
    for one in answers(graph):
        if one.answered in replies or one.hours is None:
            continue
        best = first.get(one.answered)
        if best is None or (one.hours, one.message) < (best.hours, best.answer):
            first[one.answered] = FirstAnswer(one.answered, one.message, one.person, one.hours)
    return [first[node] for node in sorted(first)]

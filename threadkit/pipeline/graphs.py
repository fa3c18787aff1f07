"""Graphs of an archive: read from the store, built, cut to a view, and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from threadkit.commits.relations import relations
from threadkit.graph.evidence import EDGES, NODES, EvidenceRows, evidence_graph
from threadkit.graph.evidence.views import view
from threadkit.graph.exchange import exchange
from threadkit.graph.export import WRITERS
from threadkit.pipeline.display import counted
from threadkit.store import evidence_rows as stored
from threadkit.store import lookup
from threadkit.store.evidence_scope import EVERYTHING, Scope, around, conversation, subject_of

if TYPE_CHECKING:
    import networkx as nx


KINDS = ("replies", "evidence", "people", "regressions")
"""What a graph may be of."""
FORMATS = (*WRITERS, "svg")
"""In which forms a graph can be written."""


def reply_rows(conn: Connection, root: int | None = None) -> EvidenceRows:
    """Read the mails, who wrote them, and what they quote: all that an exchange is.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        Row id of the root of a conversation: only its mails. By default all.

    Returns
    -------
    EvidenceRows
        To be used up while the connection is open.
    """
    scope = EVERYTHING if root is None else conversation(conn, root)
    return EvidenceRows(
        messages=stored.message_rows(conn, scope),
        people=stored.person_rows(conn),
        quotes=stored.quote_rows(conn, scope),
    )


def evidence_rows(conn: Connection, root: int | None = None) -> EvidenceRows:
    """Read the rows of an evidence graph; most are read when they are asked for.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        Row id of the root of a conversation: only what it touches. By default everything.

    Returns
    -------
    EvidenceRows
        To be used up while the connection is open.
    """
    scope = EVERYTHING if root is None else around(conn, root)
    return EvidenceRows(
        messages=stored.message_rows(conn, scope),
        aliases=stored.alias_rows(conn, scope),
        people=stored.person_rows(conn),
        quotes=stored.quote_rows(conn, scope),
        citations=stored.citation_rows(conn, scope),
        credits=stored.credit_rows(conn, scope),
        commits=stored.commit_rows(conn, scope),
        answers=stored.answer_rows(conn),
        relations=_relations(conn, scope),
        commit_mails=stored.commit_mail_rows(conn, scope),
        series=stored.series_rows(conn, scope),
        revisions=stored.revision_rows(conn, scope),
        members=stored.member_rows(conn, scope),
        regressions=stored.regression_rows(conn, scope),
        reports=stored.report_rows(conn, scope),
        culprits=stored.culprit_rows(conn, scope),
        fixes=stored.fix_rows(conn, scope),
    )


def _relations(conn: Connection, scope: Scope) -> Iterator[tuple[Any, ...]]:
    """Say what the messages of commits say of other things."""
    for sha, subject, body, trailers, citations in stored.told_rows(conn, scope):
        for one in relations(trailers, citations, subject, body):
            if one.value:
                yield (sha, one.kind, one.target, one.value, one.title, one.start, one.stop,
                       one.rule, 1.0)  # fmt: skip


def evidence(conn: Connection, root: int | None = None) -> nx.MultiDiGraph[str]:
    """Make the evidence graph of an archive, or of what a conversation touches.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int, optional
        As for :func:`evidence_rows`.

    Returns
    -------
    networkx.MultiDiGraph
        See :mod:`threadkit.graph.evidence`.
    """
    return evidence_graph(evidence_rows(conn, root))


_NODES_IN_NOTEBOOK = 60
_HTML_IN_NOTEBOOK = 19_000


class GraphView:
    """A graph of an archive or of a conversation; a notebook shows it as a picture.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    whole : networkx.MultiDiGraph
        The evidence graph that it is a part of.
    title : str
        What it is about.

    Attributes
    ----------
    graph : networkx.MultiDiGraph or networkx.DiGraph
        Of ``people`` who answers whom; else the evidence graph or a part of it.
    """

    def __init__(self, kind: str, whole: nx.MultiDiGraph[str], title: str) -> None:
        self.kind = kind
        self.whole = whole
        self.title = title
        self.graph = exchange(whole) if kind == "people" else view(whole, kind)

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
        if form == "svg":
            return iter(self.svg().splitlines())
        return WRITERS[form](self.graph, self.title)

    def svg(self) -> str:
        """Draw the graph.

        Returns
        -------
        str
            An SVG picture; of a large graph the most connected part, and it says so.
        """
        from threadkit.graph.picture import picture

        return picture(self.graph, self.kind, self.title)

    def counts(self) -> list[tuple[str, str, int, str]]:
        """Count nodes and edges by kind.

        Returns
        -------
        list of (str, str, int, str)
            ``node`` or ``edge``, kind, how many, and what the kind means.
        """
        nodes = Counter(kind for _, kind in self.graph.nodes(data="kind"))
        edges = Counter(kind or "answers" for *_, kind in self.graph.edges(data="kind"))
        return [
            *(("node", kind, count, NODES[kind]) for kind, count in nodes.most_common()),
            *(
                ("edge", kind, count, EDGES[kind].meaning if kind in EDGES else "answers")
                for kind, count in edges.most_common()
            ),
        ]

    def __repr__(self) -> str:
        nodes, edges = len(self.graph), self.graph.number_of_edges()
        return f"<GraphView {self.kind} {counted(nodes, 'node')}, {counted(edges, 'edge')}>"

    def _repr_html_(self) -> str:
        """Draw it in the page's own colours, and no more of it than is read at a glance.

        HTML and not SVG, which JupyterLab shows as an image that knows no theme.
        """
        from threadkit.graph.picture import picture
        from threadkit.graph.picture.sheet import in_page

        most = _NODES_IN_NOTEBOOK
        drawn = in_page(picture(self.graph, self.kind, self.title, most))
        while len(drawn) > _HTML_IN_NOTEBOOK and most > 1:
            most = most * 5 // 6
            drawn = in_page(picture(self.graph, self.kind, self.title, most))
        return f'<div style="overflow-x:auto">{drawn}</div>'


def graph_view(
    conn: Connection, name: str | None = None, kind: str = "evidence", *, title: str = "all mail"
) -> GraphView:
    """Make a graph of a conversation, or of the whole archive.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str, optional
        Any mail of a conversation, as for ``Archive.message``; all mails without.
    kind : {"evidence", "replies", "people", "regressions"}
        ``replies``: who answers which mail; ``people``: who answers whom;
        ``regressions``: what broke, since which commit, reported where, fixed by what;
        ``evidence``: all of it.
    title : str
        What to call it where no conversation is named.

    Returns
    -------
    GraphView
        With the evidence graph that it is made from.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    rows = reply_rows if kind in ("replies", "people") else evidence_rows
    if name is None:
        return GraphView(kind, evidence_graph(rows(conn)), title)
    root = lookup.root(conn, name)
    return GraphView(kind, evidence_graph(rows(conn, root)), subject_of(conn, root) or name)

"""Graphs of an archive: read from the store, built, cut to a view, and written."""

from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from threadkit.commits.relations import relations
from threadkit.graph.evidence import EvidenceRows, evidence_graph
from threadkit.store import evidence_rows as stored
from threadkit.store.evidence_scope import EVERYTHING, Scope, around

if TYPE_CHECKING:
    import networkx as nx


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
        events=stored.event_rows(conn, scope),
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

"""Put the arguments of each conversation together: claims, answers, decisions."""

from __future__ import annotations

from functools import cache
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.pipeline.stages import EVERYTHING, Scope, rules
from threadkit.store.debate_rows import (
    AnswerRow,
    ClaimRow,
    DebateRows,
    DecisionRow,
    PlaceRow,
    PointRow,
    RelationRow,
    ScenarioRow,
    SpeakerRow,
    forget_debates,
    gone_debates,
    save_debate,
)
from threadkit.store.debates import (
    corrections,
    debate_mails,
    forget_states,
    note_unmet,
    stale_debates,
)
from threadkit.store.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

    from threadkit.analyze.debate.scenarios import Scenario
    from threadkit.analyze.debate.values import Conversation, Correction, Debate

NAME = "claims"
VERSION = "1"
IN_BATCHES = True


def inputs(conn: Connection) -> str:
    """Count the conversations, and those that were put together.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    (all_,) = conn.execute("SELECT count(DISTINCT root) FROM message").fetchone()
    (done,) = conn.execute("SELECT count(*) FROM debate").fetchone()
    return f"{done} of {all_} conversations"


def forget(conn: Connection, scope: Scope = EVERYTHING) -> None:
    """Let conversations be put together again.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    scope : Scope, optional
        Which.
    """
    forget_states(conn, scope.roots)


def waiting(conn: Connection, scope: Scope = EVERYTHING) -> int:
    """Count the conversations that are to be put together.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scope : Scope, optional
        Which.
    """
    gone = gone_debates(conn) if scope.roots is None else ()
    return len(stale_debates(conn, rules(VERSION), scope.roots)) + len(gone)


def run_scoped(
    scope: Scope, db: Database, run_id: int, tell: Callable[[int, int], None]
) -> tuple[int, int]:
    """Put the conversations of a scope together; each is kept at once.

    Parameters
    ----------
    scope : Scope
        Which.
    db : Database
        Open for writing.
    run_id : int
        For the findings.
    tell : callable
        Takes conversations done and all of them.

    Returns
    -------
    read, found : int
        Conversations; claims, relations, points and decisions.
    """
    from threadkit.analyze.debate.assemble import assemble
    from threadkit.analyze.debate.scenarios import with_scenarios
    from threadkit.pipeline.casebook_findings import say_casebooks

    with transaction(db.conn):
        say_casebooks(db.conn)  # their passages meet the sentences that were found now
        if scope.roots is None:
            forget_debates(db.conn, gone_debates(db.conn))
    stale = stale_debates(db.conn, rules(VERSION), scope.roots)
    found = 0
    for done, (root, state) in enumerate(stale.items(), 1):
        talk = conversation(db.conn, root)
        said = said_of(db.conn, root)
        debate = assemble(talk, said)
        if debate.claims or said:
            debate = with_scenarios(talk, debate, scenarios(), said)
        with transaction(db.conn):
            made = rows(debate)._replace(speakers=speakers(talk))
            found += save_debate(db.conn, run_id, root, rules(VERSION), state, made)
            note_unmet(db.conn, root, debate.unmet)
        tell(done, len(stale))
    return len(stale), found


@cache
def scenarios() -> list[Scenario]:
    """Read the scenarios of the model as far as they are compared with claims."""
    from threadkit import cow
    from threadkit.analyze.debate.scenarios import Scenario

    return [
        Scenario(
            one.name,
            one.question,
            " ".join(
                word
                for phase in one.litmus.phases
                for column in phase.columns
                for step in column
                for word in (step.verb, *step.words)
            ),
        )
        for one in cow.scenarios()
    ]


def conversation(conn: Connection, root: int) -> Conversation:
    """Read a conversation as analyzers take it.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        ``message.root``.
    """
    from threadkit.analyze.debate.values import (
        Answered,
        Bears,
        Conversation,
        DebateMail,
        Quoted,
        Said,
    )

    mails = [
        DebateMail(
            *row[:12],
            units=list(map(Said._make, row.units)),
            passages=list(map(Answered._make, row.passages)),
            relations=list(map(Bears._make, row.relations)),
            quotes=list(map(Quoted._make, row.quotes)),
            trailers=row.trailers,
        )
        for row in debate_mails(conn, root)
    ]
    return Conversation(root, mails)


def speakers(talk: Conversation) -> list[SpeakerRow]:
    """List whose words mails have, where that is not their sender.

    Parameters
    ----------
    talk : Conversation
        As it was read.
    """
    from threadkit.analyze.debate.authors import authored
    from threadkit.analyze.debate.trackers import written

    sent = {mail.id: (mail.who, mail.person, mail.email) for mail in talk.mails}
    return [
        SpeakerRow(mail.id, mail.who, mail.person, mail.email)
        for mail in written(authored(talk)).mails
        if (mail.who, mail.person, mail.email) != sent[mail.id]
    ]


def said_of(conn: Connection, root: int) -> list[Correction]:
    """List what people said of findings of a conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        ``message.root``.
    """
    from threadkit.analyze.debate.values import Correction

    return list(map(Correction._make, corrections(conn, root)))


def rows(debate: Debate) -> DebateRows:
    """Turn what analyzers say of a conversation into rows.

    Parameters
    ----------
    debate : Debate
        As it was put together.
    """
    claims = [
        ClaimRow(
            c.key, [PlaceRow._make((*p.name, *p[1:])) for p in c.places], c.person, c.email, c.holder,
            c.utc, c.kind, c.status, c.why, c.gist, c.score, c.rule, c.state,
            list(map(ScenarioRow._make, c.scenarios)),
        )
        for c in debate.claims
    ]  # fmt: skip
    relations = [
        RelationRow(
            link.kind, *link.source, link.target.mail,
            None if link.target.unit < 0 else link.target.unit, link.score, link.rule, link.state,
        )
        for link in debate.links
    ]  # fmt: skip
    points = [
        PointRow(
            *p.name, p.start, p.stop, p.kind, p.outcome,
            [AnswerRow(r.mail, r.start, r.stop, r.how, r.rule, r.score) for r in p.replies],
            p.score, p.rule, p.state,
        )
        for p in debate.points
    ]  # fmt: skip
    decisions = [
        DecisionRow(
            d.mail, d.start, d.stop, d.kind, d.person, d.email, d.utc, d.about, d.detail,
            d.score, d.rule, d.state,
        )
        for d in debate.decisions
    ]  # fmt: skip
    return DebateRows(claims, relations, points, decisions, debate.unplaced)

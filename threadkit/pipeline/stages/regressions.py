"""Put signals, trailers and curated facts together to regressions."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.store.regression_inputs import fingerprint

if TYPE_CHECKING:
    from sqlite_utils import Database

NAME = "regressions"
VERSION = "4"


def inputs(conn: Connection) -> str:
    """Describe the signals, commits and links that are here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    from threadkit.pipeline.curated import curated_version

    return f"{fingerprint(conn)} {curated_version()}"


def run(db: Database, run_id: int, tell: Callable[[int, int], None]) -> tuple[int, int]:
    """Put all regressions together anew.

    Parameters
    ----------
    db : Database
        In a transaction.
    run_id : int
        For the findings.
    tell : callable
        Takes mails read and all of them.

    Returns
    -------
    read, found : int
        Mails of conversations with signals; regressions and predictions.

    Notes
    -----
    A report changes what mails of other conversations mean, and so does a commit: nothing
    here can be kept from an earlier run.
    """
    from threadkit.analyze.regressions.assemble import assemble
    from threadkit.pipeline import regression_facts as facts
    from threadkit.pipeline.curated import curated_facts, how_surely
    from threadkit.pipeline.predictions import prediction_rows
    from threadkit.store.regression_inputs import conversations, signals
    from threadkit.store.regressions import save_regressions

    conn = db.conn
    commits, links = list(facts.commit_facts(conn)), facts.mail_links(conn)
    curated = curated_facts(conn, commits)
    said = signals(conn)
    talk = conversations(conn, said, facts.named_mails(said.values(), commits, curated))
    mails = facts.mail_facts(conn, talk, tell)
    found = assemble(mails, commits, links, curated, facts.resolutions(conn))
    found = [how_surely(one) for one in found]
    ids = {row.message_id: row.id for row in reversed(talk)}
    predictions = prediction_rows(conn, ids, mails, commits, links, found)
    rows = [facts.as_rows(one) for one in found]
    return len(mails), save_regressions(conn, run_id, rows, predictions)

"""Read every mail once: its signals of regressions, and what it cites commits for."""

from __future__ import annotations

from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.pipeline.stages import rules
from threadkit.pipeline.stages.reading import SHARED_FROM, Reading
from threadkit.store.mailtexts import BATCH, StoredText, forget_read
from threadkit.store.signals import MailFindings, save_findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

    from threadkit.analyze.mailtext import MailText

NAME = "mails"
VERSION = "3"
IN_BATCHES = True


def inputs(conn: Connection) -> str:
    """Count the mails that are here, and those that have been read.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    (mails,) = conn.execute("SELECT count(*) FROM body").fetchone()
    query = "SELECT count(*) FROM analyzed WHERE analyzer = ?"
    (read,) = conn.execute(query, (NAME,)).fetchone()
    return f"{read} of {mails} mails"


def forget(conn: Connection) -> None:
    """Let all mails be read again.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    """
    forget_read(conn, NAME)


def run(db: Database, run_id: int, tell: Callable[[int, int], None]) -> tuple[int, int]:
    """Read the mails that have not been read; each batch is kept at once.

    Parameters
    ----------
    db : Database
        Open for writing.
    run_id : int
        For the findings.
    tell : callable
        Takes mails done and all of them.

    Returns
    -------
    read, found : int
        Mails, findings.
    """
    reading = Reading(NAME, rules(VERSION), findings_of, save_findings, SHARED_FROM, BATCH)
    return reading.run(db, run_id, tell)


def findings_of(stored: StoredText) -> MailFindings:
    """Read one mail.

    Parameters
    ----------
    stored : StoredText
        As the store has it.

    Returns
    -------
    MailFindings
        Signals in the order of the text; roles of the commits that it cites.
    """
    from threadkit.analyze.citing import roles
    from threadkit.analyze.regressions.detect import signals

    mail = mail_text(stored)
    judged = [(place, role.role, role.rule, role.score) for place, role in roles(mail)]
    found = [
        (s.kind, s.value, s.detail, s.start, s.stop, s.rule, s.score, s.mood) for s in signals(mail)
    ]
    return MailFindings(stored.id, found, judged)


def mail_text(stored: StoredText) -> MailText:
    """Turn rows of the store into what analyzers read.

    Parameters
    ----------
    stored : StoredText
        As the store has it.
    """
    from threadkit.analyze.mailtext import MailText
    from threadkit.mail.citations import Citation
    from threadkit.mail.trailers import trailer_of

    return MailText(
        message_id=stored.message_id,
        subject=stored.subject,
        from_name=stored.from_name,
        from_email=stored.from_email,
        date_utc=stored.date_utc,
        is_reply=stored.is_reply,
        is_patch=stored.is_patch,
        parent=stored.parent,
        root=stored.root,
        body=stored.body,
        blocks=stored.blocks,
        trailers=[trailer_of(*row) for row in stored.trailers],
        citations=[Citation(*row) for row in stored.citations],
    )

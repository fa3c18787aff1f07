"""Read every mail once: its signals of regressions, and what it cites commits for."""

from __future__ import annotations

from collections import deque
from contextlib import closing
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.errors import WorkerLost
from threadkit.pipeline.stages import rules
from threadkit.store.mailtexts import (
    BATCH,
    StoredText,
    forget_read,
    mark_read,
    texts,
    unread,
    unread_count,
)
from threadkit.store.signals import MailFindings, save_findings
from threadkit.store.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from concurrent.futures import Future

    from sqlite_utils import Database

    from threadkit.analyze.mailtext import MailText

NAME = "mails"
VERSION = "3"
IN_BATCHES = True

SHARED_FROM = 4000
"""From so many mails on, processes share the work: each takes a second to load spaCy."""

MOST_WORKERS = 6
"""More cannot be kept busy: one process reads and writes for all."""


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
    total = unread_count(db.conn, NAME, rules(VERSION))
    done = found = 0
    with closing(_findings(db.conn, _workers(total))) as batches:
        for some, findings in batches:
            with transaction(db.conn):
                found += save_findings(db.conn, run_id, findings)
                mark_read(db.conn, NAME, some, run_id)
            done += len(some)
            tell(done, total)
    return done, found


def _workers(total: int) -> int:
    """Say how many processes are worth starting; one alone gains nothing."""
    if total < SHARED_FROM:
        return 0
    from threadkit.pipeline.workers import usual_workers

    usual = min(usual_workers(), MOST_WORKERS)
    return usual if usual > 1 else 0


def _findings(
    conn: Connection, workers: int
) -> Generator[tuple[list[int], list[MailFindings]], None, None]:
    """Read what has not been read, a batch at a time and in order."""
    if not workers:
        for some in _batches(conn):
            yield some, [findings_of(stored) for stored in texts(conn, some)]
        return
    from threadkit.pipeline.workers import Crew

    try:
        with Crew(workers, None) as crew:
            waiting: deque[tuple[list[int], Future[list[MailFindings]]]] = deque()
            for some in _batches(conn):
                waiting.append((some, crew.each(findings_of, texts(conn, some))))
                if len(waiting) > 2 * crew.workers:
                    first, found = waiting.popleft()
                    yield first, found.result()
            for first, found in waiting:
                yield first, found.result()
    except WorkerLost as lost:
        raise WorkerLost("analyze again") from lost


def _batches(conn: Connection) -> Generator[list[int], None, None]:
    last = 0
    while some := unread(conn, NAME, rules(VERSION), after=last, most=BATCH):
        last = some[-1]
        yield some


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

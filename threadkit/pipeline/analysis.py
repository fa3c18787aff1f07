"""Run the analyzers over a database: only what is new, and only what rests on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from threadkit.errors import StoreBusy, StoreReadOnly
from threadkit.pipeline.stages import EVERYTHING, Scope, rules
from threadkit.store.connection import BUSY_TIMEOUT_MS, open_read, open_write, translate
from threadkit.store.runs import finish_run, last_run, start_run
from threadkit.store.transaction import transaction

if TYPE_CHECKING:
    from sqlite3 import Connection

    from sqlite_utils import Database

Freshness = Literal["current", "read-only", "busy", "never"]

PATIENCE_MS = 2000
"""How long a command that only reads waits for another process that writes."""

EVIDENCE = ("mails", "facts", "links", "series", "regressions")
"""Stages about commits, series and regressions, each on those before."""

ARGUMENTS = ("arguments", "claims")
"""Stages about who says what, which can be held to one conversation."""

STAGES = (*EVIDENCE, *ARGUMENTS)
"""In the order in which each builds on the ones before."""


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage did; ``skipped`` if nothing had changed since it last ran."""

    name: str
    read: int
    found: int
    seconds: float
    skipped: bool


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far a stage is."""

    name: str
    done: int
    total: int


def analyze(
    path: str | Path,
    *,
    clone: Path | None = None,
    only: Sequence[str] = (),
    again: bool = False,
    thread: str | None = None,
    jobs: int | None = None,
    tell: Callable[[StageProgress], None] | None = None,
    busy_timeout_ms: int = BUSY_TIMEOUT_MS,
) -> list[StageReport]:
    """Bring everything that analyzers conclude up to date.

    Parameters
    ----------
    path : str or Path
        The database.
    clone : Path, optional
        A local repository: commits of its whole log that mails became are linked, too.
    only : sequence of str, optional
        Stages to run, of :data:`STAGES`; all if empty.
    again : bool, optional
        Run them although nothing has changed, and read all mails again.
    thread : str, optional
        Any mail of a conversation: of :data:`ARGUMENTS` only this one is analyzed.
    jobs : int, optional
        Processes that share the reading of arguments; as many as are worth it without.
    tell : callable, optional
        Called now and then.
    busy_timeout_ms : int, optional
        How long to wait for another process that writes.

    Returns
    -------
    list of StageReport
        One a stage, in order.

    Raises
    ------
    StoreError
        There is no database, or it cannot be written.
    NotFound, Ambiguous
        No mail, or more than one, answers to ``thread``.
    """
    reports = []
    with closing(open_read(path)) as conn:  # an empty file is no database, and must not become one
        scope = Scope(_roots(conn, thread), jobs)
    with (
        translate(path),
        closing(open_write(path, create=False, busy_timeout_ms=busy_timeout_ms)) as db,
    ):
        for name in STAGES:
            if not only or name in only:
                task = _Task(scope, clone if name in EVIDENCE else None, again, tell)
                reports.append(_run(db, name, task))
    return reports


def bring_up_to_date(
    path: str | Path,
    tell: Callable[[StageProgress], None] | None = None,
    *,
    stages: Sequence[str] | None = None,
    thread: str | None = None,
) -> Freshness:
    """Analyze what is new, if anything is; a database that cannot be written stays as it is.

    Parameters
    ----------
    path : str or Path
        The database.
    tell : callable, optional
        Called now and then.
    stages : sequence of str, optional
        What the caller is going to read; :data:`EVIDENCE` without.
    thread : str, optional
        Any mail of a conversation: of :data:`ARGUMENTS` only this one is analyzed.

    Returns
    -------
    {'current', 'read-only', 'busy', 'never'}
        ``read-only`` and ``busy``: there is something new, and this user may not write, or
        another process writes. ``never``: so it is, and it was never analyzed.
    """
    stages = EVIDENCE if stages is None else stages
    with translate(path), closing(open_read(path)) as conn:
        scope = Scope(_roots(conn, thread))
        if all(_is_current(conn, name, scope) for name in stages):
            return "current"
        never = last_run(conn, stages[-1]) is None
    try:
        analyze(path, only=stages, thread=thread, tell=tell, busy_timeout_ms=PATIENCE_MS)
    except StoreReadOnly:
        return "never" if never else "read-only"
    except StoreBusy:
        if never:
            raise
        return "busy"
    return "current"


def _stage(name: str) -> Any:  # noqa: ANN401 - a module
    return import_module(f"threadkit.pipeline.stages.{name}")


def _rules(stage: Any) -> str:  # noqa: ANN401 - a module
    return rules(stage.version() if hasattr(stage, "version") else stage.VERSION)


def _roots(conn: Connection, thread: str | None) -> tuple[int, ...] | None:
    """Find the conversation of a mail."""
    if thread is None:
        return None
    from threadkit.store.lookup import root

    return (root(conn, thread),)


def _is_current(conn: Connection, name: str, scope: Scope = EVERYTHING) -> bool:
    stage, last = _stage(name), last_run(conn, name)
    if hasattr(stage, "waiting"):
        return last is not None and stage.waiting(conn, scope) == 0
    return last is not None and (last.version, last.inputs) == (_rules(stage), stage.inputs(conn))


@dataclass(frozen=True, slots=True)
class _Task:
    """How a stage is to run."""

    scope: Scope
    clone: Path | None
    again: bool
    tell: Callable[[StageProgress], None] | None


def _run(db: Database, name: str, task: _Task) -> StageReport:
    """Run one stage, if there is something to do."""
    stage = _stage(name)
    if task.clone is not None and hasattr(stage, "run_with"):
        run_stage = partial(stage.run_with, task.clone)
    elif not task.again and _is_current(db.conn, name, task.scope):
        return StageReport(name, 0, 0, 0.0, True)
    elif hasattr(stage, "run_scoped"):
        run_stage = partial(stage.run_scoped, task.scope)
    else:
        run_stage = stage.run

    def told(done: int, total: int) -> None:
        """Pass a stage's progress on under its name."""
        if task.tell:
            task.tell(StageProgress(name, done, total))

    started = monotonic()
    in_batches = getattr(stage, "IN_BATCHES", False)
    with nullcontext() if in_batches else transaction(db.conn):
        with transaction(db.conn):
            run = start_run(db.conn, name, _rules(stage), _now())
            if task.again and hasattr(stage, "run_scoped"):
                stage.forget(db.conn, task.scope)
            elif task.again and hasattr(stage, "forget"):
                stage.forget(db.conn)
        read, found = run_stage(db, run, told)
        with transaction(db.conn):
            finish_run(db.conn, run, stage.inputs(db.conn), _now(), read=read, found=found)
    return StageReport(name, read, found, monotonic() - started, False)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

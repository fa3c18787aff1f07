"""Analysis in stages: nothing is read twice, what rests on new things runs again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.pipeline.mails import mail, mbox
from threadkit.errors import NotAThreadkitStore, StoreBusy, StoreReadOnly
from threadkit.pipeline import analysis
from threadkit.pipeline.analysis import StageProgress, analyze, bring_up_to_date
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read
from threadkit.store.mailtexts import mark_read, unread
from threadkit.store.runs import last_run


class Stage(SimpleNamespace):
    """A stage that counts its runs; its inputs are whatever the test says."""

    def __init__(self, name: str, **more: object) -> None:
        super().__init__(NAME=name, VERSION="1", said="one", runs=[], clones=[], fails=False)
        self.__dict__.update(more)

    def inputs(self, conn: sqlite3.Connection) -> str:
        return self.said

    def run(self, db, run_id, tell):
        self.runs.append(run_id)
        if self.fails:
            raise KeyboardInterrupt
        tell(1, 2)
        return 3, 4


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> dict[str, Stage]:
    made = {name: Stage(name) for name in ("first", "second")}
    monkeypatch.setattr(analysis, "STAGES", tuple(made))
    monkeypatch.setattr(analysis, "EVIDENCE", tuple(made))
    monkeypatch.setattr(analysis, "_stage", made.__getitem__)
    return made


@pytest.fixture
def database(tmp_path: Path) -> Path:
    box = tmp_path / "box"
    box.write_bytes(mbox([mail("a"), mail("b", to="a", minute=1)]))
    path = tmp_path / "a.db"
    import_mail(path, [str(box)], workers=0)
    return path


def test_what_has_not_changed_is_not_run_again(database: Path, stages: dict[str, Stage]) -> None:
    told: list[StageProgress] = []
    reports = analyze(database, tell=told.append)
    assert [(one.name, one.read, one.found, one.skipped) for one in reports] == [
        ("first", 3, 4, False),
        ("second", 3, 4, False),
    ]
    assert told == [StageProgress("first", 1, 2), StageProgress("second", 1, 2)]
    assert all(one.skipped for one in analyze(database))
    stages["second"].said = "two"
    assert bring_up_to_date(database) == "current"
    assert [len(stage.runs) for stage in stages.values()] == [1, 2]
    stages["first"].VERSION = "2"
    bring_up_to_date(database)
    analyze(database, only=["first"], again=True)
    assert [len(stage.runs) for stage in stages.values()] == [3, 2]


def test_a_run_that_broke_off_leaves_nothing_and_runs_again(
    database: Path, stages: dict[str, Stage]
) -> None:
    stages["second"].fails = True
    with pytest.raises(KeyboardInterrupt):
        analyze(database)
    with open_read(database) as conn:
        assert last_run(conn, "first") is not None
        assert conn.execute("SELECT count(*) FROM run").fetchone() == (1,)
    stages["second"].fails = False
    assert [one.skipped for one in analyze(database)] == [True, False]


def test_another_writer_is_not_waited_for_long_where_there_are_findings(
    database: Path, stages: dict[str, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "PATIENCE_MS", 20)
    with closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):  # nothing could be shown
            bring_up_to_date(database)
        other.rollback()
        analyze(database)
        other.execute("BEGIN IMMEDIATE")
        assert bring_up_to_date(database) == "current"
        stages["second"].said = "two"
        assert bring_up_to_date(database) == "busy"


def test_a_database_that_may_not_be_written_says_whether_it_has_findings(
    database: Path, stages: dict[str, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **options: object) -> None:
        raise StoreReadOnly(path, "may not be written to")

    with monkeypatch.context() as patch:
        patch.setattr(analysis, "analyze", refuse)
        assert bring_up_to_date(database) == "never"
    analyze(database)
    stages["second"].said = "two"
    monkeypatch.setattr(analysis, "analyze", refuse)
    assert bring_up_to_date(database) == "read-only"


def test_another_release_and_again_read_all_mails_anew(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> int:
        return analyze(database, only=["mails"])[0].read

    assert (read(), read()) == (2, 0)
    assert analyze(database, only=["mails"], again=True)[0].read == 2
    monkeypatch.setattr("threadkit.pipeline.stages.__version__", "99")
    assert (read(), read()) == (2, 0)


def test_a_clone_is_read_whenever_it_is_named(database: Path, stages: dict[str, Stage]) -> None:
    clones: list[Path] = []

    def run_with(clone, db, run_id, tell):
        clones.append(clone)
        return 0, 0

    stages["second"].run_with = run_with
    for _ in range(2):
        analyze(database, clone=Path("/git/linux"))
    assert clones == [Path("/git/linux")] * 2
    assert [len(stage.runs) for stage in stages.values()] == [1, 0]


def test_mails_are_read_once_and_again_by_new_rules(database: Path) -> None:
    from sqlite_utils import Database

    with open_read(database) as conn:
        rows = unread(conn, "mails", "1")
    assert len(rows) == 2
    db = Database(database)
    run = analysis.start_run(db.conn, "mails", "1", "2026-05-01T12:00:00Z")
    mark_read(db.conn, "mails", rows[:1], run)
    assert unread(db.conn, "mails", "1") == rows[1:]
    assert unread(db.conn, "mails", "2") == rows
    assert unread(db.conn, "others", "1") == rows
    db.close()


def test_an_empty_file_is_not_made_a_database(tmp_path: Path) -> None:
    empty = tmp_path / "e.db"
    empty.touch()
    with pytest.raises(NotAThreadkitStore, match="nothing was imported"):
        analyze(empty)
    assert empty.read_bytes() == b""

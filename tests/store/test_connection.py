"""Opening: every way in which a file is not what one hoped for has its own error."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from threadkit.errors import (
    NotAThreadkitStore,
    SchemaTooNew,
    SchemaTooOld,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)
from threadkit.store import connection
from threadkit.store.connection import contains_words, open_read, open_write, translate
from threadkit.store.write import Writer

NOBODY = 65534


def made(path: Path) -> Path:
    open_write(path).close()
    return path


def schema(conn: sqlite3.Connection) -> list[tuple[str, ...]]:
    return conn.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    ).fetchall()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write anywhere: be somebody else for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may enter, unlike tmp_path."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


def test_a_new_database_has_the_schema_the_mark_and_wal(tmp_path: Path) -> None:
    with closing(open_write(tmp_path / "a.db")) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (connection.APPLICATION_ID,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert "message" in db.table_names()
        assert not db.conn.in_transaction


def test_the_names_written_out_for_readers_are_those_of_the_migrations() -> None:
    from threadkit.store import migrations

    assert connection.APPLICATION_ID == migrations.APPLICATION_ID
    with closing(open_write(":memory:")) as db:
        applied = tuple(each.name for each in migrations.migrations.applied(db))
    assert applied == connection.MIGRATIONS


def test_reading_a_missing_file_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_read(tmp_path / "none.db")
    with pytest.raises(StoreMissing):
        open_write(tmp_path / "none.db", create=False)
    assert list(tmp_path.iterdir()) == []


def test_writing_into_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="folder"):
        open_write(tmp_path / "none" / "a.db")


@pytest.mark.parametrize("opening", [open_read, open_write])
def test_a_folder_is_not_a_database(tmp_path: Path, opening) -> None:
    with pytest.raises(NotAThreadkitStore, match="folder"):
        opening(tmp_path)


@pytest.mark.parametrize("opening", [open_read, open_write])
def test_a_text_file_is_not_a_database_and_stays_as_it_was(tmp_path: Path, opening) -> None:
    path = tmp_path / "mail.mbox"
    path.write_bytes(b"From ann@example.org\n" * 500)
    with pytest.raises(NotAThreadkitStore, match="not an SQLite"):
        opening(path)
    assert path.read_bytes() == b"From ann@example.org\n" * 500


@pytest.mark.parametrize("opening", [open_read, open_write])
@pytest.mark.parametrize("mark", [0, 1234])
def test_a_database_of_another_program_is_refused_and_not_changed(
    tmp_path: Path, opening, mark: int
) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url)")
        other.execute(f"PRAGMA application_id = {mark}")
    before = path.read_bytes()
    with pytest.raises(NotAThreadkitStore, match="another program"):
        opening(path)
    assert path.read_bytes() == before
    assert not path.with_name("other.db-wal").exists()


@pytest.mark.parametrize("content", [b"", None])
def test_an_empty_file_can_be_imported_into_but_not_read(tmp_path: Path, content) -> None:
    path = tmp_path / "a.db"
    if content is None:
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE x (y)")
            other.execute("DROP TABLE x")
    else:
        path.write_bytes(content)
    with pytest.raises(NotAThreadkitStore, match="empty"):
        open_read(path)
    open_write(path).close()
    open_read(path).close()


@pytest.mark.parametrize("opening", [open_read, open_write])
def test_a_newer_schema_is_named_and_left_alone(tmp_path: Path, opening) -> None:
    path = made(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('threadkit', 'm999_far_future', '2099-01-01')"
        )
    with pytest.raises(SchemaTooNew, match="m999_far_future") as caught:
        opening(path)
    assert caught.value.found == ("m999_far_future",)


def test_migrations_of_other_tools_do_not_matter(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('somebody', 'm001_else', '2099-01-01')"
        )
    open_read(path).close()


def test_an_old_schema_is_named_by_a_reader_and_brought_up_to_date_by_a_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "a.db")
    monkeypatch.setattr(connection, "MIGRATIONS", (*connection.MIGRATIONS, "m998_more"))
    with pytest.raises(SchemaTooOld, match="m998_more") as caught:
        open_read(path)
    assert caught.value.missing == ("m998_more",)
    open_write(path).close()


def test_every_older_schema_migrates_to_the_fresh_one(tmp_path: Path) -> None:
    from sqlite_utils import Database

    from threadkit.store.migrations import migrations

    with closing(open_write(tmp_path / "fresh.db")) as fresh:
        wanted = schema(fresh.conn)
    for number in range(1, len(connection.MIGRATIONS) + 1):
        path = tmp_path / f"old{number}.db"
        with closing(Database(sqlite3.connect(path))) as old:
            migrations.apply(old, stop_before=connection.MIGRATIONS[number:])
        with closing(open_write(path)) as new:
            assert schema(new.conn) == wanted


def test_what_an_old_database_holds_is_all_there_after_the_upgrade(builder, tmp_path: Path) -> None:
    """The mails of a first release: nothing of them changes, and what is new is empty."""
    from sqlite_utils import Database

    from threadkit.store.migrations import migrations
    from threadkit.store.stats import stats
    from threadkit.store.verify import verify

    builder.ghost("ghost@example.org")
    root = builder.mail("root@example.org", "A question?\n", to=(("Bo", "bo@example.org"),))
    builder.mail("reply@example.org", "> A question?\nAn answer.\n", parent=root)
    builder.execute(
        "INSERT INTO citation VALUES (?, 0, 'commit', '09854ba94c6a', 'x', 0, 9)", (root,)
    )
    path = tmp_path / "old.db"
    with closing(Database(sqlite3.connect(path))) as old:
        migrations.apply(old, stop_before=connection.MIGRATIONS[1:])
        old_tables = [
            name for (name,) in old.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith(("search", "sqlite_", "_sqlite"))
        ]  # fmt: skip
        for name in old_tables:
            for row in builder.execute(f"SELECT * FROM {name}").fetchall():
                old.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
        old.execute("INSERT INTO search (search) VALUES ('rebuild')")
        old.conn.commit()
        before = [list(old.execute(f"SELECT * FROM {name}")) for name in old_tables]
    with pytest.raises(SchemaTooOld, match="m002_fetch"):
        open_read(path)
    with closing(open_write(path)) as new:
        assert [list(new.execute(f"SELECT * FROM {name}")) for name in old_tables] == before
        assert list(verify(new.conn)) == []
    with closing(open_read(path)) as conn:
        counted = stats(conn)
        assert (counted.mails, counted.citations, counted.commits) == (2, {"commit": 1}, 0)
        assert counted.fetches == counted.lost_commits == {}
        assert conn.execute("SELECT written, state FROM cited_commit").fetchall() == [
            ("09854ba94c6a", "not looked up")
        ]


def test_a_first_import_killed_before_its_schema_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threadkit.store.migrations import migrations

    def killed(db: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "apply", killed)
        with pytest.raises(KeyboardInterrupt):
            open_write(tmp_path / "a.db")
    open_write(tmp_path / "a.db").close()
    open_read(tmp_path / "a.db").close()


LOCKER = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_lock_of_another_process_is_busy_for_writers_and_nothing_to_readers(
    tmp_path: Path,
) -> None:
    path = made(tmp_path / "a.db")
    command = [sys.executable, "-c", LOCKER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as locker:
        assert locker.stdout is not None
        assert locker.stdout.readline() == b"locked\n"
        with pytest.raises(StoreBusy):
            open_write(path, busy_timeout_ms=10)
        with closing(open_read(path)) as conn:
            assert conn.execute("SELECT count(*) FROM message").fetchone() == (0,)
        locker.communicate()
    open_write(path, busy_timeout_ms=10).close()


def test_a_read_only_file_can_be_read_and_not_written(open_folder: Path) -> None:
    path = made(open_folder / "a.db")
    path.chmod(0o444)
    with as_nobody():
        open_read(path).close()
        with pytest.raises(StoreReadOnly):
            open_write(path)


def test_a_read_only_folder_can_be_read_without_side_files(open_folder: Path) -> None:
    path = made(open_folder / "a.db")
    open_folder.chmod(0o555)
    try:
        with as_nobody():
            with closing(open_read(path)) as conn:
                assert conn.execute("SELECT count(*) FROM message").fetchone() == (0,)
            with pytest.raises(StoreReadOnly):
                open_write(path)
            with pytest.raises(StoreReadOnly):
                open_write(open_folder / "new.db")
    finally:
        open_folder.chmod(0o777)
    assert [each.name for each in open_folder.iterdir()] == ["a.db"]


def test_changes_that_a_read_only_folder_hides_are_not_passed_over(open_folder: Path) -> None:
    path = made(open_folder / "a.db")
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("INSERT INTO person (name, email) VALUES ('Ann', 'ann@example.org')")
        conn.commit()
        kept = {each: each.read_bytes() for each in open_folder.glob("a.db-wal")}
    for wal, content in kept.items():
        wal.write_bytes(content)
    open_folder.chmod(0o555)
    try:
        with as_nobody(), pytest.raises(StoreReadOnly, match=r"a\.db-wal"):
            open_read(path)
    finally:
        open_folder.chmod(0o777)


def test_a_file_that_may_not_be_read_says_so(open_folder: Path) -> None:
    path = made(open_folder / "a.db")
    path.chmod(0)
    with as_nobody(), pytest.raises(StoreReadOnly, match="permissions"):
        open_read(path)


def test_nothing_can_be_written_through_a_reader(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db")
    with closing(open_read(path)) as conn:
        for statement in ("DELETE FROM message", "CREATE TABLE x (y)", "PRAGMA user_version = 3"):
            with pytest.raises(StoreReadOnly), translate(path):
                conn.execute(statement)


def test_a_full_disk_is_named_and_what_was_committed_stays(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db")
    with closing(open_write(path)) as db:
        db.execute("INSERT INTO person (name, email) VALUES ('Ann', 'ann@example.org')")
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages + 5}")
        with pytest.raises(StoreFull), translate(path):
            db.execute("INSERT INTO body VALUES (1, ?)", ("x" * 100_000,))
    with closing(open_read(path)) as conn:
        assert conn.execute("SELECT name FROM person").fetchall() == [("Ann",)]


FILLER = """
import resource, signal, sys
from threadkit.errors import StoreFull
from threadkit.store.connection import open_write, translate
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
try:
    with translate(sys.argv[1]):
        db = open_write(sys.argv[1])
        for row in range(1, 1000):
            db.execute("INSERT INTO body VALUES (?, ?)", (row, "x" * 4000))
except StoreFull as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_file_at_the_limit_of_its_size_is_full(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db")
    command = [sys.executable, "-c", FILLER, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "no room left" in done.stdout
    with closing(open_read(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_damage_is_named(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db")
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 40] = b"\xff" * (4096 * 37)
    path.write_bytes(content)

    def read_all() -> None:
        with translate(path), closing(open_read(path)) as conn:
            for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
                conn.execute(f"SELECT count(*) FROM [{name}]").fetchall()

    with pytest.raises(StoreDamaged, match="malformed"):
        read_all()


def test_other_errors_pass_through_unchanged() -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        with pytest.raises(sqlite3.OperationalError, match="syntax"), translate("a.db"):
            conn.execute("SELEC 1")
        with pytest.raises(sqlite3.ProgrammingError), translate("a.db"):
            conn.execute("SELECT ?", ())


def test_store_errors_carry_path_and_cause(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"x" * 5000)
    with pytest.raises(StoreError) as caught:
        open_read(path)
    assert caught.value.path == path
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)


def test_reading_imports_no_sqlite_utils() -> None:
    program = (
        "import sys, threadkit.store.connection, threadkit.store.read, threadkit.store.search,"
        " threadkit.store.threads, threadkit.store.lookup, threadkit.store.parts,"
        " threadkit.store.sql, threadkit.store.stats;"
        "print({'sqlite_utils', 'networkx', 'bs4', 'email', 'click'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("text", "value", "prefix", "found"),
    [
        ("Hugh Dickins <hughd@google.com>", "hugh", 0, 1),
        ("Hugh Dickins <hughd@google.com>", "hughd@google.com", 0, 1),
        ("Hugh Dickins <hughd@google.com>", "google.com", 0, 1),
        ("Hugh Dickins <hughd@google.com>", "ickins", 0, 0),
        ("Hugh Dickins <hughd@google.com>", "dick", 0, 0),
        ("Hugh Dickins <hughd@google.com>", "dick", 1, 1),
        ("Joanna Ann", "ann", 0, 1),
        ("Łukasz Żółw", "żółw", 0, 1),
        ("", "x", 0, 0),
        (None, "x", 0, 0),
        ("x", "", 0, 0),
    ],
)
def test_words_are_found_at_word_borders(text, value, prefix, found) -> None:
    assert contains_words(text, value, prefix) == found


def test_a_new_file_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself does not wait where a file is switched over to its log."""
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        open_write(path, busy_timeout_ms=20)
    soon = threading.Timer(0.1, other.rollback)
    soon.start()
    try:
        db = open_write(path)
        assert db.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        db.close()
    finally:
        soon.join()
        other.close()


def test_a_look_at_the_indexes_waits_for_a_writer_and_then_does_without(tmp_path: Path) -> None:
    """All is stored by then: an import does not fail because another one goes on writing."""
    path = tmp_path / "t.db"
    db = open_write(path, busy_timeout_ms=20)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    Writer(db).optimize()
    assert not db.conn.in_transaction
    db.conn.execute("PRAGMA busy_timeout = 10000")
    soon = threading.Timer(0.1, other.rollback)
    soon.start()
    try:
        Writer(db).optimize()
        assert not db.conn.in_transaction
    finally:
        soon.join()
        other.close()
        db.close()

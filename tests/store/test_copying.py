"""The copy of a database for others to read."""

from __future__ import annotations

import sqlite3
from pathlib import Path, PurePosixPath

import pytest

from threadkit.errors import StoreError
from threadkit.store.connection import open_read, open_write
from threadkit.store.copying import copy_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    database = open_write(tmp_path / "t.db")
    conn = database.conn
    for uri in ("/home/ann/a/x.mbox", "/home/ann/b/x.mbox", "https://example.org/x", "x.mbox"):
        conn.execute(
            "INSERT INTO source (uri, kind, imported_utc, tool_version, mail_count)"
            " VALUES (?, 'mbox', '', '', 0)",
            (uri,),
        )
    for origin in ("/home/ann/linux", "/srv/linux", "https://example.org/git"):
        conn.execute(
            "INSERT INTO commit_name (name, origin, state, checked_utc, refs)"
            " VALUES ('0123456', ?, 'unknown', '', '')",
            (origin,),
        )
    conn.execute("CREATE TABLE scratch AS SELECT randomblob(100000) AS x")
    conn.execute("DROP TABLE scratch")
    conn.commit()
    database.close()
    return tmp_path / "t.db"


def public(name: str) -> str:
    return PurePosixPath(name).name if name.startswith("/") else name


def copied(path: Path, target: Path) -> Path:
    conn = open_read(path)
    copy_database(conn, target, public)
    with pytest.raises(sqlite3.OperationalError):  # it still can only read
        conn.execute("DELETE FROM source")
    conn.close()
    return target


def test_folders_of_somebody_are_in_no_byte_of_it(path: Path, tmp_path: Path) -> None:
    copy = copied(path, tmp_path / "copy.db")
    assert b"/home/ann" not in copy.read_bytes()
    conn = open_read(copy)
    uris = [uri for (uri,) in conn.execute("SELECT uri FROM source ORDER BY id")]
    origins = [one for (one,) in conn.execute("SELECT origin FROM commit_name ORDER BY origin")]
    conn.close()
    assert uris == ["x.mbox (1)", "x.mbox (2)", "https://example.org/x", "x.mbox"]
    assert origins == ["https://example.org/git", "linux"]


def test_it_is_small_and_the_same_every_time(path: Path, tmp_path: Path) -> None:
    first = copied(path, tmp_path / "one.db").read_bytes()
    assert copied(path, tmp_path / "one.db").read_bytes() == first
    assert copied(path, tmp_path / "two.db").read_bytes() == first
    conn = open_read(tmp_path / "two.db")
    assert conn.execute("PRAGMA freelist_count").fetchone() == (0,)
    conn.close()
    assert [one.name for one in tmp_path.glob("two.db*")] == ["two.db"]


def test_a_place_that_cannot_be_written_is_told(path: Path, tmp_path: Path) -> None:
    conn = open_read(path)
    with pytest.raises(StoreError, match="nowhere"):
        copy_database(conn, tmp_path / "nowhere" / "copy.db", public)
    conn.close()

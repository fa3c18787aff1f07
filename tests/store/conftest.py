"""A builder of small databases that hold together, row by row, without the importer."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from threadkit.store.connection import open_read, open_write

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class Builder:
    """Writes mails into ``path``; lines that begin with ``>`` become quote blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = open_write(path)
        self.conn = self.db.conn
        self.execute(
            "INSERT INTO source (id, uri, kind, imported_utc, tool_version, mail_count)"
            " VALUES (1, '/mail/one.mbox', 'mbox', '2026-01-01T00:00:00Z', '0.1.0', 0)"
        )
        self.rows = 0

    @classmethod
    def in_memory(cls) -> Builder:
        return cls(Path(":memory:"))

    def execute(self, statement: str, params: Any = ()) -> Any:
        return self.db.execute(statement, params)

    def close(self) -> None:
        self.db.close()

    def read(self) -> Any:
        return open_read(self.path)

    def address(self, name: str, email: str) -> int:
        found = self.execute(
            "SELECT id FROM address WHERE name = ? AND email = ?", (name, email)
        ).fetchone()
        if found:
            return found[0]
        person = self.execute(
            "INSERT INTO person (name, email) VALUES (?, ?)", (name, email)
        ).lastrowid
        return self.execute(
            "INSERT INTO address (email, name, person) VALUES (?, ?, ?)", (email, name, person)
        ).lastrowid

    def ghost(self, message_id: str, row: int | None = None) -> int:
        row = row or -1 - self.execute("SELECT count(*) FROM message").fetchone()[0]
        self.execute(
            "INSERT INTO message (id, message_id, ghost, root, match) VALUES (?, ?, 1, ?, 'strict')",
            (row, message_id, row),
        )
        return row

    def mail(
        self,
        message_id: str,
        text: str = "Hello.\n",
        *,
        row: int | None = None,
        subject: str = "A subject",
        sender: tuple[str, str] | None = ("Ann Lee", "ann@example.org"),
        to: tuple[tuple[str, str], ...] = (),
        cc: tuple[tuple[str, str], ...] = (),
        date: str | None = "2020-09-01T12:00:00Z",
        received: str | None = None,
        parent: int | None = None,
        imposter: int = 0,
        list_id: str | None = None,
        dictionary: int | None = None,
    ) -> int:
        self.rows = row = row or self.rows + 1
        root = row
        if parent is not None:
            (root,) = self.execute("SELECT root FROM message WHERE id = ?", (parent,)).fetchone()
        raw = f"Message-ID: <{message_id}>\nX-Row: {row}\n\n{text}".encode()
        self.execute(
            "INSERT INTO message (id, message_id, imposter, raw, subject, from_address, date_utc,"
            " received_utc, parent, parent_rule, root, match)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'strict')",
            (
                row, message_id, imposter, row, subject, self.address(*sender) if sender else None,
                date, received, parent, "references" if parent else "none", root,
            ),
        )  # fmt: skip
        self.raw(row, raw, message=row, list_id=list_id, dictionary=dictionary)
        self.execute("INSERT INTO body VALUES (?, ?)", (row, text))
        for position, block in enumerate(simple_blocks(text)):
            self.execute("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, 1)", (row, position, *block))
        for kind, people in (("to", to), ("cc", cc)):
            for position, person in enumerate(people):
                self.execute(
                    "INSERT INTO recipient VALUES (?, ?, ?, ?)",
                    (row, kind, position, self.address(*person)),
                )
        self.execute(
            "INSERT INTO search (rowid, subject, own, quoted)"
            " SELECT id, subject, own, quoted FROM search_text WHERE id = ?",
            (row,),
        )
        return row

    def add_dictionary(self, row: int) -> None:
        samples = [f"Message-ID: <{n}@example.org>\nX-Row: {n}\n\n".encode() for n in range(2000)]
        trained = zstd.train_dict(samples, 2000)
        self.execute("INSERT INTO dictionary VALUES (?, ?)", (row, trained.dict_content))

    def raw(
        self,
        row: int,
        mail: bytes,
        *,
        message: int,
        list_id: str | None = None,
        dictionary: int | None = None,
    ) -> None:
        trained = None
        if dictionary is not None:
            query = "SELECT data FROM dictionary WHERE id = ?"
            trained = zstd.ZstdDict(self.execute(query, (dictionary,)).fetchone()[0])
        self.execute(
            "INSERT INTO raw (id, sha256, message, source, list_id, size_bytes, dictionary, data)"
            " VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
            (
                row, hashlib.sha256(mail).hexdigest(), message, list_id, len(mail), dictionary,
                zstd.compress(mail, zstd_dict=trained),
            ),
        )  # fmt: skip


def simple_blocks(text: str) -> list[tuple[str, int, int, int]]:
    found: list[tuple[str, int, int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        kind, depth = ("quote", 1) if line.startswith(">") else ("reply", 0)
        if found and found[-1][0] == kind:
            found[-1] = (kind, depth, found[-1][2], at + len(line))
        else:
            found.append((kind, depth, at, at + len(line)))
        at += len(line)
    return found


@pytest.fixture(scope="session")
def builder_class() -> type[Builder]:
    return Builder


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "threadkit.db"
    open_write(path).close()
    return path


@pytest.fixture
def builder(tmp_path: Path, fresh_database: Path) -> Iterator[Builder]:
    shutil.copyfile(fresh_database, tmp_path / "threadkit.db")
    made = Builder(tmp_path / "threadkit.db")
    yield made
    made.close()

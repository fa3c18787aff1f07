"""Writing mails: every batch is one transaction, whole or not there at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from sqlite3 import SQLITE_BUSY, Connection, OperationalError

from sqlite_utils import Database

from threadkit.store import derived, people
from threadkit.store.arrival import Slots
from threadkit.store.derived import insert
from threadkit.store.identity import Held, copy_key, give_transcriptions, held, is_copy, renumber
from threadkit.store.rows import MailRow
from threadkit.store.transaction import transaction


@dataclass(slots=True)
class Batch:
    """What became of the mails of one batch.

    ``changed`` maps row id to the mail whose content is new there; ``gone`` are row ids
    of ghosts that turned into mails; ``roots`` those of the conversations that they,
    or imposters with new numbers, belonged to.
    """

    changed: dict[int, MailRow] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    roots: set[int] = field(default_factory=set)
    added: int = 0
    copies: int = 0
    imposters: int = 0
    held: dict[str, list[Held]] = field(default_factory=dict)


class Writer:
    """Writes mails into one database; use it inside :meth:`transaction`.

    Parameters
    ----------
    db : sqlite_utils.Database
        Open for writing, migrations applied.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self.conn: Connection = db.conn
        self._slots = Slots(self._first_free)
        self._addresses: dict[tuple[str, str], int] = {}
        self._version = 0
        self.raw_id = 0
        self.ghost_id = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done inside, or nothing of it.

        Yields
        ------
        None
            An error inside undoes everything.
        """
        self.conn.execute("BEGIN IMMEDIATE")
        # Another process may have written since the last transaction of this one.
        version = self._scalar("PRAGMA data_version")
        if version != self._version:
            self._addresses.clear()
            self._version = version
        self.raw_id = self._scalar("SELECT coalesce(max(id), 0) FROM raw")
        self.ghost_id = min(0, self._scalar("SELECT coalesce(min(id), 0) FROM message"))
        try:
            yield
            self.conn.commit()
        finally:
            self._slots.forget()
            if self.conn.in_transaction:
                self.conn.rollback()
                self._addresses.clear()

    def dictionary(self) -> tuple[int, bytes] | None:
        """Return the newest compression dictionary and its id, or None.

        Returns
        -------
        tuple of (int, bytes) or None
            Row id and data.
        """
        row = self.conn.execute("SELECT id, data FROM dictionary ORDER BY id DESC").fetchone()
        return (row[0], row[1]) if row else None

    def add_dictionary(self, data: bytes) -> int:
        """Store a compression dictionary; return its id.

        Parameters
        ----------
        data : bytes
            As zstd trains it.

        Returns
        -------
        int
            Row id.
        """
        cursor = self.conn.execute("INSERT INTO dictionary (data) VALUES (?)", (data,))
        return int(cursor.lastrowid or 0)

    def known(self, hashes: Sequence[str]) -> set[str]:
        """Return those of the SHA-256 hashes whose mails are stored already.

        Parameters
        ----------
        hashes : sequence of str
            In hexadecimal digits.

        Returns
        -------
        set of str
            A part of ``hashes``.
        """
        query = "SELECT sha256 FROM raw WHERE sha256 IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self.conn.execute(query, (json.dumps(hashes),))}

    # -- mails ---------------------------------------------------------------------

    def classify(self, rows: Sequence[MailRow]) -> Batch:
        """Decide what each mail is to the store, and give new ones their row ids.

        Parameters
        ----------
        rows : sequence of MailRow
            Mails that are not stored, no two with one hash.

        Returns
        -------
        Batch
            For :meth:`write`, in the same transaction.
        """
        batch = Batch(held=held(self.conn, {row.message_id for row in rows}))
        for row in rows:
            group = batch.held.setdefault(row.message_id, [])
            same = next((one for one in group if is_copy(self.conn, one, row)), None)
            if same is not None:
                batch.copies += 1
                self._add_copy(same, row)
            else:
                self._add_new(batch, group, row)
        for group in batch.held.values():
            if len(group) > 1:
                renumber(self.conn, group)
                give_transcriptions(self.conn, group)
            if any(one.was != one.imposter for one in group):
                batch.roots.update(one.root for one in group if one.root is not None)
            batch.changed.update({one.id: one.row for one in group if one.row})
        return batch

    def _add_copy(self, same: Held, row: MailRow) -> None:
        same.copies.append(row)
        if copy_key(row) < same.key:
            same.take(row)

    def _add_new(self, batch: Batch, group: list[Held], row: MailRow) -> None:
        batch.added += 1
        ghost = next((one for one in group if one.ghost), None)
        if ghost is not None:
            batch.gone.append(ghost.id)
            if ghost.root is not None:
                batch.roots.add(ghost.root)
            group.remove(ghost)
        elif group:
            batch.imposters += 1
        group.append(
            Held(
                id=self._slots.take(row.order_utc),
                message_id=row.message_id,
                imposter=0,
                ghost=False,
                transcribed=row.transcribed,
                subject_key=row.subject_key,
                arrived=row.order_utc or "9",
                key=copy_key(row),
                stored=False,
                row=row,
                copies=[row],
            )
        )

    def index_text(self, changed: dict[int, MailRow]) -> None:
        """Add the mails to the full-text index, after :meth:`write`.

        Parameters
        ----------
        changed : dict
            Mails by row id.
        """
        derived.index_text(self.conn, changed)

    def write(self, batch: Batch, source: dict[str, int]) -> None:
        """Write a classified batch: mails, copies and everything derived but threads.

        Parameters
        ----------
        batch : Batch
            From :meth:`classify`, in the same transaction.
        source : dict
            SHA-256 of a raw mail to the row id of its source.
        """
        ones = [one for group in batch.held.values() for one in group]
        gone = [(id_,) for id_ in batch.gone]
        self.conn.executemany("DELETE FROM message WHERE id = ?", gone)
        renumbered = [one for one in ones if one.stored and one.was != one.imposter]
        for sign in (-1, 1):  # by way of negative numbers: (message_id, imposter) is unique
            self.conn.executemany(
                "UPDATE message SET imposter = ? WHERE id = ?",
                [(sign * one.imposter - (sign < 0), one.id) for one in renumbered],
            )
        replaced = [one.id for one in ones if one.stored and one.row]
        before = people.addresses_of(self.conn, replaced)
        derived.forget(self.conn, replaced)
        self._number_raw(ones)
        self._write_messages([one for one in ones if one.row])
        self._write_raw(ones, source)
        derived.write(self.conn, batch.changed, self.address)
        if batch.changed:
            unused = bool(before - people.addresses_of(self.conn, replaced))
            people.mark_changed(self.conn, unused=unused)

    def _number_raw(self, ones: list[Held]) -> None:
        for one in ones:
            one.copy_ids = range(self.raw_id + 1, self.raw_id + 1 + len(one.copies))
            self.raw_id += len(one.copies)
            if one.row:
                one.raw = one.copy_ids[one.copies.index(one.row)]

    def _write_raw(self, ones: list[Held], source: dict[str, int]) -> None:
        rows, defects = [], []
        for one in ones:
            for id_, row in zip(one.copy_ids, one.copies, strict=True):
                where = source[row.sha256]
                rows.append((id_, row.sha256, one.id, where, row.locator, row.list_id,
                             row.received_utc, row.size_bytes, row.dictionary, row.data))  # fmt: skip
                defects += [(where, id_, kind, detail) for kind, detail in row.defects]
        insert(
            self.conn,
            "raw",
            ("id", "sha256", "message", "source", "locator", "list_id", "received_utc",
             "size_bytes", "dictionary", "data"),
            rows,
        )  # fmt: skip
        insert(self.conn, "defect", ("source", "raw", "kind", "detail"), defects)

    def _write_messages(self, ones: list[Held]) -> None:
        values = []
        for one in ones:
            row = one.row
            assert row is not None
            sender = self.address(*row.sender) if row.sender else None
            values.append((one.id, one.message_id, one.imposter, row.derived_id, one.raw,
                           row.subject, row.subject_key, row.is_reply, sender, row.date_utc,
                           row.date_offset_min, row.received_utc, row.flowed))  # fmt: skip
        self.conn.executemany(
            "INSERT INTO message (id, message_id, imposter, derived_id, raw, subject, subject_key,"
            " is_reply, from_address, date_utc, date_offset_min, received_utc, flowed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET raw = excluded.raw, subject = excluded.subject,"
            " subject_key = excluded.subject_key, is_reply = excluded.is_reply,"
            " from_address = excluded.from_address, date_utc = excluded.date_utc,"
            " date_offset_min = excluded.date_offset_min, received_utc = excluded.received_utc,"
            " flowed = excluded.flowed",
            values,
        )

    # -- sources, addresses --------------------------------------------------------

    def source(self, uri: str) -> tuple[int | None, str | None]:
        """Return row id and cursor of a source, or None twice.

        Parameters
        ----------
        uri : str
            Where mail was read from.

        Returns
        -------
        tuple of (int or None, str or None)
            The cursor says how far it was read.
        """
        query = "SELECT id, cursor FROM source WHERE uri = ?"
        row = self.conn.execute(query, (uri,)).fetchone()
        return (row[0], row[1]) if row else (None, None)

    def problems(self, source: int) -> set[tuple[str, str]]:
        """Return what the last import could not read of a source, as ``(kind, detail)``.

        Parameters
        ----------
        source : int
            Row id of a source.

        Returns
        -------
        set of (str, str)
            Empty if all of it could be read.
        """
        query = "SELECT kind, detail FROM defect WHERE source = ? AND raw IS NULL"
        return set(self.conn.execute(query, (source,)).fetchall())

    def save_source(self, uri: str, kind: str, now_utc: str, version: str) -> int:
        """Record that an import reads this source; return its row id.

        Parameters
        ----------
        uri : str
            Where mail is read from.
        kind : str
            What it is: mbox, maildir, git ...
        now_utc : str
            When the import began.
        version : str
            Of threadkit.

        Returns
        -------
        int
            The same id for the same ``uri``.
        """
        query = (
            "INSERT INTO source (uri, kind, imported_utc, tool_version, mail_count)"
            " VALUES (?, ?, ?, ?, 0) ON CONFLICT (uri) DO UPDATE SET kind = excluded.kind,"
            " imported_utc = excluded.imported_utc, tool_version = excluded.tool_version"
            " RETURNING id"
        )
        return int(self.conn.execute(query, (uri, kind, now_utc, version)).fetchone()[0])

    def finish_source(
        self,
        source: int,
        *,
        mail_count: int,
        cursor: str | None,
        problems: Iterable[tuple[str, str]],
        overview: Iterable[Sequence[object]],
        provenance: tuple[str, int, str] | None = None,
    ) -> None:
        """Record how far a source was read, what failed, and its thread overview.

        Parameters
        ----------
        source : int
            Row id of a source.
        mail_count : int
            Mails that it holds.
        cursor : str or None
            How far it was read, where it can grow.
        problems : iterable of tuple
            ``(kind, detail)`` of what could not be read.
        overview : iterable of sequence of object
            Rows of a saved page's thread overview.
        provenance : tuple of (str, int, str), optional
            When a server sent it, HTTP's status, SHA-256 of the unpacked mailbox. Kept here,
            not when the source is begun: it says that all of the answer is stored.
        """
        self.conn.execute(
            "UPDATE source SET mail_count = ?, cursor = ? WHERE id = ?",
            (mail_count, cursor, source),
        )
        if provenance:
            self.conn.execute(
                "UPDATE source SET fetched_utc = ?, http_status = ?, sha256 = ? WHERE id = ?",
                (*provenance, source),
            )
        self.conn.execute("DELETE FROM defect WHERE source = ? AND raw IS NULL", (source,))
        insert(self.conn, "defect", ("source", "kind", "detail"), ((source, *p) for p in problems))
        self.conn.execute("DELETE FROM overview WHERE source = ?", (source,))
        insert(
            self.conn,
            "overview",
            ("source", "position", "depth", "parent_position", "date_utc", "author", "subject",
             "message_id", "match"),
            ((source, *row) for row in overview),
        )  # fmt: skip

    def address(self, email: str, name: str) -> int:
        """Return the row id of an address as written, adding it (as its own person).

        Parameters
        ----------
        email : str
            The address as written.
        name : str
            The display name as written.

        Returns
        -------
        int
            Row id.
        """
        found = self._addresses.get((email, name))
        if found is None:
            query = "SELECT id FROM address WHERE email = ? AND name = ?"
            row = self.conn.execute(query, (email, name)).fetchone()
            found = int(row[0]) if row else self._add_address(email, name)
            self._addresses[(email, name)] = found
        return found

    def _add_address(self, email: str, name: str) -> int:
        person = self.conn.execute(
            "INSERT INTO person (name, email) VALUES (?, ?)", (name or email, email)
        ).lastrowid
        query = "INSERT INTO address (email, name, person) VALUES (?, ?, ?)"
        return int(self.conn.execute(query, (email, name, person)).lastrowid or 0)

    def ghost_count(self) -> int:
        """Return how many messages are referenced and were never seen.

        Returns
        -------
        int
            For the whole database.
        """
        return self._scalar("SELECT count(*) FROM message WHERE id < 0")

    def is_unused(self) -> bool:
        """Tell whether no import has read any source into this database.

        Returns
        -------
        bool
            True for a database that was just made.
        """
        return self._scalar("SELECT count(*) FROM source") == 0

    def optimize(self) -> None:
        """Let SQLite look at the indexes, so that it plans queries well.

        Notes
        -----
        It reads before it writes, and SQLite does not wait for a writer who came in
        between; hence the write lock first. All mails are stored by now: if another
        process keeps the lock, that one, or the next import, looks at the indexes.
        """
        self.conn.execute("PRAGMA analysis_limit = 400")  # else it reads them whole
        try:
            with transaction(self.conn):
                self.conn.execute("PRAGMA optimize")
        except OperationalError as error:
            if error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise

    @property
    def path(self) -> str:
        """The database file; empty if it has none."""
        rows = self.conn.execute("PRAGMA database_list").fetchall()
        return next(str(file or "") for _, name, file in rows if name == "main")

    def use_little_memory(self) -> None:
        """Hold few pages: what is written is soon on the disk, and little is read again."""
        self.conn.execute("PRAGMA cache_size = -2000")

    def _first_free(self, row: int) -> int:
        """Return ``row`` if no message has it, else the end of a run of ids at or after it."""
        if not self._taken(row):
            return row
        taken, step = row, 1
        while self._taken(taken + step):
            taken += step
            step *= 2
        free = taken + step
        while free - taken > 1:  # ids of one instant are dense: halving finds their end
            middle = (taken + free) // 2
            if self._taken(middle):
                taken = middle
            else:
                free = middle
        return free

    def _taken(self, row: int) -> bool:
        query = "SELECT 1 FROM message WHERE id = ?"
        return self.conn.execute(query, (row,)).fetchone() is not None

    def _scalar(self, query: str) -> int:
        return int(self.conn.execute(query).fetchone()[0])

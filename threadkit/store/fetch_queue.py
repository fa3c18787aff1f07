"""What was asked of other machines, what came of it, and what is next.

The states of an item, and who leads from one to the next::

    waiting --done()-----> done       it came and is stored
    waiting --missing()--> missing    nobody who was asked has it
    waiting --failed()---> failed     it did not come this time
    waiting --refused()--> refused    it will not be given to us: too large ...
    waiting --skipped()--> skipped    not asked for: the limit of a run was reached
    failed, skipped -----> waiting    add(): another run is led to it; revive(): to all
    any     --add(anew)--> waiting    it is cited, and there is somebody new to ask
    any     --again()----> waiting    the user asks anew
    any     --forget()--->            the user wants to hear no more of it

No state says "being fetched": an item waits until its outcome is stored, in the same
transaction as what it brought, so that a run that was killed just goes on. What has come
stays ``done``, whatever a slower process says of it later.

How far to follow from an item is a column, so that whatever run comes to it goes as far as
that which asked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from threadkit.store.queue_item import STATES, QueueItem, QueueKind, QueueState
from threadkit.store.queue_view import QueueView
from threadkit.store.transaction import transaction

_AGAIN = ("failed", "skipped")
"""A run that is led to these tries them again."""

_OPEN = ("waiting", *_AGAIN)
"""What was asked of these is still to be done, and as far as it was asked."""


class FetchQueue(QueueView):
    """The queue of one database.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> queue = FetchQueue(db.conn)
    >>> item = queue.add("thread", "a@example.org", "2026-05-01T12:00:00Z")
    >>> item.name, item.state
    ('a@example.org', 'waiting')
    >>> queue.done(item.id, "2026-05-01T12:00:01Z", mail_count=3, added=3)
    True
    >>> queue.counts()
    {'done': 1}
    >>> db.close()

    Notes
    -----
    Every method is one transaction, or a part of the caller's. Whatever the length of
    the queue, each is a few index lookups; lists and counts read all of it.
    """

    # -- asking --------------------------------------------------------------------

    def add(
        self,
        kind: QueueKind,
        name: str,
        now_utc: str,
        *,
        inbox: str | None = None,
        origin: str | None = None,
        depth: int = 0,
        reach: int = 0,
        cited_by: int | None = None,
        cited_by_commit: str | None = None,
        anew: bool = False,
    ) -> QueueItem:
        """Ask for something that was not asked for before.

        Parameters
        ----------
        kind : {'thread', 'commit', 'search', 'inbox'}
            What it is.
        name : str
            A Message-ID, a hash, a query or a URL.
        now_utc : str
            ISO 8601 with Z.
        inbox, origin : str or None
            Where to ask; None: wherever one usually does.
        depth : int
            0 if the user asks for it, else the steps of citations from there. What is
            only cited is not added if it came from anywhere, nor if it was asked for
            without saying where: what another server or list lacks, or could not be asked
            for, says nothing of the usual ones. One that waits at a greater depth moves up.
        reach : int
            Steps of citations to follow from it. Of something that waits, or failed or was
            skipped, the larger of both stays.
        cited_by : int or None
            Row id of the mail that cites it; the first that was given stays.
        cited_by_commit : str or None
            Hash of the commit that cites it, likewise.
        anew : bool
            Ask again for what was answered, since somebody can be asked now who was not;
            what came from elsewhere is no answer then.

        Returns
        -------
        QueueItem
            As it is now; it waits, unless it was answered before.
        """
        with transaction(self.conn):
            known = self._known(kind, name, inbox, origin, anywhere=depth > 0 and not anew)
            if known is None:
                row = self.conn.execute(
                    "INSERT INTO fetch_queue (kind, name, inbox, origin, state, depth, reach,"
                    " cited_by, cited_by_commit, wanted_utc, attempts, why, near)"
                    " VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, 0, '', '')",
                    (kind, name, inbox or "", origin or "", depth, reach, cited_by,
                     cited_by_commit, now_utc),
                ).lastrowid  # fmt: skip
                return self._at(row)
            depth = min(depth, known.depth)
            if known.state in _OPEN:
                reach = max(reach, known.reach)
            if known.state in _AGAIN or (anew and known.state != "waiting"):
                self._wait(known.id, depth, reach, now_utc)
            elif known.state == "waiting":
                query = "UPDATE fetch_queue SET depth = ?, reach = ? WHERE id = ?"
                self.conn.execute(query, (depth, reach, known.id))
            return self._at(known.id)

    def again(
        self,
        kind: QueueKind,
        name: str,
        now_utc: str,
        *,
        inbox: str | None = None,
        origin: str | None = None,
        reach: int = 0,
    ) -> QueueItem:
        """Ask for something because the user does, whatever came of it before.

        Parameters
        ----------
        kind : {'thread', 'commit', 'search', 'inbox'}
            What it is.
        name : str
            A Message-ID, a hash, a query or a URL.
        now_utc : str
            ISO 8601 with Z.
        inbox, origin : str or None
            Where to ask; None: wherever one usually does.
        reach : int
            As for :meth:`add`.

        Returns
        -------
        QueueItem
            It waits.

        Notes
        -----
        The last answer stays on record until the next one: an equal hash says that
        nothing is new.
        """
        with transaction(self.conn):
            item = self.add(kind, name, now_utc, inbox=inbox, origin=origin, reach=reach)
            self._wait(item.id, 0, item.reach if item.state == "waiting" else reach, now_utc)
            return self._at(item.id)

    def revive(self) -> int:
        """Let everything wait again that failed or was skipped: a run does what is left.

        Returns
        -------
        int
            How many items; those that are not to be asked for yet keep their time.
        """
        with transaction(self.conn):
            query = "UPDATE fetch_queue SET state = 'waiting' WHERE state IN ('failed', 'skipped')"
            return self.conn.execute(query).rowcount

    def forget(
        self,
        kind: QueueKind | None = None,
        name: str | None = None,
        *,
        states: Collection[QueueState] = STATES,
    ) -> int:
        """Drop items; what they brought stays.

        Parameters
        ----------
        kind : str or None
            Of what; None: of any kind.
        name : str or None
            Of what, wherever it was to be asked for; None: whatever its name. A list
            (kind ``inbox``) goes by its name without the day.
        states : collection of str
            Only items in these states.

        Returns
        -------
        int
            How many were dropped.

        Examples
        --------
        >>> from threadkit.store.connection import open_write
        >>> db = open_write(":memory:")
        >>> queue = FetchQueue(db.conn)
        >>> item = queue.add("thread", "a@example.org", "2026-05-01T12:00:00Z")
        >>> queue.forget(states=["failed"]), queue.forget("thread", "a@example.org")
        (0, 1)
        >>> db.close()
        """
        with transaction(self.conn):
            return self.conn.execute(
                "DELETE FROM fetch_queue WHERE state IN (SELECT value FROM json_each(:states))"
                " AND (:kind IS NULL OR kind = :kind) AND (:name IS NULL OR name = :name"
                " OR kind = 'inbox' AND substr(name, 1, length(:name) + 1) = :name || ' ')",
                {"states": json.dumps(sorted(states)), "kind": kind, "name": name},
            ).rowcount

    def set_aside(self) -> None:
        """Work on a copy of the queue from here on, which ends with the connection.

        For a run without a network: what it is asked for is no order to ask a server some
        day. SQLite looks for a table of any name among the temporary ones first.
        """
        (text,) = self.conn.execute(
            "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = 'fetch_queue'"
        ).fetchone()
        self.conn.execute("BEGIN")  # which only reads the database, and waits for nobody
        try:
            self.conn.execute(text.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
            self.conn.execute("INSERT INTO temp.fetch_queue SELECT * FROM main.fetch_queue")
            self.conn.commit()
        finally:
            self.conn.rollback()  # after a commit there is nothing to undo

    # -- what came of it -----------------------------------------------------------

    def done(
        self,
        item: int,
        now_utc: str,
        *,
        url: str | None = None,
        http_status: int | None = None,
        sha256: str | None = None,
        mail_count: int | None = None,
        added: int | None = None,
        why: str = "",
    ) -> bool:
        """Record that something came and is stored.

        Parameters
        ----------
        item : int
            :attr:`QueueItem.id`.
        now_utc : str
            ISO 8601 with Z.
        url : str or None
            Where it came from in the end.
        http_status : int or None
            Of the answer.
        sha256 : str or None
            Of what came, unpacked.
        mail_count, added : int or None
            Mails that came, and those of them that were new now.
        why : str
            A remark in one line.

        Returns
        -------
        bool
            False if there is no such item.
        """
        with transaction(self.conn):
            cursor = self.conn.execute(
                "UPDATE fetch_queue SET state = 'done', attempts = attempts + 1,"
                " not_before_utc = NULL, fetched_utc = ?, url = ?, http_status = ?, sha256 = ?,"
                " mail_count = ?, added = ?, why = ?, near = '' WHERE id = ?",
                (now_utc, url, http_status, sha256, mail_count, added, _line(why), item),
            )
        return cursor.rowcount > 0

    def missing(
        self,
        item: int,
        why: str,
        *,
        url: str | None = None,
        http_status: int | None = None,
        near: Sequence[str] = (),
    ) -> bool:
        """Record that nobody who was asked has it.

        Parameters
        ----------
        item : int
            :attr:`QueueItem.id`.
        why : str
            In one line.
        url : str or None
            What was asked.
        http_status : int or None
            Of the answer.
        near : sequence of str
            Message-IDs that the server offers instead.

        Returns
        -------
        bool
            False if the item does not wait: somebody else was quicker.
        """
        return self._end(item, "missing", why, url, http_status, near=near)

    def failed(
        self,
        item: int,
        why: str,
        *,
        not_before_utc: str | None = None,
        url: str | None = None,
        http_status: int | None = None,
    ) -> bool:
        """Record that it did not come this time.

        Parameters
        ----------
        item : int
            :attr:`QueueItem.id`.
        why : str
            In one line.
        not_before_utc : str or None
            When it may be asked for again, after :meth:`revive`; None: at once.
        url : str or None
            What was asked.
        http_status : int or None
            Of the answer, if there was one.

        Returns
        -------
        bool
            False if the item does not wait: somebody else was quicker.
        """
        return self._end(item, "failed", why, url, http_status, not_before_utc=not_before_utc)

    def refused(
        self, item: int, why: str, *, url: str | None = None, http_status: int | None = None
    ) -> bool:
        """Record that it will not be given to us, however often we ask.

        Parameters
        ----------
        item : int
            :attr:`QueueItem.id`.
        why : str
            In one line.
        url : str or None
            What was asked.
        http_status : int or None
            Of the answer.

        Returns
        -------
        bool
            False if the item does not wait: somebody else was quicker.
        """
        return self._end(item, "refused", why, url, http_status)

    def skipped(self, item: int, why: str) -> bool:
        """Record that it was not asked for.

        Parameters
        ----------
        item : int
            :attr:`QueueItem.id`.
        why : str
            In one line.

        Returns
        -------
        bool
            False if the item does not wait.
        """
        with transaction(self.conn):
            cursor = self.conn.execute(
                "UPDATE fetch_queue SET state = 'skipped', why = ?, not_before_utc = NULL"
                " WHERE id = ? AND state = 'waiting'",
                (_line(why), item),
            )
        return cursor.rowcount > 0

    def postponed(self, item: int, not_before_utc: str | None, why: str) -> bool:
        """Record that it could not even be asked for yet; it goes on waiting.

        Parameters
        ----------
        item : int
            :attr:`QueueItem.id`.
        not_before_utc : str or None
            ISO 8601 with Z: what its host said. None: nobody can say.
        why : str
            In one line.

        Returns
        -------
        bool
            False if the item does not wait.
        """
        with transaction(self.conn):
            cursor = self.conn.execute(
                "UPDATE fetch_queue SET not_before_utc = ?, why = ?"
                " WHERE id = ? AND state = 'waiting'",
                (not_before_utc, _line(why), item),
            )
        return cursor.rowcount > 0

    def _known(
        self, kind: str, name: str, inbox: str | None, origin: str | None, *, anywhere: bool
    ) -> QueueItem | None:
        """Find an item: the very one; else one that came from anywhere."""
        row = self.conn.execute(
            "SELECT id, inbox = :inbox AND origin = :origin AS same"
            " FROM fetch_queue WHERE kind = :kind AND name = :name"
            " AND (same OR :anywhere AND state = 'done')"
            " ORDER BY same DESC, id LIMIT 1",
            {"kind": kind, "name": name, "inbox": inbox or "", "origin": origin or "",
             "anywhere": anywhere},
        ).fetchone()  # fmt: skip
        return self._at(row[0]) if row else None

    def _at(self, item: int | None) -> QueueItem:
        found = self.get(item or 0)
        assert found is not None
        return found

    def _wait(self, item: int, depth: int, reach: int, now_utc: str) -> None:
        self.conn.execute(
            "UPDATE fetch_queue SET state = 'waiting', depth = ?, reach = ?, wanted_utc = ?,"
            " attempts = 0, not_before_utc = NULL, why = '', near = '' WHERE id = ?",
            (depth, reach, now_utc, item),
        )

    def _end(
        self,
        item: int,
        state: QueueState,
        why: str,
        url: str | None,
        http_status: int | None,
        *,
        near: Sequence[str] = (),
        not_before_utc: str | None = None,
    ) -> bool:
        """Record an answer that brought nothing; what came before stays on record."""
        with transaction(self.conn):
            cursor = self.conn.execute(
                "UPDATE fetch_queue SET state = ?, attempts = attempts + 1, why = ?,"
                " url = coalesce(?, url), http_status = ?, near = ?, not_before_utc = ?"
                " WHERE id = ? AND state = 'waiting'",
                (state, _line(why), url, http_status, "\n".join(near), not_before_utc, item),
            )
        return cursor.rowcount > 0


def _line(text: str) -> str:
    """Make one line of an error's text, whatever bytes a server put into it."""
    return " ".join(text.split()).encode("utf-8", "replace").decode()

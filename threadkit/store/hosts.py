"""Hosts that have to be left alone for a while, so that a later run keeps the manners too."""

from __future__ import annotations

from datetime import datetime
from sqlite3 import Connection

from threadkit.store.transaction import transaction


class HostRests:
    """What a session of :mod:`threadkit.fetch.web.session` remembers of hosts.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing; for :meth:`rest` and :meth:`rests` reading is enough.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> rests = HostRests(db.conn)
    >>> rests.set_rest("lore.example.org", "2026-05-01T12:00:00Z", "it said: Retry-After")
    >>> rests.rest("lore.example.org")
    ('2026-05-01T12:00:00Z', 'it said: Retry-After')
    >>> rests.rest("git.example.org") is None
    True
    >>> db.close()
    """

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def rest(self, host: str) -> tuple[str, str] | None:
        """Say until when a host rests, and why.

        Parameters
        ----------
        host : str
            Its name; case is ignored.

        Returns
        -------
        tuple of (str, str) or None
            ISO 8601 with Z, which may have passed, and the reason. A time that is damaged
            is as none.
        """
        query = "SELECT not_before_utc, why FROM fetch_host WHERE host = ?"
        found = self.conn.execute(query, (host.lower(),)).fetchone()
        return (found[0], found[1]) if found and is_time(found[0]) else None

    def set_rest(self, host: str, not_before_utc: str, why: str) -> None:
        """Remember that nothing is to be sent to a host before a time.

        Parameters
        ----------
        host : str
            Its name; case is ignored.
        not_before_utc : str
            ISO 8601 with Z. A rest that is known and ends later stays.
        why : str
            In one line.
        """
        with transaction(self.conn):
            self.conn.execute(
                "INSERT INTO fetch_host (host, not_before_utc, why) VALUES (?, ?, ?)"
                " ON CONFLICT (host) DO UPDATE SET not_before_utc = excluded.not_before_utc,"
                " why = excluded.why WHERE excluded.not_before_utc >= not_before_utc",
                (host.lower(), not_before_utc, " ".join(why.split())),
            )

    def rests(self, now_utc: str) -> list[tuple[str, str, str]]:
        """List the hosts that rest now.

        Parameters
        ----------
        now_utc : str
            ISO 8601 with Z.

        Returns
        -------
        list of (str, str, str)
            Host, end of the rest, reason; by name.
        """
        query = "SELECT * FROM fetch_host WHERE not_before_utc > ? ORDER BY host"
        return [row for row in self.conn.execute(query, (now_utc,)) if is_time(row[1])]


def is_time(text: object) -> bool:
    """Tell whether a column holds a time as threadkit writes it.

    Parameters
    ----------
    text : object
        Of the database.

    Examples
    --------
    >>> is_time("2026-05-01T12:00:00Z"), is_time("2026-05-01"), is_time("soon"), is_time(b"")
    (True, False, False, False)
    """
    try:
        return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False

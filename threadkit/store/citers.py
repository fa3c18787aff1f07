"""Who cites a commit."""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import Connection


@dataclass(frozen=True, slots=True)
class Citer:
    """A mail that cites a commit: by which hash and title, and who wrote the mail.

    ``date_utc`` is the sender's claim; ``written`` the hash as the mail has it.
    """

    message_id: str
    person: str
    date_utc: str | None
    written: str
    title: str


def citers(conn: Connection, sha: str) -> list[Citer]:
    """List the mails that cite a commit in their own words.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    sha : str
        The full hash.

    Returns
    -------
    list of Citer
        In order of arrival; a mail that cites it under two names is there twice.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> citers(db.conn, "0123" * 10)
    []
    >>> db.close()

    Notes
    -----
    Only citations whose hash was looked up count: an abbreviation alone proves nothing.
    """
    rows = conn.execute(
        "SELECT m.message_id, coalesce(p.name, nullif(a.name, ''), a.email, ''), m.date_utc,"
        " c.value, c.title FROM commit_name n CROSS JOIN citation c JOIN message m"
        " ON m.id = c.message LEFT JOIN address a ON a.id = m.from_address"
        " LEFT JOIN person p ON p.id = a.person"
        " WHERE n.sha = ? AND n.state = 'found' AND c.value = n.name AND c.kind = 'commit'"
        " GROUP BY m.id, c.position ORDER BY m.id, c.position",
        (sha,),
    )
    return [Citer(*row) for row in rows]

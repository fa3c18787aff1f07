"""The writers of mails that a list sent in its own name, from the mails as received."""

from __future__ import annotations

from sqlite3 import Connection

from threadkit.graph.names import is_relayed
from threadkit.mail.relayed import original_sender
from threadkit.store.read import raw


def own_address(conn: Connection, message: int, name: str, email: str) -> str:
    """Return the address of who wrote a mail, if only a list's stands in ``From:``.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message : int
        ``message.id`` of a mail that is here.
    name, email : str
        Its ``From:``.

    Returns
    -------
    str
        ``email`` itself where it is a person's, or where the header has no other.
    """
    if not is_relayed(name, email):
        return email
    found = original_sender(raw(conn, message), email)
    return found.email if found else email

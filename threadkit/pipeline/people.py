"""Merge the addresses of a store into persons."""

from __future__ import annotations

from pathlib import Path

from threadkit.errors import SourceError
from threadkit.graph.mailmap import Mailmap
from threadkit.graph.people import AddressUse, merge
from threadkit.store import people
from threadkit.store.write import Writer


def read_mailmap(path: str | Path) -> str:
    """Return the text of a mailmap file.

    Parameters
    ----------
    path : str | Path
        The file.

    Returns
    -------
    str
        What is not UTF-8 is replaced.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise SourceError(str(path), error.strerror or "cannot be read") from error


def merge_people(writer: Writer, mailmap: str | None) -> None:
    """Find out again who is one person behind which addresses, if anything changed.

    Parameters
    ----------
    writer : Writer
        Of the store; not in a transaction.
    mailmap : str or None
        The text of a mailmap, kept for later imports; None goes by the one kept.

    Notes
    -----
    What changed is noted in the store, so that the next import makes up for one that
    was killed before it came to this.
    """
    conn = writer.conn
    if people.changed(conn) is None and mailmap in (None, people.mailmap(conn)):
        return
    with writer.transaction():
        if mailmap is not None:
            people.save_mailmap(conn, mailmap)
        if people.changed(conn) == "unused":
            people.forget_unused(conn)
        lines = people.mailmap(conn).splitlines()
        found = merge((AddressUse(*row) for row in people.addresses(conn)), Mailmap(lines))
        people.replace_people(
            conn,
            ((number, p.name, p.email) for number, p in enumerate(found.persons, 1)),
            ((number, key) for number, p in enumerate(found.persons, 1) for key in p.keys),
            found.merges,
            found.kept_apart,
        )

"""What follows from the text of a mail: written with it, and forgotten before it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from sqlite3 import Connection

from threadkit.store.rows import MailRow

DERIVED = (
    "attachment", "block", "citation", "message_reference", "patch", "patch_file", "quote",
    "recipient", "trailer", "body", "signal", "citation_role", "unit", "passage", "unit_relation",
    "mail_reading", "analyzed",
)  # fmt: skip
"""Tables whose rows follow from the preferred copy of a message (column ``message``)."""

ROWS_A_STATEMENT = 50
"""Starting a statement costs more than a small row; far below SQLite's limit of values."""

MERGED_AT = 8
"""So many batches of equal size the full-text index keeps apart before it merges them.

Four is FTS5's own number: then a thread that comes in six batches is merged while it comes,
which took a tenth of the time to write it. Each part costs a search microseconds a word.
"""

_NUMBERED = (
    ("attachment", "attachments", ("filename", "content_type", "size_bytes")),
    ("block", "blocks", ("kind", "quote_depth", "start", "stop", "certain")),
    ("trailer", "trailers", ("name", "value", "kind", "followup", "extinfo", "start", "stop")),
    ("patch_file", "patch_files", ("path", "additions", "deletions")),
    ("citation", "citations", ("kind", "value", "title", "start", "stop")),
)
_PATCH_COLUMNS = (
    "prefixes", "revision", "counter", "expected", "patch_id", "change_id", "base_commit",
    "additions", "deletions",
)  # fmt: skip


def insert(
    conn: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert rows given as sequences in the order of ``columns``.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    table : str
        Its name.
    columns : sequence of str
        Names of columns.
    rows : iterable of sequences
        One sequence of values a row; may be empty.
    """
    first = next(iterator := iter(rows), None)
    if first is not None:
        conn.executemany(_insertion(table, columns, 1), chain([first], iterator))


def insert_small(
    conn: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert many small rows, like :func:`insert`, in two thirds of the time.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    table : str
        Its name; no virtual table: FTS5 writes its index out before each such statement.
    columns : sequence of str
        Names of columns.
    rows : iterable of sequences
        One sequence of values a row; may be empty.
    """
    left = iter(rows)
    statement = _insertion(table, columns, ROWS_A_STATEMENT)
    while len(some := list(islice(left, ROWS_A_STATEMENT))) == ROWS_A_STATEMENT:
        conn.execute(statement, list(chain.from_iterable(some)))
    insert(conn, table, columns, some)


def _insertion(table: str, columns: Sequence[str], count: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608


def write(
    conn: Connection, changed: Mapping[int, MailRow], address: Callable[[str, str], int]
) -> None:
    """Write everything derived of these mails but threads, quotes and the search index.

    Parameters
    ----------
    conn : sqlite3.Connection
        In the transaction that writes the mails.
    changed : mapping
        Mails by row id.
    address : callable
        Gives the row id of an email with a name.
    """
    insert(conn, "body", ("message", "text"), ((i, changed[i].body) for i in sorted(changed)))
    insert_small(conn, "message_reference", ("message", "position", "message_id"), (
        (id_, position, message_id)
        for id_, row in changed.items()
        for position, message_id in _references(row)
    ))  # fmt: skip
    insert(conn, "alias", ("message_id", "message"), (
        (alias, id_) for id_, row in changed.items() for alias in row.aliases
    ))  # fmt: skip
    insert_small(conn, "recipient", ("message", "kind", "position", "address"), (
        (id_, kind, position, address(email, name))
        for id_, row in changed.items()
        for position, (kind, email, name) in enumerate(row.recipients)
    ))  # fmt: skip
    for table, pick, columns in _NUMBERED:
        insert_small(conn, table, ("message", "position", *columns), _numbered(changed, pick))
    insert(conn, "patch", ("message", *_PATCH_COLUMNS), (
        (id_, *row.patch) for id_, row in changed.items() if row.patch is not None
    ))  # fmt: skip


def index_text(conn: Connection, changed: Mapping[int, MailRow]) -> None:
    """Add mails to the full-text index (ascending ids: FTS5 flushes otherwise).

    Parameters
    ----------
    conn : sqlite3.Connection
        In the transaction that writes the mails.
    changed : mapping
        Mails by row id.

    References
    ----------
    https://www.sqlite.org/fts5.html#the_automerge_configuration_option
    """
    query = "SELECT v FROM search_config WHERE k = 'automerge'"
    if changed and conn.execute(query).fetchone() is None:  # stored, so for every connection
        conn.execute("INSERT INTO search (search, rank) VALUES ('automerge', ?)", (MERGED_AT,))
    insert(conn, "search", ("rowid", "subject", "own", "quoted"), (
        (id_, changed[id_].subject, *_texts(changed[id_])) for id_ in sorted(changed)
    ))  # fmt: skip


def forget(conn: Connection, ids: Sequence[int]) -> None:
    """Delete everything derived of these messages, before it is derived again.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    ids : sequence of int
        ``message.id`` values.
    """
    keys = [(id_,) for id_ in ids]
    conn.executemany(
        "INSERT INTO search (search, rowid, subject, own, quoted)"
        " SELECT 'delete', id, subject, own, quoted FROM search_text WHERE id = ?",
        keys,
    )
    for table in (*DERIVED, "alias"):
        conn.executemany(f"DELETE FROM {table} WHERE message = ?", keys)  # noqa: S608


def _numbered(changed: Mapping[int, MailRow], pick: str) -> Iterator[tuple[object, ...]]:
    for id_, row in changed.items():
        for position, values in enumerate(getattr(row, pick)):
            yield (id_, position, *values)


def _references(row: MailRow) -> Iterator[tuple[int, str]]:
    for position, message_id in enumerate(row.in_reply_to):
        yield -1 - position, message_id
    yield from enumerate(row.references)


def _texts(row: MailRow) -> tuple[str, str]:
    """Return own and quoted text, exactly as the view ``search_text`` gives them."""
    own: list[str] = []
    quoted: list[str] = []
    for kind, _, start, stop, _ in row.blocks:
        (quoted if kind == "quote" else own).append(row.body[start:stop])
    return "".join(own), "".join(quoted)

"""SQL that a user typed: read-only unless said otherwise, and errors in their terms."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from threadkit.errors import QueryError

_REFUSED = frozenset(
    (
        sqlite3.SQLITE_ATTACH,  # VACUUM INTO attaches, too
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_SAVEPOINT,
        sqlite3.SQLITE_TRANSACTION,
    )
)
_PRAGMAS = frozenset(
    (
        "compile_options", "data_version", "database_list", "foreign_key_list", "function_list",
        "index_info", "index_list", "index_xinfo", "integrity_check", "page_count", "page_size",
        "quick_check", "table_info", "table_list", "table_xinfo",
    )
)  # fmt: skip
_SETTINGS = frozenset(
    ("application_id", "encoding", "freelist_count", "journal_mode", "user_version")
)
_PARAMETER = re.compile(r"[:@$]([A-Za-z_]\w*)", re.ASCII)


def sql(
    conn: sqlite3.Connection,
    text: str,
    params: Mapping[str, object] | Sequence[object] = (),
    *,
    write: bool = False,
) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Run one SQL statement.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database; for ``write=True`` that of ``open_write``.
    text : str
        One statement, with ``:name`` or ``?`` for parameters.
    params : mapping or sequence
        Values of the parameters.
    write : bool
        Allow statements that change the database; they are committed at once.

    Returns
    -------
    tuple of (tuple of str, iterator of tuple)
        Names of the columns, and the rows as they are found.

    Raises
    ------
    QueryError
        SQLite does not understand the text, a parameter is missing, or the statement
        would write and may not. Rows can raise it too.

    Examples
    --------
    >>> conn = sqlite3.connect(":memory:")
    >>> columns, rows = sql(conn, "SELECT :n + 1 AS more", {"n": 41})
    >>> columns, list(rows)
    (('more',), [(42,)])
    >>> sql(conn, "CREATE TABLE t (x)")
    Traceback (most recent call last):
    threadkit.errors.QueryError: 'CREATE TABLE t (x)': would change the database; use --write
    >>> conn.close()

    Notes
    -----
    Reading is held by ``query_only``, and by an authorizer that refuses what this would
    let through: other files, transactions and settings. A file opened with ``open_read``
    cannot be written anyway.

    References
    ----------
    https://www.sqlite.org/c3ref/set_authorizer.html
    """
    _check_text(text, params)
    _check_parameters(text, params)
    refused: list[str] = []
    try:
        if write:
            cursor = conn.execute(text, params)
        else:
            with _reading(conn, refused):
                cursor = conn.execute(text, params)
    except (sqlite3.Error, sqlite3.Warning) as error:
        if write and conn.in_transaction:
            conn.rollback()
        raise _explained(text, error, refused) from error
    columns = tuple(column[0] for column in cursor.description or ())
    if not write:
        return columns, _rows(cursor, text)
    rows = list(_rows(cursor, text))
    conn.commit()
    return columns, iter(rows)


@contextmanager
def _reading(conn: sqlite3.Connection, refused: list[str]) -> Iterator[None]:
    """Let nothing be changed; what the authorizer had to refuse goes into ``refused``."""

    def allow(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        """Decide on one thing that SQLite is about to do."""
        if action == sqlite3.SQLITE_PRAGMA:
            bad = first not in _PRAGMAS and (first not in _SETTINGS or second is not None)
        else:
            bad = action in _REFUSED or second == "load_extension"
        if bad:
            refused.append(first or "")
        return sqlite3.SQLITE_DENY if bad else sqlite3.SQLITE_OK

    (before,) = conn.execute("PRAGMA query_only").fetchone()
    conn.execute("PRAGMA query_only = ON")
    conn.set_authorizer(allow)
    try:
        yield
    finally:
        conn.set_authorizer(None)
        if not before:
            conn.execute("PRAGMA query_only = OFF")


def _rows(cursor: sqlite3.Cursor, text: str) -> Iterator[tuple[object, ...]]:
    try:
        yield from cursor
    except sqlite3.OperationalError as error:
        raise _explained(text, error, []) from error


def _check_text(text: str, params: Mapping[str, object] | Sequence[object]) -> None:
    """Refuse lone surrogates, which SQLite's UTF-8 cannot hold."""
    values = params.values() if isinstance(params, Mapping) else params
    for value in (text, *values):
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError as error:
                at = error.start if value is text else None
                raise QueryError(text, "a character that is not Unicode", at) from error


def _check_parameters(text: str, params: Mapping[str, object] | Sequence[object]) -> None:
    """Name parameters that the text does not have: SQLite would ignore them."""
    if isinstance(params, Mapping):
        known = set(_PARAMETER.findall(text))
        unknown = next((name for name in params if name not in known), None)
        if unknown is not None:
            raise QueryError(text, f"no parameter :{unknown} in it")


def _explained(text: str, error: Exception, refused: list[str]) -> Exception:
    """Choose what to raise: trouble of the file passes, trouble of the text is named."""
    code = getattr(error, "sqlite_errorcode", None)
    if refused or code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH):
        return QueryError(text, "would change the database; use --write")
    if code in (None, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT) or (
        code is not None and code & 0xFF in (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)
    ):
        if "Could not decode to UTF-8" in str(error):  # and the whole value follows
            return QueryError(text, "a value is not UTF-8 text; cast it to a blob")
        near = re.match(r'near "(.+)": syntax error', str(error))
        at = text.find(near.group(1)) if near else -1
        unique = near is not None and text.count(near.group(1)) == 1
        return QueryError(text, str(error), at if unique else None)
    return error

"""Open a database: for reading with sqlite3 alone, for writing with sqlite-utils.

Both ways look at what the file is before they touch it, so that another program's
database is never changed, and both turn SQLite's errors into those of
:mod:`threadkit.errors`. Reading never creates a file.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from threadkit.errors import (
    NotAThreadkitStore,
    SchemaTooNew,
    SchemaTooOld,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

# Written out, because store.migrations imports sqlite_utils, which costs a reader a
# quarter of a second; a test holds the two equal.
APPLICATION_ID = 0x74686B74
"""``thkt``, in the header of every threadkit database."""

MIGRATIONS = (
    "m001_foundation",
    "m002_fetch",
    "m003_evidence",
    "m004_arguments",
    "m005_casebook",
)
"""The migrations that this program knows, oldest first."""

BUSY_TIMEOUT_MS = 15000
"""How long to wait for another writer before :class:`StoreBusy`."""

_READ_PRAGMAS = (
    "PRAGMA query_only = ON",
    "PRAGMA mmap_size = 2147418112",  # pages shared with the system's cache, not ours
    "PRAGMA cache_size = -16000",
    "PRAGMA temp_store = MEMORY",
)

_WRITE_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",  # with WAL: a power cut loses no consistency
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 67108864",
)

_FULL = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)


def open_read(path: str | Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> sqlite3.Connection:
    """Open an existing database for reading; nothing can be written through it.

    Parameters
    ----------
    path : str or Path
        The database file.
    busy_timeout_ms : int
        How long to wait while another process holds the whole file.

    Returns
    -------
    sqlite3.Connection
        In ``query_only`` mode, without automatic transactions.

    Raises
    ------
    StoreMissing
        There is no such file.
    NotAThreadkitStore
        It is not SQLite, or another program's.
    SchemaTooNew, SchemaTooOld
        Another version of threadkit wrote it.
    StoreBusy, StoreReadOnly, StoreDamaged, StoreError
        SQLite cannot read it now, here, or at all.

    Examples
    --------
    >>> open_read("/nowhere/threadkit.db")
    Traceback (most recent call last):
    threadkit.errors.StoreMissing: /nowhere/threadkit.db: no such database

    Notes
    -----
    Well under a millisecond; imports neither sqlite_utils nor the migrations. A
    database in WAL mode that lies in a folder one may not write to is read as
    immutable, unless a ``-wal`` file says that it has changes.
    """
    path = Path(path)
    with translate(path):
        _must_exist(path)
        conn = _connect_read(path, busy_timeout_ms)
        with ExitStack() as failing:
            failing.callback(conn.close)
            _check_schema(conn, path, reading=True)
            for pragma in _READ_PRAGMAS:
                conn.execute(pragma)
            _add_functions(conn)
            failing.pop_all()
    return conn


def open_write(
    path: str | Path, create: bool = True, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS
) -> Database:
    """Open a database for writing and bring its schema up to date.

    Parameters
    ----------
    path : str or Path
        The database file; ``:memory:`` is one that vanishes when it is closed.
    create : bool
        Make the file if it is not there (its folder has to be).
    busy_timeout_ms : int
        How long to wait for another writer, here and in every later statement.

    Returns
    -------
    sqlite_utils.Database
        In WAL mode; ``.conn`` is the sqlite3 connection.

    Raises
    ------
    StoreMissing
        There is no such file (``create=False``), or no such folder.
    NotAThreadkitStore
        It is not SQLite, or another program's; it was not changed.
    SchemaTooNew
        A newer threadkit wrote it.
    StoreBusy, StoreReadOnly, StoreFull, StoreDamaged, StoreError
        It cannot be written now, by this user, for want of room, or at all.

    Examples
    --------
    >>> db = open_write(":memory:")
    >>> db.table("message").count
    0
    >>> db.close()

    Notes
    -----
    Two processes may create one file at once: migrations run under the write lock.
    """
    path = Path(path)
    with translate(path):
        if str(path) == ":memory:":
            conn = sqlite3.connect(":memory:")
        else:
            if not create or path.exists():
                _must_exist(path)
            elif not path.parent.is_dir():
                raise StoreMissing(path, "its folder does not exist")
            conn = sqlite3.connect(_uri(path, "rwc" if create else "rw"), uri=True)
        with ExitStack() as failing:
            failing.callback(conn.close)
            conn.execute(f"PRAGMA busy_timeout = {int(busy_timeout_ms)}")
            _check_schema(conn, path, reading=False)
            conn.execute("PRAGMA page_size = 8192")  # of a new file: bodies fit better
            _use_wal(conn, busy_timeout_ms / 1000)
            for pragma in _WRITE_PRAGMAS:
                conn.execute(pragma)
            _add_functions(conn)
            db = _migrated(conn)
            failing.pop_all()
        return db


def _use_wal(conn: sqlite3.Connection, timeout_s: float) -> None:
    """Switch a new file over; SQLite does not wait where another process just does so."""
    until = time.monotonic() + timeout_s
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(0.01)
        else:
            return


def _migrated(conn: sqlite3.Connection) -> Database:
    """Apply what is pending under the write lock, which also proves that one may write."""
    from sqlite_utils import Database

    from threadkit.store.migrations import migrations

    db = Database(conn)
    conn.execute("BEGIN IMMEDIATE")
    if migrations.pending(db):
        migrations.apply(db)
    # On a read-only file BEGIN IMMEDIATE begins to read; only a write is refused.
    conn.execute("DELETE FROM source WHERE 0")
    conn.execute("COMMIT")
    return db


@contextmanager
def translate(path: str | Path) -> Iterator[None]:
    """Turn what sqlite3 raises inside into threadkit's errors.

    Parameters
    ----------
    path : str or Path
        The database file, for the message.

    Yields
    ------
    None
        Errors that are the program's own fault (bad SQL) pass unchanged.

    Raises
    ------
    StoreError
        Or one of its children; the sqlite3 error is its ``__cause__``.

    Examples
    --------
    >>> conn = sqlite3.connect(":memory:")
    >>> _ = conn.execute("PRAGMA query_only = ON")
    >>> with translate("my.db"):
    ...     conn.execute("CREATE TABLE t (x)")
    Traceback (most recent call last):
    threadkit.errors.StoreReadOnly: my.db: may not be written to
    >>> conn.close()
    """
    try:
        yield
    except sqlite3.Error as error:
        translated = _translated(Path(path), error)
        if translated is None:
            raise
        raise translated from error


def _translated(path: Path, error: sqlite3.Error) -> StoreError | None:
    """Find the threadkit error, or None where the file is not at fault."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # Python's own trouble with a value, which quotes the value
        undecoded = "Could not decode to UTF-8" in str(error)
        return StoreDamaged(path, "damaged (text that is not UTF-8)") if undecoded else None
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(path, "another process is writing to it; try again")
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StoreReadOnly(path, "may not be written to")
    if primary == sqlite3.SQLITE_FULL or code in _FULL:
        return StoreFull(path, "no room left on the disk")
    if primary == sqlite3.SQLITE_NOTADB:
        return NotAThreadkitStore(path, "not an SQLite database")
    if primary == sqlite3.SQLITE_CORRUPT:
        return StoreDamaged(path, f"damaged ({error}); import again into a new file")
    if primary == sqlite3.SQLITE_CANTOPEN:
        return StoreReadOnly(path, "cannot be opened; look at the permissions of it and its folder")
    if primary == sqlite3.SQLITE_IOERR:
        return StoreError(path, f"the disk reports an error ({error.sqlite_errorname})")
    return None


def _add_functions(conn: sqlite3.Connection) -> None:
    conn.create_function("contains_words", 3, contains_words, deterministic=True)


def contains_words(text: str | None, value: str, prefix: int) -> int:
    """Tell whether a value stands in a text at word borders; an SQL function too.

    Parameters
    ----------
    text : str or None
        Where to look.
    value : str
        What to look for, case-folded.
    prefix : int
        1 if the text may go on after the value without a border.

    Returns
    -------
    int
        1 or 0.

    Examples
    --------
    >>> contains_words("Hugh Dickins <hughd@example.org>", "example.org", 0)
    1
    >>> contains_words("Hugh Dickins <hughd@example.org>", "hug", 0)
    0

    Notes
    -----
    Case is ignored as Unicode has it; LIKE would fold ASCII only.
    """
    text = (text or "").casefold()
    at = text.find(value)
    while at >= 0 and value:
        stop = at + len(value)
        starts = not at or not (text[at - 1].isalnum() and value[0].isalnum())
        ends = prefix or stop == len(text) or not (text[stop].isalnum() and value[-1].isalnum())
        if starts and ends:
            return 1
        at = text.find(value, at + 1)
    return 0


def _must_exist(path: Path) -> None:
    if path.is_dir():
        raise NotAThreadkitStore(path, "a folder, not a database")
    if not path.exists():
        raise StoreMissing(path, "no such database")


def _uri(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def _connect_read(path: Path, busy_timeout_ms: int) -> sqlite3.Connection:
    """Connect and read one page, as immutable where WAL's side files cannot be made."""
    conn = _probed(_uri(path, "ro"), busy_timeout_ms)
    if isinstance(conn, sqlite3.Connection):
        return conn
    error = conn
    if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
        raise error
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise StoreReadOnly(
            path, f"has changes in {wal.name} that cannot be read in a read-only folder; copy both"
        ) from error
    conn = _probed(_uri(path, "ro&immutable=1"), busy_timeout_ms)
    if isinstance(conn, sqlite3.Connection):
        return conn
    raise conn


def _probed(uri: str, busy_timeout_ms: int) -> sqlite3.Connection | sqlite3.Error:
    conn = None
    try:
        conn = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=busy_timeout_ms / 1000)
        conn.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        if conn is not None:
            conn.close()
        return error
    return conn


def _check_schema(conn: sqlite3.Connection, path: Path, *, reading: bool) -> None:
    """Refuse what is not threadkit's, too new, or (for reading) too old."""
    (application,) = conn.execute("PRAGMA application_id").fetchone()
    tables = {
        name
        for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith("sqlite_")
    }
    applied: tuple[str, ...] = ()
    if "_sqlite_migrations" in tables:
        applied = tuple(
            name
            for (name,) in conn.execute(
                "SELECT name FROM _sqlite_migrations WHERE migration_set = 'threadkit'"
                " ORDER BY rowid"
            )
        )
    empty = not tables - {"_sqlite_migrations"}
    if application not in (0, APPLICATION_ID) or not (applied or empty):
        raise NotAThreadkitStore(path, "another program's database")
    unknown = tuple(name for name in applied if name not in MIGRATIONS)
    if unknown:
        raise SchemaTooNew(path, unknown)
    if not reading:
        return
    if not applied:
        raise NotAThreadkitStore(path, "an empty database; nothing was imported into it yet")
    missing = tuple(name for name in MIGRATIONS if name not in applied)
    if missing:
        raise SchemaTooOld(path, missing)

"""What ``doctor`` looks at: the program's surroundings and one database."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from threadkit import __version__
from threadkit.errors import StoreMissing, ThreadkitError
from threadkit.store import catalog
from threadkit.store.connection import open_read, translate
from threadkit.store.queue_view import QueueView

PYTHON = (3, 11)
_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    ``ok`` is False where something is in the way, or missing though ``is_needed`` is False: all
    works without it. ``detail`` says what was found.
    """

    name: str
    ok: bool
    detail: str
    is_needed: bool = True


def checks(path: str | Path) -> Iterator[Check]:
    """Look at what threadkit needs, then at a database.

    Parameters
    ----------
    path : str or Path
        The database; it need not be there.

    Yields
    ------
    Check
        In a fixed order; nothing is changed and no network is used.

    Examples
    --------
    >>> [check.name for check in checks("/nowhere/a.db")]
    ['threadkit', 'python', 'sqlite', 'zstd', 'git', 'graphviz', 'database']

    Notes
    -----
    Reads every page of the database once.
    """
    yield Check("threadkit", True, __version__)
    version = platform.python_version()
    yield Check("python", sys.version_info[:2] >= PYTHON, f"{version} ({sys.executable})")
    yield _sqlite()
    yield _zstd()
    yield _git()
    yield _graphviz()
    try:
        yield from _database(Path(path))
    except StoreMissing:
        yield Check("database", True, f"{path}: none yet; 'threadkit import' makes it")
    except ThreadkitError as error:
        yield Check("database", False, str(error))


def _sqlite() -> Check:
    version, searches = catalog.sqlite_features()
    state = "with FTS5" if searches else "without FTS5: search and import need it"
    return Check("sqlite", searches, f"{version}, {state}")


def _zstd() -> Check:
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    found = find_spec(name.partition(".")[0]) is not None and find_spec(name) is not None
    return Check("zstd", found, name if found else f"{name} is missing: raw mail needs it")


def _git() -> Check:
    """Find git, which only public-inbox repositories need."""
    program = shutil.which("git")
    if program is None:
        return Check("git", False, "not found: public-inbox repositories cannot be imported")
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        return Check("git", False, f"{program} does not run: {error}")
    return Check("git", True, said.strip().removeprefix("git version "))


def _graphviz() -> Check:
    """Find Graphviz, which sites and notebooks draw maps with."""
    from threadkit.site.placing import placers

    found = ", ".join(placers())
    missing = "none found: maps of arguments stand as outlines, without pictures"
    return Check("graphviz", bool(found), found or missing, is_needed=False)


def _database(path: Path) -> Iterator[Check]:
    conn = open_read(path)
    try:
        with translate(path):
            size = path.stat().st_size
            yield Check("database", True, f"{path.absolute()}, {size / 1e6:.1f} MB")
            yield Check("schema", True, "up to date")
            wrong = catalog.quick_check(conn)
            yield Check(
                "integrity",
                not wrong,
                "; ".join(" ".join(one.split()) for one in wrong) or "pages hold together",
            )
            yield Check("mails", True, f"{catalog.mail_count(conn):,}")
            yield Check("commits", True, f"{catalog.commit_count(conn):,}")
            fetches = QueueView(conn).counts()
            said = ", ".join(f"{count:,} {state}" for state, count in fetches.items())
            yield Check("fetches", True, said or "nothing was asked for")
    finally:
        conn.close()

"""Mirrors: a list kept as git repositories, and imported from there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from threadkit.errors import Challenged, FetchError, Resting, SourceError
from threadkit.fetch.lore.names import archive_host
from threadkit.fetch.lore.origins import LORE, Origins, origins_from_environment
from threadkit.fetch.mirror.manifest import parse_address
from threadkit.fetch.mirror.mirror import Mirror, MirrorReport
from threadkit.fetch.web.clock import Clock
from threadkit.fetch.web.manners import Manners
from threadkit.fetch.web.session import Session
from threadkit.pipeline.fetch_threads import day_of
from threadkit.pipeline.fetch_turn import turn
from threadkit.pipeline.importing import import_mail, remove_unused
from threadkit.pipeline.report import ImportReport, Progress
from threadkit.store.connection import open_write, translate
from threadkit.store.hosts import HostRests
from threadkit.store.write import Writer

MIRRORS = Path("mirrors")
"""Where mirrors are kept unless the user names a folder."""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What became of a mirror and of its mail.

    Attributes
    ----------
    mirror : MirrorReport
        What was fetched; ``failed`` epochs are in it.
    imported : ImportReport
        What the database got of it.
    """

    mirror: MirrorReport
    imported: ImportReport

    @property
    def errors(self) -> list[FetchError | SourceError]:
        """Why some epochs could not be brought up to date, each reason once."""
        said = {str(one.error): one.error for one in self.mirror.failed if one.error}
        return list(said.values())


def mirror_mail(
    path: str | Path,
    what: str,
    *,
    into: str | Path | None = None,
    offline: bool = False,
    since: str | None = None,
    workers: int | None = None,
    origins: Origins | None = None,
    manners: Manners | None = None,
    clock: Clock | None = None,
    tell: Callable[[str], None] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Mirrored:
    """Bring a mirror of a list up to date, or make one, and import what is new.

    Parameters
    ----------
    path : str or Path
        The database; made if it is not there.
    what : str
        The URL of a list or of one of its repositories, or the folder of a mirror. What the
        URL says is of lore is asked of the first server of ``origins``, if those are others
        than the usual ones.
    into : str or Path, optional
        The folder of the mirror; by default one in :data:`MIRRORS` with the names of
        the server and of the list.
    offline : bool
        Import what is there, and ask nobody.
    since : str, optional
        Leave out repositories whose newest mail is older than this day, as
        :func:`threadkit.pipeline.fetch_threads.day_of` reads it.
    workers : int, optional
        As for :func:`threadkit.pipeline.importing.import_mail`.
    origins : Origins, optional
        Servers to ask; by default those of the environment, else kernel.org's.
    manners : Manners, optional
        Pauses, patience and limits.
    clock : Clock, optional
        Time and waiting.
    tell : callable, optional
        Takes a line on the fetch.
    progress : callable, optional
        Takes the progress of the import.

    Returns
    -------
    Mirrored
        With the repositories that could not be fetched.

    Raises
    ------
    SourceError
        ``what`` is no mirror and no list.
    QueryError
        ``since`` is no day; nothing was done.
    FetchError
        Nothing could be fetched, and nothing is there from before; or a fetch is at work on
        the database, and nothing was done.
    StoreError
        The database cannot be opened or written.

    Notes
    -----
    Everything can be killed at any time: what came of a repository is kept and not fetched
    again, and the import goes by commits. A mirror takes its turn with the fetches of the
    same database while it asks (:func:`threadkit.pipeline.fetch_turn.turn`): two would ask
    one host at the same time. Its import asks nobody, and needs no turn.
    """
    origins = origins or origins_from_environment()
    is_url = "://" in what
    what = _configured(what, origins) if is_url else what
    folder = Path(into) if into else MIRRORS / _place(what) if is_url else Path(what)
    since_utc = day_of(since).isoformat() if since is not None else None
    with ExitStack() as stack:
        if not offline and not stack.enter_context(turn(path)):
            why = "another fetch is at work on this database; wait until that is done"
            raise FetchError(str(path), why)
        is_new = not Path(path).exists()
        db = open_write(path)
        stack.callback(db.close)
        stack.enter_context(translate(path))
        session = stack.enter_context(
            Session(
                manners or Manners(known_hosts=origins.hosts), HostRests(db.conn),
                offline=offline, clock=clock, tell=tell,
            )
        )  # fmt: skip
        try:
            mirror = Mirror(folder, session, tell).update(
                what if is_url else None, since_utc=since_utc
            )
        except (SourceError, FetchError) as error:
            # That a host wants to be left alone is worth a database.
            if is_new and not isinstance(error, Resting | Challenged):
                remove_unused(Writer(db), Path(path))
            raise
    sources = [str(one) for one in mirror.paths]
    imported = import_mail(path, sources, workers=workers, progress=progress)
    return Mirrored(mirror, imported)


def _configured(url: str, origins: Origins) -> str:
    """Return the address at which a list of lore is asked for, given the user's servers.

    Examples
    --------
    >>> _configured("https://lore.kernel.org/git/0", Origins(lore=("https://example.org/in",)))
    'https://example.org/in/git/0'
    >>> _configured("https://sea.lore.kernel.org/git/", Origins())
    'https://sea.lore.kernel.org/git/'
    """
    if origins.lore == LORE or archive_host(url) != archive_host(LORE[0]):
        return url
    parts = urlsplit(url)
    return origins.lore[0] + urlunsplit(("", "", parts.path, parts.query, parts.fragment))


def _place(url: str) -> Path:
    """Name the folder of a mirror by server and path, so that no two lists share one.

    Examples
    --------
    >>> _place("https://lore.kernel.org/linux-mm/0").as_posix()
    'lore.kernel.org/linux-mm'
    >>> _place("https://lore.kernel.org/linux-mm/git/0.git").as_posix()
    'lore.kernel.org/linux-mm'
    >>> _place("https://lists.example.org/../...git").as_posix()
    'lists.example.org/list/list'
    """
    words = [word for word in urlsplit(parse_address(url).inbox).path.split("/") if word]
    words = words or ["list"]
    words[-1] = words[-1].removesuffix(".git")
    return Path(archive_host(url), *(word.lstrip(".") or "list" for word in words))

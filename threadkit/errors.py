"""Every error threadkit raises on purpose.

One root, :class:`ThreadkitError`, so that a caller can catch "anything of
threadkit's". Facts are attributes; the message is built from them once. A broken
*mail* is never an exception: it is a :class:`threadkit.mail.message.Defect`.
"""

from __future__ import annotations

from pathlib import Path

PRINTED_MOST = 200
"""Characters of foreign words that a message repeats."""


def printable(text: str) -> str:
    r"""Return words of a server or a user fit for one line of a message.

    Parameters
    ----------
    text : str
        Anything: line ends, escapes of a terminal, bytes that were no text.

    Returns
    -------
    str
        As it is, if a line can show it; else quoted, with escapes. Cut if it is long.

    Examples
    --------
    >>> print(printable("http://example.org/\n"), printable(" "), len(printable("x" * 9999)))
    'http://example.org/\n' ' ' 203
    """
    short = text if len(text) <= PRINTED_MOST else text[:PRINTED_MOST] + "..."
    return short if short.strip() and short.isprintable() else repr(short)


class ThreadkitError(Exception):
    """Root of all errors that threadkit raises on purpose.

    ``exit_code`` is what the command line ends with when nothing catches it.
    """

    exit_code = 1


class SourceError(ThreadkitError):
    """A mail source cannot be read at all; nothing of it was stored.

    Parameters
    ----------
    uri : str
        What the user named.
    why : str
        The reason in a few words, without the name.
    """

    exit_code = 2

    def __init__(self, uri: str, why: str) -> None:
        self.uri = uri
        self.why = why
        super().__init__(f"{uri}: {why}")


class WorkerLost(ThreadkitError):
    """A worker process ended in the middle of its work; the batch was not stored.

    Something killed it, memory ran out, or (where workers are spawned) it could not
    begin: a script that imports from beside other threads needs the guard
    ``if __name__ == "__main__"`` that :mod:`multiprocessing` asks for.

    Parameters
    ----------
    again : str, optional
        What the user should do.
    """

    def __init__(self, again: str = "import again, with fewer workers if memory ran out") -> None:
        super().__init__(
            "a worker process was killed or could not start; what was reported as stored is"
            f" safe: {again}"
        )


class StoreError(ThreadkitError):
    """The database cannot be opened, read or written.

    Parameters
    ----------
    path : Path
        The database file.
    why : str
        The reason in a few words, without the file name.
    """

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path}: {why}")


class StoreMissing(StoreError):
    """There is no database at this path; an import would make one."""

    exit_code = 3


class NotAThreadkitStore(StoreError):
    """The file is not SQLite, or is another program's database."""


class StoreBusy(StoreError):
    """Another process holds the write lock; safe to retry."""


class StoreReadOnly(StoreError):
    """The file or its folder does not allow writing."""


class StoreFull(StoreError):
    """The disk is full; what was reported as stored before is safe.

    ``path`` is what could not be written: the database, or the clone of a mirror.
    """


class SchemaTooNew(StoreError):
    """A newer threadkit wrote this database; upgrade the program.

    Parameters
    ----------
    path : Path
        The database file.
    found : tuple of str
        Migrations that the file has and this program does not know, in order.
    """

    def __init__(self, path: Path, found: tuple[str, ...]) -> None:
        self.found = found
        super().__init__(
            path, f"written by a newer threadkit ({', '.join(found)} unknown here); upgrade it"
        )


class SchemaTooOld(StoreError):
    """An older threadkit wrote this database; writing to it once brings it up to date.

    Parameters
    ----------
    path : Path
        The database file.
    missing : tuple of str
        Migrations that this program knows and the file lacks, in order.
    """

    def __init__(self, path: Path, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(
            path,
            f"written by an older threadkit ({', '.join(missing)} not applied);"
            " run: threadkit db upgrade",
        )


class StoreDamaged(StoreError):
    """The file is threadkit's but SQLite finds it inconsistent."""

    exit_code = 5


class NotFound(ThreadkitError):
    """No message, thread, person or commit answers to this name.

    Parameters
    ----------
    name : str
        What was asked for.
    near : tuple of str
        Message-IDs that come close, best first; may be empty.
    what : str
        What it was looked for as.
    """

    exit_code = 3

    def __init__(self, name: str, near: tuple[str, ...] = (), what: str = "message") -> None:
        self.name = name
        self.near = near
        hint = f"; did you mean {near[0]}" if near else ""
        super().__init__(f"{printable(name)}: no such {what}{hint}")


class Ambiguous(ThreadkitError):
    """A prefix fits more than one message or commit.

    Parameters
    ----------
    name : str
        The prefix.
    candidates : tuple of str
        The first Message-IDs that fit, in order of arrival.
    """

    exit_code = 3

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        self.name = name
        self.candidates = candidates
        shown = "\n  ".join(candidates)
        super().__init__(f"{name}: fits more than one:\n  {shown}")


class QueryError(ThreadkitError):
    """A search expression or an SQL text cannot be understood.

    Parameters
    ----------
    query : str
        The text as given.
    why : str
        What is wrong with it.
    position : int or None
        Character offset of the trouble, if known.
    """

    exit_code = 2

    def __init__(self, query: str, why: str, position: int | None = None) -> None:
        self.query = query
        self.why = why
        self.position = position
        where = "" if position is None else f" at character {position + 1}"
        super().__init__(f"{query!r}: {why}{where}")


class FetchError(ThreadkitError):
    """Something could not be brought from another machine; what is stored stays stored.

    Parameters
    ----------
    url : str
        What was asked for: a URL, or a host.
    why : str
        The reason in a few words, without the URL.
    """

    exit_code = 4

    def __init__(self, url: str, why: str) -> None:
        self.url = url
        self.why = why
        super().__init__(f"{url}: {why}")


class Offline(FetchError):
    """The network is needed and ``--offline`` forbids it; no socket was opened."""


class Unreachable(FetchError):
    """No connection: no network, no such host, refused, or silent for too long."""


class NoWayThere(Unreachable):
    """No connection, and another attempt changes nothing: an untrusted certificate."""


class BrokenAnswer(FetchError):
    """The answer ended early, came too slowly, or is damaged; asking again may heal it."""


class ServerTrouble(FetchError):
    """The server reports an error of its own (5xx); asking again later may help.

    Parameters
    ----------
    url, why : str
        As for :class:`FetchError`.
    status : int
        Of HTTP.
    """

    def __init__(self, url: str, why: str, status: int) -> None:
        self.status = status
        super().__init__(url, why)


class Resting(FetchError):
    """A host asked to be left alone, or failed too often: nothing is sent to it until then.

    Parameters
    ----------
    url, why : str
        As for :class:`FetchError`.
    not_before_utc : str
        ISO 8601 with Z.
    """

    def __init__(self, url: str, why: str, not_before_utc: str) -> None:
        self.not_before_utc = not_before_utc
        super().__init__(url, f"{why}; not before {not_before_utc}")


class Challenged(FetchError):
    """The server wants proof that a person asks; threadkit is none and does not pretend.

    Parameters
    ----------
    url, why : str
        As for :class:`FetchError`.
    not_before_utc : str
        ISO 8601 with Z: until then the host is left alone.
    """

    def __init__(self, url: str, why: str, not_before_utc: str) -> None:
        self.not_before_utc = not_before_utc
        super().__init__(url, f"{why}; not before {not_before_utc}")


class StrayRedirect(FetchError):
    """The server redirects to a host that is not known, or round in circles."""


class AnswerTooLarge(FetchError):
    """The answer is, or unpacks to, far more than such a thing ever is; it was dropped."""


class UnexpectedAnswer(FetchError):
    """The answer is not what was asked for: another status, or another kind of content.

    Parameters
    ----------
    url, why : str
        As for :class:`FetchError`.
    status : int
        Of HTTP.
    """

    def __init__(self, url: str, why: str, status: int) -> None:
        self.status = status
        super().__init__(url, why)


class NotOnServer(FetchError):
    """The server has no such thing.

    Parameters
    ----------
    url, why : str
        As for :class:`FetchError`.
    near : tuple of str
        Message-IDs that the server offers instead; may be empty.
    """

    exit_code = 3

    def __init__(self, url: str, why: str, near: tuple[str, ...] = ()) -> None:
        self.near = near
        hint = f"; did you mean {near[0]}" if near else ""
        super().__init__(url, f"{why}{hint}")

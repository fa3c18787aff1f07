"""Mails in files of their own: one .eml, a folder of them, MH, Maildir."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.source import OverviewRow, RawMail, spelled
from threadkit.mail.values import Defect


class EmlSource:
    r"""One mail that is a file of its own, or the whole of a pipe.

    Parameters
    ----------
    uri : str
        What to call the source.
    stream : ByteStream
        Closed after the mail.
    size_bytes : int or None
        Of the file, for progress.
    limits : Limits
        A mail over ``max_mail_bytes`` is named instead of given.

    Examples
    --------
    >>> import io
    >>> stream = ByteStream(io.BytesIO(b"Subject: a\n\nhello\n"), Limits())
    >>> [mail.data for mail in EmlSource("-", stream, None, Limits())]
    [b'Subject: a\n\nhello\n']
    """

    kind = "eml"
    cursor: str | None = None
    overview: tuple[OverviewRow, ...] = ()

    def __init__(
        self, uri: str, stream: ByteStream, size_bytes: int | None, limits: Limits
    ) -> None:
        self.uri = uri
        self.size_bytes = size_bytes
        self.problems: list[Defect] = stream.problems
        self._stream = stream
        self._limits = limits

    def position_bytes(self) -> int:
        """Return how many bytes of the file have been consumed."""
        return self._stream.position_bytes()

    def __iter__(self) -> Iterator[RawMail]:
        """Yield the mail."""
        try:
            data, problem = read_mail(self._stream, self._limits)
        finally:
            self._stream.close()
        if problem:
            self.problems.append(problem)
        if data is not None:
            yield RawMail(data, "0")


def read_mail(stream: ByteStream, limits: Limits) -> tuple[bytes | None, Defect | None]:
    """Read the one mail that a stream holds.

    Parameters
    ----------
    stream : ByteStream
        Not closed.
    limits : Limits
        For ``max_mail_bytes``.

    Returns
    -------
    tuple
        The mail without a ``From `` line and blank lines before it, or None and why not.
    """
    data = stream.read_all(limits.max_mail_bytes)
    if len(data) > limits.max_mail_bytes:
        return None, Defect("mail-too-large", f"over {limits.max_mail_bytes} bytes")
    if stream.broken:
        return None, Defect("mail-cut", f"only {len(data)} bytes of the mail are there")
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if data.startswith((b"From ", b">From ")):
        data = data[data.find(b"\n") + 1 :]
    return data, None


class FolderSource:
    """Mails that are single files of one folder.

    Parameters
    ----------
    folder : Path
        What to call the source.
    kind : str
        ``maildir``, ``mh`` or ``eml``.
    names : sequence of str
        File names below ``folder`` in the order to read; each holds one mail, packed or not.
    limits : Limits
        A mail over ``max_mail_bytes`` is skipped and named.

    Notes
    -----
    The locator of a mail is its file name below ``folder``. A file that went away since it
    was listed (a mail program moves mails from ``new`` to ``cur``) is named as unreadable.
    """

    cursor: str | None = None
    overview: tuple[OverviewRow, ...] = ()

    def __init__(self, folder: Path, kind: str, names: Sequence[str], limits: Limits) -> None:
        self.uri = spelled(str(folder))
        self.kind = kind
        self.size_bytes: int | None = None
        self.problems: list[Defect] = []
        self._folder = folder
        self._names = names
        self._limits = limits
        self._read_bytes = 0

    def position_bytes(self) -> int:
        """Return how many bytes have been read."""
        return self._read_bytes

    def __iter__(self) -> Iterator[RawMail]:
        """Yield the mails; a file that cannot be read is named in ``problems``."""
        for name in self._names:
            data = self._read(name)
            if data:
                yield RawMail(data, spelled(name))

    def _read(self, name: str) -> bytes | None:
        try:
            with (self._folder / name).open("rb", buffering=0) as file:
                stream = ByteStream(file, self._limits)
                data, problem = read_mail(stream, self._limits)
                self._read_bytes += stream.position_bytes()
        except OSError as error:
            self.problems.append(Defect("unreadable", f"{spelled(name)}: {error.strerror}"))
            return None
        found = [*stream.problems, problem] if problem else stream.problems
        self.problems.extend(Defect(p.kind, f"{spelled(name)}: {p.detail}") for p in found)
        return data

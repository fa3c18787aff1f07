"""A mailbox on its way from a server: read while it comes, proven whole before it is kept.

A server packs a thread while it sends it, so nobody knows its length before the end, and
an answer that was cut may look like a shorter thread. What proves the whole is the gzip
trailer (a checksum and a length behind the data) or, where a proxy on the way unpacked the
answer, the framing of HTTP. Until then the mails may be parsed, and must not be stored:
:meth:`CheckedBody.settle` brings the rest into a temporary file and says whether all came.

References
----------
RFC 1952 section 2.3.1 (the trailer of gzip), RFC 9112 section 6.3 (where a body ends).
"""

from __future__ import annotations

import hashlib
import tempfile
from datetime import UTC, datetime
from typing import IO, NoReturn, Protocol

from threadkit.errors import AnswerTooLarge, BrokenAnswer, FetchError, UnexpectedAnswer
from threadkit.fetch.compressed import CHUNK_BYTES, ByteStream, packing
from threadkit.fetch.limits import Limits
from threadkit.fetch.mbox import BLANKS, MboxSource, is_separator
from threadkit.fetch.source import Provenance, Source
from threadkit.fetch.web.clock import stamp

_HEAD_BYTES = 512
"""Enough for the first line of a mailbox, and to tell what an answer is if it is none."""

_NETWORK_LIMITS = Limits(max_mail_bytes=64 << 20, max_total_bytes=4 << 30)
"""A server can send without end; a whole year of the busiest list stays far below this."""


class CheckedAnswer(Protocol):
    """The part of a server's answer that is used.

    Attributes
    ----------
    url : str
        Where it came from in the end.
    status : int
        Of HTTP.
    framed : bool
        Whether HTTP itself says where the body ends, so that an end proves the whole.
    """

    @property
    def url(self) -> str:
        """Where the answer came from in the end."""
        ...

    @property
    def status(self) -> int:
        """Of HTTP."""
        ...

    @property
    def framed(self) -> bool:
        """Whether HTTP itself says where the body ends."""
        ...

    def read(self, n: int, /) -> bytes:
        """Return up to ``n`` bytes as they were sent; empty at the end."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


class CheckedBody:
    r"""The unpacked mailbox in a server's answer, as a file to be read once.

    Parameters
    ----------
    answer : CheckedAnswer
        At the start of its body.
    limits : Limits, optional
        When to call what unpacks a bomb.

    Attributes
    ----------
    sha256 : str
        Of the unpacked mailbox; empty until all of it came.
    size_bytes : int
        Unpacked bytes that came so far.

    Raises
    ------
    BrokenAnswer
        The answer is empty, or its first bytes are damaged.
    UnexpectedAnswer
        It is no mailbox.

    Examples
    --------
    >>> import gzip, io
    >>> class Answer(io.BytesIO):
    ...     url, status, framed = "https://example.org/t.mbox.gz", 200, True
    >>> box = b"From mboxrd@z Thu Jan  1 00:00:00 1970\nSubject: a\n\nhello\n\n"
    >>> body = CheckedBody(Answer(gzip.compress(box)))
    >>> body.read(9), body.sha256
    (b'From mbox', '')
    >>> body.settle()
    >>> body.size_bytes == len(box), body.read(12), len(body.sha256)
    (True, b'rd@z Thu Jan', 64)
    >>> body.close()

    Notes
    -----
    Memory stays at some chunks whatever the size. What is read ahead by :meth:`settle`
    lies unpacked in a temporary file without a name.
    """

    def __init__(self, answer: CheckedAnswer, limits: Limits = _NETWORK_LIMITS) -> None:
        self._answer = answer
        self._limits = limits
        self._ahead: IO[bytes] | None = None
        self._hash = hashlib.sha256()
        self.size_bytes = 0
        self.sha256 = ""
        self._layers = [ByteStream(answer, limits)]
        self._unpack_again()
        self._check_head()

    def read(self, n: int, /) -> bytes:
        """Return the next unpacked bytes.

        Parameters
        ----------
        n : int
            At most so many.

        Returns
        -------
        bytes
            At least one until the end, and the end is proven: then ``b""``.

        Raises
        ------
        BrokenAnswer
            What came is damaged, or not all of it came.
        AnswerTooLarge
            It unpacks to far more than mail does.
        """
        if self._ahead is not None:
            return self._ahead.read(n)
        return b"" if self.sha256 else self._take(n)

    def settle(self) -> None:
        """Bring what is left into a temporary file and prove that all came.

        Reading goes on where it was. Settling twice does nothing.

        Raises
        ------
        BrokenAnswer, AnswerTooLarge
            As for :meth:`read`.
        FetchError
            There is no room for a temporary file.
        """
        if self.sha256:
            return
        try:
            self._ahead = tempfile.TemporaryFile(prefix="threadkit-")  # noqa: SIM115 - close() ends it
            while data := self._take(CHUNK_BYTES):
                self._ahead.write(data)
            self._ahead.seek(0)
        except OSError as error:
            why = f"cannot be kept in a temporary file: {error.strerror}"
            raise FetchError(self._answer.url, why) from error
        self._answer.close()

    def close(self) -> None:
        """Let the connection go, and the temporary file."""
        self._answer.close()
        if self._ahead is not None:
            self._ahead.close()

    def _unpack_again(self) -> None:
        """Take off the second gzip layer that a proxy has laid over a packed mailbox."""
        outer = self._layers[-1]
        if packing(outer.peek(_HEAD_BYTES)) == "gzip" and outer.packing == "gzip":
            self._layers.append(ByteStream(outer, self._limits))

    def _check_head(self) -> None:
        """Raise if what comes is no mailbox: nobody parses an error page as mail."""
        stream = self._layers[-1]
        head = stream.peek(_HEAD_BYTES).lstrip(BLANKS)
        self._check_layers()
        other = next((one.packing for one in self._layers if one.packing not in (None, "gzip")), "")
        if other:
            self._fail_with(f"packed with {other}, where gzip was expected")
        if not head:
            raise BrokenAnswer(self._answer.url, "the server sent an empty answer; try again")
        if head.startswith(b"<"):
            self._fail_with("the server sent a web page where mail was expected")
        if not (head.startswith(b"From ") and is_separator(head)):
            self._fail_with("the server sent something that is no mailbox")

    def _fail_with(self, why: str) -> NoReturn:
        raise UnexpectedAnswer(self._answer.url, why, self._answer.status)

    def _take(self, n: int) -> bytes:
        """Read on in what the server sends; at the end, ask for the proof."""
        data = self._layers[-1].read(n)
        if data:
            self._hash.update(data)
            self.size_bytes += len(data)
            self._check_size()
            return data
        self._check_layers()
        if self._layers[0].packing is None and not self._answer.framed:
            raise BrokenAnswer(
                self._answer.url, "nothing in the answer says whether all of it came; try again"
            )
        self.sha256 = self._hash.hexdigest()
        return b""

    def _check_size(self) -> None:
        """Stop at two packed layers that are harmless one by one."""
        taken = max(1, self._layers[0].position_bytes())
        if (
            self.size_bytes > self._limits.ratio_after_bytes
            and self._layers[0].packing
            and self.size_bytes > taken * self._limits.max_ratio
        ):
            self._too_large()

    def _check_layers(self) -> None:
        """Raise if one of the layers found damage; the first one knows where it began."""
        for problem in (one for layer in self._layers for one in layer.problems):
            if problem.kind == "decompression-bomb":
                self._too_large()
            raise BrokenAnswer(self._answer.url, _DAMAGE.get(problem.kind, problem.detail))

    def _too_large(self) -> NoReturn:
        why = "unpacks to far more than mail does; nothing of it was stored"
        raise AnswerTooLarge(self._answer.url, why)


_DAMAGE = {
    "compressed-truncated": "the answer ends before its end; try again",
    "compressed-damaged": "the answer was damaged on the way; try again",
    "compressed-trailing": "something that is no mail follows the mail in the answer; try again",
}


class MailDownload:
    r"""A mailbox that comes from a server, and the mails in it.

    Parameters
    ----------
    answer : CheckedAnswer
        At the start of its body.
    uri : str, optional
        What to call the source: the URL of the thread; by default that of the answer.
    fetched_utc : str, optional
        ISO 8601 with Z; by default now.
    limits : Limits, optional
        For mails, and for what unpacks.

    Attributes
    ----------
    url : str
        Where the answer came from.
    status : int
        Of HTTP.
    fetched_utc : str
        When it began to come.
    body : CheckedBody
        The unpacked mailbox.
    source : Source
        Its mails, for an import; iterate it once.

    Raises
    ------
    BrokenAnswer, UnexpectedAnswer
        As for :class:`CheckedBody`.

    Examples
    --------
    >>> import gzip, io
    >>> class Answer(io.BytesIO):
    ...     url, status, framed = "https://example.org/t.mbox.gz", 200, True
    >>> box = b"From mboxrd@z Thu Jan  1 00:00:00 1970\nSubject: a\n\nhello\n\n"
    >>> download = MailDownload(Answer(gzip.compress(box)), uri="https://example.org/a@b/")
    >>> [mail.data for mail in download.source], download.source.uri
    ([b'Subject: a\n\nhello\n'], 'https://example.org/a@b/')
    >>> download.settle().http_status
    200
    """

    def __init__(
        self,
        answer: CheckedAnswer,
        *,
        uri: str | None = None,
        fetched_utc: str | None = None,
        limits: Limits = _NETWORK_LIMITS,
    ) -> None:
        self.url = answer.url
        self.status = answer.status
        self.fetched_utc = fetched_utc or stamp(datetime.now(UTC))
        self.body = CheckedBody(answer, limits)
        self.source: Source = MboxSource(
            uri or answer.url, ByteStream(self.body, limits), None, limits
        )

    def settle(self) -> Provenance:
        """Prove that all came, and bring what is not read yet into a temporary file.

        Returns
        -------
        Provenance
            To be stored with the mails.

        Raises
        ------
        BrokenAnswer, AnswerTooLarge
            Nothing of the answer may be stored.
        """
        self.body.settle()
        return Provenance(self.fetched_utc, self.status, self.body.sha256)

    def close(self) -> None:
        """Let the connection go, and the temporary file."""
        self.body.close()

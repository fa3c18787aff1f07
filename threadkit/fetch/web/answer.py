"""What a server answers: a body as it was sent, or a whole small page."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING

from threadkit.errors import AnswerTooLarge, BrokenAnswer, FetchError
from threadkit.fetch.compressed import ByteStream, packing
from threadkit.fetch.limits import Limits
from threadkit.fetch.web.manners import Manners

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

_READ_BYTES = 1 << 16
_LAYERS = 3
_CHARSETS = frozenset({"ascii", "utf-8", "iso8859-1", "iso8859-15", "cp1252"})
_WITHOUT_BODY = frozenset({204, 304})


class Answer:
    """One answer of a server; its body is read once, as it arrives, and not decoded.

    Parameters
    ----------
    raw : urllib3.HTTPResponse
        The body not read.
    url : str
        What was asked for, after redirects.
    manners : Manners
        For the texts of errors.
    max_bytes : int
        More of a body is not read.
    on_end : callable
        Called once, when the body has ended or was given up.

    Attributes
    ----------
    url : str
        What was asked for, after redirects.
    status : int
        Of HTTP.
    headers : mapping of str to str
        Their names in lower case; several of one name are joined with a comma.
    framed : bool
        Whether HTTP itself says where the body ends. If not (HTTP/1.0), an end that
        :meth:`read` reports may as well be a cut; only the content can tell.
    """

    def __init__(
        self,
        raw: HTTPResponse,
        url: str,
        manners: Manners,
        *,
        max_bytes: int,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._raw = raw
        self._manners = manners
        self._max_bytes = max_bytes
        self._on_end = on_end
        self._ahead = b""
        self._taken = 0
        self._over = False
        self._failure: FetchError | None = None
        self.url = url
        self.status = raw.status
        self.headers: Mapping[str, str] = {
            name.lower(): value for name, value in raw.headers.items()
        }
        self.framed = (
            self.status in _WITHOUT_BODY or raw.chunked or raw.length_remaining is not None
        )

    @property
    def ended(self) -> bool:
        """Whether the connection is free again: all came, or nothing more will."""
        return self._over

    def read(self, n: int = _READ_BYTES) -> bytes:
        """Return what is there of the body.

        Parameters
        ----------
        n : int
            At most so many bytes, at least 1.

        Returns
        -------
        bytes
            At least one byte until the end, then none. The end is proven if ``framed``.

        Raises
        ------
        BrokenAnswer
            If the body is cut, silent or too slow.
        AnswerTooLarge
            If it is longer than allowed; what is over is not read.
        """
        if self._ahead:
            out, self._ahead = self._ahead[:n], self._ahead[n:]
            return out
        return self._take(n)

    def peek(self, enough: Callable[[bytes], bool]) -> bytes:
        """Look at the beginning of the body, which stays to be read.

        Parameters
        ----------
        enough : callable
            Takes what has come so far and says whether that will do.

        Returns
        -------
        bytes
            All that has come; less than enough only at the end of the body.

        Raises
        ------
        BrokenAnswer, AnswerTooLarge
            As :meth:`read`.
        """
        while not enough(self._ahead) and (more := self._take(_READ_BYTES)):
            self._ahead += more
        return self._ahead

    def check_size(self) -> None:
        """Raise AnswerTooLarge if the server announces more than is allowed."""
        if (self._raw.length_remaining or 0) + self._taken > self._max_bytes:
            self._fail(self._too_large())

    def close(self) -> None:
        """Give the connection back; end it if the body was not read to its end."""
        if self._over:
            return
        self._raw.close()
        self._ahead = b""
        self._failure = self._failure or BrokenAnswer(self.url, "not read to its end")
        self._finish()

    def _take(self, n: int) -> bytes:
        """Return some bytes from the wire."""
        if self._over:
            if self._failure:
                raise self._failure
            return b""
        from http.client import HTTPException

        from urllib3.exceptions import HTTPError

        try:
            data: bytes = self._raw.read1(n) or b""
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            from threadkit.fetch.web.wire import explain

            self._fail(explain(error, self.url, self._manners, in_body=True), error)
        self._taken += len(data)
        if self._taken > self._max_bytes:
            self._fail(self._too_large())
        if not data:
            self._finish()
        return data

    def _too_large(self) -> AnswerTooLarge:
        return AnswerTooLarge(self.url, f"more than {self._max_bytes} bytes; dropped")

    def _fail(self, failure: FetchError, cause: BaseException | None = None) -> None:
        self._failure = failure
        self.close()
        raise failure from cause

    def _finish(self) -> None:
        self._over = True
        self._on_end()


@dataclass(frozen=True, slots=True)
class Page:
    r"""A whole small answer, unpacked.

    Parameters
    ----------
    url : str
        What was asked for, after redirects.
    status : int
        Of HTTP.
    headers : mapping of str to str
        Their names in lower case.
    data : bytes
        The body, unpacked whatever the headers say of it.

    Examples
    --------
    >>> headers = {"content-type": "text/plain; charset=iso-8859-1"}
    >>> Page("https://lore.example.org/", 200, headers, b"caf\xe9").text()
    'café'
    """

    url: str
    status: int
    headers: Mapping[str, str]
    data: bytes

    def text(self) -> str:
        """Return the body as text: in the charset of the headers, or UTF-8.

        Returns
        -------
        str
            Bytes that are no text there are U+FFFD.
        """
        kind = Message()
        kind["Content-Type"] = self.headers.get("content-type", "")
        try:
            charset = codecs.lookup(str(kind.get_content_charset("utf-8"))).name
        except (LookupError, ValueError):
            charset = "utf-8"
        # Others are not of the web, and some take hours for a page that means harm (punycode).
        return self.data.decode(charset if charset in _CHARSETS else "utf-8", "replace")


def read_page(answer: Answer, max_bytes: int) -> Page:
    """Read a small answer to its end and unpack it.

    Parameters
    ----------
    answer : Answer
        Not read yet.
    max_bytes : int
        More than that, packed or unpacked, is not kept in memory.

    Returns
    -------
    Page
        Whole: by the framing of HTTP, or by its own end.

    Raises
    ------
    BrokenAnswer
        If it is empty, cut or damaged.
    AnswerTooLarge
        If it is, or unpacks to, more than allowed.
    """
    parts = []
    while part := answer.read():
        parts.append(part)
    data = b"".join(parts)
    if not data and answer.status == 200:
        raise BrokenAnswer(answer.url, "the answer is empty")
    proven = answer.framed
    for _ in range(_LAYERS):
        if not packing(data):
            break
        data, proven = _unpacked(data, answer.url, max_bytes), True
    if not proven and not data.rstrip().lower().endswith(b"</html>"):
        raise BrokenAnswer(answer.url, "nothing says that the answer is complete")
    return Page(answer.url, answer.status, answer.headers, data)


def _unpacked(data: bytes, url: str, max_bytes: int) -> bytes:
    """Take one layer of packing off."""
    stream = ByteStream(io.BytesIO(data), Limits(max_total_bytes=max_bytes))
    out = stream.read_all(max_bytes)
    if len(out) > max_bytes:
        raise AnswerTooLarge(url, f"unpacks to more than {max_bytes} bytes; dropped")
    if stream.broken:
        raise BrokenAnswer(url, f"the packed answer is damaged: {stream.problems[0].detail}")
    return out

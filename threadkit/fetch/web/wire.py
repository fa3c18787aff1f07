"""HTTP on a socket: what `requests` and urllib3 do, with an end to every wait and every line.

Three things are added to them, all where the bytes come off the socket:

* urllib3's timeout holds for one ``recv``, so an answer that trickles never times out. Here
  each ``recv`` gets no more time than the whole request has left.
* http.client takes the end of the data for the end of a line: a header block or the size of
  a chunk (``00`` of ``0040``) that is cut off reads as a complete one. Here a line ends with
  a line feed, or the answer is broken.
* Redirects, cookies, ``.netrc`` and decoding of bodies are left out: the request goes to the
  adapter of `requests` directly, not through its session.

This module is imported when the first request is made: `requests` costs a tenth of a second.

References
----------
RFC 9112 section 8: incomplete messages.
"""

from __future__ import annotations

import errno
import http.client
import io
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL, InvalidSchema
from requests.utils import get_environ_proxies
from urllib3 import exceptions as broken
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from threadkit.errors import BrokenAnswer, FetchError, NoWayThere, Unreachable
from threadkit.fetch.web.manners import Manners, is_loopback

if TYPE_CHECKING:
    from urllib3 import HTTPResponse
    from urllib3.poolmanager import PoolManager

    from threadkit.fetch.web.clock import Clock

_NO_NETWORK = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH})


class TooSlow(TimeoutError):
    """The time for the whole request is over."""


@dataclass(slots=True)
class _Patience:
    """How long the request that is being sent may take; shared by a wire's connections."""

    clock: Clock
    silence_s: float
    until: float = 0.0


class _TimedSocket(io.RawIOBase):
    """The bytes of a socket, each ``recv`` with what is left of the request's time."""

    def __init__(self, inner: io.RawIOBase, sock: socket.socket, patience: _Patience) -> None:
        self._inner = inner
        self._sock = sock
        self._clock = patience.clock
        self._silence_s = patience.silence_s
        self._until = patience.until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:  # noqa: ANN401  -- as in typeshed
        left = self._until - self._clock.monotonic()
        if left <= 0:
            raise TooSlow
        self._sock.settimeout(min(left, self._silence_s))
        try:
            return self._inner.readinto(buffer)
        except TimeoutError:
            if left < self._silence_s:
                raise TooSlow from None
            raise

    def close(self) -> None:
        self._inner.close()
        super().close()


class _WholeLines(io.BufferedReader):
    """Lines that end with a line feed; only the very first may be missing altogether."""

    _first = True

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        cut = not line.endswith(b"\n") and (size is None or size < 0 or len(line) < size)
        if cut and (line or not self._first):
            raise http.client.IncompleteRead(line)
        self._first = False
        return line


class _Response(http.client.HTTPResponse):
    """http.client's answer, read through the two classes above."""

    def __init__(self, patience: _Patience, sock: socket.socket, *args: Any, **kw: Any) -> None:  # noqa: ANN401
        super().__init__(sock, *args, **kw)
        raw: io.RawIOBase = self.fp.detach()
        self.fp = _WholeLines(_TimedSocket(raw, sock, patience))


def _pools(patience: _Patience) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3's pools with connections whose answers are :class:`_Response`."""

    def response(sock: socket.socket, *args: Any, **kw: Any) -> _Response:  # noqa: ANN401
        return _Response(patience, sock, *args, **kw)

    class Plain(HTTPConnection):
        response_class = staticmethod(response)  # type: ignore[assignment]

    class Secure(HTTPSConnection):
        response_class = staticmethod(response)  # type: ignore[assignment]

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Adapter(HTTPAdapter):
    """One connection for each host, nothing tried twice."""

    def __init__(self, patience: _Patience) -> None:
        self._patience = patience
        super().__init__(pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kw: Any) -> None:  # noqa: ANN401
        super().init_poolmanager(*args, **kw)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = _pools(self._patience)

    def proxy_manager_for(self, *args: Any, **kw: Any) -> Any:  # noqa: ANN401
        manager = super().proxy_manager_for(*args, **kw)
        manager.pool_classes_by_scheme = _pools(self._patience)
        return manager


class Wire:
    """Send requests and hand out the answers, as they come, of one after the other.

    Parameters
    ----------
    manners : Manners
        The name to ask under and the times to wait.
    clock : Clock
        For the time that a whole request may take.

    Notes
    -----
    The proxies and the certificates of the environment are used as `requests` does
    (``https_proxy``, ``no_proxy``, ``REQUESTS_CA_BUNDLE``, ...), but never a proxy for this
    machine itself. Certificates are always verified.
    """

    def __init__(self, manners: Manners, clock: Clock) -> None:
        self._manners = manners
        self._clock = clock
        self._patience = _Patience(clock, manners.silence_s)
        self._adapter = _Adapter(self._patience)

    def send(self, method: str, url: str, accept_encoding: str) -> HTTPResponse:
        """Send one request; return its answer when the headers are there.

        Parameters
        ----------
        method : str
            Of HTTP; the body is empty.
        url : str
            Absolute.
        accept_encoding : str
            For the header of that name.

        Returns
        -------
        urllib3.HTTPResponse
            Its body is still to be read.

        Raises
        ------
        Unreachable, BrokenAnswer
            In terms of the user.
        NoWayThere
            If the server proves to be another, or `requests` cannot ask for such a URL.
        """
        headers = {
            "User-Agent": self._manners.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": accept_encoding,
        }
        try:
            request = requests.Request(method, url, headers=headers).prepare()
        except (requests.RequestException, UnicodeError, ValueError) as error:
            raise NoWayThere(url, "no request can be made of this address") from error
        here = is_loopback(urlsplit(url).hostname or "")
        environ = os.environ
        bundle = environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE")
        if bundle and not Path(bundle).exists():
            raise NoWayThere(
                url,
                f"no secure connection: there is no {bundle}, which the"
                " environment names for certificates",
            )
        self._patience.until = self._clock.monotonic() + self._manners.deadline_s
        try:
            answer = self._adapter.send(
                request,
                stream=True,
                timeout=(self._manners.connect_s, self._manners.silence_s),
                verify=bundle or True,
                proxies={} if here else get_environ_proxies(url),
            )
        except (requests.RequestException, broken.HTTPError, OSError) as error:
            raise explain(error, url, self._manners) from error
        raw: HTTPResponse = answer.raw
        return raw

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()


def explain(
    error: BaseException, url: str, manners: Manners, *, in_body: bool = False
) -> FetchError:
    """Say in the user's words why a request or the reading of its body failed.

    Parameters
    ----------
    error : BaseException
        Of `requests`, urllib3, http.client, ssl or the system.
    url : str
        What was asked for.
    manners : Manners
        For the times that are over.
    in_body : bool
        The headers were there already.

    Returns
    -------
    FetchError
        Unreachable or BrokenAnswer.

    Examples
    --------
    >>> url = "https://lore.example.org/all/"
    >>> print(explain(ConnectionRefusedError(), url, Manners()))
    https://lore.example.org/all/: the connection is refused; nothing serves there
    """
    chain = tuple(_chain(error))
    if any(isinstance(each, TooSlow) for each in chain):
        return BrokenAnswer(url, f"not complete after {manners.deadline_s:g} s")
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            why = f"the certificate of the server is not trusted: {each.verify_message}"
            return NoWayThere(url, why)
    if not in_body and (words := _unreachable(chain, manners)):
        return Unreachable(url, words)
    if any(isinstance(each, TimeoutError | broken.ReadTimeoutError) for each in chain):
        return BrokenAnswer(url, f"the answer stops: silent for {manners.silence_s:g} s")
    if any(isinstance(each, http.client.RemoteDisconnected) for each in chain):
        return BrokenAnswer(url, "the server closed the connection without an answer")
    if any(isinstance(each, ConnectionError) for each in chain):
        return BrokenAnswer(url, "the connection was cut in the middle of the answer")
    if any(isinstance(each, http.client.IncompleteRead | broken.IncompleteRead) for each in chain):
        return BrokenAnswer(url, "the answer ends before its end")
    return BrokenAnswer(url, f"the answer is not proper HTTP ({type(chain[-1]).__name__})")


def without_network(error: BaseException) -> bool:
    """Tell whether a failure is this machine's: no name found, no way out.

    No host is to blame for it, and none is to be spared for it.

    Examples
    --------
    >>> without_network(socket.gaierror()), without_network(ConnectionRefusedError())
    (True, False)
    """
    return any(
        isinstance(each, socket.gaierror | UnicodeError)
        or (isinstance(each, OSError) and each.errno in _NO_NETWORK)
        for each in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, what caused it, what caused that, ..."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _unreachable(chain: tuple[BaseException, ...], manners: Manners) -> str | None:
    """Say why there is no connection, or no answer on it; None if there was one."""
    for each in chain:
        if isinstance(each, ssl.SSLError):
            return f"no secure connection: {each.reason or 'TLS failed'}"
        if isinstance(each, broken.ProxyError | InvalidProxyURL | InvalidSchema):
            return "the proxy that the environment names does not work"
        if isinstance(each, broken.ConnectTimeoutError) and not isinstance(
            each, broken.NewConnectionError
        ):
            return f"no connection within {manners.connect_s:g} s"
        if isinstance(each, broken.ReadTimeoutError):
            return f"silent for {manners.silence_s:g} s"
        if isinstance(each, socket.gaierror | UnicodeError):
            return "no such host, or no network"
        if isinstance(each, ConnectionRefusedError):
            return "the connection is refused; nothing serves there"
        if isinstance(each, OSError) and each.errno in _NO_NETWORK:
            return "no way there from this machine: no network"
    if any(isinstance(each, broken.NewConnectionError) for each in chain):
        return "no connection"
    return None

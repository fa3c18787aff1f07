"""A small HTTP server that misbehaves on order, on loopback.

A test says for each path what is to happen to the first request, the second, ...; the last
behaviour holds for all that follow. Everything that was asked is recorded::

    with BadServer() as server:
        server.script("/page", cut(b"hello", 2), body(b"hello"))
        ...                       # the first request breaks, every later one is whole
        assert [request.path for request in server.requests] == ["/page", "/page"]

A behaviour is any callable that takes a :class:`Line`: it writes to it, resets it, or lets it
fall silent. A line that the behaviour leaves open takes the next request (keep-alive). An
unscripted path is answered with 404. Nothing waits longer than the client stays, and leaving
the ``with`` ends all threads.
"""

from __future__ import annotations

import gzip
import select
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import Self

ANUBIS_PAGE = (
    b"<!doctype html><html lang=en><head><title>Making sure you&#39;re not a bot!</title>"
    b'<link rel=stylesheet href="/.within.website/x/xess/xess.min.css"></head>'
    b"<body><h1>Making sure you&#39;re not a bot!</h1></body></html>"
)
"""What matters of the page that stands before lore."""


@dataclass(frozen=True)
class Request:
    """One request as it came in; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    at: float
    """Of ``time.monotonic``."""


class Gone(Exception):
    """The client left, or the server is to end."""


@dataclass
class Line:
    """One connection, in the hands of a behaviour."""

    sock: socket.socket
    request: Request
    stop: threading.Event
    is_open: bool = True

    def send(self, data: bytes) -> None:
        """Write bytes; Gone if the client does not take them."""
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Gone from error

    def close(self) -> None:
        """End the connection in good order."""
        self.is_open = False

    def reset(self) -> None:
        """Cut the connection: the client sees ECONNRESET, not an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.is_open = False

    def pause(self, seconds: float) -> None:
        """Send nothing for a while; Gone if the client leaves meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.stop.is_set():
                raise Gone
            if select.select([self.sock], [], [], min(left, 0.05))[0]:
                raise Gone  # A client that waits for an answer sends nothing: it left.

    def stay_silent(self) -> None:
        """Send nothing until the client leaves."""
        while True:
            self.pause(1.0)


Behaviour = Callable[[Line], None]


class BadServer:
    """Listens on a free port of 127.0.0.1 while the ``with`` lasts; with a context, for https."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.requests: list[Request] = []
        self._scripts: dict[str, list[Behaviour]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._socks: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept, name="badserver")]
        self.connections = 0

    def url(self, path: str = "/") -> str:
        """Return the URL of a path."""
        return f"http{'s' if self._tls else ''}://{self.host}{path}"

    def script(self, path: str, *behaviours: Behaviour) -> str:
        """Say what happens to requests for a path (with its query); return its URL."""
        with self._lock:
            self._scripts[path] = list(behaviours)
        return self.url(path)

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [request.path for request in self.requests]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._socks:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._socks.add(sock)
                self.connections += 1
                number = self.connections
            thread = threading.Thread(target=self._serve, args=(sock, number), name="badserver")
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        """Answer one request after the other on a connection."""
        try:
            if self._tls:
                sock = self._secured(sock, self._tls)
            while request := _read_request(sock, number):
                with self._lock:
                    self.requests.append(request)
                    script = self._scripts.get(request.path, [body(b"no such thing", status=404)])
                    behaviour = script.pop(0) if len(script) > 1 else script[0]
                line = Line(sock, request, self._stop)
                behaviour(line)
                if not line.is_open:
                    return
        except (Gone, OSError):
            return
        finally:
            with self._lock:
                self._socks.discard(sock)
            sock.close()

    def _secured(self, sock: socket.socket, tls: ssl.SSLContext) -> ssl.SSLSocket:
        """Shake hands; the plain socket is the secure one's from here on."""
        with self._lock:
            self._socks.discard(sock)
        try:
            secure = tls.wrap_socket(sock, server_side=True)
        except OSError:
            sock.close()
            raise
        with self._lock:
            self._socks.add(secure)
        return secure


def _read_request(sock: socket.socket, number: int) -> Request | None:
    """Read a request with its body; None if there is no further one."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            return None
        data += more
        if data[:1] == b"\x16":  # The first byte of TLS: as real servers do.
            sock.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return None
    head, _, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    while len(rest) < int(headers.get("content-length", "0")):
        rest += sock.recv(65536)
    method, path, _ = first.split(" ")
    return Request(method, path, headers, rest, number, time.monotonic())


@dataclass(frozen=True)
class Framed:
    """The bytes of a whole answer: ``head`` up to the empty line, ``rest`` after it."""

    head: bytes
    rest: bytes


def framed(
    data: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    framing: str = "length",
    chunk_bytes: int = 1000,
) -> Framed:
    """Write an answer down.

    ``framing`` is ``length`` (Content-Length), ``chunked``, or ``close`` (HTTP/1.0: the end
    of the connection is the end of the body).
    """
    fields = {"Content-Type": "application/octet-stream", **(headers or {})}
    rest = data
    if framing == "length":
        fields["Content-Length"] = str(len(data))
    elif framing == "chunked":
        fields["Transfer-Encoding"] = "chunked"
        chunks = [data[at : at + chunk_bytes] for at in range(0, len(data), chunk_bytes)]
        # Four digits, as some servers write them: cut after "00", it is the size of the end.
        rest = b"".join(b"%04x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
        rest += b"0\r\n\r\n"
    version = "1.0" if framing == "close" else "1.1"
    lines = [f"HTTP/{version} {status} Whatever", *(f"{k}: {v}" for k, v in fields.items())]
    return Framed("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n", rest)


def body(
    data: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    framing: str = "length",
    chunk_bytes: int = 1000,
) -> Behaviour:
    """Answer as one should. With headers of one's own also: a wrong Content-Encoding."""
    answer = framed(data, status=status, headers=headers, framing=framing, chunk_bytes=chunk_bytes)

    def behave(line: Line) -> None:
        line.send(answer.head + (b"" if line.request.method == "HEAD" else answer.rest))
        if framing == "close":
            line.close()

    return behave


def page(text: str, *, status: int = 200) -> Behaviour:
    """Answer with HTML."""
    return body(text.encode(), status=status, headers={"Content-Type": "text/html"})


def cut(
    data: bytes,
    after: int,
    *,
    framing: str = "length",
    reset: bool = False,
    chunk_bytes: int = 1000,
) -> Behaviour:
    """Send so many bytes of the body as it goes over the wire, then end the connection."""
    answer = framed(data, framing=framing, chunk_bytes=chunk_bytes)

    def behave(line: Line) -> None:
        line.send(answer.head + answer.rest[:after])
        if reset:
            line.pause(0.05)  # What was sent would be thrown away with the connection.
            line.reset()
        else:
            line.close()

    return behave


def cut_head(data: bytes, after: int, *, reset: bool = False) -> Behaviour:
    """Send so many bytes of the status line and the headers, then end the connection."""
    answer = framed(data)

    def behave(line: Line) -> None:
        line.send(answer.head[:after])
        if reset:
            line.reset()
        else:
            line.close()

    return behave


def reset() -> Behaviour:
    """Take the request and cut the connection."""
    return cut_head(b"", 0, reset=True)


def silent(data: bytes = b"", after: int | None = None) -> Behaviour:
    """Never answer, or fall silent after so many bytes of a body."""

    def behave(line: Line) -> None:
        if after is not None:
            answer = framed(data)
            line.send(answer.head + answer.rest[:after])
        line.stay_silent()

    return behave


def trickle(
    data: bytes, *, every_s: float, step: int = 1, headers: Mapping[str, str] | None = None
) -> Behaviour:
    """Send the body in small steps: never silent for long, never done."""
    answer = framed(data, headers=headers)

    def behave(line: Line) -> None:
        line.send(answer.head)
        _drip(line, answer.rest, every_s, step)

    return behave


def trickle_head(data: bytes, *, every_s: float, step: int = 1) -> Behaviour:
    """Send the status line and the headers in small steps, too."""
    answer = framed(data)
    return lambda line: _drip(line, answer.head + answer.rest, every_s, step)


def _drip(line: Line, data: bytes, every_s: float, step: int) -> None:
    for at in range(0, len(data), step):
        line.send(data[at : at + step])
        line.pause(every_s)


def slow_down(status: int = 429, retry_after: str | datetime | None = None) -> Behaviour:
    """Ask to be left alone, for so many seconds, or until a date."""
    headers = {}
    if isinstance(retry_after, datetime):
        headers["Retry-After"] = format_datetime(retry_after, usegmt=True)
    elif retry_after is not None:
        headers["Retry-After"] = retry_after
    return body(b"slow down", status=status, headers=headers)


def trouble(status: int = 500) -> Behaviour:
    """Report an error of the server's own."""
    return page("<html><title>Error</title>oops</html>", status=status)


def redirect(to: str, status: int = 302) -> Behaviour:
    """Send somewhere else; ``to`` goes into the header as it is."""
    return body(b"", status=status, headers={"Location": to})


def challenge(status: int = 200) -> Behaviour:
    """Show the page that wants proof of a person."""
    return body(ANUBIS_PAGE, status=status, headers={"Content-Type": "text/html"})


def bomb(
    size_bytes: int, *, headers: Mapping[str, str] | None = None, layers: int = 1
) -> Behaviour:
    """Send so many zeros, packed: a thousandth of them goes over the wire."""

    def behave(line: Line) -> None:
        fields = {"Content-Type": "application/gzip", "Transfer-Encoding": "chunked"}
        lines = [f"{name}: {value}" for name, value in (fields | dict(headers or {})).items()]
        line.send(("\r\n".join(["HTTP/1.1 200 OK", *lines]) + "\r\n\r\n").encode())
        packers = [zlib.compressobj(9, zlib.DEFLATED, 31) for _ in range(layers)]
        zeros = bytes(1 << 20)
        for at in range(0, size_bytes, len(zeros)):
            data = zeros[: size_bytes - at]
            for packer in packers:
                data = packer.compress(data)
            _chunk(line, data)
        for number, packer in enumerate(packers):
            data = packer.flush()
            for outer in packers[number + 1 :]:
                data = outer.compress(data)
            _chunk(line, data)
        line.send(b"0\r\n\r\n")

    return behave


def endless(step: bytes = bytes(65536)) -> Behaviour:
    """Send a chunked body that never ends."""

    def behave(line: Line) -> None:
        line.send(framed(b"", framing="chunked").head)
        while True:
            _chunk(line, step)

    return behave


def _chunk(line: Line, data: bytes) -> None:
    if data:
        line.send(b"%x\r\n%b\r\n" % (len(data), data))


def raw(data: bytes) -> Behaviour:
    """Send any bytes at all, then end the connection."""

    def behave(line: Line) -> None:
        line.send(data)
        line.close()

    return behave


def cut_gzip(data: bytes, lose: int) -> bytes:
    """Pack data and lose the last bytes of it: the framing is whole, the content is not."""
    return gzip.compress(data)[:-lose]


def flip_bit(data: bytes, bit: int) -> bytes:
    """Return data with one bit changed."""
    out = bytearray(data)
    out[bit // 8] ^= 1 << bit % 8
    return bytes(out)


@dataclass
class FakeClock:
    """A clock that goes only when somebody sleeps on it, or by a step at each look.

    ``step_s`` lets a deadline come without waiting: each look at the clock is so much later.
    """

    moment: datetime
    now: float = 1000.0
    step_s: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """Return the seconds."""
        self.now += self.step_s
        return self.now

    def utc(self) -> datetime:
        """Return the calendar's moment."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds
        self.moment += timedelta(seconds=seconds)

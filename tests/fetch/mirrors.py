"""What the tests of mirrors have in common: a served inbox, and doors that go wrong."""

from __future__ import annotations

import http.server
import re
import shutil
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fetch.boxes import Inbox, mail, read_all
from tests.servers.loreservers import PublicInbox


class ServedInbox:
    """The inbox ``box`` of a real public-inbox; its epochs are made anew for each test."""

    def __init__(self, server: PublicInbox) -> None:
        self._server = server
        self.url = f"{server.url}/box"
        self.port = server.port
        self._changes = 0

    def reset(self) -> None:
        """Begin again with an epoch 0 of no mail."""
        git = self.path().parent
        shutil.rmtree(git)
        git.mkdir()
        self._notice()

    def path(self, epoch: int = 0) -> Path:
        """Return the repository of an epoch on the server's side."""
        return self._server.epoch("box", epoch)

    def put(
        self, *numbers: int, epoch: int = 0, fresh: bool = False, body: bytes = b"hello\n"
    ) -> str:
        """Let mails arrive in an epoch, or only these; return the new tip."""
        path = self.path(epoch)
        there = path.exists()
        inbox = Inbox(path)
        tip = inbox.commit(
            [Inbox.put("m", mail(n, body)) for n in numbers], fresh=fresh or not there
        )
        if not there:
            self._notice()
        return tip

    def _notice(self) -> None:
        """Do what indexing does when epochs come: the server looks at this file's size."""
        self._changes += 1
        alternates = self.path().parent.parent / "all.git" / "objects" / "info" / "alternates"
        epochs = sorted(path.name for path in self.path().parent.iterdir())
        lines = [f"../../git/{name}/objects\n" for name in epochs]
        alternates.write_text("".join(lines) + "#" * self._changes + "\n")


class Gate:
    """A door to another port that counts connections and stops passing answers on.

    Parameters
    ----------
    port : int
        Where it leads to, on 127.0.0.1.

    Notes
    -----
    ``stall_at`` is how many bytes of all answers together pass before the silence;
    ``stalled`` is set when that is reached.
    """

    def __init__(self, port: int, stall_at: int | None = None) -> None:
        self._to = port
        self.stall_at = stall_at
        self.stalled = threading.Event()
        self.connections = 0
        self.passed = 0
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._spawn(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self.cut()
        for thread in self._threads:
            thread.join(10)
        for end in (*self._ends, self._listener):
            end.close()

    def cut(self) -> None:
        """End all connections."""
        for end in self._ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _spawn(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self._to))
            self._ends += [near, far]
            self._spawn(self._pump, near, far, False)
            self._spawn(self._pump, far, near, True)

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        try:
            while data := source.recv(1024):
                if answers and self.stall_at is not None and self.passed >= self.stall_at:
                    self.stalled.set()
                    continue
                if answers:
                    self.passed += len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return


class Scripted(http.server.ThreadingHTTPServer):
    """A server whose answers a test writes down, to git and to everybody else.

    ``answers`` maps a path without its query to (status, headers, body), or to a callable
    that takes the handler's headers and returns such a triple. ``asked`` records requests.
    """

    daemon_threads = True

    def __init__(self, answers: dict[str, object] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _ScriptedHandler)
        self.answers = answers or {}
        self.asked: list[tuple[str, str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()
        self._thread.join(10)
        self.server_close()


class _ScriptedHandler(http.server.BaseHTTPRequestHandler):
    server: Scripted

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append((self.command, self.path, self.headers["User-Agent"]))
        found = self.server.answers.get(path, (404, {}, b"no"))
        if callable(found):
            found = found(self.headers)
        status, headers, body = found  # type: ignore[misc]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *given: object) -> None:
        """Say nothing."""


def dumb_answers(repository: Inbox, at: str) -> dict[str, object]:
    """Return the answers of a server that only hands out a repository's files."""
    repository.git("repack", "-adq")
    repository.git("update-server-info")
    return {
        f"{at}/{path.relative_to(repository.path).as_posix()}": (200, {}, path.read_bytes())
        for path in repository.path.rglob("*")
        if path.is_file()
    }


def moved(folder: Path, url: str) -> str:
    """Let a mirror say that it is of another address, as its owner may; return the address."""
    for config in folder.glob("git/*.git/config"):
        text = re.sub(r"http://127\.0\.0\.1:\d+/box", url, config.read_text())
        config.write_text(text)
    return url


def numbers_in(folder: Path, of: Sequence[int] = range(1000)) -> list[int]:
    """Return which of the numbered mails an import of a folder would read, in order."""
    known = {mail(number): number for number in of}
    return [known[one.data] for one in read_all(folder)[0]]

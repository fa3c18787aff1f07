"""Show a finished site to the browser of this computer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from threadkit.errors import printable
from threadkit.site.writer import MANIFEST, SiteError

if TYPE_CHECKING:
    from io import BytesIO

HOST = "127.0.0.1"
"""Nobody else can ask: the mail in a site may not be meant for a network."""

_NAMES = frozenset({HOST, "localhost"})
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".atom": "application/atom+xml",
    ".txt": "text/plain; charset=utf-8",
    ".eml": "text/plain; charset=utf-8",
    ".mbox": "application/mbox",
    ".db": "application/vnd.sqlite3",
    "": "application/octet-stream",
}


def server(folder: Path, port: int, log: Callable[[str], None]) -> ThreadingHTTPServer:
    """Make a server of a site; ``serve_forever`` starts it.

    Parameters
    ----------
    folder : Path
        A site that threadkit built.
    port : int
        0 for a free one: ``server_address`` tells which.
    log : callable
        Takes a line for each answer.

    Returns
    -------
    http.server.ThreadingHTTPServer
        Only this computer reaches it. Close it.

    Raises
    ------
    SiteError
        The folder holds no site, or the port is taken.
    """
    if not (folder / MANIFEST).is_file():
        raise SiteError(str(folder), "holds no site that threadkit built")
    handler = partial(_Handler, directory=str(folder.resolve()), log=log)
    try:
        return _Server((HOST, port), handler)
    except OSError as error:
        raise SiteError(f"{HOST}:{port}", error.strerror or "cannot be opened") from error


class _Server(ThreadingHTTPServer):
    """Says nothing of browsers that go away in the middle of a page."""

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Tell of an error, if it is one of ours.

        Parameters
        ----------
        request, client_address
            Who asked.
        """
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Gives files of one folder, and no lists of them."""

    server_version = "threadkit"
    sys_version = ""
    extensions_map = _TYPES

    def __init__(self, *args: Any, log: Callable[[str], None], **kwargs: Any) -> None:  # noqa: ANN401
        self._log = log
        super().__init__(*args, **kwargs)

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Refuse what no reader of the site asks for.

        Returns
        -------
        file or None
            None if it was refused.
        """
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        asked = self.translate_path(self.path)
        path = Path(asked.replace("\0", "%00")).resolve()
        root = Path(self.directory)
        if name not in _NAMES:  # a page elsewhere whose name leads here
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        hidden = path.is_relative_to(root) and any(
            part.startswith(".") for part in path.relative_to(root).parts
        )
        if hidden or "\0" in asked or not path.is_relative_to(root):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: str) -> None:  # type: ignore[override]
        """Give no list of a folder.

        Parameters
        ----------
        path : str
            The folder.
        """
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Say that a type is what it is said to be, and that nothing is kept."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Hand a line on; what a browser asks for may hold anything.

        Parameters
        ----------
        format : str
            With ``%s`` and the like.
        *args : object
            What it holds.
        """
        self._log(printable(format % args))

"""Real public-inbox and cgit on free loopback ports, for tests; standard library only.

They come from Debian's packages ``public-inbox`` and ``cgit``. Everything lives under one
temporary folder; every process is one that was started here and is ended by its own handle.
The daemons listen on 127.0.0.1 alone: without a socket of ours they would take every
address of the machine.
"""

from __future__ import annotations

import email.parser
import email.utils
import http.client
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CGIT = Path(os.environ.get("CGIT_CGI", "/usr/lib/cgit/cgit.cgi"))
GITROOT = "/pub/scm/linux/kernel/git"
"""Where git.kernel.org keeps the kernel's repositories."""
INSTALL = "apt-get install -y --no-install-recommends"
_PROGRAMS = ("public-inbox-init", "public-inbox-index", "public-inbox-httpd")
_START_SECONDS = 30.0

# What systemd does for a daemon that is started by a connection: the socket is descriptor 3
# and LISTEN_PID is the daemon itself. dash cannot redirect descriptors of two digits.
_ACTIVATE = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); "
    'os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1"); '
    "os.execv(sys.argv[2], sys.argv[2:])"
)


def missing() -> list[str]:
    """Name the Debian packages that are not here; an empty list if all are."""
    packages = []
    if not all(map(shutil.which, _PROGRAMS)):
        packages.append("public-inbox")
    if not CGIT.exists():
        packages.append("cgit")
    return packages


def clean_env(home: Path, **more: object) -> dict[str, str]:
    """Return an environment in which nobody's own configuration counts."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }
    return env | {name: str(value) for name, value in more.items()}


def fast_import(git_dir: Path, mails: Iterable[bytes], env: Mapping[str, str]) -> None:
    """Append mails to an epoch: one commit a mail, which is the file ``m``.

    References
    ----------
    public-inbox-v2-format(5).
    """
    grows = subprocess.run(
        ["git", "--git-dir", str(git_dir), "rev-parse", "-q", "--verify", "refs/heads/master"],
        env=env,
        capture_output=True,
        check=False,
    )
    before = b"from refs/heads/master^0\n" if grows.returncode == 0 else b""
    with subprocess.Popen(
        ["git", "--git-dir", str(git_dir), "fast-import", "--quiet", "--done"],
        stdin=subprocess.PIPE,
        env=env,
    ) as process:
        assert process.stdin is not None
        for piece in _commits(mails, before):
            process.stdin.write(piece)
        process.stdin.write(b"done\n")
    assert process.returncode == 0, f"git fast-import ended with {process.returncode}"


def _commits(mails: Iterable[bytes], before: bytes) -> Iterator[bytes]:
    for mail in mails:
        data = mail.replace(b"\r\n", b"\n")
        who = b"a list <list@example.org> %d +0000" % _timestamp(data)
        yield b"commit refs/heads/master\nauthor %b\ncommitter %b\ndata 5\nmail\n" % (who, who)
        yield b"%bM 100644 inline m\ndata %d\n%b\n" % (before, len(data), data)
        before = b""


def _timestamp(mail: bytes) -> int:
    header = email.parser.BytesHeaderParser().parsebytes(mail)
    try:
        when = email.utils.parsedate_to_datetime(str(header["Date"]))
    except ValueError:
        return 0
    return max(0, int(when.timestamp()))


def _wait(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Return when a server answers; fail at once if its process has ended."""
    end = time.monotonic() + _START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > end or (process and process.poll() is not None):
                raise
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class PublicInbox:
    """Inboxes of the given mails, and a server for them while the ``with`` block runs.

    Parameters
    ----------
    root : Path
        An empty folder.
    inboxes : mapping
        From an inbox's name to its mails in the order of their arrival. Of two mails of one
        Message-ID in one inbox only the first is indexed.
    level : str
        ``full`` indexes texts for the search; ``basic`` does not, and every search is then
        answered with status 501.
    all : bool
        Whether there is ``/all/``, which has every copy of every mail, and with it the
        redirect from ``/MESSAGE-ID/``.

    Attributes
    ----------
    url : str
        Of the server, without a slash at its end.
    port : int
        On 127.0.0.1.
    """

    url = ""
    port = 0

    def __init__(
        self,
        root: Path,
        inboxes: Mapping[str, Iterable[bytes]],
        level: str = "full",
        all: bool = False,
    ) -> None:
        self.root = Path(root)
        self._config = self.root / "pi-config"
        self.env = clean_env(self.root, PI_CONFIG=self._config)
        self._all = self.root / "all" if all else None
        for name, mails in inboxes.items():
            self._add(name, mails, level)
        self._run("public-inbox-index", "--no-fsync", "--all")
        self._set("publicinbox.wwwlisting", "all")
        if self._all:
            self._set("extindex.all.topdir", str(self._all))
            self._set("extindex.all.url", "/all/")
            self._index_all()

    def _run(self, *command: str) -> None:
        subprocess.run(
            command, check=True, env=self.env, stdin=subprocess.DEVNULL, capture_output=True
        )

    def _set(self, name: str, value: str) -> None:
        self._run("git", "config", "-f", str(self._config), name, value)

    def _add(self, name: str, mails: Iterable[bytes], level: str) -> None:
        folder = self.root / name
        # The URL is a path only: links and redirects then follow the Host header, so that
        # no port is needed yet.
        self._run(
            *("public-inbox-init", "-V2", "-L", level, "--ng", f"org.example.{name}"),
            *(name, str(folder), f"/{name}/", f"{name}@example.org"),
        )
        (folder / "description").write_text(f"{name} archive mirror\n")
        fast_import(self.epoch(name), mails, self.env)

    def _index_all(self) -> None:
        self._run("public-inbox-extindex", "--no-fsync", "--all", str(self._all))

    def epoch(self, inbox: str, number: int = 0) -> Path:
        """Return the bare repository of one epoch of an inbox."""
        return self.root / inbox / "git" / f"{number}.git"

    def grow(self, inbox: str, mails: Iterable[bytes]) -> None:
        """Let more mail arrive in an inbox, also while it is served."""
        fast_import(self.epoch(inbox), mails, self.env)
        self.index(inbox)

    def index(self, inbox: str) -> None:
        """Index what was added to an inbox's epochs by hand."""
        self._run("public-inbox-index", "--no-fsync", str(self.root / inbox))
        if self._all:
            self._index_all()

    def __enter__(self) -> Self:
        program = shutil.which("public-inbox-httpd")
        assert program, "public-inbox-httpd is not installed"
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(128)  # bound here and handed down: no race for the port
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        number = self._socket.fileno()
        with (self.root / "httpd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-c", _ACTIVATE, str(number), program, "-W0"],
                env=self.env,
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait(self.port, self._process)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _stop(self._process)
        self._socket.close()


class _CgitHandler(http.server.BaseHTTPRequestHandler):
    """Answers as git.kernel.org does: cgit, with the site's short addresses before it."""

    protocol_version = "HTTP/1.1"
    server: _CgitServer

    # /linus/SHA, /NAME/c/SHA (a commit) and /NAME/REPO/p/SHA (a patch) are redirects of the
    # site's proxy: https://www.kernel.org/doc/projects/korg/ "git URL shorteners".
    _SHORT = re.compile(
        r"/(?:linus/(?P<linus>[^/]+)|(?P<repo>[^/]+(?:/[^/]+)?)/(?P<kind>[cp])/(?P<name>[^/]+))"
    )

    def do_GET(self) -> None:
        """Answer one request."""
        url = urlsplit(self.path)
        short = self._SHORT.fullmatch(url.path)
        if short and not url.path.startswith("/pub/"):
            self._redirect(short)
        else:
            self._pass_on(url.path, url.query)

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """Write no log."""

    def _redirect(self, short: re.Match[str]) -> None:
        repo = short["repo"] or "torvalds"
        repo += "" if "/" in repo else "/linux"
        page = "patch" if short["kind"] == "p" else "commit"
        self.send_response(302)
        self.send_header(
            "Location", f"{GITROOT}/{repo}.git/{page}/?id={short['name'] or short['linus']}"
        )
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _pass_on(self, path: str, query: str) -> None:
        env = self.server.cgi_env | {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_port),
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self.headers.get("Host", ""),
        }
        answer = subprocess.run(
            [str(CGIT)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=60,
            check=False,
        ).stdout
        head, _, body = answer.partition(b"\n\n")
        fields = [line.partition(":")[::2] for line in head.decode("latin-1").splitlines()]
        status = next((value for name, value in fields if name.lower() == "status"), "200")
        self.send_response(int(status.split()[0]))
        for name, value in fields:
            if name.lower() not in ("status", "content-length"):
                self.send_header(name, value.strip())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _CgitServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, cgi_env: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _CgitHandler)
        self.cgi_env = cgi_env


class Cgit:
    """cgit over the bare repositories of a folder while the ``with`` block runs.

    Parameters
    ----------
    root : Path
        A folder; the repositories are to be put under ``root / "srv"``, where
        :data:`GITROOT` gives the paths of git.kernel.org.

    Attributes
    ----------
    url : str
        Of the server, without a slash at its end.
    srv : Path
        The root of what is served.
    """

    url = ""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self.srv = self.root / "srv"
        self.srv.mkdir(parents=True, exist_ok=True)
        settings = self.root / "cgitrc"
        settings.write_text(
            "virtual-root=/\ncache-size=0\nenable-index-owner=0\nremove-suffix=0\n"
            f"local-time=0\nsnapshots=\nscan-path={self.srv}\n"
        )
        self.env = clean_env(
            self.root,
            CGIT_CONFIG=settings,
            GIT_CONFIG_COUNT=1,
            GIT_CONFIG_KEY_0="safe.directory",
            GIT_CONFIG_VALUE_0="*",
        )

    def repository(self, name: str = "torvalds/linux") -> Path:
        """Return where a repository of the kernel belongs."""
        return self.srv / GITROOT[1:] / f"{name}.git"

    def __enter__(self) -> Self:
        self._server = _CgitServer(self.env)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

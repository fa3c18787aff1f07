"""One ``git fetch`` over the network: polite, bounded, and told what it must not do.

Git gets nothing of the user's own configuration, follows no redirect, asks for no password,
runs no hook, and ends with this program. What it says when it fails becomes one error of
:mod:`threadkit.errors`.

References
----------
git-fetch(1), git-config(1) "http.*", gitprotocol-v2(5).
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from threadkit.errors import (
    BrokenAnswer,
    FetchError,
    NotOnServer,
    Resting,
    ServerTrouble,
    SourceError,
    StoreFull,
    ThreadkitError,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.git import arguments, environment
from threadkit.fetch.web.hosts import host_of
from threadkit.fetch.web.manners import is_loopback
from threadkit.fetch.web.session import Session

_LINE_END = re.compile(rb"[\r\n]+")
_PROGRESS = re.compile(r"(?:remote: )?[A-Z][A-Za-z ]+: +(?:\d+%|\d+)(?: \(|,|$)")
_STATUS = re.compile(r"The requested URL returned error: (\d{3})")
_KEPT_LINES = 20
_TICK_S = 0.5
_TELL_S = 0.2
_GRACE_S = 5.0
_UNREACHABLE = (
    "Could not resolve host",
    "Failed to connect",
    "Couldn't connect",
    "Connection timed out",
    "Connection refused",
    "Network is unreachable",
)
_UNTRUSTED = ("certificate", "SSL", "TLS", "gnutls_handshake")
_FULL = ("No space left on device", "Disk quota exceeded")


def settings(user_agent: str, silence_s: float, host: str) -> list[str]:
    """Return the configuration of a command that fetches, as words before the command.

    Parameters
    ----------
    user_agent : str
        Who asks.
    silence_s : float
        How long the server may send nothing.
    host : str
        Which is asked: of this machine itself nothing is asked through a proxy.

    Notes
    -----
    Objects are not put through ``fsck``: mails of thirty years make commits with names and
    dates that it refuses, and what it guards against happens at a checkout, which never
    comes. Every hash is computed anew all the same, and a history with a hole is refused.

    Examples
    --------
    >>> "http.followRedirects=false" in settings("threadkit/0 (+x)", 30, "lore.example.org")
    True
    """
    values = {
        "core.askPass": "",
        "credential.helper": "",
        "fetch.fsckObjects": "false",
        "fetch.unpackLimit": "1",
        "fetch.writeCommitGraph": "false",
        "gc.auto": "0",
        "http.followRedirects": "false",
        "http.lowSpeedLimit": "1",
        "http.lowSpeedTime": str(max(1, round(silence_s))),
        "http.sslVerify": "true",
        "http.userAgent": user_agent,
        "maintenance.auto": "false",
        "submodule.recurse": "false",
        "transfer.fsckObjects": "false",
    }
    if is_loopback(host):
        values["http.proxy"] = ""
    authorities = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if authorities and Path(authorities).is_file():
        values["http.sslCAInfo"] = authorities
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


@dataclass(frozen=True, slots=True)
class Transfer:
    """What all fetches into one repository have in common.

    Attributes
    ----------
    session : Session
        Its manners, its clock and its memory of hosts count for git too.
    path : Path
        The bare repository.
    url : str
        Final: no redirect is followed.
    ends_at : float
        When to stop, by the session's monotonic clock.
    tell : callable
        Takes git's progress, a line at a time.
    held : sequence of int
        Open files that git holds as well, so that their locks outlive this process if
        it is killed and git is not.
    """

    session: Session
    path: Path
    url: str
    ends_at: float
    tell: Callable[[str], None]
    held: Sequence[int] = ()

    def fetch(self, *words: str) -> None:
        """Run ``git fetch`` once; tags are not taken.

        Parameters
        ----------
        *words : str
            Options, such as ``--depth=10``; then a refspec. With a ``+`` another history is
            taken; without, it is UnexpectedAnswer.

        Raises
        ------
        FetchError
            Or one of its children; what was in the repository before is still there.
        SourceError
            If there is no git program.
        StoreFull
            If the disk is full.
        """
        options, refspec = words[:-1], words[-1]
        hosts = self.session.hosts
        hosts.enter(self.url)
        try:
            code, said = self._run(
                *("fetch", "--progress", "--no-tags", "--no-recurse-submodules"),
                *("--no-write-fetch-head", "--no-auto-maintenance"),
                *(*options, "--", self.url, refspec),
            )
        finally:
            hosts.leave(self.url)
        if code == 0:
            hosts.succeeded(self.url)
            return
        error = explain(self.url, self.path, code, said)
        if isinstance(error, ServerTrouble) and error.status in (429, 503):
            # Git does not show what Retry-After says.
            pause = timedelta(seconds=self.session.manners.breaker_s)
            raise Resting(self.url, error.why, hosts.rest(self.url, pause, error.why))
        if isinstance(error, (ServerTrouble, Unreachable, BrokenAnswer)):
            hosts.failed(self.url)
        raise error

    def _run(self, *command: str) -> tuple[int, list[str]]:
        """Run git and listen to it; return its exit code and its last words."""
        manners = self.session.manners
        own = settings(manners.user_agent, manners.silence_s, host_of(self.url))
        words = arguments(self.path, *own, *command)
        env = environment(urlsplit(self.url).scheme)
        # No password of anybody's ~/.netrc, and no program that asks for one.
        env |= {"HOME": os.devnull, "GIT_ASKPASS": "", "SSH_ASKPASS": ""}
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=env,
                start_new_session=True,
                pass_fds=tuple(self.held),
            )
        except FileNotFoundError as error:
            raise SourceError(self.url, "the program git is not installed") from error
        said: list[str] = []
        clock = self.session.clock
        quiet_until = clock.monotonic()
        try:
            for line in self._lines(process):
                if _PROGRESS.match(line):
                    if clock.monotonic() >= quiet_until:
                        quiet_until = clock.monotonic() + _TELL_S
                        self.tell(line)
                else:
                    said = [*said[1 - _KEPT_LINES :], line]
            return process.wait(timeout=max(0.0, self._left()) + _GRACE_S), said
        except subprocess.TimeoutExpired as error:
            raise self._late() from error
        finally:
            if process.returncode is None:
                _kill_group(process)
                process.wait()
            if process.stderr:
                process.stderr.close()

    def _left(self) -> float:
        return self.ends_at - self.session.clock.monotonic()

    def _late(self) -> BrokenAnswer:
        return BrokenAnswer(
            self.url, "git was not done in time; what is whole is kept, run it again to go on"
        )

    def _lines(self, process: subprocess.Popen[bytes]) -> Iterator[str]:
        """Yield what git says, line by line, until it ends or its time is over."""
        assert process.stderr is not None
        number = process.stderr.fileno()
        rest = b""
        while True:
            left = self._left()
            if left <= 0:
                raise self._late()
            if not select.select([number], [], [], min(left, _TICK_S))[0]:
                if _has_ended(process):  # and what it started still holds the pipe
                    _kill_group(process)
                    return
                continue
            data = os.read(number, 65536)
            *lines, rest = _LINE_END.split(rest[-4096:] + data)
            for line in [*lines, rest] if not data else lines:
                text = "".join(c for c in line.decode("utf-8", "replace") if c.isprintable())
                if text.strip():
                    yield text.strip()
            if not data:
                return


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether git has ended, without taking note of it: its number stays its own."""
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, flags) is not None


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End git and all that it started; :func:`threadkit.fetch.mirror.epoch.tidy` cleans up."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def explain(url: str, path: Path, code: int, said: Sequence[str]) -> ThreadkitError:
    """Turn git's last words into an error.

    Parameters
    ----------
    url : str
        What was asked for.
    path : Path
        The repository.
    code : int
        Git's exit code; negative for a signal.
    said : sequence of str
        Lines of its standard error without progress, oldest first.

    Examples
    --------
    >>> explain("https://x/0", Path("0.git"), 128, ["fatal: early EOF"])
    BrokenAnswer('https://x/0: the answer ended early (early EOF); run it again')
    """
    text = "\n".join(line for line in said if not line.startswith("remote:"))
    if any(words in text for words in _FULL):
        return StoreFull(path, "the disk is full; what was whole before is kept")
    if code < 0:
        return BrokenAnswer(url, f"git was ended by signal {-code}; run it again to go on")
    status = _STATUS.search(text)
    if status:
        return _by_status(url, int(status[1]))
    last = next((line for line in reversed(said) if line.startswith(("fatal:", "error:"))), "")
    last = last.partition(": ")[2] or f"git ended with {code}"
    if "[rejected]" in text:
        why = "its history is not the one that is here; choose another folder"
        return UnexpectedAnswer(url, why, 200)
    if "could not read Username" in text:
        return UnexpectedAnswer(url, "the server asks for a password; threadkit has none", 401)
    if re.search(r"repository '.*' not found|couldn't find remote ref", text):
        return NotOnServer(url, "no such git repository there")
    if any(words in text for words in _UNREACHABLE):
        return Unreachable(url, last.rpartition(": ")[2])
    if any(words in text for words in _UNTRUSTED):
        return Unreachable(url, f"no safe connection ({last.rpartition(': ')[2]})")
    if "Operation too slow" in text:
        return BrokenAnswer(url, "the server sent nothing for too long; run it again to go on")
    return BrokenAnswer(url, f"the answer ended early ({last}); run it again")


def _by_status(url: str, status: int) -> FetchError:
    if status in (404, 410):
        return NotOnServer(url, "no such git repository there")
    if status in (429, 503):
        return ServerTrouble(url, f"asks to be left alone (HTTP {status})", status)
    if status >= 500:
        return ServerTrouble(url, f"trouble of its own (HTTP {status})", status)
    if 300 <= status < 400:
        return UnexpectedAnswer(url, f"sends git elsewhere (HTTP {status})", status)
    return UnexpectedAnswer(url, f"refuses git (HTTP {status})", status)

"""Builders of mail files for the tests of ``threadkit.fetch``; all people are example.org's."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from threadkit.fetch.files import open_sources
from threadkit.fetch.limits import Limits
from threadkit.fetch.source import RawMail, Source

SEPARATOR = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n"


def mail(number: int, body: bytes = b"hello\n") -> bytes:
    """Return a small mail."""
    return (
        b"From: Ada Byron <ada@example.org>\nSubject: note %d\n"
        b"Message-ID: <%d@example.org>\n\n%b" % (number, number, body)
    )


def mbox(mails: Iterable[bytes], separator: bytes = SEPARATOR) -> bytes:
    """Put mails that need no escaping into a mailbox."""
    return b"".join(separator + data + b"\n" for data in mails)


class Dribble(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._inner = io.BytesIO(data)
        self._step = step

    def read(self, n: int = -1, /) -> bytes:
        return self._inner.read(self._step if n < 0 else min(n, self._step))


class Failing(io.RawIOBase):
    """A file on a disk that breaks after some bytes."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def read(self, n: int = -1, /) -> bytes:
        data = self._inner.read(n)
        if not data:
            raise OSError(5, "Input/output error")
        return data


class Inbox:
    """A bare public-inbox repository that grows by ``git fast-import``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=master", str(path), inside=False)

    def git(self, *command: str, inside: bool = True, data: bytes = b"") -> str:
        where = [f"--git-dir={self.path}"] if inside else []
        environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *where, *command], input=data, capture_output=True, check=True, env=environment
        )
        return done.stdout.decode().strip()

    def commit(self, changes: Sequence[bytes], *, fresh: bool = False) -> str:
        """Add one commit for each change (fast-import commands); return the tip."""
        old = "" if fresh else self.git("for-each-ref", "--format=%(objectname)")
        stream = [b"reset refs/heads/master\n"]
        for number, change in enumerate(changes):
            stream.append(
                b"commit refs/heads/master\ncommitter A <a@example.org> %d +0000\ndata 1\nx\n"
                % (1_600_000_000 + number)
            )
            if old and number == 0:
                stream.append(b"from %b\n" % old.encode())
            stream.append(change + b"\n")
        self.git("fast-import", "--quiet", "--force", data=b"".join(stream))
        return self.git("rev-parse", "refs/heads/master")

    @staticmethod
    def put(name: str, data: bytes) -> bytes:
        """Return the change of a v2 commit: the tree is one file."""
        return b"deleteall\n" + Inbox.add(name, data)

    @staticmethod
    def add(name: str, data: bytes) -> bytes:
        """Return the change that adds one file to the tree."""
        return b"M 100644 inline %b\ndata %d\n%b\n" % (name.encode(), len(data), data)


def read_all(
    *paths: Path | str, limits: Limits | None = None, cursor: str | None = None
) -> tuple[list[RawMail], list[Source]]:
    """Open paths and read everything."""
    mails: list[RawMail] = []
    sources: list[Source] = []
    names = [str(path) for path in paths]
    for source in open_sources(names, cursors=lambda uri: cursor, limits=limits or Limits()):
        mails += source
        sources.append(source)
    return mails, sources


def bodies(mails: Iterable[RawMail]) -> list[bytes]:
    """Return what follows each header."""
    return [mail.data.partition(b"\n\n")[2] for mail in mails]


def kinds(source: Source) -> list[str]:
    """Return the kinds of a source's problems."""
    return [problem.kind for problem in source.problems]

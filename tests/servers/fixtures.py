"""Fixtures with the real servers; ``tests/conftest.py`` hands them to every test."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import letters, loreservers


def need(package: str) -> None:
    """Skip a test if a Debian package is missing; fail it where the servers are required."""
    if package not in loreservers.missing():
        return
    why = f"needs a real server: {loreservers.INSTALL} {package}"
    if os.environ.get("THREADKIT_REQUIRE_SERVERS"):
        pytest.fail(f"{why} (THREADKIT_REQUIRE_SERVERS is set)", pytrace=False)
    pytest.skip(why)


@dataclass(frozen=True)
class Kernel:
    """A small repository: where it is, and its commits, oldest first."""

    path: Path
    shas: tuple[str, ...]


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """The generated repository, bare, and what is in it; read only."""
    folder = tmp_path_factory.mktemp("kernel")
    path = folder / "linux.git"
    env = loreservers.clean_env(folder)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "master", path], check=True, env=env)
    stream = b""
    for number in range(3):
        stream += (
            b"commit refs/heads/master\nauthor Ada Byron <ada@example.org> 159891120%d +0200\n"
            b"committer Ben Crane <ben@example.org> 1598998000 +0000\ndata <<E\n"
            b"engine: commit %d\n\nBody.\nE\nM 100644 inline f\ndata 2\n%d\n\n"
        ) % (number, number, number)
    git = ["git", "--git-dir", path]
    subprocess.run([*git, "fast-import", "--quiet"], input=stream, check=True, env=env)
    listed = subprocess.run(
        [*git, "rev-list", "--reverse", "master"], check=True, env=env, capture_output=True
    )
    return Kernel(path, tuple(listed.stdout.decode().split()))


@pytest.fixture(scope="session")
def lore(
    tmp_path_factory: pytest.TempPathFactory, kernel: Kernel
) -> Iterator[loreservers.PublicInbox]:
    """A lore of two inboxes and ``/all/`` with the mails of :mod:`tests.servers.letters`.

    It serves the whole run: a test may let threads of its own grow, not those.
    """
    need("public-inbox")
    mails = letters.inboxes(kernel.shas[-2:])
    root = tmp_path_factory.mktemp("lore")
    with loreservers.PublicInbox(root, mails, all=True) as server:
        yield server


@pytest.fixture(scope="session")
def gitweb(tmp_path_factory: pytest.TempPathFactory, kernel: Kernel) -> Iterator[loreservers.Cgit]:
    """A git.kernel.org that has the generated repository as torvalds/linux."""
    need("cgit")
    server = loreservers.Cgit(tmp_path_factory.mktemp("gitweb"))
    shutil.copytree(kernel.path, server.repository())
    with server:
        yield server

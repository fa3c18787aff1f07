"""Fixtures with the real servers; ``tests/conftest.py`` hands them to every test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.servers import letters, loreservers
from tests.servers.repository import Facts, build

CITED = ("fix", "merge", "backport")
"""The commits of the repository that a mail cites."""


def need(package: str) -> None:
    """Skip a test if a Debian package is missing; fail it where the servers are required."""
    if package not in loreservers.missing():
        return
    why = f"needs a real server: {loreservers.INSTALL} {package}"
    if os.environ.get("THREADKIT_REQUIRE_SERVERS"):
        pytest.fail(f"{why} (THREADKIT_REQUIRE_SERVERS is set)", pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """The generated repository, bare, and what is in it; read only."""
    return build(tmp_path_factory.mktemp("kernel") / "linux.git")


@pytest.fixture(scope="session")
def lore(
    tmp_path_factory: pytest.TempPathFactory, kernel: Facts
) -> Iterator[loreservers.PublicInbox]:
    """A lore of two inboxes and ``/all/`` with the mails of :mod:`tests.servers.letters`.

    It serves the whole run: a test may let threads of its own grow, not those.
    """
    need("public-inbox")
    mails = letters.inboxes([kernel.commits[word] for word in CITED])
    root = tmp_path_factory.mktemp("lore")
    with loreservers.PublicInbox(root, mails, all=True) as server:
        yield server


@pytest.fixture(scope="session")
def gitweb(tmp_path_factory: pytest.TempPathFactory, kernel: Facts) -> Iterator[loreservers.Cgit]:
    """A git.kernel.org that has the generated repository as torvalds/linux."""
    need("cgit")
    server = loreservers.Cgit(tmp_path_factory.mktemp("gitweb"))
    shutil.copytree(kernel.path, server.repository())
    with server:
        yield server

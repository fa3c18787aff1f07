"""Fixtures of the tests of pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.crawled import World, build_world
from tests.pipeline.fetches import Fetching
from tests.servers.loreservers import Cgit, PublicInbox
from threadkit.fetch.web.session import Session


@pytest.fixture(scope="session")
def world(lore: PublicInbox, gitweb: Cgit, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Mails and commits that cite each other, served by the real servers."""
    return build_world(lore, gitweb, tmp_path_factory.mktemp("crawl") / "linux.git")


@pytest.fixture
def fetching(world: World, tmp_path: Path) -> Fetching:
    return Fetching(tmp_path / "t.db", [world.lore], [world.cgit], check=False)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs of all requests that are sent."""
    urls: list[str] = []
    real = Session._send

    def send(self: Session, method: str, url: str, *rest: Any) -> Any:
        urls.append(url)
        return real(self, method, url, *rest)

    monkeypatch.setattr(Session, "_send", send)
    return urls

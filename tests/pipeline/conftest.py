"""Fixtures of the tests of pipelines."""

from __future__ import annotations

import pytest

from tests.pipeline.crawled import World, build_world
from tests.servers.loreservers import Cgit, PublicInbox


@pytest.fixture(scope="session")
def world(lore: PublicInbox, gitweb: Cgit, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Mails and commits that cite each other, served by the real servers."""
    return build_world(lore, gitweb, tmp_path_factory.mktemp("crawl") / "linux.git")

"""Sites that are built once for a run, a server of them on loopback, and the browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.site.browser import sites
from tests.site.browser.seen import launched
from threadkit.site.serve import HOST, server

CORPORA = Path(__file__).resolve().parents[4] / "shared" / "corpora"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sites"


@pytest.fixture(scope="session")
def site(shared: Path, request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Return a site by its name; the one with real mail skips where that is absent."""

    def cow(out: Path) -> None:
        sites.cow(out, request.getfixturevalue("corpora"))

    made: Mapping[str, Callable[[Path], None]] = {
        "sample": sites.sample,
        "facts": sites.facts,
        "cow": cow,
        "hostile": sites.hostile,
        "deep": sites.deep,
    }
    return lambda name: sites.once(shared, name, made[name])


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[[Path], str]]:
    """Serve a site as ``threadkit site serve`` does; returns where, with a slash at the end."""
    running = {}

    def serve(folder: Path) -> str:
        if folder not in running:
            found = server(folder, 0, lambda line: None)
            threading.Thread(target=found.serve_forever, daemon=True).start()
            running[folder] = found
        return f"http://{HOST}:{running[folder].server_address[1]}/"

    yield serve
    for found in running.values():
        found.shutdown()
        found.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser for a module: its loop may not run while others start theirs."""
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()

"""Shared fixtures: no test reaches beyond loopback, corpora skip with a reason."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.servers.fixtures import gitweb, kernel, lore  # noqa: F401 - fixtures of all folders

settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", deadline=None, max_examples=5000, stateful_step_count=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
SEED = Path(__file__).resolve().parents[2] / "shared" / "seed" / "hughd-2020-09-01.txt"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave alone what talks to the real servers, unless ``-m`` asks for it by name."""
    if "live" in config.getoption("markexpr"):
        return
    why = pytest.mark.skip(reason="talks to the real lore and git.kernel.org; pytest -m live")
    for item in items:
        if item.get_closest_marker("live"):
            item.add_marker(why)


@pytest.fixture(autouse=True)
def loopback_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that opens a connection to another machine fails, unless it is marked live."""
    if request.node.get_closest_marker("live"):
        return
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and not str(host).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address!r}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real mail beside the checkout; skips where it is absent."""
    if not CORPORA.is_dir():
        if os.environ.get("THREADKIT_REQUIRE_CORPORA"):
            pytest.fail(f"{CORPORA} is missing and THREADKIT_REQUIRE_CORPORA is set")
        pytest.skip("the corpora of real mail are not beside this checkout")
    return CORPORA


@pytest.fixture(scope="session")
def seed_page(corpora: Path) -> Path:
    """The saved lore page of the seed's message, in its plain-text form."""
    return SEED

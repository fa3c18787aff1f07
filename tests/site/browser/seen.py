"""A page of a site in a real browser, with what it complained of and what it asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Route

Scheme = Literal["light", "dark"]

SCHEMES: tuple[Scheme, ...] = ("light", "dark")

WIDTHS = (1280, 390)
"""A desk and a phone."""

HEIGHT = 900

ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root, and open only what they made
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)

BROKEN = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map((one) => one.outerHTML.slice(0, 160))"""
"""Names what sticks out of a page, for the message of a test that fails."""


def need(program: str, package: str, *, variable: str = "") -> str:
    """Return the path of a program; skip a test without it, or fail where it is required."""
    path = os.environ.get(variable) if variable else None
    path = path or shutil.which(program)
    if path and Path(path).exists():
        return path
    why = f"needs {program}: {package}" + (f", or its path in {variable}" if variable else "")
    if os.environ.get("THREADKIT_REQUIRE_BROWSER"):
        pytest.fail(f"{why} (THREADKIT_REQUIRE_BROWSER is set)", pytrace=False)
    pytest.skip(why)


def launched(playwright: Playwright) -> Browser:
    """Start the browser of the system; ``THREADKIT_CHROMIUM`` names another one."""
    path = need("chromium", "apt-get install chromium", variable="THREADKIT_CHROMIUM")
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


class Seen(NamedTuple):
    """A page that is open; ``said`` and ``refused`` grow while it is used."""

    page: Page
    said: list[str]
    refused: list[str]

    def calm(self) -> None:
        """Assert that the page complained of nothing and asked nobody else for anything."""
        assert not self.refused
        assert not self.said

    def fits(self, what: str) -> None:
        """Assert that nobody has to scroll the page sideways."""
        page = self.page
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{what}: {wide} px too wide: {page.evaluate(BROKEN)}"


@contextmanager
def seen(
    browser: Browser, url: str, *, scripts: bool = True, width: int = WIDTHS[0]
) -> Iterator[Seen]:
    """Open a page; nothing but what lies beside it is let through."""
    base = url[: url.index("/", len("https://"))] if url.startswith("http") else "file:///"
    found: list[str] = []
    refused: list[str] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith(base):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    def hear(message: ConsoleMessage) -> None:
        found.append(f"{message.type}: {message.text}")

    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, java_script_enabled=scripts
    )
    try:
        context.route("**/*", guard)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: found.append(f"error: {error}"))
        page.on("response", lambda answer: _note(found, answer.status, answer.url))
        page.goto(url)
        yield Seen(page, found, refused)
    finally:
        context.close()


def _note(found: list[str], status: int, url: str) -> None:
    if status >= 400:
        found.append(f"{status} for {url}")

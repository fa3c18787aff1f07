"""The box that searches a site, with the keyboard alone, from a disk and from a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.browser.seen import WIDTHS, seen

Sites = Callable[[str], Path]
Served = Callable[[Path], str]

ASKED = [
    ("page_count", "c/"),
    ("count", "c/"),
    ("do_wp_page()", "commit/"),
    ("09854ba", "commit/"),
    ("09854ba94c6aad7886996bfbee2530b3d8a7f4f4", "commit/"),
    ("hugh dickins", "p/"),
    ("alpine.LSU.2.11", "m/"),
]
"""What is typed, and where pages lie of which one has to be among the hits."""


def _ask(page: Page, text: str) -> list[str]:
    """Type into the box as a reader without a mouse does; return where the hits lead."""
    page.locator("#q").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text("hit")
    return _hits(page)


def _hits(page: Page) -> list[str]:
    return page.eval_on_selector_all("#hits a", "(all) => all.map((a) => a.getAttribute('href'))")


@pytest.mark.parametrize("over", ["disk", "server"])
@pytest.mark.parametrize(("text", "folder"), ASKED)
def test_search_finds(
    browser: Browser, site: Sites, served: Served, over: str, text: str, folder: str
) -> None:
    home = site("facts")
    base = served(home) if over == "server" else home.as_uri() + "/"
    with seen(browser, base + "search.html") as one:
        hits = _ask(one.page, text)
        assert any(href.startswith(folder) for href in hits), hits
        assert all((home / href.partition("#")[0]).is_file() for href in hits)
        one.calm()


@pytest.mark.parametrize("over", ["disk", "server"])
def test_an_address_holds_what_was_asked(
    browser: Browser, site: Sites, served: Served, over: str
) -> None:
    home = site("facts")
    base = served(home) if over == "server" else home.as_uri() + "/"
    with seen(browser, base + "search.html?q=page_count") as one:
        expect(one.page.locator("#says")).to_contain_text("hit")
        assert one.page.locator("#q").input_value() == "page_count"
        assert _hits(one.page)
        assert not one.page.locator("#all").is_visible()
        one.calm()


def test_a_hit_is_opened_with_the_keyboard(browser: Browser, site: Sites) -> None:
    home = site("sample")
    with seen(browser, (home / "search.html").as_uri(), width=WIDTHS[1]) as one:
        first = _ask(one.page, "ada example")[0]
        one.page.keyboard.press("Tab")  # the button
        one.page.keyboard.press("Tab")
        one.page.keyboard.press("Enter")
        one.page.wait_for_url("**/" + first)
        one.calm()


def test_what_nobody_wrote_is_not_found(browser: Browser, site: Sites) -> None:
    with seen(browser, (site("sample") / "search.html").as_uri()) as one:
        assert _ask(one.page, "zzyzx") == []
        expect(one.page.locator("#says")).to_have_text("0 hits")


def test_hits_of_a_hostile_conversation_are_text(browser: Browser, site: Sites) -> None:
    with seen(browser, (site("hostile") / "search.html").as_uri()) as one:
        assert _ask(one.page, "script")
        assert one.page.evaluate("window.trapped === undefined")
        assert one.page.locator("#hits :is(script, img, svg)").count() == 0
        one.fits("hits")
        one.calm()


def test_without_scripts_there_is_a_list_and_no_box(browser: Browser, site: Sites) -> None:
    with seen(browser, (site("sample") / "search.html").as_uri(), scripts=False) as one:
        assert not one.page.locator("#q").is_visible()
        assert one.page.locator("#all li a").count() > 20

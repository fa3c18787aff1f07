"""Pages of every type in a real browser: they fit, keep quiet, and ask nobody for anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.site.browser.seen import HEIGHT, SCHEMES, WIDTHS, seen
from tests.site.browser.sites import KINDS, page_of, pages_of

Sites = Callable[[str], Path]
Served = Callable[[Path], str]

GROUND = "getComputedStyle(document.body).backgroundColor"
LETTERS = """() => [...document.querySelectorAll("td, th")]
  .filter((one) => one.checkVisibility() && one.clientWidth < 48 && one.innerText.trim().length > 12)
  .map((one) => one.innerText)"""
CASES = [(name, kind) for name in ("facts", "cow") for kind in KINDS]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_page_fits_every_screen_without_scripts(
    browser: Browser, site: Sites, name: str, kind: str
) -> None:
    folder = site(name)
    url = (folder / page_of(folder, kind)).as_uri()
    with seen(browser, url, scripts=False) as one:
        assert one.page.title().strip(" ·")
        assert one.page.locator("h1").count() == 1
        assert one.page.locator("main").count() == 1
        grounds = set()
        for width in WIDTHS:
            one.page.set_viewport_size({"width": width, "height": HEIGHT})
            assert one.page.evaluate(LETTERS) == [], "cells so narrow that words fall to letters"
            for scheme in SCHEMES:
                one.page.emulate_media(color_scheme=scheme)
                one.fits(f"{kind} of {name}, {width} px, {scheme}")
                grounds.add((scheme, one.page.evaluate(GROUND)))
        assert len(grounds) == len(SCHEMES), grounds
        one.calm()


@pytest.mark.parametrize("name", ["sample", "hostile"])
def test_all_pages_fit_a_phone(browser: Browser, site: Sites, name: str) -> None:
    folder = site(name)
    pages = pages_of(folder)
    with seen(browser, (folder / pages[0]).as_uri(), width=WIDTHS[1]) as one:
        for path in pages:
            one.page.goto((folder / path).as_uri())
            one.fits(path)
            assert one.page.locator("h1").count() == 1, path
        one.calm()


def test_pages_fit_the_narrowest_phone_with_large_letters(browser: Browser, site: Sites) -> None:
    """320 px is what is left of a desk at 400 percent (WCAG 1.4.10)."""
    folder = site("facts")
    for kind in KINDS:
        with seen(browser, (folder / page_of(folder, kind)).as_uri(), width=320) as one:
            one.fits(kind)


def test_a_conversation_of_thousands_of_replies_in_a_row_is_a_page_like_others(
    browser: Browser, site: Sites
) -> None:
    folder = site("deep")
    with seen(browser, (folder / "thread.html").as_uri(), width=WIDTHS[1]) as one:
        one.fits("thread")
        assert one.page.locator("a[href^='m/']").count() > 20
        one.page.goto((folder / "m" / "deep-2999@example.org.html").as_uri())
        one.fits("the last mail")
        one.calm()


def test_nothing_of_a_hostile_conversation_runs(
    browser: Browser, site: Sites, served: Served
) -> None:
    folder = site("hostile")
    base = served(folder)
    with seen(browser, base + "index.html") as one:
        for path in pages_of(folder):
            one.page.goto(base + path.replace("%", "%25"))
            assert one.page.evaluate("window.trapped === undefined"), path
            assert one.page.locator("main script, main img, main style").count() == 0, path
            assert _schemes(one.page, base) <= {"http", "https", "mailto"}, path
        one.calm()


def test_controls_of_direction_are_shown_and_not_obeyed(site: Sites) -> None:
    for path in pages_of(site("hostile")):
        text = (site("hostile") / path).read_text(encoding="utf-8")
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\0"), path


@pytest.mark.parametrize("kind", ["overview", "thread", "message", "claim", "map"])
def test_a_page_is_printed_dark_on_light_and_without_the_way_to_others(
    browser: Browser, site: Sites, kind: str
) -> None:
    folder = site("facts")
    with seen(browser, (folder / page_of(folder, kind)).as_uri()) as one:
        light = one.page.evaluate(GROUND)
        one.page.emulate_media(media="print", color_scheme="dark")
        assert one.page.evaluate(GROUND) == light
        assert not one.page.locator("body > header nav").is_visible()
        assert one.page.locator("h1").is_visible()
        assert one.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("kind", ["overview", "thread", "message", "claim", "commits"])
def test_a_page_can_be_read_without_its_style(browser: Browser, site: Sites, kind: str) -> None:
    folder = site("facts")
    with seen(browser, (folder / page_of(folder, kind)).as_uri(), scripts=False) as one:
        styled = one.page.locator("main").inner_text()
        one.page.route("**/style.css", lambda route: route.abort())
        one.page.reload()
        plain = one.page.locator("main").inner_text()
        assert one.page.locator("h1").is_visible()
        assert set(styled.split()) - {"…"} <= set(plain.split())


def _schemes(page: Page, base: str) -> set[str]:
    """Return the schemes of all links of a page that lead out of the site, as browsers read them."""
    found = page.eval_on_selector_all(
        "a[href]",
        """(all) => all.map((one) => one.getAttribute("href"))
          .filter((href) => URL.canParse(href, document.baseURI))  // a port may be too high
          .map((href) => new URL(href, document.baseURI).href)""",
    )
    return {href.partition(":")[0] for href in found if not href.startswith(base)}

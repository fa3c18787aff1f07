"""Pages of every type for readers with a keyboard, a screen reader or poor sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.site.browser.seen import HEIGHT, SCHEMES, WIDTHS, seen
from tests.site.browser.sites import KINDS, page_of

Sites = Callable[[str], Path]
Served = Callable[[Path], str]

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

AXE = """(rules) => axe.run({runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]})
  .then((found) => found.violations.map((one) => ({...one, nodes: one.nodes.filter((node) =>
    one.id !== "target-size" || !document.querySelector(node.target[0]).closest(".mail"))}))
    .filter((one) => one.nodes.length))"""
"""Links in the text of a mail are as high as its lines, which are its writer's (WCAG 2.5.8
excepts what the line height of other text constrains); axe asks where a line is all link."""

FOCUS = """() => {
  const one = document.activeElement, seen = getComputedStyle(one), box = one.getBoundingClientRect();
  return [one.tagName, one.getAttribute("href") || one.id || one.getAttribute("aria-label") || "",
          seen.outlineStyle !== "none" && parseFloat(seen.outlineWidth) >= 1,
          box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth];
}"""

REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length"""

SKIPPED = """() => {
  const all = [...document.querySelectorAll("a[href]")];
  const page = (one) => one.getAttribute("href").replace(/#.*/, "");
  const stops = new Set(all.filter((one) => one.tabIndex >= 0).map(page));
  return all.filter((one) => one.tabIndex < 0 && !stops.has(page(one))).map(page);
}"""

LOOKS = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
"""The sample is looked at in all four; others on a light desk and a dark phone."""

CASES = [("cow", kind) for kind in KINDS]
CASES += [("sample", kind) for kind in KINDS if kind != "regressions"]
CASES += [("facts", kind) for kind in ("overview", "message", "claim")]
CASES += [("hostile", kind) for kind in ("overview", "thread", "message", "person", "search")]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_axe_finds_nothing(
    browser: Browser, site: Sites, served: Served, name: str, kind: str
) -> None:
    folder = site(name)
    with seen(browser, served(folder) + page_of(folder, kind).replace("%", "%25")) as one:
        one.page.evaluate(AXE_SCRIPT)
        for width, scheme in LOOKS if name == "sample" else LOOKS[::3]:
            one.page.set_viewport_size({"width": width, "height": HEIGHT})
            one.page.emulate_media(color_scheme=scheme)
            found = list(_told(one.page.evaluate(AXE, RULES)))
            assert not found, f"{kind} of {name}, {width} px, {scheme}: " + "\n".join(found)
        one.calm()


def _told(violations: list[Mapping[str, object]]) -> Iterator[str]:
    for one in violations:
        nodes = one["nodes"]
        assert isinstance(nodes, list)
        yield f"{one['id']}: {one['help']}; {len(nodes)} times, first {nodes[0]['html'][:300]}"


@pytest.mark.parametrize("kind", ["overview", "map", "claim", "commits", "search"])
def test_everything_is_reached_with_the_keyboard_and_seen_when_it_is(
    browser: Browser, site: Sites, kind: str
) -> None:
    folder = site("sample")
    with seen(browser, (folder / page_of(folder, kind)).as_uri(), scripts=False) as one:
        stops = list(_stops(one.page))
        assert stops[0][:2] == ["A", "#main"], "the first stop leads to the text"
        assert len(stops) == one.page.evaluate(REACHABLE)
        assert all(outlined for _, _, outlined, _ in stops), stops
        assert all(shown for _, _, _, shown in stops), stops


@pytest.mark.parametrize("kind", ["thread", "map", "person", "commits", "regressions"])
def test_what_the_keyboard_passes_by_can_be_reached_another_way(
    browser: Browser, site: Sites, kind: str
) -> None:
    """Marks in a picture may be left out of the row of stops: the list beside it has them."""
    folder = site("facts")
    with seen(browser, (folder / page_of(folder, kind)).as_uri(), scripts=False) as one:
        assert one.page.evaluate(SKIPPED) == []


def test_the_first_stop_leads_to_the_text(browser: Browser, site: Sites) -> None:
    with seen(browser, (site("sample") / "index.html").as_uri(), scripts=False) as one:
        skip = one.page.locator("a.skip")
        assert skip.bounding_box()["x"] < 0  # type: ignore[index]
        one.page.keyboard.press("Tab")
        assert skip.bounding_box()["x"] >= 0  # type: ignore[index]
        one.page.keyboard.press("Enter")
        one.page.keyboard.press("Tab")
        assert one.page.evaluate("document.activeElement.closest('main') !== null")


def test_wide_pictures_are_scrolled_with_the_keyboard(browser: Browser, site: Sites) -> None:
    folder = site("facts")
    for kind in KINDS:
        with seen(browser, (folder / page_of(folder, kind)).as_uri(), width=WIDTHS[1]) as one:
            deaf = one.page.evaluate(
                """() => [...document.querySelectorAll("main *")].filter((one) =>
                  /auto|scroll/.test(getComputedStyle(one).overflowX)
                  && one.scrollWidth > one.clientWidth + 1
                  && !(one.tabIndex === 0 && one.getAttribute("aria-label")))
                  .map((one) => one.outerHTML.slice(0, 120))"""
            )
            assert deaf == [], kind


def _stops(page: Page) -> Iterator[list[object]]:
    """Press Tab until the page is left; yield the element, whether it is outlined and seen."""
    while True:
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found[0] == "BODY":
            return
        yield found

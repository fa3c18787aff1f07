"""Pictures of every type of page, for people to look at: ``make screenshots``."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.site.browser import sites
from tests.site.browser.seen import HEIGHT, SCHEMES, WIDTHS, launched

CORPORA = Path(__file__).resolve().parents[4] / "shared" / "corpora"

TALLEST = 6000
"""Pixels; what lies below is more of the same."""


def main(out: Path) -> None:
    """Build the site of the casebook, with its mail where that is, and picture its pages."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        site = Path(folder) / sites.CASEBOOK
        if CORPORA.is_dir():
            sites.cow(site, CORPORA)
        else:
            sites.facts(site)
        pictured(site, out)


def pictured(site: Path, out: Path) -> None:
    """Write a picture of each type of page for each width and scheme."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": HEIGHT})
            for kind in sites.KINDS:
                page.goto((site / sites.page_of(site, kind)).as_uri())
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    tall = page.evaluate("document.documentElement.scrollHeight")
                    page.screenshot(
                        path=out / f"{kind}-{width}-{scheme}.png",
                        full_page=True,
                        clip={"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)},
                    )
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

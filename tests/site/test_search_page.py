"""The search page in a real browser, opened from a disk: what is typed, and what is found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.site.example_site import example_site
from threadkit.site import search
from threadkit.site.build import assets
from threadkit.site.texts import Block, Text
from threadkit.site.values import Mail, Site
from threadkit.site.writer import writing

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-quic"
)
ODD = "Jérôme Straße ﬁxed ΣΊΣΥΦΟΣ İstanbul Жук 漢字 e\u0301te\u0301 X_Yy_Zed old_page_count() __attr__"


def _site() -> Site:
    site = example_site()

    def text(mail: Mail) -> Text | None:
        if mail.message_id != "loose@example.org":
            return site.text(mail)
        return Text(ODD, [Block("reply", 0, 0, len(ODD))], ())

    return replace(site, text=text)


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Open the search page; errors of its console are in ``tab.troubles``."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    out: Path = tmp_path_factory.mktemp("search") / "site"
    with writing(out) as writer:
        for page in [*search.pages(_site()), *assets()]:
            writer.write(page)
    with sync_api.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        opened = browser.new_page()
        opened.troubles = []
        opened.on("console", lambda said: opened.troubles.append(said.text))
        opened.on("pageerror", lambda error: opened.troubles.append(str(error)))
        opened.on("requestfailed", lambda request: opened.troubles.append(request.url))
        opened.goto((out / "search.html").as_uri())
        yield opened
        assert opened.troubles == []
        browser.close()


def _hits(tab: Tab, words: str) -> list[str]:
    """Type words, wait for the answer, and return the pages that are shown."""
    tab.fill("#q", "")
    tab.locator("#says:empty").wait_for(state="attached")
    tab.fill("#q", words)
    tab.locator("#says:not(:empty)").wait_for(state="attached")
    return [link.get_attribute("href") or "" for link in tab.locator("#hits a").all()]


@pytest.mark.parametrize(
    "words",
    [
        "Jérôme",
        "JEROME",
        "straße",
        "fixed",
        "σίσυφος",
        "istanbul",
        "жук",
        "漢字",
        "été",
        "x_yy_zed",
        "zed",
        "old_page_count()",
        "old_page_count",
        "__attr__",
        "old_pa",
    ],
)
def test_what_is_typed_is_folded_as_the_index_is(tab: Tab, words: str) -> None:
    assert _hits(tab, words) == ["m/loose@example.org.html"]


def test_an_identifier_that_is_nowhere_whole_is_looked_for_by_its_parts(tab: Tab) -> None:
    assert _hits(tab, "yy_zed") == ["m/loose@example.org.html"]


def test_a_beginning_of_a_hash_finds_the_commit_and_who_cites_it(tab: Tab) -> None:
    sha = example_site().commits[0].sha
    for digits in (sha[:7], sha[:12], sha):
        found = _hits(tab, digits)
        assert example_site().commits[0].page in found
        assert "m/patch@example.org.html" in found


def test_all_words_have_to_be_there(tab: Tab) -> None:
    both = _hits(tab, "ada device")
    assert both
    assert set(both) < set(_hits(tab, "device"))
    assert _hits(tab, "device banana") == []


def test_a_title_comes_before_a_person_before_a_text(tab: Tab) -> None:
    found = _hits(tab, "ada")
    assert found[0] == "p/ada.html"


def test_a_message_id_finds_its_mail_first(tab: Tab) -> None:
    assert "m/loose@example.org.html" in _hits(tab, "<loose@example.org>")


def test_quoted_words_are_found_in_the_mail_that_wrote_them_alone(tab: Tab) -> None:
    found = [page for page in _hits(tab, "counting users") if page.startswith("m/")]
    assert found == ["m/patch@example.org.html"]


def test_how_many_hits_is_said_to_those_who_do_not_see_them(tab: Tab) -> None:
    _hits(tab, "zed")
    assert tab.locator("[role=status]").inner_text() == "1 hit"


def test_a_hit_names_kind_person_and_date(tab: Tab) -> None:
    _hits(tab, "zed")
    assert "message · Finn Fixture · 6 Mar 2025" in tab.locator("#hits li").inner_text()


def test_the_list_of_everything_gives_place_to_hits_and_comes_back(tab: Tab) -> None:
    _hits(tab, "zed")
    assert not tab.locator("#all").is_visible()
    tab.fill("#q", "")
    tab.locator("#all").wait_for(state="visible")


def test_an_address_with_a_query_answers_it(tab: Tab) -> None:
    tab.goto(tab.url.partition("?")[0] + "?q=zed")
    tab.locator("#says", has_text="1 hit").wait_for()
    assert tab.input_value("#q") == "zed"


@pytest.mark.parametrize(
    "words", ["constructor", "__proto__", "toString", "zz", "🐮🐮", "a", "the"]
)
def test_words_that_are_nowhere_find_nothing_and_break_nothing(tab: Tab, words: str) -> None:
    tab.fill("#q", words)
    tab.keyboard.press("Enter")
    tab.wait_for_timeout(300)
    assert tab.locator("#hits li").count() == 0


def test_the_script_stays_small() -> None:
    (script,) = [page for page in assets() if page.path == "search.js"]
    assert len(script.content) < 4096  # type: ignore[arg-type]

"""The page above several sites."""

from __future__ import annotations

from dataclasses import replace

from tests.site.example_site import bare_site, example_site
from tests.site.reading import whole
from threadkit.site.shelf import pages, shelved
from threadkit.site.values import Site

HOSTILE = '<script>alert("1")</script>\u202eevil'


def made(*sites: Site) -> str:
    index, style = pages([shelved(one.key, one, 7) for one in sites], "0.0")
    assert (index.path, style.path) == ("index.html", "style.css")
    return whole(index)


def test_each_site_is_led_to_and_counted() -> None:
    shown = made(example_site(), replace(example_site(), key="other", title="Another debate"))
    assert shown.count("<h1") == 1
    assert shown.index('href="pool-2025/index.html"') < shown.index('href="other/index.html"')
    assert "Another debate" in shown
    assert "6 claims" in shown
    assert "7 pages" in shown


def test_what_a_site_has_none_of_is_not_counted() -> None:
    shown = made(bare_site())
    assert "claim" not in shown
    assert "10 messages" in shown


def test_words_of_strangers_are_escaped() -> None:
    shown = made(replace(example_site(), title=HOSTILE, question=HOSTILE, outcome=HOSTILE))
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "U+202E" in shown

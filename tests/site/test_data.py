"""``data.json``."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import bare_site, example_site
from threadkit.site import data
from threadkit.site.values import Site


def made(site: Site) -> dict[str, object]:
    (page,) = data.pages(site)
    found: dict[str, object] = json.loads("".join(page.content))  # type: ignore[arg-type]
    return found


def test_all_that_the_pages_show_is_there() -> None:
    site = example_site()
    found = made(site)
    assert [one["id"] for one in found["claims"]] == [one.id for one in site.claims]
    assert [one["page"] for one in found["mails"] if "page" in one] == [
        one.page for one in site.mails if one.name
    ]
    assert [one["key"] for one in found["people"]] == list(site.people)
    assert [one["text"] for one in found["questions"]] == [one.text for one in site.questions]
    assert [one["sha"] for one in found["commits"]] == [one.sha for one in site.commits]
    assert found["claims"][0]["gist"] == site.claims[0].gist
    assert found["provenance"]["coverage"] == list(site.provenance.coverage)


def test_no_words_of_mails_are_there() -> None:
    site = example_site()
    text = json.dumps(made(site), ensure_ascii=False)
    for place in (place for one in site.claims for place in one.places):
        assert place.text
        assert place.text not in text
    for one in site.mails:
        assert len(one.excerpt) < 10 or one.excerpt not in text


def test_a_bare_site_is_whole() -> None:
    found = made(bare_site())
    assert found["format_version"] == data.FORMAT_VERSION
    assert found["claims"] == []


@given(st.text(max_size=30))
def test_any_subject_comes_back(words: str) -> None:
    site = example_site()
    found = made(replace(site, mails=[replace(site.mails[0], subject=words)]))
    assert found["mails"][0]["subject"] == words  # type: ignore[index]

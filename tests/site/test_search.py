"""The index of the search: what is found, where it is written, what it costs."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import bare_site, example_site
from threadkit.site.folding import terms
from threadkit.site.search import Words, documents, pages, shelf_of
from threadkit.site.texts import Block, Text
from threadkit.site.values import Mail, Page, Site

Found = dict[str, int]


def _text(page: Page) -> str:
    return page.content if isinstance(page.content, str) else "".join(page.content)  # type: ignore[arg-type]


def _files(site: Site) -> dict[str, str]:
    return {page.path: _text(page) for page in pages(site)}


def _called(script: str) -> list[object]:
    """Return what a script hands over."""
    found = re.fullmatch(r"threadkit\.(?:words|documents|facts)\((.*)\)\n", script, re.DOTALL)
    assert found
    return json.loads(f"[{found[1]}]")  # type: ignore[no-any-return]


def _numbers(packed: str) -> list[tuple[int, int]]:
    at, found = 0, []
    for code in packed.split(" "):
        number = int(code, 36)
        at += number >> 2
        found.append((at, number & 3))
    return found


def _look(files: dict[str, str], word: str) -> Found:
    """Return the pages of a word, with where it was found."""
    (facts,) = _called(files["search/index.js"])
    assert isinstance(facts, dict)
    name = shelf_of(word)
    if name not in facts["words"]:
        assert f"search/{name}.js" not in files
        return {}
    _, words = _called(files[f"search/{name}.js"])
    assert isinstance(words, dict)
    found = {}
    for number, weight in _numbers(words[word]) if word in words else []:
        first, shown = _called(files[f"search/d-{number // facts['shelf']}.js"])
        found[shown[number - first][4]] = weight  # type: ignore[index,operator]
    return found


def test_own_words_are_found_quoted_ones_are_not() -> None:
    files = _files(example_site())
    found = _look(files, "waits")  # the patch has it, two answers quote it
    assert [page for page in found if page.startswith("m/")] == ["m/patch@example.org.html"]


def test_identifiers_are_found_whole_and_in_parts() -> None:
    site = example_site()
    body = "old_page_count() may lie\n> quoted_thing()\n"
    texts = Text(body, [Block("reply", 0, 0, 25), Block("quote", 1, 25, len(body))], ())
    files = _files(replace(site, text=lambda mail: texts, claims=(), commits=()))
    for word in ("old_page_count", "page", "count"):
        assert "m/doubt@example.org.html" in _look(files, word)
    assert _look(files, "quoted_thing") == {}


def test_titles_weigh_more_than_people_and_people_more_than_text() -> None:
    files = _files(example_site())
    found = _look(files, "ada")
    assert found["p/ada.html"] == 3
    assert found["m/patch@example.org.html"] == 2
    assert _look(files, "device")["m/broke@example.org.html"] == 1


def test_commits_are_found_by_twelve_digits_with_the_mails_that_cite_them() -> None:
    site = example_site()
    found = _look(_files(site), site.commits[0].sha[:12])
    assert site.commits[0].page in found
    assert "m/cover@example.org.html" in found


def test_a_message_id_is_found_by_its_parts() -> None:
    files = _files(example_site())
    assert "m/loose@example.org.html" in set(_look(files, "loose")) & set(_look(files, "org"))


def test_claims_and_questions_are_found() -> None:
    files = _files(example_site())
    assert _look(files, "pins")["c/4.html"] == 3
    assert _look(files, "pinned")["map-pins.html"] == 3


def test_mails_without_text_are_found_by_their_subject() -> None:
    assert "m/older@example.org.html" in _look(_files(example_site()), "shared")


def test_documents_are_numbered_by_date() -> None:
    dates = [one.utc for one in documents(example_site())]
    assert dates == sorted(dates)
    assert dates[-1] > ""


def test_the_plain_list_has_everything_without_scripts() -> None:
    html = _files(example_site())["search.html"]
    plain = html.partition('<section id="all">')[2]
    for one in documents(example_site()):
        assert f'href="{one.page}"' in plain
    assert re.search(r'<form id="find"[^>]* hidden>', html)


def test_the_plain_list_is_cut_into_parts() -> None:
    site = bare_site()
    mail = site.mails[0]
    mails = [replace(mail, message_id=f"{n}@x", name=f"{n}@x", order=n) for n in range(1250)]
    files = _files(replace(site, mails=mails))
    listed = [path for path in files if path.startswith("search") and path.endswith(".html")]
    assert listed == ["search.html", "search~2.html", "search~3.html"]
    assert all(len(files[path].encode()) < 300_000 for path in listed)
    assert "<script" not in files["search~2.html"]


def test_scripts_are_ascii_and_close_no_element() -> None:
    evil = "</script><b>\u2028\u202e \ud800é"
    site = example_site()
    mails = [replace(mail, subject=evil) for mail in site.mails]
    files = _files(replace(site, mails=mails, text=lambda mail: None))
    scripts = {path: text for path, text in files.items() if path.endswith(".js")}
    assert all(text.isascii() for text in scripts.values())
    shown = "".join(text for path, text in scripts.items() if "/d-" in path)
    assert "<U+202E>" in shown
    assert "\\u202e" not in shown


def test_names_of_scripts_are_few_and_safe_whatever_people_write() -> None:
    words = Words()
    words.add(0, "", "", "".join(chr(one) + "x " for one in range(0x100, 0x30000, 7)))
    names = [name for name, _ in words.scripts()]
    assert all(re.fullmatch(r"[a-z0-9_]{2}|~[0-9a-f]{1,4}", name) for name in names)
    assert len(names) < 1000


def test_the_same_site_gives_the_same_files() -> None:
    assert _files(example_site()) == _files(example_site())


def test_a_text_is_read_once_and_not_kept() -> None:
    site = example_site()
    read: list[str] = []

    def text(mail: Mail) -> Text | None:
        read.append(mail.message_id)
        return site.text(mail)

    _files(replace(site, text=text))
    assert len(read) == len(set(read)) == sum(mail.seen for mail in site.mails)


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=12))
def test_every_word_of_every_document_is_in_its_shelf(
    given_texts: list[tuple[str, str, str]],
) -> None:
    words = Words()
    for number, (title, person, text) in enumerate(given_texts):
        words.add(number, title, person, text)
    shelves = dict(words.scripts())
    for number, texts in enumerate(given_texts):
        for weight, text in zip((3, 2, 1), texts, strict=True):
            for word in terms(text):
                found = dict(_numbers(shelves[shelf_of(word)][word]))
                assert found[number] >= weight


def test_long_mails_are_read_to_a_bound() -> None:
    body = "early " + "x" * 70_000 + " late"
    own = Text(body, [Block("reply", 0, 0, len(body))], ())
    files = _files(replace(bare_site(), text=lambda mail: own))
    assert _look(files, "early")
    assert not _look(files, "late")

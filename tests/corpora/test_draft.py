"""The article of the seed's thread: each quotation stands in its mail, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site.rendered import rendered
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.casebooks import load_casebook
from threadkit.pipeline.importing import import_mail
from threadkit.site.render import plain


@pytest.fixture(scope="module")
def path(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("cow") / "cow.db"
    import_mail(found, [str(corpora / "cow-thread")], workers=0)
    load_casebook(found, "cow-2020")
    return found


def test_all_quotations_are_word_for_word_of_the_thread(path: Path) -> None:
    with Archive(path) as archive:
        made = archive.draft("cow-2020", everything=True)
        told = archive.draft("cow-2020")
        site = archive.site("cow-2020").site
        bodies = [plain(text.body) for text in map(site.text, site.mails) if text]
        one = archive.draft("cow-2020/9")
    found = rendered(made.text)
    assert len(found.quotes) > 100
    assert [words for words in found.quotes if not any(words in body for body in bodies)] == []
    assert {url.partition(":")[0] for _, url in found.links} <= {"http", "https"}
    short = rendered(one.text).quotes
    known = {words for words in found.quotes if words in short}
    assert len(known) > 3
    assert len(one.text) < len(made.text) / 5
    assert 20 < len(rendered(told.text).quotes) < len(found.quotes) / 2

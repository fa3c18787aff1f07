"""Saved pages and the mails they show: which belong together never depends on the order."""

from __future__ import annotations

import io
import itertools
import sys
from pathlib import Path

import pytest

from tests.fetch.test_page import TEXT_PAGE
from tests.pipeline.contents import contents, table
from tests.pipeline.mails import mail, mbox
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read
from threadkit.store.verify import verify


def two(body: str, minute: int) -> bytes:
    """A mail with the Message-ID and the subject of the page's."""
    subject = "Re: [PATCH 1/2] engine: punch \u00e9very card"
    return mail("two", subject=subject, body=body, minute=minute)


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    files = {
        "page.txt": TEXT_PAGE.encode(),
        "other-page.txt": TEXT_PAGE.replace("Hello", "Hallo").encode(),
        "first.mbox": mbox([two("One text.\n", 1)]),
        "imposter.mbox": mbox([two("Another text.\n", 2)]),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in files]


def test_a_page_belongs_to_the_first_of_two_mails_in_any_order(
    sources: list[str], tmp_path: Path
) -> None:
    seen = []
    for number, order in enumerate(itertools.permutations(sources)):
        db = tmp_path / f"{number}.db"
        for source in order:
            import_mail(db, [source], workers=0)
        seen.append(contents(db))
    assert all(one == seen[0] for one in seen)
    assert sorted(row[2] for row in seen[0]["raw"]) == [0, 0, 0, 1]
    conn = open_read(tmp_path / "7.db")
    try:
        assert list(verify(conn)) == []
    finally:
        conn.close()


def test_what_came_from_a_page_is_known_whatever_the_source_is_now(
    sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input is one source: a page at one time, a mailbox at another."""

    def pipe(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        import_mail(db, ["-"], workers=0)

    db = tmp_path / "t.db"
    pipe(TEXT_PAGE.encode())
    pipe(mbox([mail("unrelated")]))
    pipe(mbox([two("One text.\n", 1)]))
    query = "SELECT count(*) FROM message WHERE message_id LIKE 'two@%'"
    assert table(db, query) == [(1,)]
    pipe(TEXT_PAGE.replace("two@", "three@").encode())
    pipe(mbox([two("Another text.\n", 2)]))
    assert table(db, query) == [(2,)]

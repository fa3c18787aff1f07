"""Drafts of conversations, mails, claims and casebooks of a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline import booked, debated
from tests.site.rendered import rendered
from threadkit.errors import NotFound, SourceError
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.casebooks import load_casebook
from threadkit.pipeline.claim_edits import Edit
from threadkit.pipeline.draft import BadArchive, NothingReviewed, conversation_of
from threadkit.pipeline.sites.places import NotVerbatim


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from threadkit import cow

    debated.given_units(monkeypatch)
    few = tuple(one for one in cow.all_eras() if one.key == "refcount_nofork")
    monkeypatch.setattr(cow, "all_eras", lambda: few)
    found = debated.archive_at(tmp_path)
    analyze(found)
    return found


@pytest.fixture
def found(path: Path) -> Iterator[Archive]:
    """Only what a program found."""
    with Archive(path) as archive:
        yield archive


@pytest.fixture
def read(path: Path, tmp_path: Path) -> Iterator[Archive]:
    """With a casebook of three claims."""
    with Archive(path) as archive:
        folder = booked.write(tmp_path / "cache", archive, booked.claims(archive))
    load_casebook(path, folder)
    with Archive(path) as archive:
        yield archive


def test_a_casebook_is_told_with_its_words(read: Archive) -> None:
    made = read.draft("cache")
    assert {*rendered(made.text).quotes} == {booked.LOCK, booked.WRONG, booked.PERHAPS}
    assert made.title == "Is it needed?"
    assert made.claims == 3
    assert "threadkit cow run S4 --era refcount_nofork" in made.text
    assert "| refcount_nofork | verdict | Always | Always |" in made.text
    assert repr(made).startswith("<Draft of casebook cache: 3 claims")


def test_the_first_mail_stands_for_the_conversation(read: Archive) -> None:
    assert read.draft("r@example.org").text == read.draft("cache").text


def test_of_a_mail_its_claims_are_told(read: Archive) -> None:
    made = read.draft("c@example.org")
    assert made.what == "message c@example.org"
    assert {*rendered(made.text).quotes} == {booked.PERHAPS, booked.WRONG}
    assert "Claim cache/1" not in made.text
    with pytest.raises(NothingReviewed, match=r"message b@example\.org"):
        read.draft("b@example.org")


def test_of_a_claim_only_what_bears_on_it_is_told(read: Archive) -> None:
    made = read.draft("cache/1")
    assert made.title == "Gist of claim 1."
    assert {*rendered(made.text).quotes} == {booked.LOCK, booked.WRONG}
    with pytest.raises(NotFound, match="no such claim"):
        read.draft("cache/7")
    with pytest.raises(NotFound):
        read.draft("nobody/1")


def test_a_found_claim_is_told_as_the_casebook_has_it(read: Archive) -> None:
    (one,) = (claim for claim in read.claims() if claim.text == booked.LOCK)
    made = read.draft(one.id)
    assert "Claim cache/1" in made.text
    assert made.text.partition("## ")[2] == read.draft("cache/1").text.partition("## ")[2]


def test_without_mail_nothing_is_quoted(path: Path, tmp_path: Path) -> None:
    with Archive(path) as archive:
        folder = booked.write(tmp_path / "cache", archive, booked.claims(archive))
    late = tmp_path / "late.db"
    load_casebook(late, folder)
    with Archive(late) as archive:
        made = archive.draft("cache")
    assert rendered(made.text).quotes == []
    assert made.text.count("*Not quoted, the passage is not here") == 3
    assert "Gist of claim 2." in made.text


def test_a_mail_that_has_no_such_passage_ends_the_draft(path: Path, tmp_path: Path) -> None:
    with Archive(path) as archive:
        some = booked.claims(archive)
        some[1]["said"] |= {"exact": "0" * 64, "loose": "0" * 64}
        del some[2]["stances"]
        folder = booked.write(tmp_path / "cache", archive, some)
    load_casebook(path, folder)
    with Archive(path) as archive:
        with pytest.raises(NotVerbatim) as caught:
            archive.draft("cache")
        assert caught.value.exit_code == 5
        assert f"> {booked.PERHAPS}" in archive.draft("cache/3").text


def test_nothing_is_told_that_nobody_reviewed(found: Archive) -> None:
    for name in ("r@example.org", "a@example.org", next(iter(found.claims())).id):
        with pytest.raises(NothingReviewed, match=r"threadkit claims review r@example\.org") as one:
            found.draft(name)
        assert one.value.exit_code == 1


def test_an_accepted_claim_is_told_alone(found: Archive) -> None:
    (mine,) = (one for one in found.claims() if one.text == booked.LOCK)
    found.correct(mine.id, Edit({"state": "accepted", "gist": "There is a lock too many."}))
    with Archive(found.path) as archive:
        made = archive.draft("r@example.org")
        assert archive.draft(mine.id).title == "There is a lock too many."
    assert rendered(made.text).quotes == [booked.LOCK]
    assert "Nobody reviewed what became of it" in made.text
    assert made.claims == 1


def test_permanent_links_lead_to_another_archive(read: Archive) -> None:
    links = rendered(read.draft("cache", lore="https://mail.example.org/cache").text).links
    assert any(url == "https://mail.example.org/cache/r@example.org/" for _, url in links)
    assert not any("lore.kernel.org" in url for _, url in links)
    for bad in ("javascript:alert(1)//", "mail.example.org", 'https://x.example/"> <b>'):
        with pytest.raises(BadArchive) as caught:
            read.draft("cache", lore=bad)
        assert caught.value.exit_code == 2


def test_the_conversation_to_analyze_is_found(read: Archive) -> None:
    assert conversation_of(read, "cache") is None
    assert conversation_of(read, "cache/1") is None
    assert conversation_of(read, "c1") == "r@example.org"
    assert conversation_of(read, "else@example.org") == "else@example.org"


def test_what_cannot_be_written_is_said(read: Archive, tmp_path: Path) -> None:
    made = read.draft("cache")
    made.write(tmp_path / "out.md")
    assert (tmp_path / "out.md").read_text("utf-8") == made.text
    with pytest.raises(SourceError):
        made.write(tmp_path / "none" / "out.md")


def test_a_long_casebook_is_told_in_short_unless_all_is_asked_for(
    read: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read.draft("cache")
    monkeypatch.setattr("threadkit.pipeline.draft.LONG", 2)
    short = read.draft("cache")
    assert "threadkit draft cache --all" in short.text
    assert short.claims < whole.claims
    assert read.draft("cache", everything=True).text == whole.text
    assert "Gist of claim 1." in read.draft("cache/1").text  # what is named is always told

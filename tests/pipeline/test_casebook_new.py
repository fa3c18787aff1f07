"""A casebook that was begun from findings, finished and loaded, meets what it was begun from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import booked, debated
from threadkit.casebook.load import load
from threadkit.errors import NotFound, SourceError
from threadkit.pipeline.analysis import STAGES, analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.casebook_new import draft_of, new_casebook
from threadkit.pipeline.casebook_suggest import suggestions
from threadkit.pipeline.casebooks import load_casebook
from threadkit.pipeline.claim_edits import Edit
from threadkit.pipeline.importing import import_mail


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    debated.given_units(monkeypatch)
    monkeypatch.setenv("THREADKIT_PERSON", "Eve Reader")
    path = debated.archive_at(tmp_path)
    analyze(path, only=STAGES)
    with Archive(path) as found:
        yield found


def finish(folder: Path) -> None:
    """Write what is left, as a person would."""
    for path in folder.rglob("*.yaml"):
        text = path.read_text("utf-8")
        text = text.replace("stand: todo", 'stand: "yes"').replace("kind: todo", "kind: opinion")
        text = text.replace("question: todo\n  stand", "question: q1\n  stand")
        path.write_text(text.replace("todo", "It is written"), "utf-8")


def test_it_has_the_facts_and_findings_of_the_conversation_alone(archive, tmp_path):
    begun = new_casebook(archive, "b@example.org", tmp_path / "Cache talk")
    book = load(begun.folder, is_draft=True)
    assert (book.name, book.thread, book.curated_by) == (
        "cache-talk",
        "r@example.org",
        "Eve Reader",
    )
    assert [one.id for one in book.messages if one.seen] == [
        f"{one}@example.org" for one in "rabcd"
    ]  # fmt: skip
    claims = {one.said.message: one for one in book.claims}
    assert claims.keys() == {"r@example.org", "a@example.org", "b@example.org"}
    attack = claims["a@example.org"].stances[0]
    assert (attack.kind, attack.target) == ("attacks", claims["r@example.org"].id)
    (question,) = book.questions
    assert claims["b@example.org"].question == question.key
    assert (begun.claims, begun.questions, begun.messages) == (3, 1, 5)
    said = "".join(path.read_text("utf-8") for path in begun.folder.rglob("*.yaml"))
    assert not [one.text for one in debated.SAID if one.text in said]


def test_words_are_comments_if_asked_for(archive, tmp_path):
    begun = new_casebook(archive, "b@example.org", tmp_path / "book", with_text=True)
    lines = [
        line for path in begun.folder.rglob("*.yaml") for line in path.read_text().splitlines()
    ]
    assert f"# > {booked.LOCK}" in lines
    assert all(line.startswith("# > ") for line in lines if booked.LOCK in line)


def test_candidates_are_left_out_unless_asked_for(archive, tmp_path):
    states = ("automatic", "accepted", "candidate")
    begun = new_casebook(archive, "b@example.org", tmp_path / "book", states=states)
    assert begun.claims == 4


def test_finished_and_loaded_it_meets_every_claim(archive, tmp_path):
    claim = next(one for one in archive.claims() if one.text == booked.LOCK)
    archive.correct(claim.id, Edit({"gist": "What I wrote before."}))
    begun = new_casebook(archive, "b@example.org", tmp_path / "book")
    finish(begun.folder)
    loaded = load_casebook(archive.path, begun.folder)
    assert (loaded.met, loaded.left) == (3, ())
    archive.close()
    assert {one.shown for one in archive.claims(states=("accepted",))} == {
        "It is written", "What I wrote before.",
    }  # fmt: skip
    assert archive.unmet_corrections() == {}


def test_a_folder_with_something_in_it_is_left_alone(archive, tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "mine.txt").write_text("mine")
    with pytest.raises(SourceError, match="has something in it"):
        new_casebook(archive, "b@example.org", tmp_path / "book")
    assert [one.name for one in (tmp_path / "book").iterdir()] == ["mine.txt"]
    with pytest.raises(SourceError):
        new_casebook(archive, "b@example.org", tmp_path / "book" / "mine.txt")


def test_a_conversation_whose_mails_no_casebook_can_name(tmp_path):
    mail = b"Message-ID: <a\x08@example.org>\nFrom: a@example.org\nSubject: s\n\nIt is broken.\n"
    (tmp_path / "a.eml").write_bytes(mail)
    import_mail(tmp_path / "t.db", [str(tmp_path / "a.eml")], workers=0)
    with (
        Archive(tmp_path / "t.db") as archive,
        pytest.raises(SourceError, match="no Message-ID that a casebook can hold"),
    ):
        new_casebook(archive, "a\x08@example.org", tmp_path / "book")
    assert not (tmp_path / "book").exists()


def test_without_a_folder_it_is_named_after_the_subject(archive, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begun = new_casebook(archive, "b@example.org")
    assert begun.folder == Path("cache-drop-the-second-lock")
    assert (tmp_path / begun.folder / "casebook.yaml").is_file()


def test_claims_without_a_gist_are_compared_by_their_passages(archive, tmp_path):
    begun = new_casebook(archive, "b@example.org", tmp_path / "book")
    assert not any(one.suggestions for one in suggestions(begun.folder))
    heard = [one for one in suggestions(begun.folder, archive=archive) if one.suggestions]
    assert heard
    told = " ".join(why for one in heard for each in one.suggestions for why in each.why)
    assert "page lock" in told  # locks of a cache are no page locks: a person has to decide
    assert not [one.text for one in debated.SAID if one.text in told]


def test_there_must_be_such_a_mail(archive):
    with pytest.raises(NotFound):
        draft_of(archive, "nobody@example.org", "book")

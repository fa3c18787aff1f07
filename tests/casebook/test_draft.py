"""A draft is a casebook but for what it says is still to be written, whatever the mail says."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from threadkit.analyze.debate.names import exact_hash, loose_hash
from threadkit.casebook.draft import (
    Draft,
    DraftClaim,
    DraftMail,
    DraftPlace,
    DraftQuestion,
    draft_files,
    is_nameable,
    key_of,
)
from threadkit.casebook.load import load
from threadkit.casebook.problems import CasebookError
from threadkit.casebook.values import Casebook

WORDS = "The lock is slow."


def place(message_id: str, text: str = WORDS) -> DraftPlace:
    return DraftPlace(message_id, 3, 3 + len(text), exact_hash(text), loose_hash(text), text)


def draft(**more: object) -> Draft:
    given: dict[str, object] = {
        "name": "lock", "thread": "a@example.org", "by": "ann", "date": "2024-05-01",
        "coverage": ("Begun by a test.",),
        "mails": [
            DraftMail("a@example.org", "2024-05-01T09:00:00Z", "Ann", None, "A lock", True),
            DraftMail("gone@example.org", "", "", "a@example.org", "", False),
            DraftMail("b@example.org", "2024-05-02T09:00:00Z", "Bo", "gone@example.org", "Re", True),
        ],
        "questions": [DraftQuestion("q1", "Is it slow?", "a@example.org")],
        "claims": [
            DraftClaim("c7", "Ann", (place("a@example.org"), place("b@example.org")), "opinion",
                       "open", "nobody spoke", question="q1", how="c7: automatic"),
            DraftClaim("c9", "Bo", (place("b@example.org"),), stances=(("attacks", "c7"), ("asks", "c1")),
                       commits=("0123456789abcdef0123456789abcdef01234567",)),
        ],
        "commits": [{"sha": "0123456789abcdef0123456789abcdef01234567", "subject": "s"}],
    }  # fmt: skip
    return Draft(**{**given, **more})  # type: ignore[arg-type]


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def finished(files: dict[str, str]) -> dict[str, str]:
    """Write all that is left, as a person would."""
    answers = {"stand: todo": 'stand: "yes"', "status: todo": "status: open",
               "kind: todo": "kind: opinion", "question: todo\n  stand": "question: q1\n  stand"}  # fmt: skip
    done = {}
    for name, text in files.items():
        for old, new in answers.items():
            text = text.replace(old, new)
        done[name] = text.replace("todo", "It is written")
    return done


def test_all_that_is_left_of_a_draft_is_to_be_written(tmp_path):
    folder = write(tmp_path, draft_files(draft()))
    with pytest.raises(CasebookError) as caught:
        load(folder)
    assert all(one.is_todo for one in caught.value.problems)
    assert {one.at.file for one in caught.value.problems} == {"casebook.yaml"}
    assert [(one.what, one.at.file) for one in caught.value.unwritten] == [
        ("claim", "claims/01-ann.yaml"), ("claim", "claims/02-bo.yaml"),
        ("question", "questions.yaml"),
    ]  # fmt: skip
    begun = load(folder, is_draft=True)
    assert [one.gist for one in begun.claims] == ["todo", "todo"]


def test_a_finished_draft_is_a_casebook(tmp_path):
    book = load(write(tmp_path, finished(draft_files(draft()))))
    assert [(one.key, one.name) for one in book.people] == [("ann", "Ann"), ("bo", "Bo")]
    assert [(one.id, one.parent, one.seen) for one in book.messages] == [
        ("a@example.org", None, True), ("gone@example.org", "a@example.org", False),
        ("b@example.org", "gone@example.org", True),
    ]  # fmt: skip
    first, second = book.claims
    assert (first.id, first.by, first.kind, first.question, first.why) == (
        1, "ann", "opinion", "q1", "nobody spoke",
    )  # fmt: skip
    assert (first.said.start, first.said.exact) == (3, exact_hash(WORDS))
    assert [one.message for one in first.also] == ["b@example.org"]
    assert [(one.kind, one.target) for one in second.stances] == [("attacks", 1)]
    assert [one.commit for one in second.evidence] == ["0123456789abcdef0123456789abcdef01234567"]
    assert book.commits[0]["subject"] == "s"


def test_no_words_of_a_mail_are_in_it_but_as_comments(tmp_path):
    said = draft_files(draft())
    assert WORDS not in json.dumps(said)
    assert "Is it slow?" not in json.dumps(said)
    shown = draft_files(draft(with_text=True))
    for text, files in (
        (WORDS, ("claims/01-ann.yaml", "claims/02-bo.yaml")),
        ("Is it slow?", ("questions.yaml",)),
    ):
        for name in files:
            lines = [line for line in shown[name].splitlines() if text in line]
            assert lines
            assert all(line.startswith("# > ") for line in lines)
    write(tmp_path, shown)
    assert load(tmp_path, is_draft=True) == load(write(tmp_path, said), is_draft=True)


def test_a_conversation_without_claims_is_a_draft_too(tmp_path):
    files = draft_files(draft(questions=[], claims=[], commits=[]))
    assert load(write(tmp_path, files), is_draft=True).claims == ()


def test_keys():
    assert key_of("") == "x"
    assert key_of("Jürgen Groß") == "jurgen-gross"
    assert key_of("9p") == "x9p"
    assert not is_nameable("<a@b>")
    assert not is_nameable("a\x08@b")
    assert not is_nameable("a\udcff@b")
    assert not is_nameable("")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NASTY = st.one_of(
    TEXT,
    st.sampled_from(
        ["- {id: 9}", "a: b", "# x", "'", '"', "\u202eevil", "a\nb: c", "\u2028", "\x85", "\x00",
         "{{", "yes", "2024-05-01", "!!python/object", "&a *a", "todo", "\ufeff"]
    ),
)  # fmt: skip


def loaded(made: Draft) -> Casebook:
    with TemporaryDirectory() as folder:
        return load(write(Path(folder), draft_files(made)), is_draft=True)


NAME = NASTY.filter(lambda name: name.split())


@given(NASTY, NAME, NASTY)
@example("a\x08b\ud800", "\x08", "\x1b[31m")
def test_hostile_words_stay_words(subject, person, text):
    made = draft(
        mails=[DraftMail("a@example.org", "2024-05-01T09:00:00Z", person, None, subject, True)],
        questions=[DraftQuestion("q1", text, "a@example.org")],
        claims=[DraftClaim("c1", person, (place("a@example.org", text or "x"),), how=text)],
        commits=[],
        with_text=True,
    )
    book = loaded(made)
    (mail,), (claim,) = book.messages, book.claims
    assert all(
        there in (one, "\ufffd")
        for one, there in zip(" ".join(subject.split())[:998], mail.subject, strict=True)
    )
    assert claim.said.exact == exact_hash(text or "x")
    assert (claim.gist, len(book.questions)) == ("todo", 1)


@given(st.lists(TEXT, max_size=8))
def test_keys_are_short_plain_and_no_two_alike(names):
    keys: list[str] = []
    for name in names:
        keys.append(key_of(name, keys))
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= 40 and key[0].isalpha() and key.isascii() for key in keys)

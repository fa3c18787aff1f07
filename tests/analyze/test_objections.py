"""Objections in replies: what counts, what counts less, what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.objections import Objection, objections
from threadkit.mail.body import blocks
from threadkit.mail.trailers import trailers


def mail(body: str, *, is_reply: bool = True) -> MailText:
    found = blocks(body)
    return MailText(
        "1@example.org", "Re: [PATCH] mm: x", "Ann", "ann@example.org", "2020-09-01T12:00:00Z",
        is_reply, False, "0@example.org", "0@example.org", body, found, trailers(body, found), [],
    )  # fmt: skip


def raised(body: str) -> list[Objection]:
    return objections(mail(body))


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("NAK.", "NAK"),
        ("So NACK from me.", "NAK"),
        ("I really don't like this.", "objection"),
        ("I strongly object.", "objection"),
        ("I object to that.", "objection"),
        ("I disagree with the premise.", "objection"),
        ("I'm not convinced.", "objection"),
        ("This is simply wrong.", "wrong"),
        ("The patch is broken on 32 bits.", "wrong"),
        ("That can't possibly work.", "wrong"),
        ("That's a terrible idea.", "wrong"),
        ("I won't apply it.", "refusal"),
        ("Please don't do this.", "refusal"),
        ("This will break every driver.", "break"),
        ("Looks good to me.", ""),
        ("I don't object.", ""),
        ("I have no objections.", ""),
        ("This is not wrong.", ""),
        ("Not a NAK, only a question.", ""),
        ('He said "I don\'t like this" again.', ""),
        ("The naked truth.", ""),
    ],
)
def test_words(words: str, rule: str) -> None:
    assert [one.rule for one in raised(f"> The patch.\n{words}\n")] == ([rule] if rule else [])


def test_a_trailer_is_the_surest() -> None:
    body = "> The patch.\n\nNacked-by: Ann Li <ann@example.org>\n"
    [one] = raised(body)
    assert (one.rule, one.score) == ("Nacked-by", 1.0)
    assert body[one.start : one.stop] == "Nacked-by: Ann Li <ann@example.org>"


def test_quotes_never_count() -> None:
    assert (
        raised("On Monday Bo wrote:\n> NAK, this is wrong.\n> Nacked-by: Bo <b@x.org>\n\nWhy?\n")
        == []
    )


def test_who_answers_nobody_objects_to_nothing() -> None:
    assert objections(mail("This is wrong.\n", is_reply=False)) == []


def test_a_condition_and_a_question_count_less() -> None:
    said, asked, perhaps = (
        raised(f"> The patch.\n{words}\n")[0].score
        for words in ("This is wrong.", "So this is wrong?", "If it is late, this is wrong.")
    )
    assert said > perhaps > 0
    assert said > asked > 0


def test_no_is_an_answer_where_a_question_was_asked() -> None:
    assert [one.rule for one in raised("> We should merge it.\nNo.\n")] == ["no"]
    assert raised("> Is it merged?\nNo.\n") == []


def test_the_passage_is_the_sentence() -> None:
    body = "> The patch.\nThanks for this. However, I don't\nlike the name. Bye.\n"
    [one] = raised(body)
    assert one.text == "However, I don't like the name."
    assert " ".join(body[one.start : one.stop].split()) == one.text


_PIECES = st.sampled_from(
    ["NAK", "This is wrong", "I don't like this", "> quoted", "\n", ". ", "? ", "Nacked-by: A <a@b.org>",
     '"', "if", "not", "é", "No.", "\n\n"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_every_passage_is_own_text_and_they_do_not_overlap(body: str) -> None:
    text = mail(body)
    own = text.own_ranges()
    last = 0
    for one in objections(text):
        assert 0 < one.score <= 1
        assert last <= one.start < one.stop
        assert any(low <= one.start and one.stop <= high for low, high in own)
        last = one.stop

"""Who gives in, to what, and what that does to claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.debate.talks import Wrote, claim_of, debate_of, key, said, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.concessions import gives_in
from threadkit.analyze.debate.values import UnitName

SHARED = "The page is never shared after the fork."
WRONG = "That is wrong, a pinned page is shared with the child."
OPENING = Wrote("Ann", f"{SHARED}\n", labels={"never shared": "claim"})
OBJECTION = Wrote("Bob", f"> {SHARED}\n{WRONG}\n", 0, {"That is wrong": "claim"},
                  [("That is wrong", "attack", SHARED)])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "label", "gives"),
    [
        ("You're right, it is.", "agreement", True),
        ("And he's right.", "claim", True),
        ("I concede on the first one, but the rest would still be wrong for years to come.", "claim", True),
        ("As usual, Bob was right.", "concession", True),
        ("Everything was right.", "claim", False),
        ("I stand corrected.", "background", True),
        ("Fair enough.", "agreement", True),
        ("Oops, yes.", "concession", True),
        ("Oops, a typing error.", "background", False),
        ("If it is pinned, you're right.", "claim", False),
        ("You're right if it is pinned.", "claim", False),
        ("Are you sure he's right?", "question", False),
        ("You are right to be careful.", "claim", False),
        ("Correct me if I was wrong.", "concession", False),
        ("I do concede nothing.", "claim", False),
        ("I missed the train.", "concession", False),
    ],
)  # fmt: skip
def test_words_that_give_in(text: str, label: str, gives: bool) -> None:
    assert gives_in(text, label, "") is gives


def test_who_gives_in_under_a_quotation_concedes_what_was_quoted() -> None:
    conversation = talk(
        OPENING, OBJECTION, Wrote("Cy", f"> > {SHARED}\n> {WRONG}\nYou're right.\n", 1)
    )
    debate = assemble(conversation, [])
    (link,) = [link for link in debate.links if link.kind == "concede"]
    assert (link.source.mail, link.target, link.state) == (2, UnitName(1, 0), "automatic")
    assert link.rule == "concession under the quotation, words"
    assert claim_of(conversation, debate, "That is wrong").status == "conceded"
    assert claim_of(conversation, debate, "never shared").status == "contested"
    (one,) = debate.concessions
    assert (one.person, one.to, one.state) == ("Cy", UnitName(1, 0), "automatic")


def test_who_gives_in_to_what_was_said_against_him_withdraws() -> None:
    conversation = talk(OPENING, OBJECTION, Wrote("Ann", f"> {WRONG}\nI stand corrected.\n", 1))
    claim = claim_of(conversation, assemble(conversation, []), "never shared")
    assert claim.status == "withdrawn"
    assert "Ann on 2020-01-03" in claim.why


def test_a_reply_without_quotation_gives_in_to_what_speaks_against_its_author() -> None:
    debate = debate_of(OPENING, OBJECTION, Wrote("Ann", "Fair enough, I change it.\n", 1))
    (link,) = [link for link in debate.links if link.kind == "concede"]
    assert (link.target, link.rule) == (UnitName(1, 0), "concession in the reply, words")


def test_a_label_that_is_not_sure_gives_a_candidate() -> None:
    conversation = talk(
        OPENING,
        OBJECTION,
        Wrote("Ann", f"> {WRONG}\nThat one hurts.\n", 1, {"hurts": "concession"}, score=0.4),
    )
    debate = assemble(conversation, [])
    claim = claim_of(conversation, debate, "never shared")
    assert claim.status == "contested"
    assert "; perhaps withdrawn by Ann on 2020-01-03 in 2@example.org: a candidate" in claim.why
    told = claim_of(conversation, debate, "That is wrong")
    assert "perhaps conceded by Ann" in told.why
    assert [(one.state, one.score) for one in debate.concessions] == [("candidate", 0.4)]


def test_a_concession_to_nothing_stays_one() -> None:
    debate = debate_of(Wrote("Ann", "Fair enough, all of you, that was a bad start.\n"))
    (one,) = debate.concessions
    assert (one.person, one.to, one.rule) == ("Ann", None, "concession, words")
    assert debate.links == []


def test_whoever_speaks_against_his_own_quoted_words_may_take_them_back() -> None:
    conversation = talk(
        OPENING,
        Wrote("Ann", f"> {SHARED}\nNo, that holds only for small pages.\n", 0,
              {"No, that": "claim"}, [("No, that", "attack", SHARED)]),
    )  # fmt: skip
    debate = assemble(conversation, [])
    claim = claim_of(conversation, debate, "never shared")
    assert claim.status != "withdrawn"
    assert "perhaps withdrawn by Ann" in claim.why


def test_your_words_are_not_ones_own() -> None:
    debate = debate_of(OPENING, Wrote("Ann", f"> {SHARED}\nYou're right.\n", 0))
    assert [one.to for one in debate.concessions] == [None]


@pytest.mark.parametrize(
    ("words", "to"),
    [("Dan was right.", None), ("He's right.", None), ("Bob was right.", UnitName(1, 0))],
)
def test_who_gives_in_to_somebody_else_does_not_to_whom_he_quotes(
    words: str, to: UnitName | None
) -> None:
    debate = debate_of(OPENING, OBJECTION, Wrote("Cy", f"> {WRONG}\n{words}\n", 1))
    assert [one.to for one in debate.concessions] == [to]


def test_who_does_not_know_gives_in_to_nothing() -> None:
    debate = debate_of(
        OPENING,
        OBJECTION,
        Wrote("Ann", f"> {WRONG}\nI haven't thought about that.\n", 1,
              {"I haven't": "concession"}),
    )  # fmt: skip
    assert [(one.person, one.to) for one in debate.concessions] == [("Ann", None)]


def test_irony_gives_in_to_nothing_for_sure() -> None:
    conversation = talk(OPENING, OBJECTION, Wrote("Cy", f"> {WRONG}\nYou're right.\n", 1))
    mail = conversation.mails[2]
    mail.units[0] = mail.units[0]._replace(irony="/s")  # type: ignore[index]
    assert assemble(conversation, []).concessions == []


def test_a_concession_is_taken_away_by_hand() -> None:
    right = "You're right."
    conversation = talk(OPENING, OBJECTION, Wrote("Cy", f"> {WRONG}\n{right}\n", 1))
    gone = said(key(2, right), f"relation:concede:{key(1, WRONG)}", "removed")
    debate = assemble(conversation, [gone])
    assert claim_of(conversation, debate, "That is wrong").status != "conceded"
    assert (debate.concessions, debate.unmet) == ([], {})


ANSWER = Wrote("Ann", f"> {WRONG}\nSuch pages are copied early.\n", 1, {"Such pages": "claim"},
               [("Such pages", "attack", WRONG)])  # fmt: skip


@pytest.mark.parametrize(
    ("last", "status", "in_why"),
    [
        ((), "upheld", "answered by Ann on 2020-01-03 in 2@example.org"),
        ((Wrote("Cy", "Has this been measured?\n", 2),), "upheld", "nobody came back"),
        ((Wrote("Bob", "That does not convince me.\n", 2),), "contested",
         "Ann on 2020-01-03 in 2@example.org answers, and is answered in 3@example.org"),
    ],
)  # fmt: skip
def test_a_claim_is_upheld_unless_who_spoke_against_it_has_the_last_word(
    last: tuple[Wrote, ...], status: str, in_why: str
) -> None:
    conversation = talk(OPENING, OBJECTION, ANSWER, *last)
    claim = claim_of(conversation, assemble(conversation, []), "never shared")
    assert claim.status == status
    assert in_why in claim.why


def test_that_a_patch_was_applied_settles_none_of_its_sentences() -> None:
    conversation = talk(
        Wrote("Ann", "We should not port this back.\n", labels={"should not": "proposal"},
              is_patch=True),
        Wrote("Bob", "Applied, thanks.\n", 0),
    )  # fmt: skip
    debate = assemble(conversation, [])
    assert claim_of(conversation, debate, "should not").status != "upheld"
    assert [one.about for one in debate.decisions] == ["0@example.org"]


@given(st.text(max_size=200), st.sampled_from(("claim", "concession", "")))
def test_any_words_are_read(text: str, label: str) -> None:
    assert gives_in(text, label, label) in (True, False)


@pytest.mark.parametrize("words", ["I would ", "you're ", "I've ", "oops ", " "])
def test_long_words_take_bounded_time(words: str) -> None:
    """Tried from each place to the end, these would take hours."""
    assert not gives_in(words * 30_000, "background", "")

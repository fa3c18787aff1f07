"""The lexicon of moves: each move in a sentence that makes it and in one that does not."""

from __future__ import annotations

import string
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.moves_lexicon import lexical
from threadkit.analyze.arguments.moves_phrases import PHRASES
from threadkit.analyze.arguments.moves_words import BAD, GOOD, ORDERS, verb_forms
from threadkit.analyze.arguments.phrase_net import PhraseNet
from threadkit.analyze.arguments.phrases import Phrases, pieces
from threadkit.analyze.arguments.tokens import words

MOVES = [
    ("admit-error", "I overlooked the second caller.", "The second caller holds the lock."),
    ("admit-ignorance", "I don't know who frees it.", "The owner frees it."),
    ("give-way", "You may well be right about the barrier.", "The barrier sits in the macro."),
    ("limit", "That said, the fast path gets longer.", "The fast path gets longer."),
    ("restrict", "It doesn't always help.", "It helps."),
    ("agree", "Yes, exactly.", "The timer fires late."),
    ("disagree", "No, that's not how the refcount works.", "The refcount drops at exit."),
    ("request", "Could you please rerun it with lockdep?", "It ran with lockdep."),
    ("suggest", "How about a second list?", "The list holds three entries."),
    ("plan", "I'll resend it with the typo gone.", "The typo is gone."),
    ("offer", "You can just drop the first hunk.", "The first hunk applies."),
    ("decide", "Applied, thanks.", "The tag is missing."),
    ("evaluate", "The naming is really ugly.", "The name has four letters."),
    ("believe", "I suspect that the cache is stale.", "The cache holds 4 pages."),
    ("absolute", "Every caller must hold it.", "Two callers hold it."),
    ("must", "You should never sleep there.", "It sleeps there."),
    ("would", "That would still break ARM.", "That broke ARM."),
    ("observe", "I tested it on two boxes.", "It lives in two files."),
    ("measure", "It costs 12 % of the run.", "It costs little."),
    ("cite", "According to the manual it clears the bit.", "It clears the bit."),
    ("reason", "The result is wrong due to a race.", "The queue is short."),
    ("because", "It fails because the page is gone.", "It fails and the page is gone."),
    ("so", "So it never wakes up.", "It sleeps for a second."),
    ("condition", "If they race, the count is off.", "The count is off by two."),
    ("narrate", "Then it maps the page.", "It maps the page."),
    ("example", "For instance, a dead disk.", "A dead disk."),
    ("step", "First, the reader takes a reference.", "A reader of the file."),
    ("this-patch", "This patch adds a counter.", "A counter was there."),
    ("setting", "Currently the counter is global.", "The counter is global."),
    ("exist", "There are several lists.", "Lists grow."),
    ("scope", "For reference, the old numbers.", "The old numbers."),
    ("ask", "Why does it take the lock?", "It takes the lock."),
    ("rhetorical", "Who cares about floppies?", "Floppies spin."),
    ("address", "Your series conflicts with mine.", "The series conflicts."),
    ("thank", "Many thanks and best regards", "The timer fires late."),
    ("irony", "Sigh.", "The timer fires late."),
    ("order", "Drop the cast.", "The cast is gone."),
    ("order", "So please just rename it.", "Rename operations are slow."),
    ("order", "In that case, use the helper.", "You use the helper."),
    ("order?", "Move semantics.", "It moved."),
    ("order-not", "Don't touch the list.", "It doesn't touch the list."),
    ("order-later", "It is racy, so drop the cast.", "It is racy, so the cast is gone."),
    ("order:change", "Squash this into the first one.", "It squashed this."),
    ("open:past", "Fixed in the next round.", "Fix it in the next round."),
    ("open:ing", "Adding a list.", "A list."),
    ("open:s:change", "Adds a list.", "Add a list."),
    ("no-verb", "Nothing but noise.", "It is noise."),
    ("subject:i", "I see it too.", "You see it too."),
    ("subject:you", "You forgot the unlock.", "I forgot the unlock."),
    ("subject:it", "It oopses.", "They oops."),
    ("subject:there", "There is no user.", "It is no user."),
    ("subject:people", "Most users hit it.", "Most pages hit it."),
    ("subject:change", "The second patch renames it.", "Nobody renames it."),
    ("subject:?you", "Did you try it?", "You did try it."),
    ("verb:past", "I tried it.", "I try it."),
    ("verb:be<", "It was small.", "It is small."),
    ("verb:be+ing", "I am working on it.", "I am here."),
    ("verb:be+ed", "The page is mapped.", "The page is small."),
    ("verb:have+ed!", "I have not tested it.", "I have tested it."),
    ("verb:should", "It should return early.", "It returns early."),
    ("i+test", "I bisected it.", "They bisected it."),
    ("i+past+see", "We saw it twice.", "We see it twice."),
    ("i+think!", "I don't think it helps.", "I think it helps."),
    ("judge:good", "A clean approach.", "An approach."),
    ("judge:bad", "This is pointless.", "This is text."),
    ("judge:bad!", "It isn't racy.", "It is racy."),
    ("^agree", "Right, the lock is held.", "The lock on the right is held."),
]


def moves(text: str) -> set[str]:
    found = words(text)
    return {name.removeprefix("lx:") for name in lexical(found, pieces(found))}


@pytest.mark.parametrize(("name", "with_it", "without"), MOVES)
def test_moves(name: str, with_it: str, without: str) -> None:
    assert name in moves(with_it)
    assert name not in moves(without)


def test_every_family_has_its_sentences() -> None:
    assert set(PHRASES) <= {name for name, _, _ in MOVES}


@pytest.mark.parametrize("lead", ["Please", "Then", "And", "Maybe", "Also", "Simply", "-"])
@pytest.mark.parametrize("verb", ["refactor", "drop", "backport", "retest", "annotate"])
def test_orders_may_have_words_before_them(lead: str, verb: str) -> None:
    assert "order" in moves(f"{lead} {verb} the second one.")


@pytest.mark.parametrize("marks", ['""', "“”", "``"])
def test_what_is_in_quotation_marks_counts_for_nothing(marks: str) -> None:
    plain = moves("He wrote my bad, sorry there")
    quoted = moves(f"He wrote {marks[0]}my bad, sorry{marks[1]} there")
    assert "admit-error" in plain
    assert "admit-error" not in quoted


def test_a_unit_that_is_one_quotation_is_read() -> None:
    assert "judge:bad" in moves('"racy"')


def test_a_mark_that_is_not_closed_hides_nothing() -> None:
    assert "judge:bad" in moves('He wrote "this is racy.')


def test_nothing_is_no_verb() -> None:
    assert moves("") == {"no-verb"}


def test_judgements_are_of_one_kind() -> None:
    assert not GOOD & BAD


def test_forms_of_verbs_lead_back() -> None:
    forms = verb_forms()
    assert {forms[one][1] for one in ("dropped", "sent", "tried", "broke")} == {"past"}
    assert {forms[one][1] for one in ("fixes", "tries", "sees", "pushes")} == {"s"}
    assert {forms[one][1] for one in ("using", "seeing", "splitting")} == {"ing"}


_WORDS = st.sampled_from(
    [
        *sorted(ORDERS)[:40],
        *("i", "you", "it", "not", "please", ",", ".", '"', "?", "if", "the", "a", "is", "was"),
        *("will", "should", "right", "wrong", "my", "bad", "then", "so", "users", "patch"),
    ]
)


@given(st.lists(_WORDS, max_size=30).map(" ".join) | st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = words(text)
    row = lexical(found, pieces(found))
    assert all(name.startswith("lx:") for name in row)
    assert all(0 < weight <= 1 for weight in row.values())
    assert row == lexical(found, pieces(found))


@given(st.lists(_WORDS, max_size=20))
def test_who_does_it_is_told_once(some: list[str]) -> None:
    named = moves(" ".join(some))
    told = [name for name in named if name.startswith("subject:") or name == "no-verb"]
    assert len(told) == 1


_PHRASE = st.lists(st.sampled_from(["a", "b", "c", "a|b", "..", "b|c"]), min_size=1, max_size=5)


def _legal(some: Iterable[list[str]]) -> list[str]:
    return [" ".join(one) for one in some if one[0] != ".." and one[-1] != ".."]


@given(
    st.lists(_PHRASE, max_size=8).map(_legal),
    st.lists(st.sampled_from([*string.ascii_lowercase[:4], "."]), max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_the_net_finds_what_the_list_finds(
    some: list[str], text: list[str], start: bool, end: bool
) -> None:
    some = [f"{'^ ' if start else ''}{one}{' $' if end else ''}" for one in some]
    named = {f"{number}:{one}": [one] for number, one in enumerate(some)}
    read = [piece for piece in pieces(words(" ".join(text)))]
    slow = {(name, at) for name, at, _ in Phrases(named).find(read)}
    assert set(PhraseNet(named).find([one.word for one in read])) == slow


@pytest.mark.parametrize("text", [".. a", "a b?"])
def test_the_net_wants_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"phrase starts|may be missing"):
        PhraseNet({"x": [text]})

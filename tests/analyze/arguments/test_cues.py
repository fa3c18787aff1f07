"""Every cue finds a sentence made of its words, and not one that lacks them."""

from __future__ import annotations

import pytest

from threadkit.analyze.arguments.cues import CUES, FAMILIES, family_of
from threadkit.analyze.arguments.phrases import Phrase, phrase, pieces
from threadkit.analyze.arguments.tokens import words

KINDS = {
    "<sha>": "09854ba94c6a", "<number>": "42", "<version>": "v5.9", "<call>": "do_it()",
    "<url>": "https://example.org/x", "<path>": "mm/memory.c", "<email>": "ann@example.org",
    "<option>": "--git", "<face>": ":)",
}  # fmt: skip
PHRASES = [phrase(family, text) for family, texts in FAMILIES.items() for text in texts]


def sentence(one: Phrase, gap: str = "") -> str:
    """Write the words of a phrase out, with more words where it has a gap."""
    said = []
    for wanted, optional in one.steps:
        if not wanted:
            said.append(gap)
        elif not optional and wanted not in ({"^"}, {"$"}):
            word = min(wanted)
            said.append(KINDS.get(word, word))
    return " ".join(word for word in said if word)


def found(text: str, name: str) -> bool:
    return any(one == name for one, _, _ in CUES.find(pieces(words(text))))


@pytest.mark.parametrize("one", PHRASES, ids=lambda one: f"{one.name}: {one.text}")
def test_a_cue_finds_its_own_words(one: Phrase) -> None:
    name = f"{one.name}:{one.text}"
    assert found(sentence(one), name)
    if any(not wanted for wanted, _ in one.steps):
        assert found(sentence(one, "quite indeed"), name)
        assert not found(sentence(one, "aa bb ee dd"), name)


@pytest.mark.parametrize("one", PHRASES, ids=lambda one: f"{one.name}: {one.text}")
def test_a_cue_does_not_find_other_words(one: Phrase) -> None:
    assert not found("Zebras graze near rivers", f"{one.name}:{one.text}")


PAIRS = {
    "concession": ("You may well be right about KSM.", "The right lock is taken."),
    "agreement": ("That makes sense to me.", "It makes a copy."),
    "question": ("I wonder whether it is safe.", "It is safe."),
    "proposal": ("How about a counter?", "It counts."),
    "decision": ("Applied to for-next, thanks.", "It applies."),
    "evidence": ("For example, the trace shows it.", "Nobody knows."),
    "social": ("Thanks for the report!", "It reports an error."),
    "hedge": ("Perhaps it is slow.", "It is slow."),
    "irony": ("Good luck with that ;)", "It works."),
}


@pytest.mark.parametrize("family", PAIRS)
def test_a_family_tells_its_move_from_another(family: str) -> None:
    yes, no = PAIRS[family]
    assert any(family_of(name) == family for name, _, _ in CUES.find(pieces(words(yes))))
    assert not any(family_of(name) == family for name, _, _ in CUES.find(pieces(words(no))))

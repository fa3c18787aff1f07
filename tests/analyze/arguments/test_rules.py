"""Labels that a rule tells, and what looks like one of them."""

from __future__ import annotations

import pytest

from tests.analyze.arguments.made_mail import made
from threadkit.analyze.arguments.labels import label_units
from threadkit.analyze.arguments.segments import segments

QUOTED = "> Writers still take the lock.\n"


def told(words: str) -> list[tuple[str, str]]:
    mail = made(f"{QUOTED}{words}\n")
    return [(one.label, one.rule) for one in label_units(mail, segments(mail))]


@pytest.mark.parametrize(
    "words",
    [
        "I stand corrected.",
        "I concede.",
        "I concede that writers take it.",
        "My bad.",
        "I was wrong.",
        "I take that back, they do.",
        "Mea culpa!",
        "I overlooked that, thanks.",
    ],
)
def test_who_gives_in_in_a_few_words_concedes(words: str) -> None:
    assert told(words) == [("concession", "conceded")]
    assert told(f"It is slow for me.\n\n{words}")[-1] == ("concession", "conceded")


@pytest.mark.parametrize(
    "words",
    [
        "My bad?",
        "You stand corrected.",
        "I concede on the lock, but I still think that all the rest of this series makes it slower.",
        "I missed the train.",
    ],
)
def test_other_words_are_left_to_the_model(words: str) -> None:
    assert [rule for _, rule in told(words)] == ["model"]

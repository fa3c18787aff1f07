"""Texts of a casebook that have the words of a mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casebook.made_up import BODIES, write
from threadkit.casebook.copied import RUN, copied
from threadkit.casebook.load import load

GIST = "gist: A page that is pinned must not be shared."


def found_in(folder: Path, text: str) -> list[str]:
    book = load(write(folder, claims=(GIST, f"gist: {text}")))
    return [f"{one.what} <{one.message}>" for one in copied(book, BODIES.items())]


def test_own_words_are_no_copy(tmp_path: Path) -> None:
    assert copied(load(write(tmp_path)), BODIES.items()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sharing a page is only safe while nobody pins it.",
        "sharing  a PAGE is only safe - while that lasts",
        "Bo says that a pin is a reference, and references are counted.",
    ],
)
def test_words_of_a_mail_are_told_whatever_stands_between_them(tmp_path: Path, text: str) -> None:
    (one,) = found_in(tmp_path, text)
    assert one.startswith("claim 1: gist <")


def test_one_word_less_is_no_copy(tmp_path: Path) -> None:
    words = ["sharing", "a", "page", "is", "only", "safe", "while", "nobody", "pins", "it"]
    assert found_in(tmp_path / "less", " ".join(words[: RUN - 1])) == []
    assert found_in(tmp_path / "enough", " ".join(words[:RUN])) != []


def test_each_text_is_compared_and_the_mail_named(tmp_path: Path) -> None:
    text = "Fork shares the page, and the device is left alone."
    book = load(write(tmp_path, claims=(text, "A pin is a reference and references are counted")))
    (one,) = copied(book, BODIES.items())
    assert (one.what, one.message) == ("claim 1: why of model", "answer@example.org")
    assert str(one).startswith("claims/01.yaml:")
    assert copied(book, []) == []

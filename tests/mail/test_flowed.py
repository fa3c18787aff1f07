"""format=flowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.flowed import unflow
from threadkit.mail.message import parse


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("", ""),
        ("a\n", "a\n"),
        ("a", "a"),
        ("a \nb\n", "a b\n"),
        ("a \nb", "a b"),
        ("a \n", "a \n"),
        ("a \n\nb\n", "a \n\nb\n"),
        ("> a \n> b\nc\n", "> a b\nc\n"),
        ("> a \n>> b\nc\n", "> a \n>> b\nc\n"),
        (">> a \n>>b\n", ">> a b\n"),
        (">\n> a\n", ">\n> a\n"),
        ("a \n-- \nJane \nDoe\n", "a \n-- \nJane Doe\n"),
        (" stuffed\n", "stuffed\n"),
        (" >not a quote\n", " >not a quote\n"),
        (" From here\n", "From here\n"),
        ("  \n  context\n", " \n context\n"),
        ("-removed\n+added\n", "-removed\n+added\n"),
    ],
)
def test_unflow(text: str, joined: str) -> None:
    assert unflow(text, False) == joined


def test_delsp_drops_the_space_before_a_soft_break() -> None:
    assert unflow("日本 \n語\n", True) == "日本語\n"


def test_a_mail_says_that_it_was_joined() -> None:
    mail = parse(b"Content-Type: text/plain; format=Flowed; delsp=Yes\n\na \nb\n")
    assert (mail.body, mail.flowed) == ("ab\n", True)


LINES = st.lists(st.text("ab >-", max_size=12), max_size=12)


@given(LINES)
def test_no_word_is_lost_or_moved(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    assert unflow(text, False).replace(">", " ").split() == text.replace(">", " ").split()


@given(st.lists(st.text("ab-", max_size=12), max_size=12))
def test_fixed_lines_stay(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert unflow(text, False) == text

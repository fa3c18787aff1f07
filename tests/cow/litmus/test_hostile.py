"""No text, however broken or large, gives anything but a scenario or a LitmusError."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cow.litmus.strategies import litmuses
from threadkit.cow.litmus.errors import LitmusError, LitmusUnreadable
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.litmus.lexer import MOST_CHARACTERS
from threadkit.cow.litmus.parse import MOST_BYTES, load, parse
from threadkit.cow.litmus.syntax import Litmus

START = 'COW T question "?" { x = anon rw 1 2; } '


def mistake(text: str) -> LitmusError | None:
    try:
        litmus = parse(text)
    except LitmusError as error:
        return error
    assert parse(format_litmus(litmus)) == litmus
    return None


def survives(text: str) -> None:
    if error := mistake(text):
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert str(error).isprintable()
        assert len(error.context().split("\n")) == 2


@given(litmuses(), st.data())
def test_changed_bytes(litmus: Litmus, data: st.DataObject) -> None:
    text = bytearray(format_litmus(litmus).encode())
    places = st.integers(0, len(text) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        text[place] = data.draw(
            st.one_of(st.sampled_from(b'(){}[];:,.=~"\\<> r0'), st.integers(0, 255))
        )
    survives(text.decode(errors="replace"))


@given(litmuses(), st.data())
def test_pieces_left_out_or_doubled(litmus: Litmus, data: st.DataObject) -> None:
    words = format_litmus(litmus).split(" ")
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(words))] * 2)))
    if data.draw(st.booleans()):
        survives(" ".join(words[:first] + words[second:]))
    else:
        survives(" ".join(words[:second] + words[first:]))


@given(st.text())
def test_any_text(text: str) -> None:
    survives(text)


@pytest.mark.parametrize(
    "text",
    [
        START + "parent: exec; exists " + "(" * 30000,
        START + "parent: exec; exists (" + "~" * 30000 + "copies = 0)",
        START + "parent: exec; exists (" + "(~" * 10000 + "copies = 0",
        START + "parent: exec; exists (" + "copies=0/\\" * 6000 + "copies=0)",
        START + "parent: exec; " * 4000 + "exists (copies = 0)",
        START + "par { " + "parent { exec; } " * 3000 + "}",
        START + "parent: exec as a after a" + ", a" * 20000 + "; exists (copies = 0)",
        'COW T question "' + "\\\\" * 30000,
        'COW T question "' + "a" * 60000,
        "COW T (" + "*" * 60000,
        "<" * 60000,
        "<a@" * 20000,
        'COW T question "?" beside ' + " ".join(f"S{number}" for number in range(6000)) + " {",
        'COW T question "?" { ' + " ".join(f"p{n} = anon rw 1 2;" for n in range(2500)) + " }",
        "x" * 60000,
        START + "parent: write x[0] = " + "9" * 60000,
    ],
    ids=lambda text: text[-20:],
)
def test_large_and_deep(text: str) -> None:
    assert len(text) <= MOST_CHARACTERS
    with pytest.raises(LitmusError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#" * (MOST_CHARACTERS + 1), "at most 65536 characters"),
        (START + "parent: exec; " * 65 + "exists (copies = 0)", "at most 64 statements"),
        (
            START + "parent: exec; exists (" + "copies = 0 \\/ " * 100 + "copies = 0)",
            "at most 100 comparisons and predicates",
        ),
        (
            START + "parent: exec; exists (" + "(" * 32 + "copies = 0" + ")" * 33,
            "at most 32 levels of parentheses and '~'",
        ),
        (
            'COW T question "?" {' + "".join(f"p{n} = anon rw 1 2;" for n in range(9)) + "}"
            "parent: exec; exists (copies = 0)",
            "at most 8 pages",
        ),
        (
            START + "".join(f"parent: fork c{n};" for n in range(16)) + "exists (copies = 0)",
            "at most 16 actors",
        ),
    ],
)
def test_bounds(text: str, expected: str) -> None:
    with pytest.raises(LitmusError) as caught:
        parse(text)
    assert caught.value.expected == expected


def test_what_is_just_within_the_bounds() -> None:
    text = START + "parent: exec; " * 64 + "exists (" + "(" * 31 + "copies = 0" + ")" * 32
    assert len(parse(text).ops()) == 64
    forks = "".join(f"parent: fork c{n};" for n in range(15))
    assert len(parse(START + forks + "exists (copies = 0)").ops()) == 15


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "T.litmus"
    text = START + "(* schöner Text *) parent: exec; exists (copies = 0)"
    path.write_text(text, encoding="utf-8")
    assert load(path) == parse(text)


def test_a_file_with_another_name(tmp_path: Path) -> None:
    path = tmp_path / "U.litmus"
    path.write_text("\n" + START + "parent: exec; exists (copies = 0)")
    with pytest.raises(LitmusError, match=r"U.litmus:2:5: expected the name of the file \('U'\)"):
        load(path)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "T.litmus"
    path.write_bytes(b'COW T\nquestion "sch\xf6n"')
    with pytest.raises(LitmusError, match=r"T.litmus:2:14: expected text in UTF-8, found b'\\xf6'"):
        load(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LitmusUnreadable, match=r"T.litmus: No such file") as caught:
        load(tmp_path / "T.litmus")
    assert caught.value.exit_code == 2


def test_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "T.litmus"
    path.write_bytes(b" " * (MOST_BYTES + 1))
    with pytest.raises(LitmusUnreadable, match="no litmus file"):
        load(path)
    with pytest.raises(LitmusUnreadable):
        load(tmp_path)

"""What lines look like, and that no line is lost or read twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.arguments.shapes import LONGEST_LINE, Chunk, chunks, shapes_of


def parts(text: str, trailers: bool = False) -> list[tuple[Chunk, int]]:
    return list(chunks(text, 0, len(text), trailers))


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("This is said.", "prose"),
        ("It works for me; thanks", "prose"),
        ("    we do it here, and", "prose"),
        ("------------", ""),
        ("Reviewed-by: Bo <bo@example.org>", "trailer"),
        ("Fixes: 0123456789ab (\"mm: one\")", "trailer"),
        ("Reviewed: not by me", "prose"),
        ("[   12.345678] BUG: bad page", "log"),
        (" ? foo_bar+0x12/0x340", "log"),
        ("mm/memory.c:12:3: error: no such thing", "log"),
        ("  kernel/fork.c is the file", "prose"),
        ("\tpage = find_page(x);", "code"),
        ("#include <linux/mm.h>", "code"),
        ("static int foo(void)", "prose"),
        ("goto out;", "code"),
        ("https://example.org/x", "link"),
        ("[2] <https://example.org/x>", "link"),
        ("0123456789ab (\"mm: one\")", "commit"),
        ("commit 0123456789abcdef", "commit"),
        ("decade of work", "prose"),
        ("x" * 500, "prose"),
        ("[   12.345678] " + "x" * 500, "log"),
    ],
)  # fmt: skip
def test_a_line_by_itself(line: str, shape: str) -> None:
    assert shapes_of([line]) == [shape]


def test_one_line_of_columns_is_no_table() -> None:
    assert shapes_of(["a  b  c", "It is so."]) == ["prose", "prose"]
    assert shapes_of(["a  b  c", "d  e  f"]) == ["table", "table"]


def test_words_within_code_belong_to_it() -> None:
    assert shapes_of(["\tfoo(x);", "out", "\tbar(x);"]) == ["code"] * 3


def test_a_table_of_words_behind_bars_is_pasted() -> None:
    line = "| we said that the page must not be freed here"
    assert shapes_of([line, line]) == ["pasted", "pasted"]


def test_all_lines_of_a_block_of_trailers_are_trailers_but_folded_ones() -> None:
    text = 'Cc: Bo <bo@example.org>\nFixes: 0123456789ab ("mm: a long\n name")\nLink: x\n'
    assert [text[c.start : c.stop] for c, _ in parts(text, trailers=True)] == [
        "Cc: Bo <bo@example.org>",
        'Fixes: 0123456789ab ("mm: a long\n name")',
        "Link: x",
    ]


def test_a_long_line_parts_what_is_around_it() -> None:
    text = f"one\n{'x' * (LONGEST_LINE + 1)}\ntwo\n"
    assert [text[c.start : c.stop] for c, _ in parts(text)] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("It says:\n<quote>\nNo. It is not.\n\nNot at all.\n</quote>\nIs it?\n",
         ["heading", "pasted", "pasted", "prose"]),
        ("Try\n```c\nfoo here\n\nbar\n```\nIs it?\n", ["prose", "code", "code", "prose"]),
        ("Try\n```\nfoo here\n", ["prose"]),
        ("He said:\n\n<quote>\n\nIt is so.\n", ["heading", "log", "prose"]),  # never closed
    ],
)  # fmt: skip
def test_what_is_between_fences_has_their_shape(text: str, shapes: list[str]) -> None:
    assert [chunk.shape for chunk, _ in parts(text)] == shapes


def test_a_pasted_commit_ends_where_its_indentation_does() -> None:
    text = "commit 0123456789abcdef\nAuthor: Bo\n\n    mm: x\n\n    It is.\n\nSo what?\n\n    y\n"
    shapes = [chunk.shape for chunk, _ in parts(text)]
    assert shapes == ["pasted", "pasted", "pasted", "prose", "prose"]


LINE = st.sampled_from(
    ("", "word", "two words.", "- item", "  more", "\tfoo(x);", "[  1.234567] x", "a  b  c",
     "| a | b", "https://example.org", "Acked-by: Bo <b@example.org>", "=====", "[1]",
     "commit 0123456789abcdef", "Author: Bo", " * star", "\u00a0", "1. one", "{", "#regzbot x:")
)  # fmt: skip


@given(st.lists(st.one_of(LINE, st.text(max_size=30)), max_size=20).map("\n".join), st.booleans())
def test_chunks_are_in_order_and_lose_nothing(text: str, trailers: bool) -> None:
    last = number = 0
    for chunk, paragraph in parts(text, trailers):
        assert last <= chunk.start <= chunk.text <= chunk.stop <= len(text)
        assert text[chunk.start : chunk.stop] == text[chunk.start : chunk.stop].strip()
        assert chunk.start < chunk.stop
        assert number <= paragraph <= number + 1
        assert not any(letter.isalnum() for letter in text[last : chunk.start])
        last, number = chunk.stop, paragraph
    assert not any(letter.isalnum() for letter in text[last:])

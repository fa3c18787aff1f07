"""What holds for every body, whatever is in it."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from types import FrameType
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from threadkit.mail.block import BlockKind
from threadkit.mail.body import blocks, content_spans, strip_quotes

MARKS = st.sampled_from(["", "", "> ", ">", "> > ", ">> ", ">  > ", "| ", "AE> ", " > ", "\t"])
LINES = st.sampled_from(
    [
        "",
        " ",
        "Why is that so?",
        "On Tue, 1 Sep 2020 at 10:20, Ada Example wrote:",
        "<ada@example.org> wrote:",
        "-----Original Message-----",
        "From: Ada <ada@example.org>",
        "Sent: Tuesday",
        "To: Bob <bob@example.org>;",
        "Subject: pages",
        "-- ",
        "--",
        "---",
        "-- >8 --",
        "[...]",
        "Signed-off-by: Ada <ada@example.org>",
        "[ada: changed]",
        'Fixes: 0123456789ab ("x',
        "#regzbot poke",
        "_" * 30,
        "x mailing list",
        "To unsubscribe from this list: send",
        "diff --git a/x b/x",
        "--- a/x",
        "+++ b/x",
        "@@ -1,3 +1,4 @@",
        "+added",
        "-removed",
        " kept",
        "GIT binary patch",
        "literal 3",
        " x | 2 +-",
        " 1 file changed, 1 insertion(+)",
        "3c3",
        "=======",
        ">>>>>>> x",
        ">From here",
        "\u2026",
        "a\x0bb\x0cc\u2028d\rx",
    ]
)
BODIES = st.one_of(
    st.lists(st.builds(str.__add__, MARKS, LINES), max_size=40).map("\n".join),
    st.text(st.sampled_from("> \n-+@[.aO:_|\t8<"), max_size=200),
    st.text(max_size=100),
)


@given(BODIES)
@example("")
@example("\n")
@example("\n\n> a")
def test_blocks_cover_the_body_in_whole_lines(text: str) -> None:
    found = blocks(text)
    assert "".join(text[b.start : b.stop] for b in found) == text
    at = 0
    for block in found:
        assert block.start == at < block.stop
        assert block.stop == len(text) or text[block.stop - 1] == "\n"
        assert block.kind in get_args(BlockKind)
        assert block.depth >= (block.kind == "quote")
        at = block.stop
    pairs = itertools.pairwise(found)
    assert all((a.kind, a.depth, a.certain) != (b.kind, b.depth, b.certain) for a, b in pairs)


@given(BODIES)
def test_content_spans_are_the_ends_of_the_lines_of_the_block(text: str) -> None:
    for block in blocks(text):
        whole = text[block.start : block.stop].removesuffix("\n").split("\n")
        spans = content_spans(text, block)
        at = block.start
        assert len(spans) == len(whole)
        for line, (start, stop) in zip(whole, spans, strict=True):
            assert at <= start <= stop == at + len(line)
            assert block.depth or start == at
            at = stop + 1


@given(st.lists(st.sampled_from(["> ", ">", " > "]), max_size=6), st.text("ab c", min_size=1))
def test_strip_quotes_undoes_quoting(marks: list[str], words: str) -> None:
    words = f"x{words}"
    line = "".join(marks) + words
    depth, start = strip_quotes(line)
    assert depth == len(marks)
    assert line[start:].lstrip(" ") == words
    assert strip_quotes(line, most=depth) == (depth, start)


PARTS = st.lists(
    st.tuples(st.integers(0, 4), st.lists(st.sampled_from(["so be it", "why", "no"]), min_size=1)),
    min_size=1,
    max_size=12,
)


@given(PARTS, st.sampled_from(["> ", ">"]))
def test_quoted_and_own_paragraphs_are_told_apart(
    parts: list[tuple[int, list[str]]], mark: str
) -> None:
    expected: list[tuple[int, str]] = []
    text = ""
    for depth, lines in parts:
        text += "".join(f"{mark * depth}{line}\n" for line in lines) + "\n"
        if expected and expected[-1][0] == depth:
            lines = [*expected.pop()[1].split(), *lines]
        expected.append((depth, " ".join(" ".join(lines).split())))
    found = [
        (b.depth, " ".join(" ".join(text[i:j] for i, j in content_spans(text, b)).split()))
        for b in blocks(text)
    ]
    assert found == expected


@given(BODIES)
def test_quoting_a_body_once_more_makes_it_all_a_quote(text: str) -> None:
    quoted = "".join(f"> {line}\n" for line in text.split("\n"))
    assert {b.kind for b in blocks(quoted)} <= {"quote", "attribution"}
    assert all(b.depth >= 1 for b in blocks(quoted))


def steps(action: Callable[[], object]) -> int:
    """Lines of Python that threadkit executes for an action."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Callable[..., object] | None:
        nonlocal count
        if "threadkit" not in frame.f_code.co_filename:
            return None
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


HOSTILE = [
    "> x\n",
    ">\n",
    "x\n>\n",
    "> a\n>> b\n",
    "--\n",
    "-- \n",
    "--\nx\n",
    "From: a\n",
    "-----Original Message-----\nFrom: a\nTo: b\n",
    "On x\n> q\n",
    "On Tue, 1 Sep 2020, a wrote:\n",
    "@@ -1,9 +1,9 @@\n",
    "diff --git a b\n\n",
    "--- a\n+++ b\n",
    "Signed-off-by: a <b@example.org>\n",
    'Fixes: 0123456789ab ("\n',
    "[a: b]\n",
    "---\n",
    " a | 1 +\n",
    "| x\n\n",
    "AE> x\n",
    "1a2\n> b\n",
    "---\n> a\n",
    "=======\n>>>>>>> x\n",
    ">From x\n",
    "To unsubscribe from this list: x\n",
    "\n",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_work_grows_no_faster_than_the_body(line: str) -> None:
    def work(count: int) -> int:
        text = line * count
        return steps(lambda: [content_spans(text, block) for block in blocks(text)])

    assert work(1200) <= 4.5 * work(300) + 500


@pytest.mark.parametrize("start", [">", "> ", "-", "[", "[...", "_", "|", " a | ", "@@ -1", "A: "])
def test_one_huge_line_is_one_block(start: str) -> None:
    text = start * (200_000 // len(start))
    assert [(b.start, b.stop) for b in blocks(text)] == [(0, len(text))]
    assert steps(lambda: blocks(text)) < 1_000

"""Text and tree say the same, in both directions."""

from __future__ import annotations

import textwrap
from itertools import cycle
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import threadkit.cow.litmus as language
from tests.cow.litmus.strategies import litmuses
from threadkit.cow.litmus.format import format_litmus, format_op
from threadkit.cow.litmus.lexer import Source, Token, tokens
from threadkit.cow.litmus.parse import load, parse
from threadkit.cow.litmus.syntax import (
    ADVICE,
    COUNTERS,
    KERNEL_ACTORS,
    PAGE_KINDS,
    PAGE_WORDS,
    PREDICATES,
    VERBS,
    Litmus,
)

SHIPPED = Path(__file__).parents[3] / "data" / "litmus"

SPACES = st.sampled_from(
    [" ", "\n", "\t", " # to the end\n", "(* prose\n * of two lines *)", "\r\n"]
)


def written(token: Token) -> str:
    if token.kind == "string":
        return '"' + token.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"<{token.text}>" if token.kind == "mail" else token.text


@given(litmuses(), st.lists(SPACES, min_size=1, max_size=9))
def test_text_and_tree_say_the_same(litmus: Litmus, spaces: list[str]) -> None:
    text = format_litmus(litmus)
    assert parse(text) == litmus
    in_one_line = " ".join(text.split())
    assert all(format_op(op) in in_one_line for op in litmus.ops())
    gaps = cycle(spaces)
    free = "".join(next(gaps) + written(token) for token in tokens(Source(text, "t")))
    assert parse(free) == litmus


def test_the_scenario_in_the_description_is_one() -> None:
    page = language.__doc__ or ""
    example = page[page.index("    COW S4") : page.index("**Order.**")]
    litmus = parse(textwrap.dedent(example))
    assert [op.verb for op in litmus.ops()] == ["pin", "fork", "write", "exit", "dma_out", "read"]
    assert [(r.kind, r.note) for r in litmus.references][:2] == [
        ("commit", "what it shows"),
        ("mail", ""),
    ]


def test_the_description_names_every_word() -> None:
    page = (language.__doc__ or "").replace("``", " ").replace("(", " (")
    words = set(page.replace(";", " ").replace(":", " ").replace(",", " ").split())
    for group in (VERBS, PREDICATES, COUNTERS, PAGE_KINDS, PAGE_WORDS, ADVICE, KERNEL_ACTORS):
        assert set(group) <= words


def test_a_thread_means_the_pages_of_its_process() -> None:
    litmus = parse(
        'COW T question "?" { x = anon rw 1 2; thread t of child; }'
        " parent: fork child; t: write x[0] = 0x10; noise2: get_page h = child.x;"
        " exists (t:x[0] = 16 \\/ child:x[1] = segv)"
    )
    write, get = litmus.ops()[1:]
    assert (write.page.process, write.value) == ("child", 16)
    assert (get.actor, get.page.process) == ("noise2", "child")


def test_a_text_over_lines_is_one_line() -> None:
    litmus = parse(
        'COW T question "Is it\n    \\"copied\\"?" { x = anon rw 1 2; }'
        " parent: exit; exists (copies > 0)"
    )
    assert litmus.question == 'Is it "copied"?'


def test_single_statements_are_phases_and_a_par_is_one() -> None:
    litmus = parse(
        'COW T question "?" { x = anon rw 1 2; } parent: write x[0] = 3; parent: write x[1] = 3;'
        " par { parent { write x[0] = 4; write x[1] = 4; } reclaim { swap_out parent.x; } }"
        " exists (copies > 0)"
    )
    assert [[len(column) for column in phase.columns] for phase in litmus.phases] == [
        [1],
        [1],
        [2, 1],
    ]


def test_parentheses_and_precedence() -> None:
    start = 'COW T question "?" { x = anon rw 1 2; } parent: exec; exists '
    one = parse(start + "(copies = 1 /\\ reuses = 1 \\/ ~alive(parent) /\\ harm(wrong))")
    two = parse(start + "((copies = 1 /\\ reuses = 1) \\/ ((~(alive(parent))) /\\ harm(wrong)))")
    other = parse(start + "(copies = 1 /\\ (reuses = 1 \\/ ~alive(parent)) /\\ harm(wrong))")
    assert one == two != other


def test_shipped_scenarios_are_as_the_formatter_writes_them() -> None:
    files = sorted(SHIPPED.glob("*.litmus"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert format_litmus(load(path)) == text, f"{path.name} is not in normal form"

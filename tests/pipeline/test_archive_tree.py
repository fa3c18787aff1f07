"""Trees as text: every row once, in lore's order, side discussions only indented."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import threadkit as tk
from threadkit import notebook
from threadkit.pipeline.thread import Tree
from threadkit.pipeline.tree import LOOSE_LINE, Node, draw


def node(key, *, title="fork", **more):
    return Node(key, f"Person {key}", title, f"2020-01-01T{key % 24:02}:00:00Z", **more)


@st.composite
def shapes(draw):
    """Depths of a conversation in reading order."""
    depths = [0]
    for _ in range(draw(st.integers(0, 60))):
        depths.append(draw(st.integers(0, depths[-1] + 1)))
    return depths


def indent(line):
    """Columns of line drawing before the author."""
    marks = line[17:]
    return len(marks) - len(marks.lstrip("│├└─┬ "))


@given(shapes())
def test_every_row_is_drawn_once_in_both_styles(depths):
    rows = [(depth, node(key)) for key, depth in enumerate(depths)]
    for style in ("heavy", "lore"):
        lines = list(draw(rows, style))
        assert sorted(line.split("Person ")[1].split()[0] for line in lines) == sorted(
            str(key) for key in range(len(rows))
        )


@given(shapes())
def test_the_heavy_tree_is_at_most_logarithmically_deep(depths):
    rows = [(depth, node(key)) for key, depth in enumerate(depths)]
    deepest = max(indent(line) for line in draw(rows))
    assert deepest <= 2 * (math.log2(len(rows)) + 1) + 2


@given(shapes(), st.integers(20, 100))
def test_a_width_is_kept(depths, columns):
    rows = [(depth, node(key, title="日本語 " * 9)) for key, depth in enumerate(depths)]
    for style in ("heavy", "lore"):
        assert all(len(line) <= columns for line in draw(rows, style, columns=columns))


def test_lore_style_follows_its_row_grammar():
    rows = [
        (0, node(1)),
        (1, node(2)),
        (2, node(3, title="fork, again")),
        (1, node(4, ghost=True, message_id="gone@example.org")),
        (2, node(5, title="fork, again")),
        (0, node(6, loose=True)),
    ]
    assert list(draw(rows, "lore", here=3)) == [
        "2020-01-01  1:00 fork Person 1",
        "2020-01-01  2:00 ` Person 2",
        "2020-01-01  3:00   ` fork, again Person 3 [this message]",
        "     [not found] ` <gone@example.org>",
        "2020-01-01  5:00   ` Person 5",
        LOOSE_LINE,
        "2020-01-01  6:00 fork Person 6",
    ]


def test_the_main_line_goes_straight_down():
    rows = [(0, node(1)), (1, node(2)), (2, node(3)), (1, node(4)), (2, node(5)), (3, node(6))]
    assert [line[17:] for line in draw(rows)] == [
        "┬ Person 1             fork",
        "├─┬ Person 2",
        "│ └ Person 3",
        "├ Person 4",
        "├ Person 5",
        "└ Person 6",
    ]
    plain = [line[17:] for line in draw(rows, ascii_only=True)]
    assert plain[1:3] == ["+-+ Person 2", "| ` Person 3"]


def test_a_root_says_its_subject_even_if_the_row_above_has_the_same():
    rows = [(0, node(1)), (1, node(2)), (0, node(3))]
    assert [line.endswith("  fork") for line in draw(rows)] == [True, False, True]


def test_a_thread_may_be_as_deep_as_it_likes():
    rows = [(depth, node(depth)) for depth in range(20_000)]
    lines = list(draw(rows))
    assert len(lines) == 20_000
    assert max(map(indent, lines)) == 2


def test_a_large_thread_stays_small_in_a_notebook():
    rows = [(depth % 50, node(depth)) for depth in range(10_000)]
    page = Tree(list(draw(rows)))._repr_html_()
    assert len(page) < 20_000
    assert "9,950 more lines" in page
    lanes = [notebook.Lane(f"P{n}", 1000, [i / 999 for i in range(1000)]) for n in range(400)]
    assert len(notebook.lanes(lanes)) < 100_000


@pytest.fixture(scope="module")
def cow(corpora, tmp_path_factory):
    path = tmp_path_factory.mktemp("cow") / "cow.db"
    tk.import_mail(path, [str(corpora / "cow-thread" / "cow-thread.mbox")], workers=0)
    with tk.open(path) as archive:
        yield archive


def test_the_seeds_thread_reads_as_lores_own_overview(cow, corpora):
    folder = corpora / "cow-thread"
    wanted = (folder / "seed-overview.txt").read_text().splitlines()[1:]
    here = cow.message("alpine.LSU.2.11.2008312207450.1212@eggly.anvils")
    got = [line for line in here.thread.tree("lore", here=here) if line != LOOSE_LINE]
    ghosts = [
        row["row"] for row in json.loads((folder / "thread.json").read_text()) if not row["raw"]
    ]
    assert len(got) == len(wanted) == 98
    assert [n for n, (a, b) in enumerate(zip(got, wanted, strict=True)) if a != b] == ghosts == [51]
    assert got[51].startswith("     [not found] ")


def test_the_seeds_thread_drawn_by_heavy_paths_is_two_levels_deep(cow):
    thread = cow.thread("alpine.LSU.2.11.2008312207450.1212@eggly.anvils")
    assert thread.depth == 32
    lines = [line for line in thread.tree() if line != LOOSE_LINE]
    assert len(lines) == 98
    assert max(map(indent, lines)) <= 7


def test_the_seed_alone_shows_the_overview_and_what_is_not_here(seed_page, tmp_path):
    tk.import_mail(tmp_path / "seed.db", [str(seed_page)], workers=0)
    with tk.open(tmp_path / "seed.db") as archive:
        thread = archive.thread("alpine.LSU.2.11.2008312207450")
        assert thread.summary() == "1 of 98 messages here, 16 people, 2020-08-21..2022-02-16"
        lines = thread.tree(here=thread.messages[0]).lines
        assert len(lines) == 99
        assert sum(line.endswith("[not here]") for line in lines) == 97
        (this,) = [line for line in lines if line.endswith("[this message]")]
        assert "Hugh Dickins" in this
        assert len(thread._repr_html_()) < 20_000

"""Rows as text: nothing is lost in a pipe, everything fits on a terminal."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cli.console import Console
from threadkit.cli.formats import Listing, dump
from threadkit.pipeline.display import cut, fit, one_line, printable, width

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CELLS = st.one_of(TEXT, st.integers(), st.none())
ROWS = st.lists(st.tuples(CELLS, TEXT), max_size=5)
COLUMNS = ("one", "two")


def shown(rows, form, **settings):
    """What a listing prints in a pipe."""
    listing = Listing(form, settings.pop("headers", False), settings.pop("columns", ()), None)
    written = []
    console = Console(**settings)
    console.write = written.extend  # type: ignore[method-assign]
    listing.show(console, COLUMNS, rows)
    return written


def unescape(cell):
    out, chars = "", iter(cell)
    for char in chars:
        out += {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}[next(chars)] if char == "\\" else char
    return out


@given(ROWS)
def test_tab_separated_values_keep_every_character_one_row_a_line(rows):
    lines = shown(rows, "tsv")
    assert not any("\n" in line or "\r" in line for line in lines)
    back = [tuple(unescape(cell) for cell in line.split("\t")) for line in lines]
    assert back == [tuple("" if c is None else str(c) for c in row) for row in rows]


@given(ROWS)
def test_comma_separated_values_read_back(rows):
    text = "\n".join(shown(rows, "csv")) + "\n" if rows else ""
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back == [["" if c is None else str(c) for c in row] for row in rows]


@given(ROWS)
def test_json_is_one_array_with_the_same_objects_as_lines(rows):
    wanted = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert json.loads("\n".join(shown(rows, "json"))) == wanted
    assert [json.loads(line) for line in shown(rows, "nl")] == wanted


@given(ROWS)
def test_a_table_in_a_pipe_is_never_cut_and_never_raw(rows):
    lines = shown(rows, "table")
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert line == one_line(line)
        assert one_line(row[1]).rstrip() in line


def test_columns_are_chosen_and_ordered():
    assert shown([(1, "a")], "tsv", columns=("two", "one"), headers=True) == ["two\tone", "a\t1"]


def test_no_headers_and_no_rows_print_nothing():
    assert shown([], "tsv") == shown([], "csv") == shown([], "nl") == shown([], "table") == []
    assert shown([], "json") == ["[]"]


def test_blobs_have_a_form_everywhere():
    assert shown([(b"\x00\xff", "")], "tsv") == ["00ff\t"]
    assert shown([(b"\x00\xff", "x")], "table") == ["<2 bytes>  x"]
    assert json.loads(shown([(b"\x00", "")], "nl")[0])["one"] == {
        "$base64": True,
        "encoded": "AA==",
    }


@given(TEXT, st.integers(1, 60))
def test_text_is_cut_and_padded_to_columns(text, columns):
    line = one_line(text)
    assert width(cut(line, columns)) <= columns
    assert width(fit(line, columns)) == columns
    if width(line) <= columns:
        assert cut(line, columns) == line


@given(st.text(max_size=80))
def test_nothing_that_drives_a_terminal_survives(text):
    clean = printable(text)
    assert all(char in "\t\n" or (char >= " " and char != "\x7f") for char in clean)
    assert not set(clean) & set("\x9b\u202e\u2066\u200f\ufeff\ud800")
    assert printable(clean) == clean


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("日本語", 6), ("é", 1), ("e\u0301", 1), ("👍", 2), ("👩\u200d👩", 2), ("한", 2)],
)
def test_wide_and_joined_characters_count_as_terminals_draw_them(text, columns):
    assert width(text) == columns


def test_a_listing_ends_with_the_reader(archive):
    """An unbounded query starts to print before it ends."""
    from threadkit.cli.app import app

    sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    result = CliRunner().invoke(app, ["--db", str(archive), "query", "--nl", "-n", "3", sql])
    assert result.stdout == '{"i": 1}\n{"i": 2}\n{"i": 3}\n'


class Watched(Console):
    """A console whose output a person reads."""

    tty = True


@given(TEXT)
def test_json_on_a_terminal_holds_nothing_that_drives_it(text):
    value = {"text": text + "\x1b[2J\x7f\x9b\u202e"}
    said = dump(Watched(), value)
    assert said.isascii()
    assert said.isprintable()
    assert json.loads(said) == value
    assert "\x7f" not in dump(Console(), value)

"""YAML is read to plain values; what another reader may take otherwise is a problem."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from threadkit.casebook.yamltext import DEPTH_MOST, read_yaml

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_what_json_holds_is_read_as_it_is(value: object) -> None:
    """JSON is YAML, but for characters that YAML has not."""
    text = json.dumps(value)
    tree = read_yaml(text)
    hidden = [problem for problem in tree.problems if "control character" in problem[1]]
    if tree.is_whole:
        assert tree.value == value
        assert tree.problems == hidden


@given(VALUES)
def test_it_agrees_with_another_reader_where_it_has_no_objection(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    tree = read_yaml(text)
    if tree.is_whole and not tree.problems:
        assert tree.value == yaml.safe_load(text)


@given(st.text(alphabet="ab:-,[]{}\"'#&*!|>%@?\n \t0y", max_size=60) | st.text(max_size=40))
def test_no_text_raises_and_what_is_wrong_has_a_line(text: str) -> None:
    tree = read_yaml(text)
    assert all(1 <= line <= text.count("\n") + 2 for line, _ in tree.problems)
    assert tree.is_whole or tree.problems


@pytest.mark.parametrize(
    "word", ["yes", "No", "on", "OFF", "True", "012", "0x1f", "1_000", "12:30:45", "1.5", "1e3.0", ".inf"]
)  # fmt: skip
def test_words_that_another_reader_takes_otherwise(word: str) -> None:
    tree = read_yaml(f"a: {word}\n")
    taken = yaml.safe_load(f"a: {word}\n")["a"] != word
    assert tree.value == {"a": word}
    assert bool(tree.problems) == taken
    assert read_yaml(f'a: "{word}"\n').problems == []


@pytest.mark.parametrize("word", ["~", "null", "true", "0", "-7", "2020-09-01", "a.b", "S4"])
def test_words_that_are_what_they_look_like(word: str) -> None:
    assert read_yaml(f"- {word}\n").problems == []


def test_lines_are_those_of_keys_and_items() -> None:
    tree = read_yaml("a:\n  - b: 1\n    c:\n      2\n  - d\n")
    assert tree.value == {"a": [{"b": 1, "c": 2}, "d"]}
    assert tree.lines == {
        (): 1, ("a",): 1, ("a", 0): 2, ("a", 0, "b"): 2, ("a", 0, "c"): 3, ("a", 1): 5,
    }  # fmt: skip


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_depth_is_bounded(opening: str) -> None:
    tree = read_yaml(opening * 5000)
    assert tree.problems == [(1, f"more than {DEPTH_MOST} lists and mappings inside each other")]


def test_aliases_are_not_followed() -> None:
    """Nine lists of nine aliases each would be a billion items."""
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    tree = read_yaml(bomb)
    assert not tree.is_whole
    assert any("an alias" in said for _, said in tree.problems)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\n---\nb: 2\n", 2, "a second document"),
        ("a: 1\n? [b]\n: 2\n", 2, "a key that is no text"),
        ("a: 1\nb: 2\na: 3\n", 3, "a comes twice; first in line 1"),
        ("a: !!python/object:os.system x\n", 1, "a tag"),
        ("a: [1\nb: 2\n", 2, "not YAML"),
        ("a: \x07\n", 1, "not YAML"),
        ('a:\n  - "\\e[31m"\n', 2, "a control character (U+001B)"),
        ("a:\n\tb: 1\n", 2, "not YAML"),
        ("a: 1\nb: 2 # c\u2028# d\ne: [\n", 2, "a hidden end of a line (U+2028)"),
        ("a: 1\nb: x\x85y\n", 2, "a hidden end of a line (U+0085)"),
    ],
)
def test_what_is_refused(text: str, line: int, said: str) -> None:
    assert any(at == line and said in clause for at, clause in read_yaml(text).problems)


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threadkit.casebook.yamltext.NODES_MOST", 10)
    tree = read_yaml("[" + "1, " * 20 + "]")
    assert tree.problems == [(1, "more than 10 values")]
    assert not tree.is_whole

"""Argdown: what we write comes back, what people write is understood or refused by its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.argument.graphs import HOSTILE, graphs
from threadkit.errors import SourceError
from threadkit.graph.argument.formats.argdown import argdown
from threadkit.graph.argument.formats.argdown_read import read_argdown
from threadkit.graph.argument.formats.argdown_text import ArgdownText
from threadkit.graph.argument.formats.reading import Reading
from threadkit.graph.argument.values import ArgumentGraph, Edge, Node


def written(graph: ArgumentGraph, by: str = "person") -> str:
    return "".join(f"{line}\n" for line in argdown(graph, by))


def read(text: str) -> Reading:
    return read_argdown(text, "map.argdown")


def edges(text: str) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.kind, edge.target) for edge in read(text).graph.edges}


def texts(text: str) -> dict[str, str]:
    return {node.id: node.text for node in read(text).graph.nodes}


@given(graphs(), st.sampled_from(["person", "question", "none"]))
def test_what_is_written_comes_back(graph, by):
    text = written(graph, by)
    text.encode("utf-8")
    assert read(text) == Reading(graph, ())


@given(graphs())
def test_line_ends_of_another_system_do_not_matter(graph):
    assert read(written(graph).replace("\n", "\r\n")).graph == graph


def test_a_changed_text_wins_over_the_kept_one():
    graph = ArgumentGraph.of([Node("c1", "It is\nslow.", person="Ann")], [])
    text = written(graph)
    assert '"text": "It is\\nslow."' in text
    assert texts(text.replace("[c1]: It is slow", "[c1]: It was slow")) == {"c1": "It was slow."}


def test_a_removed_line_removes_the_relation_whatever_the_data_say():
    graph = ArgumentGraph.of(
        [Node("c1", "Yes."), Node("c2", "No.")], [Edge("c2", "attack", "c1", score=0.5)]
    )
    assert read(written(graph).replace("  - [c2]\n", "")).graph.edges == ()


def test_a_changed_sign_changes_the_kind():
    graph = ArgumentGraph.of(
        [Node("c1", "Yes."), Node("c2", "No.")], [Edge("c2", "attack", "c1", score=0.5)]
    )
    assert edges(written(graph).replace("  - [c2]", "  + [c2]")) == {("c2", "support", "c1")}


def test_a_run_of_the_model_is_told_apart_from_what_people_say():
    graph = ArgumentGraph.of([Node("model:peek", "The child reads it.", origin="model")], [])
    text = written(graph)
    assert "# Executable model" in text
    assert "(executable model) The child reads it." in text


def test_an_undercut_relation_stands_between_its_ends():
    step = Edge("c2", "attack", "c1")
    graph = ArgumentGraph.of(
        [Node("c1", "Yes."), Node("c2", "No."), Node("c3", "Not so.")],
        [step, Edge("c3", "undercut", step.id)],
    )
    text = written(graph)
    assert f"<{step.id}>" in text
    assert "  + [c2]\n  -> [c1]\n  _ [c3]\n" in text
    turned = text.replace("  -> [c1]", "  +> [c1]")
    new = Edge("c2", "support", "c1")
    assert edges(turned) == {("c2", "support", "c1"), ("c3", "undercut", new.id)}


@pytest.mark.parametrize(
    ("sign", "expected"),
    [
        ("+", ("b", "support", "a")),
        ("<+", ("b", "support", "a")),
        ("+>", ("a", "support", "b")),
        ("-", ("b", "attack", "a")),
        ("<-", ("b", "attack", "a")),
        ("->", ("a", "attack", "b")),
        ("_", ("b", "undercut", "a")),
        ("<_", ("b", "undercut", "a")),
        ("_>", ("a", "undercut", "b")),
    ],
)
def test_signs(sign, expected):
    assert edges(f"[a]: One.\n  {sign} <b>: Two.\n") == {expected}


def test_a_contradiction_is_an_attack_both_ways():
    assert edges("[a]: One.\n\t>< [b]: Two.\n") == {("a", "attack", "b"), ("b", "attack", "a")}


def test_relations_nest():
    text = "[a]: One.\n  - <b>: Two.\n    + [c]: Three.\n  + [d]: Four.\n"
    assert edges(text) == {("b", "attack", "a"), ("c", "support", "b"), ("d", "support", "a")}


def test_a_numbered_argument():
    text = (
        "<why>: For two reasons.\n\n(1) [p]: One.\n(2) [q]: Two.\n"
        "-- modus ponens --\n  _ [u]: Not here.\n(3) [r]: So.\n"
    )
    assert edges(text) == {
        ("p", "support", "why"),
        ("q", "support", "why"),
        ("why", "support", "r"),
        ("u", "undercut", "why"),
    }
    assert edges("(1) [p]: One.\n----\n(2) [r]: So.\n  + [s]: Yes.\n") == {
        ("p", "support", "r"),
        ("s", "support", "r"),
    }


def test_text_over_several_lines_with_escapes_comments_and_tags():
    text = "// of no account\n[a]: One \\[1\\] and /* not this */\nmore #tag\n\n[b]: Two.\n"
    assert texts(text) == {"a": "One [1] and more #tag", "b": "Two."}


def test_yaml_data_of_other_tools():
    found = read(
        "===\ntitle: A map\n===\n\n# Part {isGroup: true}\n\n[a]: One. {person: Ann, x: [1]}\n"
    )
    assert found.graph.title == "A map"
    assert found.graph.nodes == (Node("a", "One.", person="Ann"),)


def test_a_statement_without_a_title_is_named_by_its_text():
    (first,) = read("It is slow.\n").graph.nodes
    (second,) = read("It is\nslow.\n").graph.nodes
    assert first == second
    assert first.id.startswith("a:")


def test_a_statement_with_two_texts_is_noted():
    found = read("[a]: One.\n\n[a]: Two.\n")
    assert texts("[a]: One.\n\n[a]: Two.\n") == {"a": "Two."}
    assert found.notes == ("line 3, column 1: a has a text already; this one is kept",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- [a]: One.\n", "line 1, column 1: a relation stands below what it is to"),
        ("[a]: One. {x: [}\n", "line 1, column 16: data in braces: expected a value"),
        ("[a]: One. {x: 1} more\n", "line 1, column 18: text behind data in braces"),
        ("[a]: One. {score: 2}\n", "line 1, column 1: score 2.0 is not between 0 and 1"),
        ("[a]: One. {person: [x]}\n", "line 1, column 1: person is"),
        ("[a]: One. {score: " + "9" * 400 + "}\n", "line 1, column 1: score is too large a number"),
        ("[a]: One. {start: " + "9" * 5000 + "}\n", "line 1, column 19: data in braces: a number"),
        ('[a]: One. {"start": ' + "9" * 5000 + "}\n", "line 1, column 21: data in braces: a number"),
        ("[a] One.\n", "line 1, column 4: text behind a name needs a colon"),
        ("(1) One.\n----\n", "line 2, column 1: an inference without a conclusion"),
        ("----\n", "line 1, column 1: an inference without a premise"),
        ("[a]: One.\n  - \n", "line 2, column 5: expected a statement or an argument"),
        (
            '<r> {edge: {source: a, kind: pushes, target: a}}\n\n[a]: One.\n',
            "line 1, column 1: relation pushes is not known",
        ),
        (
            '<r> {edge: {}}\n  _> <s>\n\n<s> {edge: {}}\n  _> <r>\n',
            "line 5, column 3: relations that undercut each other in a ring",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(text, message):
    with pytest.raises(SourceError) as caught:
        read(text)
    assert str(caught.value).startswith(f"map.argdown: {message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sign", ["]:", ">:", "]: x [", "[", "<r>: ", "\\]:", '"]:'])
def test_data_that_hold_the_end_of_a_name_are_read_as_data(sign):
    step = Edge("c1", "attack", "c1", rule=sign)
    graph = ArgumentGraph.of(
        [Node("c1", "", person=f"x {sign} y"), Node("c2", "Yes.", rule=sign)],
        [step, Edge("c2", "undercut", step.id), Edge("c2", "answer", "c1", rule=sign)],
    )
    assert read(written(graph)) == Reading(graph, ())


class Searched(str):
    """Counts the characters that a search for a text may look at."""

    looked = 0

    def find(self, *args: object) -> int:
        Searched.looked += len(self) - int(args[1])  # type: ignore[call-overload]
        return super().find(*args)  # type: ignore[arg-type]


@pytest.mark.parametrize("begin", ["/* ", "<!-- "])
def test_comments_that_never_end_are_text_and_looked_for_once(begin):
    text = Searched("[a]: x " + begin * 2000)
    Searched.looked = 0
    (row, *_) = ArgdownText(text, "map.argdown").rows()
    assert row.element is not None
    assert row.element.text == "x" + f" {begin.strip()}" * 2000
    assert 0 < Searched.looked <= 2 * len(text)
    assert texts("[a]: x /* y\n\n[b]: z */ w\n") == {"a": "x w"}


@given(st.lists(st.one_of(HOSTILE, st.sampled_from(["[a]", "<b>", ": ", "\n", "  ", "+ ", "(1) ", "----\n", "{a: 1}"])), max_size=20).map("".join))  # fmt: skip
def test_any_text_is_read_or_refused(text):
    try:
        found = read(text)
    except SourceError:
        return
    assert read(written(found.graph)).graph == found.graph

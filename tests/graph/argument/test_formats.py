"""Files for solvers, drawings and tables, and what changed between two maps."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.argument.graphs import graphs
from threadkit.graph.argument.acceptability import acceptability
from threadkit.graph.argument.difference import Change, difference
from threadkit.graph.argument.encoding import encode
from threadkit.graph.argument.formats import READERS, WRITERS, to_networkx
from threadkit.graph.argument.framework import Framework
from threadkit.graph.argument.labellings import grounded
from threadkit.graph.argument.values import EDGE_KINDS, ArgumentGraph, Edge, Node
from threadkit.graph.argument.verdicts import Verdict, with_verdicts
from threadkit.graph.export.plain import visible

STEP = Edge("c2", "attack", "c1", score=0.5)
DEBATE = ArgumentGraph.of(
    [
        Node("c1", "It is safe."),
        Node("c2", 'It is "not".', state="candidate"),
        Node("u:a@example.org#0f", "Not here."),
    ],
    [STEP, Edge("u:a@example.org#0f", "undercut", STEP.id), Edge("c1", "agree", "c2")],
    "Debate",
)


def text_of(form: str, graph: ArgumentGraph) -> str:
    return "".join(f"{line}\n" for line in WRITERS[form](graph))


def statuses(names: list[str], attacks: list[tuple[str, str]]) -> list[str]:
    return sorted(grounded(Framework.of(names, attacks)).labels)


@given(graphs(), st.sampled_from(sorted(WRITERS)))
def test_equal_graphs_give_equal_bytes_in_every_form(graph, form):
    again = ArgumentGraph.of(reversed(graph.nodes), reversed(graph.edges), graph.title)
    text = text_of(form, graph)
    assert text == text_of(form, again)
    text.encode("utf-8")


@given(graphs())
def test_a_framework_in_apx(graph):
    lines = list(WRITERS["apx"](graph))
    arguments = [m[1] for line in lines if (m := re.fullmatch(r"arg\(([a-z]\w*)\)\.", line))]
    pairs = [m.groups() for line in lines if (m := re.fullmatch(r"(att|support)\((\w+),(\w+)\)\.", line))]  # fmt: skip
    assert len(arguments) + len(pairs) == len(lines)
    assert sum(kind == "support" for kind, *_ in pairs) == sum(
        edge.kind == "support" for edge in graph.edges
    )
    attacks = [(a, b) for kind, a, b in pairs if kind == "att"]
    expected = grounded(encode(graph, "ignored").framework).labels
    assert statuses(arguments, attacks) == sorted(expected)


@given(graphs())
def test_a_framework_in_tgf_and_by_numbers(graph):
    expected = sorted(grounded(encode(graph).framework).labels)
    lines = list(WRITERS["tgf"](graph))
    at = lines.index("#")
    assert statuses(lines[:at], [tuple(line.split()) for line in lines[at + 1 :]]) == expected
    head, *rest = WRITERS["iccma"](graph)
    count = int(head.removeprefix("p af "))
    numbers = [str(i) for i in range(1, count + 1)]
    attacks = [tuple(line.split()) for line in rest if not line.startswith("#")]
    assert statuses(numbers, attacks) == expected


@given(graphs())
def test_tables_hold_every_field(graph):
    def rows(form: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(text_of(form, graph), newline="")))

    def plain(value: object) -> str:
        return str(value).encode("utf-8", "backslashreplace").decode()

    for form, items in (("csv", graph.nodes), ("csv-edges", graph.edges)):
        found = rows(form)
        assert len(found) == len(items)
        for row, item in zip(found, items, strict=True):
            assert row == {name: plain(getattr(item, name)) for name in row}


def keyed(graph: ArgumentGraph) -> bool:
    """Tell whether names stay different where XML writes codes for what it cannot hold."""
    return len({visible(node.id) for node in graph.nodes}) == len(graph.nodes)


@given(graphs().filter(keyed))
def test_graphml_loads_in_networkx(graph):
    found = nx.parse_graphml(text_of("graphml", graph), force_multigraph=True)
    expected = to_networkx(graph)
    assert set(found) == {visible(name) for name in expected}
    assert found.number_of_edges() == len(graph.edges)
    for node in graph.nodes:
        data = found.nodes[visible(node.id)]
        assert (data["text"], data["score"]) == (visible(node.text), node.score)


def test_every_export_shows_what_the_model_says_as_the_models():
    graph = with_verdicts(DEBATE, [Verdict("c1", "peek", "refutes", "It is read.")])
    marks = {"argdown": "(executable model)", "dot": "hexagon", "aif": "executable model :"}
    for form in ("argdown", "aif", "xaif", "dot", "graphml", "csv", "apx", "tgf", "iccma"):
        text = text_of(form, graph)
        assert "model:peek" in text or "model_peek" in text
        assert marks.get(form, "") in text


def test_dot_in_words():
    lines = list(WRITERS["dot"](DEBATE))
    assert lines[0] == 'digraph "Debate" {'
    assert '"c2" [label="c2\\nIt is \\"not\\".", style="dashed"];' in lines
    assert f'"{STEP.id}" [shape="point"];' in lines
    assert f'"c2" -> "{STEP.id}" [label="attack", color="#b02020", dir="none"];' in lines
    assert f'"{STEP.id}" -> "c1" [color="#b02020"];' in lines


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it():
    drawn = subprocess.run(
        ["dot", "-Tsvg"], input=text_of("dot", DEBATE), capture_output=True, text=True, check=True
    )
    assert "<svg" in drawn.stdout
    assert drawn.stderr == ""


@given(graphs(), st.sampled_from(sorted(READERS)))
def test_there_and_back_nothing_changes(graph, form):
    found = READERS[form](text_of(form, graph), "map")
    assert difference(graph, found.graph) == []
    assert difference(found.graph, graph) == []


def test_changes():
    new = ArgumentGraph.of(
        [
            Node("c1", "It was safe.", label="claim"),
            Node("c3", "And cheap."),
            Node("u:a@example.org#0f", "Not here."),
        ],
        [Edge("c3", "support", "c1")],
    )
    assert difference(DEBATE, new) == [
        Change("node removed", "c2", "", 'It is "not".', ""),
        Change("text changed", "c1", "", "It is safe.", "It was safe."),
        Change("label changed", "c1", "", "", "claim"),
        Change("node added", "c3", "", "", "And cheap."),
        Change("edge removed", "c1", "c2", "agree", ""),
        Change("edge removed", "c2", "c1", "attack", ""),
        Change("edge removed", "u:a@example.org#0f", "c1", "undercut", "", ("c2",)),
        Change("edge added", "c3", "c1", "", "support"),
    ]


def test_an_undercut_follows_its_edge():
    turned = Edge("c2", "support", "c1")
    edges = [turned, Edge("u:a@example.org#0f", "undercut", turned.id), Edge("c1", "agree", "c2")]
    new = ArgumentGraph.of(DEBATE.nodes, edges)
    assert difference(DEBATE, new) == [Change("edge kind changed", "c2", "c1", "attack", "support")]


@given(graphs(), graphs())
def test_differences_are_complete(old, new):
    changes = difference(old, new)
    names = {node.id for node in old.nodes}
    for change in changes:
        if change.what == "node removed":
            names.remove(change.node)
        elif change.what == "node added":
            names.add(change.node)
    assert names == {node.id for node in new.nodes}
    counts = {kind: sum(edge.kind == kind for edge in old.edges) for kind in EDGE_KINDS}
    for change in changes:
        if change.what.startswith("edge"):
            for kind, by in ((change.before, -1), (change.after, 1)):
                if kind:
                    counts[kind] += by
    assert counts == {kind: sum(edge.kind == kind for edge in new.edges) for kind in EDGE_KINDS}


def test_only_what_is_wanted_counts():
    shown = DEBATE.only({"automatic", "accepted"})
    assert [node.id for node in shown.nodes] == ["c1", "u:a@example.org#0f"]
    assert shown.edges == ()
    assert acceptability(shown).standings["c1"].grounded == "in"


@given(graphs(), st.sets(st.sampled_from(["automatic", "candidate", "accepted", "rejected"])))
def test_a_part_is_a_graph(graph, states):
    part = graph.only(states)
    assert all(node.state in states for node in part.nodes)
    assert set(part.edges) <= set(graph.edges)
    ends = {node.id for node in part.nodes} | {edge.id for edge in part.edges}
    lost = [
        edge
        for edge in set(graph.edges) - set(part.edges)
        if edge.state in states and edge.source in ends and edge.target in ends
    ]
    assert lost == []


class Counted(Edge):
    """Counts how often anybody asks what it leads to."""

    asked = 0

    def __getattribute__(self, name: str) -> object:
        Counted.asked += name == "target"
        return super().__getattribute__(name)


def _asked(many: int) -> int:
    edges = [Counted("a", "attack", "b")]
    for _ in range(many):
        edges.append(Counted("a", "undercut", edges[-1].id))
    graph = ArgumentGraph.of([Node("a", ""), Node("b", "")], edges)
    Counted.asked = 0
    assert graph.only({"automatic"}) == graph
    return Counted.asked


def test_undercuts_of_undercuts_are_gone_through_once():
    assert _asked(200) < 5 * _asked(50)  # by steps of the chain it was 16 times as much


def test_names_with_numbers_of_any_length_are_in_order():
    names = ["c", "c0", "c00", "c01", "c1", "c2", "c10", "c" + "9" * 5000, "c1" + "0" * 5000]
    graph = ArgumentGraph.of([Node(name, "") for name in reversed(names)], [])
    assert [node.id for node in graph.nodes] == names


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        ([Node("", "")], [], "without a name"),
        ([Node("a", ""), Node("a", "")], [], "'a' twice"),
        ([Node("a", "", score=float("nan"))], [], "its score is nan"),
        ([Node("a", "")], [Edge("b", "attack", "a")], "no such node"),
        ([Node("a", "")], [Edge("a", "attack", "b")], "no such node"),
        ([Node("a", "")], [Edge("a", "attack", "a", score=2)], "its score is 2"),
        (
            [Node("a", "")],
            [Edge("a", "attack", "a"), Edge("a", "support", Edge("a", "attack", "a").id)],
            "only an undercut",
        ),
        (
            [Node("a", ""), Node(Edge("a", "attack", "a").id, "")],
            [Edge("a", "attack", "a")],
            "the name of an edge",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(nodes, edges, message):
    with pytest.raises(ValueError, match=message):
        ArgumentGraph.of(nodes, edges)


def test_the_surest_of_equal_edges_is_kept():
    nodes = [Node("a", ""), Node("b", "")]
    weak, sure = Edge("a", "attack", "b", score=0.2), Edge("a", "attack", "b", score=0.9)
    assert ArgumentGraph.of(nodes, [weak, sure]).edges == (sure,)
    assert ArgumentGraph.of(nodes, [sure, weak]).edges == (sure,)


def test_names_of_xaif_are_stable():
    data = [json.loads(text_of("xaif", DEBATE))["AIF"]["edges"] for _ in range(2)]
    longer = ArgumentGraph.of([*DEBATE.nodes, Node("c0", "More.")], DEBATE.edges, "Debate")
    more = json.loads(text_of("xaif", longer))["AIF"]["edges"]
    names = {(e["fromID"], e["toID"]): e["edgeID"] for e in more}
    assert data[0] == data[1]
    assert all(names[e["fromID"], e["toID"]] == e["edgeID"] for e in data[0])

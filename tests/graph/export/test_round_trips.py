"""What is written loads back, whatever strangers put into subjects and names."""

from __future__ import annotations

import io
import json
import math
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.saga import saga
from threadkit.graph.evidence import evidence_graph
from threadkit.graph.exchange import exchange
from threadkit.graph.export import WRITERS
from threadkit.graph.export.dot import quoted
from threadkit.graph.export.plain import visible

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x00\x1b\x07\x7f\ufffe\ud800\udfff\u202e\r\n\t\"'\\<>&]{};%"),
    ),
    max_size=12,
)
VALUES = st.one_of(
    HOSTILE,
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["title", "score", "rule", "x y", "é"]), VALUES)


@st.composite
def graphs(draw: st.DrawFn, multi: bool = True) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph() if multi else nx.DiGraph()
    names = draw(st.lists(HOSTILE, min_size=1, max_size=5, unique_by=visible))
    for name in names:
        graph.add_node(f"message:{name}", **draw(ATTRIBUTES))
    ends = st.sampled_from(sorted(graph))
    for source, target in draw(st.lists(st.tuples(ends, ends), max_size=6)):
        graph.add_edge(source, target, **draw(ATTRIBUTES))
    return graph


def text_of(form: str, graph: nx.DiGraph, title: str = "") -> str:
    return "".join(f"{line}\n" for line in WRITERS[form](graph, title))


def shown(value: object) -> object:
    """Give a value as XML holds it."""
    return visible(value) if isinstance(value, str) else value


def nodes_of(graph: nx.DiGraph, keep=lambda value: True) -> dict[str, dict[str, object]]:
    return {
        shown(node): {name: shown(value) for name, value in data.items() if keep(value)}
        for node, data in graph.nodes(data=True)
    }


def edges_of(graph: nx.DiGraph, keep=lambda value: True) -> Counter:
    return Counter(
        (shown(a), shown(b), tuple(sorted((k, repr(shown(v))) for k, v in d.items() if keep(v))))
        for a, b, d in graph.edges(data=True)
    )


def said(value: object) -> bool:
    """Tell an empty text, of which GraphML's readers make nothing."""
    return value != ""


@given(graphs(), HOSTILE)
def test_graphml(graph, title):
    back = nx.parse_graphml(
        text_of("graphml", graph, title).encode().decode(), force_multigraph=True
    )
    assert nodes_of(back, said) == nodes_of(graph, said)
    assert edges_of(back, said) == edges_of(graph, said)


@given(graphs(), HOSTILE)
def test_gexf(graph, title):
    back = nx.read_gexf(io.BytesIO(text_of("gexf", graph, title).encode()))
    found = nodes_of(back)
    for data in found.values():
        data.pop("label")
    for *_, data in back.edges(data=True):
        data.pop("id", None)
    assert found == nodes_of(graph)
    assert edges_of(back) == edges_of(graph)


@given(graphs(), HOSTILE)
def test_json_keeps_even_what_xml_cannot_hold(graph, title):
    data = json.loads(text_of("json", graph, title).encode())
    back = nx.node_link_graph(data, edges="edges")
    assert back.is_multigraph()
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(back.edges(keys=True)) == sorted(graph.edges(keys=True))
    for edge in graph.edges(keys=True):
        assert back.edges[edge] == graph.edges[edge]


@given(graphs(multi=False))
def test_json_of_a_plain_graph_is_one(graph):
    back = nx.node_link_graph(json.loads(text_of("json", graph)), edges="edges")
    assert type(back) is nx.DiGraph
    assert nx.utils.graphs_equal(back, graph)


# -- DOT: read by the grammar of the language -----------------------------------------

_STRING = r'"(?:[^"\\]|\\.)*"'
_ID = rf"(?:{_STRING}|[A-Za-z_][A-Za-z_0-9]*)"
_PAIR = rf"{_ID}={_STRING}"
_LINE = re.compile(rf"({_STRING})(?: -> ({_STRING}))? \[((?:{_PAIR}(?:, {_PAIR})*)?)\];", re.DOTALL)


def read_dot(text: str) -> tuple[list[tuple[str, dict[str, str]]], list[tuple[str, str]]]:
    """Read nodes and edges of the form of DOT that is written here; all of it has to fit."""
    lines = text.removesuffix("\n").split("\n")
    assert re.fullmatch(rf"digraph {_STRING} \{{", lines[0])
    assert lines[-1] == "}"
    nodes, edges = [], []
    for line in lines[1:-1]:
        match = _LINE.fullmatch(line)
        assert match, line
        pairs = re.findall(rf"({_ID})=({_STRING})", match[3])
        attributes = {unquoted(name): unquoted(value) for name, value in pairs}
        if match[2]:
            edges.append((unquoted(match[1]), unquoted(match[2])))
        else:
            nodes.append((unquoted(match[1]), attributes))
    return nodes, edges


def unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    escapes = {"n": "\n", "r": "\r"}
    return re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[1]), text[1:-1])


@given(graphs(), HOSTILE)
def test_dot(graph, title):
    nodes, edges = read_dot(text_of("dot", graph, title))
    assert [node for node, _ in nodes] == [visible(node) for node in graph]
    assert edges == [(visible(a), visible(b)) for a, b in graph.edges()]
    for (_, found), (_, data) in zip(nodes, graph.nodes(data=True), strict=True):
        if "title" in data:
            value = data["title"]
            want = str(value).lower() if isinstance(value, bool) else str(value)
            assert found["title"] == visible(want)


@given(HOSTILE)
def test_a_quoted_string_ends_where_it_should(text):
    assert re.fullmatch(_STRING, quoted(text))
    assert unquoted(quoted(text)) == visible(text)


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_graphviz_reads_it(tmp_path: Path):
    graph = evidence_graph(saga())
    file = tmp_path / "g.dot"
    file.write_text(text_of("dot", graph, 'a "title"'))
    done = subprocess.run(["dot", "-Tcanon", file], capture_output=True, text=True, check=True)
    assert done.stderr == ""


# -- the graphs that are written for real ---------------------------------------------


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("make", [lambda graph: graph, exchange])
def test_equal_graphs_give_equal_bytes_and_none_is_empty(form, make):
    one, other = (text_of(form, make(evidence_graph(saga())), "title") for _ in range(2))
    assert one == other
    assert "ann@example.org" in one


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_the_evidence_graph_loads_back_with_all_types(form):
    graph = evidence_graph(saga())
    text = text_of(form, graph, "title")
    if form == "graphml":
        back = nx.parse_graphml(text, force_multigraph=True)
    else:
        back = nx.read_gexf(io.BytesIO(text.encode()))
    assert back.is_directed()
    assert set(back) == set(graph)
    assert Counter(kind for *_, kind in back.edges(data="kind")) == Counter(
        kind for *_, kind in graph.edges(data="kind")
    )
    assert back.nodes["message:lost@x.org"]["ghost"] is True
    assert math.isclose(back.nodes["regression:report@x.org"]["score"], 0.9)
    assert {type(start) for *_, start in back.edges(data="start")} == {int, type(None)}


def test_the_title_is_in_every_file():
    graph = evidence_graph(saga())
    for form in WRITERS:
        assert "cow &amp; fork" in text_of(form, graph, "cow & fork").replace("w & f", "w &amp; f")


def test_xml_is_well_formed_for_a_stranger_reader_too():
    graph = nx.MultiDiGraph()
    graph.add_node("message:\x00<&>\"'\x1b", title="]]>\r\n\t")
    for form in ("graphml", "gexf"):
        root = ElementTree.fromstring(text_of(form, graph, "<&>\x00").encode())
        assert root.tag.endswith(form)

"""AIF and xAIF: what we write comes back, what other tools write is understood."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.argument.graphs import HOSTILE, graphs
from threadkit.errors import SourceError
from threadkit.graph.argument.formats.aif import aif, xaif
from threadkit.graph.argument.formats.aif_read import read_aif
from threadkit.graph.argument.formats.reading import Reading
from threadkit.graph.argument.values import ArgumentGraph, Edge, Node

WRITERS = {"aif": aif, "xaif": xaif}
DEBATE = ArgumentGraph.of(
    [
        Node("c1", "It is safe.", person="Ann", utc="2020-09-14T18:00:00Z", message_id="a b@x", stop=11),
        Node("c2", "Is it?", person="Bo", label="question"),
        Node("c3", "It is not.", person="Bo"),
        Node("model:peek", "It is read.", origin="model"),
    ],
    [
        Edge("c2", "ask", "c1"),
        Edge("c3", "attack", "c1", score=0.5),
        Edge("model:peek", "support", "c3"),
        Edge("c1", "undercut", Edge("c3", "attack", "c1").id),
    ],
    "A debate",
)  # fmt: skip


def written(graph: ArgumentGraph, form: str = "aif") -> str:
    return "".join(f"{line}\n" for line in WRITERS[form](graph))


def read(data: object) -> Reading:
    return read_aif(data if isinstance(data, str) else json.dumps(data), "map.json")


def edges(graph: ArgumentGraph) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.kind, edge.target) for edge in graph.edges}


def node(name: str, kind: str, text: str = "") -> dict[str, str]:
    return {"nodeID": name, "type": kind, "text": text, "timestamp": "2020-01-02 03:04:05"}


def links(*pairs: tuple[str, str]) -> list[dict[str, object]]:
    return [
        {"edgeID": str(i), "fromID": a, "toID": b, "formEdgeID": None}
        for i, (a, b) in enumerate(pairs)
    ]


@given(graphs(), st.sampled_from(sorted(WRITERS)))
def test_what_is_written_comes_back(graph, form):
    text = written(graph, form)
    text.encode("utf-8")
    assert read(text) == Reading(graph, ())


@given(graphs())
def test_names_and_edges_fit(graph):
    data = json.loads(written(graph))
    names = [entry["nodeID"] for entry in data["nodes"]]
    assert len(set(names)) == len(names)
    assert {edge[end] for edge in data["edges"] for end in ("fromID", "toID")} <= set(names)
    assert {said["nodeID"] for said in data["locutions"]} <= set(names)


def test_every_kind_of_node_stands_for_what_it_should():
    data = json.loads(written(DEBATE))
    types = {entry["nodeID"]: entry["type"] for entry in data["nodes"]}
    texts = {entry["nodeID"]: entry["text"] for entry in data["nodes"]}
    assert types["c1"] == "I"
    assert (types["L:c1"], texts["L:c1"]) == ("L", "Ann : It is safe.")
    assert texts["YA:c2"] == "Pure Questioning"
    assert texts["L:model:peek"] == "executable model : It is read."
    attack = Edge("c3", "attack", "c1").id
    pairs = {(edge["fromID"], edge["toID"]) for edge in data["edges"]}
    assert {("c3", attack), (attack, "c1")} <= pairs
    assert {("L:c1", f"TA:{attack}"), (f"TA:{attack}", "L:c3")} <= pairs
    undercut = Edge("c1", "undercut", attack).id
    assert (types[undercut], (undercut, attack) in pairs) == ("CA", True)
    assert data["locutions"][0]["source"] == "mid:a%20b@x#char=0,11"


def test_a_tool_that_drops_what_it_does_not_know_keeps_the_map():
    data = json.loads(written(DEBATE))
    for entry in data["nodes"]:
        entry.pop("threadkit", None)
    found = read(data)
    assert found.notes == ()
    assert edges(found.graph) == edges(DEBATE)
    assert {n.id: (n.text, n.person) for n in found.graph.nodes} == {
        n.id: (n.text, n.person) for n in DEBATE.nodes
    }
    assert found.graph.by_id()["model:peek"].origin == "model"
    assert found.graph.by_id()["c2"].label == "question"
    assert found.graph.by_id()["c1"].utc == "2020-09-14T18:00:00Z"


def test_a_dump_of_a_dialogue_as_aifdb_has_it():
    data = {
        "nodes": [
            node("10", "I", "The lock is held."),
            node("11", "I", "Nobody takes it."),
            node("20", "L", "Ann : the lock is held"),
            node("21", "L", "Bo : nobody takes it"),
            node("30", "YA", "Asserting"),
            node("31", "YA", "Asserting"),
            node("40", "TA", "Default Transition"),
            node("41", "YA", "Disagreeing"),
            node("50", "CA", "Default Conflict"),
        ],
        "edges": links(
            ("20", "30"), ("30", "10"), ("21", "31"), ("31", "11"), ("20", "40"), ("40", "21"),
            ("40", "41"), ("41", "50"), ("11", "50"), ("50", "10"),
        ),
        "locutions": [{"nodeID": "21", "personID": "7", "timestamp": "", "start": None,
                       "end": None, "source": None}],
        "participants": [{"participantID": 7, "firstname": "Bo", "surname": "Example"}],
    }  # fmt: skip
    found = read(data)
    assert found.notes == ()
    assert edges(found.graph) == {("11", "attack", "10")}
    assert {n.id: n.person for n in found.graph.nodes} == {"10": "Ann", "11": "Bo Example"}


def test_an_xaif_file_with_numbers_for_names():
    data = {
        "AIF": {
            "nodes": [
                {"nodeID": 0, "type": "I", "text": "It is slow."},
                {"nodeID": 1, "type": "I", "text": "It takes a lock."},
                {"nodeID": 2, "type": "I", "text": "It takes it twice."},
                {"nodeID": 3, "type": "RA", "text": "Default Inference"},
                {"nodeID": 4, "type": "MA", "text": "Default Rephrase"},
            ],
            "edges": [
                {"edgeID": 0, "fromID": 1, "toID": 3},
                {"edgeID": 1, "fromID": 2, "toID": 3},
                {"edgeID": 2, "fromID": 3, "toID": 0},
                {"edgeID": 3, "fromID": 3, "toID": 9},
            ],
            "descriptorfulfillments": None,
            "participants": [],
            "locutions": None,
        },
        "text": "",
        "OVA": {},
    }
    found = read(data)
    assert edges(found.graph) == {("1", "support", "0"), ("2", "support", "0")}
    assert found.notes == (
        "AIF.edges[3]: there is no node 9; left out",
        "AIF.nodes[3]: 2 premises taken together are 2 supports here",
        "AIF.nodes[4]: a rephrase has no place here; left out",
    )


def test_a_dump_of_arguebuf_with_a_relation_of_no_type():
    data = {
        "nodes": [
            node("0a1b", "I", "It is slow."), node("0a2c", "I", "It sleeps."),
            node("5c3d", "", "No Label"), node("5c4e", "PA", "Preference"),
        ],
        "edges": links(("0a2c", "5c3d"), ("5c3d", "0a1b")),
        "locutions": [],
    }  # fmt: skip
    found = read(data)
    assert found.graph.edges == ()
    assert found.notes == (
        "nodes[2]: whether it supports or attacks is not said; left out",
        "nodes[3]: a preference has no place here; left out",
    )


def test_agreeing_by_a_turn_of_a_dialogue():
    data = {
        "nodes": [
            node("i", "I", "It is."), node("j", "I", "Yes."), node("l", "L"), node("m", "L"),
            node("y", "YA", "Asserting"), node("z", "YA", "Asserting"), node("t", "TA"),
            node("a", "YA", "Agreeing"),
        ],
        "edges": links(("l", "y"), ("y", "i"), ("m", "z"), ("z", "j"), ("l", "t"), ("t", "m"),
                       ("t", "a"), ("a", "i")),
    }  # fmt: skip
    assert edges(read(data).graph) == {("j", "agree", "i")}
    data["edges"] = [edge for edge in data["edges"] if edge["fromID"] != "z"]
    assert read(data).notes == ("nodes[7]: it is not clear what bears; left out",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{", "line 1, column 2: no JSON: "),
        ("[]", "line 1: expected an object"),
        ({"AIF": 3}, "AIF: expected an object"),
        ({"edges": []}, "nodes: expected a list"),
        ({"AIF": {"nodes": [3]}}, "AIF.nodes[0]: expected an object"),
        ({"nodes": [{"nodeID": ""}]}, "nodes[0].nodeID: expected a name"),
        ({"nodes": [{"nodeID": True}]}, "nodes[0].nodeID: expected a name"),
        ({"nodes": [node("1", "I"), node("1", "I")]}, "nodes[1].nodeID: 1 twice"),
        ({"nodes": [node("1", "XX")]}, "nodes[0].type: XX is not known"),
        ({"nodes": [{**node("1", "I"), "text": 3}]}, "nodes[0].text: expected text"),
        ({"nodes": []}, "edges: expected a list"),
        ({"nodes": [], "edges": [{"fromID": "1"}]}, "edges[0].toID: expected a name"),
        (
            {"nodes": [{**node("1", "I"), "threadkit": {"score": "x"}}], "edges": []},
            "nodes[0]: score is 'x'",
        ),
        (
            {"nodes": [node("1", "CA"), node("2", "CA")], "edges": links(("1", "2"), ("2", "1"))},
            "nodes[0]: relations that bear on each other in a ring",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_path(data, message):
    with pytest.raises(SourceError) as caught:
        read(data)
    assert str(caught.value).startswith(f"map.json: {message}")
    assert "\n" not in str(caught.value)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 4), HOSTILE),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(HOSTILE, inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "nodeID": st.one_of(st.integers(0, 4), VALUES),
        "type": st.one_of(st.sampled_from(["I", "L", "RA", "CA", "MA", "YA", "TA"]), VALUES),
        "text": st.one_of(st.sampled_from(["Agreeing", "Undercut"]), VALUES),
        "threadkit": VALUES,
        "fromID": st.one_of(st.integers(0, 4), VALUES),
        "toID": st.one_of(st.integers(0, 4), VALUES),
    },
)
LISTS = st.one_of(st.lists(ENTRIES, max_size=6), VALUES)


@given(st.one_of(VALUES, st.fixed_dictionaries({"nodes": LISTS, "edges": LISTS}, optional={"locutions": LISTS, "participants": LISTS, "threadkit": VALUES})))  # fmt: skip
def test_any_json_is_read_or_refused(data):
    try:
        found = read(json.dumps(data))
    except SourceError:
        return
    assert read(written(found.graph)).graph == found.graph


TYPES = st.sampled_from(["I", "I", "L", "RA", "CA", "YA", "TA"])
PAIRS = st.tuples(st.integers(0, 7), st.integers(0, 7))


@given(st.lists(TYPES, max_size=8), st.lists(PAIRS, max_size=14))
def test_any_map_of_known_nodes_is_read_or_refused(types, pairs):
    data = {
        "nodes": [node(str(i), kind, "Agreeing") for i, kind in enumerate(types)],
        "edges": links(*((str(a), str(b)) for a, b in pairs)),
    }
    try:
        found = read(data)
    except SourceError:
        return
    assert read(written(found.graph)).graph == found.graph

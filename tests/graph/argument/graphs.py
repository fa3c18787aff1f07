"""Argument graphs of every shape, with whatever strangers may write in them."""

from __future__ import annotations

from hypothesis import strategies as st

from threadkit.graph.argument.values import EDGE_KINDS, ORIGINS, ArgumentGraph, Edge, Node

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\x00\x1b\ufffe\ud800\udfff\u202e\u2028\r\n\t\"'\\<>&[]{}()#@*_-+=/:.,;%|`~^1a "
        ),
    ),
    max_size=14,
)
NAMES = st.one_of(
    st.integers(1, 20).map("c{}".format),
    st.integers(0, 9).map("u:mail{0}@example.org#00{0}f".format),
    HOSTILE.filter(bool),
)
STATES = st.sampled_from(["automatic", "candidate", "accepted", "rejected"])
SCORES = st.floats(0, 1)


@st.composite
def nodes(draw: st.DrawFn, name: str) -> Node:
    return Node(
        name,
        draw(HOSTILE),
        label=draw(st.sampled_from(["", "claim", "evidence"])),
        person=draw(st.one_of(st.sampled_from(["", "Ann", "Bo"]), HOSTILE)),
        holder=draw(HOSTILE),
        utc=draw(st.sampled_from(["", "2020-09-14T18:00:00Z"])),
        message_id=draw(st.one_of(st.sampled_from(["", "a@example.org"]), HOSTILE)),
        start=draw(st.integers(0, 10**6)),
        stop=draw(st.integers(0, 10**6)),
        status=draw(st.sampled_from(["", "contested"])),
        question=draw(HOSTILE),
        state=draw(STATES),
        score=draw(SCORES),
        rule=draw(HOSTILE),
        origin=draw(st.sampled_from(ORIGINS)),
    )


@st.composite
def graphs(draw: st.DrawFn, most: int = 6) -> ArgumentGraph:
    names = draw(st.lists(NAMES, max_size=most, unique=True))
    found = [draw(nodes(name)) for name in names]
    edges: list[Edge] = []
    for _ in range(draw(st.integers(0, 8)) if names else 0):
        source = draw(st.sampled_from(names))
        kind = draw(st.sampled_from(EDGE_KINDS))
        ends = names + ([edge.id for edge in edges] if kind == "undercut" else [])
        target = draw(st.sampled_from(ends))
        edges.append(Edge(source, kind, target, draw(SCORES), draw(STATES), draw(HOSTILE)))
    return ArgumentGraph.of(found, edges, draw(HOSTILE))

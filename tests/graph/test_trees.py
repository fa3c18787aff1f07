"""Trees in reading order, and as networkx graphs."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from threadkit.graph.replies import Envelope, place
from threadkit.graph.trees import reply_graph, walk

NAMES = [f"{n}@x" for n in range(7)]
MAILS = st.builds(
    Envelope,
    st.sampled_from(NAMES),
    st.sampled_from([0, 0, 1]),
    st.lists(st.sampled_from(NAMES), max_size=1).map(tuple),
    st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
    st.just("fix the fork"),
    st.booleans(),
    st.sampled_from(["", "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"]),
)
ARCHIVES = st.lists(MAILS, max_size=10, unique_by=lambda mail: mail[:2])


def times(archive):
    return {mail[:2]: mail.order_utc for mail in archive}


@given(ARCHIVES)
def test_walking_meets_every_node_once_and_parents_first(archive):
    placements = place(archive)
    met = {}
    for depth, p in walk(placements, times(archive)):
        assert (p.message_id, p.imposter) not in met
        above = met.get((p.parent, 0)) if p.parent and p.rule != "subject" else None
        assert depth == (0 if above is None else above + 1)
        met[p.message_id, p.imposter] = depth
    assert len(met) == len(placements)


@given(ARCHIVES, st.randoms(use_true_random=False))
def test_the_order_of_walking_does_not_depend_on_the_input(archive, chance):
    placements = place(archive)
    shuffled = list(placements)
    chance.shuffle(shuffled)
    assert list(walk(shuffled, times(archive))) == list(walk(placements, times(archive)))


def test_siblings_go_by_date_and_ghosts_by_their_earliest_mail():
    archive = [
        Envelope("root@x", 0, (), (), "", False, "2020-01-01T00:00:00Z"),
        Envelope("early@x", 0, ("root@x",), (), "", True, "2020-01-02T00:00:00Z"),
        Envelope("below@x", 0, (), ("root@x", "a-ghost@x"), "", True, "2020-01-03T00:00:00Z"),
        Envelope("later@x", 0, (), ("root@x", "a-ghost@x"), "", True, "2020-01-05T00:00:00Z"),
        Envelope("late@x", 0, ("root@x",), (), "", True, "2020-01-04T00:00:00Z"),
    ]
    shown = [(depth, p.message_id) for depth, p in walk(place(archive), times(archive))]
    assert shown == [
        (0, "root@x"), (1, "early@x"), (1, "a-ghost@x"), (2, "below@x"), (2, "later@x"),
        (1, "late@x"),
    ]  # fmt: skip


def test_part_of_a_conversation_can_be_walked():
    archive = [Envelope("b@x", 0, ("a@x",), (), "", True, "2020-01-01T00:00:00Z")]
    only = [p for p in place(archive) if not p.ghost]
    assert [depth for depth, _ in walk(only, times(archive))] == [0]
    ghosts = [p for p in place(archive) if p.ghost]
    other = place([Envelope("z@x", 0, (), (), "", False, "2019-01-01T00:00:00Z")])
    shown = [p.message_id for _, p in walk([*other, *ghosts], {("z@x", 0): "2019-01-01T00:00:00Z"})]
    assert shown == ["a@x", "z@x"]  # a ghost without its mails has no date


@given(ARCHIVES)
def test_a_graph_has_a_node_for_each_placement_and_no_cycle(archive):
    placements = place(archive)
    graph = reply_graph(placements)
    assert set(graph) == {(p.message_id, p.imposter) for p in placements}
    assert graph.number_of_edges() == sum(p.parent is not None for p in placements)
    assert nx.is_directed_acyclic_graph(graph)
    assert {key for key, ghost in graph.nodes(data="ghost") if ghost} == {
        (p.message_id, 0) for p in placements if p.ghost
    }

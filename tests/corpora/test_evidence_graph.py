"""The graph of the thread that started it, counted by hand and by SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

import threadkit
from threadkit.graph.evidence import check
from threadkit.graph.evidence.views import find_node
from threadkit.graph.exchange import exchange
from threadkit.graph.measures import measure_people
from threadkit.graph.paths import evidence_path
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.graphs import evidence

ODED = "CAFCwf10eNmwq2wD71xjUhqkvv5+_pJMR1nPug2RqNDcFT4H86Q@mail.gmail.com"
HUGH = "alpine.LSU.2.11.2008312207450.1212@eggly.anvils"


@pytest.fixture(scope="module")
def seed(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("seed") / "t.db"
    with threadkit.open(path, create=True) as archive:
        archive.import_mail(corpora / "cow-thread" / "cow-thread.mbox", workers=0)
        yield archive


@pytest.fixture(scope="module")
def graph(seed: Archive) -> nx.MultiDiGraph:
    return seed.thread(HUGH).evidence


def counted(seed: Archive, query: str) -> int:
    return int(next(iter(seed.query(query)[0].values())))


def test_it_is_of_the_declared_types(graph: nx.MultiDiGraph) -> None:
    assert list(check(graph)) == []


def test_its_mails_are_the_98_rows_and_what_they_cite(graph: nx.MultiDiGraph) -> None:
    replies = [(a, b) for a, b, kind in graph.edges(data="kind") if kind == "replies_to"]
    assert len(replies) == 97
    assert len({node for pair in replies for node in pair}) == 98
    sure = sum(d["score"] == 1 for *_, d in graph.edges(data=True) if d["kind"] == "replies_to")
    assert sure == 96  # of its two trees only the subject makes one conversation


def test_16_people_wrote_97_mails(graph: nx.MultiDiGraph) -> None:
    wrote = Counter(
        source for source, target, kind in graph.edges(data="kind")
        if kind == "wrote" and target.startswith("message:")
    )  # fmt: skip
    assert (len(wrote), sum(wrote.values())) == (16, 97)


def test_every_found_passage_and_every_citation_is_an_edge(
    seed: Archive, graph: nx.MultiDiGraph
) -> None:
    kinds = Counter(kind for *_, kind in graph.edges(data="kind"))
    found = counted(seed, "SELECT count(*) FROM quote WHERE source IS NOT NULL")
    assert kinds["quotes"] == found
    cited = counted(seed, "SELECT count(*) FROM citation WHERE kind <> 'url'")
    said = [
        data for source, _, data in graph.edges(data=True)
        if source.startswith("message:") and "start" in data
        and data["kind"] in ("cites", "fixes", "closes", "links_discussion")
    ]  # fmt: skip
    assert len(said) == cited


def test_hugh_cites_three_commits_and_the_releases_they_came_with(graph: nx.MultiDiGraph) -> None:
    cited = {target for *_, target in graph.out_edges(f"message:{HUGH}")}
    names = {node.partition(":")[2][:12] for node in cited if node[:6] in ("commit", "unreso")}
    assert {"c475a8ab625d", "f822566165dd", "ab967d86015a"} <= names
    assert {"release:2.6.13", "release:2.6.16", "release:2.6.29"} <= cited


def test_who_answers_whom_is_what_the_tables_say(seed: Archive) -> None:
    people = exchange(evidence(seed.connection))
    query = (
        "SELECT count(*) FROM message m JOIN message p ON p.id = m.parent"
        " JOIN address a ON a.id = m.from_address JOIN address b ON b.id = p.from_address"
        " WHERE a.person <> b.person"
    )
    assert sum(count for *_, count in people.edges(data="answers")) == counted(seed, query)


def test_peter_and_jason_wrote_most_and_are_answered_most(graph: nx.MultiDiGraph) -> None:
    first, second = measure_people(graph)[:2]
    assert {first.name, second.name} == {"Peter Xu", "Jason Gunthorpe"}


def test_the_report_of_2022_leads_to_its_fix_and_to_what_broke_it(
    corpora: Path, tmp_path: Path
) -> None:
    """With the facts of commits that ship with threadkit; nothing is fetched."""
    with threadkit.open(tmp_path / "t.db", create=True) as archive:
        archive.import_mail(corpora / "cow-thread" / "cow-thread.mbox", workers=0)
        archive.analyze()
        graph = archive.thread(HUGH).evidence
    assert list(check(graph)) == []
    fix, culprit = find_node(graph, "80d47f5de5e3"), find_node(graph, "09854ba94c6a")
    assert fix.startswith("commit:")
    assert culprit.startswith("commit:")
    way = evidence_path(graph, f"message:{ODED}", fix)
    assert way is not None
    assert [(step.kind, step.forward) for step in way] == [("links_discussion", False)]
    assert "fixes" in {data["kind"] for data in graph.get_edge_data(fix, culprit).values()}
    bug = "bug:https://bugzilla.kernel.org/show_bug.cgi?id=215616"
    assert graph.has_edge(fix, bug)
    assert graph.has_edge(f"message:{ODED}", bug)

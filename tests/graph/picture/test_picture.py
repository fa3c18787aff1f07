"""Pictures: well-formed, complete, without overlap, the same each time, bounded."""

from __future__ import annotations

import html
import itertools
import re
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.saga import saga
from threadkit.graph.evidence import EvidenceRows, evidence_graph
from threadkit.graph.evidence.views import view
from threadkit.graph.exchange import exchange
from threadkit.graph.picture import NODES, PEOPLE, picture
from threadkit.graph.picture.part import most_connected
from threadkit.graph.picture.sheet import link_of, number

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("replies", "evidence", "people", "regressions")


def drawn(kind: str, graph: nx.MultiDiGraph | None = None, title: str = "cow") -> str:
    whole = evidence_graph(saga()) if graph is None else graph
    return picture(exchange(whole) if kind == "people" else view(whole, kind), kind, title)


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_xml_with_a_title_a_description_and_nothing_from_elsewhere(kind):
    root = ElementTree.fromstring(drawn(kind, title="a <b> & c"))
    assert root.find(f"{SVG}title").text == "a <b> & c"
    assert len(root.find(f"{SVG}desc").text) > 40
    assert "prefers-color-scheme:dark" in root.find(f"{SVG}style").text
    assert not list(root.iter(f"{SVG}script"))
    assert not list(root.iter(f"{SVG}image"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_graph_gives_the_same_bytes(kind):
    assert drawn(kind) == drawn(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_on_the_sheet(kind):
    root = ElementTree.fromstring(drawn(kind))
    width, height = float(root.get("width")), float(root.get("height"))
    for one in root.iter():
        for name, most in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            if one.get(name):
                assert 0 <= float(one.get(name)) <= most


def test_a_reply_stands_below_and_to_the_right_of_its_parent():
    root = ElementTree.fromstring(drawn("replies"))
    place = {}
    for link in root.iter(f"{SVG}a"):
        dot = link.find(f"{SVG}circle")
        place[link.get("href")] = (float(dot.get("cx")), float(dot.get("cy")))
    url = "https://lore.kernel.org/r/{}@x.org/"
    patch, reply, again = (place[url.format(name)] for name in ("patch", "reply", "again"))
    assert patch[0] < reply[0] < again[0]
    assert patch[1] < reply[1] < again[1]


@pytest.mark.parametrize("kind", ["replies", "evidence", "regressions"])
def test_no_row_of_words_meets_another(kind):
    root = ElementTree.fromstring(drawn(kind))
    rows: dict[float, list[float]] = {}
    for one in root.iter(f"{SVG}text"):
        if one.get("x"):
            rows.setdefault(float(one.get("y")), []).append(float(one.get("x")))
    heights = sorted(rows)
    assert all(after - before >= 12 for before, after in itertools.pairwise(heights))
    for places in rows.values():
        assert len(places) == len(set(places)) <= 2  # the day, and the words behind it


def test_evidence_names_what_it_shows():
    said = "\n".join(texts(drawn("evidence")))
    for words in ("mm: count", "a1a1a1a1a1a1", "fork hangs", "feedfacefeed", "CVE-2020-1", "5.9"):
        assert words in said
    assert "Cho" in said
    assert "not to scale" in said


def test_ties_are_red_to_the_culprit_and_green_to_what_is_fixed():
    svg = drawn("regressions")
    root = ElementTree.fromstring(svg)
    ties = {
        path.get("class"): path.find(f"{SVG}title").text
        for path in root.iter(f"{SVG}path")
        if path.find(f"{SVG}title") is not None
    }
    assert "came with" in ties["red arrow"]
    assert any(words in ties["green arrow"] for words in ("fixes", "undoes"))


def test_what_has_no_date_stands_behind_what_it_points_at_in_the_order_of_releases():
    shas = {"culprit": "a" * 40, "late": "b" * 40, "early": "c" * 40}
    commits = [
        (shas["culprit"], "culprit", "", "", None, "2020-08-01T00:00:00Z", "v5.9-rc4", "yes"),
        (shas["late"], "late", "", "", None, None, "v5.17-rc5", "yes"),
        (shas["early"], "early", "", "", None, None, "v5.9-rc7", "yes"),
    ]
    mails = [(1, "m@x", 0, 0, "mail", None, "2020-07-01T00:00:00Z", None, "root")]
    relations = [
        (shas[name], "fixes", "commit", shas["culprit"], "", 0, 1, "Fixes:", 1.0)
        for name in ("late", "early")
    ]
    relations.append((shas["late"], "links_discussion", "message", "m@x", "", 2, 3, "Link:", 1.0))
    rows = EvidenceRows(messages=mails, commits=commits, relations=relations)
    said = [words for words in texts(drawn("evidence", evidence_graph(rows))) if "v5." in words]
    assert [re.search("culprit|late|early", words)[0] for words in said] == [
        "culprit", "early", "late",
    ]  # fmt: skip


def test_what_has_only_a_release_stands_among_the_dated_ones():
    rows = [
        ("a" * 40, "dated old", "", "", None, "2020-08-01T00:00:00Z", "v5.9-rc4", "yes"),
        ("b" * 40, "dated new", "", "", None, "2022-03-01T00:00:00Z", "v5.18-rc1", "yes"),
        ("c" * 40, "between", "", "", None, None, "v5.12", "yes"),
        ("d" * 40, "behind", "", "", None, None, "v6.1", "yes"),
        ("e" * 40, "long before", "", "", None, None, "v2.6.13-rc1", "yes"),
    ]
    said = "\n".join(texts(drawn("evidence", evidence_graph(EvidenceRows(commits=rows)))))
    names = re.findall("dated old|dated new|between|behind|long before", said)
    assert names == ["long before", "dated old", "between", "dated new", "behind"]


def test_regressions_of_two_culprits_run_on_two_tracks():
    shas = ["a" * 40, "b" * 40]
    rows = EvidenceRows(
        commits=[(sha, sha[:3], "", "", None, "2020-08-01T00:00:00Z", "", "yes") for sha in shas],
        regressions=[
            (n, f"r{n}@x", f"broken {n}", "open", "2021-01-01T00:00:00Z", None, 1.0, "mail", "",
             "", "")
            for n in range(4)
        ],
        culprits=[(n, shas[n % 2], shas[n % 2], "", "trailer", 1.0) for n in range(4)],
    )  # fmt: skip
    root = ElementTree.fromstring(drawn("regressions", evidence_graph(rows)))
    tracks = {}
    for one in root.iter(f"{SVG}path"):
        if one.get("class") == "red arrow":
            aim = one.find(f"{SVG}title").text.split("\n")[2]
            tracks.setdefault(aim, set()).add(one.get("d").split("H")[1])
    assert sorted(tracks) == ["aaa", "bbb"]
    assert tracks["aaa"].isdisjoint(tracks["bbb"])


def test_one_of_several_culprits_is_no_red_line():
    rows = EvidenceRows(
        regressions=[(1, "r@x", "broken", "open", None, None, 1.0, "mail", "", "", "")],
        culprits=[(1, digit * 12, None, "", "prose", 0.8) for digit in "ab"],
    )
    svg = drawn("regressions", evidence_graph(rows))
    assert ('class="red arrow"' in svg, svg.count("may have come with")) == (False, 2)


def test_the_table_of_people_has_the_number_of_answers():
    said = texts(drawn("people"))
    assert {"Ann Example", "Bob Sample", "Cho Tester", "2"} <= set(said)


def test_hostile_words_are_words():
    mails = [
        (1, 'a"<x>@x.org', 0, 0, "</text><script>\x1b[31m\x00", 1, "2020\x07", None, "root"),
        (2, "b@x.org", 0, 0, "\ud800 \u202e", 1, None, 1, "subject"),
    ]
    people = [(1, "<svg onload=x>", 'a"b@example.org', "")]
    graph = evidence_graph(EvidenceRows(messages=mails, people=people))
    for kind in KINDS:
        svg = drawn(kind, graph, "<script>\x00")
        svg.encode()
        assert "\u202e" not in svg
        assert kind not in ("replies", "evidence") or "<U+202E>" in html.unescape(svg)
        root = ElementTree.fromstring(svg)
        assert not list(root.iter(f"{SVG}script"))
        for link in root.iter(f"{SVG}a"):
            assert re.fullmatch(r"https://lore\.kernel\.org/r/[^\"<>\s]+/", link.get("href"))


def long_thread(count: int) -> nx.MultiDiGraph:
    mails = [
        (at, f"{at}@x", 0, 0, "Re: long", at % 60, f"2020-01-01T{at % 24:02d}:00:00Z",
         at - 1 if at else None, "references")
        for at in range(count)
    ]  # fmt: skip
    people = [(at, f"Person {at}", f"p{at}@example.org", "") for at in range(60)]
    return evidence_graph(EvidenceRows(messages=mails, people=people))


def test_a_large_graph_is_cut_and_says_so():
    graph = long_thread(3000)
    for kind in ("replies", "evidence"):
        root = ElementTree.fromstring(drawn(kind, graph))
        assert f"Shown are {NODES} of 3,000 " in root.find(f"{SVG}desc").text
        assert len(list(root.iter(f"{SVG}circle"))) == NODES
    root = ElementTree.fromstring(drawn("people", graph))
    assert (
        f"Shown are {PEOPLE} of 60 people, those who exchange most" in root.find(f"{SVG}desc").text
    )


def test_what_is_cut_from_a_tree_is_never_above_what_is_shown():
    graph = long_thread(1000)
    root = ElementTree.fromstring(drawn("replies", graph))
    shown = {int(one.get("href").split("/")[-2].split("@")[0]) for one in root.iter(f"{SVG}a")}
    assert shown == set(range(NODES))


def test_nothing_is_drawn_of_nothing():
    for kind in KINDS:
        root = ElementTree.fromstring(drawn(kind, evidence_graph(EvidenceRows())))
        assert not list(root.iter(f"{SVG}a"))
        assert "cow" in texts(drawn(kind, evidence_graph(EvidenceRows())))


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=60))
def test_the_most_connected_part_is_as_large_as_it_may_be(most, edges):
    near = {f"n{at}": [] for at in range(30)}
    for a, b in edges:
        near[f"n{a}"].append(f"n{b}")
        near[f"n{b}"].append(f"n{a}")
    part = most_connected(near, most)
    assert len(part) == min(most, 30)
    if part:
        assert max(len(near[node]) for node in part) == max(map(len, near.values()))
    turned = {node: near[node][::-1] for node in reversed(near)}
    assert most_connected(turned, most) == part


@pytest.mark.parametrize(
    ("node", "url"),
    [
        ("message:a%b@x.org", "https://lore.kernel.org/r/a%25b@x.org/"),
        ("report:a@x.org", "https://lore.kernel.org/r/a@x.org/"),
        ("report:syzbot:ab", None),
        ("message:a@x.org #1", None),
        ("bug:https://bugs.example.org/7", "https://bugs.example.org/7"),
        ("commit:abcd", None),
    ],
)
def test_where_a_node_can_be_read(node, url):
    assert link_of(node) == url


@given(st.floats(-1e6, 1e6))
def test_coordinates_are_short_and_plain(value):
    text = number(value)
    assert re.fullmatch(r"-?\d+(\.\d{1,2})?", text)
    assert abs(float(text) - value) <= 0.0051

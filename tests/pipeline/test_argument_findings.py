"""Claims, questions, positions and the rest as a notebook shows them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.pipeline import debated
from tests.pipeline.mails import mail, mbox
from threadkit.errors import NotFound
from threadkit.graph.argument.values import ArgumentGraph, Edge, Node
from threadkit.pipeline.acceptability_view import Standings
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.argument_view import FORMATS
from threadkit.pipeline.claim_view import in_place
from threadkit.pipeline.importing import import_mail

HOSTILE = "The second lock of the cache is <b onclick=x>useless</b>."


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    hostile = debated.SAID[0]._replace(text=HOSTILE)
    monkeypatch.setattr(debated, "SAID", (hostile, *debated.SAID[1:]))
    monkeypatch.setattr(
        debated,
        "MAILS",
        [one.replace(b"useless.", HOSTILE[32:].encode()) for one in debated.MAILS],
    )
    debated.given_units(monkeypatch)
    path = debated.archive_at(tmp_path)
    analyze(path)
    with Archive(path) as found:
        yield found


class Tags(HTMLParser):
    """Collects tags, and attributes that a notebook must not have."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.bad: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.bad += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]


def shown(archive: Archive) -> list[object]:
    return [
        archive.claims(), archive.claims()[0], archive.claim("c1"), archive.questions(),
        archive.questions()[0], archive.decisions(), archive.positions("r@"),
        archive.brief("r@", "2024"), archive.owed("r@"), archive.standings("r@"),
    ]  # fmt: skip


def test_every_object_has_a_line_of_facts(archive):
    lines = [repr(one) for one in shown(archive)]
    assert all(line.startswith("<") and line.endswith(">") and "\n" not in line for line in lines)
    assert lines[0].startswith("<Claims 3 claims; claims of 2 of 4 people")
    assert lines[1].startswith("<Claim c1 contested 'The second lock")
    assert lines[3] == "<Questions 2 questions, 1 without a direct reply>"
    assert lines[5] == "<Decisions 1 decision>"
    assert lines[9] == "<Standings 3 claims, 2 accepted in the grounded reading>"


def test_html_is_escaped_and_loads_nothing(archive):
    for one in shown(archive):
        html = one._repr_html_()
        found = Tags(html)
        assert not found.bad, one
        assert found.tags <= {"div", "strong", "br", "span", "table", "thead", "tbody", "tr", "th",
                              "td", "pre"}, one  # fmt: skip
        assert len(html) < 20_000
        assert "color:#" not in html
    assert "&lt;b onclick=x&gt;" in archive.claim("c1")._repr_html_()


def test_sequences_are_sequences(archive):
    some = archive.claims()
    assert [one.id for one in some[:2]] == ["c1", "c2"]
    assert some[-1].id == "c3"
    assert some.candidates == 1
    assert archive.claims(states=("candidate",))[0].facts.state == "candidate"
    assert archive.questions(only_open=True)[0].is_open


def test_one_claim_with_all_that_bears_on_it(archive):
    one = archive.claim("c1")
    assert [(each.kind, each.claim) for each in one.answered_by] == [
        ("attack", "c2"),
        ("ask", None),
    ]
    assert [each.text for each in one.evidence] == [debated.SAID[1].text]
    assert one.claim.facts.kind == "mechanism"
    with pytest.raises(NotFound, match="no such claim"):
        archive.claim("c99")


def test_the_graph_has_claims_and_what_bears_on_them(archive):
    graph = archive.argument_graph("r@")
    assert {node.id.partition(":")[0] for node in graph.nodes} == {"c1", "c2", "c3", "u"}
    assert {(edge.source, edge.kind, edge.target) for edge in graph.edges} >= {
        ("c2", "attack", "c1")
    }
    assert archive.argument_graph("else@").nodes == ()
    every = archive.argument_graph(states=("automatic", "candidate"))
    assert "c4" in every.by_id()


def test_reasons_name_people_and_words(archive):
    nodes = [
        Node("c1", "Fast.", "claim"),
        Node("u:a@example.org#0123456789ab", "It is\nslow.", person="Bo"),
        Node("patch:a@example.org", "[PATCH] x", person=""),
    ]
    edges = [Edge(nodes[1].id, "attack", "c1"), Edge("c1", "attack", nodes[2].id)]
    found = Standings(ArgumentGraph.of(nodes, edges))
    assert found.explanation("c1") == [
        'c1: rejected because Bo: "It is slow." attacks it (accepted: nothing speaks against it)'
    ]
    assert "patch:" not in found.explanation(nodes[2].id)[0]


def test_words_that_a_tracker_sends_are_those_of_who_wrote_them(tmp_path, monkeypatch):
    debated.given_units(monkeypatch)
    asked, told = debated.SAID[6].text, debated.SAID[4].text
    bug = "https://bugzilla.example.org/show_bug.cgi?id=77\n\n"
    mails = [
        mail("bug-77-0", subject="[Bug 77] New: it breaks", body=f"{bug}            Bug ID: 77\n"
             f"           Summary: it breaks\n          Reporter: zoe@example.org\n\n{asked}\n"),
        mail("bug-77-1", to="bug-77-0", minute=10, subject="[Bug 77] it breaks",
             body=f"{bug}--- Comment #1 from Yan Writer (yan@example.org) ---\n"
             f"(In reply to zoe from comment #0)\n> {asked}\n\n{told}\n"),
    ]  # fmt: skip
    sender = (b"From: Ada Example <ada@example.org>", b"From: bugzilla-daemon@example.org")
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox([one.replace(*sender) for one in mails]))
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    analyze(tmp_path / "t.db")
    with Archive(tmp_path / "t.db") as found:
        (question,) = found.questions()
        assert question.facts.person == "zoe@example.org"
        assert [one.person for one in question.facts.answers] == ["Yan Writer"]
        (claim,) = found.claims()
        assert [place.person for place, _ in found.claim(claim.id).places] == ["Yan Writer"]
        assert (claim.facts.person, str(found.claims().coverage)[:21]) == (
            "Yan Writer", "claims of 1 of 2 peop",
        )  # fmt: skip
        brief = found.brief("bug-77-0@", "2020")
        assert ({one.person for one in brief.items}, brief.people) == ({"Yan Writer"}, 2)


def test_the_argument_graph_is_written_as_others_are(archive):
    found = archive.argument_view("r@")
    assert ("node", "claim", 3, "what somebody holds") in found.counts()
    assert ("edge", "attack", 1, "speaks against it") in found.counts()
    for form in FORMATS:
        assert any("c1" in line for line in found.lines(form))
    assert repr(found).startswith("<ArgumentView ")


@pytest.mark.parametrize(
    ("body", "passage", "quotation", "found"),
    [
        ("One. Two. Three.\n", "Two.", None, ("", "One. ", "Two.", " Three.", False)),
        ("a\nb\nX\nc\nd\n\ne\n", "X", None, ("", "a\nb\n", "X", "\nc\nd", False)),
        ("a\n" * 9 + "X" + "\nb" * 9, "X", None, ("", "a\n" * 6, "X", "\nb" * 6, True)),
        ("> q\n\nOne.\n\nTwo\nX\n", "X", (0, 3), ("> q", "Two\n", "X", "", True)),
        ("> q\n\n> r\n\nTwo\nX\n", "X", (0, 3), ("> q", "Two\n", "X", "", False)),
        ("> q\nX\n> r\ny\n", "X", (0, 3), ("> q", "", "X", "", False)),
        ("> 1\n> 2\n> 3\n> 4\n> 5\nX", "X", (0, 19), ("> 2\n> 3\n> 4\n> 5", "", "X", "", False)),
        ("X", "X", None, ("", "", "X", "", False)),
    ],
)
def test_a_passage_stands_among_its_neighbours(body, passage, quotation, found):
    start = body.index(passage)
    assert in_place(body, (start, start + len(passage)), quotation) == found

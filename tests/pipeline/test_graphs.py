"""Graphs of an archive: a conversation with what it touches, or everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import threadkit
from threadkit.commits.values import Commit, Resolved, Signature
from threadkit.graph.evidence import check
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.graphs import FORMATS, KINDS, evidence
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write
from threadkit.store.transaction import transaction

CULPRIT, FIX, OTHER, THIRD = "ab12" * 10, "cd34" * 10, "ef56" * 10, "fa78" * 10
FOURTH = "1b90" * 10
MAILS = [
    ("start@example.org", "", "Ann Example <ann@example.org>", "fork hangs since v5.9",
     "Fork hangs since commit ab12ab12ab12 (\"mm: count\").\nSee CVE-2020-29374.\n"),
    ("answer@example.org", "start@example.org", "Bob Sample <bob@example.org>",
     "Re: fork hangs since v5.9",
     "On Mon, Ann Example wrote:\n> Fork hangs since commit ab12ab12ab12 (\"mm: count\").\n\n"
     "Try this. It is like e5e5e5e5e5e5 (\"mm: not here\").\nSee commit ef56ef56ef56e, too.\n"),
    ("far@example.org", "", "Cho Tester <cho@example.org>", "other words", "Nothing of that.\n"),
    ("patch@example.org", "", "Bob Sample <bob@example.org>", "[PATCH] mm: count once",
     "It hung.\n\nSigned-off-by: Bob Sample <bob@example.org>\n"),
]  # fmt: skip


def mbox() -> bytes:
    out = b""
    for at, (message_id, parent, sender, subject, body) in enumerate(MAILS):
        reply = f"In-Reply-To: <{parent}>\n" if parent else ""
        out += (
            f"From x Mon Jan  6 09:00:00 2020\nFrom: {sender}\nSubject: {subject}\n"
            f"Date: Mon, 06 Jan 2020 0{at}:00:00 +0000\nMessage-ID: <{message_id}>\n{reply}\n{body}\n"
        ).encode()
    return out


def commit(sha: str, subject: str, body: str, who: str) -> Commit:
    by = Signature(who, f"{who.split()[0].lower()}@example.org", "2020-01-10T00:00:00Z", 0)
    return Commit(sha, "", (), by, by, subject, body)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graphs")
    (folder / "mail.mbox").write_bytes(mbox())
    with threadkit.open(folder / "t.db", create=True) as archive:
        archive.import_mail(folder / "mail.mbox", workers=0)
    db = open_write(folder / "t.db")
    with transaction(db.conn):
        store = CommitStore(db.conn)
        now = "2026-01-01T00:00:00Z"
        culprit = commit(CULPRIT, "mm: count", "Why.", "Dora Example")
        store.save(Resolved(CULPRIT[:12], "found", "/git", culprit), now)
        fix = commit(
            FIX,
            "mm: count once",
            f'It hung.\n\nFixes: {CULPRIT[:12]} ("mm: count")\n'
            "Closes: https://lore.kernel.org/r/start@example.org/\n"
            "Link: https://patch.msgid.link/patch@example.org\n"
            "Reported-by: Ann Example <ann@example.org>\n",
            "Bob Sample",
        )
        store.save(Resolved(FIX, "found", "/git", fix), now)
        other = commit(OTHER, "mm: other", "Since commit fa78fa78fa78f.", "Eve Example")
        store.save(Resolved(OTHER, "found", "/git", other), now)
        third = commit(THIRD, "mm: third", "Why.", "Eve Example")
        store.save(Resolved(THIRD, "found", "/git", third), now)
        fourth = commit(FOURTH, "mm: fourth", "This is CVE-2020-29374.", "Eve Example")
        store.save(Resolved(FOURTH, "found", "/git", fourth), now)
    db.close()
    return folder / "t.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive(path) as archive:
        archive.analyze()
        yield archive


def kinds_between(graph, source: str, target: str) -> set[str]:
    return {data["kind"] for data in (graph.get_edge_data(source, target) or {}).values()}


def test_a_conversation_with_all_that_it_touches(archive: Archive):
    graph = archive.thread("answer@example.org").evidence
    assert list(check(graph)) == []
    assert {f"commit:{CULPRIT}", f"commit:{FIX}", "cve:CVE-2020-29374"} <= set(graph)
    assert "message:patch@example.org" in graph  # what the fix was taken from
    assert "message:far@example.org" not in graph
    start = "message:start@example.org"
    assert kinds_between(graph, start, f"commit:{CULPRIT}") == {"cites"}
    assert "quotes" in kinds_between(graph, "message:answer@example.org", start)
    assert "fixes" in kinds_between(graph, f"commit:{FIX}", f"commit:{CULPRIT}")
    assert "closes" in kinds_between(graph, f"commit:{FIX}", start)
    assert "reported_by" in kinds_between(graph, f"commit:{FIX}", "person:ann@example.org")
    assert "links_provenance" in kinds_between(graph, f"commit:{FIX}", "message:patch@example.org")
    assert "becomes" in kinds_between(graph, "message:patch@example.org", f"commit:{FIX}")
    assert graph.nodes["unresolved:e5e5e5e5e5e5"]["reason"] == "not looked up"


def test_a_beginning_that_nobody_looked_up_means_the_one_commit_that_is_here(archive: Archive):
    graph = archive.thread("start@example.org").evidence
    (data,) = graph.get_edge_data("message:answer@example.org", f"commit:{OTHER}").values()
    assert (data["kind"], data["rule"]) == ("cites", "beginning")
    assert kinds_between(graph, f"commit:{OTHER}", f"commit:{THIRD}") == {"cites"}


def test_a_commit_that_names_the_same_vulnerability_is_there(archive: Archive):
    graph = archive.thread("start@example.org").evidence
    assert kinds_between(graph, f"commit:{FOURTH}", "cve:CVE-2020-29374") == {"cites"}


def test_spans_are_those_of_the_words(archive: Archive):
    graph = archive.thread("start@example.org").evidence
    text = archive.message("start@example.org").body
    (data,) = graph.get_edge_data("message:start@example.org", "cve:CVE-2020-29374").values()
    assert text[data["start"] : data["stop"]] == "CVE-2020-29374"


def test_the_regression_leads_from_the_report_to_the_fix(archive: Archive):
    graph = archive.thread("start@example.org").evidence
    regressions = [node for node in graph if node.startswith("regression:")]
    assert regressions == ["regression:start@example.org"]
    (regression,) = regressions
    assert "introduced_by" in kinds_between(graph, regression, f"commit:{CULPRIT}")
    assert "fixes" in kinds_between(graph, f"commit:{FIX}", regression)
    report = "report:start@example.org"
    assert "told_in" in kinds_between(graph, report, "message:start@example.org")


def test_everything_holds_what_each_conversation_holds(archive: Archive):
    whole = evidence(archive.connection)
    assert list(check(whole)) == []
    assert "message:far@example.org" in whole
    part = archive.thread("start@example.org").evidence
    assert set(part) <= set(whole)
    for source, target, data in part.edges(data=True):
        assert data in whole.get_edge_data(source, target).values()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_form(archive: Archive, kind: str):
    found = archive.graph("start@example.org", kind)
    assert found.title == "fork hangs since v5.9"
    for form in FORMATS:
        lines = list(found.lines(form))
        assert lines == list(found.lines(form))
        assert not any("\n" in line for line in lines)
    shown = found._repr_html_()
    assert "<svg " in shown
    assert len(shown) < 20_000
    assert "prefers-color-scheme" not in shown
    assert f"GraphView {kind} " in repr(found)


def test_replies_and_people_keep_to_the_conversation(archive: Archive):
    replies = archive.graph("start@example.org", "replies").graph
    assert set(replies) == {"message:start@example.org", "message:answer@example.org"}
    people = archive.graph("start@example.org", "people").graph
    assert list(people.edges()) == [("person:bob@example.org", "person:ann@example.org")]


def test_counts_are_of_the_graph(archive: Archive):
    found = archive.graph(kind="people")
    assert ("node", "person", 3) in [row[:3] for row in found.counts()]
    assert ("edge", "answers", 1) in [row[:3] for row in found.counts()]

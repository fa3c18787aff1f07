"""The Python facade: what a notebook does with an archive."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import threadkit as tk
from threadkit.errors import NotFound, QueryError, StoreMissing
from threadkit.store.catalog import StoredOverview

MAILS = [
    ("a@example.org", "", "Ann Example <ann@example.org>", "mm: count pages", "06", "One page.\n"),
    ("b@example.org", "a@example.org", "Bob Sample <bob@example.org>", "Re: mm: count pages", "07",
     "> One page.\n\nTwo, I think.\n\nReviewed-by: Bob Sample <bob@example.org>\n"),
    ("c@example.org", "a@example.org", "Bob Sample <bob@example.org>", "Re: mm: count pages", "08",
     "And <script>alert(1)</script> too.\n"),
    ("d@example.org", "c@example.org", "Ann Example <ann@example.org>", "Re: mm: count pages", "09",
     "No.\n"),
    ("e@example.org", "gone@example.org", "Cho 千代 <cho@example.org>", "Re: mm: count pages", "10",
     "Loose.\n"),
]  # fmt: skip


def mbox(mails):
    return "".join(
        f"From x Mon Jan  6 09:00:00 2020\nFrom: {sender}\nTo: l@example.org\nSubject: {subject}\n"
        f"Date: {day} Jan 2020 09:00:00 +0000\nMessage-ID: <{name}>\n"
        + (f"In-Reply-To: <{parent}>\n" if parent else "")
        + f"Content-Type: text/plain; charset=utf-8\n\n{body}\n"
        for name, parent, sender, subject, day, body in mails
    ).encode()


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("facade")
    (folder / "list.mbox").write_bytes(mbox(MAILS))
    tk.import_mail(folder / "a.db", [str(folder / "list.mbox")], workers=0)
    return folder / "a.db"


@pytest.fixture
def archive(path):
    with tk.open(path) as found:
        yield found


def test_a_message_is_found_by_any_name_and_knows_its_parts(archive):
    for name in (
        "b@example.org",
        "<b@example.org>",
        "b@",
        "https://lore.kernel.org/l/b@example.org/",
    ):
        message = archive.message(name)
        assert message.message_id == "b@example.org"
    assert (message.author, message.parent, message.root) == (
        "Bob Sample", "a@example.org", "a@example.org",
    )  # fmt: skip
    assert "".join(message.body[b.start : b.stop] for b in message.blocks) == message.body
    assert "Two, I think." in message.own_text
    assert "One page." not in message.own_text
    assert [quote.source for quote in message.quotes] == ["a@example.org"]
    assert [trailer.name for trailer in message.trailers] == ["Reviewed-by"]
    assert message.raw.startswith(b"From: Bob Sample")
    assert message.in_reply_to == ("a@example.org",)
    assert [address.email for _, address in message.recipients] == ["l@example.org"]
    assert len(message.copies) == 1
    assert list(message.attachments) == list(message.defects) == list(message.citations) == []


def test_a_thread_is_the_same_from_every_message_of_it(archive):
    wanted = [(depth, m.message_id) for depth, m in archive.thread("a@example.org").rows]
    assert wanted == [
        (0, "a@example.org"), (1, "b@example.org"), (1, "c@example.org"), (2, "d@example.org"),
        (0, "gone@example.org"), (1, "e@example.org"),
    ]  # fmt: skip
    for name in ("d@example.org", "e@example.org", "gone@example.org"):
        assert [(d, m.message_id) for d, m in archive.thread(name).rows] == wanted


def test_a_thread_tells_people_dates_ghosts_and_depth(archive):
    thread = archive.thread("a@example.org")
    assert [message.message_id for message in thread.ghosts] == ["gone@example.org"]
    assert len(thread) == len(thread.messages) == len(list(thread)) == 5
    assert [(one.name, one.message_count) for one in thread.people] == [
        ("Ann Example", 2), ("Bob Sample", 2), ("Cho 千代", 1),
    ]  # fmt: skip
    assert (thread.first_utc, thread.last_utc) == ("2020-01-06T09:00:00Z", "2020-01-10T09:00:00Z")
    assert (thread.depth, thread.subject, thread.partial) == (2, "mm: count pages", False)
    assert thread.messages[0].thread.root.message_id == "a@example.org"


def test_a_thread_is_a_graph_of_who_answers_whom(archive):
    import networkx as nx

    graph = archive.thread("a@example.org").graph()
    assert nx.is_directed_acyclic_graph(graph)
    assert set(graph.successors(("d@example.org", 0))) == {("c@example.org", 0)}
    assert graph.nodes["b@example.org", 0]["person"] == "Bob Sample"
    assert graph.nodes["gone@example.org", 0]["ghost"]


def test_a_query_is_a_table(archive):
    table = archive.query("SELECT message_id, subject FROM message WHERE ghost = :g", g=1)
    assert (len(table), table.columns) == (1, ("message_id", "subject"))
    assert table[0]["message_id"] == "gone@example.org"
    assert [row["message_id"] for row in table[:1]] == ["gone@example.org"]
    assert archive.query("SELECT ? + 1 AS n", [1])[0] == {"n": 2}


def test_a_query_cannot_write(archive):
    with pytest.raises(QueryError):
        archive.query("DELETE FROM message")
    assert archive.stats().mails == 5


def test_search_threads_people_stats_verify(archive):
    hits = archive.search("f:bob think")
    assert [hit.message.message_id for hit in hits] == ["b@example.org"]
    assert not hits.more
    assert hits[:1] == (hits[0],)
    assert [one.root for one in archive.threads()] == ["a@example.org"]
    assert archive.threads("nowhere_at_all") == []
    assert {one.name for one in archive.people()} == {"Ann Example", "Bob Sample", "Cho 千代"}
    assert archive.verify() == []


def test_every_object_has_a_repr_of_one_line(archive):
    thread = archive.thread("a@example.org")
    things = [archive, thread, thread.messages[0], thread.ghosts[0], thread.tree(),
              archive.search("page"), archive.query("SELECT 1 AS n"), thread.people[0]]  # fmt: skip
    for thing in things:
        assert len(repr(thing).splitlines()) == 1
        assert repr(thing).startswith("<")
    assert repr(thread) == (
        "<Thread 'mm: count pages' 5 messages, 1 not found, 3 people, 2020-01-06..2020-01-10>"
    )


def test_html_is_escaped_small_and_brings_no_colours(archive):
    thread = archive.thread("a@example.org")
    for thing in (archive, thread, archive.message("c@"), thread.ghosts[0], thread.tree(),
                  archive.search("script"), archive.query("SELECT text FROM body")):  # fmt: skip
        page = thing._repr_html_()
        assert "<script" not in page
        assert "#" not in page.replace("&#x27;", "")
        assert "background:" not in page.replace("background:none", "")
        assert len(page) < 20_000


def test_an_archive_opens_again_after_it_was_closed(archive):
    archive.close()
    assert archive.message("a@").subject == "mm: count pages"


def test_importing_through_an_open_archive_is_seen_at_once(tmp_path):
    (tmp_path / "one.mbox").write_bytes(mbox(MAILS[:1]))
    (tmp_path / "rest.mbox").write_bytes(mbox(MAILS[1:]))
    with tk.open(tmp_path / "new.db", create=True) as archive:
        assert archive.stats().mails == 0
        assert archive.import_mail(tmp_path / "one.mbox", workers=0).added == 1
        assert archive.stats().mails == 1
        assert archive.import_mail(tmp_path / "rest.mbox", workers=0).added == 4
        assert len(archive.thread("a@example.org")) == 5


def test_errors_are_threadkits_own(archive, tmp_path):
    with pytest.raises(NotFound):
        archive.message("nobody@example.org")
    with pytest.raises(StoreMissing):
        tk.open(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(tk.ThreadkitError):
        archive.search("d:someday")


def test_public_names_are_all_there():
    for name in tk.__all__:
        assert getattr(tk, name) is not None
    assert set(tk.__all__) == set(dir(tk))
    with pytest.raises(AttributeError, match="nonsense"):
        tk.nonsense  # noqa: B018


def test_a_transcript_is_no_defect_where_the_mail_itself_is_here(tmp_path):
    path = tmp_path / "a.db"
    tk.import_mail(path, [str(tk.samples() / "page.txt")], workers=0)
    with tk.open(path) as archive:
        transcript = archive.message("cy-2@example.org")
        assert [one.kind for one in transcript.defects] == ["transcribed"]
        raw = transcript.raw
    (tmp_path / "sent.eml").write_bytes(b"X-Spam: no\n" + raw)
    assert tk.import_mail(path, [str(tmp_path / "sent.eml")], workers=0).copies == 1
    with tk.open(path) as archive:
        assert list(archive.message("cy-2@example.org").defects) == []


def test_an_archive_says_as_many_mails_as_its_statistics(archive):
    assert archive.stats().ghosts == 1
    assert repr(archive).endswith(f": {archive.stats().mails} mails>")


def test_a_hit_shows_its_mail_and_line_and_nothing_else(archive):
    assert repr(archive.search("two")[0]) == "<Hit 'b@example.org' own: 'Two, I think.'>"
    assert repr(archive.search("mid:b@example.org")[0]) == "<Hit 'b@example.org'>"


def test_a_thread_is_partial_where_fewer_than_half_of_what_a_page_lists_are_here(archive):
    row = StoredOverview(1, 0, 0, None, "Ann", "fork", None, "strict", None)
    for listed, partial in ((0, False), (9, False), (10, False), (11, True)):
        thread = archive.thread("a@example.org")
        thread.overview = [row] * listed
        assert thread.partial == partial


def test_several_ids_of_a_reply_are_kept_in_their_order(tmp_path):
    (tmp_path / "x.eml").write_bytes(
        b"From: ann@example.org\nMessage-ID: <x@example.org>\nSubject: Re: fork\n"
        b"In-Reply-To: <b@example.org> <a@example.org> <c@example.org>\n"
        b"References: <d@example.org> <a@example.org>\n\nHi.\n"
    )
    with tk.open(tmp_path / "x.db", create=True) as archive:
        archive.import_mail(tmp_path / "x.eml", workers=0)
        message = archive.message("x@example.org")
        assert message.in_reply_to == ("b@example.org", "a@example.org", "c@example.org")
        assert message.references == ("d@example.org", "a@example.org")


def test_mails_without_a_date_are_a_thread_too(tmp_path):
    (tmp_path / "x.eml").write_bytes(
        b"From: Ann Example <ann@example.org>\nMessage-ID: <x@example.org>\nSubject: fork\n\nHi.\n"
    )
    with tk.open(tmp_path / "x.db", create=True) as archive:
        archive.import_mail(tmp_path / "x.eml", workers=0)
        thread = archive.thread("x@example.org")
        assert (thread.first_utc, thread.last_utc) == (None, None)
        assert thread.summary() == "1 message, 1 person"
        assert archive.message("x@example.org").facts()["date_utc"] is None
        assert thread.facts()["messages"] == 1


def test_long_subjects_are_cut_in_what_a_notebook_prints(tmp_path):
    head = "From: a@example.org\nMessage-ID: <x@example.org>\nSubject: " + "日本 " * 60
    (tmp_path / "x.eml").write_bytes(f"{head}\n\nHi.\n".encode())
    with tk.open(tmp_path / "x.db", create=True) as archive:
        archive.import_mail(tmp_path / "x.eml", workers=0)
        thread = archive.thread("x@example.org")
        for thing in (thread, thread.root):
            assert len(repr(thing)) < 120
            assert "…" in repr(thing)


def test_a_table_becomes_a_data_frame_where_pandas_is(archive, monkeypatch):
    class Pandas:
        class DataFrame:
            @staticmethod
            def from_records(rows, columns):
                return list(rows), list(columns)

    table = archive.query("SELECT message_id, ghost FROM message ORDER BY 1 LIMIT 2")
    monkeypatch.setitem(sys.modules, "pandas", Pandas)
    assert table.df() == (
        [("a@example.org", 0), ("b@example.org", 0)], ["message_id", "ghost"],
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError):
        table.df()

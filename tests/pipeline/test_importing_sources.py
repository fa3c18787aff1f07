"""Import of what a server sends: proven before it is stored, and told apart from what was there."""

from __future__ import annotations

import gzip
import io
import multiprocessing
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipeline.contents import contents, table
from tests.pipeline.mails import mail, mbox
from tests.pipeline.test_importing import THREAD, many
from threadkit.errors import BrokenAnswer
from threadkit.fetch.lore.download import MailDownload
from threadkit.fetch.source import OverviewRow, Provenance, Source
from threadkit.pipeline import importing
from threadkit.pipeline.importing import FETCHED, finish, import_mail, import_sources
from threadkit.pipeline.report import ImportReport, Progress
from threadkit.store.connection import open_read, open_write
from threadkit.store.verify import verify
from threadkit.store.write import Writer

URL = "https://lore.example.org/all/root@example.org/"
TINY = replace(FETCHED, chunk_mails=20, batch_mails=40, sample_mails=60, train_from_mails=50)
DAY = "2020-09-01T12:00:00Z"


class Answer(io.BytesIO):
    """An answer of a server, whole in the eyes of HTTP."""

    url, status, framed = URL + "t.mbox.gz", 200, True


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


@pytest.fixture
def writer(db: Path) -> Iterator[Writer]:
    opened = open_write(db)
    yield Writer(opened)
    opened.close()


def download(data: bytes, *, when: str = DAY, uri: str = URL) -> MailDownload:
    return MailDownload(Answer(data), uri=uri, fetched_utc=when)


def packed(mails: list[bytes]) -> bytes:
    return gzip.compress(mbox(mails))


def bring(
    writer: Writer, data: bytes, *, workers: int = 0, when: str = DAY, uri: str = URL,
    overview: tuple[OverviewRow, ...] = (),
) -> ImportReport:  # fmt: skip
    one = download(data, when=when, uri=uri)
    one.source.overview = overview
    try:
        return import_sources(
            writer,
            [one.source],
            before_write=lambda _: one.settle(),
            workers=workers,
            pace=TINY,
        )
    finally:
        one.close()


def changes(writer: Writer, work: object) -> int:
    """Count the rows that a call writes."""
    before = writer.conn.total_changes
    assert callable(work)
    work()
    return int(writer.conn.total_changes - before)


def ids(writer: Writer, messages: set[int]) -> set[str]:
    rows = writer.conn.execute("SELECT id, message_id FROM message").fetchall()
    return {name for id_, name in rows if id_ in messages}


def sound(db: Path) -> list[object]:
    conn = open_read(db)
    try:
        return list(verify(conn))
    finally:
        conn.close()


# -- what is stored ------------------------------------------------------------------


@pytest.mark.parametrize("workers", [0, 2])
def test_a_thread_from_a_server_is_stored_as_one_from_a_file(
    writer: Writer, db: Path, tmp_path: Path, workers: int
) -> None:
    mails = many(320)
    report = bring(writer, packed(mails), workers=workers)
    finish(writer)
    assert (report.seen, report.added, report.known) == (320, 320, 0)
    (tmp_path / "in.mbox").write_bytes(mbox(mails))
    import_mail(tmp_path / "file.db", [str(tmp_path / "in.mbox")], workers=0)
    assert contents(db) == contents(tmp_path / "file.db")
    assert sound(db) == []
    assert multiprocessing.active_children() == []


def test_the_source_says_where_when_and_what(writer: Writer, db: Path) -> None:
    one = download(packed(THREAD))
    import_sources(writer, [one.source], before_write=lambda _: one.settle())
    assert table(db, "SELECT uri, kind, fetched_utc, http_status, sha256, mail_count FROM source") == [
        (URL, "mbox", DAY, 200, one.body.sha256, 3)
    ]  # fmt: skip


def test_mail_of_this_machine_has_no_provenance(tmp_path: Path, db: Path) -> None:
    (tmp_path / "in.mbox").write_bytes(mbox(THREAD))
    import_mail(db, [str(tmp_path / "in.mbox")])
    assert table(db, "SELECT fetched_utc, http_status, sha256 FROM source") == [(None, None, None)]


def test_the_overview_of_the_server_is_stored_with_the_thread(writer: Writer, db: Path) -> None:
    rows = (
        OverviewRow(0, 0, None, "2024-03-01T09:00Z", "Ada", "A question", "root@example.org", "strict"),
        OverviewRow(1, 1, 0, None, "", "", "lost@example.org", "strict"),
    )  # fmt: skip
    bring(writer, packed(THREAD), overview=rows)
    assert table(db, "SELECT position, depth, parent_position, message_id FROM overview") == [
        (0, 0, None, "root@example.org"),
        (1, 1, 0, "lost@example.org"),
    ]
    assert changes(writer, lambda: bring(writer, packed(THREAD), overview=rows)) == 0
    bring(writer, packed(THREAD), overview=rows[:1])
    assert table(db, "SELECT count(*) FROM overview") == [(1,)]


# -- what the report tells -----------------------------------------------------------


def test_the_report_names_messages_and_the_roots_of_their_threads(writer: Writer) -> None:
    other = [mail("alone", subject="Something else", minute=50)]
    report = bring(writer, packed(THREAD + other))
    assert set(report.roots.values()) == {"root@example.org", "alone@example.org"}
    assert ids(writer, set(report.roots)) == set(report.roots.values())
    everyone = {f"{name}@example.org" for name in ("root", "one", "two", "alone")}
    assert ids(writer, report.messages) == ids(writer, report.new) == everyone


def test_what_is_known_is_named_and_not_called_new(writer: Writer) -> None:
    bring(writer, packed(THREAD[:2]))
    report = bring(writer, packed(THREAD))
    assert (report.seen, report.known, report.added) == (3, 2, 1)
    assert ids(writer, report.new) == {"two@example.org"}
    assert len(report.messages) == 3
    assert list(report.roots.values()) == ["root@example.org"]


def test_a_copy_from_another_list_is_no_new_message(writer: Writer) -> None:
    bring(writer, packed(THREAD))
    copy = THREAD[0].replace(b"List-Id: <talk.example.org>", b"List-Id: <walk.example.org>")
    report = bring(writer, packed([copy]), uri=URL + "copy")
    assert (report.added, report.copies) == (0, 1)
    assert ids(writer, report.messages) == {"root@example.org"}


def test_a_root_may_be_a_mail_that_nobody_has(writer: Writer) -> None:
    report = bring(writer, packed([mail("late", to="lost", references=["lost"])]))
    ((row, name),) = report.roots.items()
    assert (row < 0, name) == (True, "lost@example.org")


# -- fetching again ------------------------------------------------------------------


def test_the_same_answer_again_writes_nothing(writer: Writer, db: Path) -> None:
    bring(writer, packed(THREAD))
    finish(writer)
    before = contents(db)

    def again() -> None:
        report = bring(writer, packed(THREAD), when="2021-01-01T00:00:00Z")
        assert (report.known, report.added, report.new) == (3, 0, set())
        finish(writer)

    assert changes(writer, again) == 0
    assert contents(db) == before
    assert table(db, "SELECT fetched_utc FROM source") == [(DAY,)]


def test_a_thread_that_grew_tells_of_the_newest_answer(writer: Writer, db: Path) -> None:
    bring(writer, packed(THREAD[:2]))
    bring(writer, packed(THREAD), when="2021-01-01T00:00:00Z")
    assert table(db, "SELECT fetched_utc, mail_count FROM source") == [("2021-01-01T00:00:00Z", 3)]


def test_mail_that_came_another_way_gets_its_source_written(
    writer: Writer, db: Path, tmp_path: Path
) -> None:
    (tmp_path / "in.mbox").write_bytes(mbox(THREAD))
    import_mail(db, [str(tmp_path / "in.mbox")])
    report = bring(writer, packed(THREAD))
    assert (report.known, report.added) == (3, 0)
    assert table(db, "SELECT http_status FROM source WHERE uri LIKE 'https:%'") == [(200,)]


def test_many_threads_one_after_the_other_and_people_at_the_end(writer: Writer, db: Path) -> None:
    for number in range(5):
        name = f"t{number}"
        bring(writer, packed([mail(name, subject=f"About {name}", person=number)]), uri=URL + name)
    assert table(db, "SELECT count(*) FROM person_apart") == [(0,)]
    assert table(db, "SELECT value FROM setting WHERE name = 'people'") == [("changed",)]
    finish(writer)
    assert table(db, "SELECT value FROM setting WHERE name = 'people'") == []
    assert sound(db) == []


def test_an_import_makes_up_for_a_fetch_that_was_killed(
    writer: Writer, db: Path, tmp_path: Path
) -> None:
    bring(writer, packed([mail("a", person=0)]))
    second = mail("b", minute=3).replace(b"ada@example.org", b"ada@corp.example.org")
    bring(writer, packed([second]), uri=URL + "b")
    (tmp_path / "in.mbox").write_bytes(mbox([mail("c", minute=9)]))
    import_mail(db, [str(tmp_path / "in.mbox")])
    whole = tmp_path / "whole.mbox"
    whole.write_bytes(mbox([mail("a", person=0), second, mail("c", minute=9)]))
    import_mail(tmp_path / "whole.db", [str(whole)])
    assert contents(db) == contents(tmp_path / "whole.db")


def test_a_fetch_that_is_killed_midway_does_not_say_that_all_is_here(
    writer: Writer, db: Path
) -> None:
    mails = many(200)
    one = download(packed(mails))

    def kill(step: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_sources(
            writer, [one.source], before_write=lambda _: one.settle(), workers=0, pace=TINY,
            progress=kill,
        )  # fmt: skip
    one.close()
    assert table(db, "SELECT count(*) FROM raw") == [(40,)]
    assert table(db, "SELECT sha256, mail_count FROM source") == [(None, 0)]
    report = bring(writer, packed(mails))
    assert (report.known, report.added) == (40, 160)
    assert table(db, "SELECT sha256, mail_count FROM source") == [(one.body.sha256, 200)]
    assert sound(db) == []


# -- what is not whole ---------------------------------------------------------------


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("count", [3, 45, 320])
def test_nothing_of_a_broken_answer_is_stored(
    writer: Writer, db: Path, count: int, workers: int
) -> None:
    data = packed(many(count))
    before = contents(db)
    with pytest.raises(BrokenAnswer, match="try again"):
        bring(writer, data[:-5], workers=workers)
    assert contents(db) == before
    assert table(db, "SELECT count(*) FROM source") == [(0,)]
    assert bring(writer, data, workers=workers).added == count
    assert multiprocessing.active_children() == []


def test_a_source_is_proven_once_and_before_the_first_write(writer: Writer, db: Path) -> None:
    asked: list[tuple[str, int]] = []
    one = download(packed(many(200)))

    def prove(source: Source) -> Provenance:
        asked.append((source.uri, int(table(db, "SELECT count(*) FROM raw")[0][0])))
        return one.settle()

    steps: list[Progress] = []
    import_sources(
        writer, [one.source], before_write=prove, workers=0, pace=TINY, progress=steps.append
    )
    assert asked == [(URL, 0)]
    assert [step.stored for step in steps][:5] == [40, 80, 120, 160, 200]


def test_no_lock_is_held_while_the_rest_is_downloaded(writer: Writer, db: Path) -> None:
    one = download(packed(many(200)))

    def prove(source: Source) -> Provenance:
        assert not writer.conn.in_transaction
        return one.settle()

    import_sources(writer, [one.source], before_write=prove, workers=0, pace=TINY)


def test_a_refusal_stores_nothing_even_if_nothing_is_new(writer: Writer, db: Path) -> None:
    bring(writer, packed(THREAD))

    def refuse(source: Source) -> None:
        raise BrokenAnswer(source.uri, "not proven")

    one = download(packed(THREAD))
    with pytest.raises(BrokenAnswer, match="not proven"):
        import_sources(writer, [one.source], before_write=refuse)
    one.close()


def test_sources_of_this_machine_need_no_proof(writer: Writer, tmp_path: Path) -> None:
    (tmp_path / "in.mbox").write_bytes(mbox(THREAD))
    sources = importing.open_sources([str(tmp_path / "in.mbox")])
    assert import_sources(writer, sources).added == 3


def test_a_worker_does_not_hold_a_servers_connection(writer: Writer) -> None:
    """A server sees the end of a connection although the workers of the import live on."""
    server, client = socket.socketpair()
    one = download(packed(many(320)))
    seen: list[bytes] = []

    def look(step: Progress) -> None:
        if not seen:
            assert multiprocessing.active_children()
            client.close()
            server.settimeout(5)
            seen.append(server.recv(1))

    with server:
        import_sources(
            writer, [one.source], before_write=lambda _: one.settle(), workers=2, pace=TINY,
            progress=look,
        )  # fmt: skip
    assert seen == [b""]

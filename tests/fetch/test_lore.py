"""Threads and overviews from the real public-inbox, and what is done where one fails."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.fetch.badserver import (
    BadServer,
    FakeClock,
    body,
    challenge,
    cut,
    cut_gzip,
    page,
    reset,
    slow_down,
    trouble,
)
from tests.fetch.boxes import mbox
from tests.servers import letters
from tests.servers.fixtures import need
from tests.servers.loreservers import PublicInbox
from threadkit.errors import (
    AnswerTooLarge,
    Challenged,
    NotOnServer,
    NoWayThere,
    Offline,
    QueryError,
    Resting,
    ServerTrouble,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.lore.download import MailDownload
from threadkit.fetch.lore.lore import Lore, since_query
from threadkit.fetch.lore.names import escaped, parse_target
from threadkit.fetch.web.manners import Manners
from threadkit.fetch.web.session import Session
from threadkit.mail.message import parse

STRANGER = "http://127.0.0.1:1"
"""No server is there."""


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as session:
        yield session


@pytest.fixture
def archive(session: Session, lore: PublicInbox) -> Lore:
    return Lore(session, [lore.url])


def ids(download: MailDownload) -> list[str]:
    """Return the Message-IDs of all mails in a download, whole and in their order."""
    found = [parse(mail.data).message_id for mail in download.source]
    assert download.settle().http_status == 200
    assert not download.source.problems
    return found


def thread_ids(archive: Lore, message_id: str, inbox: str | None = None) -> list[str]:
    with archive.thread(message_id, inbox) as download:
        return ids(download)


@pytest.mark.parametrize("name", [letters.ENGINE[0], letters.ENGINE[4], letters.ENGINE[5]])
def test_any_mail_of_a_thread_brings_the_thread(archive: Lore, name: str) -> None:
    assert set(letters.ENGINE) <= set(thread_ids(archive, name, "linux-mm"))


def test_all_has_the_copies_of_both_lists(archive: Lore) -> None:
    one = thread_ids(archive, letters.ENGINE[0], "lkml")
    assert sorted(one) == sorted([*letters.ENGINE, letters.LOOSE])
    assert sorted(thread_ids(archive, letters.ENGINE[0])) == sorted(one * 2)
    with archive.thread(letters.CITING[0]) as download:
        footers = {mail.data.rpartition(b"write to ")[2] for mail in download.source}
    assert footers == {b"linux-mm+leave@example.org\n", b"lkml+leave@example.org\n"}


@pytest.mark.parametrize("message_id", letters.ODD)
def test_odd_ids_are_found_by_their_own_address(
    archive: Lore, lore: PublicInbox, message_id: str
) -> None:
    assert sorted(thread_ids(archive, message_id, "linux-mm")) == sorted(letters.ODD)
    target = parse_target(archive.url(message_id, "linux-mm") + "T/#u")
    assert (target.name, target.inbox, target.origin) == (message_id, "linux-mm", lore.url)
    shown = archive.overview(message_id, "linux-mm")
    assert shown.message_ids == set(letters.ODD)


@pytest.mark.parametrize("inbox", [None, "linux-mm", "lkml"])
@pytest.mark.parametrize("name", [letters.ENGINE[0], letters.ENGINE_V2[1], letters.BUG[1]])
def test_the_overview_has_the_mails_of_the_mailbox(
    archive: Lore, name: str, inbox: str | None
) -> None:
    shown = archive.overview(name, inbox)
    brought = thread_ids(archive, name, inbox)
    assert shown.message_ids == set(brought)
    assert shown.message_count == len(brought)
    assert sorted(row.message_id or "" for row in shown.rows if row.date_utc) == sorted(brought)


def test_the_overview_shows_depth_ghosts_and_loose_matches(archive: Lore) -> None:
    shown = archive.overview(letters.ENGINE[0], "linux-mm")
    rows = {row.message_id: row for row in shown.rows}
    places = {name: (row.depth, row.match) for name, row in rows.items()}
    root, one, two, reply, answer, below = letters.ENGINE
    assert places[root] == (0, "strict")
    assert places[one] == places[two] == (1, "strict")
    assert places[reply] == (2, "strict")
    assert places[answer] == (3, "strict")
    assert places[letters.GHOST] == (2, "strict")
    assert places[below] == (3, "strict")
    assert places[letters.LOOSE] == (0, "loose")
    assert rows[letters.GHOST].date_utc is None
    assert letters.GHOST not in shown.message_ids
    assert rows[below].date_utc == "2020-09-01T03:03Z"
    assert rows[below].author == "Dörte Ölund"
    above = rows[below].parent_row
    assert above is not None
    assert shown.rows[above].message_id == letters.GHOST


def test_a_mail_without_replies_has_no_rows_and_counts_one(archive: Lore) -> None:
    shown = archive.overview(letters.CITING[0], "lkml")
    assert (shown.rows, shown.message_count) == ((), 1)


def test_the_source_is_named_by_the_page_of_the_mail(archive: Lore, lore: PublicInbox) -> None:
    name = letters.ODD[1]
    with archive.thread(name, "linux-mm") as download:
        assert download.source.uri == f"{lore.url}/linux-mm/{escaped(name)}/"
        assert download.url == f"{download.source.uri}t.mbox.gz"
        assert len(download.settle().sha256) == 64


def test_a_mail_that_another_list_has_comes_from_there(archive: Lore, lore: PublicInbox) -> None:
    assert thread_ids(archive, letters.BUG[1], "linux-mm") == list(letters.BUG)
    with archive.thread(letters.BUG[0], "linux-mm") as download:
        assert download.source.uri == f"{lore.url}/lkml/{letters.BUG[0]}/"
    assert archive.overview(letters.BUG[0], "linux-mm").message_ids == set(letters.BUG)


@pytest.mark.parametrize("inbox", [None, "lkml"])
def test_an_unknown_id_is_named_with_what_is_near(archive: Lore, inbox: str | None) -> None:
    near_miss = letters.ENGINE[0].removesuffix("g")
    with pytest.raises(NotOnServer, match="no such mail; did you mean") as caught:
        thread_ids(archive, near_miss, inbox)
    assert caught.value.near == (letters.ENGINE[0],)
    with pytest.raises(NotOnServer) as caught:
        archive.overview(near_miss, inbox)
    assert caught.value.near == (letters.ENGINE[0],)


def test_an_id_in_the_wrong_case_is_another_id_and_near(archive: Lore) -> None:
    with pytest.raises(NotOnServer) as caught:
        thread_ids(archive, letters.BUG[0].upper())
    assert letters.BUG[0] in caught.value.near


@pytest.mark.parametrize(
    "name", [letters.UNKNOWN, letters.GHOST, "no-at", '(*no/"such@nowhere.example.net']
)
def test_an_unknown_id_far_from_all_is_just_not_there(archive: Lore, name: str) -> None:
    with pytest.raises(NotOnServer, match="no such mail") as caught:
        thread_ids(archive, name)
    assert caught.value.near == ()
    assert caught.value.exit_code == 3


def test_an_unknown_list_is_named(archive: Lore) -> None:
    with pytest.raises(NotOnServer, match="no list no-such-list"):
        thread_ids(archive, letters.BUG[0], "no-such-list")
    with pytest.raises(NotOnServer, match="no list no-such-list"):
        archive.overview(letters.BUG[0], "no-such-list")
    with pytest.raises(NotOnServer, match="no list"), archive.search("s:engine", "no-such-list"):
        pass


def test_a_growing_thread_brings_the_new_mail(archive: Lore, lore: PublicInbox) -> None:
    lore.grow("lkml", letters.chain("lore-grows", 2))
    name = "lore-grows.0@example.org"
    assert len(thread_ids(archive, name, "lkml")) == 2
    lore.grow("lkml", letters.chain("lore-grows", 2, first=2))
    assert thread_ids(archive, name, "lkml") == [f"lore-grows.{n}@example.org" for n in range(4)]
    assert archive.overview(name, "lkml").message_count == 4


def test_a_thread_of_more_mails_than_a_page_shows(archive: Lore, lore: PublicInbox) -> None:
    lore.grow("lkml", letters.chain("lore-long", 1010))
    name = "lore-long.5@example.org"
    assert len(thread_ids(archive, name, "lkml")) == 1010
    shown = archive.overview(name, "lkml")
    assert (len(shown.rows), shown.message_count) == (1000, 1010)


def found(archive: Lore, query: str, inbox: str = "all", *, whole_threads: bool = True) -> set[str]:
    with archive.search(query, inbox, whole_threads=whole_threads) as download:
        return set(ids(download))


def test_a_search_brings_threads_or_only_hits(archive: Lore) -> None:
    assert found(archive, "b:halts", "lkml") == set(letters.BUG)
    assert found(archive, "b:halts", "lkml", whole_threads=False) == {letters.BUG[0]}
    assert found(archive, "dfn:engine.c AND s:v2", "linux-mm") == set(letters.ENGINE_V2)
    assert found(archive, "b:halts") == set(letters.BUG)


def test_a_search_without_a_hit_says_so(archive: Lore) -> None:
    for query in ("s:zyzzyva", "dfn:no/such/file.c", "((", '"'):
        with pytest.raises(NotOnServer, match="nothing matches"), archive.search(query):
            pass


@pytest.mark.parametrize("query", ["", "  "])
def test_a_search_for_nothing_is_not_sent(session: Session, query: str) -> None:
    with pytest.raises(QueryError), Lore(session, [STRANGER]).search(query):
        pass


def test_since_a_day_is_by_the_day_of_writing_in_utc(archive: Lore) -> None:
    odd = date(2020, 9, 3)  # 4000 minutes after the first
    query = since_query(odd)
    assert found(archive, query, "linux-mm") == {
        *letters.CITING,
        letters.LOOSE,
        *letters.ODD,
    }
    with pytest.raises(NotOnServer), archive.search(since_query(date(2100, 1, 1)), "linux-mm"):
        pass


def test_a_server_without_a_search_index_is_named(session: Session, tmp_path: Path) -> None:
    need("public-inbox")
    mails = {"lkml": letters.chain("basic", 2)}
    with PublicInbox(tmp_path, mails, level="basic") as server:
        archive = Lore(session, [server.url])
        with pytest.raises(UnexpectedAnswer, match="no search index"):
            found(archive, "s:basic", "lkml")
        assert len(thread_ids(archive, "basic.1@example.org", "lkml")) == 2
        with pytest.raises(NotOnServer, match="no page of all lists"):
            thread_ids(archive, "basic.1@example.org")


MAILBOX = gzip.compress(mbox([letters.letter("a@example.org", "a")]))
BODY = random.Random(3).randbytes(100_000).hex()
"""Packs badly, so that half an answer is half the mail."""
PATH = "/all/a@example.org/t.mbox.gz"


@pytest.mark.parametrize(
    "failure",
    [
        trouble(500),
        trouble(502),
        reset(),
        slow_down(503),
        slow_down(429, "3600"),
        body(b""),
        body(MAILBOX[:5]),
    ],
)
def test_the_next_server_is_asked_where_one_fails(session: Session, failure: object) -> None:
    with BadServer() as bad, BadServer() as good:
        bad.script(PATH, failure)
        good.script(PATH, body(MAILBOX))
        archive = Lore(session, [STRANGER, bad.url("").rstrip("/"), good.url("")])
        assert thread_ids(archive, "a@example.org") == ["a@example.org"]
        assert bad.paths() == good.paths() == [PATH]


def test_an_answer_that_breaks_is_healed_by_another_attempt() -> None:
    big = gzip.compress(mbox([letters.letter("a@example.org", "a", body=BODY)]))
    clock = FakeClock(datetime(2020, 9, 1, tzinfo=UTC))
    with BadServer() as server, Session(clock=clock) as session:
        server.script(PATH, cut(big, len(big) // 2), body(cut_gzip(big, 4)), body(big))
        archive = Lore(session, [server.url("")])

        def work() -> list[str]:
            return thread_ids(archive, "a@example.org")

        assert session.retrying(archive.url("a@example.org"), work) == ["a@example.org"]
        assert server.paths() == [PATH] * 3
        assert len(clock.slept) == 2


def test_a_no_is_final(session: Session) -> None:
    with BadServer() as first, BadServer() as second:
        second.script(PATH, body(MAILBOX))
        archive = Lore(session, [first.url(""), second.url("")])
        with pytest.raises(NotOnServer):
            thread_ids(archive, "a@example.org")
        first.script(PATH, body(b"", status=403))
        with pytest.raises(UnexpectedAnswer):
            thread_ids(archive, "a@example.org")
        assert second.paths() == []


def test_where_one_server_wants_proof_the_next_is_asked(session: Session) -> None:
    with BadServer() as first, BadServer() as second:
        first.script(PATH, challenge())
        second.script(PATH, body(MAILBOX))
        archive = Lore(session, [first.url(""), second.url("")])
        for _ in range(2):  # the second time nothing is sent to the first
            assert thread_ids(archive, "a@example.org") == ["a@example.org"]
        assert (first.paths(), second.paths()) == ([PATH], [PATH, PATH])


def test_a_challenge_of_the_only_server_is_named(session: Session) -> None:
    with BadServer() as server:
        server.script(PATH, challenge())
        archive = Lore(session, [server.url("")])
        with pytest.raises(Challenged, match="proof that a person asks"):
            thread_ids(archive, "a@example.org")
        with pytest.raises(Resting, match="proof that a person asks"):
            thread_ids(archive, "a@example.org")
        assert server.paths() == [PATH]


@pytest.mark.parametrize(
    "failure",
    [
        trouble(502),
        trouble(504),
        slow_down(503),
        slow_down(429),
        body(b"", status=403),
        reset(),
        challenge(),
        page("<b>" * 300_000),
    ],
)
def test_that_a_mail_is_not_there_does_not_hang_on_a_search(failure: object) -> None:
    name = "a-name-that-is-long@example.org"
    clock = FakeClock(datetime(2020, 9, 1, tzinfo=UTC))
    with BadServer() as server, Session(Manners(breaker_failures=2), clock=clock) as session:
        words = f"m:{name}* OR m:a-name-that-is-long@example"
        search = f"/all/?q={quote(words, safe='')}"
        server.script(f"/all/{name}/", page("<html><pre>not found</pre></html>", status=300))
        server.script(search, failure)
        archive = Lore(session, [server.url("")])
        with pytest.raises(NotOnServer, match="no such mail") as caught:
            session.retrying(archive.url(name), lambda: thread_ids(archive, name))
        assert caught.value.near == ()
        assert server.paths() == [f"/all/{name}/t.mbox.gz", f"/all/{name}/", search]


@pytest.mark.parametrize("failure", [reset(), body(b"", status=501), page("<b>" * 300_000)])
def test_a_server_whose_search_failed_is_not_asked_for_near_ids_again(failure: object) -> None:
    names = [f"a-name-that-is-long.{number}@example.org" for number in range(3)]
    clock = FakeClock(datetime(2020, 9, 1, tzinfo=UTC))
    with BadServer() as server, Session(Manners(attempts=1), clock=clock) as session:
        expected = []
        for name in names:
            words = f"m:{name}* OR m:{name.removesuffix('.org')}"
            search = f"/all/?q={quote(words, safe='')}"
            server.script(f"/all/{name}/", page("<html><pre>not found</pre></html>", status=300))
            server.script(search, failure)
            expected += [f"/all/{name}/t.mbox.gz", f"/all/{name}/", search]
        for name in names:
            with pytest.raises(NotOnServer, match="no such mail"):  # of another Lore, too
                thread_ids(Lore(session, [server.url("")]), name)
        del expected[5], expected[-1]
        assert server.paths() == expected


def test_near_ids_are_searched_for_only_where_they_are_wanted(session: Session) -> None:
    name = "a-name-that-is-long@example.org"
    with BadServer() as server:
        server.script(f"/all/{name}/", page("<html><pre>not found</pre></html>", status=300))
        with pytest.raises(NotOnServer, match="no such mail"):
            thread_ids(Lore(session, [server.url("")], near=False), name)
        assert server.paths() == [f"/all/{name}/t.mbox.gz", f"/all/{name}/"]


def test_a_search_that_the_server_stumbles_over_is_asked_for_once(archive: Lore) -> None:
    for query in ("AND", "OR"):
        with pytest.raises(UnexpectedAnswer, match="cannot answer this search"):
            found(archive, query)


@pytest.mark.parametrize("flood", ["<b>" * 300_000, "<pre>" + "x" * (5 << 20)])
def test_a_page_that_is_a_flood_is_dropped(session: Session, flood: str) -> None:
    with BadServer() as server:
        packed = gzip.compress(flood.encode() + b"</html>")
        server.script("/all/a@example.org/", body(packed, headers={"Content-Encoding": "gzip"}))
        with pytest.raises(AnswerTooLarge, match="more than"):
            Lore(session, [server.url("")]).overview("a@example.org")


def test_a_name_of_no_host_is_one_failure(session: Session) -> None:
    name = "\u00e9" * 60 + ".example"
    with pytest.raises(NoWayThere, match="no request can be made") as caught:
        thread_ids(Lore(session, [f"https://{name}"]), "a@example.org")
    assert caught.value.exit_code == 4


def test_where_all_servers_fail_the_error_is_one_that_may_heal(session: Session) -> None:
    with BadServer() as resting, BadServer() as bad:
        resting.script(PATH, slow_down(429, "3600"))
        bad.script(PATH, trouble(500))
        archive = Lore(session, [resting.url(""), bad.url("")])
        for _ in range(2):  # the second time nothing is sent to the first
            with pytest.raises(ServerTrouble):
                thread_ids(archive, "a@example.org")
        assert len(resting.requests) == 1
        assert len(bad.requests) == 2
        with pytest.raises(Resting):
            thread_ids(Lore(session, [resting.url("")]), "a@example.org")
    with pytest.raises(Unreachable):
        thread_ids(Lore(session, [STRANGER]), "a@example.org")


def test_a_web_page_instead_of_mail_is_refused(session: Session) -> None:
    with BadServer() as server:
        server.script(PATH, page("<html><title>Maintenance</title></html>"))
        with pytest.raises(UnexpectedAnswer, match="web page"):
            thread_ids(Lore(session, [server.url("")]), "a@example.org")


def test_links_to_other_servers_are_not_near(session: Session) -> None:
    text = (
        '<html><pre>Message-ID &lt;a@example.org&gt;\nnot found\n<a href="/all/ab@example.org/">1</a>'
        '<a href="../ac@example.org/">2</a><a href="https://elsewhere.example.org/all/ad@x/">3</a>'
        '<a href="//elsewhere.example.org/all/a@example.org/">4</a><a href="nntp://x/a@x">5</a>'
        '<a href="mailto:list@example.org">6</a><a href="/a@example.org/">7</a>'
        '<a href="http://[x@y/">8</a></pre></html>'
    )
    with BadServer() as server:
        server.script("/all/a@example.org/", page(text, status=300))
        with pytest.raises(NotOnServer) as caught:
            thread_ids(Lore(session, [server.url("")]), "a@example.org")
    assert caught.value.near == ("ab@example.org", "ac@example.org")


def test_offline_asks_nobody() -> None:
    with Session(offline=True) as session, pytest.raises(Offline):
        thread_ids(Lore(session), "a@example.org")
    with Session(offline=True) as session, pytest.raises(ValueError, match="origin"):
        Lore(session, [])

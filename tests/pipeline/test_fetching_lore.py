"""Threads, searches and lists from the real public-inbox into a database."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.badserver import BadServer, body
from tests.fetch.boxes import mbox
from tests.pipeline.fetches import Fetching, lines
from tests.servers import letters
from tests.servers.loreservers import PublicInbox
from threadkit.errors import QueryError, SourceError, StoreMissing
from threadkit.fetch.lore.names import escaped
from threadkit.fetch.web.session import Session
from threadkit.pipeline.importing import import_mail


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs of all requests that are sent."""
    urls: list[str] = []
    real = Session._send

    def send(self: Session, method: str, url: str, *rest: Any) -> Any:
        urls.append(url)
        return real(self, method, url, *rest)

    monkeypatch.setattr(Session, "_send", send)
    return urls


@pytest.fixture
def fetching(lore: PublicInbox, tmp_path: Path) -> Fetching:
    return Fetching(tmp_path / "t.db", [lore.url])


@pytest.fixture(scope="module")
def names() -> Iterator[int]:
    """Numbers for threads that grow in one test alone."""
    return iter(range(1000))


def ids(fetching: Fetching) -> set[str]:
    return {name for (name,) in fetching.rows("SELECT message_id FROM message WHERE ghost = 0")}


def test_one_id_brings_the_thread_with_the_copies_of_all_lists(
    fetching: Fetching, asked: list[str], lore: PublicInbox
) -> None:
    report = fetching(letters.ENGINE[0])
    assert report.errors == []
    first, loose = report.threads
    assert (first.state, first.root, first.messages) == ("new", letters.ENGINE[0], 6)
    assert (loose.state, loose.root) == ("part", letters.LOOSE)  # the same title, another thread
    assert loose.why.endswith(f"perhaps not all of it: fetch {letters.LOOSE} to be sure")
    assert ids(fetching) == {*letters.ENGINE, letters.LOOSE}
    assert (fetching.mails, report.added, first.copies) == (14, 7, 7)  # a list adds a footer
    assert (first.absent, first.differing) == ((), 0)
    url = f"{lore.url}/all/{letters.ENGINE[0]}/"
    assert asked == [url, f"{url}t.mbox.gz"]
    assert fetching.rows(
        "SELECT state, depth, url, http_status, mail_count, added, length(sha256) FROM fetch_queue"
    ) == [("done", 0, f"{url}t.mbox.gz", 200, 14, 7, 64)]
    assert fetching.findings() == []


def test_a_mail_in_the_middle_brings_the_whole_thread(fetching: Fetching) -> None:
    (thread,) = fetching(letters.ENGINE[4]).threads
    assert (thread.name, thread.root, thread.messages) == (letters.ENGINE[4], letters.ENGINE[0], 6)
    assert ids(fetching) == set(letters.ENGINE)


@pytest.mark.parametrize("name", letters.ODD)
def test_odd_ids(fetching: Fetching, name: str) -> None:
    report = fetching(f"<{name}>")
    assert [(one.state, one.root) for one in report.threads] == [("new", letters.ODD[0])]
    assert ids(fetching) == set(letters.ODD)


@pytest.mark.parametrize(
    "form",
    [
        "{id}",
        "<{id}>",
        "Message-ID: <{id}>",
        "{url}/lkml/{id}/",
        "{url}/lkml/{id}",
        "{url}/lkml/{id}/T/#u",
        "{url}/lkml/{id}/t.mbox.gz",
        "{url}/all/{id}/raw",
        "{url}/r/{id}",
        "https://lore.kernel.org/lkml/{id}/",
        "https://lkml.kernel.org/r/{id}",
        "https://patch.msgid.link/{id}",
        "msgid.link/{id}",
    ],
)
def test_every_way_to_name_a_mail(fetching: Fetching, lore: PublicInbox, form: str) -> None:
    report = fetching(form.format(id=escaped(letters.BUG[1]), url=lore.url), check=False)
    assert [(one.state, one.root, one.messages) for one in report.threads] == [
        ("new", letters.BUG[0], 2)
    ]


def test_a_mail_of_another_list_than_named_comes_from_there(
    fetching: Fetching, lore: PublicInbox
) -> None:
    report = fetching(f"{lore.url}/linux-mm/{letters.BUG[0]}/")
    assert [one.url for one in report.threads] == [f"{lore.url}/lkml/{letters.BUG[0]}/t.mbox.gz"]
    assert ids(fetching) == set(letters.BUG)
    missing = fetching(f"{lore.url}/nolist/{letters.BUG[0]}/")
    assert missing.exit_code == 3
    assert "no list nolist" in lines(missing)[0]


def test_unknown_ids_come_with_what_is_near(fetching: Fetching) -> None:
    report = fetching("engine.1.reply@example.com", letters.BUG[0], letters.UNKNOWN)
    assert report.exit_code == 3
    near, bug, unknown = report.threads
    assert (near.state, bug.state, unknown.state) == ("missing", "new", "missing")
    assert letters.ENGINE[3] in near.near
    assert "did you mean engine.1.reply" in lines(report)[0]
    assert unknown.near == ()
    kept = fetching.rows("SELECT near FROM fetch_queue WHERE state = 'missing' AND near <> ''")
    assert letters.ENGINE[3] in kept[0][0].split()


# -- searches and lists -----------------------------------------------------------------


def test_a_search_brings_whole_threads(fetching: Fetching, lore: PublicInbox) -> None:
    report = fetching(search=["s:halts OR b:halts"])
    assert [(one.state, one.name, one.root) for one in report.threads] == [
        ("new", "s:halts OR b:halts", letters.BUG[0])
    ]
    assert ids(fetching) == set(letters.BUG)
    more = fetching(search=["s:cards"], inbox="linux-mm", force=True)
    assert {one.root for one in more.threads} == {
        letters.ENGINE[0], letters.LOOSE, letters.ENGINE_V2[0],
    }  # fmt: skip
    assert all(f"{lore.url}/linux-mm/" in one.url for one in more.threads)
    assert fetching.findings() == []


@pytest.mark.parametrize(
    ("query", "inbox", "why"),
    [("s:nosuchword", None, "nothing matches"), ("s:cards", "nolist", "no list nolist")],
)
def test_a_search_without_hits(fetching: Fetching, query: str, inbox: str | None, why: str) -> None:
    report = fetching(search=[query], inbox=inbox)
    assert report.exit_code == 3
    assert why in lines(report)[0]
    assert [(one.state, one.name) for one in report.searches] == [("missing", query)]
    assert report.threads == []


def test_a_list_since_a_day(fetching: Fetching, lore: PublicInbox) -> None:
    report = fetching(f"{lore.url}/linux-mm/", since="2020-09-03")
    assert {one.root for one in report.threads} >= {letters.CITING[0], letters.ODD[0]}
    assert letters.ENGINE_V2[0] not in ids(fetching)
    assert fetching.rows("SELECT kind, name, origin FROM fetch_queue") == [
        ("inbox", "linux-mm 2020-09-03", lore.url)
    ]
    assert fetching(f"{lore.url}/linux-mm/", since="2030").exit_code == 3


def test_what_cannot_be_understood_stops_before_anything_is_done(
    fetching: Fetching, asked: list[str], lore: PublicInbox
) -> None:
    for names, more, error in (
        (["nonsense"], {}, SourceError),
        ([letters.BUG[0], "a b"], {}, SourceError),
        (["a\udcff@example.org"], {}, SourceError),
        (["http://ex*mple.org/lkml/a@b/"], {}, SourceError),
        ([f"{lore.url}/lkml/"], {}, SourceError),
        ([f"{lore.url}/lkml/"], {"since": "someday"}, QueryError),
        ([letters.BUG[0]], {"since": "2020"}, QueryError),
        ([letters.BUG[0]], {"clone": Path("/nowhere")}, SourceError),
        ([], {"search": ["  "]}, QueryError),
        ([], {"search": ["s:\udcff"]}, SourceError),
        ([], {}, StoreMissing),
    ):
        with pytest.raises(error):
            fetching(*names, **more)  # type: ignore[arg-type]
        assert not fetching.db.exists()
    assert asked == []


# -- again and again --------------------------------------------------------------------


def test_a_thread_that_grows(
    fetching: Fetching, lore: PublicInbox, names: Iterator[int], asked: list[str]
) -> None:
    name = f"grows{next(names)}"
    root = f"{name}.0@example.org"
    lore.grow("lkml", letters.chain(name, 3))
    assert [(one.state, one.added) for one in fetching(root).threads] == [("new", 3)]
    before = fetching.rows("SELECT id, sha256 FROM raw")
    assert len(before) == 3

    asked.clear()
    fetching.later(minutes=9)
    here = fetching(root)
    assert [(one.state, one.added, one.messages) for one in here.threads] == [("here", 0, 3)]
    assert (here.errors, asked) == ([], [])

    forced = fetching(root, force=True)
    assert [(one.state, one.added) for one in forced.threads] == [("same", 0)]
    assert len(asked) == 2

    lore.grow("lkml", letters.chain(name, 2, first=3))
    fetching.later(minutes=11)
    grown = fetching(root)
    assert [(one.state, one.added, one.messages) for one in grown.threads] == [("grown", 2, 5)]
    assert set(fetching.rows("SELECT id, sha256 FROM raw")) > set(before)
    assert fetching.rows("SELECT mail_count, added FROM fetch_queue") == [(5, 2)]

    fetching.later(minutes=11)
    same = fetching(root)
    assert [(one.state, one.added) for one in same.threads] == [("same", 0)]
    assert fetching.findings() == []


def test_a_thread_that_is_here_from_a_file_counts_as_never_fetched(
    fetching: Fetching, lore: PublicInbox, names: Iterator[int], tmp_path: Path
) -> None:
    name = f"filed{next(names)}"
    root = f"{name}.0@example.org"
    lore.grow("lkml", letters.chain(name, 3))
    box = tmp_path / "box"
    box.write_bytes(mbox(letters.chain(name, 2)))
    import_mail(fetching.db, [str(box)], workers=0)
    here = fetching(root, offline=True)
    assert [(one.state, one.messages) for one in here.threads] == [("here", 2)]
    assert here.exit_code == 0
    grown = fetching(root)
    assert [(one.state, one.added) for one in grown.threads] == [("grown", 1)]
    assert fetching.findings() == []


def test_offline_opens_no_socket(
    fetching: Fetching, names: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching(letters.BUG[0])
    fetching.later(days=1)

    def never(*args: object, **kw: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket, "create_connection", never)

    here = fetching(letters.BUG[1], offline=True, force=True)
    assert [(one.state, one.messages) for one in here.threads] == [("here", 2)]
    assert here.exit_code == 0
    wanted = [letters.BUG[0], letters.ENGINE[0], "0123456789ab"]
    report = fetching(*wanted, search=["s:x"], offline=True)
    assert report.exit_code == 4
    assert [one.state for one in report.threads] == ["here", "failed"]
    assert [(one.kind, one.state) for one in report.searches] == [("search", "failed")]
    assert [one.state for one in report.commits] == ["failed"]
    assert len(report.errors) == 3
    assert all(re.search("network|offline", line) for line in lines(report))
    assert [fetching.state(name) for name in wanted] == ["done", "", ""]


def test_what_was_wanted_offline_is_asked_of_nobody_later(
    fetching: Fetching, asked: list[str]
) -> None:
    assert fetching(letters.BUG[0], offline=True).exit_code == 4
    nothing = fetching()
    assert (nothing.threads, nothing.commits, nothing.errors, asked) == ([], [], [], [])


# -- the overview -----------------------------------------------------------------------


@pytest.fixture
def altered(lore: PublicInbox, tmp_path: Path) -> Iterator[tuple[BadServer, Fetching, str]]:
    """A server with the real page of a thread, which a test may change, and its mailbox."""
    path = f"/all/{letters.ENGINE[0]}/"
    with Session() as session, BadServer() as server:
        page = session.page(f"{lore.url}{path}").text()
        with session.open(f"{lore.url}{path}t.mbox.gz", max_bytes=1 << 20) as answer:
            data = b"".join(iter(answer.read, b""))
        server.script(f"{path}t.mbox.gz", body(data))
        yield server, Fetching(tmp_path / "altered.db", [server.url("")]), page


def show(server: BadServer, page: str) -> None:
    server.script(
        f"/all/{letters.ENGINE[0]}/", body(page.encode(), headers={"Content-Type": "text/html"})
    )


def test_the_overview_is_compared_and_kept(altered: tuple[BadServer, Fetching, str]) -> None:
    server, fetching, page = altered
    show(server, page)
    (thread, *_) = fetching(letters.ENGINE[0]).threads
    assert (thread.absent, thread.differing) == ((), 0)
    assert fetching.rows("SELECT count(*) FROM overview")[0][0] >= 12
    assert fetching.findings() == []


def test_mail_that_only_the_overview_has_is_named(
    altered: tuple[BadServer, Fetching, str],
) -> None:
    server, fetching, page = altered
    show(server, page.replace(letters.ENGINE[2], "engine.9@example.org"))
    (thread, *_) = fetching(letters.ENGINE[0]).threads
    assert thread.absent == ("engine.9@example.org",)
    assert thread.state == "new"


def test_a_mail_with_two_ids_is_there_by_either(
    altered: tuple[BadServer, Fetching, str],
) -> None:
    server, fetching, page = altered
    show(server, page.replace(letters.ENGINE[1], "second@example.org"))
    path = f"/all/{letters.ENGINE[0]}/t.mbox.gz"
    with Session() as session, session.open(server.url(path), max_bytes=1 << 20) as answer:
        box = gzip.decompress(b"".join(iter(answer.read, b"")))
    own = f"Message-ID: <{letters.ENGINE[1]}>\n".encode()
    assert own in box
    both = box.replace(own, own + b"Message-ID: <second@example.org>\n")
    server.script(path, body(gzip.compress(both)))
    (thread, *_) = fetching(letters.ENGINE[0]).threads
    assert (thread.absent, thread.differing) == ((), 0)
    assert fetching.rows("SELECT count(*) FROM alias") == [(1,)]


def test_mail_that_the_overview_hangs_elsewhere_is_counted(
    altered: tuple[BadServer, Fetching, str],
) -> None:
    server, fetching, page = altered
    one, reply = letters.ENGINE[1], letters.ENGINE[4]
    swapped = page.replace(one, "SWAP").replace(reply, one).replace("SWAP", reply)
    show(server, swapped)
    (thread, *_) = fetching(letters.ENGINE[0]).threads
    assert thread.absent == ()
    assert thread.differing > 0


def test_no_check_asks_for_no_page(
    altered: tuple[BadServer, Fetching, str],
) -> None:
    server, fetching, _ = altered
    assert fetching(letters.ENGINE[0], check=False).errors == []
    assert server.paths() == [f"/all/{letters.ENGINE[0]}/t.mbox.gz"]

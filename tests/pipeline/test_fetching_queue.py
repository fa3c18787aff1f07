"""What one run does of the queue, what it leaves there, and who may work on it."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fetch.badserver import BadServer, body, trouble
from tests.fetch.boxes import mbox
from tests.pipeline.fetches import Fetching, lines
from tests.servers import letters
from threadkit.errors import SourceError, StoreMissing, WorkerLost
from threadkit.pipeline import fetch_threads
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetch_status import fetch_status, forget
from threadkit.pipeline.fetch_turn import turn
from threadkit.pipeline.fetching import fetch_mail

CITES = {"start": "pq", "p": "x", "q": "r", "r": "", "x": "y", "y": "z", "z": ""}
"""Which mail cites which."""


def name_of(word: str) -> str:
    return f"{word}@example.org"


def box_of(word: str) -> str:
    return f"/all/{name_of(word)}/t.mbox.gz"


@pytest.fixture
def server() -> Iterator[BadServer]:
    with BadServer() as server:
        for word in CITES:
            server.script(box_of(word), answer(word))
        yield server


def answer(word: str) -> body:
    text = "".join(f"https://lore.kernel.org/all/{name_of(one)}/\n" for one in CITES[word])
    mail = letters.letter(name_of(word), word, body=text or "The end.\n")
    return body(gzip.compress(mbox([mail])))


@pytest.fixture
def fetching(server: BadServer, tmp_path: Path) -> Fetching:
    manners = {"attempts": 1, "pause_s": 0.0}
    return Fetching(tmp_path / "t.db", [server.url("")], check=False, manners=manners)


def states(fetching: Fetching) -> dict[str, str]:
    found = fetching.rows("SELECT name, state FROM fetch_queue ORDER BY name")
    return {name.partition("@")[0]: state for name, state in found}


# -- what a run does --------------------------------------------------------------------


def test_a_named_fetch_leaves_what_other_runs_left_alone(
    server: BadServer, fetching: Fetching
) -> None:
    server.script(box_of("x"), trouble(500))
    assert fetching(name_of("x")).exit_code == 4
    fetching(name_of("start"), with_cited=1, limit=0)
    assert states(fetching) == {"x": "failed", "start": "done", "p": "skipped", "q": "skipped"}
    asked = len(server.requests)
    report = fetching(name_of("z"))
    assert (report.exit_code, [one.root for one in report.threads]) == (0, [name_of("z")])
    assert len(server.requests) == asked + 1
    assert states(fetching) == {
        "x": "failed", "start": "done", "p": "skipped", "q": "skipped", "z": "done",
    }  # fmt: skip


def test_a_named_fetch_does_what_it_leads_to_whatever_came_of_that_before(
    server: BadServer, fetching: Fetching
) -> None:
    server.script(box_of("p"), trouble(500))
    fetching(name_of("p"))
    fetching(name_of("start"), with_cited=1, limit=0)
    server.script(box_of("p"), answer("p"))
    fetching.later(minutes=11)
    report = fetching(name_of("start"), with_cited=1)
    assert (report.exit_code, report.added) == (0, 2)
    assert states(fetching) == dict.fromkeys(("p", "q", "start"), "done")


def test_without_names_everything_left_over_is_done_within_the_limit_of_the_run(
    fetching: Fetching,
) -> None:
    fetching(name_of("start"), with_cited=1, limit=0)
    report = fetching(limit=1)
    assert [one.root for one in report.threads] == [name_of("p")]
    assert [one.name for one in report.not_followed] == [name_of("q")]
    assert [one.root for one in fetching().threads] == [name_of("q")]
    assert fetching().threads == []


def test_what_a_run_skipped_stays_skipped_though_it_is_cited_again(fetching: Fetching) -> None:
    report = fetching(name_of("p"), name_of("start"), with_cited=2, limit=1)
    assert [one.root for one in report.threads] == [name_of(one) for one in ("p", "start", "x")]
    assert [one.name for one in report.not_followed] == [name_of("q"), name_of("y")]
    assert states(fetching)["q"] == states(fetching)["y"] == "skipped"


# -- how far ----------------------------------------------------------------------------


def test_a_later_run_goes_as_far_as_the_one_that_asked(
    server: BadServer, fetching: Fetching
) -> None:
    server.script(box_of("p"), trouble(500))
    assert fetching(name_of("start"), with_cited=2).exit_code == 4
    server.script(box_of("p"), answer("p"))
    fetching.later(minutes=11)
    healed = fetching()
    assert [(one.root, one.depth) for one in healed.threads] == [
        (name_of("p"), 1), (name_of("x"), 2),
    ]  # fmt: skip
    assert healed.beyond == {"thread": 1, "commit": 0}  # y


def test_a_crawl_that_never_began_is_remembered_whole(fetching: Fetching) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch_threads.ThreadFetcher, "bring", kill)
        with pytest.raises(Killed):
            fetching(name_of("start"), with_cited=9)
    assert states(fetching) == {"start": "waiting"}
    assert len(fetching().threads) == len(CITES)


def test_a_run_with_names_goes_the_larger_of_both_ways(
    server: BadServer, fetching: Fetching
) -> None:
    server.script(box_of("start"), trouble(500))
    fetching(name_of("start"), with_cited=1)
    server.script(box_of("start"), answer("start"))
    fetching.later(minutes=11)
    assert len(fetching(name_of("start")).threads) == 3
    fetching.later(minutes=11)
    assert len(fetching(name_of("start")).threads) == 1  # what was asked for then has come


def test_without_names_the_run_may_go_further(server: BadServer, fetching: Fetching) -> None:
    server.script(box_of("x"), trouble(500))
    fetching(name_of("x"))
    server.script(box_of("x"), answer("x"))
    fetching.later(minutes=11)
    assert [one.root for one in fetching(with_cited=1).threads] == [name_of("x"), name_of("y")]


# -- what is known ----------------------------------------------------------------------


def test_a_server_that_lacks_a_mail_does_not_keep_the_usual_one_from_being_asked(
    server: BadServer, fetching: Fetching
) -> None:
    with BadServer() as other:
        assert [one.state for one in fetching(other.url(f"/all/{name_of('p')}/")).threads] == [
            "missing"
        ]
        report = fetching(name_of("start"), with_cited=1)
        assert {one.root for one in report.threads} == {name_of(one) for one in ("start", "p", "q")}
        before = other.paths()
        fetching(name_of("start"), with_cited=1)
        assert other.paths() == before
    assert fetching.rows("SELECT state FROM fetch_queue WHERE origin <> ''") == [("missing",)]


@pytest.mark.parametrize("place", ["http://127.0.0.1:1/all", "{}lkml"])
def test_asking_elsewhere_in_vain_and_for_what_cites_it_in_one_run(
    server: BadServer, fetching: Fetching, place: str
) -> None:
    """A port where nobody listens; a list that lacks the mail."""
    vain = f"{place.format(server.url())}/{name_of('p')}/"
    report = fetching(vain, name_of("start"), with_cited=1)
    assert len(report.errors) == 1
    assert {one.root for one in report.threads if one.root} == {
        name_of(one) for one in ("start", "p", "q")
    }
    assert fetching(name_of("start"), with_cited=1).errors == []


def test_what_is_known_to_be_missing_is_told_again_and_not_asked_for(
    server: BadServer, fetching: Fetching
) -> None:
    server.script(box_of("p"), body(b"", status=404))
    first = fetching(name_of("start"), with_cited=1)
    asked = len(server.requests)
    again = fetching(name_of("start"), with_cited=1)
    for report in first, again:
        (left,) = report.not_followed
        assert (left.name, left.cited_by) == (name_of("p"), name_of("start"))
        assert left.why.startswith("the server has no")
        assert report.exit_code == 0
    assert len(server.requests) == asked


@pytest.mark.parametrize("options", [{}, {"force": True}])
def test_one_thread_by_two_ids_is_fetched_once_and_told_once(
    server: BadServer, fetching: Fetching, options: dict[str, bool]
) -> None:
    for number in range(3):
        mails = body(gzip.compress(mbox(letters.chain("a", 3))))
        server.script(f"/all/a.{number}@example.org/t.mbox.gz", mails)
    names = [f"a.{number}@example.org" for number in (1, 0, 1)]
    report = fetching(*names, f"{server.url('')}/all/{names[0]}/", **options)
    assert [(one.name, one.state, one.added) for one in report.threads][:1] == [
        (names[0], "new", 3)
    ]
    own = [one for one in report.threads if one.url.startswith(server.url("/all/a.1"))]
    assert len(own) == len(report.threads) <= 2  # a server that is named is asked itself
    asked = len(server.requests)
    fetching.later(minutes=9)
    (here,) = fetching("a.2@example.org").threads
    assert (here.state, here.messages, len(server.requests)) == ("here", 3, asked)
    fetching.later(minutes=2)
    assert [one.state for one in fetching("a.2@example.org").threads] == ["same"]
    assert fetching.findings() == []


def test_two_cited_mails_of_one_thread_are_one_request(
    server: BadServer, fetching: Fetching
) -> None:
    text = "".join(f"https://lore.kernel.org/all/a.{one}@example.org/\n" for one in range(3))
    mail = letters.letter("both@example.org", "both", body=text)
    server.script("/all/both@example.org/t.mbox.gz", body(gzip.compress(mbox([mail]))))
    for number in range(3):
        mails = body(gzip.compress(mbox(letters.chain("a", 3))))
        server.script(f"/all/a.{number}@example.org/t.mbox.gz", mails)
    report = fetching("both@example.org", with_cited=1, limit=1)
    assert [(one.state, one.messages) for one in report.threads] == [("new", 1), ("new", 3)]
    assert (report.not_followed, len(server.requests)) == ([], 2)
    assert fetching.findings() == []


def test_an_error_that_is_none_of_the_network_costs_its_item_only(
    server: BadServer, fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fetch_threads.import_sources
    errors = iter([SourceError("a page", "hostile"), WorkerLost()])

    def broken(*args: object, **options: object) -> object:
        for error in errors:
            raise error
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(fetch_threads, "import_sources", broken)
    report = fetching(*(name_of(one) for one in "xyz"))
    assert [one.state for one in report.threads] == ["failed", "failed", "new"]
    assert lines(report) == ["a page: hostile", str(WorkerLost())]
    assert states(fetching) == {"x": "failed", "y": "failed", "z": "done"}
    assert [one.state for one in fetching().threads] == ["new", "new"]


# -- who works on it --------------------------------------------------------------------


def test_a_second_fetch_of_one_database_asks_nobody_and_leaves_word(
    server: BadServer, fetching: Fetching, tmp_path: Path
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(fetching.db)
    with turn(link) as is_ours:
        assert is_ours
        report = fetching(name_of("start"), with_cited=1)
        (line,) = lines(report)
        assert "another fetch is at work on this database; what was asked for waits" in line
        assert (report.exit_code, server.requests) == (4, [])
        assert lines(fetching())[0].endswith("another fetch is at work on this database")
        assert fetching(name_of("start"), offline=True).exit_code == 4
    assert len(fetching().threads) == 3  # as far as was asked
    assert list(tmp_path.glob("*-fetch")) == []


def test_a_lock_that_was_left_behind_keeps_nobody_out(fetching: Fetching) -> None:
    left = Path(f"{fetching.db}-fetch")
    left.touch()
    assert fetching(name_of("z")).added == 1
    assert not left.exists()


def test_where_no_lock_can_be_the_fetch_goes_on(tmp_path: Path) -> None:
    with turn(tmp_path / "no folder" / "t.db") as is_ours:
        assert is_ours


def test_an_offline_run_leaves_the_queue_as_it_was(fetching: Fetching) -> None:
    fetching(name_of("start"), with_cited=1, limit=1)
    before = fetching.rows("SELECT * FROM fetch_queue")
    report = fetching(name_of("start"), name_of("z"), with_cited=3, offline=True)
    assert [(one.name, one.state) for one in report.threads] == [
        (name_of("start"), "here"), (name_of("z"), "failed"),
    ]  # fmt: skip
    assert [(one.name, one.cited_by) for one in report.not_followed] == [
        (name_of("q"), name_of("start")), (name_of("x"), name_of("p")),
    ]  # fmt: skip
    assert report.exit_code == 4
    assert fetching.rows("SELECT * FROM fetch_queue") == before


# -- what a user can say and see --------------------------------------------------------


def test_one_name_needs_no_list(fetching: Fetching) -> None:
    report = fetch_mail(fetching.db, name_of("z"), options=FetchOptions(offline=True))
    assert [one.name for one in report.threads] == [name_of("z")]
    report = fetch_mail(fetching.db, search="s:x y", options=FetchOptions(offline=True))
    assert [one.name for one in report.searches] == ["s:x y"]


@pytest.mark.parametrize("word", ["with_cited", "limit", "workers"])
def test_negative_numbers_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match=f"{word} is -1"):
        FetchOptions(**{word: -1})


def test_things_are_dropped_from_the_queue(server: BadServer, fetching: Fetching) -> None:
    server.script(box_of("x"), trouble(500))
    server.script(box_of("y"), body(b"", status=404))
    fetching(*(name_of(one) for one in ("start", "x", "y", "z")), with_cited=1, limit=0)
    assert forget(fetching.db, [f"<{name_of('z')}>", "s:nothing", "no name"]) == 1
    assert forget(fetching.db) == 4
    assert states(fetching) == {"start": "done"}
    assert forget(fetching.db) == 0
    with pytest.raises(StoreMissing):
        forget(fetching.db.with_name("none.db"))


def test_equal_names_are_told_apart_and_damage_is_no_traceback(
    server: BadServer, fetching: Fetching
) -> None:
    fetching(name_of("z"), f"{server.url('')}/lkml/{name_of('z')}/")
    found = [item["asked_of"] for item in fetch_status(fetching.db).items]
    assert found == ["", f"{server.url('')}/lkml"]
    conn = sqlite3.connect(fetching.db)
    with conn:
        conn.execute(f"INSERT INTO fetch_host VALUES ('{server.host.partition(':')[0]}', 'x', '')")
        conn.execute("UPDATE fetch_queue SET fetched_utc = 'long ago'")
    conn.close()
    assert fetch_status(fetching.db).hosts == []
    assert fetching(name_of("z")).exit_code == 0
    assert fetching.findings() != []

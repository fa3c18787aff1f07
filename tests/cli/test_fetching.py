"""The command that fetches: what it prints, where, and with which exit code it ends."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cli.test_terminal import PROGRAM, on_terminal
from tests.fetch.badserver import BadServer, FakeClock, body, bomb, challenge, redirect, trouble
from tests.fetch.badserver import silent as silence
from tests.fetch.boxes import mbox
from tests.pipeline.fetches import BOX, NAME, NOON, serve
from tests.servers import letters
from tests.servers.fixtures import need
from tests.servers.loreservers import Cgit, PublicInbox
from tests.servers.repository import Facts
from threadkit.cli.app import app
from threadkit.fetch.web import session as session_module

Fetch = Callable[..., Result]
HOSTILE = "red \x1b[31m\x07 back\u202e and \x9b1m"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Time that goes at once where the program waits."""
    clock = FakeClock(NOON)
    monkeypatch.setattr("threadkit.pipeline.fetching.SystemClock", lambda: clock)
    monkeypatch.setattr(session_module, "SystemClock", lambda: clock)
    return clock


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> Iterator[BadServer]:
    with BadServer() as server:
        monkeypatch.setenv("THREADKIT_LORE", server.url(""))
        monkeypatch.setenv("THREADKIT_CGIT", server.url("/linux.git"))
        yield server


@pytest.fixture
def real(lore: PublicInbox, gitweb: Cgit, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The real servers, in the environment."""
    git = gitweb.repository().relative_to(gitweb.srv)
    env = {"THREADKIT_LORE": lore.url, "THREADKIT_CGIT": f"{gitweb.url}/{git}"}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    return env


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


@pytest.fixture
def fetch(db: Path) -> Fetch:
    """Run the command as in a pipe."""

    def invoke(*args: str) -> Result:
        result = CliRunner().invoke(app, ["--db", str(db), "fetch", *args])
        assert "Traceback" not in result.output
        return result

    return invoke


def errors(result: Result) -> list[str]:
    """The lines on stderr that report errors, not notes."""
    return [
        line for line in result.stderr.splitlines()
        if not line.endswith(" s)") and "not followed" not in line
    ]  # fmt: skip


# -- one line for what goes wrong --------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (trouble(500), "the server has trouble of its own (500)"),
        (body(b""), "the server sent an empty answer; try again"),
        (body(gzip.compress(mbox(letters.chain("a", 3)))[:-5]), "the answer ends before its end"),
        (challenge(), "wants proof that a person asks (Anubis)"),
        (redirect("https://other.example.com/"), "other.example.com, a host that is not known"),
        (bomb(200 << 20), "no mailbox"),
    ],
)
def test_one_line_and_a_run_that_heals(
    server: BadServer, clock: FakeClock, fetch: Fetch, answer: object, said: str
) -> None:
    server.script(BOX, answer)  # type: ignore[arg-type]
    result = fetch("--no-check", NAME)
    assert result.exit_code == 4
    (line,) = errors(result)
    assert line.startswith(f"threadkit: {server.url('/')}")
    assert said in line
    assert result.stdout.split("\t")[0] == NAME
    status = fetch("--status")
    assert status.exit_code == 0
    assert NAME in status.stdout
    serve(server)
    clock.moment = NOON.replace(hour=14)
    healed = fetch("--no-check")
    assert (healed.exit_code, errors(healed)) == (0, [])
    assert healed.stdout == f"{NAME}\tnew\t3\t3\tabout a\n"


def test_the_same_reason_is_said_once(server: BadServer, fetch: Fetch) -> None:
    server.script(BOX, challenge())
    result = fetch("--no-check", NAME, *(f"{word}@example.org" for word in "bcdef"))
    assert len(errors(result)) == 2
    assert errors(result)[1].endswith("(and 4 more like this)")
    assert len(server.requests) == 1
    assert len(result.stdout.splitlines()) == 6


def test_unknown_ids_are_named_one_by_one(real: dict[str, str], fetch: Fetch) -> None:
    result = fetch("engine.1.reply@example.com", letters.UNKNOWN, letters.BUG[0])
    assert result.exit_code == 3
    near, unknown = errors(result)
    assert near.endswith("did you mean engine.1.reply@example.org") or "did you mean" in near
    assert letters.UNKNOWN in unknown
    states = [line.split("\t")[:2] for line in result.stdout.splitlines()]
    assert states == [
        ["engine.1.reply@example.com", "missing"],
        [letters.UNKNOWN, "missing"],
        [letters.BUG[0], "new"],
    ]


def test_names_and_subjects_cannot_drive_a_terminal(server: BadServer, db: Path) -> None:
    name = "a\x1b[31m\u202e@example.org"
    data = mbox([letters.letter("a.0@example.org", HOSTILE)])
    server.script(BOX, body(gzip.compress(data)))
    env = {key: os.environ[key] for key in ("THREADKIT_LORE", "THREADKIT_CGIT")}
    for form in ([], ["--nl"], ["--json"]):
        seen, _ = on_terminal(
            "--db", str(db), "--no-pager", "fetch", "--no-check", *form, NAME, name, **env
        )
        seen += on_terminal("--db", str(db), "--no-pager", "fetch", "--status", *form, **env)[0]
        safe = seen.replace("\r\x1b[K", "")
        assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(safe), form
    piped = CliRunner().invoke(app, ["--db", str(db), "fetch", "--offline", NAME, name])
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(piped.output)


# -- forms of output ---------------------------------------------------------------------


def test_lines_in_a_pipe(real: dict[str, str], fetch: Fetch, kernel: Facts) -> None:
    result = fetch("--with-cited", letters.CITING[0], "--git", str(kernel.path))
    assert result.exit_code == 0
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert {len(row) for row in rows} == {5}
    assert [row[:2] for row in rows[:4]] == [
        [letters.CITING[0], "new"],
        [letters.ENGINE[0], "new"],
        [letters.BUG[0], "new"],
        [letters.ODD[0], "new"],
    ]
    assert len(rows) == 7
    assert all(len(row[0]) == 40 and row[1] == "found" for row in rows[4:])
    assert f"not followed: thread {letters.UNKNOWN}: the server has no such mail, cited by" in (
        result.stderr
    )
    assert "4 threads, 15 mails added; 3 of 3 commits found" in result.stderr


def test_nl_is_one_object_a_line_and_json_is_one(real: dict[str, str], fetch: Fetch) -> None:
    lines = fetch("--nl", "--with-cited=1", letters.CITING[0]).stdout.splitlines()
    kinds = [json.loads(line)["kind"] for line in lines]
    assert sorted(kinds) == ["commit"] * 3 + ["not-followed"] + ["thread"] * 4
    result = fetch("--json", letters.CITING[0])
    facts = json.loads(result.stdout)
    assert facts["format_version"] == 1
    assert [thread["state"] for thread in facts["threads"]] == ["here"]
    assert (facts["beyond"], facts["errors"], facts["added"]) == ({"thread": 0, "commit": 0}, [], 0)
    missing = json.loads(fetch("--json", "x@example.org").stdout)
    assert "x@example.org" in missing["errors"][0]


def test_what_is_cited_further_on_is_said(real: dict[str, str], fetch: Fetch) -> None:
    assert "4 threads and 3 commits are cited further on; --with-cited=DEPTH follows" in (
        fetch(letters.CITING[0]).stderr
    )
    assert fetch("-q", "--force", letters.CITING[0]).stderr == ""


def test_with_cited_does_not_take_the_id_for_a_number(real: dict[str, str], fetch: Fetch) -> None:
    assert len(fetch("--with-cited", letters.BUG[0]).stdout.splitlines()) == 1
    assert fetch("--with-cited", "--", letters.BUG[0]).exit_code == 0


@pytest.mark.parametrize("columns", [40, 80])
def test_lines_fit_a_terminal_and_progress_is_taken_away(
    real: dict[str, str], db: Path, columns: int
) -> None:
    seen, code = on_terminal(
        "--db", str(db), "fetch", "--with-cited", letters.CITING[0], columns=columns, **real
    )
    assert code == 0
    shown = [line.rpartition("\x1b[K")[2] for line in seen.splitlines()]
    results = [line for line in shown if not line.startswith("threadkit: ")]
    assert any(line.startswith("new ") for line in results)
    assert any(line.startswith("commit  ") for line in results)
    assert all(len(line) <= columns for line in results)
    drawn = [line for part in seen.split("\n") for line in part.split("\r\x1b[K")[:-1]]
    assert any("thread engine" in line for line in drawn)
    assert all(len(line) < columns for line in drawn)
    quiet, _ = on_terminal("--db", str(db), "fetch", "-q", "--force", letters.BUG[0], **real)
    assert "\x1b" not in quiet


def test_nothing_is_drawn_into_a_pipe(real: dict[str, str], fetch: Fetch) -> None:
    assert "\x1b" not in fetch("--with-cited", letters.CITING[0]).output


# -- processes ---------------------------------------------------------------------------


def start(db: Path, *args: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, "--db", str(db), "fetch", *args],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **env},
    )  # fmt: skip


def test_results_come_while_the_rest_is_fetched(server: BadServer, db: Path, fetch: Fetch) -> None:
    """The first thread is printed while the second is awaited; Ctrl-C then loses nothing."""
    serve(server)
    server.script("/all/b.0@example.org/t.mbox.gz", silence())
    process = start(db, "--nl", "--no-check", NAME, "b.0@example.org")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["state"] == "new"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == (
        "threadkit: what has come is stored; 'threadkit fetch' goes on with the rest\n"
        "threadkit: interrupted\n"
    )
    server.script(
        "/all/b.0@example.org/t.mbox.gz", body(gzip.compress(mbox(letters.chain("b", 2))))
    )
    assert fetch("--no-check").stdout == "b.0@example.org\tnew\t2\t2\tabout b\n"


def test_a_pipe_that_is_closed_early(real: dict[str, str], db: Path) -> None:
    process = start(db, "--nl", "--with-cited=2", letters.CITING[0])
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(30) in (0, -signal.SIGPIPE)


# -- status ------------------------------------------------------------------------------


def test_status(server: BadServer, fetch: Fetch) -> None:
    nothing = fetch("--status")
    assert nothing.exit_code == 3
    assert "no such database" in nothing.stderr
    server.script(BOX, challenge())
    fetch("--no-check", NAME, "b@example.org")
    text = fetch("--status").stdout.splitlines()
    assert text[0] == "queue: 2 waiting"
    assert text[-2].startswith(f"waiting  thread  {NAME}: the server wants proof")
    items = [json.loads(line) for line in fetch("--status", "--nl").stdout.splitlines()]
    assert [(item["name"], item["state"]) for item in items] == [
        (NAME, "waiting"), ("b@example.org", "waiting"),
    ]  # fmt: skip
    facts = json.loads(fetch("--status", "--json").stdout)
    assert facts["counts"] == {"waiting": 2}


def test_status_of_a_database_that_nothing_was_fetched_into(run: Fetch) -> None:
    assert run("fetch", "--status").stdout == "queue: empty\n"
    assert run("fetch", "--status", "--nl").stdout == ""
    nothing = run("fetch")
    assert nothing.exit_code == 0
    assert "nothing to fetch" in nothing.stderr


# -- usage -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ["--with-cited=x", "a@b"],
        ["--with-cited=-1", "a@b"],
        ["--limit", "many", "a@b"],
        ["--mirror", "x", "a@b"],
        ["--mirror", "x", "--status"],
        ["--mirror", "x", "--search", "s:y"],
        ["--into", "x", "a@b"],
        ["--status", "a@b"],
        ["--status", "--search", "x"],
        ["--list", "lkml", "a@b"],
        ["--since", "2020"],
        ["--since", "2020", "a@b"],
        ["--since", "someday", "https://lore.kernel.org/lkml/"],
        ["https://lore.kernel.org/lkml/"],
        ["--search", " "],
        ["nonsense"],
        ["a\udcff@b"],
        ["http://ex*mple.org/lkml/a@b/"],
        ["--git", "/nowhere", "a@b"],
        ["--mirror", "/nowhere"],
        ["--mirror", "/nowhere", "--offline"],
    ],
)
def test_what_is_refused_makes_no_database(
    server: BadServer, fetch: Fetch, db: Path, args: list[str]
) -> None:
    result = fetch(*args)
    assert result.exit_code == 2
    assert result.stderr
    assert not db.exists()
    assert server.requests == []


def test_no_names_and_no_database(fetch: Fetch, db: Path) -> None:
    result = fetch()
    assert result.exit_code == 3
    assert "nothing is left over" in result.stderr
    assert not db.exists()


def test_a_clone_that_is_none_or_no_git(
    fetch: Fetch, db: Path, kernel: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREADKIT_GIT", str(tmp_path))
    result = fetch("a@example.org")
    assert (result.exit_code, db.exists()) == (2, False)
    assert f"{tmp_path}: not a git repository" in result.stderr
    monkeypatch.setenv("THREADKIT_GIT", str(kernel.path))
    monkeypatch.setenv("PATH", str(tmp_path))
    result = fetch("a@example.org")
    assert (result.exit_code, db.exists()) == (2, False)
    assert "git" in result.stderr


def test_an_origin_that_is_no_address(
    fetch: Fetch, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREADKIT_LORE", "lore.kernel.org")
    result = fetch("a@example.org")
    assert (result.exit_code, db.exists()) == (2, False)
    assert "THREADKIT_LORE: 'lore.kernel.org' is no http:// or https:// address" in result.stderr


# -- mirrors -----------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path) -> Iterator[PublicInbox]:
    """A list on a server without ``/all/``, whose manifest would say what it was before."""
    need("public-inbox")
    root = tmp_path / "server"
    root.mkdir()
    with PublicInbox(root, {"box": letters.chain("box", 3)}, level="basic") as server:
        yield server


def test_a_mirror_is_made_kept_and_imported(box: PublicInbox, fetch: Fetch, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    made = fetch("--mirror", f"{box.url}/box/", "--into", str(folder))
    assert made.exit_code == 0
    assert made.stdout.startswith("new ")
    assert "3 added" in made.stdout
    again = fetch("--mirror", str(folder))
    assert again.stdout.startswith("unchanged")
    assert "0 added" in again.stdout
    box.grow("box", letters.chain("box", 2, first=3))
    offline = fetch("--mirror", str(folder), "--offline")
    assert (offline.exit_code, "0 added" in offline.stdout) == (0, True)
    grown = json.loads(fetch("--mirror", str(folder), "--json").stdout)
    assert [epoch["state"] for epoch in grown["epochs"]] == ["updated"]
    assert grown["import"]["added"] == 2
    (line,) = fetch("--mirror", str(folder), "--nl").stdout.splitlines()
    assert json.loads(line)["state"] == "unchanged"


@pytest.mark.parametrize("where", ["http://127.0.0.1:1/list/", "{lore}/nolist/"])
def test_a_mirror_that_cannot_be(
    real: dict[str, str], lore: PublicInbox, fetch: Fetch, clock: FakeClock, tmp_path: Path,
    where: str,
) -> None:  # fmt: skip
    folder = tmp_path / "mirror"
    result = fetch("--mirror", where.format(lore=lore.url), "--into", str(folder))
    assert result.exit_code == (4 if ":1/" in where else 3)
    assert len(errors(result)) == 1
    assert not folder.exists()


def test_starting_is_light() -> None:
    """What asks the network is imported only when it is asked."""
    code = (
        "import sys, threadkit.cli.app; from threadkit.cli import fetching;"
        "print({'requests', 'urllib3', 'bs4', 'sqlite_utils'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

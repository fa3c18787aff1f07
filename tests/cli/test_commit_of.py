"""commits --of and why on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pipeline.mails import mail, mbox
from tests.pipeline.posted import World, build
from threadkit.cli.app import app
from threadkit.cli.commit_of import discussion_lines
from threadkit.cli.console import Console
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetching import fetch_mail
from threadkit.pipeline.importing import import_mail

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def db(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("db") / "t.db"
    import_mail(path, [str(world.mbox)], workers=0)
    analyze(path, clone=world.path)
    return path


@pytest.fixture
def run(db: Path) -> Run:
    def invoke(*args: str) -> Result:
        return CliRunner().invoke(app, ["--db", str(db), *args])

    return invoke


def test_one_row_a_mail(run: Run, world: World) -> None:
    done = run("commits", "--of", world.commits["changed"][:12])
    assert done.exit_code == 0
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows[0][:5] == ["sha", "message_id", "kind", "rule", "score"]
    assert [(row[1], row[2]) for row in rows[1:]] == [
        ("v3@example.org", "becomes"), ("v1@example.org", "discusses"),
        ("v2@example.org", "discusses"), ("late@example.org", "discusses"),
        ("stable@example.org", "discusses"),
    ]  # fmt: skip


def test_json_has_everything(run: Run, world: World) -> None:
    facts = json.loads(run("commits", "--of", world.commits["linked"], "--json").stdout)
    assert facts["sha"] == world.commits["linked"]
    assert [one["rule"] for one in facts["mails"]] == ["Link", "Closes"]
    assert [one["root"] for one in facts["conversations"]] == [
        "cover@example.org", "report@example.org",
    ]  # fmt: skip
    facts = json.loads(run("commits", "--of", world.commits["changed"], "--json").stdout)
    assert [(one["kind"], one["sha"]) for one in facts["relatives"]] == [
        ("backported as", world.commits["backport"])
    ]


def test_for_reading_candidates_stand_apart(db: Path, world: World) -> None:
    with Archive(db) as archive:
        lines = list(
            discussion_lines(Console(db=db), archive.discussion(world.commits["namesake"]))
        )
    assert "Could be (none is sure)" in lines
    assert not [line for line in lines if "Made from" in line]
    assert "        subject, 0.40; another author" in lines


def test_a_commit_without_mails_is_the_answer_no(run: Run, world: World, db: Path) -> None:
    done = run("why", "mm/a.c:42", "--git", str(world.path))
    assert (done.exit_code, "No mail here became it, and it links none." in done.stdout) == (
        1,
        True,
    )


def test_a_commit_that_mails_only_cite_says_so(tmp_path: Path, world: World) -> None:
    sha = world.commits["unrelated"]
    box, db = tmp_path / "in.mbox", tmp_path / "t.db"
    body = f"See commit {sha} and again {sha[:12]}.\n"
    box.write_bytes(mbox([mail("citing", body=body)]))
    import_mail(db, [str(box)], workers=0)
    fetch_mail(db, [sha, sha[:12]], options=FetchOptions(clone=world.path, offline=True))
    done = CliRunner().invoke(app, ["--db", str(db), "commits", "--of", sha])
    assert (done.exit_code, "cited by 1 mail" in done.stderr) == (1, True)
    with Archive(db) as archive:
        lines = list(discussion_lines(Console(), archive.discussion(sha)))
    assert lines[-1] == f"cited by 1 mail: threadkit show {sha[:12]}"
    cited = CliRunner().invoke(app, ["--db", str(db), "show", sha]).stdout.partition("Cited by\n")
    assert cited[2] == " 2024-03-01  Ada Example  <citing@example.org>  2 times\n"


def test_show_says_what_became_it_and_what_it_did(run: Run, world: World) -> None:
    shown = run("show", world.commits["backport"]).stdout
    assert "Other commits\n backports " in shown
    assert "Mails\n made from <stable@example.org>  (patch-id, 0.98)" in shown


@pytest.mark.parametrize("name", ["10", "801", "xyz"])
def test_too_short_for_a_hash(run: Run, name: str) -> None:
    done = run("commits", "--of", name)
    assert (done.exit_code, "not a hash of four digits" in done.stderr) == (3, True)


def test_an_unknown_commit_says_what_to_do(run: Run) -> None:
    done = run("commits", "--of", "0123456789ab")
    assert done.exit_code == 3
    assert "threadkit fetch 0123456789ab" in str(done.output) + str(done.exception)


def test_of_goes_alone(run: Run) -> None:
    assert run("commits", "--of", "0123456789ab", "--unknown").exit_code == 2


def test_why_from_a_line_to_its_mail(run: Run, world: World) -> None:
    done = run("why", "mm/a.c:6", "--git", str(world.path), "--json")
    assert done.exit_code == 0
    [reason] = json.loads(done.stdout)["reasons"]
    assert reason["lines"][0]["text"] == "a"
    assert reason["discussion"]["mails"][0]["message_id"] == "one@example.org"
    shown = run("why", "mm/a.c:6", "--git", str(world.path)).stdout
    assert "Made from" in shown
    assert "<one@example.org>" in shown


@pytest.mark.parametrize(("place", "code"), [("mm/none.c:1", 3), ("mm/a.c", 2), ("mm/a.c:999", 3)])
def test_places_that_are_not_there(run: Run, world: World, place: str, code: int) -> None:
    assert run("why", place, "--git", str(world.path)).exit_code == code

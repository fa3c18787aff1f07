"""The command that lists cited commits: known, unknown, under other titles, from both ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pipeline.mails import mail, mbox
from tests.servers.repository import Facts
from threadkit.cli.app import app
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetching import fetch_mail
from threadkit.pipeline.importing import import_mail

MERGED = "culprit"
UNKNOWN = "1234fedc5678abcd90ef"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, kernel: Facts) -> Path:
    folder = tmp_path_factory.mktemp("cited")
    merged, twin = kernel.commits[MERGED], kernel.twins[0][0]
    bodies = {
        "first": f"See commit {merged[:12]}.\n",
        "second": f'Bisected to {merged[:14]} ("what I call it"), which broke it.\n',
        "third": f"Maybe commit {UNKNOWN[:12]}, or commit {UNKNOWN}?\n",
    }
    mails = [
        mail(name, body=body, minute=at, person=at, to="first" if at == 1 else None)
        for at, (name, body) in enumerate(bodies.items())
    ]
    box = folder / "box"
    box.write_bytes(mbox(mails))
    database = folder / "a.db"
    import_mail(database, [str(box)], workers=0)
    options = FetchOptions(clone=kernel.path, offline=True)
    fetch_mail(database, [merged[:12], merged[:14], twin], options=options)
    return database


def _run(database: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--db", str(database), *arguments])


def test_a_commit_cited_twice_is_listed_once_with_both_places(
    database: Path, kernel: Facts
) -> None:
    done = _run(database, "commits", "--json")
    assert done.exit_code == 0
    known, unknown = json.loads(done.stdout)
    assert known["sha"] == kernel.commits[MERGED]
    assert known["facts"]["release"] == kernel.releases[MERGED]
    assert known["facts"]["mainline"] == "yes"
    assert [place["role"] for place in known["places"]] == ["supports", "blames"]
    assert [place["message_id"] for place in known["places"]] == [
        "first@example.org",
        "second@example.org",
    ]
    assert known["other_titles"] == ["what I call it"]
    assert (unknown["sha"], unknown["name"]) == (None, UNKNOWN)
    assert unknown["why_unknown"] == "not looked up"
    assert len(unknown["places"]) == 2


def test_spans_hold_what_is_written(database: Path) -> None:
    with Archive(database) as archive:
        for commit in archive.commits():
            for place in commit.places:
                body = archive.message(place.message_id).body
                assert body[place.start : place.stop].startswith(place.written)
        assert repr(archive.commits()) == "<CitedCommits 2 commits, 1 unknown here>"
        assert "what I call it" in archive.commits()._repr_html_()


def test_every_form_has_the_same_commits(database: Path) -> None:
    names = [one["name"] for one in json.loads(_run(database, "commits", "--json").stdout)]
    lines = _run(database, "commits", "--nl").stdout.splitlines()
    assert [json.loads(line)["name"] for line in lines] == names
    table = _run(database, "commits", "--no-headers", "--columns", "sha").stdout.split()
    assert table == names
    assert _run(database, "commits", "--json", "--columns", "sha,cited").stdout.count("cited") == 2


def test_a_conversation_a_role_and_a_limit_choose(database: Path) -> None:
    def names(*arguments: str) -> list[str]:
        return _run(
            database, "commits", "--columns", "sha", "--no-headers", *arguments
        ).stdout.split()

    everything = names()
    assert names("third@example.org") == [UNKNOWN]
    assert names("second@example.org") == everything[:1]
    assert names("--role", "blames") == everything[:1]
    assert names("--unknown") == [UNKNOWN]
    assert names("-n", "1") == everything[:1]
    assert "--limit 0 shows all" in _run(database, "commits", "-n", "1").stderr


def test_a_terminal_gets_blocks_with_what_to_do_about_the_unknown(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threadkit.cli.console import Console

    monkeypatch.setattr(Console, "tty", property(lambda self: True))
    monkeypatch.setattr(Console, "columns", property(lambda self: 72))
    shown = _run(database, "--no-pager", "--color", "never", "commits").stdout
    assert "    cited as 'what I call it'" in shown
    assert f"unknown here (not looked up): threadkit fetch {UNKNOWN}" in shown
    assert max(map(len, shown.splitlines())) <= 72


def test_nothing_found_is_1_and_a_wrong_name_is_3(database: Path) -> None:
    assert _run(database, "commits", "--role", "history").exit_code == 1
    assert _run(database, "commits", "nobody@example.org").exit_code == 3
    assert _run(database, "commits", "--of", "09854ba94c6a", "first@example.org").exit_code == 2
    assert _run(database, "commits", "--role", "praises").exit_code == 2


def test_of_a_commit_nobody_discussed_says_so(database: Path, kernel: Facts) -> None:
    done = _run(database, "commits", "--of", kernel.commits[MERGED][:12])
    assert done.exit_code in (0, 1)
    unknown = _run(database, "commits", "--of", UNKNOWN)
    assert unknown.exit_code == 3
    assert "fetch" in unknown.stderr


def test_analyze_says_what_it_did_and_then_that_nothing_is_new(
    database: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    again = _run(copy, "analyze", "--again")
    assert again.exit_code == 0
    assert [line.split(":")[0] for line in again.stdout.splitlines()] == [
        "mails", "facts", "links", "series", "regressions", "arguments", "claims",
    ]  # fmt: skip
    assert _run(copy, "analyze").stdout.count("nothing new") == 7
    facts = json.loads(_run(copy, "analyze", "--json").stdout)
    assert all(stage["skipped"] for stage in facts["stages"])
    assert _run(copy, "analyze", "--only", "guesses").exit_code == 2
    assert _run(tmp_path / "none.db", "analyze").exit_code == 3

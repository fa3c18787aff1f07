"""Commands that load a casebook, begin one and propose scenarios for its claims."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.casebook import made_up
from threadkit.cli.app import app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_up.write(tmp_path / "pins")


def invoke(db: Path, *args: str):
    return CliRunner().invoke(app, ["--db", str(db), *args])


@pytest.fixture(autouse=True)
def few_eras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run scenarios under some eras: the model itself is tested elsewhere."""
    from threadkit import cow

    some = tuple(one for one in cow.all_eras() if one.key.startswith("refcount"))
    monkeypatch.setattr(cow, "all_eras", lambda: some)


def test_load_says_what_met_and_what_did_not(tmp_path, folder):
    db = tmp_path / "t.db"
    first = invoke(db, "casebook", "load", str(folder))
    assert first.exit_code == 0, first.output
    assert first.stdout.splitlines()[:3] == [
        "pins: 3 claims, 3 messages, 1 question, 2 people",
        "2 scenarios run under every era of the model",
        "0 of 3 claims met in mail that is here (no correction changed)",
    ]
    assert "  left in the casebook, its mail is not here: 1, 2" in first.stdout
    assert "  left in the casebook, on a page of the web: 3" in first.stdout
    again = invoke(db, "casebook", "load", str(folder))
    assert "as it was here already" in again.stdout
    assert "scenarios run" not in again.stdout


def test_load_meets_mail_that_is_here(tmp_path, folder):
    db = tmp_path / "t.db"
    assert (
        invoke(db, "import", "--workers", "0", str(made_up.mbox(tmp_path / "m.mbox"))).exit_code
        == 0
    )
    assert invoke(db, "analyze").exit_code == 0
    loaded = json.loads(invoke(db, "casebook", "load", str(folder), "--json").stdout)
    assert (loaded["casebook"], loaded["claims"], loaded["claims_met"]) == ("pins", 3, 2)
    claims = json.loads(invoke(db, "claims", "--json").stdout)
    assert {one["gist"] for one in claims if one["state"] == "accepted"} == {
        "A page that is pinned must not be shared.", "Pins are seen by the count, so a write copies.",
    }  # fmt: skip


def test_load_of_what_is_no_casebook_is_one_error(tmp_path):
    result = invoke(tmp_path / "t.db", "casebook", "load", "nobody")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert "no such casebook" in result.stderr
    assert not (tmp_path / "t.db").exists()


def test_new_writes_a_folder_whose_check_says_what_is_left(run, tmp_path):
    made = run("casebook", "new", "first@example.org", "-o", str(tmp_path / "pages"))
    assert made.exit_code == 0, made.output
    assert "4 people, 6 messages" in made.stdout
    assert "lists what is still to be written" in made.stderr
    checked = run("casebook", "check", str(tmp_path / "pages"))
    assert checked.exit_code == 1
    left = [line for line in checked.output.splitlines() if ".yaml:" in line]
    assert left
    assert all("still to be written" in line for line in left)
    again = run("casebook", "new", "first@example.org", "-o", str(tmp_path / "pages"))
    assert (again.exit_code, "has something in it" in again.stderr) == (2, True)


def test_new_with_text_warns(run, tmp_path):
    made = run("casebook", "new", "first@example.org", "-o", str(tmp_path / "p"), "--with-text")
    assert "remove them before you share" in made.stderr


def test_new_needs_a_mail_that_is_here(run, tmp_path):
    result = run("casebook", "new", "nobody@example.org", "-o", str(tmp_path / "p"))
    assert result.exit_code == 3
    assert not (tmp_path / "p").exists()


def test_suggest_lists_with_reasons(run, folder):
    result = run("casebook", "suggest", str(folder), "--claim", "2", "--nl")
    assert result.exit_code == 0, result.output
    (one,) = map(json.loads, result.stdout.splitlines())
    assert one["claim"] == 2
    assert all(each["why"] and 0 < each["score"] <= 1 for each in one["suggestions"])
    table = run("casebook", "suggest", str(folder), "--claim", "2", "--tsv").stdout.splitlines()
    assert table[0].split("\t")[:3] == ["claim", "scenario", "score"]
    assert len(table) == len(one["suggestions"]) + 1


def test_suggest_prints_yaml_or_writes_comments(run, folder):
    before = {path: path.read_text("utf-8") for path in folder.rglob("*.yaml")}
    printed = run("casebook", "suggest", str(folder), "--claim", "2", "--yaml")
    assert "  - scenario: " in printed.stdout
    assert before == {path: path.read_text("utf-8") for path in folder.rglob("*.yaml")}
    written = run("casebook", "suggest", str(folder), "--claim", "2", "--write")
    assert "added as comments" in written.stdout
    text = (folder / "claims" / "01.yaml").read_text("utf-8")
    added = text.removeprefix(before[folder / "claims" / "01.yaml"]).splitlines()
    assert added
    assert all(line.startswith("#") for line in added)


def test_suggest_writes_into_no_casebook_that_is_shipped(run):
    result = run("casebook", "suggest", "cow-2020", "--write")
    assert result.exit_code == 2
    assert "the folder of a casebook is needed" in result.stderr

"""The commands for casebooks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.casebook.made_up import ANSWER, CLAIMS, mbox, write
from threadkit.analyze.debate.names import exact_hash, loose_hash
from threadkit.cli.app import app
from threadkit.pipeline.importing import import_mail

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "book")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THREADKIT_DB", str(tmp_path / "t.db"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_list_names_what_comes_with_threadkit(run: Run) -> None:
    rows = json.loads(run("casebook", "list", "--json").stdout)
    assert {row["name"] for row in rows} >= {"sample", "cow-2020"}
    assert all(row["claims"] > 0 and row["title"] for row in rows)


def test_check_prints_a_line_a_scenario_and_a_column_an_era(run: Run, folder: Path) -> None:
    found = run("casebook", "check", folder)
    lines = found.stdout.splitlines()
    assert found.exit_code == 0
    assert lines[0].split()[:3] == ["A", "B", "C"]
    row = lines[1].split()
    assert row[:3] == ["1", "S4", "supports"]
    assert dict(zip(lines[0].split(), row[3:], strict=True))["F0"] == "Aw"
    assert lines[-1] == (
        "2 passed, 0 failed, 1 not modelled; 4 passages: 0 checked, 0 moved, 0 missing, 4 not here;"
        " 2 nobody has"
    )


def test_a_verdict_that_the_model_does_not_give_ends_with_1(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "b", claims=("refcount_forkcopy: Never", "refcount_forkcopy: Always"))
    found = run("casebook", "check", folder)
    assert found.exit_code == 1
    assert "A!" in found.stdout or "·!" in found.stdout
    assert "claims/01.yaml:18: claim 1: S4 under refcount_forkcopy: verdict Always" in found.stdout
    assert "1 passed, 1 failed, 1 not modelled" in found.stdout
    (row,) = [
        row
        for row in map(json.loads, run("casebook", "check", folder, "--nl").stdout.splitlines())
        if row["result"] == "failed"
    ]
    assert (row["claim"], row["scenario"], row["said"], row["found"], row["line"]) == (
        1, "S4", "Always", "Never", 18,
    )  # fmt: skip


def test_passages_are_looked_for_in_mail_and_in_the_database(run: Run, folder: Path) -> None:
    box = mbox(folder.parent / "a.mbox")
    all_there = "4 passages: 4 checked, 0 moved, 0 missing, 0 not here"
    assert all_there in run("casebook", "check", folder, "--mail", box).stdout
    import_mail(folder.parent / "t.db", [str(box)], workers=0)
    assert all_there in run("casebook", "check", folder, "--no-table").stdout


def test_a_passage_that_moved_is_told_and_one_that_is_missing_ends_with_1(
    run: Run, folder: Path
) -> None:
    text = ANSWER.replace("and references are\ncounted", "and  references\nare counted")
    box = mbox(folder.parent / "a.mbox", text.replace("The write copies", "The write may copy"))
    found = run("casebook", "check", folder, "--no-table", "--mail", box)
    lines = found.stdout.splitlines()
    assert found.exit_code == 1
    assert [line.rpartition(": ")[2].partition(",")[0] for line in lines[:2]] == [
        "moved",
        "missing",
    ]
    assert "claim 2: <answer@example.org>" in lines[0]
    assert "4 passages: 2 checked, 1 moved, 1 missing, 0 not here" in lines[-1]


def test_a_hash_that_is_not_of_the_words_there_ends_with_1(run: Run, tmp_path: Path) -> None:
    exact = exact_hash("The write copies.")
    folder = write(tmp_path / "pins", claims=(exact, exact[::-1]))
    found = run("casebook", "check", folder, "--no-table", "--mail", mbox(tmp_path / "a.mbox"))
    assert found.exit_code == 1
    (line, *_) = found.stdout.splitlines()
    assert line.startswith("claims/01.yaml:29: claim 2: <answer@example.org>")
    assert line.endswith("the same words, but 'exact' is not their hash")


def test_the_first_copy_of_a_mail_does_not_hide_a_better_one(run: Run, folder: Path) -> None:
    torn = mbox(folder.parent / "torn.mbox", "Lost.\n")
    whole = mbox(folder.parent / "whole.mbox")
    found = run("casebook", "check", folder, "--mail", torn, "--mail", whole)
    assert "4 checked, 0 moved, 0 missing" in found.stdout


def test_json_has_everything(run: Run, folder: Path) -> None:
    found = json.loads(run("casebook", "check", folder, "--json").stdout)
    assert found["ok"]
    assert found["claims"] == {"passed": 2, "failed": 0, "not modelled": 1}
    assert found["passages"]["not here"] == 4
    assert [row["what"] for row in found["verdicts"]] == [
        "verdict", "verdict", "lock_waits", "copies", "",
    ]  # fmt: skip
    assert len(found["matrix"]["rows"]) == 2


def test_files_that_do_not_hold_together(run: Run, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "b", claims=('stand: "no"', "stand: no"), people=("key: bo", "key: Bo")
    )
    found = run("casebook", "check", folder)
    assert found.exit_code == 1
    assert found.stderr == ""
    assert "people.yaml:2: key: Bo is not" in found.stdout
    line = CLAIMS[: CLAIMS.index('stand: "no"')].count("\n") + 1
    assert f"\nclaims/01.yaml:{line}: YAML 1.1 takes no for true or false" in found.stdout
    told = run("casebook", "check", folder, "--json")
    assert told.exit_code == 1
    assert {one["file"] for one in json.loads(told.stdout)["problems"]} >= {"people.yaml"}
    lines = run("casebook", "check", folder, "--nl").stdout.splitlines()
    assert all("line" in json.loads(one) for one in lines)


def test_no_such_casebook(run: Run) -> None:
    found = run("casebook", "check", "cow-2002")
    assert found.exit_code == 3
    assert "no such casebook or folder; did you mean cow-2020?" in found.stderr


def test_show_says_what_it_is_about_and_what_it_covers(run: Run, folder: Path) -> None:
    text = " ".join(run("casebook", "show", folder).stdout.split())
    assert text.startswith("Does a pin keep a page from being copied? 3 claims")
    assert "1 ann, no, contested: A page that is pinned must not be shared." in text
    assert "Coverage Both mails are covered." in text


def test_show_a_claim_with_its_words_where_the_mail_is_here(run: Run, folder: Path) -> None:
    without = run("casebook", "show", folder, 2).stdout
    assert "<answer@example.org>" in without
    assert "not here" in without
    assert "references are" not in without
    import_mail(folder.parent / "t.db", [str(mbox(folder.parent / "a.mbox"))], workers=0)
    found = run("casebook", "show", folder, 2).stdout
    assert "  | a pin is a reference, and references are\n  | counted." in found
    assert "attacks 1: A page that is pinned" in found
    assert "mapcount_locked: lock_waits 0..1" in found
    assert run("casebook", "show", folder, 4).exit_code == 3
    assert json.loads(run("casebook", "show", folder, 2, "--json").stdout)["by"] == "bo"


def test_a_hostile_mail_cannot_write_to_the_terminal(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    words = "The write \x1b[31mcopies\u202e."
    body = f"{words}\n"
    old = CLAIMS[CLAIMS.index("said: {message: answer@") : CLAIMS.index("  also:")]
    new = (
        f"said: {{message: answer@example.org, start: 0, stop: {len(words)},\n"
        f"    exact: {exact_hash(words)}, loose: {loose_hash(words)}}}\n"
    )
    hostile = write(tmp_path / "hostile", claims=(old, new))
    import_mail(tmp_path / "t.db", [str(mbox(tmp_path / "a.mbox", body))], workers=0)
    found = run("casebook", "show", hostile, 2).stdout
    assert "copies" in found
    assert "\x1b" not in found
    assert "\u202e" not in found


def test_a_hostile_name_of_a_mail_cannot_either(run: Run, tmp_path: Path) -> None:
    odd = "an\u202eswer@example.org"
    folder = write(tmp_path / "b")
    for name in ("casebook.yaml", "messages.yaml", "claims/01.yaml"):
        path = folder / name
        text = path.read_text(encoding="utf-8").replace("answer@example.org", odd)
        path.write_text(text, encoding="utf-8")
    box = mbox(tmp_path / "a.mbox", "Lost.\n")
    box.write_text(
        box.read_text(encoding="utf-8").replace("answer@example.org", odd), encoding="utf-8"
    )
    found = run("casebook", "check", folder, "--mail", box)
    assert "3 missing" in found.stdout
    assert "swer@example.org> " in found.stdout
    assert "\u202e" not in found.stdout + found.stderr


def test_words_of_a_mail_are_a_warning(run: Run, tmp_path: Path) -> None:
    gist = "gist: A page that is pinned must not be shared."
    copy = "gist: Sharing a page is only safe while nobody pins it."
    folder = write(tmp_path / "b", claims=(gist, copy))
    box = mbox(tmp_path / "a.mbox")
    without = run("casebook", "check", folder, "--no-table")
    assert "words in a row" not in without.stdout
    found = run("casebook", "check", folder, "--no-table", "--mail", box)
    assert found.exit_code == 0
    assert "claims/01.yaml:1: claim 1: gist: 7 words in a row are from <root@example.org>" in (
        found.stdout
    )
    assert (
        json.loads(run("casebook", "check", folder, "--mail", box, "--json").stdout)["copied"] == 1
    )


def test_what_waits_for_words_is_counted(run: Run, tmp_path: Path) -> None:
    gist = "gist: A page that is pinned must not be shared."
    folder = write(tmp_path / "b", claims=(gist, "gist: todo"))
    left = "1 claim is not in words yet and left out (from claims/01.yaml:1)"
    found = run("casebook", "check", folder, "--no-table")
    assert (found.exit_code, found.stdout.splitlines()[-2]) == (0, left)
    assert json.loads(run("casebook", "check", folder, "--json").stdout)["left_out"] == 1
    loaded = run("casebook", "load", folder)
    assert (loaded.exit_code, loaded.stderr) == (0, "")
    assert "pins: 2 claims" in loaded.stdout
    assert left in loaded.stdout
    assert json.loads(run("casebook", "load", folder, "--json").stdout)["left_out"] == 1


def test_what_is_still_to_be_written_fits_a_screen_unless_asked_for(
    run: Run, tmp_path: Path
) -> None:
    folder = write(tmp_path / "b")
    path = folder / "casebook.yaml"
    path.write_text(path.read_text("utf-8").replace("[Both", f"[{'todo, ' * 100} Both"), "utf-8")
    some = run("casebook", "check", folder)
    assert (some.exit_code, some.stderr) == (1, "")
    assert len(some.stdout.splitlines()) < 24
    assert "100 still to be written" in some.stdout.splitlines()[0]
    assert "more still to be written in casebook.yaml" in some.stdout.splitlines()[-1]
    assert len(run("casebook", "check", folder, "--all").stdout.splitlines()) == 101


def test_load_before_the_mail_is_analyzed_says_what_to_do(run: Run, folder: Path) -> None:
    import_mail(folder.parent / "t.db", [str(mbox(folder.parent / "a.mbox"))], workers=0)
    loaded = run("casebook", "load", folder)
    assert "0 of 3 claims met" in loaded.stdout
    assert "threadkit analyze" in loaded.stderr
    assert run("analyze").exit_code == 0
    states = {one["state"] for one in json.loads(run("claims", "--json").stdout)}
    assert "accepted" in states  # without another load
    again = run("casebook", "load", folder)
    assert "2 of 3 claims met" in again.stdout
    assert again.stderr == ""


def test_claims_without_a_reply_are_not_those_that_a_casebook_calls_unanswered(
    run: Run, folder: Path
) -> None:
    import_mail(folder.parent / "t.db", [str(mbox(folder.parent / "a.mbox"))], workers=0)
    assert run("analyze").exit_code == 0
    note = "calls 1 claim unanswered anywhere: threadkit draft pins"
    assert note not in run("claims", "--unanswered").stderr
    assert run("casebook", "load", folder).exit_code == 0
    assert note in run("claims", "--unanswered").stderr
    assert note not in run("claims").stderr

"""``threadkit draft``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.casebook import made_up
from threadkit.analyze.debate.names import exact_hash, loose_hash
from threadkit.cli.app import app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_up.write(tmp_path / "pins")


@pytest.fixture
def db(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two mails and the casebook that tells of them."""
    from threadkit import cow

    some = tuple(one for one in cow.all_eras() if one.key.startswith("refcount"))
    monkeypatch.setattr(cow, "all_eras", lambda: some)
    path = tmp_path / "t.db"
    box = made_up.mbox(tmp_path / "m.mbox")
    for args in (["import", "--workers", "0", str(box)], ["casebook", "load", str(folder)]):
        assert invoke(path, *args).exit_code == 0
    return path


def invoke(db: Path, *args: str) -> Result:
    return CliRunner().invoke(app, ["--db", str(db), *args])


def test_a_draft_is_printed_or_written(db: Path, tmp_path: Path) -> None:
    printed = invoke(db, "draft", "pins")
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.startswith("# What may a write do to a page that a device has pinned?\n")
    assert "> a pin is a reference, and references are\n> counted.\n" in printed.stdout
    assert "only a page" in invoke(db, "draft", "pins/2").stdout
    out = tmp_path / "out.md"
    written = invoke(db, "draft", "pins", "-o", str(out))
    assert written.stdout == ""
    assert out.read_text("utf-8") == printed.stdout
    assert str(out) in written.stderr


def test_a_long_casebook_is_told_whole_if_asked_for(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = invoke(db, "draft", "pins").stdout
    monkeypatch.setattr("threadkit.pipeline.draft.LONG", 1)
    short = invoke(db, "draft", "pins").stdout
    assert "threadkit draft pins --all" in short
    assert invoke(db, "draft", "pins", "--all").stdout == whole


def test_links_begin_as_asked_for(db: Path) -> None:
    done = invoke(db, "draft", "pins/1", "--lore", "https://mail.example.org/r")
    assert "](https://mail.example.org/r/root@example.org/)" in done.stdout
    bad = invoke(db, "draft", "pins/1", "--lore", "file:///etc/passwd")
    assert bad.exit_code == 2
    assert bad.stdout == ""


def test_what_is_not_there_is_told(db: Path) -> None:
    for name in ("nobody@example.org", "pins/9", "c999"):
        done = invoke(db, "draft", name)
        assert (done.exit_code, done.stdout) == (3, "")
        assert done.stderr.count("\n") == 1


def test_with_nothing_reviewed_it_says_how_to_review(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    box = made_up.mbox(tmp_path / "m.mbox")
    assert invoke(path, "import", "--workers", "0", str(box)).exit_code == 0
    done = invoke(path, "draft", "root@example.org")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "threadkit claims review root@example.org" in done.stderr


def test_a_passage_that_the_mail_does_not_have_ends_with_five(db: Path, folder: Path) -> None:
    claims = next((folder / "claims").glob("*.yaml"))
    text = claims.read_text("utf-8")
    for made in (exact_hash, loose_hash):
        assert made(made_up.COUNTED) in text
        text = text.replace(made(made_up.COUNTED), "f" * 64)
    claims.write_text(text, "utf-8")
    assert invoke(db, "casebook", "load", str(folder)).exit_code == 0
    done = invoke(db, "draft", "pins")
    assert (done.exit_code, done.stdout) == (5, "")
    assert "<answer@example.org>: no passage at characters" in done.stderr


@pytest.mark.parametrize("name", ["draft", "casebook load", "casebook new", "casebook suggest"])
def test_examples_of_the_help_stand_on_lines_of_their_own(name: str) -> None:
    said = CliRunner().invoke(app, [*name.split(), "--help"], terminal_width=80).stdout
    assert "\\b" not in said
    assert sum(line.startswith(f"  threadkit {name}") for line in said.splitlines()) > 0

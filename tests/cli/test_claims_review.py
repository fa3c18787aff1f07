"""threadkit claims review: keys, what is kept, and how the walk ends."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from tests.pipeline import debated
from threadkit.cli import claims_review
from threadkit.cli.app import app
from threadkit.pipeline.archive import Archive


@pytest.fixture
def walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Walk through the claims of the conversation with some keys."""
    debated.given_units(monkeypatch)
    path = debated.archive_at(tmp_path)

    terminal = SimpleNamespace(isatty=lambda: True)
    streams = SimpleNamespace(stdin=terminal, stdout=terminal)

    def run(keys: str, *words: str):
        waiting = list(keys)

        def key() -> str:
            if not waiting:
                raise EOFError
            return waiting.pop(0)

        with monkeypatch.context() as patch:
            patch.setattr(click, "getchar", key)
            patch.setattr(claims_review, "sys", streams)
            result = CliRunner().invoke(app, ["--db", str(path), "claims", "review", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    run.path = path  # type: ignore[attr-defined]
    return run


def states(path: Path) -> dict[str, str]:
    with Archive(path) as archive:
        found = archive.claims(states=("automatic", "candidate", "accepted", "rejected"))
        return {one.id: one.facts.state for one in found}


def test_each_is_accepted_rejected_or_left(walk):
    result = walk("arsa")
    assert "2 accepted, 1 rejected, 0 not looked at" in result.stderr
    assert states(walk.path) == {
        "c1": "accepted", "c2": "rejected", "c3": "automatic", "c4": "accepted",
    }  # fmt: skip
    assert debated.SAID[0].text in result.stdout
    assert result.stdout.index("1 of 4") < result.stdout.index("2 of 4")


def test_candidates_come_last_or_not_at_all(walk):
    assert "3 of 3" in walk("ss", "--only-automatic").stdout
    assert "4 of 4" in walk("sss", "r@").stdout


@pytest.mark.parametrize("end", ["q", "\x03", "\x04", "\x1b", ""])
def test_what_was_decided_is_kept_however_it_ends(walk, end):
    result = walk("a" + end + ("rrr" if end else ""))
    assert "1 accepted, 0 rejected, 3 not looked at" in result.stderr
    assert states(walk.path)["c1"] == "accepted"
    assert states(walk.path)["c2"] == "automatic"


def test_steps_are_taken_back(walk):
    result = walk("arukgusq")
    # accept c1, reject c2, take that back, c2 is about a guarantee, take that back, skip c2
    assert "1 accepted, 0 rejected, 2 not looked at" in result.stderr
    assert states(walk.path)["c2"] == "automatic"
    with Archive(walk.path) as archive:
        assert [(row.field, row.value) for row in archive.corrections()] == [("state", "accepted")]


def test_a_step_back_restores_what_was_said_before(walk):
    walk("ka" + "km" + "q")
    with Archive(walk.path) as archive:
        assert [(row.field, row.value) for row in archive.corrections()] == [("kind", "mechanism")]
    walk("kguq")
    with Archive(walk.path) as archive:
        assert [(row.field, row.value) for row in archive.corrections()] == [("kind", "mechanism")]


def test_there_is_nothing_to_take_back(walk):
    assert "there is nothing to take back" in walk("uq").stdout


def test_a_claim_is_mended_in_an_editor(walk, monkeypatch):
    monkeypatch.setattr(
        "click.edit", lambda text, extension: text.replace("gist: ''", "gist: In short.")
    )
    walk("eaq")
    with Archive(walk.path) as archive:
        assert archive.claim("c1").claim.facts.gist == "In short."
        assert archive.claim("c1").claim.facts.state == "accepted"


def test_a_walk_ends_where_nothing_is_left(walk):
    walk("aaaa")
    result = walk("a")
    assert result.exit_code == 1
    assert "no claim that nobody has looked at" in result.stderr


def test_it_needs_a_terminal(tmp_path):
    result = CliRunner().invoke(app, ["--db", str(tmp_path / "no.db"), "claims", "review"])
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr

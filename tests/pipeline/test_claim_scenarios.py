"""What a person says of a scenario of the model: from the words to the reading of the graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.pipeline import debated
from threadkit.cli.app import app
from threadkit.cow.library import UnknownScenario
from threadkit.pipeline import correction_file as files
from threadkit.pipeline.analysis import ARGUMENTS, analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.claim_edits import Edit, EditError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    debated.given_units(monkeypatch)
    found = debated.archive_at(tmp_path)
    analyze(found, only=ARGUMENTS)
    return found


def told(archive: Archive, name: str) -> list[tuple[str, str, str, str, float]]:
    return [tuple(one) for one in archive.claim(name).scenarios]


def test_it_is_kept_survives_reruns_and_is_taken_back(path):
    with Archive(path) as archive:
        assert told(archive, "c1") == []
        archive.correct("c1", Edit(scenario=("s4=refutes", "S1=not modelled"), note="I ran it."))
    analyze(path, only=ARGUMENTS, again=True)
    with Archive(path) as archive:
        assert told(archive, "c1") == [
            ("S1", "not modelled", "I ran it.", "curated", 1.0),
            ("S4", "refutes", "I ran it.", "curated", 1.0),
        ]
        assert archive.unmet_corrections() == {}
        archive.correct("c1", Edit(scenario=("S4=supports", "S1=")))
        assert told(archive, "c1") == [("S4", "supports", "", "curated", 1.0)]
        archive.correct("c1", Edit(scenario=("S4=",)))
        assert (told(archive, "c1"), archive.corrections()) == ([], [])


def test_it_is_said_once_of_a_claim_whichever_place_it_was_said_of(path):
    with Archive(path) as archive:
        archive.correct("c3", Edit(scenario=("S4=tests",)))
        archive.correct("c1", Edit(join=("c3",)))
        assert told(archive, "c1") == [("S4", "tests", "", "curated", 1.0)]
        archive.correct("c1", Edit(scenario=("S4=refutes",)))
        assert told(archive, "c1") == [("S4", "refutes", "", "curated", 1.0)]
        assert [row.field for row in archive.corrections()].count("scenario:S4") == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("S4=proves", "one of: tests, supports, refutes, not modelled"),
        ("S4", "NAME= is needed"),
        ("S4 refutes", "NAME= is needed"),
    ],
)
def test_what_a_scenario_cannot_be_is_said(path, text, why):
    with Archive(path) as archive, pytest.raises(EditError, match=why):
        archive.correct("c1", Edit(scenario=(text,)))


def test_a_scenario_that_is_not_there_is_named_with_those_near_it(path):
    with Archive(path) as archive:
        with pytest.raises(UnknownScenario, match=r"S4bb: no such scenario.*did you mean S4b"):
            archive.correct("c1", Edit(scenario=("S4bb=tests",)))
        assert archive.corrections() == []


def test_a_file_of_it_comes_back(path, tmp_path):
    with Archive(path) as archive:
        archive.correct("c1", Edit(scenario=("S4=refutes", "S1=tests"), note="see there"))
        archive.correct("c2", Edit({"kind": "history"}, scenario=("S4=not modelled",)))
        rows = archive.corrections()
        text = files.written(rows)
        assert "- S4=refutes" in text
        file = tmp_path / "said.yaml"
        file.write_text(text)
        assert archive.read_corrections(file)[0] == [row._replace(origin="file") for row in rows]
        file.write_text("corrections:\n- claim: c1\n  scenario: [S4bb=tests]\n")
        with pytest.raises(EditError, match=r"said.yaml:2: .*did you mean S4b"):
            archive.read_corrections(file)


def test_it_can_be_said_in_an_editor(path):
    with Archive(path) as archive:
        before = files.editable(archive.claim("c1"))
    assert files.edited(before, before + "scenario: [S4=refutes]\n") == Edit(
        scenario=("S4=refutes",)
    )


def test_the_model_is_heard_if_it_is_asked(path):
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["--db", str(path), *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    asked = ("claims", "r@", "--acceptability", "grounded", "--columns", "id,grounded,attackers")
    before = run(*asked)
    run("claims", "edit", "c2", "--scenario", "S4=refutes", "--note", "The child reads it.")
    run("claims", "edit", "c3", "--scenario", "S4=supports")
    run("claims", "edit", "c1", "--scenario", "S1=tests")
    assert run(*asked) == before
    heard = run(*asked, "--with-verdicts")
    rows = dict(line.split("\t", 1) for line in heard.splitlines())
    assert rows["c2"] == "rejected\tmodel:S4"
    assert before.splitlines()[2].split("\t")[:2] == ["c2", "accepted"]
    assert "S1" not in heard
    why = run("claims", "--explain", "c2", "--with-verdicts")
    assert "model" in why
    assert "S4" in why
    shown = run("show", "c2")
    assert "S4: refutes (curated), The child reads it." in shown
    assert "threadkit cow run S4" in shown

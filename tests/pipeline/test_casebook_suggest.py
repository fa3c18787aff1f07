"""Proposals for a casebook: for whom, as YAML, and as comments that change nothing."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tests.casebook import made_up
from threadkit.casebook.load import load
from threadkit.casebook.problems import NoCasebook
from threadkit.errors import NotFound, SourceError
from threadkit.pipeline.casebook_suggest import COLUMNS, suggestions, turns, write_suggestions

OPINION = "Nothing of this matters."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_up.write(tmp_path, claims=(OPINION, "A page that fork shares loses its pin."))


def test_claims_without_a_scenario_are_meant_unless_some_are_named(folder):
    assert [one.claim.id for one in suggestions(folder)] == [3]
    assert [one.claim.id for one in suggestions(folder, (1, 2))] == [1, 2]
    with pytest.raises(NotFound, match="9: no such claim of casebook pins"):
        suggestions(folder, (9,))
    with pytest.raises(NoCasebook):
        suggestions(folder / "gone")


def test_drafts_can_be_asked_for(folder):
    path = folder / "claims" / "01.yaml"
    path.write_text(path.read_text("utf-8").replace("an opinion", "todo"), "utf-8")
    assert suggestions(folder)[0].suggestions


def test_rows_and_json_say_the_same(folder):
    (one,) = suggestions(folder, most=2)
    assert len(one.rows()) == len(one.suggestions) == 2
    told = one.as_json()["suggestions"]
    assert isinstance(told, list)
    assert [dict(zip(COLUMNS, row, strict=True))["scenario"] for row in one.rows()] == [
        each["scenario"] for each in told
    ]


def test_the_yaml_is_a_model_but_for_what_a_person_says(folder):
    (one,) = suggestions(folder, most=2)
    entries = yaml.safe_load("\n".join(one.yaml()))
    assert [entry["scenario"] for entry in entries] == [each.scenario for each in one.suggestions]
    path = folder / "claims" / "01.yaml"
    pasted = "\n".join("  " + line for line in one.yaml())
    text = path.read_text("utf-8").replace("    - {not_modelled: an opinion}", pasted)
    text = text.replace("stance: todo", "stance: depends").replace("why: todo", "why: It turns.")
    path.write_text(text, "utf-8")
    pasted_in = load(folder).claims[2]
    assert [entry.scenario for entry in pasted_in.model] == [entry["scenario"] for entry in entries]
    assert pasted_in.model[0].verdicts == turns(pasted_in.model[0].scenario)


def test_comments_change_nothing_and_come_once(folder):
    before = load(folder)
    some = suggestions(folder)
    many = len(some[0].suggestions)
    assert many
    assert write_suggestions(folder, some) == {"claims/01.yaml": many}
    assert write_suggestions(folder, some) == {}
    assert load(folder) == before
    text = (folder / "claims" / "01.yaml").read_text("utf-8")
    assert text.count("# suggested for claim 3: ") == many


def test_a_file_without_a_last_line_end_gets_one(folder):
    path = folder / "claims" / "01.yaml"
    path.write_text(path.read_text("utf-8").rstrip("\n"), "utf-8")
    before = load(folder)
    write_suggestions(folder, suggestions(folder))
    assert load(folder) == before


def test_a_file_that_cannot_be_written_is_told(folder):
    some = suggestions(folder)
    path = folder / "claims" / "01.yaml"
    path.unlink()
    path.mkdir()
    with pytest.raises(SourceError, match=r"01\.yaml"):
        write_suggestions(folder, some)


def test_verdicts_are_told_where_they_turn():
    from threadkit import cow

    told = turns("S4")
    assert len(told) > 2
    assert all(one[1] != other[1] for one, other in pairwise(told))
    assert dict(told) == {era: cow.scenario("S4").run(era, traces=False).verdict for era, _ in told}

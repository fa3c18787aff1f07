"""Argument maps that come back from another tool: what was changed, and what cannot be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import debated
from threadkit.errors import ThreadkitError
from threadkit.pipeline.analysis import ARGUMENTS, analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.argument_graph import FORMATS, exporter
from threadkit.pipeline.claim_edits import Edit


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    debated.given_units(monkeypatch)
    path = debated.archive_at(tmp_path)
    analyze(path, only=ARGUMENTS)
    with Archive(path) as found:
        yield found


def back(archive: Archive, form: str, *changes: tuple[str, str], removed: bool = False):
    """Export the map, change its text, and read it again."""
    text = "\n".join(exporter(form)(archive.argument_graph("r@"))) + "\n"
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = archive.path.parent / f"map.{form}"
    path.write_text(text)
    rows, notes = archive.read_corrections(path, removed=removed)
    return [(row.target.partition("#")[0], row.field, row.value) for row in rows], notes, rows


@pytest.mark.parametrize("form", ["argdown", "aif", "xaif"])
def test_a_map_that_nobody_changed_corrects_nothing(archive, form):
    assert back(archive, form)[:2] == ([], [])
    assert back(archive, form, removed=True)[0] == []


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_has_the_claims(archive, form):
    text = "\n".join(exporter(form)(archive.argument_graph("r@")))
    assert form == "iccma" or "c1" in text


def test_a_text_becomes_a_gist(archive):
    old = debated.SAID[0].text
    said, notes, rows = back(archive, "argdown", (old, "One lock will do."))
    assert said == [("r@example.org", "gist", "One lock will do.")]
    assert (notes, rows[0].origin) == ([], "argdown")
    archive.keep_corrections(rows)
    assert archive.claim("c1").claim.facts.gist == "One lock will do."
    assert back(archive, "argdown")[0] == []


def test_a_map_that_is_older_than_a_correction_does_not_undo_it_unsaid(archive):
    text = "\n".join(exporter("argdown")(archive.argument_graph("r@"))) + "\n"
    path = archive.path.parent / "old.argdown"
    path.write_text(text)
    archive.correct("c1", Edit({"gist": "One lock will do."}))
    archive.correct("c3", Edit({"kind": "history"}))
    rows, notes = archive.read_corrections(path)
    assert [(row.field, row.value) for row in rows] == [("kind", "guarantee")]
    assert any("words of the mail in the place of a gist" in note for note in notes)
    assert any(note.startswith("c3, kind: says otherwise than ") for note in notes)


def test_kinds_and_relations_are_changed(archive):
    key = archive.claim("c1").claim.facts.key
    said, _, _ = back(archive, "aif", ('"kind": "guarantee"', '"kind": "history"'))
    assert said == [("b@example.org", "kind", "history")]
    said, _, rows = back(archive, "argdown", ('"edges": [{"kind": "attack", "target": "c1", '
                                              '"score": 0.9, "rule": "given"}]', '"edges": []'),
                         ("  - [c2]\n", ""))  # fmt: skip
    assert said == [("a@example.org", f"relation:attack:{key}", "removed")]
    assert rows[0].target == archive.claim("c2").claim.facts.key


def test_what_the_map_lacks_is_left_unless_that_is_asked_for(archive):
    line = next(
        one for one in exporter("argdown")(archive.argument_graph("r@")) if one.startswith("[c3]")
    )
    said, notes, _ = back(archive, "argdown", (line, ""))
    assert said == []
    assert "--removed rejects them (c3)" in notes[0]
    said, notes, _ = back(archive, "argdown", (line, ""), removed=True)
    assert (said, notes) == ([("b@example.org", "state", "rejected")], [])


def test_a_statement_in_no_mail_cannot_be_kept(archive):
    said, notes, _ = back(
        archive, "argdown", ("# Bo Sample\n", "# Bo Sample\n\n[x]: New.\n  - [c1]\n")
    )
    assert said == []
    assert any("in no mail (x)" in note for note in notes)


@pytest.mark.parametrize("form", ["argdown", "aif"])
def test_what_no_database_can_hold_is_refused_by_name(archive, form):
    old = debated.SAID[0].text
    new = ("# Bo Sample\n", '# Bo Sample\n\n[x]: New. {"id": "u:\\ud800"}\n')
    changes = [(old, "\\ud800")] if form == "aif" else [new]
    with pytest.raises(ThreadkitError, match="no text: half of a character"):
        back(archive, form, *changes)


def test_errors_say_where(archive, tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{"nodes": [')
    with pytest.raises(ThreadkitError, match=r"broken\.json: "):
        archive.read_corrections(path)

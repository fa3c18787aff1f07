"""A casebook in a database: reviewed words win over found ones, mail may come first or last."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.pipeline import booked, debated
from threadkit.casebook.applied import NOT_HERE, NOT_READ
from threadkit.casebook.problems import CasebookError, NoCasebook
from threadkit.pipeline import casebook_rows
from threadkit.pipeline.analysis import ARGUMENTS, analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.casebook_findings import loaded_casebooks
from threadkit.pipeline.casebooks import casebook_folder, load_casebook
from threadkit.pipeline.claim_edits import Edit
from threadkit.pipeline.importing import import_mail
from threadkit.store.casebooks import ORIGIN
from threadkit.store.connection import open_read

FEW = ("mapcount_ksm", "refcount_nofork")


@pytest.fixture(autouse=True)
def few_eras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run scenarios under two eras: the model itself is tested elsewhere."""
    from threadkit import cow

    debated.given_units(monkeypatch)
    some = tuple(one for one in cow.all_eras() if one.key in FEW)
    monkeypatch.setattr(cow, "all_eras", lambda: some)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return debated.archive_at(tmp_path)


@pytest.fixture
def folder(path: Path, tmp_path: Path) -> Path:
    with Archive(path) as archive:
        return booked.write(tmp_path / "cache", archive, booked.claims(archive))


def dump(path: Path) -> str:
    """All rows, but for runs: an analysis that finds nothing new is one as well."""
    with closing(open_read(path)) as conn:
        return "\n".join(one for one in conn.iterdump() if ' "run" ' not in one)


def reviewed(path: Path) -> dict[str, tuple[str, str, str]]:
    with Archive(path) as archive:
        return {
            one.text: (one.facts.gist, one.facts.kind, one.facts.status)
            for one in archive.claims(states=("accepted",))
        }


WANTED = {
    booked.LOCK: ("Gist of claim 1.", "guarantee", "upheld"),
    booked.WRONG: ("Gist of claim 2.", "guarantee", "upheld"),
    booked.PERHAPS: ("Gist of claim 3.", "guarantee", "upheld"),
}


def test_reviewed_words_win_over_found_ones(path, folder):
    analyze(path, only=ARGUMENTS)
    assert reviewed(path) == {}
    loaded = load_casebook(path, folder)
    assert (loaded.changed, loaded.met, loaded.left, loaded.scenarios) == (True, 3, (), 1)
    assert reviewed(path) == WANTED
    with Archive(path) as archive:
        assert archive.unmet_corrections() == {}
        (one,) = (c for c in archive.claims(states=("accepted",)) if c.text == booked.LOCK)
        assert one.facts.why == "by hand: it was measured"
        detail = archive.claim(one.id)
        assert [(s.scenario, s.stance, s.why, s.origin) for s in detail.scenarios][:1] == [
            ("S4", "refutes", "The run says so.", "curated")
        ]
        said = {row.field: row for row in archive.corrections() if row.origin == ORIGIN}
        assert (said["gist"].person, said["gist"].utc) == ("Eve Reader", "2024-05-06T00:00:00Z")
        graph = archive.argument_graph(states=("accepted",))
        by_text = {node.text: node.id for node in graph.nodes}
        kinds = {(edge.source, edge.target): edge.kind for edge in graph.edges}
        assert kinds[by_text["Gist of claim 2."], by_text["Gist of claim 1."]] == "undercut"


def test_a_second_load_changes_nothing(path, folder):
    analyze(path, only=ARGUMENTS)
    load_casebook(path, folder)
    before = dump(path)
    again = load_casebook(path, folder)
    assert (again.changed, again.added, again.removed, again.scenarios) == (False, 0, 0, 0)
    assert dump(path) == before


def test_an_archive_loads_it_too(path, folder):
    analyze(path, only=ARGUMENTS)
    with Archive(path) as archive:
        assert len(archive.claims(states=("accepted",))) == 0
        assert repr(archive.load_casebook(folder)) == (
            "<Loaded cache: 3 of 3 claims met in mail that is here>"
        )
        assert len(archive.claims(states=("accepted",))) == 3


def test_mail_may_come_after_the_casebook(path, folder, tmp_path):
    late = tmp_path / "late.db"
    loaded = load_casebook(late, folder)
    assert {one.why for one in loaded.left} >= {NOT_HERE}
    with closing(open_read(late)) as conn:
        facts = conn.execute("SELECT message_id, date_utc, person FROM casebook_message").fetchall()
        assert ("c@example.org", "2024-05-03", "ce") in facts
        assert len(facts) == 5
    import_mail(late, [str(tmp_path / "in.mbox")], workers=0)
    again = load_casebook(late, folder)
    assert {one.why for one in again.left if one.what == "claim"} == {NOT_READ}
    analyze(late, only=ARGUMENTS)
    assert reviewed(late) == WANTED


def test_what_a_person_says_wins_over_the_casebook(path, folder):
    analyze(path, only=ARGUMENTS)
    with Archive(path) as archive:
        (mine,) = (one for one in archive.claims() if one.text == booked.LOCK)
        archive.correct(mine.id, Edit({"gist": "My own words.", "kind": "history"}))
    load_casebook(path, folder)
    assert reviewed(path)[booked.LOCK] == ("My own words.", "history", "upheld")
    with Archive(path) as archive:
        (mine,) = (one for one in archive.claims() if one.text == booked.LOCK)
        archive.correct(mine.id, Edit({"gist": ""}))
    assert reviewed(path)[booked.LOCK][0] == "Gist of claim 1."


def test_what_a_casebook_no_longer_says_is_taken_back(path, folder):
    analyze(path, only=ARGUMENTS)
    load_casebook(path, folder)
    with Archive(path) as archive:
        booked.write(folder, archive, booked.claims(archive)[:2])
    loaded = load_casebook(path, folder)
    assert loaded.changed
    assert loaded.removed
    assert reviewed(path).keys() == {booked.LOCK, booked.WRONG}
    with closing(open_read(path)) as conn:
        assert [one.claims[-1].id for one in loaded_casebooks(conn).values()] == [2]


def test_a_second_reading_of_all_mails_keeps_what_the_casebook_says(path, folder):
    analyze(path, only=ARGUMENTS)
    load_casebook(path, folder)
    analyze(path, only=ARGUMENTS, again=True)
    assert reviewed(path) == WANTED


def test_passages_meet_the_sentences_of_today(path, folder, monkeypatch):
    analyze(path, only=ARGUMENTS)
    load_casebook(path, folder)
    cut = [one for one in debated.SAID if one.text not in (booked.LOCK, booked.RUNS)]
    joined = debated.Said(f"{booked.LOCK}\n{booked.RUNS}", "claim", "mechanism")
    monkeypatch.setattr(debated, "SAID", (joined, *cut))
    analyze(path, only=ARGUMENTS, again=True)
    assert f"{booked.LOCK} {booked.RUNS}" in reviewed(path)
    with Archive(path) as archive:
        assert archive.unmet_corrections() == {}


def test_verdicts_of_the_model_are_kept_beside_what_is_expected(path, folder):
    load_casebook(path, folder)
    with closing(open_read(path)) as conn:
        assert conn.execute(
            "SELECT claim, scenario, era, expected, verdict, agrees FROM casebook_verdict"
        ).fetchall() == [(1, "S4", "refcount_nofork", "Always", "Always", 1)]
        rows = conn.execute("SELECT era, verdict, harms FROM verdict ORDER BY era").fetchall()
        assert rows == [("mapcount_ksm", "Never", "[]"), ("refcount_nofork", "Always", '["wrong"]')]
        assert conn.execute("SELECT name FROM scenario").fetchall() == [("S4",)]


def test_a_scenario_that_changed_is_run_again(path, folder, monkeypatch):
    assert load_casebook(path, folder).scenarios == 1
    from threadkit.pipeline import casebooks

    old = casebook_rows.scenario_row
    monkeypatch.setattr(casebooks, "scenario_row", lambda one: old(one)._replace(sha256="new"))
    seen: list[tuple[int, int]] = []
    assert load_casebook(path, folder, tell=seen.append).scenarios == 1
    assert seen == [(0, 1)]


def test_what_meets_nothing_is_told_by_name(path, folder):
    analyze(path, only=ARGUMENTS)
    with Archive(path) as archive:
        some = booked.claims(archive)
        some[1]["said"] = {**some[1]["said"], "exact": "0" * 64, "loose": "0" * 64}
        booked.write(folder, archive, some)
    loaded = load_casebook(path, folder)
    assert {one.claim: one.what for one in loaded.left} == {2: "undercuts 1", 3: "agrees 2"}
    assert list(loaded.why_left) == sorted(
        loaded.why_left, key=lambda why: (-len(loaded.why_left[why]), why)
    )
    assert loaded.as_json()["left"][0]["claim"] == 2
    assert reviewed(path).keys() == {booked.LOCK, booked.PERHAPS}


def test_a_casebook_that_does_not_hold_together_writes_nothing(path, folder):
    (folder / "people.yaml").write_text("[]", "utf-8")
    before = dump(path)
    with pytest.raises(CasebookError):
        load_casebook(path, folder)
    assert dump(path) == before


def test_names_and_folders(tmp_path):
    assert casebook_folder("cow-2020").is_dir()
    assert casebook_folder(tmp_path) == tmp_path
    for name in ("nobody", "../samples", str(tmp_path / "gone")):
        with pytest.raises(NoCasebook):
            casebook_folder(name)

"""What a person says of claims: how it is understood, and how a file of it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline import debated
from threadkit.errors import NotFound
from threadkit.pipeline import correction_file as files
from threadkit.pipeline.analysis import ARGUMENTS, analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.claim_edits import Author, Edit, EditError, corrections_for
from threadkit.store.debates import CorrectionRow

WHO = Author("Ann Example", "2024-05-01T00:00:00Z", "edit")
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).map(
    str.strip
)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    debated.given_units(monkeypatch)
    path = debated.archive_at(tmp_path)
    analyze(path, only=ARGUMENTS)
    with Archive(path) as found:
        yield found


def said(archive: Archive, name: str, **what: object) -> list[tuple[str, str, str]]:
    rows = corrections_for(archive.connection, name, Edit(**what), WHO)  # type: ignore[arg-type]
    return [(row.target.partition("#")[0], row.field, row.value) for row in rows]


def test_values_are_about_the_first_place(archive):
    assert said(archive, "c1", values={"kind": "guarantee", "gist": ""}) == [
        ("r@example.org", "kind", "guarantee"),
        ("r@example.org", "gist", ""),
    ]


def test_relations_name_both_ends_for_good(archive):
    key = archive.claim("c2").claim.facts.key
    assert said(archive, "c1", relate=(("attack", "c2"), ("support", "patch:r@"))) == [
        ("r@example.org", f"relation:attack:{key}", "added"),
        ("r@example.org", "relation:support:patch:r@example.org", "added"),
    ]
    target = archive.claim("c1").claim.facts.key
    for other in ("c1", "attack c1", target):
        assert said(archive, "c2", unrelate=(other,)) == [
            ("a@example.org", f"relation:attack:{target}", "removed")
        ]
    assert said(archive, "c1", unrelate=("c2",)) == said(archive, "c2", unrelate=("c1",))


def test_joins_name_the_other_claim(archive):
    key = archive.claim("c3").claim.facts.key
    assert said(archive, "c1", join=("c3",)) == [("r@example.org", f"join:{key}", "yes")]
    assert said(archive, "c1", note="well") == [("r@example.org", "note", "well")]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"values": {"kind": "music"}}, "no such kind: music"),
        ({"values": {"state": "candidate"}}, "no such state"),
        ({"values": {"colour": "red"}}, "no such field"),
        ({"join": ("c1",)}, "the same claim already"),
        ({"split": ("2",)}, "only one place"),
        ({"relate": (("hates", "c2"),)}, "no such relation"),
        ({"relate": (("attack", "c1"),)}, "cannot bear on itself"),
        ({"unrelate": ("c3",)}, "are not related"),
        ({"unrelate": ("hates c3",)}, "no such relation"),
    ],
)
def test_what_makes_no_sense_is_refused(archive, what, why):
    with pytest.raises(EditError, match=why):
        said(archive, "c1", **what)


@pytest.mark.parametrize("name", ["c99", "nobody@example.org#0123456789ab"])
def test_there_is_no_such_claim(archive, name):
    with pytest.raises(NotFound):
        said(archive, "c1", join=(name,))


def test_a_file_that_a_person_writes(archive, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "corrections:\n- claim: c1\n  kind: guarantee\n  gist: yes\n  relate: attack c2\n"
        "  note: why\n- claim: C2\n  state: rejected\n  person: Bo\n  utc: 2024-01-01\n"
    )
    rows, _ = archive.read_corrections(path)
    assert [(row.field.partition(":")[0], row.value, row.note) for row in rows] == [
        ("kind", "guarantee", "why"), ("gist", "yes", "why"), ("relation", "added", "why"),
        ("state", "rejected", ""),
    ]  # fmt: skip
    assert (rows[-1].person, rows[-1].utc, rows[0].origin) == ("Bo", "2024-01-01", "file")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("corrections:\n- claim: c1\n  kind: music\n", ":3: kind: no such kind"),
        ("corrections:\n- claim: c1\n  colour: red\n", ":3: colour: no such field"),
        ("corrections:\n- claim: c99\n  kind: history\n", ":2: c99: no such claim"),
        ("corrections:\n- kind: history\n", ":2: it does not say of which claim"),
        ("corrections:\n- claim: c1\n  gist: [a, b]\n", ":3: gist: a text is needed"),
        ("corrections:\n- claim: c1\n  relate: attack\n", ":2: relate: attack: a kind"),
        ("corrections: {a: b}\n", ":1: corrections: a list"),
        ("a: 1\n", ":1: there is no list"),
        ("corrections:\n- c1\n", ":2: fields are needed"),
        ("corrections: [\n", ":2: no YAML"),
        ("a: \x01\n", ": no YAML"),
        ("- " * 5000, "nested too deeply"),
        ("[" * 5000, "nested too deeply"),
        ("corrections:\n- claim: c1\n  gist: a\n  gist: b\n", ":4: gist: given twice"),
        ("corrections:\n- claim: c1\n  target: c2\n", ":3: claim or target: given twice"),
        ("corrections: []\ncorrections: []\n", ":2: corrections: given twice"),
        ("corrections:\n- {? {a: b} : c}\n", ":2: the name of a field is needed"),
        ("? [a]\n: b\n", ":1: the name of a field is needed"),
        ('corrections:\n- claim: c1\n  gist: "\\ud800"\n', ":3: gist: no text: half of"),
        ('corrections:\n- claim: "\\udcff"\n', ":2: claim: no text"),
        ('corrections:\n- claim: c1\n  join: ["\\udcff"]\n', ":3: join: no text"),
        ('corrections:\n- claim: c1\n  person: "\\udcff"\n', ":3: person: no text"),
        ('corrections:\n- claim: c1\n  "\\udcff": x\n', "no such field"),
    ],
)
def test_errors_name_the_file_the_line_and_the_field(archive, tmp_path, text, error):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(EditError) as caught:
        archive.read_corrections(path)
    assert error in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "# nothing\n", "corrections:\n", "corrections: []\n"])
def test_a_file_may_be_empty(archive, tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    assert archive.read_corrections(path) == ([], [])


def test_a_file_that_is_no_text(archive, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(EditError, match="no UTF-8 at byte 0"):
        archive.read_corrections(path)


KEY = st.from_regex(r"[ab]@example\.org#0123456789[0-9a-f]{2}", fullmatch=True)
FIELD = st.one_of(
    st.tuples(st.just("kind"), st.sampled_from(["history", "opinion"])),
    st.tuples(st.just("state"), st.sampled_from(["accepted", "rejected"])),
    st.tuples(st.sampled_from(["gist", "holder", "note"]), TEXT.filter(bool)),
    st.tuples(st.just("split"), st.just("yes")),
    st.tuples(KEY.map("join:{}".format), st.just("yes")),
    st.tuples(KEY.map("relation:attack:{}".format), st.sampled_from(["added", "removed"])),
)


@given(
    st.lists(
        st.tuples(KEY, FIELD, st.sampled_from(["", "a note: #1"]), st.sampled_from(["Ann", "0x1"])),
        max_size=8,
        unique_by=lambda one: (one[0], one[1][0]),
    )
)
def test_what_is_written_is_read_again(some):
    rows = [
        CorrectionRow(key, field, value, note if field != "note" else "", person,
                      "2024-05-01T00:00:00Z", "edit")
        for key, (field, value), note, person in some
    ]  # fmt: skip
    read = []
    for entry in files._entries(files._composed(files.written(rows), "f"), "f"):
        edit = files._edit(entry)
        read += [(entry.name, field, value, edit.note) for field, value in edit.values.items()]
        read += [(entry.name, f"join:{key}", "yes", edit.note) for key in edit.join]
        read += [(entry.name, "split", "yes", edit.note) for _ in edit.split]
        read += [
            (entry.name, f"relation:{kind}:{key}", "added", edit.note) for kind, key in edit.relate
        ]
        read += [
            (entry.name, "relation:" + each.replace(" ", ":", 1), "removed", edit.note)
            for each in edit.unrelate
        ]
        if edit.note and not (
            edit.values or edit.join or edit.split or edit.relate or edit.unrelate
        ):
            read.append((entry.name, "note", edit.note, ""))
    assert sorted(read) == sorted((r.target, r.field, r.value, r.note) for r in rows)


def test_an_editor_changes_what_was_changed(archive):
    before = files.editable(archive.claim("c1"))
    assert files.edited(before, before) == Edit()
    assert files.edited(before, "") == Edit({name: "" for name in ("state", "kind", "status")})
    after = before.replace("kind: mechanism", "kind: guarantee").replace("note: ''", "note: so")
    after += "join: [c2]\n"
    assert files.edited(before, after) == Edit({"kind": "guarantee"}, ("c2",), note="so")
    with pytest.raises(EditError, match="no such kind"):
        files.edited(before, before.replace("kind: mechanism", "kind: music"))
    with pytest.raises(EditError, match=r"edited:.*no such field"):
        files.edited(before, before + "colour: red\n")


def test_half_a_character_is_no_text(archive):
    for what in ({"values": {"gist": "\ud800"}}, {"note": "\udcff"}):
        with pytest.raises(EditError, match="no text: half of a character, U"):
            said(archive, "c1", **what)


def test_a_user_with_a_name_in_other_bytes(monkeypatch):
    monkeypatch.setenv("THREADKIT_PERSON", "J\udcfcrgen")
    Author.now("edit").person.encode("utf-8")


def rows_of(archive: Archive) -> list[tuple[str, ...]]:
    return sorted(row[:3] for row in archive.corrections())


def test_a_file_is_read_back_where_it_was_written(archive, tmp_path):
    archive.correct("c1", Edit(relate=(("support", "c3"),), note="then two claims"))
    archive.correct("c3", Edit({"gist": "The lock stays."}, join=("c1",)))
    archive.correct("c2", Edit(unrelate=("c1",)))
    before, found = rows_of(archive), claims_of(archive)
    path = tmp_path / "mine.yaml"
    path.write_text(files.written(archive.corrections()))
    rows, notes = archive.read_corrections(path)
    assert sorted(row[:3] for row in rows) == before
    assert notes == []
    archive.keep_corrections(rows)
    assert (rows_of(archive), claims_of(archive)) == (before, found)


def claims_of(archive: Archive) -> list[tuple[object, ...]]:
    return archive.connection.execute(
        "SELECT c.key, c.gist, c.state, s.message, s.unit FROM claim c"
        " JOIN claim_span s ON s.claim = c.id ORDER BY s.message, s.unit"
    ).fetchall()


def test_a_file_says_the_same_in_a_database_that_nobody_corrected(archive, tmp_path):
    archive.correct("c1", Edit(relate=(("support", "c3"),)))
    archive.correct("c3", Edit(join=("c1",)))
    path = tmp_path / "mine.yaml"
    path.write_text(files.written(archive.corrections()))
    wanted, found = rows_of(archive), claims_of(archive)
    archive.keep_corrections([row._replace(value="") for row in archive.corrections()])
    assert claims_of(archive) != found
    rows, _ = archive.read_corrections(path)
    archive.keep_corrections(rows)
    assert (rows_of(archive), claims_of(archive)) == (wanted, found)


def test_a_file_may_be_about_mails_that_are_not_here_yet(archive, tmp_path):
    gone, other = "gone@example.org#0123456789ab", "late@example.org#0123456789ab"
    path = tmp_path / "mine.yaml"
    path.write_text(files.written([
        CorrectionRow(gone, f"join:{other}", "yes", "", "Ann", "", "edit"),
        CorrectionRow(gone, f"relation:attack:{other}", "removed", "", "Ann", "", "edit"),
        CorrectionRow(gone, "relation:attack:patch:late@example.org", "added", "", "Ann", "", "edit"),
    ]))  # fmt: skip
    rows, _ = archive.read_corrections(path)
    assert [row.field for row in rows] == [
        f"join:{other}", "relation:attack:patch:late@example.org", f"relation:attack:{other}"
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["join", "relate"])
def test_nothing_is_about_itself(archive, tmp_path, field):
    key = archive.claim("c1").claim.facts.key
    path = tmp_path / "mine.yaml"
    path.write_text(f"corrections:\n- target: {key}\n  {field}: "
                    + (f"attack {key}\n" if field == "relate" else f"{key}\n"))  # fmt: skip
    with pytest.raises(EditError, match=r"the same claim already|cannot bear on itself"):
        archive.read_corrections(path)


def test_a_split_by_its_lasting_name_takes_back_the_join_that_brought_it(archive, tmp_path):
    key, other = (archive.claim(name).claim.facts.key for name in ("c1", "c3"))
    archive.correct("c1", Edit(join=("c3",)))
    path = tmp_path / "mine.yaml"
    path.write_text(files.written([CorrectionRow(other, "split", "yes", "", "Ann", "", "edit")]))
    rows, _ = archive.read_corrections(path)
    archive.keep_corrections(rows)
    assert rows_of(archive) == [(other, "split", "yes")]
    assert {archive.claim(name).claim.facts.key for name in ("c1", "c3")} == {key, other}


def test_a_file_of_splits_is_about_its_own_places(archive, tmp_path):
    key = archive.claim("c1").claim.facts.key
    path = tmp_path / "mine.yaml"
    path.write_text(files.written([CorrectionRow(key, "split", "yes", "", "Ann", "", "edit")]))
    rows, _ = archive.read_corrections(path)
    assert [(row.target, row.field, row.value) for row in rows] == [(key, "split", "yes")]

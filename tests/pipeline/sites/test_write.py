"""What is in the folder of a site, and what is not."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from threadkit.pipeline.archive import Archive, open
from threadkit.site.check import check
from threadkit.site.writer import SiteError


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_link_of_a_site_resolves(sampled: Archive, told: Archive, tmp_path: Path) -> None:
    for number, archive in enumerate((sampled, told)):
        built = archive.site("sample").build(tmp_path / str(number))
        assert list(map(str, check(built.out, built.files))) == []


def test_a_site_with_automatic_findings_resolves_too(debate: Archive, tmp_path: Path) -> None:
    view = debate.site("r@example.org", candidates=True, hide_addresses=True)
    built = view.build(tmp_path / "out")
    assert list(map(str, check(built.out, built.files))) == []


def test_the_same_database_gives_the_same_bytes(sampled: Archive, tmp_path: Path) -> None:
    first = sampled.site("sample").build(tmp_path / "one")
    sampled.close()
    with open(sampled.path) as again:
        second = again.site("sample").build(tmp_path / "two")
    assert contents(first.out) == contents(second.out)
    assert first.files == second.files


def test_a_second_build_leaves_nothing_of_the_first(sampled: Archive, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = sampled.site("sample").build(out)
    after = sampled.site("wake-1@example.org").build(out)
    assert set(contents(out)) == {*after.files, ".threadkit-site.json"}
    assert "m/bo-1@example.org.html" in before.files
    assert not (out / "m/bo-1@example.org.html").exists()


def test_the_copy_of_the_database_is_whole_and_names_no_folder(
    sampled: Archive, tmp_path: Path
) -> None:
    built = sampled.site("sample").build(tmp_path / "out")
    copy = built.out / "threadkit.db"
    assert str(tmp_path).encode() not in copy.read_bytes()
    copy.chmod(0o444)
    with open(copy) as archive:
        assert archive.verify() == []
        assert archive.stats().mails == sampled.stats().mails
    assert list(built.out.glob("threadkit.db-*")) == []


def test_a_database_with_other_mail_is_not_copied(debate: Archive, tmp_path: Path) -> None:
    built = debate.site("r@example.org").build(tmp_path / "out")
    assert "threadkit.db" not in built.files
    assert any("holds another conversation" in line for line in built.left_out)
    assert "threadkit.db" not in (built.out / "about.html").read_text()


def test_hidden_addresses_are_nowhere(sampled: Archive, tmp_path: Path) -> None:
    view = sampled.site("sample", hide_addresses=True)
    built = view.build(tmp_path / "out")
    with sqlite3.connect(sampled.path) as conn:
        emails = [email.encode() for (email,) in conn.execute("SELECT email FROM address")]
    conn.close()
    assert len(emails) > 3
    names = {one.message_id.encode() for one in view.site.mails}
    for path, data in contents(built.out).items():
        found = [one for one in emails if one in data and one not in names]
        assert found == [], path
    assert any("addresses" in line for line in built.left_out)


def test_what_is_left_out_is_said(told: Archive, tmp_path: Path) -> None:
    built = told.site().build(tmp_path / "out")
    assert any(line.startswith("the text of 23 of 23 messages") for line in built.left_out)
    assert built.as_json()["pages"] == built.pages > 10
    page = (built.out / "c" / "1.html").read_text()
    assert "threadkit fetch" in page


def test_no_words_of_mails_are_in_the_data(sampled: Archive, tmp_path: Path) -> None:
    view = sampled.site("sample")
    built = view.build(tmp_path / "out")
    data = (built.out / "data.json").read_text()
    for claim in view.site.claims:
        for place in claim.places:
            assert json.dumps(place.text)[1:-1] not in data
    assert json.loads(data)["format_version"] == 1


def test_a_folder_of_other_things_is_refused(sampled: Archive, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    with pytest.raises(SiteError, match="not empty"):
        sampled.site("sample").build(tmp_path / "out")
    assert contents(tmp_path / "out") == {"mine.txt": b"keep"}


def test_progress_is_told(sampled: Archive, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    built = sampled.site("sample", database=False).build(tmp_path / "out", tell=told.append)
    assert [path for path, _ in told] == list(built.files)
    assert [number for _, number in told] == list(range(1, len(built.files) + 1))

"""What is in the folder of a site, and what is not."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from threadkit.pipeline.archive import Archive, open
from threadkit.pipeline.samples import samples
from threadkit.pipeline.sites.write import Built, SiteView
from threadkit.site.check import check
from threadkit.site.writer import SiteError


@dataclass(frozen=True)
class Written:
    """A site that was built once, from a database that stays as it was."""

    view: SiteView
    built: Built
    told: list[tuple[str, int]]


@pytest.fixture(scope="module")
def written(_sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder = tmp_path_factory.mktemp("written")
    told: list[tuple[str, int]] = []
    with open(shutil.copy(_sampled, folder)) as archive:
        view = archive.site("sample")
        yield Written(view, view.build(folder / "out", tell=told.append), told)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_link_of_a_site_resolves(written: Written) -> None:
    assert list(map(str, check(written.built.out, written.built.files))) == []


def test_a_site_with_automatic_findings_resolves_too(debate: Archive, tmp_path: Path) -> None:
    view = debate.site("r@example.org", candidates=True, hide_addresses=True)
    built = view.build(tmp_path / "out")
    assert list(map(str, check(built.out, built.files))) == []


def test_the_same_database_gives_the_same_bytes(written: Written, tmp_path: Path) -> None:
    with open(written.view.archive.path) as again:
        second = again.site("sample").build(tmp_path / "two")
    assert contents(written.built.out) == contents(second.out)
    assert written.built.files == second.files


def test_a_second_build_leaves_nothing_of_the_first(written: Written, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(written.built.out, out)
    after = written.view.archive.site("wake-1@example.org").build(out)
    assert set(contents(out)) == {*after.files, ".threadkit-site.json"}
    assert "m/bo-1@example.org.html" in written.built.files
    assert not (out / "m/bo-1@example.org.html").exists()


def test_the_copy_of_the_database_is_whole_and_names_no_folder(written: Written) -> None:
    copy = written.built.out / "threadkit.db"
    data = copy.read_bytes()
    assert str(written.built.out.parent).encode() not in data
    assert str(samples().parent).encode() not in data
    with open(copy) as archive:
        assert archive.verify() == []
        assert archive.stats().mails == written.view.archive.stats().mails
    assert list(written.built.out.glob("threadkit.db-*")) == []


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
    assert list(map(str, check(built.out, built.files))) == []
    assert built.as_json()["pages"] == built.pages > 10
    page = (built.out / "c" / "1.html").read_text()
    assert "threadkit fetch" in page


def test_no_words_of_mails_are_in_the_data(written: Written) -> None:
    data = (written.built.out / "data.json").read_text()
    for claim in written.view.site.claims:
        for place in claim.places:
            assert json.dumps(place.text)[1:-1] not in data
    assert json.loads(data)["format_version"] == 1


def test_a_folder_of_other_things_is_refused(sampled: Archive, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    with pytest.raises(SiteError, match="not empty"):
        sampled.site("sample").build(tmp_path / "out")
    assert contents(tmp_path / "out") == {"mine.txt": b"keep"}


def test_progress_is_told(written: Written) -> None:
    pages = [path for path in written.built.files if path != "threadkit.db"]
    assert [path for path, _ in written.told] == pages
    assert [number for _, number in written.told] == list(range(1, len(pages) + 1))


def test_the_database_can_be_left_out(sampled: Archive, tmp_path: Path) -> None:
    built = sampled.site("wake-1@example.org", database=False).build(tmp_path / "out")
    assert "the database: not asked for" in built.left_out
    assert "threadkit.db" not in contents(built.out)

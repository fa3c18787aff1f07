"""The demo: what a stranger sees first, whether it is true, and whether what it proposes works."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

import threadkit as tk
from tests.cli.test_terminal import PROGRAM, environment
from threadkit.cli.app import app
from threadkit.cli.console import Console
from threadkit.cli.demo import CASEBOOKS, _finding, _pages
from threadkit.pipeline.sites.write import Built
from threadkit.site.check import check
from threadkit.site.highlights import highlights
from threadkit.site.maps import NO_PLACER

OTHER = (
    b"From: Ann Other <ann@other.example>\nSubject: Something else\nMessage-ID: <x@other.example>\n"
    b"Date: Mon, 06 Jan 2020 09:00:00 +0000\n\nUnrelated.\n"
)


class Shown(NamedTuple):
    """What was printed, and where it ran."""

    text: str
    folder: Path

    @property
    def flat(self) -> str:
        return " ".join(self.text.split())

    @property
    def commands(self) -> list[list[str]]:
        """What it proposes, without the program's name."""
        lines = re.findall(r"^ +\$ (.*)$", self.text, re.MULTILINE)
        return [shlex.split(line)[len(PROGRAM) :] for line in lines]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [*PROGRAM, "demo"], cwd=folder, env=environment(), capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return Shown(done.stdout, folder)


@pytest.fixture(scope="module")
def archive(shown: Shown) -> tk.Archive:
    with tk.open(shown.folder / "threadkit.db") as found:
        yield found


def test_it_says_what_it_loaded_and_that_the_model_agrees(shown: Shown) -> None:
    book = tk.open_casebook()
    facts = f"cow-2020: {len(book.claims)} claims, {len(book.people)} people, "
    assert shown.text.startswith("threadkit.db: 61 sample mails read, 60 stored, 1 more as a copy.")
    assert facts in shown.flat
    found = book.check()
    assert found.ok
    assert f"answer as the casebook says: claims {found.summary().partition(';')[0]}." in shown.flat


def test_five_findings_are_told_from_the_data(shown: Shown, archive: tk.Archive) -> None:
    found = highlights(archive.site("cow-2020").site)
    assert len(found) == 5
    for number, one in enumerate(found, 1):
        assert f"\n{number}. {one.title}\n" in shown.text
        for line in one.lines:
            assert " ".join(line.split()) in shown.flat
        assert all(list(words) in shown.commands for words in one.commands)


def test_the_warning_is_the_one_that_the_debate_is_known_for(shown: Shown) -> None:
    assert "1. A warning came true 13 days later\n   1 Sep 2020, Hugh Dickins: " in shown.text
    assert "14 Sep 2020, Jason Gunthorpe: an RDMA test loses" in shown.flat


def test_the_readme_shows_what_it_prints(shown: Shown) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    told = shown.text.partition("All of it as web pages")[0].rstrip().splitlines()
    block = readme.partition("$ make demo\n")[2].partition("\n...\n```")[0].splitlines()
    assert len(told) > 30
    assert [line for line in told if "$ " not in line] == [
        line for line in block if "$ " not in line
    ]


def test_its_commands_work(shown: Shown) -> None:
    proposed = [words for words in shown.commands if words[0] in ("casebook", "cow")]
    assert len(proposed) >= 5
    for words in proposed:
        done = CliRunner().invoke(app, ["--db", str(shown.folder / "threadkit.db"), *words])
        assert done.exit_code == 0, done.output
        assert done.stdout
    rest = [words for words in shown.commands if words not in proposed]
    assert ["demo", "--tour"] in rest
    assert ["site", "serve", "site"] in rest
    assert ["fetch", tk.open_casebook().facts.thread] in rest
    for words in rest:
        done = CliRunner().invoke(app, [*words[: 2 if words[0] == "site" else 1], "--help"])
        assert done.exit_code == 0


def test_both_sites_are_whole_and_one_page_leads_to_them(shown: Shown) -> None:
    site = shown.folder / "site"
    index = (site / "index.html").read_text(encoding="utf-8")
    assert "open site/index.html" in shown.text
    assert (site / "style.css").is_file()
    for name in CASEBOOKS:
        assert f'href="{name}/index.html"' in index
        files = {
            path.relative_to(site / name).as_posix(): path.stat().st_size
            for path in (site / name).rglob("*")
            if path.is_file()
        }
        assert not list(check(site / name, files))
        pages = sum(path.endswith(".html") for path in files)
        assert f"site/{name}: {pages} pages" in shown.flat


@pytest.mark.parametrize("room", [50, 80])
def test_findings_fit_the_terminal(archive: tk.Archive, room: int) -> None:
    for one in highlights(archive.site("cow-2020").site):
        lines = list(_finding(Console(), 1, one, ["threadkit"], room))
        told = [line for line in lines if not line.startswith("   $ ")]
        assert max(map(len, told)) <= room
        assert all(line[:3] == "   " for line in told if not line.startswith("1. "))


def test_what_pages_lack_is_said_such_as_maps_without_graphviz() -> None:
    out = Path("site")
    built = Built(out / "a", "a", "A", {"index.html": 1_500_000, "map-a.svg": 1}, (NO_PLACER,))
    lines = list(_pages(Console(), [built], out, 50))
    assert "   site/a: 1 page, 1.5 MB" in lines
    assert f"left out: {NO_PLACER}" in " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= 50


def test_eighty_columns_where_nothing_is_known(shown: Shown) -> None:
    lines = [line for line in shown.text.splitlines() if not line.startswith("   $ ")]
    assert max(map(len, lines)) <= 80


def test_again_it_adds_nothing_and_keeps_other_mail(shown: Shown, tmp_path: Path) -> None:
    db = tmp_path / "threadkit.db"
    db.write_bytes((shown.folder / "threadkit.db").read_bytes())
    mail = tmp_path / "other.eml"
    mail.write_bytes(OTHER)
    tk.import_mail(db, [str(mail)])
    done = CliRunner().invoke(app, ["--db", str(db), "demo", "--site", str(tmp_path / "pages")])
    assert done.exit_code == 0, done.output
    again = " ".join(done.stdout.split())
    assert "0 stored, 61 were here before; the other mail in this database (1) is left" in again
    assert "Unrelated" not in again
    assert (tmp_path / "pages" / "index.html").is_file()
    with tk.open(db) as archive:
        assert archive.message("x@other.example").raw == OTHER


def test_a_folder_of_something_else_is_left_alone(shown: Shown, tmp_path: Path) -> None:
    db, site = tmp_path / "threadkit.db", tmp_path / "site"
    db.write_bytes((shown.folder / "threadkit.db").read_bytes())
    site.mkdir()
    (site / "mine.txt").write_text("keep\n")
    done = CliRunner().invoke(app, ["--db", str(db), "demo", "--site", str(site)])
    assert done.exit_code == 1
    assert "is not empty, and no site that threadkit built" in done.stderr
    assert "5. " in done.stdout  # the findings are told all the same
    assert [path.name for path in site.iterdir()] == ["mine.txt"]

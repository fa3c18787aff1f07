"""``threadkit site``."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from threadkit.cli.app import app
from threadkit.site.values import Page
from threadkit.site.writer import writing

Run = Callable[..., Result]


def test_a_conversation_is_written_and_checked(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("site", "build", str(out), "root@example.org", "--check")
    assert done.exit_code == 0, done.output
    first, second, *rest = done.stdout.splitlines()
    assert first == f"{out}: [PATCH 0/1] mm: count pages"
    assert re.fullmatch(r"\d+ pages, \d+ files, [\d,]+ bytes", second)
    assert rest[-1] == "checked: 0 problems"
    assert any(line.startswith("left out: the database:") for line in rest)
    assert any(line.startswith("left out: claims: nobody reviewed any") for line in rest)
    assert (out / "index.html").is_file()
    assert "side@example.org" in {path.stem for path in (out / "m").iterdir()}


def test_what_was_written_is_one_object(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("site", "build", str(out), "root@example.org", "--json", "--check")
    said = json.loads(done.stdout)
    assert said["format_version"]
    assert said["problems"] == []
    files = [path for path in out.rglob("*") if path.is_file() and path.name[0] != "."]
    assert said["files"] == len(files)
    assert said["bytes"] == sum(path.stat().st_size for path in files)
    assert said["pages"] == sum(path.suffix == ".html" for path in files)
    assert (out / said["largest_page"]).stat().st_size == said["largest_page_bytes"]


def test_problems_are_told_and_end_with_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadkit.site.check.PAGE_MOST", 100)
    done = run("site", "build", str(tmp_path / "out"), "root@example.org", "--check")
    assert done.exit_code == 1
    assert "about.html:1: " in done.stdout
    assert done.stdout.splitlines()[-1].startswith("checked: ")


def test_without_a_name_the_conversations_are_listed(run: Run, tmp_path: Path) -> None:
    done = run("site", "build", str(tmp_path / "out"))
    assert done.exit_code == 3
    assert "root@example.org" in done.stderr
    assert "other@example.org" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    assert run("site", "build", str(tmp_path / "out"), "nobody@example.org").exit_code == 3
    assert run("site", "build").exit_code == 2
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    done = run("site", "build", str(tmp_path / "full"), "root@example.org")
    assert done.exit_code == 1
    assert "no site that threadkit built" in done.stderr


def test_addresses_are_hidden(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("site", "build", str(out), "root@example.org", "--hide-addresses").exit_code == 0
    for path in out.rglob("*"):
        if path.is_file():
            assert b"ann@example.org" not in path.read_bytes(), path


def test_a_casebook_makes_a_site_without_any_mail(tmp_path: Path) -> None:
    database, out = str(tmp_path / "c.db"), tmp_path / "out"
    runner = CliRunner()
    loaded = runner.invoke(app, ["--db", database, "casebook", "load", "sample"])
    assert loaded.exit_code == 0, loaded.output
    done = runner.invoke(app, ["--db", database, "site", "build", str(out), "--check"])
    assert done.exit_code == 0, done.output
    assert "left out: the text of 23 of 23 messages: it is not here" in done.stdout
    assert (out / "threadkit.db").is_file()


def test_serving_ends_cleanly(tmp_path: Path) -> None:
    with writing(tmp_path / "site") as writer:
        writer.write(Page("index.html", "<p>front"))
    command = [sys.executable, "-m", "threadkit", "site", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, str(tmp_path / "site")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/index\.html", url)
        connection = HTTPConnection(url.removeprefix("http://").partition("/")[0])
        connection.request("GET", "/index.html")
        assert connection.getresponse().read() == b"<p>front"
        connection.close()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert "stopped" in errors
    assert "Traceback" not in errors


def test_serving_something_else_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["site", "serve", str(tmp_path)])
    assert done.exit_code == 1
    assert "holds no site" in done.stderr

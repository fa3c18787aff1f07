"""The tour of the sample mail: what it tells, and whether what it proposes works."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import threadkit as tk
from tests.cli.test_terminal import environment, on_terminal
from threadkit.analyze.quotes import METHODS
from threadkit.cli import demo_tour
from threadkit.cli.app import app
from threadkit.errors import SourceError
from threadkit.mail.defects import DEFECT_KINDS
from threadkit.pipeline.samples import sample_threads

BIN = Path(sys.executable).parent
OTHER = (
    b"From: Ann Other <ann@other.example>\nSubject: Something else\nMessage-ID: <x@other.example>\n"
    b"Date: Mon, 06 Jan 2020 09:00:00 +0000\n\nUnrelated.\n"
)


def demo(*args: str) -> str:
    done = CliRunner().invoke(app, [*args, "demo", "--tour"])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    return demo("--db", str(tmp_path_factory.mktemp("demo") / "threadkit.db"))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_everything_in_the_samples_is_told(shown: str, tmp_path: Path) -> None:
    with tk.open(tmp_path / "t.db", create=True) as archive:
        archive.import_mail(tk.samples())
        threads = sample_threads(archive)
        mails = [mail for thread in threads for mail in thread.messages]
        told = flat(shown)
        for mail in mails:
            if mail in threads[0].messages:
                assert mail.shown_utc[:10] in told
            for copy in mail.copies if len(mail.copies) > 1 else ():
                assert copy.list_id in told
            for quote in mail.quotes:
                assert flat(METHODS[quote.method]) in told
            for trailer in mail.trailers:
                assert (f"{trailer.name} {trailer.value}" in told) >= trailer.followup
            for defect in mail.defects:
                assert flat(f"{defect.kind} {DEFECT_KINDS.get(defect.kind, defect.detail)}") in told
        for thread in threads:
            assert all(f"<{ghost.message_id}> is answered by" in told for ghost in thread.ghosts)
        assert len(mails) == archive.stats().mails


@pytest.mark.parametrize(
    "said",
    [
        "61 sample mails read, 60 stored, 1 more as a copy.",
        "Ada Example is ada.example@home.example.org and ada@example.org: same uncommon full name",
        "<bo-1@example.org> came through pool.example.org and other.lists.example.org",
        '<bo-1@example.org> also stands on another mail, "Holidays" by Di Instance',
        "Di Instance's mail of 2025-03-04 10:00 names no parent",
        "loop <loop-a@example.org>",
        "Cy Specimen quotes, at 41 to 115 of <cy-1@example.org>:",
        "what Ada Example wrote, at 560 to 632 of <ada-1@example.org>:",
        "and answers: | I did, two weeks ago.",
        "Bo Sample warned, at 240 to 250 of <bo-v3@example.org>:",
        "which came true 42 days later:",
        "becomes <v3-1@example.org> by Link, 1.00",
        "fixed by b5701ea4443d",
        "I think waking one waiter only is not safe",
        "Did you test this with readers that get signals? Finn Fixture, 2025-07-01, under the"
        " quotation",
        "no direct reply Cy Specimen 2025-07-01 How many buffers",
        "applied Di Instance 2025-07-04",
    ],
)
def test_the_findings_in_plain_words(shown: str, said: str) -> None:
    assert said in flat(shown)


def test_the_example_shows_the_words_of_both_mails(shown: str, tmp_path: Path) -> None:
    passages = [line.strip()[2:] for line in shown.split("\n") if line.startswith("    | ")]
    with tk.open(tmp_path / "t.db", create=True) as archive:
        archive.import_mail(tk.samples())
        quoting, source = archive.message("cy-1@").body, archive.message("ada-1@").body
    assert "\n".join(passages[:2]) in quoting
    assert passages[2] in source
    assert passages[3] in quoting


def test_again_it_adds_nothing_and_says_so(tmp_path: Path) -> None:
    db = tmp_path / "threadkit.db"
    first, second = demo("--db", str(db)), demo("--db", str(db))
    assert "0 stored, 61 were here before" in flat(second)
    assert first.split("\n\n")[1:] == second.split("\n\n")[1:]


def test_other_mail_is_kept_and_left_out(tmp_path: Path, shown: str) -> None:
    db, mail = tmp_path / "threadkit.db", tmp_path / "other.eml"
    mail.write_bytes(OTHER)
    tk.import_mail(db, [str(mail)])
    told = demo("--db", str(db))
    assert "the other mail in this database (1) is left alone" in flat(told)
    assert "Unrelated" not in told
    assert "who had said so" in shown
    assert "What broke, and who had said so" not in told  # all mail would have to be analyzed
    assert told.split("\n\n")[1:3] == shown.split("\n\n")[1:3]
    with tk.open(db) as archive:
        assert archive.message("x@other.example").raw == OTHER
        assert len(archive.thread("bo-1@example.org")) == 20


def test_lines_fit_eighty_columns(tmp_path: Path) -> None:
    seen, code = on_terminal("--color", "never", "--db", str(tmp_path / "t.db"), "demo", "--tour")
    assert code == 0
    story = seen.partition("Try next")[0].splitlines()
    assert len(story) > 60
    assert max(map(len, story)) <= 80


@pytest.mark.parametrize("columns", [40, 120])
def test_narrow_and_wide_terminals(tmp_path: Path, columns: int) -> None:
    seen, code = on_terminal(
        "--color", "never", "--db", str(tmp_path / "t.db"), "demo", "--tour", columns=columns
    )
    lines = seen.partition("Try next")[0].splitlines()
    assert code == 0
    assert columns - 10 < max(map(len, lines)) <= columns


def test_the_end_of_a_pipe_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{shlex.quote(str(BIN / 'threadkit'))} demo --tour | head -n 1",
        shell=True, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("threadkit.db: 61 sample mails")
    assert done.stderr == ""


def proposed(shown: str) -> list[str]:
    tail = shown.partition("Try next\n")[2].splitlines()
    return [line.strip() for line in tail if line.strip() and not line.startswith("  #")]


def start(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    env = environment(PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    return subprocess.run(
        command, shell=True, cwd=folder, env=env, capture_output=True, encoding="utf-8"
    )


@pytest.mark.parametrize(
    "begin",
    ["threadkit", str(BIN / "threadkit"), f"{sys.executable} -m threadkit",
     "threadkit --db 'my mail.db'", "THREADKIT_DB=other.db threadkit"],
)  # fmt: skip
def test_what_it_proposes_works_verbatim(tmp_path: Path, begin: str) -> None:
    done = start(tmp_path, f"{begin} demo --tour")
    assert done.returncode == 0, done.stderr
    *commands, own = proposed(done.stdout)
    assert own.endswith("import PATH...")
    assert len(commands) == len(demo_tour.TRIES)
    env = "THREADKIT_DB=other.db " if begin.startswith("THREADKIT") else ""
    # One shell for all: each has to print something and end with 0.
    whole = "\n".join(f"out=$({env}{one}) && test -n \"$out\" || echo 'fails: {n}'"
                      for n, one in enumerate(commands))  # fmt: skip
    ran = start(tmp_path, whole)
    assert ran.stdout == "", commands
    assert all(line.startswith("threadkit: ") for line in ran.stderr.splitlines()), ran.stderr
    program = commands[0].partition(" show")[0]
    assert all(command.startswith(program) for command in commands)


def test_a_clone_names_the_program_by_its_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / ".venv" / "bin" / "threadkit"
    program.parent.mkdir(parents=True)
    program.write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(program), "demo", "--tour"])
    assert proposed(demo())[0].startswith(".venv/bin/threadkit show ")
    monkeypatch.setattr(sys, "argv", [".venv/bin/threadkit", "demo", "--tour"])
    assert proposed(demo())[0].startswith(".venv/bin/threadkit show ")


def test_a_terminal_without_line_characters_gets_ascii(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "threadkit", "--db", str(tmp_path / "t.db"), "demo", "--tour"],
        env=environment(PYTHONIOENCODING="ascii", PYTHONUTF8="0"), capture_output=True, check=True,
    )  # fmt: skip
    tree = done.stdout.split(b"\n\n")[1]
    assert b"[not found] +-" in tree
    assert tree.split(b"Grue")[0].split(b"9:30")[0].isascii()


def test_an_installation_without_its_data_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadkit.pipeline.shipped.files", lambda name: tmp_path / name)
    with pytest.raises(SourceError, match="data that comes with threadkit is missing"):
        tk.samples()
    done = CliRunner().invoke(app, ["--db", str(tmp_path / "t.db"), "demo"])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "t.db").exists()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "threadkit.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    done = CliRunner(catch_exceptions=False).invoke(app, ["--db", str(path), "demo", "--tour"])
    assert done.exit_code == 1
    assert "sample" not in done.stdout
    assert path.read_bytes() == before

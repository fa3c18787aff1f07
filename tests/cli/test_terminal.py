"""Real processes: pagers, colours, closed pipes, Ctrl-C."""

from __future__ import annotations

import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl
from pathlib import Path

import pytest

import threadkit as tk

PROGRAM = [sys.executable, "-m", "threadkit"]
FULL = Path("/dev/full")
ANSI = "\x1b["


def environment(**more):
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("THREADKIT", "LESS", "PAGER"))}
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        keep.pop(name, None)
    return {**keep, "TERM": "xterm", "LC_ALL": "C.UTF-8", **more}


def on_terminal(*args, columns=80, **env):
    """Run on a pseudo-terminal; give what a person would see and the exit code."""
    parent, child = pty.openpty()
    ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [*PROGRAM, *args], stdin=child, stdout=child, stderr=child, env=environment(**env)
    ) as process:
        os.close(child)
        seen = b""
        while True:
            try:
                piece = os.read(parent, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            seen += piece
    os.close(parent)
    return seen.decode().replace("\r\n", "\n"), process.returncode


def test_a_table_fits_the_terminal(archive):
    text, code = on_terminal("--db", str(archive), "--no-pager", "threads", columns=60)
    assert code == 0
    lines = text.splitlines()
    assert lines[0].startswith(ANSI + "1mroot")
    assert all(len(line.replace(ANSI + "1m", "").replace(ANSI + "0m", "")) <= 60 for line in lines)
    assert "…" in text


def test_a_terminal_gets_the_columns_it_has_room_for(archive):
    text, _ = on_terminal("--db", str(archive), "--no-pager", "people")
    assert text.splitlines()[0].replace(ANSI + "1m", "").split()[:3] == [
        "name",
        "email",
        "messages",
    ]
    text, _ = on_terminal(
        "--db", str(archive), "--no-pager", "threads", "--columns", "first_utc,root"
    )
    assert "2020-01-06T09:00:00Z  root@example.org" in text
    text, _ = on_terminal("--db", str(archive), "--no-pager", "threads", columns=66)
    assert "  2020-01-09  " in text


def test_hits_on_a_terminal_show_the_words_that_match(archive):
    text, code = on_terminal("--db", str(archive), "--no-pager", "search", "lock", "f:bob")
    assert code == 0
    assert "    Which \x1b[31m\x1b[1mlock\x1b[0m holds that?" in text


def test_progress_goes_to_a_terminal_only_and_quiet_turns_it_off(mbox, tmp_path):
    args = ["--db", str(tmp_path / "a.db"), "--no-pager", "import", "--workers", "0", str(mbox)]
    text, code = on_terminal(*args)
    assert code == 0
    assert "6 read, 6 stored" in text
    text, _ = on_terminal("--db", str(tmp_path / "b.db"), "-q", *args[2:])
    assert " read, " not in text
    text, _ = on_terminal("--db", str(tmp_path / "a.db"), "verify")
    assert "checking" in text


def test_no_colour_where_it_is_not_wanted(archive):
    for args, env in (
        (["--color", "never"], {}),
        ([], {"NO_COLOR": "1"}),
        ([], {"TERM": "dumb"}),
    ):
        text, _ = on_terminal("--db", str(archive), *args, "--no-pager", "threads", **env)
        assert "\x1b" not in text


def test_colours_on_request_in_a_pipe(archive):
    done = subprocess.run(
        [*PROGRAM, "--db", str(archive), "--color", "always", "threads", "-t"],
        capture_output=True, text=True, env=environment(), check=True,
    )  # fmt: skip
    assert ANSI in done.stdout


def test_a_mail_cannot_drive_the_terminal(archive):
    for command in (["show", "side@example.org"], ["threads"], ["show", "--raw", "side@example.org"],
                    ["search", "subject"], ["threads", "--json"], ["threads", "--tsv"]):  # fmt: skip
        text, _ = on_terminal("--db", str(archive), "--no-pager", "--color", "never", *command)
        assert not {"\x1b", "\x07", "\u202e"} & set(text), command


def test_the_pager_is_the_one_that_is_named(archive, tmp_path):
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\necho "paged $LESS"\ncat\n')
    pager.chmod(0o755)
    ours, _ = on_terminal(
        "--db", str(archive), "threads", PAGER="false", THREADKIT_PAGER=str(pager)
    )
    assert ours.startswith("paged FRX\n")
    theirs, _ = on_terminal("--db", str(archive), "threads", PAGER=str(pager), LESS="R")
    assert theirs.startswith("paged R\n")
    none, _ = on_terminal("--db", str(archive), "--no-pager", "threads", PAGER=str(pager))
    assert "paged" not in none


def test_a_pager_that_is_left_early_is_no_error(archive):
    sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    text, code = on_terminal("--db", str(archive), "query", sql, PAGER="head -2")
    assert code == 0
    assert "Traceback" not in text


def test_no_pager_in_a_pipe(archive):
    done = subprocess.run(
        [*PROGRAM, "--db", str(archive), "threads"],
        capture_output=True, text=True, env=environment(PAGER="false"), check=True,
    )  # fmt: skip
    assert done.stdout.startswith("root\t")


def test_a_closed_pipe_ends_the_process_as_it_ends_git(archive):
    sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    process = subprocess.Popen(
        [*PROGRAM, "--db", str(archive), "query", sql],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert process.stdout.readline() == b"i\n"
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == -signal.SIGPIPE
    assert errors == b""


def readable(path):
    try:
        with tk.open(path) as archive:
            return archive.stats().mails == 0
    except tk.ThreadkitError:
        return False


def test_ctrl_c_is_one_line_and_130_and_leaves_a_sound_database(tmp_path):
    path = tmp_path / "a.db"
    process = subprocess.Popen(
        [*PROGRAM, "--db", str(path), "import", "--workers", "0", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    head = b"From x Mon Jan  6 09:00:00 2020\nFrom: a@example.org\nSubject: half\n\nOne"
    process.stdin.write(head)
    process.stdin.flush()
    until = time.monotonic() + 30
    while not readable(path) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert errors == b"threadkit: interrupted\n"
    done = subprocess.run([*PROGRAM, "--db", str(path), "verify"], capture_output=True, check=False)
    assert done.stdout == b"sound\n"


def test_a_terminal_of_another_encoding_gets_codes_and_plain_lines(archive):
    done = subprocess.run(
        [*PROGRAM, "--db", str(archive), "show", "--tree", "root@example.org"],
        capture_output=True, env=environment(PYTHONIOENCODING="latin-1"), check=True,
    )  # fmt: skip
    text = done.stdout.decode("latin-1")
    assert "+-- Chiyo \\u5343\\u4ee3" in text


@pytest.mark.parametrize(
    "words",
    [["threads"], ["show", "--raw", "root@example.org"], ["stats", "--json"], ["--help"],
     ["db", "path"], ["completion", "bash"], ["doctor"]],
)  # fmt: skip
def test_a_full_disk_under_the_output_is_one_line_and_1(archive, words):
    if not FULL.exists():
        pytest.skip("this system has no /dev/full")
    with FULL.open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "--db", str(archive), *words],
            stdout=full, stderr=subprocess.PIPE, env=environment(), check=False,
        )  # fmt: skip
    assert done.stderr == b"threadkit: output: No space left on device\n"
    assert done.returncode == 1


def shell(line, archive):
    """Run a line of sh in which ``threadkit`` is the program."""
    program = " ".join(PROGRAM)
    return subprocess.run(
        ["sh", "-c", line.replace("threadkit", f"{program} --db {archive}")],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("threadkit threads >&-", 0, ""),
        ("threadkit show --raw root@example.org >&-", 0, ""),
        ("threadkit show nosuch 2>&-", 3, ""),
        ("threadkit stats >&- 2>&- <&-", 0, ""),
        ("threadkit import - <&-", 2, "threadkit: -: empty\n"),
    ],
)
def test_streams_that_are_closed_are_no_traceback(archive, line, code, said):
    done = shell(line, archive)
    assert (done.returncode, done.stderr) == (code, said)


def test_the_database_does_not_take_the_place_of_a_closed_stream(mbox, tmp_path):
    path = tmp_path / "a.db"
    assert shell(f"threadkit import {mbox} >&- 2>&- <&-", path).returncode == 0
    assert shell("threadkit verify", path).stdout == "sound\n"


def test_the_module_is_the_command(archive):
    done = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("threadkit, version ")

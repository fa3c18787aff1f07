"""What reading commands import, in processes of their own: they have to start fast."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

import threadkit as tk

HEAVY = {"networkx", "sqlite_utils", "bs4", "spacy", "email", "numpy", "pandas", "multiprocessing"}
PARSERS = {"threadkit.mail.message", "threadkit.pipeline.importing", "threadkit.fetch.files"}
PROBE = """
import sys
sys.argv[0] = "threadkit"
from threadkit.cli.command import main
try:
    main()
finally:
    sys.stderr.write("LOADED " + " ".join(sys.modules))
"""


def modules_of(command):
    """Return the modules that a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *shlex.split(command)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stderr.split("LOADED ")[1].split())


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("start")
    (folder / "a.eml").write_bytes(
        b"From: Ann Example <ann@example.org>\nSubject: fork\nMessage-ID: <a@example.org>\n"
        b"Date: Mon, 06 Jan 2020 09:00:00 +0000\n\nOne page.\n"
    )
    tk.import_mail(folder / "a.db", [str(folder / "a.eml")], workers=0)
    return str(folder / "a.db")


@pytest.mark.parametrize(
    "command",
    ["--help", "--version", "show a@example.org", "show --tree a@example.org",
     "show --raw a@example.org", "search page", "threads", "stats", "db path", "people"],
)  # fmt: skip
def test_reading_commands_load_nothing_heavy(command, database):
    loaded = modules_of(f"--db {database} {command}")
    assert not {name.partition(".")[0] for name in loaded} & HEAVY
    assert not loaded & PARSERS


@pytest.mark.parametrize(
    "command", ["cow --help", "cow run --help", "cow matrix --help", "cow witness --help"]
)
def test_help_of_the_model_loads_no_engine(command):
    loaded = modules_of(command)
    assert not {name.partition(".")[0] for name in loaded} & (HEAVY | {"sqlite3"})
    assert not {name for name in loaded if name.startswith("threadkit.cow")}


@pytest.mark.parametrize(
    "command", ["cow run S4 --era F0", "cow show S4", "cow eras", "cow matrix S4 --era F0"]
)
def test_the_model_runs_without_the_mail_side(command):
    loaded = modules_of(command)
    assert not {name.partition(".")[0] for name in loaded} & (HEAVY | {"sqlite3"})
    mail = ("threadkit.mail", "threadkit.store", "threadkit.fetch", "threadkit.graph")
    assert not {name for name in loaded if name.startswith(mail)}


def test_importing_the_package_loads_its_errors_only():
    done = subprocess.run(
        [sys.executable, "-c", "import sys, threadkit; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    ours = {name for name in done.stdout.split() if name.startswith("threadkit")}
    assert ours == {"threadkit", "threadkit.errors"}
    assert "sqlite3" not in done.stdout.split()

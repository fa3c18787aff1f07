"""threadkit series: what it prints and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pipeline.mails import mail, mbox
from tests.pipeline.test_series import two_versions
from threadkit.cli.app import app


@pytest.fixture
def series(tmp_path: Path):
    box = tmp_path / "in.mbox"
    box.write_bytes(mbox([*two_versions(), mail("else", subject="Other talk", minute=9000)]))

    def run(*words: str) -> Result:
        db = str(tmp_path / "t.db")
        return CliRunner().invoke(app, ["series", "--db", db, *words])

    CliRunner().invoke(app, ["import", "-q", "--db", str(tmp_path / "t.db"), str(box)])
    return run


def test_a_list_in_a_pipe(series):
    head, line = series().stdout.splitlines()
    row = dict(zip(head.split("\t"), line.split("\t"), strict=True))
    assert (row["title"], row["revisions"], row["patches"], row["fate"]) == (
        "mm: share less", "v1, v1.5, v2", "2/2", "applied",
    )  # fmt: skip


def test_json_has_the_revisions_and_their_patches(series):
    (one,) = json.loads(series("--json").stdout)
    assert [len(revision["patches"]) for revision in one["revisions"]] == [3, 1, 3]
    assert one["revisions"][2]["fate_message_id"] == "r2@example.org"
    assert json.loads(series("--nl", "c1@").stdout) == one


def test_columns_are_those_asked_for(series):
    assert series("--no-headers", "--columns", "fate,series").stdout == "applied\tc1@example.org\n"


def test_a_range_diff(series):
    result = series("c1@", "--diff")
    lines = result.stdout.splitlines()
    assert lines[0] == "1: ! 1: mm: one"
    assert "    ++\tmore();" in lines
    assert re.search(r"v1 of 20.*, 2 patches, compared with v2 of 20.*, 2 patches", result.stderr)
    assert "alike" not in result.stderr
    assert "not here" not in result.stderr
    assert series("c1@", "--diff", "v1", "v2").stdout == result.stdout
    assert series("c1@", "--diff", "v2").stdout == result.stdout


def test_a_range_diff_in_colour_and_as_json(series):
    assert "\x1b[32m    ++\tmore();\x1b[0m" in series("--color", "always", "c1@", "--diff").stdout
    value = json.loads(series("c1@", "--diff", "v1.5", "v2", "--json").stdout)
    assert [pair["mark"] for pair in value["pairs"]] == [">", "="]
    assert value["old"] == "p12b@example.org"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("else@",), 1, ""),
        (("nowhere@",), 3, "no such message"),
        (("else@", "--diff"), 3, "no such patch"),
        (("c1@", "--diff", "v9", "v2"), 3, "no such revision"),
        (("c1@", "--diff", "v9"), 3, "there are: v1, v1.5, v2"),
        (("c1@", "v1"), 2, "go with --diff"),
        (("c1@", "--creation-factor", "90"), 2, "goes with --diff"),
        (("--diff",), 2, "goes with NAME"),
        (("c1@", "--diff", "v1", "v1.5", "v2"), 2, "at most two"),
        (("--columns", "nothing"), 2, "no column"),
    ],
)
def test_how_it_ends(series, words, code, said):
    result = series(*words)
    assert result.exit_code == code
    assert said in result.stderr


def test_an_empty_list_is_still_json(series):
    result = series("else@", "--json")
    assert (result.exit_code, result.stdout) == (1, "[]\n")


def test_unlike_patches_are_compared_if_asked_for(series):
    words = ("c1@", "--diff", "--creation-factor")
    apart = series(*words, "0")
    assert [line.split(" ")[1] for line in apart.stdout.splitlines()] == ["<", "<", ">", ">"]
    assert "--creation-factor 999" in apart.stderr
    assert series(*words, "999").stdout.splitlines()[0] == "1: ! 1: mm: one"

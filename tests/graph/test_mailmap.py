"""Mailmaps read as git reads them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkit.graph.mailmap import Mailmap

LINES = [
    "Proper Name <commit@x.org>",
    "<proper@x.org> <second@x.org>",
    "Proper Name <proper@x.org> <third@x.org>",
    "Proper Name <proper@x.org> Commit Name <shared@x.org>",
]


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("any", "commit@x.org", ("Proper Name", "commit@x.org")),
        ("any", "second@x.org", ("any", "proper@x.org")),
        ("any", "THIRD@X.org", ("Proper Name", "proper@x.org")),
        ("commit name", "Shared@x.org", ("Proper Name", "proper@x.org")),
        ("Other Name", "shared@x.org", None),
        ("any", "nobody@x.org", None),
    ],
)
def test_the_four_forms(name, email, expected):
    assert Mailmap(LINES).map(name, email) == expected


PIECES = ["Jane Doe", "JANE doe", "Bob", "<a@x>", "<A@X>", "<b@x>", "<>", "#", " ", "  ", "<", ">"]
LINE = st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@settings(max_examples=60)
@given(st.lists(LINE, max_size=5), st.sampled_from(["Jane Doe", "bob", "X"]))
def test_git_says_the_same(tmp_path_factory, lines, name):
    folder = tmp_path_factory.mktemp("mailmap")
    (folder / "map").write_text("".join(f"{line}\n" for line in lines))
    people = [(name, email) for email in ("a@x", "B@x", "c@x")]
    environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    command = ["git", "-c", "mailmap.file=map", "check-mailmap", "--stdin"]
    subprocess.run(["git", "init", "-q"], cwd=folder, env=environment, check=True)
    asked = "".join(f"{name} <{email}>\n" for name, email in people)
    answer = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=asked,
        text=True,
        check=True,
        capture_output=True,
    ).stdout.splitlines()
    mailmap = Mailmap((folder / "map").read_text().splitlines())
    ours = [mailmap.map(*one) or one for one in people]
    assert [f"{name} <{email}>".strip() for name, email in ours] == answer


def test_a_real_file_can_be_given_as_lines(tmp_path: Path):
    (tmp_path / ".mailmap").write_bytes(b"# old\r\nJane Doe <jane@x.org> <jd@x.org>\r\n")
    with (tmp_path / ".mailmap").open(encoding="utf-8") as lines:
        assert Mailmap(lines).map("jd", "jd@x.org") == ("Jane Doe", "jane@x.org")

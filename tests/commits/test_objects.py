"""Commit objects: read as git reads them, whatever their bytes are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.repository import Facts, build, git, write_object
from threadkit.commits.objects import parse_commit, parse_signature, sha_of, split_message

TREE = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
WHO = b"author A <a@example.org> 1 +0000\ncommitter B <b@example.org> 2 -0100\n"
SHA = "1" * 40


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return build(tmp_path_factory.mktemp("objects") / "r.git")


def raw_of(path: Path, sha: str) -> bytes:
    command = ["git", f"--git-dir={path}", "cat-file", "commit", sha]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_every_commit_reads_as_git_shows_it(facts: Facts) -> None:
    form = "--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%s"
    # What has no label git shows as it is: those bytes are compared elsewhere.
    every = [sha for sha in facts.every if sha != facts.commits["mojibake"]]
    for sha in every:
        shown = git(facts.path, "log", "-1", "--encoding=UTF-8", form, sha).rstrip("\n").split("\0")
        raw = raw_of(facts.path, sha)
        commit = parse_commit(sha, raw)
        assert [commit.sha, commit.tree, " ".join(commit.parents)] == shown[:3]
        assert (commit.author.name, commit.author.email) == (shown[3], shown[4])
        assert (commit.committer.name, commit.committer.email) == (shown[6], shown[7])
        assert commit.subject == shown[9]
        for signature, seconds in ((commit.author, shown[5]), (commit.committer, shown[8])):
            told = parse_signature(f"x <x> {seconds} +0000".encode())
            assert signature.date_utc == told.date_utc is not None
        assert sha_of(raw) == sha
        assert commit.raw == raw


def test_bodies_charsets_and_zones(facts: Facts) -> None:
    def commit(word: str):  # type: ignore[no-untyped-def]
        sha = facts.commits[word]
        return parse_commit(sha, raw_of(facts.path, sha))

    assert (commit("latin").subject, commit("latin").body) == ("mm: café au lait", "Voilà.")
    assert (commit("mojibake").subject, commit("mojibake").body) == (
        "mm: café without a label",
        "naïve",
    )
    assert (commit("empty").subject, commit("empty").body) == ("", "")
    assert commit("wrapped").subject == "mm: a title that was written over two lines"
    assert commit("wrapped").body == "  Indented body."
    assert (commit("signed").subject, commit("signed").body) == ("mm: signed", "Body.")
    assert commit("zone").author.offset_min == 13 * 60 + 45
    assert commit("zone").author.name == "\u00c5sa \u00d6"
    assert len(commit("octopus").parents) == 3
    assert commit("first").parents == ()
    assert commit("old").author.date_utc == "1970-01-02T00:00:00Z"


def test_headers_that_come_late_or_folded_are_not_believed() -> None:
    parent, other = b"parent " + b"2" * 40 + b"\n", b"parent " + b"3" * 40 + b"\n"
    folded = b"gpgsig x\n author F <f@example.org> 9 +0000\n parent " + b"4" * 40 + b"\n"
    data = TREE + parent + WHO + other + folded + b"author L <l@example.org> 5 +0000\n\nt\n"
    commit = parse_commit(SHA, data)
    assert commit.parents == ("2" * 40,)
    assert commit.author.email == "a@example.org"
    assert commit.subject == "t"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"A <a@example.org>", ("A", "a@example.org", None, None)),
        (b"A <a@example.org> 12", ("A", "a@example.org", "1970-01-01T00:00:12Z", None)),
        (b"A <a@example.org> 12 -0000", ("A", "a@example.org", "1970-01-01T00:00:12Z", 0)),
        (b"A <a@example.org> 12 +051800", ("A", "a@example.org", "1970-01-01T00:00:12Z", None)),
        (b"A <a@example.org> 99999999999999 +0000", ("A", "a@example.org", None, 0)),
        (b"A <a@example.org> soon", ("A", "a@example.org", None, None)),
        (b"A <a@b> c@d> 12 +0100", ("A", "a@b", "1970-01-01T00:00:12Z", 60)),
        (b"A <a@example.org 12 +0100", ("A", "a@example.org 12 +0100", None, None)),
        (b"<> 12 +0100", ("", "", "1970-01-01T00:00:12Z", 60)),
        (b"", ("", "", None, None)),
    ],
)
def test_people_with_broken_lines(line: bytes, expected: tuple[object, ...]) -> None:
    found = parse_signature(line)
    assert (found.name, found.email, found.date_utc, found.offset_min) == expected


def test_a_message_ends_at_nul_and_has_plain_line_ends() -> None:
    assert split_message(b"title\r\n\r\na\r\nb\0c") == (b"title", b"a\nb")
    assert split_message(b" \n\t\n") == (b"", b"")
    assert split_message(b"one\n two\n \t\nthree") == (b"one  two", b"three")


def test_ids_of_both_kinds(tmp_path: Path) -> None:
    (tmp_path / "objects").mkdir()
    assert write_object(tmp_path, "commit", TREE + WHO) == sha_of(TREE + WHO)
    assert len(sha_of(b"", 64)) == 64


HEADERS = st.lists(
    st.sampled_from([
        TREE, WHO, b"parent " + b"a" * 40 + b"\n", b"parent x\n", b"author\n", b"author A <b\n",
        b"committer > < 1 +1\n", b"encoding utf-16\n", b"encoding \xff\n", b"encoding utf-7\n",
        b"gpgsig a\n \n b\n", b" folded\n", b"\n", b"\0", b"mergetag object\n tree\n",
    ])
)  # fmt: skip


@given(head=HEADERS, rest=st.binary(max_size=200))
def test_no_bytes_are_refused(head: list[bytes], rest: bytes) -> None:
    data = b"".join(head) + rest
    commit = parse_commit(SHA, data)
    assert commit.raw == data
    for text in (commit.subject, commit.body, commit.author.name, commit.committer.email):
        text.encode()  # no lone surrogates
        assert "\0" not in text or b"encoding" in data
    assert "\n" not in commit.subject or b"encoding" in data
    assert commit.body == commit.body.rstrip(" \t\r\n") or b"encoding" in data


LINES = st.lists(st.text(alphabet="ab -:", max_size=6), max_size=6)


@given(title=LINES, body=LINES)
def test_a_message_written_from_its_parts_reads_the_same(title: list[str], body: list[str]) -> None:
    first = [line.rstrip() for line in title if line.strip()]
    rest = "\n".join(body)
    subject, text = split_message("\n".join([*first, "", rest]).encode() if first else b"")
    assert subject.decode() == " ".join(first)
    if first:
        kept = rest.split("\n")
        while kept and not kept[0].strip():
            kept.pop(0)
        assert text.decode() == "\n".join(kept).rstrip()
        assert split_message(subject + b"\n\n" + text) == (subject, text)

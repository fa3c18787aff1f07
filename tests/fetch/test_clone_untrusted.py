"""Clones that are cut, partial, damaged or hostile: nothing of them is run, nothing is made up."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers.repository import Facts, build, git
from threadkit.commits.values import Resolved
from threadkit.errors import SourceError
from threadkit.fetch.clone import objects as clone_objects
from threadkit.fetch.clone.clone import Clone
from threadkit.fetch.clone.names import UNREADABLE


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return build(tmp_path_factory.mktemp("untrusted") / "r.git")


@pytest.fixture
def copy(facts: Facts, tmp_path: Path) -> Facts:
    path = tmp_path / "copy.git"
    shutil.copytree(facts.path, path)
    return replace(facts, path=path)


def clone_of(facts: Facts, to: Path, *options: str) -> Path:
    """Clone with git itself, over its protocol, so that the clone may be cut or partial."""
    git(facts.path, "config", "uploadpack.allowFilter", "true")
    command = ["git", "-c", "protocol.file.allow=always", "clone", "-q", "--bare", *options]
    subprocess.run([*command, f"file://{facts.path}", str(to)], check=True, capture_output=True)
    return to


def one(path: Path, name: str, *, diffs: bool = False) -> Resolved:
    [found] = Clone(path).resolve([name], diffs=diffs)
    return found


def test_a_shallow_clone_says_yes_or_nothing(copy: Facts, tmp_path: Path) -> None:
    path = clone_of(copy, tmp_path / "shallow.git", "--depth=5", "--no-single-branch")
    git(path, "fetch", "-q", "--depth=5", f"file://{copy.path}", "refs/tags/*:refs/tags/*")
    here = set(git(path, "rev-list", "--all").split())
    words = [word for word in copy.commits if copy.commits[word] in here]
    assert "tip" in words
    assert "topic" in words
    found = list(Clone(path).resolve([copy.commits[word] for word in words]))
    for word, resolved in zip(words, found, strict=True):
        assert resolved.release is None
        assert resolved.mainline in ("yes", "not checked")
        assert resolved.mainline == "not checked" or word in copy.mainline
        assert bool(resolved.checked_against) == (resolved.mainline == "yes")
    assert {one.mainline for one in found} == {"yes", "not checked"}
    away = next(sha for sha in copy.commits.values() if sha not in here)
    assert one(path, away).state == "unknown"


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_a_partial_clone_has_no_diffs_and_fetches_none(
    copy: Facts, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = clone_of(copy, tmp_path / "partial.git", f"--filter={kind}")
    before = sorted(entry.name for entry in path.glob("objects/**/*"))
    words = ["fix", "nobody_changed", "merge", "first", "untagged"]
    found = list(Clone(path).resolve([copy.commits[word] for word in words]))
    assert [one.state for one in found] == ["found"] * len(words)
    assert [one.release for one in found] == [copy.releases.get(word) for word in words]
    assert [one.mainline for one in found] == ["yes"] * 4 + ["not checked"]
    assert found[0].diff is None
    assert found[2].diff is None
    assert found[3].diff is None
    whole = list(Clone(copy.path).resolve([copy.commits[word] for word in words]))
    for resolved, right in zip(found, whole, strict=True):
        assert resolved.commit == right.commit
        assert resolved.diff in (None, right.diff)
    assert one(path, "0" * 40).state == one(path, "0123456789").state == "unknown"
    assert sorted(entry.name for entry in path.glob("objects/**/*")) == before
    monkeypatch.setattr(clone_objects, "_RESTARTS", 2)
    again = Clone(path).resolve([copy.commits[word] for word in words])
    assert [one.commit for one in again] == [one.commit for one in whole]


def test_nothing_of_the_repository_is_run(copy: Facts, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    trap.chmod(0o755)
    for key in (
        "diff.external", "diff.evil.textconv", "diff.evil.command", "core.fsmonitor",
        "core.sshCommand", "core.pager", "core.alternateRefsCommand", "alias.cat-file",
        "filter.evil.smudge", "gpg.program", "pager.name-rev", "credential.helper",
    ):  # fmt: skip
        git(copy.path, "config", key, f"!{trap}" if key.startswith("alias") else str(trap))
    git(copy.path, "config", "log.showSignature", "true")
    git(copy.path, "config", "core.hooksPath", str(tmp_path))
    (copy.path / "info").mkdir(exist_ok=True)
    (copy.path / "info/attributes").write_text("* diff=evil filter=evil\n")
    hooks = copy.path / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(trap, hooks / hook)
    found = list(Clone(copy.path).resolve([*copy.every, copy.twins[0][0][:7], "0" * 40]))
    assert not ran.exists()
    assert sum(resolved.state == "found" for resolved in found) == len(copy.every)
    fix = one(copy.path, copy.commits["fix"], diffs=True)
    assert fix.diff
    assert b"+int fix;" in fix.diff


def test_grafts_and_replacements_have_no_say(copy: Facts) -> None:
    topic, tip, first = (copy.commits[word] for word in ("topic", "tip", "first"))
    before = list(Clone(copy.path).resolve([topic, tip]))
    git(copy.path, "update-ref", f"refs/replace/{tip}", first)
    (copy.path / "info").mkdir(exist_ok=True)
    (copy.path / "info/grafts").write_text(f"{tip} {topic}\n{topic}\n")
    assert list(Clone(copy.path).resolve([topic, tip])) == before


def test_attributes_of_the_folder_we_stand_in_have_no_say(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "tree"
    command = ["git", "-c", "protocol.file.allow=always", "clone", "-q", str(facts.path), str(tree)]
    subprocess.run(command, check=True)
    (tree / ".gitattributes").write_text("* -diff\n")
    monkeypatch.chdir(tree)
    found = one(Path(), facts.commits["fix"], diffs=True)
    assert found.diff
    assert b"+int fix;" in found.diff
    assert found.origin == str(tree)


def test_what_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a git repository"):
        Clone(tmp_path)
    with pytest.raises(SourceError, match="not a git repository"):
        Clone(tmp_path / "absent")
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(SourceError, match="not a git repository"):
        Clone(tmp_path)
    for content in (b"\xff\0", b"gitdir: a\0b", b"gitdir: \xff", b""):
        (tmp_path / ".git").write_bytes(content)
        with pytest.raises(SourceError, match="not a git repository"):
            Clone(tmp_path)
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(SourceError, match="in circles"):
        Clone(tmp_path / "round")


def test_a_repository_that_git_cannot_read(copy: Facts) -> None:
    (copy.path / "config").write_text("[core]\n\trepositoryformatversion = 99\n")
    with pytest.raises(SourceError, match="that git cannot read"):
        Clone(copy.path)


def test_without_git(facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="git is not installed"):
        Clone(facts.path)


def test_an_empty_repository(tmp_path: Path) -> None:
    path = tmp_path / "empty.git"
    git(path, "init", "--quiet", "--bare", str(path))
    assert one(path, "0" * 40).state == "unknown"
    assert list(Clone(path).resolve([])) == []


def damage(path: Path, sha: str, data: bytes | None) -> None:
    """Unpack everything; then replace an object's file, or remove it."""
    packs = list(path.glob("objects/pack/*.pack"))
    contents = [pack.read_bytes() for pack in packs]
    for file in path.glob("objects/pack/*"):
        file.unlink()
    for content in contents:
        git(path, "unpack-objects", "-q", stdin=content)
    file = path / "objects" / sha[:2] / sha[2:]
    file.chmod(0o644)
    file.unlink() if data is None else file.write_bytes(data)


@pytest.mark.parametrize("data", [b"", b"rubbish", None])
def test_a_damaged_history_tells_nothing_of_releases(copy: Facts, data: bytes | None) -> None:
    words = ["culprit", "topic", "fix"]
    whole = list(Clone(copy.path).resolve([copy.commits[word] for word in words]))
    damage(copy.path, copy.commits["rc1"], data)
    found = list(Clone(copy.path).resolve([copy.commits[word] for word in words]))
    assert found == [
        replace(one, release=None, mainline="not checked", checked_against="") for one in whole
    ]


@pytest.mark.parametrize("data", [b"", b"rubbish", None, b"another"])
@pytest.mark.parametrize("digits", [40, 12])
def test_a_damaged_commit_costs_only_itself(copy: Facts, data: bytes | None, digits: int) -> None:
    words = ["culprit", "topic", "fix"]
    names = [copy.commits[word][:digits] for word in words]
    damage(copy.path, copy.commits["topic"], data)
    if data == b"another":
        file, other = (copy.path / "objects" / sha[:2] / sha[2:] for sha in (
            copy.commits["topic"], copy.commits["fix"]
        ))  # fmt: skip
        shutil.copy(other, file)
    found = list(Clone(copy.path).resolve(names))
    assert [one.state for one in found] == ["found", "unknown", "found"]
    # What is not there at all is just unknown; what is there and no commit any more is not.
    assert found[1].why == ("" if data is None else UNREADABLE)
    assert (found[1].commit, found[1].release, found[1].mainline) == (None, None, "not checked")
    assert found[2].diff


def test_many_damaged_commits_are_stepped_over(copy: Facts) -> None:
    words = ["culprit", "fix", "revert"]
    for word in words[:2]:
        damage(copy.path, copy.commits[word], b"")
    found = list(Clone(copy.path).resolve([copy.commits[word] for word in words]))
    assert [one.state for one in found] == ["unknown", "unknown", "found"]


def test_a_damaged_file_costs_only_its_diff(copy: Facts) -> None:
    blob = git(copy.path, "rev-parse", f"{copy.commits['fix']}:src/fix.c").strip()
    words = ["culprit", "fix", "revert", "latin"]
    whole = list(Clone(copy.path).resolve([copy.commits[word] for word in words]))
    damage(copy.path, blob, b"")
    found = list(Clone(copy.path).resolve([copy.commits[word] for word in words]))
    assert found == [replace(one, diff=None) if at == 1 else one for at, one in enumerate(whole)]


@pytest.mark.parametrize(
    "word", ["--batch-check=*", "--batch", "--disambiguate=*", "name-rev", "rev-list"]
)
def test_a_git_that_stops_early_is_an_error_in_plain_words(
    facts: Facts, tmp_path: Path, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "git"
    script.write_text(
        f"#!/bin/sh\nfor word; do case $word in {word}) exit 1;; esac; done\n"
        f'exec {shutil.which("git")} "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SourceError, match="git fsck"):
        list(Clone(facts.path).resolve([facts.commits["topic"], facts.twins[0][0][:7]]))

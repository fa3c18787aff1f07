"""Commits of a clone: what names mean, which release has them, and is it mainline."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bench.commits import build_history, resolving
from tests.bench.table import Table
from tests.servers.repository import Facts, build, git, write_object
from threadkit.commits.values import Resolved
from threadkit.errors import SourceError
from threadkit.fetch.clone import objects as clone_objects
from threadkit.fetch.clone.clone import Clone

TORVALDS = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return build(tmp_path_factory.mktemp("clone") / "r.git")


@pytest.fixture
def copy(facts: Facts, tmp_path: Path) -> Facts:
    """The same repository, to be changed."""
    path = tmp_path / "copy.git"
    shutil.copytree(facts.path, path)
    return replace(facts, path=path)


def one(path: Path, name: str, *, mainline: str | None = None, diffs: bool = False) -> Resolved:
    [found] = Clone(path, mainline).resolve([name], diffs=diffs)
    return found


def test_releases_and_mainline_of_every_commit(facts: Facts) -> None:
    words = list(facts.commits)
    clone = Clone(facts.path)
    found = list(clone.resolve([facts.commits[word] for word in words], diffs=False))
    assert [one.name for one in found] == [facts.commits[word] for word in words]
    for word, resolved in zip(words, found, strict=True):
        assert resolved.state == "found"
        assert resolved.release == facts.releases.get(word), word
        # No remote says what the mainline is and there are other branches: tags alone count.
        is_tagged = word in facts.mainline and word in facts.releases
        having = {
            name.strip(" *")
            for name in git(facts.path, "branch", "--contains", resolved.name).splitlines()
        }
        untagged = "not checked" if having - {"linux-5.9.y"} else "no"
        assert resolved.mainline == ("yes" if is_tagged else untagged), word
        expected = "" if resolved.mainline == "not checked" else "v5.10-rc1"
        assert (resolved.checked_against, clone.checked_against) == (expected, "v5.10-rc1")
        assert resolved.origin == str(facts.path)
        assert resolved.diff is None


def test_releases_are_what_git_describe_says(facts: Facts) -> None:
    for word, sha in facts.commits.items():
        if word in facts.releases:
            said = git(facts.path, "describe", "--contains", "--match", "v*", sha)
            assert said.replace("^", "~").partition("~")[0].strip() == facts.releases[word]


def test_diffs_are_what_git_shows(facts: Facts) -> None:
    for resolved in Clone(facts.path).resolve(facts.every):
        assert resolved.commit
        sha, parents = resolved.commit.sha, resolved.commit.parents
        command = ["git", f"--git-dir={facts.path}", "diff-tree", "-p", "--root",
                   "--no-commit-id", sha]  # fmt: skip
        shown = subprocess.run(command, capture_output=True, check=True).stdout
        assert resolved.diff == (shown if len(parents) < 2 else None)


def test_names(facts: Facts) -> None:
    fix = facts.commits["fix"]
    pair = facts.twins[0]
    names = {
        fix: "found", fix.upper(): "found", f" {fix[:12]}\n": "found", fix[:8]: "found",
        pair[0][:7]: "ambiguous", pair[0][:8]: "found", facts.dangling: "found",
        facts.tag_object: "found", facts.tag_object[:12]: "found",
        facts.tree: "not-a-commit", facts.tree[:12]: "not-a-commit",
        facts.blob: "not-a-commit", facts.blob[:12]: "not-a-commit",
        "0" * 40: "unknown", "f" * 64: "unknown", "0123456789ab": "unknown", fix[:3]: "unknown",
        "v5.9": "unknown", "HEAD": "unknown", "--all": "unknown", "": "unknown", "a" * 41: "unknown",
        f"{fix}^": "unknown", f"{fix}\n{fix}": "unknown",
    }  # fmt: skip
    found = list(Clone(facts.path).resolve(iter(names), diffs=False))
    assert [one.state for one in found] == list(names.values())
    assert [one.name for one in found] == [name.strip().lower() for name in names]
    for resolved in found:
        assert (resolved.commit is not None) == (resolved.state == "found")
        if not resolved.commit:
            assert (resolved.mainline, resolved.release) == ("not checked", None)
    assert found[7].commit
    assert found[7].commit.sha == git(facts.path, "rev-parse", "v5.9^{commit}").strip()
    assert found[4].candidates == tuple(
        f"{sha} {git(facts.path, 'log', '-1', '--format=%s', sha).strip()}" for sha in sorted(pair)
    )


@settings(max_examples=12)
@given(data=st.data())
def test_many_names_are_answered_like_one_by_one(facts: Facts, data: st.DataObject) -> None:
    every = [*facts.every, facts.tag_object, facts.tree, facts.blob, "0" * 40]
    name = st.tuples(st.sampled_from(every), st.sampled_from([4, 6, 7, 8, 40])).map(
        lambda pair: pair[0][: pair[1]]
    )
    names = data.draw(st.lists(name, min_size=1, max_size=6))
    together = list(Clone(facts.path).resolve(names))
    assert together == [one(facts.path, name, diffs=True) for name in names]


def test_a_short_name_is_not_ambiguous_by_what_is_no_commit(copy: Facts) -> None:
    wanted = copy.commits["fix"][:4]
    blobs = (b"%d" % number for number in range(1 << 20))
    like = next(
        data
        for data in blobs
        if hashlib.sha1(b"blob %d\0%b" % (len(data), data)).hexdigest().startswith(wanted)
    )
    assert write_object(copy.path, "blob", like).startswith(wanted)
    found = one(copy.path, wanted)
    assert found.commit
    assert found.commit.sha == copy.commits["fix"]


def test_a_branch_called_like_an_id_deceives_nobody(copy: Facts) -> None:
    fix, revert = copy.commits["fix"], copy.commits["revert"]
    git(copy.path, "update-ref", f"refs/heads/{fix[:12]}", revert)
    git(copy.path, "update-ref", "refs/tags/0123456789ab", revert)
    git(copy.path, "update-ref", f"refs/heads/{copy.twins[0][0][:7]}", revert)
    found = one(copy.path, fix[:12])
    assert found.commit
    assert found.commit.sha == fix
    assert one(copy.path, "0123456789ab").state == "unknown"
    assert one(copy.path, copy.twins[0][0][:7]).state == "ambiguous"


@pytest.mark.parametrize("url", [TORVALDS, "git@github.com:torvalds/linux", "../torvalds/linux/"])
def test_the_branch_of_the_mainline_counts_where_a_remote_is_the_mainline(
    copy: Facts, url: str
) -> None:
    untagged, topic = copy.commits["untagged"], copy.commits["topic"]
    git(copy.path, "config", "remote.linus.url", url)
    git(copy.path, "update-ref", "refs/remotes/linus/master", untagged)
    found = list(Clone(copy.path).resolve([untagged, topic, copy.dangling], diffs=False))
    assert [one.mainline for one in found] == ["yes", "no", "no"]
    assert found[0].checked_against == "v5.10-rc1 and linus/master"
    assert found[0].release is None


def test_a_bare_mirror_of_the_mainline(copy: Facts) -> None:
    git(copy.path, "config", "remote.origin.url", TORVALDS)
    found = one(copy.path, copy.commits["untagged"])
    assert (found.mainline, found.checked_against) == ("yes", "v5.10-rc1 and master")


@pytest.mark.parametrize("url", ["https://example.org/torvalds/linux-fork.git", "x-torvalds/linux"])
def test_other_remotes_are_not_the_mainline(copy: Facts, url: str) -> None:
    git(copy.path, "config", "remote.origin.url", url)
    git(copy.path, "update-ref", "refs/remotes/origin/master", copy.commits["topic"])
    assert one(copy.path, copy.commits["topic"]).mainline == "not checked"


def test_an_only_branch_counts_if_it_is_called_like_a_main_one(copy: Facts) -> None:
    for name in ("topic", "signed", "linux-5.9.y", "net", "block", "usb"):
        git(copy.path, "update-ref", "-d", f"refs/heads/{name}")
    untagged = copy.commits["untagged"]
    assert one(copy.path, untagged).mainline == "yes"
    git(copy.path, "branch", "-m", "master", "vendor-5.9")
    assert one(copy.path, untagged).mainline == "not checked"


def only_master(copy: Facts, url: str = "https://git.example.org/linux.git") -> Path:
    """Make it what ``git clone --single-branch`` leaves, with work of one's own on top."""
    git(copy.path, "config", "remote.origin.url", url)
    git(copy.path, "update-ref", "refs/remotes/origin/master", copy.commits["tip"])
    git(copy.path, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    for name in ("topic", "signed", "linux-5.9.y", "net", "block", "usb"):
        git(copy.path, "update-ref", "-d", f"refs/heads/{name}")
    return copy.path


def test_what_is_not_pushed_is_not_mainline(copy: Facts) -> None:
    path = only_master(copy)
    assert Clone(path).checked_against == "v5.10-rc1 and origin/master"
    assert one(path, copy.commits["untagged"]).mainline == "no"
    # With two remotes nobody knows whose branch it is.
    git(path, "update-ref", "refs/remotes/mine/master", copy.commits["untagged"])
    assert one(path, copy.commits["untagged"]).mainline == "not checked"


KERNEL_ORG = "git.kernel.org/pub/scm/linux/kernel/git"


@pytest.mark.parametrize(
    "url",
    [
        f"https://{KERNEL_ORG}/next/linux-next.git",
        f"git://{KERNEL_ORG}/stable/linux.git",
        f"git@gitolite.kernel.org:{KERNEL_ORG.partition('/')[2]}/netdev/net-next",
        "https://kernel.googlesource.com/pub/scm/linux/kernel/git/next/linux-next.git",
    ],
)
def test_the_master_of_another_tree_is_its_own(copy: Facts, url: str) -> None:
    path = only_master(copy, url)
    assert Clone(path).checked_against == "v5.10-rc1"
    git(path, "update-ref", "refs/remotes/origin/master", copy.commits["untagged"])
    found = one(path, copy.commits["untagged"])
    assert (found.mainline, found.checked_against) == ("not checked", "")
    assert one(path, copy.commits["fix"]).mainline == "yes"
    for tag in git(path, "tag").split():
        git(path, "tag", "-d", tag)
    assert one(path, copy.commits["fix"]).mainline == "not checked"


def test_no_is_said_of_what_only_stable_releases_have(copy: Facts) -> None:
    backport = copy.commits["backport"]
    assert one(copy.path, backport).mainline == "no"
    git(copy.path, "update-ref", "refs/heads/linux-rolling-stable", backport)
    git(copy.path, "update-ref", "refs/remotes/stable/linux-5.9.y", backport)
    found = one(copy.path, backport)
    assert (found.mainline, found.checked_against) == ("no", "v5.10-rc1")
    git(copy.path, "update-ref", "refs/heads/vendor", backport)
    assert one(copy.path, backport).mainline == "not checked"


@pytest.mark.parametrize("options", [[], ["--no-tags"], ["--no-tags", "--single-branch"],
                                     ["--depth=2"], ["--bare"], ["--mirror"]])  # fmt: skip
@pytest.mark.parametrize("is_default", [True, False])
def test_a_clone_of_a_stable_branch_has_no_mainline(
    copy: Facts, tmp_path: Path, options: list[str], is_default: bool
) -> None:
    if is_default:
        git(copy.path, "symbolic-ref", "HEAD", "refs/heads/linux-5.9.y")
    branch = [] if "--mirror" in options else ["--branch=linux-5.9.y"]
    path = tmp_path / "stable"
    command = ["git", "clone", "-q", *options, *branch, copy.path.as_uri(), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    expected = {"--no-tags": "not checked", "--depth=2": "not checked"}
    found = one(path, copy.commits["backport"])
    assert found.state == "found"
    assert found.mainline == expected.get(options[0] if options else "", "no")


def test_a_branch_may_be_named_as_the_mainline(copy: Facts) -> None:
    topic, backport = copy.commits["topic"], copy.commits["backport"]
    assert one(copy.path, topic, mainline="topic").mainline == "yes"
    found = one(copy.path, backport, mainline="v5.9.1")
    assert (found.mainline, found.checked_against) == ("yes", "v5.9.1")
    assert one(copy.path, copy.commits["fix"], mainline="v5.9").mainline == "no"
    sha = copy.commits["rc1"]
    assert one(copy.path, copy.commits["culprit"], mainline=sha).checked_against == sha
    for name in ("nowhere", "--all", "", "v5.9..v5.8"):
        with pytest.raises(SourceError, match="to take as mainline"):
            Clone(copy.path, name)


def test_other_projects_have_a_default_branch(copy: Facts) -> None:
    for name in git(copy.path, "tag").split():
        git(copy.path, "tag", "-d", name)
    assert one(copy.path, copy.commits["tip"]).checked_against == "master"
    git(copy.path, "tag", "v1.2.0", copy.commits["rc1"])
    git(copy.path, "tag", "v1.2.1", copy.commits["topic"])
    found = list(
        Clone(copy.path).resolve([copy.commits[word] for word in ("culprit", "topic", "untagged")])
    )
    assert [one.mainline for one in found] == ["yes", "no", "yes"]
    assert [one.release for one in found] == ["v1.2.0", "v1.2.1", None]


def test_a_branch_that_is_worked_on_is_not_the_mainline(copy: Facts) -> None:
    for tag in git(copy.path, "tag").split():
        git(copy.path, "tag", "-d", tag)
    topic = copy.commits["topic"]
    git(copy.path, "symbolic-ref", "HEAD", "refs/heads/topic")
    found = one(copy.path, topic)
    assert (found.mainline, found.checked_against) == ("not checked", "")
    git(copy.path, "update-ref", "refs/remotes/origin/master", copy.commits["tip"])
    git(copy.path, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    assert one(copy.path, topic).mainline == "not checked"
    for branch in ("my/topic", "topic"):
        assert one(copy.path, topic).mainline == "not checked"
        git(copy.path, "update-ref", f"refs/remotes/origin/{branch}", topic)
        git(copy.path, "symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{branch}")
    found = one(copy.path, topic)
    assert (found.mainline, found.checked_against) == ("yes", "topic")
    git(copy.path, "update-ref", "--no-deref", "HEAD", topic)  # detached
    assert one(copy.path, topic).mainline == "not checked"


def test_the_state_is_of_the_refs_that_were_read(copy: Facts) -> None:
    clone, again = Clone(copy.path), Clone(copy.path)
    before = clone.state
    git(copy.path, "tag", "v5.10", copy.commits["untagged"])
    assert clone.state == before == again.state
    assert one(copy.path, copy.commits["untagged"]).release == "v5.10"
    assert len({before, Clone(copy.path).state, Clone(copy.path, "master").state}) == 3


def test_nothing_to_check_against(copy: Facts) -> None:
    for ref in git(copy.path, "for-each-ref", "--format=%(refname)").split():
        git(copy.path, "update-ref", "-d", ref)
    found = one(copy.path, copy.commits["fix"])
    assert (found.mainline, found.checked_against, found.release) == ("not checked", "", None)


def test_tags_that_are_no_releases_name_nothing(copy: Facts) -> None:
    for tag in ("v5.9-rc1-broken", "v5.8-x[y]", "v0/5.0", "zzz"):
        git(copy.path, "update-ref", f"refs/tags/{tag}", copy.commits["first"]) if "[" not in tag \
            else (copy.path / "refs/tags" / tag).write_text(copy.commits["first"] + "\n")  # fmt: skip
    assert one(copy.path, copy.commits["first"]).release == "v5.8"


def test_dates_that_lie_do_not_hide_a_commit(tmp_path: Path) -> None:
    path = tmp_path / "skewed.git"
    git(path, "init", "--quiet", "--bare", "--initial-branch=master", str(path))
    stream = b""
    for number in range(1, 60):
        when = 1_600_000_000 + number if number % 2 else number  # every other one of 1970
        stream += (
            b"commit refs/heads/master\ncommitter A <a@example.org> %d +0000\ndata 2\nx\n\n" % when
        )
    git(path, "fast-import", "--quiet", stdin=stream)
    every = git(path, "rev-list", "master").split()
    git(path, "tag", "v5.1-rc1", every[40])
    git(path, "tag", "v5.1", every[20])
    found = list(Clone(path).resolve(every, diffs=False))
    assert [one.release for one in found] == [None] * 20 + ["v5.1"] * 20 + ["v5.1-rc1"] * 19
    assert {one.mainline for one in found} == {"yes"}


def test_older_git_is_asked_in_its_own_words(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("git")
    script = tmp_path / "git"
    script.write_text(
        "#!/bin/sh\nfor word; do case $word in --annotate-stdin) exit 129;; esac; done\n"
        f'exec {real} "$@"\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert one(facts.path, facts.commits["fix"]).release == "v5.10-rc1"


def test_few_processes_serve_many_commits(
    facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "git"
    log = tmp_path / "log"
    script.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {shutil.which("git")} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    clone = Clone(facts.path)
    log.write_text("")
    names = [*facts.every, *(sha[:9] for sha in facts.every), facts.tree, facts.blob[:9], "0" * 40]
    assert len(list(clone.resolve(names))) == len(names)
    assert len(log.read_text().splitlines()) <= 9


def test_answers_may_be_left_early(facts: Facts) -> None:
    found = Clone(facts.path).resolve(facts.every * 30)
    assert next(found).state == "found"
    found.close()  # type: ignore[attr-defined]


def test_a_diff_beyond_the_cap_is_left_out(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("hexlines", "tip", "hexlines2", "binary")
    whole = [one(facts.path, facts.commits[word], diffs=True).diff for word in words]
    monkeypatch.setattr(clone_objects, "MAX_DIFF_BYTES", 600)
    found = Clone(facts.path).resolve([facts.commits[word] for word in words])
    assert [resolved.diff for resolved in found] == [None, whole[1], None, whole[3]]


def test_a_commit_beyond_the_cap_keeps_its_beginning(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("html", "tip")
    whole = [one(facts.path, facts.commits[word]).commit for word in words]
    monkeypatch.setattr(clone_objects, "MAX_COMMIT_BYTES", 260)
    found = Clone(facts.path).resolve([facts.commits[word] for word in words])
    cut, right = (resolved.commit for resolved in found)
    assert right == whole[1]
    assert cut
    assert whole[0]
    assert (cut.raw, cut.author, cut.parents) == (None, whole[0].author, whole[0].parents)
    assert whole[0].body.startswith(cut.body)


LINE = st.sampled_from(["a", "b", "", "-- ", "diff --git a/x b/x", "THIS", "NEXT", "commit NEXT"])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=st.lists(st.lists(LINE, max_size=5), min_size=2, max_size=5))
def test_files_full_of_ids_do_not_split_a_diff(
    tmp_path_factory: pytest.TempPathFactory, versions: list[list[str]]
) -> None:
    """Each commit's file holds ids of commits before it; reading them backwards meets those."""
    path = tmp_path_factory.mktemp("ids") / "r.git"
    git(path, "init", "--quiet", "--bare", "--initial-branch=master", str(path))
    shas = ["0" * 40]
    for at, lines in enumerate(versions):
        text = "".join(
            f"{line.replace('NEXT', shas[-1]).replace('THIS', shas[0])}\n" for line in lines
        )
        data = text.encode()
        stream = (
            b"commit refs/heads/master\ncommitter A <a@example.org> %d +0000\ndata 0\n" % at
            + (b"from refs/heads/master^0\n" if at else b"")
            + b"M 100644 inline f\ndata %d\n%b\n" % (len(data), data)
        )
        git(path, "fast-import", "--quiet", stdin=stream)
        shas.append(git(path, "rev-parse", "master").strip())
    newest = shas[:0:-1]
    found = [resolved.diff for resolved in Clone(path).resolve(newest)]
    for (new, old), diff in zip(pairwise([*newest, ""]), found, strict=True):
        if old:
            assert diff == git(path, "diff-tree", "-p", old, new).encode()


@pytest.mark.parametrize("where", ["", "deep/er", ".git"])
def test_a_clone_with_a_work_tree_and_a_linked_one(
    facts: Facts, tmp_path: Path, where: str
) -> None:
    tree = tmp_path / "tree"
    run = ["git", "-C", str(tmp_path), "-c", "protocol.file.allow=always"]
    subprocess.run([*run, "clone", "-q", str(facts.path), str(tree)], check=True)
    (tree / "deep/er").mkdir(parents=True)
    fix = facts.commits["fix"]
    assert one(tree / where, fix).release == "v5.10-rc1"
    linked = tmp_path / "linked"
    add = ["worktree", "add", "-q", "--detach", str(linked)]
    subprocess.run(["git", "-C", str(tree), *add], check=True)
    assert one(linked, fix).release == "v5.10-rc1"


def test_a_long_history_with_many_tags(tmp_path: Path) -> None:
    path = tmp_path / "history.git"
    every = build_history(path, 300, 30)
    tags = git(path, "tag", "--sort=taggerdate").split()
    ordered = [git(path, "rev-list", tag).split() for tag in tags]
    first: dict[str, str] = {}
    for tag, shas in zip(tags, ordered, strict=True):
        for sha in shas:
            first.setdefault(sha, tag)
    found = list(Clone(path).resolve(every, diffs=False))
    assert {one.name: one.release for one in found} == {sha: first.get(sha) for sha in every}
    reached = set(git(path, "rev-list", "master").split())
    assert {one.name for one in found if one.mainline == "yes"} == reached


def test_the_benchmark_of_resolving_runs(tmp_path: Path) -> None:
    table = Table()
    resolving(table, 1, tmp_path, 400)
    assert [row.what for row in table.rows] == ["resolve cited commits", "  with their diffs"]
    assert all(row.value > 0 and row.size == 400 for row in table.rows)

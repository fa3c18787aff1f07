"""public-inbox repositories: all mails once, only new ones later, nothing of them is run."""

from __future__ import annotations

import random
import subprocess
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fetch.boxes import Inbox, kinds, mail, read_all
from threadkit.errors import SourceError
from threadkit.fetch import git as git_module
from threadkit.fetch.files import open_sources
from threadkit.fetch.git import repositories
from threadkit.fetch.limits import Limits
from threadkit.fetch.source import RawMail


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "box.git")


def puts(*numbers: int) -> list[bytes]:
    return [Inbox.put("m", mail(n)) for n in numbers]


def test_an_epoch_gives_its_mails_in_the_order_of_its_commits(inbox: Inbox) -> None:
    tip = inbox.commit(puts(3, 1, 2))
    mails, [source] = read_all(inbox.path)
    assert [one.data for one in mails] == [mail(3), mail(1), mail(2)]
    assert (source.kind, source.cursor, source.problems) == ("public-inbox-v2", tip, [])
    assert mails[-1].locator == f"{tip}:m"
    assert inbox.git("show", mails[0].locator) + "\n" == mail(3).decode()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(st.binary(max_size=90), min_size=1, max_size=5))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]) -> None:
    box = Inbox(tmp_path_factory.mktemp("any") / "box.git")
    box.commit([Inbox.put("m", body) for body in bodies])
    assert [one.data for one in read_all(box.path)[0]] == bodies


def test_only_commits_after_the_cursor_are_read(inbox: Inbox) -> None:
    first = inbox.commit(puts(1, 2))
    second = inbox.commit(puts(3))
    mails, [source] = read_all(inbox.path, cursor=first)
    assert [one.data for one in mails] == [mail(3)]
    mails, [source] = read_all(inbox.path, cursor=second)
    assert (mails, source.cursor, source.problems) == ([], second, [])


@pytest.mark.parametrize("cursor", ["0" * 40, "HEAD", "--all", "master"])
def test_a_cursor_that_is_gone_starts_over_and_says_so(inbox: Inbox, cursor: str) -> None:
    tip = inbox.commit(puts(1, 2))
    mails, [source] = read_all(inbox.path, cursor=cursor)
    assert (len(mails), source.cursor) == (2, tip)
    assert kinds(source) == ["git-history-rewritten"]


def test_a_rewritten_history_starts_over(inbox: Inbox) -> None:
    old = inbox.commit(puts(1, 2))
    inbox.commit(puts(1), fresh=True)
    mails, [source] = read_all(inbox.path, cursor=old)
    assert [one.data for one in mails] == [mail(1)]
    assert kinds(source) == ["git-history-rewritten"]


def test_deleted_and_purged_mails_are_counted(inbox: Inbox) -> None:
    changes = [*puts(1, 2), Inbox.put("d", mail(1)), b"deleteall\n", *puts(3)]
    inbox.commit(changes)
    mails, [source] = read_all(inbox.path)
    assert [one.data for one in mails] == [mail(1), mail(2), mail(3)]
    assert [(one.kind, one.detail[:9]) for one in source.problems] == [("git-deleted", "2 commits")]


@pytest.mark.parametrize("last", [Inbox.put("d", mail(1)), b"deleteall\n"])
def test_an_epoch_may_end_in_a_deletion(inbox: Inbox, last: bytes) -> None:
    tip = inbox.commit([*puts(1, 2), last])
    mails, [source] = read_all(inbox.path)
    assert (len(mails), source.cursor, source.kind) == (2, tip, "public-inbox-v2")


def test_a_missing_mail_is_named_and_the_others_are_given(inbox: Inbox) -> None:
    inbox.commit(puts(1, 2, 3))
    blob = inbox.git("rev-parse", "master~1:m")
    loose(inbox)
    (inbox.path / "objects" / blob[:2] / blob[2:]).unlink()
    mails, [source] = read_all(inbox.path)
    assert [one.data for one in mails] == [mail(1), mail(3)]
    assert kinds(source) == ["git-object-missing"]


def loose(inbox: Inbox) -> None:
    """Turn packs into single files."""
    packs = list((inbox.path / "objects/pack").glob("*.pack"))
    for pack in packs:
        data = pack.read_bytes()
        for part in inbox.path.glob(f"objects/pack/{pack.stem}.*"):
            part.unlink()
        inbox.git("unpack-objects", "-q", data=data)


def test_a_broken_repository_keeps_its_cursor(inbox: Inbox) -> None:
    inbox.commit(puts(1, 2, 3))
    loose(inbox)
    commit = inbox.git("rev-parse", "master~1")
    (inbox.path / "objects" / commit[:2] / commit[2:]).unlink()
    mails, [source] = read_all(inbox.path)
    assert source.cursor is None
    assert "git-failed" in kinds(source)
    assert len(mails) < 3


def test_a_mail_over_the_limit_is_named(inbox: Inbox) -> None:
    inbox.commit([*puts(1), Inbox.put("m", mail(2, b"x" * 9000)), *puts(3)])
    mails, [source] = read_all(inbox.path, limits=Limits(max_mail_bytes=5000))
    assert [one.data for one in mails] == [mail(1), mail(3)]
    assert kinds(source) == ["mail-too-large"]


def test_leaving_early_leaves_no_process_and_no_cursor(inbox: Inbox) -> None:
    inbox.commit([Inbox.put("m", mail(n, b"x" * 60_000)) for n in range(60)])
    [source] = open_sources([str(inbox.path)])
    reading = iter(source)
    assert next(reading).data.startswith(b"From: Ada")
    reading.close()  # type: ignore[attr-defined]
    assert source.cursor is None


def test_epochs_are_read_in_their_order(tmp_path: Path) -> None:
    for epoch in (10, 9, 0):
        Inbox(tmp_path / f"list/git/{epoch}.git").commit(puts(epoch))
    Inbox(tmp_path / "list/all.git")
    for path in (tmp_path / "list", tmp_path / "list/all.git", tmp_path):
        mails, sources = read_all(path)
        assert [one.data for one in mails] == [mail(0), mail(9), mail(10)]
        assert [Path(one.uri).name for one in sources] == ["0.git", "9.git", "10.git"]


def test_a_v1_repository(inbox: Inbox) -> None:
    names = [f"{n:02x}/{'0' * 37}{n:x}" for n in range(4)]
    first = inbox.commit([Inbox.add(names[n], mail(n)) for n in range(3)])
    inbox.commit([b"D %b\n" % names[0].encode(), Inbox.add(names[1], mail(7))])
    mails, [source] = read_all(inbox.path)
    assert [one.data for one in mails] == [mail(0), mail(1), mail(2), mail(7)]
    assert (source.kind, kinds(source)) == ("public-inbox-v1", ["git-deleted"])
    mails, _ = read_all(inbox.path, cursor=first)
    assert [one.data for one in mails] == [mail(7)]
    assert mails[0].locator.endswith(names[1])


def test_a_work_tree_clone_is_read(inbox: Inbox, tmp_path: Path) -> None:
    inbox.commit(puts(1, 2))
    inbox.git("clone", "-q", str(inbox.path), str(tmp_path / "clone"), inside=False)
    assert len(read_all(tmp_path / "clone")[0]) == 2


def test_a_bundle_is_read_and_leaves_nothing_behind(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = inbox.commit(puts(1))
    tip = inbox.commit(puts(2))
    inbox.git("bundle", "create", str(tmp_path / "a.bundle"), "master")
    inbox.git("bundle", "create", str(tmp_path / "b.bundle"), "master", f"^{first}")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    mails, [source] = read_all(tmp_path / "a.bundle")
    assert (len(mails), source.cursor, source.uri) == (2, tip, str(tmp_path / "a.bundle"))
    assert len(read_all(tmp_path / "a.bundle", cursor=first)[0]) == 1
    with pytest.raises(SourceError, match="cannot be unpacked by itself"):
        read_all(tmp_path / "b.bundle")
    assert list(scratch.iterdir()) == []


def test_repositories_of_other_things_are_no_mail(tmp_path: Path) -> None:
    code = Inbox(tmp_path / "code.git")
    code.commit([Inbox.add("main.c", b"int main;"), Inbox.add("m", b"x")])
    Inbox(tmp_path / "empty.git")
    assert repositories(code.path) == repositories(tmp_path / "empty.git") == []
    with pytest.raises(SourceError, match="no mail"):
        read_all(code.path)


def test_nothing_in_the_repository_is_run(inbox: Inbox, tmp_path: Path) -> None:
    inbox.commit(puts(1))
    ran = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "diff.external"):
        inbox.git("config", key, str(trap))
    inbox.git("config", "log.showSignature", "true")
    inbox.git("config", "remote.origin.url", f"ext::{trap}")
    inbox.git("config", "remote.origin.promisor", "true")
    inbox.git("config", "protocol.ext.allow", "always")
    inbox.git("config", "extensions.partialClone", "origin")
    loose(inbox)
    blob = inbox.git("rev-parse", "master:m")
    (inbox.path / "objects" / blob[:2] / blob[2:]).unlink()
    mails, [source] = read_all(inbox.path)
    assert (mails, kinds(source)) == ([], ["git-object-missing"])
    assert not ran.exists()


def test_surroundings_do_not_matter(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.commit(puts(1))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    assert len(read_all(inbox.path)[0]) == 1


def test_without_git_there_is_a_clear_error(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.commit(puts(1))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="git is not installed"):
        read_all(inbox.path)


def test_a_real_epoch(corpora: Path) -> None:
    bundle = corpora / "public-inbox-git/ksummit-discuss.bundle"
    mails, [source] = read_all(bundle)
    heads = subprocess.run(
        ["git", "bundle", "list-heads", bundle], capture_output=True, check=True, text=True
    )
    assert len(mails) == 759
    assert source.cursor == heads.stdout.split()[0]


def cut_short(inbox: Inbox, name: str) -> None:
    """Break the single file that holds an object."""
    blob = inbox.git("rev-parse", name)
    file = inbox.path / "objects" / blob[:2] / blob[2:]
    data = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(data[: len(data) // 2])


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.lists(st.integers(0, 99), max_size=3), min_size=1, max_size=4),
    version=st.sampled_from(["v1", "v2"]),
)
def test_reading_part_after_part_gives_what_reading_once_gives(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[int]], version: str
) -> None:
    box = Inbox(tmp_path_factory.mktemp("parts") / "box.git")
    changes = iter(range(99))

    def change(number: int) -> bytes:
        name = "m" if version == "v2" else f"{next(changes):02x}/{'0' * 38}"
        put = Inbox.put if version == "v2" else Inbox.add
        return put(name, mail(number))

    seen: list[RawMail] = []
    cursor = box.commit([change(100)])
    first, [source] = read_all(box.path)
    seen += first
    for numbers in parts:
        if numbers:
            box.commit([change(number) for number in numbers])
        mails, [source] = read_all(box.path, cursor=source.cursor)
        seen += mails
        assert source.problems == []
    whole, [again] = read_all(box.path)
    assert seen == whole
    assert again.cursor == source.cursor
    assert cursor in box.git("rev-list", "master")


def test_a_damaged_mail_is_named_and_the_cursor_stays(inbox: Inbox) -> None:
    noise = random.Random(1).randbytes(99_000)
    inbox.commit([*puts(1), Inbox.put("m", mail(2, noise)), *puts(3)])
    loose(inbox)
    cut_short(inbox, "master~1:m")
    mails, [source] = read_all(inbox.path)
    assert mails[0].data == mail(1)
    assert mail(2, noise) not in [one.data for one in mails]
    assert "git-failed" in kinds(source)
    assert source.cursor is None


def test_a_v1_repository_without_one_of_its_trees_keeps_its_cursor(inbox: Inbox) -> None:
    names = [f"{n:02x}/{'0' * 38}" for n in range(3)]
    inbox.commit([Inbox.add(name, mail(n)) for n, name in enumerate(names)])
    loose(inbox)
    tree = inbox.git("rev-parse", "master~1:01")
    (inbox.path / "objects" / tree[:2] / tree[2:]).unlink()
    _, [source] = read_all(inbox.path)
    assert source.cursor is None
    assert "git-failed" in kinds(source)


def test_a_folder_in_the_place_of_a_mail_is_passed_over(inbox: Inbox) -> None:
    inbox.commit([*puts(1), Inbox.put("m/x", mail(2)), *puts(3)])
    mails, _ = read_all(inbox.path)
    assert [one.data for one in mails] == [mail(1), mail(3)]


def test_progress_counts_the_bytes_of_the_mails(inbox: Inbox) -> None:
    inbox.commit(puts(1, 2))
    mails, [source] = read_all(inbox.path)
    assert source.position_bytes() == sum(len(one.data) for one in mails) > 0


def test_a_repository_that_was_emptied_meanwhile_gives_nothing(inbox: Inbox) -> None:
    inbox.commit(puts(1))
    [source] = open_sources([str(inbox.path)])
    inbox.git("update-ref", "-d", "refs/heads/master")
    assert (list(source), source.cursor) == ([], None)


def test_a_replaced_mail_is_given_as_it_was(inbox: Inbox) -> None:
    inbox.commit(puts(1, 2))
    inbox.git("replace", inbox.git("rev-parse", "master~1:m"), inbox.git("rev-parse", "master:m"))
    assert [one.data for one in read_all(inbox.path)[0]] == [mail(1), mail(2)]


def test_a_bundle_with_several_branches_is_read_from_its_head(inbox: Inbox, tmp_path: Path) -> None:
    tip = inbox.commit(puts(1, 2))
    inbox.git("branch", "aside", "master~1")
    inbox.git("bundle", "create", str(tmp_path / "a.bundle"), "aside", "HEAD")
    mails, [source] = read_all(tmp_path / "a.bundle")
    assert (len(mails), source.cursor) == (2, tip)


def test_a_bundle_of_something_else_is_no_mail(inbox: Inbox, tmp_path: Path) -> None:
    inbox.commit([Inbox.add("main.c", b"int main;"), Inbox.add("b.c", b"x")])
    inbox.git("bundle", "create", str(tmp_path / "a.bundle"), "master")
    with pytest.raises(SourceError, match="without mail"):
        read_all(tmp_path / "a.bundle")


def test_a_bundle_in_a_pipe_says_what_to_do(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.commit(puts(1))
    inbox.git("bundle", "create", str(tmp_path / "a.bundle"), "master")
    with (tmp_path / "a.bundle").open("rb") as pipe:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=pipe))
        with pytest.raises(SourceError, match="name the file"):
            read_all("-")


def test_leaving_early_with_much_left_to_ask_leaves_no_thread(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_module, "_PIPE_BYTES", 4096)
    inbox.commit(puts(*range(1500)))
    threads = threading.active_count()
    [source] = open_sources([str(inbox.path)])
    reading = iter(source)
    assert next(reading).data == mail(0)
    reading.close()  # type: ignore[attr-defined]
    assert threading.active_count() == threads
    assert source.cursor is None

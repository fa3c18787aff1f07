"""The whole log of a clone, streamed."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.repository import Facts, Stream, git
from tests.servers.repository import _import as import_stream
from threadkit.errors import SourceError
from threadkit.fetch.clone import log as clone_log
from threadkit.fetch.clone.clone import Clone
from threadkit.fetch.clone.log import LoggedCommit, read_log


def test_every_commit_that_refs_reach_as_reading_it_alone_gives_it(kernel: Facts) -> None:
    clone = Clone(kernel.path)
    logged = {one.sha: one for one in clone.log()}
    reachable = set(git(kernel.path, "rev-list", "--branches", "--tags").split())
    assert set(logged) == reachable
    for resolved in clone.resolve(sorted(reachable), diffs=False):
        commit = resolved.commit
        assert commit is not None
        one = logged[commit.sha]
        assert one.parents == commit.parents
        assert one.committer_utc == commit.committer.date_utc
        if commit.raw and commit.raw.isascii():  # a charset that is mislabelled is read leniently
            assert (one.subject, one.author_name, one.author_email, one.author_utc) == (
                commit.subject, commit.author.name, commit.author.email, commit.author.date_utc,
            )  # fmt: skip
            assert one.body.strip("\n") == commit.body


def test_a_range(kernel: Facts) -> None:
    want = git(kernel.path, "rev-list", "v5.9-rc1..master").split()
    assert [one.sha for one in Clone(kernel.path).log("v5.9-rc1..master")] == want


def test_an_empty_repository_has_no_commits(tmp_path: Path) -> None:
    git(tmp_path / "r.git", "init", "--quiet", "--bare", str(tmp_path / "r.git"))
    assert list(Clone(tmp_path / "r.git").log()) == []


def test_what_git_cannot_read_is_an_error_behind_what_it_could(kernel: Facts) -> None:
    with pytest.raises(SourceError, match="git log ended with"):
        list(Clone(kernel.path).log("no-such-ref"))


def test_utf8_and_other_charsets_are_text(tmp_path: Path) -> None:
    path = tmp_path / "r.git"
    git(path, "init", "--quiet", "--bare", "--initial-branch=master", str(path))
    stream = Stream()
    stream.commit(
        "a", "mm: größer\n\nWeil 日本.\n", author="José Lí <j@example.org> 1599012312 +0200"
    )
    stream.commit("b", "mm: caf\u00e9\n".encode("latin-1"), encoding="ISO-8859-1")
    import_stream(path, stream)
    newest, oldest = Clone(path).log()
    assert (oldest.author_name, oldest.subject, oldest.body) == (
        "José Lí", "mm: größer", "Weil 日本.\n",
    )  # fmt: skip
    assert newest.subject == "mm: café"


def test_leaving_early_ends_git(kernel: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = clone_log.Repository.start

    def start(self: clone_log.Repository, *command: str, **rest: object) -> object:
        process = real(self, *command, **rest)  # type: ignore[arg-type]
        started.append((command[0], process))
        return process

    monkeypatch.setattr(clone_log.Repository, "start", start)
    stream = Clone(kernel.path).log()
    next(stream)
    stream.close()
    [process] = [process for name, process in started if name == "log"]
    assert process.returncode is not None


_FIELD = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
_RECORD = st.tuples(
    st.sampled_from(["01" * 20, "ab" * 20]), st.lists(st.just("cd" * 20), max_size=3),
    _FIELD, _FIELD, st.integers(0, 253402300799), st.integers(0, 253402300799), _FIELD, _FIELD,
)  # fmt: skip


class Dripping(io.RawIOBase):
    """Gives a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, step: int) -> None:
        self._pieces = [data[at : at + step] for at in range(0, len(data), step)]

    def read(self, size: int = -1) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


@given(st.lists(_RECORD, max_size=5), st.integers(1, 200))
def test_any_text_comes_through_however_it_is_cut(records: list[tuple], step: int) -> None:
    data = b"".join(
        "\0".join([sha, " ".join(parents), *map(str, rest), ""]).encode()
        for sha, parents, *rest in records
    )
    read = list(read_log(Dripping(data, step)))  # type: ignore[arg-type]
    assert [(one.sha, list(one.parents), one.author_name, one.author_email, one.subject, one.body)
            for one in read] == [(r[0], r[1], r[2], r[3], r[6], r[7]) for r in records]  # fmt: skip
    for one, record in zip(read, records, strict=True):
        assert one.author_utc == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record[4]))


@pytest.mark.parametrize("date", ["", "-5", "x", str(10**14)])
def test_dates_that_do_not_exist(date: str) -> None:
    fields = ["01" * 20, "", "Ann", "a@example.org", date, "0", "mm: x", "", ""]
    [one] = read_log(io.BytesIO("\0".join(fields).encode()))
    assert isinstance(one, LoggedCommit)
    assert one.author_utc is None


def test_a_commit_without_an_end_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clone_log, "_MAX_RECORD_BYTES", 1000)
    with pytest.raises(SourceError, match="without an end"):
        list(read_log(io.BytesIO(b"x" * 2000)))


def test_configuration_of_the_repository_changes_nothing(kernel: Facts, tmp_path: Path) -> None:
    import shutil

    path = tmp_path / "copy.git"
    shutil.copytree(kernel.path, path)
    want = list(Clone(path).log())
    config = (
        "[log]\n\tshowSignature = true\n\tdecorate = full\n\tdate = relative\n\tmailmap = true\n"
        "[format]\n\tpretty = oneline\n[color]\n\tui = always\n[i18n]\n\tlogOutputEncoding = UTF-16\n"
        f"[core]\n\tpager = touch {os.fspath(tmp_path / 'ran')}\n"
    )
    with (path / "config").open("a") as file:
        file.write(config)
    assert list(Clone(path).log()) == want
    assert not (tmp_path / "ran").exists()

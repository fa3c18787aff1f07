"""Which commit last changed a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.repository import Stream, git
from tests.servers.repository import _import as import_stream
from threadkit.errors import NotFound, SourceError
from threadkit.fetch.clone.blame import parse_place
from threadkit.fetch.clone.clone import Clone


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("blame") / "r.git"
    git(path, "init", "--quiet", "--bare", "--initial-branch=master", str(path))
    stream = Stream()
    stream.commit("made", "made", files={"mm/a b.c": b"one\ntwo\nthr\xc3\xa9e\n"})
    stream.commit("changed", "changed", files={"mm/a b.c": b"one\nTWO\nthr\xc3\xa9e\n"})
    return path, import_stream(path, stream)


def test_each_line_has_its_commit(history: tuple[Path, dict[str, str]]) -> None:
    path, ids = history
    first, second, third = Clone(path).blame("mm/a b.c", 1, 3)
    assert (first.sha, second.sha, third.sha) == (ids["made"], ids["changed"], ids["made"])
    assert (second.text, third.text, second.number, second.path) == ("TWO", "thrée", 2, "mm/a b.c")
    assert (first.previous, second.previous) == (None, ids["made"])


def test_an_older_revision(history: tuple[Path, dict[str, str]]) -> None:
    path, ids = history
    [line] = Clone(path).blame("mm/a b.c", 2, 2, "master~1")
    assert (line.sha, line.text) == (ids["made"], "two")


@pytest.mark.parametrize(
    ("file", "line", "revision", "what"),
    [
        ("mm/none.c", 1, "HEAD", "no such file"),
        ("mm", 1, "HEAD", "no such file"),
        ("mm/a b.c", 9, "HEAD", "no such line"),
        ("mm/a b.c", 1, "no-such-branch", "no such revision"),
        ("mm/a b.c", 1, "--output=x", "no such revision"),
    ],
)
def test_what_is_not_there(
    history: tuple[Path, dict[str, str]], file: str, line: int, revision: str, what: str
) -> None:
    with pytest.raises(NotFound, match=what):
        Clone(history[0]).blame(file, line, line, revision)


def test_nothing_of_the_repository_is_run(
    history: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    import shutil

    path = tmp_path / "copy.git"
    shutil.copytree(history[0], path)
    with (path / "config").open("a") as file:
        file.write(f'[diff "evil"]\n\ttextconv = touch {tmp_path}/ran;cat\n')
    (path / "info").mkdir(exist_ok=True)
    (path / "info" / "attributes").write_text("*.c diff=evil\n")
    assert len(Clone(path).blame("mm/a b.c", 1, 3)) == 3
    assert not (tmp_path / "ran").exists()


def test_commits_that_the_project_ignores(
    history: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    import shutil

    path, ids = history
    top = tmp_path / "work"
    shutil.copytree(path, top / ".git")
    (top / "ignored").write_text(ids["changed"] + "\n")
    with (top / ".git" / "config").open("a") as file:
        file.write("[blame]\n\tignoreRevsFile = ignored\n")
    [line] = Clone(top).blame(str(top / "mm" / "a b.c"), 2, 2)
    assert (line.sha, line.text) == (ids["made"], "TWO")


@pytest.mark.parametrize("place", ["", "mm/a.c", "mm/a.c:", ":3", "a.c:0", "a.c:3-2", "a.c:x"])
def test_what_is_no_place(place: str) -> None:
    with pytest.raises(SourceError, match="not FILE:LINE"):
        parse_place(place)


@given(
    st.from_regex(r"[a-z /.]{1,20}[a-z]", fullmatch=True), st.integers(1, 10**6), st.integers(0, 99)
)
def test_places(path: str, first: int, more: int) -> None:
    path = path.strip()
    assert parse_place(f"{path}:{first}-{first + more}") == (path, first, first + more)
    assert parse_place(f"{path}:{first}:7") == (path, first, first)

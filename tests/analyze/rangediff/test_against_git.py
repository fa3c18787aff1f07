"""The same pairs, marks and differences as the real git range-diff shows."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkit.analyze.rangediff import Pair, PatchText, range_diff
from threadkit.analyze.rangediff.lines import size
from threadkit.analyze.rangediff.texts import comparable

PERSON = {"GIT_AUTHOR_NAME": "Ann Example", "GIT_AUTHOR_EMAIL": "ann@example.org"} | {
    "GIT_COMMITTER_NAME": "Ann Example", "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": "2020-09-01T09:00:00Z", "GIT_COMMITTER_DATE": "2020-09-01T09:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
}  # fmt: skip
BASE = {
    f"f{file}.c": [f"int f{n}(void)" if n % 6 == 0 else f"\ta{(n * 7 + file) % 11} = {n % 9};"
                   for n in range(40)]
    for file in range(2)
}  # fmt: skip
FACTOR = 60
LENGTH = 12

Edit = tuple[str, str, int, tuple[str, ...], str]  # title, file, line, new lines, message


def git(folder: Path, *words: str, given: str = "") -> str:
    command = ["git", "-C", str(folder), "-c", f"core.abbrev={LENGTH}", *words]
    env = {**os.environ, **PERSON}
    done = subprocess.run(command, check=True, capture_output=True, env=env, input=given.encode())
    return done.stdout.decode()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("range")
    git(folder, "init", "-q", "-b", "base")
    git(folder, "fast-import", "--quiet", given=commit("base", "base", BASE))
    return folder


def commit(branch: str, message: str, files: dict[str, list[str]]) -> str:
    """Write one commit for git fast-import."""
    lines = [
        f"commit refs/heads/{branch}",
        "committer Ann Example <ann@example.org> 1598950800 +0000",
    ]
    lines += [f"data {len(message)}", message]
    for path, text in files.items():
        whole = "\n".join(text) + "\n"
        lines += [f"M 100644 inline {path}", f"data {len(whole)}", whole]
    return "\n".join(lines) + "\n"


def branch(name: str, edits: list[Edit]) -> str:
    files = {path: list(lines) for path, lines in BASE.items()}
    stream = f"reset refs/heads/{name}\nfrom refs/heads/base\n\n"
    for title, path, line, new, message in edits:
        files[path][line : line + len(new)] = new
        stream += commit(name, f"{title}\n\n{message}", files)
    return stream


def patches(folder: Path, name: str) -> list[PatchText]:
    """Read what ``git range-diff`` reads."""
    form = "--format=%x00%h%n%an <%ae>%n%B%x01"
    shown = git(folder, "log", "--reverse", "-p", "-M", form, f"base..{name}")
    found = []
    for one in shown.split("\0")[1:]:
        (sha, author, message), diff = one.split("\1")[0].split("\n", 2), one.split("\1")[1]
        title = message.split("\n", 1)[0]
        found.append(PatchText(sha, title, author, message.strip(), diff.lstrip("\n")))
    return found


def written(pairs: list[Pair], *, heads: bool = False) -> list[str]:
    lines = []
    for pair in pairs:
        old = pair.old_patch.name if pair.old_patch else "-" * LENGTH
        new = pair.new_patch.name if pair.new_patch else "-" * LENGTH
        lines.append(
            f"{pair.old or '-'}:  {old} {pair.mark} {pair.new or '-'}:  {new} {pair.title}"
        )
        lines += [] if heads else [f"    {line}" for line in pair.diff]
    return lines


TITLES = st.sampled_from(["mm: reuse", "mm: copy", "fork: share"])
EDITS = st.lists(
    st.tuples(
        TITLES,
        st.sampled_from(sorted(BASE)),
        st.integers(0, 37),
        st.lists(st.integers(0, 30).map("\tnew{}();".format), min_size=1, max_size=3).map(tuple),
        st.sampled_from(["Why.", "Why.\n\nAnd how."]),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def versions(draw: st.DrawFn) -> tuple[list[Edit], list[Edit]]:
    """Edits of a first version, and those of a second one made from it."""
    old = draw(EDITS)
    new = list(draw(st.permutations(old)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(new) - 1))
        title, path, line, lines, message = new[at]
        what = draw(st.sampled_from(["drop", "longer", "title", "message", "insert"]))
        if what == "drop" and len(new) > 1:
            del new[at]
        elif what == "longer":
            new[at] = (title, path, line, (*lines, "\textra();"), message)
        elif what == "title":
            new[at] = (title + " better", path, line, lines, message)
        elif what == "message":
            new[at] = (title, path, line, lines, message + "\n\nReviewed-by: Bob <bob@example.org>")
        elif what == "insert":
            new.insert(at, draw(EDITS)[0])
    return old, new


def cost(old: list[PatchText], new: list[PatchText], heads: list[tuple[str, str]]) -> int:
    """What git minimises: the lines of all differences, and a part of what has no partner."""
    texts = {one.name: comparable(one).diff for one in (*old, *new)}
    sizes = {name: sum(1 for line in text if line) * FACTOR // 100 for name, text in texts.items()}
    total = 0
    for a, b in heads:
        if a in texts and b in texts:
            total += 0 if texts[a] == texts[b] else size(texts[a], texts[b], 10**6) or 0
        else:
            total += sizes[a if a in texts else b]
    return total


@given(versions())
@settings(max_examples=25)
def test_as_git_shows_it(repository, both):
    old, new = both
    git(
        repository,
        "fast-import",
        "--quiet",
        "--force",
        given=branch("old", old) + branch("new", new),
    )
    before, after = patches(repository, "old"), patches(repository, "new")
    shown = git(
        repository, "range-diff", "--no-color", f"--abbrev={LENGTH}", "base..old", "base..new"
    )
    theirs = shown.rstrip("\n").split("\n")
    heads = [line for line in theirs if not line.startswith("    ")]
    pairs = range_diff(before, after)
    if written(pairs, heads=True) == heads:
        assert written(pairs) == theirs
        return
    # Of several cheapest pairings git shows one, and this shows one.
    said = [(line.split()[1], line.split()[4]) for line in heads]
    mine = [(line.split()[1], line.split()[4]) for line in written(pairs, heads=True)]
    assert cost(before, after, mine) == cost(before, after, said)


def test_files_that_come_go_move_and_change_their_mode(repository):
    for name, text in ("old", "x\n"), ("new", "x\ny\n"):
        git(repository, "checkout", "-q", "-f", "-B", name, "base")
        (repository / "made").write_text(text)
        git(repository, "add", "-A")
        git(repository, "mv", "f0.c", "moved.c")
        git(repository, "commit", "-q", "-m", "make and move")
        (repository / "f1.c").chmod(0o755)
        (repository / "moved.c").write_text("\n".join(BASE["f0.c"][: -1 - len(text)]) + "\n")
        git(repository, "commit", "-q", "-a", "-m", "mode")
        git(repository, "rm", "-q", "f1.c")
        git(repository, "commit", "-q", "-m", "gone")
    words = ("range-diff", "--no-color", "--creation-factor=999")
    shown = git(repository, *words, "base..old", "base..new").rstrip("\n").split("\n")
    before, after = patches(repository, "old"), patches(repository, "new")
    assert written(range_diff(before, after, creation_factor=999)) == shown

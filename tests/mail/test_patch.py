"""Patches: files and counts, and a patch-id that is git's own."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.mail.block import Block
from threadkit.mail.patch import DiffStat, Patch, PatchFile, parse_patch

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def read(diff: str) -> Patch:
    patch = parse_patch(diff, [Block("diff", 0, 0, len(diff))])
    assert patch is not None
    return patch


def run_git(*words: str, folder: Path, data: bytes = b"") -> bytes:
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment, input=data, capture_output=True, check=True
    )
    return done.stdout


def git_says(diff: str, folder: Path) -> str | None:
    printed = run_git("patch-id", "--stable", folder=folder, data=diff.encode("utf-8"))
    return printed.decode().split()[0] if printed else None


def test_files_of_a_git_diff():
    patch = read(
        "diff --git a/mm/new.c b/mm/new.c\nnew file mode 100644\nindex 0000000..1111111\n"
        "--- /dev/null\n+++ b/mm/new.c\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        "diff --git a/gone b/gone\ndeleted file mode 100644\nindex 1111111..0000000\n"
        "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
        "diff --git a/old name b/new name\nsimilarity index 100%\n"
        "rename from old name\nrename to new name\n"
        "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n"
        "diff --git a/pic b/pic\nindex 1111111..2222222 100644\nBinary files a/pic and b/pic differ\n"
        'diff --git "a/tab\\tand \\303\\251" "b/tab\\tand \\303\\251"\nindex 1..2 100644\n'
        '--- "a/tab\\tand \\303\\251"\n+++ "b/tab\\tand \\303\\251"\n@@ -1,2 +1,2 @@ f()\n x\n-y\n+z\n'
    )
    assert patch.files == (
        PatchFile("mm/new.c", 2, 0, "added"),
        PatchFile("gone", 0, 1, "deleted"),
        PatchFile("new name", 0, 0, "renamed", "old name"),
        PatchFile("run.sh", 0, 0),
        PatchFile("pic", 0, 0, binary=True),
        PatchFile("tab\tand é", 1, 1),
    )
    assert (patch.additions, patch.deletions) == (3, 2)


@pytest.mark.parametrize(
    ("names", "path"),
    [
        ("a/x y b/x y", "x y"),
        ('"a/t\\ty" "b/t\\ty"', "t\ty"),
        ('a/plain "b/t\\ty"', "t\ty"),
        ('"a/t\\ty" b/plain', "plain"),
        ("a/one b/two", "two"),
    ],
)
def test_names_of_a_file_whose_mode_alone_changes(names, path):
    patch = read(f"diff --git {names}\nold mode 100644\nnew mode 100755\n")
    assert [file.path for file in patch.files] == [path]


def test_a_hunk_whose_numbers_are_garbled_ends_the_diff():
    diff = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
    patch = read(diff + "@@ -x +y @@\n-c\n+d\n")
    assert patch.files == (PatchFile("f", 1, 1),)
    assert patch.patch_id == read(diff).patch_id


def test_lines_that_look_like_headers_inside_a_hunk_are_lines():
    patch = read(
        "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n--- a/x\n+++ b/x\n \n-- \n"
        "+-- \n@@ -9 +9,2 @@\n x\n+@@ -1 +1 @@\n"
    )
    assert patch.files == (PatchFile("f", 3, 2),)


def test_a_diff_without_git_has_files_but_no_patch_id():
    patch = read("--- old/f.c\t2020-01-01 00:00:00\n+++ new/f.c\t2020-01-02\n@@ -1 +1 @@\n-a\n+b\n")
    assert patch.files == (PatchFile("new/f.c", 1, 1),)
    assert patch.patch_id is None


def test_text_behind_the_hunks_does_not_count():
    diff = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
    with_text = read(diff + "-- \n2.39.5\n\n+ and a list\n- of things\n")
    assert with_text.files == read(diff).files
    assert with_text.patch_id == read(diff).patch_id


def test_white_space_and_line_numbers_do_not_change_the_patch_id():
    diff = "diff --git a/f b/f\nindex 1..2\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n x y\n-a\n+b\n"
    damaged = diff.replace("x y", "xy  ").replace("-1,2 +1,2 @@", "-9,2 +9,2 @@ int f(void)")
    assert read(damaged).patch_id == read(diff).patch_id
    assert read(diff.replace("+b", "+c")).patch_id != read(diff).patch_id


def test_what_a_mail_states_beside_the_diff():
    text = (
        "From: Ann Li <ann@example.org>\n\nText\n---\n f | 2 +-\n"
        " 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
        "base-commit: 0123456789012345678901234567890123456789\n"
        "change-id: 20230101-topic-1234abcd\n"
    )
    start = text.index(" f |")
    patch = parse_patch(text, [Block("reply", 0, 0, start), Block("diffstat", 0, start, len(text))])
    assert patch is not None
    assert patch.author == "Ann Li <ann@example.org>"
    assert patch.stat == DiffStat(1, 1, 1)
    assert patch.base_commit == "0123456789012345678901234567890123456789"
    assert patch.change_id == "20230101-topic-1234abcd"
    assert (patch.files, patch.patch_id) == ((), None)


def test_a_mail_without_a_patch_has_none():
    text = "I changed 3 files.\n> diff --git a/f b/f\n"
    assert parse_patch(text, [Block("reply", 0, 0, 19), Block("quote", 1, 19, len(text))]) is None
    assert parse_patch("", []) is None


CONTENT = ["x", "y z", "\tfoo  bar", "", "--- a", "+++ b", "diff --git a/x b/x", "\\ No newline"]
CONTENT += ["@@ -1 +1 @@", "f\x0cff", "é", "Binary files", "-- ", "From " + "a" * 40, "c" * 40]
NAMES = ["a.txt", "b c.txt", "dir/é.c", 'q"uote.h', "tab\tname", "z.bin", "b b.txt"]
OPTIONS = [[], ["--binary"], ["-M"], ["-M", "--binary", "--full-index"], ["-U0"], ["--no-prefix"]]


def change(folder: Path, name: str, dice: random.Random) -> None:
    """Do something to a file that a diff can show."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    choice = dice.random()
    if path.exists() and choice < 0.15:
        path.unlink()
    elif path.exists() and choice < 0.3:
        path.chmod(dice.choice([0o755, 0o644]))
    elif path.exists() and choice < 0.4:
        path.rename(folder / f"moved{dice.randrange(3)}")
    elif name.endswith(".bin"):
        path.write_bytes(bytes(9) + dice.randbytes(300))
    elif path.exists() and choice < 0.8:
        lines = path.read_bytes().split(b"\n")
        lines[dice.randrange(len(lines))] = b"changed"
        path.write_bytes(b"\n".join(lines))
    else:
        end = dice.choice(["\n", "\r\n"])
        lines_ = [dice.choice(CONTENT) + str(dice.randrange(9)) for _ in range(dice.randrange(30))]
        path.write_text(end.join(lines_) + dice.choice(["", end]), newline="", encoding="utf-8")


@needs_git
@pytest.mark.parametrize("seed", [1, 2])
def test_generated_diffs_have_the_patch_id_and_the_counts_that_git_gives(tmp_path: Path, seed):
    dice = random.Random(seed)
    run_git("init", "-q", folder=tmp_path)
    for _ in range(12):
        for name in NAMES:
            change(tmp_path, name, dice)
        run_git("add", "-A", folder=tmp_path)
        options = dice.choice(OPTIONS)
        diff = run_git("diff", "--cached", *options, folder=tmp_path).decode().replace("\r\n", "\n")
        counts = run_git("diff", "--cached", "--numstat", "-M", folder=tmp_path).decode()
        run_git("commit", "-q", "--allow-empty", "-m", "x", folder=tmp_path)
        if not diff:
            continue
        tail = dice.choice(["", "-- \n2.39.5\n\n", "\nThanks\n", "From " + "a" * 40 + " Mon\n"])
        patch = read(diff + tail)
        assert patch.patch_id == git_says(diff + tail, tmp_path)
        rows = [row.split("\t") for row in counts.splitlines()]
        assert len(patch.files) == len(rows)
        assert patch.additions == sum(int(row[0]) for row in rows if row[0] != "-")
        assert patch.deletions == sum(int(row[1]) for row in rows if row[1] != "-")


PIECES = st.sampled_from(
    [
        *("diff --git a/f b/f", "index 1..2", "--- a/f", "+++ b/f", "@@ -1 +1 @@", "@@ -0,0 +2 @@"),
        *("-a", "+b", " c", "", "\\ No newline at end of file", "-- ", "GIT binary patch", "zzz"),
        *("Binary files a/f and b/f differ", "rename from x", "rename to y", "old mode 100644"),
        *(
            "\\ No line en",
            "\\ No line end",
            "\\ x",
            "commit " + "a" * 40,
            "b" * 40,
            "diff -u a b",
            "@@ -1,3 +1,2 @@",
            "text",
            "diff",
        ),
    ]
)


@needs_git
@given(st.lists(PIECES, min_size=3, max_size=14))
def test_damaged_diffs_have_the_patch_id_that_git_gives(tmp_path_factory, pieces):
    diff = "diff --git a/f b/f\n" + "\n".join(pieces) + "\n"
    folder = tmp_path_factory.getbasetemp()
    assert read(diff).patch_id == git_says(diff, folder)


@given(st.text(max_size=60), st.lists(PIECES, max_size=10))
def test_any_text_can_be_taken_for_a_diff(text, pieces):
    diff = text + "\n".join(pieces)
    patch = parse_patch(diff, [Block("diff", 0, 0, len(diff))])
    assert patch is not None
    assert patch.additions <= diff.count("+")
    assert all(file.path for file in patch.files)


@needs_git
def test_every_diff_of_the_corpora_has_the_patch_id_that_git_gives(corpora: Path, tmp_path: Path):
    from threadkit.mail.body import blocks
    from threadkit.mail.message import parse

    mails = [path.read_bytes() for path in sorted((corpora / "commits").rglob("*.eml"))]
    for mailbox in sorted(corpora.rglob("*.mbox")):
        pieces = (b"\n" + mailbox.read_bytes()).split(b"\nFrom ")
        mails += [piece.split(b"\n", 1)[-1] for piece in pieces if b"\ndiff " in piece]
    compared = 0
    for raw in mails:
        message = parse(raw)
        parts = blocks(message.body)
        patch = parse_patch(message.body, parts)
        if patch is None or not patch.files:
            continue
        first = next(block for block in parts if block.kind == "diff" and not block.depth)
        said = git_says(message.body[first.start :], tmp_path)
        assert patch.patch_id == said, message.message_id
        compared += 1
    assert compared >= 220

"""Mails of testing robots, made up after the forms that they use."""

from __future__ import annotations

import pytest

from tests.analyze.regressions.mailed import SHA, brief, mail
from threadkit.analyze.regressions.robots import detect

ROBOT = ("kernel test robot", "robot@example.org")


@pytest.mark.parametrize(
    ("opening", "detail"),
    [
        ("FYI, we noticed a -9.2% regression of test.ops due to commit:",
         "-9.2% regression of test.ops"),
        ('kernel test robot noticed "BUG:at_mm/x.c" on:', '"BUG:at_mm/x.c"'),
        ("kernel test robot noticed a 12.0% regression of\ntest.ops on:",
         "12.0% regression of test.ops"),
    ],
)  # fmt: skip
def test_what_the_robot_noticed(opening: str, detail: str) -> None:
    body = f'Hello,\n\n{opening}\n\n\ncommit: {SHA} ("mm: reorder")\nhttps://example.org/linux\n'
    found = detect(mail(body, author=ROBOT))
    assert brief(found) == [("report", "", detail), ("culprit", SHA, "mm: reorder")]
    assert body[found[1].start : found[1].stop] == f'commit: {SHA} ("mm: reorder")'


def test_an_improvement_is_no_regression() -> None:
    body = f'FYI, we noticed a 31.4% improvement of x due to commit:\n\ncommit: {SHA} ("mm: x")\n'
    assert detect(mail(body, author=ROBOT)) == []


def test_a_build_that_fails() -> None:
    body = (
        f"tree:   https://example.org/x master\nhead:   {SHA}\n"
        f"commit: {SHA} [3/7] mm: reorder\nconfig: x\n\n"
        "All errors (new ones prefixed by >>):\n\n>> mm/x.c:1: error: no\n"
    )
    assert brief(detect(mail(body, author=ROBOT))) == [
        ("report", "", "build errors"),
        ("culprit", SHA, "mm: reorder"),
    ]


def test_a_patch_that_was_only_tested() -> None:
    body = "Hi,\n\nkernel test robot noticed the following build errors:\n\n[test ERROR on x]\n"
    assert detect(mail(body, author=ROBOT)) == []


def test_nobody_else_is_a_robot() -> None:
    assert detect(mail(f"commit: {SHA}\nAll errors (new ones prefixed by >>):\n")) == []


def test_patchwork_says_which_commit_a_fix_became() -> None:
    body = (
        "Hello:\n\nThis series was applied to sound/sound-next.git (master)\nby Bo:\n\n"
        "On Mon, 4 Dec 2023 12:08:58 +0200 you wrote:\n> It broke.\n\n"
        "Here is the summary with links:\n"
        "  - [1/3] sound: tidy up\n    https://git.kernel.org/sound/sound-next/c/0123456789ab\n"
        f"  - [2/3] sound: Fix wake up\n    https://git.kernel.org/sound/sound-next/c/{SHA[:12]}\n"
        "  - [3/3] sound: Fix sleep\n    (no matching commit)\n"
    )
    bot = ("", "patchwork-bot+sound@kernel.org")
    assert brief(detect(mail(body, author=bot))) == [
        ("fix", SHA[:12], "commit"),
        ("fix", "sound: Fix wake up", "title"),
        ("landed", "sound/sound-next.git", "tree"),
    ]
    assert detect(mail(body)) == []


def test_tcwg() -> None:
    body = (
        "Successfully identified regression in *linux* in CI configuration x.  So far, this "
        f"commit has regressed CI configurations:\n - x\n\nCulprit:\n<cut>\ncommit {SHA}\n"
        "Author: Ann <ann@example.org>\n\n    sound: x\n</cut>\n"
    )
    found = brief(detect(mail(body)))
    assert found[:1] == [("report", "", "regression")]
    assert [(kind, value) for kind, value, _ in found[1:]] == [("culprit", SHA)]
    assert detect(mail("".join(f"> {line}\n" for line in body.splitlines()))) == []


def test_kernelci() -> None:
    body = (
        "* This automated bisection report was sent to you on the basis *\n\n"
        "next/master bisection: boot on x\n\nSummary:\n  Start:      0123456789ab mm: y\n"
        f"  Result:     {SHA[:12]} mm: reorder\n"
    )
    assert brief(detect(mail(body))) == [
        ("report", "", "bisection"),
        ("culprit", SHA[:12], "mm: reorder"),
    ]


def test_lkft() -> None:
    body = (
        "Regressions found on x86:\n\n- Regression Analysis: yes\n\n"
        "Good: next-20240101\nBad: next-20240102\n"
    )
    assert brief(detect(mail(body))) == [
        ("works", "next-20240101", "release"),
        ("fails", "next-20240102", "release"),
    ]
    body = "Regression introduced between v6.1 (good) and v6.2 (bad).\n"
    assert brief(detect(mail(body))) == [("works", "6.1", "release"), ("fails", "6.2", "release")]

"""syzbot's own mails, and the commands that people give it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.mailed import SHA, SYZBOT, brief, corpus, mail
from threadkit.analyze.regressions.syzbot import detect

REPORT = f"""Hello,

syzbot found the following issue on:

HEAD commit:    0123456789ab Merge branch 'x'
git tree:       upstream
dashboard link: https://syzkaller.appspot.com/bug?extid=0123456789abcdef0123

The issue was bisected to:

commit {SHA}
Author: Ann <ann@example.org>
Date:   Mon Jan 1 00:00:00 2024 +0000

    mm: reorder

bisection log:  https://syzkaller.appspot.com/x/bisect.txt?x=1
IMPORTANT: if you fix the issue, please add the following tag to the commit:
Reported-by: {SYZBOT[1]}
Fixes: {SHA[:12]} ("mm: reorder")

---
If the bug is already fixed, let syzbot know by replying with:
#syz fix: exact-commit-title

If you want to undo deduplication, reply with:
#syz undup
"""


def test_a_report() -> None:
    found = detect(mail(REPORT, author=SYZBOT))
    assert brief(found) == [
        ("report", "", "syzbot"),
        ("fails", "0123456789ab", "commit"),
        ("culprit", SHA, "mm: reorder"),
        ("role", SYZBOT[1], "reporter"),
    ]
    assert [REPORT[one.start : one.stop].split("\n")[0] for one in found] == [
        "syzbot found the following issue on:",
        "HEAD commit:    0123456789ab Merge branch 'x'",
        "The issue was bisected to:",
        SYZBOT[1],
    ]


def test_its_examples_and_a_reply_that_quotes_them_are_no_commands() -> None:
    quoted = "".join(f"> {line}\n" for line in REPORT.splitlines())
    assert detect(mail(f"On Monday syzbot wrote:\n{quoted}\nOops.\n", parent="p@example.org")) == []


@pytest.mark.parametrize(
    ("opening", "kinds"),
    [
        ("syzbot has bisected this issue to:", [("culprit", "syzbot-bisection")]),
        ("syzbot suspects this issue was fixed by commit:", [("fix", "syzbot-suspects-fix")]),
    ],
)
def test_what_it_found_out(opening: str, kinds: list[tuple[str, str]]) -> None:
    body = f"{opening}\n\ncommit {SHA}\nAuthor: Ann\nDate:   x\n\n    mm: reorder\n\ngit tree: x\n"
    found = detect(mail(body, author=SYZBOT))
    assert [(one.kind, one.rule) for one in found] == kinds
    assert (found[0].value, found[0].score) == (SHA, 0.6)
    assert body[found[0].start : found[0].stop].endswith("mm: reorder")


def test_an_inconclusive_bisection_lists_what_is_left() -> None:
    body = (
        "Bisection is inconclusive: the first bad commit could be any of:\n\n"
        "0123456789ab mm: one\nfedcba987654 mm: two\n\nbisection log: x\n"
    )
    found = detect(mail(body, author=SYZBOT))
    assert brief(found) == [
        ("bisection", "", "good=0 bad=0 skip=0"),
        ("culprit", "0123456789ab", "mm: one"),
        ("culprit", "fedcba987654", "mm: two"),
    ]
    assert all(one.score == 0.3 for one in found[1:])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("and the reproducer did not trigger any issue:",
         [("recovered", "", "syzbot"), ("works", "9f2c8c91", "commit")]),
        ("but the reproducer is still triggering an issue:", [("fails", "9f2c8c91", "commit")]),
    ],
)  # fmt: skip
def test_what_it_tested(said: str, expected: list[tuple[str, str, str]]) -> None:
    body = f"Hello,\n\nsyzbot has tested the proposed patch {said}\nx\n\nTested on:\n\n"
    body += "commit:         9f2c8c91 mm: try\n"
    assert brief(detect(mail(body, author=SYZBOT))) == expected


@pytest.mark.parametrize(
    ("line", "detail", "value"),
    [
        ("#syz fix: mm: hold the lock", "fix", "mm: hold the lock"),
        ("#syz fix:\nmm: hold the lock", "fix", "mm: hold the lock"),
        ("#syz dup: KASAN: bad in x", "dup", "KASAN: bad in x"),
        ("#syz undup", "undup", ""),
        ("#syz invalid", "invalid", ""),
        ("#syz upstream", "upstream", ""),
        ("#syz test: https://example.org/linux.git main", "test",
         "https://example.org/linux.git main"),
        ("#syz test: https://example.org/linux.git\nmain", "test",
         "https://example.org/linux.git main"),
        ("#syz set: subsystems: fs", "set", "subsystems: fs"),
        ("#syz frobnicate: now", "unhandled", "frobnicate now"),
    ],
)  # fmt: skip
def test_commands(line: str, detail: str, value: str) -> None:
    body = f"Thanks.\n\n{line}\n\nAnn\n"
    found = detect(mail(body))
    assert (found[0].kind, found[0].detail, found[0].value) == ("syz", detail, value)
    assert body[found[0].start : found[0].stop] == line
    fixes = [one.value for one in found if one.kind == "fix"]
    assert fixes == ([value] if detail == "fix" else [])


def test_without_a_colon_only_in_its_conversations() -> None:
    body = "I used the\n#syz fix command for long subjects.\n"
    assert detect(mail(body)) == []
    told = "#syz set subsystems: fs\n"
    assert [one.detail for one in detect(mail(told, "Re: [syzbot] [fs?] hang"))] == ["set"]
    assert detect(mail(told)) == []


@pytest.mark.parametrize("prefix", [" ", "> ", "x ", "\t"])
def test_column_zero_only(prefix: str) -> None:
    assert detect(mail(f"So:\n\n{prefix}#syz invalid\n")) == []


@given(st.text(st.sampled_from("#syz fixtedu:\n >a"), max_size=120))
def test_spans_are_whole_commands(text: str) -> None:
    body = f"#syz fix: {text}"
    for signal in detect(mail(body)):
        assert body[signal.start : signal.stop].startswith("#syz")
        assert signal.start < signal.stop <= len(body)


def test_the_commands_of_the_corpus(corpora: Path) -> None:
    told = []
    for path in sorted(corpora.glob("kernel-threads/*/*.mbox")):
        told += [one for mail in corpus(path) for one in detect(mail) if one.kind == "syz"]
    assert sorted((one.detail, one.value.split("/")[-1]) for one in told) == [
        ("set", "subsystems: fs"),
        ("test", "linux graceful_reloc_mismatch"),
        ("test", "linux graceful_reloc_mismatch"),
        ("test", "linux graceful_reloc_mismatch"),
        ("test", "linux.git syztest_trunc2"),
        ("test", "linux.git truncate"),
    ]

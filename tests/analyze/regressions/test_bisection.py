"""Bisections in mails: logs finished and not, wrapped, indented, at odds; results in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.mailed import OTHER, SHA, brief, corpus, mail
from threadkit.analyze.regressions.bisection import detect
from threadkit.analyze.regressions.bisectlog import bisect_logs, lines_of

GOOD = "1111111111aaaaaaaaaa1111111111aaaaaaaaaa"
START = f"""git bisect start
# good: [{GOOD}] mm: one
git bisect good {GOOD}
# bad: [{OTHER}] mm: two
git bisect bad {OTHER}
"""
LOG = f"""{START}# bad: [{SHA}] mm: three
git bisect bad {SHA}
# first bad commit: [{SHA}] mm: three
"""
SHOWN = f"""{SHA} is the first bad commit
commit {SHA}
Author: Ann <ann@example.org>
Date:   Mon Jan 1 00:00:00 2024 +0000

    mm: three

    Why not.
"""


def test_a_finished_log() -> None:
    body = f"It broke.\n\n{LOG}\nAnn\n"
    found = detect(mail(body))
    assert brief(found) == [
        ("bisection", SHA, "good=1 bad=2 skip=0"),
        ("culprit", SHA, "mm: three"),
        ("role", "ann@example.org", "bisector"),
    ]
    assert body[found[0].start : found[0].stop] == LOG.rstrip()
    assert {signal.rule for signal in found} == {"bisect-log"}


@pytest.mark.parametrize("indent", ["", "  ", "\t", "     "])
def test_an_indented_log_with_wrapped_titles(indent: str) -> None:
    title = "mm: a title that is so long that the mailer will wrap it"
    log = LOG.replace("mm: three", f"mm: a title that is so\n{indent}".replace("\n" + indent, "@"))
    log = log.replace("@", "\nlong that the mailer will wrap it")
    body = "".join(
        line if line.startswith("long") else indent + line for line in log.splitlines(True)
    )
    [bisection, culprit, _] = detect(mail(f"Log:\n\n{body}\nThanks for looking.\n"))
    assert (bisection.detail, culprit.detail) == ("good=1 bad=2 skip=0", title)


def test_a_title_below_its_hash() -> None:
    title = "drivers/staging/media/atomisp: hold it"
    found = brief(detect(mail(LOG.replace("mm: three", f"\n{title}"))))
    assert ("bisection", SHA, "good=1 bad=2 skip=0") in found
    assert ("culprit", SHA, title) in found


def test_what_follows_a_log_is_not_its_title() -> None:
    found = detect(mail(f"{LOG}Reverting it helps.\n"))
    assert ("culprit", SHA, "mm: three") in brief(found)


def test_an_unfinished_log_leaves_a_range() -> None:
    found = detect(mail(f"So far:\n\n{START}"))
    assert brief(found)[:2] == [
        ("bisection", "", "good=1 bad=1 skip=0"),
        ("culprit", f"{GOOD}..{OTHER}", ""),
    ]
    assert found[1].rule == "bisect-log-open"


def test_ends_that_are_releases() -> None:
    found = brief(detect(mail("git bisect start 'v6.2' 'v6.1'\n")))
    assert ("culprit", "v6.1..v6.2", "") in found
    assert ("works", "6.1", "release") in found
    assert ("fails", "6.2", "release") in found


@pytest.mark.parametrize(
    ("log", "rule", "culprits"),
    [
        (f"{START}git bisect bad {GOOD}\n", "bisect-log", []),
        (f"{START}# first bad commit: [{SHA}] mm: x\n", "bisect-log-inconsistent", [SHA]),
    ],
)
def test_a_log_at_odds_with_itself(log: str, rule: str, culprits: list[str]) -> None:
    found = detect(mail(log))
    assert found[0].rule == rule
    assert [one.value for one in found if one.kind == "culprit"] == culprits
    assert all(one.score < 0.5 for one in found if one.kind == "culprit")


def test_skipped_commits_leave_candidates() -> None:
    log = f"{START}# only skipped commits left to test\n" + "".join(
        f"# possible first bad commit: [{sha}] mm: x\n" for sha in (SHA, OTHER)
    )
    found = detect(mail(log))
    assert [(one.value, one.score) for one in found if one.kind == "culprit"] == [
        (SHA, 0.45),
        (OTHER, 0.45),
    ]
    told = f"The first bad commit could be any of:\n{SHA}\n{OTHER}\nWe cannot bisect more!\n"
    found = detect(mail(f"git bisect says\n{told}"))
    assert [one.value for one in found if one.kind == "culprit"] == [SHA, OTHER]
    assert all(one.score < 0.5 for one in found if one.kind == "culprit")


@pytest.mark.parametrize(
    "body",
    [
        "Please run git bisect.\n",
        "$ git bisect good\n",
        "git bisect good v6.1\n",
        "We need a bisection between 6.1 and 6.2.\n",
        f"I have not bisected it, but {SHA} looks wrong.\n",
    ],
)
def test_no_log_and_no_result(body: str) -> None:
    assert [one for one in detect(mail(body)) if one.kind in ("bisection", "culprit")] == []


def test_a_shown_commit_gives_the_title_and_the_span() -> None:
    body = f"$ git bisect good\n{SHOWN}"
    [culprit, role] = detect(mail(body))
    assert brief([culprit, role]) == [
        ("culprit", SHA, "mm: three"),
        ("role", "ann@example.org", "bisector"),
    ]
    assert body[culprit.start : culprit.stop].endswith("    mm: three")


@pytest.mark.parametrize(
    ("text", "title", "mood"),
    [
        (f"{SHA} is the first bad commit.", "", "said"),
        (f"{SHA} is first bad commit", "", "said"),
        (f"I bisected. {SHA} (mm: hold\nit) [2]\nis the first bad commit.", "mm: hold it", "said"),
        (f'The first bad commit is {SHA} ("mm: x")', "mm: x", "said"),
        (f'I bisected it down to commit {SHA[:12]} ("mm: x").', "mm: x", "said"),
        (f"We bisected this to this commit:\n\n\t{SHA[:12]} mm: hold it\n", "mm: hold it", "said"),
        (f'Bisected to: {SHA[:12]} ("mm: x")', "mm: x", "said"),
        (f'The bisection points to commit {SHA[:12]} ("mm: x")', "mm: x", "said"),
        (f'A robot has bisected this to {SHA[:12]} ("mm: x")', "mm: x", "said"),
        (f'The bisection bot has identified commit {SHA[:12]}\n("mm: x") as bad', "mm: x", "said"),
        (f'It could not be bisected to {SHA[:12]} ("mm: x")', "mm: x", "negated"),
        (f'If bisection leads to {SHA[:12]} ("mm: x"), tell me', "mm: x", "hypothetical"),
    ],
)
def test_results_in_words(text: str, title: str, mood: str) -> None:
    body = f"Hello,\n\n{text}\n"
    [culprit] = [one for one in detect(mail(body)) if one.kind == "culprit"]
    assert SHA.startswith(culprit.value)
    assert (culprit.detail, culprit.mood) == (title, mood)
    assert culprit.value in body[culprit.start : culprit.stop]


@pytest.mark.parametrize(
    ("text", "is_author"),
    [
        (f"I bisected it to {SHA}.", True),
        (f"we've bisected that to commit {SHA}.", True),
        (f"A robot bisected it to {SHA}.", False),
    ],
)
def test_who_bisected(text: str, is_author: bool) -> None:
    roles = [one.value for one in detect(mail(f"{text}\n")) if one.kind == "role"]
    assert roles == (["ann@example.org"] if is_author else [])


def test_a_quoted_log_counts_for_less_and_names_no_bisector() -> None:
    quoted = "".join(f"> {line}\n" for line in LOG.splitlines())
    found = detect(mail(f"On Monday Bo wrote:\n{quoted}\nThanks!\n", parent="p@example.org"))
    assert [(one.kind, one.value, one.rule, one.score) for one in found] == [
        ("culprit", SHA, "bisect-log-quoted", 0.6)
    ]
    deeper = quoted.replace("> ", "> > ")
    assert detect(mail(f"On Monday Bo wrote:\n{deeper}\nThanks!\n", parent="p@example.org")) == []


def hexes(seed: int) -> str:
    return f"{seed:08x}" * 5


@given(
    st.lists(st.tuples(st.sampled_from(["good", "bad", "skip"]), st.integers(0, 40)), max_size=12),
    st.booleans(),
)
def test_a_written_log_is_read_back(marks: list[tuple[str, int]], done: bool) -> None:
    lines = ["git bisect start", f"# bad: [{hexes(99)}] t", f"git bisect bad {hexes(99)}",
             f"# good: [{hexes(98)}] t", f"git bisect good {hexes(98)}"]  # fmt: skip
    for mark, seed in marks:
        lines += [f"# {mark}: [{hexes(seed)}] mm: {seed}", f"git bisect {mark} {hexes(seed)}"]
    if done:
        lines.append(f"# first bad commit: [{hexes(99)}] mm: it")
    text = "\n".join(lines) + "\n"
    [log] = bisect_logs(text, lines_of(text, 0, len(text)))
    expected = {kind: {hexes(seed) for mark, seed in marks if mark == kind}
                for kind in ("good", "bad", "skip")}  # fmt: skip
    assert set(log.good) == expected["good"] | {hexes(98)}
    assert set(log.bad) == expected["bad"] | {hexes(99)}
    assert set(log.skipped) == expected["skip"]
    assert (log.first_bad, log.title) == ((hexes(99), "mm: it") if done else ("", ""))
    assert text[log.start : log.stop] == text.rstrip()
    both = set(log.good) & set(log.bad)
    assert bool(both) == log.problem.endswith("both good and bad")
    assert {name for end in log.range.split("..") for name in [end]} <= {*log.good, *log.bad}


@given(st.text(st.sampled_from("# git bisecgoodfrm:[]0af\n>x"), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    body = f"git bisect start\n{text}"
    for signal in detect(mail(body)):
        assert 0 <= signal.start < signal.stop <= len(body)


def test_the_bisections_of_the_corpus(corpora: Path) -> None:
    found = {}
    for name in ("regression/bluetooth-nokia-n9", "regression/btrfs-discard-storm-6.2",
                 "regression/pasemi-nemo-5.16", "regression/btrfs-dedupe-3078d85c9a10",
                 "linux-next/bisection-asus"):  # fmt: skip
        mails = corpus(corpora / "kernel-threads" / f"{name}.mbox")
        signals = [one for mail in mails for one in detect(mail) if one.kind == "culprit"]
        found[name] = {(one.value[:12], one.rule) for one in signals}
    assert found == {
        "regression/bluetooth-nokia-n9": {
            ("81be03e026dc", "bisect-log"),
            ("81be03e026dc", "first-bad-commit"),
            ("81be03e026dc", "bisect-log-quoted"),
        },
        "regression/btrfs-discard-storm-6.2": {("63a7cb130718", "first-bad-commit")},
        "regression/pasemi-nemo-5.16": {("041284181226", "first-bad-commit")},
        "regression/btrfs-dedupe-3078d85c9a10": {("3078d85c9a10", "bisected-to")},
        "linux-next/bisection-asus": {("5949965ec934", "bisected-to")},
    }

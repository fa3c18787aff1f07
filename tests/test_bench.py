"""The benchmark runs, and what it measures on has the shape that it promises."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.bench.boxes import boxes, read
from tests.bench.generate import generate, mbox_entry, plan
from tests.bench.measure import Failed, interleave, ratio, run
from tests.bench.table import Row, Table
from tests.bench.words import prose_of
from threadkit.fetch.files import open_sources
from threadkit.mail.body import blocks
from threadkit.mail.message import Message, parse
from threadkit.mail.patch import parse_patch

ROOT = Path(__file__).parents[1]
MEASURED = (
    "parse", "times as fast as email", "split an mbox", "of the speed of git cat-file",
    "import, whole process", "anonymous memory", "database / mailbox", "full-text index",
    "import again", "bytes written", "threading", "cost a message", "thread by id",
    "newest first", "ranked", "evidence graph", "of the rate at 100", "1,000 mails more", "times as long as into",
    "--help", "threadkit search", "threadkit show", "resolve cited commits", "link mails to commits",
    "analysis, one mail more", "analysis, nothing new", "times that of its import",
    "arguments, grounded", "read back from argdown", "every form written",
    "arguments, times as fast by 2", "memory, times the smaller", "claims of one conversation",
    "arguments and claims, one mail more", "arguments and claims, nothing new",
    "threadkit claims", "threadkit show c1", "threadkit positions",
    "a machine that only counts", "one page: 2 processes, 3 writes", "own pages: 2 processes",
    "2 scenarios, base eras", "2 scenarios, all eras", "threadkit cow run S4",
)  # fmt: skip


@pytest.fixture(scope="module")
def raws() -> list[bytes]:
    return list(generate(1200))


@pytest.fixture(scope="module")
def mails(raws: list[bytes]) -> list[Message]:
    return [parse(raw) for raw in raws]


def test_the_whole_benchmark_runs_without_peers(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("git", "sed"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    kept = tmp_path / "kept" / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", "--sizes", "100,200", "--runs", "1", "--commits", "200",
         "--talks", "30,60", "--claims", "300", "--sites", "30",
         "--scenarios", "S4,S5", "--processes", "2",
         "--json", str(kept), "--folder", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PATH": str(tools)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in MEASURED:
        assert words in done.stdout
    for name in ("notmuch", "mu", "public-inbox-init"):
        assert f"skipped: {name} is not installed" in done.stdout
    results = json.loads(kept.read_text())
    sizes = {of: [row["size"] for row in results["rows"] if row["of"] == of]
             for of in ("mails", "commits", "states", "postings", "claims")}  # fmt: skip
    assert sum(map(len, sizes.values())) == len(results["rows"])
    assert set(sizes["mails"]) == {30, 60, 100, 200}
    assert set(sizes["commits"]) == {200, 4000}
    assert min(sizes["states"]) > 0
    assert all(row["value"] >= 0 for row in results["rows"])
    assert results["machine"]["processors"] == os.cpu_count()
    assert [path.name for path in tmp_path.iterdir()] != []
    assert not list(tmp_path.glob("threadkit-bench-*"))


def test_more_mails_begin_with_the_same_mails(raws: list[bytes]) -> None:
    assert list(generate(300)) == raws[:300]
    assert list(generate(20, seed=2)) != raws[:20]


def test_message_ids_differ_and_nothing_is_wrong_with_the_mails(mails: list[Message]) -> None:
    assert len({mail.message_id for mail in mails}) == len(mails)
    assert Counter(defect.kind for mail in mails for defect in mail.defects) == {}
    assert all(mail.date_utc and mail.received_utc for mail in mails)
    assert all(mail.list_ids == ("debate.lists.example.org",) for mail in mails)


def test_the_shares_are_those_of_real_lists(raws: list[bytes], mails: list[Message]) -> None:
    here = {mail.message_id for mail in mails}
    replies = [mail for mail in mails if mail.in_reply_to or mail.references]
    assert 0.75 < len(replies) / len(mails) < 0.95
    lost = sum(mail.in_reply_to[-1] not in here for mail in replies)
    assert 0.02 < lost / len(replies) < 0.08
    bare = sum(not mail.references for mail in replies)
    assert 0.01 < bare / len(replies) < 0.05
    assert 3300 < sum(map(len, raws)) / len(raws) < 4700
    assert 0.2 < sum(mail.subject.startswith("[PATCH") for mail in mails) / len(mails) < 0.6
    quoted = sum(re.search(r"^> ", mail.body, re.MULTILINE) is not None for mail in mails)
    nested = sum(re.search(r"^> > ", mail.body, re.MULTILINE) is not None for mail in mails)
    assert 0.3 < quoted / len(mails) < 0.8
    assert nested > len(mails) / 50


def test_words_are_as_many_as_in_real_mail(mails: list[Message]) -> None:
    count = Counter(word for mail in mails[:1000] for word in re.findall(r"\w+", mail.body.lower()))
    total = count.total()
    top = sum(number for _, number in count.most_common(1000))
    assert 7000 < len(count) < 18_000
    assert 0.7 < top / total < 0.85


def test_replies_quote_their_parent_word_for_word(mails: list[Message]) -> None:
    by_id = {mail.message_id: mail for mail in mails}
    found = missed = 0
    for mail in mails:
        parent = by_id.get(mail.in_reply_to[-1]) if mail.in_reply_to else None
        if parent:
            there = set(parent.body.splitlines())
            quoted = [line[2:] for line in mail.body.splitlines() if line.startswith("> ")]
            found += sum(line in there for line in quoted)
            missed += sum(line not in there for line in quoted)
    assert found > 20 * missed


def test_diffs_have_right_line_counts() -> None:
    prose, random = prose_of(1), Random(3)
    for _ in range(50):
        lines, added, removed = prose.diff(random, "lock/a/b.c")
        body = "\n".join(["text", "---", " a | 1 +", "", *lines]) + "\n"
        found = parse_patch(body, blocks(body))
        assert found is not None
        assert [(f.path, f.additions, f.deletions) for f in found.files] == [
            ("lock/a/b.c", added, removed)
        ]


def test_plans_have_parents_before_children_and_a_heavy_tail() -> None:
    random = Random(5)
    plans = [plan(random) for _ in range(3000)]
    assert all(up < at for one in plans for at, up in enumerate(one.parents))
    sizes = sorted(len(one.parents) for one in plans)
    assert 5 < sum(sizes) / len(sizes) < 10
    assert sizes[-1] > 60
    assert 0.35 < sum(bool(one.patches) for one in plans) / len(plans) < 0.45


def test_boxes_are_read_back_as_they_were_made(tmp_path: Path, raws: list[bytes]) -> None:
    small, large = boxes([60, 20], 2, tmp_path, None)
    assert list(read(small.mbox)) == raws[:20]
    assert list(read(large.mbox)) == raws[:60]
    assert list(read(large.more[0])) == raws[60:1060]
    assert len(list(read(large.more[1]))) == 1000
    sources = list(open_sources([str(small.maildir(tmp_path / "maildir"))]))
    assert sorted(mail.data for one in sources for mail in one) == sorted(raws[:20])
    epoch = small.epoch(tmp_path / "0.git")
    assert [mail.data for one in open_sources([str(epoch)]) for mail in one] == raws[:20]


def test_a_from_line_in_a_body_is_escaped(tmp_path: Path) -> None:
    raw = b"From: ada@example.org\nMessage-ID: <a@example.org>\n\nFrom here\n>From there\n"
    path = tmp_path / "one.mbox"
    path.write_bytes(mbox_entry(raw) * 2)
    assert list(read(path)) == [raw, raw]


def test_memory_counts_children_and_output_is_kept(tmp_path: Path) -> None:
    script = tmp_path / "hungry.py"
    script.write_text(
        "import subprocess, sys, time\n"
        "held = b'x' * 40_000_000\n"
        "if len(sys.argv) == 1:\n"
        "    subprocess.run([sys.executable, __file__, 'child'], check=True)\n"
        "else:\n"
        "    time.sleep(0.6)\n"
        "print(len(held))\n"
    )
    found = run([sys.executable, script])
    assert found.output.split() == [b"40000000", b"40000000"]
    if sys.platform == "linux":
        assert found.anon_bytes > 80_000_000


def test_a_program_that_fails_is_named_with_what_it_said() -> None:
    with pytest.raises(Failed, match=r"ended with 3: .*no such thing"):
        run([sys.executable, "-c", "import sys; print('no such thing', file=sys.stderr); exit(3)"])


def test_programs_run_in_turns_and_are_compared_pair_by_pair() -> None:
    order: list[str] = []

    def work(name: str) -> object:
        order.append(name)
        return run([sys.executable, "-c", "pass"])

    runs = interleave({"a": lambda: work("a"), "b": lambda: work("b")}, 2)  # type: ignore[dict-item]
    assert order == ["a", "b", "a", "b"]
    assert ratio(runs["a"], runs["a"]) == 1


@pytest.mark.parametrize(
    ("goal", "least", "met"),
    [(3.0, True, True), (5.0, True, False), (3.0, False, False), (None, True, None)],
)
def test_a_row_says_whether_its_goal_is_met(
    goal: float | None, least: bool, met: bool | None, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Row("speed", 10, 4.0, "x", goal, least)
    assert row.met is met
    Table().add(row)
    assert ("MISSED" in capsys.readouterr().out) is (met is False)


def test_the_table_says_what_sizes_count_wherever_that_changes() -> None:
    table = Table(io.StringIO())
    table.add(Row("one", 10, 4.0, "x"))
    table.add(Row("two", 20, 4.0, "x"))
    table.add(Row("three", 30, 4.0, "states/s", of="states"))
    lines = table.out.getvalue().splitlines()
    heads = [(at, line.split()[0]) for at, line in enumerate(lines) if line.startswith(" ")]
    assert heads == [(0, "mails"), (3, "states")]

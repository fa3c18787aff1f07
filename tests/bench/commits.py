"""Rows about commits: how fast a clone tells what the cited ones are."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median

from tests.bench.table import Row, Table
from tests.servers.repository import ANN, BEN, START_S, git
from threadkit.fetch.clone.clone import Clone

COMMITS = 50_000
TAGS = 60
CITED = 1000
GOAL_A_SECOND = 2000
_EVERY_MERGE = 10
_STEP_S = 600
_FILES = 200


def build_history(path: Path, commits: int = COMMITS, tags: int = TAGS) -> list[str]:
    """Make a bare repository with a long history; return the ids of its commits.

    A tenth of the commits are merges of short branches, most change a file of a few dozen
    lines; tags are spread evenly, four candidates and then a release.
    """
    git(path, "init", "--quiet", "--bare", "--initial-branch=master", str(path))
    marks = path / "marks"
    stream = b"".join(_stream(commits, tags))
    git(path, "fast-import", "--quiet", f"--export-marks={marks}", stdin=stream)
    lines = (line.split() for line in marks.read_text().splitlines())
    return [sha for _, sha in sorted((int(mark[1:]), sha) for mark, sha in lines)]


def _stream(commits: int, tags: int) -> list[bytes]:
    random = Random(3)
    out: list[bytes] = []
    files: dict[int, list[bytes]] = {}
    step = max(commits // tags, 1)
    for number in range(1, commits + 1):
        now_s = START_S + number * _STEP_S
        message = b"mm: change %d\n\nWhat it does, and why.\n\nSigned-off-by: %b\n" % (
            number,
            ANN.encode(),
        )
        out.append(
            b"commit refs/heads/master\nmark :%d\nauthor %b %d +0200\ncommitter %b %d -0700\n"
            b"data %d\n%b"
            % (number, ANN.encode(), now_s, BEN.encode(), now_s, len(message), message)
        )
        if number > 1:
            merge = number % _EVERY_MERGE == 0
            # A short branch: the commit before this one left from further back.
            back = 4 if number % _EVERY_MERGE == _EVERY_MERGE - 1 and number > 5 else 1
            out.append(b"from :%d\n" % (number - (2 if merge else back)))
            if merge:
                out.append(b"merge :%d\n" % (number - 1))
        which = random.randrange(_FILES)
        lines = files.setdefault(which, [b"line %d\n" % line for line in range(40)])
        lines[random.randrange(40)] = b"changed by %d\n" % number
        data = b"".join(lines)
        out.append(b"M 100644 inline src/%d.c\ndata %d\n%b\n" % (which, len(data), data))
        if number % step == 0:
            out.append(_tag(number // step, number, now_s))
    return out


def _tag(nth: int, commit: int, now_s: int) -> bytes:
    minor, candidate = divmod(nth - 1, 5)
    name = f"v5.{minor}" if candidate == 4 else f"v5.{minor}-rc{candidate + 1}"
    text = f"Linux {name}\n".encode()
    return b"tag %b\nfrom :%d\ntagger %b %d -0700\ndata %d\n%b\n" % (
        name.encode(), commit, BEN.encode(), now_s, len(text), text,
    )  # fmt: skip


def resolving(table: Table, rounds: int, folder: Path, commits: int = COMMITS) -> None:
    """Time resolving cited commits of a clone, without and with their diffs.

    A tenth is cited by full id, the rest by twelve digits; opening the clone counts.
    """
    path = folder / "history.git"
    every = build_history(path, commits)
    chosen = Random(1).sample(every, min(CITED, len(every)))
    names = [sha if at % 10 == 0 else sha[:12] for at, sha in enumerate(chosen)]
    seconds = _seconds(lambda: _resolve(path, names, False), rounds)
    note = f"of {commits:,} commits"
    table.add(Row("resolve cited commits", len(names), len(names) / seconds, "commits/s",
                  GOAL_A_SECOND, note=note, of="commits"))  # fmt: skip
    seconds = _seconds(lambda: _resolve(path, names, True), rounds)
    table.add(Row("  with their diffs", len(names), len(names) / seconds, "commits/s",
                  of="commits"))  # fmt: skip


def _resolve(path: Path, names: list[str], diffs: bool) -> None:
    found = sum(one.state == "found" for one in Clone(path).resolve(names, diffs=diffs))
    if found != len(names):
        raise AssertionError(f"{found} of {len(names)} commits were found")


def _seconds(work: Callable[[], None], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)

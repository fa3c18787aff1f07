"""Rows about parsing, splitting, git, threading, queries and starting."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.boxes import Box
from tests.bench.measure import interleave, middle, run
from tests.bench.table import Row, Table

_LIMITS_MS = {"thread by id": 2.0, "search, newest first": 5.0, "search, ranked": 100.0}
_SMALLEST_GRAPH = 10_000
_QUERIES = 300


def _inside(name: str, *arguments: object) -> Any:
    command = [sys.executable, "-m", "tests.bench.inside", name, *map(str, arguments)]
    return json.loads(run(command).output)


def parse(table: Table, box: Box, rounds: int) -> None:
    """Compare parsing with the standard library's."""
    found = _inside("parse", box.mbox, rounds)
    table.add(Row("parse", box.mails, found["mails_a_second"], "mails/s"))
    what = "  times as fast as email, same record"
    table.add(Row(what, box.mails, found["record"], "x", 4.0))
    note = "bare: it decodes neither headers nor bodies"
    what = "  times as fast as message_from_bytes"
    table.add(Row(what, box.mails, found["bare"], "x", note=note))


def split(table: Table, box: Box, rounds: int) -> None:
    """Time splitting a mailbox."""
    found = _inside("split", box.mbox, rounds)
    table.add(Row("split an mbox", box.mails, found["mails_a_second"], "mails/s"))
    what = "  split and hash 100,000 mails"
    table.add(Row(what, box.mails, found["hashed_s_per_100k"], "s"))


def git(table: Table, box: Box, rounds: int, folder: Path) -> None:
    """Compare reading an epoch with git alone."""
    epoch = box.epoch(folder / "0.git")
    found = _inside("git", epoch, rounds)
    table.add(Row("read a public-inbox epoch", box.mails, found["mails_a_second"], "mails/s"))
    table.add(Row("  of the speed of git cat-file alone", box.mails, found["bare"], "x", 0.9))


def threads(
    table: Table, box: Box, rounds: int, smaller: dict[str, float] | None
) -> dict[str, float]:
    """Time threading and the graph; return the figures for the next size."""
    found: dict[str, float] = _inside("thread", box.database, rounds)
    rate = found["messages"] / found["place_s"]
    note = f"shuffled {found['messages'] / found['shuffled_s']:,.0f} msgs/s"
    table.add(Row("threading", box.mails, rate, "msgs/s", 200_000, note=note))
    if smaller:
        cost = found["place_s"] / found["messages"] / (smaller["place_s"] / smaller["messages"])
        what = "  cost a message, times the smaller size's"
        table.add(Row(what, box.mails, cost, "x", 1.3, False))
    if box.mails >= _SMALLEST_GRAPH:
        table.add(
            Row(
                "networkx graph", box.mails, found["graph_bytes_a_message"], "bytes/msg", 900, False
            )
        )
        table.add(Row("  time", box.mails, found["graph_us_a_message"], "us/msg", 8, False))
    return found


def queries(table: Table, box: Box) -> None:
    """Time queries in one process, warm."""
    for name, (half, most) in _inside("query", box.database, _QUERIES).items():
        limit = next((v for k, v in _LIMITS_MS.items() if name.startswith(k)), None)
        table.add(Row(f"{name}, p95", box.mails, most, "ms", limit, False, f"p50 {half:.3g} ms"))


def starts(table: Table, box: Box, rounds: int, imports: bool) -> None:
    """Time whole processes of the command line."""
    conn = sqlite3.connect(box.database)
    newest = "SELECT message_id FROM message ORDER BY id DESC LIMIT 1"
    (message_id,) = conn.execute(newest).fetchone()
    conn.close()
    program = [sys.executable, "-m", "threadkit"]
    given = ["--no-pager", "--db", str(box.database)]
    commands = {
        "python -c pass": ([sys.executable, "-c", "pass"], None),
        "threadkit --help": ([*program, "--help"], 150.0),
        "threadkit search": ([*program, "search", *given, "memory"], 200.0),
        "threadkit show": ([*program, "show", *given, message_id], 200.0),
        "threadkit show --tree": ([*program, "show", "--tree", *given, message_id], 200.0),
    }
    runs = interleave({name: partial(run, words) for name, (words, _) in commands.items()}, rounds)
    for name, (words, limit) in commands.items():
        cpu_ms = middle(runs[name], "cpu_s") * 1000
        note = f"cpu {cpu_ms:.0f} ms"
        table.add(Row(name, box.mails, middle(runs[name]) * 1000, "ms", limit, False, note))
        if imports and limit:
            table.say(_imported(words))


def _imported(words: list[str]) -> str:
    """Return the modules of other projects that took longest to import, with their time."""
    command = [words[0], "-X", "importtime", *words[1:]]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.findall(r"import time:\s+\d+ \|\s+(\d+) \|(\s+)(\S+)", said)
    top = sorted(((int(us), name) for us, _, name in found), reverse=True)[:12]
    return "    imports: " + ", ".join(f"{name} {us / 1000:.1f} ms" for us, name in top)

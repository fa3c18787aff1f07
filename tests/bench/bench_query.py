"""How long reading takes: ``python tests/bench/bench_query.py DB [QUERIES]``.

Prints p50 and p95 in milliseconds, warm and in process, of finding a message by its id,
reading its thread, searching newest first and best first, and listing threads. Words
are drawn from the subjects and bodies of the database itself, common and rare alike.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from threadkit.store.connection import open_read
from threadkit.store.lookup import find
from threadkit.store.read import body, thread
from threadkit.store.search import matching, search
from threadkit.store.threads import threads

LIMITS = {"thread by id": 2.0, "newest first": 5.0, "ranked": 100.0}
"""What the project wants at 1,000,000 messages: p95 in milliseconds."""


def timed(work: Callable[[str], object], names: list[str]) -> tuple[float, float]:
    """p50 and p95 of one call, in milliseconds, after one call to warm up."""
    spent = []
    work(names[0])
    for name in names:
        start = time.perf_counter()
        work(name)
        spent.append((time.perf_counter() - start) * 1000)
    spent.sort()
    return spent[len(spent) // 2], spent[int(len(spent) * 0.95)]


def sample(conn: sqlite3.Connection, count: int) -> list[int]:
    """Row ids of mails, spread evenly over time with a fixed seed."""
    low, high = conn.execute("SELECT min(id), max(id) FROM message WHERE ghost = 0").fetchone()
    pick = random.Random(1)
    query = "SELECT id FROM message WHERE id >= ? ORDER BY id LIMIT 1"
    return [conn.execute(query, (pick.randint(low, high),)).fetchone()[0] for _ in range(count)]


def words(conn: sqlite3.Connection, rows: list[int]) -> list[str]:
    """One word of each mail; longer ones, as people search for."""
    pick = random.Random(2)
    found = []
    for row in rows:
        text = re.findall(r"[A-Za-z_]{4,20}", body(conn, row))
        if text:
            found.append(pick.choice(text))
    return [word for word in found if word not in ("AND", "NOT", "OR")]


def main(path: Path, count: int) -> None:
    """Measure everything and print one line each."""
    conn = open_read(path)
    (total,) = conn.execute("SELECT count(*) FROM message").fetchone()
    rows = sample(conn, count)
    ids = [
        conn.execute("SELECT message_id FROM message WHERE id = ?", (row,)).fetchone()[0]
        for row in rows
    ]
    single = words(conn, rows)
    pairs = [f"{one} {two}" for one, two in pairwise(single)]
    common = ["the", "page", "patch", "kernel", "linux", "this", "that", "commit"]
    measured = {
        "find by id": timed(lambda name: find(conn, name), ids),
        "thread by id": timed(lambda name: thread(conn, find(conn, name)), ids),
        "newest first": timed(lambda word: search(conn, word), single),
        "newest first, two words": timed(lambda word: search(conn, word), pairs),
        "newest first, common word": timed(lambda word: search(conn, word), common * 5),
        "newest first, s: and d:": timed(lambda word: search(conn, f"s:{word} d:2000.."), single),
        "ranked": timed(lambda word: search(conn, word, order="rank"), single),
        "ranked, common word": timed(lambda word: search(conn, word, order="rank"), common * 2),
        "threads of a word": timed(lambda word: threads(conn, matching(conn, word)), single),
        "newest threads": timed(lambda _: threads(conn), ids[:50]),
    }
    print(f"{total:,} messages, {len(ids)} queries each: p50, p95 in ms")  # noqa: T201
    for name, (middle, high) in measured.items():
        limit = f"   (limit {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"{name:28} {middle:8.3f} {high:8.3f}{limit}")  # noqa: T201
    conn.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300)

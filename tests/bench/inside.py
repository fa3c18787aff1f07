"""Measurements inside one process, each run as a child: ``python -m tests.bench.inside NAME``.

They print JSON. What is compared is measured in turns, so that a busy machine slows all
alike; CPU seconds are taken where only one process works.
"""

from __future__ import annotations

import email
import hashlib
import json
import random
import re
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from email.header import decode_header, make_header
from email.utils import getaddresses, mktime_tz, parsedate_tz
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

from tests.bench.boxes import read

COMMON_WORDS = ("the", "page", "lock", "fork", "memory", "process", "this", "commit")
_RANK_LIMIT = 60


def parse_speed(mbox: str, rounds: str) -> dict[str, float]:
    """Compare parsing with the standard library: bare, and making the same record."""
    from threadkit.mail.message import parse

    raws = list(islice(read(Path(mbox)), 3000))
    works: dict[str, Callable[[bytes], object]] = {
        "threadkit": parse,
        "bare": email.message_from_bytes,
        "record": stdlib_record,
    }
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(int(rounds)):
        for name, work in works.items():
            started = time.process_time()
            for raw in raws:
                work(raw)
            spent[name].append(time.process_time() - started)
    own = spent["threadkit"]
    return {
        "mails_a_second": len(raws) / median(own),
        "bare": _ratio(spent["bare"], own),
        "record": _ratio(spent["record"], own),
    }


def stdlib_record(raw: bytes) -> tuple[object, ...]:
    """Return what most programs take out of a mail with the standard library."""
    mail = email.message_from_bytes(raw)
    people = [getaddresses([str(v) for v in mail.get_all(k, [])]) for k in ("From", "To", "Cc")]
    when = parsedate_tz(str(mail.get("Date", "")))
    body = ""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                try:
                    body += data.decode(part.get_content_charset() or "utf-8", "replace")
                except LookupError:
                    body += data.decode("latin-1")
    return (
        mail.get("Message-ID"),
        str(mail.get("References", "")).split(),
        str(make_header(decode_header(str(mail.get("Subject", ""))))),
        people,
        mktime_tz(when) if when else None,
        body,
    )


def split_speed(mbox: str, rounds: str) -> dict[str, float]:
    """Time splitting a mailbox, alone and with the hash that import makes of every mail."""
    split: list[float] = []
    hashed: list[float] = []
    count = 0
    for _ in range(int(rounds)):
        started = time.process_time()
        count = sum(1 for _ in read(Path(mbox)))
        split.append(time.process_time() - started)
        started = time.process_time()
        for raw in read(Path(mbox)):
            hashlib.sha256(raw).hexdigest()
        hashed.append(time.process_time() - started)
    return {
        "mails_a_second": count / median(split),
        "hashed_s_per_100k": median(hashed) / count * 100_000,
    }


def git_speed(epoch: str, rounds: str) -> dict[str, float]:
    """Compare reading a public-inbox epoch with git handing over the same mails."""
    from threadkit.fetch.files import open_sources

    bare: list[float] = []
    own: list[float] = []
    count = 0
    for _ in range(int(rounds)):
        bare.append(_bare_git_s(epoch))
        started = time.perf_counter()
        count = sum(1 for source in open_sources([epoch]) for _ in source)
        own.append(time.perf_counter() - started)
    return {"mails_a_second": count / median(own), "bare": _ratio(bare, own)}


def _bare_git_s(epoch: str) -> float:
    """Time git alone: list the commits, hand over every mail, throw it away."""
    started = time.perf_counter()
    git = ["git", f"--git-dir={epoch}"]
    commits = subprocess.Popen([*git, "rev-list", "--reverse", "HEAD"], stdout=subprocess.PIPE)
    names = subprocess.Popen(["sed", "s/$/:m/"], stdin=commits.stdout, stdout=subprocess.PIPE)
    subprocess.run(
        [*git, "cat-file", "--batch", "--buffer"],
        stdin=names.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    for process in (commits, names):
        assert process.stdout
        process.stdout.close()
        process.wait()
    return time.perf_counter() - started


def thread_speed(database: str, rounds: str) -> dict[str, float]:
    """Time threading of a whole archive, and its graph in time and memory."""
    from threadkit.graph.collector import collector_paused
    from threadkit.graph.replies import Envelope, place
    from threadkit.graph.trees import reply_graph

    reply_graph([])  # networkx is imported now, so that its memory does not count
    conn = sqlite3.connect(database)
    names: dict[int, list[tuple[int, str]]] = {}
    for message, position, name in conn.execute(
        "SELECT message, position, message_id FROM message_reference ORDER BY message, position"
    ):
        names.setdefault(message, []).append((position, name))
    envelopes = []
    for row in conn.execute(
        "SELECT id, message_id, imposter, subject_key, is_reply,"
        " coalesce(received_utc, date_utc, '') FROM message WHERE id > 0 ORDER BY id"
    ):
        given = names.get(row[0], [])
        replied = tuple(name for position, name in reversed(given) if position < 0)
        listed = tuple(name for position, name in given if position >= 0)
        envelopes.append(Envelope(row[1], row[2], replied, listed, row[3], bool(row[4]), row[5]))
    del names
    conn.close()
    placing: list[float] = []
    drawing: list[float] = []
    for _ in range(int(rounds)):
        started = time.process_time()
        place(envelopes)
        placing.append(time.process_time() - started)
    shuffled = random.Random(2).sample(envelopes, len(envelopes))
    started = time.process_time()
    place(shuffled)
    shuffled_s = time.process_time() - started
    placements = place(envelopes)
    nodes = 1
    for _ in range(int(rounds)):
        started = time.process_time()
        with collector_paused():
            graph = reply_graph(placements)
        drawing.append(time.process_time() - started)
        nodes = len(graph)
        del graph
    tracemalloc.start()
    graph = reply_graph(placements)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {
        "messages": len(placements),
        "place_s": median(placing),
        "shuffled_s": shuffled_s,
        "graph_us_a_message": median(drawing) / nodes * 1e6,
        "graph_bytes_a_message": held / len(graph),
    }


def query_speed(database: str, count: str) -> dict[str, list[float]]:
    """Time reading, warm: p50 and p95 in milliseconds of each kind of query."""
    from threadkit.store.connection import open_read
    from threadkit.store.lookup import find
    from threadkit.store.read import body, thread
    from threadkit.store.search import matching, search
    from threadkit.store.threads import threads

    conn = open_read(database)
    pick = random.Random(1)
    low, high = conn.execute("SELECT min(id), max(id) FROM message WHERE id > 0").fetchone()
    near = "SELECT id, message_id FROM message WHERE id >= ? ORDER BY id LIMIT 1"
    found = [conn.execute(near, (pick.randint(low, high),)).fetchone() for _ in range(int(count))]
    ids = [name for _, name in found]
    words = []
    for row, _ in found:
        text = re.findall(r"[A-Za-z_]{4,20}", body(conn, row))
        words.append(pick.choice(text) if text else "memory")
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    common = [*COMMON_WORDS] * 3
    some = words[:_RANK_LIMIT]
    return {
        "thread by id": _percentiles(lambda name: thread(conn, find(conn, name)), ids),
        "search, newest first": _percentiles(lambda word: search(conn, word), words),
        "search, newest first, two words": _percentiles(lambda word: search(conn, word), pairs),
        "search, newest first, common word": _percentiles(lambda w: search(conn, w), common),
        "search, newest first, s: and d:": _percentiles(
            lambda word: search(conn, f"s:{word} d:2000.."), words
        ),
        "search, ranked": _percentiles(lambda word: search(conn, word, order="rank"), some),
        "search, ranked, common word": _percentiles(
            lambda word: search(conn, word, order="rank"), common
        ),
        "threads, of a word": _percentiles(lambda w: threads(conn, matching(conn, w)), words),
        "threads, newest": _percentiles(lambda _: threads(conn), words[:50]),
    }


def _percentiles(work: Callable[[str], object], names: list[str]) -> list[float]:
    """Return p50 and p95 of one call in milliseconds, after a call to warm up."""
    work(names[0])
    spent = []
    for name in names:
        started = time.perf_counter()
        work(name)
        spent.append((time.perf_counter() - started) * 1000)
    spent.sort()
    return [spent[len(spent) // 2], spent[int(len(spent) * 0.95)]]


def _ratio(slow: list[float], fast: list[float]) -> float:
    return median(s / f for s, f in zip(slow, fast, strict=True))


MEASUREMENTS = {
    "parse": parse_speed,
    "split": split_speed,
    "git": git_speed,
    "thread": thread_speed,
    "query": query_speed,
}


def main(name: str, *arguments: str) -> None:
    """Run one measurement."""
    sys.stdout.write(json.dumps(MEASUREMENTS[name](*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])

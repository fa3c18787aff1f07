"""Rows about fetching: a long thread from a real server, against a plain download of it.

``python -m tests.bench.fetching URL MESSAGE_ID FOLDER ROUNDS`` measures inside one process
and prints JSON. The server runs on this machine and takes one of its processors.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench.generate import debate
from tests.bench.measure import run
from tests.bench.table import Row, Table
from tests.servers.loreservers import PublicInbox, missing

SIZES = "2500,10000"
SHORT = 100
"""Mails of the short thread whose memory the long ones are held to."""

JUDGED = 2500
_MESSAGE_ID = re.compile(rb"^Message-ID: <(.*?)>", re.MULTILINE)
_GET_BYTES = 1 << 30


def threads(table: Table, sizes: Sequence[int], rounds: int, folder: Path) -> None:
    """Fetch one thread of each size in turns with a plain download; compare their memory."""
    if "public-inbox" in missing():
        table.skip("a thread from a server", "public-inbox is not installed")
        return
    mails = {size: list(debate(size, seed=size)) for size in (SHORT, *sizes)}
    inboxes = {f"t{size}": mails[size] for size in mails}
    with (
        tempfile.TemporaryDirectory(dir=folder) as place,
        PublicInbox(Path(place), inboxes, level="basic") as server,
    ):
        short = _measured(server.url, SHORT, mails[SHORT][0], folder, 1)
        for size in sizes:
            _rows(table, size, short, _measured(server.url, size, mails[size][0], folder, rounds))


def _measured(
    origin: str, size: int, first: bytes, folder: Path, rounds: int
) -> dict[str, list[float]]:
    """Run this module as a process of its own, so that its memory is known."""
    found = _MESSAGE_ID.search(first)
    assert found
    with tempfile.TemporaryDirectory(dir=folder) as place:
        command = [sys.executable, "-m", "tests.bench.fetching", f"{origin}/t{size}"]
        done = run([*command, found[1].decode(), place, str(rounds)])
    measured: dict[str, list[float]] = json.loads(done.output)
    return measured


def _rows(
    table: Table, size: int, short: dict[str, list[float]], long: dict[str, list[float]]
) -> None:
    slower = median(s / p for s, p in zip(long["stored_s"], long["plain_s"], strict=True))
    judged = size == JUDGED
    note = (
        f"plain {median(long['plain_s']):.2f} s, stored {median(long['stored_s']):.2f} s,"
        f" people too {median(long['finished_s']):.2f} s"
    )
    goal = 2.0 if judged else None
    table.add(Row("thread from a server / plain download", size, slower, "x", goal, False, note))
    for name, what in (("parent_kb", "process"), ("body_kb", "streaming gunzip and split")):
        more = long[name][0] / short[name][0]
        note = f"{long[name][0] / 1000:.0f} MB, {SHORT} mails {short[name][0] / 1000:.0f} MB"
        table.add(Row(f"  memory of the {what}", size, more, "x", 1.3, False, note))


def measure(inbox: str, message_id: str, folder: str, rounds: str) -> dict[str, list[float]]:
    """Fetch a thread into an empty database, in turns with a download that keeps nothing."""
    from threadkit.fetch.lore.download import MailDownload
    from threadkit.fetch.web.session import Session
    from threadkit.pipeline.importing import finish, import_sources
    from threadkit.store.connection import open_write
    from threadkit.store.write import Writer

    url = f"{inbox}/{message_id}/t.mbox.gz"
    found: dict[str, list[float]] = {name: [] for name in ("plain_s", "stored_s", "finished_s")}
    with Session() as session:
        with session.open(url, max_bytes=_GET_BYTES) as answer:  # the server is awake now
            download = MailDownload(answer)
            count = sum(1 for _ in download.source)
        found["body_kb"] = [_peak_kb()]
        for number in range(int(rounds)):
            started = time.perf_counter()
            with session.open(url, max_bytes=_GET_BYTES) as answer:
                while answer.read(1 << 16):
                    pass
            found["plain_s"].append(time.perf_counter() - started)
            db = open_write(Path(folder, f"{number}.db"))
            writer = Writer(db)
            started = time.perf_counter()
            with session.open(url, max_bytes=_GET_BYTES) as answer:
                download = MailDownload(answer)
                report = import_sources(
                    writer, [download.source], before_write=lambda _, one=download: one.settle()
                )
                download.close()
            found["stored_s"].append(time.perf_counter() - started)
            finish(writer)
            found["finished_s"].append(time.perf_counter() - started)
            assert report.added == count
            if not number:
                found["parent_kb"] = [_peak_kb()]
                children = resource.getrusage(resource.RUSAGE_CHILDREN)
                found["worker_kb"] = [children.ru_maxrss]
            db.close()
    return found


def _peak_kb() -> float:
    """Return the most memory held so far; getrusage would count what the parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return float(status.partition("VmHWM:")[2].split(None, 1)[0])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(*sys.argv[1:])))

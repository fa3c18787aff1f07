"""Rows about analysis for evidence: by stage, with one mail more, and with nothing new.

Called as ``python -m tests.bench.analysis FILE`` it analyzes a database and prints what each
stage took; ``python -m tests.bench.analysis FILE ROUNDS`` times looking whether that is current.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from shutil import copy
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.boxes import Box
from tests.bench.measure import Run, run
from tests.bench.table import Row, Table

MORE = b"""From mboxrd@z Thu Jan  1 00:00:00 1970
From: Ada Example <ada@example.org>
Subject: Sound broke
Date: Fri, 01 Mar 2024 09:00:00 +0000
Message-ID: <one.more@example.org>

Sound worked in v5.8 and no longer works in v5.9-rc1.

"""
_CURRENT_MS = 200.0


def analyzing(table: Table, box: Box, rounds: int, imported: Run) -> None:
    """Analyze a copy of an imported mailbox, all of it, then one mail more, then nothing.

    Parameters
    ----------
    table : Table
        Where the rows go.
    box : Box
        Imported.
    rounds : int
        Of looking whether everything is current.
    imported : Run
        Its import, which the time is compared with.
    """
    with TemporaryDirectory(dir=box.mbox.parent) as folder:
        path = Path(copy(box.database, folder))
        whole = _child(path)
        _add(table, box.mails, "analysis", whole, imported)
        more = Path(folder, "more.mbox")
        more.write_bytes(MORE)
        importing = [sys.executable, "-m", "threadkit", "import", str(more), "--db", str(path)]
        run([*importing, "--workers", "0"])
        _add(table, box.mails, "analysis, one mail more", _child(path), None)
        current = json.loads(_run(path, str(rounds)).output)
    row = Row("analysis, nothing new", box.mails, current["ms"], "ms", _CURRENT_MS, False)
    table.add(row)


def _child(path: Path) -> tuple[Run, dict[str, float]]:
    done = _run(path)
    return done, json.loads(done.output)


def _run(path: Path, *more: str) -> Run:
    return run([sys.executable, "-m", __spec__.name, str(path), *more])


def _add(
    table: Table, mails: int, what: str, child: tuple[Run, dict[str, float]], imported: Run | None
) -> None:
    done, stages = child
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items())
    table.add(Row(what, mails, done.cpu_s, "cpu s", note=parts))
    if imported is not None:
        table.add(Row("  cpu, times that of its import", mails, done.cpu_s / imported.cpu_s, "x"))
        megabytes = done.anon_bytes / 1e6
        table.add(Row("  anonymous memory of analysis", mails, megabytes, "MB"))


def stage_seconds(path: Path) -> dict[str, float]:
    """Analyze, each stage apart, in CPU seconds of all processes."""
    from threadkit.pipeline.analysis import EVIDENCE, analyze

    spent: dict[str, float] = {}
    for name in EVIDENCE:
        before = _cpu_s()
        analyze(path, only=[name])
        spent[name] = _cpu_s() - before
    return spent


def current_ms(path: Path, rounds: int) -> dict[str, float]:
    """Time looking whether everything is current, which every reading command does first."""
    from threadkit.pipeline.analysis import bring_up_to_date

    spent = []
    for _ in range(rounds):
        started = time.process_time()
        if not bring_up_to_date(path):
            raise AssertionError(f"{path} cannot be written")
        spent.append((time.process_time() - started) * 1000)
    return {"ms": median(spent)}


def _cpu_s() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    database = Path(sys.argv[1])
    looked = current_ms(database, int(sys.argv[2])) if sys.argv[2:] else stage_seconds(database)
    sys.stdout.write(json.dumps(looked))

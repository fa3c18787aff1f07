"""Rows about arguments of mail: reading them, putting them together, asking for them.

Called as ``python -m tests.bench.arguments FILE STAGES JOBS`` it runs stages of a database and
prints what each took; ``python -m tests.bench.arguments FILE ROUNDS`` times looking whether that
is current.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from functools import partial
from pathlib import Path
from shutil import copy
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.analysis import MORE
from tests.bench.boxes import Box
from tests.bench.generate import debate, mbox_entry
from tests.bench.measure import Run, interleave, middle, ratio, run
from tests.bench.table import Row, Table

TALKS = "1000,4000"
_A_MINUTE = 1500.0
_GOAL_MB = 600.0
_TIMES_THE_MEMORY = 1.5
_TIMES_A_MAIL = 2.0
_TWO_PROCESSES = 1.5
_WORTH_SHARING = 1000
_CURRENT_MS = 200.0
_READING_MS = 1000.0
_MB = 1e6


def reading(table: Table, box: Box, rounds: int, smaller: Run | None) -> Run:
    """Read the arguments of a mailbox and put them together; then of one mail more.

    Parameters
    ----------
    table : Table
        Where the rows go.
    box : Box
        Imported.
    rounds : int
        Of the commands that read, and of looking whether everything is current.
    smaller : Run, optional
        What the mailbox of the size before took.

    Returns
    -------
    Run
        Of reading all mails, in one process.
    """
    with TemporaryDirectory(dir=box.mbox.parent) as folder:
        path = Path(copy(box.database, folder))
        _stages(path, "evidence")
        if smaller is None:
            _shared(table, box, path, Path(folder))
        whole, spent = _stages(path, "arguments")
        rate = box.mails * 60 / spent["arguments"]["cpu_s"]
        note = f"one process, by cpu; {spent['arguments']['found']:,} units"
        table.add(Row("arguments", box.mails, rate, "mails/min", _A_MINUTE, note=note))
        table.add(Row("  memory", box.mails, whole.anon_bytes / _MB, "MB", _GOAL_MB, False))
        if smaller is not None:
            times = whole.anon_bytes / smaller.anon_bytes
            what = "  memory, times the smaller size's"
            table.add(Row(what, box.mails, times, "x", _TIMES_THE_MEMORY, False))
        done, spent = _stages(path, "claims")
        note = f"{spent['claims']['found']:,} claims, relations, points and decisions"
        table.add(Row("claims", box.mails, spent["claims"]["cpu_s"], "cpu s", note=note))
        table.add(Row("  memory", box.mails, done.anon_bytes / _MB, "MB", _GOAL_MB, False))
        _more(table, box, path, Path(folder), rounds)
        _commands(table, box, path, rounds)
    return whole


def _shared(table: Table, box: Box, path: Path, folder: Path) -> None:
    """Compare one process with two; each is given a fresh database."""

    def work(jobs: int) -> Run:
        fresh = Path(copy(path, folder / f"jobs-{jobs}.db"))
        return _stages(fresh, "arguments", jobs)[0]

    runs = interleave({str(jobs): partial(work, jobs) for jobs in (1, 2)}, 1)
    goal = _TWO_PROCESSES if box.mails >= _WORTH_SHARING else None
    what = "arguments, times as fast by 2 processes"
    times = ratio(runs["1"], runs["2"])
    note = f"cpu {ratio(runs['2'], runs['1'], 'cpu_s'):.2f} times as much"
    table.add(Row(what, box.mails, times, "x", goal, note=note))


def _more(table: Table, box: Box, path: Path, folder: Path, rounds: int) -> None:
    """Add one mail; then add nothing."""
    more = folder / "more.mbox"
    more.write_bytes(MORE)
    importing = [sys.executable, "-m", "threadkit", "import", str(more), "--db", str(path)]
    run([*importing, "--workers", "0"])
    _stages(path, "evidence")
    one, spent = _stages(path, "arguments,claims")
    parts = ", ".join(f"{name} {took['cpu_s']:.2f}" for name, took in spent.items())
    what = "arguments and claims, one mail more"
    table.add(Row(what, box.mails, one.cpu_s, "cpu s", note=parts))
    row = json.loads(run([sys.executable, "-m", __spec__.name, str(path), str(rounds)]).output)
    what = "arguments and claims, nothing new"
    table.add(Row(what, box.mails, row["ms"], "ms", _CURRENT_MS, False))


def _commands(table: Table, box: Box, path: Path, rounds: int) -> None:
    """Time whole processes that read what was found."""
    commands = ("claims", "claims --unanswered", "show c1", "questions", "positions")
    given = ["--no-pager", "--db", str(path)]
    # Exit code 1 says that there is nothing to show, which may be so of generated mail.
    program = ["/bin/sh", "-c", '"$@" || [ $? -eq 1 ]', "sh", sys.executable, "-m", "threadkit"]
    works = {
        name: partial(run, [*program, name.split()[0], *given, *name.split()[1:]])
        for name in commands
    }
    for name, runs in interleave(works, min(rounds, 3)).items():
        cpu_ms = middle(runs, "cpu_s") * 1000
        lines = runs[0].output.count(b"\n")
        note = f"by cpu; {lines:,} lines"
        what = f"threadkit {name}"
        table.add(Row(what, box.mails, cpu_ms, "ms", _READING_MS, False, note))


def talking(table: Table, sizes: list[int], folder: Path) -> None:
    """Put together conversations of many mails: what a mail costs should not grow with them.

    Parameters
    ----------
    table : Table
        Where the rows go.
    sizes : list of int
        Mails of one conversation, rising.
    folder : Path
        For mailboxes and databases.
    """
    before = 0.0
    for mails in sizes:
        box, path = folder / f"talk-{mails}.mbox", folder / f"talk-{mails}.db"
        with box.open("wb") as out:
            for raw in debate(mails):
                out.write(mbox_entry(raw))
        run([sys.executable, "-m", "threadkit", "import", str(box), "--db", str(path)])
        _stages(path, "arguments")
        done, spent = _stages(path, "claims")
        took = spent["claims"]["cpu_s"]
        what = "claims of one conversation"
        table.add(Row(what, mails, took, "cpu s", note=f"{done.anon_bytes / _MB:.0f} MB"))
        if before:
            times = took / mails / before
            what = "  cost a mail, times the smaller size's"
            table.add(Row(what, mails, times, "x", _TIMES_A_MAIL, False))
        before = took / mails
        box.unlink()
        path.unlink()


def _stages(path: Path, stages: str, jobs: int = 1) -> tuple[Run, dict[str, Any]]:
    done = run([sys.executable, "-m", __spec__.name, str(path), stages, str(jobs)])
    return done, json.loads(done.output)


def stage_seconds(path: Path, stages: str, jobs: int) -> dict[str, dict[str, float]]:
    """Run stages one by one, in CPU seconds of all processes."""
    from threadkit.pipeline.analysis import EVIDENCE, analyze

    spent: dict[str, dict[str, float]] = {}
    for name in EVIDENCE if stages == "evidence" else stages.split(","):
        before = _cpu_s()
        (report,) = analyze(path, only=[name], jobs=jobs)
        spent[name] = {"cpu_s": _cpu_s() - before, "found": report.found}
    return spent


def current_ms(path: Path, rounds: int) -> dict[str, float]:
    """Time looking whether everything is current, which reading commands do first."""
    from threadkit.pipeline.analysis import ARGUMENTS, bring_up_to_date

    spent = []
    for _ in range(rounds):
        started = time.process_time()
        if bring_up_to_date(path, stages=ARGUMENTS) != "current":
            raise AssertionError(f"{path} cannot be written")
        spent.append((time.process_time() - started) * 1000)
    return {"ms": median(spent)}


def _cpu_s() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    database, *rest = sys.argv[1:]
    if len(rest) == 1:
        sys.stdout.write(json.dumps(current_ms(Path(database), int(rest[0]))))
    else:
        sys.stdout.write(json.dumps(stage_seconds(Path(database), rest[0], int(rest[1]))))

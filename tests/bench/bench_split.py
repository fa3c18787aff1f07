"""How fast mailboxes are split, plain and packed.

python tests/bench/bench_split.py BOX.mbox [ROUNDS]   (packed copies of it are timed as well)
"""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
import time
from pathlib import Path

from threadkit.fetch.files import open_sources


def split_s(path: Path) -> tuple[float, float, int]:
    """Return wall seconds, CPU seconds and the number of mails."""
    wall, cpu = time.perf_counter(), time.process_time()
    count = sum(1 for source in open_sources([str(path)]) for _ in source)
    return time.perf_counter() - wall, time.process_time() - cpu, count


def report(name: str, path: Path, rounds: int) -> None:
    """Print one line: the median rate over the rounds."""
    runs = [split_s(path) for _ in range(rounds)]
    wall = statistics.median(run[0] for run in runs)
    cpu = statistics.median(run[1] for run in runs)
    count = runs[0][2]
    print(f"{name:6} {count} mails: {count / wall:,.0f}/s wall, {count / cpu:,.0f}/s CPU")  # noqa: T201


def main(box: Path, rounds: int) -> None:
    """Time the plain file and a packed copy."""
    report("plain", box, rounds)
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "box"
        packed.write_bytes(gzip.compress(box.read_bytes(), 6))
        report("gzip", packed, rounds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)

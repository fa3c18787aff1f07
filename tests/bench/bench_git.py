"""How fast a public-inbox epoch is read, against a bare ``git cat-file --batch --buffer``.

python tests/bench/bench_git.py EPOCH.git [ROUNDS]   (a bare v2 epoch; rounds interleave)

Git alone is timed twice: with its output thrown away, and through a pipe into ``cat``, which
is the least that any reader must do. A ratio is git's time / ours: 1.0 is as fast as git
alone, 0.9 is the aim. Both cores must be idle, or the two processes share one.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from threadkit.fetch.files import open_sources


def bare_s(epoch: Path, *, pipe: bool) -> float:
    """Time git alone: list the commits, hand over every mail, throw it away."""
    start = time.perf_counter()
    git = ["git", f"--git-dir={epoch}"]
    commits = subprocess.Popen([*git, "rev-list", "--reverse", "HEAD"], stdout=subprocess.PIPE)
    names = subprocess.Popen(["sed", "s/$/:m/"], stdin=commits.stdout, stdout=subprocess.PIPE)
    mails = subprocess.Popen(
        [*git, "cat-file", "--batch", "--buffer"],
        stdin=names.stdout,
        stdout=subprocess.PIPE if pipe else subprocess.DEVNULL,
    )
    if pipe:
        subprocess.run(["cat"], stdin=mails.stdout, stdout=subprocess.DEVNULL, check=True)
    for process in (commits, names, mails):
        if process.stdout:
            process.stdout.close()
        process.wait()
    return time.perf_counter() - start


def ours_s(epoch: Path) -> tuple[float, int]:
    """Time our reading of the same epoch, start-up and checks included."""
    start = time.perf_counter()
    count = 0
    for source in open_sources([str(epoch)]):
        count += sum(1 for _ in source)
    return time.perf_counter() - start, count


def main(epoch: Path, rounds: int) -> None:
    """Print rates and the ratio, medians over interleaved rounds."""
    runs: list[tuple[float, float, float]] = []
    count = 0
    for _ in range(rounds):
        thrown, piped = bare_s(epoch, pipe=False), bare_s(epoch, pipe=True)
        ours, count = ours_s(epoch)
        runs.append((thrown, piped, ours))
    rates = [count / statistics.median(column) for column in zip(*runs, strict=True)]
    ratios = [statistics.median(run[n] / run[2] for run in runs) for n in (0, 1)]
    names = ("git, thrown away", "git | cat", "threadkit")
    for name, rate, ratio in zip(names, rates, (*ratios, 1.0), strict=True):
        print(f"{name:17} {rate:8,.0f} mails/s  ratio {ratio:.2f}")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)

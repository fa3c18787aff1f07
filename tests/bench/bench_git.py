"""How fast a public-inbox epoch is read, against a bare ``git cat-file --batch --buffer``.

python tests/bench/bench_git.py EPOCH.git [ROUNDS]   (a bare v2 epoch; rounds interleave)

The ratio is bare time / our time, so 1.0 is as fast as git alone and 0.9 is the aim.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

from threadkit.fetch.files import open_sources


def bare_s(epoch: Path) -> float:
    """Time git alone: list the commits, hand over every mail, throw it away."""
    start = time.perf_counter()
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
    pairs: deque[tuple[float, float]] = deque()
    count = 0
    for _ in range(rounds):
        bare = bare_s(epoch)
        ours, count = ours_s(epoch)
        pairs.append((bare, ours))
    bare = statistics.median(pair[0] for pair in pairs)
    ours = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
    print(f"{count} mails: git alone {count / bare:,.0f}/s, threadkit {count / ours:,.0f}/s")  # noqa: T201
    print(f"ratio {ratio:.2f} (aim: 0.90)")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)

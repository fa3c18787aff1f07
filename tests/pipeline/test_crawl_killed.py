"""A crawl that is killed anywhere goes on where it was, and ends with the same database."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipeline.contents import contents
from tests.pipeline.crawled import START, World
from tests.pipeline.fetches import Fetching
from threadkit.errors import NotAThreadkitStore, StoreMissing

PROGRAM = [sys.executable, "-m", "threadkit"]
QUEUE = "SELECT kind, name, state, depth, mail_count FROM fetch_queue ORDER BY 1, 2"
COMMITS = "SELECT sha, subject, release, mainline, patch_id FROM git_commit ORDER BY sha"
TABLES = "SELECT name FROM sqlite_master"
NAMES = "SELECT name, origin, state, sha FROM commit_name ORDER BY 1, 2"


@pytest.fixture(scope="module")
def whole(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Fetching, float]:
    """An undisturbed run, and how long the program takes for it."""
    db = tmp_path_factory.mktemp("whole") / "t.db"
    started = time.monotonic()
    process = start(db, world)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return Fetching(db, [world.lore], [world.cgit]), time.monotonic() - started


def start(db: Path, world: World) -> subprocess.Popen[str]:
    command = [*PROGRAM, "--db", str(db), "fetch", START, "--with-cited=2", "--nl"]
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "THREADKIT_LORE": world.lore,
        "THREADKIT_CGIT": world.cgit,
    }
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )


def everything(fetching: Fetching) -> tuple[object, ...]:
    """What a database says, without the times and row ids."""
    return (
        contents(fetching.db),
        fetching.rows(COMMITS), fetching.rows(NAMES), fetching.rows(QUEUE),
    )  # fmt: skip


def sound(fetching: Fetching) -> bool:
    """Nothing is wrong; a kill may also come before the file is made or has its tables."""
    try:
        return fetching.findings() == []
    except StoreMissing:
        return not fetching.db.exists()
    except NotAThreadkitStore as error:
        return "an empty database" in str(error) and not fetching.rows(TABLES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment(
    world: World, whole: tuple[Fetching, float], tmp_path: Path, seed: int
) -> None:
    undisturbed, seconds = whole
    moments = random.Random(seed)
    killed = Fetching(tmp_path / "t.db", [world.lore], [world.cgit])
    for _ in range(4):
        process = start(killed.db, world)
        try:
            process.communicate(timeout=moments.uniform(0.3, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        assert sound(killed)
    process = start(killed.db, world)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert everything(killed) == everything(undisturbed)
    assert killed.findings() == []


@pytest.mark.parametrize(
    ("results", "how"),
    [(1, signal.SIGKILL), (3, signal.SIGKILL), (6, signal.SIGKILL), (2, signal.SIGINT)],
)
def test_what_was_told_is_stored_and_not_asked_for_again(
    world: World, whole: tuple[Fetching, float], tmp_path: Path, results: int, how: signal.Signals
) -> None:
    killed = Fetching(tmp_path / "t.db", [world.lore], [world.cgit])
    process = start(killed.db, world)
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(results)]
    assert all(line.startswith("{") and line.endswith("}\n") for line in told)
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    if how == signal.SIGINT and process.returncode:  # it may have been done
        assert process.returncode == 130
        assert errors.endswith("threadkit: interrupted\n")
    assert killed.findings() == []
    done = killed.rows("SELECT name, fetched_utc FROM fetch_queue WHERE state = 'done'")
    assert len(done) >= min(results, 1)
    process = start(killed.db, world)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert everything(killed) == everything(whole[0])
    after = dict(killed.rows("SELECT name, fetched_utc FROM fetch_queue"))
    assert dict(done).items() <= after.items()  # nothing of it was fetched anew


def test_two_runs_at_once(world: World, whole: tuple[Fetching, float], tmp_path: Path) -> None:
    both = Fetching(tmp_path / "t.db", [world.lore], [world.cgit])
    processes = [start(both.db, world) for _ in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        busy = "another fetch is at work on this database; what was asked for waits" in errors
        assert process.returncode == (4 if busy else 0), errors
    both()  # what the second left word of, if the first was not done before
    assert contents(both.db) == contents(whole[0].db)
    assert both.rows(COMMITS) == whole[0].rows(COMMITS)
    assert both.rows("SELECT name, state FROM fetch_queue ORDER BY 1") == whole[0].rows(
        "SELECT name, state FROM fetch_queue ORDER BY 1"
    )
    assert both.findings() == []

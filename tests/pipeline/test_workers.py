"""Worker processes that die, cannot be had, or would run somebody's script again."""

from __future__ import annotations

import concurrent.futures.process
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.pipeline.contents import contents, table
from tests.pipeline.mails import mbox
from tests.pipeline.test_importing import many
from threadkit.errors import WorkerLost
from threadkit.pipeline import importing, prepare
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.report import Progress
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

COUNT = 320


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A mailbox that takes the way of a large one: workers, a dictionary, many batches."""
    monkeypatch.setattr(importing, "CHUNK_MAILS", 20)
    monkeypatch.setattr(importing, "BATCH_MAILS", 40)
    monkeypatch.setattr(importing, "SAMPLE_MAILS", 60)
    monkeypatch.setattr(importing, "TRAIN_FROM_MAILS", 50)
    path = tmp_path / "in.mbox"
    path.write_bytes(mbox(many(COUNT)))
    return str(path)


def stored(db: Path) -> int:
    return int(table(db, "SELECT count(*) FROM raw")[0][0])


def sound(db: Path) -> list[object]:
    conn = open_read(db)
    try:
        return list(verify(conn))
    finally:
        conn.close()


@pytest.mark.parametrize("after", [1, 3])
def test_a_killed_worker_is_a_clear_error_and_the_next_import_heals(
    source: str, tmp_path: Path, after: int
) -> None:
    db = tmp_path / "t.db"
    steps: list[Progress] = []

    def kill(step: Progress) -> None:
        steps.append(step)
        if len(steps) == after:
            multiprocessing.active_children()[0].kill()

    with pytest.raises(WorkerLost, match=r"worker process was killed.*import again"):
        import_mail(db, [source], workers=2, progress=kill)
    assert steps[-1].stored <= stored(db) < COUNT
    assert sound(db) == []
    assert multiprocessing.active_children() == []
    import_mail(db, [source], workers=2)
    import_mail(tmp_path / "whole.db", [source], workers=0)
    assert contents(db) == contents(tmp_path / "whole.db")


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_in_the_program_names_the_mail_and_keeps_what_was_stored(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    if workers and threading.active_count() > 1:
        pytest.skip("spawned workers do not see what a test patches")
    real = prepare.parse

    def parse(data: bytes) -> object:
        if b"Some text of mail 7 " in data:
            raise LookupError("a bug")
        return real(data)

    monkeypatch.setattr(prepare, "parse", parse)
    db = tmp_path / "t.db"
    with pytest.raises(LookupError, match="a bug") as caught:
        import_mail(db, [source], workers=workers)
    assert "in the mail at" in caught.value.__notes__[0]
    assert sound(db) == []


def test_no_workers_where_the_system_cannot_share_work(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise NotImplementedError("this system has no semaphores")

    monkeypatch.setattr(concurrent.futures.process, "_check_system_limits", refuse)
    assert import_mail(tmp_path / "t.db", [source], workers=2).added == COUNT


def _import_in_a_daemon(db: str, source: str) -> int:
    return import_mail(db, [source], workers=2).added


def test_no_workers_inside_a_worker_of_somebody_else(source: str, tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        added = pool.apply(_import_in_a_daemon, (str(tmp_path / "t.db"), source))
    assert added == COUNT


SCRIPT = """
import sys, threading
from threadkit.pipeline import importing

print("script", flush=True)
importing.SAMPLE_MAILS = 60
def go():
    report = importing.import_mail(sys.argv[1], [sys.argv[2]], workers={workers})
    print("added", report.added)
{guard}
    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize(
    ("workers", "guard"), [("None", "if True:"), ("2", "if __name__ == '__main__':")]
)
def test_an_import_beside_threads_does_not_run_a_script_twice(
    source: str, tmp_path: Path, workers: str, guard: str
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(workers=workers, guard=guard))
    command = [sys.executable, str(script), str(tmp_path / "t.db"), source]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == f"added {COUNT}"
    assert (done.stdout.count("script") == 1) == (workers == "None")


def test_a_notebook_has_workers_although_it_has_threads(
    monkeypatch: pytest.MonkeyPatch, source: str, tmp_path: Path
) -> None:
    """Its main module is no file, so that spawned workers run nothing twice."""
    monkeypatch.setitem(sys.modules, "__main__", type(sys)("__main__"))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    children: list[int] = []

    def look(step: Progress) -> None:
        children.append(len(multiprocessing.active_children()))

    idle = threading.Event()
    thread = threading.Thread(target=idle.wait)
    thread.start()
    try:
        assert import_mail(tmp_path / "t.db", [source], progress=look).added == COUNT
    finally:
        idle.set()
        thread.join()
    assert max(children) >= 1

"""An import that is killed, interrupted or out of room: what was reported is there, whole."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipeline.contents import contents, table
from tests.pipeline.mails import mbox
from tests.pipeline.test_importing import many
from threadkit.errors import StoreBusy, StoreFull
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

# A program of its own, so that it can be killed. It reports each commit, as the CLI does.
PROGRAM = """
import sys
from threadkit.pipeline import importing
importing.BATCH_MAILS = importing.CHUNK_MAILS = int(sys.argv[3])
importing.import_mail(sys.argv[1], [sys.argv[2]], workers=int(sys.argv[4]),
                      progress=lambda p: print("stored", p.stored, flush=True))
print("end", flush=True)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mail") / "many.mbox"
    path.write_bytes(mbox(many(2600)))
    return path


@pytest.fixture(scope="module")
def whole(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple]]:
    db = tmp_path_factory.mktemp("whole") / "t.db"
    import_mail(db, [str(source)], workers=0)
    return contents(db)


def start(db: Path, source: Path, *, batch: int = 100, workers: int = 2) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(db), str(source), str(batch), str(workers)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def sound(db: Path) -> list[object]:
    conn = open_read(db)
    try:
        return list(verify(conn))
    finally:
        conn.close()


@pytest.mark.parametrize("reports", [1, 4, 9, 17])
def test_a_killed_import_keeps_what_it_reported(
    source: Path, whole: dict[str, list[tuple]], tmp_path: Path, reports: int
) -> None:
    db = tmp_path / "t.db"
    process = start(db, source)
    assert process.stdout is not None
    reported = 0
    for line in process.stdout:
        reported = int(re.findall(r"stored (\d+)", line)[0])
        reports -= 1
        if not reports:
            break
    # Not at a commit, but somewhere in the middle of the next batch.
    time.sleep(0.02)
    process.kill()
    process.communicate()
    stored = table(db, "SELECT count(*) FROM raw")[0][0]
    assert reported <= stored <= 2600
    assert sound(db) == []
    import_mail(db, [str(source)], workers=0)
    assert contents(db) == whole


def test_workers_die_with_a_killed_import(source: Path, tmp_path: Path) -> None:
    process = start(tmp_path / "t.db", source)
    assert process.stdout is not None
    process.stdout.readline()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    workers = [int(pid) for pid in children.read_text().split()]
    assert workers
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20
    while any(_alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in workers)


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_ctrl_c_leaves_whole_batches(source: Path, tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    process = start(db, source)
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors
    assert errors.count("Traceback") == 1, errors
    assert sound(db) == []


def test_a_full_disk_is_a_clear_error_and_loses_nothing(source: Path, tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    code = PROGRAM.replace(
        "importing.import_mail(",
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))\n"
        "importing.import_mail(",
    )
    command = [sys.executable, "-c", code, str(db), str(source), "100", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no room left" in done.stderr
    reported = int(re.findall(r"stored (\d+)", done.stdout)[-1])
    assert table(db, "SELECT count(*) FROM raw")[0][0] >= reported > 0
    assert sound(db) == []


def test_a_full_database_rolls_the_batch_back(source: Path, tmp_path: Path) -> None:
    from tests.pipeline.mails import mail

    db = tmp_path / "t.db"
    small = tmp_path / "small.mbox"
    small.write_bytes(mbox([mail("first")]))
    import_mail(db, [str(small)])
    before = contents(db)
    pages = table(db, "PRAGMA page_count")[0][0]
    with pytest.MonkeyPatch.context() as patch:
        from threadkit.pipeline import importing

        real = importing.open_write

        def tight(path: Path) -> object:
            opened = real(path)
            opened.execute(f"PRAGMA max_page_count = {pages + 20}")
            return opened

        patch.setattr(importing, "open_write", tight)
        with pytest.raises(StoreFull, match="no room left"):
            import_mail(db, [str(source)], workers=0)
    assert contents(db) == before
    assert sound(db) == []


def test_a_locked_database_is_a_clear_error(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = tmp_path / "t.db"
    import_mail(db, [str(source)], workers=0)
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("threadkit.store.connection.open_write.__kwdefaults__",
                        {"busy_timeout_ms": 50})  # fmt: skip
    try:
        with pytest.raises(StoreBusy, match="another process"):
            import_mail(db, [str(source)])
    finally:
        other.close()


def test_memory_does_not_grow_with_the_mailbox(tmp_path: Path) -> None:
    """Four times the mail, nearly the same peak: batches are let go."""
    code = PROGRAM + "\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    peaks = []
    for count in (2000, 8000):
        box = tmp_path / f"{count}.mbox"
        box.write_bytes(mbox(many(count)))
        command = [sys.executable, "-c", code, str(tmp_path / f"{count}.db"), str(box), "500", "0"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout.split()[-1]))
    assert peaks[1] < 1.35 * peaks[0], peaks


def test_two_imports_at_once_into_one_database(source: Path, tmp_path: Path) -> None:
    """Both train a dictionary, number rows and merge people; nothing doubles or breaks."""
    db = tmp_path / "t.db"
    both = [start(db, source), start(db, source)]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert table(db, "SELECT count(*), count(DISTINCT sha256) FROM raw") == [(2600, 2600)]
    assert sound(db) == []

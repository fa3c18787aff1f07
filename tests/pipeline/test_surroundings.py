"""What changes around an import: its database, its sources, the names they go by."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.contents import table
from tests.pipeline.mails import mail, mbox
from threadkit.errors import SourceError, StoreError
from threadkit.pipeline import importing
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.report import Progress
from threadkit.store.connection import open_read, open_write
from threadkit.store.verify import verify

MAILS = [mail(f"n{k}", minute=k, body=f"Text number {k}.\n" * 5) for k in range(60)]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "t.db"


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "mail" / "in.mbox"
    path.parent.mkdir()
    path.write_bytes(mbox(MAILS))
    return path


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK_MAILS", 5)
    monkeypatch.setattr(importing, "BATCH_MAILS", 10)
    monkeypatch.setattr(importing, "SAMPLE_MAILS", 10)


def stored(db: Path) -> int:
    return int(table(db, "SELECT count(*) FROM raw")[0][0])


def sound(db: Path) -> list[object]:
    conn = open_read(db)
    try:
        return list(verify(conn))
    finally:
        conn.close()


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("instead", ["nothing", "another"])
def test_a_database_that_goes_away_is_not_reported_as_stored(
    box: Path, db: Path, tmp_path: Path, instead: str
) -> None:
    steps: list[Progress] = []

    def lose(step: Progress) -> None:
        steps.append(step)
        if len(steps) == 2:
            for name in ("t.db", "t.db-wal", "t.db-shm"):
                (tmp_path / name).unlink()
            if instead == "another":
                import_mail(db, [str(box)], workers=0)

    with pytest.raises(StoreError, match="deleted or replaced"):
        import_mail(db, [str(box)], workers=0, progress=lose)
    assert len(steps) == 2
    if instead == "another":
        assert stored(db) == len(MAILS)
        assert sound(db) == []


def test_one_source_by_any_name_is_one_source(
    box: Path, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link.mbox").symlink_to(box)
    (tmp_path / "linked").symlink_to(box.parent)
    monkeypatch.chdir(tmp_path)
    names = ["mail/in.mbox", str(box), "link.mbox", "mail/../mail/in.mbox", "linked", "mail"]
    report = import_mail(db, names)
    assert (report.added, report.known, report.problems) == (60, 5 * 60, [])
    assert table(db, "SELECT uri, mail_count FROM source") == [(str(box), 60)]
    before = db.read_bytes()
    assert import_mail(db, names).added == 0
    assert db.read_bytes() == before


def test_a_loop_of_links_is_no_endless_source(box: Path, db: Path) -> None:
    (box.parent / "loop").symlink_to(box.parent)
    (box.parent / "dangling").symlink_to(box.parent / "nowhere")
    assert import_mail(db, [str(box.parent)]).added == 60


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("change", ["grow", "cut", "delete", "replace"])
def test_a_mailbox_that_changes_while_it_is_read(box: Path, db: Path, change: str) -> None:
    whole = box.read_bytes()
    box.write_bytes(whole * 40)  # more than is read at once
    more = mbox([mail("late", minute=99)])
    changed: list[Progress] = []

    def disturb(step: Progress) -> None:
        if changed:
            return
        changed.append(step)
        if change == "grow":
            with box.open("ab") as file:
                file.write(more)
        elif change == "cut":
            os.truncate(box, len(whole) * 3 + 700)
        elif change == "delete":
            box.unlink()
        else:
            box.rename(box.with_name("other"))
            box.write_bytes(more)

    import_mail(db, [str(box)], workers=0, progress=disturb)
    assert changed
    assert sound(db) == []
    assert stored(db) >= len(MAILS)
    box.write_bytes(whole + more)
    import_mail(db, [str(box)])
    rows = table(db, "SELECT count(DISTINCT message_id) FROM message WHERE imposter = 0")
    assert rows == [(len(MAILS) + 1,)]
    assert sound(db) == []


OTHER = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1])
print(other.execute("SELECT count(*) FROM raw").fetchone()[0])
other.close()
"""


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("name", ["t.db", "link.db"])
def test_a_folder_that_holds_the_database_costs_it_no_lock(
    box: Path, db: Path, tmp_path: Path, name: str
) -> None:
    """Closing a file drops all locks of the process on it; SQLite would lose its log."""
    open_write(db).close()
    (tmp_path / "link.db").symlink_to(db)
    seen: list[tuple[int, int]] = []

    def look(step: Progress) -> None:
        command = [sys.executable, "-c", OTHER, str(db)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seen.append((step.stored, int(done.stdout)))

    import_mail(db, [str(tmp_path / name), str(tmp_path)], workers=0, progress=look)
    assert seen[-1] == (60, 60)
    assert all(stored == found for stored, found in seen)
    assert sound(db) == []


def test_the_database_itself_is_no_source_and_no_problem_of_its_folder(
    box: Path, db: Path, tmp_path: Path
) -> None:
    report = import_mail(db, [str(tmp_path)])
    assert (report.added, report.problems) == (60, [])
    before = db.read_bytes()
    with pytest.raises(SourceError, match="the database that mail is imported into"):
        import_mail(db, [str(db)])
    assert import_mail(db, [str(tmp_path)]).problems == []
    assert db.read_bytes() == before


MANY = """
import gc, resource, sys
from threadkit.pipeline.importing import import_mail
sizes = []
for number in range(200):
    import_mail(sys.argv[1], [f"{sys.argv[2]}/{number}.mbox"], workers=0)
    if number in (39, 199):
        gc.collect()
        sizes.append(len(gc.get_objects()))
        sizes.append(int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize())
import os
print(*sizes, len(os.listdir("/proc/self/fd")))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_two_hundred_imports_in_one_process_leave_nothing_behind(db: Path, tmp_path: Path) -> None:
    for number in range(200):
        mails = [mail(f"m{number}-{k}", to="n0", minute=number) for k in range(2)]
        (tmp_path / f"{number}.mbox").write_bytes(mbox(mails + MAILS[:5]))
    command = [sys.executable, "-c", MANY, str(db), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    objects, size, objects_later, size_later, files = map(int, done.stdout.split())
    assert objects_later - objects < 500
    assert size_later - size < 4_000_000
    assert files < 10

"""Mails that several processes read: the same findings, and nobody left behind."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from shutil import copy

import pytest

from tests.pipeline.contents import table
from tests.pipeline.mails import mail, mbox
from threadkit.errors import WorkerLost
from threadkit.pipeline.analysis import StageProgress, analyze
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages import mails as stage
from threadkit.pipeline.workers import Crew

COUNT = 130
BODIES = (
    "Sound broke in v5.9-rc1, bisected to a1b2c3d4e5f6.\n",
    'Nothing here.\n\nSee commit 0123456789ab ("mm: some page").\n',
    "#regzbot introduced: v5.8..v5.9\n\nThis patch breaks my laptop.\n",
    "Sorry, but this will break every user of pinned pages.\n",
)
FINDINGS = (
    "SELECT message, position, kind, value, detail, start, stop, rule, score, mood FROM signal",
    "SELECT message, position, role, rule, score FROM citation_role",
    "SELECT message FROM analyzed",
)

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork"
)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if threading.active_count() > 1:
        pytest.skip("other threads: workers would be spawned, which takes long")
    monkeypatch.setattr(stage, "BATCH", 10)
    monkeypatch.setattr("threadkit.pipeline.workers.usual_workers", lambda: 3)
    box = tmp_path / "box"
    replies = [mail(f"m{n}", to=f"m{n // 3}" if n else None, body=BODIES[n % 4] + f"{n}\n", minute=n)
               for n in range(COUNT)]  # fmt: skip
    box.write_bytes(mbox(replies))
    path = tmp_path / "shared.db"
    import_mail(path, [str(box)], workers=0)
    return path


def findings(path: Path) -> list[list[tuple[object, ...]]]:
    return [sorted(table(path, query)) for query in FINDINGS]


def test_processes_find_what_one_finds(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = database.with_name("alone.db")
    copy(database, alone)
    analyze(alone, only=["mails"])
    began: list[int] = []
    real = Crew.each

    def each(self: Crew, *work: object) -> object:
        began.append(self.workers)
        return real(self, *work)  # type: ignore[arg-type]

    monkeypatch.setattr(Crew, "each", each)
    monkeypatch.setattr(stage, "SHARED_FROM", COUNT)
    told: list[StageProgress] = []
    (report,) = analyze(database, only=["mails"], tell=told.append)
    assert began == [3] * 13
    assert [one.done for one in told] == list(range(10, COUNT + 1, 10))
    assert (report.read, report.found) == (COUNT, sum(map(len, findings(alone)[:2])))
    assert findings(database) == findings(alone)
    assert all(findings(alone))
    assert multiprocessing.active_children() == []


def test_few_mails_and_one_processor_start_no_process(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "SHARED_FROM", COUNT)
    monkeypatch.setattr("threadkit.pipeline.workers.usual_workers", lambda: 1)
    monkeypatch.setattr(Crew, "__init__", None)
    (report,) = analyze(database, only=["mails"])
    assert report.read == COUNT


def test_a_killed_worker_is_said_and_what_was_read_is_kept(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "SHARED_FROM", COUNT)

    def kill(step: StageProgress) -> None:
        if step.done == 20:
            for child in multiprocessing.active_children():
                child.kill()

    with pytest.raises(WorkerLost, match=r"worker process was killed.*analyze again$"):
        analyze(database, only=["mails"], tell=kill)
    assert multiprocessing.active_children() == []
    read = len(table(database, FINDINGS[2]))
    assert 20 <= read < COUNT
    (report,) = analyze(database, only=["mails"])
    assert report.read == COUNT - read


def test_breaking_off_leaves_no_process(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "SHARED_FROM", COUNT)

    def stop(step: StageProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analyze(database, only=["mails"], tell=stop)
    assert multiprocessing.active_children() == []
    assert len(table(database, FINDINGS[2])) == 10

"""What the whole system sees is changed only when allowed, and put back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from threadkit.cow.witness import host

UNTOUCHED = [
    Path("/proc/sys/vm/nr_hugepages"),
    Path("/sys/kernel/mm/ksm/run"),
]


def swaps() -> str:
    try:
        return Path("/proc/swaps").read_text()
    except OSError:
        return ""


def settings() -> list[str]:
    return [swaps(), *(path.read_text() for path in UNTOUCHED if path.exists())]


@pytest.fixture
def plan_seen(monkeypatch, tmp_path):
    """Return the settings that a plan got, without performing it."""
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path))
    monkeypatch.setattr(host, "program", lambda: Path("/bin/cat"))

    def seen(*, system: bool) -> list[str]:
        text = host.run_here(["scenario T 1", "end"], system=system)
        assert text.endswith("scenario T 1\nend\n")
        return [line for line in text.splitlines() if line.startswith("set")]

    return seen


def test_without_leave_nothing_of_the_system_is_changed(plan_seen):
    before = settings()
    found = plan_seen(system=False)
    assert not any(line.startswith(("set system", "set cgroup")) for line in found)
    assert found[0].startswith("set work ")
    assert settings() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change the system")
def test_with_leave_it_is_put_back(plan_seen, tmp_path):
    before = settings()
    assert "set system 1" in plan_seen(system=True)
    assert settings() == before
    assert list(tmp_path.iterdir()) == []


def test_leave_means_nothing_without_root(plan_seen, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "set system 1" not in plan_seen(system=True)


def test_work_folder_is_removed(plan_seen):
    work = plan_seen(system=False)[0].removeprefix("set work ")
    assert not Path(work).exists()


def test_a_program_without_end_is_killed_and_its_report_kept(monkeypatch, tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\necho @begin A\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(host, "program", lambda: slow)
    assert host.run_here([], seconds=0.5) == "@begin A\n"

"""Settings of the whole system: changed where that is possible, put back, or said not to be."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from threadkit.cow.witness import host, system
from threadkit.cow.witness.problems import Unavailable


@pytest.fixture
def machine(monkeypatch, tmp_path: Path) -> Path:
    """Return a folder that stands for the system's files."""
    for name in ("ksm", "group", "lock", "cache", "bin"):
        (tmp_path / name).mkdir()
    for name, content in zip(system.KSM_SETTINGS, ("20", "100", "1", "0"), strict=True):
        (tmp_path / "ksm" / name).write_text(f"{content}\n")
    (tmp_path / "huge").write_text("0\n")
    (tmp_path / "group" / "memory.limit_in_bytes").write_text("-1\n")
    monkeypatch.setattr(system, "HUGE_FILE", tmp_path / "huge")
    monkeypatch.setattr(system, "KSM_FOLDER", tmp_path / "ksm")
    monkeypatch.setattr(system, "GROUP_FOLDERS", (tmp_path / "none", tmp_path / "group"))
    monkeypatch.setattr(system, "LOCK_FOLDERS", (tmp_path / "none", tmp_path / "lock"))
    monkeypatch.setattr(system, "_GROUP_TURNS", 3)
    monkeypatch.setattr(system, "has_swap", lambda: False)
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tool(tmp_path, "swapon", 0)
    tool(tmp_path, "swapoff", 0)
    return tmp_path


def tool(machine: Path, name: str, code: int) -> None:
    path = machine / "bin" / name
    path.write_text(f'#!/bin/sh\necho "{name} $1" >> {machine}/log\nexit {code}\n')
    path.chmod(0o755)


def refuse_writes(monkeypatch, refused: Path) -> None:
    write = Path.write_text

    def write_text(self, *args, **named):
        if self == refused:
            raise OSError(errno.EROFS, "Read-only file system")
        return write(self, *args, **named)

    monkeypatch.setattr(Path, "write_text", write_text)


def program(machine: Path, script: str) -> Path:
    path = machine / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def ksm(machine: Path) -> list[str]:
    return [(machine / "ksm" / name).read_text().strip() for name in system.KSM_SETTINGS]


@pytest.mark.parametrize("end", ["exit 0", "kill -9 $$", "exec sleep 60"])
def test_ksm_that_the_program_started_is_stopped_from_outside(machine, monkeypatch, end: str):
    script = (
        f"cd {machine}/ksm; echo 2 > sleep_millisecs; echo 1 > run; cat run; cat ../huge; {end}"
    )
    monkeypatch.setattr(host, "program", lambda: program(machine, script))
    assert host.run_here([], system=True, seconds=1) == "1\n8\n"
    assert ksm(machine) == ["20", "100", "1", "0"]
    assert (machine / "huge").read_text().strip() == "0"
    assert [one.name for one in (machine / "group").iterdir()] == ["memory.limit_in_bytes"]
    assert (machine / "log").read_text().split()[::2] == ["swapon", "swapoff"]
    assert list((machine / "cache").iterdir()) == []


def test_what_cannot_be_written_is_left_and_the_run_goes_on(machine, monkeypatch):
    refuse_writes(monkeypatch, machine / "huge")
    monkeypatch.setattr(host, "program", lambda: Path("/bin/cat"))
    assert "scenario T 1" in host.run_here(["scenario T 1", "end"], system=True)


def test_a_setting_that_stays_changed_is_said_and_the_others_are_put_back(machine, monkeypatch):
    def change() -> None:
        with system.ksm_kept():
            for name in system.KSM_SETTINGS:
                (machine / "ksm" / name).write_text("1\n")
            refuse_writes(monkeypatch, machine / "ksm" / "run")

    with pytest.raises(system.NotPutBack, match="run is 1 instead of 0"):
        change()
    assert ksm(machine) == ["20", "100", "1", "1"]


@pytest.mark.parametrize("before", ["", "many\n"])
def test_huge_pages_of_a_kernel_that_counts_otherwise_are_left(machine, before: str):
    (machine / "huge").write_text(before)
    with system.huge_pages():
        assert (machine / "huge").read_text() == before


def test_enough_huge_pages_are_not_changed(machine):
    (machine / "huge").write_text("12\n")
    with system.huge_pages():
        assert (machine / "huge").read_text() == "12\n"


def test_a_swap_file_that_is_not_taken_is_removed(machine):
    tool(machine, "swapon", 255)
    with system.swap_file() as on:
        assert not on
    assert list((machine / "cache").iterdir()) == []
    assert "swapoff" not in (machine / "log").read_text()


def test_a_swap_file_that_is_still_used_is_kept_and_named(machine):
    tool(machine, "swapoff", 1)
    with (
        pytest.raises(system.NotPutBack, match=r"run swapoff .*/cache/swap-"),
        system.swap_file() as on,
    ):
        assert on
    (kept,) = (machine / "cache").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_no_room_for_a_swap_file_means_no_swap(machine, monkeypatch):
    monkeypatch.setattr(system, "_SWAP_BYTES", 1 << 20)
    (machine / "cache").rmdir()
    (machine / "cache").write_text("in the way")
    with system.swap_file() as on:
        assert not on


def test_a_group_that_is_in_use_is_said_to_stay(machine):
    def use() -> None:
        with system.control_group() as group:
            assert group is not None
            (group / "member").mkdir()

    with pytest.raises(system.NotPutBack, match="threadkit-"):
        use()


def test_a_group_goes_when_its_last_process_has_gone(machine, monkeypatch):
    with system.control_group() as group:
        assert group is not None
        (group / "member").mkdir()
        monkeypatch.setattr(system.time, "sleep", lambda _: (group / "member").rmdir())
    assert not group.exists()


def test_no_memory_controller_means_no_group(machine):
    (machine / "group" / "memory.limit_in_bytes").unlink()
    (machine / "group" / "cgroup.subtree_control").write_text("cpu memory_other\n")
    with system.control_group() as group:
        assert group is None


def test_two_runs_do_not_change_the_system_at_once(machine):
    with system.alone(1):
        for came in ([], [15]):
            with pytest.raises(Unavailable, match="another run"), system.alone(0, came):
                pytest.fail("both at once")
    with system.alone(0):
        assert not (machine / "none").exists()


def test_another_run_is_waited_for(machine, monkeypatch):
    lock = os.open(machine / "lock" / "threadkit-witness.lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    monkeypatch.setattr(system.time, "sleep", lambda _: fcntl.flock(lock, fcntl.LOCK_UN))
    with system.alone(60):
        pass
    os.close(lock)


def test_without_a_place_for_the_lock_nothing_is_changed(machine, monkeypatch):
    monkeypatch.setattr(system, "LOCK_FOLDERS", (machine / "none",))
    monkeypatch.setattr(host, "program", lambda: Path("/bin/cat"))
    with pytest.raises(Unavailable, match="no lock"):
        host.run_here(["end"], system=True)
    assert (machine / "huge").read_text() == "0\n"


def test_a_lock_that_is_a_link_is_not_followed(machine):
    (machine / "lock" / "threadkit-witness.lock").symlink_to(machine / "elsewhere")
    with pytest.raises(Unavailable, match="no lock"), system.alone(0):
        pass
    assert not (machine / "elsewhere").exists()

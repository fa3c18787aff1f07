"""What the whole system sees is changed only when allowed, and put back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from threadkit.cow.witness import host
from threadkit.cow.witness.problems import Unavailable

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


def test_the_compiler_may_have_arguments_and_is_part_of_the_name(monkeypatch, tmp_path):
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path / "cache"))
    calls = tmp_path / "calls"
    wrapper = tmp_path / "wrapper"
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {calls}\nfor last; do :; done\necho x > "$last"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("CC", f"{wrapper} --as 'two words'")
    first = host.program()
    assert calls.read_text().startswith("--as two words -std=")
    assert host.program() == first
    monkeypatch.setenv("CC", str(wrapper))
    second = host.program()
    monkeypatch.setattr(host, "FLAGS", ("-O0",))
    third = host.program()
    assert len({first, second, third}) == 3
    assert len(calls.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    ("given", "why"), [("no-such-compiler -x", r"\(no-such-compiler\)"), ("cc '", "CC names no")]
)
def test_a_compiler_that_is_not_there_is_named(monkeypatch, tmp_path, given: str, why: str):
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path))
    monkeypatch.setenv("CC", given)
    with pytest.raises(Unavailable, match=why):
        host.program()


@pytest.mark.parametrize("which", [".", "cache", "cache/program"])
def test_a_cache_that_others_can_write_is_refused(monkeypatch, tmp_path, which: str):
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache" / "program").mkdir(parents=True)
    (tmp_path / which).chmod(0o777)
    with pytest.raises(Unavailable, match=r"others can write .*THREADKIT_CACHE"):
        host.program()
    assert list((tmp_path / "cache" / "program").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("which", ["cache", "cache/program", "binary"])
def test_root_runs_nothing_that_a_user_owns(monkeypatch, tmp_path, which: str):
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path / "cache"))
    wrapper = tmp_path / "wrapper"
    wrapper.write_text('#!/bin/sh\nfor last; do :; done\necho x > "$last"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("CC", str(wrapper))
    built = host.program()
    os.chown(built if which == "binary" else tmp_path / which, 12345, 12345)
    with pytest.raises(Unavailable, match="others can write"):
        host.program()

"""However a run ends, its processes end with it, and the system is as it was before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from threadkit.cow.litmus.parse import parse
from threadkit.cow.witness import supervise
from threadkit.cow.witness.host import program, run_here
from threadkit.cow.witness.plan import plans
from threadkit.cow.witness.problems import Unavailable
from threadkit.cow.witness.report import is_complete, parse_report
from threadkit.cow.witness.system import GROUP_FOLDERS

RUN = """
import sys
from threadkit.cow.witness.host import run_here
run_here(open(sys.argv[1]).read().splitlines(), system=sys.argv[2] == "system", seconds=100)
print("not ended")
"""
GENERATIONS = parse(
    'COW G\nquestion "?"\n{ x = anon rw 1 2; thread helper of parent; }\n'
    "parent: fork child; child: fork grandchild; helper: fork other; parent: exit;\n"
    "child: write x[0] = 3; grandchild: exec; other: r0 = read x[0];\n"
    "exists (child:x[0] = 3)\n",
    origin="G.litmus",
)
KSM = Path("/sys/kernel/mm/ksm")


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THREADKIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        try:
            yield program()
        except Unavailable as error:
            pytest.skip(str(error))


def running(executable: Path) -> list[int]:
    """Return the processes that run this program; no other test has one of this path."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "exe").readlink() == executable:
                    found.append(int(entry.name))
            except OSError:
                pass  # it has ended, or is not ours
    return found


def settled(executable: Path) -> list[int]:
    """Return the processes that are left; one that is being killed gets its time."""
    until = time.monotonic() + 10
    while running(executable) and time.monotonic() < until:
        time.sleep(0.01)
    return running(executable)


def wait_for(executable: Path, count: int) -> None:
    until = time.monotonic() + 60
    while len(running(executable)) < count:
        assert time.monotonic() < until, "the program did not start"
        time.sleep(0.005)


def generations(count: int) -> list[str]:
    """Return scenarios whose actors outlive their parents."""
    (plan,) = plans(GENERATIONS)
    return [
        line.replace("scenario G ", f"scenario G{number} ")
        for number in range(count)
        for line in plan.lines
    ]


def blocked(name: str) -> list[str]:
    """Return a scenario whose child is in a call without end when its parent is gone."""
    return [
        f"scenario {name} 100",
        "actor parent process parent",
        "actor child process unborn",
        "page x anon rw 1 2",
        "handle v pipe x",
        "setup",
        "op 0 parent fork process=child",
        "op 1 parent exit",
        *(f"op {number} child take handle=v page=x" for number in range(2, 19)),
        "end",
    ]


@pytest.mark.parametrize("seconds", [0.0, 0.03, 0.1, 0.23, 0.4])
def test_time_over_leaves_no_process_and_keeps_the_report(compiled: Path, seconds: float):
    report = run_here(generations(3000), seconds=seconds)
    assert settled(compiled) == []
    assert not is_complete(report)
    records = list(parse_report(report).values())
    assert all(one.ended == "done" for one in records[:-1])


def test_generations_get_through_if_nobody_ends_them(compiled: Path):
    report = run_here(generations(2))
    assert is_complete(report)
    assert [one.ended for one in parse_report(report).values()] == ["done", "done"]
    assert [one.skipped for one in parse_report(report).values()] == ["", ""]
    assert settled(compiled) == []


def start(tmp_path: Path, lines: list[str], how: str) -> subprocess.Popen[str]:
    plan = tmp_path / "plan"
    plan.write_text("\n".join(lines))
    (tmp_path / "scratch").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(plan), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("later", [0.0, 0.02, 0.15])
def test_a_signal_ends_the_run_with_all_its_processes(
    compiled: Path, tmp_path: Path, number: int, later: float
):
    process = start(tmp_path, generations(5000), "alone")
    wait_for(compiled, 1)
    time.sleep(later)
    os.killpg(process.pid, number)  # as a terminal does
    output, _ = process.communicate(timeout=60)
    assert process.returncode == -number
    assert output == ""
    assert settled(compiled) == []
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_actor_that_blocks_and_has_no_parent_is_ended(
    compiled: Path, tmp_path: Path, number: int
):
    process = start(tmp_path, ["set patience 90000", *blocked("B")], "alone")
    wait_for(compiled, 3)  # the program, the scene, the child
    time.sleep(0.2)
    process.send_signal(number)  # with SIGKILL nobody is left who could tell the program
    process.communicate(timeout=60)
    assert process.returncode == -number
    assert settled(compiled) == []


@pytest.mark.parametrize("later", [0.0, 0.05, 0.2])
def test_a_program_that_is_killed_takes_its_processes_with_it(
    compiled: Path, tmp_path: Path, later: float
):
    plan = tmp_path / "plan"
    plan.write_text("\n".join(generations(5000)))
    process = subprocess.Popen([str(compiled), str(plan)], stdout=subprocess.DEVNULL)
    time.sleep(later)
    process.kill()
    process.wait()
    assert settled(compiled) == []


def seen_of_system() -> list[str]:
    files = [Path("/proc/sys/vm/nr_hugepages"), *sorted(KSM.glob("*_*")), KSM / "run"]
    changing = {"full_scans", "general_profit"}
    texts = [one.read_text() for one in files if one.exists() and one.name not in changing]
    groups = [str(one) for base in GROUP_FOLDERS for one in base.glob("threadkit-*")]
    return [*texts, *groups]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change the system")
@pytest.mark.parametrize("later", [0.0, 0.3])
def test_a_signal_finds_the_system_as_it_was(compiled: Path, tmp_path: Path, later: float):
    before = seen_of_system()
    process = start(tmp_path, generations(5000), "system")
    wait_for(compiled, 1)
    time.sleep(later)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGTERM, said
    assert settled(compiled) == []
    assert seen_of_system() == before
    assert str(compiled.parents[1]) not in Path("/proc/swaps").read_text()
    assert list(compiled.parents[1].glob("swap-*")) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change the system")
@pytest.mark.skipif(not (KSM / "run").exists(), reason="the kernel has no KSM")
def test_a_scene_that_is_ended_does_not_leave_ksmd_running(compiled: Path):
    before = (KSM / "run").read_text(), (KSM / "sleep_millisecs").read_text()
    differ = [
        "scenario K 1",  # pages that differ do not merge: the scene waits longer than that
        "actor parent process parent",
        "page x anon rw 1 2 mergeable",
        "page y anon rw 3 4 mergeable",
        "setup",
        *(
            f"op {turn} ksmd ksm_merge page=x process=parent other=y other_process=parent"
            for turn in range(200)
        ),
        "end",
    ]
    after = "scenario After 9\nactor parent process parent\nsetup\nend".splitlines()
    report = run_here([*differ, *after], system=True)
    records = parse_report(report)
    if records["K"].skipped:
        pytest.skip(records["K"].skipped)
    assert records["K"].ended == "timeout"
    assert ((KSM / "run").read_text(), (KSM / "sleep_millisecs").read_text()) == before


# --- supervising, without the program ------------------------------------------------------


def test_output_is_kept_though_a_process_outlives_the_program(tmp_path: Path):
    done = tmp_path / "done"
    script = f"echo first; (trap '' TERM; sleep 3; touch {done}) & echo second"
    assert supervise.run_for(["/bin/sh", "-c", script], 60) == "first\nsecond\n"
    assert not done.exists()  # it was not waited for


def test_a_program_that_ignores_the_question_is_killed(monkeypatch):
    monkeypatch.setattr(supervise, "_GRACE_SECONDS", 0.2)
    script = "trap '' TERM; echo begun; while :; do sleep 0.05; done"
    assert supervise.run_for(["/bin/sh", "-c", script], 0.5) == "begun\n"


def test_a_signal_that_came_already_lets_nothing_run_on():
    assert supervise.run_for(["sleep", "60"], 60, [signal.SIGTERM]) == ""


def test_signals_wait_for_the_end_of_the_block_and_the_first_counts():
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in supervise.ENDING}
    old = signal.signal(signal.SIGHUP, lambda number, _frame: heard.append(number))
    try:
        with supervise.signals_noted() as came:
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGINT)
            assert (came, heard) == ([signal.SIGHUP, signal.SIGINT], [])
        assert heard == [signal.SIGHUP]
    finally:
        signal.signal(signal.SIGHUP, old)
    assert {number: signal.getsignal(number) for number in supervise.ENDING} == before


def test_a_signal_that_was_ignored_stays_so():
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with supervise.signals_noted() as came:
            signal.raise_signal(signal.SIGHUP)
        assert came == []
    finally:
        signal.signal(signal.SIGHUP, old)

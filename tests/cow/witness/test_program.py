"""The program does what a plan says, on the kernel that runs these tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from threadkit.cow.litmus.parse import parse
from threadkit.cow.witness.host import program, run_here, source_hash, sources
from threadkit.cow.witness.kernels import host
from threadkit.cow.witness.plan import plans
from threadkit.cow.witness.problems import Unavailable
from threadkit.cow.witness.report import is_complete, parse_report
from threadkit.cow.witness.results import Observation
from threadkit.cow.witness.run import witness

HEADERS = ((32, 40), (54, 56), (56, 58))  # of an ELF file: e_phoff, e_phentsize, e_phnum
PT_LOAD, PT_INTERP = 1, 3
KSM = Path("/sys/kernel/mm/ksm")
KSM_SETTINGS = ("run", "sleep_millisecs", "pages_to_scan", "smart_scan")


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THREADKIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        try:
            yield program()
        except Unavailable as error:
            pytest.skip(str(error))


def scenario(name: str, body: str, condition: str, initial: str = "x = anon rw 1 2;"):
    text = f'COW {name}\nquestion "?"\n{{ {initial} }}\n{body}\nexists ({condition})\n'
    return parse(text, origin=f"{name}.litmus")


def observe(*litmuses) -> dict[str, Observation]:
    return {one.scenario: one for one in witness(litmuses, host()).observations}


def test_program_is_static_and_kept(compiled: Path):
    assert compiled.read_bytes()[:4] == b"\x7fELF"
    header = compiled.read_bytes()
    at, size, count = (int.from_bytes(header[a:b], "little") for a, b in HEADERS)
    kinds = {
        int.from_bytes(header[k : k + 4], "little") for k in range(at, at + size * count, size)
    }
    assert PT_LOAD in kinds
    assert PT_INTERP not in kinds
    assert source_hash()[:16] in compiled.name
    before = compiled.stat().st_mtime_ns
    assert program().stat().st_mtime_ns == before


def test_sources_are_short_and_ours():
    found = sources()
    assert {"main.c", "witness.h"} <= set(found)
    for name, text in found.items():
        assert len(text.splitlines()) < 500, name
        assert "Apache-2.0" in text, name


def test_missing_compiler_is_a_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path))
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(Unavailable, match="C compiler"):
        program()


def test_fork_separates_and_registers_come_back():
    body = """
    parent: fork child; parent: write x[0] = 3; child: r0 = read x[0];
    child: write x[1] = 9; parent: r1 = read x[1];
    """
    one = observe(scenario("Fork", body, r"child:r0 = 1 /\ parent:r1 = 2"))["Fork"]
    assert dict(one.values) == {
        "child:r0": "1",
        "parent:r1": "2",
        "parent:x[0]": "3",
        "parent:x[1]": "2",
        "child:x[0]": "1",
        "child:x[1]": "9",
    }
    assert one.condition is True


def test_a_pipe_keeps_the_page_that_was_spliced():
    body = "parent: vmsplice v = x; parent: munmap x; parent: r0 = pipe_read v[1]; parent: put v;"
    one = observe(scenario("Pipe", body, "parent:r0 = 2"))["Pipe"]
    assert one.condition is True
    assert dict(one.values)["parent:x[0]"] == "segv"


def test_an_access_without_a_page_is_segv():
    body = """
    parent: fork child; child: munmap x; child: r0 = read x[0];
    parent: mprotect x r; parent: write x[0] = 3; parent: r1 = read x[0];
    """
    one = observe(scenario("Segv", body, r"child:r0 = segv /\ parent:r1 = 1"))["Segv"]
    assert one.condition is True


def test_a_new_program_has_none_of_the_pages():
    body = "parent: fork child; child: exec; child: r0 = read x[0];"
    one = observe(scenario("Exec", body, "child:r0 = segv"))["Exec"]
    assert one.condition is True


def test_threads_share_and_grandchildren_do_not():
    body = """
    helper: write x[0] = 5; parent: r0 = read x[0];
    parent: fork child; child: fork grandchild; grandchild: write x[0] = 6;
    child: r1 = read x[0];
    """
    asked = r"parent:r0 = 5 /\ child:r1 = 5"
    initial = "x = anon rw 1 2; thread helper of parent;"
    one = observe(scenario("Threads", body, asked, initial))["Threads"]
    assert one.condition is True
    assert dict(one.values)["grandchild:x[0]"] == "6"


def test_another_process_reads_and_writes():
    body = """
    tracer: r0 = process_vm_readv parent.x[0]; tracer: process_vm_writev parent.x[1] = 8;
    tracer: r1 = ptrace_read parent.x[1]; parent: mprotect x r;
    tracer: ptrace_write parent.x[0] = 9; parent: r2 = read x[0];
    """
    asked = r"tracer:r0 = 1 /\ tracer:r1 = 8 /\ parent:r2 = 9"
    one = observe(scenario("Other", body, asked, "x = anon rw 1 2; process tracer;"))["Other"]
    if one.skipped:
        pytest.skip(one.skipped)
    assert one.condition is True


def test_pin_is_coherent_with_its_process_before_any_fork():
    body = """
    parent: pin p = x write longterm; device: dma_in p[0] = 7; parent: r0 = read x[0];
    parent: write x[1] = 3; device: r1 = dma_out p[1]; parent: unpin p;
    """
    one = observe(scenario("Pin", body, r"parent:r0 = 7 /\ device:r1 = 3"))["Pin"]
    if one.skipped:
        pytest.skip(one.skipped)
    assert one.condition is True


@pytest.mark.parametrize("kind", ["file", "shmem"])
def test_private_mapping_of_a_file_reads_it_and_writes_its_own(kind: str):
    body = "parent: fork child; parent: write x[0] = 3; child: r0 = read x[0];"
    initial = f"x = {kind} rw 1 2;"
    one = observe(scenario("File", body, r"child:r0 = 1 /\ parent:x[1] = 2", initial))["File"]
    assert one.condition is True


def test_what_the_user_may_not_do_is_skipped_with_the_reason():
    swapped = scenario("Swapped", "parent: r0 = read x[0];", "parent:r0 = 1", "x = swapped rw 1 2;")
    merged = scenario("Merged", "parent: r0 = read x[0];", "parent:r0 = 1", "x = ksm rw 1 1;")
    locked = scenario("Locked", "lockholder: lock L = parent.x;", "parent:x[0] = 1")
    found = observe(swapped, merged, locked)
    assert "KSM" in found["Merged"].skipped
    assert "page lock" in found["Locked"].skipped
    assert found["Swapped"].skipped or found["Swapped"].condition is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change the system")
def test_the_settings_of_ksm_are_put_back():
    files = [path for name in KSM_SETTINGS if (path := KSM / name).exists()]
    before = [path.read_text() for path in files]
    merged = scenario("Merged", "parent: r0 = read x[0];", "parent:r0 = 1", "x = ksm rw 1 1;")
    (one,) = witness([merged], host(), system=True).observations
    assert [path.read_text() for path in files] == before
    assert one.skipped or one.condition is True


def full_pipe(name: str, seconds: int) -> list[str]:
    """Splice more pages than a pipe has room for: the last call has no end."""
    return [
        f"scenario {name} {seconds}",
        "actor parent process parent",
        "page x anon rw 1 2",
        "handle v pipe x",
        "setup",
        *(f"op {number} parent take handle=v page=x" for number in range(17)),
        "end",
    ]


def test_an_actor_that_blocks_is_reported_and_the_next_scenario_runs():
    good = plans(scenario("Good", "parent: r0 = read x[0];", "parent:r0 = 1"))[0]
    report = run_here(["set patience 200", *full_pipe("Blocks", 9), *good.lines])
    records = parse_report(report)
    assert records["Blocks"].skipped == "blocked: no answer"
    assert sorted(records["Blocks"].values) == list(range(16))
    assert records["Good"].values == {0: 1}


def test_a_scenario_without_end_is_ended_and_the_next_one_runs():
    good = plans(scenario("Good", "parent: r0 = read x[0];", "parent:r0 = 1"))[0]
    records = parse_report(run_here([*full_pipe("Hangs", 1), *good.lines]))
    assert records["Hangs"].ended == "timeout"
    assert records["Good"].values == {0: 1}


def test_a_program_that_dies_takes_one_scenario_with_it():
    good = plans(scenario("Good", "parent: r0 = read x[0];", "parent:r0 = 1"))[0]
    broken = ["scenario Dies 5", "actor parent process parent", "setup", "see x memory nobody x 0"]
    records = parse_report(run_here([*broken, "end", *good.lines]))
    assert records["Dies"].ended == "died"
    assert records["Good"].values == {0: 1}


def test_report_ends_with_its_marker():
    plan = plans(scenario("Good", "parent: r0 = read x[0];", "parent:r0 = 1"))[0]
    assert is_complete(run_here(plan.lines))


def test_sampled_orders_are_observed_each():
    body = "parent: fork child;\npar { parent { write x[0] = 3; } child { r0 = read x[0]; } }"
    run = witness([scenario("Two", body, "child:r0 = 1")], host())
    assert [one.order for one in run.of("Two")] == [(0, 1, 2), (0, 2, 1)]
    assert all(one.sampled and one.condition for one in run.of("Two"))
    assert run.observed == ("Two",)


def test_the_longest_names_of_the_language_are_understood():
    page, thread, child = "p" * 64, "t" * 64, "c" * 64
    body = f"{thread}: write {page}[0] = 3; parent: fork {child}; {child}: r0 = read {page}[0];"
    initial = f"{page} = anon rw 1 2; thread {thread} of parent;"
    name = "N" * 64
    one = observe(scenario(name, body, f"{child}:r0 = 3", initial))[name]
    assert (one.skipped, one.condition) == ("", True)


def test_no_block_device_is_touched_without_leave():
    body = "parent: odirect_read_begin o = x; device: dma_in o[0] = 7; parent: odirect_end o;"
    one = observe(scenario("Direct", body, "parent:x[0] = 7"))["Direct"]
    assert "not allowed" in one.skipped
    assert "network block device" in one.skipped


@pytest.mark.skipif(os.geteuid() != 0, reason="page flags are hidden")
def test_a_page_of_its_own_is_not_said_to_be_of_ksm():
    lines = [
        "scenario Own 9",
        "actor parent process parent",
        "page x anon rw 1 2",
        "setup",
        "state parent:x parent x",
        "end",
    ]
    entry = parse_report(run_here(lines))["Own"].entries["parent:x"]
    if not entry.flags:
        pytest.skip("page flags are hidden")
    assert entry.flags >> 12 & 1  # KPF_ANON
    assert not entry.flags >> 21 & 1  # KPF_KSM

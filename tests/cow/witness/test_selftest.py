"""A scenario written as a kselftest compiles without a warning, runs, and says the same."""

from __future__ import annotations

import ctypes
import mmap
import shutil
import subprocess
from pathlib import Path

import pytest

from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.witness.instructions import CannotWitness
from threadkit.cow.witness.selftest import selftest

LITMUS = Path(__file__).parents[3] / "data" / "litmus"
STAND_IN = r"""
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
static int failed;
static inline void ksft_say(const char *what, const char *form, va_list args)
{
    printf("%s ", what);
    vprintf(form, args);
    fflush(stdout);
}
#define SAYS(name, what, then)                                      \
    __attribute__((format(printf, 1, 2), unused))                   \
    static void name(const char *form, ...)                         \
    {                                                               \
        va_list args;                                               \
        va_start(args, form);                                       \
        ksft_say(what, form, args);                                 \
        va_end(args);                                               \
        then;                                                       \
    }
SAYS(ksft_exit_skip, "SKIP", exit(4))
SAYS(ksft_exit_fail_msg, "Bail out!", exit(1))
SAYS(ksft_ok, "ok", (void)0)
SAYS(ksft_not_ok, "not ok", failed++)
#define ksft_test_result(good, ...) ((good) ? ksft_ok(__VA_ARGS__) : ksft_not_ok(__VA_ARGS__))
static inline void ksft_print_header(void) {}
static inline void ksft_set_plan(int count) { printf("1..%d\n", count); fflush(stdout); }
static inline int ksft_get_fail_cnt(void) { return failed; }
static inline void ksft_exit_fail(void) { exit(1); }
static inline void ksft_exit_pass(void) { exit(0); }
"""
CAN = ("S1", "S4", "S4b", "S5", "S5r", "S7b", "S16m", "cow-basic", "cow-vmsplice-child", "S15w")


def shipped(name: str) -> Litmus:
    path = LITMUS / f"{name}.litmus"
    return parse(path.read_text("utf-8"), origin=str(path))


def scenario(
    body: str, condition: str, initial: str = "x = anon rw 1 2;", more: str = ""
) -> Litmus:
    text = f'COW T\nquestion "Is it */ so?"\n{{ {initial} }}\n{body}\nexists ({condition})\n{more}'
    return parse(text, origin="T.litmus")


@pytest.fixture
def run(tmp_path):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    (tmp_path / "kselftest.h").write_text(STAND_IN)
    (tmp_path / "mm").mkdir()

    def compile_and_run(text: str) -> tuple[int, str]:
        source = tmp_path / "mm" / "test.c"
        source.write_text(text)
        flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu11"]
        binary = tmp_path / "test"
        made = subprocess.run(
            [compiler, *flags, str(source), "-o", str(binary)], capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
        done = subprocess.run([str(binary)], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout

    return compile_and_run


def test_passes_where_the_condition_is_as_expected_and_fails_where_not(run):
    litmus = scenario(
        "parent: fork child; parent: write x[0] = 3; child: r0 = read x[0];",
        r"child:r0 = 1 /\ ~(parent:x[0] = 1) /\ parent:x[1] = 2",
    )
    assert run(selftest(litmus, expect=True)) == (0, "1..1\nok T\n")
    assert run(selftest(litmus, expect=False)) == (1, "1..1\nnot ok T\n")


def test_every_statement_that_can_be_written_does_what_it_says(run):
    body = """
    parent: fork child;
    tracer: r0 = process_vm_readv parent.x[0]; tracer: process_vm_writev parent.x[1] = 8;
    parent: r1 = read x[1]; parent: vmsplice v = x; parent: write x[0] = 4;
    child: r2 = pipe_read v[1]; parent: put v;
    child: munmap x; child: r3 = read x[0]; child: exit;
    parent: mprotect x r; tracer: ptrace_write parent.x[0] = 9;
    parent: r4 = read x[0]; parent: write x[0] = 5; parent: r5 = read x[0];
    parent: madvise x DONTFORK; parent: fork other; other: r6 = read x[0];
    """
    condition = r"""tracer:r0 = 1 /\ parent:r1 = 8 /\ child:r2 = 8 /\ child:r3 = segv
    /\ parent:r4 = 9 /\ parent:r5 = 9 /\ other:r6 = segv"""
    litmus = scenario(body, condition, "x = anon rw 1 2; process tracer;")
    code, said = run(selftest(litmus, expect=True))
    if code == 4:
        pytest.skip(said)
    assert (code, said) == (0, "1..1\nok T\n")


@pytest.mark.parametrize("kind", ["file", "shmem", "zeropage", "anon"])
def test_pages_of_every_kind_are_made(run, kind: str):
    first = 0 if kind == "zeropage" else 1
    litmus = scenario(
        "parent: r0 = read x[0]; parent: write x[0] = 3;",
        rf"parent:r0 = {first} /\ parent:x[0] = 3",
        f"x = {kind} rw {first} 0;",
    )
    assert run(selftest(litmus, expect=True)) == (0, "1..1\nok T\n")


@pytest.mark.parametrize("name", CAN)
def test_shipped_scenarios_compile_and_run(run, name: str):
    litmus = shipped(name)
    answers = [run(selftest(litmus, expect=expect)) for expect in (True, False)]
    # Here any kernel may run it: whatever it does, the two tests say the opposite.
    assert sorted(code for code, _ in answers) in ([0, 1], [4, 4])
    assert all(name in said or "SKIP" in said for _, said in answers)


def test_first_line_is_the_licence_and_words_cannot_end_the_comment():
    text = selftest(scenario("parent: r0 = read x[0];", "parent:r0 = 1"), expect=True, spdx="MIT")
    assert text.startswith("// SPDX-License-Identifier: MIT\n/*\n * T: Is it * / so?\n */\n")


def test_only_what_is_used_is_in_the_file():
    text = selftest(scenario("parent: r0 = read x[0];", "parent:r0 = 1"), expect=True)
    assert "ring_make" not in text
    assert "other_read" not in text
    assert text.count("\n") < 220


def test_expectation_of_todays_kernels_is_the_default():
    body, condition = "parent: r0 = read x[0];", "parent:r0 = 1"
    never = scenario(body, condition, more='expect Never in mm_id : "a source"\n')
    always = scenario(body, condition, more='expect Always in * : "a source"\n')
    assert selftest(never) == selftest(never, expect=False)
    assert selftest(always) == selftest(always, expect=True)
    with pytest.raises(CannotWitness, match="nothing definite"):
        selftest(scenario(body, condition))


@pytest.mark.parametrize(
    ("litmus", "why"),
    [
        (scenario("parent: exec;", "parent:x[0] = 1"), "exec"),
        (scenario("parent: r0 = read x[0];", "exclusive(parent:x)"), "exclusive"),
        (scenario("parent: r0 = read x[0];", "copies >= 1"), "copies"),
        (scenario("parent: r0 = read x[0];", "parent:r0 = 1", "x = ksm rw 1 1;"), "ksm"),
        (
            scenario(
                "par { parent { r0 = read x[0]; } other { r1 = read x[0]; } }",
                "parent:r0 = 1",
                "x = anon rw 1 2; thread other of parent;",
            ),
            "interleaves",
        ),
    ],
)
def test_what_a_test_cannot_do_is_said(litmus: Litmus, why: str):
    with pytest.raises(CannotWitness, match=why):
        selftest(litmus, expect=True)


def soft_dirty_here() -> bool:
    """Tell whether a page that was just written is soft-dirty, as /proc/PID/pagemap says."""
    with mmap.mmap(-1, mmap.PAGESIZE) as page, Path("/proc/self/pagemap").open("rb") as entries:
        page[0] = 1
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        entries.seek(address // mmap.PAGESIZE * 8)
        return bool(int.from_bytes(entries.read(8), "little") >> 55 & 1)


def test_what_the_kernel_would_silently_not_do_is_skipped(run):
    litmus = scenario(
        "parent: clear_refs; parent: write x[0] = 3; parent: r0 = read x[0];", "parent:r0 = 3"
    )
    code, said = run(selftest(litmus, expect=True))
    if soft_dirty_here():
        assert (code, said) == (0, "1..1\nok T\n")
    else:
        assert code == 4
        assert "CONFIG_MEM_SOFT_DIRTY" in said


def test_a_page_that_does_not_leave_for_swap_is_a_reason_to_skip(run):
    litmus = scenario("reclaim: swap_out parent.x; parent: r0 = read x[0];", "parent:r0 = 1")
    code, said = run(selftest(litmus, expect=True))
    swaps = len(Path("/proc/swaps").read_text().splitlines()) > 1
    assert code in ((0, 4) if swaps else (4,))
    assert ("SKIP" in said) == (code == 4)
    assert "bad" not in said.lower()


def test_a_page_that_is_held_may_stay():
    held = scenario("parent: vmsplice v = x; reclaim: swap_out parent.x;", "parent:x[0] = 1")
    free = scenario(
        "parent: vmsplice v = x; parent: put v; reclaim: swap_out parent.x;", "parent:x[0] = 1"
    )
    assert "SIZE_x, 1)" in selftest(held, expect=True)
    assert "SIZE_x, 0)" in selftest(free, expect=True)


def test_a_pin_is_given_back_before_the_next_statement(run):
    litmus = scenario(
        "parent: pin p = x write longterm; parent: unpin p; parent: fork child;"
        " parent: write x[0] = 3; child: r0 = read x[0];",
        "child:r0 = 1",
    )
    code, said = run(selftest(litmus, expect=True))
    if code == 4:
        pytest.skip(said)
    assert (code, said) == (0, "1..1\nok T\n")


def test_names_with_dashes_and_names_of_functions_are_names_in_c(run):
    litmus = scenario(
        "parent: r0 = read a-b[0]; parent: r1 = read map[1]; parent: r2 = read out[0];",
        r"parent:r0 = 1 /\ parent:r1 = 4 /\ parent:r2 = 5",
        "a-b = anon rw 1 2; map = anon rw 3 4; out = anon ro 5 6;",
    )
    assert run(selftest(litmus, expect=True)) == (0, "1..1\nok T\n")


def test_names_that_are_one_in_c_are_refused():
    initial = "a-b = anon rw 1 2; a_b = anon rw 3 4;"
    two = scenario("parent: r0 = read a_b[0];", "parent:r0 = 3", initial)
    with pytest.raises(CannotWitness, match="a-b and a_b would be one name"):
        selftest(two, expect=True)


def test_more_values_than_the_file_has_room_for_are_refused():
    initial = "x = anon rw 1 2; y = anon rw 3 4; z = anon rw 5 6;"
    body = " ".join(f"parent: r{k} = read x[0];" for k in range(60))
    registers = r" /\ ".join(f"parent:r{k} = 1" for k in range(60))
    most = rf"{registers} /\ parent:x[0] = 1 /\ parent:x[1] = 2 /\ parent:y[0] = 3"
    assert "seen[62]" in selftest(scenario(body, most, initial), expect=True)
    more = rf"{most} /\ parent:y[1] = 4 /\ parent:z[0] = 5"
    with pytest.raises(CannotWitness, match="more than 64 values"):
        selftest(scenario(body, more, initial), expect=True)

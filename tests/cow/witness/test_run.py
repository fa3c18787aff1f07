"""A run on a kernel in QEMU: what is handed to it, and what is kept when it fails."""

from __future__ import annotations

import os
import signal
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from threadkit.cow.litmus.parse import parse
from threadkit.cow.witness import run as module
from threadkit.cow.witness.kernels import Kernel
from threadkit.cow.witness.problems import BootFailed, NoSuchKernel, Terminated
from threadkit.cow.witness.qemu import PROGRAM, Console
from threadkit.cow.witness.results import is_current
from threadkit.cow.witness.run import witness

KERNEL = Kernel("toy", "1.2", package="linux-toy", package_version="1.2-3", image=Path("/nowhere"))


def scenario(name: str):
    text = f'COW {name}\nquestion "?"\n{{ x = anon rw 1 2; }}\nparent: r0 = read x[0];\nexists (parent:r0 = 1)\n'
    return parse(text, origin=f"{name}.litmus")


def done(name: str, value: int) -> str:
    return f"@begin {name}\n@op 0 ok {value} \n@end {name} done 20\n"


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Replace the machine by one that says what it is told to say."""
    program = tmp_path / "witness"
    program.write_bytes(b"\x7fELF")
    seen = {}

    def says(text: str, *, fails: str = ""):
        def boot(kernel, files, *, disks, seconds):
            seen.update(files, swap=disks[0].read_bytes()[:4096])
            if fails:
                raise BootFailed(kernel.name, fails, "console", text)
            return Console("console", text, 3.0, "tcg")

        monkeypatch.setattr(module, "boot", boot)
        return seen

    monkeypatch.setattr(module, "program", lambda: program)
    return says


def test_all_scenarios_go_into_one_boot(machine):
    seen = machine("@@witness begin\n" + done("A", 1) + done("B", 7) + "@@witness end\n")
    run = witness([scenario("A"), scenario("B")], KERNEL)
    assert [(one.scenario, one.condition) for one in run.observations] == [
        ("A", True),
        ("B", False),
    ]
    assert (run.kernel, run.release, run.package_version) == ("toy", "1.2", "1.2-3")
    assert run.machine == "QEMU (tcg)"
    plan = seen["plan"].decode()
    assert plan.index("set swap /dev/vda") < plan.index("scenario A") < plan.index("scenario B")
    assert seen["init"] == b"\x7fELF"
    assert seen["swap"].endswith(b"SWAPSPACE2")


def test_what_was_seen_before_a_kernel_failed_is_kept(machine):
    machine("@@witness begin\n" + done("A", 1) + "@begin B\n", fails="the kernel panicked")
    run = witness([scenario(name) for name in "ABC"], KERNEL)
    assert run.machine.endswith("not to the end: the kernel panicked")
    assert [one.skipped for one in run.observations] == [
        "",
        "the kernel, or the program, ended in this scenario",
        "the program ended before this scenario",
    ]


def test_a_kernel_that_never_began_is_an_error(machine):
    machine("", fails="the kernel panicked")
    with pytest.raises(BootFailed, match="toy: the kernel panicked"):
        witness([scenario("A")], KERNEL)


def test_an_unknown_kernel_is_refused_before_anything_is_run():
    with pytest.raises(NoSuchKernel):
        witness([scenario("A")], "no/such/image")


PINS = """COW P question "?" { x = anon rw 1 2; }
parent: pin p = x read longterm;
exists (held(p))"""


@pytest.mark.parametrize(
    ("release", "asked"), [("5.10.262", False), ("6.1.0-56", False), ("6.2", True)]
)
def test_a_kernel_that_is_too_old_for_a_pin_says_so(machine, release, asked):
    seen = machine("@@witness begin\n@@witness end\n")
    litmus = parse(PINS, origin="P.litmus")
    run = witness([litmus, scenario("A")], replace(KERNEL, release=release))
    assert ("scenario P" in seen["plan"].decode()) is asked
    (one,) = run.of("P")
    assert ("from 6.2 on" in one.skipped) is not asked
    assert is_current(one, litmus)


@pytest.mark.parametrize(
    ("release", "label"),
    [("5.10.262-built-mapcount-locked", "5.10 counterfactual: "), ("5.10.0-46-amd64", "")],
)
def test_a_built_kernel_is_labelled_wherever_it_lies(machine, release, label):
    machine("@@witness begin\n@@witness end\n")
    run = witness([scenario("A")], replace(KERNEL, name="/x/vmlinuz", release=release))
    assert run.label[: len("5.10 counterfactual: ")] == label


def test_sigterm_ends_the_machine_and_leaves_no_folder(monkeypatch, tmp_path):
    program = tmp_path / "witness"
    program.write_bytes(b"")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "vmlinuz").write_bytes(b"")
    (tmp_path / PROGRAM).write_text(
        f"#!/bin/sh\necho $$ > {tmp_path}/pid\nkill -TERM {os.getpid()}\nexec sleep 60\n"
    )
    (tmp_path / PROGRAM).chmod(0o755)
    monkeypatch.setattr(module, "program", lambda: program)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated) as ended:
        witness([scenario("A")], replace(KERNEL, image=tmp_path / "vmlinuz"))
    assert ended.value.exit_code == 143
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
    assert signal.getsignal(signal.SIGTERM) is before

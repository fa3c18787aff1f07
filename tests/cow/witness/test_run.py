"""A run on a kernel in QEMU: what is handed to it, and what is kept when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadkit.cow.litmus.parse import parse
from threadkit.cow.witness import run as module
from threadkit.cow.witness.kernels import Kernel
from threadkit.cow.witness.problems import BootFailed, NoSuchKernel
from threadkit.cow.witness.qemu import Console
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
        def boot(kernel, files, *, disks, cmdline, seconds):
            seen.update(files, swap=disks[0].read_bytes()[:4096], cmdline=cmdline)
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

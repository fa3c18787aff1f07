"""A machine that ends well, panics, hangs, or is not there: each is told apart.

A shell script stands for QEMU where its own behaviour is not the question; kernels that are
in the cache are booted in the real one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from threadkit.cow.witness.kernels import Kernel, installed
from threadkit.cow.witness.names import find
from threadkit.cow.witness.problems import BootFailed, ToolFailed, Unavailable
from threadkit.cow.witness.qemu import PROGRAM, acceleration, boot, command_line, why_not

REQUIRED = os.environ.get("THREADKIT_REQUIRE_WITNESS") == "1"

INIT = r"""
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[256];
	struct stat disk;
	FILE *report, *list;

	mount("dev", "/dev", "devtmpfs", 0, "");
	report = fopen("/dev/ttyS1", "w");
	list = fopen("/modules.list", "r");
	while (list && fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = 0;
		if (syscall(SYS_finit_module, open(line, O_RDONLY), "", 0))
			fprintf(report, "not loaded: %s\n", line);
	}
	fprintf(report, "argument %s\n", argc > 1 ? argv[1] : "none");
	fprintf(report, "vda %d vdb %d nbd %d\n", !stat("/dev/vda", &disk),
		!stat("/dev/vdb", &disk), !stat("/dev/nbd0", &disk));
	fclose(report);
	puts("on the console");
	fflush(stdout);
	if (argc > 1 && !strcmp(argv[1], "panic"))
		return 1; /* init must not end */
	reboot(RB_AUTOBOOT);
	return 0;
}
"""


@pytest.fixture
def kernel(tmp_path):
    image = tmp_path / "vmlinuz"
    image.write_bytes(b"image")
    return Kernel("toy", "1.0", image=image)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Make a program that stands for QEMU of lines of a shell; it knows $console, $report."""

    def make(lines: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / PROGRAM
        program.write_text(
            "#!/bin/sh\n"
            'for word; do case "$word" in\n'
            'file:*/console) console="${word#file:}";; file:*/report) report="${word#file:}";;\n'
            "esac; done\n"
            f'printf "%s\\n" "$@" > "{tmp_path}/words"\n{lines}\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return make


def words(tmp_path) -> list[str]:
    return (tmp_path / "words").read_text().splitlines()


def test_console_and_report_are_kept_apart(kernel, machine):
    machine(r'printf "booting\r\nbye\r\n" > $console; printf "x 1\r\n" > $report')
    seen = boot(kernel, {"init": b""})
    assert (seen.text, seen.report) == ("booting\nbye\n", "x 1\n")
    assert seen.acceleration == "tcg"


def test_what_the_machine_is_given(kernel, machine, tmp_path):
    machine("exit 0")
    odd = tmp_path / "a,b"
    odd.write_bytes(b"")
    boot(kernel, {"init": b""}, disks=[odd, 3], cmdline="quiet -- all", memory=300, processors=2)
    given = words(tmp_path)
    assert given[given.index("-append") + 1] == command_line("quiet -- all")
    assert given[given.index("-kernel") + 1] == str(kernel.image)
    assert given[given.index("-m") + 1 : given.index("-m") + 4] == ["300", "-smp", "2"]
    drives = [one for one in given if one.startswith("file=")]
    assert drives[0].startswith(f"file={tmp_path}/a,,b,format=raw")
    assert len(drives) == 2


def test_empty_disks_have_their_size_and_do_not_stay(kernel, machine, tmp_path):
    machine(
        f'for word; do case "$word" in file=*disk0*) disk="${{word#file=}}";; esac; done\n'
        f'wc -c < "${{disk%%,*}}" > {tmp_path}/size; echo "${{disk%%,*}}" > {tmp_path}/name'
    )
    boot(kernel, {"init": b""}, disks=[2])
    assert (tmp_path / "size").read_text().strip() == str(2 << 20)
    assert not Path((tmp_path / "name").read_text().strip()).exists()


def test_a_panic_is_told(kernel, machine):
    machine('printf "one\n[ 1.0] Kernel panic - not syncing: no init\n" > $console')
    with pytest.raises(BootFailed, match=r"(?s)^toy: the kernel panicked.*no init") as caught:
        boot(kernel, {"init": b""})
    assert caught.value.exit_code == 1


def test_a_machine_without_end_is_killed(kernel, machine, tmp_path):
    machine(f"echo waiting for nothing > $console; echo $$ > {tmp_path}/pid; exec sleep 600")
    with pytest.raises(BootFailed, match=r"(?s)still running after 1 s.*waiting for nothing"):
        boot(kernel, {"init": b""}, seconds=1)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_machine_that_does_not_start_is_told(kernel, machine):
    machine("echo no such accelerator >&2; exit 1")
    with pytest.raises(ToolFailed, match="no such accelerator"):
        boot(kernel, {"init": b""})


def test_without_qemu_there_is_a_reason_to_skip(kernel, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert why_not() == "qemu-system-x86_64 is not installed"
    with pytest.raises(Unavailable, match="not installed"):
        boot(kernel, {"init": b""})


def test_the_running_kernel_cannot_be_booted(machine):
    machine("exit 0")
    with pytest.raises(Unavailable, match="host has no image"):
        boot(find("host"), {"init": b""})


def test_acceleration_is_asked_for(monkeypatch):
    monkeypatch.delenv("THREADKIT_KVM", raising=False)
    assert acceleration() == "tcg"
    monkeypatch.setenv("THREADKIT_KVM", "1")
    monkeypatch.setattr("os.access", lambda path, mode: path == "/dev/kvm")
    assert acceleration() == "kvm"
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert acceleration() == "tcg"


def skip_or_fail(reason: str) -> None:
    (pytest.fail if REQUIRED else pytest.skip)(reason)


@pytest.fixture(scope="module")
def init(tmp_path_factory) -> bytes:
    if reason := why_not():
        skip_or_fail(reason)
    if not shutil.which("gcc"):
        skip_or_fail("gcc is not installed")
    folder = tmp_path_factory.mktemp("init")
    (folder / "init.c").write_text(INIT)
    command = ["gcc", "-static", "-O1", "-Wall", "-o", str(folder / "init"), str(folder / "init.c")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        skip_or_fail(f"no static program can be made: {done.stderr[-200:]}")
    return (folder / "init").read_bytes()


def here() -> list[Kernel]:
    return installed() or [Kernel("none", "")]


@pytest.mark.slow
@pytest.mark.parametrize("one", here(), ids=lambda one: one.name)
def test_kernels_of_the_cache_boot(one, init):
    if one.image is None:
        skip_or_fail("no kernel is here; fetch one with: threadkit cow kernels fetch 6.1")
    seen = boot(one, {"init": init}, disks=[8, 8], cmdline="-- well")
    assert seen.report == "argument well\nvda 1 vdb 1 nbd 1\n"
    assert "on the console" in seen.text
    assert "argument" not in seen.text


@pytest.mark.slow
def test_a_real_kernel_that_panics_is_told(init):
    one = here()[0]
    if one.image is None:
        skip_or_fail("no kernel is here; fetch one with: threadkit cow kernels fetch 6.1")
    with pytest.raises(BootFailed, match="panicked") as caught:
        boot(one, {"init": init}, cmdline="-- panic")
    assert "on the console" in caught.value.console

"""The witness's program: compiled on first use, and run on the running kernel.

What changes the whole system (KSM, a swap file, huge pages) is done only where the caller
allows it, and put back afterwards; without it, such scenarios are skipped with the reason.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path

from threadkit.cow.witness.places import cache_folder, locked
from threadkit.cow.witness.problems import ToolFailed, Unavailable
from threadkit.cow.witness.report import swap_image

FLAGS = ("-std=gnu11", "-O2", "-static", "-pthread", "-Wall", "-Wextra", "-Werror")
_COMPILE_SECONDS = 120
_SWAP_BYTES = 64 << 20
_HUGE_PAGES = 8
_HUGE_FILE = Path("/proc/sys/vm/nr_hugepages")


def sources() -> dict[str, str]:
    """Return the program's source files by name, sorted."""
    folder = files("threadkit.cow.witness").joinpath("program")
    return {
        one.name: one.read_text("utf-8")
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith((".c", ".h"))
    }


def source_hash() -> str:
    """Return the SHA-256 of the program's source, in hexadecimal."""
    text = "".join(f"{name}\0{body}\0" for name, body in sources().items())
    return hashlib.sha256(text.encode()).hexdigest()


def program() -> Path:
    """Return the program, compiled unless it is here.

    Returns
    -------
    Path
        A static executable in the user's cache.

    Raises
    ------
    Unavailable
        There is no C compiler, or no static C library.
    ToolFailed
        It does not compile.
    """
    folder = cache_folder() / "program"
    built = folder / f"witness-{source_hash()[:16]}"
    if built.exists():
        return built
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        raise Unavailable("the witness", "a C compiler (cc) is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder), tempfile.TemporaryDirectory(dir=folder) as scratch:
        if not built.exists():
            _compile(compiler, Path(scratch)).replace(built)
    return built


def _compile(compiler: str, scratch: Path) -> Path:
    for name, text in sources().items():
        (scratch / name).write_text(text, "utf-8")
    made = scratch / "witness"
    parts = sorted(str(path) for path in scratch.glob("*.c"))
    done = subprocess.run(
        [compiler, *FLAGS, *parts, "-o", str(made)],
        capture_output=True,
        text=True,
        timeout=_COMPILE_SECONDS,
        check=False,
    )
    if done.returncode:
        if "cannot find -l" in done.stderr:
            raise Unavailable("the witness", "the C library for static programs is not installed")
        raise ToolFailed("compiling the witness", done.stderr)
    return made


def run_here(lines: Sequence[str], *, system: bool = False, seconds: float = 120) -> str:
    """Run a plan on the running kernel.

    Parameters
    ----------
    lines : sequence of str
        Scenarios, as :class:`threadkit.cow.witness.plan.Plan` has them.
    system : bool
        The plan may change, for its time, what the whole system sees; needs root.
    seconds : float
        After these the program is ended, and what it printed is returned.

    Returns
    -------
    str
        The report; it may end early.

    Raises
    ------
    Unavailable, ToolFailed
        As for :func:`program`.
    """
    executable = program()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="threadkit-cow-")))
        settings = [f"set work {work}"]
        if system and os.geteuid() == 0:
            settings += _system(stack)
        elif _has_swap():
            settings.append("set swap on")
        plan = work / "plan"
        plan.write_text("\n".join([*settings, *lines]) + "\n", "utf-8")
        return _run([str(executable), str(plan)], seconds)


def _run(command: Sequence[str], seconds: float) -> str:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    return output.decode("utf-8", "replace")


def _has_swap() -> bool:
    try:
        return len(Path("/proc/swaps").read_text("utf-8").splitlines()) > 1
    except OSError:
        return False


def _system(stack: ExitStack) -> list[str]:
    settings = ["set system 1"]
    stack.enter_context(_huge_pages())
    if _has_swap() or stack.enter_context(_swap_file()):
        settings.append("set swap on")
    group = stack.enter_context(_control_group())
    if group:
        settings.append(f"set cgroup {group}")
    return settings


@contextmanager
def _huge_pages() -> Iterator[None]:
    try:
        before = int(_HUGE_FILE.read_text("utf-8"))
    except (OSError, ValueError):
        yield  # a kernel without them: the scenario will say so
        return
    if before < _HUGE_PAGES:
        _HUGE_FILE.write_text(f"{_HUGE_PAGES}\n", "utf-8")
    try:
        yield
    finally:
        _HUGE_FILE.write_text(f"{before}\n", "utf-8")


@contextmanager
def _swap_file() -> Iterator[bool]:
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"swap-{os.getpid()}"
    with path.open("wb") as stream:
        path.chmod(0o600)
        stream.write(swap_image(_SWAP_BYTES))
        stream.write(bytes(_SWAP_BYTES - stream.tell()))  # no holes: swapon refuses them
    on = _quietly("swapon", str(path))
    try:
        yield on
    finally:
        if on:
            _quietly("swapoff", str(path))
        path.unlink()


def _quietly(*command: str) -> bool:
    tool = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if tool is None:
        return False
    done = subprocess.run([tool, *command[1:]], capture_output=True, timeout=60, check=False)
    return done.returncode == 0


@contextmanager
def _control_group() -> Iterator[Path | None]:
    """Make a control group whose memory can be reclaimed, of either version."""
    made = None
    for base in (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")):
        controllers = base / "cgroup.subtree_control"
        old = (base / "memory.limit_in_bytes").exists()
        if not old and not (controllers.exists() and "memory" in controllers.read_text("utf-8")):
            continue
        try:
            made = base / f"threadkit-{os.getpid()}"
            made.mkdir()
            break
        except OSError:
            made = None
    try:
        yield made
    finally:
        if made:
            made.rmdir()

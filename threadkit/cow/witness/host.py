"""The witness's program: compiled on first use, and run on the running kernel.

What changes the whole system (KSM, a swap file, huge pages, a network block device) is done
only where the caller allows it, and put back afterwards; without it, such scenarios are
skipped with the reason.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

from threadkit.cow.witness import system as whole
from threadkit.cow.witness.places import cache_folder, locked
from threadkit.cow.witness.problems import ToolFailed, Unavailable
from threadkit.cow.witness.supervise import run_for, signals_noted
from threadkit.errors import printable

FLAGS = ("-std=gnu11", "-O2", "-static", "-pthread", "-Wall", "-Wextra", "-Werror")
_COMPILE_SECONDS = 120
_OTHERS_WRITE, _GROUP_WRITES, _STICKY = 0o002, 0o020, 0o1000


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
        There is no C compiler, or no static C library; or others could change what is
        kept in the cache.
    ToolFailed
        It does not compile.
    """
    folder = cache_folder() / "program"
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(folder)
    way = "\0".join((os.environ.get("CC", ""), *FLAGS))
    made_by = hashlib.sha256(way.encode()).hexdigest()[:8]
    built = folder / f"witness-{source_hash()[:16]}-{made_by}"
    if built.exists():
        _refuse_foreign(built)
        return built
    compiler = _compiler()
    with locked(folder), tempfile.TemporaryDirectory(dir=folder) as scratch:
        if not built.exists():
            _compile(compiler, Path(scratch)).replace(built)
    return built


def _compiler() -> list[str]:
    """Return the command that compiles: ``$CC``, with arguments if it has any, or ``cc``."""
    try:
        name, *arguments = shlex.split(os.environ.get("CC", "")) or ["cc"]
    except ValueError as error:
        raise Unavailable("the witness", f"CC names no C compiler: {error}") from error
    found = shutil.which(name)
    if found is None:
        raise Unavailable("the witness", f"a C compiler ({printable(name)}) is not installed")
    return [found, *arguments]


def _refuse_foreign(path: Path) -> None:
    """Refuse to run, above all as root, what another user could have put there."""
    user = os.geteuid()
    trusted = {user, 0, Path("/").stat().st_uid}  # the last: root, as seen in a container
    real = path.resolve()
    for place in (real, *real.parents):
        facts = place.stat()
        # That a group writes to a user's own folders is the user's choice.
        loose = _OTHERS_WRITE | (_GROUP_WRITES if user == 0 and facts.st_gid else 0)
        open_to_others = facts.st_mode & loose and not facts.st_mode & _STICKY
        if facts.st_uid not in trusted or open_to_others:
            why = f"others can write to {place}; name a folder of yours in THREADKIT_CACHE"
            raise Unavailable("keeping the witness's program", why)


def _compile(compiler: Sequence[str], scratch: Path) -> Path:
    for name, text in sources().items():
        (scratch / name).write_text(text, "utf-8")
    made = scratch / "witness"
    parts = sorted(str(path) for path in scratch.glob("*.c"))
    done = subprocess.run(
        [*compiler, *FLAGS, *parts, "-o", str(made)],
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
        After these the program is ended, and what it printed is returned. So long, too,
        another run with ``system`` is waited for.

    Returns
    -------
    str
        The report; it may end early.

    Raises
    ------
    Unavailable, ToolFailed
        As for :func:`program`; or another run is changing the system.
    NotPutBack
        A setting of the system is not as it was.
    """
    executable = program()
    with signals_noted() as came, ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="threadkit-cow-")))
        settings = [f"set work {work}", f"set owner {os.getpid()}"]
        if system and os.geteuid() == 0:
            stack.enter_context(whole.alone(seconds, came))
            settings += _system(stack)
        elif whole.has_swap():
            settings.append("set swap on")
        plan = work / "plan"
        plan.write_text("\n".join([*settings, *lines]) + "\n", "utf-8")
        return run_for([str(executable), str(plan)], seconds, came)


def _system(stack: ExitStack) -> list[str]:
    settings = ["set system 1"]
    stack.enter_context(whole.huge_pages())
    stack.enter_context(whole.ksm_kept())
    if whole.has_swap() or stack.enter_context(whole.swap_file()):
        settings.append("set swap on")
    group = stack.enter_context(whole.control_group())
    if group:
        settings.append(f"set cgroup {group}")
    return settings

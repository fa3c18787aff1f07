"""What a run may change of the whole system, for its time: it is put back whatever happens.

Each of these is a context manager; one that cannot be changed here (a container whose
``/proc/sys`` cannot be written) is left as it is, and the program skips what needs it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from threadkit.cow.witness.places import cache_folder
from threadkit.cow.witness.problems import Unavailable, WitnessError
from threadkit.cow.witness.report import swap_image

HUGE_FILE = Path("/proc/sys/vm/nr_hugepages")
KSM_FOLDER = Path("/sys/kernel/mm/ksm")
KSM_SETTINGS = ("sleep_millisecs", "pages_to_scan", "smart_scan", "run")
"""What the program changes to let ksmd work fast; ``run`` last."""
LOCK_FOLDERS = (Path("/run"), Path(tempfile.gettempdir()))
GROUP_FOLDERS = (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup"))

_LOCK_NAME = "threadkit-witness.lock"
_HUGE_PAGES = 8
_SWAP_BYTES = 64 << 20
_TOOL_SECONDS = 120
_WAIT_SECONDS = 0.05
_GROUP_TURNS = 100  # of _WAIT_SECONDS, until the processes that ended have left their group


class NotPutBack(WitnessError):
    """A setting of the system could not be put back.

    Parameters
    ----------
    what : str
        Which one, and how it is now.
    how : str
        What the user can do about it.
    """

    def __init__(self, what: str, how: str) -> None:
        self.what = what
        self.how = how
        super().__init__(f"{what} after a run with --system; {how}")


@contextmanager
def alone(seconds: float, came: Sequence[int] = ()) -> Iterator[None]:
    """Keep other runs from changing the system meanwhile: each would put back the other's.

    Parameters
    ----------
    seconds : float
        How long another run is waited for.
    came : sequence of int
        Signals that came; as soon as there is one, nothing is waited for.

    Raises
    ------
    Unavailable
        The other run did not end, or there is no folder for the lock.
    """
    until = time.monotonic() + seconds
    with _lock_file() as lock:
        while not _taken(lock):
            if came or time.monotonic() >= until:
                why = "another run is changing the system's settings; try again when it is done"
                raise Unavailable("--system", why)
            time.sleep(_WAIT_SECONDS)
        yield


@contextmanager
def _lock_file() -> Iterator[int]:
    for folder in LOCK_FOLDERS:
        try:
            flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
            lock = os.open(folder / _LOCK_NAME, flags, 0o600)
        except OSError:
            continue
        try:
            yield lock  # the file stays: whoever waits for it has it open
        finally:
            os.close(lock)
        return
    folders = " and ".join(map(str, LOCK_FOLDERS))
    raise Unavailable("--system", f"no lock against other runs: {folders} cannot be written")


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _content(path: Path) -> str | None:
    """Return what a file of settings says; None where there is no such setting."""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError):
        return None


def _put_back(path: Path, before: str) -> None:
    if _content(path) == before:
        return
    with suppress(OSError):
        path.write_text(f"{before}\n", "utf-8")
    now = _content(path)
    if now != before:
        raise NotPutBack(f"{path} is {now} instead of {before}", f"write {before} to it")


@contextmanager
def huge_pages() -> Iterator[None]:
    """Have some huge pages of hugetlb, where the kernel has them and lets us."""
    before = _content(HUGE_FILE)
    if before is None or not before.isdigit():
        yield
        return
    try:
        if int(before) < _HUGE_PAGES:
            with suppress(OSError):
                HUGE_FILE.write_text(f"{_HUGE_PAGES}\n", "utf-8")
        yield
    finally:
        _put_back(HUGE_FILE, before)


@contextmanager
def ksm_kept() -> Iterator[None]:
    """Put KSM's settings back, which the program changes and may be killed before it has."""
    with ExitStack() as stack:
        for path in (KSM_FOLDER / name for name in KSM_SETTINGS):
            before = _content(path)
            if before is not None:
                stack.callback(_put_back, path, before)  # the last is the first: ksmd stops
        yield


def has_swap() -> bool:
    """Tell whether the system swaps already."""
    return len((_content(Path("/proc/swaps")) or "").splitlines()) > 1


@contextmanager
def swap_file() -> Iterator[bool]:
    """Have a small swap file in the cache; yields whether the kernel took it.

    Raises
    ------
    NotPutBack
        The system still swaps to it in the end: the file is kept then.
    """
    path = cache_folder() / f"swap-{os.getpid()}"
    on = False
    try:
        with suppress(OSError):  # no room, or a folder that cannot be written: no swap
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as stream:
                path.chmod(0o600)
                stream.write(swap_image(_SWAP_BYTES))
                stream.write(bytes(_SWAP_BYTES - stream.tell()))  # swapon refuses holes
            on = _quietly("swapon", str(path))
        yield on
    finally:
        if on and not _quietly("swapoff", str(path)):
            raise NotPutBack(f"the system still swaps to {path}", f"run swapoff {path}; remove it")
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _quietly(*command: str) -> bool:
    tool = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if tool is None:
        return False
    try:
        done = subprocess.run(
            [tool, *command[1:]],
            capture_output=True,
            timeout=_TOOL_SECONDS,
            check=False,
            start_new_session=True,  # Ctrl-C must not end what puts something back
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@contextmanager
def control_group() -> Iterator[Path | None]:
    """Make a control group whose memory can be reclaimed, of either version.

    Raises
    ------
    NotPutBack
        A process stays in it.
    """
    made = _make_group()
    try:
        yield made
    finally:
        if made and not _removed(made):
            raise NotPutBack(f"{made} is still there", "end the processes in it; remove it")


def _make_group() -> Path | None:
    for base in GROUP_FOLDERS:
        controllers = _content(base / "cgroup.subtree_control") or ""
        if not (base / "memory.limit_in_bytes").exists() and "memory" not in controllers.split():
            continue
        made = base / f"threadkit-{os.getpid()}"
        with suppress(OSError):
            made.mkdir()
            return made
    return None


def _removed(group: Path) -> bool:
    for turn in range(_GROUP_TURNS):
        if turn:
            time.sleep(_WAIT_SECONDS)
        with suppress(OSError):
            group.rmdir()
            return True
    return False

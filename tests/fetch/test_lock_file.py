"""Locks by files: one has it, and nothing that stands in the way leaves a file open."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from threadkit.fetch.lock_file import lock, unlock


def open_files() -> set[str]:
    """Name what this process has open, as Linux lists it."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(str(entry.readlink()))
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lock"


@pytest.mark.parametrize("for_writing", [True, False])
def test_one_has_it_and_then_the_next(file: Path, for_writing: bool) -> None:
    first = lock(file, for_writing=for_writing)
    with pytest.raises(BlockingIOError):
        lock(file)
    unlock(file, first)
    assert not file.exists()
    second = lock(file)
    unlock(file, second, remove=False)
    assert file.exists()
    assert not any(str(file) in name for name in open_files())


def test_it_goes_with_the_process_that_had_it(file: Path) -> None:
    code = "import os, pathlib, sys; from threadkit.fetch.lock_file import lock; lock(pathlib.Path(sys.argv[1])); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(file)], check=False).returncode == 9
    assert file.exists()
    unlock(file, lock(file))


def test_a_file_that_may_only_be_read_can_be_locked(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.touch()
    real = os.open

    def refusing(path: Path, flags: int, mode: int = 0o777) -> int:
        """Open as one who may not write, where what is another's is not made again."""
        if flags & (os.O_RDWR | os.O_CREAT):
            raise PermissionError(errno.EACCES, "not yours")
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", refusing)
    number = lock(file)
    with pytest.raises(BlockingIOError):
        lock(file)
    with pytest.raises(PermissionError):
        lock(file, for_writing=True)
    unlock(file, number)


def test_where_a_lock_needs_a_file_open_for_writing_it_is(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fcntl.flock

    def picky(number: int, how: int) -> None:
        """Lock as NFS does."""
        if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "not open for writing")
        real(number, how)

    monkeypatch.setattr(fcntl, "flock", picky)
    unlock(file, lock(file))
    assert not any(str(file) in name for name in open_files())


@pytest.mark.parametrize("again", [True, False])
def test_a_file_that_was_replaced_in_between_is_not_taken(
    file: Path, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    real = fcntl.flock
    seen: list[int] = []

    def late(number: int, how: int) -> None:
        seen.append(number)
        if len(seen) == 1:
            # Renamed, not removed: the file still has a name, but another one.
            file.rename(file.with_name("old"))
            if again:
                file.touch()
        real(number, how)

    monkeypatch.setattr(fcntl, "flock", late)
    number = lock(file)
    assert len(seen) == 2
    assert os.path.samestat(os.fstat(number), file.stat())
    unlock(file, number)
    assert not any("old" in name for name in open_files() if str(file.parent) in name)


def test_what_another_made_in_its_place_is_left_alone(file: Path) -> None:
    number = lock(file)
    file.unlink()
    other = lock(file)
    unlock(file, number)
    assert file.exists()
    unlock(file, other)


@pytest.mark.parametrize("refusal", [PermissionError(errno.EPERM, "x"), FileNotFoundError()])
def test_a_file_that_cannot_be_removed_is_closed(
    file: Path, monkeypatch: pytest.MonkeyPatch, refusal: OSError
) -> None:
    def unlink(self: Path, missing_ok: bool = False) -> None:
        raise refusal

    number = lock(file)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink)
        unlock(file, number)
    assert not any(str(file) in name for name in open_files())
    unlock(file, lock(file))


def test_where_there_can_be_no_file_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        lock(tmp_path / "nowhere" / "lock")
    with pytest.raises(IsADirectoryError):
        lock(tmp_path, for_writing=True)

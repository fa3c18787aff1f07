"""Mirrors that are cut off at the worst moment: old or whole, never half, and healed later."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fetch.boxes import mail, read_all
from tests.fetch.mirrors import Gate, Scripted, ServedInbox, moved, numbers_in
from tests.servers.fixtures import need
from tests.servers.loreservers import PublicInbox
from threadkit.errors import BrokenAnswer, Resting, SourceError, UnexpectedAnswer, Unreachable
from threadkit.fetch.git import Repository
from threadkit.fetch.mirror import epoch as epoch_module
from threadkit.fetch.mirror import first_clone
from threadkit.fetch.mirror import transfer as transfer_module
from threadkit.fetch.mirror.hold import LOCK
from threadkit.fetch.mirror.mirror import Mirror
from threadkit.fetch.mirror.transfer import Transfer
from threadkit.fetch.web.clock import SystemClock
from threadkit.fetch.web.manners import Manners
from threadkit.fetch.web.session import Session

MANNERS = Manners(user_agent="threadkit/test (+x)", attempts=1)
STALL_BYTES = 60_000
"""Less than the mails of `full` take, more than all that comes before them."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedInbox]:
    need("public-inbox")
    root = tmp_path_factory.mktemp("served")
    with PublicInbox(root, {"box": [mail(1)]}, level="basic") as server:
        yield ServedInbox(server)


@pytest.fixture
def box(served: ServedInbox) -> ServedInbox:
    served.reset()
    return served


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(MANNERS) as session:
        yield session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mirror"


def full(box: ServedInbox, *numbers: int) -> None:
    """Let mails arrive that do not pack well: 40 kB each."""
    for number in numbers:
        box.put(number, body=random.Random(number).randbytes(20_000).hex().encode())


def subjects(folder: Path) -> list[str]:
    """Return the subjects of the mails that an import would read, in order."""
    return [one.data.split(b"\n")[1].decode() for one in read_all(folder)[0]]


def notes(*numbers: int) -> list[str]:
    return [f"Subject: note {number}" for number in numbers]


def leftovers(folder: Path) -> list[str]:
    """Return what a killed git leaves in a mirror."""
    found = [*folder.rglob("tmp_*"), *folder.rglob("*.lock"), *folder.rglob("*.keep")]
    return sorted(path.name for path in found if path.name != LOCK)


class Kill:
    """Kills the next git when the gate has fallen silent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, gate: Gate) -> None:
        self._gate = gate
        self._real = subprocess.Popen
        self.leftovers: list[str] = []
        monkeypatch.setattr(transfer_module.subprocess, "Popen", self._start)

    def _start(self, words: list[str], **given: object) -> subprocess.Popen[bytes]:
        process = self._real(words, **given)  # type: ignore[call-overload]
        if "fetch" in words:
            threading.Thread(target=self._wait, args=(process,), daemon=True).start()
        return process  # type: ignore[no-any-return]

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        if self._gate.stalled.wait(20):
            os.kill(process.pid, signal.SIGKILL)


def test_git_is_killed_in_its_first_clone(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(box, 1, 2, 3, 4)
    with Gate(box.port, STALL_BYTES) as gate:
        with monkeypatch.context() as patch:
            Kill(patch, gate)
            with pytest.raises(BrokenAnswer, match="ended by signal 9; run it again"):
                Mirror(folder, session).update(f"{gate.url}/box")
        assert gate.stalled.is_set()
    assert leftovers(folder) == []
    with pytest.raises(SourceError):
        read_all(folder)
    assert Mirror(folder, session).update(moved(folder, box.url)).epochs[0].state == "new"
    assert subjects(folder) == notes(1, 2, 3, 4)


def test_git_is_killed_in_an_update(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(1)
    Mirror(folder, session).update(box.url)
    full(box, 2, 3, 4)
    with Gate(box.port, STALL_BYTES) as gate, monkeypatch.context() as patch:
        Kill(patch, gate)
        report = Mirror(folder, session).update(moved(folder, f"{gate.url}/box"))
    assert [one.state for one in report.failed] == ["failed"]
    assert report.paths == (folder / "git/0.git",)
    assert subjects(folder) == notes(1)
    assert leftovers(folder) == []
    report = Mirror(folder, session).update(moved(folder, box.url))
    assert report.epochs[0].state == "updated"
    assert subjects(folder) == notes(1, 2, 3, 4)


def test_the_program_itself_is_killed(box: ServedInbox, session: Session, folder: Path) -> None:
    full(box, 1, 2, 3, 4)
    code = (
        "import sys; from pathlib import Path\n"
        "from threadkit.fetch.mirror.mirror import Mirror; from threadkit.fetch.web.session import Session\n"
        "with Session() as session: Mirror(Path(sys.argv[1]), session).update(sys.argv[2])\n"
    )
    with Gate(box.port, STALL_BYTES) as gate:
        words = [sys.executable, "-c", code, str(folder), f"{gate.url}/box"]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
            assert gate.stalled.wait(20)
            until = time.monotonic() + 20
            while not leftovers(folder):  # what has come is on its way to the disk
                assert time.monotonic() < until
                threading.Event().wait(0.02)
            process.kill()
        # Git is still there, and nobody may clean up under its hands.
        with pytest.raises(SourceError, match="another threadkit is updating it"):
            Mirror(folder, session).update(box.url)
    with (folder / LOCK).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it has noticed
        assert lock.read() == b"in use\n"
    (folder / "git" / ".0.git" / "HEAD.lock").touch()
    assert Mirror(folder, session).update(moved(folder, box.url)).epochs[0].state == "new"
    assert subjects(folder) == notes(1, 2, 3, 4)
    assert leftovers(folder) == []


class Jump(SystemClock):
    """A clock that jumps over every deadline when a gate has fallen silent."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def monotonic(self) -> float:
        return super().monotonic() + (1e6 if self._gate.stalled.is_set() else 0.0)


def test_the_time_is_over(box: ServedInbox, folder: Path) -> None:
    box.put(1)
    for number in (2, 3, 4):
        box.put(number, epoch=1, body=random.Random(number).randbytes(20_000).hex().encode())
    box.put(5, epoch=2)
    with Gate(box.port, STALL_BYTES) as gate, Session(MANNERS, clock=Jump(gate)) as session:
        report = Mirror(folder, session).update(f"{gate.url}/box")
        assert [one.state for one in report.epochs] == ["new", "failed", "failed"]
        for one in report.failed:
            assert "not done in time; what is whole is kept" in str(one.error)
        assert f"{gate.url}/box/1" in str(report.epochs[2].error)  # the third was not asked for
    assert leftovers(folder) == []
    assert subjects(folder) == notes(1)


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_a_clone_goes_on_with_the_piece_that_was_missing(
    box: ServedInbox,
    session: Session,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    pieces: int,
) -> None:
    monkeypatch.setattr(first_clone, "FIRST_PIECE", 2)
    monkeypatch.setattr(first_clone, "_GROWTH", 2)
    box.put(*range(1, 30))
    asked: list[str] = []
    fetch = Transfer.fetch

    def few(self: Transfer, *words: str) -> None:
        if len(asked) == pieces:
            raise BrokenAnswer(self.url, "cut")
        asked.append(words[0])
        fetch(self, *words)

    monkeypatch.setattr(Transfer, "fetch", few)
    with pytest.raises(BrokenAnswer):
        Mirror(folder, session).update(box.url)
    half = folder / "git" / ".0.git"
    assert Repository(half).ask("rev-list", "--count", "HEAD") == str((2, 6, 14)[pieces - 1])
    with pytest.raises(SourceError):
        read_all(folder)
    asked.clear()
    pieces = 99
    box.put(30)
    assert Mirror(folder, session).update().epochs[0].state == "new"
    assert asked[0] == "--deepen=2"
    assert numbers_in(folder) == list(range(1, 31))


def test_a_clone_that_lacks_only_its_name(box: ServedInbox, session: Session, folder: Path) -> None:
    box.put(1, 2)
    path = Mirror(folder, session).update(box.url).paths[0]
    path.rename(path.with_name(".0.git"))
    box.put(3)
    assert Mirror(folder, session).update().epochs[0].state == "new"
    assert numbers_in(folder) == [1, 2, 3]


def test_a_boundary_without_a_branch_begins_again(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_clone, "FIRST_PIECE", 2)
    tip = box.put(*range(1, 6))
    path = Mirror(folder, session).update(box.url).paths[0].rename(folder / "git" / ".0.git")
    (path / "shallow").write_text(f"{tip}\n")
    Repository(path).ask("update-ref", "-d", "refs/heads/master")
    assert Mirror(folder, session).update(box.url).epochs[0].state == "new"
    assert numbers_in(folder) == [1, 2, 3, 4, 5]


def test_the_purge_of_what_is_half_cloned(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_clone, "FIRST_PIECE", 2)
    box.put(*range(1, 9))
    with monkeypatch.context() as patch:
        fetch, done = Transfer.fetch, []

        def once(self: Transfer, *words: str) -> None:
            if done:
                raise BrokenAnswer(self.url, "cut")
            done.append(words)
            fetch(self, *words)

        patch.setattr(Transfer, "fetch", once)
        with pytest.raises(BrokenAnswer):
            Mirror(folder, session).update(box.url)
    box.put(1, 2, 3, 7, 8, fresh=True)
    assert Mirror(folder, session).update(box.url).epochs[0].state == "new"
    assert numbers_in(folder) == [1, 2, 3, 7, 8]


def test_many_updates_do_not_leave_many_packs(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epoch_module, "_PACKS_TO_JOIN", 2)
    mirror = Mirror(folder, session)
    for number in range(1, 6):
        box.put(number)
        mirror.update(box.url)
    assert len(list((folder / "git/0.git/objects/pack").glob("*.pack"))) <= 2
    assert numbers_in(folder) == [1, 2, 3, 4, 5]


ADVERTISED = b"001e# service=git-upload-pack\n0000" + (
    b"%04x" % (4 + 41 + 17 + 1) + b"e" * 40 + b" refs/heads/master\n0000"
)


def to_git(status: int, headers: dict[str, str]) -> object:
    """Answer a visitor with a repository, and git with something else."""

    def answer(asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return (status, headers, b"") if asked["Git-Protocol"] else (200, {}, ADVERTISED)

    return answer


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_git_for_rest_gets_it(folder: Path, status: int) -> None:
    with (
        Scripted({"/x/info/refs": to_git(status, {"Retry-After": "9"})}) as server,
        Session(MANNERS) as session,
    ):
        with pytest.raises(Resting, match=f"HTTP {status}.*not before"):
            Mirror(folder, session).update(f"{server.url}/x")
        asked = len(server.asked)
        with pytest.raises(Resting):
            Mirror(folder, session).update(f"{server.url}/x")
        assert len(server.asked) == asked


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (302, {"Location": "http://127.0.0.1:1/"}, r"sends git elsewhere \(HTTP 302\)"),
        (401, {"WWW-Authenticate": "Basic realm=x"}, "asks for a password"),
        (403, {}, r"refuses git \(HTTP 403\)"),
    ],
)
def test_git_follows_nobody_and_tells_no_password(
    session: Session,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    headers: dict[str, str],
    words: str,
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    proof = tmp_path / "proof"
    (tmp_path / "ask").write_text(f"#!/bin/sh\ntouch {proof}\n")
    (tmp_path / "ask").chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH_COMMAND"):
        monkeypatch.setenv(name, str(tmp_path / "ask"))
    seen: list[str | None] = []
    answer = to_git(status, headers)

    def watched(asked: dict[str, str]) -> object:
        seen.append(asked["Authorization"])
        return answer(asked)  # type: ignore[operator]

    with (
        Scripted({"/x/info/refs": watched}) as server,
        pytest.raises(UnexpectedAnswer, match=words),
    ):
        Mirror(folder, session).update(f"{server.url}/x")
    assert {name for _, _, name in server.asked} == {"threadkit/test (+x)"}
    assert (set(seen), proof.exists()) == ({None}, False)


def test_one_broken_epoch_does_not_keep_the_others_away(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for epoch in range(3):
        box.put(epoch, epoch=epoch)
    fetch = Transfer.fetch

    def broken(self: Transfer, *words: str) -> None:
        if self.url.endswith("/1"):
            raise BrokenAnswer(self.url, "cut")
        fetch(self, *words)

    monkeypatch.setattr(Transfer, "fetch", broken)
    report = Mirror(folder, session).update(box.url)
    assert [one.state for one in report.epochs] == ["new", "failed", "new"]
    assert report.paths == (folder / "git/0.git", folder / "git/2.git")
    assert numbers_in(folder) == [0, 2]


def test_a_host_that_fails_is_not_asked_for_the_next_epoch(
    box: ServedInbox, session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for epoch in range(3):
        box.put(epoch, epoch=epoch)
    asked: list[str] = []
    fetch = Transfer.fetch

    def refusing(self: Transfer, *words: str) -> None:
        asked.append(self.url)
        if len(asked) > 1:
            raise Unreachable(self.url, "no connection")
        fetch(self, *words)

    monkeypatch.setattr(Transfer, "fetch", refusing)
    report = Mirror(folder, session).update(box.url)
    assert [one.state for one in report.epochs] == ["new", "failed", "failed"]
    assert asked == [f"{box.url}/0", f"{box.url}/1"]


def test_a_server_with_a_part_of_the_history(
    box: ServedInbox, session: Session, folder: Path
) -> None:
    tip = box.put(1, 2, 3)
    (box.path() / "shallow").write_text(f"{tip}\n")
    with pytest.raises(UnexpectedAnswer, match="only a part of the history"):
        Mirror(folder, session).update(box.url)
    assert not folder.exists()

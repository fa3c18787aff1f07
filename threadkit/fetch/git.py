"""public-inbox repositories: v2 epochs (one commit a mail) and v1 (one file a mail).

Git itself reads the objects: one process lists what is new and one ``git cat-file --batch
--buffer`` hands over the bytes, both streaming. A repository from elsewhere is not trusted:
nothing of it is run (no hooks, no helpers, no configuration of the user or the system) and
nothing is fetched.

References
----------
public-inbox-v2-format(5), public-inbox-v1-format(5), git-cat-file(1) "BATCH OUTPUT".
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from threadkit.errors import SourceError
from threadkit.fetch.limits import Limits
from threadkit.fetch.source import OverviewRow, RawMail, spelled
from threadkit.mail.values import Defect

_PIPE_BYTES = 1 << 20  # git need not wait for us after each mail
_REQUESTS = 1000  # in one go: cat-file starts before rev-list is done
_LEFT_EARLY = (-signal.SIGPIPE, 128 + signal.SIGPIPE)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_EPOCH = re.compile(r"(\d+)\.git")
_ADDED = re.compile(rb":\d+ \d+ [0-9a-f]+ ([0-9a-f]+) ([A-Z])\d*\t([0-9a-f]{2}/[0-9a-f]{38})$")
_V1_FOLDER = re.compile(r"[0-9a-f]{2}")
_SAFE = (
    "--no-pager",
    "--no-replace-objects",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "log.showSignature=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "core.attributesFile=/dev/null",
)


def arguments(path: Path, *command: str) -> list[str]:
    """Return the words that run a git command on a bare repository and nothing of its hooks.

    Parameters
    ----------
    path : Path
        The repository.
    *command : str
        The command with its own words.

    Examples
    --------
    >>> arguments(Path("0.git"), "gc")[-2:]
    ['--git-dir=0.git', 'gc']
    """
    return ["git", *_SAFE, f"--git-dir={path}", *command]


def environment(protocols: str = "none") -> dict[str, str]:
    """Return an environment in which git reads the given repository and nothing else.

    Parameters
    ----------
    protocols : str
        What git may fetch by, with colons between: ``https``. It overrules every
        configuration; by default nothing is fetched.

    Examples
    --------
    >>> environment()["GIT_ALLOW_PROTOCOL"]
    'none'
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": os.devnull,  # it would give commits other parents
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


class Repository:
    """A bare git repository, asked through its plumbing commands.

    Parameters
    ----------
    path : Path
        The folder with ``HEAD``, ``objects`` and ``refs``.

    Raises
    ------
    SourceError
        From every method, if there is no git program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def start(
        self, *command: str, stdin: int | IO[bytes] | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a git command with its output in a pipe."""
        try:
            return subprocess.Popen(
                arguments(self.path, *command),
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                cwd=cwd,
                bufsize=_PIPE_BYTES,
                pipesize=_PIPE_BYTES,
            )
        except FileNotFoundError as error:
            raise SourceError(str(self.path), "the program git is not installed") from error

    def ask(self, *command: str) -> str | None:
        """Return a command's output without the last line end; None if it failed."""
        with self.start(*command) as process:
            out, _ = process.communicate()
        return out.decode("utf-8", "replace").rstrip("\n") if process.returncode == 0 else None

    def tip(self) -> str | None:
        """Return the newest commit: of HEAD, or of a branch if HEAD names none."""
        found = self.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if found:
            return found
        heads = (self.ask("for-each-ref", "--format=%(objectname)", "refs/heads") or "").split()
        return heads[0] if heads else None

    def has(self, commit: str, tip: str) -> bool:
        """Tell whether a commit is the tip or an ancestor of it."""
        if not _COMMIT.fullmatch(commit):
            return False
        return self.ask("merge-base", "--is-ancestor", commit, tip) is not None

    def format(self) -> str | None:
        """Return ``public-inbox-v2`` or ``public-inbox-v1``, or None for anything else."""
        tip = self.tip()
        names = (self.ask("ls-tree", "--name-only", tip) or "").split("\n") if tip else []
        if names in (["m"], ["d"]):
            return "public-inbox-v2"
        if tip and names == [""]:  # a purged tip: its parents tell
            names = (self.ask("log", "-50", "--format=", "--name-only", tip) or "").split("\n")
            return "public-inbox-v2" if {"m", "d"} & set(names) else None
        folders = [name for name in names if _V1_FOLDER.fullmatch(name)]
        # ssoma keeps a readme-like file beside the mails now and then.
        return "public-inbox-v1" if len(folders) > len(names) // 2 else None


def is_bare(folder: Path) -> bool:
    """Tell whether a folder looks like a bare git repository.

    Parameters
    ----------
    folder : Path
        Need not be there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     is_bare(Path(folder))
    False
    """
    return (
        (folder / "HEAD").is_file()
        and (folder / "objects").is_dir()
        and ((folder / "refs").is_dir() or (folder / "packed-refs").is_file())
    )


def repositories(folder: Path) -> list[Path]:
    """Find the repositories of mail that a folder is or holds.

    Parameters
    ----------
    folder : Path
        A v2 inbox (``git/0.git``, ``git/1.git`` ...), its ``all.git``, one epoch, a v1
        repository, or a clone of one of these with a work tree.

    Returns
    -------
    list of Path
        Epochs in their order; empty if this is none of them.
    """
    if folder.name == "all.git" and is_bare(folder):
        return _epochs(folder.parent) or _if_mail(folder)
    epochs = _epochs(folder)
    if epochs:
        return epochs
    if is_bare(folder):
        return _if_mail(folder)
    for inner in ("all.git", ".git"):
        if is_bare(folder / inner):
            return _if_mail(folder / inner)
    return []


def _epochs(inbox: Path) -> list[Path]:
    git = inbox / "git"
    if not git.is_dir():
        return []
    found = [(int(m[1]), p) for p in git.iterdir() if (m := _EPOCH.fullmatch(p.name))]
    return [path for _, path in sorted(found) if is_bare(path) and _if_mail(path)]


def _if_mail(path: Path) -> list[Path]:
    return [path] if Repository(path).format() else []


class GitSource:
    """The mails of one public-inbox repository, oldest commit first.

    Parameters
    ----------
    path : Path
        A bare repository, or a git bundle of one.
    since : str or None
        The ``cursor`` of the last complete pass: only commits after it are read. If it is
        no ancestor any more (mails were purged), everything is read and ``problems`` says so.
    limits : Limits
        Mails over ``max_mail_bytes`` are skipped and named.
    uri : str or None
        What to call the source, if not by its path.

    Raises
    ------
    SourceError
        If there is no git program, or no mail in the repository.

    Notes
    -----
    The locator of a mail is ``COMMIT:m`` (v2) or ``BLOB:PATH`` (v1). A commit that deletes a
    mail (``d`` in v2) removes nothing from what was stored; how many there were is noted.
    ``cursor`` is set only after a pass that met no failure. Memory: the largest mail.
    """

    size_bytes: int | None = None
    overview: tuple[OverviewRow, ...] = ()

    def __init__(
        self, path: Path, since: str | None, limits: Limits, uri: str | None = None
    ) -> None:
        self.uri = uri or spelled(str(path))
        self.cursor: str | None = None
        self.problems: list[Defect] = []
        self._since = since
        self._limits = limits
        self._read_bytes = 0
        self._absent: list[str] = []
        self._deleted = 0
        self._bundle: tempfile.TemporaryDirectory[str] | None = None
        self._repository = Repository(path if path.is_dir() else self._unbundle(path))
        kind = self._repository.format()
        if kind is None:
            self._close()
            raise SourceError(self.uri, "a git repository without mail in public-inbox's form")
        self.kind = kind

    def position_bytes(self) -> int:
        """Return how many bytes of mail have been read."""
        return self._read_bytes

    def __iter__(self) -> Iterator[RawMail]:
        """Yield the mails; a failure of git ends in ``problems``."""
        try:
            yield from self._read()
        finally:
            self._close()

    def _unbundle(self, path: Path) -> Path:
        """Unpack a bundle into a folder that goes away with the source."""
        self._bundle = tempfile.TemporaryDirectory(prefix="threadkit-")
        folder = Path(self._bundle.name)
        inside = Repository(folder)
        inside.ask("init", "--quiet", "--bare", "--template=", str(folder))
        heads = inside.ask("bundle", "unbundle", str(path))
        if not heads:
            self._close()
            raise SourceError(self.uri, "a git bundle that cannot be unpacked by itself")
        named = {
            name: commit for commit, _, name in (line.partition(" ") for line in heads.split("\n"))
        }
        tip = named.get("HEAD") or named.get("refs/heads/master") or next(iter(named.values()))
        inside.ask("update-ref", "--no-deref", "HEAD", tip)
        return folder

    def _close(self) -> None:
        if self._bundle:
            self._bundle.cleanup()
            self._bundle = None

    def _read(self) -> Iterator[RawMail]:
        tip = self._repository.tip()
        if tip is None:
            return
        revisions = [tip]
        if self._since and self._repository.has(self._since, tip):
            revisions.append(f"^{self._since}")
        elif self._since:
            detail = f"{self._since} is not in the history any more; read from the start"
            self.problems.append(Defect("git-history-rewritten", detail))
        listed = self._repository.start("rev-list", "--reverse", *revisions)
        complete = False
        try:
            if self.kind == "public-inbox-v2":
                complete = yield from self._mails(self._wanted_v2(listed))
            else:
                complete = yield from self._read_v1(listed)
        finally:
            failed = end(listed)
        if failed:
            self.problems.append(Defect("git-failed", f"git rev-list ended with {failed}"))
        self._name_absent()
        if complete and not failed:
            self.cursor = tip

    def _read_v1(self, listed: subprocess.Popen[bytes]) -> Generator[RawMail, None, bool]:
        changes = self._repository.start(
            "diff-tree", "--stdin", "--root", "-r", "--no-renames", "--raw", "--no-abbrev",
            stdin=listed.stdout,
        )  # fmt: skip
        assert listed.stdout is not None
        listed.stdout.close()  # so that the end of diff-tree ends rev-list
        try:
            complete = yield from self._mails(self._wanted_v1(changes))
        finally:
            failed = end(changes)
        if failed:
            self.problems.append(Defect("git-failed", f"git diff-tree ended with {failed}"))
        return complete and not failed

    @staticmethod
    def _wanted_v2(listed: subprocess.Popen[bytes]) -> Iterator[bytes]:
        """Name the mail of each commit, for cat-file and again as the locator."""
        assert listed.stdout is not None
        for line in listed.stdout:
            commit = line.rstrip()
            yield b"%b:m %b:m\n" % (commit, commit)

    def _wanted_v1(self, changes: subprocess.Popen[bytes]) -> Iterator[bytes]:
        """Name each blob that a commit added or changed."""
        assert changes.stdout is not None
        for line in changes.stdout:
            found = _ADDED.match(line)
            if found and found[2] in (b"A", b"M"):
                yield b"%b %b:%b\n" % (found[1], found[1], found[3])
            elif found and found[2] == b"D":
                self._deleted += 1

    def _mails(self, wanted: Iterable[bytes]) -> Generator[RawMail, None, bool]:
        """Ask one ``cat-file`` for what a thread names; return whether all went well."""
        process = self._repository.start(
            "cat-file", "--batch=%(objectname) %(objecttype) %(objectsize) %(rest)", "--buffer",
            stdin=subprocess.PIPE,
        )  # fmt: skip
        feeder = threading.Thread(target=feed, args=(process, wanted), daemon=True)
        feeder.start()
        try:
            yield from self._batch(process)
        finally:
            failed = end(process)
            feeder.join()
        if failed:
            self.problems.append(Defect("git-failed", f"git cat-file ended with {failed}"))
        return not failed

    def _batch(self, process: subprocess.Popen[bytes]) -> Iterator[RawMail]:
        assert process.stdout is not None
        out = process.stdout
        read, readline = out.read, out.readline
        most = self._limits.max_mail_bytes
        while line := readline():
            head = line.split(None, 3)
            if len(head) < 4:  # "NAME missing"
                self._absent.append(head[0].decode("ascii", "replace"))
                continue
            size = int(head[2])
            self._read_bytes += size
            where = head[3].decode("ascii", "replace").rstrip()
            if size > most:
                self.problems.append(Defect("mail-too-large", f"{where}: {size} bytes"))
                skip(out, size + 1)
                continue
            data = read(size + 1)
            if len(data) <= size:
                self.problems.append(Defect("mail-cut", f"{where}: {len(data)} of {size} bytes"))
                return
            if head[1] == b"blob":
                yield RawMail(data[:-1], where)

    def _name_absent(self) -> None:
        """Tell commits that delete or purge a mail from mails that are missing."""
        for name in self._absent:
            commit = name.partition(":")[0]
            if self.kind == "public-inbox-v2" and self._repository.ask(
                "ls-tree", "--name-only", commit
            ) in ("d", ""):
                self._deleted += 1
            else:
                self.problems.append(Defect("git-object-missing", name))
        if self._deleted:
            detail = f"{self._deleted} commits delete a mail; what was stored stays stored"
            self.problems.append(Defect("git-deleted", detail))


def feed(process: subprocess.Popen[bytes], wanted: Iterable[bytes]) -> None:
    """Write requests until they end or nobody reads them any more."""
    assert process.stdin is not None
    try:
        with process.stdin as pipe:
            asked = iter(wanted)
            while some := list(islice(asked, _REQUESTS)):
                pipe.writelines(some)
                pipe.flush()
    except (BrokenPipeError, ValueError):
        return  # the reader stopped early; the cause is reported there


def skip(out: IO[bytes], size: int) -> None:
    """Read over bytes without keeping them."""
    while size > 0:
        size -= len(out.read(min(size, _PIPE_BYTES))) or size


def end(process: subprocess.Popen[bytes]) -> int:
    """Stop listening to a process and wait for it; return its exit code, 0 if we left early."""
    assert process.stdout is not None
    process.stdout.close()
    code = process.wait()
    return 0 if code in _LEFT_EARLY else code

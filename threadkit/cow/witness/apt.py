"""Distribution packages by name, downloaded and unpacked but never installed.

apt does the work, with lists, caches and sources of our own. It verifies signatures and
hashes, even where the system's configuration would let it not; the rest of that (proxies)
holds. The system's own state is neither read nor changed. No root needed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from threadkit.cow.witness.problems import ToolFailed, Unavailable, last_lines
from threadkit.cow.witness.sources import KEYRING, find_mirror, own_list, system_sources

_WHAT = "kernels of the distribution"
_FRESH_SECONDS = 7 * 24 * 3600
_UPDATE_SECONDS = 300
_DOWNLOAD_SECONDS = 1200
_UNPACK_SECONDS = 300
_ASK_SECONDS = 60
_MADISON = re.compile(r"\s*(?P<name>\S+)\s*\|\s*(?P<version>\S+)\s*\|.*Packages")
_FAILED = re.compile(r"[EW]: (Failed to fetch|The repository|Some index files)")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Package:
    """A package on the mirror. Sorts by ``version_key``, not by the text of the version."""

    name: str
    version: str

    @property
    def version_key(self) -> tuple[int, ...]:
        """The numbers of the version, which order versions of one kernel.

        Examples
        --------
        >>> Package("linux-source-5.10", "5.10.262-1").version_key
        (5, 10, 262, 1)
        """
        return tuple(map(int, _NUMBERS.findall(self.version)))


class PrivateList:
    """apt with its own lists and caches, on the suites that ship the witness's kernels.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    root : Path
        Of the system whose mirror and keyring are used.

    Raises
    ------
    Unavailable
        From every method: no apt, no Debian mirror among the system's sources, another
        architecture, no network.
    """

    def __init__(self, folder: Path, root: Path = Path("/")) -> None:
        self.folder = folder
        self.root = root
        self._failed = ""  # what the last update could not fetch

    @property
    def configuration(self) -> Path:
        """The file that tells apt to use our folders; made by :meth:`prepare`."""
        return self.folder / "apt.conf"

    def prepare(self) -> None:
        """Write the list of sources and the configuration, as the system is now."""
        self._check_programs()
        mirror = find_mirror(system_sources(self.root))
        if mirror is None:
            raise Unavailable(
                _WHAT, "needs a Debian-like system with apt: no Debian mirror in /etc/apt"
            )
        keyring = self.root / KEYRING
        for name in ("lists/partial", "cache/archives/partial", "packages"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        _write(self.folder / "status", "")
        _write(
            self.folder / "sources.list",
            own_list(mirror, str(keyring) if keyring.is_file() else ""),
        )
        _write(self.configuration, configuration_text(self.folder))

    def _check_programs(self) -> None:
        for program in ("apt-get", "apt-cache", "dpkg", "dpkg-deb"):
            if not shutil.which(program):
                raise Unavailable(
                    _WHAT, f"needs a Debian-like system with apt: {program} is not installed"
                )
        if (machine := os.uname().machine) != "x86_64":
            raise Unavailable(_WHAT, f"only known for x86_64, and this machine is {machine}")

    def refresh(self, older_than: float = _FRESH_SECONDS) -> None:
        """Bring the indexes up to date.

        Parameters
        ----------
        older_than : float
            Seconds; younger indexes are left as they are.
        """
        stamp = self.folder / "refreshed"
        if stamp.is_file() and time.time() - stamp.stat().st_mtime < older_than:
            return
        self.prepare()
        done = self._run("apt-get", "update", seconds=_UPDATE_SECONDS)
        failed = [line for line in done.stderr.splitlines() if _FAILED.match(line)]
        self._failed = "\n".join(failed) or (done.stderr if done.returncode else "")
        # One suite may have moved to the archive: the others are of use all the same.
        if not any((self.folder / "lists").glob("*_Packages*")):
            raise Unavailable(_WHAT, f"no index could be fetched:\n{last_lines(done.stderr)}")
        if not self._failed:
            stamp.touch()

    def find(self, pattern: str) -> list[Package]:
        """Return the packages whose whole name matches, oldest version first.

        Parameters
        ----------
        pattern : str
            A regular expression that apt understands, too: no lookaround.

        Returns
        -------
        list of Package
            One for each version of each name.

        Raises
        ------
        Unavailable
            There is none, and an index could not be fetched: it may have been there.
        """
        self.refresh()
        found = self._ask("apt-cache", "search", "--names-only", f"^{pattern}$")
        names = [line.split()[0] for line in found.splitlines() if line.strip()]
        names = [name for name in names if re.fullmatch(pattern, name)]
        if not names and self._failed:
            raise Unavailable(_WHAT, f"an index could not be fetched:\n{last_lines(self._failed)}")
        if not names:
            return []
        rows = map(_MADISON.match, self._ask("apt-cache", "madison", *names).splitlines())
        packages = {Package(row["name"], row["version"]) for row in rows if row}
        return sorted(packages, key=lambda one: (one.version_key, one.name))

    def download(self, package: Package) -> Path:
        """Bring a package here, unless it is here.

        Parameters
        ----------
        package : Package
            As :meth:`find` returns it.

        Returns
        -------
        Path
            The ``.deb``, whose hash apt has verified against the signed index.
        """
        here = self.folder / "packages"
        version = package.version.replace(":", "%3a")
        if found := sorted(here.glob(f"{package.name}_{version}_*.deb")):
            return found[0]
        done = self._run(
            "apt-get",
            "download",
            f"{package.name}={package.version}",
            cwd=here,
            seconds=_DOWNLOAD_SECONDS,
        )
        found = sorted(here.glob(f"{package.name}_{version}_*.deb"))
        if done.returncode or not found:
            raise Unavailable(
                _WHAT, f"{package.name} could not be downloaded:\n{last_lines(done.stderr)}"
            )
        return found[0]

    def unpack(self, archive: Path, into: Path) -> None:
        """Unpack a package; none of its scripts is run.

        Parameters
        ----------
        archive : Path
            The ``.deb``.
        into : Path
            A folder of ours.

        Raises
        ------
        ToolFailed
            It is damaged, or there is no room.
        """
        done = self._run("dpkg-deb", "-x", str(archive), str(into), seconds=_UNPACK_SECONDS)
        if done.returncode:
            raise ToolFailed(f"unpacking {archive.name}", done.stderr)

    def _ask(self, *command: str) -> str:
        done = self._run(*command, seconds=_ASK_SECONDS)
        if done.returncode:
            raise ToolFailed(" ".join(command[:2]), done.stderr)
        return done.stdout

    def _run(
        self, *command: str, seconds: float, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        program, *words = command
        with_ours = [f"--config-file={self.configuration}"] if program.startswith("apt") else []
        try:
            return subprocess.run(
                [program, *with_ours, *words],
                cwd=cwd or self.folder,
                env=os.environ | {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=seconds,
                check=False,
            )
        except FileNotFoundError as error:
            raise Unavailable(_WHAT, f"{program} is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                _WHAT, f"{program} {words[0]} had no end after {seconds:.0f} s"
            ) from error


def configuration_text(folder: Path) -> str:
    """Write the configuration that keeps apt in our folders.

    Parameters
    ----------
    folder : Path
        Of a :class:`PrivateList`.

    Returns
    -------
    str
        For apt.conf(5). It is read after the system's, and overrules it.

    Examples
    --------
    >>> print(configuration_text(Path("/c")).splitlines()[0])
    Dir::State "/c";
    """
    values = {
        "Dir::State": folder,
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        # The system's configuration may have allowed these.
        "APT::Get::AllowUnauthenticated": "false",
        "Acquire::AllowInsecureRepositories": "false",
        "Acquire::AllowWeakRepositories": "false",
        "Acquire::AllowDowngradeToInsecureRepositories": "false",
        # The folder is the user's: apt's own user could not write there.
        "APT::Sandbox::User": "",
        # A release that is no longer cared for is still signed, but no longer dated anew.
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Retries": "2",
        "Acquire::http::Timeout": "30",
        "Acquire::https::Timeout": "30",
    }
    # What the system hooks to its updates is about the system's own state.
    hooks = ("Update::Pre-Invoke", "Update::Post-Invoke", "Update::Post-Invoke-Success")
    return "".join(f'{name} "{value}";\n' for name, value in values.items()) + "".join(
        f"#clear APT::{hook};\n" for hook in hooks
    )


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Parameters
    ----------
    path : Path
        Of any size.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

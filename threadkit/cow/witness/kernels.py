"""Kernels to ask: the running one, those of the distribution, those built here.

A distribution kernel is
downloaded and unpacked into the user's cache; nothing is installed. Of its flavours the
one for virtual machines ("cloud") is taken: checked in 5.10, 6.1 and 6.12, it has all that
the witness uses (KSM, userfaultfd, io_uring, memory cgroups, soft-dirty, swap, huge pages;
virtio_blk and nbd as modules), at a quarter of the size.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import struct
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from threadkit.cow.eras import UnknownEra, kernel_era
from threadkit.cow.witness.apt import Package, PrivateList, sha256_of
from threadkit.cow.witness.places import cache_folder, locked
from threadkit.cow.witness.problems import NoSuchKernel, ToolFailed

HOST = "host"
_FACTS = "kernel.json"
_PACKAGED = re.compile(r"\bDebian (\d\S*)")  # in what uname(2) calls the version


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel, where its parts are, and whose rules it follows.

    Attributes
    ----------
    name : str
        ``host``, a series (``6.1``), a package, a path, or the key of a built one.
    release : str
        What uname(2) says: ``6.1.0-56-cloud-amd64``.
    package, package_version : str
        The distribution's; for a built kernel, of its source. Empty if unknown.
    image : Path or None
        What QEMU boots; None for the running one.
    modules : Path or None
        ``lib/modules/RELEASE``; None if there is none.
    config : mapping of str to str
        ``CONFIG_...`` and its value; empty if unknown.
    sha256 : str
        Of the image, in hexadecimal; empty if there is none.
    made_of : mapping of str to str
        For a built kernel: hashes of the change and the configuration, the compiler.
    """

    name: str
    release: str
    package: str = ""
    package_version: str = ""
    image: Path | None = None
    modules: Path | None = None
    config: Mapping[str, str] = field(default_factory=dict, repr=False)
    sha256: str = ""
    made_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def era_key(self) -> str | None:
        """The key of the model's era; None if there is none for it.

        Examples
        --------
        >>> Kernel("6.1", "6.1.0-56-cloud-amd64", "linux-image-...", "6.1.192-2").era_key
        'stable_6_1'
        >>> Kernel("x", "5.10.262-built-mapcount-locked").era_key
        'built_mapcount_locked'
        >>> Kernel("old", "2.4.18").era_key is None
        True
        """
        # The release of a package is an early name for a late version; ours names the variant.
        version = self.release if self.made_of else self.package_version or self.release
        try:
            return kernel_era(version, bool(self.package_version)).key
        except UnknownEra:
            return None

    def has(self, option: str) -> bool | None:
        """Tell whether an option is on, built in or as a module; None if that is unknown.

        Parameters
        ----------
        option : str
            Without ``CONFIG_``.

        Examples
        --------
        >>> small = Kernel("x", "5.10", config={"CONFIG_KSM": "y"})
        >>> small.has("KSM"), small.has("GUP_TEST"), Kernel("y", "5.10").has("KSM")
        (True, False, None)
        """
        if not self.config:
            return None
        return self.config.get(f"CONFIG_{option}", "n") in ("y", "m")


@dataclass(frozen=True, slots=True)
class Series:
    """A series of the distribution. ``read`` is the version whose source the model was held to."""

    name: str
    pattern: str
    read: str


SERIES = (
    Series("5.10", r"linux-image-5\.10\.0-[0-9]+-cloud-amd64", "5.10.262-1"),
    Series("6.1", r"linux-image-6\.1\.0-[0-9]+-cloud-amd64", "6.1.192-2"),
    Series("6.12", r"linux-image-6\.12\.[0-9]+\+deb13-cloud-amd64", "6.12.107-1"),
)
"""Distribution kernels by name, oldest first."""


def parse_config(text: str) -> dict[str, str]:
    r"""Read a kernel's configuration.

    Parameters
    ----------
    text : str
        Of a ``.config`` file.

    Returns
    -------
    dict of str to str
        Only what is set; strings without their quotes.

    Examples
    --------
    >>> parse_config('CONFIG_KSM=y\n# CONFIG_NUMA is not set\nCONFIG_NAME="a=b"\n')
    {'CONFIG_KSM': 'y', 'CONFIG_NAME': 'a=b'}
    """
    found = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and name.startswith("CONFIG_"):
            found[name] = value.strip().strip('"')
    return found


def parse_release(image: bytes) -> tuple[str, str] | None:
    """Return what a kernel image for x86 says of itself.

    Parameters
    ----------
    image : bytes
        Of a bzImage; its first 64 KiB suffice.

    Returns
    -------
    tuple of (str, str) or None
        Its release, and the version of the distribution's package, empty if it is of none.
        None if it is no such image.

    References
    ----------
    Documentation/x86/boot.rst of the kernel: ``kernel_version`` at 0x20e, from 0x200 on.
    """
    if image[0x202:0x206] != b"HdrS":
        return None
    (offset,) = struct.unpack_from("<H", image, 0x20E)
    text = image[offset + 0x200 :].partition(b"\0")[0].decode("ascii", "replace")
    words = text.split()
    return (words[0], _package_version(text)) if offset and words else None


def _package_version(text: str) -> str:
    packaged = _PACKAGED.search(text)
    return packaged[1] if packaged else ""


def host() -> Kernel:
    """Describe the running kernel."""
    system = os.uname()
    return Kernel(
        name=HOST,
        release=system.release,
        package_version=_package_version(system.version),
        config=_config_of(system.release),
        modules=_folder(Path("/lib/modules") / system.release),
    )


def _config_of(release: str) -> dict[str, str]:
    try:
        with gzip.open("/proc/config.gz", "rt", encoding="utf-8") as stream:
            return parse_config(stream.read())
    except OSError:
        return _read_config(Path(f"/boot/config-{release}"))


def _read_config(path: Path) -> dict[str, str]:
    try:
        return parse_config(path.read_text("utf-8", "replace"))
    except OSError:
        return {}


def _folder(path: Path) -> Path | None:
    return path if path.is_dir() else None


def _modules(roots: Iterable[Path], release: str) -> Path | None:
    tops = (root / top for root in roots for top in ("lib", "usr/lib"))
    return next(filter(Path.is_dir, (top / "modules" / release for top in tops)), None)


def local(path: Path) -> Kernel:
    """Describe a kernel image of the user's.

    Parameters
    ----------
    path : Path
        A bzImage. Its configuration is looked for beside it, as ``config-RELEASE``; its
        modules in ``lib/modules/RELEASE`` there, one folder up (where a package has
        ``boot``) and in the system.

    Raises
    ------
    NoSuchKernel
        There is no such file, or it is no kernel image for x86.
    """
    try:
        with path.open("rb") as stream:
            said = parse_release(stream.read(1 << 16))
    except OSError as error:
        raise NoSuchKernel(str(path), f"cannot be read: {error.strerror}") from error
    if said is None:
        raise NoSuchKernel(str(path), "not a kernel image (bzImage) for x86")
    release, package_version = said
    return Kernel(
        name=str(path),
        release=release,
        package_version=package_version,
        image=path,
        modules=_modules((path.parent, path.absolute().parent.parent, Path("/")), release),
        config=_read_config(path.parent / f"config-{release}"),
        sha256=sha256_of(path),
    )


def kernels_folder() -> Path:
    """Return the folder of the kernels that are here; it may not exist yet."""
    return cache_folder() / "kernels"


def installed() -> list[Kernel]:
    """Return the kernels that are here, ready to boot, by name."""
    found = (load(path.parent) for path in sorted(kernels_folder().glob(f"*/{_FACTS}")))
    return sorted((one for one in found if one), key=lambda one: one.name)


def load(folder: Path) -> Kernel | None:
    """Read a kernel that :func:`save` wrote; None if a part of it is no longer there.

    Parameters
    ----------
    folder : Path
        Its own.
    """
    try:
        facts = json.loads((folder / _FACTS).read_text("utf-8"))
        image = folder / facts["image"]
        if not image.is_file():
            return None
        return Kernel(
            name=facts["name"],
            release=facts["release"],
            package=facts["package"],
            package_version=facts["package_version"],
            image=image,
            modules=_folder(folder / facts["modules"]) if facts["modules"] else None,
            config=_read_config(folder / facts["config"]),
            sha256=facts["sha256"],
            made_of=facts["made_of"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # of another version, or cut short: it is made anew


def save(folder: Path, kernel: Kernel, config: Path) -> None:
    """Write down what a kernel's folder holds, so that :func:`load` finds it.

    Parameters
    ----------
    folder : Path
        With all its parts.
    kernel : Kernel
        Whose image and modules lie in the folder.
    config : Path
        Its configuration, in the folder.
    """
    assert kernel.image is not None
    facts = {
        "name": kernel.name,
        "release": kernel.release,
        "package": kernel.package,
        "package_version": kernel.package_version,
        "image": str(kernel.image.relative_to(folder)),
        "modules": str(kernel.modules.relative_to(folder)) if kernel.modules else "",
        "config": str(config.relative_to(folder)),
        "sha256": kernel.sha256,
        "made_of": dict(kernel.made_of),
    }
    (folder / _FACTS).write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def fetch(name: str) -> Kernel:
    """Return a distribution kernel, downloaded unless it is here.

    Parameters
    ----------
    name : str
        A series (``5.10``, ``6.1``, ``6.12``) or a package (``linux-image-...``).

    Returns
    -------
    Kernel
        Of a series, the version whose source the model was held to while the mirror has
        it; else the newest.

    Raises
    ------
    NoSuchKernel
        The mirror has no such package.
    Unavailable
        There is no mirror, or no network.
    """
    if here := _here(name):
        return here
    packages = PrivateList(cache_folder() / "apt")
    kernels_folder().mkdir(parents=True, exist_ok=True)
    with locked(kernels_folder()):
        if here := _here(name):  # while waiting for the lock
            return here
        package = choose(name, packages)
        folder = kernels_folder() / f"{package.name}_{package.version}"
        with tempfile.TemporaryDirectory(dir=kernels_folder()) as scratch:
            archive = packages.download(package)
            packages.unpack(archive, Path(scratch))
            _describe(name, package, Path(scratch))
            shutil.rmtree(folder, ignore_errors=True)
            Path(scratch).rename(folder)
            Path(scratch).mkdir()  # for the end of the context
        archive.unlink()
    found = load(folder)
    assert found is not None
    return found


def _here(name: str) -> Kernel | None:
    return next((one for one in installed() if name in (one.name, one.package)), None)


def choose(name: str, packages: PrivateList) -> Package:
    """Choose the package to download for a name.

    Parameters
    ----------
    name : str
        As for :func:`fetch`.
    packages : PrivateList
        Where to look.

    Raises
    ------
    NoSuchKernel
        There is none.
    """
    series = next((one for one in SERIES if one.name == name), None)
    if series is None and not name.startswith("linux-image-"):
        raise NoSuchKernel(name, f"not one of {', '.join(one.name for one in SERIES)}")
    found = packages.find(series.pattern if series else name.replace("+", r"\+"))
    if not found:
        raise NoSuchKernel(name, "the distribution's mirror has no such kernel package")
    if series and (read := [one for one in found if one.version == series.read]):
        return read[-1]
    return found[-1]


def _describe(name: str, package: Package, folder: Path) -> None:
    images = sorted((folder / "boot").glob("vmlinuz-*"))
    if not images:
        raise ToolFailed(f"looking for a kernel in {package.name}", "it has no /boot/vmlinuz-*")
    release = images[0].name.removeprefix("vmlinuz-")
    kernel = Kernel(
        name=name,
        release=release,
        package=package.name,
        package_version=package.version,
        image=images[0],
        modules=_modules([folder], release),
        sha256=sha256_of(images[0]),
    )
    save(folder, kernel, folder / "boot" / f"config-{release}")

"""The file system in memory that a kernel starts from: written here, from a mapping of files.

Beside the witness's own files it holds what every one of them needs: a few directories, a
console to write to before ``/dev`` is mounted, and the modules, in the order in which they
are to be loaded, listed in :data:`MODULE_LIST`.

References
----------
Documentation/driver-api/early-userspace/buffer-format.rst of the kernel (the newc format).
"""

from __future__ import annotations

import gzip
import lzma
import re
import shutil
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from threadkit.cow.witness.problems import NoSuchKernel, ToolFailed, Unavailable

MODULE_LIST = "modules.list"
"""A file at the root: the path of one module a line, each after those that it needs."""

_DIRECTORIES = ("dev", "proc", "sys", "tmp", "mnt", "modules")
_CONSOLE = (5, 1)  # /dev/console: standard input and output of init
_MODULE = re.compile(r"(?P<name>.+)\.ko(?:\.(?:xz|zst|gz))?")
_DEPENDS = re.compile(rb"(?:^|\0)depends=([^\0]*)\0")
_ALIGNED = 4
_ZSTD_SECONDS = 60


def archive(files: Mapping[str, bytes]) -> bytes:
    """Write the archive that a kernel unpacks as its first root.

    Parameters
    ----------
    files : mapping of str to bytes
        Paths below the root without a leading slash, and what is in them. All are
        executable; directories above them are made.

    Returns
    -------
    bytes
        In the newc format, not compressed. The same files give the same bytes.

    Raises
    ------
    ValueError
        A path that is absolute, empty or leads upwards.

    Examples
    --------
    >>> packed = archive({"init": b"#!/bin/true", "data/one": b""})
    >>> packed[:6], len(packed) % 4, b"data/one" in packed
    (b'070701', 0, True)
    """
    entries = [
        _entry(number, name, mode, content, device)
        for number, (name, mode, content, device) in enumerate(_members(files), start=1)
    ]
    return b"".join(entries) + _entry(0, "TRAILER!!!", 0, b"", (0, 0))


def _members(files: Mapping[str, bytes]) -> Iterator[tuple[str, int, bytes, tuple[int, int]]]:
    made = set(_DIRECTORIES)
    for name in files:
        if not name or any(part in ("", ".", "..") for part in name.split("/")):
            raise ValueError(f"not a path below the root: {name!r}")
        above = Path(name).parent
        made.update(str(one) for one in (above, *above.parents) if str(one) != ".")
    for name in sorted(made):
        yield name, stat.S_IFDIR | 0o755, b"", (0, 0)
    yield "dev/console", stat.S_IFCHR | 0o600, b"", _CONSOLE
    for name in sorted(files):
        yield name, stat.S_IFREG | 0o755, files[name], (0, 0)


def _entry(number: int, name: str, mode: int, content: bytes, device: tuple[int, int]) -> bytes:
    encoded = name.encode() + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    # inode, mode, owner, group, links, time, size, device of the file, device it is, length
    # of the name, check: in this order
    fields = (number, mode, 0, 0, links, 0, len(content), 0, 0, *device, len(encoded), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields)
    return _padded(head + encoded) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % _ALIGNED)


def with_modules(
    files: Mapping[str, bytes], folder: Path | None, wanted: Iterable[str]
) -> dict[str, bytes]:
    """Add modules, and those they need, to the files of an initramfs.

    Parameters
    ----------
    files : mapping of str to bytes
        As for :func:`archive`.
    folder : Path or None
        The kernel's ``lib/modules/RELEASE``; None: not known, nothing is added.
    wanted : iterable of str
        Names, as ``nbd`` or ``virtio_blk``; what is built in is not looked for.

    Returns
    -------
    dict of str to bytes
        With ``modules/NAME.ko``, and :data:`MODULE_LIST`, which may be empty.

    Raises
    ------
    NoSuchKernel
        The kernel has a module neither built in nor in its folder.
    """
    order: dict[str, bytes] = {}
    if folder:
        index, present = index_modules(folder), builtin_modules(folder)
        for name in wanted:
            _add(name, index, present, order)
    listed = "".join(f"/modules/{name}.ko\n" for name in order)
    packed = {f"modules/{name}.ko": content for name, content in order.items()}
    return {**files, **packed, MODULE_LIST: listed.encode()}


def _add(
    name: str, index: Mapping[str, Path], present: frozenset[str], order: dict[str, bytes]
) -> None:
    if name in order or name in present:
        return
    if name not in index:
        raise NoSuchKernel(name, "this kernel has no such module, nor is it built in")
    content = read_module(index[name])
    for needed in depends(content):
        _add(needed, index, present, order)
    order[name] = content


def builtin_modules(folder: Path) -> frozenset[str]:
    """Return the names of what could be a module and is part of the kernel itself.

    Parameters
    ----------
    folder : Path
        The kernel's ``lib/modules/RELEASE``.
    """
    try:
        listed = (folder / "modules.builtin").read_text("utf-8")
    except FileNotFoundError:
        return frozenset()
    names = (_MODULE.fullmatch(Path(line).name) for line in listed.split())
    return frozenset(name["name"].replace("-", "_") for name in names if name)


def index_modules(folder: Path) -> dict[str, Path]:
    """Find the modules of a kernel.

    Parameters
    ----------
    folder : Path
        Its ``lib/modules/RELEASE``.

    Returns
    -------
    dict of str to Path
        By name, with underscores as the kernel spells names.
    """
    found = {}
    for path in sorted((folder / "kernel").rglob("*.ko*")):
        if name := _MODULE.fullmatch(path.name):
            found[name["name"].replace("-", "_")] = path
    return found


def depends(module: bytes) -> list[str]:
    r"""Return the names of the modules that one needs.

    Parameters
    ----------
    module : bytes
        Uncompressed.

    Returns
    -------
    list of str
        Empty for one that needs none.

    Examples
    --------
    >>> depends(b"\0license=GPL\0depends=virtio,virtio-ring\0name=x\0")
    ['virtio', 'virtio_ring']
    >>> depends(b"\0depends=\0")
    []

    References
    ----------
    The section ``.modinfo``, from which depmod(8) makes ``modules.dep``; a package that was
    not installed has no such file.
    """
    found = _DEPENDS.search(module)
    names = found[1].decode("ascii", "replace").split(",") if found else []
    return [name.replace("-", "_") for name in names if name]


def read_module(path: Path) -> bytes:
    """Return a module, decompressed.

    Parameters
    ----------
    path : Path
        With ``.xz``, ``.gz`` or ``.zst`` at its end if it is compressed.

    Raises
    ------
    Unavailable
        It takes a program that is not here.
    ToolFailed
        It is damaged.
    """
    content = path.read_bytes()
    try:
        if path.suffix == ".xz":
            return lzma.decompress(content)
        if path.suffix == ".gz":
            return gzip.decompress(content)
    except (lzma.LZMAError, OSError, EOFError) as error:
        raise ToolFailed(f"decompressing {path.name}", str(error)) from error
    return _unzstd(path) if path.suffix == ".zst" else content


def _unzstd(path: Path) -> bytes:
    program = shutil.which("zstd")
    if program is None:
        raise Unavailable(f"the module {path.name}", "the program zstd is not installed")
    done = subprocess.run(
        [program, "--decompress", "--stdout", "--quiet", str(path)],
        capture_output=True,
        timeout=_ZSTD_SECONDS,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(f"decompressing {path.name}", done.stderr.decode("utf-8", "replace"))
    return done.stdout

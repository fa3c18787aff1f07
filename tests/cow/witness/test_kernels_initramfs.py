"""What is packed is what a kernel would unpack; modules come after those that they need."""

from __future__ import annotations

import gzip
import lzma
import stat
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.witness.initramfs import (
    MODULE_LIST,
    archive,
    builtin_modules,
    depends,
    index_modules,
    read_module,
    with_modules,
)
from threadkit.cow.witness.problems import NoSuchKernel, ToolFailed

PART = st.from_regex(r"[a-zA-Z_+-][\w.+-]{0,8}", fullmatch=True)
PATHS = st.lists(PART, min_size=1, max_size=3).map("/".join)


def unpack(packed: bytes) -> dict[str, tuple[int, bytes, tuple[int, int]]]:
    """Read a newc archive by the format's own description: mode, content, device."""
    found: dict[str, tuple[int, bytes, tuple[int, int]]] = {}
    at = 0
    while True:
        assert packed[at : at + 6] == b"070701"
        fields = [int(packed[at + 6 + 8 * k : at + 14 + 8 * k], 16) for k in range(13)]
        mode, size, device, length = fields[1], fields[6], (fields[9], fields[10]), fields[11]
        name = packed[at + 110 : at + 110 + length - 1].decode()
        assert packed[at + 110 + length - 1] == 0
        at = -(-(at + 110 + length) // 4) * 4
        content, at = packed[at : at + size], -(-(at + size) // 4) * 4
        if name == "TRAILER!!!":
            assert at == len(packed)
            return found
        assert name not in found
        found[name] = mode, content, device


@given(st.dictionaries(PATHS, st.binary(max_size=40), max_size=5))
def test_every_file_is_packed_after_its_folders(files):
    folders = {str(above) for path in files for above in PurePosixPath(path).parents}
    if folders & set(files):  # a file that is a folder, too
        return
    listed = unpack(archive(files))
    order = list(listed)
    for path, content in files.items():
        mode, packed, _ = listed[path]
        assert (stat.S_ISREG(mode), mode & 0o777, packed) == (True, 0o755, content)
        above = path.rpartition("/")[0]
        if above:
            assert order.index(above) < order.index(path)
            assert stat.S_ISDIR(listed[above][0])
    assert archive(files) == archive(dict(reversed(files.items())))


def test_there_is_a_console_before_anything_is_mounted():
    mode, content, device = unpack(archive({}))["dev/console"]
    assert (stat.S_ISCHR(mode), content, device) == (True, b"", (5, 1))


@pytest.mark.parametrize("path", ["", "/init", "a/../b", "./a", "a//b", "a/"])
def test_paths_stay_below_the_root(path):
    with pytest.raises(ValueError, match="not a path below the root"):
        archive({path: b""})


def module(*needed: str) -> bytes:
    return b"\x7fELF\0\0license=GPL\0depends=" + ",".join(needed).encode() + b"\0name=x\0"


@pytest.fixture
def folder(tmp_path):
    kernel = tmp_path / "kernel"
    (kernel / "net").mkdir(parents=True)
    (kernel / "one-two.ko").write_bytes(module())
    (kernel / "net/mid.ko.xz").write_bytes(lzma.compress(module("one_two", "within")))
    (kernel / "top.ko.gz").write_bytes(gzip.compress(module("mid", "one-two")))
    (kernel / "lost.ko").write_bytes(module("nowhere"))
    (tmp_path / "modules.builtin").write_text("kernel/lib/within.ko\nkernel/a/built-in.ko\n")
    return tmp_path


def test_modules_are_listed_after_what_they_need(folder):
    files = with_modules({"init": b"i"}, folder, ["top", "mid", "built_in"])
    assert files[MODULE_LIST].decode().split() == [
        "/modules/one_two.ko",
        "/modules/mid.ko",
        "/modules/top.ko",
    ]
    assert files["init"] == b"i"
    assert files["modules/mid.ko"] == module("one_two", "within")
    assert set(files) == {
        "init",
        MODULE_LIST,
        *(f"modules/{n}.ko" for n in ("one_two", "mid", "top")),
    }


def test_a_kernel_without_a_module_says_so(folder):
    with pytest.raises(NoSuchKernel, match=r"^nowhere: this kernel has no such module"):
        with_modules({}, folder, ["lost"])
    with pytest.raises(NoSuchKernel, match=r"^nbd: "):
        with_modules({}, folder, ["nbd"])


def test_where_no_modules_are_known_none_are_listed():
    assert with_modules({"init": b""}, None, ["nbd"]) == {"init": b"", MODULE_LIST: b""}


def test_names_are_as_the_kernel_spells_them(folder):
    assert set(index_modules(folder)) == {"one_two", "mid", "top", "lost"}
    assert builtin_modules(folder) == {"within", "built_in"}
    assert builtin_modules(folder / "kernel") == frozenset()


def test_damaged_modules_are_told(tmp_path):
    broken = tmp_path / "a.ko.xz"
    broken.write_bytes(b"not xz")
    with pytest.raises(ToolFailed, match=r"^decompressing a\.ko\.xz failed"):
        read_module(broken)


@given(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), max_size=5))
def test_needs_are_read_as_written(names):
    assert depends(module(*names)) == names


@given(st.binary(max_size=200))
def test_any_bytes_need_something_or_nothing(data):
    assert all(depends(data))

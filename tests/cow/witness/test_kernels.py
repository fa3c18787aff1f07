"""Names of kernels, what is written about them, and what is chosen; without network or QEMU."""

from __future__ import annotations

import os
import re
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.eras import eras
from threadkit.cow.witness import kernels
from threadkit.cow.witness.apt import Package
from threadkit.cow.witness.kernels import (
    SERIES,
    Kernel,
    choose,
    fetch,
    installed,
    load,
    local,
    parse_config,
    parse_release,
    save,
)
from threadkit.cow.witness.names import find, offers
from threadkit.cow.witness.problems import NoSuchKernel
from threadkit.cow.witness.variants import VARIANTS

RELEASE = st.from_regex(r"[1-9]\.[0-9]{1,2}\.[0-9]{1,3}(-[a-z0-9+]{1,6})?", fullmatch=True)


def image(release: str, rest: str = "#1") -> bytes:
    """A bzImage as far as its version goes."""
    head = bytearray(0x400)
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", head, 0x20E, 0x100)
    return bytes(head[:0x300]) + f"{release} (a@b) {rest}\0".encode() + bytes(64)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("THREADKIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def put(cache, name="6.1", package="linux-image-6.1.0-56-cloud-amd64", version="6.1.192-2"):
    folder = cache / "kernels" / f"{package}_{version}"
    (folder / "lib/modules/6.1.0-56").mkdir(parents=True)
    (folder / "vmlinuz").write_bytes(image("6.1.0-56"))
    (folder / "config").write_text("CONFIG_KSM=y\n")
    kernel = Kernel(
        name=name,
        release="6.1.0-56-cloud-amd64",
        package=package,
        package_version=version,
        image=folder / "vmlinuz",
        modules=folder / "lib/modules/6.1.0-56",
        config={"CONFIG_KSM": "y"},
        sha256="0" * 64,
    )
    save(folder, kernel, folder / "config")
    return folder, kernel


def test_what_was_saved_is_loaded(cache):
    folder, kernel = put(cache)
    assert load(folder) == kernel
    assert installed() == [kernel]
    assert fetch("6.1") == find("6.1") == find(kernel.package) == kernel


@pytest.mark.parametrize("damage", ["image gone", "facts gone", "facts cut", "facts of another"])
def test_what_is_incomplete_is_not_there(cache, damage):
    folder, _ = put(cache)
    facts = folder / "kernel.json"
    if damage == "image gone":
        (folder / "vmlinuz").unlink()
    elif damage == "facts gone":
        facts.unlink()
    elif damage == "facts cut":
        facts.write_text(facts.read_text()[:40])
    else:
        facts.write_text('{"name": 1}')
    assert load(folder) is None
    assert installed() == []


@pytest.mark.parametrize(
    ("kernel", "key"),
    [
        (Kernel("5.10", "5.10.0-46-cloud-amd64", "p", "5.10.262-1"), "stable_5_10"),
        (Kernel("6.1", "6.1.0-57-cloud-amd64", "p", "6.1.200-1"), "stable_6_1"),
        (Kernel("host", "6.18.44-fc"), "stable_6_18"),
        (
            Kernel("b", "5.10.262-built-stock", "s", "5.10.262-1", made_of={"recipe": "r"}),
            "stable_5_10",
        ),
        (Kernel("host", "not a version"), None),
    ],
)
def test_era_goes_by_the_package_before_the_release(kernel, key):
    assert kernel.era_key == key


@pytest.mark.parametrize("one", VARIANTS, ids=lambda one: one.key)
def test_every_built_kernel_has_its_era(one):
    release = f"5.10.262-{one.key.replace('_', '-')}"
    kernel = Kernel(one.key, release, "s", "5.10.262-1", made_of={"recipe": "r"})
    assert kernel.era_key == ("stable_5_10" if one.is_stock else one.key)
    assert kernel.era_key in {era.key for era in eras()}


class Shelf:
    """Packages as a mirror has them."""

    def __init__(self, *packages: Package) -> None:
        self.packages = packages
        self.asked: list[str] = []

    def find(self, pattern: str) -> list[Package]:
        self.asked.append(pattern)
        found = [one for one in self.packages if re.fullmatch(pattern, one.name)]
        return sorted(found, key=lambda one: one.version_key)


def shelf() -> Shelf:
    return Shelf(
        Package("linux-image-6.1.0-55-cloud-amd64", "6.1.192-1"),
        Package("linux-image-6.1.0-56-cloud-amd64", "6.1.192-2"),
        Package("linux-image-6.1.0-56-amd64", "6.1.192-2"),
        Package("linux-image-6.1.0-57-cloud-amd64", "6.1.200-1"),
        Package("linux-image-6.1.0-57-cloud-amd64-unsigned", "6.1.200-1"),
        Package("linux-image-6.12.107+deb13-cloud-amd64", "6.12.107-1"),
        Package("linux-image-6.12.9+deb13-cloud-amd64", "6.12.9-1"),
    )


def test_the_version_that_was_read_comes_first_then_the_newest():
    assert choose("6.1", shelf()).version == "6.1.192-2"
    later = Shelf(*(one for one in shelf().packages if one.version != "6.1.192-2"))
    assert choose("6.1", later) == Package("linux-image-6.1.0-57-cloud-amd64", "6.1.200-1")


def test_a_package_is_taken_by_its_whole_name():
    name = "linux-image-6.12.107+deb13-cloud-amd64"
    assert choose(name, shelf()).name == name
    assert choose("linux-image-6.1.0-56-amd64", shelf()).name == "linux-image-6.1.0-56-amd64"


@pytest.mark.parametrize("name", ["5.10", "linux-image-6.12.107-deb13", "6.2", "linux-doc", ""])
def test_what_is_not_there_is_told(name):
    with pytest.raises(NoSuchKernel):
        choose(name, shelf())


def test_series_are_told_apart():
    for one in SERIES:
        other = [each for each in SERIES if each.name != one.name]
        assert not any(each.name == one.name or each.pattern == one.pattern for each in other)


def test_own_image_is_described_by_what_it_says(tmp_path):
    path = tmp_path / "bzImage"
    path.write_bytes(image("6.12.1-mine"))
    (tmp_path / "config-6.12.1-mine").write_text("CONFIG_KSM=y\n")
    kernel = find(str(path))
    assert (kernel.release, kernel.era_key, kernel.has("KSM")) == (
        "6.12.1-mine",
        "stable_6_12",
        True,
    )
    assert kernel.image == path


@pytest.mark.parametrize(
    ("release", "rest", "version", "era"),
    [
        ("5.10.0-46-amd64", "#1 SMP Debian 5.10.262-1 (2026-01-01)", "5.10.262-1", "stable_5_10"),
        ("6.1.0-44-amd64", "#1 SMP Debian 6.1.164-1 (2026-01-01)", "6.1.164-1", "stable_6_1"),
        ("5.10.262-built-mapcount-locked", "#1 SMP 2020", "", "built_mapcount_locked"),
    ],
)
def test_an_image_by_its_path_has_the_era_of_its_package(tmp_path, release, rest, version, era):
    path = tmp_path / "boot" / "vmlinuz"
    modules = tmp_path / "usr/lib/modules" / release
    modules.mkdir(parents=True)
    path.parent.mkdir()
    path.write_bytes(image(release, rest))
    kernel = find(str(path))
    assert (kernel.release, kernel.package_version, kernel.era_key) == (release, version, era)
    assert kernel.modules == modules


def test_modules_beside_the_image_come_first_and_may_be_nowhere(tmp_path):
    path = tmp_path / "boot" / "vmlinuz"
    path.parent.mkdir()
    path.write_bytes(image("6.12.1-mine"))
    assert local(path).modules is None
    for root in (tmp_path, path.parent):
        modules = root / "lib/modules/6.12.1-mine"
        modules.mkdir(parents=True)
        assert local(path).modules == modules


def test_a_file_here_needs_no_slash_but_names_of_kernels_come_first(cache, tmp_path, monkeypatch):
    put(cache)
    monkeypatch.chdir(tmp_path)
    for name in ("bzImage", "6.1", "host"):
        (tmp_path / name).write_bytes(image("6.12.1-mine"))
    assert find("bzImage").release == "6.12.1-mine"
    assert find("6.1").release == "6.1.0-56-cloud-amd64"
    assert find("host").image is None


@pytest.mark.parametrize("content", [b"", b"\x7fELF", bytes(4096)])
def test_other_files_are_no_kernels(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(NoSuchKernel, match="not a kernel image"):
        local(path)


def test_missing_file_says_why(tmp_path):
    with pytest.raises(NoSuchKernel, match="No such file"):
        find(str(tmp_path / "none"))


def test_host_is_the_running_one():
    assert find("host").release == os.uname().release
    assert find("host").image is None


def test_a_debian_host_names_its_package(monkeypatch):
    monkeypatch.setattr(
        kernels.os,
        "uname",
        lambda: os.uname_result(
            (
                "Linux",
                "h",
                "6.1.0-56-amd64",
                "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-01-01)",
                "x",
            )
        ),
    )
    assert (find("host").package_version, find("host").era_key) == ("6.1.192-2", "stable_6_1")


def test_offers_name_all_and_what_is_here(cache):
    put(cache)
    listed = {one.name: one for one in offers()}
    assert set(listed) == {"host", *(one.name for one in SERIES), *(one.key for one in VARIANTS)}
    assert [name for name, one in listed.items() if one.kernel] == ["host", "6.1"]


@given(RELEASE)
def test_release_is_read_from_an_image(release):
    assert parse_release(image(release)) == (release, "")
    packaged = image(release, "#1 SMP Debian 6.1.2-3 (2026)")
    assert parse_release(packaged) == (release, "6.1.2-3")


@given(st.binary(max_size=700))
def test_any_bytes_are_an_image_or_not(data):
    assert parse_release(data) is None or b"HdrS" in data


@given(
    st.dictionaries(st.from_regex(r"[A-Z][A-Z0-9_]{0,9}", fullmatch=True), st.sampled_from("ymn1"))
)
def test_configuration_is_read_as_written(values):
    text = "#\n" + "".join(
        f"# CONFIG_{k} is not set\n" if v == "n" else f"CONFIG_{k}={v}\n" for k, v in values.items()
    )
    assert parse_config(text) == {f"CONFIG_{k}": v for k, v in values.items() if v != "n"}

"""apt is asked with lists of our own, and its refusals become reasons a user understands.

Shell scripts stand for apt and dpkg: they write down how they were called.
"""

from __future__ import annotations

import os
import re
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.cow.witness.apt import Package, PrivateList, configuration_text, sha256_of
from threadkit.cow.witness.problems import ToolFailed, Unavailable

MADISON = """\
 linux-image-6.1.0-56-cloud-amd64 |  6.1.192-2 | http://m/debian bookworm/main amd64 Packages
 linux-image-6.1.0-56-cloud-amd64 |  6.1.192-2 | http://m/security bookworm/main amd64 Packages
 linux-image-6.1.0-9-cloud-amd64 |  6.1.27-1 | http://m/debian bookworm/main amd64 Packages
 linux-image-6.1.0-9-cloud-amd64 |  6.1.27-1 | http://m/debian bookworm/main Sources
"""
SEARCH = """\
linux-image-6.1.0-56-cloud-amd64 - Linux 6.1 for x86-64 cloud (signed)
linux-image-6.1.0-9-cloud-amd64 - Linux 6.1 for x86-64 cloud (signed)
linux-image-6.1.0-9-cloud-amd64-dbg - Debug symbols
"""
UPDATES = "mkdir -p $home/lists; touch $home/lists/m_Packages.lz4"


@pytest.fixture
def system(tmp_path):
    root = tmp_path / "root"
    (root / "etc/apt").mkdir(parents=True)
    (root / "etc/apt/sources.list").write_text("deb http://m/debian bookworm main\n")
    return root


@pytest.fixture
def packages(tmp_path, system, monkeypatch):
    """A list of packages on a system whose apt is a script; ``packages.tools`` writes it."""
    folder, home = tmp_path / "bin", tmp_path / "private"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def tools(update=UPDATES, download="exit 0", unpack="exit 0"):
        cases = {
            "apt-get": f"case $2 in update) {update};; download) {download};; esac",
            "apt-cache": f"case $2 in search) cat {tmp_path}/search;; *) cat {tmp_path}/madison;; esac",
            "dpkg": "exit 0",
            "dpkg-deb": unpack,
        }
        for name, lines in cases.items():
            path = folder / name
            path.write_text(
                f'#!/bin/sh\nhome={home}\necho "{name} $*" >> {tmp_path}/called\n{lines}\n'
            )
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return PrivateList(home, system)

    (tmp_path / "search").write_text(SEARCH)
    (tmp_path / "madison").write_text(MADISON)
    return tools


def called(tmp_path) -> list[str]:
    return (tmp_path / "called").read_text().splitlines()


def test_packages_are_found_oldest_first_each_once(packages, tmp_path):
    found = packages().find(r"linux-image-6\.1\.0-[0-9]+-cloud-amd64")
    assert found == [
        Package("linux-image-6.1.0-9-cloud-amd64", "6.1.27-1"),
        Package("linux-image-6.1.0-56-cloud-amd64", "6.1.192-2"),
    ]
    ours = f"--config-file={tmp_path}/private/apt.conf"
    assert all(line.split()[1] == ours for line in called(tmp_path))


def test_indexes_are_fetched_once_while_they_are_fresh(packages, tmp_path):
    one = packages()
    one.refresh()
    one.refresh()
    os.utime(tmp_path / "private/refreshed", (0, 0))
    one.refresh()
    assert len([line for line in called(tmp_path) if line.endswith("update")]) == 2


@pytest.mark.parametrize(
    "answer",
    [
        "echo E: bullseye has no Release file >&2; exit 100",
        "echo 'W: Failed to fetch http://m/debian/bullseye' >&2; exit 0",
    ],
)
def test_one_suite_that_is_gone_keeps_no_other_back_and_is_asked_for_again(
    packages, tmp_path, answer
):
    one = packages(update=f"{UPDATES}; {answer}")
    assert one.find("linux-image-6.*")
    assert one.find("linux-image-6.*")
    assert len([line for line in called(tmp_path) if line.endswith("update")]) == 2
    assert not (tmp_path / "private/refreshed").exists()


def test_what_is_missing_may_be_of_the_suite_that_is_gone(packages):
    one = packages(update=f"{UPDATES}; echo E: bullseye has no Release file >&2; exit 100")
    with pytest.raises(Unavailable, match=r"(?s)an index could not be fetched.*bullseye"):
        one.find("no-such-package")


def test_the_system_cannot_switch_the_checks_off(tmp_path):
    text = configuration_text(tmp_path)
    for name in (
        "APT::Get::AllowUnauthenticated",
        "Acquire::AllowInsecureRepositories",
        "Acquire::AllowWeakRepositories",
        "Acquire::AllowDowngradeToInsecureRepositories",
    ):
        assert f'{name} "false";' in text


def test_no_network_is_a_reason_to_skip(packages):
    with pytest.raises(
        Unavailable, match=r"(?s)no index could be fetched.*Temporary failure"
    ) as no:
        packages(update="echo W: Temporary failure resolving >&2; exit 0").refresh()
    assert no.value.exit_code == 4


def test_other_systems_are_told_what_is_missing(packages, system, monkeypatch):
    one = packages()
    (system / "etc/apt/sources.list").write_text("deb http://m/ubuntu jammy main\n")
    with pytest.raises(Unavailable, match="needs a Debian-like system with apt: no Debian mirror"):
        one.refresh()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unavailable, match="apt-get is not installed"):
        one.refresh()


def test_other_machines_are_told(packages, monkeypatch):
    one = packages()
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "h", "6", "#1", "aarch64")))
    with pytest.raises(Unavailable, match="only known for x86_64, and this machine is aarch64"):
        one.refresh()


def test_a_package_is_downloaded_once(packages, tmp_path):
    one = packages(download="touch linux-x_1%3a2-1_amd64.deb")
    one.prepare()
    package = Package("linux-x", "1:2-1")
    first = one.download(package)
    assert one.download(package) == first == tmp_path / "private/packages/linux-x_1%3a2-1_amd64.deb"
    downloads = [line for line in called(tmp_path) if " download " in line]
    assert [line.split()[-1] for line in downloads] == ["linux-x=1:2-1"]


@pytest.mark.parametrize("answer", ["echo E: 404 Not Found >&2; exit 100", "echo odd >&2; exit 0"])
def test_a_package_that_does_not_come_is_told(packages, answer):
    one = packages(download=answer)
    one.prepare()
    with pytest.raises(Unavailable, match=r"(?s)linux-x could not be downloaded.*(404|odd)"):
        one.download(Package("linux-x", "1"))


def test_a_damaged_package_is_told(packages, tmp_path):
    one = packages(unpack="echo not a Debian archive >&2; exit 2")
    one.prepare()
    with pytest.raises(ToolFailed, match=r"(?s)unpacking x\.deb failed.*not a Debian archive"):
        one.unpack(tmp_path / "x.deb", tmp_path / "into")


def test_nothing_of_the_system_is_written(packages, system, tmp_path):
    before = {path: path.read_bytes() for path in system.rglob("*") if path.is_file()}
    packages().find("linux-image.*")
    assert {path: path.read_bytes() for path in system.rglob("*") if path.is_file()} == before
    text = configuration_text(tmp_path / "private")
    folders = re.findall(r'^Dir::(?:State|Cache)\S* "([^"]*)"', text, re.MULTILINE)
    assert folders
    assert all(one.startswith(f"{tmp_path}/private") for one in folders)


def test_the_list_of_sources_follows_the_system(packages, system, tmp_path):
    one = packages()
    one.prepare()
    assert "http://m/debian" in (tmp_path / "private/sources.list").read_text()
    (system / "etc/apt/sources.list").write_text("deb http://n/debian bookworm main\n")
    one.prepare()
    text = (tmp_path / "private/sources.list").read_text()
    assert "http://n/debian bullseye" in text
    assert "http://m/" not in text
    assert "signed-by" not in text
    keyring = system / "usr/share/keyrings/debian-archive-keyring.gpg"
    keyring.parent.mkdir(parents=True)
    keyring.write_bytes(b"keys")
    one.prepare()
    assert f"signed-by={keyring}" in (tmp_path / "private/sources.list").read_text()


@given(st.lists(st.integers(0, 999), min_size=1, max_size=4))
def test_versions_sort_by_their_numbers(numbers):
    version = ".".join(map(str, numbers)) + "-1"
    assert Package("x", version).version_key == (*numbers, 1)


def test_hash_is_of_the_content(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    assert sha256_of(tmp_path / "x").startswith("ba7816bf8f01cfea")

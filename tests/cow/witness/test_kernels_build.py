"""A build changes what it says, compiles in one tree, records what it was made of.

The source is the toy of the change's tests in an archive like the distribution's; a script
stands for make and writes down how it was called.
"""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cow.witness.test_kernels_change import TOY
from threadkit.cow.witness import build as build_module
from threadkit.cow.witness import config
from threadkit.cow.witness.apt import Package, sha256_of
from threadkit.cow.witness.build import TOOLS, build, built, complaints, recipe
from threadkit.cow.witness.change import MEMORY
from threadkit.cow.witness.kernels import installed, parse_config
from threadkit.cow.witness.names import find
from threadkit.cow.witness.problems import (
    NoSuchKernel,
    Terminated,
    ToolFailed,
    Unavailable,
    UnexpectedSource,
)
from threadkit.cow.witness.run import ended_in_order
from threadkit.cow.witness.variants import SOURCE_PACKAGE, VARIANTS, variant

ALL_ON = "".join(f"CONFIG_{name}=y\n" for name in config.NEEDED)

MAKE = """\
#!/bin/sh
echo "$*" >> {tmp}/called
for word; do case "$word" in O=*) objects="${{word#O=}}";; LOCALVERSION=*) name="${{word#*=}}";; esac; done
case "$*" in
*allnoconfig) cat {tmp}/config > $objects/.config;;
*) {compile}
   mkdir -p $objects/arch/x86/boot $objects/include/config
   echo "5.10.262$name" > $objects/include/config/kernel.release
   cat {cache}/build/source/mm/*.c > $objects/arch/x86/boot/bzImage
   echo kernel/drivers/block/nbd.ko > $objects/modules.builtin;;
esac
"""


class Mirror:
    """Has the toy as a package."""

    archive: Path
    downloads = 0

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, pattern: str) -> list[Package]:
        return [Package(SOURCE_PACKAGE, "5.10.9-1"), Package(SOURCE_PACKAGE, "5.10.262-1")]

    def download(self, package: Package) -> Path:
        type(self).downloads += 1
        assert package.version == "5.10.262-1"
        self.folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(self.archive, self.folder / "x.deb"))

    def unpack(self, archive: Path, into: Path) -> None:
        (into / "usr/src").mkdir(parents=True)
        shutil.copy(archive, into / f"usr/src/{SOURCE_PACKAGE}.tar.xz")


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """All that a build takes; ``workshop(...)`` says how the compiler behaves."""
    cache, folder = tmp_path / "cache", tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("THREADKIT_CACHE", str(cache))
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def make(compile="true", options=ALL_ON, sources=TOY):
        (tmp_path / "config").write_text(options)
        for tool in set(TOOLS) - {"tar", "xz", "nice"}:
            (folder / tool).write_text("#!/bin/sh\necho toy compiler 1.0\n")
        (folder / "make").write_text(MAKE.format(tmp=tmp_path, cache=cache, compile=compile))
        for tool in folder.iterdir():
            tool.chmod(0o755)
        archive = tmp_path / "source.tar.xz"
        with tarfile.open(archive, "w:xz") as stream:
            extra = {"drivers/gpu/big.c": "x", "drivers/gpu/Kconfig": "x", "drivers/net.c": "x"}
            for name, text in (dict(sources) | extra).items():
                entry = tarfile.TarInfo(f"{SOURCE_PACKAGE}/{name}")
                entry.size = len(text)
                stream.addfile(entry, io.BytesIO(text.encode()))
        monkeypatch.setattr(Mirror, "archive", archive, raising=False)
        monkeypatch.setattr(Mirror, "downloads", 0)
        monkeypatch.setattr(build_module, "PrivateList", Mirror)
        return cache / "build"

    return make


def test_a_build_records_what_it_was_made_of(workshop, tmp_path):
    work = workshop()
    kernel = build("built_mapcount_locked")
    assert kernel.release == "5.10.262-built-mapcount-locked"
    assert (kernel.package, kernel.package_version) == (SOURCE_PACKAGE, "5.10.262-1")
    assert kernel.image is not None
    assert kernel.image.read_text().count("threadkit_reuse(") == 2
    assert kernel.sha256 == sha256_of(kernel.image)
    assert kernel.has("KSM")
    assert kernel.made_of["compiler"] == "toy compiler 1.0"
    assert kernel.made_of["title"].startswith("5.10 counterfactual: ")
    assert kernel.era_key == "built_mapcount_locked"
    assert installed() == [kernel] == [find("built_mapcount_locked")]
    assert sorted(path.name for path in (work / "source/drivers").rglob("*") if path.is_file()) == [
        "Kconfig",
        "net.c",
    ]


def test_variants_share_source_and_configuration(workshop, tmp_path):
    work = workshop()
    steps: list[str] = []
    kernels = [build(one.key, steps.append) for one in VARIANTS]
    assert Mirror.downloads == 1
    assert steps.count("configuring") == 1
    assert len({one.sha256 for one in kernels}) == len(VARIANTS)
    assert len({one.made_of["change"] for one in kernels}) == len(VARIANTS)
    assert len({one.made_of["config"] for one in kernels}) == 1
    stock = build("built_stock", steps.append)
    assert stock == kernels[0]
    assert steps[-1] == f"compiling {VARIANTS[-1].key}"  # nothing was said of what is here
    assert (work / "pristine" / MEMORY).read_text() == TOY[MEMORY]


def test_files_that_stay_the_same_are_not_touched(workshop):
    work = workshop()
    build("built_mapcount_locked")
    path = work / "source/mm/huge_memory.c"
    before = path.stat().st_mtime_ns
    build("built_mapcount_trylock")  # differs in mm/memory.c alone
    assert path.stat().st_mtime_ns == before


def test_another_recipe_is_built_again(workshop, monkeypatch):
    workshop()
    build("built_stock")
    one = variant("built_stock")
    assert one is not None
    before = recipe(one)
    monkeypatch.setitem(config.VALUES, "NR_CPUS", "8")
    assert recipe(one) != before
    assert built(one) is None
    steps: list[str] = []
    build("built_stock", steps.append)
    assert steps == ["configuring", "compiling built_stock"]


def test_a_compiler_that_refuses_is_told_by_its_errors(workshop):
    workshop(compile="echo mm/memory.c:1: error: no such thing; echo CC other.o; exit 2")
    with pytest.raises(ToolFailed, match="no such thing") as caught:
        build("built_stock")
    assert "CC other.o" not in str(caught.value)
    assert installed() == []


def test_an_option_that_stays_off_is_told(workshop):
    workshop(options=ALL_ON.replace("CONFIG_KSM=y\n", ""))
    with pytest.raises(ToolFailed, match="these stay off: KSM"):
        build("built_stock")
    workshop()
    assert build("built_stock").has("KSM")


def test_other_source_is_refused_before_anything_is_compiled(workshop, tmp_path):
    workshop(sources=TOY | {MEMORY: TOY[MEMORY].replace("PageAnon(", "folio_test_anon(")})
    with pytest.raises(UnexpectedSource, match=r"do_wp_page\(\)"):
        build("built_mapcount_locked")
    assert not (tmp_path / "called").exists()


def test_what_is_not_there_is_told(workshop, monkeypatch):
    workshop()
    with pytest.raises(NoSuchKernel, match="built_stock, built_refcount_nofork"):
        build("built_nothing")
    with pytest.raises(NoSuchKernel, match="threadkit cow kernels build built_stock"):
        find("built_stock")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unavailable, match="not installed: make, gcc"):
        build("built_stock")


@given(st.lists(st.sampled_from(config.ON), unique=True))
def test_a_fragment_says_what_it_is_asked(names):
    values = {"NR_CPUS": "4", "MODULES": "n"}
    read = parse_config(config.fragment(names, values))
    assert read == {f"CONFIG_{name}": "y" for name in names} | {"CONFIG_NR_CPUS": "4"}
    assert set(config.missing(read, config.ON)) == set(config.ON) - set(names)


def test_what_is_needed_is_asked_for():
    assert set(config.NEEDED) <= set(config.ON)


@given(st.text(max_size=80))
def test_complaints_are_never_empty_for_an_output(text):
    assert complaints(text) or not text


@pytest.mark.parametrize("end", ["its time", "SIGTERM"])
def test_a_build_that_is_ended_leaves_no_compiler(workshop, tmp_path, monkeypatch, end):
    asked = f"kill -TERM {os.getpid()}" if end == "SIGTERM" else "true"
    workshop(compile=f"sleep 60 & echo $! > {tmp_path}/pid; {asked}; wait")
    monkeypatch.setattr(build_module, "_BUILD_SECONDS", 1 if end == "its time" else 60)
    with pytest.raises(Terminated if end == "SIGTERM" else ToolFailed), ended_in_order():
        build("built_stock")
    process = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat")
    for _ in range(100):  # it may be a zombie for a moment, until somebody collects it
        if not process.exists() or process.read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the compiler goes on")

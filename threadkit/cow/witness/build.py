"""Builds the counterfactual kernels: the distribution's 5.10 with a decision made otherwise.

One tree of source and one of objects serve all variants: after the first, only what the
change touches is compiled again. What a kernel was made of is recorded with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from threadkit.cow.witness import change, config
from threadkit.cow.witness.apt import Package, PrivateList, sha256_of
from threadkit.cow.witness.kernels import Kernel, kernels_folder, load, parse_config, save
from threadkit.cow.witness.places import cache_folder, locked
from threadkit.cow.witness.problems import NoSuchKernel, ToolFailed, Unavailable
from threadkit.cow.witness.supervise import signals_noted
from threadkit.cow.witness.variants import SOURCE_PACKAGE, VARIANTS, Variant, variant

TOOLS = ("make", "gcc", "ld", "flex", "bison", "bc", "tar", "xz", "nice")
"""Programs that a build takes."""

_BUILD_SECONDS = 3600
_CONFIGURE_SECONDS = 300
_UNPACK_SECONDS = 600
# Three quarters of the source are drivers and machines that no virtual one has. What
# configures them stays: it is read as a whole.
_LEFT_OUT = (
    *("sound", "samples", "drivers/gpu", "drivers/media", "drivers/staging", "drivers/scsi"),
    *("drivers/infiniband", "drivers/iio", "drivers/usb"),
    *("drivers/net/ethernet", "drivers/net/wireless"),
    *("tools/testing", "tools/perf"),
)
_OTHER_MACHINES = (
    *("alpha", "arc", "arm", "arm64", "c6x", "csky", "h8300", "hexagon", "ia64", "m68k"),
    *("microblaze", "mips", "nds32", "nios2", "openrisc", "parisc", "powerpc", "riscv"),
    *("s390", "sh", "sparc", "um", "xtensa"),
)


def _silent(step: str) -> None:
    del step


def build(key: str, say: Callable[[str], None] = _silent) -> Kernel:
    """Return a counterfactual kernel, built unless it is here.

    Parameters
    ----------
    key : str
        Of :data:`threadkit.cow.witness.variants.VARIANTS`.
    say : callable
        Is told what begins, in a few words: the first build takes minutes.

    Returns
    -------
    Kernel
        ``made_of`` says of what.

    Raises
    ------
    NoSuchKernel
        No variant has this key.
    Unavailable
        A program for it is not installed, or the source cannot be had.
    UnexpectedSource
        The source is not as the change expects it.
    ToolFailed
        It does not compile.
    """
    wanted = variant(key)
    if wanted is None:
        known = ", ".join(one.key for one in VARIANTS)
        raise NoSuchKernel(key, f"not one of the kernels that can be built: {known}")
    if here := built(wanted):
        return here
    check_tools()
    work = cache_folder() / "build"
    work.mkdir(parents=True, exist_ok=True)
    with locked(work):
        if here := built(wanted):  # while waiting for the lock
            return here
        package = _unpack_source(work, say)
        _write_changed(work, wanted)
        _configure(work, say)
        say(f"compiling {wanted.key}")
        release = _compile(work, wanted)
        return _keep(work, wanted, package, release)


def built(wanted: Variant) -> Kernel | None:
    """Return a variant that is here and was made as it would be made now, or None.

    Parameters
    ----------
    wanted : Variant
        Which.
    """
    found = load(kernels_folder() / wanted.key)
    return found if found and found.made_of.get("recipe") == recipe(wanted) else None


def recipe(wanted: Variant) -> str:
    """Return a hash of all that is ours in a build: the change and the configuration.

    Parameters
    ----------
    wanted : Variant
        Two of them have different recipes.

    Examples
    --------
    >>> len({recipe(one) for one in VARIANTS}) == len(VARIANTS)
    True
    """
    ours = json.dumps([asdict(wanted), change.own_text(wanted), config.fragment()])
    return hashlib.sha256(ours.encode()).hexdigest()


def check_tools() -> None:
    """Raise :class:`Unavailable` if a program that a build takes is not installed."""
    if lacking := [name for name in TOOLS if not shutil.which(name)]:
        raise Unavailable("building a kernel", f"not installed: {', '.join(lacking)}")


def _unpack_source(work: Path, say: Callable[[str], None]) -> Package:
    stamp = work / "source.json"
    if stamp.is_file() and (work / "source").is_dir():
        return Package(**json.loads(stamp.read_text("utf-8")))
    say(f"fetching {SOURCE_PACKAGE}")
    packages = PrivateList(cache_folder() / "apt")
    found = packages.find(SOURCE_PACKAGE.replace(".", r"\."))
    if not found:
        raise Unavailable("building a kernel", f"the mirror has no package {SOURCE_PACKAGE}")
    archive = packages.download(found[-1])
    say("unpacking it")
    for name in ("source", "pristine", "objects"):
        shutil.rmtree(work / name, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=work) as scratch:
        packages.unpack(archive, Path(scratch))
        _untar(next(Path(scratch).rglob(f"{SOURCE_PACKAGE}.tar.*")), work / "source")
    for name in change.FILES:
        (work / "pristine" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(work / "source" / name, work / "pristine" / name)
    stamp.write_text(json.dumps(asdict(found[-1])), "utf-8")
    archive.unlink()
    return found[-1]


def _untar(archive: Path, into: Path) -> None:
    into.mkdir()
    machines = (f"arch/{name}" for name in _OTHER_MACHINES)
    left_out = [
        f"--exclude={SOURCE_PACKAGE}/{folder}/*.{kind}"
        for folder in (*_LEFT_OUT, *machines)
        for kind in ("c", "h", "S", "dts", "dtsi")
    ]
    left_out += [f"--exclude={SOURCE_PACKAGE}/Documentation/*.{kind}" for kind in ("rst", "yaml")]
    where = ["--file", str(archive), "--directory", str(into)]
    tar = ["tar", "--extract", "--strip-components=1", "--wildcards", *left_out, *where]
    _run("unpacking the source of the kernel", tar, into, _UNPACK_SECONDS)


def _write_changed(work: Path, wanted: Variant) -> None:
    pristine = {name: (work / "pristine" / name).read_text("utf-8") for name in change.FILES}
    for name, text in change.changed(pristine, wanted).items():
        path = work / "source" / name
        if path.read_text("utf-8") != text:  # make goes by the time of change
            path.write_text(text, "utf-8")


def _configure(work: Path, say: Callable[[str], None]) -> None:
    text = config.fragment()
    ours = work / "fragment.config"
    done = work / "objects" / ".config"
    if not (done.is_file() and ours.is_file() and ours.read_text("utf-8") == text):
        say("configuring")
        (work / "objects").mkdir(exist_ok=True)
        ours.write_text(text, "utf-8")
        done.unlink(missing_ok=True)
        words = [f"KCONFIG_ALLCONFIG={ours}", "allnoconfig"]
        _run("configuring the kernel", _make(work, *words), work, _CONFIGURE_SECONDS)
    if lacking := config.missing(parse_config(done.read_text("utf-8"))):
        done.unlink()
        raise ToolFailed("configuring the kernel", f"these stay off: {', '.join(lacking)}")


def _compile(work: Path, wanted: Variant) -> str:
    jobs = f"-j{os.cpu_count() or 1}"
    named = f"LOCALVERSION=-{wanted.key.replace('_', '-')}"
    _run(f"compiling {wanted.key}", _make(work, jobs, named, "bzImage"), work, _BUILD_SECONDS)
    return (work / "objects/include/config/kernel.release").read_text("utf-8").strip()


def _make(work: Path, *words: str) -> list[str]:
    tree = ["-C", str(work / "source"), f"O={work / 'objects'}", "ARCH=x86_64"]
    # The same source gives the same image, whoever builds it, whenever.
    same = ["KBUILD_BUILD_USER=threadkit", "KBUILD_BUILD_HOST=threadkit"]
    return ["nice", "-n", "5", "make", *tree, *same, "KBUILD_BUILD_TIMESTAMP=2020-08-31", *words]


def _run(doing: str, command: Sequence[str], cwd: Path, seconds: float) -> None:
    process: subprocess.Popen[bytes] | None = None
    try:
        with signals_noted():
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise ToolFailed(doing, f"no end after {seconds:.0f} s") from error
    finally:
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # make's compilers would go on without it
            process.communicate()
    if process.returncode:
        raise ToolFailed(doing, complaints(output.decode("utf-8", "replace")))


def complaints(text: str) -> str:
    r"""Return what make and the compiler complain of; other jobs' words may follow it.

    Parameters
    ----------
    text : str
        All output.

    Returns
    -------
    str
        All of it if no line is an error.

    Examples
    --------
    >>> complaints("  CC a.o\na.c:1: error: no\n  CC b.o\nmake: *** [a.o] Error 1\n")
    'a.c:1: error: no\nmake: *** [a.o] Error 1'
    """
    found = [line for line in text.splitlines() if "***" in line or "error:" in line.lower()]
    return "\n".join(found) or text


def _environment() -> dict[str, str]:
    # What make and kbuild would take from the user's shell changes the image.
    kept = ("PATH", "HOME", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def compiler() -> str:
    """Return the first line of what the compiler says about itself."""
    done = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=True)
    return done.stdout.partition("\n")[0]


def _keep(work: Path, wanted: Variant, package: Package, release: str) -> Kernel:
    folder = kernels_folder() / wanted.key
    shutil.rmtree(folder, ignore_errors=True)
    modules = folder / "lib/modules" / release
    modules.mkdir(parents=True)
    objects = work / "objects"
    image, configuration = folder / f"vmlinuz-{release}", folder / f"config-{release}"
    shutil.copyfile(objects / "arch/x86/boot/bzImage", image)
    shutil.copyfile(objects / ".config", configuration)
    shutil.copyfile(objects / "modules.builtin", modules / "modules.builtin")
    kernel = Kernel(
        name=wanted.key,
        release=release,
        package=package.name,
        package_version=package.version,
        image=image,
        modules=modules,
        config=parse_config(configuration.read_text("utf-8")),
        sha256=sha256_of(image),
        made_of={
            "title": wanted.title,
            "recipe": recipe(wanted),
            "change": _hash_of_files(work / "source", change.FILES),
            "config": sha256_of(configuration),
            "compiler": compiler(),
        },
    )
    save(folder, kernel, configuration)
    return kernel


def _hash_of_files(root: Path, names: Sequence[str]) -> str:
    joined = "".join(f"{name} {sha256_of(root / name)}\n" for name in names)
    return hashlib.sha256(joined.encode()).hexdigest()

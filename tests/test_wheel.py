"""The wheel: what is inside, and whether it works where nothing else of the project is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel; it is not installed here")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an installation in it, which is all that its user has of the project."""
    pytest.importorskip("pip", reason="pip installs the wheel; it is not here")
    target = tmp_path_factory.mktemp("installed")
    run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
        "--disable-pip-version-check", "--target", str(target), str(wheel), cwd=target,
    )  # fmt: skip
    return target


def test_it_holds_the_package_the_samples_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    data = ROOT / "data"
    for path in filter(Path.is_file, (*data.glob("samples/**/*"), *data.glob("commits/*"))):
        name = f"threadkit/data/{path.relative_to(data).as_posix()}"
        assert inside[name] == path.read_bytes()
    for path in (ROOT / "threadkit").rglob("*.py"):
        assert path.relative_to(ROOT).as_posix() in inside
    assert "threadkit/py.typed" in inside
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert {name.partition("/")[0] for name in inside} == {
        "threadkit",
        f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info",
    }


def test_an_installation_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    program = installed / "bin" / "threadkit"
    shown = run(sys.executable, str(program), "demo", cwd=tmp_path, PYTHONPATH=str(installed))
    assert shown.startswith("threadkit.db: 61 sample mails read, 60 stored")
    assert (tmp_path / "threadkit.db").exists()


def test_an_installation_finds_its_own_data(installed: Path, tmp_path: Path) -> None:
    code = "import threadkit as tk; print(tk.__file__, tk.samples(), sep='\\n')"
    said = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(installed)).splitlines()
    assert [Path(line).is_relative_to(installed) for line in said] == [True, True]
    assert said[1].endswith("/threadkit/data/samples")

"""The package as it is installed: version, names, optional parts."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import threadkit

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(threadkit.__path__, "threadkit.")
    if not module.name.endswith("__main__")
)


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_version_is_said_once():
    assert threadkit.__version__ == project()["version"]


def test_the_command_of_the_project_is_there():
    module, _, name = project()["scripts"]["threadkit"].partition(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_types_are_shipped():
    assert (ROOT / "threadkit" / "py.typed").exists()


@pytest.mark.parametrize("name", MODULES)
def test_modules_say_what_they_are_and_are_not_too_long(name):
    module = importlib.import_module(name)
    assert module.__doc__
    lines = Path(str(module.__file__)).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 500


def test_every_module_loads_without_the_libraries_that_are_imported_late():
    code = (
        "import sys, importlib\n"
        "for name in ('networkx', 'bs4', 'spacy', 'pandas'): sys.modules[name] = None\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *MODULES], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

"""Every notebook runs from top to bottom, and is kept without its outputs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import threadkit as tk

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, tmp_path: Path) -> None:
    book = read(path)
    NotebookClient(book, timeout=60, resources={"metadata": {"path": tmp_path}}).execute()
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    silent = [cell.source for cell in cells if not cell.outputs]
    assert not silent, "a cell that shows nothing teaches nothing"
    assert not [out for cell in cells for out in cell.outputs if out.get("name") == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path: Path) -> None:
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_uses_public_names_only(path: Path) -> None:
    cells = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    tree = ast.parse("\n".join(source for source in cells if not source.startswith("%%")))
    imports = [one for one in ast.walk(tree) if isinstance(one, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(one) for one in imports] == ["import threadkit as tk"]
    asked = [one for one in ast.walk(tree) if isinstance(one, ast.Attribute)]
    assert not [one.attr for one in asked if one.attr.startswith("_")]
    of_package = {one.attr for one in asked if ast.unparse(one.value) == "tk"}
    assert of_package <= set(tk.__all__)
    assert {one.attr for one in asked if ast.unparse(one.value) == "tk.cow"} <= set(tk.cow.__all__)


def test_they_are_numbered_in_the_order_of_reading() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "01_read_a_thread", "02_who_argues_what", "03_commits_and_regressions", "04_run_a_claim",
        "05_your_own_thread",
    ]  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_tells_a_story(path: Path) -> None:
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    words = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert all(len(one.split()) < 130 for one in words), "a cell that nobody reads"
    assert not re.search(r"https?://(?!lore\.kernel\.org/linux-mm/MESSAGE-ID)", "\n".join(words))

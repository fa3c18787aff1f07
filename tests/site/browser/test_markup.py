"""Pages as a validator of HTML and as a text browser see them."""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site.browser.seen import need
from tests.site.browser.sites import KINDS, page_of, pages_of

Sites = Callable[[str], Path]

CONFIG = Path(__file__).parent / "htmlvalidate.cjs"
GOLDEN = Path(__file__).parents[1] / "golden"

SHOWN = ("index.html", "thread.html", "m/bo-1@example.org.html", "map-reuse.html", "c/3.html")
"""Pages of the sample whose text is kept."""

TOLD = 20
"""Errors that are printed."""


@pytest.mark.parametrize("name", ["sample", "facts", "cow", "hostile"])
def test_the_html_is_valid(site: Sites, name: str) -> None:
    tool = need("html-validate", "npm install html-validate", variable="THREADKIT_HTML_VALIDATE")
    folder = site(name)
    few = name in ("facts", "cow")
    pages = [page_of(folder, kind) for kind in KINDS] if few else pages_of(folder)
    done = subprocess.run(
        [tool, "--config", CONFIG, "--formatter", "json", *(folder / path for path in pages)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [
        f"{Path(file['filePath']).relative_to(folder)}:{one['line']}: {one['ruleId']}: "
        f"{one['message']}"
        for file in json.loads(done.stdout)
        for one in file["messages"]
    ]
    assert not found, f"{len(found)} errors\n" + "\n".join(found[:TOLD])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", SHOWN)
def test_a_text_browser_shows_what_it_showed(site: Sites, path: str) -> None:
    """The golden files are of generated mail; a change that is meant is accepted with
    ``THREADKIT_UPDATE_GOLDEN=1``.
    """
    shown = _lynx(site("sample"), path)
    golden = GOLDEN / Path(path).with_suffix(".txt").name
    if os.environ.get("THREADKIT_UPDATE_GOLDEN"):
        golden.write_text(shown, encoding="utf-8")
    lines = difflib.unified_diff(
        golden.read_text(encoding="utf-8").splitlines(), shown.splitlines(), lineterm="", n=1
    )
    assert shown == golden.read_text(encoding="utf-8"), "\n".join(lines)


@pytest.mark.parametrize("kind", KINDS)
def test_words_do_not_run_together_in_a_text_browser(site: Sites, kind: str) -> None:
    """Names, dates and marks that only style keeps apart would: ``Ada Example2020-09-01``."""
    folder = site("facts")
    text = _lynx(folder, page_of(folder, kind))
    assert not re.findall(r"\b[A-Za-z]{3,}20\d\d-\d\d-\d\d|\d\d:\d\d[A-Za-z]\w+", text)
    assert "threadkit VERSION" in re.sub(r"\s+", " ", text)


def _lynx(site: Path, path: str) -> str:
    """Return a page as lynx writes it to a file of 80 columns."""
    tool = need("lynx", "apt-get install lynx")
    command = [
        tool, "-dump", "-nolist", "-width=80", "-assume_charset=utf-8", "-display_charset=utf-8",
        "-cfg=/dev/null", (site / path).as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True, env={"LANG": "C.UTF-8"})
    text = done.stdout.decode("utf-8")
    return re.sub(r"(Built by threadkit\s+)\d[\w.+]*", r"\1VERSION", text)

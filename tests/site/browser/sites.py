"""The sites that the tests of the browser look at, each built once for all processes."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import threadkit as tk
from tests.site.browser.hostile import deep_mbox, hostile_mbox
from threadkit.pipeline.analysis import ARGUMENTS, EVIDENCE, bring_up_to_date
from threadkit.pipeline.casebooks import load_casebook
from threadkit.pipeline.samples import samples

KINDS: Mapping[str, str] = {
    "overview": "index.html",
    "thread": "thread.html",
    "message": "m/*.html",
    "questions": "questions.html",
    "map": "map-*.html",
    "claims": "claims.html",
    "claim": "c/*.html",
    "people": "people.html",
    "person": "p/*.html",
    "commits": "commits.html",
    "commit": "commit/*.html",
    "regressions": "regressions.html",
    "model": "model.html",
    "scenario": "model/*.html",
    "search": "search.html",
    "about": "about.html",
}
"""Every type of page, and where pages of it lie."""

DEEP = 3000
"""Mails of the conversation in which each answers the one before."""

CASEBOOK = "cow-2020"
"""The casebook whose site has every type of page."""


def page_of(site: Path, kind: str) -> str:
    """Return the path of the largest page of a type: what breaks, breaks there."""
    found = [path for path in site.glob(KINDS[kind]) if path.is_file()]
    assert found, f"{site.name} has no page of type {kind}"
    largest = max(found, key=lambda path: (path.stat().st_size, path.name))
    return largest.relative_to(site).as_posix()


def pages_of(site: Path) -> list[str]:
    """Return the paths of all pages."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder ``name``, made by the first process of the run that asks for it."""
    shared.mkdir(parents=True, exist_ok=True)
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def sample(out: Path) -> None:
    """Build the sample casebook over the sample mail."""
    boxes = [samples() / name for name in ("argument.mbox", "debate.mbox")]
    _of_casebook(out, boxes, "sample")


def facts(out: Path) -> None:
    """Build the casebook of the kernel's thread without any mail."""
    _of_casebook(out, [], CASEBOOK)


def cow(out: Path, corpora: Path) -> None:
    """Build the casebook of the kernel's thread with its mail."""
    folder = corpora / "cow-thread"
    _of_casebook(out, [folder / "cow-thread.mbox", folder / "related.mbox"], CASEBOOK)


def hostile(out: Path) -> None:
    """Build a conversation that attacks its reader, with claims that nobody reviewed."""
    box = out.with_suffix(".mbox")
    box.write_bytes(hostile_mbox())
    with tk.open(out.with_suffix(".db"), create=True) as archive:
        archive.import_mail(box, workers=0)
        bring_up_to_date(out.with_suffix(".db"), stages=ARGUMENTS)
        roots = [one.root for one in archive.threads()]
        assert len(roots) == 1, roots
        _noted(out, archive.site(roots[0], candidates=True).build(out).files)


def deep(out: Path) -> None:
    """Build a conversation of one line of replies."""
    box = out.with_suffix(".mbox")
    box.write_bytes(deep_mbox(DEEP))
    with tk.open(out.with_suffix(".db"), create=True) as archive:
        archive.import_mail(box, workers=0)
        _noted(out, archive.site("deep-0@example.org").build(out).files)


def files_of(site: Path) -> dict[str, int]:
    """Return what the build said that it wrote: path and bytes."""
    found = json.loads(site.with_suffix(".files").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _of_casebook(out: Path, boxes: Sequence[Path], name: str) -> None:
    database = out.with_suffix(".db")
    with tk.open(database, create=True) as archive:
        if boxes:
            archive.import_mail(*boxes, workers=0)
            bring_up_to_date(database, stages=EVIDENCE)
        load_casebook(database, name)
        _noted(out, archive.site(name).build(out).files)


def _noted(out: Path, files: Mapping[str, int]) -> None:
    out.with_suffix(".files").write_text(json.dumps(dict(files)), encoding="utf-8")

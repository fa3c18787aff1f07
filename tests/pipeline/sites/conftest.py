"""Databases that sites are made of: the sample mail with its casebook, and the casebook alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline import debated
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.casebooks import load_casebook
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.samples import samples


@pytest.fixture(scope="session")
def _sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sampled") / "sampled.db"
    boxes = [str(samples() / name) for name in ("argument.mbox", "debate.mbox")]
    import_mail(path, boxes, workers=0)
    load_casebook(path, "sample")
    return path


@pytest.fixture(scope="session")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told") / "told.db"
    load_casebook(path, "sample")
    return path


def _opened(made: Path, folder: Path) -> Iterator[Archive]:
    with Archive(shutil.copy(made, folder)) as found:
        yield found


@pytest.fixture
def sampled(_sampled: Path, tmp_path: Path) -> Iterator[Archive]:
    """The sample mail with its casebook."""
    yield from _opened(_sampled, tmp_path)


@pytest.fixture
def told(_told: Path, tmp_path: Path) -> Iterator[Archive]:
    """The casebook without any mail."""
    yield from _opened(_told, tmp_path)


@pytest.fixture
def debate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """A conversation whose claims nobody reviewed, and another one."""
    debated.given_units(monkeypatch)
    path = debated.archive_at(tmp_path)
    analyze(path)
    with Archive(path) as found:
        yield found

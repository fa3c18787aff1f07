"""Every link and anchor of whole sites leads somewhere, by two readers of HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

import threadkit as tk
from tests.site.browser import sites
from threadkit.site.check import check

Sites = Callable[[str], Path]

NAMES = ("sample", "facts", "cow", "hostile", "deep")
HERE = "http://here.invalid/"
MADE_FROM_MAIL = {"http", "https", "mailto"}


class Read(NamedTuple):
    """All links of a page, loads among them, and all names of places in it."""

    links: set[str]
    places: set[str]


@pytest.mark.parametrize("name", NAMES)
def test_the_check_that_ships_finds_nothing(site: Sites, name: str) -> None:
    folder = site(name)
    found = [str(problem) for problem in check(folder, sites.files_of(folder))]
    assert not found, f"{len(found)} problems\n" + "\n".join(found[:20])


@pytest.mark.parametrize("name", NAMES[:-1])
def test_another_reader_of_html_finds_every_target_and_every_page(site: Sites, name: str) -> None:
    folder = site(name)
    pages = {path: _read(folder / path) for path in sites.pages_of(folder)}
    dead, reached, todo = [], {"index.html"}, ["index.html"]
    while todo:
        path = todo.pop()
        for link in pages[path].links:
            target = _target(path, link)
            if target is None or not _is_there(folder, pages, *target):
                dead.append(f"{path}: {link}")
            elif target[0] in pages and target[0] not in reached:
                reached.add(target[0])
                todo.append(target[0])
    assert not dead, f"{len(dead)} dead links\n" + "\n".join(dead[:20])
    assert pages.keys() - reached == set()


@pytest.mark.parametrize("name", ["sample", "hostile"])
def test_the_same_mail_gives_the_same_bytes(site: Sites, name: str, tmp_path: Path) -> None:
    """All but the copy of the database, which tells when its mail was imported."""
    {"sample": sites.sample, "hostile": sites.hostile}[name](tmp_path / name)
    assert _differing(tmp_path / name, site(name)) <= {"threadkit.db"}


@pytest.mark.parametrize("name", ["sample", "facts"])
def test_the_same_database_gives_the_same_bytes(site: Sites, name: str, tmp_path: Path) -> None:
    with tk.open(site(name).with_suffix(".db")) as archive:
        archive.site({"facts": sites.CASEBOOK}.get(name, name)).build(tmp_path / name)
    assert _differing(tmp_path / name, site(name)) == set()


def test_names_of_files_are_safe_everywhere(site: Sites) -> None:
    for name in sites.files_of(site("hostile")):
        assert re.fullmatch(r"[A-Za-z0-9._~@=+/-]+", name), name
        assert all(part.strip(".") for part in name.split("/")), name
        assert max(len(part.encode()) for part in name.split("/")) < 120, name


def _differing(one: Path, other: Path) -> set[str]:
    """Name the files that only one folder has, or that are not the same in both."""
    some, more = _bytes(one), _bytes(other)
    return {path for path in some.keys() | more.keys() if some.get(path) != more.get(path)}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _read(path: Path) -> Read:
    root = html.fromstring(path.read_bytes())
    return Read({link for _, _, link, _ in root.iterlinks()}, set(root.xpath("//@id")))


def _target(path: str, link: str) -> tuple[str, str] | None:
    """Return the file and the place in it that a link leads to; empty if out of the site."""
    full = urljoin(HERE + path, link)
    parts = urlsplit(full)
    if not full.startswith(HERE):
        return ("", "") if parts.scheme in MADE_FROM_MAIL else None
    return unquote(parts.path).lstrip("/"), unquote(parts.fragment)


def _is_there(folder: Path, pages: dict[str, Read], path: str, place: str) -> bool:
    if path in pages:
        return not place or place in pages[path].places
    return not path or (folder / path).is_file()

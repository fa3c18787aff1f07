"""Check a finished site: links, anchors, no load from elsewhere, policies, sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from threadkit.site.frame import CSP

PAGE_MOST = 300_000
"""Bytes of a page: a longer one has to be paged."""

OVERVIEW_MOST = 60_000
"""Bytes of the first page."""

STYLE_MOST = 8_000
"""Bytes of a style sheet; that of the model's pictures is one of its own, for pages that have some."""

_LOADS = frozenset(
    {"src", "srcset", "data", "poster", "background", "action", "formaction", "manifest"}
)
_LINKED = frozenset({"http", "https", "mailto"})
_KINDS = frozenset({"stylesheet", "icon"})


class Problem(NamedTuple):
    """Something wrong with a page; ``line`` counts from 1."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def check(out: Path, files: Mapping[str, int]) -> Iterator[Problem]:
    """Check every page of a site.

    Parameters
    ----------
    out : Path
        The folder.
    files : mapping of str to int
        Its files: path and bytes.

    Yields
    ------
    Problem
        Page by page.
    """
    pages = [path for path in files if path.endswith(".html")]
    anchors: dict[str, frozenset[str]] = {}
    wanted: dict[str, list[tuple[str, int, str]]] = {}
    for path in pages:
        read = _read(out, path)
        anchors[path] = frozenset(read.ids)
        yield from read.problems
        yield from _sizes(path, files[path])
        for line, href in read.hrefs:
            yield from _target(path, line, href, files, wanted)
    for page, some in wanted.items():
        for path, line, anchor in some:
            if page in anchors and anchor not in anchors[page]:
                yield Problem(path, line, f"no anchor #{anchor} in {page}")
    for path, size in files.items():
        if path.endswith(".css") and size > STYLE_MOST:
            yield Problem(path, 1, f"{size} bytes of style; {STYLE_MOST} at most")


def _sizes(path: str, size: int) -> Iterator[Problem]:
    most = OVERVIEW_MOST if path == "index.html" else PAGE_MOST
    if size > most:
        yield Problem(path, 1, f"{size} bytes; {most} at most")


def _target(
    path: str,
    line: int,
    href: str,
    files: Mapping[str, int],
    wanted: dict[str, list[tuple[str, int, str]]],
) -> Iterator[Problem]:
    """Check where a link leads; anchors are noted, to be looked up when all pages are read."""
    try:
        parts = urlsplit(href)
    except ValueError:
        yield Problem(path, line, f"link {href!r} is no URL")
        return
    if parts.scheme or parts.netloc:
        if parts.scheme not in _LINKED:
            yield Problem(path, line, f"link to {href!r}")
        return
    place = _joined(PurePosixPath(path).parent, unquote(parts.path)) if parts.path else path
    if place is None or place not in files:
        yield Problem(path, line, f"link to {href!r}: no such file")
    elif parts.fragment and place.endswith(".html"):
        wanted.setdefault(place, []).append((path, line, unquote(parts.fragment)))


def _joined(folder: PurePosixPath, path: str) -> str | None:
    """Join a relative path to a folder; None if it leads out of the site."""
    found: list[str] = [*folder.parts]
    for part in PurePosixPath(path).parts:
        if part == "..":
            if not found:
                return None
            found.pop()
        elif part != ".":
            found.append(part)
    return None if path.startswith("/") else "/".join(found)


class _Reader(HTMLParser):
    """Notes the links, anchors and loads of one page."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.ids: set[str] = set()
        self.hrefs: list[tuple[int, str]] = []
        self.problems: list[Problem] = []
        self.policies: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element.

        Parameters
        ----------
        tag : str
            Its name.
        attrs : list of (str, str or None)
            Its attributes.
        """
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))
        if "id" in given:
            if given["id"] in self.ids:
                self._say(f"id {given['id']!r} is there twice")
            self.ids.add(given["id"])
        for name in ("href", "xlink:href", *sorted(_LOADS)):
            if name in given:
                self._reference(tag, name, given)
        for name in given:
            if name == "style" or name.startswith("on"):
                self._say(f"attribute {name} of <{tag}>")
        if tag == "style" or (tag == "script" and "src" not in given):
            self._say(f"<{tag}> in the page")

    def _reference(self, tag: str, name: str, given: Mapping[str, str]) -> None:
        value = given[name]
        loads = name in _LOADS or (tag == "link" and given.get("rel") in _KINDS)
        if loads and (urlsplit(value).scheme or value.startswith("//")):
            self._say(f"<{tag} {name}> loads {value!r}")
        elif value or name != "action":
            self.hrefs.append((self.getpos()[0], value))

    def _say(self, what: str) -> None:
        self.problems.append(Problem(self.path, self.getpos()[0], what))


def _read(out: Path, path: str) -> _Reader:
    reader = _Reader(path)
    with (out / path).open(encoding="utf-8", newline="") as file:
        for piece in iter(lambda: file.read(65536), ""):
            reader.feed(piece)
    reader.close()
    if reader.policies != [CSP]:
        reader.problems.append(Problem(path, 1, "not the content security policy of a site"))
    return reader

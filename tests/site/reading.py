"""Read pages as a browser does, but refuse what a browser would repair."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from threadkit.site.values import Page

_VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "circle", "line", "path", "rect"})
_OUTSIDE = frozenset({"http", "https", "mailto"})


class Read(HTMLParser):
    """A page: its ids, links and texts; an AssertionError where elements do not match."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[dict[str, str]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._stack: list[str] = []
        self._text: dict[str, list[str]] = {}
        self._classes: list[str] = []
        self.feed(html)
        self.close()
        assert not self._stack, f"never closed: {self._stack}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        found = {name: value or "" for name, value in attrs}
        assert not {"style", "onclick", "onload", "onerror"} & found.keys(), (tag, found)
        self.elements.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            assert "a" not in self._stack, "a link in a link"
            self.links.append(found)
        if tag not in _VOID:
            self._stack.append(tag)
            self._classes.append(found.get("class", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._stack[-1:] == [tag], (tag, self._stack)
        self._stack.pop()
        self._classes.pop()

    def handle_data(self, data: str) -> None:
        for tag, style in zip(self._stack, self._classes, strict=True):
            for name in {tag, *(f".{one}" for one in style.split())}:
                self._text.setdefault(name, []).append(data)

    def text(self, name: str) -> str:
        """Return all text inside elements of a name, or of a ``.class``."""
        return "".join(self._text.get(name, ()))


def whole(page: Page) -> str:
    """Return a page as text."""
    content = page.content
    if isinstance(content, str):
        return content
    assert not isinstance(content, bytes)
    return "".join(str(piece) for piece in content)


def read_all(pages: Iterable[Page]) -> dict[str, Read]:
    """Read all HTML of some pages, by path; other files are used up and left out."""
    found: dict[str, Read] = {}
    for page in pages:
        if page.path.endswith(".html"):
            assert page.path not in found
            found[page.path] = Read(whole(page))
        elif not isinstance(page.content, str | bytes):
            for _ in page.content:
                pass
    return found


def check_links(read: dict[str, Read], others: Iterable[str] = ()) -> int:
    """Check that every link of some pages leads to a page and an anchor; count them.

    ``others`` are folders and files that are made elsewhere: what is in them is not looked at.
    """
    checked = 0
    known = tuple(others)
    ids = {path: set(page.ids) for path, page in read.items()}
    for path, page in read.items():
        assert len(page.ids) == len(ids[path]), path
        for link in page.links:
            href = link["href"]
            parts = urlsplit(href)
            if parts.scheme:
                assert parts.scheme in _OUTSIDE, href
                assert parts.scheme == "mailto" or link.get("rel", "").startswith("noreferrer")
                continue
            target = normpath(join(dirname(path), unquote(parts.path))) if parts.path else path
            assert not target.startswith(("..", "/")), href
            checked += 1
            if target in read:
                anchor = unquote(parts.fragment)
                assert not anchor or anchor in ids[target], (path, href)
            else:
                assert target.startswith(known), (path, href)
    return checked

"""What a page of cgit about a commit says.

Cells are found by the words before them, not by classes: those differ between versions.
The page shows the whole commit but for headers of its own (signatures, charsets) and the
number of empty lines behind the title, so that mostly the object can be put together
again; its hash proves that it is right, and then it is read like one from a clone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from threadkit.commits.objects import as_text, parse_commit, parse_signature, sha_of, split_message
from threadkit.commits.values import Commit
from threadkit.fetch.markup import PageTooLarge, parsed

if TYPE_CHECKING:
    from bs4.element import Tag

_SHA = re.compile(r"[0-9a-f]{64}|[0-9a-f]{40}")
_WHEN = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([+-])(\d{1,9})", re.ASCII)
_CHANGES = b"<div class='diffstat-header'>"
_SHOWN_BYTES = 2 << 20
_DECORATION = re.compile(r"decoration|.*-deco")


def read_commit_page(data: bytes) -> Commit | str | None:
    """Read cgit's page of a commit.

    Parameters
    ----------
    data : bytes
        The page, unpacked.

    Returns
    -------
    Commit, str or None
        What cgit complains of, if it shows an error; None if it is no such page. ``raw``
        is there if the object could be put together.

    Raises
    ------
    PageTooLarge
        If it is far more than a commit's message and its like.

    Examples
    --------
    >>> read_commit_page(b"<div id='cgit'><div class='error'>Bad object id: abc</div></div>")
    'Bad object id: abc'
    >>> read_commit_page(b"<p>nothing of the kind</p>") is None
    True

    Notes
    -----
    Bytes that are not UTF-8 are decoded field by field, as in a clone. Without ``raw``, a
    title over several lines is cut behind its first: the page does not tell it from text.
    The list of what changed and the diff below it, most of a page, are not looked at.
    """
    # In text the < is escaped: this is where the message ends, whatever it says.
    data = data.partition(_CHANGES)[0]
    if len(data) > _SHOWN_BYTES:
        raise PageTooLarge(f"a page of more than {_SHOWN_BYTES} bytes above the changes")
    # With a tag in front BeautifulSoup does not ask itself whether this is a file's name.
    soup = parsed("<html>" + data.decode("utf-8", "surrogateescape"))
    rows: dict[str, list[Tag]] = {}
    for cell in soup.find_all("th"):
        name = cell.get_text().strip().lower()
        if cell.parent is not None:
            rows.setdefault(name, []).append(cell.parent)
    if "commit" not in rows or "author" not in rows:
        error = soup.find(class_="error")
        return error.get_text().strip() if error else None
    sha = _id_in(rows["commit"][0])
    title, text = soup.find(class_="commit-subject"), soup.find(class_="commit-msg")
    if not sha or title is None or text is None:
        return None
    for mark in title.find_all(["span", "a"], class_=_DECORATION):
        mark.decompose()
    subject, body = _bytes(title.get_text()), _bytes(text.get_text())
    return _assembled(sha, rows, subject, body)


def _assembled(sha: str, rows: dict[str, list[Tag]], title: bytes, text: bytes) -> Commit:
    """Make the commit of what the page shows."""
    author, committer = (_line(_person(rows.get(who, []))) for who in ("author", "committer"))
    parents = tuple(filter(None, map(_id_in, rows.get("parent", []))))
    tree = next(filter(None, map(_id_in, rows.get("tree", []))), "")
    head = [f"tree {tree}", *(f"parent {one}" for one in parents)]
    start = "\n".join(head).encode() + b"\nauthor %b\ncommitter %b\n\n" % (author, committer)
    for message in _messages(title, text):
        raw = start + message
        if sha_of(raw, len(sha)) == sha:
            return parse_commit(sha, raw)
    subject, _ = split_message(title)
    _, body = split_message(b"title\n\n" + text)
    return Commit(
        sha, tree, parents, parse_signature(author), parse_signature(committer),
        as_text(subject), as_text(body),
    )  # fmt: skip


def _messages(title: bytes, text: bytes) -> Iterator[bytes]:
    """Yield the messages that cgit would show so, the likeliest first."""
    if text:
        yield title + b"\n\n" + text
        yield title + b"\n" + text
        yield title + b"\n\n\n" + text
    else:
        yield title + b"\n"
        yield title
        yield title + b"\n\n"


def fold_title(commit: Commit, subject: str) -> Commit:
    """Move what belongs to the title out of the text, given the whole title.

    Parameters
    ----------
    commit : Commit
        As a page shows it: the title may end behind its first line.
    subject : str
        The whole title on one line.

    Returns
    -------
    Commit
        The same if the text does not begin with the rest of the title.
    """
    if not subject.startswith(f"{commit.subject} "):
        return commit
    whole, body = split_message(f"{commit.subject}\n{commit.body}".encode())
    if whole.decode() != subject:
        return commit
    return replace(commit, subject=subject, body=body.decode())


def _person(rows: list[Tag]) -> tuple[str, str]:
    """Return the cells of an author or committer: who, and when."""
    cells = [cell.get_text() for cell in rows[0].find_all("td")] if rows else []
    return (cells[0], cells[1]) if len(cells) > 1 else (cells[0] if cells else "", "")


def _line(cells: tuple[str, str]) -> bytes:
    """Write an author's or committer's cells as the commit object has them."""
    stamp = ""
    when = _WHEN.fullmatch(cells[1].strip())
    if when and (seconds := _seconds(when[1], when[2] + when[3])) is not None:
        stamp = f" {seconds} {when[2]}{when[3]}"
    return _bytes(cells[0].rstrip() + stamp)


def _seconds(local: str, zone: str) -> int | None:
    """Return the seconds since 1970 of a time of day somewhere; None if there is none."""
    try:
        clock = datetime.fromisoformat(f"{local}+00:00")
    except ValueError:
        return None
    minutes = int(zone[1:]) // 100 * 60 + int(zone[1:]) % 100
    return int(clock.timestamp()) - (-minutes if zone[0] == "-" else minutes) * 60


def _id_in(row: Tag) -> str:
    cell = row.find("td")
    found = _SHA.match(cell.get_text().strip()) if cell else None
    return found[0] if found else ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

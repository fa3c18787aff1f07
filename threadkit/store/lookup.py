"""From what a person types or pastes to one message.

Understood are a Message-ID with or without ``< >``, any unique beginning of one, a
``Message-ID:`` header line, ``mid:`` and ``id:`` in front, ``#123`` (the row id), and
the URL of a message in any public-inbox archive (lore.kernel.org, lkml.kernel.org/r/,
patch.msgid.link ...) with whatever follows the Message-ID in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable
from difflib import SequenceMatcher
from urllib.parse import unquote, urlsplit

from threadkit.errors import Ambiguous, NotFound

CANDIDATES = 10
"""How many Message-IDs an :class:`~threadkit.errors.Ambiguous` lists."""

_URL = re.compile(r"https?://|(?:[\w-]+\.)+[a-z]{2,}/", re.IGNORECASE)
_PREFIX = re.compile(r"(?:message-id:|mid:|id:)\s*", re.IGNORECASE)
_ROW = re.compile(r"#-?[0-9]{1,18}")
_ANCHOR = re.compile(r"m([0-9a-f]{40})")
_AFTER = 0x10FFFF
_NEAR_RATIO = 0.75
_MIDDLE_LENGTH = 6  # shorter middles fit too many ids to be a hint


def find(conn: sqlite3.Connection, name: str) -> int:
    """Find the one message that a name stands for.

    Parameters
    ----------
    conn : sqlite3.Connection
        From :func:`threadkit.store.connection.open_read` or ``open_write(...).conn``.
    name : str
        What the user typed or pasted; see the module's description.

    Returns
    -------
    int
        ``message.id``; of several mails with one Message-ID the first.

    Raises
    ------
    NotFound
        Nothing answers to it; ``near`` has what comes close.
    Ambiguous
        It is the beginning of several Message-IDs.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> conn = db.conn
    >>> _ = conn.execute("INSERT INTO message (id, message_id) VALUES (7, 'a/1@example.org')")
    >>> find(conn, "<a/1@example.org>"), find(conn, "a/1"), find(conn, "#7")
    (7, 7, 7)
    >>> find(conn, "https://lore.kernel.org/linux-mm/a%2F1@example.org/T/#u")
    7
    >>> find(conn, "a/2@example.org")
    Traceback (most recent call last):
    threadkit.errors.NotFound: a/2@example.org: no such message; did you mean a/1@example.org
    >>> db.close()

    Notes
    -----
    Two or three index lookups, about 20 microseconds; only a name that is not found
    costs one pass over the index of Message-IDs.

    References
    ----------
    RFC 5322 section 3.6.4; RFC 2392 (``mid:``).
    """
    text = name.strip()
    if _ROW.fullmatch(text):
        return _row(conn, name, int(text[1:]))
    candidates, anchor = _candidates(text)
    for candidate in candidates:
        row = _exact(conn, candidate)
        if row is not None:
            return _anchored(conn, row, anchor) if anchor else row
    for candidate in candidates:
        row = _beginning(conn, name, candidate)
        if row is not None:
            return row
    raise NotFound(name, _near(conn, candidates[0]) if candidates else ())


def here(conn: sqlite3.Connection, message_ids: Iterable[str]) -> set[str]:
    """Tell which mails are here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_ids : iterable of str
        Whole, without brackets.

    Returns
    -------
    set of str
        Those of them that are here; a ghost is not.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> here(db.conn, ["a/1@example.org"])
    set()
    >>> db.close()
    """
    query = (
        "SELECT message_id FROM message WHERE ghost = 0"
        " AND message_id IN (SELECT value FROM json_each(?))"
    )
    return {name for (name,) in conn.execute(query, (json.dumps(list(message_ids)),))}


def root(conn: sqlite3.Connection, name: str) -> int:
    """Find the root of the conversation that the message of a name belongs to.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        As for :func:`find`.

    Returns
    -------
    int
        ``message.id`` of the root, which may be a ghost.

    Raises
    ------
    NotFound, Ambiguous
        As :func:`find`.
    """
    row = find(conn, name)
    (found,) = conn.execute(
        "SELECT coalesce(root, id) FROM message WHERE id = ?", (row,)
    ).fetchone()
    return int(found)


def message_ids_in(name: str) -> tuple[str, ...]:
    """Read the Message-IDs that a name may mean, likeliest first.

    Parameters
    ----------
    name : str
        A Message-ID, its beginning, a header line or a URL.

    Returns
    -------
    tuple of str
        Without ``< >`` and with the escapes of URLs undone; empty for empty input.

    Examples
    --------
    >>> message_ids_in("https://lkml.kernel.org/r/a%2Bb@example.org")
    ('a+b@example.org', 'r/a+b@example.org')
    >>> message_ids_in("Message-ID: <a@example.org>")
    ('a@example.org',)

    Notes
    -----
    Pure. ``+`` is a plus sign: a path has no other meaning for it.
    """
    return tuple(_candidates(name.strip())[0])


def _candidates(text: str) -> tuple[list[str], str | None]:
    """Split into possible Message-IDs and the sha1 of a ``#m...`` anchor."""
    if _URL.match(text):
        found, anchor = _from_url(text)
        return (found if "//" in text[:8] else [text, *found]), anchor
    text = _PREFIX.sub("", text, count=1)
    inside = re.search(r"<([^<>]+)>", text)
    text = (inside.group(1) if inside else text.strip("<> \t")).strip()
    if not text:
        return [], None
    plain = unquote(text)
    return ([text] if plain == text else [text, plain]), None


def _from_url(url: str) -> tuple[list[str], str | None]:
    parts = urlsplit(url if "//" in url[:8] else "https://" + url)
    fragment = _ANCHOR.fullmatch(parts.fragment)
    # Kept as written first: some archives put the ids into URLs without escapes.
    segments = [segment for segment in parts.path.split("/") if segment]
    found: list[str] = []
    for number, segment in enumerate(segments):
        if "@" in unquote(segment):
            found.append(unquote(segment))
            found.extend(
                unquote("/".join(segments[first : number + 1]))
                for first in range(number - 1, -1, -1)
            )
            break
    else:
        found.extend(unquote(segment) for segment in segments[:2][::-1])
    return [text.strip("<> ") for text in found if text.strip("<> ")], (
        fragment.group(1) if fragment else None
    )


def _row(conn: sqlite3.Connection, name: str, row: int) -> int:
    found = conn.execute("SELECT id FROM message WHERE id = ?", (row,)).fetchone()
    if found is None:
        raise NotFound(name)
    return int(found[0])


def _exact(conn: sqlite3.Connection, message_id: str) -> int | None:
    key = (_bindable(message_id),)
    for query in (
        "SELECT id FROM message WHERE message_id = ? ORDER BY imposter LIMIT 1",
        "SELECT message FROM alias WHERE message_id = ? ORDER BY message LIMIT 1",
    ):
        found = conn.execute(query, key).fetchone()
        if found is not None:
            return int(found[0])
    return None


def _bindable(text: str) -> str:
    """Replace lone surrogates, which SQLite's UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _beginning(conn: sqlite3.Connection, name: str, prefix: str) -> int | None:
    prefix = _bindable(prefix)
    found = conn.execute(
        "SELECT id, message_id FROM ("
        " SELECT id, message_id FROM message"
        "  WHERE message_id >= :low AND message_id < :high AND imposter = 0 LIMIT :most)"
        " UNION SELECT message, message_id FROM alias"
        "  WHERE message_id >= :low AND message_id < :high LIMIT :most",
        {"low": prefix, "high": prefix + chr(_AFTER), "most": CANDIDATES},
    ).fetchall()
    rows = {row for row, _ in found}
    if len(rows) > 1:
        raise Ambiguous(name, tuple(message_id for _, message_id in sorted(found)))
    return int(rows.pop()) if rows else None


def _anchored(conn: sqlite3.Connection, row: int, anchor: str) -> int:
    """Follow ``#m<sha1 of a Message-ID>``, which names one mail of a thread page."""
    for other, message_id in conn.execute(
        "SELECT id, message_id FROM message"
        " WHERE root = (SELECT root FROM message WHERE id = ?) AND imposter = 0",
        (row,),
    ):
        if hashlib.sha1(message_id.encode(), usedforsecurity=False).hexdigest() == anchor:
            return int(other)
    return row


def _near(conn: sqlite3.Connection, name: str) -> tuple[str, ...]:
    """Neighbours in the index that look alike, else ids that contain the name."""
    name = _bindable(name)
    neighbours = conn.execute(
        "SELECT message_id FROM ("
        " SELECT message_id FROM message WHERE message_id < :name ORDER BY message_id DESC LIMIT 5)"
        " UNION SELECT message_id FROM ("
        " SELECT message_id FROM message WHERE message_id > :name ORDER BY message_id LIMIT 5)",
        {"name": name},
    ).fetchall()
    scored = sorted(
        ((SequenceMatcher(None, name, found).ratio(), found) for (found,) in neighbours),
        reverse=True,
    )
    near = tuple(found for score, found in scored if score >= _NEAR_RATIO)
    if not near and len(name) >= _MIDDLE_LENGTH:
        near = tuple(
            found
            for (found,) in conn.execute(
                "SELECT message_id FROM message"
                " WHERE message_id LIKE '%' || ? || '%' ESCAPE '\\' LIMIT 3",
                (re.sub(r"([%_\\])", r"\\\1", name[:200]),),
            )
        )
    return near[:3]

"""Message-IDs out of raw header values: what names a mail and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import cast

from threadkit.mail.encoded_words import decode_words, from_raw
from threadkit.mail.values import Defect, MessageId

MESSAGE_ID_MAX = 244
"""Longest Message-ID kept, in characters: the bound of public-inbox."""

_PLAIN = re.compile(r"\s*+<([!-;=?-~]{1,244})>\s*+").fullmatch
_ROW = cast("Callable[[str], list[MessageId]]", re.compile(r"<([!-;=?-~]{1,244})>").findall)
_NO_REFERENCES = frozenset({"", "y", "n", "Y", "N"})
_BRACKETED = re.compile(r"<([^<>]*)>")
_TOKEN_EDGE = "<>()[]{},;:\"'"


def own_ids(values: list[str], defects: list[Defect]) -> tuple[MessageId, ...]:
    """Read the Message-ID headers of a mail.

    Parameters
    ----------
    values : list of str
        The values of all its Message-ID headers, one character a byte.
    defects : list of Defect
        Receives what is wrong with them.

    Returns
    -------
    tuple of MessageId
        Without brackets, in order, each once; empty if there is none.

    Examples
    --------
    >>> own_ids([" <a(b)c@example.org>"], [])
    ('a(b)c@example.org',)

    References
    ----------
    RFC 5322 section 3.6.4.
    """
    if len(values) == 1 and (plain := _PLAIN(values[0])):
        return (MessageId(plain[1]),)
    found: list[str] = []
    for value in values:
        text = _readable(value, "message-id", defects)
        ids = _ids(text)
        bare = "".join(text.split()).strip("<>")
        if not ids and bare:
            ids = [bare]
        if ids and not _PLAIN(text) and len(ids) < 2:
            defects.append(Defect("message-id-malformed", text.strip()[:60]))
        found += ids
    ids = [one for one in dict.fromkeys(_capped(one, defects) for one in found) if one]
    if len(ids) > 1:
        defects.append(Defect("message-id-several", f"{len(ids)}"))
    return tuple(map(MessageId, ids))


def referenced_ids(values: Sequence[str], name: str, defects: list[Defect]) -> list[MessageId]:
    r"""Read In-Reply-To or References headers.

    Parameters
    ----------
    values : sequence of str
        The values of all headers of that name, one character a byte.
    name : str
        The header's name, for defects.
    defects : list of Defect
        Receives what was dropped.

    Returns
    -------
    list of MessageId
        Without brackets, oldest first as written, each once.

    Examples
    --------
    >>> referenced_ids([" <a@x> (Joe's message of <b@y>)\t<a@x>"], "references", [])
    ['a@x', 'b@y']
    >>> referenced_ids([" y"], "in-reply-to", [])
    []
    """
    found: list[MessageId] = []
    for value in values:
        ids = _ROW(value)
        if len("".join(ids)) + 2 * len(ids) != len("".join(value.split())):
            ids = _unusual(value, name, defects)  # there is more than ids in brackets
        found += ids
    if len(found) > 1:
        found = list(dict.fromkeys(found))
    if not _NO_REFERENCES.isdisjoint(found):
        found = [one for one in found if one not in _NO_REFERENCES]
    return found


def _unusual(value: str, name: str, defects: list[Defect]) -> list[MessageId]:
    """Read a value that is not just a row of bracketed ids."""
    text = _readable(value, name, defects)
    ids = _ids(text)
    if not ids:
        defects.append(Defect("reference-malformed", " ".join(text.split())[:60]))
    return [MessageId(_capped(one, defects)) for one in ids]


def without_strangers(
    ids: list[MessageId], own: tuple[MessageId, ...], emails: frozenset[str], defects: list[Defect]
) -> tuple[MessageId, ...]:
    """Drop from referenced ids the mail itself and the addresses of people.

    Parameters
    ----------
    ids : list of MessageId
        As :func:`referenced_ids` gives them.
    own : tuple of MessageId
        The mail's own names.
    emails : frozenset of str
        Those of ``ids`` that stand as addresses in From, To or Cc.
    defects : list of Defect
        Receives what was dropped.

    Examples
    --------
    >>> ids = [MessageId("a@x"), MessageId("me@x")]
    >>> without_strangers(ids, (), frozenset({"me@x"}), [])
    ('a@x',)
    """
    kept = []
    for one in ids:
        if one in own:
            defects.append(Defect("reference-self", one[:60]))
        elif one in emails:
            defects.append(Defect("reference-malformed", f"address {one[:60]}"))
        else:
            kept.append(one)
    return tuple(kept)


def _readable(value: str, name: str, defects: list[Defect]) -> str:
    """Undo what has no place in these headers: 8-bit bytes and encoded words."""
    return decode_words(from_raw(value, name, defects), defects)


def _ids(text: str) -> list[str]:
    """Find ids in free text: those in brackets, else words with an @ in them."""
    found = ["".join(inner.split()) for inner in _BRACKETED.findall(text)]
    if any(found):
        return [one for one in found if one]
    return [one for word in text.split() if "@" in (one := word.strip(_TOKEN_EDGE))]


def _capped(one: str, defects: list[Defect]) -> str:
    if len(one) > MESSAGE_ID_MAX:
        defects.append(Defect("message-id-too-long", f"{len(one)} characters"))
        return one[:MESSAGE_ID_MAX]
    return one

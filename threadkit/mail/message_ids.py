"""Message-IDs out of raw header values: what names a mail and what it answers."""

from __future__ import annotations

import re

from threadkit.mail.encoded_words import from_raw
from threadkit.mail.values import Defect, MessageId

MESSAGE_ID_MAX = 244
"""Longest Message-ID kept, in characters: the bound of public-inbox."""

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
    if len(values) == 1:
        quick = values[0].strip(" \t")
        if _is_plain(quick):
            return (MessageId(quick[1:-1]),)
    found: list[str] = []
    for value in values:
        text = from_raw(value, "message-id", defects)
        ids = _ids(text)
        if not ids and text.strip():
            ids = ["".join(text.split()).strip("<>")]
        if not _is_plain(text.strip()) and len(ids) < 2:
            defects.append(Defect("message-id-malformed", text.strip()[:60]))
        found += ids
    ids = [one for one in dict.fromkeys(_capped(one, defects) for one in found) if one]
    if len(ids) > 1:
        defects.append(Defect("message-id-several", f"{len(ids)}"))
    return tuple(map(MessageId, ids))


def referenced_ids(values: list[str], name: str, defects: list[Defect]) -> list[str]:
    """Read In-Reply-To or References headers.

    Parameters
    ----------
    values : list of str
        The values of all headers of that name, one character a byte.
    name : str
        The header's name, for defects.
    defects : list of Defect
        Receives what was dropped.

    Returns
    -------
    list of str
        Without brackets, oldest first as written, each once.

    Examples
    --------
    >>> referenced_ids([" <a@x> (Joe's message of <b@y>)\t<a@x>"], "references", [])
    ['a@x', 'b@y']
    >>> referenced_ids([" y"], "in-reply-to", [])
    []
    """
    found: list[str] = []
    for value in values:
        quick = value.strip(" \t")
        if _is_plain(quick):
            found.append(quick[1:-1])
            continue
        pieces = quick.split()
        if all(map(_is_plain, pieces)):
            found += [piece[1:-1] for piece in pieces]
            continue
        text = from_raw(value, name, defects)
        ids = _ids(text)
        if not ids and text.strip():
            defects.append(Defect("reference-malformed", text.strip()[:60]))
        found += [_capped(one, defects) for one in ids]
    return [one for one in dict.fromkeys(found) if one.lower() not in ("", "y", "n")]


def without_strangers(
    ids: list[str], own: tuple[MessageId, ...], emails: frozenset[str], defects: list[Defect]
) -> tuple[MessageId, ...]:
    """Drop from referenced ids the mail itself and the addresses of people.

    Parameters
    ----------
    ids : list of str
        As :func:`referenced_ids` gives them.
    own : tuple of MessageId
        The mail's own names.
    emails : frozenset of str
        Those of ``ids`` that stand as addresses in From, To or Cc.
    defects : list of Defect
        Receives what was dropped.

    Examples
    --------
    >>> without_strangers(["a@x", "me@x"], (), frozenset({"me@x"}), [])
    ('a@x',)
    """
    kept = []
    for one in ids:
        if one in own:
            defects.append(Defect("reference-self", one[:60]))
        elif one in emails:
            defects.append(Defect("reference-malformed", f"address {one[:60]}"))
        else:
            kept.append(MessageId(one))
    return tuple(kept)


def _is_plain(text: str) -> bool:
    """Whether ``text`` is exactly one well-formed id in its brackets."""
    return (
        2 < len(text) <= MESSAGE_ID_MAX + 2
        and text[0] == "<"
        and text.find(">") == len(text) - 1
        and text.find("<", 1) < 0
        and " " not in text
        and "\t" not in text
        and text.isascii()
    )


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

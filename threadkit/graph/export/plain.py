"""Text and values in a form that each file format can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile('[&<>"\t\n\r]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def visible(text: str) -> str:
    r"""Replace what XML cannot hold by its code, such as ``\x1b``.

    Parameters
    ----------
    text : str
        Anything, control characters and halves of pairs included.

    Returns
    -------
    str
        The text itself where all of it is fit for XML.

    Examples
    --------
    >>> print(visible("red\x1b[31m"))
    red\x1b[31m

    References
    ----------
    XML 1.0, section 2.2 (Char).
    """
    return _NOT_XML.sub(_code, text)


def _code(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def xml(text: str) -> str:
    """Escape text for XML, inside attributes or between tags.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        A reader gets :func:`visible` of the text back, white space and all.

    Examples
    --------
    >>> xml('a < "b"')
    'a &lt; &quot;b&quot;'
    """
    return _SPECIAL.sub(_entity, visible(text))


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0]) or f"&#{ord(match[0])};"


class Column(NamedTuple):
    """An attribute of one type; ``type`` is string, boolean, long or double."""

    name: str
    type: str


def type_of(value: object) -> str:
    """Name the type of a plain value, as GEXF and GraphML do.

    Parameters
    ----------
    value : object
        A string, number or truth.

    Returns
    -------
    str
        ``string``, ``boolean``, ``long`` or ``double``.

    Examples
    --------
    >>> [type_of(value) for value in ("a", True, 3, 0.5)]
    ['string', 'boolean', 'long', 'double']
    """
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "long"
    return "double" if isinstance(value, float) else "string"


def written(value: object) -> str:
    """Write a plain value as XML formats do, not escaped.

    Parameters
    ----------
    value : object
        A string, number or truth.

    Returns
    -------
    str
        ``true`` and ``false`` in small letters.
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def columns(rows: Iterable[Mapping[str, object]]) -> dict[Column, int]:
    """Give numbers to the attributes of nodes, or of edges; one of two types has two.

    Parameters
    ----------
    rows : iterable of mapping
        The attributes of each.

    Returns
    -------
    dict of Column to int
        Numbers from 0, by name and type.
    """
    found = {Column(name, type_of(value)) for row in rows for name, value in row.items()}
    return {column: number for number, column in enumerate(sorted(found))}

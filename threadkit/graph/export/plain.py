"""Text and values in a form that each file format can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPECIAL = re.compile('[&<>"\t\n\r]')
_NOT_AS_IT_IS = re.compile("[^ !#-%'-;=?-~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
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


def shown(text: str) -> str:
    """Replace what a picture must not hold by its code: controls, and what turns text around.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        As :func:`visible`; a bidirectional control stands as ``<U+202E>``, as on a terminal.

    Examples
    --------
    >>> shown("not \u202eopen")
    'not <U+202E>open'

    References
    ----------
    Unicode Technical Report 36, section 2.5 (bidirectional text spoofing).
    """
    return _TURNING.sub(lambda match: f"<U+{ord(match[0]):04X}>", visible(text))


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
    if _NOT_AS_IT_IS.search(text) is None:  # most text, in a third of the time
        return text
    return _SPECIAL.sub(_entity, visible(text))


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0]) or f"&#{ord(match[0])};"


Column = tuple[str, type]
"""An attribute of one type: of a name that has two types, there are two."""


def type_name(kind: type) -> str:
    """Name the type of plain values, as GEXF and GraphML do.

    Parameters
    ----------
    kind : type
        Of strings, numbers or truths.

    Returns
    -------
    str
        ``string``, ``boolean``, ``long`` or ``double``.

    Examples
    --------
    >>> [type_name(kind) for kind in (str, bool, int, float)]
    ['string', 'boolean', 'long', 'double']
    """
    return {bool: "boolean", int: "long", float: "double"}.get(kind, "string")


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
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)


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
    found = {(name, type(value)) for row in rows for name, value in row.items()}
    ordered = sorted(found, key=lambda column: (column[0], column[1].__name__))
    return {column: number for number, column in enumerate(ordered)}

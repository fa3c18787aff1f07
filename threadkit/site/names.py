"""File names of pages: stable, safe on every file system, and short enough."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

_SAFE = re.compile(r"[A-Za-z0-9@.+=-]")
_LONGEST = 120
_DIGITS = 12
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def file_name(text: str) -> str:
    """Turn a Message-ID (or any text of a stranger) into one part of a path.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        Letters, digits and ``@ . + = - _ ~``; what is not safe becomes ``~`` and its UTF-8
        bytes in hexadecimal digits, so two texts never share a name; what would be too long is cut
        and gets twelve digits of its SHA-256. Never empty, hidden or ``..``.

    Examples
    --------
    >>> file_name("20200901.a_b@example.org")
    '20200901.a~5fb@example.org'
    >>> file_name("../../etc/passwd")
    '~2e.~2f..~2fetc~2fpasswd'
    """
    if len(text) <= _LONGEST:
        made = "".join(one if _SAFE.fullmatch(one) else _hex(one) for one in text)
        if made[:1] in {".", "-"}:  # hidden, the folder above, or an option to a command
            made = _hex(made[0]) + made[1:]
        if made.endswith("."):  # some systems drop it
            made = made[:-1] + _hex(".")
        if made and len(made) <= _LONGEST and not _RESERVED.fullmatch(made):
            return made
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    kept = "".join(one for one in text[:60] if one.isascii() and one.isalnum())
    return f"{kept or 'x'}~~{digest}"


def slug(text: str) -> str:
    """Turn a name or title into a word for a file name or an anchor.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        Lower-case letters and digits joined by ``-``; may be empty, and two texts may share
        one.

    Examples
    --------
    >>> slug("Jörg Müller (Example)")
    'jorg-muller-example'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60].rstrip("-")


def _hex(one: str) -> str:
    return "".join(f"~{byte:02x}" for byte in one.encode("utf-8", "surrogatepass"))

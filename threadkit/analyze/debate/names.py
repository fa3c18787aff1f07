"""Names of findings that outlive a rerun: where a passage stands, and its hash."""

from __future__ import annotations

import re
from hashlib import sha256

_MARKS = re.compile(r"(?m)^[ \t]*(?:[>|][ \t]?)+")
_HASH = 12


def exact_hash(text: str) -> str:
    """Return the SHA-256 of a passage as it stands.

    Parameters
    ----------
    text : str
        The passage.

    Examples
    --------
    >>> exact_hash("It broke.")[:12]
    '9667ce1e3f86'
    """
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def loose_hash(text: str) -> str:
    r"""Return the SHA-256 of a passage without quote marks and with white space collapsed.

    Parameters
    ----------
    text : str
        The passage; copies through other lists and quotations give the same.

    Examples
    --------
    >>> loose_hash("> It\n> broke.") == loose_hash("It broke.")
    True

    References
    ----------
    W3C Web Annotation Data Model, section 4.2.4 (text quote selector).
    """
    return exact_hash(" ".join(_MARKS.sub("", text).split()))


def unit_key(message_id: str, text: str) -> str:
    """Name a unit so that a correction of it is found again after a rerun.

    Parameters
    ----------
    message_id : str
        Without brackets.
    text : str
        The passage.

    Returns
    -------
    str
        Message-ID, ``#`` and twelve digits of the loose hash; two equal passages of a mail
        have one name, and stand for the first.

    Examples
    --------
    >>> unit_key("a@example.org", "It broke.")
    'a@example.org#9667ce1e3f86'
    """
    return f"{message_id}#{loose_hash(text)[:_HASH]}"


def key_parts(key: str) -> tuple[str, str]:
    """Take a name of a unit apart.

    Parameters
    ----------
    key : str
        As :func:`unit_key` gives it.

    Returns
    -------
    message_id, digits : str
        Both empty if it is none.

    Examples
    --------
    >>> key_parts("a@example.org#9667ce1e3f86")
    ('a@example.org', '9667ce1e3f86')
    """
    message_id, sign, digits = key.rpartition("#")
    if not sign or len(digits) != _HASH or not re.fullmatch("[0-9a-f]+", digits):
        return "", ""
    return message_id, digits

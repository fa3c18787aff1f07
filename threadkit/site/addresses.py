"""Mail addresses in texts, to leave them out where a site must not show any."""

from __future__ import annotations

import re

from threadkit.site.values import Site

LEFT_OUT = "\N{HORIZONTAL ELLIPSIS}"
"""What stands where an address was."""

_HOST = re.compile(r"@\w[\w-]{0,62}(?:\.\w[\w-]{0,62})*")
_NOT_LOCAL = frozenset(' \t\n\r\f\v<>()[]\\,;:"@|/')
_LONGEST_LOCAL = 128
_LONGEST_WORD = 400


def addresses_in(text: str) -> list[tuple[int, int]]:
    """Find mail addresses.

    Parameters
    ----------
    text : str
        Of a stranger.

    Returns
    -------
    list of (int, int)
        Start and stop, in order; none inside an address on the web (there, names of mails have
        the same form).

    Examples
    --------
    >>> text = "From: Ada <ada@example.org>, https://example.org/r/a@b"
    >>> [text[start:stop] for start, stop in addresses_in(text)]
    ['ada@example.org']

    Notes
    -----
    Linear in the length of the text. Names of mails that stand alone are taken for addresses.
    """
    found: list[tuple[int, int]] = []
    stop = at = 0
    while (at := text.find("@", at)) >= 0:
        host = _HOST.match(text, at)
        least = max(stop, at - _LONGEST_LOCAL)
        start = at
        while start > least and text[start - 1] not in _NOT_LOCAL:
            start -= 1
        at += 1
        if host is not None and start < at - 1 and not _in_url(text, start):
            stop = at = host.end()
            found.append((start, stop))
    return found


def _in_url(text: str, start: int) -> bool:
    word = text[max(0, start - _LONGEST_WORD) : start].rsplit(None, 1)[-1:]
    return bool(word) and not text[start - 1].isspace() and "://" in word[0]


def shown(site: Site, text: str) -> str:
    """Return a text as the site may show it.

    Parameters
    ----------
    site : Site
        It says whether addresses are left out.
    text : str
        Of a stranger; not escaped yet.

    Returns
    -------
    str
        The text; ``…`` for each address if they are left out.
    """
    if not site.hide_addresses:
        return text
    for start, stop in reversed(addresses_in(text)):
        text = f"{text[:start]}{LEFT_OUT}{text[stop:]}"
    return text

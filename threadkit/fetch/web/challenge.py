"""Recognise the page that a server shows to find out whether a person asks.

Such a page comes instead of the answer, often with status 200. It is named to the user and
never solved: threadkit is a program and says so.

A thread may well *be about* such pages. So a page counts only if its whole title is that of
one, or if it loads the very files of one: the text of a mail stands escaped in a page, and
what it links to is linked absolutely.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Mapping
from types import MappingProxyType

LOOK_BYTES = 32 * 1024
"""How much of a page is looked at; the marks of all known ones stand in its first part."""

_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "making sure you're not a bot!": "Anubis",
        "checking you are not a bot": "go-away",
        "just a moment...": "Cloudflare",
        "attention required! | cloudflare": "Cloudflare",
        "ddos-guard": "DDoS-Guard",
        "client challenge": "Fastly",
        "human verification": "AWS WAF",
    }
)
_MARKS: Mapping[bytes, str] = MappingProxyType(
    {
        b'"/.within.website/x/': "Anubis",
        b'id="anubis_': "Anubis",
        b'"/.well-known/.git.gammaspectra.live/git/go-away/': "go-away",
        b'src="/cdn-cgi/challenge-platform/': "Cloudflare",
    }
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def challenge_name(headers: Mapping[str, str], head: bytes) -> str | None:
    """Name the kind of challenge that an answer is, if it is one.

    Parameters
    ----------
    headers : mapping of str to str
        Of the answer, their names in lower case.
    head : bytes
        The first bytes of the body, as sent; :data:`LOOK_BYTES` of them are enough.

    Returns
    -------
    str or None
        The name of the software that asks; None for any other answer.

    Examples
    --------
    >>> challenge_name({}, b"<html><head><title>Making sure you&#39;re not a bot!</title>")
    'Anubis'
    >>> challenge_name({}, b"<html><title>Re: Making sure you&#39;re not a bot!</title>") is None
    True

    References
    ----------
    ``cf-mitigated``: Cloudflare's documentation, "Detect a Challenge Page response";
    ``x-amzn-waf-action``: AWS WAF Developer Guide, "Behavior of CAPTCHA and Challenge".
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "Cloudflare"
    if headers.get("x-amzn-waf-action", "").lower() in ("challenge", "captcha"):
        return "AWS WAF"
    page = _unpacked(head)
    if not looks_like_html(page):
        return None
    title = _TITLE.search(page)
    if title:
        words = html.unescape(title[1].decode("utf-8", "replace")).replace("\u2019", "'")
        if found := _TITLES.get(" ".join(words.split()).lower()):
            return found
    return next((name for mark, name in _MARKS.items() if mark in page), None)


def may_be_page(head: bytes) -> bool:
    """Tell from its first bytes whether a body may yet turn out to be HTML.

    Parameters
    ----------
    head : bytes
        As sent, packed or not; few are enough, and with none it may be anything.

    Returns
    -------
    bool
        False for mail, packed or not.

    Examples
    --------
    >>> may_be_page(b" <!DOCTYPE"), may_be_page(b""), may_be_page(b"From mboxrd@z")
    (True, True, False)
    """
    page = _unpacked(head).lstrip(b"\xef\xbb\xbf \t\r\n")
    return not page or page.startswith(b"<")


def looks_like_html(head: bytes) -> bool:
    """Tell whether unpacked bytes are the beginning of markup.

    Examples
    --------
    >>> looks_like_html(b"<html>"), looks_like_html(b"From mboxrd@z"), looks_like_html(b"")
    (True, False, False)
    """
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _unpacked(head: bytes) -> bytes:
    """Return the first bytes of a body, unpacked if a proxy packed it once or twice."""
    for _ in range(3):
        if not head.startswith(b"\x1f\x8b"):
            break
        try:
            head = zlib.decompressobj(31).decompress(head, LOOK_BYTES)
        except zlib.error:
            return b"?"  # Damaged: certainly not a page that somebody was meant to read.
    return head

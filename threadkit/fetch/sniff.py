"""What a file is, told from its first bytes and never from its name."""

from __future__ import annotations

import html
import re

from threadkit.fetch.mbox import BLANKS, is_separator

HEAD_BYTES = 64 * 1024
"""How much of a file :func:`sniff` wants to see; header blocks can be that long."""

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_KNOWN = frozenset(
    b"from to cc bcc subject date message-id in-reply-to references received return-path sender "
    b"reply-to mime-version content-type content-transfer-encoding delivered-to list-id".split()
)
_STRONG = frozenset(
    b"message-id received return-path mime-version in-reply-to from content-type".split()
)
_ANNOTATED = re.compile(
    rb"^(?:Date:[^\n]*\t\[thread overview\]|Message-ID: [^\n]* \(raw\))\r?$", re.MULTILINE
)
_PAGE_TOP = re.compile(
    rb"Thread overview: ?\d+\+ messages|[^\n:]* (?:archive )?mirror[^\n:]*\r?\n[ \t]*(?:search )?help / color"
)
_LORE = re.compile(rb"\[thread overview\]|>permalink</a>|<pre\s+id=\"?b\"?>From:")
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html\b|<head\b)", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def sniff(head: bytes) -> str | None:
    r"""Tell what kind of mail source starts with these bytes.

    Parameters
    ----------
    head : bytes
        The first :data:`HEAD_BYTES` of the unpacked file, or all of it.

    Returns
    -------
    str or None
        ``mbox``, ``eml``, ``lore-html``, ``lore-text``, ``bundle`` (a git bundle), or None:
        :func:`what_else` then says what it looks like.

    Examples
    --------
    >>> sniff(b"From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: a@example.org\n")
    'mbox'
    >>> sniff(b"From: a@example.org\nSubject: hello\n\nhello\n")
    'eml'
    >>> sniff(b"name: threadkit\nversion: 1\n") is None
    True

    Notes
    -----
    A mail is a block of header fields with a field that only mail has (or two that mail
    usually has). That is less than RFC 5322 asks for and more than a YAML file has.
    """
    if head.startswith(b"# v") and head[3:4].isdigit() and b" git bundle\n" in head[:20]:
        return "bundle"
    text = head.lstrip(BLANKS)
    if text.startswith(b"From ") and is_separator(text):
        return "mbox"
    if _HTML.match(text):
        return "lore-html" if _LORE.search(text) else None
    if _is_lore_text(text):
        return "lore-text"
    return "eml" if _is_mail(head.lstrip(b"\xef\xbb\xbf\r\n")) else None


def _is_lore_text(text: bytes) -> bool:
    if _PAGE_TOP.match(text):
        return True
    header = re.split(rb"\n\r?\n", text, maxsplit=1)[0]
    return _FIELD.match(header) is not None and _ANNOTATED.search(header) is not None


def _is_mail(text: bytes) -> bool:
    if text.startswith((b"From ", b">From ")):
        text = text[text.find(b"\n") + 1 :]
    names: set[bytes] = set()
    for line in text.split(b"\n"):
        field = _FIELD.match(line)
        if field:
            names.add(field[1].lower())
        elif line[:1] not in (b" ", b"\t"):
            break
    return bool(names & _STRONG) or len(names & _KNOWN) > 1


def what_else(head: bytes) -> str:
    """Say in a few words what a file is that is no mail.

    Parameters
    ----------
    head : bytes
        As for :func:`sniff`.

    Examples
    --------
    >>> what_else(b"")
    'empty'
    >>> what_else(b"<html><title>Making sure you're not a bot!</title>")
    "no mail in it: the server's question whether you are a bot, saved as a page"
    """
    if not head.strip(b"\0 \t\r\n"):
        return "holds only blanks" if head else "empty"
    if head.startswith(b"SQLite format 3\0"):
        return "no mail in it: an SQLite database"
    if head.startswith((b"PK\x03\x04", b"7z\xbc\xaf")):
        return "no mail in it: a zip archive (unpack it first)"
    if head[257:262] == b"ustar":
        return "no mail in it: a tar archive (unpack it first)"
    if _HTML.match(head):
        return f"no mail in it: {_what_page(head)}"
    if b"\0" in head[:4096]:
        return "no mail in it: binary data"
    return "no mail in it: no header of a mail at its start"


def _what_page(head: bytes) -> str:
    title = _TITLE.search(head)
    name = html.unescape(title[1].decode("utf-8", "replace")) if title else ""
    name = " ".join(name.split())[:60]
    if "not a bot" in name.lower() or b"anubis" in head.lower():
        return "the server's question whether you are a bot, saved as a page"
    if re.search(r"not found|\b404\b", name, re.IGNORECASE):
        return f"the page of a missing message ({name!r})"
    return f"a web page that shows no mail ({name!r})" if name else "a web page that shows no mail"

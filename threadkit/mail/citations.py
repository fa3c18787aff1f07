"""What a mail points at in its own words: mails, commits, bugs, CVEs, releases, pages.

Quoted text cites nothing: its author did, in the mail where it stands. Diffs, signatures
and list footers cite nothing either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from threadkit.mail.block import Block
from threadkit.mail.hashes import commit_at
from threadkit.mail.links import parse_link
from threadkit.mail.versions import is_release

CitationKind = Literal["message", "commit", "bug", "cve", "release", "syzbot", "url"]

_URL = re.compile(r"https?://[^\s<>\"`|\\^]+")
# Every hash, release and CVE has a digit, and prose has few: look for digits only. Groups:
# 1 CVE, 2 dated tree, 3 run whose letters begin before the digit, 4 plain run, else release.
_DIGIT = re.compile(
    r"""[0-9](?:
        (?<=CVE-[0-9])[0-9]{3}-[0-9]{4,}+()
      | (?<=next-2)0[0-9]{6}\b()
      | (?<=[a-f][0-9])[0-9a-f]*+(?![0-9A-Za-z_])()
      | [0-9a-f]{6,}+(?![0-9A-Za-z_])()
      | (?:(?<=[vV][0-9])|(?<![\w.][0-9])|(?<=\.\.[0-9]))
        \.[0-9]{1,2}(?:\.(?:[0-9]{1,3}(?:\.[0-9]{1,3})?|y\b))?(?:-rc[0-9]{1,2})?
    )""",
    re.VERBOSE | re.ASCII,
)
_SYZBOT_HOST = "@syzkaller.appspotmail.com"
_HOST = re.compile(r"@[^\s<>\"@,;]{1,250}")
_LABELS = ("message-id", "messageid", "msg-id", "msgid", "message id", "in-reply-to", "references")
_INLINE_LABEL = re.compile(
    r"(?:id|mid|msgid|message-id|(?:--)?in-reply-to)[:=]['\"]?<?\"?<?(?=.)", re.IGNORECASE
)
# Nobody's mailbox is called like this: times, hashes, UUIDs, and what Gmail and Pine make.
_NO_MAILBOX = re.compile(
    r"(?=.*[^\d])(?=[\w.=-]*\d{10})[\w.=-]+|.*[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-.*|CA[\w+=-]{40,}"
    r"|(?:alpine|Pine)\.[A-Z]{3,}[\w.-]+|\w*[0-9a-f]{32}[\w.-]*",
    re.ASCII,
)
_ARCHIVES = ("lore.kernel.org/", "lkml.kernel.org/", "patch.msgid.link/")
_PAGE = re.compile(r"[^\s<>\"`|\\^]+")
_FOOTNOTE = re.compile(r"(?:^|\n)[ \t]*\[\d{1,3}\]:?\s?$")
_LONGEST_LOCAL = 200
_OPENING = "([{\"'*"
_TRAILING = ".,;:!?'\"*_"


@dataclass(frozen=True, slots=True)
class Citation:
    """One thing that the author of a mail points at.

    Attributes
    ----------
    kind : {'message', 'commit', 'bug', 'cve', 'release', 'syzbot', 'url'}
        What it is.
    value : str
        Its normal form: Message-ID without brackets; hash as abbreviated by the writer,
        lower case; canonical URL of a bug; ``CVE-2020-29374``; ``5.9-rc4`` without the
        ``v``, ``next-20200901``; syzbot's id; or the URL.
    title : str
        The subject the writer gave with a commit, white space collapsed; often ``""``.
    start, stop : int
        Characters of the body: the whole URL, or the name with its title; of what
        ``git describe`` prints, the hash alone.
    """

    kind: CitationKind
    value: str
    title: str
    start: int
    stop: int


def citations(body: str, blocks: Sequence[Block]) -> list[Citation]:
    r"""Find what a mail's own text cites.

    Parameters
    ----------
    body : str
        The decoded body.
    blocks : sequence of Block
        Its blocks, in order; only ``reply`` and ``trailers`` at depth 0 are read.

    Returns
    -------
    list of Citation
        In the order of the text; their spans do not overlap.

    Examples
    --------
    >>> body = 'See 2.6.29 06jan09 ab967d86015a ("mm: wp lock page before deciding cow")\n'
    >>> for c in citations(body, [Block("reply", 0, 0, len(body))]):
    ...     print(c.kind, c.value, c.title, sep="|")
    release|2.6.29|
    commit|ab967d86015a|mm: wp lock page before deciding cow

    Notes
    -----
    Linear in the length of the own text. A name is only reported, never looked up: that
    a commit of this hash exists, or has this title, is not known here.

    References
    ----------
    Linux scripts/checkpatch.pl, GIT_COMMIT_ID; Documentation/process/submitting-patches.rst.
    """
    found: list[Citation] = []
    for low, high in _own_ranges(blocks):
        urls = list(_links(body, low, high)) if body.find("://", low, high) >= 0 else []
        ids = _message_ids(body, low, high) if body.find("@", low, high) >= 0 else []
        digits = _by_digits(body, low, high, urls)
        if urls or ids:
            _merge(found, [*urls, *ids], digits)
        else:
            found += digits
    return found


def _own_ranges(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Join neighbouring blocks of own text, so that a title may run from one to the next."""
    ranges: list[tuple[int, int]] = []
    for kind, depth, start, stop, _ in blocks:
        if depth or (kind != "reply" and kind != "trailers"):
            continue
        if ranges and ranges[-1][1] == start:
            ranges[-1] = (ranges[-1][0], stop)
        else:
            ranges.append((start, stop))
    return ranges


def _merge(found: list[Citation], first: list[Citation], second: list[Citation]) -> None:
    """Add both in the order of the text; of two that overlap the first kind stays.

    But a commit whose title holds a URL keeps it: merges have the URL of what they merge.
    """
    first.sort(key=_start)
    kept: list[Citation] = []
    for citation in first:
        if not kept or citation.start >= kept[-1].stop:
            kept.append(citation)
    at = 0
    inside: list[Citation] = []
    for citation in second:
        while at < len(kept) and kept[at].stop <= citation.start:
            at += 1
        if at == len(kept) or kept[at].start >= citation.stop:
            found.append(citation)
        elif citation.title and citation.start < kept[at].start:
            held = [link for link in kept[at:] if link.start < citation.stop]
            if held[-1].stop <= citation.stop:
                inside += held
                found.append(citation)
            else:
                stop = citation.start + len(citation.value)
                found.append(Citation("commit", citation.value, "", citation.start, stop))
    found += [link for link in kept if link not in inside] if inside else kept
    found.sort(key=_start)


def _start(citation: Citation) -> int:
    return citation.start


def _links(body: str, low: int, high: int) -> Iterator[Citation]:
    for match in _URL.finditer(body, low, high):
        url = _trim(match[0])
        kind, value = parse_link(url)
        start = match.start()
        yield Citation(kind, value, "", start, start + len(url))


def _trim(url: str) -> str:
    """Cut the punctuation of the sentence off; a bracket goes if it was opened before."""
    surplus = {")": url.count(")") - url.count("("), "]": url.count("]") - url.count("[")}
    stop = len(url)
    while (last := url[stop - 1]) in _TRAILING or surplus.get(last, 0) > 0:
        if last in surplus:
            surplus[last] -= 1
        stop -= 1
    return url[:stop]


def _message_ids(body: str, low: int, high: int) -> list[Citation]:
    """Find Message-IDs: called so, in a footnote of their own, or like nobody's address."""
    found = []
    at = body.find("@", low, high)
    while at >= 0:
        host = _HOST.match(body, at, high)
        if host:
            before = body[max(low, at - _LONGEST_LOCAL) : at]
            start = at - _named_local_part(before)
            if start < at:
                stop = host.end()
                if body[stop : stop + 1] != ">":
                    stop = at + len(host[0].rstrip(_TRAILING + ")]"))
                if stop > at + 1:
                    found.append(Citation("message", body[start:stop], "", start, stop))
            elif "/" in before and (page := _page(body, at, low, high)):
                found.append(page)
        at = body.find("@", at + 1, high)
    return found


def _page(body: str, at: int, low: int, high: int) -> Citation | None:
    """Read the page of an archive whose ``https://`` has been left out or torn off."""
    before = body[max(low, at - _LONGEST_LOCAL) : at]
    start = at - len(before.rsplit(None, 1)[-1].lstrip(_OPENING + "<")) if before.strip() else at
    if not body.startswith(_ARCHIVES, start) or (match := _PAGE.match(body, start, high)) is None:
        return None
    page = _trim(match[0])
    link = parse_link(f"https://{page}")
    return Citation(link.kind, link.value, "", start, start + len(page))


def _named_local_part(before: str) -> int:
    """Give the length of a Message-ID's part before the ``@``; 0 if it is an address."""
    words = before.rsplit(None, 1)
    if not words or before[-1:].isspace():
        return 0
    word = words[-1]
    opened = word.lstrip(_OPENING)
    if label := _INLINE_LABEL.match(opened):
        return len(opened) - label.end()
    bracketed = opened.startswith("<")
    local = opened[1:].lstrip('"') if bracketed else opened
    if not local or "<" in local or "://" in local:
        return 0
    ahead = before[: len(before) - len(word)]
    label_before = ahead.rstrip().rstrip(":=\"'").lower()
    if label_before.endswith(_LABELS):
        return len(local)
    if label_before.endswith("content-id"):
        return 0
    if bracketed and _FOOTNOTE.search(ahead[-12:]):
        return len(local)
    return len(local) if _NO_MAILBOX.fullmatch(local) else 0


def _by_digits(body: str, low: int, high: int, urls: list[Citation]) -> list[Citation]:
    """Find commits and releases outside the URLs of the range."""
    found: list[Citation] = []
    previous: int | None = None
    release: int | None = None
    done = low  # a title just read may hold numbers of its own
    url = 0
    for match in _DIGIT.finditer(body, low, high):
        start, stop = match.span()
        if start < done:
            continue
        while url < len(urls) and urls[url].stop <= start:
            url += 1
        if url < len(urls) and urls[url].start <= start:
            continue
        group = match.lastindex
        if group is None:
            if is_release(body, start, stop, low, high, release):
                release = stop
                found.append(Citation("release", match[0], "", start, stop))
        elif group < 3:
            start -= 4 if group == 1 else 5  # own text is whole lines: still inside
            kind: CitationKind = "cve" if group == 1 else "release"
            found.append(Citation(kind, body[start:stop], "", start, stop))
        elif commit := commit_at(body, start, stop, low, high, previous):
            found.append(Citation("commit", *commit))
            previous = done = commit.stop
        elif body.startswith(_SYZBOT_HOST, stop) and (report := _syzbot(body, stop, low)):
            found.append(report)
    return found


def _syzbot(body: str, stop: int, low: int) -> Citation | None:
    """Read the report's id out of syzbot's tagged address, which ends its run at ``stop``."""
    start = stop - 20
    if start - 7 < low or not body.startswith("syzbot+", start - 7):
        return None
    return Citation("syzbot", body[start:stop], "", start - 7, stop + len(_SYZBOT_HOST))

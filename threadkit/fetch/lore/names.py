r"""What a user names to be fetched: a thread, a commit or a whole inbox.

One mail has many addresses: its Message-ID, the page of each list that carried it, and the
short links that maintainers put into commits. All of them come down to the id. The server
that a URL names is kept only if it is not one of kernel.org's, whose servers all have the
same mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, quote, unquote, urlsplit

from threadkit.errors import SourceError, printable
from threadkit.fetch.web.hosts import host_of
from threadkit.mail.links import parse_link
from threadkit.mail.message_ids import MESSAGE_ID_MAX

TargetKind = Literal["thread", "commit", "inbox"]

LORE = "https://lore.kernel.org"
"""The archive of the kernel's lists."""

_SAFE = "-._~!$&'()*+,;=:@"
_BRACKETED = re.compile(r"(?:message-id:\s*)?<([^<>]*)>", re.IGNORECASE)
_ID = re.compile(r"[^\s<>]+@[^\s<>]+")
_ID_PART = re.compile(r"[^\s<>]+")
_COMMIT = re.compile(r"[0-9a-fA-F]{7,40}|[0-9a-fA-F]{64}")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BARE_HOST = re.compile(
    r"(?:(?:[a-z]+\.)?lore\.kernel\.org|lkml\.kernel\.org|git\.kernel\.org"
    r"|(?:[a-z]+\.)?msgid\.link|github\.com)(?:/|$)",
    re.IGNORECASE,
)
_LORE_HOST = re.compile(r"(?:[a-z]+\.)?lore\.kernel\.org|lkml\.kernel\.org")
_SHORT_HOST = re.compile(r"(?:[a-z]+\.)?msgid\.link")
# Archives that are no public-inbox, though they have Message-IDs in their addresses.
_FOREIGN_HOST = re.compile(
    r"(?:^|\.)(?:patchwork|patchew|mail-archive|groups\.google|marc|spinics|lkml|gmane)\b"
)
_INBOX = re.compile(r"(?=[^/]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._+-]*")
# What stands below an inbox and is no Message-ID: feeds, help texts and epochs of git.
_INBOX_PART = re.compile(
    r"(?:new|topics_new|topics_active)\.(?:html|atom|rss)|_|description|manifest\.js\.gz"
    r"|git|\d+(?:\.git)?"
)
_REPOSITORY = re.compile(r"(/.+?)/(?:commit|patch|rawdiff|diff|log|tree)/")
_SHORT_COMMIT = re.compile(r"/(?:linus|([\w.-]+(?:/[\w.-]+)?)/[cp])/[0-9a-fA-F]+/?")
_GITROOT = "/pub/scm/linux/kernel/git"
# The repositories that are asked anyway, or others in their place, if the user says so.
_USUAL = re.compile(
    rf"https?://git\.kernel\.org{_GITROOT}"
    r"/(?:torvalds/linux|stable/linux|next/linux(?:-next)?)(?:\.git)?"
)
_HINT = (
    "not understood; give a Message-ID (name@host), 7 to 40 hex digits of a commit,"
    f" or a URL such as {LORE}/LIST/MESSAGE-ID/"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Something to be fetched.

    Attributes
    ----------
    kind : {'thread', 'commit', 'inbox'}
        What it is.
    name : str
        The Message-ID of any mail of the thread, without brackets and escapes; the hash of
        the commit or its beginning, in lower case; the inbox.
    inbox : str or None
        The list that the URL names; None if any will do.
    origin : str or None
        The server (of a commit: the repository) that the URL names, without a slash at its
        end; None if that is kernel.org's own archive or one of its repositories that are
        asked for any commit, or if any will do.
    """

    kind: TargetKind
    name: str
    inbox: str | None = None
    origin: str | None = None


def archive_host(url: str) -> str:
    """Return the host of an archive; all servers of lore, with the same mail, have one name.

    Parameters
    ----------
    url : str
        Of anything on the server.

    Raises
    ------
    SourceError
        As :func:`~threadkit.fetch.web.hosts.host_of`.

    Examples
    --------
    >>> archive_host("https://sea.lore.kernel.org/all/"), archive_host("http://localhost:80/a/")
    ('lore.kernel.org', 'localhost')
    """
    host = host_of(url)
    return "lore.kernel.org" if _LORE_HOST.fullmatch(host) else host


def escaped(message_id: str) -> str:
    """Write a Message-ID, or the name of an inbox, as one segment of a URL's path.

    Parameters
    ----------
    message_id : str
        Without brackets.

    Returns
    -------
    str
        ASCII.

    Examples
    --------
    >>> escaped("a/b%c+d@example.org")
    'a%2Fb%25c+d@example.org'

    References
    ----------
    RFC 3986 section 3.3; public-inbox escapes the same characters.
    """
    return quote(message_id, safe=_SAFE)


def message_url(message_id: str, inbox: str | None = None, origin: str = LORE) -> str:
    """Return the address of a mail's page.

    Parameters
    ----------
    message_id : str
        Without brackets.
    inbox : str or None
        The list; None is ``all``.
    origin : str
        The server, without a slash at its end.

    Returns
    -------
    str
        With a slash at its end; ``raw``, ``T/`` or ``t.mbox.gz`` may follow.

    Examples
    --------
    >>> message_url("20200901070135.GB1@example.org", "linux-mm")
    'https://lore.kernel.org/linux-mm/20200901070135.GB1@example.org/'
    """
    return f"{origin}/{escaped(inbox or 'all')}/{escaped(message_id)}/"


def parse_target(text: str) -> Target:
    """Understand what a user wants to have.

    Parameters
    ----------
    text : str
        A Message-ID with or without ``<>``, or after ``id:`` or ``mid:`` (the latter is a URL
        whose escapes are undone); a commit's hash; a URL of a mail, thread, commit or inbox.
        ``https://`` may be left out before the hosts of kernel.org, msgid.link and GitHub.

    Returns
    -------
    Target
        Equal for all addresses of one mail on one list.

    Raises
    ------
    SourceError
        It is none of these.

    Examples
    --------
    >>> parse_target("<a%2Fb@example.org>").name
    'a%2Fb@example.org'
    >>> parse_target("lore.kernel.org/linux-mm/a%2Fb@example.org/T/#u")
    Target(kind='thread', name='a/b@example.org', inbox='linux-mm', origin=None)
    >>> parse_target("https://git.kernel.org/linus/09854BA94C6A").name
    '09854ba94c6a'
    >>> parse_target("https://lore.kernel.org/linux-mm/").kind
    'inbox'

    References
    ----------
    RFC 2392 for ``mid:``.
    """
    given = text.strip()
    if any("\ud800" <= letter <= "\udfff" for letter in given):
        raise SourceError(printable(given), "not UTF-8, and so neither an id nor a URL")
    bracketed = _BRACKETED.fullmatch(given)
    if bracketed:
        given = bracketed[1].strip()
    if _SCHEME.match(given):
        return _from_url(given)
    if bracketed:
        return _thread(given, given)
    if _BARE_HOST.match(given):
        return _from_url(f"https://{given}")
    prefix, colon, rest = given.partition(":")
    if colon and prefix.lower() in ("mid", "id"):
        return _thread(unquote(rest) if prefix.lower() == "mid" else rest, given)
    if _COMMIT.fullmatch(given):
        return Target("commit", given.lower())
    if _OTHER_SCHEME.match(given):
        raise SourceError(printable(given), _HINT)
    if "@" not in given and "%40" in given:  # copied out of a URL
        given = unquote(given)
    return _thread(given, given)


def _thread(
    message_id: str,
    shown: str,
    inbox: str | None = None,
    origin: str | None = None,
    *,
    needs_at: bool = True,
) -> Target:
    """Return the thread of an id that was written out."""
    name = message_id.removeprefix("<").removesuffix(">")
    if not (_ID if needs_at else _ID_PART).fullmatch(name):
        raise SourceError(printable(shown), _HINT)
    if len(name) > MESSAGE_ID_MAX:
        why = f"a Message-ID of {len(name)} characters; {MESSAGE_ID_MAX} are the most"
        raise SourceError(printable(shown[:60]), why)
    return Target("thread", name, inbox, origin)


def _from_url(url: str) -> Target:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - a port that is no number is an error here
    except ValueError as error:
        raise SourceError(printable(url), f"not a URL: {error}") from None
    if not host or not url.isprintable() or " " in url:
        raise SourceError(printable(url), _HINT)
    if "@" in parts.netloc:
        raise SourceError(f"{parts.scheme}://...@{host}", "a URL with a user name is not used")
    segments = [segment for segment in parts.path.split("/") if segment]
    if _LORE_HOST.fullmatch(host) or _SHORT_HOST.fullmatch(host):
        return _from_lore(url, host, segments, parts.query)
    link = parse_link(url)
    if link.kind == "commit":
        return Target("commit", link.value, None, _repository(parts, host))
    if _FOREIGN_HOST.search(host):
        if link.kind == "message":
            return _thread(link.value, url)
        raise SourceError(url, "no Message-ID in this address; look for the mail on lore")
    if link.kind in ("bug", "syzbot"):
        raise SourceError(url, "a bug report, not mail; give the Message-ID of its thread")
    return _from_archive(url, parts, segments)


def _from_lore(url: str, host: str, segments: list[str], query: str) -> Target:
    """Read a path of kernel.org's archive or of its short links."""
    if _SHORT_HOST.fullmatch(host):
        return _thread(unquote("/".join(segments[:1])), url)
    if not segments:
        raise SourceError(url, f"which list? Give {LORE}/LIST/")
    inbox = None if segments[0] == "r" else unquote(segments[0])
    named = _id_at(segments, 1)
    if named is not None:
        return _thread(named, url, inbox)
    if _is_id(segments[0]):
        return _thread(unquote(segments[0]), url)
    if len(segments) > 1 and not _INBOX_PART.fullmatch(segments[1]):
        if segments[2:3] == ["s"]:  # a file of a patch
            raise SourceError(url, _HINT)
        return _thread(unquote(segments[1]), url, inbox, needs_at=False)  # some of old have none
    if inbox is None or not _INBOX.fullmatch(inbox):
        raise SourceError(printable(url), _HINT)
    if "q=" in query:
        raise SourceError(url, f"a search; give its words to --search, with --list {inbox}")
    return Target("inbox", inbox, inbox)


def _is_id(segment: str) -> bool:
    name = unquote(segment).removeprefix("<").removesuffix(">")
    return not segment.startswith("@") and _ID.fullmatch(name) is not None


def _id_at(segments: list[str], start: int) -> str | None:
    """Return the Message-ID that begins at a segment; its slashes may lack their escape."""
    for stop in range(start + 1, len(segments) + 1):
        if _is_id(segments[stop - 1]):
            return unquote("/".join(segments[start:stop]))
    return None


def _from_archive(url: str, parts: SplitResult, segments: list[str]) -> Target:
    """Read the address of some other public-inbox."""
    server = _server(parts)
    at = next((n for n, segment in enumerate(segments) if _is_id(segment)), None)
    if at is not None:
        if segments[at + 1 : at + 2] in (["thread"], ["message"], ["latest"]):
            raise SourceError(url, "no public-inbox; save the thread as an mbox and import that")
        inbox = unquote(segments[at - 1]) if at else None
        origin = "/".join([server, *segments[: max(at - 1, 0)]])
        return _thread(unquote(segments[at]), url, None if inbox == "r" else inbox, origin)
    if not segments or not _INBOX.fullmatch(segments[-1]) or not parts.path.endswith("/"):
        raise SourceError(url, _HINT)
    if "q=" in parts.query:
        raise SourceError(url, "a search; give its words to --search")
    return Target("inbox", segments[-1], segments[-1], "/".join([server, *segments[:-1]]))


def _server(parts: SplitResult) -> str:
    """Return the server of a URL; one that no request could be sent to is refused here."""
    server = f"{parts.scheme.lower()}://{parts.netloc.lower()}"
    host_of(server)
    return server


def _repository(parts: SplitResult, host: str) -> str | None:
    """Return the URL of the repository whose cgit shows a commit."""
    if host == "github.com" or "gitlab" in host:
        return None
    server = _server(parts)
    short = _SHORT_COMMIT.fullmatch(parts.path) if host == "git.kernel.org" else None
    if short:
        name = short[1] or "torvalds"
        found = f"{server}{_GITROOT}/{name if '/' in name else f'{name}/linux'}.git"
    else:
        page = _REPOSITORY.match(parts.path)
        found = f"{server}{page[1]}" if page else ""
    return found if found and not _USUAL.fullmatch(found) else None

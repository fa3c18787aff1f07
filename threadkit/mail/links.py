"""What a URL points at: a mail, a commit, a bug, a syzbot report, or just a page.

One mail has many addresses (each list's archive, redirectors, percent escapes). Two links
are equal when their Message-IDs are, so the id is what is kept.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from urllib.parse import unquote

LinkKind = Literal["message", "commit", "bug", "cve", "syzbot", "url"]


class Link(NamedTuple):
    """The thing behind a URL: its kind, and its name in normal form.

    ``value`` is a Message-ID without brackets, a commit hash in lower case, the
    canonical URL of a bug, the number of a CVE, the id of a syzbot report, or the URL
    itself.
    """

    kind: LinkKind
    value: str


_URL = re.compile(r"https?://([^/?#]+)([^?#]*)(\??[^#]*)(#?.*)", re.IGNORECASE | re.DOTALL)
# Hosts that put a Message-ID into the path; others have "@" in paths for other reasons.
_ARCHIVE = re.compile(
    r"(?:^|\.)(?:lore|lkml|r\.kernel|public-inbox|patchwork|patchew|yhbt|80x24|erol"
    r"|mid\.mail-archive|mid\.gmane|groups\.google)\b|msgid\.link$|inbox",
    re.IGNORECASE,
)
# There the Message-ID stands right behind the name of the list.
_LORE = re.compile(r"^(?:lore|lkml)\.kernel\.org$")
_AFTER_LIST = 2
_MESSAGE_ID = re.compile(r"[^\s@/<>]+@[^\s@/<>]+")
_MESSAGE_QUERY = re.compile(r"[?&;](?:i|q|msgid|mid)=(?:mid:)?<?([^\s@&;<>]+@[^\s@&;<>]+)")
_SHA_QUERY = re.compile(r"[?&;](?:id|h)=([0-9a-fA-F]{7,40})(?![^&;])")
_SHA_PATH = re.compile(
    r"/(?:-/)?(?:commit|commits|c|linus|patch)/(?=\d*[a-f])([0-9a-f]{7,40})(?![^/.^~])",
    re.IGNORECASE,
)
_GITILES = re.compile(r"/\+/([0-9a-f]{40})(?:\^!?)?/?$", re.IGNORECASE)
_CVE = re.compile(r"/(CVE-\d{4}-\d{4,})(?:\.html)?/?$", re.IGNORECASE | re.ASCII)
_CVE_QUERY = re.compile(r"[?&](?:name|id)=(CVE-\d{4}-\d{4,})(?!\d)", re.IGNORECASE | re.ASCII)
_BUG_NUMBER = re.compile(r"[?&;](?:id|bug)=(\d+)")
_LAUNCHPAD = re.compile(r"/(?:\+?bugs?)/(\d+)")
_ISSUE = re.compile(r"(/[^/]+(?:/[^/]+)*?)/(?:-/)?issues/(\d+)")
_SYZBOT = re.compile(r"[?&;](?:extid|id)=([0-9a-f]{20,40})")
_TRACKERS = ("issues.chromium.org", "issuetracker.google.com")
_WRAPPED = re.compile(r"[?&]url=(https?%3A%2F%2F[^&]+)", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"/(\d+)/?$")


def parse_link(url: str) -> Link:
    """Say what a URL points at.

    Parameters
    ----------
    url : str
        ``http://`` or ``https://``, as written in a text, without trailing punctuation.

    Returns
    -------
    Link
        ``url`` where nothing better is known.

    Examples
    --------
    >>> parse_link("https://lore.kernel.org/r/cover.1%2Bx@example.org/t/#u")
    Link(kind='message', value='cover.1+x@example.org')
    >>> parse_link("https://git.kernel.org/pub/scm/git/linux.git/commit/?id=09854BA94C6A").value
    '09854ba94c6a'
    >>> parse_link("http://bugzilla.kernel.org/show_bug.cgi?id=215616#c4").value
    'https://bugzilla.kernel.org/show_bug.cgi?id=215616'

    References
    ----------
    public-inbox "Message-ID to URL"; cgit and gitweb query strings.
    """
    match = _URL.match(url)
    if match and match[1].lower().endswith("safelinks.protection.outlook.com"):
        wrapped = _WRAPPED.search(match[3])
        match = _URL.match(unquote(wrapped[1])) if wrapped else match
    if match is None:
        return Link("url", url)
    host, path, query = match[1].lower(), match[2], match[3]
    return (
        _message(host, path, query)
        or _syzbot(host, path, query)
        or _commit(host, path, query)
        or _bug(host, path, query)
        or _cve(path, query)
        or Link("url", url)
    )


def _message(host: str, path: str, query: str) -> Link | None:
    if ("@" in path or "%40" in path) and _ARCHIVE.search(host):
        segments = path.split("/")
        for at, segment in enumerate(segments):
            if "@" in segment or "%40" in segment:
                if at > _AFTER_LIST and _LORE.search(host):  # a slash that nobody escaped
                    segment = "/".join(segments[_AFTER_LIST : at + 1])
                name = unquote(segment).removeprefix("<").removesuffix(">")
                # An escaped slash is part of the id; a mail's own list address is not one.
                if _MESSAGE_ID.fullmatch(name.replace("/", "_")) and not segment.startswith("@"):
                    return Link("message", name)
    if ("@" in query or "%40" in query) and (match := _MESSAGE_QUERY.search(unquote(query))):
        return Link("message", match[1])
    return None


def _commit(host: str, path: str, query: str) -> Link | None:
    if "/issues" in path or "/bug" in path:
        return None
    if match := _SHA_PATH.search(path) or _GITILES.search(path):
        return Link("commit", match[1].lower())
    is_page = "/commit" in path or "/patch" in path or "/diff" in path
    is_page = is_page or "a=commit" in query or path.rstrip("/").endswith(("/log", "/shortlog"))
    if is_page and (match := _SHA_QUERY.search(query)):
        return Link("commit", match[1].lower())
    return None


def _bug(host: str, path: str, query: str) -> Link | None:
    if path.endswith("show_bug.cgi") and (match := _BUG_NUMBER.search(query)):
        return Link("bug", f"https://{host}{path}?id={match[1]}")
    if host.startswith("bugzilla.") and (match := _LAST_NUMBER.fullmatch(path)):
        return Link("bug", f"https://{host}/show_bug.cgi?id={match[1]}")
    if host == "bugs.chromium.org" and (match := _BUG_NUMBER.search(query)):
        return Link("bug", f"https://{host}{path}?id={match[1]}")
    if host.endswith("launchpad.net") and (match := _LAUNCHPAD.search(path)):
        return Link("bug", f"https://bugs.launchpad.net/bugs/{match[1]}")
    if host == "bugs.debian.org":
        if match := _BUG_NUMBER.search(query) or _LAST_NUMBER.fullmatch(path):
            return Link("bug", f"https://{host}/{match[1]}")
        return None
    if host.endswith(_TRACKERS) and (match := _LAST_NUMBER.search(path)):
        return Link("bug", f"https://{host}/issues/{match[1]}")
    if host == "crbug.com" and (match := _LAST_NUMBER.search(path)):
        return Link("bug", f"https://{host}/{match[1]}")
    is_forge = host == "github.com" or "gitlab" in host
    if is_forge and (match := _ISSUE.fullmatch(path.rstrip("/"))):
        between = "/issues/" if host == "github.com" else "/-/issues/"
        return Link("bug", f"https://{host}{match[1].removesuffix('/-')}{between}{match[2]}")
    return None


def _syzbot(host: str, path: str, query: str) -> Link | None:
    if not host.endswith(("syzkaller.appspot.com", "syzbot.org")):
        return None
    if path.rstrip("/").endswith("/bug") and (match := _SYZBOT.search(query)):
        return Link("syzbot", match[1])
    return None


def _cve(path: str, query: str) -> Link | None:
    match = _CVE.search(path) or _CVE_QUERY.search(query)
    return Link("cve", match[1].upper()) if match else None

"""What a server says about an inbox's repositories: its manifest, and what git advertises.

Both are asked for before git is started: they tell what there is to fetch, mostly that
there is nothing, in one small answer each. What comes from a server is not trusted: of
a manifest only numbers and fingerprints are used, never a path.

References
----------
public-inbox-v2-format(5); grokmirror's manifest format; gitprotocol-http(5) "Smart Clients"
and "Dumb Clients"; gitprotocol-common(5) "pkt-line Format".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from threadkit.errors import SourceError
from threadkit.fetch.web.clock import stamp
from threadkit.fetch.web.hosts import host_of
from threadkit.fetch.web.manners import is_loopback

_ASKED_EPOCH = re.compile(r"(?P<inbox>.+?)/(?:git/(?P<bare>\d{1,6})\.git|(?P<short>\d{1,6}))")
_LISTED_EPOCH = re.compile(r"(?P<inbox>.*)/git/(?P<number>\d{1,6})\.git")
_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCH = re.compile(r"refs/heads/[A-Za-z0-9_+-]+(?:[./][A-Za-z0-9_+-]+)*")
_PLAIN = re.compile(r"[!-~]+")
_SERVICE = b"# service=git-upload-pack"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an inbox or one of its repositories is.

    Attributes
    ----------
    url : str
        As named, without a slash at its end: what git would be given.
    inbox : str
        The inbox's URL, without a slash at its end; the same if no epoch is named.
    epoch : int or None
        The epoch that the URL names.
    """

    url: str
    inbox: str
    epoch: int | None


def parse_address(text: str) -> Address:
    """Understand the URL of an inbox, of an epoch, or of any repository.

    Parameters
    ----------
    text : str
        ``https://``; ``http://`` only on this machine: anybody on the way could change it.

    Raises
    ------
    SourceError
        If it is no such URL.

    Examples
    --------
    >>> parse_address("https://lore.example.org/box/")
    Address(url='https://lore.example.org/box', inbox='https://lore.example.org/box', epoch=None)
    >>> parse_address("https://lore.example.org/box/git/1.git").epoch
    1
    """
    url = text.strip().rstrip("/").removesuffix("/manifest.js.gz").rstrip("/")
    if not _PLAIN.fullmatch(url):
        raise SourceError(text, "not the https:// URL of an inbox or of a git repository")
    host = host_of(url)
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_loopback(host):
        raise SourceError(text, "only https:// is fetched from other machines")
    if parts.query or parts.fragment:
        raise SourceError(text, "not an inbox: leave out what follows the ? or #")
    found = _ASKED_EPOCH.fullmatch(url)
    if found and urlsplit(found["inbox"]).path:
        return Address(url, found["inbox"], int(found["bare"] or found["short"]))
    return Address(url, url, None)


@dataclass(frozen=True, slots=True)
class Listed:
    """One repository of an inbox, as its manifest has it.

    Attributes
    ----------
    number : int or None
        The epoch; None for a v1 inbox, which is one repository.
    fingerprint : str or None
        See :func:`fingerprint`.
    modified_utc : str or None
        ISO 8601 with Z: of its newest commit.
    """

    number: int | None
    fingerprint: str | None
    modified_utc: str | None


def parse_manifest(data: bytes, inbox: str) -> tuple[Listed, ...]:
    r"""Read the manifest of one inbox.

    Parameters
    ----------
    data : bytes
        ``manifest.js.gz``, unpacked.
    inbox : str
        The inbox's URL: among several inboxes its name decides.

    Returns
    -------
    tuple of Listed
        In the order of their numbers; empty if the inbox has no repository.

    Raises
    ------
    ValueError
        If it is no manifest, or one of several inboxes of other names. The text says which.

    Examples
    --------
    >>> parse_manifest(b'{"/box/git/0.git": {"fingerprint": "-", "modified": 0}}', "x/box")
    (Listed(number=0, fingerprint='-', modified_utc='1970-01-01T00:00:00Z'),)
    """
    try:
        entries = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("its manifest cannot be read") from error
    if not isinstance(entries, dict):
        raise ValueError("its manifest cannot be read")
    inboxes: dict[str, dict[int | None, Listed]] = {}
    for path, about in entries.items():
        found = _LISTED_EPOCH.fullmatch(path)
        name, number = (found["inbox"], int(found["number"])) if found else (path, None)
        one = _listed(number, about if isinstance(about, dict) else {})
        inboxes.setdefault(name.strip("/").removesuffix(".git"), {})[number] = one
    own = _own(inboxes, inbox)
    if None in own:
        return (own[None],)
    return tuple(one for _, one in sorted(own.items(), key=lambda item: item[0] or 0))


def _own(
    inboxes: Mapping[str, dict[int | None, Listed]], inbox: str
) -> Mapping[int | None, Listed]:
    if not inboxes:
        return {}
    wanted = urlsplit(inbox).path.strip("/").removesuffix(".git")
    for name, own in inboxes.items():
        if name == wanted or name.rpartition("/")[2] == wanted.rpartition("/")[2]:
            return own
    if len(inboxes) > 1:
        raise ValueError(f"a server of {len(inboxes)} inboxes: name one of them")
    return next(iter(inboxes.values()))


def _listed(number: int | None, about: Mapping[str, object]) -> Listed:
    mark, modified = about.get("fingerprint"), about.get("modified")
    when = None
    if isinstance(modified, (int, float)):
        try:
            when = stamp(datetime.fromtimestamp(modified, UTC))
        except (ValueError, OverflowError, OSError):
            when = None  # a year that no calendar has
    return Listed(number, mark if isinstance(mark, str) else None, when)


def fingerprint(refs: Mapping[str, str]) -> str:
    """Return what a manifest says of a repository with these refs.

    Parameters
    ----------
    refs : mapping
        From the full names of branches and tags to hashes.

    Notes
    -----
    SHA-1 over what ``git show-ref`` prints: it proves nothing, it notices changes.

    Examples
    --------
    >>> fingerprint({"refs/heads/master": "0" * 40})
    '06e61558c1f79e77bc82eba745fb787eb27b798f'
    """
    lines = "".join(f"{sha} {name}\n" for name, sha in sorted(refs.items()))
    return hashlib.sha1(lines.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Advertised:
    """What a repository offers.

    Attributes
    ----------
    refs : mapping
        From full names to hashes; ``HEAD`` among them.
    branch : str or None
        The branch that holds the mails: the one of HEAD, else ``master``, else the only
        one. None if there is no branch.
    in_pieces : bool
        Whether a part of the history can be asked for.
    is_whole : bool
        Whether the server has all of the history itself.
    """

    refs: Mapping[str, str]
    branch: str | None
    in_pieces: bool
    is_whole: bool = True

    @property
    def tip(self) -> str | None:
        """The newest commit of the branch."""
        return self.refs[self.branch] if self.branch else None


def parse_advertisement(data: bytes) -> Advertised:
    r"""Read the answer to ``info/refs?service=git-upload-pack``.

    Parameters
    ----------
    data : bytes
        Of a smart server, or the file of a dumb one.

    Raises
    ------
    ValueError
        If it is no such answer: a web page, a cut answer.

    Examples
    --------
    >>> parse_advertisement(b"e" * 40 + b"\trefs/heads/master\n").branch
    'refs/heads/master'
    """
    smart = data[4:].startswith(_SERVICE)
    lines = list(_packets(data)) if smart else data.splitlines()
    refs: dict[str, str] = {}
    words: list[str] = []
    is_whole = True
    for line in lines:
        text, _, capabilities = line.decode("utf-8", "replace").partition("\0")
        sha, _, name = text.rstrip("\n").partition(" " if smart else "\t")
        words += capabilities.split()
        if not _HASH.fullmatch(sha) or not name:
            if smart and sha == "shallow":
                is_whole = False
                continue
            raise ValueError("not the answer of a git repository")
        if not name.endswith("^{}"):
            refs[name] = sha
    in_pieces = {"shallow", "deepen-relative"} <= set(words)
    return Advertised(refs, _branch(refs, words), in_pieces, is_whole)


def _packets(data: bytes) -> Iterator[bytes]:
    """Yield the lines of an advertisement behind its first; it must end as agreed."""
    position, flushes, first = 0, 0, True
    while flushes < 2:
        head = data[position : position + 4]
        if len(head) < 4:
            raise ValueError("the answer of git ends early")
        length = int(head, 16)
        if length == 0:
            flushes, position = flushes + 1, position + 4
            continue
        if length < 4 or position + length > len(data):
            raise ValueError("the answer of git ends early")
        line = data[position + 4 : position + length]
        position += length
        if first:
            first = False
        elif not line.startswith(b"0" * 40 + b" capabilities^{}"):
            yield line


def _branch(refs: Mapping[str, str], words: list[str]) -> str | None:
    heads = [name for name in refs if _BRANCH.fullmatch(name) and ".lock" not in name]
    named = [word.removeprefix("symref=HEAD:") for word in words if word.startswith("symref=HEAD:")]
    for name in (*named, "refs/heads/master"):
        if name in heads:
            return name
    return heads[0] if len(heads) == 1 else None

r"""Read a commit object: its headers, its people, its title and the text behind it.

A commit is what somebody's program wrote, and programs wrote anything: authors without a
date, dates without a zone, charsets without a label. Nothing here fails on any bytes.

References
----------
git-cat-file(1); gitformat-commit as git's ``commit.c``, ``ident.c`` and ``pretty.c`` read it.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from threadkit.commits.values import Commit, Signature
from threadkit.mail.charsets import decode

_SHA = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{40}")
_WHEN = re.compile(rb"\s*(\d{1,14})(?:\s+([+-])(\d{1,9})(?!\d))?")
_SPACE = b" \t\r\n"  # what git calls white
_SHA256_DIGITS = 64
_DAY_MIN = 24 * 60
NOBODY = Signature("", "", None, None)
"""The author or committer of a commit that names none."""


def sha_of(data: bytes, digits: int = 40) -> str:
    """Return the id that git gives to a commit.

    Parameters
    ----------
    data : bytes
        The commit object without its header, as ``git cat-file commit`` prints it.
    digits : int
        64 for a repository whose ids are SHA-256, else 40.

    Examples
    --------
    >>> sha_of(b"")
    'dcf5b16e76cce7425d0beaef62d79a7d10fce1f5'

    References
    ----------
    git-hash-object(1).
    """
    make = hashlib.sha256 if digits == _SHA256_DIGITS else hashlib.sha1
    return make(b"commit %d\0%b" % (len(data), data)).hexdigest()


def parse_commit(sha: str, data: bytes) -> Commit:
    r"""Read a commit object.

    Parameters
    ----------
    sha : str
        Its id; it is not compared with the bytes, see :func:`sha_of`.
    data : bytes
        As ``git cat-file commit`` prints it.

    Returns
    -------
    Commit
        With ``raw``. What is missing or broken is empty or None; nothing is raised.

    Examples
    --------
    >>> data = (
    ...     b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
    ...     b"author Ann <ann@example.org> 1599012312 -0700\n"
    ...     b"committer Ben <ben@example.org> none\n\nmm: a title\non two lines\n\nBody.\n"
    ... )
    >>> commit = parse_commit(sha_of(data), data)
    >>> commit.subject, commit.body, commit.author.date_utc, commit.committer.date_utc
    ('mm: a title on two lines', 'Body.', '2020-09-02T02:05:12Z', None)

    Notes
    -----
    Parents count only directly behind the tree, as for git; a header later on that looks
    like one is not believed. Text is decoded by the ``encoding`` header, without one as
    UTF-8 or what fits. Linear in the size of the bytes.
    """
    head, _, message = data.partition(b"\n\n")
    if data.startswith(b"\n"):
        head, message = b"", data[1:]
    lines = head.split(b"\n")
    tree, parents = _links(lines)
    first: dict[bytes, bytes] = {}
    for line in lines:
        name, _, value = line.partition(b" ")
        first.setdefault(name, value)  # a folded line has no name
    label = first.get(b"encoding", b"").decode("ascii", "replace").strip()
    subject, body = split_message(message)
    return Commit(
        sha,
        tree,
        parents,
        parse_signature(first.get(b"author", b""), label),
        parse_signature(first.get(b"committer", b""), label),
        as_text(subject, label),
        as_text(body, label),
        data,
    )


def _links(lines: list[bytes]) -> tuple[str, tuple[str, ...]]:
    """Return the tree and the parents at the beginning of the headers."""
    tree, parents = "", []
    rest = iter(lines)
    name, _, value = next(rest, b"").partition(b" ")
    if name == b"tree" and _SHA.fullmatch(value):
        tree = value.decode()
        for line in rest:
            name, _, value = line.partition(b" ")
            if name != b"parent" or not _SHA.fullmatch(value):
                break
            parents.append(value.decode())
    return tree, tuple(parents)


def parse_signature(value: bytes, label: str = "") -> Signature:
    """Read who and when.

    Parameters
    ----------
    value : bytes
        An author or committer line behind its first word.
    label : str
        The charset that the commit declares; "" if none.

    Examples
    --------
    >>> parse_signature(b"Ann Dev <ann@example.org> 1599012312 +0530")
    Signature(name='Ann Dev', email='ann@example.org', date_utc='2020-09-02T02:05:12Z', offset_min=330)
    >>> parse_signature(b"broken")
    Signature(name='broken', email='', date_utc=None, offset_min=None)

    Notes
    -----
    The address ends at the first ``>``, the date stands behind the last, as for git. An
    offset of a day or more is None; the time does not depend on it.

    References
    ----------
    git's ``ident.c``, ``split_ident_line``.
    """
    name, opened, behind = value.partition(b"<")
    email, _, _ = behind.partition(b">")
    found = _WHEN.match(value.rpartition(b">")[2]) if opened and b">" in behind else None
    date_utc = offset_min = None
    if found:
        date_utc = as_utc(int(found[1]))
        if found[3] is not None:
            minutes = int(found[3]) // 100 * 60 + int(found[3]) % 100
            signed = -minutes if found[2] == b"-" else minutes
            offset_min = signed if minutes < _DAY_MIN else None
    return Signature(
        as_text(name.strip(_SPACE), label), as_text(email.strip(_SPACE), label),
        date_utc, offset_min,
    )  # fmt: skip


def as_utc(seconds: int) -> str | None:
    """Write seconds since 1970 as ISO 8601 with Z; None beyond the year 9999.

    Examples
    --------
    >>> as_utc(1599012312), as_utc(10**13)
    ('2020-09-02T02:05:12Z', None)
    """
    try:
        when = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return f"{when.replace(tzinfo=None).isoformat()}Z"


def split_message(message: bytes) -> tuple[bytes, bytes]:
    r"""Split the message of a commit into its title and the text behind it.

    Parameters
    ----------
    message : bytes
        What stands behind the headers; git shows it up to the first NUL.

    Returns
    -------
    subject : bytes
        The first paragraph, its lines joined by one blank each.
    body : bytes
        The rest with LF line ends, without blank lines around it.

    Examples
    --------
    >>> split_message(b"\n\na title \nthat goes on\n\n\n  Body.\r\n\nEnd.\n\n")
    (b'a title that goes on', b'  Body.\n\nEnd.')

    References
    ----------
    git's ``pretty.c``, ``format_subject``.
    """
    lines = message.partition(b"\0")[0].replace(b"\r\n", b"\n").split(b"\n")
    at = _text_from(lines, 0)
    title = []
    while at < len(lines) and (line := lines[at].rstrip(_SPACE)):
        title.append(line)
        at += 1
    at = _text_from(lines, at)
    return b" ".join(title), b"\n".join(lines[at:]).rstrip(_SPACE)


def _text_from(lines: list[bytes], at: int) -> int:
    """Return where the next line that is not blank stands."""
    while at < len(lines) and not lines[at].strip(_SPACE):
        at += 1
    return at


def as_text(data: bytes, label: str = "") -> str:
    r"""Decode text of a commit; never fails, never yields lone surrogates.

    Examples
    --------
    >>> as_text(b"caf\xe9"), as_text("caf\u00e9".encode()), as_text(b"caf\xe9", "latin-1")
    ('café', 'café', 'café')
    """
    return decode(data, label, [])

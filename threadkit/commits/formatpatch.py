r"""Split a commit in the form of ``git format-patch``, as cgit's ``/patch/`` gives it.

cgit writes the title whole on one line and without ``[PATCH]``. Where the message ends
cannot be told from a line of dashes alone, since messages have such lines, too; see
:func:`split_patch`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from threadkit.commits.objects import as_text, split_message

_FIRST = re.compile(rb"From ([0-9a-f]{64}|[0-9a-f]{40}) [^\n]*\n")
_STAT = re.compile(rb"^---\n(?: [^\n]*\n)+\n(?=diff --git )", re.MULTILINE)
_TAIL = re.compile(rb"^-- \n[^\n]*\n\s*\Z", re.MULTILINE)
_TAIL_BYTES = 200


@dataclass(frozen=True, slots=True)
class Patch:
    """A commit's text and what it changed; ``sha`` as the first line names it."""

    sha: str
    subject: str
    body: str
    diff: bytes


def split_patch(data: bytes) -> Patch | None:
    r"""Split a patch into the commit's title, the text behind it, and its diff.

    Parameters
    ----------
    data : bytes
        One commit; text is UTF-8, or what fits.

    Returns
    -------
    Patch or None
        None for anything else; also for a commit that changes nothing, of which cgit
        gives an empty patch.

    Examples
    --------
    >>> data = (
    ...     b"From 54a4f0239f2e98bc0842818f611a4cf73bb7dd35 Mon Sep 17 00:00:00 2001\n"
    ...     b"From: Ann <ann@example.org>\nSubject: mm: a title\n\nBody.\n---\nmore\n---\n"
    ...     b" a.c | 1 -\n 1 file changed, 1 deletion(-)\n\n"
    ...     b"diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +0,0 @@\n-x\n-- \ncgit v1\n\n"
    ... )
    >>> patch = split_patch(data)
    >>> patch.subject, patch.body, patch.diff.splitlines()[-1]
    ('mm: a title', 'Body.\n---\nmore', b'-x')

    Notes
    -----
    The message ends at the last ``---`` that only a table of files, an empty line and
    ``diff --git`` follow: a message may hold a patch of its own, a diff holds no empty
    line behind such a table, for each of its lines begins with a mark.
    """
    first = _FIRST.match(data)
    if not first:
        return None
    text = data[first.end() :]
    tail = _TAIL.search(text, max(0, len(text) - _TAIL_BYTES))
    text = text[: tail.start()] if tail else text
    head, _, rest = text.partition(b"\n\n")
    tables = list(_STAT.finditer(rest))
    message, diff = (
        (rest[: tables[-1].start()], rest[tables[-1].end() :]) if tables else (rest, b"")
    )
    subject = _subject(head)
    _, body = split_message(b"title\n\n" + message)
    return Patch(first[1].decode(), as_text(subject), as_text(body), diff)


def _subject(head: bytes) -> bytes:
    """Return the title from the headers."""
    found = re.search(rb"^Subject:([^\n]*(?:\n[ \t][^\n]*)*)", head, re.MULTILINE)
    return b" ".join(line.strip() for line in found[1].split(b"\n")) if found else b""

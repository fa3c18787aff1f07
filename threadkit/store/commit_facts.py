"""What follows from the message and the diff of a commit, as rows of the database."""

from __future__ import annotations

import sys
from typing import NamedTuple

from threadkit.mail.block import Block
from threadkit.mail.body import blocks
from threadkit.mail.charsets import decode
from threadkit.mail.citations import citations
from threadkit.mail.patch import parse_patch
from threadkit.mail.trailers import trailers

COMPRESSION_LEVEL = 3

_NOT_SAID = ("diff", "diffstat")


class MessageFacts(NamedTuple):
    """What the message of a commit holds.

    ``trailers`` are name, value, kind, extinfo, start, stop; ``citations`` kind, value,
    title, start, stop. Both in the order of the text, whose characters are counted.
    """

    trailers: tuple[tuple[str, str, str, str, int, int], ...]
    citations: tuple[tuple[str, str, str, int, int], ...]


class DiffFacts(NamedTuple):
    """What the diff of a commit does; ``files`` are path, additions, deletions."""

    patch_id: str | None
    additions: int
    deletions: int
    files: tuple[tuple[str, int, int], ...]


def message_facts(body: str) -> MessageFacts:
    r"""Find the trailers and the citations in the message of a commit.

    Parameters
    ----------
    body : str
        The message behind the subject.

    Returns
    -------
    MessageFacts
        By the rules for the mails that carry such messages.

    Examples
    --------
    >>> facts = message_facts("It leaks.\n\nFixes: 09854ba94c6a (\"mm: x\")\nCc: Bo <bo@x.org> # 5.9+")
    >>> [(name, value, extinfo) for name, value, _, extinfo, *_ in facts.trailers]
    [('Fixes', '09854ba94c6a ("mm: x")', ''), ('Cc', 'Bo <bo@x.org>', '5.9+')]
    >>> facts.citations[0][:3]
    ('commit', '09854ba94c6a', 'mm: x')

    Notes
    -----
    Linear in the length of the message. What looks like a signature or a footer of a
    mail is a part of the message here, and only marked lines are quotes.
    """
    said = [
        block
        if block.kind == "trailers" or block.kind in _NOT_SAID or (block.depth and block.certain)
        else Block("reply", 0, block.start, block.stop)
        for block in blocks(body)
    ]
    return MessageFacts(
        tuple((t.name, t.value, t.kind, t.extinfo, t.start, t.stop) for t in trailers(body, said)),
        tuple((c.kind, c.value, c.title, c.start, c.stop) for c in citations(body, said)),
    )


def diff_facts(diff: bytes) -> DiffFacts:
    r"""Read the diff of a commit as the diff in a mail is read.

    Parameters
    ----------
    diff : bytes
        What ``git diff-tree -p`` prints; may be empty.

    Returns
    -------
    DiffFacts
        ``patch_id`` equals that of a mail with the same diff.

    Examples
    --------
    >>> diff_facts(b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+new\n")
    DiffFacts(patch_id='5e3837421ef7b2bb5407d3c742e6f92c789bafd2', additions=1, deletions=1, files=(('f', 1, 1),))
    >>> diff_facts(b"")
    DiffFacts(patch_id=None, additions=0, deletions=0, files=())

    Notes
    -----
    Linear in the length of the diff. Bytes that are not UTF-8 are read as in a mail: such
    a diff has the id of the mail, which is not the one that git computes of the bytes.
    """
    text = decode(diff, "utf-8", [])
    patch = parse_patch(text, [Block("diff", 0, 0, len(text))])
    assert patch is not None  # it is for mails: a diff block always gives one
    files = tuple((file.path, file.additions, file.deletions) for file in patch.files)
    return DiffFacts(patch.patch_id, patch.additions, patch.deletions, files)


def pack(data: bytes | None) -> bytes | None:
    """Compress a commit object or a diff; None stays None.

    Parameters
    ----------
    data : bytes or None
        What to store.

    Returns
    -------
    bytes or None
        One zstd frame; :func:`threadkit.store.read.decompress` undoes it.

    Examples
    --------
    >>> from threadkit.store.read import decompress
    >>> decompress(pack(b"abc"), None)
    b'abc'

    References
    ----------
    RFC 8878 (zstd).
    """
    if data is None:
        return None
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    return zstd.compress(data, level=COMPRESSION_LEVEL)

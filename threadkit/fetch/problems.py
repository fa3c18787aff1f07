"""The kinds of trouble that a source can report in ``Source.problems``.

The detail of each says where (byte offset in the unpacked source, file name, commit) and
what was seen. A kind in :data:`NOTES` costs no mail: it tells the user something that was
passed over on purpose. Every other kind means that something was there and was not stored.

Examples
--------
>>> "mail-cut" in NOTES, PROBLEMS["mail-too-large"]
(False, 'a mail over the limit, skipped')
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "compressed-truncated": "the packed file ends before its data; mails before that are kept",
        "compressed-damaged": "the packed data is broken from here on; mails before are kept",
        "compressed-trailing": "bytes after the packed data that are no further packed data",
        "decompression-bomb": "unpacks to far more than mail does; stopped",
        "mail-cut": "the last mail of a source that ends too early; it is not whole",
        "mail-too-large": "a mail over the limit, skipped",
        "unreadable": "a file or folder that the system does not let us read",
        "not-mail": "files in a folder of mail that hold no mail",
        "git-history-rewritten": "the commit of the last import is gone; read from the start",
        "git-deleted": "commits of a public-inbox that delete a mail",
        "git-object-missing": "a mail that the repository names and does not have",
        "git-failed": "git ended with an error; mails before that are kept",
        "page-incomplete": "a saved page of a thread that does not show all of its mails",
        "page-mail-unreadable": "a mail shown on a saved page that cannot be made out",
    }
)
"""Kind of problem to what it means."""

NOTES = frozenset(
    {"compressed-trailing", "not-mail", "git-history-rewritten", "git-deleted", "page-incomplete"}
)
"""Kinds that cost no mail."""

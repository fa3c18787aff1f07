"""What a verification can find wrong."""

from __future__ import annotations

from dataclasses import dataclass

FINDINGS = {
    "file-damaged": "SQLite finds pages, records or indexes inconsistent",
    "row-missing": "a row refers to another that is not there",
    "raw-unreadable": "a raw mail cannot be decompressed",
    "raw-changed": "a raw mail does not have the SHA-256 or the size it had when it came",
    "raw-elsewhere": "the preferred copy of a message belongs to another message",
    "mail-without-raw": "a message was seen but has no raw mail",
    "mail-without-body": "a message was seen but has no text",
    "ghost-with-text": "a message that was never seen has a raw mail, a text or parts of one",
    "imposter-alone": "the mails of one Message-ID are not numbered 0, 1, 2 ...",
    "ghost-beside-mail": "a Message-ID is a ghost though its mail is here",
    "parent-elsewhere": "the parent is in another conversation",
    "parent-cycle": "going from parent to parent never ends",
    "root-wrong": "the root is missing, is not a root, or is not where the parents lead",
    "blocks-gap": "the blocks do not cover the text character for character",
    "span-outside": "a span ends before it begins or leaves its text",
    "quote-no-block": "a quote does not lie in a quote block",
    "quote-overlap": "parts of a quote overlap or are out of order",
    "quote-source": "a quote has a source without a span, or a span without a source",
    "quote-differs": "a quote is not in its source as its method says",
    "person-missing": "an address belongs to nobody, or a person has no address",
    "merge-undone": "two addresses were merged and belong to different persons",
    "search-missing": "a message is not in the full-text index",
    "search-extra": "the full-text index holds a message that has no text",
    "search-differs": "the full-text index does not agree with the texts",
    "commit-unreadable": "a commit or its diff cannot be decompressed",
    "commit-changed": "a commit object does not have the hash that is its name",
    "commit-differs": "a commit's row is not what its object or its diff says",
    "commit-name-wrong": "a name leads to no commit, or is neither its beginning nor a tag's hash",
    "casebook-changed": "a casebook's document does not have the hash it had when it was loaded",
    "casebook-wrong": "a row of a casebook names what the casebook or the model does not have",
    "queue-wrong": "what was fetched is in no known state, or lacks what that state claims",
}
"""Kinds of :class:`Finding` and what they mean."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a database that does not hold together.

    ``kind`` is a key of :data:`FINDINGS`; ``row`` is the row id in ``table`` (the
    message's, where the table hangs on one) or None; ``detail`` says what was seen.
    """

    kind: str
    table: str
    row: int | None
    detail: str

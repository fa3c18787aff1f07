"""``parse``: the bytes of a mail in, a :class:`Message` out, whatever the bytes."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import islice
from typing import Final

from threadkit.mail.addresses import addresses
from threadkit.mail.dates import received, sent
from threadkit.mail.encoded_words import header_text
from threadkit.mail.headers import Fields, scan
from threadkit.mail.message_ids import own_ids, referenced_ids, without_strangers
from threadkit.mail.mime import read_content
from threadkit.mail.values import Address, Attachment, Defect, Message, MessageId

__all__ = ["Address", "Attachment", "Defect", "Message", "MessageId", "parse"]

DEFECTS_MAX: Final = 100
"""Most defects kept of one mail, but for the first of every kind; one then says so."""
DERIVED_DOMAIN: Final = "derived.threadkit.invalid"
"""Right-hand side of the Message-ID of a mail that has none (RFC 2606: no real domain)."""

_KNOWN_LENGTH = 300


class _DefectLog(list[Defect]):
    """Keeps the first defects, so that a hostile mail cannot fill the memory."""

    def append(self, defect: Defect) -> None:
        """Keep a defect if there is room, or if it is the first of its kind."""
        if len(self) < DEFECTS_MAX or all(defect.kind != known.kind for known in self):
            super().append(defect)
        elif len(self) == DEFECTS_MAX or self[DEFECTS_MAX].kind != "defects-cut":
            self.insert(DEFECTS_MAX, Defect("defects-cut"))


def parse(raw: bytes) -> Message:
    r"""Read one mail; never raises.

    Parameters
    ----------
    raw : bytes
        The mail without its mbox separator and escaping; any bytes at all will do.

    Returns
    -------
    Message
        Every malformation is one of :data:`threadkit.mail.defects.DEFECT_KINDS` in its
        ``defects``, at most :data:`DEFECTS_MAX` of them.

    Examples
    --------
    >>> mail = parse(b"From: Jane <jane@example.org>\nMessage-ID: <1@example.org>\n\nhi\n")
    >>> mail.message_id, mail.body, [defect.kind for defect in mail.defects]
    ('1@example.org', 'hi\n', ['date-missing'])
    >>> parse(b"").defects[0].kind
    'mail-empty'

    Notes
    -----
    One pass over the header lines, no copy of the body but the decoded text; linear in
    the size of the mail. ``message_id`` of a mail without one is made from its sender,
    date, subject and text, so that copies of it through several lists agree.

    References
    ----------
    RFC 5322; RFC 2045 to 2047; RFC 3676.
    """
    defects = _DefectLog()
    fields, start = scan(raw, 0, len(raw), defects)
    if not raw:
        defects.append(Defect("mail-empty"))
    get = fields.get
    ids = own_ids(fields["message-id"], defects) if "message-id" in fields else ()
    subjects = get("subject")
    subject = header_text(subjects[0], "subject", defects) if subjects else ""
    from_ = _people(fields, "from", defects)
    to = _people(fields, "to", defects)
    cc = _people(fields, "cc", defects)
    if not from_:
        defects.append(Defect("from-missing"))
    date_utc, offset = sent(get("date", []), defects)
    received_utc = received(get("received", []), date_utc, defects)
    body, attachments, flowed = read_content(raw, fields, start, defects)
    derived = not ids
    if derived:
        defects.append(Defect("message-id-missing"))
        ids = (_derived_id(fields, subject, body),)
    in_reply_to, references = _answered(fields, ids, (*from_, *to, *cc), defects)
    return Message(
        message_id=ids[0],
        message_ids=ids,
        derived_id=derived,
        in_reply_to=in_reply_to,
        references=references,
        subject=subject,
        from_=from_,
        to=to,
        cc=cc,
        date_utc=date_utc,
        date_offset_min=offset,
        received_utc=received_utc,
        list_ids=_list_ids(get("list-id")),
        body=body,
        attachments=attachments,
        flowed=flowed,
        defects=tuple(defects) if len(defects) < 2 else tuple(dict.fromkeys(defects)),
    )


def _people(fields: Fields, name: str, defects: list[Defect]) -> tuple[Address, ...]:
    values = fields.get(name)
    if not values:
        return ()
    # Several To or Cc headers are against the rules, but nobody in them is invented.
    value = values[0] if len(values) == 1 or name == "from" else ",".join(values)
    return addresses(value, name, defects)


def _answered(
    fields: Fields,
    own: tuple[MessageId, ...],
    people: tuple[Address, ...],
    defects: list[Defect],
) -> tuple[tuple[MessageId, ...], tuple[MessageId, ...]]:
    """Return In-Reply-To and References without the mail itself and without people."""
    if "in-reply-to" not in fields and "references" not in fields:
        return (), ()
    replies = referenced_ids(fields.get("in-reply-to", ()), "in-reply-to", defects)
    references = referenced_ids(fields.get("references", ()), "references", defects)
    named = {*replies, *references}
    emails = [person.email for person in people if person.email in named]
    if not emails and named.isdisjoint(own):
        return tuple(replies), tuple(references)
    strangers = frozenset(emails)
    return (
        without_strangers(replies, own, strangers, defects),
        without_strangers(references, own, strangers, defects),
    )


def _list_ids(values: list[str] | None) -> tuple[str, ...]:
    """Return List-Id values without description and brackets, lower case."""
    if not values:
        return ()
    if len(values) == 1:
        name = _list_id(values[0])
        return (name,) if name else ()
    return tuple(dict.fromkeys(name for value in values if (name := _list_id(value))))


def _list_id(value: str) -> str:
    if len(value) > _KNOWN_LENGTH:
        value = value[-_KNOWN_LENGTH:]  # the id ends the value, after any description
    return _known_list_id(value)


@lru_cache(maxsize=1024)
def _known_list_id(value: str) -> str:
    opening = value.rfind("<")
    closing = value.find(">", opening)
    inner = value[opening + 1 : closing] if 0 <= opening < closing else value
    return "".join(inner.split()).lower()


def _derived_id(fields: Fields, subject: str, body: str) -> MessageId:
    """Make a Message-ID from what every copy of a mail has in common."""
    first = [next(islice(fields.get(name, ()), 1), "").strip(" \t") for name in ("from", "date")]
    text = "\n".join([*first, subject, body])
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return MessageId(f"{digest[:32]}@{DERIVED_DOMAIN}")

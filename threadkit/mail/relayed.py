"""Who wrote a mail that a list sent in its own name, because of the sender's DMARC policy."""

from __future__ import annotations

import re

from threadkit.mail.addresses import addresses
from threadkit.mail.values import Address

_FIELD = re.compile(
    rb"^(x-original-from|reply-to|x-original-sender):([^\n]*\n(?:[ \t][^\n]*\n)*)",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(rb"\r?\n\r?\n")
_ORDER = (b"x-original-from", b"reply-to", b"x-original-sender")


def original_sender(raw: bytes, relay: str) -> Address | None:
    r"""Find the writer's own mailbox in the header of a mail.

    Parameters
    ----------
    raw : bytes
        The mail as received.
    relay : str
        The address in its ``From:``, which is the list's.

    Returns
    -------
    Address or None
        Of ``X-Original-From:``, of a ``Reply-To:`` with one mailbox, or of
        ``X-Original-Sender:``, in that order; None if none names another than the list.

    Examples
    --------
    >>> original_sender(b"From: \"'Ann Li' via Talk\" <talk@example.org>\n"
    ...                 b"Reply-To: Ann Li <ann@example.org>\n\nHello\n", "talk@example.org")
    Address(name='Ann Li', email='ann@example.org')

    References
    ----------
    RFC 7489 section 8 on lists; the headers are those of Google Groups and Mailman.
    """
    end = _END.search(raw)
    head = raw[: end.start()] + b"\n" if end else raw
    found: dict[bytes, bytes] = {}
    for match in _FIELD.finditer(head):
        found.setdefault(match[1].lower(), match[2])
    for name in _ORDER:
        value = found.get(name, b"").decode("latin-1")
        some = addresses(" ".join(value.split()), name.decode(), [])
        if len(some) == 1 and "@" in some[0].email and some[0].email.lower() != relay.lower():
            return some[0]
    return None

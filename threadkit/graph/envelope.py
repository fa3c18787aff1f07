"""What threading reads of one mail, and what its headers alone say about its parent."""

from __future__ import annotations

from typing import NamedTuple

_LEAST_KEY = 10
_LONGEST_JUNK = 8


class Envelope(NamedTuple):
    """What threading needs to know of one mail.

    ``in_reply_to`` and ``references`` are oldest first. ``subject_key`` is the subject
    without reply marks, list tags and case. ``order_utc`` is when the mail arrived, or
    when its sender says it left, ``""`` if neither is known. ``imposter`` is 0, or 1 and
    up for further mails with the same Message-ID.
    """

    message_id: str
    imposter: int
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject_key: str
    is_reply: bool
    order_utc: str


def usable(name: str, own: str) -> bool:
    """Say whether a referenced name can be the parent of the mail ``own``.

    Not the mail itself, and not a ``yes`` that was typed where an id was asked for.

    Parameters
    ----------
    name : str
        What a header names.
    own : str
        The Message-ID of the mail with that header.

    Returns
    -------
    bool
        False for what cannot be its parent.

    Examples
    --------
    >>> usable("a@x", "b@x"), usable("b@x", "b@x"), usable("yes", "b@x")
    (True, False, False)
    """
    return name != own and ("@" in name or len(name) > _LONGEST_JUNK)


def named_parent(mail: Envelope) -> tuple[str, str]:
    """Return the parent that the headers name, seen or not, and the rule.

    Parameters
    ----------
    mail : Envelope
        What its headers say.

    Returns
    -------
    message_id, rule : str
        ``("", "root")`` if no parent is named.

    Examples
    --------
    >>> named_parent(Envelope("c@x", 0, ("a@x",), ("a@x", "b@x"), "", True, ""))
    ('a@x', 'in-reply-to')
    >>> named_parent(Envelope("c@x", 0, (), ("a@x", "b@x"), "", True, ""))
    ('b@x', 'references')
    """
    own = mail.message_id
    replied = [name for name in mail.in_reply_to if usable(name, own)]
    if len(replied) == 1:
        return replied[0], "in-reply-to"
    for name in reversed(mail.references):
        if usable(name, own):
            return name, "references"
    return (replied[-1], "in-reply-to") if replied else ("", "root")


def tells_apart(subject_key: str) -> bool:
    """Say whether a subject is long enough to stand for one conversation.

    Parameters
    ----------
    subject_key : str
        The subject without reply marks and list tags.

    Returns
    -------
    bool
        True if mails that share it are likely to belong together.

    Examples
    --------
    >>> tells_apart("how to fork"), tells_apart("hello"), tells_apart("announcement")
    (True, False, False)
    """
    return len(subject_key) >= _LEAST_KEY and " " in subject_key


def may_be_loose(mail: Envelope) -> bool:
    """Say whether a subject may find this mail's parent: it is a reply, dated, well named.

    Parameters
    ----------
    mail : Envelope
        What its headers say.

    Returns
    -------
    bool
        False if only References can place it.

    Examples
    --------
    >>> may_be_loose(Envelope("a@x", 0, (), (), "how to fork", True, "2020-09-01T07:00:00Z"))
    True
    >>> may_be_loose(Envelope("a@x", 0, (), (), "how to fork", True, ""))
    False
    """
    return mail.is_reply and mail.order_utc[:4].isdecimal() and tells_apart(mail.subject_key)

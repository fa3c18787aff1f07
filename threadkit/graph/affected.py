"""Which stored mails have to be threaded again when new ones come.

Where a node hangs is decided by its own headers, by its direct children's, or by a
subject (:mod:`threadkit.graph.replies`), so new mails can only move what is in a few
conversations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from threadkit.graph.envelope import Envelope, may_be_loose, named_parent, tells_apart


class Asked(NamedTuple):
    """Which stored conversations are wanted, each whole: all that have its ``root``.

    Those that hold a node (ghosts included) with one of ``message_ids``, or a mail with
    one of ``earlier_keys``, or one with one of ``later_keys`` that is a reply and whose
    parent is missing, a ghost, or chosen by subject.
    """

    message_ids: set[str]
    earlier_keys: set[str]
    later_keys: set[str]


def surroundings(
    new: Iterable[Envelope], load: Callable[[Asked], Iterable[Envelope]]
) -> list[Envelope]:
    """Load the stored mails that have to be threaded again together with new ones.

    Parameters
    ----------
    new : iterable of Envelope
        Mails to add, or whose headers or time have changed.
    load : callable
        Gives the mails of the wanted conversations, each conversation once: of those
        that it gave before, nothing.

    Returns
    -------
    list of Envelope
        All that was loaded. ``place`` of these and the new ones equals its part of
        ``place`` of everything; other conversations stay as they are. Ghosts of the
        loaded conversations that ``place`` does not return are no more.

    Examples
    --------
    >>> stored = [Envelope("a@x", 0, (), (), "how to fork", False, "")]
    >>> answer = Envelope("b@x", 0, ("a@x",), (), "how to fork", True, "")
    >>> found = surroundings([answer], lambda asked: stored if "a@x" in asked[0] else [])
    >>> [mail.message_id for mail in found]
    ['a@x']

    Notes
    -----
    A mail counts where it is named and where a subject leads to it; a subject leads
    there only from a reply without known parent. Mails loaded meanwhile may lose a
    parent, so the question is asked again, as a rule once, until nothing is added.
    """
    fresh = list(new)
    loaded: list[Envelope] = []
    orphans = _Orphans()
    orphans.add(fresh)
    later = {mail.subject_key for mail in fresh if tells_apart(mail.subject_key)}
    ids = _named(fresh)
    asked = Asked(ids, set(), later)
    earlier: set[str] = set()
    while any(asked):
        more = list(load(asked))
        loaded += more
        orphans.add(more)
        keys = orphans.keys() - earlier
        names = _named(more) - orphans.seen - ids  # what was loaded came with all around it
        earlier |= keys
        ids |= names
        asked = Asked(names, keys, set())
    return loaded


class _Orphans:
    """Replies whose parent is none or not among the mails; and all that is there."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self._subjects: list[tuple[str, str]] = []

    def add(self, mails: Sequence[Envelope]) -> None:
        """Take more mails into account."""
        mails = [mail for mail in mails if not mail.imposter]
        self.seen.update(mail.message_id for mail in mails)
        for mail in mails:
            parent = named_parent(mail)[0]
            if parent not in self.seen and may_be_loose(mail):
                self._subjects.append((parent, mail.subject_key))

    def keys(self) -> set[str]:
        """Return the subjects of the replies that have no parent here."""
        return {subject_key for parent, subject_key in self._subjects if parent not in self.seen}


def _named(mails: Iterable[Envelope]) -> set[str]:
    """Return the Message-IDs of mails and of all that they reference."""
    ids: set[str] = set()
    for mail in mails:
        ids.add(mail.message_id)
        ids.update(mail.in_reply_to)
        ids.update(mail.references)
    return ids

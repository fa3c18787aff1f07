"""Passages as pages show them: verbatim from the stored mails, or not at all."""

from __future__ import annotations

from collections import OrderedDict
from sqlite3 import Connection

from threadkit.errors import ThreadkitError
from threadkit.site.values import Place
from threadkit.store.read import body

_AROUND = 3
"""Lines that are shown before and after a passage."""

_BODIES = 256


class NotVerbatim(ThreadkitError):
    """A passage is not in the mail that it is said to be from.

    Parameters
    ----------
    message_id : str
        The mail.
    start, stop : int
        Characters of its body.
    """

    exit_code = 5

    def __init__(self, message_id: str, start: int, stop: int) -> None:
        super().__init__(f"<{message_id}>: no passage at characters {start} to {stop} of it")


class Bodies:
    """Reads bodies, and remembers the last ones.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._kept: OrderedDict[int, str] = OrderedDict()

    def __call__(self, row: int) -> str:
        """Return the decoded text of a mail; empty if it is not here.

        Parameters
        ----------
        row : int
            ``message.id``.
        """
        if row in self._kept:
            self._kept.move_to_end(row)
        else:
            self._kept[row] = body(self._conn, row)
            if len(self._kept) > _BODIES:
                self._kept.popitem(last=False)
        return self._kept[row]


def in_body(
    text: str, message_id: str, span: tuple[int, int], *, check: str = "matches", note: str = ""
) -> Place:
    r"""Cut a passage out of a body, with the lines around it.

    Parameters
    ----------
    text : str
        The decoded body.
    message_id : str
        Of the mail.
    span : (int, int)
        Characters of the passage.
    check : str, optional
        How the passage was found.
    note : str, optional
        For the reader.

    Raises
    ------
    NotVerbatim
        The body has no such passage.

    Examples
    --------
    >>> in_body("One.\nTwo.\nThree.\n", "a@example.org", (5, 9))[3:8]
    ('Two.', 'matches', 'One.\n', '\nThree.\n', 2)
    """
    start, stop = span
    if not 0 <= start < stop <= len(text):
        raise NotVerbatim(message_id, start, stop)
    above = text[:start].split("\n")
    below = text[stop:].split("\n")
    return Place(
        message_id,
        start,
        stop,
        text=text[start:stop],
        check=check,
        before="\n".join(above[-1 - _AROUND :]),
        after="\n".join(below[: 1 + _AROUND]),
        line=len(above),
        note=note,
    )

"""Passages as pages show them: verbatim from the stored mails, or not at all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from sqlite3 import Connection
from types import MappingProxyType

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
    imposters : mapping of int to int, optional
        Number of each mail among those of its Message-ID, by row; 0 if it is not there.
    """

    def __init__(
        self, conn: Connection, imposters: Mapping[int, int] = MappingProxyType({})
    ) -> None:
        self._conn = conn
        self._imposters = imposters
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

    def place(self, row: int, message_id: str, span: tuple[int, int]) -> Place:
        """Cut a passage out of a mail.

        Parameters
        ----------
        row : int
            ``message.id``.
        message_id : str
            Of the mail.
        span : (int, int)
            Characters of the passage; with none, only the mail is meant.

        Raises
        ------
        NotVerbatim
            The mail has no such passage.
        """
        found = Place(message_id, *span)
        if span[1] > span[0]:
            found = in_body(self(row), message_id, span)
        return found._replace(imposter=self._imposters.get(row, 0))


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
    above, below = start, stop - 1
    for _ in range(_AROUND + 1):
        above = text.rfind("\n", 0, above) if above >= 0 else above
        below = text.find("\n", below + 1) if below >= 0 else below
    return Place(
        message_id,
        start,
        stop,
        text=text[start:stop],
        check=check,
        before=text[above + 1 : start],
        after=text[stop : below if below >= 0 else len(text)],
        line=text.count("\n", 0, start) + 1,
        note=note,
    )

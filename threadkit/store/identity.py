"""Same mail, copy, imposter, ghost filled: what each new mail is to what is stored.

Two mails with one Message-ID are *copies* when what a mailing list leaves alone is
equal (:func:`content_hash`), and *imposters* when it is not. Neither depends on
the order of import: the preferred copy is chosen by list and arrival, and among
imposters the earliest is number 0, the one that replies attach to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from sqlite3 import Connection

from threadkit.store.rows import MailRow

LIST_PREFERENCE = ("*.linux.dev", "*.kernel.org", "*")
"""List-Id patterns, best copy first; a mail without List-Id comes after them."""

_TRANSCRIBED_RANK = len(LIST_PREFERENCE) + 1


def list_rank(list_id: str | None, *, transcribed: bool = False) -> int:
    """Return how far down the preference a copy through this list is; 0 is best.

    Parameters
    ----------
    list_id : str or None
        The List-Id of the copy; None without one.
    transcribed : bool
        True for a copy from a saved page.

    Returns
    -------
    int
        Ranks of transcribed copies come last.

    Examples
    --------
    >>> list_rank("linux-mm.kvack.org"), list_rank("linux-mm.kernel.org"), list_rank(None)
    (2, 1, 3)
    """
    if transcribed:
        return _TRANSCRIBED_RANK
    if not list_id:
        return len(LIST_PREFERENCE)
    return next(i for i, p in enumerate(LIST_PREFERENCE) if fnmatchcase(list_id, p))


@dataclass(slots=True, eq=False)
class Held:
    """A message of the store, or one about to be in it.

    ``row`` is set when (new) content has to be written; ``arrived`` orders imposters and
    ``key`` copies; ``was`` is the imposter number that the store has now. ``content`` is
    worked out when a second mail has the same Message-ID, which is rare.
    """

    id: int
    message_id: str
    imposter: int
    ghost: bool
    transcribed: bool
    subject_key: str
    arrived: str
    key: tuple[int, str, str]
    raw: int | None = None
    root: int | None = None
    stored: bool = True
    was: int = 0
    row: MailRow | None = None
    content: str = ""
    copies: list[MailRow] = field(default_factory=list)
    copy_ids: range = range(0)

    def take(self, row: MailRow) -> None:
        """Make ``row`` the preferred copy.

        Parameters
        ----------
        row : MailRow
            A mail that is a copy of this one.
        """
        self.row = row
        self.key = copy_key(row)
        self.arrived = row.order_utc or "9"
        self.transcribed = row.transcribed
        self.content = ""


def copy_key(row: MailRow) -> tuple[int, str, str]:
    """Return the sort key of a copy: preferred list, then first arrived, then hash.

    Parameters
    ----------
    row : MailRow
        One mail, prepared.

    Returns
    -------
    tuple of (int, str, str)
        The least is preferred.
    """
    rank = list_rank(row.list_id, transcribed=row.transcribed)
    return (rank, row.order_utc or "9", row.sha256)


def content_hash(
    subject_key: str, date_utc: str | None, text: str, attachments: Iterable[object]
) -> str:
    r"""Hash what mailing lists leave alone: no white space, no 8-bit characters.

    Parameters
    ----------
    subject_key : str
        The subject without reply marks and list tags.
    date_utc : str or None
        The sender's claim.
    text : str
        The body without list footers and signatures.
    attachments : iterable
        Any values that tell them apart; they count only where the text says nothing.

    Returns
    -------
    str
        SHA-256, in hexadecimal digits.

    Examples
    --------
    >>> one = content_hash("a talk", None, "Some text. \n", [])
    >>> one == content_hash("a talk", None, " Some  text.", ["a.pdf"])
    True
    """
    said = "".join(text.split()) or repr(list(attachments))
    return hashlib.sha256(
        f"{subject_key}\n{date_utc}\n{said}".encode("ascii", "ignore")
    ).hexdigest()


_ADDED = ("footer", "signature")
"""What stands under ``-- ``: lists add to it, or add it, in words that nobody can list."""


def row_content(row: MailRow) -> str:
    """Return the :func:`content_hash` of a mail that is not stored yet.

    Parameters
    ----------
    row : MailRow
        One mail, prepared.

    Returns
    -------
    str
        The hash.
    """
    text = "".join(row.body[b[2] : b[3]] for b in row.blocks if b[0] not in _ADDED)
    return content_hash(row.subject_key, row.date_utc, text, row.attachments)


_TEXT = """
SELECT substr(b.text, k.start + 1, k.stop - k.start) FROM block k JOIN body b USING (message)
WHERE k.message = ? AND k.kind NOT IN ('footer', 'signature') ORDER BY k.position
"""
_ATTACHMENTS = """
SELECT filename, content_type, size_bytes FROM attachment WHERE message = ? ORDER BY position
"""


def content(conn: Connection, one: Held) -> str:
    """Return the :func:`content_hash` of a message, stored or about to be.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    one : Held
        A message of the store, or one about to be in it.

    Returns
    -------
    str
        The hash; kept in ``one.content``.
    """
    if not one.content:
        if one.row:
            one.content = row_content(one.row)
        else:
            query = "SELECT subject_key, date_utc FROM message WHERE id = ?"
            subject_key, date_utc = conn.execute(query, (one.id,)).fetchone()
            text = "".join(piece for (piece,) in conn.execute(_TEXT, (one.id,)))
            attachments = conn.execute(_ATTACHMENTS, (one.id,)).fetchall()
            one.content = content_hash(subject_key, date_utc, text, attachments)
    return one.content


_HELD = """
SELECT m.id, m.message_id, m.imposter, m.ghost, m.subject_key,
  coalesce(m.received_utc, m.date_utc, '9'), m.raw,
  m.root, r.list_id, coalesce(r.received_utc, m.date_utc, '9'), r.sha256,
  EXISTS (SELECT 1 FROM defect d WHERE d.raw = m.raw AND d.kind = 'transcribed')
FROM message m LEFT JOIN raw r ON r.id = m.raw
WHERE m.message_id IN (SELECT value FROM json_each(?)) ORDER BY m.message_id, m.imposter
"""


def held(conn: Connection, message_ids: Iterable[str]) -> dict[str, list[Held]]:
    """Load what the store holds under these Message-IDs, ghosts included.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    message_ids : iterable of str
        Message-IDs without ``< >``.

    Returns
    -------
    dict of str to list of Held
        In order of imposter numbers; ids without a message are absent.
    """
    groups: dict[str, list[Held]] = {}
    for row in conn.execute(_HELD, (json.dumps(list(message_ids)),)):
        id_, message_id, imposter, ghost, subject_key, arrived, raw, root, *copy = row
        list_id, copy_arrived, sha256, transcribed = copy
        groups.setdefault(message_id, []).append(
            Held(
                id=id_,
                message_id=message_id,
                imposter=imposter,
                ghost=bool(ghost),
                transcribed=bool(transcribed),
                subject_key=subject_key or "",
                arrived=arrived,
                key=(list_rank(list_id, transcribed=bool(transcribed)), copy_arrived, sha256 or ""),
                raw=raw,
                root=root,
                was=imposter,
            )
        )
    return groups


def is_copy(conn: Connection, one: Held, row: MailRow) -> bool:
    """Tell whether a mail with the same Message-ID is the same mail as ``one``.

    A page transcribed by hand or by a browser may have lost characters, so a
    transcription and a mail with the same Message-ID and subject are the same.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    one : Held
        A message of the store, or one about to be in it.
    row : MailRow
        A mail with the same Message-ID.

    Returns
    -------
    bool
        False for a ghost, which has no content.
    """
    if one.ghost:
        return False
    if one.subject_key == row.subject_key and (one.transcribed or row.transcribed):
        return True
    return content(conn, one) == row_content(row)


def renumber(conn: Connection, group: list[Held]) -> None:
    """Give imposters numbers by time of arrival, then content, not by order of import.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    group : list of Held
        All that have one Message-ID; their ``imposter`` is set.
    """
    group.sort(key=lambda one: (one.arrived, content(conn, one)))
    for number, one in enumerate(group):
        one.imposter = number


_GIVE = """
UPDATE raw SET message = ? WHERE message = ?
  AND EXISTS (SELECT 1 FROM defect d WHERE d.raw = raw.id AND d.kind = 'transcribed')
"""


def give_transcriptions(conn: Connection, group: list[Held]) -> None:
    """Give a transcription that may be of several mails to the first of them.

    Parameters
    ----------
    conn : sqlite3.Connection
        Open for writing, in a transaction.
    group : list of Held
        All that have one Message-ID, after :func:`renumber`.

    Notes
    -----
    Which of them it was compared with depends on the order of import; this does not.
    """
    first: dict[str, Held] = {}
    for one in sorted((one for one in group if not one.ghost), key=lambda one: one.imposter):
        to = first.setdefault(one.subject_key, one)
        if to is one:
            continue
        to.copies += [row for row in one.copies if row.transcribed]
        one.copies = [row for row in one.copies if not row.transcribed]
        if one.stored:
            conn.execute(_GIVE, (to.id, one.id))

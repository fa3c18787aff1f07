"""Same mail, copy, imposter, ghost filled: what each new mail is to what is stored.

Two mails with one Message-ID are *copies* when what a mailing list leaves alone is
equal (see ``MailRow.content_sha256``), and *imposters* when it is not. Neither depends on
the order of import: the preferred copy is chosen by list and arrival, and among
imposters the earliest is number 0, the one that replies attach to.
"""

from __future__ import annotations

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

    ``row`` is set when (new) content has to be written; ``key`` orders copies and
    ``order`` imposters; ``was`` is the imposter number that the store has now.
    """

    id: int
    message_id: str
    imposter: int
    ghost: bool
    content: str
    transcribed: bool
    subject_key: str
    order: tuple[str, str]
    key: tuple[int, str, str]
    raw: int | None = None
    root: int | None = None
    stored: bool = True
    was: int = 0
    row: MailRow | None = None
    copies: list[MailRow] = field(default_factory=list)
    copy_ids: range = range(0)


def copy_key(row: MailRow) -> tuple[int, str, str]:
    """Return the sort key of a copy: preferred list, then first arrived, then hash."""
    rank = list_rank(row.list_id, transcribed=row.transcribed)
    return (rank, row.order_utc or "9", row.sha256)


_HELD = """
SELECT m.id, m.message_id, m.imposter, m.ghost, m.content_sha256, m.subject_key,
  coalesce(m.received_utc, m.date_utc, '9'), m.raw,
  m.root, r.list_id, coalesce(r.received_utc, m.date_utc, '9'), r.sha256, s.kind
FROM message m LEFT JOIN raw r ON r.id = m.raw LEFT JOIN source s ON s.id = r.source
WHERE m.message_id IN (SELECT value FROM json_each(?)) ORDER BY m.message_id, m.imposter
"""


def held(conn: Connection, message_ids: Iterable[str]) -> dict[str, list[Held]]:
    """Load what the store holds under these Message-IDs, ghosts included."""
    groups: dict[str, list[Held]] = {}
    for row in conn.execute(_HELD, (json.dumps(list(message_ids)),)):
        (id_, message_id, imposter, ghost, content, subject_key, order, raw, root, *copy) = row
        list_id, arrived, sha256, kind = copy
        transcribed = bool(kind) and kind.startswith("lore-")
        groups.setdefault(message_id, []).append(
            Held(
                id=id_,
                message_id=message_id,
                imposter=imposter,
                ghost=bool(ghost),
                content=content or "",
                transcribed=transcribed,
                subject_key=subject_key or "",
                order=(order, content or ""),
                key=(list_rank(list_id, transcribed=transcribed), arrived, sha256 or ""),
                raw=raw,
                root=root,
                was=imposter,
            )
        )
    return groups


def is_copy(one: Held, row: MailRow) -> bool:
    """Tell whether a mail with the same Message-ID is the same mail as ``one``.

    A page transcribed by hand or by a browser may have lost characters, so a
    transcription and a mail with the same Message-ID and subject are the same.
    """
    if one.ghost:
        return False
    if one.content == row.content_sha256:
        return True
    return (one.transcribed or row.transcribed) and one.subject_key == row.subject_key


def renumber(group: list[Held]) -> None:
    """Number imposters by time of arrival, then content, whatever the order of import."""
    real = sorted((one for one in group if not one.ghost), key=lambda one: one.order)
    for number, one in enumerate(real):
        one.imposter = number

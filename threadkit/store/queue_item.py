"""One thing that was asked of other machines, as :mod:`threadkit.store.fetch_queue` keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

QueueKind = Literal["thread", "commit", "search", "inbox"]
QueueState = Literal["waiting", "done", "missing", "failed", "refused", "skipped"]

KINDS: tuple[QueueKind, ...] = get_args(QueueKind)
STATES: tuple[QueueState, ...] = get_args(QueueState)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One thing that was asked for.

    Attributes
    ----------
    id : int
        Grows in the order asked for.
    kind : {'thread', 'commit', 'search', 'inbox'}
        What it is.
    name : str
        A Message-ID, a hash, a query or a URL.
    inbox, origin : str or None
        Where to ask; None: wherever one usually does.
    state : {'waiting', 'done', 'missing', 'failed', 'refused', 'skipped'}
        See the module's description.
    depth : int
        0 if the user asked for it, else the steps of citations from there.
    reach : int
        So many steps of citations are to be followed from it once it came.
    cited_by : int or None
        Row id of the first mail that cites it.
    cited_by_commit : str or None
        Hash of the first commit that cites it, if no mail did before.
    wanted_utc : str
        Since when it is asked for.
    attempts : int
        Times that it was asked for since then.
    not_before_utc : str or None
        It is not to be asked for earlier.
    fetched_utc, url : str or None
        When and from where the last answer came.
    http_status : int or None
        Of that answer.
    sha256 : str or None
        Of what came, unpacked.
    mail_count, added : int or None
        Mails that the last answer brought, and those of them that were new then: 0 if it
        only said again what is here.
    why : str
        Of the state, in one line; may be empty.
    near : tuple of str
        Message-IDs that the server offers instead.
    """

    id: int
    kind: QueueKind
    name: str
    inbox: str | None
    origin: str | None
    state: QueueState
    depth: int
    reach: int
    cited_by: int | None
    cited_by_commit: str | None
    wanted_utc: str
    attempts: int
    not_before_utc: str | None
    fetched_utc: str | None
    url: str | None
    http_status: int | None
    sha256: str | None
    mail_count: int | None
    added: int | None
    why: str
    near: tuple[str, ...]

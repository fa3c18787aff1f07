"""Decisions, as notebooks and the command line list them."""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from threadkit.pipeline.claims_view import SHOWN
from threadkit.pipeline.display import counted
from threadkit.store import lookup
from threadkit.store.debate_list import StoredDecision, read_decisions
from threadkit.store.passages import passages

COLUMNS = (
    "utc", "kind", "person", "about", "text", "detail", "state", "score", "message_id", "start",
    "stop", "rule", "email", "root",
)  # fmt: skip
"""Of a row of :meth:`Decision.row`."""

_IN_NOTEBOOK = ("utc", "kind", "person", "about", "text", "state", "score")


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody settled: applied, NAK, dropped ...; ``text`` is the passage that says so."""

    facts: StoredDecision
    text: str

    def row(self) -> tuple[str | int | float | None, ...]:
        """Return one line of a table, in the order of :data:`COLUMNS`."""
        one = self.facts
        return (
            one.utc, one.kind, one.person, one.about, self.text, one.detail, one.state, one.score,
            one.message_id, one.start, one.stop, one.rule, one.email, one.root,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return dict(zip(COLUMNS, self.row(), strict=True))

    def __repr__(self) -> str:
        one = self.facts
        return (
            f"<Decision {one.kind} {one.person}, {(one.utc or '')[:10]} {one.about}".strip() + ">"
        )


class Decisions(tuple[Decision, ...]):
    """Decisions, oldest first; ``candidates`` more are not sure enough to be shown."""

    candidates: int = 0

    def __repr__(self) -> str:
        return f"<Decisions {counted(len(self), 'decision')}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = [COLUMNS.index(name) for name in _IN_NOTEBOOK]
        return notebook.table(_IN_NOTEBOOK, [[one.row()[at] for at in places] for one in self])


def decisions(
    conn: Connection, thread: str | None = None, *, states: frozenset[str] = SHOWN
) -> Decisions:
    """List what was settled.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    thread : str, optional
        Any mail of a conversation; all without.
    states : frozenset of str, optional
        automatic, candidate, accepted, rejected.

    Returns
    -------
    Decisions
        Oldest first.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    root = None if thread is None else lookup.root(conn, thread)
    known = read_decisions(conn, root)
    chosen = [one for one in known if one.state in states]
    texts = passages(conn, [(one.message, one.start, one.stop) for one in chosen])
    found = Decisions(
        Decision(one, " ".join(texts.get((one.message, one.start, one.stop), "").split()))
        for one in chosen
    )
    found.candidates = 0 if "candidate" in states else sum(o.state == "candidate" for o in known)
    return found

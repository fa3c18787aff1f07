"""Questions and whether they were answered, as notebooks and the command line list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from sqlite3 import Connection
from typing import Any

from threadkit.analyze.debate.names import unit_key
from threadkit.errors import Ambiguous, NotFound
from threadkit.pipeline.claims_view import SHOWN
from threadkit.pipeline.display import counted, cut, one_line
from threadkit.store import lookup
from threadkit.store.debate_list import StoredPoint, read_points
from threadkit.store.passages import passages

COLUMNS = (
    "id", "person", "utc", "outcome", "text", "answered_by", "answers", "how", "kind",
    "message_id", "start", "stop", "score", "rule", "root", "state",
)  # fmt: skip
"""Of a row of :meth:`Question.row`."""

_IN_NOTEBOOK = ("id", "person", "utc", "outcome", "text", "answered_by")
_OPEN = frozenset({"no direct reply", "taken up", "own"})
_DIGITS = 8
_TITLE = 60


@dataclass(frozen=True, slots=True)
class Question:
    """Something that was asked, or another point that calls for an answer.

    Attributes
    ----------
    id : str
        ``q`` and eight digits; it outlives a rerun.
    facts : StoredPoint
        Where it stands, and what answers it.
    text : str
        With white space collapsed.
    """

    id: str
    facts: StoredPoint
    text: str

    @property
    def is_open(self) -> bool:
        """True if nobody else answered it directly."""
        return self.facts.outcome in _OPEN

    def row(self) -> tuple[str | int | float | None, ...]:
        """Return one line of a table, in the order of :data:`COLUMNS`."""
        one = self.facts
        people = dict.fromkeys(answer.person for answer in one.answers)
        mails = dict.fromkeys(answer.message_id for answer in one.answers)
        how = dict.fromkeys(answer.how for answer in one.answers)
        return (
            self.id, one.person, one.utc, one.outcome, self.text, "; ".join(people),
            "; ".join(mails), "; ".join(how), one.kind, one.message_id, one.start, one.stop,
            one.score, one.rule, one.root, one.state,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it, with each answer."""
        value: dict[str, Any] = dict(zip(COLUMNS, self.row(), strict=True))
        for name in ("answered_by", "how"):
            del value[name]
        answers = [answer._asdict() for answer in self.facts.answers]
        for answer in answers:
            del answer["message"]
        return {**value, "answers": answers}

    def __repr__(self) -> str:
        return f"<Question {self.id} {self.facts.outcome} {cut(one_line(self.text), _TITLE)!r}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        one = self.facts
        said = (self.id, one.person, (one.utc or "")[:10], one.outcome)
        return notebook.heading(self.text, said)


class Questions(tuple[Question, ...]):
    """Questions, oldest first; ``candidates`` more are not sure enough to be shown."""

    candidates: int = 0

    def __repr__(self) -> str:
        still = sum(one.is_open for one in self)
        return f"<Questions {counted(len(self), 'question')}, {still} without a direct reply>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = [COLUMNS.index(name) for name in _IN_NOTEBOOK]
        return notebook.table(_IN_NOTEBOOK, [[one.row()[at] for at in places] for one in self])


def questions(
    conn: Connection,
    thread: str | None = None,
    *,
    only_open: bool = False,
    kinds: Sequence[str] = ("question",),
    states: frozenset[str] = SHOWN,
) -> Questions:
    """List what was asked.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    thread : str, optional
        Any mail of a conversation; all without.
    only_open : bool, optional
        Only those without a direct reply.
    kinds : sequence of str, optional
        question, request, objection, claim: what calls for an answer.
    states : frozenset of str, optional
        automatic, candidate, accepted, rejected.

    Returns
    -------
    Questions
        Oldest first.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    root = None if thread is None else lookup.root(conn, thread)
    known = [one for one in _questions(conn, root, kinds) if one.is_open or not only_open]
    found = Questions(one for one in known if one.facts.state in states)
    if "candidate" not in states:
        found.candidates = sum(one.facts.state == "candidate" for one in known)
    return found


def find_questions(conn: Connection, name: str, root: int | None = None) -> list[StoredPoint]:
    """Find a question by its name, or all that have some words in them.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str
        ``q`` and digits, as many as are needed; or words.
    root : int, optional
        ``message.root`` of a conversation; all without.

    Raises
    ------
    NotFound, Ambiguous
        There is none; there are several that begin so.
    """
    known = _questions(conn, root, ("question",))
    begun = [one for one in known if one.id.startswith(name.lower()) and len(name) > 1]
    if len({one.id for one in begun}) > 1:
        raise Ambiguous(name, tuple(one.id for one in begun))
    if begun:
        return [one.facts for one in begun]
    words = name.casefold().split()
    found = [one.facts for one in known if all(word in one.text.casefold() for word in words)]
    if not found:
        raise NotFound(name, what="question")
    return found


def _questions(conn: Connection, root: int | None, kinds: Sequence[str]) -> list[Question]:
    points = read_points(conn, root, kinds=kinds)
    texts = passages(conn, [(one.message, one.start, one.stop) for one in points])
    found = []
    for one in points:
        text = texts.get((one.message, one.start, one.stop), "")
        key = sha256(unit_key(one.message_id, text).encode("utf-8", "surrogatepass"))
        name = "q" + key.hexdigest()[:_DIGITS]
        found.append(Question(name, one, " ".join(text.split())))
    return found

"""Regressions, stories and predictions, as notebooks and the command line see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from sqlite3 import Connection
from typing import Any, overload

from threadkit.analyze.regressions.deciding import deciding_fix
from threadkit.analyze.regressions.export import as_json
from threadkit.analyze.regressions.regression import Regression
from threadkit.analyze.regressions.stories import Story, chains
from threadkit.errors import NotFound
from threadkit.pipeline.commit import is_hash
from threadkit.pipeline.display import counted, cut, one_line
from threadkit.pipeline.regression_facts import commit_facts, from_rows
from threadkit.store import lookup
from threadkit.store.regression_inputs import (
    commits_around,
    conversation_ids,
    named_in_mail,
    named_mail,
    trees,
)
from threadkit.store.regressions import read_predictions, read_regressions

COLUMNS = (
    "key", "title", "culprit", "culprit_title", "reported_utc", "reporter", "state", "why", "fix",
    "fix_title", "fix_status", "release", "days", "reports", "tracked", "origin", "score",
)  # fmt: skip
"""Of a row of :func:`row`."""

_SHOWN = ("state", "title", "reported_utc", "reporter", "culprit", "fix", "release", "days")

PREDICTION_COLUMNS = (
    "outcome", "utc", "person", "message_id", "start", "stop", "target", "mechanisms",
    "regression", "why", "rule", "score",
)  # fmt: skip
"""Of a row of :meth:`Prediction.row`."""
_TITLE = 60
_SHOWN_PREDICTED = ("outcome", "utc", "person", "mechanisms", "message_id", "why")


@dataclass(frozen=True, slots=True)
class Prediction:
    """A warning that something will break, and what came of it.

    Attributes
    ----------
    message_id : str
        The mail that warns; ``start`` and ``stop`` are characters of its body.
    person : str
        Who warns.
    utc : str or None
        When.
    target : str
        The commit or mail that it is about; empty if that is not clear.
    mechanisms : tuple of str
        By what it would break.
    outcome : str
        came true, weak, another way, not seen, cannot be told.
    regression : str or None
        Key of the regression that it is compared to.
    why : str
        What decides.
    rule : str
        The rule that found the warning.
    score : float
        0..1.
    """

    message_id: str
    start: int
    stop: int
    person: str
    utc: str | None
    target: str
    mechanisms: tuple[str, ...]
    outcome: str
    why: str
    rule: str
    score: float
    regression: str | None

    def row(self) -> tuple[str | int | float | None, ...]:
        """Return one line of a table, in the order of :data:`PREDICTION_COLUMNS`."""
        return (
            self.outcome, self.utc, self.person, self.message_id, self.start, self.stop,
            self.target, "; ".join(self.mechanisms), self.regression, self.why, self.rule,
            self.score,
        )  # fmt: skip

    def __repr__(self) -> str:
        by = ", ".join(self.mechanisms) or "no way named"
        return f"<Prediction {self.outcome}: {self.person} {(self.utc or '')[:10]}, {by}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        said = (self.person, (self.utc or "")[:10], ", ".join(self.mechanisms), self.message_id)
        return notebook.heading(f"{self.outcome}: {self.why}", said)


class Predictions(list[Prediction]):
    """Warnings by date, with what came of each."""

    def __repr__(self) -> str:
        true = sum(one.outcome == "came true" for one in self)
        return f"<Predictions {counted(len(self), 'prediction')}, {true} came true>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = [PREDICTION_COLUMNS.index(name) for name in _SHOWN_PREDICTED]
        return notebook.table(
            _SHOWN_PREDICTED, [[one.row()[place] for place in places] for one in self]
        )


class ShownRegression(Regression):
    """A regression as a notebook shows it: a line, or its history as a table."""

    __slots__ = ()

    @classmethod
    def of(cls, one: Regression) -> ShownRegression:
        """Return the same regression, to be shown."""
        return cls(*(getattr(one, each.name) for each in fields(one)))

    def __repr__(self) -> str:
        title = cut(one_line(self.title or self.key), _TITLE)
        return f"<Regression {self.state} {title!r} {(self.reported_utc or '')[:10]}".strip() + ">"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        culprit, fix = self.culprit, deciding_fix(self)
        said = (
            self.state.replace("_", " "), self.why,
            f"culprit {short(culprit.sha or culprit.name)}" if culprit else "no culprit",
            f"fix {short(fix.name)} {fix.release}".strip() if fix else "no fix",
            ", ".join(self.reporters),
        )  # fmt: skip
        columns = ("date", "state", "event", "value", "person", "source")
        rows = [
            ((e.utc or "")[:10], e.state, e.kind, short(e.value), e.person,
             e.message_id or short(e.sha or "") or e.source)
            for e in self.events
        ]  # fmt: skip
        return notebook.heading(self.title or self.key, said) + notebook.table(columns, rows)


class Regressions(Sequence[Regression]):
    """Regressions, oldest first.

    Parameters
    ----------
    some : iterable of Regression
        In order.
    stories : sequence of Story
        In which they occur, the longest first.
    known_trees : dict of str to str
        ``next``, ``mainline`` or ``stable`` of whole hashes.
    elsewhere : frozenset of str
        Keys of those that no mail here names: they come with commits that one does name.
    """

    def __init__(
        self,
        some: Iterable[Regression],
        stories: Sequence[Story] = (),
        known_trees: dict[str, str] | None = None,
        elsewhere: frozenset[str] = frozenset(),
    ) -> None:
        self._some = tuple(some)
        keys = {one.key for one in self._some}
        self.stories = tuple(one for one in stories if keys & set(one.regressions))
        self._trees = known_trees or {}
        self._elsewhere = elsewhere

    def __len__(self) -> int:
        return len(self._some)

    def __iter__(self) -> Iterator[Regression]:
        return iter(self._some)

    @overload
    def __getitem__(self, place: int) -> Regression: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Regression]: ...
    def __getitem__(self, place: int | slice) -> Regression | Sequence[Regression]:
        return self._some[place]

    def in_state(self, *states: str) -> Regressions:
        """Return those in some states.

        Parameters
        ----------
        *states : str
            open, to_be_fixed, fixed, resolved, inconclusive.
        """
        return self._kept(one for one in self._some if one.state in states)

    def named_here(self) -> Regressions:
        """Return those that a mail here names, by a report, a culprit or a fix.

        The others are written down or told by commits alone, and come because a commit of
        the same story is cited.
        """
        return self._kept(one for one in self._some if one.key not in self._elsewhere)

    def _kept(self, some: Iterable[Regression]) -> Regressions:
        return Regressions(some, self.stories, self._trees, self._elsewhere)

    def as_json(self) -> list[dict[str, Any]]:
        """Return all of them, as JSON can hold it, with the fields of ``regressions.json``."""
        return as_json(self._some, self.stories, self._trees)

    def __repr__(self) -> str:
        opened = sum(one.state == "open" for one in self._some)
        return f"<Regressions {counted(len(self), 'regression')}, {opened} open>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        places = [COLUMNS.index(name) for name in _SHOWN]
        rows = [[row(one)[place] for place in places] for one in self._some]
        return notebook.table(_SHOWN, rows)


def row(one: Regression) -> tuple[str | int | float | None, ...]:
    """Return one line of a table, in the order of :data:`COLUMNS`.

    Parameters
    ----------
    one : Regression
        Any.
    """
    culprit, fix = one.culprit, deciding_fix(one)
    return (
        one.key, one.title, short(culprit.sha or culprit.name) if culprit else "",
        culprit.title if culprit else "", one.reported_utc, "; ".join(one.reporters), one.state,
        one.why, short(fix.name) if fix else "", fix.title if fix else "",
        fix.status if fix else "", fix.release if fix else "",
        one.delays_days.get("reported_to_fix_merged"), len(one.reports), int(one.tracked),
        one.origin, one.score,
    )  # fmt: skip


def short(name: str) -> str:
    """Shorten whole hashes to twelve digits, and nothing else.

    Examples
    --------
    >>> short("01" * 20), short("v6.1..v6.2")
    ('010101010101', 'v6.1..v6.2')
    """
    return name[:12] if is_hash(name) else name


def regressions(conn: Connection, name: str | None = None) -> Regressions:
    """Read regressions.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str, optional
        A mail of a conversation, a key, or a hash of a culprit or fix; all without.

    Returns
    -------
    Regressions
        Oldest first.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    found = [ShownRegression.of(from_rows(rows)) for rows in read_regressions(conn)]
    chosen = found if name is None else _chosen(conn, found, name)
    around = commits_around(conn, (sha for one in found for sha in _commits(one)))
    stories = chains(found, commit_facts(conn, around, read=False)) if chosen else []
    causes = (culprit.sha for one in chosen for culprit in one.culprits if culprit.sha)
    elsewhere = frozenset(one.key for one in chosen if not _is_named(conn, one))
    return Regressions(chosen, stories, trees(conn, causes), elsewhere)


def _is_named(conn: Connection, one: Regression) -> bool:
    """Tell whether a mail here has to do with a regression, or names a part of it."""
    if one.origin == "mail" or any(event.message_id for event in one.events):
        return True
    return any(named_mail(conn, report.message_id) for report in one.reports) or any(
        named_in_mail(conn, name) for name in _commits(one)
    )


def _commits(one: Regression) -> Iterator[str]:
    """Return the hashes of culprits and fixes, as far as known."""
    parts = [(each.sha, each.name) for each in one.culprits]
    parts += [(each.sha, each.name) for each in one.fixes]
    yield from (sha or name for sha, name in parts if sha or is_hash(name))


def _chosen(conn: Connection, found: Sequence[Regression], name: str) -> list[Regression]:
    """Keep those that a mail, a conversation or a commit has to do with."""
    wanted = name.strip().strip("<>")
    exact = [one for one in found if wanted in (one.key, *(r.message_id for r in one.reports))]
    if exact:
        return exact
    begun = [one for one in found if len(wanted) > 1 and one.key.startswith(wanted)]
    if is_hash(wanted):
        return [one for one in found if _has_commit(one, wanted.lower())] or begun
    try:
        ids = conversation_ids(conn, lookup.root(conn, name))
    except NotFound:
        if not begun:
            raise
        return begun
    return [one for one in found if ids & {event.message_id for event in one.events}]


def _has_commit(one: Regression, name: str) -> bool:
    """Tell whether a commit is a culprit, a fix or a backport of one."""
    names = [culprit.sha or culprit.name for culprit in one.culprits]
    names += [sha for fix in one.fixes for sha in (fix.sha or fix.name, *fix.backports)]
    return any(known.startswith(name) or (is_hash(known) and name.startswith(known))
               for known in names)  # fmt: skip


def predictions(conn: Connection, name: str | None = None) -> Predictions:
    """Read the predictions.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    name : str, optional
        A mail of a conversation; all without.

    Returns
    -------
    Predictions
        By date.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    """
    ids = conversation_ids(conn, lookup.root(conn, name)) if name is not None else None
    found = Predictions()
    for values, key in read_predictions(conn):
        message_id, start, stop, person, utc, target, breaks, outcome, why, rule, score = values
        if ids is None or message_id in ids:
            found.append(
                Prediction(
                    message_id, start, stop, person, utc, target,
                    tuple(breaks.split("\n")) if breaks else (), outcome, why, rule, score, key,
                )
            )  # fmt: skip
    return found

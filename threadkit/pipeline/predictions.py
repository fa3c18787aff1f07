"""Warnings in mails, and what came of them: compared with the regressions that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import Any

from threadkit.analyze.mechanisms import mechanisms
from threadkit.analyze.regressions.commit_names import CommitNames
from threadkit.analyze.regressions.facts import CommitFacts, MailLink, MailSignals
from threadkit.analyze.regressions.passages import is_trial
from threadkit.analyze.regressions.predictions import (
    NO_WARNING,
    Broken,
    Outcome,
    Predicted,
    outcomes,
    passage,
)
from threadkit.analyze.regressions.regression import Regression
from threadkit.analyze.regressions.values import Signal
from threadkit.mail.subject import parse_subject
from threadkit.pipeline.stages.mails import mail_text
from threadkit.store.mailtexts import BATCH, texts

Row = tuple[tuple[Any, ...], str | None]
"""Columns of :data:`threadkit.store.regressions.PREDICTION`; key of a regression."""

_WHY = {"not seen": "no later regression of this change is known"}


def prediction_rows(
    conn: Connection,
    rows: Mapping[str, int],
    mails: Sequence[MailSignals],
    commits: Sequence[CommitFacts],
    links: Iterable[MailLink],
    regressions: Sequence[Regression],
) -> list[Row]:
    """Compare each warning with what broke later.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database, for the texts of the mails that warn.
    rows : mapping of str to int
        Row ids by Message-ID.
    mails : sequence of MailSignals
        All mails of conversations with signals.
    commits : sequence of CommitFacts
        All that are known.
    links : iterable of MailLink
        Which patches became which commits.
    regressions : sequence of Regression
        All of them.

    Returns
    -------
    list of Row
        By date; denied warnings and questions are none.
    """
    warned = [(mail, s) for mail in mails for s in mail.signals if s.kind == "prediction"]
    warned = [(mail, s) for mail, s in warned if s.mood not in NO_WARNING]
    warned.sort(key=lambda row: (row[0].date_utc or "9999", row[0].message_id, row[1].start))
    breaks = _passages(conn, rows, warned)
    targets = _Targets(mails, commits, links)
    predicted = []
    for at, (mail, signal) in enumerate(warned):
        commits_of_it, unknown = targets.of(mail, signal)
        ways = breaks.get((mail.message_id, signal.start), frozenset())
        predicted.append(
            Predicted(str(at), commits_of_it, ways, mail.date_utc, signal.mood, unknown)
        )
    broken = [
        Broken(one.key, frozenset(c.sha or c.name for c in one.causes),
               one.mechanisms, one.reported_utc)
        for one in regressions
    ]  # fmt: skip
    came = {outcome.prediction: outcome for outcome in outcomes(predicted, broken)}
    return [
        _row(mail, signal, predicted[at], came[str(at)])
        for at, (mail, signal) in enumerate(warned)
        if str(at) in came
    ]


def _row(mail: MailSignals, signal: Signal, said: Predicted, came: Outcome) -> Row:
    """Make one row; the regression is the first of those that decide."""
    about = "; ".join(f"{key}: {', '.join(sorted(how))}" for key, how in came.matches)
    why = "; ".join(filter(None, (came.reason or _WHY.get(came.kind, ""), about)))
    target = signal.value or min(said.commits, default="") or mail.root
    values = (
        mail.message_id, signal.start, signal.stop, mail.person or mail.email, mail.date_utc,
        target, "\n".join(sorted(said.mechanisms)), came.kind, why, signal.rule, signal.score,
    )  # fmt: skip
    return values, came.matches[0][0] if came.matches else None


def _passages(
    conn: Connection, rows: Mapping[str, int], warned: Iterable[tuple[MailSignals, Signal]]
) -> dict[tuple[str, int], frozenset[str]]:
    """Name the ways to break in the paragraph around each warning."""
    by_row: dict[int, list[Signal]] = defaultdict(list)
    for mail, signal in warned:
        by_row[rows[mail.message_id]].append(signal)
    found = {}
    wanted = sorted(by_row)
    for at in range(0, len(wanted), BATCH):
        for one in texts(conn, wanted[at : at + BATCH]):
            text = mail_text(one)
            for signal in by_row[one.id]:
                found[one.message_id, signal.start] = mechanisms(passage(text, signal))
    return found


class _Targets:
    """Finds the commits that a warning is about.

    Those that its sentence cites; else what the nearest patch above it in the conversation
    became, unless somebody has shown another change between the two: then it may be of that.
    """

    def __init__(
        self,
        mails: Iterable[MailSignals],
        commits: Iterable[CommitFacts],
        links: Iterable[MailLink],
    ) -> None:
        self._mails = {mail.message_id: mail for mail in mails}
        self._resolve: Callable[[str], Any] = CommitNames(one.sha for one in commits).resolve
        self._became: dict[str, set[str]] = defaultdict(set)
        below: dict[str, set[str]] = defaultdict(set)
        for link in links:
            if link.kind == "becomes":
                self._became[link.message_id].add(link.sha)
                patch = self._mails.get(link.message_id)
                if patch is not None and patch.parent:
                    below[patch.parent].add(link.sha)
        for cover, shas in below.items():  # of a cover letter: what its patches became
            mail = self._mails.get(cover)
            if mail is not None and mail.is_patch and cover not in self._became:
                self._became[cover] = shas

    def of(self, mail: MailSignals, signal: Signal) -> tuple[frozenset[str], str]:
        """Return hashes, none if it is not known which; and why, if there is more to say."""
        if signal.value:
            return frozenset({self._resolve(signal.value).sha or signal.value}), ""
        for above in self._above(mail):
            if above in self._became:
                return frozenset(self._became[above]), ""
            one = self._mails.get(above)
            if one is None or above == mail.message_id or not one.is_patch:
                continue
            if parse_subject(one.subject).is_reply or is_trial(one):
                return frozenset(), f"it may be about the diff in {above}, not about the patch"
            break
        return frozenset(), ""

    def _above(self, mail: MailSignals) -> Iterator[str]:
        seen: set[str] = set()
        at: str | None = mail.message_id
        while at and at not in seen:
            seen.add(at)
            yield at
            above = self._mails.get(at)
            at = above.parent if above else None

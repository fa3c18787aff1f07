"""Rows of the store as the values that regressions are put together from, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from sqlite3 import Connection
from typing import Any

from threadkit.analyze.mechanisms import mechanisms
from threadkit.analyze.regressions.commit_names import Resolution
from threadkit.analyze.regressions.facts import (
    CommitFacts,
    CuratedFact,
    MailLink,
    MailSignals,
    Relation,
)
from threadkit.analyze.regressions.passages import target
from threadkit.analyze.regressions.regression import Culprit, Event, Fix, Regression, Report
from threadkit.analyze.regressions.reporting import author, report_score
from threadkit.analyze.regressions.values import Signal
from threadkit.commits.relations import relations
from threadkit.pipeline.stages.mails import mail_text
from threadkit.store import regression_inputs as stored
from threadkit.store.mailtexts import BATCH, texts
from threadkit.store.regressions import RegressionRows

_READ = frozenset({"report", "culprit", "bisection", "fails", "regzbot", "syz"})
"""Signals of mails whose text is looked at again."""
_NAMING = frozenset({"closes", "regzbot", "syz"})
"""Signals whose value may be a mail that reports."""

_KINDS: Mapping[str, str] = {
    "fixes": "fixes", "reverts": "reverts", "backports": "backports", "cherry-picks": "backports",
    "closes": "closes", "links_discussion": "discusses", "links_provenance": "provenance",
    "bug": "bug", "reported_by": "reporter", "bisected_by": "bisector", "tested_by": "tester",
}  # fmt: skip
_WHY = {
    "ambiguous": "more than one commit begins so",
    "not-a-commit": "the hash of something that is no commit",
}


def mail_facts(
    conn: Connection, rows: Sequence[stored.MailRow], tell: Callable[[int, int], None]
) -> list[MailSignals]:
    """Judge the mails of conversations in which something may have broken.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    rows : sequence of MailRow
        The conversations.
    tell : callable
        Takes mails read again and all of them.

    Returns
    -------
    list of MailSignals
        In the same order.
    """
    signals = {row.id: tuple(Signal(*one) for one in row.signals) for row in rows}
    wanted = [row.id for row in rows if any(one.kind in _READ for one in signals[row.id])]
    judged: dict[int, tuple[float, frozenset[str]]] = {}
    speakers: dict[int, str] = {}
    for at in range(0, len(wanted), BATCH):
        for one in texts(conn, wanted[at : at + BATCH]):
            mail = mail_text(one)
            own = "\n".join(mail.body[low:high] for low, high in mail.own_ranges())
            score = report_score(signals[one.id], mail)
            judged[one.id] = score, mechanisms(f"{mail.subject}\n{own}")
            speakers[one.id] = author(mail)
        tell(at + len(wanted[at : at + BATCH]), len(wanted))
    return [
        _spoken(row, signals[row.id], speakers.get(row.id, ""), *judged.get(row.id, _UNREAD))
        for row in rows
    ]


_UNREAD: tuple[float, frozenset[str]] = (0.0, frozenset())


def _spoken(
    row: stored.MailRow, said: tuple[Signal, ...], speaker: str, report: float,
    breaks: frozenset[str],
) -> MailSignals:  # fmt: skip
    """Make the value; where a robot forwards, who speaks is named with the robot."""
    person, email = row.person, row.email
    if speaker not in ("", row.email.lower()):
        person = f"{speaker} (by {row.person or row.email})"
        email = speaker if "@" in speaker else person
        own = row.email.lower()
        said = tuple(
            replace(one, value=email) if one.kind == "role" and one.value.lower() == own else one
            for one in said
        )
    return MailSignals(*row[1:5], person, email, *row[7:9], said, report, breaks)


def named_mails(
    said: Iterable[Sequence[Sequence[Any]]],
    commits: Iterable[CommitFacts],
    curated: Iterable[CuratedFact],
) -> set[str]:
    """List the mails that others name as reports: there may be no signal in them.

    Parameters
    ----------
    said : iterable of sequence of rows
        Signals of each mail, as the store has them.
    commits : iterable of CommitFacts
        Whose trailers close reports.
    curated : iterable of CuratedFact
        Which name theirs.

    Returns
    -------
    set of str
        Message-IDs, of mails that are here or not.
    """
    values = {word for rows in said for kind, value, *_ in rows if kind in _NAMING
              for word in value.split()}  # fmt: skip
    values |= {value for commit in commits for value in commit.values("closes")}
    targets = (target(value) for value in values)
    found = {name for kind, name in targets if kind == "message"}
    return found | {message_id for fact in curated for message_id in fact.reports}


def commit_facts(
    conn: Connection, shas: Iterable[str] | None = None, *, read: bool = True
) -> Iterator[CommitFacts]:
    """Read commits, with what their messages say of others.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    shas : iterable of str, optional
        Whole hashes of those that are wanted; all without.
    read : bool
        Look in their messages for the ways in which something breaks, too.

    Yields
    ------
    CommitFacts
        By hash.
    """
    for row in stored.commits(conn, shas):
        said = relations(row.trailers, row.citations, row.subject, row.body)
        told = tuple(
            Relation(_KINDS[one.kind], one.value, one.title, one.rule, one.start, one.stop)
            for one in said
            if one.kind in _KINDS and one.value and (one.rule != "prose" or one.kind == "bug")
        )
        breaks = mechanisms(f"{row.subject}\n{row.body}") if read else frozenset()
        yield CommitFacts(
            row.sha, row.subject, row.author, row.author_utc, row.committer_utc, row.release,
            row.mainline, told, breaks,
        )  # fmt: skip


def mail_links(conn: Connection) -> list[MailLink]:
    """Read which mails became which commits, or are their discussion; all that there are.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    rows = stored.links(conn)
    return [
        MailLink(message_id, sha, kind, rule, score) for message_id, sha, kind, rule, score in rows
    ]


def resolutions(conn: Connection) -> dict[str, Resolution]:
    """Read what looking up hashes has shown, where it has shown anything.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    """
    return {
        name: Resolution(sha, _WHY.get(state, ""))
        for name, state, sha in stored.answers(conn)
        if sha or state in _WHY
    }


def as_rows(one: Regression) -> RegressionRows:
    """Turn a regression into rows.

    Parameters
    ----------
    one : Regression
        As it was put together.
    """
    culprit = one.culprit
    values = (
        one.key, one.title, culprit.name if culprit else "", culprit.sha if culprit else None,
        _lines(one.works), _lines(one.fails), one.state, one.why, one.reported_utc, one.fixed_utc,
        one.last_utc, one.score, one.origin, one.tracked, one.backburner, _lines(one.reporters),
        _lines(one.bisectors), _lines(one.testers), _lines(one.duplicates),
        _lines(sorted(one.mechanisms)), json.dumps(one.delays_days),
    )  # fmt: skip
    parts = (
        [(r.message_id, r.utc, r.person, r.email, r.subject, r.here) for r in one.reports],
        [(c.name, c.sha, c.title, c.why, c.said_by, c.source, c.score) for c in one.culprits],
        [
            (f.name, f.sha, f.message_id, f.title, f.status, f.release, f.mainline, f.posted_utc,
             f.merged_utc, f.closes, f.rule, f.score, _lines(f.backports))
            for f in one.fixes
        ],
        one.maybe_same,
        [
            (e.utc, e.kind, e.message_id, e.sha, e.person, e.value, e.detail, e.start, e.stop,
             e.rule, e.score, e.source, e.state)
            for e in one.events
        ],
    )  # fmt: skip
    return RegressionRows(values, parts)


def from_rows(rows: RegressionRows) -> Regression:
    """Turn rows into the regression that they were made from.

    Parameters
    ----------
    rows : RegressionRows
        As the store has them.
    """
    reports, culprits, fixes, maybe, events = rows.parts
    (
        key, title, _, _, works, fails, state, why, reported, fixed, last, score, origin, tracked,
        backburner, reporters, bisectors, testers, duplicates, breaks, delays,
    ) = rows.values  # fmt: skip
    return Regression(
        key=key, title=title, culprits=tuple(Culprit(*row) for row in culprits),
        reports=tuple(_report(row) for row in reports),
        reporters=_split(reporters), bisectors=_split(bisectors), testers=_split(testers),
        works=_split(works), fails=_split(fails),
        fixes=tuple(_fix(row) for row in fixes),
        state=state, why=why, tracked=bool(tracked), backburner=bool(backburner),
        duplicates=_split(duplicates), maybe_same=tuple((row[0], row[1]) for row in maybe),
        events=tuple(Event(*row) for row in events), reported_utc=reported, fixed_utc=fixed,
        last_utc=last, score=score, origin=origin, delays_days=json.loads(delays),
        mechanisms=frozenset(_split(breaks)),
    )  # fmt: skip


def _report(row: Sequence[Any]) -> Report:
    message_id, utc, person, email, subject, here = row
    return Report(message_id, utc, person, email, subject, bool(here))


def _fix(row: Sequence[Any]) -> Fix:
    (
        name, sha, message_id, title, status, release, mainline, posted, merged, closes, rule,
        score, backports,
    ) = row  # fmt: skip
    return Fix(
        name, sha, message_id, title, status, release, mainline, posted, merged, bool(closes),
        rule, score, _split(backports),
    )  # fmt: skip


def _lines(values: Iterable[str]) -> str:
    return "\n".join(" ".join(value.split()) for value in values)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()

"""The regressions of a site: those that its mails, commits and curated facts name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from threadkit.analyze.regressions.deciding import deciding_fix
from threadkit.analyze.regressions.regression import days
from threadkit.casebook.values import SURE
from threadkit.pipeline.sites.bounds import TITLE, VALUE, short
from threadkit.site.values import Regression, Report

if TYPE_CHECKING:
    from threadkit.analyze.regressions.regression import Regression as Found
    from threadkit.pipeline.regressions_view import Prediction
    from threadkit.pipeline.sites.people import People

_REVIEWED = ("curated", "commit")
_OPEN = ("open", "to be fixed")


def reviewed(one: Found) -> bool:
    """Tell whether a regression is more than what a program made of prose.

    Parameters
    ----------
    one : Regression
        Found in the database.

    Returns
    -------
    bool
        True if commits or people's own commands and facts say so.
    """
    return one.origin in _REVIEWED or one.tracked or any(fix.closes for fix in one.fixes)


def found(
    some: Iterable[Found],
    people: People,
    predictions: Iterable[Prediction],
    curated: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    fixed_utc: Mapping[str, str | None] = MappingProxyType({}),
) -> list[Regression]:
    """Make the regressions that the database has.

    Parameters
    ----------
    some : iterable of Regression
        Oldest first.
    people : People
        Names the reporters.
    predictions : iterable of Prediction
        Warnings; those that came true are shown with the regression.
    curated : mapping of str to mapping, optional
        Curated facts by title.
    fixed_utc : mapping of str to str or None, optional
        When commits were applied, by hash, where the database does not know it.

    Returns
    -------
    list of Regression
        Open ones first, else in the same order.
    """
    foreseen: dict[str, dict[str, None]] = {}
    for warning in predictions:
        if warning.regression and warning.outcome == "came true":
            foreseen.setdefault(warning.regression, {})[warning.message_id] = None
    return open_first(
        _made(one, people, tuple(foreseen.get(one.key, ())), curated.get(one.title, {}), fixed_utc)
        for one in some
    )


def of_fact(
    fact: Mapping[str, Any], people: People, fixed_utc: Mapping[str, str | None]
) -> Regression:
    """Make a regression of a curated fact that the database does not have.

    Parameters
    ----------
    fact : mapping
        A line of ``data/regressions``.
    people : People
        Names the reporter.
    fixed_utc : mapping of str to str or None
        When commits were applied, by hash.
    """
    fixes = tuple(str(sha) for sha in fact.get("fixes", ()))
    utc = fact.get("reported_utc")
    reports, also = _reports(fact, people)
    return Regression(
        key=str(fact.get("key") or fact["title"]),
        title=str(fact["title"]),
        culprit=str(fact.get("culprit") or ""),
        state=str(fact.get("state") or ("fixed" if fixes else "open")).replace("_", " "),
        reports=reports,
        fixes=fixes,
        notes=tuple(str(sha) for sha in fact.get("notes", ())),
        days=_days(utc, [fixed_utc.get(sha) for sha in fixes]),
        why=str(fact.get("why") or ""),
        mechanisms=tuple(str(word) for word in fact.get("mechanisms", ())),
        source=str(fact.get("source") or ""),
        certainty=_sure(fact),
        also=also,
    )


def open_first(some: Iterable[Regression]) -> list[Regression]:
    """Put what is open first; the order is else kept.

    Parameters
    ----------
    some : iterable of Regression
        Of a site.
    """
    return sorted(some, key=lambda one: one.state not in _OPEN)


def _days(reported_utc: str | None, fixed_utc: Sequence[str | None]) -> float | None:
    """Return the days from a report to the first fix; None if one of them is not known."""
    first = min((utc for utc in fixed_utc if utc), default=None)
    found = days(reported_utc, first) if reported_utc and first else -1
    return found if found >= 0 else None  # a fix that came first was for something else


def _sure(fact: Mapping[str, Any]) -> str:
    """Say how sure a curated fact is: its letters, in words."""
    return "; ".join(SURE[each] for each in str(fact.get("certainty", "")) if each in SURE)


def _made(
    one: Found,
    people: People,
    foreseen: tuple[str, ...],
    fact: Mapping[str, Any],
    fixed_utc: Mapping[str, str | None],
) -> Regression:
    fix = deciding_fix(one)
    names = dict.fromkeys(each.sha or each.name for each in one.fixes if each.sha or each.closes)
    if fix is not None:
        names = dict.fromkeys([fix.sha or fix.name, *names])
    culprit = one.culprit
    reports, also = _reported(one, people, fact)
    told = one.delays_days.get("reported_to_fix_merged")
    if told is None:
        reported = one.reported_utc or fact.get("reported_utc")
        told = _days(reported, [fixed_utc.get(each.sha or each.name) for each in one.fixes])
    return Regression(
        key=one.key,
        title=short(one.title or one.key, TITLE),
        culprit=(culprit.sha or culprit.name) if culprit else "",
        state=str(fact.get("state") or one.state).replace("_", " "),
        reports=reports,
        fixes=tuple(names),
        notes=tuple(str(sha) for sha in fact.get("notes", ())),
        days=told,
        why=short(str(fact.get("why") or "") if fact else _why(one), VALUE),
        mechanisms=tuple(sorted(one.mechanisms)),
        foreseen=foreseen,
        source=str(fact.get("source") or _source(one)),
        certainty=_sure(fact) or ("" if reviewed(one) else f"automatic, {one.score:.2f}"),
        also=also,
    )


def _reports(fact: Mapping[str, Any], people: People) -> tuple[list[Report], tuple[str, ...]]:
    """Make the reports of a curated fact, and name who else told of it.

    Whose report a mail is, it says itself, or the fact does: its ``by``, or its only name.
    """
    names = [name for name in str(fact.get("reporter") or "").split(", ") if name]
    ids = [str(name) for name in fact.get("reports", ())]
    by = dict(
        fact.get("by") or (zip(ids, names, strict=True) if len(ids) == len(names) == 1 else ())
    )
    utc = fact.get("reported_utc")
    if not ids and (names or utc):
        return [Report("", people.named(name), utc) for name in names or [""]], ()
    reports = [
        Report(one, people.named(str(by.get(one, ""))), None if place else utc)
        for place, one in enumerate(ids)
    ]
    return reports, tuple(people.named(name) for name in names if name not in by.values())


def _reported(
    one: Found, people: People, fact: Mapping[str, Any]
) -> tuple[list[Report], tuple[str, ...]]:
    """Make the reports that the database has; a mail that is not here is as the fact has it."""
    told, also = _reports(fact, people)
    known = {report.message_id: report for report in told}
    reports = []
    for each in one.reports:
        written = known.get(each.message_id)
        if each.here or written is None or not written.person:
            person = people.named(each.person or each.email)
        else:
            person = written.person
        utc = each.utc or (written.utc if written else None)
        reports.append(Report(each.message_id, person, utc))
    if not reports and not told:
        told = [Report("", people.named(name), one.reported_utc) for name in one.reporters]
    return reports or told, tuple(key for key in also if key not in {r.person for r in reports})


def _why(one: Found) -> str:
    """Say why its state is what it is, where its fixes do not say it."""
    return one.why.removesuffix(" (not tracked)")


def _source(one: Found) -> str:
    if one.tracked:
        return "commands of regression tracking"
    return {"commit": "commits", "curated": "curated facts"}.get(one.origin, "mails")

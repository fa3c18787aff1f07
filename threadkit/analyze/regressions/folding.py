"""From a case to a regression: its events in order of time, and the state after each.

The states are those of regression tracking. Where nobody tracks, weaker rules lead to the
same states, and the reason says so. ``Fixes:`` alone never closes a regression.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from threadkit.analyze.regressions.cases import Case
from threadkit.analyze.regressions.culprits import culprit_keys, culprits
from threadkit.analyze.regressions.fixes import Known, fixes_of
from threadkit.analyze.regressions.regression import (
    Culprit,
    Event,
    Fix,
    Regression,
    Report,
    Source,
    State,
)
from threadkit.commits.releases import parse_release
from threadkit.mail.subject import parse_subject

_LATE = "9999"
_SURE = 0.6
_ORDER = ("report", "tracked", "culprit", "fix", "closes", "merged", "undone")
_SECONDS_A_DAY = 86400


def fold(case: Case, known: Known, maybe: Sequence[tuple[Case, str]] = ()) -> Regression:
    """Put one regression together.

    Parameters
    ----------
    case : Case
        All that is said of it.
    known : Known
        Commits and mails to look its fixes up in.
    maybe : sequence of (Case, str)
        Cases that could be the same, and what speaks for it.

    Returns
    -------
    Regression
        The same for any order in which the events were found.
    """
    said = sorted(set(case.events), key=_order)
    chosen = culprits(said, known.names)
    tracked = bool(case.tracked)
    fixes = fixes_of(said, chosen, known, tracked=tracked)
    events = sorted({*said, *_of_commits(said, fixes, known)}, key=_order)
    events, state, why, fixed = _states(events, fixes, tracked=tracked)
    reports = tuple(sorted(case.reports.values(), key=lambda r: (r.utc or _LATE, r.message_id)))
    first = case.first
    reported = min((r.utc for r in reports if r.utc), default=None)
    return Regression(
        key=key_of(case, fixes),
        title=_title(case, said, fixes),
        culprits=chosen,
        reports=reports,
        reporters=_people(said, "reporter", reports),
        bisectors=_people(said, "bisector"),
        testers=_people(said, "tester"),
        works=_releases(said, "works", reports),
        fails=_releases(said, "fails", reports),
        fixes=tuple(fixes),
        state=state,
        why=why,
        tracked=tracked,
        backburner=_on_backburner(said),
        duplicates=tuple(
            one.message_id for one in reports if first and one.message_id != first.message_id
            and any(e.kind == "duplicate" for e in said)
        ),
        maybe_same=tuple((key_of(other, ()), reason) for other, reason in maybe),
        events=tuple(events),
        reported_utc=reported,
        fixed_utc=fixed,
        last_utc=max(filter(None, (case.last_utc, fixed, reported)), default=None),
        score=round(case.score, 3),
        origin=case.origin,
        delays_days=_delays(chosen, said, fixes, reported, known),
        mechanisms=frozenset(case.mechanisms),
    )  # fmt: skip


def key_of(case: Case, fixes: Sequence[Fix]) -> str:
    """Return the name that a regression keeps from run to run.

    Parameters
    ----------
    case : Case
        All that is said of it.
    fixes : sequence of Fix
        Of the same; may be left out.
    """
    first = case.first
    if first is not None:
        return first.message_id
    named = sorted(
        (e.utc or _LATE, e.value) for e in case.events if e.kind in ("closes", "fix") and e.value
    )
    if fixes:
        return fixes[0].name
    return named[0][1] if named else min(case.values("culprit", "curated"), default="")


def _order(event: Event) -> tuple[object, ...]:
    place = _ORDER.index(event.kind) if event.kind in _ORDER else 2
    return (
        event.utc or _LATE, place, event.message_id or "", event.sha or "", event.start,
        event.kind, event.value, event.detail, event.stop, event.rule,
    )  # fmt: skip


def _title(case: Case, said: Sequence[Event], fixes: Sequence[Fix]) -> str:
    """Choose what the regression is called."""
    named = [one.value for one in said if one.kind == "title" and one.value]
    first = case.first
    subject = parse_subject(first.subject).title if first else ""
    curated = [one.value for one in said if one.kind == "curated"]
    fix = next((one.title for one in fixes if one.title), "")
    if case.origin == "curated":
        subject = ""
    return next(filter(None, [*named[-1:], subject, *curated, fix]), "")


def _people(said: Iterable[Event], role: str, reports: Sequence[Report] = ()) -> tuple[str, ...]:
    """List who has a role, in order of time; an address once, whatever the case."""
    found: dict[str, str] = {}
    for report in reports:
        if report.person or report.email:
            found.setdefault((report.email or report.person).lower(), report.person or report.email)
    for event in said:
        if event.kind == "role" and event.detail == role and event.value:
            found.setdefault(event.value.lower(), event.value)
    return tuple(dict.fromkeys(found.values()))


def _releases(said: Sequence[Event], kind: str, reports: Sequence[Report]) -> tuple[str, ...]:
    """List the releases that are said to work or fail, by the reports if they say any."""
    ids = {report.message_id for report in reports}
    all_of = [one for one in said if one.kind == kind and one.value]
    own = [one for one in all_of if one.message_id in ids]
    values = {one.value for one in own or all_of}

    def place(value: str) -> tuple[bool, tuple[int, ...], int, str]:
        release = parse_release(value if value.startswith("v") else f"v{value}")
        if release is None:
            return True, (), 0, value
        return False, release.numbers, release.candidate, value

    return tuple(sorted(values, key=place))


def _on_backburner(said: Iterable[Event]) -> bool:
    last = [one.kind for one in said if one.kind in ("backburner", "unbackburner")]
    return last[-1:] == ["backburner"]


def _of_commits(said: Sequence[Event], fixes: Sequence[Fix], known: Known) -> list[Event]:
    """Return what is known of commits, as events: merged, undone, brought elsewhere, noted."""
    found = []
    for fix in fixes:
        if fix.sha is None:
            continue
        commit = known.commits[fix.sha]
        found.append(_known_event(known, fix.sha, "merged", fix.sha, commit.release or ""))
        for sha in fix.backports:
            release = known.commits[sha].release or ""
            found.append(_known_event(known, sha, "backport", fix.sha, release))
        if fix.status == "undone":
            found += [
                _known_event(known, sha, "undone", fix.sha, known.commits[sha].subject)
                for sha in known.reverts.get(fix.name, ())
            ]
    own = {fix.sha for fix in fixes} | {sha for fix in fixes for sha in fix.backports}
    causes = culprit_keys(said, known.names)
    for key in sorted(causes):
        for sha in known.reverts.get(key, ()):
            if sha not in own:
                found.append(_known_event(known, sha, "note", key, "reverts the culprit"))
        for commit in known.commits.values():
            if commit.sha in own or commit.values("backports"):
                continue
            if key in {known.names.key(one) for one in commit.values("fixes")}:
                detail = "names the culprit in Fixes: and no report of this"
                found.append(_known_event(known, commit.sha, "note", key, detail))
    return found


def _known_event(known: Known, sha: str, kind: str, value: str, detail: str) -> Event:
    commit = known.commits[sha]
    at = next(iter(commit.relations), None)
    source: Source = "commit"
    return Event(
        commit.committer_utc or commit.author_utc, kind, None, sha, commit.author, value, detail,
        at.start if at else 0, at.stop if at else 0, f"commit-{kind}", 1.0, source,
    )  # fmt: skip


def _states(
    events: Sequence[Event], fixes: Sequence[Fix], *, tracked: bool
) -> tuple[list[Event], State, str, str | None]:
    """Walk through the events; return them with their states, the last, why, and when fixed."""
    by_sha = {fix.sha: fix for fix in fixes if fix.sha}
    state: State = "open"
    why, fixed = "nothing says that it is fixed", None
    found = []
    for event in events:
        changed = _next(state, event, by_sha, tracked=tracked)
        if changed and changed[0] != state:
            state, why = changed
            fixed = event.utc if state == "fixed" else None
        elif changed:
            why = changed[1]
        found.append(replace(event, state=state))
    if state == "open":
        posted = [fix for fix in fixes if fix.status == "proposed"]
        why = f"a fix is posted: {posted[0].message_id}" if posted else why
    return found, state, why, fixed


def _next(
    state: State, event: Event, by_sha: dict[str, Fix], *, tracked: bool
) -> tuple[State, str] | None:
    """Say which state an event leads to, and why; None if it changes nothing."""
    by = "" if tracked else " (not tracked)"
    closed = state in ("fixed", "resolved", "inconclusive")
    if event.kind == "culprit" and event.source == "command" and state != "open":
        ended = state in ("resolved", "inconclusive")
        return ("open", "tracked again by #regzbot introduced") if ended else None
    if event.kind == "resolve":
        return "resolved", event.value or "said to be no regression, or settled"
    if event.kind == "inconclusive":
        return "inconclusive", event.value or "not settled"
    if event.kind == "undone":
        return "open", f"the fix {event.value[:12]} was reverted by {(event.sha or '')[:12]}"
    if event.kind == "merged":
        return _merged(event, by_sha, by, closed=closed)
    if event.kind in ("fix", "closes") and state == "open" and _announces(event, tracked):
        name = event.value[:12] if event.detail == "commit" else f'"{event.value}"'
        return "to_be_fixed", f"{_WAYS.get(event.source, 'said')} {name}{by}"
    return None


_WAYS = {
    "command": "a command names the fix", "trailer": "named by its trailers:",
    "curated": "written down as the fix:", "prose": "said to be fixed by",
}  # fmt: skip


def _announces(event: Event, tracked: bool) -> bool:
    """Tell whether what names a fix is more than a posted patch."""
    if event.detail == "mail":
        return False
    if event.kind == "closes" or event.source in ("command", "curated"):
        return True
    return not tracked and event.detail == "commit" and event.score >= _SURE


def _merged(
    event: Event, by_sha: dict[str, Fix], by: str, *, closed: bool
) -> tuple[State, str] | None:
    """Say what follows from a commit that is known."""
    fix = by_sha.get(event.value)
    if fix is None or not fix.closes or closed:
        return None
    name = f"{event.value[:12]}{f' ({fix.release})' if fix.release else ''}"
    if fix.status in ("merged", "undone"):
        return "fixed", f"fixed by {name}{by}"
    tree = "not in mainline" if fix.mainline == "no" else "not checked whether in mainline"
    return "to_be_fixed", f"the fix {name} is known, {tree}{by}"


def _delays(
    chosen: Sequence[Culprit], said: Sequence[Event], fixes: Sequence[Fix],
    reported: str | None, known: Known,
) -> dict[str, float]:  # fmt: skip
    """Count the days from one step to the next, where both are known."""
    cause = known.commits.get(chosen[0].sha or "") if chosen else None
    named = [one for one in said if one.kind == "culprit" and one.utc and not one.sha]
    single = [one.utc for one in named if ".." not in one.value and one.source != "curated"]
    closing = [fix for fix in fixes if fix.closes] or list(fixes)
    steps = {
        "introduced": cause.committer_utc if cause else None,
        "reported": reported,
        "bisected": min((utc for utc in single if utc), default=None),
        "fix_posted": min((f.posted_utc for f in closing if f.posted_utc), default=None),
        "fix_merged": max((f.merged_utc for f in closing if f.merged_utc), default=None),
    }
    pairs = (
        ("introduced", "reported"), ("reported", "bisected"), ("reported", "fix_posted"),
        ("fix_posted", "fix_merged"), ("reported", "fix_merged"),
    )  # fmt: skip
    return {
        f"{one}_to_{other}": days(begin, end)
        for one, other in pairs
        if (begin := steps[one]) and (end := steps[other])
    }


def days(begin: str, end: str) -> float:
    """Return the days between two dates; negative if the second is before the first.

    Parameters
    ----------
    begin, end : str
        ISO 8601; a date alone is its midnight in UTC.

    Examples
    --------
    >>> days("2022-02-16T12:00:00Z", "2022-02-18")
    1.5
    """
    first, second = (
        datetime.fromisoformat(one if "T" in one else f"{one}T00:00:00Z") for one in (begin, end)
    )
    return round((second - first).total_seconds() / _SECONDS_A_DAY, 1)

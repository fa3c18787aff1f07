"""From a case to a regression: its events in order of time, and the state after each.

The states are those of regression tracking. Where nobody tracks, weaker rules lead to the
same states, and the reason says so. ``Fixes:`` alone never closes a regression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from threadkit.analyze.regressions.cases import REPORT, Case
from threadkit.analyze.regressions.culprits import culprit_keys, culprits
from threadkit.analyze.regressions.facts import CommitFacts
from threadkit.analyze.regressions.fixes import Known, causes_of, fixes_of
from threadkit.analyze.regressions.hearsay import Talk
from threadkit.analyze.regressions.regression import (
    Culprit,
    Event,
    Fix,
    Regression,
    Report,
    Source,
    State,
    days,
)
from threadkit.analyze.regressions.regzbot_states import Step as Tracker
from threadkit.analyze.regressions.regzbot_states import Tracked, Tree, apply, settles
from threadkit.analyze.regressions.trees import is_in_tree, tree_of
from threadkit.commits.releases import parse_release
from threadkit.mail.subject import parse_subject

_LATE = "9999"
_NICK = re.compile(r"\([^)]*\)|[,\"]")
_SURE = 0.6
_ORDER = ("report", "tracked", "culprit", "fix", "closes", "merged", "landed", "undone")


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
    chosen = _titled(culprits(said, known.names), known)
    said = sorted({*said, *_differences(said, chosen, known)}, key=_order)
    tracked = bool(case.tracked)
    fixes = fixes_of(said, chosen, known, tracked=tracked)
    events = sorted({*said, *_of_commits(said, fixes, known)}, key=_order)
    causes = causes_of(chosen, known)
    reports = _own_reports(case, known)
    people = {one.person for one in reports}
    events, state, why, fixed = _states(events, fixes, causes, known, people, tracked=tracked)
    first = case.first
    reported = _reported(reports, said)
    return Regression(
        key=key_of(case, fixes),
        title=_title(case, said, fixes),
        culprits=chosen,
        reports=reports,
        reporters=_people(said, "reporter", known, reports),
        bisectors=_people(said, "bisector", known),
        testers=_people(said, "tester", known),
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


def _reported(reports: Iterable[Report], said: Iterable[Event]) -> str | None:
    """Return when it was first reported; without a dated mail, when a curated fact says."""
    mailed = [one.utc for one in reports if one.utc]
    written = [one.utc for one in said if one.kind == "curated" and one.utc]
    return min(mailed or written, default=None)


def _titled(chosen: Sequence[Culprit], known: Known) -> tuple[Culprit, ...]:
    """Give the commits that were named without a title the one that they have."""
    found = [(one, known.commits.get(one.sha or "")) for one in chosen]
    return tuple(
        replace(one, title=commit.subject) if commit and not one.title else one
        for one, commit in found
    )


def _cause(causes: Sequence[CommitFacts]) -> Tree:
    """Return the tree of the culprit; what nobody knows of is held to be in mainline."""
    trees = {tree_of(one.mainline, one.release or "") for one in causes} - {""}
    return next(iter(trees)) if len(trees) == 1 else "mainline"


def _own_reports(case: Case, known: Known) -> tuple[Report, ...]:
    """Return the reports, oldest first: one a person, without mails that only point at one."""
    found = sorted(case.reports.values(), key=lambda r: (r.utc or _LATE, r.message_id))
    first = case.first
    people: set[str] = set()
    kept = []
    for report in found:
        mail = known.mails.get(report.message_id)
        above = mail.parent if mail and mail.report < REPORT else None
        is_first = first is not None and report.message_id == first.message_id
        if is_first or not (above in case.reports or (report.email or "-").lower() in people):
            kept.append(report)
        people.add(report.email.lower())
    return tuple(kept)


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
    written = parse_subject(first.subject) if first else None
    subject = written.title if written else ""
    # Below a posted patch the subject is that of the patch, not of what it broke.
    inherited = subject if written and written.is_reply and written.is_patch else ""
    curated = [one.value for one in said if one.kind == "curated"]
    fix = next((one.title for one in fixes if one.title), "")
    if case.origin == "curated" or inherited:
        subject = ""
    return next(filter(None, [*named[-1:], subject, *curated, fix, inherited]), "")


def _people(
    said: Sequence[Event], role: str, known: Known, reports: Sequence[Report] = ()
) -> tuple[str, ...]:
    """List who has a role, in order of time; an address once, and a name that goes with it."""
    named = [(one.email, one.person) for one in reports]
    named += [(one.value, "") for one in said if one.kind == "role" and one.detail == role]
    addresses = _addresses(said, known, reports)
    found: dict[str, str] = {}
    for email, name in named:
        shown = name or email
        key = addresses.get(_words(shown), (email or name).lower())
        if shown and "@" in found.get(key, "@"):
            found[key] = found.get(key, shown) if "@" in shown else shown
    return tuple(dict.fromkeys(found.values()))


def _addresses(
    said: Iterable[Event], known: Known, reports: Iterable[Report]
) -> dict[tuple[str, ...], str]:
    """Return the addresses of people by their names, as mails and trailers give both."""
    shas = dict.fromkeys(one.sha for one in said if one.sha in known.commits)
    pairs = [(one.person, one.email) for one in reports]
    for sha in shas:
        pairs += [(one.title, one.value) for one in known.commits[sha or ""].relations]
    return {_words(name): email.lower() for name, email in reversed(pairs) if "@" in email}


def _words(name: str) -> tuple[str, ...]:
    """Return what "Ada Low" and "Low, Ada (Addie)" have in common."""
    return tuple(sorted(_NICK.sub(" ", name).casefold().split()))


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


def _differences(said: Sequence[Event], chosen: Sequence[Culprit], known: Known) -> list[Event]:
    """Show where a curated fact names another culprit, or another fix, than the evidence."""
    causes = {known.names.key(one.name) for one in chosen}
    closing = {known.names.key(e.value) for e in said if e.kind == "closes" and e.sha}
    found = []
    for event in said:
        if event.source != "curated" or event.kind not in ("culprit", "fix"):
            continue
        others = causes if event.kind == "culprit" else closing
        if others and known.names.key(event.value) not in others:
            detail = f"{event.kind}: the evidence says {', '.join(sorted(others))}"
            found.append(replace(event, kind="differs", detail=detail))
    return found


def _on_backburner(said: Iterable[Event]) -> bool:
    last = [one.kind for one in said if one.kind in ("backburner", "unbackburner")]
    return last[-1:] == ["backburner"]


def _of_commits(said: Sequence[Event], fixes: Sequence[Fix], known: Known) -> list[Event]:
    """Return what is known of commits, as events: merged, undone, brought elsewhere, noted."""
    found = []
    for fix in fixes:
        found += _of_fix(fix, known)
    own = {fix.sha for fix in fixes} | {sha for fix in fixes for sha in fix.backports}
    own |= {one.sha for one in found}
    causes = culprit_keys(said, known.names)
    for key in sorted(causes):
        for sha in known.reverts.get(key, ()):
            if sha not in own:
                detail = "reverts the culprit"
                found.append(_known_event(known, sha, "note", key, detail, "reverts"))
        for sha in known.fixing.get(key, ()):
            if sha not in own:
                detail = "names the culprit in Fixes: and no report of this"
                found.append(_known_event(known, sha, "note", key, detail, "fixes"))
    return found


def _of_fix(fix: Fix, known: Known) -> list[Event]:
    """Return what is known of one fix, or of those of which it may be any."""
    if fix.sha is None:
        some = known.candidates(fix)
        detail = f"may be the fix {fix.name}: {len(some)} commits could be it"
        return [_known_event(known, sha, "note", sha, detail) for sha in some
                if sha in known.commits]  # fmt: skip
    release = known.commits[fix.sha].release or ""
    found = [_known_event(known, fix.sha, "merged", fix.sha, release)]
    for sha in fix.backports:
        release = known.commits[sha].release or ""
        found.append(_known_event(known, sha, "backport", fix.sha, release, "backports"))
    for sha in known.undoing.undone.get(fix.sha, ()):
        title = known.commits[sha].subject
        found.append(_known_event(known, sha, "undone", fix.sha, title, "reverts"))
    for reverts, detail in (
        (known.undoing.doubted, "reverts the fix, perhaps in another tree: not checked"),
        (known.undoing.taken_back, "reverted the fix, and was reverted"),
    ):
        for sha in reverts.get(fix.sha, ()):
            found.append(_known_event(known, sha, "note", fix.sha, detail, "reverts"))
    return found


def _known_event(
    known: Known, sha: str, kind: str, value: str, detail: str, relation: str = ""
) -> Event:
    """Make the event of a commit; its passage is the relation that names the value."""
    commit = known.commits[sha]
    at = next(
        (one for one in commit.relations
         if one.kind == relation and known.names.key(one.value) == known.names.key(value)), None,
    )  # fmt: skip
    source: Source = "commit"
    return Event(
        commit.committer_utc or commit.author_utc, kind, None, sha, commit.author, value, detail,
        at.start if at else 0, at.stop if at else 0, f"commit-{kind}", 1.0, source,
    )  # fmt: skip


def _states(
    events: Sequence[Event], fixes: Sequence[Fix], causes: Sequence[CommitFacts], known: Known,
    reporters: Set[str], *, tracked: bool,
) -> tuple[list[Event], State, str, str | None]:  # fmt: skip
    """Walk through the events; return them with their states, the last, why, and when fixed.

    Each event that counts is a step of the tracker. Where nobody tracks, more of them
    count, and the reason says so.
    """
    by_sha = {fix.sha: fix for fix in fixes if fix.sha}
    talk = Talk(events, fixes, known, reporters)
    at = Tracked("", tree=_cause(causes), why="nothing says that it is fixed")
    fixed, found = None, []
    landed: dict[str, tuple[Tracker, Event]] = {}
    for event in events:
        before = at.state
        step = _step(event, by_sha, known, causes, tracked=tracked) or talk.landing(event)
        if event.kind == "undone":
            at = _undone(at, event, landed, by_sha, tracked=tracked)
        elif step is not None:
            at = _applied(at, step, event, by_sha, tracked=tracked)
            if event.kind == "merged":
                landed[event.value] = step, event
            # A fix that is named after it has landed is looked up at once.
            landing = landed.get(_named(event, fixes, known)) if event.kind == "fix" else None
            if landing is not None:
                at = _applied(at, landing[0], event, by_sha, tracked=tracked)
        if not tracked:
            at = talk.heard(at, event)
        if at.state != before:
            fixed = event.utc if at.state == "fixed" else None
        found.append(replace(event, state=at.state))
    why = _still_open(at, fixes) if at.state == "open" else f"{at.why}{_doubt(at, known)}"
    return found, at.state, why, fixed


def _doubt(at: Tracked, known: Known) -> str:
    """Name the commit that may have undone the fix of what is held to be fixed."""
    some = known.undoing.doubted.get(at.fix, ()) if at.state == "fixed" else ()
    return f"; {some[0][:12]} reverts it, in what tree is not checked" if some else ""


def _undone(
    at: Tracked, event: Event, landed: dict[str, tuple[Tracker, Event]],
    by_sha: dict[str, Fix], *, tracked: bool,
) -> Tracked:  # fmt: skip
    """Take back what a fix did that was reverted; other fixes that have landed stay."""
    gone = landed.pop(event.value, None)
    if gone is None or at.state in ("resolved", "inconclusive"):
        return at
    why = f"the fix {event.value[:12]} was reverted by {(event.sha or '')[:12]}"
    at = replace(at, state="open", why=why)
    for step, merged in landed.values():
        at = _applied(at, step, merged, by_sha, tracked=tracked)
    return at


def _still_open(at: Tracked, fixes: Sequence[Fix]) -> str:
    """Say of an open regression what has been done, if something has."""
    posted = [fix for fix in fixes if fix.status == "proposed"]
    if posted:
        return f"a fix is posted: {posted[0].message_id}"
    for fix in fixes:
        if fix.closes and fix.status == "committed":
            place = fix.release or "another tree"
            return f"the fix {fix.name[:12]} is in {place} only, not in that of the culprit"
    return at.why


def _applied(
    at: Tracked, step: Tracker, event: Event, by_sha: dict[str, Fix], *, tracked: bool
) -> Tracked:
    """Take one step, and say why in words that name the fix."""
    after = apply(at, step)
    if after.state == at.state and after.why == at.why:
        return after
    return replace(after, why=_why(after, step, event, by_sha, tracked=tracked))


def _named(event: Event, fixes: Sequence[Fix], known: Known) -> str:
    """Return the whole hash of the fix that an event names; empty if it is not known."""
    if event.detail == "commit":
        return known.names.resolve(event.value).sha or ""
    return next((fix.sha or "" for fix in fixes if fix.title == event.value), "")


_STEPS = {
    "resolve": "resolve", "inconclusive": "inconclusive", "backburner": "backburn",
    "unbackburner": "unbackburn", "poke": "poke",
}  # fmt: skip


def _step(
    event: Event, by_sha: dict[str, Fix], known: Known, causes: Sequence[CommitFacts],
    *, tracked: bool,
) -> Tracker | None:  # fmt: skip
    """Say which step of the tracker an event is; None if it changes no state."""
    source = event.message_id or event.sha or ""
    if event.kind in _STEPS:
        return Tracker(event.utc, _STEPS[event.kind], event.value, source)
    if event.kind == "culprit" and event.source == "command":
        return Tracker(event.utc, "introduced", event.value, source)
    if event.kind == "fix" and _announces(event, tracked):
        sha = known.names.resolve(event.value).sha if event.source == "prose" else None
        if sha in known.commits and sha not in by_sha:
            return None  # it is older than the culprit
        return Tracker(event.utc, "fix", event.value, source)
    fix = by_sha.get(event.value)
    if event.kind in ("merged", "closes") and event.sha and fix and fix.closes:
        tree = tree_of(fix.mainline, fix.release)
        is_here = is_in_tree(known.commits[event.sha], causes)
        if settles(_cause(causes), tree) == "fixed" and not is_here:
            return None  # a fix of another branch
        return Tracker(event.utc, "commit", event.value, source, tree)
    return None


def _why(at: Tracked, step: Tracker, event: Event, by_sha: dict[str, Fix], *, tracked: bool) -> str:
    """Give the reason of a state; of a commit with its release, or what is not known of it."""
    by = "" if tracked else " (not tracked)"
    if step.name == "commit" and at.fix == step.value:
        if event.kind == "landed":
            return f"the fix {step.value[:12]} is said to be in {event.value}; not checked{by}"
        fix = by_sha[step.value]
        name = f"{step.value[:12]}{f' ({fix.release})' if fix.release else ''}"
        if at.state == "fixed":
            return f"fixed by {name}{by}"
        where = {"yes": "in mainline", "no": "not in mainline"}
        place = where.get(fix.mainline, "not checked whether in mainline")
        return f"the fix {name} is known, {place}{by}"
    if step.name == "fix":
        name = event.value[:12] if event.detail == "commit" else f'"{event.value}"'
        return f"{_WAYS.get(event.source, 'said to be fixed by')} {name}{by}"
    return at.why


_WAYS = {
    "command": "a command names the fix", "curated": "written down as the fix:",
    "prose": "said to be fixed by",
}  # fmt: skip


def _announces(event: Event, tracked: bool) -> bool:
    """Tell whether what names a fix is more than a posted patch."""
    if event.detail == "mail":
        return False
    if event.source in ("command", "curated"):
        return True
    return not tracked and event.detail == "commit" and event.score >= _SURE


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

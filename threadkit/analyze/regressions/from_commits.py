"""From commits and curated facts to cases: what their trailers close, and what they cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from threadkit.analyze.regressions.cases import Case, Conversations
from threadkit.analyze.regressions.commit_names import CommitNames
from threadkit.analyze.regressions.culprits import culprit_keys
from threadkit.analyze.regressions.facts import CommitFacts, CuratedFact, Relation
from threadkit.analyze.regressions.passages import target
from threadkit.analyze.regressions.regression import Event, Report, Source

_ROLES = ("reporter", "bisector", "tester")
_LINKS = ("closes", "discusses", "bug")


def add_commits(
    cases: list[Case], commits: Sequence[CommitFacts], talk: Conversations, names: CommitNames
) -> list[Case]:
    """Add what the messages of commits say to the cases; open cases that only they know.

    Parameters
    ----------
    cases : list of Case
        From mails.
    commits : sequence of CommitFacts
        All that are known.
    talk : Conversations
        To find the conversation of a mail that is linked.
    names : CommitNames
        To bring hashes to one name.

    Returns
    -------
    list of Case
        Those given, and the new ones.
    """
    known = {commit.sha for commit in commits}
    by_report = {report: case for case in cases for report in case.reports}
    places = _Places(cases, by_report)
    found = list(cases)
    for commit in sorted(commits, key=commit_order):
        if any(names.resolve(one).sha in known for one in commit.values("backports")):
            continue  # its original says the same
        hits = _closed(commit, places, talk, names)
        for case, relation, rule, score in hits:
            case.events += closing(commit, relation, rule, score)
        if not hits and _makes_one(commit):
            case = _case_of(commit, talk)
            found.append(case)
            places.by_report.update(dict.fromkeys(case.reports, case))
    return found


class _Places:
    """The cases from mails, by what a commit can name of them."""

    def __init__(self, cases: Iterable[Case], by_report: dict[str, Case]) -> None:
        self.by_report = by_report
        self.by_bug: dict[str, list[Case]] = defaultdict(list)
        self.by_root: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            for bug in case.bugs:
                self.by_bug[bug].append(case)
            for root in case.roots:
                self.by_root[root].append(case)


def commit_order(commit: CommitFacts) -> tuple[str, str]:
    """Order commits by the date of their being applied."""
    return commit.committer_utc or commit.author_utc or "9999", commit.sha


def _closed(
    commit: CommitFacts,
    places: _Places,
    talk: Conversations,
    names: CommitNames,
) -> list[tuple[Case, Relation, str, float]]:
    """Find the cases whose reports a commit names; each once, by its best link."""
    found: dict[int, tuple[Case, Relation, str, float]] = {}
    for relation in commit.relations:
        if relation.kind not in _LINKS:
            continue
        kind, value = target(relation.value)
        case = places.by_report.get(value) if kind == "message" else None
        rule, score = f"commit-{relation.kind}", 0.98
        if case is None and kind == "bug":
            hits = places.by_bug.get(value, ())
            case, rule, score = (hits[0] if len(hits) == 1 else None), "commit-bug", 0.95
        if case is None and kind == "message":
            case, rule, score = _of_conversation(commit, value, places, talk, names)
        if case is not None and found.get(id(case), (None, None, "", 0.0))[3] < score:
            found[id(case)] = (case, relation, rule, score)
    return list(found.values())


def _of_conversation(
    commit: CommitFacts, message_id: str, places: _Places, talk: Conversations,
    names: CommitNames,
) -> tuple[Case | None, str, float]:  # fmt: skip
    """Find the case of a linked mail that is no report: its cause or reporter must agree."""
    mail = talk.mails.get(message_id)
    if mail is None:
        return None, "", 0.0
    causes = {names.key(one) for one in commit.values("fixes", "reverts")}
    people = {one.lower() for one in commit.values("reporter")}
    for case in places.by_root.get(mail.root, ()):
        reporters = {report.email.lower() for report in case.reports.values()}
        if causes & culprit_keys(case.events, names):
            return case, "commit-link-thread-culprit", 0.85
        if people & reporters - {""}:
            return case, "commit-link-thread-reporter", 0.8
    return None, "", 0.0


def _makes_one(commit: CommitFacts) -> bool:
    """Tell whether a commit by itself tells of a regression: a cause, and a report of it."""
    return bool(commit.values("fixes") and commit.values("reporter", "closes"))


def _case_of(commit: CommitFacts, talk: Conversations) -> Case:
    """Open the case that a commit alone tells of."""
    case = Case(origin="commit", score=0.7, mechanisms=set(commit.mechanisms))
    closes = next((one for one in commit.relations if one.kind == "closes"), None)
    for value in commit.values("closes"):
        kind, name = target(value)
        if kind == "message":
            people = commit.values("reporter")
            email = people[0] if len(people) == 1 else ""
            here = _here(name, talk)
            case.reports[name] = here or Report(name, None, email, email, "", False)
        elif kind == "bug":
            case.bugs.add(name)
    named = closes or next(one for one in commit.relations if one.kind == "reporter")
    rule = f"commit-{'closes' if closes else 'reported'}"
    case.events += closing(commit, named, rule, 0.95 if closes else 0.8)
    return case


def closing(commit: CommitFacts, named: Relation, rule: str, score: float) -> list[Event]:
    """Return what a commit that closes a report says: itself, its causes, its people.

    Parameters
    ----------
    commit : CommitFacts
        The fix.
    named : Relation
        Where it names the report.
    rule : str
        How it was found to close it.
    score : float
        0..1.
    """
    found = [_event(commit, "closes", commit.sha, "commit", named, rule, score)]
    for relation in commit.relations:
        if relation.kind in ("fixes", "reverts"):
            title = relation.title
            kind = "culprit"
            found.append(_event(commit, kind, relation.value, title, relation, relation.rule, 0.97))
        elif relation.kind in _ROLES:
            value = relation.value
            found.append(
                _event(commit, "role", value, relation.kind, relation, relation.rule, 0.97)
            )
    return found


def _event(
    commit: CommitFacts, kind: str, value: str, detail: str, at: Relation, rule: str, score: float
) -> Event:
    source: Source = "trailer"
    return Event(
        commit.committer_utc or commit.author_utc, kind, None, commit.sha, commit.author, value,
        detail, at.start, at.stop, rule, score, source,
    )  # fmt: skip


def add_curated(
    cases: list[Case], facts: Iterable[CuratedFact], talk: Conversations, names: CommitNames
) -> list[Case]:
    """Join curated facts to the cases that they are about; open cases for the others.

    Parameters
    ----------
    cases : list of Case
        From mails and commits.
    facts : iterable of CuratedFact
        In any order.
    talk : Conversations
        A report that is here is shown as it is, not as the fact has it.
    names : CommitNames
        To bring hashes to one name.

    Returns
    -------
    list of Case
        Those given, and the new ones.

    Notes
    -----
    A fact is about the case with one of its reports, else about the one case with one of
    its fixes and its culprit; more than one such case leaves it a case of its own.
    """
    found = list(cases)
    for fact in sorted(facts, key=lambda one: (one.reported_utc or "", one.title)):
        case = _about(fact, found, names)
        if case is None:
            case = Case(origin="curated", score=fact.score)
            found.append(case)
        for report in _reports(fact, talk):
            case.reports.setdefault(report.message_id, report)
        case.mechanisms |= fact.mechanisms
        case.events += _told(fact)
    return found


def _reports(fact: CuratedFact, talk: Conversations) -> Iterable[Report]:
    """Return the reports that a fact names; its date is the first's, its reporter the only one's."""
    alone = len(fact.reports) == 1
    for place, message_id in enumerate(fact.reports):
        utc = None if place else fact.reported_utc
        named = Report(message_id, utc, fact.reporter if alone else "", "", "", False)
        yield _here(message_id, talk) or named


def _here(message_id: str, talk: Conversations) -> Report | None:
    """Return a report as the mail itself has it; None if the mail is not here."""
    mail = talk.mails.get(message_id)
    if mail is None:
        return None
    return Report(message_id, mail.date_utc, mail.person, mail.email, mail.subject, True)


def _about(fact: CuratedFact, cases: Sequence[Case], names: CommitNames) -> Case | None:
    by_report = [case for case in cases if case.reports.keys() & set(fact.reports)]
    if by_report:
        return by_report[0]
    fixes = {names.key(one) for one in fact.fixes}
    culprit = names.key(fact.culprit) if fact.culprit else ""
    found = [
        case
        for case in cases
        if not case.values("curated")
        and fixes & {names.key(one) for one in case.values("closes", "fix")}
        and (not culprit or culprit in {names.key(one) for one in case.values("culprit")})
    ]
    return found[0] if len(found) == 1 else None


def _told(fact: CuratedFact) -> list[Event]:
    """Return what a curated fact says, as events."""
    utc = fact.reported_utc
    rows = [("curated", fact.title, fact.source)]
    if fact.culprit:
        rows.append(("culprit", fact.culprit, ""))
    rows += [("role", one, "reporter") for one in fact.reporter.split(", ") if one]
    rows += [("fix", one, "commit") for one in fact.fixes]
    rows += [("note", one, "has to do with it") for one in fact.notes]
    if fact.state in ("resolved", "inconclusive"):
        rows.append(({"resolved": "resolve"}.get(fact.state, fact.state), fact.why, ""))
    return [
        Event(utc, kind, None, None, "", value, detail, 0, 0, "curated", fact.score, "curated")
        for kind, value, detail in rows
    ]

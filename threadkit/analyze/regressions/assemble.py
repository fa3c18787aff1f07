"""From signals of mails and facts of commits to regressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from threadkit.analyze.regressions.cases import Conversations, cases_of
from threadkit.analyze.regressions.commit_names import CommitNames, Resolution, is_hash
from threadkit.analyze.regressions.facts import CommitFacts, CuratedFact, MailLink, MailSignals
from threadkit.analyze.regressions.fixes import known
from threadkit.analyze.regressions.folding import fold
from threadkit.analyze.regressions.from_commits import add_commits, add_curated
from threadkit.analyze.regressions.grouping import grouped
from threadkit.analyze.regressions.hearsay import this_patch
from threadkit.analyze.regressions.regression import Regression


def assemble(
    mails: Iterable[MailSignals],
    commits: Iterable[CommitFacts] = (),
    links: Iterable[MailLink] = (),
    curated: Iterable[CuratedFact] = (),
    answers: Mapping[str, Resolution] | None = None,
) -> list[Regression]:
    """Put regressions together.

    Parameters
    ----------
    mails : iterable of MailSignals
        Whole conversations, in any order.
    commits : iterable of CommitFacts
        All that are known, in any order.
    links : iterable of MailLink
        Which mails became which commits.
    curated : iterable of CuratedFact
        What is known from elsewhere; it never overrides trailers.
    answers : mapping of str to Resolution, optional
        What looking up hashes as written has shown.

    Returns
    -------
    list of Regression
        Oldest first; the same whatever the order of what came in.

    Examples
    --------
    >>> from threadkit.analyze.regressions.values import Signal
    >>> said = Signal("report", "", "broke", 0, 9, "prose-broke", 0.9)
    >>> cause = Signal("culprit", "0123456789ab", "", 10, 22, "prose-bisected", 0.9)
    >>> mail = MailSignals("a@example.org", "a@example.org", None, "2024-03-01T09:00:00Z", "Ann",
    ...     "ann@example.org", "[REGRESSION] sound is gone", False, (said, cause), 0.9)
    >>> [one] = assemble([mail])
    >>> one.title, one.state, one.culprit.name, one.culprit.why
    ('sound is gone', 'open', '0123456789ab', 'unknown here')

    Notes
    -----
    Linear in mails; cases with one culprit are compared pair by pair.
    """
    talk = Conversations(mails)
    all_commits, facts = list(commits), list(curated)
    names = CommitNames(
        (one.sha for one in all_commits), answers, _written(talk, all_commits, facts)
    )
    cases = add_commits(cases_of(talk), all_commits, talk, names)
    cases = add_curated(cases, facts, talk, names)
    looked_up = known(all_commits, names, links, talk.mails)
    for case in cases:
        case.events = this_patch(case.events, looked_up)
    found, maybe = grouped(cases, looked_up.commits, names)
    regressions = [fold(case, looked_up, maybe.get(id(case), ())) for case in found]
    regressions.sort(key=lambda one: (one.reported_utc or one.last_utc or "9", one.key, one.title))
    return _named_apart(regressions)


def _named_apart(regressions: Iterable[Regression]) -> list[Regression]:
    """Give those a number that would have one key: several things that one commit mended."""
    found: list[Regression] = []
    counts: dict[str, int] = {}
    for one in regressions:
        counts[one.key] = number = counts.get(one.key, 0) + 1
        found.append(one if number == 1 else replace(one, key=f"{one.key}#{number}"))
    return found


def _written(
    talk: Conversations, commits: Iterable[CommitFacts], curated: Iterable[CuratedFact]
) -> set[str]:
    """Gather all hashes as they are written anywhere."""
    found: set[str] = set()
    for mail in talk.mails.values():
        for signal in mail.signals:
            found.update(signal.value.split()[:1])
    for commit in commits:
        found.update(one.value for one in commit.relations)
    for fact in curated:
        found.update((fact.culprit, *fact.fixes))
    return {name for name in found if is_hash(name)}

"""The first page: what was asked, who answered how, what came of it, what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from threadkit.site.claims import BY_MODEL, places
from threadkit.site.concessions import Concession, concessions
from threadkit.site.findings import SAYS, modelled, verdicts
from threadkit.site.frame import page
from threadkit.site.front import front
from threadkit.site.lanes import lanes
from threadkit.site.strip import strip
from threadkit.site.values import Asked, Claim, Mail, Page, Person, Question, Site

COLUMNS = 4
"""People who get a column of their own in the table of answers."""

LISTED = 8
"""Entries of a list; the rest is on the page that the list leads to."""

ROWS = 30
"""Questions of the table of who argues what; the page of questions has all."""

IDS = 100
"""Claims that are named in one place."""

_MANY = 300  # claims; of more, each place names a few
_FEW_IDS = 5

STATUSES = ("upheld", "conceded", "contested", "open", "withdrawn", "unanswered")
_STANDS = ("yes", "no", "depends", "asks", "other", "")
_TALKATIVE = 5
_NO_ANSWER = "no direct reply"


class Answer(NamedTuple):
    """What somebody says to a question: the word, and the claims that say so."""

    stand: str
    claims: tuple[Claim, ...]


class Row(NamedTuple):
    """A question, what the people with a column answer, and what the others do.

    ``words`` is False where nobody says yes, no or depends, so that words tell nothing.
    """

    question: Question | None
    cells: tuple[tuple[Answer, ...], ...]
    rest: tuple[tuple[Person, tuple[Answer, ...]], ...]
    words: bool


class Table(NamedTuple):
    """Who argues what."""

    people: tuple[Person, ...]
    rows: tuple[Row, ...]


def pages(site: Site) -> Iterator[Page]:
    """Make ``index.html``.

    Parameters
    ----------
    site : Site
        What is shown; one without claims gets a page as well.

    Yields
    ------
    Page
        One.
    """
    writers = _writers(site)
    wrote = {person.key for person in writers}
    here = page(
        site,
        "index.html",
        "overview.html",
        title="Overview",
        way="index",
        drawn=lanes(site),
        kernels=front(site),
        talk=[mail for mail in site.mails if mail.where == "thread"],
        writers=writers,
        statuses=_counted((claim.status for claim in site.claims), STATUSES),
        table=answers(site),
        claimants=[] if site.questions else _claimants(site),
        conceded=_together(concessions(site)),
        concessions=len(concessions(site)),
        unanswered=[claim for claim in site.claims if claim.status == "unanswered"],
        open_asked=[one for one in _alone(site.asked) if one.outcome == _NO_ANSWER],
        met_asked=[one for one in _alone(site.asked) if one.outcome != _NO_ANSWER],
        verdicts=verdicts(site.claims) if modelled(site.claims) else [],
        says=SAYS,
        told=places(site, BY_MODEL),
        drew=[] if site.claims else _drew(site),
        speakers=Counter(key in wrote for key in {claim.person for claim in site.claims}),
        silent=_silent(site),
        events=strip(site),
        listed=LISTED,
        shown_ids=IDS if len(site.claims) <= _MANY else _FEW_IDS,
        rows=ROWS,
    )
    yield Page("index.html", here)


def answers(site: Site) -> Table:
    """Return who answers which question how.

    Parameters
    ----------
    site : Site
        Claims without a question come last, in a row of their own; where there is no question
        at all there is no table.

    Returns
    -------
    Table
        Its columns are the people with most claims.
    """
    if not site.questions:
        return Table((), ())
    made = Counter(claim.person for claim in site.claims)
    order = {key: place for place, key in enumerate(site.people)}
    keys = sorted((key for key in made if key in order), key=lambda key: (-made[key], order[key]))
    columns = keys[:COLUMNS]
    rows = []
    for question in [*site.questions, None]:
        key = question.key if question else ""
        here = [claim for claim in site.claims if claim.question == key]
        if here:
            rest = [(site.people[one], _said(here, one)) for one in keys[COLUMNS:]]
            cells = tuple(_said(here, one) for one in columns)
            words = any(one.stand in _STANDS[:3] for one in here)
            rows.append(Row(question, cells, tuple(pair for pair in rest if pair[1]), words))
    return Table(tuple(site.people[one] for one in columns), tuple(rows))


def _claimants(site: Site) -> list[tuple[Person, int]]:
    """Return who makes claims, and how many; those with most first."""
    made = Counter(claim.person for claim in site.claims)
    found = [(person, made[key]) for key, person in site.people.items() if made[key]]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].name))


def _said(claims: Sequence[Claim], person: str) -> tuple[Answer, ...]:
    found = []
    for stand in _STANDS:
        here = [one for one in claims if one.person == person and one.stand == stand]
        if here:
            found.append(Answer(stand or "other", tuple(here)))
    return tuple(found)


def _together(found: Sequence[Concession]) -> list[tuple[Concession, list[Claim]]]:
    """Join what is conceded by the same claim to the same person."""
    joined: dict[tuple[str, str], tuple[Concession, list[Claim]]] = {}
    for one in found:
        key = (f"by {one.source.id}" if one.source else one.claim.id, one.claim.person)
        joined.setdefault(key, (one, []))[1].append(one.claim)
    return list(joined.values())


def _writers(site: Site) -> list[Person]:
    keys = {mail.person for mail in site.mails if mail.where == "thread"}
    return [person for key, person in site.people.items() if key in keys]


def _silent(site: Site) -> list[Person]:
    """Return people who wrote much and of whom no claim is shown."""
    spoke = {claim.person for claim in site.claims}
    wrote = [one for one in _writers(site) if one.messages >= _TALKATIVE and one.key not in spoke]
    return sorted(wrote, key=lambda one: (-one.messages, one.name))


def _drew(site: Site) -> list[tuple[Mail, int]]:
    """Return the messages that drew most replies; of one reply nothing is made."""
    replies = Counter(mail.parent for mail in site.mails if mail.where == "thread")
    found = [(mail, replies[mail.message_id]) for mail in site.mails if mail.name]
    found = [pair for pair in found if pair[1] > 1]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].order))[:LISTED]


def _alone(asked: Iterable[Asked]) -> list[Asked]:
    """Leave out what is shown as a claim."""
    return [one for one in asked if not one.claim]


def _counted(words: Iterable[str], order: Sequence[str]) -> list[tuple[str, int]]:
    found = Counter(words)
    known = [(word, found[word]) for word in order if found[word]]
    return known + sorted((word, found[word]) for word in found if word not in order)

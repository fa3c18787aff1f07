"""Pages of people: what they claim and concede, whom they answer, what they wrote."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from threadkit.site.concessions import Concession, concessions
from threadkit.site.frame import page
from threadkit.site.index_of import index_of
from threadkit.site.lanes import Timeline
from threadkit.site.paging import parts
from threadkit.site.values import Asked, Claim, Mail, Page, Person, Site

ROWS = 700
"""Most rows of people, or of somebody's messages, that one page lists."""


class Deed(NamedTuple):
    """What somebody did in a conversation, as counts and lists.

    ``concedes`` is what they gave in to, ``won`` what others conceded to them.
    """

    person: Person
    mails: tuple[Mail, ...]
    claims: tuple[Claim, ...]
    concedes: tuple[Concession, ...]
    won: tuple[Concession, ...]
    asked: tuple[Asked, ...]
    answers: tuple[tuple[Person, int], ...]
    answered_by: tuple[tuple[Person, int], ...]

    @property
    def unanswered(self) -> list[Claim]:
        """Claims to which nobody answered."""
        return [claim for claim in self.claims if claim.status == "unanswered"]


def pages(site: Site) -> Iterator[Page]:
    """Make ``people.html`` and a page for each person; long ones in parts.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        Parts after the first end in ``~2``, ``~3`` and so on, which no key does.
    """
    timeline = Timeline(site)
    done = deeds(site)
    for part in parts("people", done, ROWS):
        here = page(
            site,
            part.path,
            "people.html",
            title="People",
            way="people",
            part=part,
            drawn=timeline.everybody() if part.number == 1 else None,
            total=len(done),
        )
        yield Page(part.path, here)
    for deed in done:
        yield from _person(site, deed, timeline)


def deeds(site: Site) -> list[Deed]:
    """Return what everybody did, in the order of the site's people.

    Parameters
    ----------
    site : Site
        Answers to oneself are not counted.

    Returns
    -------
    list of Deed
        People who neither wrote nor claimed anything have empty ones.
    """
    known = index_of(site)
    mails: dict[str, list[Mail]] = defaultdict(list)
    claims: dict[str, list[Claim]] = defaultdict(list)
    asked: dict[str, list[Asked]] = defaultdict(list)
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    answered_by: dict[str, Counter[str]] = defaultdict(Counter)
    for mail in site.mails:
        mails[mail.person].append(mail)
        parent = known.mail(mail.parent)
        if parent and parent.person != mail.person and parent.person in site.people:
            answers[mail.person][parent.person] += 1
            if mail.person in site.people:
                answered_by[parent.person][mail.person] += 1
    for claim in site.claims:
        claims[claim.person].append(claim)
    conceded = concessions(site)
    for one in site.asked:
        if not one.claim:
            asked[one.person].append(one)
    return [
        Deed(
            person,
            tuple(sorted(mails[key], key=lambda mail: (mail.utc or "", mail.order))),
            tuple(claims[key]),
            tuple(gift for gift in conceded if gift.by == key),
            tuple(
                gift for gift in conceded if gift.claim.person == key and gift.by not in ("", key)
            ),
            tuple(asked[key]),
            _most(site, answers[key]),
            _most(site, answered_by[key]),
        )
        for key, person in site.people.items()
    ]


def _person(site: Site, deed: Deed, timeline: Timeline) -> Iterator[Page]:
    questions = {question.key: question for question in site.questions}
    for part in parts(deed.person.page.removesuffix(".html"), deed.mails, ROWS):
        here = page(
            site,
            part.path,
            "person.html",
            title=deed.person.name,
            way="people",
            deed=deed,
            part=part,
            drawn=timeline.person(deed.person.key) if part.number == 1 else None,
            questions=questions,
        )
        yield Page(part.path, here)


def _most(site: Site, counted: Counter[str]) -> tuple[tuple[Person, int], ...]:
    order = {key: place for place, key in enumerate(site.people)}
    keys = sorted(counted, key=lambda key: (-counted[key], order[key]))
    return tuple((site.people[key], counted[key]) for key in keys)

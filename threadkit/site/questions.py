"""The page of questions: those that the debate is about, and those that mails asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from threadkit.site.argument import argument
from threadkit.site.frame import page
from threadkit.site.links import outside
from threadkit.site.outline import Outline, outline
from threadkit.site.paging import parts
from threadkit.site.values import Asked, Claim, Page, Question, Site

ROWS = 250
"""Most questions of mails on one page."""

OUTCOMES = ("no direct reply", "taken up", "own", "answered")
"""In the order in which they are shown: open ones first."""

_LONGEST = 40  # lines of an outline on this page; the map's page has all
_NAMED, _FEW = 100, 2  # claims of one answer that are named; the few where a site has many
_MANY = 300  # claims of a site
_ROOM = 400  # lines of all outlines here together


class Debated(NamedTuple):
    """A question of the debate: its claims by how they answer it, and what bears on what."""

    question: Question
    stands: tuple[tuple[str, tuple[Claim, ...]], ...]
    outline: Outline | None
    total: int
    people: int


def pages(site: Site) -> Iterator[Page]:
    """Make ``questions.html``.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        None if there is no question; a long list in parts.
    """
    if not site.questions and not site.asked:
        return
    asked = in_order(site.asked)
    for part in parts("questions", asked, ROWS):
        yield Page(
            part.path,
            page(
                site,
                part.path,
                "questions.html",
                title="Questions",
                way="questions",
                part=part,
                debated=debated(site) if part.number == 1 else [],
                asked=asked,
                unanswered=sum(one.outcome == OUTCOMES[0] for one in asked),
                groups=[
                    (outcome, [one for one in part.rows if one.outcome == outcome])
                    for outcome in dict.fromkeys(one.outcome for one in part.rows)
                ],
                outside=outside,
                most=_NAMED if len(site.claims) <= _MANY else _FEW,
            ),
        )


def debated(site: Site) -> list[Debated]:
    """Return the questions of the debate with their claims.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    list of Debated
        In the site's order; long outlines are left to the pages of the maps.
    """
    found = []
    room = _ROOM
    for question in site.questions:
        said = argument(site, question)
        claims = said.claims.values()
        nested = outline(said)
        found.append(
            Debated(
                question,
                tuple(_by_stand(list(claims))),
                nested if len(nested.rows) <= min(_LONGEST, room) else None,
                len(claims),
                len({claim.person for claim in claims}),
            )
        )
        room -= len(nested.rows) if found[-1].outline else 0
    return found


def in_order(asked: Sequence[Asked]) -> list[Asked]:
    """Sort what mails asked: open ones first, then by the site's order.

    Parameters
    ----------
    asked : sequence of Asked
        Of a site.
    """
    rank = {outcome: number for number, outcome in enumerate(OUTCOMES)}
    return sorted(asked, key=lambda one: rank.get(one.outcome, len(rank)))


def _by_stand(claims: Sequence[Claim]) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    for stand in ("yes", "no", "depends"):
        some = tuple(claim for claim in claims if claim.stand == stand)
        if some:
            yield stand, some

"""The table of all claims: by what became of them, person, question, what the model says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from threadkit.site.findings import SAYS, modelled, summary, verdicts
from threadkit.site.frame import page
from threadkit.site.index_of import index_of
from threadkit.site.paging import Part, parts
from threadkit.site.replies import answered, replies
from threadkit.site.values import Claim, Page, Site

ROWS = 250
"""Most claims on one page."""

STATUSES = ("unanswered", "contested", "open", "conceded", "withdrawn", "upheld")
"""In the order in which a reader needs them."""

BY_MODEL = "claims-by-model"
"""Beginning of the names of the pages that have what the model says together."""

_ORDERS = {
    "claims": "By status",
    "claims-by-person": "By person",
    "claims-by-question": "By question",
    BY_MODEL: "By what the model says",
}


class Row(NamedTuple):
    """A line of the table."""

    claim: Claim
    replies: int
    model: tuple[tuple[str, int], ...]


class Group(NamedTuple):
    """Claims under one heading; ``anchor`` names it, ``page`` tells more, if there is one."""

    anchor: str
    title: str
    page: str
    rows: tuple[Row, ...]
    total: int


def pages(site: Site) -> Iterator[Page]:
    """Make ``claims.html`` and ``claims-by-person.html``, ``-by-question``, ``-by-model``.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        None if there is no claim, none by what no claim has; long tables in parts.
    """
    if not site.claims:
        return
    by_id = replies(site)
    rows = [
        Row(claim, answered(claim, by_id.get(claim.id, ())), tuple(summary(claim)))
        for claim in site.claims
    ]
    for beginning in _orders(site):
        yield from _order(site, beginning, _grouped(site, beginning, rows))


def places(site: Site, order: str) -> dict[str, str]:
    """Return where groups begin, from the top of the site.

    Parameters
    ----------
    site : Site
        What is shown.
    order : str
        Such as :data:`BY_MODEL`.

    Returns
    -------
    dict of str to str
        By anchor; empty if the site does not have this order.
    """
    if order not in _orders(site):
        return {}
    groups = _grouped(site, order, [Row(claim, 0, ()) for claim in site.claims])
    where = _begin(_cut(order, groups))
    return {group.anchor: f"{where[at]}#{group.anchor}" for at, group in enumerate(groups)}


def _orders(site: Site) -> dict[str, str]:
    """Return the orders that tell something."""
    left_out = set() if site.questions else {"claims-by-question"}
    if not modelled(site.claims):
        left_out.add(BY_MODEL)
    return {key: title for key, title in _ORDERS.items() if key not in left_out}


def _cut(order: str, groups: Sequence[Group]) -> list[Part[tuple[int, Row]]]:
    listed = [(number, row) for number, group in enumerate(groups) for row in group.rows]
    return list(parts(order, listed, ROWS))


def _begin(cut: Sequence[Part[tuple[int, Row]]]) -> dict[int, str]:
    """Return on which page each group begins."""
    return {number: part.path for part in reversed(cut) for number, _ in reversed(part.rows)}


def _order(site: Site, beginning: str, groups: Sequence[Group]) -> Iterator[Page]:
    """Make the pages of one order."""
    cut = _cut(beginning, groups)
    where = _begin(cut)
    for part in cut:
        here = [
            group._replace(rows=tuple(row for at, row in part.rows if at == number))
            for number, group in enumerate(groups)
        ]
        yield Page(
            part.path,
            page(
                site,
                part.path,
                "claims.html",
                title="Claims",
                way="claims",
                part=part,
                groups=[group for group in here if group.rows],
                ways_in=[
                    (group, ("" if where[at] == part.path else where[at]) + "#" + group.anchor)
                    for at, group in enumerate(groups)
                ],
                orders=[(f"{key}.html", title) for key, title in _orders(site).items()],
                order=f"{beginning}.html",
                questions={question.key: question for question in site.questions},
            ),
        )


def _grouped(site: Site, order: str, rows: Sequence[Row]) -> list[Group]:
    if order == "claims":
        words = dict.fromkeys([*STATUSES, *sorted({row.claim.status for row in rows})])
        names = [(word, f"status-{word}", word.capitalize(), "") for word in words]
        found = [(*name, [row for row in rows if row.claim.status == name[0]]) for name in names]
    elif order == "claims-by-person":
        keys = dict.fromkeys([*site.people, *(row.claim.person for row in rows)])
        known = index_of(site)
        found = []
        for key in keys:
            who = known.person(key)
            theirs = [row for row in rows if row.claim.person == key]
            found.append((key, f"person-{key}", who.name, who.page if who.key else "", theirs))
    elif order == BY_MODEL:
        by_id = {row.claim.id: row for row in rows}
        said = verdicts(site.claims)
        found = [
            (word, f"model-{word.replace(' ', '-')}", SAYS[word], "", [by_id[one.id] for one in some])
            for word, some in said
        ]  # fmt: skip
        told = {claim.id for _, some in said for claim in some}
        rest = [row for row in rows if row.claim.id not in told]
        found.append(("", "model-none", "Says nothing", "", rest))
    else:
        found = [
            (one.key, f"question-{one.key}", one.text, one.map_page,
             [row for row in rows if row.claim.question == one.key])
            for one in site.questions
        ]  # fmt: skip
        asked = {one.key for one in site.questions}
        rest = [row for row in rows if row.claim.question not in asked]
        found.append(("", "question-none", "Beside the questions", "", rest))
    return [
        Group(anchor, title, where, tuple(_sorted(some)), len(some))
        for _, anchor, title, where, some in found
        if some
    ]


def _sorted(rows: Sequence[Row]) -> list[Row]:
    """Put what nobody answered first, then what is oldest; the thread before what is beside it."""
    return sorted(
        rows,
        key=lambda row: (
            row.claim.status != "unanswered",
            row.claim.where != "thread",
            row.claim.utc or "9",
        ),
    )

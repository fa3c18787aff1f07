"""Maps of arguments: one a question, with the same as an outline, and alone as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from threadkit.graph.picture.part import most_connected
from threadkit.site.argument import SIGNS, TO_QUESTION, Argument, Bond, argument
from threadkit.site.boxes import WIDTH, Box, check, claim_box, question_box
from threadkit.site.drawing import Drawing, draw
from threadkit.site.frame import page
from threadkit.site.index_of import index_of
from threadkit.site.links import outside
from threadkit.site.outline import outline
from threadkit.site.placing import Run, place, placers
from threadkit.site.render import pieces
from threadkit.site.values import Page, Question, Site

MOST = 30
"""Claims on one map; more cannot be read."""

NO_PLACER = "no Graphviz was found (dot, or the package pygraphviz), so that outlines stand alone"
"""Why a site has no maps."""


class Map(NamedTuple):
    """The picture of an argument; ``shown`` of its claims are on it."""

    drawing: Drawing
    shown: int


def pages(site: Site) -> Iterator[Page]:
    """Make ``map-KEY.html`` for each question, and ``map-KEY.svg`` where Graphviz is at hand.

    Parameters
    ----------
    site : Site
        What is shown.

    Yields
    ------
    Page
        In the order of the questions.

    Raises
    ------
    SiteError
        A text does not fit its box, or Graphviz failed.
    """
    run = next(iter(placers().values()), None)
    for number, question in enumerate(site.questions):
        said = argument(site, question)
        drawn = map_of(site, said, run) if run is not None and said.claims else None
        yield Page(question.map_page, _page(site, number, said, drawn))
        if drawn is not None:
            yield Page(_picture(question), pieces("map.svg", _values(site, said, drawn)))


def map_of(site: Site, said: Argument, run: Run) -> Map:
    """Draw the map of an argument.

    Parameters
    ----------
    site : Site
        What is shown.
    said : Argument
        Of one of its questions.
    run : callable
        One of :func:`threadkit.site.placing.placers`.

    Returns
    -------
    Map
        Of at most :data:`MOST` claims: those around the one with the most bonds.

    Raises
    ------
    SiteError
        A text does not fit its box, or Graphviz failed.
    """
    chosen = most_connected(said.near(), MOST)
    boxes: dict[str, Box] = {TO_QUESTION: question_box(said.question.text)}
    boxes.update((key, claim_box(site, one)) for key, one in said.claims.items() if key in chosen)
    check(_picture(said.question), boxes.values())
    bonds = [bond for bond in said.bonds if bond.source in boxes and bond.target in boxes]
    sizes = {key: (WIDTH, box.height) for key, box in boxes.items()}
    laid = place(sizes, [(bond.source, bond.target) for bond in bonds], run)
    return Map(draw(said, boxes, bonds, laid), len(chosen))


def kinds_of(bonds: Iterable[Bond]) -> list[tuple[str, str]]:
    """Return the kinds of bonds that there are, with their signs, in the order of the signs.

    Parameters
    ----------
    bonds : iterable of Bond
        Of a map or an outline.
    """
    there = {bond.kind for bond in bonds}
    return [(sign, kind) for kind, sign in SIGNS.items() if kind in there]


def _page(site: Site, number: int, said: Argument, drawn: Map | None) -> Iterator[str]:
    question = said.question
    around = site.questions[number - 1 : number] if number else ()
    values = _values(site, said, drawn)
    del values["site"]
    return page(
        site,
        question.map_page,
        "map.html",
        title=question.text,
        way="questions",
        before=around[0] if around else None,
        after=site.questions[number + 1] if number + 1 < len(site.questions) else None,
        number=number + 1,
        picture=_picture(question),
        outline=outline(said),
        people=len({claim.person for claim in said.claims.values()}),
        no_placer=NO_PLACER,
        outside=outside,
        questions={one.key: one for one in site.questions},
        **values,
    )


def _values(site: Site, said: Argument, drawn: Map | None) -> dict[str, object]:
    return {
        "site": site,
        "said": said,
        "map": drawn,
        "width": WIDTH,
        "who": index_of(site).person,
        "kinds": kinds_of(said.bonds),
    }


def _picture(question: Question) -> str:
    return question.map_page.removesuffix(".html") + ".svg"

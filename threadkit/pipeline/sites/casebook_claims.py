"""The claims of a casebook, with their passages checked against the mails that are here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadkit.casebook.spans import find_passage
from threadkit.casebook.values import SURE
from threadkit.pipeline.commit import is_hash
from threadkit.pipeline.sites.places import in_body
from threadkit.site.values import Claim, Edge, Evidence, Place, Question, Tested

if TYPE_CHECKING:
    from threadkit.casebook.modelled import EraCost, ModelEntry
    from threadkit.casebook.values import Afterwards, Casebook, Decision
    from threadkit.casebook.values import Claim as Said
    from threadkit.casebook.values import Evidence as Shown
    from threadkit.casebook.values import Place as Passage

_CHECKS = {"here": "matches", "moved": "moved"}


@dataclass(frozen=True, slots=True)
class Sources:
    """What claims are checked against.

    Attributes
    ----------
    body : callable
        Gives the text of a mail by its name; None if it is not here.
    utc : mapping of str to str or None
        Dates of mails, by name.
    verdicts : mapping of (str, str) to str
        What the model says, by scenario and era.
    costs : mapping of (str, str) to mapping of str to str
        What it counts, by scenario and era, then name.
    regressions : mapping of str to str
        Keys of the site's regressions, by title, and by twelve digits of a fix of it alone.
    """

    body: Callable[[str], str | None]
    utc: Mapping[str, str | None]
    verdicts: Mapping[tuple[str, str], str]
    costs: Mapping[tuple[str, str], Mapping[str, str]]
    regressions: Mapping[str, str]

    def cost(self, scenario: str, one: EraCost) -> str:
        """Return what the model counts; empty if it was not run.

        Parameters
        ----------
        scenario : str
            Its name.
        one : EraCost
            Era, and name of the count.
        """
        counted = self.costs.get((scenario, one.era))
        return "" if counted is None else counted.get(one.name, "0")  # zeros are not stored


def claims(book: Casebook, known: Sources) -> list[Claim]:
    """Make the claims of a casebook.

    Parameters
    ----------
    book : Casebook
        The casebook.
    known : Sources
        What they are checked against.

    Returns
    -------
    list of Claim
        In the casebook's order.
    """
    found = f"read by {book.curated_by}, {book.curated_date}; casebook {book.name}"
    return [_claim(one, known, found) for one in book.claims]


def questions(book: Casebook) -> list[Question]:
    """Make the questions of a casebook.

    Parameters
    ----------
    book : Casebook
        The casebook.
    """
    return [
        Question(one.key, one.text, one.outcome, tuple(evidence(one.sources)))
        for one in book.questions
    ]


def evidence(some: Iterable[Shown]) -> Iterator[Evidence]:
    """Make what is shown for something.

    Parameters
    ----------
    some : iterable of threadkit.casebook.values.Evidence
        Of a casebook.

    Yields
    ------
    Evidence
        In the same order.
    """
    for one in some:
        kind = "commit" if one.commit else "message" if one.message else "url"
        yield Evidence(kind, one.name, one.shows, one.whose)


def scenarios(book: Casebook) -> list[str]:
    """Name the scenarios that claims refer to, each once, in the order of the claims.

    Parameters
    ----------
    book : Casebook
        The casebook.
    """
    named = (entry.scenario for one in book.claims for entry in one.model if entry.scenario)
    return list(dict.fromkeys(named))


def place(one: Passage, known: Sources) -> Place:
    """Make a passage: its words where they are here, else why they are not.

    Parameters
    ----------
    one : threadkit.casebook.values.Place
        Of a casebook.
    known : Sources
        Has the mails.

    Returns
    -------
    Place
        Its check says whether the words are those that were read.
    """
    name = one.message or ""
    start, stop = one.start or 0, one.stop or 0
    text = known.body(name) if name and one.is_known else None
    if text is None:
        return Place(name, start, stop, url=one.url, note=one.unseen)
    passage = find_passage(text, one)
    if passage.start is None or passage.stop is None:
        note = "the mail that is here does not have the passage that was read"
        return Place(name, start, stop, check="missing", url=one.url, note=note)
    made = in_body(text, name, (passage.start, passage.stop), check=_CHECKS[passage.kind])
    return made._replace(url=one.url)


def _claim(one: Said, known: Sources, found: str) -> Claim:
    places = [place(each, known) for each in (one.said, *one.also)]
    return Claim(
        id=str(one.id),
        gist=one.gist,
        person=one.by,
        utc=known.utc.get(one.said.message or ""),
        kind=one.kind,
        status=one.status,
        why=one.why,
        stand=one.stand,
        question=one.question,
        where=one.within,
        places=places,
        stances=[
            Edge(each.kind, str(each.target), place(each.said, known) if each.said else None)
            for each in one.stances
        ],
        evidence=list(evidence(one.evidence)),
        tested=[_tested(each, known) for each in one.model],
        decision=list(_decided(one.decision)) if one.decision else (),
        afterwards=list(_came(one.afterwards, known)) if one.afterwards else (),
        found=found,
        sure=SURE[one.sure],
    )


def _tested(one: ModelEntry, known: Sources) -> Tested:
    if not one.scenario:
        return Tested("", "not modelled", one.not_modelled)
    name = one.scenario
    return Tested(
        name,
        one.stance,
        one.why,
        tuple((era, said, known.verdicts.get((name, era), "")) for era, said in one.verdicts),
        tuple(
            (each.era, each.name, bounds(each.least, each.most), known.cost(name, each))
            for each in one.costs
        ),
    )  # fmt: skip


def bounds(least: int, most: int) -> str:
    """Write the bounds of a count.

    Parameters
    ----------
    least, most : int
        Over all interleavings.

    Examples
    --------
    >>> bounds(0, 2), bounds(1, 1)
    ('0..2', '1')
    """
    return str(least) if least == most else f"{least}..{most}"


def _decided(one: Decision) -> Iterator[Evidence]:
    yield Evidence("word", one.what, one.note)
    if one.commit:
        yield Evidence("commit", one.commit, "")
    if one.message:
        yield Evidence("message", one.message, "")


def _came(one: Afterwards, known: Sources) -> Iterator[Evidence]:
    yield Evidence("word", one.what, one.note)
    if one.regression:
        name = one.regression
        key = known.regressions.get(name) or known.regressions.get(name[:12])
        yield Evidence("commit" if not key and is_hash(name) else "regression", key or name, "")

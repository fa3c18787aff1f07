"""What an article is about: a part of a site, with what bears on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from threadkit.analyze.debate.corrections import BY_HAND
from threadkit.site.releases import about
from threadkit.site.values import Claim, Commit, Evidence, Regression, Site

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Scope:
    """What an article tells.

    Attributes
    ----------
    site : Site
        What is told, and no more.
    title : str
        Heading.
    what : str
        What the article is of, in words: ``claim cow-2020/9``.
    main : frozenset of str
        Ids of the claims asked for; the others bear on them. Empty: all were asked for.
    book : str
        Name of the casebook that claims are read from, or empty.
    is_short : bool
        Tell at length only what is central; the rest in lines and counts.
    """

    site: Site
    title: str
    what: str
    main: frozenset[str] = frozenset()
    book: str = ""
    is_short: bool = False

    def is_main(self, claim: Claim) -> bool:
        """Tell whether a claim was asked for; the others only bear on such.

        Parameters
        ----------
        claim : Claim
            Of the site.
        """
        return not self.main or claim.id in self.main

    def name(self, claim: Claim) -> str:
        """Return the name of a claim on the command line.

        Parameters
        ----------
        claim : Claim
            Of the site.
        """
        return f"{self.book}/{claim.id}" if self.book and is_read(claim) else claim.id


def is_read(claim: Claim) -> bool:
    """Tell whether a person wrote the whole claim down, in a casebook.

    Parameters
    ----------
    claim : Claim
        Of a site.

    Returns
    -------
    bool
        False if a person only accepted what a program found.
    """
    return claim.id.isdecimal()


def reviewed_status(claim: Claim) -> bool:
    """Tell whether a person said what became of a claim.

    Parameters
    ----------
    claim : Claim
        Of a site.
    """
    return is_read(claim) or claim.why.startswith(BY_HAND)


def reviewed(site: Site) -> Site:
    """Leave out whatever nobody looked at.

    Parameters
    ----------
    site : Site
        Perhaps with candidates.

    Returns
    -------
    Site
        With accepted claims only, and with no status, scenario or place in a debate that only
        a program gave them.
    """
    kept = [one for one in site.claims if one.state == "accepted"]
    names = {one.id for one in kept}
    titles = {one.key: one.title for one in site.regressions}
    return replace(site, claims=[_trimmed(one, names, titles) for one in kept], asked=())


def around(site: Site, main: Collection[str]) -> Site:
    """Keep some claims, what bears on them and on what they bear, and what these name.

    Parameters
    ----------
    site : Site
        Only reviewed findings.
    main : collection of str
        Ids of claims.
    """
    near = set(main)
    for one in site.claims:
        for edge in one.stances:
            if one.id in main or edge.claim in main:
                near |= {one.id, edge.claim}
    kept = [one for one in site.claims if one.id in near]
    names = {one.id for one in kept}
    claims = [
        replace(one, stances=[edge for edge in one.stances if edge.claim in names]) for one in kept
    ]
    asked = {one.question for one in claims}
    return replace(
        site,
        about="",
        outcome="",
        outcome_sources=(),
        claims=claims,
        questions=[one for one in site.questions if one.key in asked],
        regressions=_touched(site.regressions, [one for one in claims if one.id in main]),
    )


def named_commits(site: Site) -> list[Commit]:
    """Return the commits that reviewed findings name, oldest first.

    Parameters
    ----------
    site : Site
        Only reviewed findings; a commit that mails merely cite is not among them.
    """
    shown = [*site.outcome_sources, *_shown(site.claims)]
    for question in site.questions:
        shown += question.sources
    shas = {one.value[:_SHORT] for one in shown if one.kind == "commit"}
    for broken in site.regressions:
        shas |= _hashes(broken)
    found = [one for one in site.commits if one.sha[:_SHORT] in shas]
    guessed = about(found)
    return sorted(found, key=lambda one: (one.utc or guessed.get(one.sha, "9"), one.sha))


def _trimmed(claim: Claim, names: Collection[str], titles: Mapping[str, str]) -> Claim:
    """Leave out what only a program says of a claim; regressions get their titles."""
    claim = replace(
        claim,
        stances=[edge for edge in claim.stances if edge.claim in names],
        afterwards=[
            one._replace(value=titles.get(one.value, one.value))
            if one.kind == "regression"
            else one
            for one in claim.afterwards
        ],
    )
    if not is_read(claim):
        claim = replace(claim, tested=())
    return claim if reviewed_status(claim) else replace(claim, status="", why="")


def _shown(claims: Iterable[Claim]) -> Iterator[Evidence]:
    """Yield what is shown for claims, and what became of them."""
    for one in claims:
        yield from (*one.evidence, *one.decision, *one.afterwards)


def _hashes(one: Regression) -> set[str]:
    return {sha[:_SHORT] for sha in (one.culprit, *one.fixes, *one.notes) if sha}


def _touched(some: Iterable[Regression], claims: Sequence[Claim]) -> list[Regression]:
    """Keep the regressions that claims name, report, or show commits of."""
    shown = list(_shown(claims))
    shas = {one.value[:_SHORT] for one in shown if one.kind == "commit"}
    named = {one.value for one in shown if one.kind == "regression"}
    mails = {place.message_id for one in claims for place in one.places}
    return [
        one
        for one in some
        if one.title in named
        or shas & _hashes(one)
        or mails & {report.message_id for report in one.reports}
    ]

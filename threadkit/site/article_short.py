"""The short article of a whole casebook: what is disputed or came true, the rest in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from threadkit.site.article_scope import Scope
from threadkit.site.article_words import Words
from threadkit.site.concessions import concessions
from threadkit.site.markdown import inline
from threadkit.site.render import count
from threadkit.site.values import Claim, Commit, Question, Site

QUOTED_MOST = 2
"""Claims of a question that are told at length: both sides, where there are two."""

_NOTABLE = frozenset(("contested", "conceded", "withdrawn", "unanswered"))


def is_notable(claim: Claim) -> bool:
    """Tell whether a short article tells a claim.

    Parameters
    ----------
    claim : Claim
        Of a site.

    Returns
    -------
    bool
        It is contested, conceded, given up or unanswered, or what it foresaw came true.
    """
    return claim.status in _NOTABLE or any(
        one.kind == "word" and one.value == "came true" for one in claim.afterwards
    )


def shortened(scope: Scope) -> Scope:
    """Keep the claims that a short article tells or quotes.

    Parameters
    ----------
    scope : Scope
        Of a whole casebook.

    Returns
    -------
    Scope
        With the claims that are notable, and those that concede something.
    """
    site = scope.site
    sources = {one.source.id for one in concessions(site) if one.source}
    kept = [one for one in site.claims if is_notable(one) or one.id in sources]
    return replace(scope, site=replace(site, claims=kept))


def central(claims: Sequence[Claim], site: Site) -> list[Claim]:
    """Choose the claims of a question that are told at length.

    Parameters
    ----------
    claims : sequence of Claim
        Of one question.
    site : Site
        With all claims, whose relations are counted.

    Returns
    -------
    list of Claim
        At most :data:`QUOTED_MOST`: the one in most relations, and the next that says
        something else to the question, if there is one.
    """
    known: Counter[str] = Counter()
    for one in site.claims:
        known.update([one.id] * len(one.stances))
        known.update(edge.claim for edge in one.stances)
    ranked = sorted(claims, key=lambda one: (-known[one.id], one.utc or "9", one.id))
    others = [one for one in ranked[1:] if one.stand != ranked[0].stand] or ranked[1:]
    return [*ranked[:1], *others[: QUOTED_MOST - 1]]


def line_of(scope: Scope, claim: Claim, words: Words) -> str:
    """Tell a claim in a line, with how it stands.

    Parameters
    ----------
    scope : Scope
        What is told.
    claim : Claim
        Of the site.
    words : Words
        Makes the links.
    """
    said = f": {inline(claim.gist)}" if claim.gist else ""
    where = words.dated(claim.places[0].message_id, claim.places[0].url) if claim.places else ""
    name = where or words.person(claim.person)
    return f"- {name}, {claim.status or 'not reviewed'}{said} ({inline(scope.name(claim))})"


def rest_of(question: Question, told: int, site: Site, book: str) -> str:
    """Count the claims of a question that are not told, and say where they are; or nothing.

    Parameters
    ----------
    question : Question
        Of the site.
    told : int
        How many are.
    site : Site
        With all claims.
    book : str
        Name of the casebook.
    """
    rest = sum(one.question == question.key for one in site.claims) - told
    return f"*{count(rest, 'more claim')}: threadkit draft {inline(book)} --all.*" if rest else ""


def short_commits(some: Sequence[Commit], site: Site) -> list[Commit]:
    """Keep the commits that outcomes name, and those that broke something.

    Parameters
    ----------
    some : sequence of Commit
        In the order to tell.
    site : Site
        What is told.
    """
    shown = [*site.outcome_sources, *(one for each in site.questions for one in each.sources)]
    shas = {one.value[:12] for one in shown if one.kind == "commit"}
    shas |= {one.culprit[:12] for one in site.regressions if one.culprit}
    return [one for one in some if one.sha[:12] in shas]


def short_model(scope: Scope, words: Words) -> Iterator[str]:
    """Count what the model says, and name the claims that it refutes.

    Parameters
    ----------
    scope : Scope
        With all claims.
    words : Words
        Names the claims.

    Yields
    ------
    str
        A sentence, and the claims that it refutes.
    """
    found = Counter(one.stance for claim in scope.site.claims for one in claim.tested)
    modelled = sum(any(one.scenario for one in claim.tested) for claim in scope.site.claims)
    if not modelled:
        return
    stances = ("supports", "refutes", "depends", "cost")
    counts = ", ".join(f"{found[one]} {one}" for one in stances if found[one])
    yield (
        f"{count(modelled, 'claim')} of {len(scope.site.claims)} run in the model ({counts})."
        " A verdict speaks of a scenario and of the rules of a kernel, not of a person."
    )
    refuted = [
        (claim, one)
        for claim in scope.site.claims
        for one in claim.tested
        if one.scenario and one.stance == "refutes"
    ]
    if refuted:
        yield ""
    for claim, one in refuted:
        yield f"- {inline(one.scenario)} refutes {words.claim(claim, one.why)}"

"""A conversation as the skeleton of an article, in Markdown: who says what, and how one knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from threadkit.site.article_facts import commit_lines, model_lines, regression_lines, source_lines
from threadkit.site.article_scope import Scope, is_read, named_commits
from threadkit.site.article_short import (
    central,
    is_notable,
    line_of,
    rest_of,
    short_commits,
    short_model,
    shortened,
)
from threadkit.site.article_words import Words
from threadkit.site.concessions import concessions
from threadkit.site.markdown import inline, quoted
from threadkit.site.render import count, day
from threadkit.site.values import Claim, Edge, Person, Place, Question

Sections = Sequence[tuple[str, Iterator[str]]]
"""Headings, and the lines below each."""

_SHORT = " It tells what is contested, given up, unanswered or came true; with --all it tells every claim."

_STANDS = {
    "yes": "answers yes", "no": "answers no", "depends": "answers that it depends", "asks": "asks",
}  # fmt: skip


def article(scope: Scope) -> Iterator[str]:
    """Write the article.

    Parameters
    ----------
    scope : Scope
        What it tells; only reviewed findings.

    Yields
    ------
    str
        Lines of CommonMark.
    """
    words = Words(scope)
    sections = _short(scope, words) if scope.is_short else _whole(scope, words)
    yield from _opening(scope, words)
    for title, lines in sections:
        found = list(lines)
        if found:
            yield from ("", f"## {title}", "", *found)


def _whole(scope: Scope, words: Words) -> Sections:
    return (
        ("Who speaks", _people(scope)),
        ("The claim" if len(scope.main) == 1 else "What was said", _said(scope, words, main=True)),
        ("What bears on it", _said(scope, words, main=False)),
        ("What was conceded", _conceded(scope, words)),
        ("What was never answered", _unanswered(scope, words)),
        ("Commits", commit_lines(named_commits(scope.site), words)),
        ("Regressions", regression_lines(scope.site.regressions, words)),
        ("What the model says", model_lines(scope, words)),
        ("What this covers, and how sure it is", _coverage(scope)),
        ("Sources", source_lines(scope, words)),
    )


def _short(scope: Scope, words: Words) -> Sections:
    site = scope.site
    return (
        ("Who speaks", _people(scope)),
        ("What is disputed, or came true", _central(scope, words)),
        ("What was conceded", _conceded(scope, words)),
        ("What was never answered", _unanswered(scope, words)),
        ("Commits", commit_lines(short_commits(named_commits(site), site), words)),
        ("Regressions", regression_lines(site.regressions, words)),
        ("What the model says", short_model(scope, words)),
        ("What this covers, and how sure it is", _coverage(scope)),
        ("Sources", source_lines(shortened(scope), words)),
    )


def _central(scope: Scope, words: Words) -> Iterator[str]:
    """Tell each question: its outcome, what is central at length, other notable claims in lines."""
    site = scope.site
    begun = False
    for question in site.questions:
        claims = [one for one in site.claims if one.question == question.key and is_notable(one)]
        yield from [""] if begun else []
        begun = True
        yield from _question(question, words)
        main = central(claims, site)
        for claim in main:
            yield from _claim(scope, claim, words)
            yield ""
        yield from (line_of(scope, one, words) for one in claims if one not in main)
        rest = rest_of(question, len(claims), site, scope.book)
        yield from [""] if len(claims) > len(main) else []
        yield rest


def _opening(scope: Scope, words: Words) -> Iterator[str]:
    """Say what this is, what is asked and what came of it."""
    site = scope.site
    yield f"# {inline(scope.title)}"
    yield ""
    curated = site.provenance.curated
    what = scope.what if not curated else f"{scope.what} ({curated})"
    what = curated if curated.startswith(f"{scope.what},") else what
    yield (
        f"*Skeleton of an article, of {inline(what)}. It tells only what a person reviewed."
        " Quotations are word for word from the mails; all else is in the words of the reviewers."
        f" Dates are UTC.{_SHORT if scope.is_short else ''}*"
    )
    yield ""
    inside = [mail for mail in site.mails if mail.where == "thread" and not mail.ghost]
    dates = sorted(mail.utc for mail in inside if mail.utc)
    wrote = {mail.person for mail in inside if mail.person}
    root = words.index.mail(site.root)
    subject = words.mail(site.root, root.subject if root and root.subject else site.title)
    when = f", {day(dates[0])} to {day(dates[-1])}" if dates else ""
    yield (
        f"The conversation: {subject}, {count(len(inside), 'message')}"
        f" by {count(len(wrote), 'person', 'people')}{when}."
    )
    if site.question not in (scope.title, site.title):
        yield from ("", f"The question: {inline(site.question)}")
    for text in (site.about, site.outcome):
        if text:
            yield from ("", inline(text))
    if site.outcome_sources:
        shown = "; ".join(words.evidence(one) for one in site.outcome_sources)
        yield from ("", f"How the outcome is known: {shown}.")


def _people(scope: Scope) -> Iterator[str]:
    """Name who makes the claims, those with most first."""
    made: dict[str, list[Claim]] = {}
    for claim in scope.site.claims:
        made.setdefault(claim.person, []).append(claim)
    for key, claims in sorted(made.items(), key=lambda item: (-len(item[1]), item[0])):
        person = scope.site.people.get(key, Person(key, key or "unknown"))
        about = f", {inline(person.about)}" if person.about else ""
        dates = sorted(one.utc for one in claims if one.utc)
        first = f", first on {day(dates[0])}" if dates else ""
        yield f"- **{inline(person.name)}**{about}: {count(len(claims), 'claim')} here{first}"


def _said(scope: Scope, words: Words, *, main: bool) -> Iterator[str]:
    """Tell the claims by the questions that they answer, each in the order of time."""
    site = scope.site
    told = [claim for claim in site.claims if scope.is_main(claim) is main]
    known = {one.key for one in site.questions}
    groups: list[tuple[Question | None, list[Claim]]] = [
        (one, [claim for claim in told if claim.question == one.key]) for one in site.questions
    ]
    groups.append((None, [claim for claim in told if claim.question not in known]))
    begun = False
    for question, claims in groups:
        if not claims:
            continue
        if begun:
            yield ""
        begun = True
        if question is not None:
            yield from _question(question, words)
        for number, claim in enumerate(sorted(claims, key=lambda one: one.utc or "9")):
            if number:
                yield ""
            yield from _claim(scope, claim, words)


def _question(question: Question, words: Words) -> Iterator[str]:
    yield f"### {inline(question.text)}"
    yield ""
    if question.outcome:
        shown = "; ".join(words.evidence(one) for one in question.sources)
        yield inline(question.outcome) + (f" ({shown})" if shown else "")
        yield ""


def _claim(scope: Scope, claim: Claim, words: Words) -> Iterator[str]:
    """Tell one claim: who, when, in our words, in theirs, and what became of it."""
    holder = f" of the view of {words.person(claim.holder)}" if claim.holder else ""
    stand = f", {_STANDS[claim.stand]}" if claim.stand in _STANDS else ""
    gist = f": {inline(claim.gist)}" if claim.gist else ":"
    yield f"**{words.person(claim.person)}**{holder}, {day(claim.utc)}{stand}{gist}"
    whole = claim.id in scope.main
    for number, place in enumerate(claim.places):
        if number == 0 or whole:
            yield ""
            yield from passage(place, words)
    if len(claim.places) > 1 and not whole:
        again = "; ".join(_where(one, words) for one in claim.places[1:])
        yield from ("", f"Said again: {again}.")
    facts = [*_became(claim, words), *_bears(claim.stances, words)]
    shown = [words.evidence(one) for one in claim.evidence]
    if shown:
        facts.append(f"Shown for it: {'; '.join(shown)}")
    facts.append(f"Claim {inline(scope.name(claim))}: {inline(claim.sure)}")
    yield ""
    yield from (f"- {fact}" for fact in facts)


def passage(place: Place, words: Words) -> Iterator[str]:
    """Quote a passage and say where it stands; what is not here is not quoted.

    Parameters
    ----------
    place : Place
        Of a claim.
    words : Words
        Makes the links.

    Yields
    ------
    str
        Lines.
    """
    if not place.text:
        why = f": {inline(place.note)}" if place.note else ""
        yield f"*Not quoted, the passage is not here{why}.* {_where(place, words)}"
        return
    yield from quoted(place.text)
    yield ""
    moved = ", elsewhere in the mail than where it was read first" if place.check == "moved" else ""
    yield f"{_where(place, words)}{moved}"


def _where(place: Place, words: Words) -> str:
    """Name the mail of a passage, and the line."""
    line = f", line {place.line}" if place.line else ""
    return words.dated(place.message_id, place.url) + line


def _became(claim: Claim, words: Words) -> Iterator[str]:
    """Say what became of a claim, as far as a person said it."""
    if claim.status:
        why = f": {inline(claim.why)}" if claim.why else ""
        yield f"{claim.status.capitalize()}{why}"
    elif not is_read(claim):
        yield "Nobody reviewed what became of it"
    for title, some in (("Decided", claim.decision), ("Afterwards", claim.afterwards)):
        told = "; ".join(words.evidence(one) for one in some)
        if told:
            yield f"{title}: {told}"


def _bears(stances: Sequence[Edge], words: Words) -> Iterator[str]:
    """Name the claims that a claim bears on; those only that are told here."""
    for edge in stances:
        other = words.index.claim(edge.claim)
        if other is not None:
            yield f"{edge.kind.capitalize()} {words.claim(other)}"


def _conceded(scope: Scope, words: Words) -> Iterator[str]:
    """Tell who gave in to whom, with the words where they are here."""
    given: dict[tuple[str, str | None, Place | None], list[Claim]] = {}
    for one in concessions(scope.site):
        if one.source is None:
            continue
        edge = next(
            each
            for each in one.source.stances
            if each.kind == "concedes" and each.claim == one.claim.id
        )
        place = edge.place or next(iter(one.source.places), None)
        given.setdefault((one.by, one.source.utc, place), []).append(one.claim)
    for (by, utc, place), claims in given.items():
        what = "; ".join(words.claim(claim) for claim in claims)
        yield f"- **{words.person(by)}**, {day(utc)}, concedes {what}"
        if place is not None:
            yield ""
            yield from (f"  {line}".rstrip() for line in passage(place, words))
            yield ""
    for one in concessions(scope.site):
        if one.source is None:
            yield f"- {words.claim(one.claim, one.why)}"


def _unanswered(scope: Scope, words: Words) -> Iterator[str]:
    for claim in scope.site.claims:
        if claim.status == "unanswered":
            yield f"- {words.claim(claim, claim.why)}"


def _coverage(scope: Scope) -> Iterator[str]:
    told = scope.site.provenance
    yield from (f"- {inline(one)}" for one in (*told.coverage, *told.unverified))

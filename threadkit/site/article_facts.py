"""What an article tells besides words: commits, regressions, verdicts, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from threadkit.site.article_scope import Scope
from threadkit.site.article_words import Words
from threadkit.site.links import outside
from threadkit.site.markdown import inline, link
from threadkit.site.render import count, day, minute
from threadkit.site.values import Claim, Commit, Regression, Tested

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


class Row(NamedTuple):
    """What claims say that the model says, and what it said when it was run."""

    era: str
    what: str
    told: str
    found: str


def commit_lines(some: Sequence[Commit], words: Words) -> Iterator[str]:
    """Tell commits, with what they fix and what fixed them.

    Parameters
    ----------
    some : sequence of Commit
        In the order to tell.
    words : Words
        Makes the links.

    Yields
    ------
    str
        Items of a list.
    """
    known = {one.known_from for one in some if one.known_from}
    for one in some:
        facts = [words.commit(one.sha)]
        facts += [inline(one.author)] if one.author else []
        facts += [day(one.utc)] if one.utc else []
        facts += [inline(one.release)] if one.release else []
        yield f"- {', '.join(facts)}"
        for title, shas in (("fixes", one.fixes), ("fixed by", one.fixed_by)):
            if shas:
                yield f"  - {title} {'; '.join(words.commit(sha) for sha in shas)}"
        if one.known_from and len(known) > 1:
            yield f"  - known from: {inline(one.known_from)}"
    if len(known) == 1:
        yield from ("", f"Known from: {inline(*known)}.")


def regression_lines(some: Iterable[Regression], words: Words) -> Iterator[str]:
    """Tell regressions: who reported them, what caused and what fixed them.

    Parameters
    ----------
    some : iterable of Regression
        In the order to tell.
    words : Words
        Makes the links.

    Yields
    ------
    str
        Items of a list.
    """
    for one in some:
        yield f"- **{inline(one.title)}**: {inline(one.state)}"
        for report in one.reports:
            yield f"  - reported by {words.reported(report)}"
        if one.culprit:
            yield f"  - since {words.commit(one.culprit)}"
        if one.fixes:
            fixes = "; ".join(words.commit(sha) for sha in one.fixes)
            yield f"  - fixed by {fixes}{_delay(one.days)}"
        known = "; ".join(inline(text) for text in (one.source, one.certainty) if text)
        if known:
            yield f"  - known from: {known}"


def _delay(days: float | None) -> str:
    """Say how long after the report something was fixed."""
    if days is None:
        return ""
    many = round(days)
    return f", {count(many, 'day')} after the report" if many else ", on the day of the report"


def model_lines(scope: Scope, words: Words) -> Iterator[str]:
    """Tell what the model says of the claims, and how to ask it again.

    Parameters
    ----------
    scope : Scope
        What is told.
    words : Words
        Names the claims.

    Yields
    ------
    str
        A part for each scenario, then the claims that the model cannot speak of.
    """
    from threadkit.cow import scenario
    from threadkit.cow.library import scenario_names

    tested: dict[str, list[tuple[Claim, Tested]]] = {}
    beyond: list[str] = []
    for claim in filter(scope.is_main, scope.site.claims):
        for one in claim.tested:
            if one.scenario:
                tested.setdefault(one.scenario, []).append((claim, one))
            else:
                beyond.append(f"- {inline(scope.name(claim))}: {inline(one.why)}")
    known = set(scenario_names()) if tested else set()
    if tested:
        yield "A verdict speaks of a scenario and of the rules of a kernel, not of a person."
    for name, pairs in tested.items():
        asks = f": {inline(scenario(name).question)}" if name in known else ""
        yield from ("", f"### {inline(name)}{asks}", "")
        for claim, one in pairs:
            yield f"- {inline(one.stance)} {words.claim(claim, one.why)}"
        yield from _table(name, [one for _, one in pairs])
    if beyond:
        yield from (["", "### Not modelled", ""] if tested else [])
        yield from beyond


def source_lines(scope: Scope, words: Words) -> Iterator[str]:
    """List the mails that the article quotes or names, and where all is from.

    Parameters
    ----------
    scope : Scope
        What is told.
    words : Words
        Makes the links.

    Yields
    ------
    str
        Items of a list.
    """
    site = scope.site
    used = {place.message_id for claim in site.claims for place in claim.places}
    for claim in site.claims:
        shown = (*claim.evidence, *claim.decision)
        used |= {one.value for one in shown if one.kind == "message"}
        used |= {edge.place.message_id for edge in claim.stances if edge.place}
    used |= {report.message_id for one in site.regressions for report in one.reports}
    cited = [mail for mail in site.mails if mail.message_id in used and not mail.imposter]
    for mail in sorted(cited, key=lambda one: one.order):
        subject = words.mail(mail.message_id, mail.subject or mail.message_id)
        here = "" if mail.seen else "; its text is not here"
        yield f"- {words.person(mail.person)}, {minute(mail.utc)}: {subject}{here}"
    for uri, what, date, sha256 in site.provenance.sources:
        target = outside(uri)
        name = link(uri, target) if target else inline(uri)
        facts = [what, day(date) if date else "", f"SHA-256 {sha256}" if sha256 else ""]
        yield f"- {name}: {', '.join(inline(one) for one in facts if one)}"


def _table(name: str, some: Sequence[Tested]) -> Iterator[str]:
    """Set the verdicts and costs of a scenario, and the command that asks for them again."""
    rows = [Row(era, "verdict", told, found) for one in some for era, told, found in one.verdicts]
    rows += [Row(*cost) for one in some for cost in one.costs]
    rows = list(dict.fromkeys(rows))
    if rows:
        yield from ("", "| Rules | What | Casebook | Model |", "| --- | --- | --- | --- |")
        for row in rows:
            found = row.found or "not run"
            differs = " (differs)" if row.found and row.found != row.told else ""
            cells = (row.era, row.what, row.told, found + differs)
            yield f"| {' | '.join(inline(cell) for cell in cells)} |"
    eras = dict.fromkeys(row.era for row in rows)
    if all(_SAFE.fullmatch(word) for word in (name, *eras)):
        options = "".join(f" --era {era}" for era in eras)
        yield from ("", "```sh", f"threadkit cow run {name}{options}", "```")

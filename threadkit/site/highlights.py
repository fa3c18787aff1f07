"""The findings that one would tell first, chosen from a site by rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from threadkit.site.findings import runs, verdicts
from threadkit.site.front import front
from threadkit.site.index_of import index_of
from threadkit.site.render import count, day

if TYPE_CHECKING:
    from threadkit.cow.suite.front import Answer, Front
    from threadkit.site.values import Claim, Regression, Site


class Highlight(NamedTuple):
    """A finding: a heading, sentences, and commands of threadkit (without its name) for more."""

    title: str
    lines: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]


class _Warning(NamedTuple):
    """A claim, what broke as it said, and when that was told first."""

    claim: Claim
    regression: Regression
    reported_utc: str


def highlights(site: Site) -> list[Highlight]:
    """Choose what one would tell first.

    Parameters
    ----------
    site : Site
        Only claims that were reviewed and have a gist count; what it has nothing of is left out.

    Returns
    -------
    list of Highlight
        The warning that came true, what nobody answered, what the model refutes, where real
        kernels part, what is open.
    """
    told = [one for one in site.claims if one.gist and one.state == "accepted"]
    site = replace(site, claims=told)
    found = (_came_true(site), _unanswered(site), _refuted(site), _kernels(site), _open(site))
    return [one for one in found if one is not None]


def _came_true(site: Site) -> Highlight | None:
    """Tell of the earliest warning that a report bore out, the soonest report first."""
    best = min(_warnings(site), key=lambda one: (one.claim.utc, one.reported_utc), default=None)
    if best is None:
        return None
    claim, regression, late = best.claim, best.regression, _days(best)
    reporter = next(one for one in regression.reports if one.utc == best.reported_utc).person
    by = index_of(site).person(reporter).name
    lines = [_said(site, claim), f"{day(best.reported_utc)}, {by}: {regression.title}."]
    if regression.fixes:
        took = f" after {count(round(regression.days), 'day')}" if regression.days else ""
        fixes = count(len(regression.fixes), "commit")
        lines.append(f"It is {regression.state}{took}, by {fixes}.")
    commands = [_show(site, claim)]
    for run in runs(claim)[:1]:
        answer = run.heading.partition(": ")[2]
        said = f"{answer[:1].upper()}{answer[1:]}"
        lines.append(f"In the model ({run.tested.scenario}): {run.question} {said}.")
        commands.append(("cow", "run", run.tested.scenario))
    return Highlight(
        f"A warning came true {count(late, 'day')} later", tuple(lines), tuple(commands)
    )


def _warnings(site: Site) -> Iterator[_Warning]:
    """List warnings of the conversation that came true, each with a report that came later."""
    broke = {name: one for one in site.regressions for name in (one.key, one.title)}
    for claim in site.claims:
        words = {one.value for one in claim.afterwards if one.kind == "word"}
        if claim.where != "thread" or not claim.utc or "came true" not in words:
            continue
        for one in claim.afterwards:
            came = broke.get(one.value) if one.kind == "regression" else None
            times = sorted(report.utc for report in came.reports if report.utc) if came else []
            if came and times and times[0] > claim.utc:
                yield _Warning(claim, came, times[0])


def _days(one: _Warning) -> int:
    said, came = (datetime.fromisoformat(utc) for utc in (one.claim.utc or "", one.reported_utc))
    return (came.replace(tzinfo=None) - said.replace(tzinfo=None)).days


def _unanswered(site: Site) -> Highlight | None:
    """Tell what nobody answered, and of that what most scenarios bear out."""
    found = [one for one in site.claims if one.status == "unanswered"]
    if not found:
        return None
    borne = dict(verdicts(found)).get("supports", [])
    lines = [f"The model bears out {len(borne) or 'none'} of them."]
    best = max(borne or found, key=lambda one: (len(_runs(one)), one.where == "thread"))
    lines.append(_said(site, best))
    many = f"{len(found)} of {count(len(site.claims), 'claim')} had no direct reply"
    return Highlight(many, tuple(lines), (_show(site, best),))


def _refuted(site: Site) -> Highlight | None:
    """Tell what the model refutes, and of that what most scenarios do."""
    said = dict(verdicts(site.claims))
    found = said.get("refutes", [])
    if not found:
        return None
    best = max(found, key=lambda one: (len(_runs(one)), one.where == "thread"))
    people = len({one.person for one in found})
    counts = f"It bears out {len(said.get('supports', []))}"
    if said.get("depends"):
        counts += f", and {len(said['depends'])} hold under the rules of some kernels only"
    times = count(len(_runs(best)), "scenario")
    lines = (f"{counts}.", _said(site, best), f"Refuted by {times}; {best.status}.")
    title = f"The model refutes {count(len(found), 'claim')} of {count(people, 'person', 'people')}"
    return Highlight(title, lines, (_show(site, best), ("cow", "run", _runs(best)[0])))


def _kernels(site: Site) -> Highlight | None:
    """Tell what kernels did that were booted, where they do not do the same."""
    table = front(site)
    if table is None:
        return None
    lines = []
    for number, ask in enumerate(table.asked):
        words = "; ".join(f"{word} on {where}" for word, where in _by_answer(table, number))
        lines.append(f"{ask.words[:1].upper()}{ask.words[1:]} ({ask.scenario}): {words}.")
    command = tuple(table.commands[0].split(" ")[1:])
    return Highlight("Both were right: real kernels, booted and asked", tuple(lines), (command,))


def _by_answer(table: Front, number: int) -> list[tuple[str, str]]:
    found: dict[Answer, list[str]] = {}
    for kernel, answers in table.rows:
        found.setdefault(answers[number], []).append(kernel.words)
    harm_first = sorted(found, key=lambda one: not one.harm)
    return [(one.word, " and ".join(found[one])) for one in harm_first]


def _open(site: Site) -> Highlight | None:
    """Tell what is not settled, and of that the newest."""
    found = [one for one in site.claims if one.status == "open"]
    broken = [one for one in site.regressions if one.state == "open"]
    if not found:
        return None
    newest = max(found, key=lambda one: one.utc or "")
    lines = [_said(site, newest)]
    if broken:
        many = f"{len(broken)} of {count(len(site.regressions), 'regression')}"
        lines.append(f"And nothing says that {many} {_are(broken)} fixed.")
    return Highlight(
        f"{count(len(found), 'claim')} {_are(found)} open still, the newest of {day(newest.utc)}",
        tuple(lines),
        (_show(site, newest),),
    )


def _said(site: Site, claim: Claim) -> str:
    """Say who claimed what; only in the words of a casebook, never of a stranger."""
    name = index_of(site).person(claim.person).name
    return f"{day(claim.utc)}, {name}: {claim.gist}"


def _are(some: Sequence[object]) -> str:
    return "is" if len(some) == 1 else "are"


def _runs(claim: Claim) -> list[str]:
    return [one.scenario for one in claim.tested if one.scenario]


def _show(site: Site, claim: Claim) -> tuple[str, ...]:
    return ("casebook", "show", site.key, claim.id)

"""A regression set for reading, and stories of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING

from threadkit.analyze.regressions.deciding import deciding_fix
from threadkit.analyze.regressions.stories import story_lines
from threadkit.pipeline.display import cut, one_line
from threadkit.pipeline.regressions_view import short

if TYPE_CHECKING:
    from threadkit.analyze.regressions.regression import Culprit, Event, Fix, Regression
    from threadkit.analyze.regressions.stories import Step, Story
    from threadkit.cli.console import Console

_COLORS = {"open": "red", "to_be_fixed": "yellow", "fixed": "green"}
_LABEL = 12
_STATE = 14
_MAYBE = 3
_NARROW = 3  # of so many parts of a narrow terminal one is indentation, at most
_HANGING = 4
_UNTRACKED = " (not tracked)"
_WRITTEN_APART = "written down as two"
_STEPS = {
    "introduced_to_reported": "introduced to reported", "reported_to_bisected": "to bisected",
    "reported_to_fix_posted": "to fix posted", "fix_posted_to_fix_merged": "posted to merged",
    "reported_to_fix_merged": "reported to merged",
}  # fmt: skip


def detail(console: Console, one: Regression, known: Sequence[Story] = ()) -> Iterator[str]:
    """Set one regression for reading: what is known, by whom, and how it came about.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : Regression
        To be shown.
    known : sequence of Story
        Those that it is in.

    Yields
    ------
    str
        Lines without ends.
    """
    room = console.columns or 80
    yield console.style(cut(one_line(one.title), room), bold=True)
    state = one.state.replace("_", " ")
    on = ", on the back burner" if one.backburner else ""
    why = one_line(one.why).replace(_UNTRACKED, "")  # it stands before the reason
    rest = f"{on} ({'tracked' if one.tracked else 'not tracked'}): {why}"
    shown = console.style(state, fg=_COLORS.get(one.state), bold=True)
    yield shown + cut(rest, max(1, room - len(state)))
    rows = [("Culprit", _culprit(each)) for each in one.culprits] or [("Culprit", "nobody says")]
    rows += [("Reported", line) for line in _reports(one)]
    rows += [("Bisected by", ", ".join(one.bisectors)), ("Tested by", ", ".join(one.testers))]
    rows += [
        ("Works", ", ".join(map(short, one.works))),
        ("Fails", ", ".join(map(short, one.fails))),
    ]
    rows += [("Fix", _fix(fix)) for fix in one.fixes]
    rows += [("Breaks", ", ".join(sorted(one.mechanisms)))]
    rows += [("Days", _delays(one))]
    rows += [("Maybe same", line) for line in _maybe_same(one)]
    last = ""
    for label, value in rows:
        if value:
            name = "" if label == last else f"{label}:"
            last = label
            value = cut(one_line(value), max(10, room - _LABEL - 1))
            yield f"{console.style(name.ljust(_LABEL), bold=True)} {value}"
    yield ""
    for event in one.events:
        yield cut(_event(event), room)
    for story in known:
        yield ""
        yield from stories(console, [_way_to(story, one.key)])
    if known:
        yield ""
        yield cut("--chains tells what else came of it.", room)


def _maybe_same(one: Regression) -> Iterator[str]:
    """List what could be the same; not what somebody wrote down as something else."""
    doubted = [(key, why) for key, why in one.maybe_same if _WRITTEN_APART not in why]
    yield from (f"{key}: {why}" for key, why in doubted[:_MAYBE])
    if len(doubted) > _MAYBE:
        yield f"and {len(doubted) - _MAYBE} more"


def _way_to(story: Story, key: str) -> Story:
    """Keep what led to a regression, and what mended it."""
    at = next((n for n, s in enumerate(story.steps) if s.name == key and not s.again), None)
    if at is None:
        return story
    depth = story.steps[at].depth
    kept: list[Step] = []
    above = depth
    for step in reversed(story.steps[:at]):
        if step.depth < above:
            kept.insert(0, step)
            above = step.depth
    kept.append(story.steps[at])
    for step in story.steps[at + 1 :]:
        if step.depth <= depth:
            break
        if step.depth == depth + 1:
            kept.append(step)
    return replace(story, steps=tuple(kept))


def brief(console: Console, one: Regression) -> Iterator[str]:
    """Set one regression among others: state and title, who and when, culprit, fix.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : Regression
        To be shown.

    Yields
    ------
    str
        Two to four lines without ends; none is wider than the terminal.
    """
    room = console.columns or 80
    indent = min(_STATE, room // 4)
    state = cut(one.state.replace("_", " "), indent - 1).ljust(indent)
    title = cut(one_line(one.title or one.key), max(1, room - indent))
    yield console.style(state, fg=_COLORS.get(one.state)) + console.style(title, bold=True)
    day, who = (one.reported_utc or "")[:10], ", ".join(one.reporters)
    facts = [" ".join(filter(None, (day, who)))]
    facts += [f"culprit {_named(each.sha or each.name, each.title)}" for each in one.culprits[:1]]
    fix = deciding_fix(one)
    if fix is not None:
        days = one.delays_days.get("reported_to_fix_merged")
        late = "" if days is None or days < 0 else f"after {days:g} days"
        said = ", ".join(filter(None, (fix.status, fix.release, late)))
        name = short(fix.name) if fix.sha or "@" not in fix.name else ""
        facts.append(f"fix {said}: {_named(name, fix.title)}")
    for fact in filter(None, facts):
        yield " " * indent + cut(one_line(fact), max(1, room - indent))


def _named(name: str, title: str) -> str:
    """Name a commit with its title, as far as known; a title alone stands by itself."""
    told = f'"{title}"' if title and title != name else ""
    return " ".join(filter(None, (short(name), told)))


def stories(console: Console, some: Iterable[Story]) -> Iterator[str]:
    """Set stories for reading, an empty line between two.

    Parameters
    ----------
    console : Console
        For its width; a pipe gets whole lines.
    some : iterable of Story
        In order.

    Yields
    ------
    str
        Lines without ends.
    """
    for at, story in enumerate(some):
        if at:
            yield ""
        for line in story_lines(story):
            yield from _wrapped(line, console.columns)


def _wrapped(line: str, columns: int | None) -> Iterator[str]:
    """Fit a line to a terminal, the rest of it below: dates and releases stand at its end."""
    shown = one_line(line)
    if columns is None or len(shown) <= columns:
        yield shown
        return
    indent = min(len(shown) - len(shown.lstrip()), columns // _NARROW)
    room = columns - indent
    first, *rest = wrap(shown.lstrip(), max(1, room), break_on_hyphens=False) or [""]
    yield cut(" " * indent + first, columns)
    for more in wrap(" ".join(rest), max(1, room - _HANGING), break_on_hyphens=False):
        yield cut(" " * (indent + _HANGING) + more, columns)


def _culprit(culprit: Culprit) -> str:
    title = f' ("{culprit.title}")' if culprit.title else ""
    why = f", {culprit.why}" if culprit.why else ""
    said = short(culprit.said_by)
    return f"{short(culprit.sha or culprit.name)}{title}{why}; {culprit.source} of {said} ({culprit.score:.2f})"


def _reports(one: Regression) -> Iterator[str]:
    for report in one.reports:
        day = (report.utc or "")[:10]
        here = "" if report.here else " (not here)"
        yield " ".join(filter(None, (day, report.person, f"<{report.message_id}>"))) + here
    if not one.reports and one.reporters:
        yield ", ".join(one.reporters)


def _fix(fix: Fix) -> str:
    title = f' ("{fix.title}")' if fix.title and fix.title != fix.name else ""
    day = (fix.merged_utc or fix.posted_utc or "")[:10]
    facts = [fix.status, fix.release, day, "" if fix.closes else "closes nothing by itself",
             f"{fix.rule} {fix.score:.2f}"]  # fmt: skip
    backports = f"; backports {', '.join(map(short, fix.backports))}" if fix.backports else ""
    return f"{short(fix.name)}{title}, {', '.join(filter(None, facts))}{backports}"


def _delays(one: Regression) -> str:
    return ", ".join(
        f"{label} {one.delays_days[name]:g}"
        for name, label in _STEPS.items()
        if one.delays_days.get(name, -1) >= 0
    )


def _event(event: Event) -> str:
    """Give an event as one line: when, state after it, what, where it stands."""
    what = f"{event.kind} {short(event.value)}".strip()
    about = f" ({event.detail})" if event.detail and event.detail != event.value else ""
    where = f"<{event.message_id}>" if event.message_id else short(event.sha or "")
    span = f" {event.start}-{event.stop}" if event.stop else ""
    state = event.state.replace("_", " ")
    day = (event.utc or "")[:10]
    return one_line(f"{day:10}  {state:12}  {what}{about}  {event.person}  {where}{span}")

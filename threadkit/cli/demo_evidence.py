"""What the demo tells of commits and regressions in the sample mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from threadkit.analyze.regressions.regression import days
from threadkit.analyze.regressions.stories import story_lines
from threadkit.pipeline.display import cut, one_line, printable

if TYPE_CHECKING:
    from threadkit.analyze.regressions.regression import Regression
    from threadkit.analyze.regressions.stories import Story
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.discussion import Discussion
    from threadkit.pipeline.regressions_view import Prediction

_STEP = 4
_LABEL = 11


def evidence(archive: Archive, mails: Iterable[str], room: int) -> Iterator[str]:
    """Tell the longest story, the warning that came true, and which mails became a commit.

    Parameters
    ----------
    archive : Archive
        Analyzed.
    mails : iterable of str
        Message-IDs of the samples; what other mail says is left out.
    room : int
        Columns.

    Yields
    ------
    str
        Lines without ends; none if the samples have nothing of the kind.
    """
    own = set(mails)
    regressions = archive.regressions()
    known = {one.key: one for one in regressions if one.key in own}
    told = [one for one in regressions.stories if known.keys() >= set(one.regressions)]
    if told:
        yield from _story(told[0], room)
    for warning in archive.predictions():
        regression = known.get(warning.regression or "")
        if warning.outcome == "came true" and regression is not None:
            yield ""
            yield from _warning(archive, warning, regression, room)
            yield ""
            yield from _origins(archive.discussion(warning.target), room)


def _story(story: Story, room: int) -> Iterator[str]:
    for line in story_lines(story):
        text = line.lstrip(" ")
        indent = "  " + " " * (len(line) - len(text))
        yield from _wrapped(one_line(text), indent, indent + " " * _STEP, room)


def _warning(archive: Archive, said: Prediction, came: Regression, room: int) -> Iterator[str]:
    mail = archive.message(said.message_id)
    first = mail.body.rfind("\n\n", 0, said.start) + 2
    last = mail.body.find("\n\n", said.stop)
    place = f"{said.person} warned, at {said.start} to {said.stop} of <{said.message_id}>:"
    yield from _wrapped(place, "  ", "  ", room)
    words = mail.body[first : last if last >= 0 else None].rstrip("\n")
    yield from (cut(f"    | {line}", room) for line in printable(words).split("\n"))
    late = ""
    if said.utc and came.reported_utc:
        late = f" {days(said.utc, came.reported_utc):.0f} days later"
    by = " and ".join(came.reporters)
    text = f'which came true{late}: "{came.title}", reported by {by}'
    yield from _wrapped(one_line(text), "  ", "  ", room)


def _origins(found: Discussion, room: int) -> Iterator[str]:
    title = found.stored.commit.subject
    yield from _wrapped(one_line(f'Commit {found.sha[:12]} ("{title}")'), "  ", "  ", room)
    for mail in found.mails:
        label = f"    {mail.kind:{_LABEL}}"
        text = f"<{mail.message_id}> by {mail.rule}, {mail.score:.2f}"
        yield from _wrapped(text, label, " " * len(label), room)


def _wrapped(text: str, first: str, more: str, room: int) -> Sequence[str]:
    return textwrap.wrap(
        text, room, initial_indent=first, subsequent_indent=more, break_on_hyphens=False
    )

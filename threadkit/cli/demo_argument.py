"""What the demo tells of the argument in the sample mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from threadkit.cli import claim_lines, claims_list, decisions, positions, questions
from threadkit.pipeline.display import counted

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.claims_view import Claim

_MOST = 3


def argument(console: Console, archive: Archive, mail: str, room: int) -> Iterator[str]:
    """Tell who says what in a conversation, in the lines that the commands print.

    Parameters
    ----------
    console : Console
        For its colours and width.
    archive : Archive
        Analyzed.
    mail : str
        Any mail of the conversation.
    room : int
        Columns.

    Yields
    ------
    str
        Lines without ends: the claims that are disputed most, the first of them in its place,
        the questions, who stands where, what was settled.
    """
    found = archive.claims(mail)
    chosen = sorted(found, key=_weight, reverse=True)[:_MOST]
    many = (
        f"{counted(len(found), 'claim')} of {counted(found.coverage.speakers, 'person', 'people')}"
    )
    yield from textwrap.wrap(f"{many}, found automatically. What is disputed most:", room)
    for one in found:
        if one in chosen:
            yield from claims_list.brief(console, one)
    for one in chosen[:1]:
        yield ""
        yield from claim_lines.detail(console, archive.claim(one.id))
    yield ""
    for asked in archive.questions(mail):
        yield from questions.brief(console, asked)
    yield ""
    yield from positions.lines_of(console, archive.positions(mail))
    yield ""
    for settled in archive.decisions(mail):
        yield from decisions.brief(console, settled)


def _weight(one: Claim) -> tuple[int, int, float]:
    """Prefer what is disputed, then what is said more than once."""
    return one.attacked, one.facts.places, one.facts.score

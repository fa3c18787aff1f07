"""The arguments of one mail: units, what they do, what they answer, how they bear on each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from threadkit.analyze.arguments import relations as bearing
from threadkit.analyze.arguments import stance as standing
from threadkit.analyze.arguments.features import reads, rows
from threadkit.analyze.arguments.labels import Told, labels_of
from threadkit.analyze.arguments.relations_view import view
from threadkit.analyze.arguments.segments import Segments, segments
from threadkit.analyze.arguments.values import Label, MailArguments, Passage, Relation, Unit
from threadkit.analyze.mailtext import MailText

CERTAIN = 0.5
"""Units, relations and stances of a lower score are candidates."""

IRONIC = 0.4
"""No relation is surer whose unit stands under a passage that irony leaves undecided."""


def arguments(mail: MailText) -> MailArguments:
    r"""Read the arguments of a mail.

    Parameters
    ----------
    mail : MailText
        The mail; nothing of its thread is needed.

    Returns
    -------
    MailArguments
        Units, passages and relations in the order of the text. A mail that is not English
        has none, and a note that says so.

    Raises
    ------
    ModelError
        If a shipped model cannot be used.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> body = "> Is it slow?\nNo, it takes 2 ms.\n"
    >>> mail = MailText("a@example.org", "Re: x", "Ann", "ann@example.org", None, True, False,
    ...                 None, "a@example.org", body, blocks(body), [], [])
    >>> found = arguments(mail)
    >>> first = found.relations[0]
    >>> first.kind, mail.body[first.target.first : first.target.last]
    ('answer', 'Is it slow?')

    Notes
    -----
    Linear in the length of the mail: a unit bears on units near it, on the last sentences of
    the passage above it, or on the patch, and on nothing farther off.
    """
    cut = segments(mail)
    if not cut.units:
        return MailArguments(cut.language, cut.note, (), (), ())
    found = reads(mail, cut.units)
    words = rows(mail, cut.units, cut.passages, found)
    told = labels_of(mail, cut, found, words)
    seen = view(mail, cut, [one.shares for one in told], words, found)
    model = bearing.shipped()
    likely = bearing.moves(seen, model)
    stances = standing.stances(seen, likely, [one.irony for one in told], standing.shipped())
    return MailArguments(
        cut.language,
        cut.note,
        _units(cut, told),
        tuple(
            Passage(one.start, one.stop, one.depth, judged.stance, judged.score, judged.rule)
            for one, judged in zip(cut.passages, stances, strict=True)
        ),
        tuple(_doubted(cut, stances, bearing.relations(seen, likely, model))),
    )


def _doubted(
    cut: Segments, stances: Sequence[standing.Judged], found: Iterable[Relation]
) -> Iterator[Relation]:
    """Make relations candidates where irony leaves open which side the words are on."""
    for one in found:
        passage = cut.units[one.unit].passage
        if passage >= 0 and stances[passage].rule == standing.IRONY:
            one = replace(one, score=min(one.score, IRONIC), rule=standing.IRONY)
        yield one


def _units(cut: Segments, told: Sequence[Told]) -> tuple[Unit, ...]:
    return tuple(
        Unit(
            unit.start,
            unit.stop,
            one.label,
            cast("Label", one.secondary),
            one.kind,
            one.score,
            one.rule,
            one.hedge,
            one.irony,
            unit.passage,
        )
        for unit, one in zip(cut.units, told, strict=True)
    )

"""What the learner reads of a unit: its words, its shape, its place, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from threadkit.analyze.arguments.cues import CUES, family_of
from threadkit.analyze.arguments.moves_lexicon import lexical
from threadkit.analyze.arguments.phrases import Piece, pieces
from threadkit.analyze.arguments.segments import Quoted, Segment
from threadkit.analyze.arguments.skeleton import skeleton
from threadkit.analyze.arguments.tokens import Token, words
from threadkit.analyze.mailtext import MailText

VERSION: Final = 3
"""Changes with the features; a model is of one version."""

LONGEST: Final = 2000
"""Characters of a unit that are read."""

_STEM = 5
_PLAIN_LENGTH = 8
_MARKS = re.compile(r"^[ \t]*(?:[>|][ \t]?)+", re.MULTILINE)
_ROBOT = re.compile(r"\b(?:ro)?bot\b|syzbot|lkp|noreply|no-reply", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """A unit as it was read: its words, the cues in it, its first and last words."""

    tokens: list[Token]
    pieces: list[Piece]
    cues: list[tuple[str, int, int]]
    text: str

    @property
    def names(self) -> list[str]:
        """The names of the cues, each once, in the order of the text."""
        return list(dict.fromkeys(name for name, _, _ in self.cues))

    @property
    def end(self) -> str:
        """What it ends in: a mark, a kind, or ``word``."""
        last = self.pieces[-1].word if self.pieces else ""
        return last if not last[:1].isalnum() else "word"

    def said(self, family: str) -> str:
        """Return the words of the first cue of a family, as they stand; empty if there is none."""
        for name, start, stop in self.cues:
            if family_of(name) == family and stop > start:
                first, last = self.pieces[start].token, self.pieces[stop - 1].token
                return self.text[self.tokens[first].start : self.tokens[last].stop]
        return ""


def read(text: str) -> Read:
    """Read the words of a unit and the cues in them.

    Parameters
    ----------
    text : str
        Of the unit; no more than `LONGEST` characters are looked at.
    """
    cut = text if len(text) <= LONGEST else text[: LONGEST // 2] + " " + text[-LONGEST // 2 :]
    tokens = words(cut)
    found = pieces(tokens)
    return Read(tokens, found, CUES.find(found), cut)


def reads(mail: MailText, units: Sequence[Segment]) -> list[Read]:
    """Read the units of a mail.

    Parameters
    ----------
    mail : MailText
        The mail.
    units : sequence of Segment
        In the order of the text.
    """
    return [read(mail.body[one.start : one.stop]) for one in units]


def rows(
    mail: MailText,
    units: Sequence[Segment],
    passages: Sequence[Quoted],
    found: Sequence[Read],
) -> list[dict[str, float]]:
    """Return the features of each unit of a mail.

    Parameters
    ----------
    mail : MailText
        The mail.
    units : sequence of Segment
        In the order of the text.
    passages : sequence of Quoted
        What their ``passage`` counts.
    found : sequence of Read
        The units, as `reads` gives them.

    Returns
    -------
    list of dict
        From the name of a feature to its value, one dict a unit.
    """
    above = [_quoted_words(mail.body, one) for one in passages]
    whole = list(_of_mail(mail, units))
    out = []
    for number, unit in enumerate(units):
        row: dict[str, float] = dict.fromkeys(whole, 0.5)
        _of_words(row, found[number])
        row.update(lexical(found[number].tokens, found[number].pieces))
        _of_shape(row, found[number], unit)
        _of_place(row, units, number)
        _of_neighbours(row, found, units, number)
        if 0 <= unit.passage < len(above) and _depth_below(units, number) < 3:
            near = _depth_below(units, number)
            for name in above[unit.passage]:
                row[f"q{near}:{name}"] = 0.7
        out.append(row)
    return out


def _of_mail(mail: MailText, units: Sequence[Segment]) -> Iterator[str]:
    yield f"mail:reply={mail.is_reply}"
    yield f"mail:patch={mail.is_patch}"
    yield f"mail:units={_bin(len(units))}"
    if _ROBOT.search(mail.from_name) or _ROBOT.search(mail.from_email):
        yield "mail:robot"
    if not any(one.kind == "quote" for one in mail.blocks):
        yield "mail:noquote"


def _of_words(row: dict[str, float], unit: Read) -> None:
    plain = [one.word for one in unit.pieces]
    # A long sentence has many words that each say little: without this it is told too surely.
    less = (_PLAIN_LENGTH / max(_PLAIN_LENGTH, len(plain))) ** 0.5
    for word in plain:
        row[f"1:{word}"] = less
        if len(word) > _STEM and word.isalpha():
            row[f"pre:{word[:_STEM]}"] = 0.5 * less
    for first, second in pairwise(plain):
        row[f"2:{first} {second}"] = 0.8 * less
    row.update((name, value * less) for name, value in skeleton(plain))
    letters = [word for word in plain if word[:1].isalnum() or word[:1] == "<"]
    for count in (1, 2, 3):
        if len(letters) >= count:
            row[f"f{count}:{' '.join(letters[:count])}"] = 1.0
    if letters:
        row[f"l1:{letters[-1]}"] = 0.7
    for name in unit.names:
        row[f"cue:{name}"] = 1.5
    for name, start, _ in unit.cues:
        if start < 2:
            row[f"cue^:{name}"] = 1.0


def _of_shape(row: dict[str, float], unit: Read, segment: Segment) -> None:
    text = unit.text
    row[f"shape:{segment.shape}"] = 1.0
    if segment.item:
        row["item"] = 1.0
    row[f"len:{_bin(len(unit.pieces))}"] = 1.0
    row[f"end:{unit.end}"] = 1.0
    row[f"start:{_start(text)}"] = 1.0
    if "?" in text:
        row["has:?"] = 1.0
    if '"' in text:
        row["has:quote"] = 0.7
    if "(" in text:
        row["has:("] = 0.5
    marks = sum(not (char.isalnum() or char.isspace()) for char in text)
    row[f"marks:{min(6, marks * 10 // max(1, len(text)))}"] = 0.7
    if "\n" in text:
        row[f"lines:{_bin(text.count(chr(10)))}"] = 0.3
    if text.isupper():
        row["upper"] = 1.0


def _start(text: str) -> str:
    char = text[:1]
    return (
        "upper"
        if char.isupper()
        else "lower"
        if char.islower()
        else "digit"
        if char.isdigit()
        else char
    )


def _of_place(row: dict[str, float], units: Sequence[Segment], number: int) -> None:
    unit, last = units[number], len(units) - 1
    row[f"place:{number * 5 // (last + 1)}"] = 0.7
    row[f"from:{min(number, 3)}"] = 0.7
    row[f"to:{min(last - number, 3)}"] = 0.7
    row[f"below:{min(_depth_below(units, number), 4)}"] = 0.7
    row[f"quoted:{unit.passage >= 0}"] = 0.7
    above = number > 0 and units[number - 1].paragraph == unit.paragraph
    under = number < last and units[number + 1].paragraph == unit.paragraph
    row[f"para:{above}{under}"] = 0.7
    if not above and not under:
        row[f"para:alone:{unit.shape}"] = 0.7


def _depth_below(units: Sequence[Segment], number: int) -> int:
    """Count the units between one and the passage above it."""
    passage = units[number].passage
    count = 0
    while count < 5 and number - count > 0 and units[number - count - 1].passage == passage:
        count += 1
    return count


def _of_neighbours(
    row: dict[str, float], found: Sequence[Read], units: Sequence[Segment], number: int
) -> None:
    for way, name in ((-1, "p"), (1, "n"), (-2, "pp")):
        other = number + way
        if not 0 <= other < len(units):
            row[f"{name}:none"] = 0.5
            continue
        near = "=" if units[other].paragraph == units[number].paragraph else "/"
        if units[other].passage != units[number].passage:
            near = "|"
        weight = 0.5 if len(name) == 1 else 0.3
        row[f"{name}{near}shape:{units[other].shape}"] = weight
        row[f"{name}{near}end:{found[other].end}"] = weight


def _quoted_words(body: str, passage: Quoted) -> list[str]:
    """Return what the end of a quotation says: its last mark, its cues."""
    tail = _MARKS.sub("", body[max(passage.start, passage.stop - 300) : passage.stop])
    last = read(tail)
    return [
        f"end:{last.end}",
        *(f"cue:{name}" for name in last.names),
        f"depth:{passage.depth}",
    ]


def _bin(count: int) -> int:
    """Put counts into bins that widen: 0, 1, 2, 3, 4-5, 6-8, ..."""
    edges = (0, 1, 2, 3, 5, 8, 12, 18, 27, 40, 80)
    return sum(count > edge for edge in edges)

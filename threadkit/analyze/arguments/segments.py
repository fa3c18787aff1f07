"""Cut a mail into units: the sentences and list items of its author, and what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from threadkit.analyze.arguments.cuts import sentences
from threadkit.analyze.arguments.language import Verdict, language_of
from threadkit.analyze.arguments.shapes import LONGEST_LINE, PROSE, Chunk, Shape, chunks
from threadkit.analyze.arguments.smallwords import ENGLISH
from threadkit.analyze.mailtext import MailText
from threadkit.mail.block import Block

__all__ = ["Quoted", "Segment", "Segments", "Shape", "segments"]

MOST_UNITS = 4000
"""A mail of more is cut no further: it is a list or a log, and nobody argues at such length."""

LONGEST_UNIT = 5000
"""Characters: a longer run of log, or of words without a full stop, becomes several units."""

_ENOUGH = 8000
_LONGEST_NAME = 40
_PART = re.compile(r"[^\W\d_]{2,}")
_NAME = re.compile(r"[-~/ \t]*((?:[^\W_]|[.'-]){1,20}(?:[ \t]+(?:[^\W_]|[.'-]){1,20}){0,2})")
_SAYS = ENGLISH | frozenset(
    ("absolutely", "agreed", "argh", "bah", "correct", "cool", "ditto", "done", "duh", "exactly",
     "excellent", "false", "fine", "great", "heh", "hmm", "hm", "huh", "indeed", "interesting",
     "lgtm", "meh", "nice", "nope", "oh", "okay", "ooh", "oops", "ouch", "perfect", "possibly",
     "probably", "really", "sigh", "sorry", "true", "ugh", "what", "whatever", "wow", "yay",
     "yeah", "yep", "yup")
)  # fmt: skip
"""Words that stand alone and are no names."""

_SAYING = re.compile(r"\A[-~/ \t]*I[ \t]|[ \t].*[^\W\d_]{3}\.\Z")
"""A few words that are a sentence: of oneself, or with a full stop behind no initial."""

_OWN = ("reply", "trailers")


@dataclass(frozen=True, slots=True)
class Segment:
    """One unit: a sentence, a list item, a trailer, or a run of lines of code or log.

    Attributes
    ----------
    start, stop : int
        Characters of the body, without white space around.
    passage : int
        Number in `Segments.passages` of what it answers; -1 above the first quotation.
    paragraph : int
        Counts the paragraphs of own words, from 0; a blank line or a quotation ends one.
    item : bool
        It is, or is a later sentence of, an item of a list.
    shape : Shape
        What it looks like.
    """

    start: int
    stop: int
    passage: int
    paragraph: int
    item: bool
    shape: Shape


@dataclass(frozen=True, slots=True)
class Quoted:
    """A run of quotations, with the lines that say whose words they are.

    Attributes
    ----------
    start, stop : int
        Characters of the body, without white space at the end.
    depth : int
        Quote depth of its last lines.
    """

    start: int
    stop: int
    depth: int


@dataclass(frozen=True, slots=True)
class Segments:
    """A mail cut into units.

    Attributes
    ----------
    language : Verdict
        ``en``, ``other`` (it has no units then), or ``none``: too few words to tell.
    units : tuple of Segment
        In the order of the text; they do not overlap, and hold own words only.
    passages : tuple of Quoted
        Quotations with own words below them, in order.
    tail : Quoted or None
        The quotation below the last own words: carried along, not answered in its place.
    top_posted : bool
        All words stand above all quotations, so that no place of the tail is answered.
    note : str
        What was left out, and why; empty if nothing was.
    """

    language: Verdict
    units: tuple[Segment, ...]
    passages: tuple[Quoted, ...]
    tail: Quoted | None
    top_posted: bool
    note: str


def segments(mail: MailText) -> Segments:
    r"""Cut the own words of a mail into units, and say what they stand under.

    Parameters
    ----------
    mail : MailText
        The mail.

    Returns
    -------
    Segments
        Units and passages in the order of the text.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> body = "Hi,\n> Is it slow?\nNo. See e.g. v5.9.\n> Or old?\n"
    >>> mail = MailText("a@example.org", "Re: x", "Ann", "ann@example.org", None, True, False,
    ...                 None, "a@example.org", body, blocks(body), [], [])
    >>> cut = segments(mail)
    >>> [(body[one.start : one.stop], one.shape, one.passage) for one in cut.units]
    [('Hi,', 'greeting', -1), ('No.', 'prose', 0), ('See e.g. v5.9.', 'prose', 0)]
    >>> body[cut.passages[0].start : cut.passages[0].stop], cut.tail.depth, cut.top_posted
    ('> Is it slow?', 1, False)

    Notes
    -----
    Linear in the length of the body. At most `MOST_UNITS` units; the note says what was
    left out.
    """
    units: list[Segment] = []
    passages: list[Quoted] = []
    above: list[Block] = []
    paragraph = skipped = long = 0
    for block in mail.blocks:
        if block.depth or block.kind == "attribution":
            above.append(block)
        if block.depth or block.kind not in _OWN:
            continue
        long += _long_lines(mail.body, block)
        if len(units) >= MOST_UNITS:
            skipped += block.stop - block.start
            above = []
            continue
        found = list(_units(mail.body, block))
        if not found:
            continue
        if passage := quoted(mail.body, above):
            passages.append(passage)
        above = []
        room = MOST_UNITS - len(units)
        if len(found) > room:
            skipped += block.stop - found[room][0].start
        units += [
            Segment(start, stop, len(passages) - 1, paragraph + number, item, shape)
            for (start, stop, item, shape, _), number in found[:room]
        ]
        paragraph += found[-1][1] + 1
    units = [*_signed(mail, units)]
    tail = quoted(mail.body, above)
    language = language_of(_words_of(mail.body, units))
    if language.verdict == "other":
        note = f"not English (nearest: {language.code}): left alone"
        return Segments("other", (), (), None, False, note)
    top = bool(units) and not passages and tail is not None
    note = _note(skipped, long)
    return Segments(language.verdict, tuple(units), tuple(passages), tail, top, note)


def _signed(mail: MailText, units: list[Segment]) -> Iterator[Segment]:
    """Tell names that stand alone from words: those of the author, or the last of the mail."""
    known = {word.lower() for word in _PART.findall(mail.from_name)}
    known.add(mail.from_email.partition("@")[0].lower())
    for number, unit in enumerate(units):
        text = mail.body[unit.start : unit.stop]
        if unit.shape == "prose" and len(text) <= _LONGEST_NAME and (name := _NAME.fullmatch(text)):
            parts = [word.lower() for word in _PART.findall(name[1])]
            last = number == len(units) - 1 and number > 0
            last = last and (text[0].isupper() or text[0] == "-") and not _SAYING.search(text)
            own = bool(parts) and parts[0] in known and _is_name(parts, known, text)
            if own or (last and _SAYS.isdisjoint(parts[:1])):
                unit = replace(unit, shape="signoff", item=False)
        yield unit


def _is_name(parts: list[str], known: set[str], text: str) -> bool:
    """Tell a name from a sentence that begins with one: some are called Will, Mark or Long."""
    return text[-1] != "." if len(parts) == 1 else known.issuperset(parts)


def _note(skipped: int, long: int) -> str:
    notes = []
    if long:
        notes.append(f"{long} lines of more than {LONGEST_LINE} characters were not read")
    if skipped:
        notes.append(f"{skipped} characters after {MOST_UNITS} units were not read")
    return "; ".join(notes)


def _words_of(body: str, units: list[Segment]) -> str:
    """Give words of the author, some thousand characters: enough to tell a language."""
    some: list[str] = []
    room = _ENOUGH
    for unit in units:
        if unit.shape in PROSE:
            some.append(body[unit.start : unit.stop][:room])
            room -= len(some[-1])
            if room <= 0:
                break
    return "\n".join(some)


def quoted(body: str, blocks: list[Block]) -> Quoted | None:
    r"""Join blocks of quotations and attributions that follow each other.

    Parameters
    ----------
    body : str
        The text.
    blocks : list of Block
        In order.

    Returns
    -------
    Quoted or None
        None if nothing is quoted.

    Examples
    --------
    >>> quoted("Ada wrote:\n> Yes.\n\n", [Block("attribution", 0, 0, 11), Block("quote", 1, 11, 19)])
    Quoted(start=0, stop=17, depth=1)
    """
    deep = [block for block in blocks if block.depth and block.kind != "attribution"]
    if not deep:
        return None
    start, stop = blocks[0].start, deep[-1].stop
    while stop > start and body[stop - 1].isspace():
        stop -= 1
    return Quoted(start, stop, deep[-1].depth)


def _units(body: str, block: Block) -> Iterator[tuple[Chunk, int]]:
    """Cut a block; gives what is a unit, and the number of its paragraph in the block."""
    number = last = -1  # paragraphs without units do not count
    for chunk, paragraph in chunks(body, block.start, block.stop, block.kind == "trailers"):
        spans = [(chunk.start, chunk.stop)]
        if chunk.shape in PROSE or chunk.shape == "pasted":
            spans = list(sentences(body, chunk.start, chunk.stop, chunk.text))
        for span in spans:
            for start, stop in _bounded(body, *span):
                number += paragraph != last
                last = paragraph
                yield Chunk(start, stop, chunk.item, chunk.shape, start), number


def _bounded(body: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long at the end of a line, else between words, else anywhere."""
    while stop - start > LONGEST_UNIT:
        limit = start + LONGEST_UNIT
        at = max(body.rfind("\n", start, limit), start)
        if at == start:
            at = max(body.rfind(" ", start, limit), start)
        end = at = at if at > start else limit
        while body[end - 1].isspace():
            end -= 1
        yield start, end
        start = at
        while start < stop and body[start].isspace():
            start += 1
    if start < stop:
        yield start, stop


def _long_lines(body: str, block: Block) -> int:
    """Count the lines of a block that are too long to be read."""
    if block.stop - block.start <= LONGEST_LINE:
        return 0
    return sum(len(line) > LONGEST_LINE for line in body[block.start : block.stop].split("\n"))

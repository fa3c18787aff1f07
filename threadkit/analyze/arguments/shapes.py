"""What lines of own text look like: prose, items of lists, code, logs, links, trailers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Shape = Literal[
    "prose", "greeting", "signoff", "trailer", "link", "commit", "heading", "code", "log",
    "table", "pasted",
]  # fmt: skip
"""What a unit looks like; ``pasted`` is the text of a commit or mail shown without ``>``."""

PROSE: frozenset[Shape] = frozenset(("prose", "greeting", "signoff", "heading"))
"""Shapes of words: what is cut into sentences."""

Line = Shape | Literal[""]
"""What a line looks like; empty: a rule of dashes and the like."""

LONGEST_LINE = 20_000
"""Characters: a longer line is data, not a sentence."""

_FENCE = re.compile(r"^[ \t]*(?:```[\w-]{0,20}|(<)quote>)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_FENCE_END = re.compile(r"^[ \t]*```[ \t\r]*$", re.MULTILINE)
_QUOTE_END = re.compile(r"^[ \t]*</quote>[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n(?:[ \t\r]*\n)+")
_BULLET = r"[-*+o\u2022\u2023\u25e6\u00b7\u2013\u2014][ \t]+(?=\S)"
_NUMBER = r"(?:\(?(?:\d{1,3}|[a-z]|[ivx]{2,4})\)|\d{1,2}\.|#\d{1,2}[.:)]?|\d{1,2}/|\d\d:\d\d(?=[ \t]{2}))[ \t]+(?=\S)"
_ITEM = re.compile(rf"[ \t]*(?:({_BULLET})|({_NUMBER}))", re.IGNORECASE)
_REFERENCE = re.compile(r"[ \t]*\[\^?\w{1,4}\][:.]?(?:[ \t]+(?=\S)|[ \t\r]*\Z)")
_URL_ALONE = re.compile(
    r"[ \t]*(?:\[\^?\w{1,4}\][:.]?[ \t]*)?<?(?:https?|ftp|git)://\S+>?[ \t\r]*\Z"
)
_COMMIT = re.compile(r"[ \t]*(?:commit )?[0-9a-f]{7,40}(?:[ \t]+\(?[\"']|[ \t]*\Z|[ \t]+[\w/]+: )")
_MORE_SAID = re.compile(r"[\"']\)[\s,:]+(?!and\b)[a-z]+\s+[a-z]")
_TRAILER = re.compile(
    r"[ \t]{0,3}(?:#(?:regzbot|syz)\b|[A-Z][A-Za-z]+(?:-[A-Za-z]+)*-[Bb]y: |Fixes: [0-9a-f]{6}|Link: <?http|Cc: .*@|Closes: http)"
)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|ciao)\b[^.:?;]{0,60}[,!.:]?[ \t\r]*\Z",
    re.IGNORECASE,
)
_SIGNOFF = re.compile(
    r"(?:(?:many |kind |best |warm )?(?:thanks|thank you|thanx|thx|tia|regards|cheers|ciao|sincerely"
    r"|yours(?: \w+)?|greetings|gr(?:u|\u00fc)(?:ss|\u00dfe?)e?|br|hth|best(?=,)|hope (?:this|that|it) helps)"
    r"(?: (?:again|so much|a lot|in advance|a bunch|for \w+ing (?:it|this|into it)|and regards))?[ \t]*[,.!-]*)"
    r"(?:\s+-*[ \t]*[\w.'\u00c0-\u024f-]+(?:[ \t]+[\w.'()\u00c0-\u024f-]+){0,3})?[ \t\r]*\Z",
    re.IGNORECASE,
)
_LOG = re.compile(
    r"[ \t]*(?:\[[ \u00a0]*\d+\.\d{3,}\]|<\d>\[|\w{3} +\d+ \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]\d\d:\d\d|[$#] +\S|\[[^\]]+@[^\]]+\][$#]"
    r"|Call [Tt]race:|RIP:? |EIP:? |RSP: |CR2: |Code: [0-9a-f]{2} |Modules linked in|Hardware name|Kernel panic|BUG: |Oops: "
    r"|WARNING: (?:CPU|at|possible)|CPU: \d|(?:\? )?[\w.]+\+0x[0-9a-f]+/0x[0-9a-f]+|[0-9a-f]{8,16}[: ]+(?:[0-9a-f]{2,8} ){3}|\S{1,40}-\d+ +\[\d{3}\] "
    r"|<[\w|`\[\]-]{2,20}>(?: |\Z)|[\w./+-]{1,80}\.[chS]:\d+(?::\d+)?:? "
    r")"
)
_CODE = re.compile(
    r"[ \t]*(?:/\*|\*/|//|#[ \t]*(?:include|define|ifn?def|if|endif|else)\b|[{}][ \t\r;]*\Z|\}[ \t]*else|(?:else[ \t]+)?(?:if|while|for|switch)"
    r" ?\(.*[({;&|)][ \t\r]*\Z|(?:case|default)\b.*:[ \t\r]*\Z|goto \w+;|return\b.*;|(?:static|struct|extern|const|unsigned|inline|typedef)\b.*[({;,]"
    r"[ \t\r]*\Z|[+-][ \t]{2,}\S|[+-]\t|@@ |>?[ \t]*\d{1,6} +\|[ \t]|[0-9a-f]{8,16} .{0,60}\d{4}-\d\d-\d\d +\d+\s)"
)
_STATEMENT = re.compile(
    r"[ \t]+\S.*(?:;|\{|\}|,|\()[ \t\r]*\Z|[ \t]*[\w>.*\[\]-]+(?: [-+|&*/]?=|\()\s*.*;[ \t\r]*\Z"
)
_CALL_TREE = re.compile(r"[ \t]*[`|\\_+>-]*[ \t]*[\w.>-]+\(\)?[^ ]*[ \t\r]*\Z")
_TABLE = re.compile(
    r"[ \t]*(?:[|+].*[|+][ \t\r]*\Z|[^|]{0,60}[ \t]{2}\|(?:[ \t]|\Z)|[|`][ \t-]|[A-Za-z][\w ()/-]{1,24}:[ \t]{2,}\S|\S++(?:(?:\t| [ \t])[ \t]*+\S++){2,}[ \t\r]*\Z)"
)
_RULE = re.compile(r"[ \t]*[-=_~*#+.^]{3,}[ \t\r]*\Z")
_HEADING = re.compile(r"(?:#{1,4} +\S.{0,70}|[A-Z][^.?!]{2,60}:)[ \t\r]*\Z")
_COMMENT = re.compile(r" \*(?: |$)")
_PASTED = re.compile(r"[ \t]*commit [0-9a-f]{12,40}\b")
_PASTED_HEAD = re.compile(
    r"[ \t]*(?:commit [0-9a-f]{12,40}|Author:|AuthorDate:|Commit:|CommitDate:|Date:|Merge:)"
)
_PLAIN_WORDS = re.compile(r"(?<![\w.>*&(])[A-Za-z][a-z']*(?=[\s,.:;!?]|\Z)")
_SIGN = re.compile(r"[=(>\[*&_]")
_MANY_WORDS = 5
_LONG_LINE = 400  # characters: a paragraph on one line
_LONGEST_GREETING = 90
_FULL_LINE = 50  # characters: a shorter line was ended by its author
_ENDED = re.compile(r"[.:;!?,)\]>][ \t\r]*\Z")


class Chunk(NamedTuple):
    """A paragraph, an item or a run of lines of one shape; ``text``: where its words begin."""

    start: int
    stop: int
    item: bool
    shape: Shape
    text: int


def chunks(body: str, start: int, stop: int, trailers: bool) -> Iterator[tuple[Chunk, int]]:
    r"""Part a stretch of own text by what its lines look like.

    Parameters
    ----------
    body : str
        The text.
    start, stop : int
        Whole lines, in characters.
    trailers : bool
        They are all trailers.

    Yields
    ------
    chunk : Chunk
        In order, without white space around.
    paragraph : int
        Its number, from 0.

    Examples
    --------
    >>> body = "Two tests:\n- one\n  of them\n- two\n\n[  1.234567] Oops\n"
    >>> for chunk, number in chunks(body, 0, len(body), False):
    ...     print(number, chunk.shape, chunk.item, repr(body[chunk.start : chunk.stop]))
    0 heading False 'Two tests:'
    0 prose True '- one\n  of them'
    0 prose True '- two'
    1 log False '[  1.234567] Oops'

    Notes
    -----
    Linear. Lines longer than `LONGEST_LINE` are left out.
    """
    number = 0
    pasted = 0
    for low, high, fenced in _fenced(body, start, stop):
        for lines in _paragraphs(body, low, high):
            pasted = _pasted_indent(body, lines, pasted)
            found = list(_parted(body, lines, trailers, fenced or ("pasted" if pasted else "")))
            yield from ((chunk, number) for chunk in found)
            number += bool(found)


def _fenced(body: str, start: int, stop: int) -> Iterator[tuple[int, int, Line]]:
    """Part a text at fences that are closed again; what is between them has a shape."""
    at = start
    while opened := _FENCE.search(body, at, stop):
        closed = (_QUOTE_END if opened[1] else _FENCE_END).search(body, opened.end(), stop)
        if closed is None:
            break
        yield at, opened.start(), ""
        yield opened.end(), closed.start(), "pasted" if opened[1] else "code"
        at = closed.end()
    yield at, stop, ""


def _paragraphs(body: str, start: int, stop: int) -> Iterator[list[tuple[int, int]]]:
    """List the lines of each paragraph."""
    while start < stop:
        gap = _PARAGRAPH.search(body, start, stop)
        end, after = gap.span() if gap else (stop, stop)
        yield from _runs(body, start, end)
        start = after


def _runs(body: str, start: int, stop: int) -> Iterator[list[tuple[int, int]]]:
    """List the lines of a paragraph that say something, without their ends.

    A line that is too long parts it.
    """
    found: list[tuple[int, int]] = []
    while start < stop:
        end = body.find("\n", start, stop)
        end = stop if end < 0 else end
        if end - start > LONGEST_LINE:
            if found:
                yield found
            found = []
        elif body[start:end].strip():
            found.append((start, end))
        start = end + 1
    if found:
        yield found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _pasted_indent(body: str, lines: list[tuple[int, int]], before: int) -> int:
    """Say how far a pasted commit is indented here; 0 if this paragraph is none of it."""
    first = body[slice(*lines[0])]
    if _PASTED.match(first) and len(lines) > 1 and _PASTED_HEAD.match(body[slice(*lines[1])]):
        return max(1, _indent(first))
    return before if before and _indent(first) >= before else 0


def _parted(
    body: str, lines: list[tuple[int, int]], trailers: bool, whole: Line
) -> Iterator[Chunk]:
    """Part a paragraph."""
    texts = [body[low:high] for low, high in lines]
    if whole:
        yield _chunk(body, lines[0][0], lines[-1][1], whole, 0)
        return
    shapes: list[Line] = ["trailer"] * len(texts) if trailers else shapes_of(texts)
    marks = _marks(texts, shapes)
    first = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines) and not _begins(texts, shapes, marks, first, number):
            continue
        shape = shapes[first]
        low, high = lines[first][0], lines[number - 1][1]
        if shape == "prose" and not marks[first]:
            shape = _said(body[low:high].strip())
        elif shape == "commit" and _MORE_SAID.search(body, low, high):
            shape = "prose"
        if shape:
            yield _chunk(body, low, high, shape, marks[first])
        first = number


def _chunk(body: str, start: int, stop: int, shape: Shape, mark: int) -> Chunk:
    text = start + mark
    while start < stop and body[start].isspace():
        start += 1
    while stop > start and body[stop - 1].isspace():
        stop -= 1
    return Chunk(start, stop, mark > 0, shape, max(text, start))


def _marks(texts: list[str], shapes: list[Line]) -> list[int]:
    """Say how long the mark is that each line begins with as an item; 0: it is none."""
    found = [0] * len(texts)
    for number, line in enumerate(texts):
        if shapes[number] in ("prose", "link", "commit"):
            mark = _ITEM.match(line) or _REFERENCE.match(line)
            if mark and not (_COMMENT.match(line) and _in_comment(texts, number)):
                found[number] = mark.end()
    alone = sum(map(bool, found)) == 1
    if alone and not found[0]:
        number = next(number for number, mark in enumerate(found) if mark)
        if _goes_on(texts[number - 1]) and not texts[number][:1].isspace():
            found[number] = 0  # a dash or a number within a sentence
    return found


def _in_comment(texts: list[str], number: int) -> bool:
    """Tell whether a line with a star is one of a comment of code, which runs on."""
    near = texts[max(0, number - 1) : number + 2]
    stars = [line for line in near if _COMMENT.match(line)]
    return len(stars) > 1 or "/*" in near[0] or "*/" in near[-1]


def _goes_on(line: str) -> bool:
    """Tell whether a sentence seems to go on in the next line."""
    return len(line) > _FULL_LINE and _ENDED.search(line) is None


def _begins(
    texts: list[str], shapes: list[Line], marks: list[int], first: int, number: int
) -> bool:
    """Tell whether something begins at a line; ``first`` is that of what stands above."""
    shape, above, last = shapes[number], shapes[first], shapes[number - 1]
    if marks[number]:
        return True
    if shape == "trailer":
        return texts[number][:1] not in " \t" or above != "trailer"
    if shape == "commit":
        return not (last == "prose" and _goes_on(texts[number - 1]))
    if shape == "link" and _announces(texts[number - 1], last):
        return False
    if shape == "link" and shapes[number + 1 : number + 2] == ["link"]:
        return True
    if shape == "link":  # at the end of a sentence it belongs to it
        return above not in ("prose", "link") or last == "link"
    if shape == "prose" and last == "link":
        return not texts[number].lstrip()[:1].islower()
    if shape == "prose" and last == "commit":
        return texts[number - 1].rstrip().endswith(")") and texts[number].lstrip()[:1].isupper()
    return shape != last


def _announces(line: str, shape: Line) -> bool:
    """Tell whether a line is the name of the link below it: ``[2]``, ``#regzbot monitor:``."""
    if shape == "trailer":
        return line.rstrip().endswith(":")
    mark = _REFERENCE.match(line)
    return mark is not None and mark.end() == len(line)


def _said(text: str) -> Shape:
    """Tell greetings and the like from other prose."""
    if len(text) > _LONGEST_GREETING:
        return "prose"
    if _GREETING.match(text):
        return "greeting"
    if _SIGNOFF.match(text):
        return "signoff"
    if _HEADING.match(text):
        return "heading"
    return "prose"


def shapes_of(lines: list[str]) -> list[Line]:
    """Say what each line of a paragraph looks like.

    Parameters
    ----------
    lines : list of str
        The lines, none of them blank.

    Returns
    -------
    list of Shape or ''
        Of each; empty: a line of dashes and the like.

    Examples
    --------
    >>> shapes_of(["It prints:", "[   12.345678] BUG: bad page"])
    ['prose', 'log']
    >>> shapes_of(["Fine.", "Acked-by: Ada <ada@example.org>"])
    ['prose', 'trailer']
    """
    shapes: list[Line] = [_shape(line) for line in lines]
    count = len(lines)
    if lines[0].lstrip()[:2] in ("$ ", "# ") and shapes[0] == "log":
        return ["log"] * count
    if count > 1 and all(_CALL_TREE.match(line) for line in lines):
        return ["code"] * count
    if _is_code(lines, shapes):
        return ["code"] * count
    if count > 1 and all(line.startswith("| ") for line in lines):
        words = sum(map(_is_wordy, lines))
        return ["pasted" if 2 * words > count else "table"] * count
    both: tuple[Line, Line] = ("log", "table")
    for shape in both:
        if 2 * shapes.count(shape) > count and shapes[0] != "prose":
            return [shape] * count
    for number in range(count):
        near = (shapes[number - 1] if number else "", shapes[number + 1 : number + 2])
        if shapes[number] == "table" and near[0] != "table" and near[1] != ["table"]:
            shapes[number] = "prose"
        elif (
            shapes[number] in ("prose", "") and near[0] in ("code", "log") and near[1] == [near[0]]
        ):
            shapes[number] = near[0]
    return shapes


def _is_code(lines: list[str], shapes: list[Line]) -> bool:
    """Tell whether a paragraph is code: some of it surely, and none of it words alone."""
    if "code" not in shapes:
        return False
    words = sum(
        _is_wordy(line)
        for line, shape in zip(lines, shapes, strict=True)
        if shape == "prose" and not _COMMENT.match(line.lstrip("\t"))
    )
    return not words or (shapes[0] == "code" and 2 * shapes.count("code") > len(lines))


def _is_wordy(line: str) -> bool:
    return len(_PLAIN_WORDS.findall(line)) > _MANY_WORDS


def _is_terse(line: str) -> bool:
    """Tell whether a line that ends like a statement is one, not part of a sentence."""
    count = len(_PLAIN_WORDS.findall(line))
    return count < 3 or (count <= _MANY_WORDS and _SIGN.search(line) is not None)


def _shape(line: str) -> Line:
    """Say what a line looks like by itself."""
    if len(line) > _LONG_LINE:
        return "log" if _LOG.match(line) else "prose"
    if _TRAILER.match(line):
        return "trailer"
    if _RULE.match(line):
        return ""
    if _LOG.match(line):
        return "log"
    if _CODE.match(line) or (_STATEMENT.match(line) and _is_terse(line)):
        return "code"
    if _URL_ALONE.match(line):
        return "link"
    if _COMMIT.match(line):
        return "commit"
    if _TABLE.match(line):
        return "table"
    return "prose"

"""The text of an Argdown file as elements and the lines between them, with their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from threadkit.graph.argument.formats.flow import FlowError, read_flow
from threadkit.graph.argument.formats.reading import Where

Part = Literal["statement", "argument"]

_BLANKS = re.compile(r"[ \t]*")
_FRONT = re.compile(r"={3,}(.*?)={3,}", re.DOTALL)
_HEADING = re.compile(r"#+ ")
_INFERENCE = re.compile(r"--(.*?)-{2,}", re.DOTALL)
_NUMBER = re.compile(r"\([0-9]+\)[ \t]*")
_ITEM = re.compile(r"(?:[0-9]+\.|\*)[ \t]+")
_SIGN = re.compile(r"(\+>|->|_>|><|<?\+|<?-|<_|_(?=\s))[ \t]*")
_DEFINED = {"[": re.compile(r"\[([^\n]+?)\]:"), "<": re.compile(r"<([^\n]+?)>:")}
_NAMED = {"[": re.compile(r"\[([^-\n][^\n]*?)\]"), "<": re.compile(r"<([^-\n][^\n]*?)>")}
_LINK = re.compile(r"\[[^\]\n]+\]\([^)\n]+\)")
_TAGS = re.compile(r"(?:[ \t]*#(?:\([^)\n]+\)|[\w-]+))+")
_PLAIN = re.compile(r"[^\\{</\n]+")
_COMMENTS = {"<!--": "-->", "/*": "*/", "//": "\n"}


class Element(NamedTuple):
    """A statement or argument where it stands.

    Attributes
    ----------
    part : {'statement', 'argument'}
        In square or in pointed brackets.
    title : str
        In the brackets; empty: it has none.
    text : str
        White space collapsed, escapes undone.
    data : dict
        In braces behind it.
    start : int
        Its first character.
    """

    part: Part
    title: str
    text: str
    data: dict[str, object]
    start: int


class Row(NamedTuple):
    """Something that begins on a line of its own.

    Attributes
    ----------
    what : str
        ``element``, ``relation``, ``premise`` (a numbered line), ``inference``, ``front``,
        ``end`` (a blank line).
    indent : int
        Blanks before it.
    sign : str
        Of a relation.
    element : Element or None
        Of element, relation and premise.
    text : str
        Of front matter.
    start : int
        Its first character.
    """

    what: str
    indent: int
    sign: str
    element: Element | None
    text: str
    start: int


@dataclass
class ArgdownText:
    """Reads rows one after the other.

    Attributes
    ----------
    text : str
        The whole; line ends are single line feeds.
    name : str
        Of the file.
    """

    text: str
    name: str
    _at: int = field(default=0, init=False)
    _lines: list[int] = field(default_factory=list, init=False)
    _endless: set[str] = field(default_factory=set, init=False)

    def where(self, at: int) -> Where:
        """Name a place.

        Parameters
        ----------
        at : int
            Character of the text.
        """
        if not self._lines:
            self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, at)
        return Where(self.name, f"line {line}, column {at - self._lines[line - 1] + 1}")

    def rows(self) -> Iterator[Row]:
        """Read the whole text.

        Yields
        ------
        Row
            In order; headings and comments are left out.

        Raises
        ------
        SourceError
            With line and column.
        """
        is_first = True
        while self._at < len(self.text):
            start = self._at
            indent = self._blanks()
            here = self._at
            if self._line_end():
                yield Row("end", 0, "", None, "", start)
            elif self._comment():
                self._blanks()
                self._line_end()
            elif is_first and (front := _FRONT.match(self.text, here)):
                self._at = front.end()
                yield Row("front", 0, "", None, front[1], here)
                is_first = False
            elif _HEADING.match(self.text, here):
                self._content(one_line=True)
            else:
                yield self._row(indent, here)
                is_first = False

    def _row(self, indent: int, here: int) -> Row:
        if rule := _INFERENCE.match(self.text, here):
            self._at = rule.end()
            self._blanks()
            self._line_end()
            return Row("inference", indent, "", None, "", here)
        for what, pattern in (("relation", _SIGN), ("premise", _NUMBER), ("element", _ITEM)):
            if match := pattern.match(self.text, here):
                self._at = match.end()
                sign = match[1] if what == "relation" else ""
                return Row(what, indent, sign, self._element(), "", here)
        return Row("element", indent, "", self._element(), "", here)

    def _blanks(self) -> int:
        match = _BLANKS.match(self.text, self._at)
        start, self._at = self._at, match.end() if match else self._at
        return self._at - start

    def _line_end(self) -> bool:
        if self._at >= len(self.text) or self.text[self._at] == "\n":
            self._at += 1
            return True
        return False

    def _comment(self) -> bool:
        """Skip a comment; what is never closed is none, and is looked for only once."""
        for begin, end in _COMMENTS.items():
            if begin in self._endless or not self.text.startswith(begin, self._at):
                continue
            stop = self.text.find(end, self._at + len(begin))
            if end == "\n":
                self._at = stop if stop >= 0 else len(self.text)
                return True
            if stop >= 0:
                self._at = stop + len(end)
                return True
            self._endless.add(begin)
        return False

    def _element(self) -> Element:
        here = self._at
        opening = self.text[here : here + 1]
        part: Part = "argument" if opening == "<" else "statement"
        if opening in _DEFINED and not _LINK.match(self.text, here):
            if match := _DEFINED[opening].match(self.text, here):
                self._at = match.end()
                return Element(part, match[1], *self._content(), here)
            if match := _NAMED[opening].match(self.text, here):
                self._at = match.end()
                tags = _TAGS.match(self.text, self._at)
                self._at = tags.end() if tags else self._at
                text, data = self._content()
                if text:
                    raise self.where(match.end()).error("text behind a name needs a colon")
                return Element(part, match[1], "", data, here)
        text, data = self._content()
        if not text:
            raise self.where(here).error("expected a statement or an argument")
        return Element("statement", "", text, data, here)

    def _content(self, one_line: bool = False) -> tuple[str, dict[str, object]]:
        """Read text up to a blank line or the next row, and the data behind it."""
        letters: list[str] = []
        while self._at < len(self.text):
            letter = self.text[self._at]
            if letter == "\\" and self._at + 1 < len(self.text):
                letters.append(self.text[self._at + 1])
                self._at += 2
            elif letter == "{":
                return " ".join("".join(letters).split()), self._data()
            elif letter in "</" and self._comment():
                continue
            elif letter == "\n":
                self._at += 1
                if one_line or self._is_row():
                    break
                letters.append(" ")
            elif plain := _PLAIN.match(self.text, self._at):
                letters.append(plain[0])
                self._at = plain.end()
            else:
                letters.append(letter)
                self._at += 1
        return " ".join("".join(letters).split()), {}

    def _is_row(self) -> bool:
        """Tell whether the line that begins here is no more text of the one before."""
        match = _BLANKS.match(self.text, self._at)
        at = match.end() if match else self._at
        if at >= len(self.text) or self.text[at] in "\n[<":
            return True
        starts = (_SIGN, _NUMBER, _ITEM, _HEADING)
        return self.text.startswith("--", at) or any(p.match(self.text, at) for p in starts)

    def _data(self) -> dict[str, object]:
        start = self._at
        try:
            data, self._at = read_flow(self.text, start)
        except FlowError as error:
            raise self.where(error.at).error(f"data in braces: {error.why}") from None
        if not isinstance(data, dict):
            raise self.where(start).error("data in braces: expected names and values")
        self._blanks()
        if not self._line_end():
            raise self.where(self._at).error("text behind data in braces")
        return {str(name): value for name, value in data.items()}

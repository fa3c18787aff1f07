"""From text to tokens, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from threadkit.cow.litmus.errors import LitmusError
from threadkit.errors import printable

MOST_CHARACTERS = 1 << 16
"""Of a file; the longest one shipped has some thousands."""

# Possessive, so that no text makes them slow.
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]++|\#[^\n]*+)
      | (?P<comment>\(\*)
      | (?P<string>"(?:[^"\\]++|\\.)*+")
      | (?P<mail><[^\s<>"@]++@[^\s<>"]++>)
      | (?P<word>[A-Za-z0-9_][A-Za-z0-9_-]*+)
      | (?P<sign>/\\|\\/|!=|<=|>=|[<>=~(){}\[\];:.,*])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign, a text in quotes, or the end.

    Attributes
    ----------
    kind : str
        ``word``, ``string``, ``mail``, ``sign`` or ``end``.
    text : str
        As written; of a string what is said: no quotes, no escapes, white space single;
        of a mail the Message-ID without brackets.
    offset : int
        Characters before it.
    """

    kind: Literal["word", "string", "mail", "sign", "end"]
    text: str
    offset: int

    @property
    def shown(self) -> str:
        """How an error message repeats it."""
        if self.kind == "end":
            return "the end of the file"
        if self.kind == "string":
            return f'"{printable(self.text)}"'
        return f"'{printable(self.text)}'"


class Source:
    """A text with its name: turns places into errors.

    Parameters
    ----------
    text : str
        The whole file.
    origin : str
        What to call it.
    """

    def __init__(self, text: str, origin: str) -> None:
        self.text = text
        self.origin = origin
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, offset: int) -> int:
        """Return the line, from 1, in which a character stands.

        Parameters
        ----------
        offset : int
            Characters before it.
        """
        return bisect_right(self._starts, offset)

    def error(self, offset: int, expected: str, found: str) -> LitmusError:
        """Make an error for a place.

        Parameters
        ----------
        offset : int
            Characters before the place.
        expected, found : str
            As in :class:`LitmusError`.
        """
        line = self.line(offset)
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        words = self.text[start:end].rstrip("\r\n")
        return LitmusError(self.origin, line, offset - start + 1, expected, found, words)


def tokens(source: Source) -> list[Token]:
    r"""Cut a text into tokens; comments and white space go.

    Parameters
    ----------
    source : Source
        The text.

    Returns
    -------
    list of Token
        In order, the end last.

    Raises
    ------
    LitmusError
        A character that the language does not have, a comment or a text without its end,
        too long a file.

    Examples
    --------
    >>> [token.text for token in tokens(Source('x[0] = 1; # one\n(* prose *) "so  far"', "t"))]
    ['x', '[', '0', ']', '=', '1', ';', 'so far', '']
    """
    text = source.text
    if len(text) > MOST_CHARACTERS:
        raise source.error(MOST_CHARACTERS, f"at most {MOST_CHARACTERS} characters", "more")
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise _stray(source, place)
        kind = match.lastgroup
        if kind == "comment":
            place = _behind_comment(source, place)
            continue
        if kind == "string":
            found.append(Token("string", _said(source, match), place))
        elif kind == "mail":
            found.append(Token("mail", _printing(source, match[0][1:-1], place), place))
        elif kind == "word":
            found.append(Token("word", match[0], place))
        elif kind == "sign":
            found.append(Token("sign", match[0], place))
        place = match.end()
    return [*found, Token("end", "", len(text))]


def _stray(source: Source, place: int) -> LitmusError:
    """Explain a character that begins no token."""
    if source.text[place] == '"':
        return source.error(place, "a text that ends with '\"'", "the end of the file")
    return source.error(place, "a word or a sign of the language", repr(source.text[place]))


def _behind_comment(source: Source, place: int) -> int:
    """Find where a comment ends."""
    end = source.text.find("*)", place + 2)
    if end < 0:
        raise source.error(place, "a comment that ends with '*)'", "the end of the file")
    return end + 2


def _said(source: Source, match: re.Match[str]) -> str:
    """Take quotes and escapes off; any white space, line ends too, is one space."""
    inner = match[0][1:-1]
    for escape in _ESCAPE.finditer(inner):
        if escape[1] not in '"\\':
            place = match.start() + 1 + escape.start()
            raise source.error(place, "'\\\"' or '\\\\' in a text", f"'{printable(escape[0])}'")
    text = " ".join(_ESCAPE.sub(r"\1", inner).split())
    if not text:
        raise source.error(match.start(), "words between the quotes", "none")
    return _printing(source, text, match.start())


def _printing(source: Source, text: str, place: int) -> str:
    """Refuse characters that do not print: they could show another text than is stored."""
    for character in text:
        if not character.isprintable():
            raise source.error(place, "characters that print", repr(character))
    return text

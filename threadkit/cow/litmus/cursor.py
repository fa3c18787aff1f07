"""A place in the tokens, and the questions that all parts of the parser ask there."""

from __future__ import annotations

import re
from collections.abc import Collection

from threadkit.cow.litmus.errors import LitmusError, near
from threadkit.cow.litmus.lexer import Source, Token, tokens
from threadkit.cow.litmus.syntax import SEGV

LONGEST_NAME = 64

KEYWORDS = frozenset(
    [
        "COW",
        "question",
        "note",
        "ref",
        "beside",
        "needs",
        "par",
        "exists",
        "forall",
        "expect",
        "as",
        "after",
        "times",
        "of",
        "thread",
        "process",
        "segv",
    ]
)
"""Words that nothing can be called."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,6}|0[xX][0-9A-Fa-f]{1,4}", re.ASCII)
_REGISTER = re.compile(r"r[0-9]{1,2}", re.ASCII)


def is_register(word: str) -> bool:
    """Tell whether a word is ``r0``, ``r1``... ``r99``.

    Examples
    --------
    >>> is_register("r0"), is_register("ro")
    (True, False)
    """
    return bool(_REGISTER.fullmatch(word))


class Cursor:
    """Walks over the tokens of one file.

    Parameters
    ----------
    text : str
        The file.
    origin : str
        What errors call it.

    Raises
    ------
    LitmusError
        The text has no tokens of the language.
    """

    def __init__(self, text: str, origin: str) -> None:
        self.source = Source(text, origin)
        self._tokens = tokens(self.source)
        self._next = 0

    @property
    def here(self) -> Token:
        """The next token."""
        return self._tokens[self._next]

    def ahead(self, text: str) -> bool:
        """Tell whether the token behind the next one is this sign or word."""
        behind = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        return behind.kind in ("sign", "word") and behind.text == text

    def at(self, text: str) -> bool:
        """Tell whether the next token is this sign or word."""
        return self.here.kind in ("sign", "word") and self.here.text == text

    def take(self) -> Token:
        """Return the next token, which is not the end, and go behind it."""
        token = self.here
        self._next += 1
        return token

    def skip(self, text: str) -> bool:
        """Go behind a sign or word if it is next, and tell whether it was."""
        if not self.at(text):
            return False
        self._next += 1
        return True

    def need(self, text: str) -> Token:
        """Take this sign or word.

        Raises
        ------
        LitmusError
            Something else stands there.
        """
        if not self.at(text):
            raise self.wrong(f"'{text}'")
        return self.take()

    def wrong(self, expected: str, token: Token | None = None) -> LitmusError:
        """Make the error that something else was expected.

        Parameters
        ----------
        expected : str
            What would have been right.
        token : Token or None, optional
            Where; the next token by default.
        """
        token = token or self.here
        return self.source.error(token.offset, expected, token.shown)

    def line(self, token: Token) -> int:
        """Return the line of a token, from 1."""
        return self.source.line(token.offset)

    def word(self, expected: str, known: Collection[str]) -> Token:
        """Take one of some words.

        Parameters
        ----------
        expected : str
            What they are.
        known : collection of str
            The words.

        Raises
        ------
        LitmusError
            Another stands there; a near one is suggested.
        """
        if self.here.kind != "word" or self.here.text not in known:
            raise self.wrong(expected + near(self.here.text, known))
        return self.take()

    def name(self, expected: str) -> Token:
        """Take a name.

        Raises
        ------
        LitmusError
            It is no name, or one that the language keeps for itself.
        """
        text = self.here.text
        if self.here.kind != "word" or not _NAME.fullmatch(text):
            raise self.wrong(expected)
        if len(text) > LONGEST_NAME:
            raise self.wrong(f"a name of at most {LONGEST_NAME} characters")
        if text in KEYWORDS or is_register(text):
            raise self.wrong(f"{expected} ('{text}' is a word of the language)")
        return self.take()

    def register(self) -> Token:
        """Take a register.

        Raises
        ------
        LitmusError
            It is none.
        """
        if self.here.kind != "word" or not is_register(self.here.text):
            raise self.wrong("a register (r0 to r99)")
        return self.take()

    def text(self, expected: str) -> str:
        """Take a text in quotes.

        Raises
        ------
        LitmusError
            There is none.
        """
        if self.here.kind != "string":
            raise self.wrong(expected)
        return self.take().text

    def number(self, expected: str, least: int, most: int) -> int:
        """Take a number, decimal or 0x.

        Parameters
        ----------
        expected : str
            What it is.
        least, most : int
            Bounds, both allowed.

        Raises
        ------
        LitmusError
            It is none, or outside the bounds.
        """
        token = self.here
        if token.kind == "word" and _NUMBER.fullmatch(token.text):
            value = int(token.text, 16 if token.text[1:2] in ("x", "X") else 10)
            if least <= value <= most:
                self.take()
                return value
        raise self.wrong(f"{expected} ({least} to {most})")

    def content(self) -> int:
        """Take what a slot may hold; 255 stands for ``segv`` and is none.

        Raises
        ------
        LitmusError
            It is no number, or too large.
        """
        return self.number("a value", 0, SEGV - 1)

    def slot(self) -> int:
        """Take ``[0]`` or ``[1]``.

        Raises
        ------
        LitmusError
            There is no slot, or another number.
        """
        self.need("[")
        value = self.number("a slot", 0, 1)
        self.need("]")
        return value

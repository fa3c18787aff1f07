r"""Formulas over a final state: ``/\``, ``\/``, ``~`` and their atoms."""

from __future__ import annotations

from typing import Literal, cast

from threadkit.cow.litmus.cursor import Cursor, is_register
from threadkit.cow.litmus.lexer import Token
from threadkit.cow.litmus.marks import Use
from threadkit.cow.litmus.syntax import (
    COUNTERS,
    HARMS,
    PREDICATES,
    SEGV,
    And,
    Argument,
    Compare,
    Condition,
    Formula,
    Not,
    Or,
    Predicate,
    Seen,
)

DEEPEST = 32
"""Parentheses and ``~`` within each other."""

MOST_ATOMS = 100
MOST_COUNTED = 9999

_Operator = Literal["=", "!=", "<", "<=", ">", ">="]
_OPERATORS = ("=", "!=", "<", "<=", ">", ">=")


def condition(cursor: Cursor, uses: list[Use]) -> Condition:
    """Read ``exists (...)``, ``forall (...)`` or ``~exists (...)``.

    Parameters
    ----------
    cursor : Cursor
        Before it.
    uses : list of Use
        Gets the names that occur.

    Returns
    -------
    Condition
        The names in it are not yet looked up.

    Raises
    ------
    LitmusError
        It is none, too deep or too long.
    """
    quantifier = _quantifier(cursor)
    cursor.need("(")
    formula = _FormulaParser(cursor, uses).either(1)
    cursor.need(")")
    return Condition(quantifier, formula)


def _quantifier(cursor: Cursor) -> Literal["exists", "forall", "~exists"]:
    """Take the word that begins a condition."""
    if cursor.skip("forall"):
        return "forall"
    negated = cursor.skip("~")
    cursor.need("exists")
    return "~exists" if negated else "exists"


class _FormulaParser:
    r"""Reads one formula: ``~`` binds closest, then ``/\``, then ``\/``."""

    def __init__(self, cursor: Cursor, uses: list[Use]) -> None:
        self._cursor = cursor
        self._uses = uses
        self._atoms = 0

    def either(self, depth: int) -> Formula:
        r"""Read parts joined by ``\/``."""
        parts = [self._both(depth)]
        while self._cursor.skip("\\/"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self, depth: int) -> Formula:
        r"""Read parts joined by ``/\``."""
        parts = [self._part(depth)]
        while self._cursor.skip("/\\"):
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _part(self, depth: int) -> Formula:
        """Read ``~`` and parentheses, or an atom."""
        if depth > DEEPEST:
            raise self._cursor.wrong(f"at most {DEEPEST} levels of parentheses and '~'")
        if self._cursor.skip("~"):
            return Not(self._part(depth + 1))
        if self._cursor.skip("("):
            inner = self.either(depth + 1)
            self._cursor.need(")")
            return inner
        self._atoms += 1
        if self._atoms > MOST_ATOMS:
            raise self._cursor.wrong(f"at most {MOST_ATOMS} comparisons and predicates")
        return self._predicate() if self._cursor.ahead("(") else self._comparison()

    def _predicate(self) -> Predicate:
        """Read ``name(argument, ...)``."""
        cursor = self._cursor
        name = cursor.word("a predicate", PREDICATES).text
        cursor.need("(")
        arguments: list[str] = []
        for kind in PREDICATES[name]:
            if arguments:
                cursor.need(",")
            arguments.append(self._argument(kind))
        cursor.need(")")
        return Predicate(name, tuple(arguments))

    def _argument(self, kind: Argument) -> str:
        """Read what a predicate is asked about."""
        cursor = self._cursor
        if kind == "harm":
            return cursor.word("one of " + ", ".join(HARMS), HARMS).text
        if kind == "process":
            return self._note("process", cursor.name("a process"))
        if kind == "view" or (kind == "view or reference" and cursor.ahead(":")):
            owner = cursor.name("a view (ACTOR:PAGE)")
            cursor.need(":")
            page = cursor.name("a page")
            self._uses.append(Use("view", owner, page))
            return f"{owner.text}:{page.text}"
        return self._note("reference", cursor.name(f"a {kind}"))

    def _note(self, kind: str, token: Token) -> str:
        """Remember a name without owner."""
        self._uses.append(Use(kind, None, token))
        return token.text

    def _comparison(self) -> Compare:
        """Read ``SEEN OP NUMBER``."""
        cursor = self._cursor
        seen = self._seen()
        if cursor.here.kind != "sign" or cursor.here.text not in _OPERATORS:
            raise cursor.wrong("a comparison (= != < <= > >=)")
        sign = cursor.take()
        if seen.kind == "counter":
            value = cursor.number("a number", 0, MOST_COUNTED)
        elif cursor.at("segv"):
            if sign.text not in ("=", "!="):
                raise cursor.wrong("a number ('segv' has no order)")
            cursor.take()
            value = SEGV
        else:
            value = cursor.content()
        return Compare(seen, cast(_Operator, sign.text), value)

    def _seen(self) -> Seen:
        """Read a register, memory, a reference or a counter."""
        cursor = self._cursor
        if cursor.ahead(":"):
            owner = cursor.name("an actor")
            cursor.need(":")
            if is_register(cursor.here.text):
                register = cursor.register()
                self._uses.append(Use("register", owner, register))
                return Seen("register", (owner.text, register.text))
            page = cursor.name("a register or a page")
            self._uses.append(Use("view", owner, page))
            return Seen("memory", (owner.text, page.text), cursor.slot())
        if cursor.ahead("["):
            handle = self._note("reference", cursor.name("a reference"))
            return Seen("reference", (handle,), cursor.slot())
        expected = "ACTOR:REGISTER, ACTOR:PAGE[SLOT], REFERENCE[SLOT], a predicate or a counter"
        return Seen("counter", (cursor.word(expected, COUNTERS).text,))

"""Where in the text the names of a litmus file stand, for checks that look at the whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from threadkit.cow.litmus.lexer import Token


@dataclass(slots=True)
class OpMarks:
    """Tokens of one statement; None for what it does not have.

    Attributes
    ----------
    actor, verb : Token
        Who does what.
    pages : list of (Token or None, Token)
        Process, if written, and page.
    handle, process, label : Token or None
        As in :class:`~threadkit.cow.litmus.syntax.Op`.
    after : tuple of Token
        Labels waited for.
    """

    actor: Token
    verb: Token
    pages: list[tuple[Token | None, Token]] = field(default_factory=list)
    handle: Token | None = None
    process: Token | None = None
    label: Token | None = None
    after: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A name in the condition.

    Attributes
    ----------
    kind : str
        ``register``, ``view``, ``reference`` or ``process``.
    owner : Token or None
        The actor before the colon.
    name : Token
        What is asked about.
    """

    kind: str
    owner: Token | None
    name: Token


@dataclass(slots=True)
class Marks:
    """All of a file.

    Attributes
    ----------
    pages, processes : list of Token
        As declared.
    threads : list of (Token, Token)
        Thread and its process.
    ops : list of OpMarks
        In the order of :meth:`~threadkit.cow.litmus.syntax.Litmus.ops`.
    uses : list of Use
        In the order of the condition.
    """

    pages: list[Token] = field(default_factory=list)
    processes: list[Token] = field(default_factory=list)
    threads: list[tuple[Token, Token]] = field(default_factory=list)
    ops: list[OpMarks] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)

"""The program of a litmus file: statements one by one, and ``par``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from threadkit.cow.litmus.cursor import Cursor, is_register
from threadkit.cow.litmus.lexer import Token
from threadkit.cow.litmus.marks import Marks, OpMarks
from threadkit.cow.litmus.syntax import VERBS, Op, PageName, Phase, VerbForm, is_kernel_actor

MOST_STATEMENTS = 64
MOST_TIMES = 65535

_ORDER_WORDS = ("times", "as", "after")


def program(cursor: Cursor, threads: Mapping[str, str], marks: Marks) -> tuple[Phase, ...]:
    """Read all statements up to the condition.

    Parameters
    ----------
    cursor : Cursor
        Behind the initial state.
    threads : mapping of str to str
        Process of each thread.
    marks : Marks
        Gets the tokens of every statement.

    Returns
    -------
    tuple of Phase
        At least one.

    Raises
    ------
    LitmusError
        A statement is none.
    """
    reader = _StatementParser(cursor, threads, marks)
    phases: list[Phase] = []
    while not any(map(cursor.at, ("exists", "forall", "~"))):
        phases.append(reader.phase())
    if not phases:
        raise cursor.wrong("a statement before the condition")
    return tuple(phases)


class _StatementParser:
    """Reads statements and keeps where their names stand."""

    def __init__(self, cursor: Cursor, threads: Mapping[str, str], marks: Marks) -> None:
        self._cursor = cursor
        self._threads = threads
        self._ops = marks.ops

    def phase(self) -> Phase:
        """Read ``ACTOR: statement;`` or ``par { ... }``."""
        cursor = self._cursor
        if not cursor.skip("par"):
            actor = cursor.name("an actor, 'par', 'exists', 'forall' or '~exists'")
            cursor.need(":")
            return Phase(((self._statement(actor),),))
        cursor.need("{")
        columns = [self._column([])]
        while not cursor.skip("}"):
            columns.append(self._column([column[0].actor for column in columns]))
        return Phase(tuple(columns))

    def _column(self, seen: list[str]) -> tuple[Op, ...]:
        """Read ``ACTOR { statement; ... }``."""
        cursor = self._cursor
        actor = cursor.name("a column (ACTOR { ... })")
        if actor.text in seen:
            raise cursor.wrong("one column for each actor", actor)
        cursor.need("{")
        ops = [self._statement(actor)]
        while not cursor.skip("}"):
            ops.append(self._statement(actor))
        return tuple(ops)

    def _statement(self, actor: Token) -> Op:
        """Read one statement with its semicolon."""
        cursor = self._cursor
        register = None
        if is_register(cursor.here.text):
            register = cursor.register()
            cursor.need("=")
        verb = cursor.word("an operation", VERBS)
        form = VERBS[verb.text]
        if len(self._ops) == MOST_STATEMENTS:
            raise cursor.wrong(f"at most {MOST_STATEMENTS} statements", verb)
        self._may(actor, verb, form)
        if form.gives and not register:
            raise cursor.wrong(f"a register for what it gives (r0 = {verb.text} ...)", verb)
        if register and not form.gives:
            raise cursor.wrong(f"no register: '{verb.text}' gives no value", register)
        marks = OpMarks(actor, verb)
        self._ops.append(marks)
        op = self._operand(Op(actor.text, verb.text), form, marks)
        op = replace(op, register=register.text if register else None)
        op = self._value_and_words(op, form, verb)
        op = self._order(op, marks)
        cursor.need(";")
        return op

    def _may(self, actor: Token, verb: Token, form: VerbForm) -> None:
        """Refuse what such an actor cannot do."""
        kernel = is_kernel_actor(actor.text)
        if kernel and form.who == "process":
            raise self._cursor.wrong(f"a process or thread: '{verb.text}' needs one", actor)
        if not kernel and form.who == "kernel":
            raise self._cursor.wrong(
                f"device, reclaim, ksmd, lockholder or noise: '{verb.text}' is theirs", actor
            )

    def _operand(self, op: Op, form: VerbForm, marks: OpMarks) -> Op:
        """Read what the operation is about."""
        cursor = self._cursor
        if form.shape == "process":
            marks.process = cursor.name("a name for the child")
            return replace(op, process=marks.process.text)
        if form.shape in ("handle", "handle_slot", "new_handle"):
            marks.handle = cursor.name("a reference")
            op = replace(op, handle=marks.handle.text)
        if form.shape == "new_handle":
            cursor.need("=")
        if form.shape in ("page", "slot", "pages", "new_handle"):
            op = replace(op, page=self._page(op, form, marks))
        if form.shape == "pages":
            first = cursor.here
            op = replace(op, other=self._page(op, form, marks))
            if op.other == op.page:
                raise cursor.wrong("another page than the first", first)
        if form.shape in ("slot", "handle_slot"):
            op = replace(op, slot=cursor.slot())
        return op

    def _page(self, op: Op, form: VerbForm, marks: OpMarks) -> PageName:
        """Read ``x``, or ``P.x`` where the actor does not tell the process."""
        cursor = self._cursor
        if form.who == "kernel" or form.foreign:
            process = cursor.name("a page with its process (PROCESS.PAGE)")
            cursor.need(".")
            page = cursor.name("a page")
            marks.pages.append((process, page))
            return PageName(process.text, page.text)
        if cursor.ahead("."):
            raise cursor.wrong(f"a page of its own: '{op.verb}' names no process")
        page = cursor.name("a page")
        marks.pages.append((None, page))
        return PageName(self._threads.get(op.actor, op.actor), page.text)

    def _value_and_words(self, op: Op, form: VerbForm, verb: Token) -> Op:
        """Read ``= VALUE`` and the words that this operation knows."""
        cursor = self._cursor
        if form.takes:
            cursor.need("=")
            op = replace(op, value=cursor.content())
        words: list[str] = []
        while cursor.here.kind == "word" and cursor.here.text not in _ORDER_WORDS:
            words.append(self._flag(verb, form, words))
        if form.one and not words:
            raise cursor.wrong("one of " + ", ".join(form.words))
        times = 1
        if form.times and cursor.skip("times"):
            times = cursor.number("how many references", 1, MOST_TIMES)
        return replace(op, words=tuple(words), times=times)

    def _flag(self, verb: Token, form: VerbForm, before: list[str]) -> str:
        """Take one word of the operation."""
        cursor = self._cursor
        if not form.words:
            raise cursor.wrong(f"';' ('{verb.text}' takes no words)")
        if form.one and before:
            raise cursor.wrong(f"';' ('{verb.text}' takes one word)")
        word = cursor.here
        if word.text in before or {word.text, *before} >= {"read", "write"}:
            raise cursor.wrong("each word once, and one direction")
        return cursor.word(f"one of {', '.join(form.words)}", form.words).text

    def _order(self, op: Op, marks: OpMarks) -> Op:
        """Read ``as LABEL`` and ``after LABEL, LABEL``, in either order."""
        cursor = self._cursor
        after: list[Token] = []
        while cursor.at("as") or cursor.at("after"):
            if cursor.at("as") and not marks.label:
                cursor.take()
                marks.label = cursor.name("a label")
            elif cursor.at("after") and not after:
                cursor.take()
                after.append(cursor.name("a label"))
                while cursor.skip(","):
                    after.append(self._other_label(after))
            else:
                raise cursor.wrong("';'")
        marks.after = tuple(after)
        label = marks.label.text if marks.label else None
        return replace(op, label=label, after=tuple(token.text for token in after))

    def _other_label(self, before: list[Token]) -> Token:
        """Take a label that the statement does not wait for already."""
        token = self._cursor.name("a label")
        if token.text in [other.text for other in before]:
            raise self._cursor.wrong("each label once", token)
        return token

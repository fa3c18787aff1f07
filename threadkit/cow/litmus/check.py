"""Checks of a whole litmus file: every name is known there, and used as what it is."""

from __future__ import annotations

from collections.abc import Collection

from threadkit.cow.litmus.cursor import Cursor
from threadkit.cow.litmus.errors import near
from threadkit.cow.litmus.lexer import Token
from threadkit.cow.litmus.marks import Marks
from threadkit.cow.litmus.order import Order
from threadkit.cow.litmus.syntax import VERBS, Litmus, is_kernel_actor

MOST_PAGES = 8
MOST_ACTORS = 16
"""Processes, threads and kernel actors together."""

_SHOWN = 8


def check(cursor: Cursor, litmus: Litmus, marks: Marks) -> None:
    """Look at a file as a whole.

    Parameters
    ----------
    cursor : Cursor
        Of the file, for the places of errors.
    litmus : Litmus
        What it says.
    marks : Marks
        Where it says it.

    Raises
    ------
    LitmusError
        At the first name that is unknown there, taken twice, or of the wrong kind.
    """
    checker = _Checker(cursor, litmus, marks)
    checker.names()
    checker.actors()
    checker.labels()
    checker.born()
    checker.pages()
    checker.handles()
    checker.exits()
    checker.merges()
    checker.condition()


class _Checker:
    """Tables of one file, and the checks that use them."""

    def __init__(self, cursor: Cursor, litmus: Litmus, marks: Marks) -> None:
        self._cursor = cursor
        self._litmus = litmus
        self._marks = marks
        self._ops = litmus.ops()
        self._pages = {page.name for page in litmus.pages}
        self._threads = dict(litmus.threads)
        self._forks = {op.process: index for index, op in enumerate(self._ops) if op.process}
        self._processes = {"parent", *litmus.processes, *self._forks}
        self._made = {
            op.handle: index
            for index, op in enumerate(self._ops)
            if op.handle and VERBS[op.verb].shape == "new_handle"
        }
        self._order = Order(litmus)

    def names(self) -> None:
        """Refuse names that are taken, and too many of them."""
        taken = {"parent": "the first process"}
        marks = self._marks
        for token in marks.pages:
            self._define(taken, token, "a page")
        for thread, _ in marks.threads:
            self._define(taken, thread, "a thread")
        for token in marks.processes:
            self._define(taken, token, "a process")
        for op, mark in zip(self._ops, marks.ops, strict=True):
            if mark.process:
                self._define(taken, mark.process, "a process")
            elif mark.handle and VERBS[op.verb].shape == "new_handle":
                self._define(taken, mark.handle, "a reference")
        if len(marks.pages) > MOST_PAGES:
            raise self._cursor.wrong(f"at most {MOST_PAGES} pages", marks.pages[MOST_PAGES])

    def _define(self, taken: dict[str, str], token: Token, what: str) -> None:
        """Take a name."""
        if is_kernel_actor(token.text):
            raise self._cursor.wrong(f"a name for {what} that is no kernel actor's", token)
        if token.text in taken:
            raise self._cursor.wrong(
                f"a new name for {what} (this is {taken[token.text]} already)", token
            )
        taken[token.text] = f"{what} of line {self._cursor.line(token)}"

    def actors(self) -> None:
        """Look up who acts, and whose threads are whose."""
        for _, process in self._marks.threads:
            self._known(process, "a process", self._processes)
        known = {*self._processes, *self._threads}
        seen: set[str] = set()
        for mark in self._marks.ops:
            if not is_kernel_actor(mark.actor.text):
                self._known(mark.actor, "an actor", known)
            seen.add(mark.actor.text)
            if len(seen | known) > MOST_ACTORS:
                raise self._cursor.wrong(f"at most {MOST_ACTORS} actors", mark.actor)

    def labels(self) -> None:
        """Look up labels, and refuse statements that wait for each other."""
        places: dict[str, int] = {}
        for index, mark in enumerate(self._marks.ops):
            if mark.label and places.setdefault(mark.label.text, index) != index:
                line = self._cursor.line(self._marks.ops[places[mark.label.text]].actor)
                raise self._cursor.wrong(f"a new label (line {line} has this one)", mark.label)
        for index, mark in enumerate(self._marks.ops):
            for token in mark.after:
                self._known(token, "a label", places)
                if self._order.phase[places[token.text]] > self._order.phase[index]:
                    raise self._cursor.wrong(
                        "a label of an earlier statement, or of the same par", token
                    )
        self._no_cycle()

    def _no_cycle(self) -> None:
        """Report a cycle where one of its statements waits for another column."""
        cycle = self._order.cycle
        for index, earlier in sorted(zip(cycle, (*cycle[-1:], *cycle[:-1]), strict=True)):
            mark = self._marks.ops[index]
            for token in mark.after:
                if token.text == self._ops[earlier].label:
                    raise self._cursor.wrong(
                        "statements that do not wait for each other in a circle", token
                    )
        if cycle:
            process = next(m.process for i in cycle if (m := self._marks.ops[i]).process)
            raise self._cursor.wrong("a child that is not its own parent", process)

    def born(self) -> None:
        """Refuse actors and processes that are forked only later."""
        for index, (op, mark) in enumerate(zip(self._ops, self._marks.ops, strict=True)):
            process = self._threads.get(op.actor, op.actor)
            self._alive_by(index, process, mark.actor)
            for owner, _ in mark.pages:
                if owner:
                    self._known(owner, "a process", self._processes)
                    self._alive_by(index, owner.text, owner)

    def _alive_by(self, index: int, process: str, token: Token) -> None:
        """Refuse a process that is forked in a later phase than a statement's."""
        fork = self._forks.get(process)
        if fork is not None and self._order.phase[fork] > self._order.phase[index]:
            line = self._cursor.line(self._marks.ops[fork].actor)
            raise self._cursor.wrong(f"a process that exists ({process} comes at {line})", token)

    def pages(self) -> None:
        """Look up the pages of statements."""
        for mark in self._marks.ops:
            for _, page in mark.pages:
                self._known(page, "a page", self._pages)

    def handles(self) -> None:
        """Refuse references that are not held where they are used."""
        for index, (op, mark) in enumerate(zip(self._ops, self._marks.ops, strict=True)):
            if not mark.handle or self._made.get(mark.handle.text) == index:
                continue
            self._known(mark.handle, "a reference", [name for name in self._made if name])
            made = self._made[mark.handle.text]
            if not self._order.before(made, index):
                raise self._cursor.wrong(
                    "a reference that is taken before, in every order of events", mark.handle
                )
            self._fits(op.verb, made, mark.handle)
            for other, use in enumerate(self._ops):
                if VERBS[op.verb].ends and use.handle == op.handle and other != index:
                    self._in_time(other, index)

    def _fits(self, verb: str, made: int, token: Token) -> None:
        """Refuse to use a reference as what it is not."""
        maker = self._ops[made]
        if maker.verb not in VERBS[verb].of:
            raise self._cursor.wrong(
                f"a reference of {' or '.join(VERBS[verb].of)} (this is of {maker.verb})", token
            )

    def _in_time(self, use: int, end: int) -> None:
        """Refuse the use of a reference that may have been given back."""
        if not self._order.before(use, end):
            token = self._marks.ops[use].handle
            line = self._cursor.line(self._marks.ops[end].actor)
            raise self._cursor.wrong(
                f"a reference that is held, in every order of events (line {line} ends it)", token
            )

    def exits(self) -> None:
        """Refuse statements of a process behind its exit."""
        for end, op in enumerate(self._ops):
            if op.verb != "exit":
                continue
            process = self._threads.get(op.actor, op.actor)
            for index, other in enumerate(self._ops):
                same = self._threads.get(other.actor, other.actor) == process
                if same and self._order.before(end, index):
                    line = self._cursor.line(self._marks.ops[end].actor)
                    raise self._cursor.wrong(
                        f"an actor that lives ({process} exits at line {line})",
                        self._marks.ops[index].actor,
                    )

    def merges(self) -> None:
        """Refuse a second merge: the model has one page of KSM."""
        merges = [mark.verb for mark in self._marks.ops if mark.verb.text == "ksm_merge"]
        if len(merges) > 1:
            raise self._cursor.wrong("at most one ksm_merge", merges[1])

    def condition(self) -> None:
        """Look up the names of the condition."""
        tasks = {*self._processes, *self._threads}
        registers: dict[str, list[str]] = {}
        for op in self._ops:
            if op.register:
                registers.setdefault(op.actor, []).append(op.register)
        for use in self._marks.uses:
            if use.owner and use.kind == "register":
                self._known(use.owner, "an actor", {*tasks, *registers})
                owner = use.owner.text
                self._known(use.name, f"a register that {owner} sets", registers.get(owner, []))
            elif use.kind == "process":
                self._known(use.name, "a process or thread", tasks)
            elif use.kind == "reference":
                self._known(use.name, "a reference", [name for name in self._made if name])
            elif use.owner:
                self._known(use.owner, "a process or thread", tasks)
                self._known(use.name, "a page", self._pages)

    def _known(self, token: Token, what: str, known: Collection[str]) -> None:
        """Refuse a name that is not among those known, and say which are."""
        if token.text in known:
            return
        some = sorted(known)
        listed = ", ".join(some[:_SHOWN]) + (", ..." if len(some) > _SHOWN else "")
        choice = f"{what} ({listed})" if some else f"{what} (there is none)"
        raise self._cursor.wrong(choice + near(token.text, known), token)

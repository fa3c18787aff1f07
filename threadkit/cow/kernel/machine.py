"""One scenario on one kernel: the states it can be in, and who may move."""

from __future__ import annotations

from dataclasses import replace

from threadkit.cow.kernel.compile import compile_litmus
from threadkit.cow.kernel.initial import initial_state
from threadkit.cow.kernel.invariants import broken_invariants
from threadkit.cow.kernel.layout import (
    ALIVE,
    COPIES,
    LOCK_WAITS,
    MARK_BLOCKED,
    MARK_FORK_PIN,
    MARK_NAMES,
    MARKS,
    OP,
    PC,
    PTL_BLOCKED,
    REUSES,
    STATE,
    TASK_BYTES,
    UFFD_EVENTS,
)
from threadkit.cow.kernel.steps import FUNCTION, STEPS
from threadkit.cow.kernel.users import mark_bonds
from threadkit.cow.kernel.view import view_of
from threadkit.cow.litmus.syntax import Litmus, Op
from threadkit.cow.policy import Policy
from threadkit.cow.views import StateView

COUNTERS = (
    ("copies", COPIES),
    ("lock_waits", LOCK_WAITS),
    ("ptl_blocked", PTL_BLOCKED),
    ("reuses", REUSES),
    ("uffd_events", UFFD_EVENTS),
)
_EVERYTHING = ("fork", "exit", "exec", "clear_refs")


class Machine:
    """The states of a scenario under a policy.

    A state is ``bytes``. Steps are deterministic: the only choice is who moves, so a
    list of actors is a whole schedule.

    Parameters
    ----------
    litmus : Litmus
        A checked scenario.
    policy : Policy
        The decisions of the era.

    Attributes
    ----------
    initial : bytes
        The state it starts in.
    tasks : tuple of int
        One number an actor; what :meth:`step` takes.
    actors : tuple of str
        Their names, in the same order.

    Raises
    ------
    ModelBoundError
        The scenario has more objects than the model has room for.
    """

    def __init__(self, litmus: Litmus, policy: Policy) -> None:
        self.litmus = litmus
        self.policy = policy
        self.kernel, self.names = compile_litmus(litmus, policy)
        self.initial = initial_state(self.kernel, self.names, litmus)
        self.tasks = self.kernel.tasks
        self.actors = self.names.actors
        self._ends = tuple((task, len(self.kernel.code[task])) for task in self.tasks)
        self._mm_of = {
            task: self.kernel.mms[self.names.processes.index(self.names.home[actor])]
            for task, actor in zip(self.tasks, self.actors, strict=True)
            if actor in self.names.home
        }
        self._rest = self._masks()
        first = self.tasks[0] + OP if self.tasks else 0
        self._progress = slice(first, first + TASK_BYTES * len(self.tasks), TASK_BYTES)
        self._alone: dict[bytes, frozenset[int]] = {}
        self._promised = _promised(policy)

    def step(self, state: bytes, task: int) -> bytes | None:
        """Let one actor do its next micro-step.

        Parameters
        ----------
        state : bytes
            The state before.
        task : int
            Who moves; one of ``tasks``.

        Returns
        -------
        bytes or None
            The state behind it; None if the actor is blocked, waits, or has ended.
        """
        k = self.kernel
        number = state[task + PC]
        if not number:
            code = k.code[task]
            done = state[task + OP]
            if done == len(code):
                return None
            now = code[done]
            for other, need in now.waits:
                if state[other + OP] < need:
                    return None
            mm = self._mm_of.get(task)
            if mm is not None and state[mm + STATE] != ALIVE:
                return self._dead(state, task, mm)
            number = now.start
        s = bytearray(state)
        micro = STEPS[number]
        assert micro is not None
        if not micro(k, s, task):
            return None
        if k.watched:
            mark_bonds(k, s)
        return bytes(s)

    def _dead(self, state: bytes, task: int, mm: int) -> bytes | None:
        """Skip the statements of a process that is gone; wait for one not yet born."""
        if state[mm + STATE] != 2:
            return None
        s = bytearray(state)
        s[task + OP] += 1
        self.kernel.said = ("", "the process is gone: nothing happens")
        return bytes(s)

    def finished(self, state: bytes) -> bool:
        """Tell whether every actor has done all its statements.

        Parameters
        ----------
        state : bytes
            A state.

        Returns
        -------
        bool
            If no actor can move and this is False, some actor waits for ever.
        """
        return all(state[task + OP] == end for task, end in self._ends)

    def view(self, state: bytes) -> StateView:
        """Describe a state in words and numbers.

        Parameters
        ----------
        state : bytes
            A state.

        Returns
        -------
        StateView
            Processes, mappings, frames, references, registers, counters, marks.
        """
        return view_of(self.kernel, self.names, self.litmus, state, COUNTERS, self.harms(state))

    def describe(self, before: bytes, task: int, after: bytes) -> tuple[int, str, str, bool]:
        """Say what a step did.

        Parameters
        ----------
        before : bytes
            The state before.
        task : int
            Who moved.
        after : bytes
            The state behind it.

        Returns
        -------
        tuple
            Number of the statement, kernel function, what happened in a short clause,
            and whether the statement ended.
        """
        k = self.kernel
        index = k.code[task][before[task + OP]].index
        number = before[task + PC] or k.code[task][before[task + OP]].start
        k.said = ("", "")
        self.step(before, task)
        function, says = k.said
        ends = after[task + OP] != before[task + OP]
        return index, function or FUNCTION[number], says, ends

    def harms(self, state: bytes) -> tuple[tuple[str, str], ...]:
        """Return what went wrong on the way to a state.

        Parameters
        ----------
        state : bytes
            A state.

        Returns
        -------
        tuple of (str, str)
            Harm and invariant: ``("missed", "I1")``, ``("wrong", "I2")``...

        Notes
        -----
        I9 and I10 count only where the kernel promised them: that a write fault does not
        sleep on a busy page lock is the rule of those that copy instead, and that fork
        leaves a pinned page to its owner came with the copy at fork. Elsewhere the same
        step is what the kernel was meant to do.
        """
        marks = state[MARKS] & self._promised
        return tuple((kind, name) for bit, kind, name in MARK_NAMES if marks & bit)

    def broken(self, state: bytes) -> tuple[str, ...]:
        """Return the invariants that do not hold in this state itself (I2, I4..I7).

        Parameters
        ----------
        state : bytes
            A state.

        Returns
        -------
        tuple of str
            Their names, each once.
        """
        return broken_invariants(self.kernel, bytearray(state))

    def private(self, state: bytes, task: int) -> bool:
        """Tell whether an actor's next step commutes with all that others may still do.

        Statements are compared by the pages and address spaces that they can reach,
        which for each actor is known for all the statements that it has left.

        Parameters
        ----------
        state : bytes
            A state.
        task : int
            Who might move.

        Returns
        -------
        bool
            True if exploring this step alone loses nothing.
        """
        progress = state[self._progress]
        alone = self._alone.get(progress)
        if alone is None:
            alone = self._alone[progress] = self._work_out(progress)
        return task in alone

    def _work_out(self, progress: bytes) -> frozenset[int]:
        """Find the actors whose next statement touches nothing that others may still touch.

        That depends only on how many statements each has done.
        """
        rest = {
            task: self._rest[task][done] for task, done in zip(self.tasks, progress, strict=True)
        }
        alone = set()
        for task, done in zip(self.tasks, progress, strict=True):
            code = self.kernel.code[task]
            others = [left for other, left in rest.items() if other != task]
            if done < len(code) and not any(code[done].touches & left for left in others):
                alone.add(task)
        return frozenset(alone)

    def _masks(self) -> dict[int, tuple[int, ...]]:
        """Work out what each statement may touch, and what each actor's rest may.

        One bit a page and one an address space. Pages that KSM may merge count as one;
        processes' statements touch their address space, whose locks they take.
        """
        k = self.kernel
        processes = self.names.processes
        pages = len(self.names.pages)
        same = list(range(pages))
        for op in self.litmus.ops():
            if op.page and op.other:
                one, two = (same[self.names.pages.index(n.page)] for n in (op.page, op.other))
                same = [one if number == two else number for number in same]
        every = (1 << pages + len(processes)) - 1
        made = {op.handle: op for op in self.litmus.ops() if op.handle and op.page}

        def mask(op: Op, mm: int) -> int:
            if op.verb in _EVERYTHING:
                return every
            named = [name for name in (op.page, op.other) if name]
            source = made.get(op.handle or "")
            if source is not None and source.page:
                named.append(source.page)
            bits = 1 << pages + mm
            for name in named:
                bits |= 1 << same[self.names.pages.index(name.page)]
                bits |= 1 << pages + processes.index(name.process)
            return bits if named else every

        rest: dict[int, tuple[int, ...]] = {}
        for task in k.tasks:
            code = tuple(replace(i, touches=mask(i.op, i.mm)) for i in k.code[task])
            k.code[task] = code
            left = [0]
            for i in reversed(code):
                left.append(left[-1] | i.touches)
            rest[task] = tuple(reversed(left))
        return rest


def _promised(policy: Policy) -> int:
    """Return the marks that a kernel is to be blamed for."""
    marks = 0xFF
    if policy.wp_trylock_failed != "copy":
        marks &= ~MARK_BLOCKED
    if policy.copy_present_pte == "share":
        marks &= ~MARK_FORK_PIN
    return marks

"""What the search asks of an engine."""

from __future__ import annotations

from typing import Protocol

from threadkit.cow.views import StateView


class Machine(Protocol):
    """A program under one kernel's policy, as states and steps.

    A state is bytes: equal bytes, equal futures. The only choice in a run is who moves
    next.

    Attributes
    ----------
    initial : bytes
        The state before the first step.
    tasks : tuple of int
        One number an actor, below 65536.
    actors : tuple of str
        Their names, same order.
    """

    @property
    def initial(self) -> bytes:
        """The state before the first step."""
        ...

    @property
    def tasks(self) -> tuple[int, ...]:
        """One number an actor, below 65536."""
        ...

    @property
    def actors(self) -> tuple[str, ...]:
        """Names of the actors, in the order of the tasks."""
        ...

    def step(self, state: bytes, task: int) -> bytes | None:
        """Move one task by one micro-step.

        Parameters
        ----------
        state : bytes
            Where it stands.
        task : int
            Who moves.

        Returns
        -------
        bytes or None
            The state behind the step; None if the task cannot move: it is blocked, it
            waits for others, or it is through.
        """
        ...

    def finished(self, state: bytes) -> bool:
        """Tell whether all actors are through.

        Parameters
        ----------
        state : bytes
            Any state.

        Returns
        -------
        bool
            False in a state without steps means that somebody waits for ever.
        """
        ...

    def view(self, state: bytes) -> StateView:
        """Show a state in words.

        Parameters
        ----------
        state : bytes
            Any state.

        Returns
        -------
        StateView
            What conditions and diagrams read.
        """
        ...

    def describe(self, before: bytes, task: int, after: bytes) -> tuple[int, str, str, bool]:
        """Say what a step did.

        Parameters
        ----------
        before : bytes
            Where it began.
        task : int
            Who moved.
        after : bytes
            What :meth:`step` returned.

        Returns
        -------
        tuple of (int, str, str, bool)
            Number of the statement in ``litmus.ops()``, kernel function, a clause in
            English, and whether the statement ends with this step.
        """
        ...

    def harms(self, state: bytes) -> tuple[tuple[str, str], ...]:
        """Return the harms done on the way to a state.

        Parameters
        ----------
        state : bytes
            Any state.

        Returns
        -------
        tuple of (str, str)
            Kind and invariant. A mark stays once it is set, so that a final state has
            all marks of its way.
        """
        ...

    def broken(self, state: bytes) -> tuple[str, ...]:
        """Return the invariants that do not hold in a state.

        Parameters
        ----------
        state : bytes
            Any state.

        Returns
        -------
        tuple of str
            ``I2``, ``I4``...; usually empty.
        """
        ...

    def private(self, state: bytes, task: int) -> bool:
        """Tell whether a task's next step is nobody else's business.

        Parameters
        ----------
        state : bytes
            Where it stands.
        task : int
            Who would move.

        Returns
        -------
        bool
            The step commutes with everything the others may still do, and cannot be
            blocked by it.
        """
        ...

"""One state of the model in words: what diagrams, conditions and JSON read.

The engine's own state is bytes (:mod:`threadkit.cow.kernel.layout`); a view is made of
it where a person or a condition looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ProcessView:
    """One address space.

    Attributes
    ----------
    name : str
        Of its process.
    state : str
        ``alive``, ``gone`` (exited) or ``unborn``.
    has_pinned : bool
        mm.has_pinned.
    """

    name: str
    state: Literal["alive", "gone", "unborn"]
    has_pinned: bool = False


@dataclass(frozen=True, slots=True)
class MappingView:
    """One page-table entry.

    Attributes
    ----------
    process, page : str
        Whose, and which variable of the scenario.
    half : int or None
        0 or 1 for an entry of a huge page that is mapped by ptes, else None.
    state : str
        ``none``, ``present`` or ``swap``.
    frame : str or None
        Name of the page it maps ("A"), or of the swap entry ("swap 1").
    writable, dirty, uffd_wp, huge : bool
        Bits of the entry; huge: a PMD.
    vma : str
        Protection of the mapping: ``none``, ``r`` or ``rw``.
    """

    process: str
    page: str
    half: int | None
    state: Literal["none", "present", "swap"]
    frame: str | None
    writable: bool
    dirty: bool = False
    uffd_wp: bool = False
    huge: bool = False
    vma: Literal["none", "r", "rw"] = "rw"


@dataclass(frozen=True, slots=True)
class FrameView:
    """One page of memory, or a swap entry's content.

    Attributes
    ----------
    name : str
        A, B, C... in the order of appearance; ``swap 1``, ... for entries.
    kind : str
        ``anon``, ``zeropage``, ``file``, ``ksm``, ``thp``, ``hugetlb`` or ``swap``.
    content : tuple of int
        The two slots.
    refcount : int
        All references, a pin being 1024; for a swap entry its count.
    mapcount : int
        Page-table entries (0 for a swap entry).
    exclusive, swapcache : bool
        PageAnonExclusive; PageSwapCache.
    locked_by : str or None
        The actor that holds the page lock.
    exclusive_half : int or None
        The half of a huge page that alone is exclusive, where only one is.
    """

    name: str
    kind: str
    content: tuple[int, int]
    refcount: int
    mapcount: int
    exclusive: bool = False
    swapcache: bool = False
    locked_by: str | None = None
    exclusive_half: int | None = None

    def exclusive_at(self, half: int | None) -> bool:
        """Tell whether the page, or one half of a huge page, is exclusive.

        Parameters
        ----------
        half : int or None
            None: all of it.

        Returns
        -------
        bool
            PageAnonExclusive of what was asked about.
        """
        return self.exclusive and self.exclusive_half in (None, half)


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A reference that a scenario names.

    Attributes
    ----------
    name : str
        The handle.
    holder : str
        Actor that took it.
    process : str
        Whose memory it was taken of.
    kind : str
        ``pin``, ``get``, ``transient`` or ``lock``.
    write : bool
        Taken for writing.
    frame : str
        The page.
    count : int
        How many references in one.
    upper : str or None
        The page behind slot 1, if it is another one: of a huge page that has been split.
    """

    name: str
    holder: str
    process: str
    kind: Literal["pin", "get", "transient", "lock"]
    write: bool
    frame: str
    count: int = 1
    upper: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class StateView:
    """A whole state.

    Attributes
    ----------
    processes, mappings, frames, references : tuple
        In the scenario's order; only frames that exist, references that are held.
    registers : tuple of (str, str, int)
        Actor, register, value; only those set. SEGV is a value.
    counters : tuple of (str, int)
        ``copies``, ``lock_waits``, ``ptl_blocked``, ``reuses``, ``uffd_events``.
    harms : tuple of (str, str)
        Harm (``missed``, ``wrong``, ``unnecessary``) or ``broken``, and the invariant
        (``I1``...), so far.
    running : tuple of (str, str)
        Actors inside an operation, and the kernel function they are in.
    """

    processes: tuple[ProcessView, ...]
    mappings: tuple[MappingView, ...]
    frames: tuple[FrameView, ...]
    references: tuple[ReferenceView, ...]
    registers: tuple[tuple[str, str, int], ...]
    counters: tuple[tuple[str, int], ...]
    harms: tuple[tuple[str, str], ...]
    running: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        frames = ", ".join(frame.name for frame in self.frames)
        return f"<StateView {len(self.processes)} processes, pages {frames or None}>"

    def __str__(self) -> str:
        from threadkit.cow.diagram.text import state_text

        return "\n".join(state_text(self))

    def _repr_html_(self) -> str:
        from threadkit.cow.diagram.state import state_html

        return state_html(self)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace.

    Attributes
    ----------
    actor : str
        Who moved.
    op : str
        The statement it is doing, as the language writes it.
    index : int
        Number of the statement in the scenario, from 0; steps of one statement share it.
    function : str
        Kernel function that decides here.
    says : str
        What happened, a short clause in English.
    ends : bool
        The statement is done with this step.
    after : StateView
        The state behind it.
    """

    actor: str
    op: str
    index: int
    function: str
    says: str
    ends: bool
    after: StateView

    def __repr__(self) -> str:
        return f"<Step {self.actor}: {self.op}: {self.function} {self.says}>"


@dataclass(frozen=True, slots=True)
class Trace:
    """A path from the initial state, shortest of its kind.

    Attributes
    ----------
    scenario, era : str
        Which run.
    why : str
        What it is a witness of: ``condition holds``, ``condition fails``, ``missed``...
    start : StateView
        The initial state.
    steps : tuple of Step
        In order.
    """

    scenario: str
    era: str
    why: str
    start: StateView
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        number = len(self.steps)
        many = f"{number} step{'' if number == 1 else 's'}"
        return f"<Trace {self.scenario} under {self.era}: {self.why}, {many}>"

    def __str__(self) -> str:
        from threadkit.cow.diagram.text import trace_text

        return "\n".join(trace_text(self))

    def _repr_html_(self) -> str:
        from threadkit.cow.diagram.trace import trace_html

        return trace_html(self)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}

"""What one can see in a state: numbers and pages by the names that a scenario gives them."""

from __future__ import annotations

from functools import cached_property

from threadkit.cow.litmus.syntax import SEGV, Litmus, Page, Seen
from threadkit.cow.views import FrameView, MappingView, ReferenceView, StateView
from threadkit.errors import ThreadkitError

CACHED_KINDS = ("file", "shmem")
"""Kinds of page with a content that stays when nobody maps it."""


class UnknownName(ThreadkitError):
    """A condition names something that its scenario does not have.

    Parameters
    ----------
    name : str
        As written.
    scenario : str
        Name of the scenario.
    """

    exit_code = 2

    def __init__(self, name: str, scenario: str) -> None:
        self.name = name
        self.scenario = scenario
        super().__init__(f"{scenario}: the condition names {name!r}, which is not in the scenario")


class Look:
    """A state, asked by the names of its scenario.

    Parameters
    ----------
    litmus : Litmus
        Whose names they are.
    view : StateView
        The state.
    """

    def __init__(self, litmus: Litmus, view: StateView) -> None:
        self.litmus = litmus
        self.view = view

    @cached_property
    def frames(self) -> dict[str, FrameView]:
        """Pages and swap entries by name."""
        return {frame.name: frame for frame in self.view.frames}

    @cached_property
    def references(self) -> dict[str, ReferenceView]:
        """References that are held, by name."""
        return {reference.name: reference for reference in self.view.references}

    @cached_property
    def _registers(self) -> dict[tuple[str, str], int]:
        return {(actor, name): value for actor, name, value in self.view.registers}

    @cached_property
    def _states(self) -> dict[str, str]:
        return {process.name: process.state for process in self.view.processes}

    @cached_property
    def _homes(self) -> dict[str, str]:
        return dict(self.litmus.threads)

    @cached_property
    def _pages(self) -> dict[str, Page]:
        return {page.name: page for page in self.litmus.pages}

    def number(self, seen: Seen) -> int | None:
        """Return a number that a condition asks for.

        Parameters
        ----------
        seen : Seen
            What it asks for.

        Returns
        -------
        int or None
            None where there is no number: a register that was never set, memory of a
            process that does not live, a reference that is not held. SEGV where the
            access would fault for good.

        Raises
        ------
        UnknownName
            The scenario has no such counter, page, process or reference.
        """
        if seen.kind == "register":
            actor, name = seen.names
            return self._registers.get((actor, name))
        if seen.kind == "counter":
            counters = dict(self.view.counters)
            if seen.names[0] not in counters:
                raise UnknownName(seen.names[0], self.litmus.name)
            return counters[seen.names[0]]
        slot = seen.slot or 0
        if seen.kind == "memory":
            actor, page = seen.names
            return self.memory(actor, page, slot)
        return self.held_content(seen.names[0], slot)

    def process(self, actor: str) -> str:
        """Return the process whose memory an actor uses.

        Parameters
        ----------
        actor : str
            A process or a thread.

        Returns
        -------
        str
            Its own name, but for a thread.

        Raises
        ------
        UnknownName
            It has no memory, or is not in the scenario.
        """
        home = self._homes.get(actor, actor)
        if home not in self._states:
            raise UnknownName(actor, self.litmus.name)
        return home

    def alive(self, actor: str) -> bool:
        """Tell whether a process lives.

        Parameters
        ----------
        actor : str
            A process or a thread.

        Returns
        -------
        bool
            False before its fork and after its exit.
        """
        return self._states[self.process(actor)] == "alive"

    def mappings(self, actor: str, page: str) -> tuple[MappingView, ...]:
        """Return the page-table entries of a page in one address space.

        Parameters
        ----------
        actor : str
            A process or a thread.
        page : str
            Name of the page.

        Returns
        -------
        tuple of MappingView
            One, two for a huge page that is mapped by ptes, or none: not mapped by any
            vma, or the process does not live.
        """
        if page not in self._pages:
            raise UnknownName(page, self.litmus.name)
        if not self.alive(actor):
            return ()
        home = self.process(actor)
        entries = (e for e in self.view.mappings if e.process == home and e.page == page)
        return tuple(sorted(entries, key=lambda entry: entry.half or 0))

    def memory(self, actor: str, page: str, slot: int) -> int | None:
        """Return what an actor would read.

        Parameters
        ----------
        actor : str
            A process or a thread.
        page : str
            Name of the page.
        slot : int
            0 or 1.

        Returns
        -------
        int or None
            The content of the page or swap entry behind the mapping; where nothing is
            mapped yet, what a fault would bring: the file's content, or 0. SEGV without
            a vma that can be read. None if the process does not live.
        """
        entries = self.mappings(actor, page)
        if not self.alive(actor):
            return None
        entry = next((e for e in entries if e.half in (None, slot)), None)
        if entry is None or entry.vma == "none":
            return SEGV
        if entry.frame is not None:
            return self.frames[entry.frame].content[slot]
        return self._backing(page, slot)

    def _backing(self, page: str, slot: int) -> int:
        described = self._pages[page]
        if described.kind not in CACHED_KINDS:
            return 0
        cached = [frame for frame in self.view.frames if frame.kind == "file"]
        place = [p.name for p in self.litmus.pages if p.kind in CACHED_KINDS].index(page)
        return cached[place].content[slot] if place < len(cached) else described.content[slot]

    def held_content(self, handle: str, slot: int) -> int | None:
        """Return what a reference sees.

        Parameters
        ----------
        handle : str
            Its name.
        slot : int
            0 or 1.

        Returns
        -------
        int or None
            None if it is not held (any more).
        """
        reference = self.references.get(handle)
        if reference is None:
            self._known(handle)
            return None
        upper = reference.upper or reference.frame
        return self.frames[upper if slot else reference.frame].content[slot]

    def held(self, handle: str) -> bool:
        """Tell whether a reference is held.

        Parameters
        ----------
        handle : str
            Its name.

        Returns
        -------
        bool
            False before it is taken and after it was put.
        """
        self._known(handle)
        return handle in self.references

    def pages(self, name: str) -> tuple[FrameView, ...]:
        """Return the pages behind ``parent:x`` or a reference.

        Parameters
        ----------
        name : str
            As the condition writes it.

        Returns
        -------
        tuple of FrameView
            Lower and upper half, the same twice for a small page; empty if there is none.
        """
        if ":" in name:
            actor, page = name.split(":", 1)
            names = [entry.frame for entry in self.mappings(actor, page)]
        elif name in self.references:
            reference = self.references[name]
            names = [reference.frame, reference.upper or reference.frame]
        else:
            self._known(name)
            names = []
        found = tuple(self.frames[frame] for frame in names if frame is not None)
        return found * 2 if len(found) == 1 else found

    def _known(self, handle: str) -> None:
        if all(op.handle != handle for op in self.litmus.ops()):
            raise UnknownName(handle, self.litmus.name)

"""Random programs in the litmus language, with a taste for the races of copy-on-write."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from threadkit.cow.litmus.syntax import (
    ADVICE,
    PAGE_WORDS,
    VERBS,
    Condition,
    Litmus,
    Op,
    Page,
    PageKind,
    PageName,
    Phase,
    Predicate,
)

SIZE = 8
"""Statements of a program, without those that read everything in the end."""

_KINDS: dict[PageKind, int] = {
    "anon": 24,
    "swapped": 3,
    "file": 2,
    "zeropage": 2,
    "ksm": 2,
    "thp": 2,
    "shmem": 1,
    "hugetlb": 1,
}
_BY_PROCESS = {
    "write": 12,
    "fork": 6,
    "pin": 6,
    "end": 5,
    "get": 4,
    "read": 4,
    "clear_refs": 3,
    "mprotect": 3,
    "exit": 3,
    "vmsplice": 3,
    "munmap": 2,
    "madvise": 2,
    "odirect_read_begin": 2,
    "pipe_read": 2,
    "process_vm_writev": 2,
    "ptrace_write": 1,
    "process_vm_readv": 1,
    "odirect_write_begin": 1,
    "exec": 1,
    "uffd_wp": 1,
    "uffd_unwp": 1,
    "ksm_unmerge": 1,
}
_BY_KERNEL = {"device": 8, "reclaim": 6, "lockholder": 3, "noise": 3, "ksmd": 1}
_OPENING = {"write": 0.1, "pin": 0.25, "get": 0.15, "vmsplice": 0.1, "fork": 0.6}
"""Statements that most races begin with, and how often a program does."""

_MAKES = ("pin", "get", "vmsplice", "odirect_read_begin", "odirect_write_begin")
_CHILDREN = ("child", "grandchild")
_MOST_IN_COLUMN = 3
_MOST_COLUMNS = 3
_ENTRY = "readonly_pte"  # says nothing new of a mapping that is read-only
_FIRST_REGISTER = 10  # of those that read everything in the end


@dataclass
class _Column:
    """One actor's statements of a phase, while it is written."""

    actor: str
    may_end: set[str]
    may_use: set[str]
    ops: list[Op] = field(default_factory=list)
    over: bool = False


class _Writer:
    """Writes one program; what it knows is what is true in every run of it."""

    def __init__(self, rng: random.Random, size: int) -> None:
        self.rng = rng
        self.size = size
        self.pages = self._pages()
        self.threads = {"helper": "parent"} if rng.random() < 0.3 else {}
        self.processes = ("tracer",) if rng.random() < 0.2 else ()
        self.live = ["parent", *self.processes]
        self.unborn = list(_CHILDREN)
        self.makers: dict[str, Op] = {}
        self.held: set[str] = set()
        self.leaving: set[str] = set()  # in the phase that is written
        self.value = 2
        self.merged = False
        self.phases: list[Phase] = []

    def write(self) -> tuple[Phase, ...]:
        """Write phases up to the size, and one that reads everything."""
        for verb, chance in _OPENING.items():
            if self.rng.random() < chance:
                column = _Column("parent", set(), set())
                column.ops += self._process_op(column, verb)
                self._close([column])
        while (left := self.size - self._count()) > 0:
            if left > 1 and self.rng.random() < 0.5:
                self._par(left)
            else:
                self._one()
        self._read_everything()
        return tuple(self.phases)

    def _count(self) -> int:
        return sum(len(column) for phase in self.phases for column in phase.columns)

    def _choose(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _pages(self) -> dict[str, Page]:
        pages = {}
        for name in ("x", "y")[: self.rng.choice((1, 1, 1, 2))]:
            kind = self.rng.choices(list(_KINDS), list(_KINDS.values()))[0]
            writable = self.rng.random() < 0.9
            words: tuple[str, ...] = ()
            if self.rng.random() < 0.2:
                fitting = [word for word, kinds in PAGE_WORDS.items() if kind in kinds]
                words = (self.rng.choice([w for w in fitting if writable or w != _ENTRY]),)
            empty = kind == "zeropage" or (
                words == ("unfaulted",) and kind not in ("file", "shmem")
            )
            content = (0, 0) if empty else (1, 2)
            pages[name] = Page(name, kind, writable, content, words)
        return pages

    def _process_actors(self) -> list[str]:
        return [*self.live, *(t for t, home in self.threads.items() if home in self.live)]

    def _any_actor(self) -> str:
        if self.rng.random() < 0.3:
            return self._choose(_BY_KERNEL)
        actors = self._process_actors()
        return self.rng.choice([*actors, "parent"] if "parent" in actors else actors)

    def _one(self) -> None:
        """Add a statement of its own; what has to be undone stays in one column."""
        column = _Column(self._any_actor(), set(self.held), set(self.held))
        self._fill(column, 1)
        self._close([column])

    def _par(self, left: int) -> None:
        """Add statements that interleave."""
        number = self.rng.randint(2, min(_MOST_COLUMNS, left))
        actors = list(dict.fromkeys(self._any_actor() for _ in range(number)))
        columns = [_Column(actor, set(), set(self.held)) for actor in actors]
        for handle in sorted(self.held):
            # Given back by one column at most, and then no other may use it.
            if self.rng.random() < 0.4:
                last = self.rng.choice(columns)
                last.may_end.add(handle)
                for column in columns:
                    if column is not last:
                        column.may_use.discard(handle)
        for column in columns:
            self._fill(column, self.rng.randint(1, min(_MOST_IN_COLUMN, left)))
        self._child_column(columns)
        self._device_column(columns)
        self._close(columns)

    def _child_column(self, columns: list[_Column]) -> None:
        """Let a child that is forked here run at once."""
        forks = [op for column in columns for op in column.ops if op.verb == "fork"]
        if forks and self.rng.random() < 0.7:
            assert forks[0].process is not None
            column = _Column(forks[0].process, set(), set())
            self._fill(column, self.rng.randint(1, 2))
            columns.append(column)

    def _device_column(self, columns: list[_Column]) -> None:
        """Let a device use a reference as soon as it is taken."""
        for column in list(columns):
            for place, op in enumerate(column.ops):
                ended = any(o.handle == op.handle for o in column.ops[place + 1 :])
                if op.verb not in ("pin", "get") or ended or self.rng.random() < 0.5:
                    continue
                label = f"has_{op.handle}"
                column.ops[place] = replace(op, label=label)
                device = next((c for c in columns if c.actor == "device"), None)
                if device is None:
                    device = _Column("device", set(), set())
                    columns.append(device)
                if device is not column:
                    device.ops.append(replace(self._dma("device", op), after=(label,)))

    def _close(self, columns: list[_Column]) -> None:
        """Take columns over as a phase, and note what they changed for good."""
        filled = tuple(tuple(column.ops) for column in columns if column.ops)
        if not filled:
            return
        for op in (op for column in filled for op in column):
            if op.verb in _MAKES:
                assert op.handle is not None
                self.held.add(op.handle)
            elif VERBS[op.verb].ends:
                self.held.discard(str(op.handle))
            elif op.verb == "fork":
                self.live.append(str(op.process))
        self.live = [process for process in self.live if process not in self.leaving]
        self.leaving.clear()
        if len(filled) == 1:
            self.phases += [Phase(((op,),)) for op in filled[0]]
        else:
            self.phases.append(Phase(filled))

    def _fill(self, column: _Column, number: int) -> None:
        """Write about so many statements of one actor."""
        kernel = column.actor in _BY_KERNEL
        for _ in range(number):
            if not column.over:
                verb = self._choose(_BY_PROCESS)
                column.ops += self._kernel_ops(column) if kernel else self._process_op(column, verb)

    def _page(self) -> str:
        return self.rng.choice(list(self.pages))

    def _somewhere(self) -> PageName:
        return PageName(self.rng.choice(self.live), self._page())

    def _next_value(self) -> int:
        self.value += 1
        return self.value

    def _kernel_ops(self, column: _Column) -> list[Op]:
        actor = column.actor
        if actor == "device":
            usable = [h for h in sorted(column.may_use) if self.makers[h].verb != "vmsplice"]
            return [self._dma(actor, self.makers[self.rng.choice(usable)])] if usable else []
        if actor == "reclaim":
            verb = self.rng.choice(("swap_out", "swap_out", "swap_in"))
            return [Op(actor, verb, page=self._somewhere())]
        if actor == "ksmd":
            if self.merged or len(self.pages) == 1:
                return []
            self.merged = True
            process = self.rng.choice(self.live)
            return [Op(actor, "ksm_merge", PageName(process, "x"), PageName(process, "y"))]
        make, end = ("lock", "unlock") if actor == "lockholder" else ("get_page", "put_page")
        handle = self._handle(actor[0])
        return [Op(actor, make, self._somewhere(), handle=handle), Op(actor, end, handle=handle)]

    def _handle(self, letter: str) -> str:
        self.value += 1
        return f"{letter}{self.value}_"

    def _dma(self, actor: str, maker: Op) -> Op:
        """Return a device's use of a reference."""
        slot = self.rng.randint(0, 1)
        writes = maker.verb == "odirect_read_begin"
        if writes or ("write" in maker.words and self.rng.random() < 0.6):
            return Op(actor, "dma_in", slot=slot, handle=maker.handle, value=self._next_value())
        register = f"r{self.rng.randint(0, 3)}"
        return Op(actor, "dma_out", slot=slot, handle=maker.handle, register=register)

    def _process_op(self, column: _Column, verb: str) -> list[Op]:
        """Return a statement of a process; none if that is impossible now."""
        actor = column.actor
        home = self.threads.get(actor, actor)
        here = PageName(home, self._page())
        register = f"r{self.rng.randint(0, 3)}"
        slot = self.rng.randint(0, 1)
        if verb == "write":
            return [Op(actor, verb, here, slot=slot, value=self._next_value())]
        if verb == "read":
            return [Op(actor, verb, here, slot=slot, register=register)]
        if verb in _MAKES:
            return [self._make(column, verb, here)]
        if verb in ("process_vm_readv", "process_vm_writev", "ptrace_write"):
            return self._other(actor, home, verb, slot)
        if verb in ("end", "pipe_read"):
            return self._use(column, verb, slot, register)
        if verb in ("fork", "exit", "exec", "clear_refs"):
            return self._alone(column, home, verb)
        words: tuple[str, ...] = ()
        if verb == "mprotect":
            words = (self.rng.choice(("none", "r", "rw", "rw")),)
        elif verb == "madvise":
            words = (self.rng.choice([w for w in ADVICE if w != "COLLAPSE"]),)
        return [Op(actor, verb, here, words=words)]

    def _make(self, column: _Column, verb: str, where: PageName) -> Op:
        """Return a statement that takes a reference."""
        words: list[str] = []
        if verb in ("pin", "get"):
            words.append(self.rng.choice(("read", "write")))
        if verb == "pin" and self.rng.random() < 0.7:
            words.append("longterm")
        if words and self.rng.random() < 0.3:
            words.append("fast")
        times = 1024 if verb == "get" and self.rng.random() < 0.1 else 1
        handle = self._handle("p" if verb == "pin" else "g")
        op = Op(column.actor, verb, where, handle=handle, words=tuple(words), times=times)
        self.makers[handle] = op
        column.may_use.add(handle)
        column.may_end.add(handle)
        return op

    def _other(self, actor: str, home: str, verb: str, slot: int) -> list[Op]:
        """Return a look into another process, if there is one."""
        others = [process for process in self.live if process != home]
        if not others:
            return []
        there = PageName(self.rng.choice(others), self._page())
        if verb == "process_vm_readv":
            return [Op(actor, verb, there, slot=slot, register=f"r{self.rng.randint(0, 3)}")]
        return [Op(actor, verb, there, slot=slot, value=self._next_value())]

    def _use(self, column: _Column, verb: str, slot: int, register: str) -> list[Op]:
        """Return a use of a reference that is held, or its end."""
        if verb == "pipe_read":
            usable = [h for h in sorted(column.may_use) if self.makers[h].verb == "vmsplice"]
            if not usable:
                return []
            handle = self.rng.choice(usable)
            return [Op(column.actor, verb, slot=slot, handle=handle, register=register)]
        if not column.may_end:
            return []
        handle = self.rng.choice(sorted(column.may_end))
        column.may_end.discard(handle)
        column.may_use.discard(handle)
        made = self.makers[handle].verb
        end = next(v for v, form in VERBS.items() if form.ends and made in form.of)
        return [Op(column.actor, end, handle=handle)]

    def _alone(self, column: _Column, home: str, verb: str) -> list[Op]:
        """Return a statement about a whole process."""
        if verb == "fork":
            if not self.unborn:
                return []
            return [Op(column.actor, verb, process=self.unborn.pop(0))]
        threaded = home in self.threads.values()
        if verb in ("exit", "exec") and (threaded or (verb == "exec" and home == "parent")):
            return []
        if verb == "exit":
            ended = {home, *self.processes, *self.leaving}
            others = [one for one in self.live if one not in ended]
            if not others or any(op.verb == "fork" for op in column.ops):
                return []
            column.over = True
            self.leaving.add(home)
        return [Op(column.actor, verb)]

    def _read_everything(self) -> None:
        """Read all memory and all references, so that registers tell everything."""
        ops = []
        for process in self.live:
            for page in self.pages:
                for slot in (0, 1):
                    ops.append(Op(process, "read", PageName(process, page), slot=slot))
        for handle in sorted(self.held):
            verb = self.makers[handle].verb
            if verb == "odirect_read_begin":
                continue  # its device only writes
            actor, look = ("device", "dma_out")
            if verb == "vmsplice":
                actor, look = self.live[0], "pipe_read"
            ops += [Op(actor, look, slot=slot, handle=handle) for slot in (0, 1)]
        for number, op in enumerate(ops, _FIRST_REGISTER):
            self.phases.append(Phase(((replace(op, register=f"r{number}"),),)))


def random_litmus(rng: random.Random, size: int = SIZE, name: str = "F") -> Litmus:
    """Write a small program.

    Parameters
    ----------
    rng : random.Random
        Where chance comes from; the same state writes the same program.
    size : int
        Statements, about; those that read all memory and all references in the end come
        on top.
    name : str
        Of the program.

    Returns
    -------
    Litmus
        One that the parser accepts. Registers from r10 on hold what is there in the end.

    Examples
    --------
    >>> random_litmus(random.Random(1)) == random_litmus(random.Random(1))
    True
    """
    writer = _Writer(rng, size)
    phases = writer.write()
    return Litmus(
        name=name,
        question="Do the two engines agree?",
        notes=(),
        references=(),
        beside=(),
        needs=(),
        pages=tuple(writer.pages.values()),
        threads=tuple(writer.threads.items()),
        processes=writer.processes,
        phases=phases,
        condition=Condition("exists", Predicate("alive", ("parent",))),
        expectations=(),
    )

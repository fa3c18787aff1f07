"""A machine that has no pages: every process has bytes of its own, references are memory.

It is written apart from the oracle, as plainly as possible, to compare with. It can be
told to err in known ways, to see that the errors are found.
"""

from __future__ import annotations

import json

from threadkit.cow.litmus.syntax import SEGV, Litmus, is_kernel_actor
from threadkit.cow.views import StateView

TAKES = ("pin", "get", "vmsplice", "odirect_read_begin", "odirect_write_begin")


class Ideal:
    """A machine as the fuzzer asks for; one statement is one step.

    ``leak``: fork gives the child its parent's memory itself. ``lose``: a write moves the
    memory away from references. ``marks``: what errs says so.
    """

    def __init__(self, litmus: Litmus, errs: str = "", marks: bool = False):
        self.litmus = litmus
        self.errs = errs
        self.marks = marks
        self.homes = dict(litmus.threads)
        columns = [c for phase in litmus.phases for c in phase.columns]
        self.actors = tuple(dict.fromkeys(c[0].actor for c in columns))
        self.tasks = tuple(range(len(self.actors)))
        self.labels = {op.label: op for op in litmus.ops() if op.label}
        numbers = {id(op): n for n, op in enumerate(litmus.ops())}
        self.number = lambda op: numbers[id(op)]
        state = {
            "done": [],
            "map": {},
            "bytes": [],
            "refs": {},
            "regs": {},
            "live": ["parent", *litmus.processes],
            "gone": [],
            "harms": [],
        }
        for page in litmus.pages:
            protection = "rw" if page.writable else "r"
            state["map"][f"parent.{page.name}"] = [len(state["bytes"]), protection, True, False]
            state["bytes"].append(list(page.content))
        self.initial = self._pack(state)

    def _pack(self, state) -> bytes:
        state["done"].sort()
        return json.dumps(state, sort_keys=True).encode()

    def _next(self, state, actor):
        for phase in self.litmus.phases:
            ops = [op for column in phase.columns for op in column]
            if all(self.number(op) in state["done"] for op in ops):
                continue
            left = [op for op in ops if op.actor == actor and self.number(op) not in state["done"]]
            return left[0] if left else None
        return None

    def step(self, packed, task):
        state = json.loads(packed)
        actor = self.actors[task]
        op = self._next(state, actor)
        if op is None or any(
            self.number(self.labels[label]) not in state["done"] for label in op.after
        ):
            return None
        home = self.homes.get(actor, actor)
        if not is_kernel_actor(actor) and home not in state["live"] and home not in state["gone"]:
            return None
        state["done"].append(self.number(op))
        if home not in state["gone"]:
            self._do(state, op, home)
        return self._pack(state)

    def _do(self, state, op, home):
        where = f"{op.page.process}.{op.page.page}" if op.page else ""
        mapped = state["map"].get(where)
        if op.verb in ("read", "process_vm_readv", "ptrace_read"):
            readable = mapped and (mapped[1] != "none" or op.verb == "ptrace_read")
            value = state["bytes"][mapped[0]][op.slot] if readable else SEGV
            state["regs"][f"{op.actor}:{op.register}"] = value
        elif op.verb in ("write", "process_vm_writev", "ptrace_write"):
            if mapped and (mapped[1] == "rw" or op.verb == "ptrace_write"):
                self._write(state, mapped, op)
        elif op.verb in TAKES:
            writes = op.verb == "odirect_read_begin" or "write" in op.words
            if mapped and mapped[1] in (("rw",) if writes else ("r", "rw")):
                state["refs"][op.handle] = mapped[0]
        elif op.verb in ("dma_out", "pipe_read"):
            if op.handle in state["refs"]:
                value = state["bytes"][state["refs"][op.handle]][op.slot]
                state["regs"][f"{op.actor}:{op.register}"] = value
        elif op.verb == "dma_in":
            if op.handle in state["refs"]:
                state["bytes"][state["refs"][op.handle]][op.slot] = op.value
        elif op.verb in ("unpin", "put", "odirect_end"):
            state["refs"].pop(op.handle, None)
        else:
            self._do_maps(state, op, home, where, mapped)

    def _write(self, state, mapped, op):
        if self.errs == "lose" and mapped[0] in state["refs"].values():
            state["bytes"].append(list(state["bytes"][mapped[0]]))
            mapped[0] = len(state["bytes"]) - 1
            self._mark(state, "wrong", "I2")
        state["bytes"][mapped[0]][op.slot] = op.value

    def _mark(self, state, kind, invariant):
        if self.marks and [kind, invariant] not in state["harms"]:
            state["harms"].append([kind, invariant])

    def _do_maps(self, state, op, home, where, mapped):
        mine = [name for name in state["map"] if name.split(".")[0] == home]
        if op.verb == "fork":
            for name in mine:
                self._fork_page(state, name, f"{op.process}.{name.split('.')[1]}")
            state["live"].append(op.process)
        elif op.verb in ("exit", "exec"):
            for name in mine:
                del state["map"][name]
            if op.verb == "exit":
                state["live"].remove(home)
                state["gone"].append(home)
        elif mapped and op.verb == "munmap":
            del state["map"][where]
        elif mapped and op.verb == "mprotect":
            mapped[1] = op.words[0]
        elif mapped and op.verb == "madvise":
            self._advise(state, op, mapped)

    def _fork_page(self, state, name, new):
        old, protection, forked, wiped = state["map"][name]
        if not forked:
            return
        if self.errs == "leak":
            self._mark(state, "missed", "I1")
        else:
            state["bytes"].append([0, 0] if wiped else list(state["bytes"][old]))
            old = len(state["bytes"]) - 1
        state["map"][new] = [old, protection, True, wiped]

    def _advise(self, state, op, mapped):
        page = next(one for one in self.litmus.pages if one.name == op.page.page)
        on_file = page.kind in ("file", "shmem")
        if op.words[0] == "DONTNEED":
            state["bytes"].append(list(page.content) if on_file else [0, 0])
            mapped[0] = len(state["bytes"]) - 1
        elif op.words[0] in ("DONTFORK", "DOFORK"):
            mapped[2] = op.words[0] == "DOFORK"
        elif op.words[0] == "WIPEONFORK" and not on_file and page.kind != "hugetlb":
            mapped[3] = True

    def finished(self, packed):
        return len(json.loads(packed)["done"]) == len(self.litmus.ops())

    def harms(self, packed):
        return tuple(map(tuple, json.loads(packed)["harms"]))

    def broken(self, packed):
        return ()

    def view(self, packed):
        state = json.loads(packed)
        registers = tuple((*name.split(":"), value) for name, value in state["regs"].items())
        return StateView((), (), (), (), registers, (), self.harms(packed))

    def describe(self, before, task, after):
        raise NotImplementedError

    def private(self, packed, task):
        return False

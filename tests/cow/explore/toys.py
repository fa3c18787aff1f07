"""Small machines to search: memory without copy-on-write, a grid, one that goes in circles."""

from __future__ import annotations

from threadkit.cow.litmus.parse import parse
from threadkit.cow.litmus.syntax import Litmus, Op
from threadkit.cow.views import FrameView, MappingView, ProcessView, ReferenceView, StateView

REGISTERS = 4
TASK_BYTES = 2 + 2 * REGISTERS


class Memory:
    """Threads that read and write pages all of them share, and holders of page locks.

    Every statement has two micro-steps: it begins, in private, and then it happens. A
    write waits while somebody else holds the page's lock. ``reuses`` counts writes that
    change something. A thread that reads another value than it wrote last is harmed
    ("wrong", I2), and "I4" is broken while slot 0 is greater than slot 1.
    """

    def __init__(self, litmus: Litmus) -> None:
        self.litmus = litmus
        ops = list(enumerate(litmus.ops()))
        self.actors = tuple(dict.fromkeys(op.actor for _, op in ops))
        self.tasks = tuple(10 + place for place in range(len(self.actors)))
        self.program = {
            task: [(n, op) for n, op in ops if op.actor == actor]
            for task, actor in zip(self.tasks, self.actors, strict=True)
        }
        self.phase_of = [
            number
            for number, phase in enumerate(litmus.phases)
            for column in phase.columns
            for _ in column
        ]
        self.pages = [page.name for page in litmus.pages]
        self.lock_at = 2 * len(self.pages)
        self.head = self.lock_at + len(self.pages) + 2
        content = bytes(value for page in litmus.pages for value in page.content)
        self.initial = content + bytes(len(self.pages) + 2 + TASK_BYTES * len(self.tasks))

    def step(self, state, task):
        at = self._at(task)
        op = self._next(state, task)
        if op is None:
            return None
        s = bytearray(state)
        if not s[at + 1]:
            if not self._may_begin(state, task):
                return None
            s[at + 1] = 1
            return bytes(s)
        if not self._do(s, at, op, task):
            return None
        s[at] += 1
        s[at + 1] = 0
        return bytes(s)

    def finished(self, state):
        return all(self._next(state, task) is None for task in self.tasks)

    def private(self, state, task):
        return not state[self._at(task) + 1]

    def harms(self, state):
        return (("wrong", "I2"),) if state[self.head - 1] else ()

    def broken(self, state):
        return ("I4",) if any(state[2 * n] > state[2 * n + 1] for n in self._numbers()) else ()

    def describe(self, before, task, after):
        at = self._at(task)
        index, op = self.program[task][before[at]]
        ends = after[at] > before[at]
        return index, f"do_{op.verb}" if ends else "begin", "done" if ends else "begins", ends

    def view(self, state):
        frames, mappings, references = [], [], []
        for n, page in enumerate(self.pages):
            owner = state[self.lock_at + n]
            holder = self.actors[owner - 1] if owner else None
            name = chr(ord("A") + n)
            content = state[2 * n], state[2 * n + 1]
            frames.append(FrameView(name, "anon", content, 1, 1, locked_by=holder))
            mappings.append(MappingView("parent", page, None, "present", name, True))
            if holder is not None:
                handle = next(o.handle for _, o in self.program[9 + owner] if o.verb == "lock")
                references.append(ReferenceView(handle, holder, "parent", "lock", False, name))
        return StateView(
            processes=(ProcessView("parent", "alive"),),
            mappings=tuple(mappings),
            frames=tuple(frames),
            references=tuple(references),
            registers=tuple(self._registers(state)),
            counters=(("reuses", state[self.head - 2]),),
            harms=self.harms(state),
        )

    def _registers(self, state):
        for task, actor in zip(self.tasks, self.actors, strict=True):
            at = self._at(task) + 2
            for n in range(REGISTERS):
                if state[at + n]:
                    yield actor, f"r{n}", state[at + n] - 1

    def _numbers(self):
        return range(len(self.pages))

    def _at(self, task):
        return self.head + TASK_BYTES * (task - 10)

    def _next(self, state, task):
        at, program = self._at(task), self.program[task]
        return program[state[at]][1] if state[at] < len(program) else None

    def _done(self, state):
        return {
            index for task in self.tasks for index, _ in self.program[task][: state[self._at(task)]]
        }

    def _may_begin(self, state, task):
        index, op = self.program[task][state[self._at(task)]]
        done = self._done(state)
        labels = {o.label: n for n, o in enumerate(self.litmus.ops()) if o.label}
        return all(labels[name] in done for name in op.after) and all(
            n in done for n, phase in enumerate(self.phase_of) if phase < self.phase_of[index]
        )

    def _do(self, s, at, op: Op, task):
        me = task - 9
        page = self.pages.index(op.page.page) if op.page else self._locked(s, me)
        lock = self.lock_at + page
        if op.verb == "unlock":
            s[lock] = 0
            return True
        if op.verb == "read":
            value = s[2 * page + op.slot]
            s[at + 2 + int(op.register[1:])] = value + 1
            mine = s[at + 2 + REGISTERS + op.slot] if page == 0 else 0
            if mine and mine != value + 1:
                s[self.head - 1] = 1
            return True
        if s[lock]:
            return False
        if op.verb == "lock":
            s[lock] = me
            return True
        if s[2 * page + op.slot] != op.value:
            s[self.head - 2] += 1
        s[2 * page + op.slot] = op.value
        if page == 0:
            s[at + 2 + REGISTERS + op.slot] = op.value + 1
        return True

    def _locked(self, s, me):
        return next(n for n in self._numbers() if s[self.lock_at + n] == me)


class Contrary(Memory):
    """The same, but a write to slot 0 writes the complement: another kernel."""

    def _do(self, s, at, op, task):
        before = s[0]
        moved = super()._do(s, at, op, task)
        if moved and op.verb == "write" and op.slot == 0 and s[0] != before:
            s[0] = 100 + s[0]
        return moved


class Grid:
    """Tasks that count to ``steps``, each for itself: (steps + 1) ** tasks states."""

    def __init__(self, tasks: int, steps: int) -> None:
        self.tasks = tuple(range(tasks))
        self.actors = tuple(f"t{task}" for task in self.tasks)
        self.initial = bytes(tasks)
        self.steps = steps

    def step(self, state, task):
        count = state[task]
        if count == self.steps:
            return None
        return state[:task] + bytes((count + 1,)) + state[task + 1 :]

    def finished(self, state):
        return min(state) == self.steps

    def private(self, state, task):
        return True

    def harms(self, state):
        return ()

    def broken(self, state):
        return ()


class Spinner:
    """One task turns between two states until another has moved; both steps are private."""

    actors = ("spinner", "other")
    tasks = (0, 1)
    initial = b"\0\0"

    def step(self, state, task):
        if task:
            return None if state[1] else bytes((state[0], 1))
        return bytes((1 - state[0], state[1])) if not state[1] else None

    def finished(self, state):
        return bool(state[1])

    def private(self, state, task):
        return task == 0

    def harms(self, state):
        return ()

    def broken(self, state):
        return ()


class Roundabout(Spinner):
    """It turns for ever."""

    def step(self, state, task):
        return None if task else bytes((1 - state[0], 0))


def litmus_of(program: str, condition: str = "exists (parent:x[0] = 1)", rest: str = "") -> Litmus:
    """Return a scenario with a second thread, a lock holder, and pages x and y."""
    return parse(
        f'COW toy question "What then?" note "A toy." {{ x = anon rw 0 0; y = anon rw 0 0;'
        f" thread helper of parent; }} {program} {condition} {rest}",
        "toy",
    )

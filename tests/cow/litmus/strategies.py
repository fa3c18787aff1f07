"""Arbitrary valid scenarios: every verb and word, orders, references in time, nested formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from threadkit.cow.litmus.cursor import LONGEST_NAME
from threadkit.cow.litmus.syntax import (
    COUNTERS,
    HARMS,
    KERNEL_ACTORS,
    PAGE_KINDS,
    PAGE_WORDS,
    PREDICATES,
    SEGV,
    VERBS,
    And,
    Compare,
    Condition,
    Expectation,
    Formula,
    Litmus,
    Not,
    Op,
    Or,
    Page,
    PageKind,
    PageName,
    Phase,
    Predicate,
    Reference,
    Seen,
    is_kernel_actor,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]

NOT_MAPPED = ("pte_mapped", "readonly_pte", "clean", "lru_pending")


# Words that mean something elsewhere, and the odd ends of what a name may be.
POOL = [
    "a",
    "_",
    "Z9-_",
    "read",
    "pin",
    "rw",
    "anon",
    "copies",
    "same",
    "missed",
    "r0x",
    "r-1",
    "r100",
    "device-x",
    "child",
    "helper",
    "in",
    "fork",
    "harm",
    "exists-",
    "COW2",
    "after_",
    "ksm",
    "none",
    "DONTFORK",
    "Never",
    "confirmed",
    "x--",
    "b7",
    "n" * LONGEST_NAME,
]

names = st.sampled_from(POOL)
values = st.integers(0, SEGV - 1)
slots = st.integers(0, 1)
texts = (
    st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=150)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
hashes = st.text("0123456789abcdef", min_size=7, max_size=40)
mail_ids = st.builds(
    "{}@{}".format, *[st.text("abcXYZ019.=+_%-", min_size=1, max_size=20) for _ in range(2)]
)
references = st.one_of(
    st.tuples(st.just("commit"), hashes),
    st.tuples(st.just("mail"), mail_ids),
    st.tuples(st.just("claim"), st.integers(1, 9999).map(str)),
    st.tuples(st.sampled_from(["test", "doc"]), texts),
    st.tuples(st.just("cve"), st.integers(1000, 99999).map("CVE-2022-{}".format)),
).flatmap(lambda named: st.builds(Reference, *map(st.just, named), st.one_of(st.just(""), texts)))


@st.composite
def pages(draw: Draw, name: str, kinds: tuple[PageKind, ...] = PAGE_KINDS) -> Page:
    kind = draw(st.sampled_from(kinds))
    writable = draw(st.booleans())
    fitting = [word for word, of in PAGE_WORDS.items() if kind in of]
    if not writable:
        fitting = [word for word in fitting if word != "readonly_pte"]
    words = draw(st.lists(st.sampled_from(fitting), unique=True)) if fitting else []
    if "unfaulted" in words:
        words = [word for word in words if word not in NOT_MAPPED]
    empty = kind == "zeropage" or ("unfaulted" in words and kind in ("anon", "thp", "hugetlb"))
    content = (0, 0) if empty else draw(st.tuples(values, values))
    return Page(name, kind, writable, content, tuple(words))


@dataclass
class Made:
    """A reference: what made it, in which phase and column, and that statement's label."""

    verb: str
    phase: int
    column: int
    label: str | None = None


@dataclass
class World:
    """What a program being drawn knows at one place."""

    draw: Draw
    fresh: list[str]
    pages: list[str]
    threads: list[tuple[str, str]]
    processes: list[str]
    verbs: tuple[str, ...]
    exited: set[str] = field(default_factory=set)
    handles: dict[str, Made] = field(default_factory=dict)
    used: dict[str, set[int]] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    registers: set[tuple[str, str]] = field(default_factory=set)
    born: set[str] = field(default_factory=lambda: {"parent"})
    merged: bool = False
    phase: int = 0

    def one(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(sorted(choices)))

    def maybe(self) -> bool:
        return bool(self.draw(st.booleans()))

    def owner(self, actor: str) -> str:
        return dict(self.threads).get(actor, actor)

    def tasks(self) -> list[str]:
        alive = self.born - self.exited
        return sorted(alive) + [thread for thread, process in self.threads if process in alive]

    def column(self, number: int, busy: list[str], longest: int) -> list[Op]:
        kernel = [name + digit for name in KERNEL_ACTORS for digit in ("", "2")]
        actor = self.one({*self.tasks(), *kernel} - set(busy))
        ops: list[Op] = []
        for _ in range(self.draw(st.integers(1, longest))):
            op = self.op(actor, number)
            ops.append(op)
            if op.verb == "exit":
                break
        return ops

    def op(self, actor: str, number: int) -> Op:
        """One operation; a lock or transient reference is what every kernel actor can make."""
        able = [verb for verb in self.verbs if self.able(actor, verb, number)]
        verb = self.one(able or ["swap_out" if is_kernel_actor(actor) else "write"])
        form = VERBS[verb]
        op = Op(actor, verb)
        waits: list[str] = []
        if form.shape == "process":
            op = self.fork(op)
        elif form.shape in ("page", "slot", "new_handle", "pages"):
            op = replace(op, page=self.page(actor, verb))
        if form.shape == "pages":
            everywhere = [PageName(p, x) for p in sorted(self.born) for x in self.pages]
            op = replace(op, other=self.one_of([p for p in everywhere if p != op.page]))
            self.merged = True
        if form.shape in ("handle", "handle_slot"):
            handle = self.one(self.usable(verb, number))
            op = replace(op, handle=handle)
            made = self.handles[handle]
            if (made.phase, made.column) != (self.phase, number) and made.phase == self.phase:
                waits.append(str(made.label))
            self.used.setdefault(handle, set()).add(number)
            if form.ends:
                del self.handles[handle]
        if form.shape in ("slot", "handle_slot"):
            op = replace(op, slot=self.draw(slots))
        if form.takes:
            op = replace(op, value=self.draw(values))
        if form.gives:
            register = f"r{self.draw(st.integers(0, 99))}"
            self.registers.add((actor, register))
            op = replace(op, register=register)
        op = replace(op, words=self.words(verb))
        if form.times:
            op = replace(op, times=self.draw(st.sampled_from([1, 2, 1024])))
        if verb == "exit":
            self.exited.add(self.owner(actor))
        return self.ordered(op, number, waits)

    def one_of(self, choices: list[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def able(self, actor: str, verb: str, number: int) -> bool:
        form = VERBS[verb]
        if form.who == ("process" if is_kernel_actor(actor) else "kernel"):
            return False
        if form.shape == "pages":
            return not self.merged and len(self.born) * len(self.pages) > 1
        if form.shape in ("process", "new_handle") and not self.fresh:
            return False
        if verb == "exit":
            # Another column of the process could be ordered behind it.
            return len([p for p in self.born if p not in self.exited]) > 1
        return form.shape not in ("handle", "handle_slot") or bool(self.usable(verb, number))

    def usable(self, verb: str, number: int) -> list[str]:
        form = VERBS[verb]
        fitting = []
        for name, made in self.handles.items():
            seen = made.phase < self.phase or made.column == number or made.label
            alone = self.used.get(name, set()) <= {number}
            if seen and made.verb in form.of and (alone or not form.ends):
                fitting.append(name)
        return fitting

    def page(self, actor: str, verb: str) -> PageName:
        named = VERBS[verb].who == "kernel" or VERBS[verb].foreign
        process = self.one(self.born) if named else self.owner(actor)
        return PageName(process, self.one(self.pages))

    def fork(self, op: Op) -> Op:
        child = self.fresh.pop()
        self.born.add(child)
        if self.fresh and self.maybe():
            self.threads.append((self.fresh.pop(), child))
        return replace(op, process=child)

    def words(self, verb: str) -> tuple[str, ...]:
        form = VERBS[verb]
        if form.one:
            return (self.one(form.words),)
        if not form.words:
            return ()
        words = self.draw(st.lists(st.sampled_from(form.words), unique=True))
        return tuple(w for w in words if w != "read" or "write" not in words)

    def ordered(self, op: Op, number: int, waits: list[str]) -> Op:
        if self.labels and self.maybe():
            waits += self.draw(st.lists(st.sampled_from(self.labels), max_size=3))
        op = replace(op, after=tuple(dict.fromkeys(waits)))
        if op.verb != "exit" and self.maybe():
            label = f"l{len(self.labels)}-{self.phase}"
            self.labels.append(label)
            op = replace(op, label=label)
        if VERBS[op.verb].shape == "new_handle":
            name = self.fresh.pop()
            op = replace(op, handle=name)
            self.handles[name] = Made(op.verb, self.phase, number, op.label)
        return op

    def a_phase(self) -> Phase:
        """One statement, or some columns in any order; they wait for those drawn before."""
        self.used = {}
        if self.maybe():
            return Phase(((self.column(0, [], 1)[0],),))
        columns: list[list[Op]] = []
        for number in range(self.draw(st.integers(1, 3))):
            columns.append(self.column(number, [column[0].actor for column in columns], 3))
        return Phase(tuple(map(tuple, self.draw(st.permutations(columns)))))


SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])


@dataclass
class Asking:
    """Draws a condition over what a program made."""

    world: World
    handles: list[str]

    def formula(self, depth: int) -> Formula:
        draw = self.world.draw
        kind = draw(st.sampled_from(["atom", "atom", "not", "and", "or"])) if depth else "atom"
        if kind == "atom":
            return self.predicate() if self.world.maybe() else self.compare()
        if kind == "not":
            return Not(self.formula(depth - 1))
        parts = tuple(self.formula(depth - 1) for _ in range(draw(st.integers(2, 3))))
        return And(parts) if kind == "and" else Or(parts)

    def tasks(self) -> list[str]:
        return [*sorted(self.world.born), *dict(self.world.threads)]

    def view(self) -> tuple[str, str]:
        return self.world.one(self.tasks()), self.world.one(self.world.pages)

    def compare(self) -> Compare:
        draw = self.world.draw
        kinds = ["memory", "counter"]
        kinds += ["register"] * bool(self.world.registers) + ["reference"] * bool(self.handles)
        kind = draw(st.sampled_from(kinds))
        if kind == "counter":
            seen = Seen("counter", (draw(st.sampled_from(COUNTERS)),))
            return Compare(seen, draw(SIGNS), draw(st.integers(0, 9999)))
        if kind == "memory":
            seen = Seen("memory", self.view(), draw(slots))
        elif kind == "register":
            seen = Seen("register", self.world.one(self.world.registers))
        else:
            seen = Seen("reference", (self.world.one(self.handles),), draw(slots))
        if self.world.maybe():
            return Compare(seen, draw(st.sampled_from(["=", "!="])), SEGV)
        return Compare(seen, draw(SIGNS), draw(values))

    def predicate(self) -> Predicate:
        asked = [n for n, kinds in PREDICATES.items() if self.handles or "reference" not in kinds]
        name = self.world.one(asked)
        return Predicate(name, tuple(map(self.argument, PREDICATES[name])))

    def argument(self, kind: str) -> str:
        if kind == "harm":
            return str(self.world.one(HARMS))
        if kind == "process":
            return str(self.world.one(self.tasks()))
        viewed = kind == "view" or (
            kind != "reference" and (not self.handles or self.world.maybe())
        )
        return ":".join(self.view()) if viewed else str(self.world.one(self.handles))


@st.composite
def expectations(draw: Draw) -> tuple[Expectation, ...]:
    verdicts = st.sampled_from(["Never", "Sometimes", "Always"])
    statuses = st.sampled_from(["confirmed", "derived", "unverified"])
    known: dict[str, str] = draw(st.dictionaries(names, verdicts, max_size=6))
    found = []
    for verdict in draw(st.permutations(["Never", "Sometimes", "Always"])):
        of = tuple(era for era, said in known.items() if said == verdict)
        if of:
            found.append(Expectation(verdict, of, draw(statuses), draw(texts)))
    if draw(st.booleans()):
        found.append(Expectation(draw(verdicts), ("*",), draw(statuses), draw(texts)))
    return tuple(found)


@st.composite
def litmuses(
    draw: Draw,
    verbs: tuple[str, ...] = tuple(VERBS),
    kinds: tuple[PageKind, ...] = PAGE_KINDS,
    phases: int = 5,
) -> Litmus:
    """Draw a scenario with these operations and kinds of pages, and at most so many phases."""
    turn = draw(st.integers(0, len(POOL) - 1))
    name, *fresh = (POOL[turn:] + POOL[:turn])[:14]
    mine = [fresh.pop() for _ in range(draw(st.integers(1, 2)))]
    processes = [fresh.pop() for _ in range(draw(st.integers(0, 1)))]
    threads = [(fresh.pop(), "parent") for _ in range(draw(st.integers(0, 1)))]
    initial = tuple(draw(pages(page, kinds)) for page in mine)
    world = World(draw, fresh, mine, threads, processes, verbs)
    world.born |= set(processes)
    program: list[Phase] = []
    for number in range(draw(st.integers(1, phases))):
        world.phase = number
        program.append(world.a_phase())
    made = [
        op.handle
        for phase in program
        for column in phase.columns
        for op in column
        if op.handle and VERBS[op.verb].shape == "new_handle"
    ]
    formula = Asking(world, made).formula(3)
    beside = draw(st.lists(names, max_size=3, unique=True).map(tuple))
    return Litmus(
        name,
        draw(texts),
        draw(st.lists(texts, max_size=2).map(tuple)),
        draw(st.lists(references, max_size=3).map(tuple)),
        tuple(other for other in beside if other != name),
        draw(st.lists(texts, max_size=1).map(tuple)),
        initial,
        tuple(world.threads),
        tuple(processes),
        tuple(program),
        Condition(draw(st.sampled_from(["exists", "forall", "~exists"])), formula),
        draw(expectations()),
    )

"""Writes a scenario as a test for the kernel's own collection (kselftest), in C.

The file stands alone: it needs ``kselftest.h`` and no other library. Its processes take
turns, one statement each, so it performs the one order that the scenario has.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from importlib.resources import files

from threadkit.cow.explore.conditions import atoms
from threadkit.cow.litmus.syntax import (
    And,
    Compare,
    Formula,
    Litmus,
    Not,
    Op,
    Page,
    Seen,
    is_kernel_actor,
)
from threadkit.cow.witness.instructions import TAKES, CannotWitness, holder
from threadkit.cow.witness.plan import Plan, held, plans

LICENSE = "GPL-2.0"
"""What kernel selftests are under; whoever posts one decides."""

_LATEST = "mm_id"
_MOST_SEEN = 64  # as in the template
_ADVICE = {
    "DONTFORK": 10,
    "DOFORK": 11,
    "DONTNEED": 4,
    "MERGEABLE": 12,
    "UNMERGEABLE": 13,
    "PAGEOUT": 21,
    "WIPEONFORK": 18,
    "COLLAPSE": 25,
}
_PROTECTION = {"none": "PROT_NONE", "r": "PROT_READ", "rw": "PROT_READ | PROT_WRITE"}
_KINDS = ("anon", "zeropage", "file", "shmem", "thp", "hugetlb")
_VERBS = {
    "write", "read", "fork", "exit", "munmap", "mprotect", "madvise", "clear_refs", "pin",
    "unpin", "get", "put", "vmsplice", "pipe_read", "process_vm_readv", "process_vm_writev",
    "ptrace_read", "ptrace_write", "dma_in", "dma_out", "swap_out",
}  # fmt: skip
_DATA = {"rings": "ring_", "gups": "gup_", "pipes": "pipe_"}
"""Sections of the template that are no function, and what uses them."""


def selftest(litmus: Litmus, *, expect: bool | None = None, spdx: str = LICENSE) -> str:
    """Write a scenario as a kselftest.

    Parameters
    ----------
    litmus : Litmus
        With one order of statements, of what a test can do and see.
    expect : bool or None
        Whether the condition has to hold for the test to pass; None: as the scenario
        expects of today's kernels.
    spdx : str
        The licence in the first line.

    Returns
    -------
    str
        A C file, for ``tools/testing/selftests/mm``.

    Raises
    ------
    CannotWitness
        A test cannot do or see what the scenario needs, or nothing is expected of it.
    """
    found = plans(litmus)
    if len(found) > 1:
        raise CannotWitness(litmus.name, "interleaves: a test performs one order of statements")
    if why := _obstacle(litmus):
        raise CannotWitness(litmus.name, why)
    wanted = _expected(litmus) if expect is None else expect
    return _Writer(found[0]).write(wanted, spdx)


def _obstacle(litmus: Litmus) -> str:
    for page in litmus.pages:
        if page.kind not in _KINDS:
            return f"a test cannot make a page of kind {page.kind} in a portable way"
        if set(page.words) - {"unfaulted"}:
            return f"a test cannot make a page {' '.join(page.words)}"
    for op in litmus.ops():
        if op.verb not in _VERBS or op.times > 1:
            return f"{op.verb} is not written as a test"
        if op.verb == "get" and "write" in op.words:
            return "a test cannot keep a plain reference for writing"
    pins = {op.handle for op in litmus.ops() if op.verb == "pin" and holder(op) == "ring"}
    if any(op.verb == "dma_in" and op.handle not in pins for op in litmus.ops()):
        return "a device writes through what is no pin for writing"
    if litmus.threads:
        return "threads are not written as a test"
    if why := _same_in_c(litmus):
        return why
    for atom in atoms(litmus.condition.formula):
        if not isinstance(atom, Compare) or atom.seen.kind == "counter":
            name = atom.seen.names[0] if isinstance(atom, Compare) else atom.name
            return f"the condition asks for {name}, which a test cannot see"
    return ""


def _same_in_c(litmus: Litmus) -> str:
    """Return which names of a sort would be one in C; empty if none are."""
    ops = litmus.ops()
    sorts = (
        [page.name for page in litmus.pages],
        ["parent", *litmus.processes, *(str(op.process) for op in ops if op.verb == "fork")],
        [str(op.handle) for op in ops if op.verb in TAKES],
    )
    for names in sorts:
        known: dict[str, str] = {}
        for name in names:
            other = known.setdefault(_identifier("", name), name)
            if other != name:
                return f"{other} and {name} would be one name in C"
    return ""


def _expected(litmus: Litmus) -> bool:
    verdicts = {
        one.verdict for one in litmus.expectations if _LATEST in one.eras or one.eras == ("*",)
    }
    if verdicts == {"Never"}:
        return False
    if verdicts == {"Always"}:
        return True
    raise CannotWitness(litmus.name, f"nothing definite is expected of it in {_LATEST}")


def _sections() -> dict[str, str]:
    path = files("threadkit.cow.witness").joinpath("program", "selftest.c.in")
    parts = re.split(r"^//@ (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _used(parts: dict[str, str], body: str) -> list[str]:
    """Return the sections that a text calls, and those that they call: all stand above."""
    kept: list[str] = []
    for name, text in reversed(list(parts.items())):
        if name not in ("head", "main") and _DATA.get(name, f"{name}(") in body:
            kept.insert(0, text)
            body += text
    return kept


class _Writer:
    """The C text of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.litmus = plan.litmus
        self.ops = plan.litmus.ops()
        self.pages = {page.name: page for page in self.litmus.pages}
        self.processes = ["parent", *self.litmus.processes]
        self.processes += [str(op.process) for op in self.ops if op.verb == "fork"]
        self.takes = {str(op.handle): op for op in self.ops if op.verb in TAKES}
        self.looks = self._looks()

    def write(self, wanted: bool, spdx: str) -> str:
        """Return the whole file; ``wanted``: the condition has to hold."""
        body = "\n".join((*self._globals(), *self._functions(), *self._answer(wanted)))
        parts = _sections()
        used = "".join(_used(parts, body))
        return f"{self._title(spdx)}{parts['head']}{used}\n{body}\n{parts['main']}"

    # -- text around ----------------------------------------------------------------

    def _title(self, spdx: str) -> str:
        words = textwrap.wrap(f"{self.litmus.name}: {self.litmus.question}", 90)
        cited = [f"See {one.kind} {one.name}." for one in self.litmus.references]
        lines = "".join(f" * {line}\n" for line in _harmless([*words, *cited]))
        return f"// SPDX-License-Identifier: {spdx}\n/*\n{lines} */\n"

    def _globals(self) -> Iterator[str]:
        turns = len(self.ops) + len(self.looks)
        (title,) = _harmless([self.litmus.name])
        yield f'#define TITLE "{title}"'
        yield f"#define LAST_TURN {turns}"
        for page in self.litmus.pages:
            size = "2UL << 20" if page.kind in ("thp", "hugetlb") else "4096UL"
            yield f"#define {_size(page.name)} ({size})"
        yield ""
        for page in self.litmus.pages:
            yield f"static unsigned char *{_variable(page.name)};"
        yield "enum { " + ", ".join(map(_process, self.processes)) + " };"
        for holding, make in (("ring", "ring_make"), ("gup", "gup_make"), ("pipe", "pipe_make")):
            if handles := self._held_by(holding):
                yield "enum { " + ", ".join(map(_handle, handles)) + f" }}; /* {holding}s */"
                if len(handles) > 4:
                    raise CannotWitness(self.litmus.name, f"more than 4 {make} references")

    def _held_by(self, kind: str) -> list[str]:
        return [name for name, op in self.takes.items() if holder(op) == kind]

    def _answer(self, wanted: bool) -> Iterator[str]:
        seen = self._seen()
        if len(seen) > _MOST_SEEN:
            why = f"the condition asks for more than {_MOST_SEEN} values"
            raise CannotWitness(self.litmus.name, why)
        numbers = {name: f"shared->seen[{k}]" for k, name in enumerate(seen)}
        formula = _formula(self.litmus.condition.formula, numbers)
        yield ""
        yield "/* " + ", ".join(f"{text[8:]} is {name}" for name, text in numbers.items()) + " */"
        yield "static int answer(void)\n{"
        yield f"\treturn {'' if wanted else '!'}({formula});\n}}"

    def _seen(self) -> list[str]:
        named = [_name(one.seen) for one in self._comparisons()]
        return list(dict.fromkeys(named))

    def _comparisons(self) -> list[Compare]:
        return [one for one in atoms(self.litmus.condition.formula) if isinstance(one, Compare)]

    def _looks(self) -> list[tuple[str, str, str]]:
        """Return actor, name and expression of what is looked at behind all statements."""
        found = {}
        for one in (atom.seen for atom in self._comparisons()):
            if one.kind == "memory":
                process, page = one.names
                found[_name(one)] = (process, f"load({self._at(page, one.slot)})")
            elif one.kind == "reference":
                found[_name(one)] = ("device", self._through(one.names[0], one.slot or 0))
        return [(actor, name, text) for name, (actor, text) in found.items()]

    # -- statements -----------------------------------------------------------------

    def _functions(self) -> Iterator[str]:
        for name in reversed(self.processes):
            yield f"\nstatic void {_actor(name)}(void)\n{{"
            yield f"\tshared->pid[{_process(name)}] = getpid();"
            if name == "parent":
                for page in self.litmus.pages:
                    yield from self._make(page)
                yield "\tnext();"
            yield from self._column(name)
            yield "\twait_turn(LAST_TURN);\n}"
        yield "\nstatic void device(void)\n{"
        yield from self._column("device")
        yield "\twait_turn(LAST_TURN);\n}"
        yield from self._start()

    def _start(self) -> Iterator[str]:
        yield "\nstatic void make_references(void)\n{"
        yield "\twatch_faults();"
        for holding, expression in (("ring", "&rings"), ("gup", "&gups"), ("pipe", "pipes")):
            for name in self._held_by(holding):
                yield f"\t{holding}_make({expression}[{_handle(name)}]);"
        yield "}\n\nstatic void start_processes(void)\n{"
        for page in self.litmus.pages:
            yield f"\t{_variable(page.name)} = place({_size(page.name)});"
        for name in ("parent", *self.litmus.processes):
            yield f"\tif (!fork()) {{\n\t\t{_actor(name)}();\n\t\t_exit(0);\n\t}}"
        yield "}\n\nstatic void kill_processes(void)\n{"
        yield "\tfor (int i = 0; i < 16; i++)"
        yield "\t\tif (shared->pid[i] > 0)\n\t\t\tkill(shared->pid[i], SIGKILL);\n}"

    def _column(self, actor: str) -> Iterator[str]:
        before: Op | None = None
        for turn, number in enumerate(self.plan.order):
            op = self.ops[number]
            if _who(op) == actor:
                yield f"\tat({turn});"
                if before and before.verb == "exit":
                    yield f"\tgone(shared->pid[{_process(before.actor)}]);"
                yield f"\t{self._statement(op)}"
                if op.verb == "exit":
                    return
                yield "\tnext();"
            before = op
        for turn, (who, name, text) in enumerate(self.looks, start=len(self.ops)):
            if who == actor:
                yield f"\tat({turn});"
                yield f"\tshared->seen[{self._seen().index(name)}] = {text};\n\tnext();"

    def _statement(self, op: Op) -> str:
        text = self._expression(op)
        name = f"{op.actor}:{op.register}"
        if op.register and name in self._seen():
            return f"shared->seen[{self._seen().index(name)}] = {text};"
        return text if text.endswith("}") else f"{text};"

    def _expression(self, op: Op) -> str:
        if op.verb == "fork":
            child = str(op.process)
            return f"if (!fork()) {{\n\t\t{_actor(child)}();\n\t\t_exit(0);\n\t}}"
        if op.verb == "exit":
            return "next();\n\t_exit(0)"
        if op.verb == "clear_refs":
            return "clear_refs()"
        return self._about_reference(op) if op.handle else self._about_page(op)

    def _about_page(self, op: Op) -> str:
        assert op.page is not None
        page, at = op.page.page, self._at(op.page.page, op.slot)
        area = f"{_variable(page)}, {_size(page)}"
        pid = f"shared->pid[{_process(op.page.process)}]"
        texts = {
            "read": f"load({at})",
            "write": f"store({at}, {op.value})",
            "munmap": f'must(munmap({area}), "munmap")',
            "process_vm_readv": f"other_read({pid}, {at})",
            "process_vm_writev": f"other_write({pid}, {at}, {op.value})",
            "ptrace_read": f"forced({pid}, {at}, 0, 0)",
            "ptrace_write": f"forced({pid}, {at}, 1, {op.value})",
            "swap_out": f"evict({pid}, {area}, {int(self._is_held(op))})",
        }
        if op.verb == "mprotect":
            return f'must(mprotect({area}, {_PROTECTION[op.words[0]]}), "mprotect")'
        if op.verb == "madvise":
            return f'must(madvise({area}, {_ADVICE[op.words[0]]}), "madvise {op.words[0]}")'
        return texts[op.verb]

    def _about_reference(self, op: Op) -> str:
        name = str(op.handle)
        taken = self.takes[name]
        kind = holder(taken)
        assert taken.page is not None
        page = taken.page.page
        place = {"ring": f"&rings[{_handle(name)}]", "gup": f"gups[{_handle(name)}]"}.get(
            kind, f"pipes[{_handle(name)}]"
        )
        if op.verb in TAKES:
            area = f"{_variable(page)}, {_size(page)}"
            if kind == "ring":
                return f"ring_pin({place}, {area})"
            if kind == "gup":
                flags = ("write" in op.words) + 2 * ("fast" in op.words)
                return f"gup_pin({place}, {area}, {flags})"
            return f"pipe_hold({place}, {self._at(page, 0)}, {self._at(page, 1)})"
        if op.verb in ("unpin", "put"):
            return {"pipe": f"pipe_drain({place})", "ring": f"ring_unpin({place})"}.get(
                kind, f"close({place})"
            )
        if op.verb == "dma_in":
            at = self._at(page, op.slot)
            return f"ring_dma({place}, {at}, IORING_OP_READ_FIXED, {op.value})"
        return self._through(name, op.slot or 0)

    def _through(self, name: str, slot: int) -> str:
        taken = self.takes[name]
        assert taken.page is not None
        page, handle = taken.page.page, _handle(name)
        if holder(taken) == "ring":
            at = self._at(page, slot)
            return f"ring_dma(&rings[{handle}], {at}, IORING_OP_WRITE_FIXED, 0)"
        if holder(taken) == "gup":
            return f"gup_look(gups[{handle}], {_size(page)}, {slot} * {_size(page)} / 2)"
        return f"pipe_look(pipes[{handle}], {slot})"

    def _at(self, page: str, slot: int | None) -> str:
        return f"{_variable(page)} + {_size(page)} / 2" if slot else _variable(page)

    def _is_held(self, op: Op) -> bool:
        """Tell whether a reference to the page was taken and not given back before this."""
        before = self.plan.order[: self.plan.order.index(self.ops.index(op))]
        return any(one.page == op.page for one in held(self.litmus, before))

    def _make(self, page: Page) -> Iterator[str]:
        name, size = _variable(page.name), _size(page.name)
        flags, fd = "MAP_ANONYMOUS", "-1"
        if page.kind == "hugetlb":
            flags += " | MAP_HUGETLB"
        if page.kind in ("file", "shmem"):
            opened = "a_file()"
            if page.kind == "shmem":
                opened = 'syscall(__NR_memfd_create, "page", 0)'
            first, second = page.content
            flags, fd = "0", f"file_with({opened}, {size}, {first}, {second})"
        yield f"\tmap({name}, {size}, {flags}, {fd});"
        if page.kind == "thp":
            yield f'\tmust(madvise({name}, {size}, MADV_HUGEPAGE), "madvise HUGEPAGE");'
        if page.kind in ("zeropage", "file", "shmem") and "unfaulted" not in page.words:
            yield f"\tload({name});"
        elif page.kind in ("anon", "thp", "hugetlb") and "unfaulted" not in page.words:
            for slot, value in enumerate(page.content):
                yield f"\tstore({self._at(page.name, slot)}, {value});"
        if page.kind == "thp" and "unfaulted" not in page.words:
            yield f"\tmust_be_huge({name});"
        if not page.writable:
            yield f'\tmust(mprotect({name}, {size}, PROT_READ), "mprotect");'


def _harmless(lines: list[str]) -> list[str]:
    """Leave out what would end a comment or a string of C."""
    return [line.replace("*/", "* /").replace('"', "'").replace("\\", "/") for line in lines]


def _who(op: Op) -> str:
    return "device" if is_kernel_actor(op.actor) else op.actor


def _identifier(prefix: str, name: str) -> str:
    return f"{prefix}_{name.replace('-', '_')}"


def _variable(page: str) -> str:
    return _identifier("page", page)


def _size(page: str) -> str:
    return _identifier("SIZE", page)


def _actor(name: str) -> str:
    return _identifier("run", name)


def _process(name: str) -> str:
    return _identifier("P", name)


def _handle(name: str) -> str:
    return _identifier("H", name)


def _name(seen: Seen) -> str:
    names = ":".join(seen.names)
    return names if seen.slot is None else f"{names}[{seen.slot}]"


def _formula(formula: Formula, numbers: Mapping[str, str]) -> str:
    if isinstance(formula, Not):
        return f"!({_formula(formula.part, numbers)})"
    if isinstance(formula, Compare):
        symbol = {"=": "=="}.get(formula.operator, formula.operator)
        return f"{numbers[_name(formula.seen)]} {symbol} {formula.value}"
    assert not hasattr(formula, "arguments")  # _obstacle let no predicate pass
    joint = " && " if isinstance(formula, And) else " || "
    return joint.join(f"({_formula(part, numbers)})" for part in formula.parts)

"""What a litmus file says, as values: the syntax tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["Never", "Sometimes", "Always"]
PageKind = Literal["anon", "zeropage", "file", "shmem", "ksm", "swapped", "thp", "hugetlb"]
Shape = Literal["none", "page", "slot", "handle", "handle_slot", "new_handle", "process", "pages"]

KERNEL_ACTORS = ("device", "reclaim", "ksmd", "lockholder", "noise")
"""Actors without memory of their own; a number behind makes another one (``noise2``)."""

_KERNEL_ACTOR = re.compile(rf"(?:{'|'.join(KERNEL_ACTORS)})[0-9]{{0,2}}", re.ASCII)


def is_kernel_actor(name: str) -> bool:
    """Tell whether an actor belongs to no process.

    Examples
    --------
    >>> is_kernel_actor("device"), is_kernel_actor("noise2"), is_kernel_actor("parent")
    (True, True, False)
    """
    return bool(_KERNEL_ACTOR.fullmatch(name))


SEGV = 255
"""What a register holds after an access that faulted for good; ``segv`` in text."""

ADVICE = (
    "DONTFORK",
    "DOFORK",
    "DONTNEED",
    "MERGEABLE",
    "UNMERGEABLE",
    "PAGEOUT",
    "WIPEONFORK",
    "COLLAPSE",
)
PAGE_KINDS: tuple[PageKind, ...] = (
    "anon",
    "zeropage",
    "file",
    "shmem",
    "ksm",
    "swapped",
    "thp",
    "hugetlb",
)
PAGE_WORDS: dict[str, tuple[PageKind, ...]] = {
    "pte_mapped": ("thp",),
    "mergeable": ("anon", "zeropage", "file", "shmem", "ksm", "swapped", "thp"),
    "readonly_pte": ("anon", "thp", "hugetlb"),
    "unfaulted": ("anon", "file", "shmem", "thp", "hugetlb"),
    "clean": ("anon", "thp", "hugetlb"),
    "lru_pending": ("anon", "thp"),
}
"""What may be said of a page, and of which kinds."""

HARMS = ("missed", "wrong", "unnecessary", "broken")
COUNTERS = ("copies", "lock_waits", "ptl_blocked", "reuses", "uffd_events")
Argument = Literal["view", "view or reference", "reference", "process", "harm"]
PREDICATES: dict[str, tuple[Argument, ...]] = {
    "same": ("view or reference", "view or reference"),
    "mapped": ("view",),
    "writable": ("view",),
    "dirty": ("view",),
    "exclusive": ("view or reference",),
    "ksm": ("view or reference",),
    "anon": ("view or reference",),
    "swapcache": ("view or reference",),
    "swapped": ("view",),
    "huge": ("view",),
    "held": ("reference",),
    "alive": ("process",),
    "harm": ("harm",),
}
"""Every predicate, and what it is asked about; a view is ``parent:x``."""


@dataclass(frozen=True, slots=True)
class VerbForm:
    """How an operation is written.

    Attributes
    ----------
    shape : Shape
        What follows the verb: a page, a slot of a page, a reference...
    gives : bool
        It sets a register.
    takes : bool
        ``= VALUE`` follows.
    words : tuple of str
        Words that may follow.
    who : str
        ``process``, ``kernel`` or ``any``: which actors may do it.
    one : bool
        Exactly one of the words must stand.
    foreign : bool
        A process says ``P.x`` where it else says ``x``.
    times : bool
        ``times N`` may follow.
    of : tuple of str
        Operations that make the reference it uses.
    ends : bool
        It gives that reference back.
    """

    shape: Shape
    gives: bool = False
    takes: bool = False
    words: tuple[str, ...] = ()
    who: Literal["process", "kernel", "any"] = "process"
    one: bool = False
    foreign: bool = False
    times: bool = False
    of: tuple[str, ...] = ()
    ends: bool = False


_DIRECTION = ("read", "write")
VERBS: dict[str, VerbForm] = {
    "write": VerbForm("slot", takes=True),
    "read": VerbForm("slot", gives=True),
    "fork": VerbForm("process"),
    "exit": VerbForm("none"),
    "exec": VerbForm("none"),
    "munmap": VerbForm("page"),
    "mprotect": VerbForm("page", words=("none", "r", "rw"), one=True),
    "madvise": VerbForm("page", words=ADVICE, one=True),
    "clear_refs": VerbForm("none"),
    "uffd_wp": VerbForm("page"),
    "uffd_unwp": VerbForm("page"),
    "uffd_continue": VerbForm("page"),
    "pin": VerbForm("new_handle", words=(*_DIRECTION, "longterm", "fast")),
    "unpin": VerbForm("handle", who="any", of=("pin",), ends=True),
    "get": VerbForm("new_handle", words=(*_DIRECTION, "fast"), times=True),
    "put": VerbForm("handle", who="any", of=("get", "vmsplice"), ends=True),
    "vmsplice": VerbForm("new_handle"),
    "pipe_read": VerbForm("handle_slot", gives=True, of=("vmsplice",)),
    "odirect_read_begin": VerbForm("new_handle"),
    "odirect_write_begin": VerbForm("new_handle"),
    "odirect_end": VerbForm(
        "handle", who="any", of=("odirect_read_begin", "odirect_write_begin"), ends=True
    ),
    "process_vm_readv": VerbForm("slot", gives=True, foreign=True),
    "process_vm_writev": VerbForm("slot", takes=True, foreign=True),
    "ptrace_read": VerbForm("slot", gives=True, foreign=True),
    "ptrace_write": VerbForm("slot", takes=True, foreign=True),
    "dma_in": VerbForm(
        "handle_slot", takes=True, who="kernel", of=("pin", "get", "odirect_read_begin")
    ),
    "dma_out": VerbForm(
        "handle_slot", gives=True, who="kernel", of=("pin", "get", "odirect_write_begin")
    ),
    "ksm_merge": VerbForm("pages", who="kernel"),
    "ksm_unmerge": VerbForm("page"),
    "swap_out": VerbForm("page", who="kernel"),
    "swap_in": VerbForm("page", who="kernel"),
    "lock": VerbForm("new_handle", who="kernel"),
    "unlock": VerbForm("handle", who="kernel", of=("lock",), ends=True),
    "get_page": VerbForm("new_handle", who="kernel"),
    "put_page": VerbForm("handle", who="kernel", of=("get_page",), ends=True),
}
"""Every operation of the language, and how it is written."""


@dataclass(frozen=True, slots=True)
class PageName:
    """A page as one process sees it.

    Attributes
    ----------
    process : str
        Whose address space; for a thread's statements its process.
    page : str
        Name of the variable.
    """

    process: str
    page: str


@dataclass(frozen=True, slots=True)
class Op:
    """One statement.

    Attributes
    ----------
    actor : str
        Who does it.
    verb : str
        A key of VERBS.
    page : PageName or None
        The page it is about.
    other : PageName or None
        The second page of ``ksm_merge``.
    slot : int or None
        0 or 1.
    value : int or None
        What is written.
    handle : str or None
        The reference made or used.
    process : str or None
        The child that ``fork`` makes.
    register : str or None
        Where a value goes.
    words : tuple of str
        Flags, protection or advice, as written.
    times : int
        References taken as one; 1 unless ``times`` says so.
    label : str or None
        After ``as``.
    after : tuple of str
        Labels waited for.
    """

    actor: str
    verb: str
    page: PageName | None = None
    other: PageName | None = None
    slot: int | None = None
    value: int | None = None
    handle: str | None = None
    process: str | None = None
    register: str | None = None
    words: tuple[str, ...] = ()
    times: int = 1
    label: str | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the initial state.

    Attributes
    ----------
    name : str
        Of the variable.
    kind : PageKind
        What lies behind it.
    writable : bool
        The mapping allows writing.
    content : tuple of int
        The two slots.
    words : tuple of str
        Of PAGE_WORDS.
    """

    name: str
    kind: PageKind
    writable: bool
    content: tuple[int, int]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """Statements between two barriers.

    Attributes
    ----------
    columns : tuple of tuple of Op
        One column an actor, in the order of their first appearance; a single statement
        outside ``par`` is one column of one.
    """

    columns: tuple[tuple[Op, ...], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A number that a final state has.

    Attributes
    ----------
    kind : str
        ``register`` (actor, name), ``memory`` (actor, page, slot), ``reference`` (handle,
        slot) or ``counter`` (name).
    names : tuple of str
        As said for each kind, without the slot.
    slot : int or None
        For memory and references.
    """

    kind: Literal["register", "memory", "reference", "counter"]
    names: tuple[str, ...]
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Compare:
    """``SEEN OP NUMBER``."""

    seen: Seen
    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    value: int


@dataclass(frozen=True, slots=True)
class Predicate:
    """``name(argument, ...)``.

    Attributes
    ----------
    name : str
        As in the language's description.
    arguments : tuple of str
        ``parent:x``, a reference, a process or a word, as written.
    """

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``~ A``."""

    part: Formula


@dataclass(frozen=True, slots=True)
class And:
    r"""``A /\ B``."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    r"""``A \/ B``."""

    parts: tuple[Formula, ...]


Formula = Compare | Predicate | Not | And | Or


@dataclass(frozen=True, slots=True)
class Condition:
    """What a scenario asks of its final states.

    Attributes
    ----------
    quantifier : str
        As written; the observation counts states either way.
    formula : Formula
        Over one final state.
    """

    quantifier: Literal["exists", "forall", "~exists"]
    formula: Formula


@dataclass(frozen=True, slots=True)
class Reference:
    """A source that a scenario names.

    Attributes
    ----------
    kind : str
        ``commit``, ``mail``, ``claim``, ``test``, ``cve`` or ``doc``.
    name : str
        Hash, Message-ID without brackets, number, name.
    note : str
        What it shows; may be empty.
    """

    kind: Literal["commit", "mail", "claim", "test", "cve", "doc"]
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a source says the answer is.

    Attributes
    ----------
    verdict : Verdict
        Never, Sometimes or Always.
    eras : tuple of str
        Era keys, or ``*`` alone.
    status : str
        ``confirmed`` by the source, ``derived`` from rules, or ``unverified``.
    source : str
        Which source.
    """

    verdict: Verdict
    eras: tuple[str, ...]
    status: Literal["confirmed", "derived", "unverified"]
    source: str


@dataclass(frozen=True, slots=True)
class Litmus:
    """A whole file.

    Attributes
    ----------
    name, question : str
        As written.
    notes : tuple of str
        Shown with every verdict.
    references : tuple of Reference
        In their order.
    beside : tuple of str
        Names of counterparts.
    needs : tuple of str
        What the model lacks for a verdict; usually empty.
    pages : tuple of Page
        The initial state.
    threads : tuple of (str, str)
        Thread and its process.
    processes : tuple of str
        Unrelated processes that are declared.
    phases : tuple of Phase
        The program.
    condition : Condition
        The question, formally.
    expectations : tuple of Expectation
        In their order.
    """

    name: str
    question: str
    notes: tuple[str, ...]
    references: tuple[Reference, ...]
    beside: tuple[str, ...]
    needs: tuple[str, ...]
    pages: tuple[Page, ...]
    threads: tuple[tuple[str, str], ...]
    processes: tuple[str, ...]
    phases: tuple[Phase, ...]
    condition: Condition
    expectations: tuple[Expectation, ...]

    def ops(self) -> tuple[Op, ...]:
        """Return all statements, phase by phase and column by column.

        Returns
        -------
        tuple of Op
            In the order of the file.
        """
        return tuple(op for phase in self.phases for column in phase.columns for op in column)

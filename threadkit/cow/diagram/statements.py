"""Statements of a scenario in words, and the steps of a trace gathered by statement."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from threadkit.cow.diagram.words import changes, sentence
from threadkit.cow.views import StateView, Step, Trace

_FORM = re.compile(
    r"(?:(?P<actor>[A-Za-z_][\w-]*)\s*:\s*)?(?:(?P<register>r\d+)\s*=\s*)?(?P<verb>[a-z_]+)\s*"
    r"(?P<rest>.*?)\s*"
)
_WORDS = {
    "write": "writes {value} to {name}",
    "read": "reads {name}",
    "fork": "forks {name}",
    "exit": "exits",
    "exec": "calls exec",
    "munmap": "unmaps {name}",
    "mprotect": "calls mprotect({name})",
    "madvise": "calls madvise({name})",
    "clear_refs": "has its soft-dirty bits cleared (clear_refs)",
    "uffd_wp": "write-protects {name} with userfaultfd",
    "uffd_unwp": "lifts the userfaultfd write protection of {name}",
    "uffd_continue": "maps the page cache at {name} (UFFDIO_CONTINUE)",
    "pin": "pins {value}",
    "unpin": "unpins {name}",
    "get": "takes a reference to {value}",
    "put": "drops {name}",
    "vmsplice": "splices {value} into a pipe",
    "pipe_read": "reads the pipe {name}",
    "odirect_read_begin": "begins an O_DIRECT read into {value}",
    "odirect_write_begin": "begins an O_DIRECT write from {value}",
    "odirect_end": "ends the O_DIRECT request {name}",
    "process_vm_readv": "reads {name} with process_vm_readv",
    "process_vm_writev": "writes {value} to {name} with process_vm_writev",
    "ptrace_read": "reads {name} with ptrace",
    "ptrace_write": "writes {value} to {name} with ptrace",
    "dma_in": "writes {value} through {name}",
    "dma_out": "reads through {name}",
    "ksm_merge": "merges {name}",
    "ksm_unmerge": "takes {name} out of KSM",
    "swap_out": "swaps out {name}",
    "swap_in": "swaps in {name}",
    "lock": "locks {value}",
    "unlock": "unlocks {name}",
    "get_page": "takes a brief reference to {value}",
    "put_page": "drops its brief reference {name}",
}
_FLAGS = ("write", "read", "longterm", "fast")


@dataclass(frozen=True, slots=True)
class Panel:
    """One statement, or the part of one between two moves of others.

    Attributes
    ----------
    number : int
        Counted from 1 in the order of the trace; 0 for the initial state.
    title, says : str
        What is done, and what happens then; sentences.
    actor, op : str
        As in the steps.
    functions : tuple of str
        Kernel functions that decided, in order.
    before, after : StateView
        Around it.
    """

    number: int
    title: str
    says: str
    actor: str
    op: str
    functions: tuple[str, ...]
    before: StateView
    after: StateView

    def news(self) -> StateView:
        """Return the state behind it, with only those harms and costs that are its own.

        Both add up along a trace; a picture of one statement shows what that one did.
        """
        old = dict(self.before.counters)
        counters = tuple((name, value - old.get(name, 0)) for name, value in self.after.counters)
        harms = tuple(harm for harm in self.after.harms if harm not in self.before.harms)
        return replace(self.after, counters=counters, harms=harms)

    def changes(self) -> list[str]:
        """Return what it changed, in sentences."""
        return changes(self.before, self.after)


def statement_words(actor: str, op: str) -> str:
    """Say what somebody does.

    Parameters
    ----------
    actor : str
        Who.
    op : str
        The statement as the language writes it, with or without its actor.

    Returns
    -------
    str
        A clause without its full stop; the statement itself where the verb is unknown.

    Examples
    --------
    >>> statement_words("parent", "write x[0] = 3 as stored")
    'parent writes 3 to x[0]'
    >>> statement_words("parent", "pin p = x write longterm")
    'parent pins x as p (write, longterm)'
    >>> statement_words("device", "device: r0 = dma_out p[0] after stored")
    'device reads through p[0] into r0'
    """
    plain = re.split(r"\s+(?:as|after)\s+", op.strip().rstrip(";"))[0]
    found = _FORM.fullmatch(plain)
    if found is None or found["verb"] not in _WORDS:
        return f"{actor}: {op}"
    left, _, right = (part.strip() for part in found["rest"].partition("="))
    words = [word for word in right.split() if word in _FLAGS]
    value = " ".join(word for word in right.split() if word not in _FLAGS)
    template = _WORDS[found["verb"]]
    names = (" and " if found["verb"] == "ksm_merge" else ", ").join(left.split())
    text = template.format(name=names, value=_without(value, "times"))
    if "{name}" not in template and left:
        text += f" as {left}"
    many = re.search(r"\btimes (\d+)", value)
    text += f", {many[1]} times" if many else ""
    text += f" ({', '.join(words)})" if words else ""
    return f"{actor} {text}" + (f" into {found['register']}" if found["register"] else "")


def panels(trace: Trace, *, detail: bool = False) -> list[Panel]:
    """Gather the steps of a trace by statement.

    Parameters
    ----------
    trace : Trace
        Any.
    detail : bool, optional
        One panel a step instead.

    Returns
    -------
    list of Panel
        In order. A statement during which others move has more than one; all but the
        first say that it goes on.
    """
    runs: list[list[Step]] = []
    for step in trace.steps:
        if runs and not detail and _same(runs[-1][-1], step):
            runs[-1].append(step)
        else:
            runs.append([step])
    made: list[Panel] = []
    begun: set[tuple[str, int]] = set()
    before = trace.start
    for number, run in enumerate(runs, 1):
        made.append(_panel(number, run, before, (run[0].actor, run[0].index) in begun))
        begun.add((run[0].actor, run[0].index))
        before = run[-1].after
    return made


def start_panel(trace: Trace) -> Panel:
    """Return the initial state as a panel numbered 0.

    Parameters
    ----------
    trace : Trace
        Any.
    """
    return Panel(0, "The start", "", "", "", (), trace.start, trace.start)


def _same(one: Step, other: Step) -> bool:
    """Tell whether two steps in a row are of one statement."""
    return not one.ends and (one.actor, one.index) == (other.actor, other.index)


def _panel(number: int, run: list[Step], before: StateView, goes_on: bool) -> Panel:
    """Make one panel of the steps of a run."""
    first, last = run[0], run[-1]
    title = statement_words(first.actor, first.op)
    if goes_on or not last.ends:
        how = "begins" if not goes_on else "ends" if last.ends else "goes on"
        title += f" ({how})"
    says = list(dict.fromkeys(sentence(step.says) for step in run if step.says))
    functions = tuple(dict.fromkeys(step.function for step in run if step.function))
    words = " ".join(_capital(text) for text in says) or "Nothing visible changes."
    return Panel(number, title, words, first.actor, first.op, functions, before, last.after)


def _without(value: str, word: str) -> str:
    """Drop a word and the number behind it."""
    return re.sub(rf"\s*\b{word} \d+", "", value)


def _capital(text: str) -> str:
    """Begin a sentence with a capital, unless it begins with a name in lower case."""
    first = text.split(" ", 1)[0].rstrip(".,:")
    plain = first.isalpha() and first.islower()
    return text[:1].upper() + text[1:] if plain else text

r"""From the syntax tree to text, in one normal form.

What is left out of it: comments, which the tree does not keep, and the ways of writing
that mean the same (0x.., parentheses that change nothing, the order of the parts of the
head and of the initial state). ``parse(format_litmus(x)) == x`` always.
"""

from __future__ import annotations

import textwrap

from threadkit.cow.litmus.syntax import (
    SEGV,
    VERBS,
    And,
    Compare,
    Expectation,
    Formula,
    Litmus,
    Not,
    Op,
    Or,
    Page,
    PageName,
    Phase,
    Predicate,
    Reference,
    Seen,
)

LINE = 100
"""Columns that a line has, unless one word is longer."""


def format_litmus(litmus: Litmus) -> str:
    r"""Write a scenario as a file.

    Parameters
    ----------
    litmus : Litmus
        As :func:`~threadkit.cow.litmus.parse.parse` returns it.

    Returns
    -------
    str
        Lines that end with a line feed.

    Examples
    --------
    >>> from threadkit.cow.litmus.parse import parse
    >>> print(format_litmus(parse('''COW S1 question "Copied?" { x=anon rw 1 0x2; }
    ...     parent:fork child; par { parent{write x[0]=3;} child{write x[0]=4;} }
    ...     forall (copies=1 /\\ (parent:x[0]=3))''')), end="")
    COW S1
    <BLANKLINE>
    question "Copied?"
    <BLANKLINE>
    { x = anon rw 1 2; }
    <BLANKLINE>
    parent: fork child;
    par {
      parent { write x[0] = 3; }
      child  { write x[0] = 4; }
    }
    <BLANKLINE>
    forall (copies = 1 /\ parent:x[0] = 3)
    """
    parts = [
        f"COW {litmus.name}",
        "\n".join(_head(litmus)),
        _initial(litmus),
        "\n".join(line for phase in litmus.phases for line in _phase(phase)),
        _condition(litmus),
        "\n".join(map(_expectation, litmus.expectations)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def format_op(op: Op) -> str:
    """Write one operation.

    Parameters
    ----------
    op : Op
        Of any actor.

    Returns
    -------
    str
        Without the actor, ``as``, ``after`` and the semicolon.

    Examples
    --------
    >>> from threadkit.cow.litmus.syntax import PageName
    >>> format_op(Op("parent", "pin", PageName("parent", "x"), handle="p", words=("write",)))
    'pin p = x write'
    >>> format_op(Op("device", "dma_out", handle="p", slot=0, register="r0"))
    'r0 = dma_out p[0]'
    """
    form = VERBS[op.verb]
    named = form.who == "kernel" or form.foreign
    words = [f"{op.register} ="] if op.register else []
    words.append(op.verb)
    if op.process:
        words.append(op.process)
    if form.shape == "new_handle":
        words.append(f"{op.handle} =")
    slot = "" if op.slot is None else f"[{op.slot}]"
    if op.page:
        words.append(_page_name(op.page, named) + slot)
    elif op.handle:
        words.append(op.handle + slot)
    if op.other:
        words.append(_page_name(op.other, named))
    if op.value is not None:
        words.append(f"= {op.value}")
    words += op.words
    if op.times != 1:
        words.append(f"times {op.times}")
    return " ".join(words)


def format_formula(formula: Formula) -> str:
    r"""Write a condition without its quantifier.

    Parameters
    ----------
    formula : Formula
        Any.

    Returns
    -------
    str
        With parentheses around every conjunction or disjunction inside another.

    Examples
    --------
    >>> one = Compare(Seen("register", ("parent", "r0")), "=", SEGV)
    >>> print(format_formula(And((one, Not(Predicate("held", ("p",)))))))
    parent:r0 = segv /\ ~held(p)
    """
    if isinstance(formula, Compare):
        value = "segv" if _is_segv(formula) else str(formula.value)
        return f"{format_seen(formula.seen)} {formula.operator} {value}"
    if isinstance(formula, Predicate):
        return f"{formula.name}({', '.join(formula.arguments)})"
    if isinstance(formula, Not):
        return f"~{_inner(formula.part)}"
    sign = " /\\ " if isinstance(formula, And) else " \\/ "
    return sign.join(map(_inner, formula.parts))


def format_seen(seen: Seen) -> str:
    """Write the name of a number in a final state.

    Parameters
    ----------
    seen : Seen
        A register, memory, what a reference sees, or a counter.

    Returns
    -------
    str
        As in a condition.

    Examples
    --------
    >>> format_seen(Seen("memory", ("child", "x"), 1)), format_seen(Seen("counter", ("copies",)))
    ('child:x[1]', 'copies')
    """
    name = ":".join(seen.names)
    return name if seen.slot is None else f"{name}[{seen.slot}]"


def _is_segv(compare: Compare) -> bool:
    """Tell a fault from a counter that is 255."""
    return compare.value == SEGV and compare.seen.kind != "counter"


def _inner(formula: Formula) -> str:
    """Write a part of a formula, in parentheses where it has parts itself."""
    text = format_formula(formula)
    return f"({text})" if isinstance(formula, And | Or) else text


def _page_name(page: PageName, named: bool) -> str:
    """Write a page, with its process where the actor does not tell it."""
    return f"{page.process}.{page.page}" if named else page.page


def _quoted(prefix: str, text: str) -> str:
    """Write a text in quotes behind something; lines that follow are indented."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(_wrapped(f'{prefix} "{escaped}"', " " * 4))


def _wrapped(text: str, indent: str) -> list[str]:
    """Cut at spaces into lines."""
    return textwrap.wrap(
        text,
        LINE,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _head(litmus: Litmus) -> list[str]:
    """Write question, notes, references, counterparts and needs."""
    lines = [_quoted("question", litmus.question)]
    lines += [_quoted("note", note) for note in litmus.notes]
    lines += map(_reference, litmus.references)
    if litmus.beside:
        lines += _wrapped(f"beside {' '.join(litmus.beside)}", " " * 4)
    lines += [_quoted("needs", need) for need in litmus.needs]
    return lines


def _reference(reference: Reference) -> str:
    """Write one source."""
    name = reference.name
    if reference.kind == "mail":
        name = f"<{name}>"
    start = f"ref {reference.kind} {name}"
    if reference.kind in ("test", "doc"):
        start = _quoted(f"ref {reference.kind}", name)
    return _quoted(start, reference.note) if reference.note else start


def _initial(litmus: Litmus) -> str:
    """Write the initial state."""
    lines = [_page(page) for page in litmus.pages]
    lines += [f"thread {thread} of {process};" for thread, process in litmus.threads]
    lines += [f"process {process};" for process in litmus.processes]
    return "{ " + "\n  ".join(lines) + " }"


def _page(page: Page) -> str:
    """Write one page."""
    rights = "rw" if page.writable else "ro"
    first, second = page.content
    return " ".join([page.name, "=", page.kind, rights, str(first), str(second), *page.words]) + ";"


def _statement(op: Op) -> str:
    """Write an operation with its label and what it waits for."""
    text = format_op(op)
    if op.label:
        text += f" as {op.label}"
    if op.after:
        text += f" after {', '.join(op.after)}"
    return text + ";"


def _phase(phase: Phase) -> list[str]:
    """Write a single statement, or a ``par``."""
    if len(phase.columns) == 1 and len(phase.columns[0]) == 1:
        op = phase.columns[0][0]
        return [f"{op.actor}: {_statement(op)}"]
    wide = max(len(column[0].actor) for column in phase.columns)
    lines = ["par {"]
    for column in phase.columns:
        lines += _column(column, wide)
    return [*lines, "}"]


def _column(column: tuple[Op, ...], wide: int) -> list[str]:
    """Write one actor's statements, on one line where they fit."""
    statements = [_statement(op) for op in column]
    line = f"  {column[0].actor:<{wide}} {{ {' '.join(statements)} }}"
    if len(line) <= LINE:
        return [line]
    return [f"  {column[0].actor} {{", *(f"    {one}" for one in statements), "  }"]


def _condition(litmus: Litmus) -> str:
    """Write the condition; a long one is cut at its signs."""
    condition = litmus.condition
    line = f"{condition.quantifier} ({format_formula(condition.formula)})"
    if len(line) <= LINE or not isinstance(condition.formula, And | Or):
        return line
    sign = "/\\" if isinstance(condition.formula, And) else "\\/"
    indent = " " * (len(condition.quantifier) + 2)
    parts = f" {sign}\n{indent}".join(map(_inner, condition.formula.parts))
    return f"{condition.quantifier} ({parts})"


def _expectation(expectation: Expectation) -> str:
    """Write what a source says."""
    status = "" if expectation.status == "confirmed" else f" {expectation.status}"
    start = f"expect {expectation.verdict} in {' '.join(expectation.eras)}{status} :"
    return _quoted(start, expectation.source)

"""States and traces for a terminal, and the steps of a trace in prose."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace

from threadkit.cow.diagram.statements import Panel, panels, start_panel
from threadkit.cow.diagram.words import (
    PIN,
    count_words,
    entry_name,
    frame_marks,
    harm_words,
    register_value,
    shown_mappings,
)
from threadkit.cow.views import FrameView, MappingView, ReferenceView, StateView, Trace

_ASCII = str.maketrans(
    {"─": "-", "·": ".", "╌": "~", "▶": ">", "■": "#", "□": "o", "✗": "!", "†": "+", "→": ">"}
)
_MOST_SQUARES = 8


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one statement of a trace does.

    Attributes
    ----------
    number : int
        Of the statement in the trace, from 1; 0 for the initial state.
    heading : str
        Who does what.
    text : str
        What decides, and what it changes, in sentences.
    brief : str
        The same without what it changes: for use beside a picture, which shows that.
    functions : tuple of str
        Kernel functions that decide.
    harms : tuple of str
        What goes wrong here, with what that means.
    picture : tuple of str
        The state behind it, as lines for a terminal.
    """

    number: int
    heading: str
    text: str
    brief: str
    functions: tuple[str, ...]
    harms: tuple[str, ...]
    picture: tuple[str, ...]


def state_text(view: StateView, *, ascii_only: bool = False) -> list[str]:
    r"""Draw one state with characters.

    Parameters
    ----------
    view : StateView
        What to draw.
    ascii_only : bool, optional
        ``#`` and ``o`` for the squares, ``-`` and ``.`` for the lines.

    Returns
    -------
    list of str
        Maps, references, pages, and what was read and counted; a line each, without
        colours.

    Examples
    --------
    >>> from threadkit.cow.views import ProcessView
    >>> entry = MappingView("parent", "x", None, "present", "A", True)
    >>> page = FrameView("A", "anon", (1, 2), 1, 1, exclusive=True)
    >>> view = StateView((ProcessView("parent", "alive"),), (entry,), (page,), (), (), (), ())
    >>> print("\n".join(state_text(view, ascii_only=True)))
    parent  x  --rw--> A
    A  data 1 2  #  ref 1, map 1  exclusive
    """
    rows = [_entry(mapping) for mapping in shown_mappings(view)]
    rows += [_reference(reference) for reference in view.references]
    names = max((len(row[0]) for row in rows), default=0)
    pages = max((len(row[1]) for row in rows), default=0)
    lines = [f"{a.ljust(names)}  {b.ljust(pages)}  {c}" for a, b, c in rows]
    lines += [f"{process.name} †" for process in view.processes if process.state == "gone"]
    lines += [_frame(view, frame) for frame in view.frames]
    lines += _facts(view)
    return [line.translate(_ASCII) for line in lines] if ascii_only else lines


def trace_text(
    trace: Trace, width: int = 80, *, ascii_only: bool = False, detail: bool = False
) -> list[str]:
    """Write a trace for a terminal: each statement, what it says, the state behind it.

    Parameters
    ----------
    trace : Trace
        What to write.
    width : int, optional
        Columns for the sentences.
    ascii_only : bool, optional
        As for :func:`state_text`.
    detail : bool, optional
        One paragraph a step, not one a statement.

    Returns
    -------
    list of str
        Lines; states that do not change are not repeated.
    """
    lines = [f"{trace.scenario} under {trace.era}: {trace.why}", ""]
    for part in explain(trace, {}, detail=detail, ascii_only=ascii_only):
        head = f"{part.number} {part.heading}" if part.number else part.heading
        names = f" [{', '.join(part.functions)}]" if part.functions else ""
        lines += textwrap.wrap(f"{head} {part.text}{names}", width, subsequent_indent="  ")
        lines += [f"  {'!' if ascii_only else '✗'} {harm}" for harm in part.harms]
        lines += [f"    {line}" for line in part.picture]
    return lines


def explain(
    trace: Trace,
    meanings: Mapping[str, str],
    *,
    detail: bool = False,
    ascii_only: bool = False,
    first: int = 0,
) -> list[Paragraph]:
    """Tell a trace as prose.

    Parameters
    ----------
    trace : Trace
        What to tell.
    meanings : mapping of str to str
        What an invariant promises or what a function decides, by name (``I2``,
        ``do_wp_page``); told where it first comes up. May be empty.
    detail : bool, optional
        One paragraph a step, not one a statement.
    ascii_only : bool, optional
        As for :func:`state_text`, for the pictures.
    first : int, optional
        Begin with this paragraph; 0 is the initial state.

    Returns
    -------
    list of Paragraph
        One a statement; a picture only where the state changed.
    """
    told = {""}
    return [
        _paragraph(panel, meanings, told, ascii_only)
        for panel in (start_panel(trace), *panels(trace, detail=detail))[first:]
    ]


def _paragraph(
    panel: Panel, meanings: Mapping[str, str], told: set[str], ascii_only: bool
) -> Paragraph:
    """Tell one panel; what has been told once is not told again."""
    harms = panel.news().harms
    names = [*panel.functions, *(invariant for _, invariant in harms)]
    new: dict[str, str] = {}
    for name in names:
        if meanings.get(name, "") not in told:
            new.setdefault(meanings[name], name)
    told.update(new)
    says = [panel.says] if panel.says else []
    rules = [_rule(name, text) for text, name in new.items()]
    moved = panel.number == 0 or panel.before != panel.after
    # What it cost and what went wrong stand in the sentences.
    shown = replace(panel.after, harms=(), counters=())
    picture = state_text(shown, ascii_only=ascii_only) if moved else []
    return Paragraph(
        panel.number,
        f"{panel.title}.",
        " ".join([*says, *panel.changes(), *rules]),
        " ".join([*says, *rules]),
        panel.functions,
        tuple(harm_words(*harm) for harm in harms),
        tuple(picture),
    )


def _rule(name: str, meaning: str) -> str:
    """Say what a function decides or an invariant promises; most say their name themselves."""
    return meaning if f"{name}()" in meaning else f"{name}: {meaning}"


def _entry(mapping: MappingView) -> tuple[str, str, str]:
    """Write one page-table entry: process, variable, line."""
    allows = "" if mapping.vma == "rw" else f" ({mapping.vma})"
    head = (mapping.process, entry_name(mapping) + allows)
    if mapping.state == "none":
        return (*head, "nothing mapped")
    if mapping.state == "swap":
        return (*head, f"╌╌out╌▶ {mapping.frame}")
    dash = "─" if mapping.writable else "·"
    bits = " pmd" if mapping.huge else ""
    bits += " uffd-wp" if mapping.uffd_wp else ""
    bits += " dirty" if mapping.dirty else ""
    return (
        *head,
        f"{dash * 2}{'rw' if mapping.writable else 'ro'}{dash * 2}▶ {mapping.frame}{bits}",
    )


def _reference(reference: ReferenceView) -> tuple[str, str, str]:
    """Write one named reference: its name, who has it, line."""
    many = f" x{reference.count}" if reference.count > 1 else ""
    use = "" if reference.kind in ("transient", "lock") else " w" if reference.write else " r"
    line = f"──{reference.kind}{use}──▶ {reference.frame}{many}"
    return reference.name, f"by {reference.holder}", line


def _frame(view: StateView, frame: FrameView) -> str:
    """Write one page."""
    kind = "" if frame.kind in ("anon", "swap") else f" {frame.kind}"
    data = f"{frame.name}{kind}  data {frame.content[0]} {frame.content[1]}"
    if frame.kind == "swap":
        return f"{data}  {frame.refcount} {'entry' if frame.refcount == 1 else 'entries'}"
    counts = f"ref {frame.refcount}, map {frame.mapcount}"
    marks = [f"  {', '.join(frame_marks(frame))}"] if frame_marks(frame) else []
    return "".join([f"{data}  {_squares(view, frame)}  {counts}", *marks])


def _squares(view: StateView, frame: FrameView) -> str:
    """Write a filled square a map, a hollow one a reference; pins count as one.

    Before 5.7 a pin is one reference, not 1024.
    """
    pins = [r.count for r in view.references if r.frame == frame.name and r.kind == "pin"]
    other = max(0, frame.refcount - frame.mapcount)
    if other >= PIN * sum(pins):
        other -= (PIN - 1) * sum(pins)
    parts = [("■", frame.mapcount), ("□", other)]
    return "".join(c * n if n <= _MOST_SQUARES else f"{c}x{n}" for c, n in parts)


def _facts(view: StateView) -> list[str]:
    """Write who is inside what, what was read, counts and harms."""
    running = [f"{actor} is in {function}" for actor, function in view.running]
    read = [f"{who}:{name} = {register_value(value)}" for who, name, value in view.registers]
    counts = [count_words(name, number) for name, number in view.counters if number]
    facts = [", ".join(part) for part in (running, read, counts) if part]
    return facts + [f"✗ {harm_words(*harm)}" for harm in view.harms]

"""The first thing in which two eras' ways through one statement differ, in two short lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from threadkit.cow.explore.parting import Parting
from threadkit.cow.views import (
    FrameView,
    MappingView,
    ProcessView,
    ReferenceView,
    StateView,
    Step,
)

Row = ProcessView | MappingView | FrameView | ReferenceView

_SHOWN = 2
"""Steps that are shown of each side, from the first that differs."""


def first_difference(parting: Parting) -> tuple[str, str]:
    """Say for each side the first step that the other does not do.

    Parameters
    ----------
    parting : Parting
        Of two outcomes.

    Returns
    -------
    tuple of str
        Left and right, never equal. Where both take the same steps, what differs in the
        state behind them.

    Examples
    --------
    >>> from threadkit.cow.library import scenario
    >>> diff = scenario("S14").run("C").diff(scenario("S14").run("C2"))
    >>> left, right = first_difference(diff.parting)
    >>> left != right
    True
    """
    left, right = ([_said(step) for step in steps] for steps in (parting.left, parting.right))
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    if left == right:
        return _behind(parting)
    return _shown(left, shared), _shown(right, shared)


def _behind(parting: Parting) -> tuple[str, str]:
    """Find the step behind which the states differ, where all steps read the same."""
    for one, other in zip(parting.left, parting.right, strict=True):
        mine = ", ".join(_state_differences(one.after, other.after))
        theirs = ", ".join(_state_differences(other.after, one.after))
        if mine != theirs:
            return f"{_said(one)}; behind it {mine}", f"{_said(other)}; behind it {theirs}"
    return _shown([], 0), _shown([], 0)


def _shown(said: Sequence[str], shared: int) -> str:
    """Show some steps from a place on."""
    rest = "; ".join(said[shared : shared + _SHOWN])
    return rest or ("nothing more" if shared else "cannot move")


def _said(step: Step) -> str:
    return f"{step.function}: {step.says}" if step.says else step.function


def _state_differences(mine: StateView, theirs: StateView) -> Iterator[str]:
    """Say what one state has otherwise than another."""
    named, other = _rows(mine), _rows(theirs)
    for name, row in named.items():
        yield from _row_differences(name, row, other.get(name))
    yield from (f"no {name}" for name in other if name not in named)
    for counter in mine.counters:
        if counter not in theirs.counters:
            yield f"{counter[0]} {counter[1]}"
    for actor, register, value in mine.registers:
        if (actor, register, value) not in theirs.registers:
            yield f"{actor}:{register} {value}"


def _rows(view: StateView) -> dict[str, Row]:
    """Return mappings, processes, pages and references by name."""
    named: dict[str, Row] = {_name(one): one for one in view.mappings}
    named.update({f"process {one.name}": one for one in view.processes})
    named.update({_page(one): one for one in view.frames})
    named.update({f"reference {one.name}": one for one in view.references})
    return named


def _page(frame: FrameView) -> str:
    return frame.name if frame.name.startswith("swap") else f"page {frame.name}"


def _name(mapping: MappingView) -> str:
    half = "" if mapping.half is None else f"[{mapping.half}]"
    return f"{mapping.process}:{mapping.page}{half}"


def _row_differences(
    name: str,
    mine: Row,
    theirs: Row | None,
) -> Iterator[str]:
    """Say which fields of a page, mapping or reference differ."""
    if theirs is None:
        yield f"{name} is there"
        return
    for one in fields(mine):
        value = getattr(mine, one.name)
        if value != getattr(theirs, one.name):
            yield f"{name} {one.name.replace('_', ' ')} {value}"

"""Every order in which a program's statements may take effect."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from threadkit.cow.litmus.syntax import Op
from threadkit.cow.oracle.memory import FAULT, Values, World
from threadkit.cow.oracle.program import Program
from threadkit.cow.oracle.rules import Turn, is_neutral, seen, steps
from threadkit.errors import ThreadkitError

BOUND = 200_000
"""States that are looked at before a search gives up."""

Final = frozenset[tuple[str, Values]]
"""Names as conditions write them, and the values each may have."""

Positions = tuple[int, ...]


class OracleBoundError(ThreadkitError):
    """A program has too many states to say what it may do.

    Parameters
    ----------
    name : str
        Of the program.
    bound : int
        States looked at.
    """

    def __init__(self, name: str, bound: int) -> None:
        self.name = name
        self.bound = bound
        super().__init__(
            f"{name}: more than {bound:,} states of values; put fewer statements into one par"
        )


def finals(program: Program, bound: int = BOUND) -> frozenset[Final]:
    """Return all final states that a program may have.

    Parameters
    ----------
    program : Program
        What runs, and what is promised to it.
    bound : int
        States looked at before giving up.

    Returns
    -------
    frozenset of Final
        Registers, memory of processes that live, and references that are held. Empty if
        every order ends with somebody waiting for ever.

    Raises
    ------
    OracleBoundError
        There are more states than the bound.
    """
    labels = _labels(program)
    phases = program.litmus.phases
    start = (0, _settle(program, labels, 0, _origin(program, 0)), program.start())
    found = set()
    known: set[Hashable] = set()
    waiting = [start]
    while waiting:
        phase, positions, world = waiting.pop()
        while phase < len(phases) and positions == _ends(program, phase):
            phase += 1
            positions = _settle(program, labels, phase, _origin(program, phase))
        if phase == len(phases):
            found.add(_final(program, world))
            continue
        key = (phase, positions, world.key())
        if key in known:
            continue
        known.add(key)
        if len(known) > bound:
            raise OracleBoundError(program.litmus.name, bound)
        for at, new in _successors(program, labels, phase, positions, world):
            waiting.append((phase, _settle(program, labels, phase, at), new))
    return frozenset(found)


def _origin(program: Program, phase: int) -> Positions:
    phases = program.litmus.phases
    return (0,) * len(phases[phase].columns) if phase < len(phases) else ()


def _ends(program: Program, phase: int) -> Positions:
    return tuple(len(column) for column in program.litmus.phases[phase].columns)


def _labels(program: Program) -> dict[str, tuple[int, int, int]]:
    """Return where each label stands: phase, column, statement."""
    return {
        op.label: (phase, column, place)
        for phase, part in enumerate(program.litmus.phases)
        for column, ops in enumerate(part.columns)
        for place, op in enumerate(ops)
        if op.label is not None
    }


def _ready(
    labels: dict[str, tuple[int, int, int]], op: Op, phase: int, positions: Positions
) -> bool:
    """Tell whether everything that a statement waits for is done."""
    for label in op.after:
        where, column, place = labels.get(label, (phase + 1, 0, 0))
        if where > phase or (where == phase and positions[column] <= place):
            return False
    return True


def _settle(
    program: Program, labels: dict[str, tuple[int, int, int]], phase: int, positions: Positions
) -> Positions:
    """Pass over statements that change no value: when they happen makes no difference."""
    if phase == len(program.litmus.phases):
        return positions
    columns = program.litmus.phases[phase].columns
    at = list(positions)
    moved = True
    while moved:
        moved = False
        for number, column in enumerate(columns):
            if at[number] == len(column):
                continue
            op = column[at[number]]
            if is_neutral(op) and _ready(labels, op, phase, tuple(at)):
                at[number] += 1
                moved = True
    return tuple(at)


def _successors(
    program: Program,
    labels: dict[str, tuple[int, int, int]],
    phase: int,
    positions: Positions,
    world: World,
) -> Iterator[tuple[Positions, World]]:
    """Yield what may come next, whoever moves."""
    columns = program.litmus.phases[phase].columns
    left = [number for number, column in enumerate(columns) if positions[number] < len(column)]
    for number in left:
        op = columns[number][positions[number]]
        if not _ready(labels, op, phase, positions):
            continue
        process = program.process_of(op.actor) or ""
        turn = Turn(program, op, process, phase, alone=len(left) == 1)
        for new, done in steps(world, turn):
            at = (*positions[:number], positions[number] + done, *positions[number + 1 :])
            yield at, new


def _final(program: Program, world: World) -> Final:
    """Return what can be observed at the end."""
    found: dict[str, Values] = {
        f"{actor}:{name}": values for (actor, name), values in world.registers.items()
    }
    names = {process: process for process in world.born}
    names.update((t, home) for t, home in program.litmus.threads if home in world.born)
    for actor, process in names.items():
        for page in program.litmus.pages:
            for slot in (0, 1):
                values = world.load(process, page.name, slot)
                if values != FAULT:
                    values = program.loaded(page.name, slot, values)
                found[f"{actor}:{page.name}[{slot}]"] = values
    for handle in world.refs:
        for slot in (0, 1):
            found[f"{handle}[{slot}]"] = seen(world, program, handle, slot)
    return frozenset(found.items())

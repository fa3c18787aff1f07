"""What real kernels were seen to do, beside what the model allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from threadkit.cow.diagram.tables import WitnessCell, Witnesses, WitnessKernel, WitnessRow
from threadkit.cow.library import Scenario
from threadkit.cow.witness.compare import CONDITION, Comparison, table
from threadkit.cow.witness.problems import WitnessError
from threadkit.cow.witness.results import WitnessRun, load


def stored_runs() -> list[WitnessRun]:
    """Return the last full run on each kernel, as it was stored with threadkit.

    Returns
    -------
    list of WitnessRun
        By release; empty if none came with this installation.
    """
    package = Path(str(files("threadkit")))
    folders = (package / "data" / "witness", package.parent / "data" / "witness")
    found = next((load(folder) for folder in folders if folder.is_dir()), [])
    return sorted(found, key=_place)


class UnknownKernel(WitnessError):
    """No run on a kernel of this name is stored.

    Parameters
    ----------
    name : str
        What was asked for.
    known : list of str
        Names that there are.
    """

    exit_code = 2

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"no run on a kernel {name!r} is stored; there are {', '.join(known)}")


def witnessed(scenarios: Iterable[Scenario], kernels: Sequence[str] | None = None) -> Witnesses:
    """Return what real kernels did in the last full run, beside what the model allows.

    Parameters
    ----------
    scenarios : iterable of Scenario
        One row each, if some kernel was asked for it.
    kernels : sequence of str, optional
        Names of kernels in the order of the columns; all without.

    Returns
    -------
    Witnesses
        A table; a notebook shows it.

    Raises
    ------
    UnknownKernel
        No run on a kernel of this name is stored.

    Examples
    --------
    >>> from threadkit.cow.library import scenario
    >>> found = witnessed([scenario("S5")], ["built_mapcount_locked", "6.1"])
    >>> [cell.answer for cell in found.rows[0].cells]
    ['yes', 'no']
    """
    runs = {run.kernel: run for run in stored_runs()}
    for name in kernels or ():
        if name not in runs:
            raise UnknownKernel(name, list(runs))
    chosen = [runs[name] for name in (runs if kernels is None else kernels)]
    return Witnesses(*witness_table(chosen, list(scenarios)))


def _place(run: WitnessRun) -> tuple[bool, list[int], str]:
    """Distribution kernels by release, built ones behind them."""
    numbers = [int(word) for word in run.release.split("-")[0].split(".") if word.isdigit()]
    return bool(run.label), numbers, run.kernel


def witness_table(
    runs: Sequence[WitnessRun], scenarios: Sequence[Scenario]
) -> tuple[tuple[WitnessKernel, ...], tuple[WitnessRow, ...]]:
    """Compare runs with the model of each kernel's era.

    Parameters
    ----------
    runs : sequence of WitnessRun
        One column each.
    scenarios : sequence of Scenario
        One row each, if some run was asked for it.

    Returns
    -------
    tuple
        Kernels and rows, for :mod:`threadkit.cow.diagram.witness`.
    """
    by_name = {one.name: one for one in scenarios}
    rows = table(runs, {one.name: one.litmus for one in scenarios})
    kernels = tuple(WitnessKernel(r.kernel, _version(r), r.era, r.date_utc) for r in runs)
    return kernels, tuple(
        WitnessRow(
            row.scenario,
            by_name[row.scenario].question,
            tuple(_cell(comparison) for comparison in row.cells),
        )
        for row in rows
    )


def _version(run: WitnessRun) -> str:
    """Say exactly which kernel it was."""
    version = run.package_version or run.release
    return f"{version}, {run.label}" if run.label else version


def _cell(one: Comparison | None) -> WitnessCell:
    """Put a comparison into a cell."""
    if one is None:
        return WitnessCell("not run")
    match one.agreement:
        case "not compared":
            return WitnessCell("not run", why=one.why)
        case "skipped":
            return WitnessCell("skipped", why=one.why)
        case "no model":
            return WitnessCell("skipped", why="the model has no era of this kernel")
        case result:
            seen, unseen = ([_words(one) for one in found] for found in (one.seen, one.unseen))
            known = seen if result != "differs" else []
            return WitnessCell(
                result,
                " or ".join(seen),
                (*known, *unseen),
                one.why,
                one.condition,
                tuple(unseen),
                one.dropped,
            )


def _words(values: tuple[tuple[str, str], ...]) -> str:
    """Write an outcome; the answer to the question first."""
    rest = "; ".join(f"{name}={value}" for name, value in values if name != CONDITION)
    answer = dict(values).get(CONDITION)
    return f"{answer}: {rest}" if answer else rest

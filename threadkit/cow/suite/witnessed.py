"""What real kernels were seen to do, beside what the model allows."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from threadkit.cow.diagram.tables import WitnessCell, WitnessKernel, WitnessRow
from threadkit.cow.library import Scenario
from threadkit.cow.outcome import FinalState
from threadkit.cow.witness.compare import CONDITION, Comparison, table
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
    model: dict[tuple[str, str], Sequence[FinalState]] = {}
    for run in runs:
        for one in run.observations:
            key = (one.scenario, run.era)
            if run.era and key not in model and one.scenario in by_name and not one.skipped:
                outcome = by_name[one.scenario].run(run.era, traces=False)
                model[key] = outcome.finals
    rows = [row for row in table(runs, model) if row.scenario in by_name]
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
    """Put a comparison into a cell; what is allowed but was not seen is told."""
    if one is None:
        return WitnessCell("not run")
    if one.agreement in ("skipped", "no model"):
        return WitnessCell("skipped", why=one.why or "the model has no era of this kernel")
    seen = " or ".join(_words(values) for values in one.seen)
    allowed = tuple(_words(values) for values in (*one.seen, *one.unseen))
    if one.agreement == "differs":
        lacking = tuple(_words(values) for values in one.unseen)
        return WitnessCell("differs", seen, lacking, one.why, one.condition)
    unseen = f"allowed and not seen: {len(one.unseen)}" if one.unseen else ""
    return WitnessCell("agrees", seen, allowed, unseen, one.condition)


def _words(values: tuple[tuple[str, str], ...]) -> str:
    """Write an outcome; the answer to the question first."""
    rest = "; ".join(f"{name}={value}" for name, value in values if name != CONDITION)
    answer = dict(values).get(CONDITION)
    return f"{answer}: {rest}" if answer else rest

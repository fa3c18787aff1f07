"""What real kernels did, as values and as JSON that keeps its order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from threadkit.cow.litmus.syntax import SEGV, Litmus
from threadkit.cow.witness.instructions import CannotWitness
from threadkit.cow.witness.plan import Plan, plans
from threadkit.cow.witness.problems import WitnessError
from threadkit.cow.witness.report import Record
from threadkit.cow.witness.truth import holds, numbers

FORMAT = 1
"""Of the JSON files; another number is not read."""


class BadWitnessFile(WitnessError):
    """A file of stored observations is not one.

    Parameters
    ----------
    path : Path
        Which.
    why : str
        What is wrong; run the witness again to replace it.
    """

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        self.why = why
        super().__init__(f"{path}: {why}; run the witness again")


@dataclass(frozen=True, slots=True)
class Observation:
    """One performance of a scenario on one kernel.

    Attributes
    ----------
    scenario : str
        Its name.
    values : tuple of (str, str)
        Names as conditions write them, and numbers or ``segv``.
    condition : bool or None
        The condition's formula held; None: what was seen does not decide it.
    skipped : str
        Why nothing was observed; empty if something was.
    seconds : float
        On the kernel.
    sampled : bool
        One of several orders of its statements.
    order : tuple of int
        Numbers of its statements as they were performed; empty if none was.
    plan : str
        :attr:`threadkit.cow.witness.plan.Plan.digest` of what was performed.
    """

    scenario: str
    values: tuple[tuple[str, str], ...] = ()
    condition: bool | None = None
    skipped: str = ""
    seconds: float = 0.0
    sampled: bool = False
    order: tuple[int, ...] = ()
    plan: str = ""


@dataclass(frozen=True, slots=True)
class WitnessRun:
    """All scenarios on one kernel, in one boot.

    Attributes
    ----------
    kernel : str
        Name by which it was asked for: ``host``, ``5.10``, the key of a built one.
    release, package, package_version : str
        Of uname(2), and the distribution's; the latter empty if there are none.
    era : str
        Key of the model's era for it; empty if there is none.
    label : str
        What must be said beside it (``5.10 counterfactual``), or empty.
    date_utc : str
        ISO 8601 with Z: when it was run.
    program : str
        SHA-256 of the witness's program, its source.
    machine : str
        ``host``, or QEMU and its acceleration.
    seconds : float
        All in all, with the boot.
    observations : tuple of Observation
        In the order of the scenarios.
    """

    kernel: str
    release: str
    package: str
    package_version: str
    era: str
    label: str
    date_utc: str
    program: str
    machine: str
    seconds: float
    observations: tuple[Observation, ...]

    def of(self, scenario: str) -> tuple[Observation, ...]:
        """Return the observations of one scenario; empty if it was not asked for.

        Parameters
        ----------
        scenario : str
            Its name.
        """
        return tuple(one for one in self.observations if one.scenario == scenario)

    @property
    def observed(self) -> tuple[str, ...]:
        """Names of the scenarios that something was observed of, each once."""
        return tuple(dict.fromkeys(one.scenario for one in self.observations if not one.skipped))


def observe(plan: Plan, record: Record | None) -> Observation:
    """Make an observation of what the program printed.

    Parameters
    ----------
    plan : Plan
        What it was to perform.
    record : Record or None
        None: it printed nothing about it.
    """
    name = plan.litmus.name
    skipped = _why_not(record)
    if skipped or record is None:
        return Observation(name, skipped=skipped, sampled=plan.sampled)
    seen = tuple((key, spelled(value)) for key, value in numbers(plan, record).items())
    return Observation(
        name,
        values=seen,
        condition=holds(plan.litmus.condition.formula, plan, record),
        seconds=record.milliseconds / 1000,
        sampled=plan.sampled,
        order=plan.order,
        plan=plan.digest,
    )


def _why_not(record: Record | None) -> str:
    if record is None:
        return "the program ended before this scenario"
    if record.skipped:
        return record.skipped
    if record.ended == "timeout":
        return "no end within the time for one scenario"
    if record.ended == "lost":
        return "the kernel, or the program, ended in this scenario"
    return "" if record.ended == "done" else f"the program {record.ended} in this scenario"


def spelled(value: int) -> str:
    """Write a number as conditions do.

    Examples
    --------
    >>> spelled(7), spelled(255)
    ('7', 'segv')
    """
    return "segv" if value == SEGV else str(value)


def is_current(one: Observation, litmus: Litmus) -> bool:
    """Tell whether a stored observation is of a scenario as it is now.

    Parameters
    ----------
    one : Observation
        Not a skipped one.
    litmus : Litmus
        The scenario of its name.
    """
    try:
        return one.plan in {plan.digest for plan in plans(litmus)}
    except CannotWitness:
        return False


def skipped(litmus: Litmus, why: str) -> Observation:
    """Return the observation of a scenario that is not performed.

    Parameters
    ----------
    litmus : Litmus
        Which.
    why : str
        The reason.
    """
    return Observation(litmus.name, skipped=why)


def to_json(run: WitnessRun) -> str:
    """Write a run as JSON.

    Parameters
    ----------
    run : WitnessRun
        Any.

    Returns
    -------
    str
        One observation a line, so that two runs can be compared by line; ends with one.
    """
    facts = asdict(run)
    observations = facts.pop("observations")
    for one in observations:
        one["values"] = dict(one["values"])
        one["order"] = list(one["order"])
    head = json.dumps({"format": FORMAT, **facts}, indent=1).removesuffix("\n}")
    lines = ",\n  ".join(json.dumps(one) for one in observations)
    return f'{head},\n "observations": [\n  {lines}\n ]\n}}\n'


def from_json(text: str, path: Path) -> WitnessRun:
    """Read a run.

    Parameters
    ----------
    text : str
        As :func:`to_json` writes it.
    path : Path
        Where it comes from, for the error.

    Raises
    ------
    BadWitnessFile
        It is no such text.
    """
    try:
        facts = json.loads(text)
        if facts.pop("format") != FORMAT:
            raise BadWitnessFile(path, "written by another version")
        found = [_observation(one) for one in facts.pop("observations")]
        return WitnessRun(**facts, observations=tuple(found))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadWitnessFile(path, f"not a stored witness ({error})") from error


def _observation(facts: Mapping[str, object]) -> Observation:
    values, order = facts["values"], facts["order"]
    if not isinstance(values, dict) or not isinstance(order, list):
        raise TypeError("observation without values")
    rest = {key: value for key, value in facts.items() if key not in ("values", "order")}
    return Observation(**rest, values=tuple(values.items()), order=tuple(order))  # type: ignore[arg-type]


def load(folder: Path) -> list[WitnessRun]:
    """Read all stored runs.

    Parameters
    ----------
    folder : Path
        ``data/witness``; may be missing.

    Returns
    -------
    list of WitnessRun
        By file name.

    Raises
    ------
    BadWitnessFile
        A file in it is none.
    """
    return [from_json(path.read_text("utf-8"), path) for path in sorted(folder.glob("*.json"))]


def save(run: WitnessRun, folder: Path) -> Path:
    """Store a run in place of the last one on the same kernel.

    Parameters
    ----------
    run : WitnessRun
        Any.
    folder : Path
        Made if it is missing.

    Returns
    -------
    Path
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.kernel.replace('/', '_')}.json"
    path.write_text(to_json(run), "utf-8")
    return path


def merge(old: WitnessRun, new: WitnessRun) -> WitnessRun:
    """Return a run with the observations of a newer one in place of its own.

    Parameters
    ----------
    old, new : WitnessRun
        On one kernel; the newer may be of some scenarios only.

    Returns
    -------
    WitnessRun
        The newer run's facts. Of another program or release nothing old is kept: the
        two would not be one table.
    """
    if (old.release, old.package_version, old.program) != (
        new.release,
        new.package_version,
        new.program,
    ):
        return new
    fresh = {one.scenario for one in new.observations}
    kept = [one for one in old.observations if one.scenario not in fresh]
    merged = sorted([*kept, *new.observations], key=lambda one: one.scenario)
    return WitnessRun(**{**_facts(new), "observations": tuple(merged)})  # type: ignore[arg-type]


def _facts(run: WitnessRun) -> dict[str, object]:
    return {name: getattr(run, name) for name in WitnessRun.__slots__}


def scenarios_of(runs: Iterable[WitnessRun]) -> list[str]:
    """Return the names of all scenarios that runs are about, sorted."""
    return sorted({one.scenario for run in runs for one in run.observations})

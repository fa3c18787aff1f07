"""What real kernels did, as values and as JSON that keeps its order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from threadkit.cow.litmus.syntax import SEGV, Litmus
from threadkit.cow.witness.instructions import CannotWitness
from threadkit.cow.witness.plan import Plan, plans
from threadkit.cow.witness.problems import WitnessError
from threadkit.cow.witness.report import Record
from threadkit.cow.witness.truth import holds, numbers

FORMAT = 1
"""Of the JSON files; another number is not read."""

_NEVER_BEGAN = "the program ended before this scenario"
_LOST = "the kernel, or the program, ended in this scenario"


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


class WouldLose(WitnessError):
    """A run is not stored, because more would be lost than is gained.

    Parameters
    ----------
    kernel : str
        Of the run.
    scenarios : int
        How many would be lost.
    """

    def __init__(self, kernel: str, scenarios: int) -> None:
        self.kernel = kernel
        self.scenarios = scenarios
        super().__init__(
            f"{kernel}: not kept: what another program or release saw of {scenarios} more"
            " scenarios is stored there; run all of them, or keep it in another folder"
        )


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
        :attr:`threadkit.cow.witness.plan.Plan.digest` of what was performed, or was to be;
        empty if no program can perform it.
    """

    scenario: str
    values: tuple[tuple[str, str], ...] = ()
    condition: bool | None = None
    skipped: str = ""
    seconds: float = 0.0
    sampled: bool = False
    order: tuple[int, ...] = ()
    plan: str = ""

    @property
    def cut_off(self) -> bool:
        """Tell whether it was skipped only because the run ended too early."""
        return self.skipped in (_NEVER_BEGAN, _LOST)


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
        return Observation(name, skipped=skipped, sampled=plan.sampled, plan=plan.digest)
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
        return _NEVER_BEGAN
    if record.skipped:
        return record.skipped
    if record.ended == "timeout":
        return "no end within the time for one scenario"
    if record.ended == "lost":
        return _LOST
    return "" if record.ended == "done" else f"the program {record.ended} in this scenario"


def spelled(value: int) -> str:
    """Write a number as conditions do.

    Parameters
    ----------
    value : int
        Of a register or of memory.

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
        Any; one that was skipped before a plan was made of it is of all versions that no
        plan can be made of.
    litmus : Litmus
        The scenario of its name.
    """
    try:
        return one.plan in {plan.digest for plan in plans(litmus)}
    except CannotWitness:
        return not one.plan


def skipped(litmus: Litmus, why: str, plan: str = "") -> Observation:
    """Return the observation of a scenario that is not performed.

    Parameters
    ----------
    litmus : Litmus
        Which.
    why : str
        The reason.
    plan : str
        Of the plan that is left out; empty if none can be made.
    """
    return Observation(litmus.name, skipped=why, plan=plan)


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


def save(run: WitnessRun, folder: Path, *, whole: bool = False) -> Path:
    """Store a run, together with what the last one on the same kernel saw of other scenarios.

    Parameters
    ----------
    run : WitnessRun
        Any.
    folder : Path
        Made if it is missing.
    whole : bool
        It was asked for every scenario there is: unless it was cut off, it takes the
        place of the last one.

    Returns
    -------
    Path
        The file; it is replaced at once or not at all.

    Raises
    ------
    WouldLose
        It was cut off, or is of some scenarios only, and the stored one is of another
        program or release: the two would not be one table.
    BadWitnessFile
        There is such a file, and it is no stored run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run.kernel.replace('/', '_')}.json"
    cut_off = any(one.cut_off for one in run.observations)
    if path.exists() and not (whole and not cut_off):
        run = merge(from_json(path.read_text("utf-8"), path), run)
    with NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as stream:
        stream.write(to_json(run))
    scratch = Path(stream.name)
    scratch.chmod(0o644)
    scratch.replace(path)
    return path


def merge(old: WitnessRun, new: WitnessRun) -> WitnessRun:
    """Return a run with the observations of a newer one in place of its own.

    Parameters
    ----------
    old, new : WitnessRun
        On one kernel; the newer may be of some scenarios only, or have been cut off.

    Returns
    -------
    WitnessRun
        The newer run's facts, by scenario. Of what was cut off the old is kept.

    Raises
    ------
    WouldLose
        They are of two programs or releases, and the old has more.
    """
    cut_off = {one.scenario for one in new.observations if one.cut_off}
    fresh = {one.scenario for one in new.observations} - cut_off
    kept = [one for one in old.observations if one.scenario not in fresh]
    if kept and _made_by(old) != _made_by(new):
        raise WouldLose(new.kernel, len({one.scenario for one in kept}))
    known = {one.scenario for one in kept}
    added = [one for one in new.observations if one.scenario not in known]
    merged = sorted([*kept, *added], key=lambda one: one.scenario)
    return replace(new, observations=tuple(merged))


def _made_by(run: WitnessRun) -> tuple[str, str, str]:
    return run.release, run.package_version, run.program


def scenarios_of(runs: Iterable[WitnessRun]) -> list[str]:
    """Return the names of all scenarios that runs are about, sorted.

    Parameters
    ----------
    runs : iterable of WitnessRun
        Any.
    """
    return sorted({one.scenario for run in runs for one in run.observations})

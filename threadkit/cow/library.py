"""The scenarios that come with threadkit, and files of one's own: find them, run them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from threadkit.cow.eras import DEFAULT, Era
from threadkit.cow.eras import era as find_era
from threadkit.cow.eras.features import absent
from threadkit.cow.explore.observe import observe
from threadkit.cow.explore.search import BOUND
from threadkit.cow.explore.traces import follow, program_order
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.litmus.format import format_litmus
from threadkit.cow.litmus.parse import load
from threadkit.cow.litmus.parse import parse as parse_litmus
from threadkit.cow.litmus.syntax import Litmus
from threadkit.cow.outcome import Outcome
from threadkit.cow.views import Trace
from threadkit.errors import ThreadkitError, printable

SUFFIX = ".litmus"

_NUMBER = re.compile(r"([0-9]+)")


class UnknownScenario(ThreadkitError):
    """No scenario has this name, and no file has this path.

    Parameters
    ----------
    name : str
        As given.
    near : tuple of str
        Names that come close, best first; may be empty.
    """

    exit_code = 3

    def __init__(self, name: str, near: tuple[str, ...] = ()) -> None:
        self.name = name
        self.near = near
        hint = f"; did you mean {' or '.join(near)}" if near else ""
        super().__init__(f"{printable(name)}: no such scenario or file{hint}")


class NoScenarioFile(ThreadkitError):
    """A path is there, but not as a file that can be read as a scenario.

    Parameters
    ----------
    name : str
        As given.
    why : str
        What it is, and what to do instead.
    """

    exit_code = 2

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        super().__init__(f"{printable(name)}: {why}")


class WrongKind(ThreadkitError, TypeError):
    """Something was named by what is no name.

    Parameters
    ----------
    wanted : str
        How it is named, in a clause.
    found : object
        What was given.
    """

    exit_code = 2

    def __init__(self, wanted: str, found: object) -> None:
        super().__init__(f"{wanted}, not by {type(found).__name__} {printable(repr(found))}")


class ScenariosMissing(ThreadkitError):
    """An installation came without its scenarios."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("the scenarios are missing from this installation; install it again")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that can be run; as a string, it is the text of its file.

    Attributes
    ----------
    litmus : Litmus
        What it says.
    path : Path or None
        Where it lies; None if it was given as text.
    """

    litmus: Litmus
    path: Path | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.litmus.name

    @property
    def question(self) -> str:
        """What it asks."""
        return self.litmus.question

    @property
    def beside(self) -> tuple[str, ...]:
        """Names of the scenarios that are to be seen together with it."""
        return self.litmus.beside

    def run(
        self,
        era: str | Era = DEFAULT,
        *,
        reduce: bool = True,
        bound: int = BOUND,
        invariants: bool = False,
        traces: bool = True,
    ) -> Outcome:
        """Search all interleavings under one era.

        Parameters
        ----------
        era : str or Era
            The kernel's rules.
        reduce : bool
            Take private steps alone; what comes out is the same.
        bound : int
            Most states to visit.
        invariants : bool
            Look at every state for broken invariants, too; slower.
        traces : bool
            Find shortest traces.

        Returns
        -------
        Outcome
            With what was covered if the bound stopped it.

        Raises
        ------
        UnknownEra
            No era has this key.
        BoundError
            The bound is below 1.

        Examples
        --------
        >>> outcome = scenario("S4").run("refcount_nofork")
        >>> outcome.verdict, outcome.positive, outcome.negative
        ('Always', 1, 0)
        >>> diff = outcome.diff(scenario("S4").run("mapcount_locked"))
        >>> diff.parting.actor, diff.parting.op
        ('parent', 'write x[0] = 3')
        """
        rules = _rules(era)
        return observe(
            self.litmus,
            rules.key,
            lambda: Machine(self.litmus, rules.policy),
            bound=bound,
            reduce=reduce,
            invariants=invariants,
            traces=traces,
            absent=absent(self.litmus, rules),
        )

    def trace(self, era: str | Era = DEFAULT, schedule: Sequence[str] | None = None) -> Trace:
        """Follow one interleaving to its end, statement by statement.

        Parameters
        ----------
        era : str or Era
            The kernel's rules.
        schedule : sequence of str, optional
            Actors, one for each statement, that go first; then the order of the file.

        Returns
        -------
        Trace
            Until everything has ended or nobody can move.

        Raises
        ------
        UnknownActor
            The schedule names somebody else.
        UnknownEra
            No era has this key.

        Examples
        --------
        >>> trace = scenario("S4").trace("refcount_nofork")
        >>> [step.op for step in trace.steps if step.ends][:3]
        ['pin p = x write longterm', 'fork child', 'exit']
        """
        rules = _rules(era)
        machine = Machine(self.litmus, rules.policy)
        order = program_order(machine, schedule or ())
        why = "order of the file" if schedule is None else "as told"
        return follow(machine, self.litmus, order, era=rules.key, why=why)

    def __str__(self) -> str:
        return format_litmus(self.litmus)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {self.question}>"

    def _repr_html_(self) -> str:
        from threadkit.cow.diagram.trace import text_html

        return text_html(str(self))

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}


def scenarios() -> tuple[Scenario, ...]:
    """Return every scenario that comes with threadkit.

    Returns
    -------
    tuple of Scenario
        By name, numbers as numbers.

    Raises
    ------
    ScenariosMissing
        This installation came without them.
    LitmusError
        A file is not in the language.
    """
    return tuple(_load(path) for path in _paths().values())


def scenario_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with threadkit, without reading them.

    Returns
    -------
    tuple of str
        In their order.

    Raises
    ------
    ScenariosMissing
        This installation came without them.
    """
    return tuple(_paths())


def scenario(name: str | Path) -> Scenario:
    """Return one scenario.

    Parameters
    ----------
    name : str or Path
        A name such as ``S4``, in either case of letters, or the path of a litmus file.

    Returns
    -------
    Scenario
        Ready to run.

    Raises
    ------
    UnknownScenario
        There is none; it says which name comes close.
    NoScenarioFile
        There is something of that path that is no such file.
    LitmusError
        The file is not in the language.

    Examples
    --------
    >>> scenario("S4").beside
    ('S4b', 'S4c', 'S5')
    """
    if not isinstance(name, (str, Path)):
        raise WrongKind("a scenario is named by its name or its file's path", name)
    path, known = Path(name), _paths()
    if path.suffix == SUFFIX and path.is_file():
        return _load(path)
    found = known.get(_lower().get(str(name).lower(), ""))
    if found is not None:
        return _load(found)
    if str(name) == "-":
        raise NoScenarioFile("-", "a scenario is read from a file, not from standard input")
    if path.is_dir():
        raise NoScenarioFile(str(name), f"a folder; name a {SUFFIX} file in it")
    if path.is_file():
        raise NoScenarioFile(str(name), f"not named NAME{SUFFIX}, as a scenario's file must be")
    if path.exists():
        raise NoScenarioFile(str(name), f"not a regular file; write it to a {SUFFIX} file")
    raise UnknownScenario(str(name), _near(str(name)))


def parse(text: str, origin: str = "<text>") -> Scenario:
    """Read a scenario that is given as text.

    Parameters
    ----------
    text : str
        As a litmus file holds it.
    origin : str, optional
        What errors call it.

    Returns
    -------
    Scenario
        Ready to run.

    Raises
    ------
    LitmusError
        At the first thing that is not in the language, with line and column.

    Examples
    --------
    >>> mine = parse('''COW mine question "Does the child see a later write?"
    ...     { x = anon rw 1 2; }
    ...     parent: fork child;
    ...     parent: write x[0] = 3;
    ...     exists (child:x[0] = 3)''')
    >>> mine.run("mm_id").verdict
    'Never'

    See Also
    --------
    threadkit.cow.litmus : The language.
    """
    return Scenario(parse_litmus(text, origin))


def _load(path: Path) -> Scenario:
    return Scenario(load(path), path)


def scenario_named(name: str) -> str:
    """Return the name of a scenario that comes with threadkit as it is written there.

    Parameters
    ----------
    name : str
        In either case of letters; no path.

    Raises
    ------
    UnknownScenario
        There is none; it says which name comes close.

    Examples
    --------
    >>> scenario_named("s4B")
    'S4b'
    """
    found = _lower().get(name.lower())
    if found is None:
        raise UnknownScenario(name, _near(name))
    return found


def _lower() -> dict[str, str]:
    return {one.lower(): one for one in scenario_names()}


def _near(name: str) -> tuple[str, ...]:
    """Return names that come close, without regard to case."""
    lower = _lower()
    close = get_close_matches(Path(name).stem.lower(), lower, 3, 0.5)
    return tuple(lower[one] for one in close)


def _paths() -> dict[str, Path]:
    package = Path(str(files("threadkit")))
    for folder in (package / "data" / "litmus", package.parent / "data" / "litmus"):
        if folder.is_dir():
            found = {path.stem: path for path in folder.glob(f"*{SUFFIX}")}
            return dict(sorted(found.items(), key=lambda one: natural(one[0])))
    raise ScenariosMissing


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return what names are sorted by: numbers in them as numbers.

    Parameters
    ----------
    name : str
        Of a scenario.

    Returns
    -------
    tuple
        To be compared with those of other names.

    Examples
    --------
    >>> sorted(["S10", "S2", "S1b", "S1", "il01"], key=natural)
    ['S1', 'S1b', 'S2', 'S10', 'il01']
    """
    parts = _NUMBER.split(name)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def _rules(era: str | Era) -> Era:
    """Return an era, or find it by its key."""
    if isinstance(era, Era):
        return era
    if not isinstance(era, str):
        raise WrongKind("an era is named by its key, such as refcount_nofork", era)
    return find_era(era)

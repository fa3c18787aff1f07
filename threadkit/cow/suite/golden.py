"""Golden files: what each scenario says under every era, kept beside it.

``S4.expected`` holds the output of ``S4.litmus`` era by era, eras that say the same
together. A difference is either a bug or a changed verdict, which is promoted on purpose
and written about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from threadkit.cow.eras import Era, UnknownEra, era
from threadkit.cow.library import SUFFIX as LITMUS
from threadkit.cow.library import Scenario, scenario_names
from threadkit.cow.outcome import Outcome
from threadkit.errors import ThreadkitError

SUFFIX = ".expected"

_OF_ONE_ERA = (
    "Era ",
    "Younger ",
    "Explored ",
    "Expect ",
    "Note ",
    "Beside ",
    "Within ",
    "Left out ",
)
"""Lines that say what the file says, or how the search went, not what came out."""


class NotWritable(ThreadkitError):
    """A golden file cannot be written where the scenario is.

    Parameters
    ----------
    path : Path
        The file.
    why : str
        The reason.
    """

    exit_code = 2

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written: {why}")
        self.path = path


class NoFile(ThreadkitError):
    """A scenario that was given as text has no golden file beside it.

    Parameters
    ----------
    name : str
        Of the scenario.
    """

    exit_code = 2

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was given as text: write it to a file, then promote that")


@dataclass(frozen=True, slots=True)
class Checkup:
    """How a scenario stands.

    Attributes
    ----------
    name : str
        Of the scenario.
    difference : tuple of str
        Lines of a unified diff between the golden file and today's output; empty if they
        are the same.
    missing : bool
        There is no golden file.
    disagreements : tuple of str
        One line for each source that expects something else.
    mistakes : tuple of str
        One line for each name that is nobody's, and for a golden file that cannot be read.
    """

    name: str
    difference: tuple[str, ...] = ()
    missing: bool = False
    disagreements: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """True if nothing differs."""
        return not (self.difference or self.missing or self.disagreements or self.mistakes)


def outcomes_of(scenario: Scenario, eras: Sequence[Era]) -> list[Outcome]:
    """Run a scenario under several eras.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    eras : sequence of Era
        Under which.

    Returns
    -------
    list of Outcome
        One an era, in their order.
    """
    return [scenario.run(era) for era in eras]


def expected_text(scenario: Scenario, outcomes: Sequence[Outcome]) -> str:
    """Write what a golden file holds.

    Parameters
    ----------
    scenario : Scenario
        Whose outcomes these are.
    outcomes : sequence of Outcome
        One an era.

    Returns
    -------
    str
        A line that names the eras before each block of output that they share.
    """
    groups: dict[str, list[str]] = {}
    for outcome in outcomes:
        lines = outcome.text().splitlines()
        kept = [line for line in lines if not line.startswith(_OF_ONE_ERA)]
        groups.setdefault("\n".join(kept), []).append(outcome.era)
    blocks = (f"Eras {' '.join(keys)}\n{text}\n" for text, keys in groups.items())
    return f"# threadkit cow promote {scenario.name}\n\n" + "\n".join(blocks)


def golden_path(scenario: Scenario) -> Path:
    """Return where a scenario's golden file is.

    Parameters
    ----------
    scenario : Scenario
        One that was read from a file.

    Returns
    -------
    Path
        Beside that file.

    Raises
    ------
    NoFile
        It was given as text.
    """
    if scenario.path is None:
        raise NoFile(scenario.name)
    return scenario.path.with_suffix(SUFFIX)


def check(scenarios: Sequence[Scenario], eras: Sequence[Era]) -> Iterator[Checkup]:
    """Compare scenarios with their golden files, and with what their sources say.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Which to check.
    eras : sequence of Era
        All eras that the golden files cover.

    Yields
    ------
    Checkup
        One a scenario, in their order.

    Raises
    ------
    NoFile
        A scenario was given as text.
    """
    for scenario in scenarios:
        outcomes = outcomes_of(scenario, eras)
        difference: tuple[str, ...] = ()
        mistakes, missing = mistakes_of(scenario), False
        path = golden_path(scenario)
        try:
            before = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            missing = True
        except (OSError, UnicodeDecodeError) as error:
            mistakes = (*mistakes, f"{path} cannot be read: {_reason(error)}")
        else:
            difference = _difference(before, path.name, expected_text(scenario, outcomes))
        said = tuple(_disagreements(outcomes))
        yield Checkup(scenario.name, difference, missing, said, mistakes)


def _reason(error: OSError | UnicodeDecodeError) -> str:
    """Say in a few words why a file cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8 (threadkit cow promote writes it anew)"
    return error.strerror or str(error)


def _difference(before: list[str], name: str, now: str) -> tuple[str, ...]:
    """Return what a golden file says otherwise, as a unified diff."""
    return tuple(unified_diff(before, now.splitlines(), name, "now", lineterm="", n=2))


def mistakes_of(scenario: Scenario) -> tuple[str, ...]:
    """Find the names in a scenario that nobody has: of eras and of counterparts.

    Parameters
    ----------
    scenario : Scenario
        One that is in the language; these names are not part of it.

    Returns
    -------
    tuple of str
        One line each; empty if every name is known. A counterpart may lie in a file beside
        the scenario's.

    Examples
    --------
    >>> from threadkit.cow.library import parse
    >>> mine = parse('''COW mine question "?" beside S44 { x = anon rw 1 2; }
    ...     parent: write x[0] = 3; exists (alive(parent)) expect Always in mm_idd : "me"''')
    >>> print(*mistakes_of(mine), sep=chr(10))
    era mm_idd: there is none of that name; `cow eras` lists them; did you mean mm_id?
    beside S44: no such scenario
    """
    found = []
    for key in dict.fromkeys(key for one in scenario.litmus.expectations for key in one.eras):
        if key == "*":
            continue
        try:
            known = era(key)
        except UnknownEra as error:
            found.append(str(error))
        else:
            if known.key != key:
                found.append(f"era {key}: an expectation names an era by its key, {known.key}")
    folder = scenario.path.parent if scenario.path else None
    here = {path.stem for path in folder.glob(f"*{LITMUS}")} if folder else set()
    known_names = here | set(scenario_names())
    found += [
        f"beside {one}: no such scenario" for one in scenario.beside if one not in known_names
    ]
    return tuple(found)


def _disagreements(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Say where a source expects another verdict than the model gives."""
    for outcome in outcomes:
        for checked in outcome.expectations:
            if checked.agrees is False:
                wanted = checked.expectation
                yield (
                    f"{outcome.era}: {outcome.verdict}, but {wanted.verdict} is expected"
                    f" ({wanted.status}: {wanted.source})"
                )


def promote(scenarios: Sequence[Scenario], eras: Sequence[Era]) -> Iterator[tuple[str, bool]]:
    """Write golden files anew.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Which.
    eras : sequence of Era
        All eras that the files cover.

    Yields
    ------
    tuple of (str, bool)
        Name, and whether the file has changed.

    Raises
    ------
    NotWritable
        The folder of the scenario does not allow it.
    NoFile
        A scenario was given as text.
    """
    for scenario in scenarios:
        path = golden_path(scenario)
        text = expected_text(scenario, outcomes_of(scenario, eras))
        try:
            same = path.is_file() and path.read_bytes() == text.encode()
            if not same:
                path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise NotWritable(path, error.strerror or str(error)) from error
        yield scenario.name, not same

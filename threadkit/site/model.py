"""Pages of the executable model: what every scenario does in every era of the kernel."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from threadkit.site.frame import page
from threadkit.site.names import file_name
from threadkit.site.steps import SHEET, Runs, hurts, named, sheet
from threadkit.site.values import Claim, Page, Site, Tested

if TYPE_CHECKING:
    from threadkit.cow.diagram.tables import WitnessCell, WitnessKernel, WitnessRow
    from threadkit.cow.eras import Era, FieldChange, FieldRow
    from threadkit.cow.library import Scenario

SCENARIOS = 120
"""Scenarios of the matrix and of the table of kernels on one page."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,80}")


class Kernel(NamedTuple):
    """A real kernel that was asked: its column's heading, and where its rules are told."""

    kernel: WitnessKernel
    era: str


class Seen(NamedTuple):
    """What one kernel showed of one scenario."""

    kernel: Kernel
    cell: WitnessCell


@dataclass(frozen=True, slots=True)
class Model:
    """What all pages of the model are made of.

    Attributes
    ----------
    scenarios : tuple of Scenario
        Of the site.
    base : tuple of Era
        The columns of the matrix, oldest first.
    others : mapping of str to list of Era
        By scenario: further eras that claims name.
    kernels : tuple of Kernel
        That were asked.
    seen : mapping of str to WitnessRow
        By scenario.
    claims : mapping of str to list of (Claim, Tested)
        By scenario.
    runs : Runs
        Runs each only once.
    """

    scenarios: tuple[Scenario, ...]
    base: tuple[Era, ...]
    others: Mapping[str, list[Era]]
    kernels: tuple[Kernel, ...]
    seen: Mapping[str, WitnessRow]
    claims: Mapping[str, list[tuple[Claim, Tested]]]
    runs: Runs

    def eras(self) -> list[Era]:
        """Return every era that has a page: of the matrix, of claims, of kernels."""
        from threadkit.cow.eras import era

        found = {one.key: one for one in self.base}
        for some in self.others.values():
            found.update({one.key: one for one in some})
        for one in self.kernels:
            if one.era:
                found.setdefault(one.era, era(one.era))
        return list(found.values())


def pages(site: Site) -> Iterator[Page]:
    """Make ``model.html``, a page for each scenario and each era, and the style of pictures.

    Parameters
    ----------
    site : Site
        What is shown; without scenarios nothing is made.

    Yields
    ------
    Page
        The table first.

    Raises
    ------
    UnknownScenario
        The site names one that does not come with threadkit.
    UnknownEra
        A claim names an era that the model does not have.
    """
    if not site.scenarios:
        return
    model = gather(site)
    eras = model.eras()
    for part in range(0, len(model.scenarios), SCENARIOS):
        yield _matrix(site, model, eras, part)
    for scenario in model.scenarios:
        path = scenario_page(scenario.name)
        yield Page(path, _scenario(site, model, scenario, path))
    for one in eras:
        yield Page(era_page(one.key), _era(site, model, one))
    yield Page(SHEET, sheet())


def scenario_page(name: str) -> str:
    """Return where the page of a scenario lies, from the top of the site.

    Parameters
    ----------
    name : str
        As threadkit names it.
    """
    return f"model/{name if _PLAIN.fullmatch(name.lower()) else file_name(name)}.html"


def era_page(key: str) -> str:
    """Return where the page of an era lies, from the top of the site.

    Parameters
    ----------
    key : str
        Of the era.

    Examples
    --------
    >>> era_page("refcount_nofork")
    'model/era-refcount_nofork.html'
    """
    return f"model/era-{key if _PLAIN.fullmatch(key) else file_name(key)}.html"


def gather(site: Site) -> Model:
    """Collect scenarios, eras, claims and what kernels showed.

    Parameters
    ----------
    site : Site
        What is shown.
    """
    from threadkit.cow.eras import base_eras, era
    from threadkit.cow.library import natural, scenario, scenario_named
    from threadkit.cow.suite.witnessed import stored_runs, witness_table

    names = {scenario_named(name) for name in site.scenarios}
    scenarios = tuple(scenario(name) for name in sorted(names, key=natural))
    base = base_eras()
    known = {one.key for one in base}
    others: defaultdict[str, dict[str, Era]] = defaultdict(dict)
    claims: defaultdict[str, list[tuple[Claim, Tested]]] = defaultdict(list)
    for claim in site.claims:
        for tested in claim.tested:
            if tested.scenario:
                claims[tested.scenario].append((claim, tested))
                for key in _eras_of(tested):
                    found = era(key)
                    if found.key not in known:
                        others[tested.scenario][found.key] = found
    kernels, rows = witness_table(stored_runs(), scenarios)
    return Model(
        scenarios,
        base,
        {name: list(found.values()) for name, found in others.items()},
        tuple(Kernel(one, _known_era(one.era)) for one in kernels),
        {row.name: row for row in rows},
        claims,
        Runs(),
    )


def _eras_of(tested: Tested) -> Iterator[str]:
    yield from (key for key, *_ in tested.verdicts)
    yield from (key for key, *_ in tested.costs)


def _known_era(key: str) -> str:
    """Return the key of an era, or nothing where the model has none for a kernel."""
    from threadkit.cow.eras.find import UnknownEra, era

    try:
        return era(key).key if key else ""
    except UnknownEra:
        return ""


class Cell(NamedTuple):
    """One cell of the matrix: a word, the worst harm, whether it is by the rules alone."""

    word: str
    harm: str
    hot: bool
    would_be: bool


def _matrix(site: Site, model: Model, eras: Sequence[Era], first: int) -> Page:
    here = model.scenarios[first : first + SCENARIOS]
    paths = [
        "model.html" if number == 0 else f"model~{number + 1}.html"
        for number in range(-(-len(model.scenarios) // SCENARIOS))
    ]
    path = paths[first // SCENARIOS]
    others = [(number, "" if one == path else one) for number, one in enumerate(paths, 1)]
    rows = [(one, [_cell(model, one, era) for era in model.base]) for one in here]
    return Page(
        path,
        page(
            site,
            path,
            "model.html",
            title="The model",
            way="model",
            model=model,
            rows=rows,
            eras=[(one, _commits(one, model.base)) for one in eras],
            others=others if len(paths) > 1 else [],
            first=first == 0,
            scenario_page=scenario_page,
            era_page=era_page,
            seen=[(one, model.seen.get(one.name)) for one in here],
            sheet=SHEET,
        ),
    )


def _cell(model: Model, scenario: Scenario, era: Era) -> Cell:
    from threadkit.cow.diagram.tables import SHORT_HARMS
    from threadkit.cow.suite.table import cell_of

    outcome = model.runs.outcome(scenario, era)
    cell = cell_of(outcome)
    word = "some" if cell.verdict == "Sometimes" else cell.verdict.lower()
    harm = SHORT_HARMS[cell.harms[0]] if cell.harms else ""
    return Cell(word, harm, hurts(outcome), outcome.would_be)


def _commits(era: Era, base: Sequence[Era]) -> list[str]:
    """Name the commits that made an era of the one before."""
    if era not in base or era is base[0]:
        return []
    changes = era.changed_from(base[base.index(era) - 1])
    return list(dict.fromkeys(ref.sha for one in changes for ref in one.commits))


def _scenario(site: Site, model: Model, scenario: Scenario, path: str) -> Iterator[str]:
    others = model.others.get(scenario.name, [])
    groups = model.runs.alike(scenario, [*model.base, *others])
    spoken = {key for _, one in model.claims.get(scenario.name, ()) for key in _eras_of(one)}
    pairs = model.runs.pairs(scenario, model.base, others, spoken)
    row = model.seen.get(scenario.name)
    newest = model.base[-1]
    return page(
        site,
        path,
        "scenario.html",
        title=f"{scenario.name}: {scenario.question}",
        way="model",
        scenario=scenario,
        groups=groups,
        pairs=pairs,
        alone=None if any(one.drawn for one in pairs) else model.runs.alone(scenario, newest),
        newest=newest,
        limits=_limits(model, scenario),
        seen=[Seen(*each) for each in zip(model.kernels, row.cells, strict=True)] if row else [],
        claims=model.claims.get(scenario.name, []),
        here={one.name for one in model.scenarios},
        scenario_page=scenario_page,
        era_page=era_page,
        named=named,
        sheet=SHEET,
    )


def _limits(model: Model, scenario: Scenario) -> list[str]:
    """Say how far verdicts go, and what the scenario's author wants to be known."""
    from threadkit.cow.explore.report import caveats

    outcomes = [model.runs.outcome(scenario, one) for one in model.base]
    notes = (note for one in outcomes for note in one.notes)
    return list(dict.fromkeys([*notes, *caveats(outcomes)]))


def _era(site: Site, model: Model, era: Era) -> Iterator[str]:
    from threadkit.cow.eras.meanings import MEANINGS

    base = model.base
    before = base[base.index(era) - 1] if era in base and era is not base[0] else None
    changes: Sequence[FieldChange] = era.changed_from(before) if before else ()
    rows: Sequence[FieldRow] = era.fields()
    return page(
        site,
        era_page(era.key),
        "era.html",
        title=f"{era.letter} {era.key}".strip(),
        way="model",
        era=era,
        before=before,
        changes=[(one, MEANINGS[one.field]) for one in changes],
        fields=rows,
        verdicts=[(one, _cell(model, one, era)) for one in model.scenarios],
        scenario_page=scenario_page,
        era_page=era_page,
        sheet=SHEET,
    )

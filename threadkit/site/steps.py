"""Runs of the model as pictures: each step, and where two kernels' rules part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from threadkit.cow.eras import Era
    from threadkit.cow.library import Scenario
    from threadkit.cow.outcome import Outcome

SHEET = "model.css"
"""Name of the style sheet of the pictures; pages without any do not load it."""

PAIRS = 3
"""Pairs of eras of one scenario that are drawn."""

PANELS = 40
"""Pictures of one run; a longer one is told as text."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two eras under which one schedule comes out differently.

    Attributes
    ----------
    left, right : Era
        The older one first, where both were released.
    before, after : str
        What each answers.
    drawn : Markup
        The shared steps once, then both side by side; empty if they part on no way that was
        tried.
    """

    left: Era
    right: Era
    before: str
    after: str
    drawn: Markup


@dataclass(frozen=True, slots=True)
class Alike:
    """Eras under which a scenario comes out the same.

    Attributes
    ----------
    answer : str
        In words.
    hurts : bool
        Somebody is harmed: a leak, a lost page, or waiting for ever.
    would_be : bool
        No kernel of these eras had what the scenario uses: it is what their rules would do.
    eras : list of Era
        In their order.
    costs : tuple of (str, int, int)
        Counter, least and most of all these eras.
    """

    answer: str
    hurts: bool
    would_be: bool
    eras: list[Era]
    costs: tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Runs:
    """Runs scenarios, each under one set of rules once.

    Attributes
    ----------
    count : int
        How many were run.
    """

    count: int = 0
    _known: dict[tuple[str, str, bool], Outcome] = field(default_factory=dict)

    def outcome(self, scenario: Scenario, era: Era, *, traces: bool = False) -> Outcome:
        """Run a scenario under an era, or take what came out before.

        Parameters
        ----------
        scenario : Scenario
            What.
        era : Era
            The rules.
        traces : bool, optional
            Find shortest ways as well; takes longer.

        Returns
        -------
        Outcome
            The same object every time.
        """
        key = (scenario.name, era.key, traces)
        found = self._known.get(key)
        if found is None:
            self.count += 1
            found = self._known[key] = scenario.run(era, traces=traces)
        return found

    def alike(self, scenario: Scenario, eras: Sequence[Era]) -> list[Alike]:
        """Group eras by what comes out.

        Parameters
        ----------
        scenario : Scenario
            What is run.
        eras : sequence of Era
            Under which rules.

        Returns
        -------
        list of Alike
            In the order of their first eras.
        """
        found: dict[tuple[str, bool], Alike] = {}
        for era in eras:
            outcome = self.outcome(scenario, era)
            costs = tuple((name, *ends) for name, ends in outcome.costs.items() if ends[1])
            key = answer(outcome), outcome.would_be
            if key in found:
                old = found[key]
                costs = _wider(old.costs, costs)
                new = Alike(old.answer, old.hurts, old.would_be, [*old.eras, era], costs)
            else:
                new = Alike(key[0], hurts(outcome), outcome.would_be, [era], costs)
            found[key] = new
        return list(found.values())

    def pairs(
        self,
        scenario: Scenario,
        base: Sequence[Era],
        others: Sequence[Era] = (),
        spoken: Collection[str] = (),
    ) -> list[Pair]:
        """Draw where eras part.

        Parameters
        ----------
        scenario : Scenario
            What is run.
        base : sequence of Era
            In the order of their age: each is compared with the one before.
        others : sequence of Era
            Each is compared with the newest of ``base`` that answers otherwise.
        spoken : collection of str
            Keys of eras that are spoken of: pairs with them come first, else the newest; one of
            ``others`` is drawn in any case.

        Returns
        -------
        list of Pair
            At most :data:`PAIRS`; eras whose kernels could not run the scenario are left out.
        """
        real = [one for one in base if not self.outcome(scenario, one).would_be]
        said = {one.key: answer(self.outcome(scenario, one)) for one in (*real, *others)}
        merged = [(a, b) for a, b in pairwise(real) if said[a.key] != said[b.key]]
        proposed = []
        for other in others:
            older = next((one for one in reversed(real) if said[one.key] != said[other.key]), None)
            if older is not None:
                proposed.append((older, other))
        shown = _spoken_first(merged, spoken)
        own = min(len(proposed), max(1, PAIRS - len(shown)))
        shown = shown[: PAIRS - own] + _spoken_first(proposed, spoken)[:own]
        return [self.pair(scenario, left, right) for left, right in shown]

    def alone(self, scenario: Scenario, era: Era) -> Markup:
        """Draw one run, for a scenario on which all agree.

        Parameters
        ----------
        scenario : Scenario
            What is run.
        era : Era
            Under which rules.
        """
        from threadkit.cow.diagram.style import without_rules
        from threadkit.cow.diagram.trace import trace_html

        outcome = self.outcome(scenario, era, traces=True)
        trace = outcome.witness or outcome.counter
        if trace is None or len(trace.steps) > PANELS * 4:
            return Markup()
        return Markup(without_rules(trace_html(trace, heading=f"Step by step under {era.key}")))

    def pair(self, scenario: Scenario, left: Era, right: Era) -> Pair:
        """Draw where two eras part.

        Parameters
        ----------
        scenario : Scenario
            What is run.
        left, right : Era
            Under which rules.
        """
        from threadkit.cow.diagram.around import Around
        from threadkit.cow.diagram.sides import diff_html
        from threadkit.cow.diagram.style import without_rules
        from threadkit.cow.explain import meanings_of

        one = self.outcome(scenario, left, traces=True)
        other = self.outcome(scenario, right, traces=True)
        parting = one.diff(other).parting
        changed = f"The answer changes from {answer(one)} to {answer(other)}."
        drawn = ""
        if parting is not None and len(parting.left_trace.steps) <= PANELS * 4:
            drawn = diff_html(
                parting.left_trace,
                parting.right_trace,
                (meanings_of(left), meanings_of(right)),
                parts=True,
                around=Around(f"{named(left)} beside {named(right)}", (changed,)),
            )
        return Pair(left, right, answer(one), answer(other), Markup(without_rules(drawn)))


def _spoken_first(
    pairs: Sequence[tuple[Era, Era]], spoken: Collection[str]
) -> list[tuple[Era, Era]]:
    newest = reversed(pairs)
    return sorted(newest, key=lambda pair: -sum(one.key in spoken for one in pair))


def named(era: Era) -> str:
    """Name an era with its releases.

    Parameters
    ----------
    era : Era
        Which.
    """
    return f"{era.key} ({era.kernels})" if era.kernels else era.key


def answer(outcome: Outcome) -> str:
    """Say what came out in a few words.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.

    Examples
    --------
    >>> from threadkit.cow import scenario
    >>> answer(scenario("S4").run("refcount_nofork")), answer(scenario("S4").run("mm_id"))
    ('always, with wrong COW', 'never')
    """
    from threadkit.cow.diagram.matrix import cell_words
    from threadkit.cow.diagram.tables import Cell
    from threadkit.cow.suite.table import cell_of

    cell = cell_of(outcome)
    words = cell_words(Cell(cell.verdict, cell.harms))
    return (words[0].lower() + words[1:]).replace(": ", ", with ", 1)


def hurts(outcome: Outcome) -> bool:
    """Tell whether somebody is harmed, or waits for ever.

    Parameters
    ----------
    outcome : Outcome
        Of one scenario under one era.
    """
    harmed = any(one.kind in ("missed", "wrong") for one in outcome.harms)
    return harmed or bool(outcome.coverage.stuck or outcome.coverage.endless)


@cache
def sheet() -> str:
    """Return the style sheet of the pictures, which their own rules are made into."""
    from threadkit.cow.diagram.style import PANEL_RULES

    return PANEL_RULES.replace("}", "}\n") + _TABLES


_TABLES = """\
.matrix,.facts{overflow-wrap:break-word}
.matrix{font-size:.75rem;width:auto}.matrix th small{display:block;min-width:14rem}
.matrix td,.matrix thead th{padding:.25rem .35rem .25rem 0;min-width:3rem}
.matrix td.no{color:var(--mute)}
.groups li{max-width:none;margin:.35rem 0}
@media(max-width:40rem){.matrix th small{display:none}.matrix tbody th{min-width:5.5rem}}
"""


def _wider(
    one: Sequence[tuple[str, int, int]], other: Sequence[tuple[str, int, int]]
) -> tuple[tuple[str, int, int], ...]:
    """Join two lists of costs: the least of the least, the most of the most."""
    ends = {name: (least, most) for name, least, most in one}
    rest = {name: (least, most) for name, least, most in other}
    names = list(dict.fromkeys([*ends, *rest]))
    low = {name: min(ends.get(name, (0, 0))[0], rest.get(name, (0, 0))[0]) for name in names}
    high = {name: max(ends.get(name, (0, 0))[1], rest.get(name, (0, 0))[1]) for name in names}
    return tuple((name, low[name], high[name]) for name in names)

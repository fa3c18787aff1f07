"""Which scenario sees which rule: every value of every field, turned into every other one.

A rule that no scenario can see is not tested. ``python -m tests.cow.kernel.mutations``
looks for the scenario that shows each change best and writes ``mutations.json``, which the
tests hold against the engine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from tests.cow.kernel.worlds import FIELDS
from threadkit.cow.eras import Era, era, eras
from threadkit.cow.explore.observe import observe
from threadkit.cow.kernel.machine import Machine
from threadkit.cow.kernel.pages import ModelBoundError
from threadkit.cow.library import scenario, scenarios
from threadkit.cow.policy import Policy

RECORD = Path(__file__).with_suffix(".json")
LEVELS = ("verdict", "harm", "final states", "cost")
"""What a change may show in, the weightiest first."""

Value = str | bool

NOT_SEEN: dict[tuple[str, Value, Value], str] = {
    ("do_swap_page", "page_count_1", "exclusive"): "no page is exclusive before 5.19",
    ("try_to_unmap", "unguarded", "exclusive_not_pinned"): "no page is exclusive before 5.19",
    ("gup_read", "as_mapped", "unshare_pin"): "unsharing ends where pages can be exclusive, 5.19",
    ("gup_read", "as_mapped", "unshare_longterm"): "unsharing ends where pages can be exclusive",
    ("foll_force", "drop_write", "exclusive"): "forced writes end where pages can be exclusive",
    ("gup_pin", False, True): "nobody asked whether a page may be pinned before 5.9",
    ("process_vm", "get", "pin"): "nobody asked whether a page may be pinned before 5.9",
    ("fork_against_gup_fast", "wrprotect_first", "seqcount"): "needs a memory model (claim 51)",
    ("fork_against_gup_fast", "seqcount", "wrprotect_first"): "needs a memory model (claim 51)",
    ("fork_has_pinned", False, True): "its only holder, linus_2021, counts references instead",
    ("vma_lock", "mmap_lock", "vma_lock"): "a fork that takes every VMA's lock is no other fork",
    ("vma_lock", "vma_lock", "mmap_lock"): "a fork that takes every VMA's lock is no other fork",
}
"""Changes that nothing can show, and why."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One change of a rule, and a scenario that sees it.

    Attributes
    ----------
    field : str
        Of the policy.
    value, to : str or bool
        What the era has, and what it is given instead.
    era, scenario : str
        Where it shows.
    sees : str
        In what; one of ``LEVELS``.
    """

    field: str
    value: Value
    to: Value
    era: str
    scenario: str
    sees: str


Said = tuple[str, tuple[object, ...], tuple[object, ...], tuple[object, ...]]


@cache
def said(name: str, policy: Policy) -> Said | None:
    """Return what comes out of a scenario, level by level; None if nothing does."""
    litmus = scenario(name).litmus
    try:
        out = observe(litmus, "mutant", lambda: Machine(litmus, policy), traces=False)
    except ModelBoundError:
        return None
    if not out.finals:
        return None
    harms = tuple((harm.kind, harm.invariant, harm.always) for harm in out.harms)
    finals = tuple(sorted(final.values for final in out.finals))
    return out.verdict, harms, finals, tuple(sorted(out.costs.items()))


def sees(name: str, policy: Policy, field: str, to: Value) -> str | None:
    """Return in what a scenario shows a change of a rule; None if it does not."""
    before, after = said(name, policy), said(name, replace(policy, **{field: to}))  # type: ignore[arg-type]
    if before is None or after is None:
        return None
    return next((lev for lev, a, b in zip(LEVELS, before, after, strict=True) if a != b), None)


def holders(field: str, value: Value) -> tuple[Era, ...]:
    """Return real eras with a value, one of each policy."""
    found: dict[Policy, Era] = {}
    for one in eras() + eras("release"):
        if getattr(one.policy, field) == value:
            found.setdefault(one.policy, one)
    return tuple(found.values())


def changes() -> Iterator[tuple[str, Value, Value]]:
    """Yield every change of a value that some era has."""
    for field, values in FIELDS.items():
        for value in values:
            if holders(field, value):
                yield from ((field, value, to) for to in values if to != value)


def best_sight(field: str, value: Value, to: Value) -> Sight | None:
    """Look for the scenario and the era in which a change shows best."""
    best: Sight | None = None
    for one in holders(field, value):
        for shown in scenarios():
            level = sees(shown.name, one.policy, field, to)
            if level and (best is None or LEVELS.index(level) < LEVELS.index(best.sees)):
                best = Sight(field, value, to, one.key, shown.name, level)
                if level == LEVELS[0]:
                    return best
    return best


def recorded() -> tuple[Sight, ...]:
    """Return what was found last."""
    return tuple(Sight(**one) for one in json.loads(RECORD.read_text(encoding="utf-8")))


def _again(sight: Sight) -> str | None:
    """Look whether a change still shows; a holder may have gone, or a scenario."""
    one = era(sight.era)
    if one.value(sight.field) != sight.value:
        return None
    return sees(sight.scenario, one.policy, sight.field, sight.to)


def main() -> int:
    """Search what shows no longer as written down; say what nobody sees.

    Without a record everything is searched, which takes some minutes.
    """
    old = {(s.field, s.value, s.to): s for s in recorded()} if RECORD.is_file() else {}
    found = []
    for change in changes():
        if change in NOT_SEEN:
            continue
        sight = old.get(change)
        if sight is None or _again(sight) != sight.sees:
            sight = best_sight(*change)
        if sight is not None:
            found.append(asdict(sight))
        else:
            sys.stderr.write(f"nobody sees {change}\n")
    RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

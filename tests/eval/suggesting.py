"""How well scenarios are proposed for claims, against those that a person gave them.

python -m tests.eval.suggesting [--folder DIR]

Every claim is held out in turn: what its own entries say of scenarios, and what scenarios say
of claims by number, is not looked at. With all other claims at hand is how a person works who
adds one to a casebook; with none at hand is how one begins.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from threadkit.casebook.load import load
from threadkit.casebook.suggest import Suggester, recall
from threadkit.casebook.values import Casebook
from threadkit.pipeline.shipped import shipped

FIRST = (1, 3, 5)
"""Of so many proposals each figure is told."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured, for each of :data:`FIRST`.

    ``recall`` is the share of a claim's scenarios that is proposed, ``hit`` the share of claims
    with one of theirs among the proposals; ``best`` is the recall that could be reached.
    """

    claims: int
    recall: tuple[float, ...]
    hit: tuple[float, ...]
    best: tuple[float, ...]


def measure(casebook: Casebook, *, others: bool = True) -> Figures:
    """Measure what is proposed for claims that a person gave scenarios to."""
    claims = [one for one in casebook.claims if one.is_modelled]
    wanted = [{entry.scenario for entry in one.model if entry.scenario} for one in claims]
    suggester = Suggester(casebook, named=False)
    ranked = []
    for one in claims:
        asked = suggester if others else Suggester(replace(casebook, claims=(one,)), named=False)
        ranked.append([each.scenario for each in asked.ranked(one)])
    return Figures(
        len(claims),
        tuple(recall(ranked, wanted, most) for most in FIRST),
        tuple(
            sum(bool(some & set(order[:most])) for order, some in zip(ranked, wanted, strict=True))
            / max(1, len(claims))
            for most in FIRST
        ),
        tuple(recall([sorted(some) for some in wanted], wanted, most) for most in FIRST),
    )


def line(name: str, values: tuple[float, ...]) -> str:
    """Set one figure."""
    return f"{name:28}" + "".join(f"{value:8.3f}" for value in values)


def main() -> int:
    """Measure the casebook that comes with threadkit, or another one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=shipped("casebooks") / "cow-2020")
    options = parser.parse_args()
    casebook = load(options.folder)
    lines = []
    for name, others in (("all other claims at hand", True), ("no other claim at hand", False)):
        found = measure(casebook, others=others)
        lines += [f"{casebook.name}, {found.claims} claims, {name}", f"{'':28}" + "".join(f"{f'@{most}':>8}" for most in FIRST),
                  line("recall", found.recall), line("recall that can be reached", found.best),
                  line("claims with a hit", found.hit), ""]  # fmt: skip
    sys.stdout.write("\n".join(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

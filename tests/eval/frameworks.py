"""Our extensions against those of other engines, on random frameworks.

python -m tests.eval.frameworks [--count 10000] [--largest 14] [--seed 7]

Engines that are not installed are named and left out (``pip install python-argumentation pygarg
python-sat``); the definitions themselves, by trying every set, are always there.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random

from tests.graph.argument.oracle import (
    LARGEST_BY_DEFINITION,
    ORACLES,
    Sets,
    by_definition,
    ours,
    random_framework,
)
from threadkit.graph.argument.framework import Framework

Engine = Callable[[Framework], Mapping[str, Sets]]


def installed() -> dict[str, Engine]:
    """Return the engines that are here; say which are not."""
    found: dict[str, Engine] = {"by definition": by_definition}
    for name, (module, oracle) in ORACLES.items():
        try:
            importlib.import_module(module)
        except ImportError:
            sys.stderr.write(f"{name}: not installed, left out\n")
        else:
            found[name] = oracle
    return found


def compare(
    engines: Mapping[str, Engine], count: int, largest: int, seed: int
) -> tuple[Counter[str], Counter[str]]:
    """Count, for each engine, the frameworks it was asked about and those where it differs."""
    random = Random(seed)
    asked: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    for _ in range(count):
        framework = random_framework(random, largest)
        found = ours(framework)
        for name, engine in engines.items():
            if name == "by definition" and len(framework.names) > LARGEST_BY_DEFINITION:
                continue
            asked[name] += 1
            if engine(framework) != found:
                differ[name] += 1
                sys.stderr.write(f"{name} differs: {framework}\n")
    return asked, differ


def main() -> int:
    """Compare and print; 1 if anything differs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--largest", type=int, default=14)
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args()
    asked, differ = compare(installed(), chosen.count, chosen.largest, chosen.seed)
    for name, frameworks in asked.items():
        sys.stdout.write(f"{name:22} {frameworks:7,} frameworks, {differ[name]:,} differ\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())

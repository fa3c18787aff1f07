"""How far two labellers agree: kappa and alpha for what a mail is, F1 for spans.

python -m tests.eval.agreement FIRST.jsonl SECOND.jsonl
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.eval.labels import Label, read_labels
from tests.eval.scores import Count

WHOLE = frozenset(["report", "thread"])
"""Kinds that are of a whole mail, not of a passage."""


def kappa(first: Mapping[str, str], second: Mapping[str, str]) -> float:
    """Cohen's kappa over the mails that both have judged; 1 if they judge all alike."""
    both = [(first[one], second[one]) for one in first if one in second]
    if not both:
        return 0.0
    agreed = sum(a == b for a, b in both) / len(both)
    left, right = Counter(a for a, _ in both), Counter(b for _, b in both)
    chance = sum(left[name] * right[name] for name in left) / len(both) ** 2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def alpha(judged: Sequence[Mapping[str, str]]) -> float:
    """Krippendorff's alpha for nominal values, any number of labellers, values missing or not."""
    units = {one for labeller in judged for one in labeller}
    observed, values, pairable = 0.0, Counter[str](), 0
    for unit in units:
        given = Counter(labeller[unit] for labeller in judged if unit in labeller)
        size = given.total()
        if size < 2:  # nobody to agree with
            continue
        pairable += size
        values += given
        observed += sum(n * (size - n) for n in given.values()) / (size - 1)
    if not pairable:
        return 0.0
    expected = sum(n * (pairable - n) for n in values.values()) / (pairable - 1)
    return 1.0 if expected == 0 else 1 - observed / expected


def spans(first: Sequence[Label], second: Sequence[Label]) -> Count:
    """Compare citations: the same kind and value at overlapping places, each used once."""
    free = list(second)
    right = 0
    for label in first:
        for other in free:
            if _same(label, other):
                free.remove(other)
                right += 1
                break
    return Count(right, len(free), len(first) - right)


def _same(one: Label, other: Label) -> bool:
    same = (one.message_id, one.kind, one.value) == (other.message_id, other.kind, other.value)
    return same and one.start < other.stop and other.start < one.stop


def main(argv: Sequence[str] | None = None) -> int:
    """Print the agreement of two files over the mails that both have."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.eval.agreement")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    options = parser.parse_args(argv)
    sys.stdout.write(compared(read_labels(options.first), read_labels(options.second)) + "\n")
    return 0


def compared(first: Sequence[Label], second: Sequence[Label]) -> str:
    """Say in words how far two lists agree, over the mails that both have."""
    lines = []
    reports = [
        {x.message_id: x.value for x in one if x.kind == "report"} for one in (first, second)
    ]
    if all(reports):
        shared = len(reports[0].keys() & reports[1].keys())
        figures = f"kappa {kappa(*reports):.3f}, alpha {alpha(reports):.3f}"
        lines.append(f"reports: {shared} mails in both, {figures}")
    ids = {x.message_id for x in first} & {x.message_id for x in second}
    cited = [
        [x for x in one if x.kind not in WHOLE and x.message_id in ids] for one in (first, second)
    ]
    if any(cited):
        count = spans(*cited)
        lines.append(
            f"spans in {len(ids)} mails: {count.right} alike, {count.missed} only in the first, "
            f"{count.extra} only in the second, F1 {count.f1:.3f}"
        )
    return "\n".join(lines) or "the two have no mail in common"


if __name__ == "__main__":
    raise SystemExit(main())

"""How far two labellers agree: kappa and alpha for what a mail is, F1 for spans and names.

python -m tests.eval.agreement FIRST.jsonl SECOND.jsonl --changed changed.jsonl

Labels that were decided after both had read say ``adjudicated`` in their notes. They are
left out, and ``changed.jsonl`` has what the first labeller had put there before.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from tests.eval.labels import LABELS, Label, read_labels, read_mails
from tests.eval.reporting import is_same
from tests.eval.scores import Count

WHOLE = frozenset(["report", "thread"])
"""Kinds that are of a whole mail, not of a passage."""
NAMES = ("culprit", "fix")
"""Kinds that name a commit or mail; they are compared wherever they stand in a mail."""


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


def named(kind: str, first: Sequence[Label], second: Sequence[Label]) -> Count:
    """Compare culprits or fixes: those of one mail that are the same, each used once."""
    free = [label for label in second if label.kind == kind]
    wanted = [label for label in first if label.kind == kind]
    right = 0
    for label in wanted:
        for other in free:
            if label.message_id == other.message_id and is_same(label.value, other.value):
                free.remove(other)
                right += 1
                break
    return Count(right, len(free), len(wanted) - right)


def before(first: Sequence[Label], changed: Sequence[Label]) -> list[Label]:
    """Return what the first labeller had before the two were compared."""
    kept = [label for label in first if "adjudicated" not in label.notes]
    sort = {_is_of_regressions(label) for label in first}
    return kept + [label for label in changed if _is_of_regressions(label) in sort]


def _is_of_regressions(label: Label) -> bool:
    return label.kind in WHOLE or label.kind in NAMES


def _same(one: Label, other: Label) -> bool:
    same = (one.message_id, one.kind, one.value) == (other.message_id, other.kind, other.value)
    return same and one.start < other.stop and other.start < one.stop


def main(argv: Sequence[str] | None = None) -> int:
    """Print the agreement of two files over the mails that both have."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.eval.agreement")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--changed", type=Path, help="labels as they were before")
    options = parser.parse_args(argv)
    first, second = read_labels(options.first), read_labels(options.second)
    if options.changed:
        first = before(first, read_labels(options.changed))
    whole = {row["message_id"] for row in read_mails(LABELS / "citation_mails-second.jsonl")}
    sys.stdout.write(compared(first, second, whole) + "\n")
    return 0


def compared(first: Sequence[Label], second: Sequence[Label], whole: Collection[str] = ()) -> str:
    """Say in words how far two lists agree, over the mails that both have.

    ``whole`` names mails that both have read for citations, those without any too.
    """
    sides = (first, second)
    judged = [{x.message_id: x.value for x in one if x.kind == "report"} for one in sides]
    if all(judged):
        return _of_reports(judged, sides)
    ids = {x.message_id for x in first} & {x.message_id for x in second}
    ids |= set(whole) if ids else set()
    cited = [[x for x in one if x.message_id in ids] for one in sides]
    if not any(cited):
        return "the two have no mail in common"
    lines = [f"citations: {len(ids)} mails in both", _line("all", spans(*cited))]
    for kind in sorted({x.kind for one in cited for x in one}):
        some = ([x for x in one if x.kind == kind] for one in cited)
        lines.append(_line(kind, spans(*some)))
    return "\n".join(lines)


def _of_reports(judged: Sequence[Mapping[str, str]], sides: Sequence[Sequence[Label]]) -> str:
    shared = judged[0].keys() & judged[1].keys()
    either = [{one: str(value != "no") for one, value in some.items()} for some in judged]
    same = sum(judged[0][one] == judged[1][one] for one in shared)
    lines = [
        f"reports: {len(shared)} mails in both, {same} alike, "
        f"kappa {kappa(*judged):.3f}, alpha {alpha(judged):.3f}",
        f"a report or none: kappa {kappa(*either):.3f}, alpha {alpha(either):.3f}",
    ]
    both = [[x for x in one if x.message_id in shared] for one in sides]
    lines += [_line(kind, named(kind, *both)) for kind in NAMES]
    return "\n".join(lines)


def _line(kind: str, count: Count) -> str:
    return (
        f"{kind}: {count.right} alike, {count.missed} only in the first, "
        f"{count.extra} only in the second, F1 {count.f1:.3f}"
    )


if __name__ == "__main__":
    raise SystemExit(main())

"""What tells the stance of the words under a quotation: features of the whole segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from threadkit.analyze.arguments.relations_features import contrast
from threadkit.analyze.arguments.relations_view import View
from threadkit.analyze.arguments.values import LABELS

VERSION = 1
"""Counts up when features change: a model knows the features that it was trained on."""

MOST_UNITS = 40
"""Of a segment, that are looked at: the stance is told at its beginning."""

_BOW = 6  # units of a segment whose words count


def stance_row(seen: View, run: range, moves: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Say what tells the stance of a segment.

    Parameters
    ----------
    seen : View
        The mail.
    run : range
        The units under one passage.
    moves : sequence of mapping
        How likely each way of bearing on something is, by unit of the mail.

    Returns
    -------
    dict
        Features with values.
    """
    run = run[:MOST_UNITS]
    row: dict[str, float] = {}
    for label in LABELS:
        shares = [seen.shares[one].get(label, 0.0) for one in run]
        row[f"most={label}"] = max(shares)
        row[f"first={label}"] = shares[0]
        row[f"mean={label}"] = sum(shares) / len(shares)
    for name in sorted({name for one in run for name in moves[one]}):
        shares = [moves[one].get(name, 0.0) for one in run]
        row[f"m-most={name}"] = max(shares)
        row[f"m-first={name}"] = shares[0]
        row[f"m-sum={name}"] = min(3.0, sum(shares))
        row[f"m-last={name}"] = shares[-1]
    row.update(dict.fromkeys(_names(seen, run), 1.0))
    return row


def _names(seen: View, run: range) -> Iterator[str]:
    first = seen.units[run[0]]
    yield f"units={min(6, len(run))}"
    yield f"mail={seen.mail.is_patch:d}{seen.mail.is_reply:d}"
    yield f"labels={'>'.join(seen.labels[one] for one in run[:3])}"
    for count in (1, 2, 3):
        yield f"f={' '.join(first.norms[:count])}"
    for place, number in enumerate(run[:_BOW]):
        said = seen.units[number]
        near = min(place, 1)
        yield from (f"w{near}={one}" for one in said.norms[:30])
        yield from (
            f"b{near}={one} {two}"
            for one, two in zip(said.norms[:30], said.norms[1:31], strict=False)
        )
        yield f"{near}f={' '.join(said.norms[:1])}"
        yield from (f"{near}{cue}" for cue in said.told)
        yield f"{near}shape={seen.cut.units[number].shape}"
    tones = [seen.units[one].tone for one in run]
    good, bad = sum(one[0] for one in tones), sum(one[1] for one in tones)
    yield f"all-tone={max(-3, min(3, good - bad))}"
    yield f"all-good={min(4, good)}"
    yield f"all-bad={min(4, bad)}"
    if len(run) > 1:
        yield from (f"last-{cue}" for cue in seen.units[run[-1]].told)
    yield from _quoted(seen, run)


def _quoted(seen: View, run: range) -> Iterator[str]:
    passage = seen.cut.units[run[0]].passage
    said = seen.said[passage]
    yield f"quoted={min(4, len(said))}"
    yield f"depth={min(3, seen.cut.passages[passage].depth)}"
    if said:
        here = seen.units[run[0]]
        near = max(said, key=lambda one: len(one.content & here.content))
        yield from contrast(here, near)
        yield from (f"last-{one}" for one in contrast(here, said[-1]))
        yield f"q-shape={seen.sayings[passage][-1].shape}"
        for cue in said[-1].told:
            yield f"q-{cue}"
            yield f"q-{cue}|{seen.labels[run[0]]}"
            yield f"q-{cue}|f={' '.join(seen.units[run[0]].norms[:1])}"

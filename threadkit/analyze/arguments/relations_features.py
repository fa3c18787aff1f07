"""What tells how a unit bears on what: features of a unit, and of a unit with a target."""

from __future__ import annotations

from collections.abc import Iterator

from threadkit.analyze.arguments.relations_view import View, Words
from threadkit.analyze.arguments.values import LABELS

VERSION = 1
"""Counts up when features change: a model knows the features that it was trained on."""

BEFORE, AFTER = 10, 5
"""Units before and after a unit that it may bear on: nine in ten are nearer than four."""

_WORDING = (
    "1:", "2:", "f1:", "f2:", "f3:", "l1:", "shape:", "len:", "end:", "mail:", "para:",
)  # fmt: skip
"""Features of labels that are read again, by how they begin: the unit's own words."""


def move_row(seen: View, number: int) -> dict[str, float]:
    """Say what tells which way a unit bears on anything.

    Parameters
    ----------
    seen : View
        The mail.
    number : int
        Of the unit.

    Returns
    -------
    dict
        Features with values.
    """
    row = {name: value for name, value in seen.rows[number].items() if name.startswith(_WORDING)}
    label = seen.labels[number]
    unit = seen.cut.units[number]
    said = seen.units[number]
    for name in LABELS:
        row[f"lab={name}"] = seen.shares[number].get(name, 0.0)
    run = seen.runs[number]
    place = min(3, number - run.start)
    quoted = unit.passage >= 0
    names = [*said.told, *_around(seen, number)]
    names += [f"at={place}{quoted}", f"at={place}{quoted}{label}", f"of={min(6, len(run))}{quoted}"]
    names += [f"{label}|{cue}" for cue in said.told]
    names += [f"{label}|{quoted}|{_mail(seen)}", f"{label}|f={' '.join(said.norms[:1])}"]
    if quoted:
        names += list(_above(seen, number, label))
    row.update(dict.fromkeys(names, 1.0))
    return row


def _mail(seen: View) -> str:
    return f"{seen.mail.is_patch:d}{seen.mail.is_reply:d}"


def _around(seen: View, number: int) -> Iterator[str]:
    """Tell of the units before and after under the same passage, and of the first one."""
    run = seen.runs[number]
    for step in (-2, -1, 1, 2):
        there = number + step
        label = seen.labels[there] if there in run else "end"
        yield f"{step}={label}"
        yield f"{step}={label}|{seen.labels[number]}"
        if there in run and abs(step) == 1:
            yield f"{step}f={' '.join(seen.units[there].norms[:1])}"
            yield from (f"{step}{cue}" for cue in seen.units[there].told)
            same = seen.cut.units[there].paragraph == seen.cut.units[number].paragraph
            yield f"{step}same={same}"
    before = {seen.labels[one] for one in range(run.start, number)}
    yield from (f"before={one}" for one in before)
    yield from (f"after={seen.labels[one]}" for one in range(number + 1, min(run.stop, number + 4)))
    if run.start != number:
        yield f"first={seen.labels[run.start]}"
        yield f"firstf={' '.join(seen.units[run.start].norms[:1])}"
        yield from (f"first{cue}" for cue in seen.units[run.start].told)


def _above(seen: View, number: int, label: str) -> Iterator[str]:
    """Tell of the passage that a unit stands under."""
    passage = seen.cut.units[number].passage
    sayings, said = seen.sayings[passage], seen.said[passage]
    yield f"depth={min(3, seen.cut.passages[passage].depth)}"
    yield f"quoted={min(4, len(sayings))}"
    if not sayings:
        return
    last = said[-1]
    yield f"q-shape={sayings[-1].shape}"
    yield f"q-shape={sayings[-1].shape}|{label}"
    yield from (f"q-{cue}" for cue in last.told)
    yield from (f"q-{cue}|{label}" for cue in last.told)
    yield f"qf={' '.join(last.norms[:1])}"
    yield f"q-any-asks={any(one.asks for one in said)}|{label}"
    yield f"q-code={any(one.shape == 'code' for one in sayings)}"
    here = seen.units[number]
    near = max(said, key=lambda one: len(one.content & here.content))
    shared = len(near.content & here.content)
    yield f"q-shared={min(3, shared)}|{label}"
    yield from contrast(here, near if shared else last)


def contrast(here: Words, there: Words) -> Iterator[str]:
    """Tell whether a sentence denies or values what another one does not.

    Parameters
    ----------
    here, there : Words
        The author's sentence, and the quoted one.

    Yields
    ------
    str
        Features.
    """
    (good, bad, denies), (other_good, other_bad, other_denies) = here.tone, there.tone
    shared = min(2, len(here.content & there.content))
    sign, other = (good > bad) - (good < bad), (other_good > other_bad) - (other_good < other_bad)
    yield f"tones={sign}{other}"
    yield f"denials={denies}{other_denies}|{shared}"
    yield f"turn={(denies != other_denies) or sign * other < 0}|{shared}"


def unit_row(seen: View, number: int, target: int, kind: str) -> list[str]:
    """Say what tells that a unit bears on another unit of the same mail.

    Parameters
    ----------
    seen : View
        The mail.
    number, target : int
        The units.
    kind : str
        How it would bear on it.

    Returns
    -------
    list of str
        Features.
    """
    units = seen.cut.units
    here, there = seen.units[number], seen.units[target]
    step = max(-6, min(4, target - number))
    labels = f"{seen.labels[number]}>{seen.labels[target]}"
    place = _place(seen, number, target)
    run = seen.runs[number]
    low, high = sorted((number, target))
    between = seen.labels[low + 1 : high]
    names = [
        f"d={step}", f"d={step}|{kind}", f"d={step}|{labels}", f"lab={labels}|{target < number}",
        f"d={step}|{place}", f"place={place}", f"to={seen.labels[target]}|{kind}",
        f"to={seen.labels[target]}|{place}",
        f"claims={min(3, between.count('claim'))}|{target < number}",
        f"same={min(3, between.count(seen.labels[target]))}|{target < number}",
        f"first={target == run.start}", f"first={target == run.start}|{step < 0}",
        f"item={units[number].item}{units[target].item}|{target < number}",
        f"shape={units[target].shape}",
        f"d={step}|next={seen.labels[number + 1] if number + 1 in run else 'end'}",
        f"d={step}|prev={seen.labels[number - 1] if number - 1 in run else 'end'}",
        f"long={min(5, len(there.norms) // 5)}",
    ]  # fmt: skip
    names += [f"d={step}|{cue}" for cue in here.told]
    names += [f"to-{cue}" for cue in there.told]
    names += [f"to-{cue}|{target < number}" for cue in there.told]
    names += [f"d={step}|f={' '.join(here.norms[:1])}", f"to-f={' '.join(there.norms[:1])}"]
    names += [f"to-w={one}" for one in there.norms[:20]]
    names += list(_shared(here, there, str(target < number)))
    if target + 1 < len(units):
        names += [f"d={step}|then-{cue}" for cue in seen.units[target + 1].told]
    return names


def _place(seen: View, number: int, target: int) -> str:
    """Say whether two units stand in one paragraph, in neighbours, under one passage."""
    here, there = seen.cut.units[number], seen.cut.units[target]
    if here.passage != there.passage:
        return "other"
    apart = abs(here.paragraph - there.paragraph)
    return ("same", "next")[apart] if apart < 2 else "far"


def _shared(here: Words, there: Words, way: str) -> Iterator[str]:
    both = len(here.content & there.content)
    names = len(here.names & there.names)
    yield f"shared={min(4, both)}"
    yield f"shared={min(4, both)}|{way}"
    yield f"names={min(2, names)}"
    some = min(len(here.content), len(there.content)) or 1
    yield f"share={4 * both // some}"


def saying_row(seen: View, number: int, saying: int, kind: str) -> list[str]:
    """Say what tells that a sentence of the passage above is meant; -1: all of it.

    Parameters
    ----------
    seen : View
        The mail.
    number : int
        Of the unit.
    saying : int
        Of the sentence, in the passage.
    kind : str
        How the unit would bear on it.

    Returns
    -------
    list of str
        Features.
    """
    passage = seen.cut.units[number].passage
    sayings, said = seen.sayings[passage], seen.said[passage]
    here = seen.units[number]
    place = min(3, number - seen.runs[number].start)
    count = min(6, len(sayings))
    code = any(one.shape == "code" for one in sayings)
    if saying < 0:
        best = max((len(one.content & here.content) for one in said), default=0)
        return [
            "all", f"all|{kind}", f"all|{count}", f"all|{count}|{kind}", f"all|code={code}",
            f"all|{seen.labels[number]}", f"all|{place}", f"all|best={min(3, best)}",
            f"all|long={min(4, len(here.norms) // 6)}", f"all|f={' '.join(here.norms[:1])}",
            f"all|patch={_mail(seen)}",
        ]  # fmt: skip
    there = said[saying]
    back = min(6, len(sayings) - saying)
    depth = seen.cut.passages[passage].depth - sayings[saying].depth
    names = [
        f"q={back}", f"q={back}|{count}", f"q={back}|{kind}", f"q={back}|{place}",
        f"q={back}|{seen.labels[number]}", f"depth={depth}", f"shape={sayings[saying].shape}",
        f"shape={sayings[saying].shape}|{back}", f"long={min(5, len(there.norms) // 4)}",
        f"asks={there.asks}|{kind}", f"asks={there.asks}|{back}", f"to-f={' '.join(there.norms[:1])}",
    ]  # fmt: skip
    names += [f"to-{cue}|{kind}" for cue in there.told]
    names += [f"to-{cue}|{here_cue}" for cue in there.told for here_cue in here.told]
    names += [f"q={back}|{cue}" for cue in here.told]
    names += [f"to-w={one}" for one in there.norms[:20]]
    names += list(_shared(here, there, f"{back}"))
    best = max(len(one.content & here.content) for one in said)
    mine = len(there.content & here.content)
    names += [f"best={best == mine and best > 0}", f"best={best == mine}|{min(3, best)}"]
    return names

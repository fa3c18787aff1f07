"""Labelled units as the learner sees them: features, labels of all readers, thread, mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.eval.arguments.gold import GoldMail, read_gold, read_ours
from threadkit.analyze.arguments.features import reads, rows
from threadkit.analyze.arguments.rules import ruled
from threadkit.analyze.arguments.segments import Segment, Segments, segments
from threadkit.analyze.mailtext import MailText

_CUED = ("concession", "question", "decision", "proposal", "agreement", "social", "evidence")


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled units, one after the other; the lists have one entry of each.

    ``gold`` are those that scores are taken of; ``ours`` were read with less care. ``labels``
    holds one label of each reader; ``rules`` what a rule tells, or nothing. ``sources`` are threads, ``mails`` number the mails.
    """

    rows: list[dict[str, float]]
    labels: list[tuple[str, ...]]
    rules: list[str]
    kinds: list[str]
    sources: list[str]
    mails: list[int]
    gold: list[bool]
    places: list[tuple[str, int, int]]

    @property
    def aims(self) -> list[Mapping[str, float]]:
        """What to train on: a label shared out between readers that differ."""
        return [{one: each.count(one) / len(each) for one in each} for each in self.labels]


def all_mails() -> list[GoldMail]:
    """Read every labelled mail; two readers of one mail become one mail of two labels a unit."""
    merged: dict[str, GoldMail] = {}
    for one in [*read_gold(), *read_ours()]:
        name = one.mail.message_id
        merged[name] = _both(merged[name], one) if name in merged else one
    return list(merged.values())


def _both(first: GoldMail, second: GoldMail) -> GoldMail:
    other = {(one.start, one.stop): one for one in second.units}
    units = tuple(
        replace(
            one,
            labels=one.labels + other[one.start, one.stop].labels,
            kind=one.kind or other[one.start, one.stop].kind,
        )
        if (one.start, one.stop) in other
        else one
        for one in first.units
    )
    return replace(first, units=units)


def as_cut(mail: MailText, spans: Sequence[tuple[int, int]]) -> Segments:
    """Cut a mail where a reader did; shape and place are those of our unit that it overlaps."""
    ours = segments(mail)
    units = []
    for start, stop in spans:
        best = max(ours.units, key=lambda one: _shared(one, start, stop), default=None)
        if best is None or _shared(best, start, stop) <= 0:
            best = Segment(start, stop, -1, -1, False, "prose")
        units.append(replace(best, start=start, stop=stop))
    return replace(ours, units=tuple(units))


def _shared(one: Segment, start: int, stop: int) -> int:
    return min(stop, one.stop) - max(start, one.start)


def examples(mails: Sequence[GoldMail]) -> Examples:
    """Take the features of all units, in the spans that the readers labelled."""
    found = Examples([], [], [], [], [], [], [], [])
    for number, one in enumerate(mails):
        cut = as_cut(one.mail, one.spans)
        read = reads(one.mail, cut.units)
        found.rows.extend(rows(one.mail, cut.units, cut.passages, read))
        for unit, words in zip(cut.units, read, strict=True):
            by_rule = ruled(one.mail, unit, words)
            found.rules.append(by_rule.label if by_rule else "")
        for unit in one.units:
            found.labels.append(unit.labels)
            found.kinds.append(unit.kind)
            found.sources.append(one.source)
            found.mails.append(number)
            found.gold.append(one.labeller == "gold")
            found.places.append((one.mail.message_id, unit.start, unit.stop))
    return found


def some_threads(some: Examples, share: float) -> list[int]:
    """Choose a share of the threads, the same at every run; all units of each."""
    names = sorted(set(some.sources))
    Random(1).shuffle(names)
    chosen = set(names[: max(1, round(share * len(names)))])
    return [at for at, name in enumerate(some.sources) if name in chosen]


def by_cues(row: dict[str, float]) -> str:
    """Tell a unit by the family that has most cues in it; a claim if there is none."""
    found = Counter(
        name.removeprefix("cue:").partition(":")[0] for name in row if name.startswith("cue:")
    )
    best = max(_CUED, key=lambda family: found[family])
    return best if found[best] else "claim"

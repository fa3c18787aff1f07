"""Never-answered points: labels, figures by cross-validation over threads, and the weights.

``python -m tests.eval.arguments.answered`` prints the figures; with ``--weights`` it fits the
weights of `threadkit.analyze.debate.replying` to all labels and prints them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import exp
from random import Random
from typing import NamedTuple

import numpy as np

from tests.eval.arguments.gold import corpus, mail_text
from tests.eval.labels import LABELS, digest
from threadkit.analyze.arguments.segments import segments
from threadkit.analyze.debate import replying
from threadkit.analyze.debate.answers import Answers, Matter
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import Places
from threadkit.analyze.debate.values import (
    Answered,
    Bears,
    Conversation,
    DebateMail,
    Quoted,
    Said,
)
from threadkit.analyze.mailtext import MailText
from threadkit.analyze.quotes import Ancestor, resolve

FILE = LABELS / "answered.jsonl"
PENALTY = 3.0
_SHAPES = frozenset(("greeting", "signoff", "trailer"))

Found = tuple[Sequence[Said], Sequence[Answered], Sequence[Bears]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A point that a reader marked: ``answered`` is yes, self or no; ``by`` whom, ``elsewhere`` where."""

    thread: str
    message_id: str
    start: int
    stop: int
    sha256: str
    loose_sha256: str
    kind: str
    answered: str
    labeller: str
    by: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    doubt: bool = False


class Pair(NamedTuple):
    """A point and a reply of somebody else: what is counted, and whether it is an answer."""

    counted: Mapping[str, float]
    answers: bool


class Case(NamedTuple):
    """A labelled point with all replies that may answer it."""

    label: Labelled
    pairs: Sequence[Pair]


class Figures(NamedTuple):
    """How well never-answered points are told: a point is one unless somebody else answers it."""

    precision: float
    recall: float
    accuracy: float
    points: int
    unanswered: int


def read_points() -> list[Labelled]:
    """Read the labels."""
    lines = FILE.read_text("utf-8").splitlines()
    return [
        Labelled(**{**row, "by": tuple(row.get("by", ())), "elsewhere": tuple(row.get("elsewhere", ()))})
        for row in map(json.loads, lines)
    ]  # fmt: skip


def by_shape(mail: MailText) -> Found:
    """Cut a mail into units without telling what they do: the labels of points are given."""
    cut = segments(mail)
    units = [
        Said(u.start, u.stop, "social" if u.shape in _SHAPES else "background", "", "", 0.5,
             u.shape, "", "", u.passage)
        for u in cut.units
    ]  # fmt: skip
    return (
        units,
        [Answered(p.start, p.stop, p.depth, "undecided", 0.0, "") for p in cut.passages],
        (),
    )


def by_model(mail: MailText) -> Found:
    """Read a mail as the package does."""
    from threadkit.analyze.arguments.read import arguments

    found = arguments(mail)
    return (
        [Said(u.start, u.stop, u.label, u.secondary, u.kind, u.score, u.rule, u.hedge, u.irony,
              u.passage) for u in found.units],
        [Answered(p.start, p.stop, p.depth, p.stance, p.score, p.rule) for p in found.passages],
        [Bears(r.unit, r.kind, *r.target, r.score, r.rule) for r in found.relations],
    )  # fmt: skip


@cache
def mailbox(thread: str, read: Callable[[MailText], Found] = by_shape) -> Conversation:
    """Read a mailbox as one conversation, quotations resolved as the package does."""
    folder, name = thread.removesuffix(".mbox").split("/")
    found = [
        mail_text(one.mail)
        for one in corpus().values()
        if (one.folder, one.thread) == (folder, name)
    ]
    texts = {mail.message_id: mail for mail in found}
    numbers = {message_id: number for number, message_id in enumerate(texts)}
    above = {message_id: _parent(message_id, texts) for message_id in texts}
    ready = {message_id: Ancestor(mail.body, mail.blocks) for message_id, mail in texts.items()}
    mails = []
    for message_id, mail in texts.items():
        line = _line(message_id, above)
        quotes = [
            Quoted(
                r.start, r.stop, numbers[line[r.ancestor]], r.source_start, r.source_stop, r.score
            )
            for r in resolve(mail.body, mail.blocks, [ready[one] for one in line])
            if r.ancestor is not None and r.source_start is not None and r.source_stop is not None
        ]
        parent = above[message_id]
        mails.append(
            DebateMail(
                numbers[message_id], message_id, mail.from_name or mail.from_email,
                mail.from_name or mail.from_email, mail.from_email,
                mail.date_utc, None if parent is None else numbers[parent], mail.subject,
                mail.is_patch, "en", "", mail.body, *read(mail), quotes,
                [(t.name, t.value, t.start, t.stop) for t in mail.trailers],
            )
        )  # fmt: skip
    return Conversation(0, mails)


def _parent(message_id: str, texts: Mapping[str, MailText]) -> str | None:
    message = corpus()[message_id].mail
    for one in (*message.in_reply_to, *reversed(message.references)):
        if one in texts and one != message_id:
            return one
    return None


def _line(message_id: str, above: Mapping[str, str | None]) -> list[str]:
    line: list[str] = []
    at = above[message_id]
    while at is not None and at not in line:
        line.append(at)
        at = above[at]
    return line


def cases(points: Iterable[Labelled]) -> list[Case]:
    """Put each labelled point beside the replies that may answer it."""
    answers: dict[str, tuple[dict[str, int], Answers]] = {}
    found = []
    for label in points:
        if label.thread not in answers:
            ground = Ground(mailbox(label.thread))
            numbers = {mail.message_id: mail.id for mail in ground.mails}
            answers[label.thread] = numbers, Answers(Places(ground))
        numbers, looking = answers[label.thread]
        by = {numbers[one] for one in label.by if label.answered == "yes"}
        matter = Matter(numbers[label.message_id], label.start, label.stop)
        pairs = [
            Pair(replying.features(reply), number in by) for number, reply in looking.pairs(matter)
        ]
        found.append(Case(label, pairs))
    return found


def fitted(some: Iterable[Case], penalty: float = PENALTY) -> dict[str, float]:
    """Fit the weights by Newton's method; ``""`` is the bias."""
    pairs = [pair for case in some for pair in case.pairs]
    names = sorted({name for pair in pairs for name in pair.counted})
    rows = np.array([[*(pair.counted.get(name, 0.0) for name in names), 1.0] for pair in pairs])
    right = np.array([float(pair.answers) for pair in pairs])
    costs = np.full(len(names) + 1, penalty)
    costs[-1] = 1e-6
    weights = np.zeros(len(names) + 1)
    for _ in range(50):
        likely = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (likely - right) + costs * weights
        bend = (rows * (likely * (1 - likely))[:, None]).T @ rows + np.diag(costs)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if abs(step).max() < 1e-9:
            break
    return {
        name: round(float(weight), 3) for name, weight in zip([*names, ""], weights, strict=True)
    }


def likely(case: Case, weights: Mapping[str, float]) -> float:
    """Return how likely the best reply of a point answers it."""
    return max(
        (1 / (1 + exp(-(weights[""] + sum(value * weights.get(name, 0.0)
                                          for name, value in pair.counted.items()))))
         for pair in case.pairs),
        default=0.0,
    )  # fmt: skip


def judged(told: Sequence[tuple[Labelled, float]], least: float = replying.ANSWERED) -> Figures:
    """Count; a point is never answered unless the label says ``yes``."""
    hits = sum(label.answered != "yes" and score < least for label, score in told)
    said = sum(score < least for _, score in told)
    true = sum(label.answered != "yes" for label, _ in told)
    right = sum((label.answered != "yes") == (score < least) for label, score in told)
    return Figures(
        hits / max(1, said), hits / max(1, true), right / max(1, len(told)), len(told), true
    )


def crossed(some: Sequence[Case]) -> list[tuple[Labelled, float]]:
    """Judge each thread with weights that were fitted to the others."""
    told = []
    for thread in sorted({case.label.thread for case in some}):
        weights = fitted(case for case in some if case.label.thread != thread)
        told += [
            (case.label, likely(case, weights)) for case in some if case.label.thread == thread
        ]
    return told


def halves(some: Sequence[Case]) -> list[tuple[Labelled, float]]:
    """Judge every second thread, by name, with weights that were fitted to the rest."""
    threads = sorted({case.label.thread for case in some})[::2]
    weights = fitted(case for case in some if case.label.thread in threads)
    return [
        (case.label, likely(case, weights)) for case in some if case.label.thread not in threads
    ]


def by_rules(some: Sequence[Case]) -> list[tuple[Labelled, float]]:
    """Judge by a plain rule: words at most one paragraph below, or a reply without quotations."""
    return [(case.label, float(any(_plain(pair.counted) for pair in case.pairs))) for case in some]


def _plain(counted: Mapping[str, float]) -> bool:
    if "words below the quotation" in counted:
        return counted.get("paragraphs below", 0.0) < 0.7
    return "direct reply" in counted and "reply without quotation" in counted


def intervals(
    told: Sequence[tuple[Labelled, float]], draws: int = 1000
) -> list[tuple[float, float]]:
    """Return 95 % intervals of precision and recall, threads drawn again and again."""
    of: dict[str, list[tuple[Labelled, float]]] = {}
    for one in told:
        of.setdefault(one[0].thread, []).append(one)
    threads = sorted(of)
    drawn = Random(1)
    figures = [
        judged([one for thread in drawn.choices(threads, k=len(threads)) for one in of[thread]])
        for _ in range(draws)
    ]
    low, high = draws // 40, draws - draws // 40 - 1
    return [
        (values[low], values[high])
        for values in (
            sorted(one.precision for one in figures),
            sorted(one.recall for one in figures),
        )
    ]


def worst(told: Sequence[tuple[Labelled, float]], most: int = 20) -> list[tuple[Labelled, float]]:
    """Return the errors that were surest, of labels that are not in doubt."""
    wrong = [
        one
        for one in told
        if not one[0].doubt and (one[0].answered == "yes") != (one[1] >= replying.ANSWERED)
    ]
    return sorted(wrong, key=lambda one: (-abs(one[1] - replying.ANSWERED), one[0].message_id))[
        :most
    ]


def learning(some: Sequence[Case], draws: int = 5) -> list[tuple[int, Figures]]:
    """Return figures by the number of threads that the weights were fitted to, the rest judged."""
    threads = sorted({case.label.thread for case in some})
    curve = []
    for size in (2, 4, 8, 12, 16, len(threads) - 1):
        drawn, told = Random(size), []
        for _ in range(draws):
            chosen = drawn.sample(threads, size)
            weights = fitted(case for case in some if case.label.thread in chosen)
            told += [
                (case.label, likely(case, weights))
                for case in some
                if case.label.thread not in chosen and not case.label.doubt
            ]
        curve.append((size, judged(told)))
    return curve


def shown(name: str, told: Sequence[tuple[Labelled, float]]) -> str:
    """Write the figures of a way to judge, of sure labels and of all."""
    sure = judged([one for one in told if not one[0].doubt])
    every = judged(told)
    return (
        f"{name}: P {sure.precision:.3f} R {sure.recall:.3f} accuracy {sure.accuracy:.3f} of "
        f"{sure.points} sure points ({sure.unanswered} unanswered); all {every.points}: "
        f"P {every.precision:.3f} R {every.recall:.3f} accuracy {every.accuracy:.3f}"
    )


def mismatched(points: Iterable[Labelled]) -> list[Labelled]:
    """List labels whose hash does not fit their mail."""
    found = corpus()
    return [
        one
        for one in points
        if digest(found[one.message_id].mail.body[one.start : one.stop]) != one.sha256
    ]


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


def main(arguments: Sequence[str]) -> None:
    """Print the figures, or the weights."""
    some = cases(read_points())
    if "--weights" in arguments:
        weights = fitted(some)
        say(f"BIAS: Final = {weights.pop('')}")
        for name, weight in sorted(weights.items(), key=lambda one: -abs(one[1])):
            say(f'    "{name}": {weight},')
        return
    say(shown("no reply, no answer", [(c.label, float(bool(c.pairs))) for c in some]))
    say(shown("plain rule", by_rules(some)))
    say(shown("by cross-validation", crossed(some)))
    say(shown("half of the threads", halves(some)))
    say(shown("shipped (not held out)", [
        (c.label, max((replying.chance(pair.counted) for pair in c.pairs), default=0.0)) for c in some
    ]))  # fmt: skip
    sure = [one for one in crossed(some) if not one[0].doubt]
    for name, (low, high) in zip(("P", "R"), intervals(sure), strict=True):
        say(f"  95 % interval of {name}, by thread: {low:.3f} to {high:.3f}")
    for size, figures in learning(some):
        say(f"  fitted to {size} threads: P {figures.precision:.3f} R {figures.recall:.3f}")
    kinds: Counter[tuple[str, str, bool]] = Counter(
        (label.kind, label.answered, score >= replying.ANSWERED) for label, score in sure
    )
    for (kind, answered, told), count in sorted(kinds.items()):
        say(f"  {kind}, label {answered}, {'answered' if told else 'not'}: {count}")
    for label, score in worst(sure):
        say(f"  {score:.2f} {label.answered} {label.kind} {label.message_id} {label.start}")
    by_score = sorted(crossed(some), key=lambda one: one[1])
    for low, high in pairwise((0.0, 0.1, 0.25, 0.45, 0.65, 0.85, 1.01)):
        part = [label for label, score in by_score if low <= score < high]
        right = sum(label.answered == "yes" for label in part)
        say(f"  score {low:.2f} to {min(high, 1):.2f}: {right} of {len(part)} answered")


if __name__ == "__main__":
    main(sys.argv[1:])

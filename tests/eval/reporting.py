"""Regression reports, their culprits and fixes: what threadkit reads against the labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.eval.citing import Miss
from tests.eval.labels import Label
from tests.eval.scores import Count
from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.detect import signals
from threadkit.analyze.regressions.reporting import THRESHOLD, report_score
from threadkit.analyze.regressions.values import Signal
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages.mails import mail_text
from threadkit.store.connection import open_read
from threadkit.store.mailtexts import BATCH, texts

SURE = 0.6
"""The score from which what prose names decides something."""

SHORTEST = 7
"""Digits that two abbreviations of one hash must share."""


@dataclass(frozen=True, slots=True)
class Read:
    """What threadkit read in one mail."""

    mail: MailText
    score: float
    signals: tuple[Signal, ...]

    def said(self, kind: str) -> list[Signal]:
        """Return what the author says himself of a kind, the surest first."""
        some = [one for one in self.signals if one.kind == kind and one.mood == "said"]
        return sorted(some, key=lambda one: -one.score)


def import_all(boxes: Iterable[Path], path: Path) -> None:
    """Import the mailboxes that labels are of."""
    import_mail(path, [str(box) for box in boxes])


def read_all(path: Path, ids: Iterable[str]) -> dict[str, Read]:
    """Read mails as the stage ``mails`` does."""
    wanted = set(ids)
    with closing(open_read(path)) as conn:
        rows = [
            row for row, name in conn.execute("SELECT id, message_id FROM message")
            if name in wanted
        ]  # fmt: skip
        found = {}
        for at in range(0, len(rows), BATCH):
            for stored in texts(conn, rows[at : at + BATCH]):
                mail = mail_text(stored)
                some = tuple(signals(mail))
                found[mail.message_id] = Read(mail, report_score(some, mail), some)
    return found


def measure_reports(
    labels: Iterable[Label], read: dict[str, Read], *, wide: bool = False, doubt: bool = False
) -> tuple[list[Count], list[Miss]]:
    """Count by mail. A reporter's later mails (``again``) are right either way, unless ``wide``.

    Which mails those are the labels say, never what was found. ``doubt`` also counts those labels that the labeller was in doubt about.
    """
    counts, misses = [], []
    for label in labels:
        if label.kind != "report" or (label.doubt and not doubt):
            continue
        if label.value == "again" and not wide:
            continue
        score = read[label.message_id].score
        is_one, found = label.value != "no", score >= THRESHOLD
        counts.append(Count(is_one and found, found and not is_one, is_one and not found))
        if is_one != found:
            rules = " ".join(sorted({s.rule for s in read[label.message_id].said("report")}))
            said = f"{'yes' if found else 'no'} {score:.2f} {rules}".rstrip()
            at = _place(read[label.message_id], label)
            misses.append(Miss("report", label.message_id, *at, label.value, said))
    return counts, misses


def _place(read: Read, label: Label) -> tuple[int, int]:
    if label.stop or not (said := read.said("report")):
        return label.start, label.stop
    return said[0].start, said[0].stop


def measure_named(
    kind: str, labels: Sequence[Label], read: dict[str, Read], *, in_reports: bool = False
) -> tuple[list[Count], list[Miss]]:
    """Count by mail whether the surest culprit (or fix) is one that the mail names.

    With ``in_reports`` only mails that report a regression are counted. A range is no name
    of a culprit.
    """
    reports = {x.message_id for x in labels if x.kind == "report" and x.value != "no"}
    wanted: dict[str, list[Label]] = {}
    for label in labels:
        if label.kind == kind and not label.doubt and label.form != "range":
            wanted.setdefault(label.message_id, []).append(label)
    counts, misses = [], []
    for message_id, some in wanted.items():
        if in_reports and message_id not in reports:
            continue
        if message_id not in read:
            continue
        said = [one.value for one in read[message_id].said(kind)]
        right = bool(said) and any(is_same(said[0], label.value) for label in some)
        counts.append(Count(right, bool(said) and not right, not right))
        if not right:
            expected = " or ".join(label.value for label in some)
            first = some[0]
            miss = Miss(kind, message_id, first.start, first.stop, expected, " ".join(said[:3]))
            misses.append(miss)
    return counts, misses


def measure_not_named(
    kind: str, labels: Sequence[Label], read: dict[str, Read]
) -> tuple[list[Count], list[Miss]]:
    """Count the mails that name no culprit (or fix), and of those where one is found.

    Patches are left out, as what they are for is not labelled, and what a mail says of the
    mail that it answers. An event that decides something has at least the score `SURE`.
    """
    named = {label.message_id for label in labels if label.kind == kind}
    counts, misses = [], []
    for label in labels:
        if label.kind != "report" or label.message_id in named:
            continue
        one = read[label.message_id]
        sure = [x for x in one.said(kind) if x.score >= SURE and x.value and ".." not in x.value]
        sure = [x for x in sure if x.value != one.mail.parent and x.detail != "title"]
        sure = [x for x in sure if not x.rule.endswith("quoted")]  # labels are of own text
        if one.mail.is_patch:
            continue
        counts.append(Count(extra=bool(sure)))
        if sure:
            said = f"{sure[0].value} {sure[0].rule}"
            miss = Miss(kind, label.message_id, sure[0].start, sure[0].stop, "", said)
            misses.append(miss)
    return counts, misses


def is_same(one: str, other: str) -> bool:
    """Say if two names are of the same: hashes by their beginning, ranges without the ``v``.

    Examples
    --------
    >>> is_same("09854ba94c6a", "09854ba94c6aad78"), is_same("v6.1..v6.2", "6.1..6.2")
    (True, True)
    """
    if ".." in one or ".." in other:
        return _plain(one) == _plain(other)
    short = min(len(one), len(other))
    return one == other or (short >= SHORTEST and one[:short] == other[:short])


def _plain(names: str) -> list[str]:
    return [name.removeprefix("v") for name in names.split("..")]


def threads(labels: Iterable[Label]) -> Iterator[Label]:
    """Yield the labels of whole threads that nobody doubts."""
    return (label for label in labels if label.kind == "thread" and not label.doubt)

"""Citations that threadkit finds against those that were labelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.eval.corpus import Found
from tests.eval.labels import Label
from tests.eval.scores import Count
from threadkit.mail.body import blocks
from threadkit.mail.citations import Citation, citations

GROUPS = {"commit": ("commit",), "message": ("message",)}
"""What the goals are set for; every other kind is ``other``."""
BY_VALUE = frozenset(["commit", "message", "cve", "release", "syzbot"])
"""Kinds whose normal form is compared, too; of the rest, the span and the kind."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that differs: of what, where, what a labeller read and what was found."""

    group: str
    message_id: str
    start: int
    stop: int
    expected: str
    found: str


def group_of(kind: str) -> str:
    """Name the group whose figures a kind counts for."""
    return kind if kind in GROUPS else "other"


def measure(
    labels: Iterable[Label], mails: Sequence[str], corpus: Mapping[str, Found]
) -> tuple[dict[str, list[Count]], dict[str, list[Count]], list[Miss]]:
    """Count by group and mail, for every mail that was labelled whole; again by the exact span.

    By the exact span, what is right at another span is one too many and one missed. A label's
    span has the hash at least, and the title only if it stands in quotes.
    """
    of_mail: dict[str, list[Label]] = {one: [] for one in mails}
    for label in labels:
        of_mail[label.message_id].append(label)
    counts: dict[str, list[Count]] = {"commit": [], "message": [], "other": []}
    exact: dict[str, list[Count]] = {group: [] for group in counts}
    misses: list[Miss] = []
    for message_id, expected in of_mail.items():
        mail = corpus[message_id].mail
        found = citations(mail.body, blocks(mail.body))
        shifted = dict.fromkeys(counts, 0)
        for group, count in _compare(message_id, expected, found, misses, shifted).items():
            counts[group].append(count)
            other = shifted[group]
            exact[group].append(
                Count(count.right - other, count.extra + other, count.missed + other)
            )
    return counts, exact, misses


def _compare(
    message_id: str, expected: Sequence[Label], found: Sequence[Citation], misses: list[Miss],
    shifted: dict[str, int],
) -> dict[str, Count]:  # fmt: skip
    """Pair labels and citations at the same place; what is left on either side is wrong."""
    figures = dict.fromkeys(("commit", "message", "other"), Count())
    free = list(found)
    for label in expected:
        at = next((one for one in free if _overlaps(label, one)), None)
        if at is not None:
            free.remove(at)
        if label.optional:
            continue
        group = group_of(label.kind)
        if at is not None and _is_right(label, at):
            figures[group] += Count(right=1)
            shifted[group] += (at.start, at.stop) != (label.start, label.stop)
            continue
        figures[group] += Count(missed=1)
        said = ""
        if at is not None:
            figures[group_of(at.kind)] += Count(extra=1)
            said = f"{at.kind} {at.value}"
        wanted = f"{label.kind} {label.value}"
        misses.append(Miss(group, message_id, label.start, label.stop, wanted, said))
    for one in free:
        if any(_overlaps(label, one) for label in expected):  # the rest of a span already judged
            continue
        group = group_of(one.kind)
        figures[group] += Count(extra=1)
        misses.append(Miss(group, message_id, one.start, one.stop, "", f"{one.kind} {one.value}"))
    return figures


def _overlaps(label: Label, found: Citation) -> bool:
    return label.start < found.stop and found.start < label.stop


def _is_right(label: Label, found: Citation) -> bool:
    if found.kind in label.accept and (found.value in label.value or label.value in found.value):
        return True
    if found.kind != label.kind:
        return False
    return found.kind not in BY_VALUE or found.value == label.value

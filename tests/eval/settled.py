"""What threads come to in the end: culprit, fix and state of each, against the labels.

No clone is read for this, so that a fix which mails say has landed is never known to be in a
tree: ``to_be_fixed`` is right where the label says ``fixed`` and the fix was found, but in what
tree it is was not checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.eval.citing import Miss
from tests.eval.labels import Label
from tests.eval.reporting import is_same, threads
from tests.eval.scores import Count
from threadkit.analyze.regressions.regression import Fix, Regression
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive

NOBODY = "nobody knows"


def measure(labels: Iterable[Label], path: Path) -> tuple[dict[str, list[Count]], list[Miss]]:
    """Count by thread, after the whole analysis of the database."""
    analyze(path)
    counts: dict[str, list[Count]] = {"culprit": [], "fix": [], "state": []}
    misses: list[Miss] = []
    with Archive(path) as archive:
        for label in threads(labels):
            one = _main(archive.regressions(label.message_id), label.message_id)
            for what, wanted, got in _compared(label, one):
                right = is_right(wanted, got, label.accept)
                counts[what].append(Count(right, bool(any(got)) and not right, not right))
                if not right:
                    said = " or ".join(filter(None, got)) or NOBODY
                    expected = wanted or NOBODY
                    misses.append(Miss(f"thread {what}", label.message_id, 0, 0, expected, said))
    return counts, misses


def _main(found: Iterable[Regression], message_id: str) -> Regression | None:
    """Choose what the mail is mostly about: what it reports, what is tracked, what is surest."""
    return max(
        found,
        key=lambda one: (
            message_id in {report.message_id for report in one.reports},
            message_id in {event.message_id for event in one.events},
            one.tracked,
            one.score,
        ),
        default=None,
    )


def is_right(wanted: str, got: list[str], accept: tuple[str, ...]) -> bool:
    """Say if what was found is what was settled, or as right as that."""
    if any(is_same(one, name) for one in accept for name in got):
        return True
    return any(is_same(wanted, name) for name in got) if wanted else not any(got)


def _compared(label: Label, one: Regression | None) -> list[tuple[str, str, list[str]]]:
    # A patch that is not known as a commit names none.
    culprits = [each.name for each in one.culprits if "@" not in each.name] if one else []
    fixes = [name for fix in one.fixes[:1] for name in _names(fix)] if one else []
    state = [*_states(one, label)] if one else []
    return [
        ("culprit", label.culprit, culprits), ("fix", label.fix, fixes),
        ("state", label.value, state),
    ]  # fmt: skip


def _states(one: Regression, label: Label) -> list[str]:
    """Give the state, and the one that it would be had anybody looked where the fix is."""
    checked = [fix for fix in one.fixes if fix.closes and fix.mainline in ("yes", "no")]
    names = [name for fix in one.fixes for name in _names(fix)]
    is_named = bool(label.fix) and any(is_same(label.fix, name) for name in names)
    if (one.state, label.value) == ("to_be_fixed", "fixed") and is_named and not checked:
        return [one.state, "fixed"]
    return [one.state]


def _names(fix: Fix) -> list[str]:
    """Give every name of a fix: as written, its hash, its mail."""
    return list(dict.fromkeys(filter(None, (fix.name, fix.sha, fix.message_id))))

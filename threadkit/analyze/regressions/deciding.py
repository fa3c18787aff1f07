"""Which of several fixes made the state of a regression, and when."""

from __future__ import annotations

from collections.abc import Sequence

from threadkit.analyze.regressions.commit_names import is_hash
from threadkit.analyze.regressions.regression import Event, Fix, Regression

_NAMING = ("fix", "closes", "merged", "landed")
_NO_MORE = ("superseded", "undone")


def deciding_fix(one: Regression) -> Fix | None:
    """Return the fix that counts.

    Parameters
    ----------
    one : Regression
        In any state.

    Returns
    -------
    Fix or None
        Of what is fixed the one that made it so; of what is to be fixed the one that was
        named last; else the first that was posted and neither undone nor replaced.
    """
    left = [fix for fix in one.fixes if fix.status not in _NO_MORE]
    if one.state not in ("fixed", "to_be_fixed"):
        return left[0] if left else None
    chosen: Fix | None = None
    named: Fix | None = None
    before = ""
    for event in one.events:
        fix = _named(event, left) if event.kind in _NAMING else None
        named = fix or named
        came = event.state == one.state != before
        again = fix is not None and event.state == one.state and _takes_over(one, event, fix)
        if came or again:
            chosen = fix or named
        before = event.state
    closing = [fix for fix in left if fix.closes]
    return chosen or next(iter(closing or left), None)


def decided_utc(one: Regression) -> str | None:
    """Return when the present state came to be; None if nobody knows, or while it is open.

    Parameters
    ----------
    one : Regression
        In any state.

    Returns
    -------
    str or None
        Of what is fixed by a commit the time at which that was applied: the date on which
        its author wrote it is not one on which it fixed anything.
    """
    if one.state == "open":
        return None
    came, before = None, ""
    for event in one.events:
        if event.state == one.state != before:
            came = event
        before = event.state
    if came is not None and came.message_id is None and one.state in ("fixed", "to_be_fixed"):
        fix = deciding_fix(one)
        return fix.merged_utc if fix else None
    return came.utc if came else None


def _takes_over(one: Regression, event: Event, fix: Fix) -> bool:
    """Tell whether a fix that is named in the same state takes the place of the one before."""
    if not fix.closes:
        return False
    if event.kind == "fix":  # the newest naming counts, also of what has landed long ago
        return event.source in ("command", "curated") or not one.tracked
    return one.state == "to_be_fixed"


def _named(event: Event, fixes: Sequence[Fix]) -> Fix | None:
    """Return the fix that an event is about."""
    value = event.value
    for fix in fixes:
        if value and value in (fix.sha, fix.name, fix.message_id, fix.title):
            return fix
        if is_hash(value) and (fix.sha or fix.name).startswith(value):
            return fix
    return None

"""What the commands and commits make of a tracked regression: its state, and why.

:func:`apply` takes one regression one step further and forgets nothing. Whose commands are
whose is the business of :mod:`threadkit.analyze.regressions.cases`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from threadkit.analyze.regressions.regzbot import message_of

State = Literal["open", "to_be_fixed", "fixed", "resolved", "inconclusive"]
Tree = Literal["", "next", "mainline", "stable"]

CLOSED: frozenset[State] = frozenset({"fixed", "resolved", "inconclusive"})
REOPENING = frozenset({"introduced", "fix"})
"""Commands that make a closed regression an open one again."""

SILENCE_DAYS = 90
BACKBURNER_SILENCE_DAYS = 180

_DOWNSTREAM: Mapping[Tree, int] = {"next": -1, "mainline": 0, "stable": 1}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a tracked regression.

    Attributes
    ----------
    utc : str or None
        ISO 8601 with Z.
    name : str
        A command's canonical name; or ``report``, ``activity``, ``commit`` (one that links
        the report, or that was expected), ``note-commit`` (its ``Fixes:`` names the
        culprit, which closes nothing).
    value : str
        Of the command in normal form; of a commit its hash.
    source : str
        Message-ID of the mail, or hash of the commit.
    tree : {'', 'next', 'mainline', 'stable'}
        Of the commit; empty if unknown.
    state, why : str
        What it made of the regression, and by which rule; empty before :func:`apply`.
    """

    utc: str | None
    name: str
    value: str = ""
    source: str = ""
    tree: Tree = ""
    state: State | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A regression as the tracker sees it.

    Attributes
    ----------
    report : str
        Message-ID of the report, or the URL of a bug.
    reported_utc : str or None
        When, if that is known here.
    tree : {'', 'next', 'mainline', 'stable'}
        The first of these that has the culprit, as far as is known.
    introduced : str
        A commit or ``A..B``, as written.
    title, reporter : str
        As commands set them.
    state : State
        Where it stands.
    why : str
        The rule and the reason.
    fix : str
        Hash or title of the commit that is to fix it, or did.
    duplicate_of : str
        The older report of the same regression.
    backburner : str or None
        Why nothing is expected soon; None if it is not there.
    poked_utc, active_utc : str or None
        The last poke; the last mail that is activity.
    monitored : tuple of str
        Message-IDs of other conversations that belong to it.
    links : tuple of str
        URLs, with their titles behind a space.
    history : tuple of Step
        All that changed it or was said of it, in the order taken; never shortened.
    """

    report: str
    reported_utc: str | None = None
    tree: Tree = ""
    introduced: str = ""
    title: str = ""
    reporter: str = ""
    state: State = "open"
    why: str = "reported"
    fix: str = ""
    duplicate_of: str = ""
    backburner: str | None = None
    poked_utc: str | None = None
    active_utc: str | None = None
    monitored: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    history: tuple[Step, ...] = ()

    @property
    def is_identified(self) -> bool:
        """Tell whether one commit, not a range, is named as the culprit."""
        return bool(self.introduced) and ".." not in self.introduced

    @property
    def is_poked(self) -> bool:
        """Tell whether nothing happened since somebody asked for news."""
        return self.poked_utc is not None and (self.active_utc or "") < self.poked_utc

    def state_at(self, utc: str) -> tuple[State, str]:
        """Say how it would be listed on a date.

        Parameters
        ----------
        utc : str
            ISO 8601 with Z.

        Returns
        -------
        (State, str)
            ``inconclusive`` for an open one after 90 days of silence, or 180 on the back
            burner, counted from the last activity; this is only shown, never stored.

        Examples
        --------
        >>> one = Tracked("a@example.org", "2024-01-01T00:00:00Z")
        >>> one.state_at("2024-03-31T00:00:00Z")[0], one.state_at("2024-04-01T00:00:00Z")[0]
        ('open', 'inconclusive')
        """
        last = self.active_utc or self.reported_utc
        if self.state != "open" or last is None:
            return self.state, self.why
        days = SILENCE_DAYS if self.backburner is None else BACKBURNER_SILENCE_DAYS
        if datetime.fromisoformat(utc) - datetime.fromisoformat(last) <= timedelta(days=days):
            return self.state, self.why
        return "inconclusive", f"nothing heard for over {days} days, since {last}"


def apply(tracked: Tracked, step: Step) -> Tracked:
    """Take a regression one step further.

    Parameters
    ----------
    tracked : Tracked
        As it was.
    step : Step
        What happened; a name that means nothing is kept in the history.

    Returns
    -------
    Tracked
        As it is now; its history has the step last, with the state and the reason, but
        for mere activity, which is only dated.

    Examples
    --------
    >>> one = apply(Tracked("a@example.org"), Step(None, "fix", "f0f0f0f0f0f0", "b@example.org"))
    >>> one.state, one.why
    ('to_be_fixed', 'fix: f0f0f0f0f0f0 is expected')
    >>> apply(one, Step(None, "resolve", "user error")).why
    'resolve: user error'

    References
    ----------
    regzbot docs/reference.md.
    """
    if step.name == "activity":
        latest = max(filter(None, (tracked.active_utc, step.utc)), default=None)
        return replace(tracked, active_utc=latest)
    change = _CHANGES.get(step.name)
    changed = change(tracked, step) if change else tracked
    why = changed.why if changed.state != tracked.state or changed.why != tracked.why else ""
    said = step.why or why or (step.name if change else f"{step.name}: no such command")
    done = replace(step, state=changed.state, why=said)
    return replace(changed, history=(*tracked.history, done))


def _introduced(tracked: Tracked, step: Step) -> Tracked:
    commit = step.value.split(" ", 1)[0]
    tracked = replace(tracked, introduced=commit)
    if tracked.state in CLOSED:
        return replace(tracked, state="open", why=f"introduced: {commit} is named again")
    return tracked


def _fix(tracked: Tracked, step: Step) -> Tracked:
    why = f"fix: {step.value} is expected"
    return replace(tracked, state="to_be_fixed", fix=step.value, why=why)


def _commit(tracked: Tracked, step: Step) -> Tracked:
    """Close it if the commit is where the culprit is; a fix upstream is on its way."""
    state = settles(tracked.tree, step.tree)
    where = step.tree or "a tree that is not known"
    if state is None or tracked.state in ("fixed", "resolved"):
        return tracked
    if state == "fixed":
        return replace(tracked, state=state, fix=step.value, why=f"commit: in {where}")
    if tracked.state == "inconclusive":
        return tracked
    why = f"commit: in {where}, culprit in {tracked.tree or 'one not known'}"
    return replace(tracked, state=state, fix=step.value, why=why)


def settles(culprit: Tree, fix: Tree) -> State | None:
    """Say what a fix in one tree does for a regression in another.

    Parameters
    ----------
    culprit, fix : {'', 'next', 'mainline', 'stable'}
        Where the culprit and the fix are.

    Returns
    -------
    State or None
        ``fixed`` in the same tree; ``to_be_fixed`` if the fix is upstream or either is
        unknown; None, a mere note, if it is downstream.

    Examples
    --------
    >>> settles("mainline", "next"), settles("stable", "stable"), settles("mainline", "stable")
    ('to_be_fixed', 'fixed', None)
    """
    if not culprit or not fix:
        return "to_be_fixed"
    if culprit == fix:
        return "fixed"
    return "to_be_fixed" if _DOWNSTREAM[fix] < _DOWNSTREAM[culprit] else None


def _closing(state: State) -> Callable[[Tracked, Step], Tracked]:
    def close(tracked: Tracked, step: Step) -> Tracked:
        why = f"{step.name}: {step.value}".removesuffix(": ")
        return replace(tracked, state=state, why=why)

    return close


def _relate(tracked: Tracked, step: Step) -> Tracked:
    target = message_of(step.value.split(" ", 1)[0], None, "") or ""
    if step.name == "relate" and "://" not in target and target not in tracked.monitored:
        tracked = replace(tracked, monitored=(*tracked.monitored, target))
    return replace(tracked, links=(*_without(tracked.links, step.value), step.value))


def _unrelate(tracked: Tracked, step: Step) -> Tracked:
    target = message_of(step.value.split(" ", 1)[0], None, "")
    monitored = tuple(one for one in tracked.monitored if one != target)
    return replace(tracked, monitored=monitored, links=_without(tracked.links, step.value))


def _without(links: tuple[str, ...], url: str) -> tuple[str, ...]:
    target = message_of(url.split(" ", 1)[0], None, "")
    return tuple(one for one in links if message_of(one.split(" ", 1)[0], None, "") != target)


def _nothing(tracked: Tracked, step: Step) -> Tracked:
    return tracked


_CHANGES: Mapping[str, Callable[[Tracked, Step], Tracked]] = {
    "report": _nothing,
    "introduced": _introduced,
    "fix": _fix,
    "commit": _commit,
    "note-commit": _nothing,
    "resolve": _closing("resolved"),
    "inconclusive": _closing("inconclusive"),
    "duplicate": lambda one, step: replace(one, duplicate_of=step.value),
    "summary": lambda one, step: replace(one, title=step.value),
    "from": lambda one, step: replace(one, reporter=step.value),
    "relate": _relate,
    "relatebrief": _relate,
    "unrelate": _unrelate,
    "backburn": lambda one, step: replace(one, backburner=step.value),
    "unbackburn": lambda one, step: replace(one, backburner=None),
    "poke": lambda one, step: replace(one, poked_utc=step.utc),
    "note": _nothing,
    "ignore-activity": _nothing,
}

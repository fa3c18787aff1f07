"""Stories: A broke X, whose fix B broke Y, whose fix broke Z.

The thread of a story are commits. A commit leads to the regressions that it caused, and
a regression to the commits that fixed it; a fix that caused nothing ends the story.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from threadkit.analyze.regressions.commit_names import CommitNames
from threadkit.analyze.regressions.facts import CommitFacts
from threadkit.analyze.regressions.regression import Regression, days

_LATE = "9999"
_DEEPEST = 40  # what is deeper is not indented further


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a story.

    Attributes
    ----------
    depth : int
        0 for the commit that it begins with.
    kind : str
        ``commit``, ``broke`` (a regression), ``fixed by`` (a commit), ``reverted by``,
        ``repaired by`` (a commit whose ``Fixes:`` is all that is known).
    name : str
        Hash, or key of the regression.
    title : str
        Of the commit or the regression.
    utc : str or None
        Applied, or else written; or reported.
    delay_days : float or None
        Since the step that it hangs on, where both dates are known; negative before it.
    detail : str
        Release of a commit, state of a regression.
    again : bool
        It is told in full above.
    is_written : bool
        ``utc`` is when the commit was written; when it was applied is not known.
    """

    depth: int
    kind: str
    name: str
    title: str
    utc: str | None
    delay_days: float | None
    detail: str
    again: bool = False
    is_written: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Story:
    """A commit and what followed from it.

    Attributes
    ----------
    root : str
        Hash of the commit that it begins with.
    path : tuple of str
        The longest way: hashes of commits, each the fix of what the one before broke.
    regressions : tuple of str
        Keys of all regressions in it.
    steps : tuple of Step
        To be printed one a line, indented by their depth.
    """

    root: str
    path: tuple[str, ...]
    regressions: tuple[str, ...]
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        return (
            f"<Story {self.root[:12]} {len(self.steps)} steps, {len(self.regressions)} regressions>"
        )


def chains(regressions: Iterable[Regression], commits: Iterable[CommitFacts] = ()) -> list[Story]:
    """Tell the stories that regressions make.

    Parameters
    ----------
    regressions : iterable of Regression
        All of them.
    commits : iterable of CommitFacts
        All that are known: a revert of a commit, too, is a part of its story.

    Returns
    -------
    list of Story
        The longest way first, then most regressions. One regression whose fix broke
        nothing is no story, nor is one commit that broke one thing.

    Notes
    -----
    Each commit and regression is told once in a story; where ways meet again, the step
    says so.
    """
    web = _Web(list(regressions), list(commits))
    told = [_story(web, root) for root in web.roots()]
    found = [one for one in told if len(one.path) > 2 or len(one.regressions) > 1]
    return sorted(found, key=lambda one: (-len(one.path), -len(one.regressions), one.root))


@dataclass
class _Web:
    """Commits and regressions, and what leads from each to which."""

    regressions: Sequence[Regression]
    facts: Sequence[CommitFacts]
    commits: dict[str, CommitFacts] = field(init=False)
    caused: dict[str, list[Regression]] = field(init=False)
    later: dict[str, list[tuple[str, str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.commits = {one.sha: one for one in self.facts}
        written = {c.name for r in self.regressions for c in r.culprits if c.is_single}
        written |= {f.name for r in self.regressions for f in r.fixes}
        self.names = CommitNames(self.commits, written=written)
        self.titles = self._titles()
        self.caused = defaultdict(list)
        for one in self.regressions:
            for culprit in one.causes:
                self.caused[self.names.key(culprit.name)].append(one)
        self.fixing = {one.key: self._fixes(one) for one in self.regressions}
        fixes = {name for names in self.fixing.values() for name in names}
        self.later = defaultdict(list)
        for commit in self.commits.values():
            if commit.values("backports"):
                continue
            for kind, label in (("reverts", "reverted by"), ("fixes", "repaired by")):
                for name in dict.fromkeys(commit.values(kind)):
                    if commit.sha not in fixes or kind == "reverts":
                        self.later[self.names.key(name)].append((label, commit.sha))

    def _fixes(self, one: Regression) -> list[str]:
        """Return the commits that fixed a regression, or are said to."""
        wanted = [fix for fix in one.fixes if fix.closes and fix.status != "superseded"]
        return list(
            dict.fromkeys(self.names.key(fix.name) for fix in wanted if "@" not in fix.name)
        )

    def roots(self) -> list[str]:
        """Return the commits that broke something and fixed nothing that a commit had broken."""
        fixes = {name for one in self.regressions if one.causes for name in self.fixing[one.key]}
        found = sorted(self.caused.keys() - fixes)
        reached: set[str] = set()
        for name in found:
            self._reach(name, reached)
        # A ring of fixes that broke each other has no beginning: it begins with its oldest.
        for name in sorted(self.caused, key=lambda one: (self.utc(one) or _LATE, one)):
            if name not in reached:
                found.append(name)
                self._reach(name, reached)
        return found

    def _reach(self, name: str, reached: set[str]) -> None:
        left = [name]
        while left:
            at = left.pop()
            if at not in reached:
                reached.add(at)
                left += [fix for one in self.caused[at] for fix in self.fixing[one.key]]

    def utc(self, name: str) -> str | None:
        """Return when a commit was applied, or else written."""
        commit = self.commits.get(name)
        return (commit.committer_utc or commit.author_utc) if commit else None

    def title(self, name: str) -> str:
        """Return what a commit is called, as itself or others say."""
        return self.commits[name].subject if name in self.commits else self.titles.get(name, "")

    def _titles(self) -> dict[str, str]:
        """Return what the regressions call commits; the first that has a title counts."""
        found: dict[str, str] = {}
        for one in self.regressions:
            named = [(each.name, each.title) for each in one.culprits]
            for name, title in (*named, *((each.name, each.title) for each in one.fixes)):
                if title:
                    found.setdefault(self.names.key(name), title)
        return found

    def mended(self, name: str) -> list[str]:
        """Return the fixes of all that a commit broke, each once, in order."""
        found = (fix for one in self.caused.get(name, ()) for fix in self.fixing[one.key])
        return sorted(dict.fromkeys(found))


_Telling = Iterator[Any]
"""Adds steps, and gives what is to be told before it goes on: the same of other things."""


class _Teller:
    """Tells one story; each telling is resumed after what it gave was told to its end.

    A story may be thousands of fixes deep, more than functions may call each other.
    """

    def __init__(self, web: _Web) -> None:
        self._web = web
        self._told: set[tuple[str, str]] = set()
        self.steps: list[Step] = []

    def tell(self, root: str) -> list[Step]:
        """Tell all that followed from a commit."""
        left: list[_Telling] = [self._commit(root, "commit", 0, None)]
        while left:
            below = next(left[-1], None)
            if below is None:
                left.pop()
            else:
                left.append(below)
        return self.steps

    def _commit(self, name: str, kind: str, depth: int, since: str | None) -> _Telling:
        """Add a commit, and then what it broke."""
        web = self._web
        commit, utc = web.commits.get(name), web.utc(name)
        detail = (commit.release or "") if commit else ""
        is_told = ("commit", name) in self._told
        again = is_told and bool(web.caused.get(name))
        is_written = commit is not None and not commit.committer_utc and bool(utc)
        delay, title = _delay(since, utc), web.title(name)
        self.steps.append(Step(depth, kind, name, title, utc, delay, detail, again, is_written))
        if is_told:
            return
        self._told.add(("commit", name))
        broke = sorted(web.caused.get(name, ()), key=lambda r: (r.reported_utc or _LATE, r.key))
        for one in broke:
            yield self._regression(one, depth + 1, utc)
        fixes = {fix for one in broke for fix in web.fixing[one.key]}
        for label, sha in web.later.get(name, ()):
            if sha not in fixes and ("commit", sha) not in self._told:
                yield self._commit(sha, label, depth + 1, utc)

    def _regression(self, one: Regression, depth: int, since: str | None) -> _Telling:
        """Add a regression, and then what fixed it."""
        again = ("regression", one.key) in self._told
        state = one.state.replace("_", " ")
        delay, utc = _delay(since, one.reported_utc), one.reported_utc
        self.steps.append(Step(depth, "broke", one.key, one.title, utc, delay, state, again))
        if again:
            return
        self._told.add(("regression", one.key))
        for name in self._web.fixing[one.key]:
            yield self._commit(name, "fixed by", depth + 1, one.reported_utc)


def _story(web: _Web, root: str) -> Story:
    """Tell what followed from a commit."""
    steps = _Teller(web).tell(root)
    keys = tuple(dict.fromkeys(step.name for step in steps if step.kind == "broke"))
    return Story(root, _longest(web, root), keys, tuple(steps))


def _longest(web: _Web, root: str) -> tuple[str, ...]:
    """Return the longest way from a commit over fixes that broke something, rings cut.

    Each commit is left once, with the longest way below it: ways that meet are not walked
    again. A ring is cut where it comes back to the way that leads into it.
    """
    best: dict[str, tuple[int, str]] = {}  # commits of the way, and the next of them
    above = {root: iter(web.mended(root))}
    ways: dict[str, list[tuple[int, str]]] = {root: [(0, "")]}
    while above:
        name = next(reversed(above))
        fix = next(above[name], None)
        if fix is None:
            del above[name]
            best[name] = max(ways.pop(name))
            if above:
                ways[next(reversed(above))].append((best[name][0] + 1, name))
        elif fix in best:
            ways[name].append((best[fix][0] + 1, fix))
        elif fix not in above:
            above[fix], ways[fix] = iter(web.mended(fix)), [(0, "")]
    path = [root]
    while following := best[path[-1]][1]:
        path.append(following)
    return tuple(path)


def _delay(begin: str | None, end: str | None) -> float | None:
    return days(begin, end) if begin and end else None


def story_lines(story: Story, names: Mapping[str, str] | None = None) -> list[str]:
    """Set a story as plain text, one step a line.

    Parameters
    ----------
    story : Story
        To be told.
    names : mapping of str to str, optional
        What to call a regression, by its key; else its title.

    Returns
    -------
    list of str
        Indented by two spaces a step.

    Examples
    --------
    >>> step = Step(1, "broke", "a@example.org", "no sound", "2024-03-01T09:00:00Z", 8.5, "open")
    >>> story_lines(Story("01" * 20, (), (), (step,)))
    ['  broke: no sound (2024-03-01, after 8.5 days, open)']
    >>> step = Step(0, "fixed by", "01" * 20, "", "2024-03-01", -3.0, "", is_written=True)
    >>> story_lines(Story("01" * 20, (), (), (step,)))
    ['fixed by 010101010101 (2024-03-01, written 3 days before)']
    """
    return [_line(step, names or {}) for step in story.steps]


def _line(step: Step, names: Mapping[str, str]) -> str:
    if step.kind == "broke":
        what = f"{step.kind}: {names.get(step.name) or step.title or step.name}"
    else:
        label = "" if step.kind == "commit" else f"{step.kind} "
        title = f' ("{step.title}")' if step.title else ""
        what = f"{label}{step.name[:12]}{title}"
    facts = [(step.utc or "")[:10], _later(step), step.detail, "told above" if step.again else ""]
    said = ", ".join(filter(None, facts))
    return f"{'  ' * min(step.depth, _DEEPEST)}{what}{f' ({said})' if said else ''}"


def _later(step: Step) -> str:
    """Say how long after, or before, the step that it hangs on."""
    if step.delay_days is None:
        return ""
    if step.delay_days >= 0:
        return f"after {step.delay_days:g} days"
    # A patch may be older than the report that it answers, or than the commit it was for.
    return f"{'written ' if step.is_written else ''}{-step.delay_days:g} days before"

"""Which commits were undone, and stayed so: a revert that was reverted undoes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from threadkit.analyze.regressions.facts import CommitFacts
from threadkit.analyze.regressions.trees import branch_of


@dataclass(frozen=True)
class Undoing:
    """What reverts have done, each commit by its whole hash.

    Attributes
    ----------
    undone : mapping of str to sequence of str
        By which commits it is undone, in its own tree.
    doubted : mapping of str to sequence of str
        Which commits may undo it: nobody knows their tree, or whether they still stand.
    taken_back : mapping of str to sequence of str
        Which commits undid it and were undone themselves.
    """

    undone: Mapping[str, Sequence[str]] = field(default_factory=dict)
    doubted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    taken_back: Mapping[str, Sequence[str]] = field(default_factory=dict)


def undoing(commits: Mapping[str, CommitFacts], reverts: Mapping[str, Sequence[str]]) -> Undoing:
    """See which reverts count.

    Parameters
    ----------
    commits : mapping of str to CommitFacts
        By whole hash.
    reverts : mapping of str to sequence of str
        A commit to those that say they revert it.

    Returns
    -------
    Undoing
        The same for any order. A ring of reverts, which only a forger makes, undoes
        nothing where it is entered.

    Notes
    -----
    Linear in reverts; chains of any length.
    """
    undone: dict[str, list[str]] = {}
    doubted: dict[str, list[str]] = {}
    taken_back: dict[str, list[str]] = {}
    for name in _last_first(reverts):
        for sha in reverts[name]:
            fix = commits.get(name)
            counts = undoes(commits[sha], fix) if fix is not None else None
            if sha in undone:
                taken_back.setdefault(name, []).append(sha)
            elif counts and sha not in doubted:
                undone.setdefault(name, []).append(sha)
            elif counts is not False:
                doubted.setdefault(name, []).append(sha)
    return Undoing(undone, doubted, taken_back)


def _last_first(reverts: Mapping[str, Sequence[str]]) -> list[str]:
    """Order what is reverted so that the reverts of its reverts come before it."""
    found: dict[str, None] = {}
    for name in sorted(reverts):
        above, left = {name}, [(name, iter(reverts[name]))]
        while left:
            at, rest = left[-1]
            sha = next((one for one in rest if one in reverts), None)
            if sha is None:
                left.pop()
                above.discard(at)
                found.setdefault(at)
            elif sha not in above and sha not in found:
                above.add(sha)
                left.append((sha, iter(reverts[sha])))
    return list(found)


def undoes(revert: CommitFacts, fix: CommitFacts) -> bool | None:
    """Tell whether a revert is in the tree of what it reverts; None if nobody knows.

    Parameters
    ----------
    revert, fix : CommitFacts
        The one names the other.

    Examples
    --------
    >>> fix = CommitFacts("01" * 20, "mm: x", "Ann", None, None, "v6.8", "yes")
    >>> undoes(CommitFacts("23" * 20, 'Revert "mm: x"', "Ann", None, None, "v6.7.9", "no"), fix)
    False
    """
    if "not checked" in (revert.mainline, fix.mainline):
        return None
    if revert.mainline != fix.mainline:
        return False
    return fix.mainline == "yes" or branch_of(revert.release) == branch_of(fix.release)

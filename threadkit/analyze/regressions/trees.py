"""In which tree a commit is, and whether a fix is in that of what it fixes."""

from __future__ import annotations

from collections.abc import Iterable

from threadkit.analyze.regressions.facts import CommitFacts
from threadkit.analyze.regressions.regzbot_states import Tree
from threadkit.commits.releases import parse_release


def is_in_tree(commit: CommitFacts, causes: Iterable[CommitFacts]) -> bool:
    """Tell whether a fix is known to be in the tree that has the culprit.

    Parameters
    ----------
    commit : CommitFacts
        The fix.
    causes : iterable of CommitFacts
        What it fixes, as far as known.

    Notes
    -----
    The culprit of a stable branch that is no mainline commit is fixed there, by a commit of
    the same branch; any other is fixed by a commit of the mainline.
    """
    causes = list(causes)
    if not causes or any(tree_of(x.mainline, x.release or "") != "stable" for x in causes):
        return commit.mainline == "yes"
    branches = {branch_of(one.release) for one in causes}
    return commit.mainline == "no" and branch_of(commit.release) in branches - {None}


def tree_of(mainline: str, release: str) -> Tree:
    """Say in which tree a commit is.

    Parameters
    ----------
    mainline : str
        yes, no, not checked.
    release : str
        The first release that has it; may be empty.

    Returns
    -------
    {'', 'next', 'mainline', 'stable'}
        ``next`` for a commit that is not in mainline nor in a release; empty if it was not
        looked up.

    Examples
    --------
    >>> tree_of("yes", "v5.9"), tree_of("no", "v5.9.3"), tree_of("not checked", "")
    ('mainline', 'stable', '')
    """
    if mainline == "yes":
        return "mainline"
    if mainline != "no":
        return ""
    return "stable" if release else "next"


def branch_of(release: str | None) -> tuple[int, ...] | None:
    """Return the numbers of the stable branch that a release is of; None for the mainline.

    Examples
    --------
    >>> branch_of("v5.15.12"), branch_of("v5.15")
    ((5, 15), None)
    """
    parsed = parse_release(release) if release else None
    return None if parsed is None or parsed.is_mainline_name else parsed.numbers[:-1]

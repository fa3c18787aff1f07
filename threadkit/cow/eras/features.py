"""Since when Linux has what a scenario asks for, and what an era did not have yet.

The model runs every scenario under every era's rules, also where the kernels of the era knew
nothing of huge pages, KSM or userfaultfd. What comes out then is what the rules would do, no
finding about a kernel; :func:`absent` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from threadkit.cow.eras.era import Era
from threadkit.cow.eras.release import parse_release, release_named
from threadkit.cow.litmus.syntax import Litmus

What = Literal["page", "word", "operation", "advice"]


@dataclass(frozen=True, slots=True)
class Feature:
    """A word of the language that stands for something younger than 2.6.12.

    Attributes
    ----------
    what : str
        ``page`` (a kind), ``word`` (of a page or an operation), ``operation`` or ``advice``.
    name : str
        As scenarios write it.
    since : str
        First release that has it.
    commit : str
        12 hex digits of what brought it.
    checked : str
        How release and commit were verified: ``manual page``, ``commit list`` (id and subject
        seen together in a mail or a tag), or ``memory``.
    instead : str
        What it means before that, if it means something: then the answer stands. Else empty.
    """

    what: What
    name: str
    since: str
    commit: str
    checked: str
    instead: str = ""


_PLAIN = "a plain reference is taken"
_ROWS: tuple[tuple[What, str, str, str, str], ...] = (
    ("page", "ksm", "2.6.32", "f8af4da3b4c1", "manual page"),
    ("page", "thp", "2.6.38", "71e3aac0724f", "commit list"),
    ("page", "hugetlb", "2.6.16", "1e8f889b10d8", "commit list"),
    ("word", "mergeable", "2.6.32", "f8af4da3b4c1", "manual page"),
    ("word", "pte_mapped", "4.5", "53f9263baba6", "commit list"),
    ("word", "fast", "2.6.27", "8174c430e445", "memory"),
    ("operation", "vmsplice", "2.6.17", "912d35f86781", "manual page"),
    ("operation", "process_vm_readv", "3.2", "fcf634098c00", "commit list"),
    ("operation", "process_vm_writev", "3.2", "fcf634098c00", "commit list"),
    ("operation", "clear_refs", "3.11", "0f8975ec4db2", "commit list"),
    ("operation", "uffd_wp", "5.7", "292924b26024", "commit list"),
    ("operation", "uffd_unwp", "5.7", "292924b26024", "commit list"),
    ("operation", "uffd_continue", "5.14", "153132571f02", "manual page"),
    ("operation", "ksm_merge", "2.6.32", "f8af4da3b4c1", "manual page"),
    ("operation", "ksm_unmerge", "2.6.32", "f8af4da3b4c1", "manual page"),
    ("advice", "DONTFORK", "2.6.16", "f822566165dd", "manual page"),
    ("advice", "DOFORK", "2.6.16", "f822566165dd", "manual page"),
    ("advice", "MERGEABLE", "2.6.32", "f8af4da3b4c1", "manual page"),
    ("advice", "UNMERGEABLE", "2.6.32", "f8af4da3b4c1", "manual page"),
    ("advice", "PAGEOUT", "5.4", "1a4e58cce84e", "manual page"),
    ("advice", "WIPEONFORK", "4.14", "d2cd9ede6e19", "manual page"),
    ("advice", "COLLAPSE", "6.1", "7d8faaf15545", "manual page"),
)

FEATURES = (
    *(Feature(*row) for row in _ROWS),
    Feature("operation", "pin", "5.7", "3faa52c03f44", "commit list", _PLAIN),
)
"""Every such word. What is in none of the rows is as old as the oldest era."""

_BY_NAME = {(one.what, one.name): one for one in FEATURES}


def features_of(litmus: Litmus) -> tuple[Feature, ...]:
    """Return the words of a scenario that are younger than the oldest era.

    Parameters
    ----------
    litmus : Litmus
        The scenario.

    Returns
    -------
    tuple of Feature
        Each once, the youngest last.
    """
    named: list[tuple[What, str]] = []
    for page in litmus.pages:
        named += [("page", page.kind), *(("word", word) for word in page.words)]
    for op in litmus.ops():
        what: What = "advice" if op.verb == "madvise" else "word"
        named += [("operation", op.verb), *((what, word) for word in op.words)]
    found = dict.fromkeys(_BY_NAME[one] for one in named if one in _BY_NAME)
    return tuple(sorted(found, key=lambda one: release_named(one.since)))


def absent(litmus: Litmus, era: Era) -> tuple[Feature, ...]:
    """Return what a scenario uses and no kernel of an era had.

    Parameters
    ----------
    litmus : Litmus
        The scenario.
    era : Era
        The kernels.

    Returns
    -------
    tuple of Feature
        Empty if the last release of the era has it all. Those with an ``instead`` leave the
        answer as it is; with another one, it is what the era's rules would do.

    Examples
    --------
    >>> from threadkit.cow.eras import era
    >>> from threadkit.cow.library import scenario
    >>> for key in ("B", "C"):
    ...     print([one.name for one in absent(scenario("S5t").litmus, era(key))])
    ['thp']
    []
    """
    last = _last_series(era)
    if last is None:
        return ()
    return tuple(one for one in features_of(litmus) if release_named(one.since).series > last)


def _last_series(era: Era) -> tuple[int, ...] | None:
    """Return the last release that has an era's rules; None if that is still to come."""
    if era.kernels.endswith(".."):
        return None
    words = era.kernels.rpartition("..")[2].replace(",", " ").split()
    for word in words:
        release = parse_release(word.removesuffix(".y"))
        if release is not None:
            return release.series
    # A kernel that was built: what it was built from is in its changes.
    dated = [release_named(one.release) for one in era.changes if one.release]
    return max(dated).series

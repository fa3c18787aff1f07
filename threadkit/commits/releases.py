"""The names of releases: which tags are some, in which order, which of them are mainline.

A repository of the kernel is known by its candidates: ``v5.9-rc1`` has two numbers. There
``v5.9`` and its candidates are mainline and ``v5.9.1`` is of a stable branch. Elsewhere
(``v2.28.0``, ``v2.28.0-rc1``) the name does not tell; the branch has to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_RELEASE = re.compile(r"v(\d{1,5}(?:\.\d{1,5}){0,4})(?:-rc(\d{1,4}))?")
_FINAL = 1 << 20  # sorts a release behind its candidates
_CANDIDATE_PARTS = 2
_OLD_PARTS = 3  # 2.6.N


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """A release by its numbers; releases compare in the order in which they supersede.

    ``candidate`` is N of ``-rcN``, and larger than any for the release itself.
    """

    numbers: tuple[int, ...]
    candidate: int
    name: str

    @property
    def is_candidate(self) -> bool:
        """Tell ``v5.9-rc1`` from ``v5.9``."""
        return self.candidate != _FINAL

    @property
    def is_old(self) -> bool:
        """Tell the numbering of the kernel up to 2.6.39, where the third number counts."""
        return self.numbers[:2] == (2, 6)

    @property
    def is_mainline_name(self) -> bool:
        """Tell whether the kernel's numbering puts it on the mainline."""
        return len(self.numbers) == (_OLD_PARTS if self.is_old else _CANDIDATE_PARTS)


def parse_release(tag: str) -> Release | None:
    """Read the name of a tag.

    Parameters
    ----------
    tag : str
        Without ``refs/tags/``.

    Returns
    -------
    Release or None
        None for a tag that is no release.

    Examples
    --------
    >>> names = ["v5.10-rc1", "v5.9", "v5.9.1", "v5.9-rc10", "v5.9-rc2", "v2.6.39"]
    >>> [r.name for r in sorted(filter(None, map(parse_release, names)))]
    ['v2.6.39', 'v5.9-rc2', 'v5.9-rc10', 'v5.9', 'v5.9.1', 'v5.10-rc1']
    >>> parse_release("next-20200901") is None and parse_release("v5.9-rc1-broken") is None
    True
    """
    found = _RELEASE.fullmatch(tag)
    if not found or not tag.isascii():
        return None
    numbers = tuple(map(int, found[1].split(".")))
    return Release(numbers, int(found[2]) if found[2] else _FINAL, tag)


def releases(tags: Iterable[str]) -> list[Release]:
    """Return the releases among some tags, oldest first."""
    return sorted(filter(None, map(parse_release, tags)))


def is_kernel_like(known: Iterable[Release]) -> bool:
    """Tell whether releases are numbered as the kernel's.

    Examples
    --------
    >>> is_kernel_like(releases(["v5.9-rc1"])), is_kernel_like(releases(["v2.28.0-rc1"]))
    (True, False)
    """
    return any(one.is_mainline_name and (one.is_candidate or one.is_old) for one in known)


def mainline_tags(tags: Iterable[str]) -> list[str]:
    """Return the tags whose names alone say that they are of the mainline, oldest first.

    Parameters
    ----------
    tags : iterable of str
        All tags of a repository.

    Returns
    -------
    list of str
        Empty where releases are not numbered as the kernel's.

    Examples
    --------
    >>> mainline_tags(["v5.9.1", "v5.9", "v5.9-rc1", "v2.6.39.4", "v2.6.39", "next-1"])
    ['v2.6.39', 'v5.9-rc1', 'v5.9']
    >>> mainline_tags(["v2.28.0", "v2.28.0-rc1"])
    []
    """
    known = releases(tags)
    if not is_kernel_like(known):
        return []
    return [one.name for one in known if one.is_mainline_name]

"""Hashes as people write them, brought to one name for each commit, without guessing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

_HASH = re.compile(r"[0-9a-f]{7,64}")
_SURE = 7  # digits that git itself thinks enough to tell commits apart


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a written hash is: the whole one, or why it is not known."""

    sha: str | None
    why: str = ""


class CommitNames:
    """Hashes as written, and the commits that they name.

    Parameters
    ----------
    shas : iterable of str
        Whole hashes of the commits that are known.
    answers : mapping of str to Resolution
        What looking a name up has shown; it wins over the beginnings of ``shas``.
    written : iterable of str
        All names that occur: of those that stay unknown, a short one and a longer one
        that begins with it are one name, if no other begins so.

    Examples
    --------
    >>> names = CommitNames(["0123" * 10], {}, ["abcdef12", "abcdef123456"])
    >>> names.key("01230123") == "0123" * 10
    True
    >>> names.key("abcdef12"), names.resolve("abcdef12").why
    ('abcdef123456', 'unknown here')
    """

    def __init__(
        self,
        shas: Iterable[str],
        answers: Mapping[str, Resolution] | None = None,
        written: Iterable[str] = (),
    ) -> None:
        self._shas = sorted(set(shas))
        self._answers = answers or {}
        self._resolved: dict[str, Resolution] = {}
        unknown = {
            name.lower() for name in written if is_hash(name) and self.resolve(name).sha is None
        }
        self._longest = _longest_of(sorted(unknown))

    def resolve(self, name: str) -> Resolution:
        """Say which commit a name means.

        Parameters
        ----------
        name : str
            Hexadecimal digits; anything else is no commit.
        """
        if name not in self._resolved:
            self._resolved[name] = self._look_up(name.lower())
        return self._resolved[name]

    def _look_up(self, name: str) -> Resolution:
        answer = self._answers.get(name)
        if answer is not None and (answer.sha or answer.why):
            return answer
        if not is_hash(name):
            return Resolution(None, "not a hash")
        at = bisect_left(self._shas, name)
        found = [sha for sha in self._shas[at : at + 2] if sha.startswith(name)]
        if len(found) == 1:
            return Resolution(found[0])
        return Resolution(None, "more than one commit begins so" if found else "unknown here")

    def key(self, name: str) -> str:
        """Return one name for all spellings of a commit.

        Parameters
        ----------
        name : str
            As written.

        Returns
        -------
        str
            The whole hash if it is known, else the longest spelling.
        """
        name = name.lower()
        return self.resolve(name).sha or self._longest.get(name, name)


def is_hash(name: str) -> bool:
    """Tell whether a name is hexadecimal digits, as many as git would abbreviate to.

    Examples
    --------
    >>> is_hash("09854ba94c6a"), is_hash("v5.9"), is_hash("a..b")
    (True, False, False)
    """
    return _HASH.fullmatch(name.lower()) is not None


def _longest_of(names: list[str]) -> dict[str, str]:
    """Map each name to the one longest name that begins with it; sorted, those follow it."""
    longest: dict[str, str] = {}
    for at, name in enumerate(names):
        chain = [name]
        for other in names[at + 1 :]:
            if not other.startswith(name):
                break
            chain.append(other)
        grown = sorted(chain, key=len)
        nested = all(b.startswith(a) for a, b in pairwise(grown))
        longest[name] = grown[-1] if nested and len(name) >= _SURE else name
    return longest

"""Kernel release names, in order: ``2.6.13``, ``5.9-rc4``, ``5.9``, ``5.10.9``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?(?:-rc(\d{1,3}))?")
_FINAL = 1 << 16  # sorts a release behind its candidates
_LAST_MINOR = {3: 19, 4: 20, 5: 19, 6: 19}
_OLD_LAST = 39


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """A release of the mainline or of a stable series; they compare in order of age.

    Attributes
    ----------
    series : tuple of int
        ``(5, 9)``, or ``(2, 6, 13)`` in the numbering of old.
    candidate : int
        N of ``-rcN``, and larger than any for the release itself.
    stable : int
        The last number of a stable release; 0 for the mainline.
    """

    series: tuple[int, ...]
    candidate: int = _FINAL
    stable: int = 0

    def __str__(self) -> str:
        """Return the name without ``v``."""
        name = ".".join(map(str, self.series))
        if self.stable:
            name += f".{self.stable}"
        return name if self.candidate == _FINAL else f"{name}-rc{self.candidate}"

    @property
    def existed(self) -> bool:
        """Tell whether the numbering ever came to this series, as far as is known."""
        if self.series[:2] == (2, 6):
            return self.series[2] <= _OLD_LAST
        major, minor = self.series
        return major > 2 and minor <= _LAST_MINOR.get(major, minor)


def parse_release(name: str) -> Release | None:
    """Read the name of a release, with or without ``v``.

    Parameters
    ----------
    name : str
        Such as ``v5.9-rc4``, ``5.10.262`` or ``2.6.13``.

    Returns
    -------
    Release or None
        None for what is no such name.

    Examples
    --------
    >>> names = ["5.10", "5.9-rc10", "5.9", "v5.9-rc9", "2.6.29", "5.10.9", "4.8"]
    >>> print(*sorted(map(parse_release, names)))
    2.6.29 4.8 5.9-rc9 5.9-rc10 5.9 5.10 5.10.9
    >>> parse_release("mapcount_ksm") is None
    True
    """
    found = _NAME.fullmatch(name) if name.isascii() else None
    if found is None:
        return None
    major, minor = int(found[1]), int(found[2])
    rest = [int(one) for one in found.group(3, 4) if one is not None]
    series: tuple[int, ...] = (major, minor)
    if series == (2, 6):
        if not rest:
            return None
        series, rest = (2, 6, rest[0]), rest[1:]
    if len(rest) > 1:
        return None
    candidate = int(found[5]) if found[5] else _FINAL
    return Release(series, candidate, rest[0] if rest else 0)


def release_named(name: str) -> Release:
    """Read the name of a release that this package wrote itself.

    Parameters
    ----------
    name : str
        As for :func:`parse_release`.

    Raises
    ------
    ValueError
        It is none.
    """
    found = parse_release(name)
    if found is None:
        raise ValueError(name)
    return found

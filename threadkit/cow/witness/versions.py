"""Which era of the model a real kernel belongs to.

A version is not an era: a stable series takes some fixes of later releases and not others.
So a kernel is mapped by the exact version whose source was read; other versions of the
same series are assumed to be alike, and said to be assumed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,4}))?")

_READ = {
    "5.10.223": "stable_5_10",
    "5.10.262": "stable_5_10",
    "6.1.192": "stable_6_1",
    "6.12.107": "stable_6_12",
}
_STABLE = {
    (5, 10): "stable_5_10",
    (6, 1): "stable_6_1",
    (6, 12): "stable_6_12",
    (6, 18): "stable_6_18",
}
# From this release on, until the next line.
_MAINLINE: tuple[tuple[tuple[int, int], str], ...] = (
    ((5, 11), "refcount_noswap"),
    ((5, 16), "refcount_uffd_dirty"),
    ((5, 18), "refcount_swapaware"),
    ((5, 19), "anon_exclusive_foll_cow"),
    ((6, 0), "anon_exclusive"),
    ((6, 2), "anon_exclusive_ro"),
    ((6, 5), "anon_exclusive_dio"),
    ((6, 15), "mm_id"),
)


@dataclass(frozen=True, slots=True)
class EraOf:
    """The era for a kernel. ``checked``: the source of this very version was read."""

    key: str | None
    why: str
    checked: bool = False


UNKNOWN = EraOf(None, "not known")


def era_of(version: str) -> EraOf:
    """Map a version to an era of the model.

    Parameters
    ----------
    version : str
        Upstream's or a package's: ``6.1.192-2``, ``6.18.44``.

    Returns
    -------
    EraOf
        With no key for a version that is none, or older than 5.10: those have no era of
        their own number here, and are built from 5.10 instead.

    Examples
    --------
    >>> era_of("6.1.192-2").key, era_of("6.1.192-2").checked
    ('stable_6_1', True)
    >>> era_of("6.1.150-1")
    EraOf(key='stable_6_1', why='assumed: as other 6.1 kernels that were read', checked=False)
    >>> era_of("6.8.0-45-generic").key, era_of("7.2.13").key, era_of("next").key
    ('anon_exclusive_dio', 'mm_id', None)
    """
    found = _VERSION.match(version)
    if not found:
        return EraOf(None, "not a version of a kernel")
    if key := _READ.get(found[0]):
        return EraOf(key, f"the source of {found[0]} was read", checked=True)
    numbers = int(found[1]), int(found[2])
    series = f"{numbers[0]}.{numbers[1]}"
    if key := _STABLE.get(numbers):
        return EraOf(key, f"assumed: as other {series} kernels that were read")
    key = next((key for first, key in reversed(_MAINLINE) if numbers >= first), None)
    why = f"assumed: as {series} of the mainline" if key else "older than any kernel that is known"
    return EraOf(key, why)

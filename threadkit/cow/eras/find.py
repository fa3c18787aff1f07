"""Find an era by its key, its letter, a release or a running kernel's version."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from threadkit.cow.eras.base import BASE, NEWEST_READ, OLDEST, WITHIN, release_era
from threadkit.cow.eras.era import Era, Kind
from threadkit.cow.eras.proposals import COUNTERFACTUAL, PROPOSALS, SERIES, series_era
from threadkit.cow.eras.release import Release, parse_release
from threadkit.cow.eras.stable import STABLE, stable_release
from threadkit.errors import ThreadkitError, printable

DEFAULT = BASE[-1].key
"""The era that is asked where none is named: the newest of the mainline."""

_ALL = (*BASE, *STABLE, *PROPOSALS, *SERIES, *COUNTERFACTUAL)
_SHOWN_NEAR = 3
_ANY = 1 << 16  # later than every stable release
_VERSION = re.compile(
    r"(\d{1,3}\.\d{1,3}(?:\.\d{1,4}){0,2}(?:-rc\d{1,3}(?![0-9]))?)(.*)", re.DOTALL
)


class UnknownEra(ThreadkitError):
    """No era has this name, or nothing was read of this kernel.

    Parameters
    ----------
    name : str
        What was asked for.
    why : str
        The reason, and what to do instead.
    near : tuple of str
        Names that are like it.
    """

    exit_code = 2

    def __init__(self, name: str, why: str, near: tuple[str, ...] = ()) -> None:
        self.name = name
        self.near = near
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"era {printable(name)}: {why}{hint}")


@cache
def _index() -> dict[str, Era]:
    found = {one.letter: one for one in BASE}
    found.update({one.key: one for one in _ALL})
    return found


def eras(kind: Kind | None = None) -> tuple[Era, ...]:
    """Return all eras, or those of one kind.

    Parameters
    ----------
    kind : str, optional
        ``base``, ``stable``, ``proposal``, ``series``, ``counterfactual`` or ``release``.

    Returns
    -------
    tuple of Era
        Base eras first, oldest first. Releases within a base era that differ from its
        first are listed only when asked for by kind; :func:`era` finds them, and every
        other combination of the series' patches, by key.

    Examples
    --------
    >>> [one.key for one in eras("stable")]
    ['stable_5_10', 'stable_6_1', 'stable_6_12', 'stable_6_18']
    """
    if kind == "release":
        return WITHIN
    return tuple(one for one in _ALL if kind is None or one.kind == kind)


def base_eras() -> tuple[Era, ...]:
    """Return the mainline's eras, A to J.

    Examples
    --------
    >>> " ".join(one.letter for one in base_eras())
    'A B C C2 D E F0 F1 F2 F3 G H0 H I I2 J'
    """
    return BASE


def era(key: str) -> Era:
    """Find an era.

    Parameters
    ----------
    key : str
        A key, a letter, a mainline release (``v5.8``, ``5.9-rc5``) or a stable release
        (``6.1.192``), in either case of letters.

    Returns
    -------
    Era
        A release within a base era whose rules had changed by then is an era of its own,
        of kind ``release``.

    Raises
    ------
    UnknownEra
        With names that are near.

    Examples
    --------
    >>> era("F0").key, era("v5.9-rc5").key, era("6.12.107").key
    ('refcount_nofork', 'refcount_nofork', 'stable_6_12')
    >>> era("5.10").value("fork_against_gup_fast")
    'none'
    >>> era("seed_2_4").title
    '5.8 with 2/4 reuse_ksm_page, 4/4 PGREUSE'
    """
    release = parse_release(key.lower())
    if release is not None:
        return _of_release(key, release)
    index = _index()
    for name in (key, key.upper(), key.lower()):
        found = index.get(name) or series_era(name)
        if found is not None:
            return found
    near = get_close_matches(key.lower(), [one.key for one in _ALL], _SHOWN_NEAR)
    raise UnknownEra(key, "there is none of that name; `cow eras` lists them", tuple(near))


def _of_release(name: str, release: Release) -> Era:
    if not release.stable:
        found = release_era(release)
        if found is None:
            raise UnknownEra(name, _why_no_release(release))
        return found
    key = "stable_" + "_".join(map(str, release.series))
    series = _index().get(key)
    if series is None:
        mainline = release_era(Release(release.series))
        near = (mainline.key,) if mainline else ()
        raise UnknownEra(name, f"nothing was read of {Release(release.series)}.y", near)
    return stable_release(series, release)


def _why_no_release(release: Release) -> str:
    if not release.existed:
        return "there is no such release"
    if release < OLDEST:
        return "rules before 2.6.7 are not known: git begins with 2.6.12-rc2"
    return f"rules were read up to {NEWEST_READ}"


def kernel_era(version: str, distribution: bool) -> Era:
    """Find the rules of a kernel by what it or its package calls itself.

    A kernel's version is not an era: a distribution's ``5.10.0-46-amd64`` is a late stable
    release under an early name, and stable series mix rules of several eras.

    Parameters
    ----------
    version : str
        As ``uname -r`` or the package says: ``6.12.107+deb13-amd64``. The key of a
        counterfactual era in it (``5.10.262-built_mapcount_locked``) means that kernel.
    distribution : bool
        It comes from a distribution, so that a third number of 0 or none says nothing
        about the stable release.

    Returns
    -------
    Era
        Of kind ``stable`` or ``counterfactual``, or, not of a distribution, the mainline's.

    Raises
    ------
    UnknownEra
        Where nothing was read of this kernel.

    Examples
    --------
    >>> kernel_era("5.10.0-46-amd64", distribution=True).key
    'stable_5_10'
    >>> kernel_era("5.10.0", distribution=False).key
    '5.10'
    >>> kernel_era("6.18.44-fc-v595", distribution=False).key
    'stable_6_18'
    """
    found = _VERSION.match(version)
    release = parse_release(found[1]) if found else None
    if found is None or release is None:
        raise UnknownEra(version, "this is no version of a kernel, such as 6.1.0-44-amd64")
    rest = found[2].replace("-", "_")
    for built in COUNTERFACTUAL:
        if re.search(rf"(?<![a-z0-9]){built.key}(?![a-z0-9])", rest):
            return built
    if distribution and not release.stable:
        release = Release(release.series, release.candidate, _ANY)
    return _of_release(version, release)

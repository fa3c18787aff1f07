"""What each mainline release changed in the copy-on-write rules, oldest first.

A base era is the sum of all changes up to its first release. The values are those of
:class:`threadkit.cow.policy.Policy`; what they mean is in
:mod:`threadkit.cow.eras.meanings`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from threadkit.cow.eras.change import Change
from threadkit.cow.eras.changes_exclusive import UPTO_7_2
from threadkit.cow.eras.changes_mapcount import UPTO_5_7
from threadkit.cow.eras.changes_refcount import UPTO_5_18
from threadkit.cow.eras.release import Release, release_named
from threadkit.cow.policy import Policy

MAINLINE = UPTO_5_7 + UPTO_5_18 + UPTO_7_2
"""Every change of the mainline, in order of release."""


def upto(release: Release) -> tuple[Change, ...]:
    """Return the changes of the mainline that a release has.

    Parameters
    ----------
    release : Release
        Of the mainline.

    Examples
    --------
    >>> [one.release for one in upto(release_named("4.8"))][-2:]
    ['3.11-rc1', '4.6']
    """
    return tuple(one for one in MAINLINE if release_named(one.release) <= release)


def fold(changes: Iterable[Change]) -> Policy:
    """Return the policy that some changes lead to, the later ones winning.

    Parameters
    ----------
    changes : iterable of Change
        In order.

    Examples
    --------
    >>> fold(MAINLINE).do_wp_page, fold(upto(release_named("4.8"))).wp_trylock_failed
    ('swapcache_aware', 'sleep')
    """
    sets: dict[str, Any] = {}
    for one in changes:
        sets.update(one.sets)
    return replace(Policy(), **sets)

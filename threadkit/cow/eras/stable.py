"""Stable series: a mainline release with some later changes, so no base era."""

from __future__ import annotations

from dataclasses import replace

from threadkit.cow.eras.change import Change, change
from threadkit.cow.eras.era import Era
from threadkit.cow.eras.release import Release, parse_release
from threadkit.cow.eras.timeline import fold, upto

_REVIEW_9 = "mail 20210118113352.764293297@linuxfoundation.org"

_BACKPORTS_5_10 = (
    change(
        "5.10.4",
        "Backported: GUP-fast looks at a sequence count that fork changes, and retries.",
        "57efa1fe5957",
        sources=("tree 5.10.262", "mail 20201228125020.963311703@linuxfoundation.org"),
        fork_against_gup_fast="seqcount",
    ),
    change(
        "5.10.9",
        "Backported: clear_refs holds mmap_lock for writing.",
        "29a951dfb3c3",
        sources=("tree 5.10.262", _REVIEW_9),
        clear_refs_lock="write",
    ),
    change(
        "5.10.9",
        "Backported: writable entries of pinned pages keep their write bit over clear_refs.",
        "9348b73c2e1b",
        sources=("tree 5.10.262", _REVIEW_9),
        clear_refs="skip_pinned",
    ),
    change(
        "5.10.9",
        "Backported: pinned pages stay out of the swap cache.",
        "feb889fb40fa",
        sources=("tree 5.10.262", _REVIEW_9),
        shrink_page_list="skip_pinned",
    ),
    change(
        "5.10.24",
        "Backported: what userfaultfd write-protected is flushed before it is copied.",
        "6ce64428d620",
        sources=("tree 5.10.262", "mail 20210315135541.921894249@linuxfoundation.org"),
        uffd_wp_flush="before_copy",
    ),
)


def _stable(name: str, title: str, read: str, backports: tuple[Change, ...], *notes: str) -> Era:
    series = tuple(map(int, name.split(".")))
    changes = upto(Release(series)) + backports
    key = f"stable_{name.replace('.', '_')}"
    return Era(key, "", title, f"{name}.y, {read}", "stable", fold(changes), changes, notes)


STABLE = (
    _stable(
        "5.10",
        "F2 for small pages; huge and swapped ones by mappings",
        "read at 5.10.262",
        _BACKPORTS_5_10,
        "Swap-in and huge pages still count mappings: CVE-2020-29374 is open there.",
        "Fork shares pinned hugetlb pages.",
    ),
    _stable(
        "6.1",
        "H",
        "read at 6.1.192",
        (),
        "Pins of the zero page count nothing since 6.1.130; the model has no field for that.",
    ),
    _stable("6.12", "I2, as of 6.12", "read at 6.12.107", ()),
    _stable(
        "6.18",
        "J",
        "not read itself",
        (),
        "No tree of 6.18 was read: its rules are taken from 6.12.107 and 7.2.13.",
    ),
)
"""Stable series that were read, or lie between trees that agree."""


def stable_release(series: Era, release: Release) -> Era:
    """Return a stable series as it was at one of its releases.

    Parameters
    ----------
    series : Era
        Of STABLE.
    release : Release
        Of that series.

    Returns
    -------
    Era
        The series itself, or, where it had not all backports yet, an era of kind
        ``release`` with the release as its key.

    Examples
    --------
    >>> stable_release(STABLE[0], Release((5, 10), stable=5)).value("shrink_page_list")
    'any'
    """
    changes = tuple(one for one in series.changes if _is_in(one, release))
    if changes == series.changes:
        return series
    return replace(
        series,
        key=str(release),
        kernels=str(release),
        kind="release",
        title=f"{series.title} (as of {release})",
        policy=fold(changes),
        changes=changes,
        notes=(f"{series.key} got further changes later.",),
    )


def _is_in(one: Change, release: Release) -> bool:
    since = parse_release(one.release)
    return since is None or since <= release

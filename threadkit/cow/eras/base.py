"""The mainline's eras, A to J, and single releases within them."""

from __future__ import annotations

from dataclasses import replace

from threadkit.cow.eras.era import Era
from threadkit.cow.eras.release import Release, release_named
from threadkit.cow.eras.timeline import MAINLINE, fold, upto

NEWEST_READ = Release((7, 2))
OLDEST = Release((2, 6, 7))
_ROWS = (
    ("refcount_2612", "A", "2.6.7", "2.6.7..2.6.12",
     "references decide; reclaim spares what GUP holds"),
    ("mapcount_trylock", "B", "2.6.13-rc1", "2.6.13..2.6.28",
     "mappings decide; a busy page lock copies"),
    ("mapcount_locked", "C", "2.6.29-rc1", "2.6.29..4.8",
     "mappings decide; wait for the page lock"),
    ("mapcount_foll_cow", "C2", "4.9-rc2", "4.9..5.0",
     "C, without Dirty COW"),
    ("mapcount_ksm", "D", "5.1-rc1", "5.1..5.7",
     "C2, and a KSM page's last user keeps it"),
    ("forced_gup_cow", "E", "5.8-rc1", "5.8..5.9-rc3",
     "D, and reading GUP breaks COW"),
    ("refcount_nofork", "F0", "5.9-rc4", "5.9-rc4..5.9-rc6",
     "references decide; fork shares pinned pages"),
    ("refcount_forkcopy", "F1", "5.9-rc7", "5.9-rc7..5.10",
     "references decide; fork copies pinned pages"),
    ("refcount_noswap", "F2", "5.11-rc4", "5.11..5.15",
     "F1, and reclaim and clear_refs spare pinned pages"),
    ("refcount_uffd_dirty", "F3", "5.16-rc1", "5.16..5.17",
     "F2, and UFFDIO_CONTINUE makes dirty entries"),
    ("refcount_swapaware", "G", "5.18-rc1", "5.18",
     "references less the swap cache's, for huge pages as well"),
    ("anon_exclusive_foll_cow", "H0", "5.19-rc1", "5.19",
     "PageAnonExclusive decides"),
    ("anon_exclusive", "H", "6.0-rc1", "6.0..6.1",
     "H0, and mprotect and forced writes ask it, too"),
    ("anon_exclusive_ro", "I", "6.2-rc1", "6.2..6.4",
     "H, and reading longterm pins break COW early"),
    ("anon_exclusive_dio", "I2", "6.5-rc1", "6.5..6.14",
     "I, and O_DIRECT pins"),
    ("mm_id", "J", "6.15-rc1", "6.15..",
     "I2, and large folios know their owners"),
)  # fmt: skip
_NOTES = {
    "refcount_2612": ("What is older than 2.6.12-rc2 is before git and was not checked.",),
    "mapcount_locked": ("As of 2.6.29: 2.6.36 counts mappings of hugetlbfs, not references.",),
    "mapcount_ksm": ("As of 5.1: 5.6 makes process_vm_readv() pin, 5.7 counts pins apart.",),
    "refcount_noswap": (
        "As of 5.11: 5.12 flushes before copying for userfaultfd and copies pinned hugetlbfs"
        " pages at fork, 5.14 frees what a copy leaves in the swap cache.",
    ),
    "refcount_forkcopy": (
        "As of 5.9-rc7: 5.9 and 5.10 do nothing against a GUP-fast beside fork.",
    ),
    "refcount_swapaware": ("No tree of 5.18 was read: from its commits and from 6.1.",),
    "anon_exclusive_ro": ("6.4 has locks for single VMAs that fork does not take.",),
    "anon_exclusive_dio": (
        "As of 6.5: 6.9 copies large folios that are not exclusive, 6.11 maps swapped pages"
        " writable on read faults.",
        "O_DIRECT of a filesystem that does not use bio_iov_iter_get_pages() was not read.",
    ),
}


def _base(key: str, letter: str, first: str, kernels: str, title: str) -> Era:
    changes = upto(release_named(first))
    return Era(key, letter, title, kernels, "base", fold(changes), changes, _NOTES.get(key, ()))


BASE = tuple(_base(*row) for row in _ROWS)
"""Eras of the mainline, oldest first, each as of its first release."""

_STARTS = tuple((release_named(row[2]), era) for row, era in zip(_ROWS, BASE, strict=True))


def release_era(release: Release) -> Era | None:
    """Return the era of a mainline release, as it was at that release.

    Parameters
    ----------
    release : Release
        Of the mainline: its ``stable`` is 0.

    Returns
    -------
    Era or None
        The base era, or, where the rules had changed since its first release, an era of
        kind ``release`` with the release as its key. None for what is older than the
        first era, newer than what was read, or never existed.

    Examples
    --------
    >>> for name in ("5.3", "5.7", "7.9"):
    ...     found = release_era(release_named(name))
    ...     print(found and (found.key, found.letter))
    ('mapcount_ksm', 'D')
    ('5.7', 'D')
    None
    """
    if not release.existed or release.series > NEWEST_READ.series or release.stable:
        return None
    begun = [era for start, era in _STARTS if start <= release]
    if not begun:
        return None
    base, changes = begun[-1], upto(release)
    policy = fold(changes)
    if policy == base.policy:
        return base
    return replace(
        base,
        key=str(release),
        kernels=str(release),
        kind="release",
        title=f"{base.title} (as of {release})",
        policy=policy,
        changes=changes,
        notes=(f"Differs from {base.key}, which is as of the first of {base.kernels}.",),
    )


def _within() -> tuple[Era, ...]:
    names = dict.fromkeys(one.release for one in MAINLINE)
    found = (release_era(release_named(name)) for name in names)
    return tuple(one for one in found if one is not None and one.kind == "release")


WITHIN = _within()
"""First releases within a base era whose rules differ from its own, oldest first."""

"""Stable series: a mainline release with some later changes, so no base era."""

from __future__ import annotations

from threadkit.cow.eras.era import Era
from threadkit.cow.eras.refs import Change
from threadkit.cow.eras.release import Release
from threadkit.cow.eras.timeline import change, fold, upto

_BACKPORTS_5_10 = (
    change(
        "5.10.9",
        "Backported: fork is seen by GUP-fast, pinned pages stay out of the swap cache and"
        " keep their entries over clear_refs.",
        "57efa1fe5957",
        "29a951dfb3c3",
        "9348b73c2e1b",
        "feb889fb40fa",
        sources=("tree 5.10.262",),
        fork_against_gup_fast="seqcount",
        shrink_page_list="skip_pinned",
        clear_refs="skip_pinned",
        clear_refs_lock="write",
    ),
    change(
        "5.10.25",
        "Backported: what userfaultfd write-protected is flushed before it is copied.",
        "6ce64428d620",
        sources=("tree 5.10.262",),
        uffd_wp_flush="before_copy",
    ),
)
_BACKPORTS_6_1 = (
    change(
        "6.1.y",
        "Backported: a pin of the zero page counts nothing.",
        "c8070b787519",
        sources=("tree 6.1.192",),
        zeropage_pin="ignored",
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
        "H, and pins of the zero page count nothing",
        "read at 6.1.192",
        _BACKPORTS_6_1,
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

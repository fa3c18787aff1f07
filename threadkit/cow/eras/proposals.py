"""Rules that were proposed and never released, and the series of August 2020 in parts."""

from __future__ import annotations

from itertools import combinations

from threadkit.cow.eras.change import Change, Value, change
from threadkit.cow.eras.era import Era
from threadkit.cow.eras.release import release_named
from threadkit.cow.eras.stable import STABLE
from threadkit.cow.eras.timeline import fold, upto

_SEED = "mail 20200821234958.7896-{}-peterx@redhat.com"
_PATCHES: tuple[Change, ...] = (
    change(
        "",
        "1/4: exactly one reference, or a copy; KSM pages always. (The page is unlocked too"
        " late, as in what was merged.)",
        sources=(_SEED.format(2),),
        do_wp_page="page_count_1",
        wp_trylock_failed="copy",
        wp_unlock_page="after_pte_unlock",
        large_folio_wp="page_count",
        reuse_ksm_page="never",
    ),
    change(
        "",
        "2/4: reuse_ksm_page() goes. After 1/4 nobody calls it; alone, it makes KSM pages be"
        " copied.",
        sources=(_SEED.format(3),),
        reuse_ksm_page="never",
    ),
    change(
        "",
        "3/4: a GUP that only reads no longer breaks COW.",
        sources=(_SEED.format(4),),
        gup_read="as_mapped",
    ),
    change(
        "",
        "4/4: reuse is counted.",
        sources=(_SEED.format(5),),
        pgreuse=True,
    ),
)
_PATCH_TITLES = ("do_wp_page", "reuse_ksm_page", "enforced COW", "PGREUSE")
SERIES_KEYS = ("seed_1", "seed_2", "seed_3", "seed_4", "seed_1_2", "seed_1_2_3", "seed_1_2_3_4")
"""The parts of the series that are shown; the others are made when asked for."""


def _on(release: str, key: str, title: str, override: Change, *notes: str) -> Era:
    changes = (*upto(release_named(release)), override)
    return Era(key, "", title, f"on {release}", "proposal", fold(changes), changes, notes)


def series_era(key: str) -> Era | None:
    """Return the 5.8 kernel with some patches of the series of 2020-08-21.

    Parameters
    ----------
    key : str
        ``seed_`` and the patches' numbers, rising, joined by ``_``.

    Returns
    -------
    Era or None
        None for another key.

    Examples
    --------
    >>> series_era("seed_1_3").changed_from(series_era("seed_1"))[0].field
    'gup_read'
    >>> series_era("seed_3_1") is None
    True
    """
    if key not in _SUBSETS:
        return None
    picked = _SUBSETS[key]
    changes = upto(release_named("5.8")) + tuple(_PATCHES[one] for one in picked)
    title = "5.8 with " + ", ".join(f"{one + 1}/4 {_PATCH_TITLES[one]}" for one in picked)
    notes = ("20200821234958.7896-1-peterx@redhat.com, [PATCH 0/4] mm: Simplfy cow handling",)
    return Era(key, "", title, "on 5.8", "series", fold(changes), changes, notes)


_SUBSETS = {
    "seed_" + "_".join(str(one + 1) for one in picked): picked
    for size in range(1, len(_PATCHES) + 1)
    for picked in combinations(range(len(_PATCHES)), size)
}
SERIES = tuple(one for key in SERIES_KEYS if (one := series_era(key)) is not None)
"""The series on 5.8, alone and combined."""

PROPOSALS = (
    _on(
        "5.7",
        "hugh_2020",
        "C's lock and sum, after a look at page_mapcount()",
        change(
            "",
            "A page with several mappings is copied before the lock is tried; else wait for it"
            " and count mappings, never references. He gladly gives up reuse_ksm_page().",
            sources=("mail alpine.LSU.2.11.2008312207450.1212@eggly.anvils",),
            wp_pretest="page_mapcount",
            reuse_ksm_page="never",
        ),
        "On 5.7, before reading GUP broke COW: era C's rules in the kernel of 2020.",
    ),
    _on(
        "5.9-rc5",
        "jason_2020",
        "F0, and what may be pinned is judged by mappings",
        change(
            "",
            "If the page may be pinned, reuse_swap_page() decides as it did before.",
            sources=("mail 20200916174804.GC8409@ziepe.ca",),
            wp_maybe_pinned="reuse_swap_page",
        ),
        "As meant, not as posted: there the look at page_count() still came first.",
    ),
    _on(
        "5.11",
        "linus_2021",
        "F2, and a second reference to a writable page is a pin",
        change(
            "",
            "A writable page of a private mapping with a second reference is pinned by"
            " definition: fork, clear_refs and reclaim leave it writable.",
            sources=("mail CAHk-=wje9r3fREBdZcOu=NihGczBtkqkhXRPDhY-ZkNVv=thiQ@mail.gmail.com",),
            copy_present_pte="copy_counted",
            fork_has_pinned=False,
            clear_refs="skip_counted",
            shrink_page_list="skip_writable",
        ),
        "His rule (c) would bind mprotect() and userfaultfd as well; the model leaves those.",
    ),
    _on(
        "5.9-rc7",
        "pinned_dontfork",
        "F1, but the child gets nothing where a page is pinned",
        change(
            "",
            "If pins were known exactly, fork could leave pinned pages out.",
            sources=("mail CAHk-=whL44VySgScXjvCQ4VkeaW3nOcPMn0UwnY03iOE=1T7VQ@mail.gmail.com",),
            copy_present_pte="skip",
        ),
        "The model still guesses pins from the reference count.",
    ),
    _on(
        "5.7",
        "mapcount_nolock",
        "D without the page lock",
        change(
            "",
            "What the page lock was for: without it, mappings and swap entries are added up"
            " while reclaim turns one into the other.",
            sources=("mail Pine.LNX.4.64.0609151431320.22674@blonde.wat.veritas.com",),
            wp_trylock_failed="unlocked",
        ),
        "Nobody proposed it: it shows what Hugh Dickins explained in 2006.",
    ),
    _on(
        "5.7",
        "mapcount_ptl_held",
        "D, but it sleeps with the page table locked",
        change(
            "",
            "Why a write fault lets go of the page table before it waits for the page lock:"
            " whoever holds that lock may need the table.",
            sources=("tree 4.19",),
            wp_trylock_failed="sleep_locked",
        ),
        "Nobody proposed it: it shows what the page-table lock may not do.",
    ),
    _on(
        "5.11",
        "andrea_2021",
        "F2 with do_wp_page() of 5.8",
        change(
            "",
            "Reverts 09854ba94c6a and the removal of reuse_ksm_page(), so that references do"
            " not matter again.",
            sources=("mail 20210110004435.26382-2-aarcange@redhat.com",),
            do_wp_page="reuse_swap_page",
            wp_trylock_failed="sleep",
            large_folio_wp="page_mapcount",
            reuse_ksm_page="page_ref_freeze",
        ),
        "Posted on 2021-01-10; on 5.11 it differs from F2 by the patch alone.",
    ),
    _on(
        "5.7",
        "ksm_unfrozen",
        "D, but reuse_ksm_page() only looks at the count",
        change(
            "",
            "What page_ref_freeze() is for: KSM takes a reference without the page lock between"
            " the look and the reuse.",
            sources=("mail 42bc9a68-ef9e-2542-0b21-392a7f47bd74@virtuozzo.com",),
            reuse_ksm_page="page_count",
        ),
        "Nobody proposed it: it shows what Kirill Tkhai explained in 2020.",
    ),
)
"""Proposals and what-ifs on a mainline release."""


def _built(key: str, title: str, why: str, **sets: Value) -> Era:
    override = change("", why, sources=("tree 5.10.262",), **sets)
    changes = (*STABLE[0].changes, override)
    title = f"5.10 counterfactual: {title}"
    note = "Built from the sources of 5.10 with one decision changed; no old release."
    return Era(key, "", title, "built", "counterfactual", fold(changes), changes, (note,))


COUNTERFACTUAL = (
    _built(
        "built_mapcount_locked",
        "mappings decide under the page lock, fork shares",
        "do_wp_page() waits for the page lock and asks reuse_swap_page(); fork copies nothing.",
        do_wp_page="reuse_swap_page",
        wp_trylock_failed="sleep",
        large_folio_wp="page_mapcount",
        copy_present_pte="share",
    ),
    _built(
        "built_mapcount_trylock",
        "mappings decide, a busy page lock copies, fork shares",
        "do_wp_page() tries the page lock and asks reuse_swap_page(); fork copies nothing.",
        do_wp_page="reuse_swap_page",
        wp_trylock_failed="copy",
        large_folio_wp="page_mapcount",
        copy_present_pte="share",
    ),
    _built(
        "built_refcount_nofork",
        "references decide, fork shares",
        "Fork copies no pinned pages.",
        copy_present_pte="share",
    ),
    _built(
        "built_mapcount_forkcopy",
        "mappings decide under the page lock, fork copies pinned pages",
        "do_wp_page() waits for the page lock and asks reuse_swap_page().",
        do_wp_page="reuse_swap_page",
        wp_trylock_failed="sleep",
        large_folio_wp="page_mapcount",
    ),
)
"""Kernels built for comparison; with stock 5.10 the 2x2 of reuse rule and fork."""

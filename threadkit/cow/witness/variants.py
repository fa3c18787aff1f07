"""The kernels that can be built: 5.10 with one or two decisions made otherwise.

They are counterfactuals, not old releases: everything else in them is 5.10. Two switches,
the reuse rule of a write fault and the copying of pinned pages at fork, make the two by two
that the debate is about; the third reuse rule is the oldest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reuse = Literal["page_count", "mapcount_locked", "mapcount_trylock"]

SOURCE_PACKAGE = "linux-source-5.10"
"""The distribution's package that the variants are made from."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A kernel to build.

    Attributes
    ----------
    key : str
        Of the era, and the kernel's name.
    reuse : str
        Of a small anonymous page at a write fault. ``page_count``: as 5.10 has it.
        ``mapcount_locked``: the page lock is waited for, then ``reuse_swap_page()``, as
        2.6.29 to 5.0 did. ``mapcount_trylock``: the same, but a busy lock means a copy, as it
        did in 2.6.13 to 2.6.28.
    fork_copy : bool
        Fork copies pages that may be pinned, as 5.10 does; else it shares them.
    """

    key: str
    reuse: Reuse
    fork_copy: bool

    @property
    def is_stock(self) -> bool:
        """Tell whether the source stays as it is."""
        return self.reuse == "page_count" and self.fork_copy

    @property
    def title(self) -> str:
        """One line for a table.

        Examples
        --------
        >>> variant("built_mapcount_locked").title
        '5.10 counterfactual: reuse by mapcount_locked, fork shares pinned pages'
        """
        if self.is_stock:
            return "5.10 as it is, in the configuration of the counterfactuals"
        fork = "copies" if self.fork_copy else "shares"
        return f"5.10 counterfactual: reuse by {self.reuse}, fork {fork} pinned pages"


VARIANTS = (
    Variant("built_stock", "page_count", fork_copy=True),
    Variant("built_refcount_nofork", "page_count", fork_copy=False),
    Variant("built_mapcount_forkcopy", "mapcount_locked", fork_copy=True),
    Variant("built_mapcount_locked", "mapcount_locked", fork_copy=False),
    Variant("built_mapcount_trylock", "mapcount_trylock", fork_copy=False),
)
"""All of them; the first four are the two by two."""


def variant(key: str) -> Variant | None:
    """Return the variant of a key; None if there is none.

    Parameters
    ----------
    key : str
        Any text.
    """
    return next((one for one in VARIANTS if one.key == key), None)


def variant_of(release: str) -> Variant | None:
    """Return the variant that a kernel was built as; None if it is none of ours.

    Parameters
    ----------
    release : str
        What uname(2) says: a kernel says so wherever it lies.

    Examples
    --------
    >>> variant_of("5.10.262-built-mapcount-locked").key
    'built_mapcount_locked'
    >>> variant_of("5.10.0-46-cloud-amd64") is None
    True
    """
    _, dash, named = release.partition("-")
    return variant(named.replace("-", "_")) if dash else None

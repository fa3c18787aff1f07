"""How alike two revisions are, and whether the numbers let one follow the other."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Literal

from threadkit.analyze.series.values import Revision

Follows = Literal["later", "again", "no"]

_LEAST_JACCARD = 0.25
_LEAST_SHARE = 0.5
_TELLING_WORDS = 3


def jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return what two sets share, as a part of what they have together.

    Parameters
    ----------
    one, other : set of str
        Any sets.

    Returns
    -------
    float
        0..1; 0 if both are empty.

    Examples
    --------
    >>> jaccard({"a", "b"}, {"b", "c"})
    0.3333333333333333
    """
    both = len(one | other)
    return len(one & other) / both if both else 0.0


def patches_overlap(old: Revision, new: Revision) -> float:
    """Say how many patches two revisions share, by title or by patch-id.

    Parameters
    ----------
    old, new : Revision
        In any order.

    Returns
    -------
    float
        0..1; 0 where less than half of the smaller one or a quarter of both is shared.
    """
    best = 0.0
    for one, other in ((old.titles, new.titles), (old.patch_ids, new.patch_ids)):
        share = len(one & other) / max(1, min(len(one), len(other)))
        part = jaccard(one, other)
        if share >= _LEAST_SHARE and part >= _LEAST_JACCARD:
            best = max(best, part)
    return best


def has_grown(old: Revision, new: Revision) -> bool:
    """Tell whether all patches of a revision are in a larger one, for the same files.

    Parameters
    ----------
    old, new : Revision
        In order of time.

    Returns
    -------
    bool
        By the titles of the patches, which have to be telling.
    """
    inside = bool(old.titles) and old.titles <= new.titles
    return inside and has_telling_title(old) and bool(old.files & new.files)


def words_overlap(old: Revision, new: Revision) -> float:
    """Say how many words the titles of two revisions share.

    Parameters
    ----------
    old, new : Revision
        In any order; of each the cover letter's title counts, or the first patch's.

    Returns
    -------
    float
        0..1.
    """
    one, other = (set(r.head.title_key.split()) for r in (old, new))
    return jaccard(one, other)


def has_telling_title(revision: Revision) -> bool:
    """Tell whether its title has enough words to be no other change's.

    Parameters
    ----------
    revision : Revision
        Any.

    Returns
    -------
    bool
        True from three words on.
    """
    return len(revision.head.title_key.split()) >= _TELLING_WORDS


def related(old: Revision, new: Revision) -> bool:
    """Tell whether anything speaks for one change: files, titles, or words of the title.

    Parameters
    ----------
    old, new : Revision
        In any order.

    Returns
    -------
    bool
        False only where nothing is shared.
    """
    return bool(
        old.files & new.files
        or old.titles & new.titles
        or old.patch_ids & new.patch_ids
        or words_overlap(old, new) >= _LEAST_JACCARD
    )


def follows(old: Revision, new: Revision) -> Follows:
    """Say whether the numbers let a revision follow another in its series.

    Parameters
    ----------
    old : Revision
        The newest of the series.
    new : Revision
        Posted after it.

    Returns
    -------
    {'later', 'again', 'no'}
        ``again``: the same number once more. After an RFC counting may begin anew; a
        resend may repeat any number.
    """
    one, other = old.numbering, new.numbering
    if (other.major, other.minor) > (one.major, one.minor):
        return "later"
    if one.is_rfc and not other.is_rfc:
        return "later"
    if (other.major, other.minor) == (one.major, one.minor) or other.is_resend:
        return "again"
    return "no"

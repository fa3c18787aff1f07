"""What bears on a claim: the other direction of stances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from threadkit.site.index_of import index_of
from threadkit.site.values import Claim, Place, Site


class Reply(NamedTuple):
    """A claim that bears on another one; ``place`` is where, if that is told apart.

    ``state`` is that of the bond: both claims may be reviewed, and it not.
    """

    kind: str
    claim: Claim
    place: Place | None
    state: str = "accepted"


def replies(site: Site) -> Mapping[str, Sequence[Reply]]:
    """Return what bears on each claim.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    mapping of str to sequence of Reply
        By id, in the site's order; claims that nothing bears on are missing.
    """
    known = index_of(site)
    found: dict[str, list[Reply]] = defaultdict(list)
    for claim in site.claims:
        for edge in claim.stances:
            if known.claim(edge.claim) is not None and edge.claim != claim.id:
                found[edge.claim].append(Reply(edge.kind, claim, edge.place, edge.state))
    return dict(found)


def answered(claim: Claim, some: Sequence[Reply]) -> int:
    """Count the claims of others among what bears on a claim.

    Parameters
    ----------
    claim : Claim
        Its author does not answer himself.
    some : sequence of Reply
        What bears on it.
    """
    return len({one.claim.id for one in some if one.claim.person != claim.person})

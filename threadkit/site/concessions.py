"""What was conceded: by whom, to whom, and how that is known."""

from __future__ import annotations

from typing import NamedTuple

from threadkit.site.index_of import index_of
from threadkit.site.values import Claim, Site


class Concession(NamedTuple):
    """A claim that somebody gave in to.

    ``source`` is the claim that says so; without one only the status of ``claim`` tells of it,
    ``by`` is empty, and ``why`` has the reason. ``state`` is automatic or candidate if nobody
    reviewed it, or one of the claims.
    """

    claim: Claim
    by: str
    source: Claim | None
    why: str
    state: str = "accepted"


def concessions(site: Site) -> list[Concession]:
    """Return what was conceded: first where it is known by whom.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    list of Concession
        Each person once for a claim.
    """
    known = index_of(site)
    found: dict[tuple[str, str], Concession] = {}
    for source in site.claims:
        for edge in source.stances:
            claim = known.claim(edge.claim)
            if edge.kind == "concedes" and claim:
                states = (edge.state, source.state, claim.state)
                state = next((one for one in states if one != "accepted"), "accepted")
                made = Concession(claim, source.person, source, "", state)
                found.setdefault((claim.id, source.person), made)
    told = {claim for claim, _ in found}
    for claim in site.claims:
        if claim.status == "conceded" and claim.id not in told:
            found[claim.id, ""] = Concession(claim, "", None, claim.why, claim.state)
    order = {claim.id: place for place, claim in enumerate(site.claims)}
    return sorted(found.values(), key=lambda one: (not one.by, order[one.claim.id]))

"""Claims and questions of a site that analyzers found, as far as they may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.analyze.debate.corrections import BY_HAND
from threadkit.analyze.debate.names import unit_key
from threadkit.pipeline.claim_view import commits_in
from threadkit.pipeline.questions_view import questions
from threadkit.pipeline.sites.places import Bodies, NotVerbatim
from threadkit.site.values import Asked, Claim, Edge, Evidence, Place, Tested
from threadkit.store.claim_list import read_claims
from threadkit.store.debate_list import (
    read_places,
    read_relations,
    read_scenarios,
    read_units,
    run_of,
)

if TYPE_CHECKING:
    from threadkit.pipeline.sites.people import People
    from threadkit.store.debate_list import StoredPlace, StoredRelation

_KINDS = {
    "support": "supports",
    "attack": "attacks",
    "undercut": "undercuts",
    "agree": "agrees",
    "concede": "concedes",
    "ask": "asks",
    "answer": "answers",
}
_NEEDS = {
    "conceded": frozenset({"concede", "agree"}),
    "withdrawn": frozenset({"concede"}),
    "contested": frozenset({"attack", "undercut"}),
    "upheld": frozenset({"attack", "undercut"}),
}
"""Replies on which a status rests: some of them have to be reviewed."""

_PERHAPS = "; perhaps "
_SURE = "a person looked at the claim; what became of it was found by a program"
REVIEWED = frozenset({"accepted"})
ALL = frozenset({"accepted", "automatic", "candidate"})


def states(*, candidates: bool) -> frozenset[str]:
    """Return the states of findings that may be shown.

    Parameters
    ----------
    candidates : bool
        What nobody reviewed is asked for.
    """
    return ALL if candidates else REVIEWED


def claims(
    conn: Connection, root: int, people: People, bodies: Bodies, *, candidates: bool
) -> list[Claim]:
    """Make the claims that were found in a conversation.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        ``message.root``.
    people : People
        Names who speaks.
    bodies : Bodies
        Of the mails.
    candidates : bool
        Those too that nobody reviewed.

    Returns
    -------
    list of Claim
        Oldest first.
    """
    wanted = states(candidates=candidates)
    chosen = [one for one in read_claims(conn, root) if one.state in wanted]
    borne = [one for one in read_relations(conn, root) if one.state in wanted] if chosen else []
    edges = _edges(borne, {one.id for one in chosen})
    shown = _evidence(conn, borne)
    runs = {run: " ".join(run_of(conn, run)) for run in {one.run for one in chosen}}
    stands = {one.id: (one.status, one.why) for one in chosen}
    if not candidates:
        stands = _reviewed(stands, borne)
    return [
        Claim(
            id=one.id,
            gist=one.gist,
            person=people.named(one.person),
            holder=people.named(one.holder),
            utc=one.utc,
            kind=one.kind,
            status=stands[one.id][0],
            why=stands[one.id][1],
            places=[_verbatim(bodies, each) for each in read_places(conn, one.id)],
            stances=edges.get(one.id, ()),
            evidence=shown.get(one.id, ()),
            tested=[
                Tested(each.scenario, each.stance, each.why)
                for each in read_scenarios(conn, one.id)
            ],
            state=one.state,
            found=f"{runs[one.run]}, {one.rule}".strip(" ,"),
            sure=_SURE
            if one.state == "accepted"
            else f"nobody looked at it; score {one.score:.2f}",
        )
        for one in chosen
    ]


def asked(
    conn: Connection,
    root_id: str,
    people: People,
    bodies: Bodies,
    *,
    candidates: bool,
    at: Collection[Claim] = (),
) -> list[Asked]:
    """Make the questions and other points that call for an answer.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root_id : str
        Message-ID of a mail of the conversation.
    people : People
        Names who speaks.
    bodies : Bodies
        Of the mails.
    candidates : bool
        Those too that nobody reviewed.
    at : collection of Claim
        The claims of the site: a point that is one is linked to it.

    Returns
    -------
    list of Asked
        Oldest first.
    """
    said = _spans(at)
    found = questions(conn, root_id, kinds=(), states=states(candidates=candidates))
    made = []
    for one in found:
        facts = one.facts
        place = bodies.place(facts.message, facts.message_id, (facts.start, facts.stop))
        made.append(
            Asked(
                kind=facts.kind,
                person=people.named(facts.person),
                place=place,
                outcome=facts.outcome,
                answers=tuple(
                    bodies.place(each.message, each.message_id, (each.start, each.stop))
                    for each in facts.answers
                ),
                claim=_claim_at(said, place),
                state=facts.state,
            )
        )
    return made


def besides(some: Iterable[Claim], read: Iterable[Claim]) -> list[Claim]:
    """Keep the claims that a casebook does not have.

    Parameters
    ----------
    some : iterable of Claim
        Found in the mails.
    read : iterable of Claim
        Of the casebook.

    Returns
    -------
    list of Claim
        Those none of whose passages has a character in common with one that was read.
    """
    known = _spans(read)
    kept = [one for one in some if not any(_claim_at(known, place) for place in one.places)]
    names = {one.id for one in kept}
    return [
        replace(one, stances=[edge for edge in one.stances if edge.claim in names]) for one in kept
    ]


_Spans = Mapping[tuple[str, int], Sequence[tuple[int, int, str]]]
"""Where claims are made, by Message-ID and number among imposters: start, stop, id."""


def _spans(some: Iterable[Claim]) -> _Spans:
    found: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for one in some:
        for place in one.places:
            spans = found.setdefault((place.message_id, place.imposter), [])
            spans.append((place.start, place.stop, one.id))
    return found


def _claim_at(known: _Spans, place: Place) -> str:
    """Name the claim that has most characters in common with a passage; empty if none has any."""
    some = known.get((place.message_id, place.imposter), ())
    shared = [(min(stop, place.stop) - max(start, place.start), name) for start, stop, name in some]
    most = max(shared, key=lambda one: one[0], default=(0, ""))
    return most[1] if most[0] > 0 else ""


def _verbatim(bodies: Bodies, one: StoredPlace) -> Place:
    """Cut a passage out; that its words are those that were judged is told by their hash."""
    made = bodies.place(one.message, one.message_id, (one.start, one.stop))
    if unit_key(one.message_id, made.text) != one.key:
        raise NotVerbatim(one.message_id, one.start, one.stop)
    return made


def _reviewed(
    stands: Mapping[str, tuple[str, str]], borne: Iterable[StoredRelation]
) -> dict[str, tuple[str, str]]:
    """Return the status of each claim, and why, as far as a person looked at them."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for one in borne:
        kinds[one.target_claim or ""].add(one.kind)
    return {key: _stand(*said, kinds[key]) for key, said in stands.items()}


def _stand(status: str, why: str, kinds: Collection[str]) -> tuple[str, str]:
    """Return a status and its reason, as far as replies of these kinds bear them out.

    What a program made of unreviewed replies would put words in the mouth of who wrote them.
    """
    if why.startswith(BY_HAND):
        return status, why
    if status in _NEEDS:
        return (status if _NEEDS[status] & {*kinds} else "open"), ""
    return status, why.partition(_PERHAPS)[0]


def _edges(borne: Iterable[StoredRelation], names: Collection[str]) -> dict[str, list[Edge]]:
    """Return what claims of the site say of each other, each once, by claim."""
    found: dict[str, dict[tuple[str, str], Edge]] = {}
    for one in borne:
        if one.claim in names and one.target_claim in names and one.kind in _KINDS:
            edge = Edge(_KINDS[one.kind], one.target_claim or "", state=one.state)
            known = found.setdefault(one.claim or "", {})
            if edge.state == "accepted" or edge[:2] not in known:
                known[edge[:2]] = edge
    return {claim: list(some.values()) for claim, some in found.items()}


def _evidence(conn: Connection, borne: Iterable[StoredRelation]) -> dict[str, list[Evidence]]:
    """Return the commits that the evidence for claims cites, by claim."""
    found: dict[str, dict[Evidence, None]] = {}
    for one in borne:
        if one.kind == "support" and one.claim is None and one.target_claim:
            unit = read_units(conn, [(one.message, one.unit)]).get((one.message, one.unit))
            if unit is not None and unit.label == "evidence":
                for sha in commits_in(conn, unit):
                    shown = Evidence("commit", sha, "", "speaker")
                    found.setdefault(one.target_claim, {})[shown] = None
    return {claim: list(some) for claim, some in found.items()}

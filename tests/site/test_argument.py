"""Maps, outlines and the pages of claims and questions stand on what bears on what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import example_site
from threadkit.site.argument import SIGNS, TO_QUESTION, Argument, Bond, argument
from threadkit.site.outline import outline
from threadkit.site.replies import answered, replies
from threadkit.site.values import Claim, Edge, Question, Site

KINDS = ("supports", "agrees", "attacks", "undercuts", "concedes", "asks", "answers")


def site_of(*claims: tuple[str, str, list[tuple[str, str]]]) -> Site:
    """Return a site of one question; each claim has an id, a stand, and its bonds."""
    made = [
        Claim(
            key,
            f"Gist of {key}.",
            "ada" if number % 2 else "bo",
            f"2025-03-{number % 28 + 1:02}T09:00:00Z",
            "mechanism",
            "open",
            stand=stand,
            question="q",
            stances=[Edge(kind, target) for kind, target in bonds],
        )
        for number, (key, stand, bonds) in enumerate(claims)
    ]
    return replace(example_site(), claims=made, questions=[Question("q", "Is it so?")])


def argument_of(site: Site) -> Argument:
    return argument(site, site.questions[0])


@st.composite
def graphs(draw: st.DrawFn) -> Site:
    """Draw sites of claims that bear on any others, themselves too."""
    keys = [str(number) for number in range(draw(st.integers(1, 9)))]
    stands = st.sampled_from(["yes", "no", "depends", "asks", "other", ""])
    edges = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(keys)), max_size=3)
    return site_of(*((key, draw(stands), draw(edges)) for key in keys))


def test_roots_lead_to_the_question_by_their_stand() -> None:
    said = argument_of(
        site_of(
            ("1", "yes", []),
            ("2", "no", []),
            ("3", "depends", []),
            ("4", "asks", []),
            ("5", "other", []),
            ("6", "no", [("attacks", "1")]),
        )
    )
    assert [(bond.source, bond.kind) for bond in said.bonds if bond.target == TO_QUESTION] == [
        ("1", "says yes"),
        ("2", "says no"),
        ("3", "depends"),
        ("4", "asks"),
        ("5", "is about"),
    ]
    assert Bond("6", "1", "attacks") in said.bonds


def test_a_circle_is_joined_by_its_oldest_claim() -> None:
    said = argument_of(site_of(("1", "no", [("attacks", "2")]), ("2", "yes", [("attacks", "1")])))
    assert [bond.source for bond in said.bonds if bond.target == TO_QUESTION] == ["1"]


def test_bonds_with_other_questions_are_told_apart_from_the_map() -> None:
    site = site_of(("1", "yes", []), ("2", "no", [("attacks", "1")]))
    other = replace(site.claims[1], question="r")
    site = replace(
        site, claims=[site.claims[0], other], questions=[*site.questions, Question("r", "?")]
    )
    first, second = (argument(site, one) for one in site.questions)
    for said in (first, second):
        assert [(one.source.id, one.kind, one.target.id) for one in said.across] == [
            ("2", "attacks", "1")
        ]
        assert all(bond.target == TO_QUESTION for bond in said.bonds)


@given(graphs())
def test_every_claim_leads_to_the_question(site: Site) -> None:
    said = argument_of(site)
    leads = {TO_QUESTION}
    for _ in said.claims:
        leads |= {bond.source for bond in said.bonds if bond.target in leads}
    assert leads - {TO_QUESTION} == set(said.claims)
    assert all(bond.kind in SIGNS and bond.source != bond.target for bond in said.bonds)
    stated = {
        (claim.id, edge.claim, edge.kind)
        for claim in site.claims
        for edge in claim.stances
        if edge.claim != claim.id
    }
    assert {tuple(bond) for bond in said.bonds if bond.target != TO_QUESTION} == stated


@given(graphs())
def test_an_outline_has_every_bond_once_and_its_lists_match(site: Site) -> None:
    said = argument_of(site)
    tree = outline(said)
    above: list[str] = []
    found = []
    for row in tree.rows:
        assert not (row.opens and row.closes)
        if not row.opens:
            del above[len(above) - row.closes - 1 :]
        found.append(Bond(row.claim.id, above[-1] if above else TO_QUESTION, row.kind))
        above.append(row.claim.id)
    assert len(above) == tree.closes
    assert sorted(found) == sorted(said.bonds)
    unfolded = [row.claim.id for row in tree.rows if not row.again]
    assert sorted(unfolded) == sorted(said.claims)


def test_a_long_chain_is_no_harm() -> None:
    many = 3000
    site = site_of(
        ("0", "yes", []), *((str(n), "other", [("supports", str(n - 1))]) for n in range(1, many))
    )
    tree = outline(argument_of(site))
    assert (len(tree.rows), tree.closes) == (many, many)


def test_replies_are_those_of_others() -> None:
    site = site_of(
        ("1", "yes", []),
        ("2", "no", [("attacks", "1"), ("undercuts", "1")]),
        ("3", "no", [("supports", "1")]),
        ("4", "no", [("attacks", "4"), ("attacks", "elsewhere")]),
    )
    found = replies(site)
    assert [(one.kind, one.claim.id) for one in found["1"]] == [
        ("attacks", "2"),
        ("undercuts", "2"),
        ("supports", "3"),
    ]
    assert answered(site.claims[0], found["1"]) == 1  # 3 is of the same person
    assert set(found) == {"1"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_bond_has_a_sign_of_its_own(kind: str) -> None:
    signs = [SIGNS[each] for each in KINDS]
    assert signs.count(SIGNS[kind]) == 1

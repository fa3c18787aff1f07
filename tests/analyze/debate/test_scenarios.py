"""Scenarios are suggested where a claim and they name one mechanism."""

from __future__ import annotations

from tests.analyze.debate.talks import Wrote, claim_of, talk
from threadkit.analyze.arguments import read, relations, stance
from threadkit.analyze.debate import sure
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.scenarios import MOST, SUREST, Scenario, with_scenarios

FORK = Scenario("pin-then-fork", "Does a pinned page stay with the parent after fork()?", "write")
SWAP = Scenario("swap-in", "Is a page copied after swap in?", "read fault")


def test_a_suggestion_names_what_is_shared_and_is_never_sure() -> None:
    conversation = talk(
        Wrote("Ann", "A pinned page is lost to the child after fork().\n\nIt is slow.\n",
              labels={"pinned": "claim", "slow": "claim"})
    )  # fmt: skip
    many = [SWAP, *(FORK._replace(name=f"{FORK.name}-{number}") for number in range(MOST + 2))]
    debate = with_scenarios(conversation, assemble(conversation, []), many)
    found = claim_of(conversation, debate, "pinned").scenarios
    assert len(found) == MOST
    for name, stance_of_it, why, origin, score in found:
        assert name.startswith(FORK.name)
        assert (stance_of_it, origin) == ("tests", "suggested")
        assert "fork-pin" in why
        assert 0 < score <= SUREST
    assert claim_of(conversation, debate, "slow").scenarios == ()


def test_thresholds_are_those_of_what_is_read() -> None:
    assert sure.CLAIM == read.CERTAIN
    assert sure.RELATION == relations.CERTAIN
    assert sure.STANCE == stance.CERTAIN

"""Scenarios are suggested where a claim and they name one mechanism."""

from __future__ import annotations

from tests.analyze.debate.talks import Wrote, claim_of, talk
from threadkit.analyze.arguments import read, relations, stance
from threadkit.analyze.debate import sure
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.names import unit_key
from threadkit.analyze.debate.scenarios import MOST, SUREST, Scenario, with_scenarios
from threadkit.analyze.debate.values import Correction, Debate

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


def test_what_people_say_of_scenarios_wins_over_suggestions() -> None:
    conversation = talk(
        Wrote("Ann", "A pinned page is lost to the child after fork().\n\nIt is slow.\n",
              labels={"pinned": "claim", "slow": "claim"})
    )  # fmt: skip
    mail = conversation.mails[0]
    pinned, slow = (unit_key(mail.message_id, mail.body[u.start : u.stop]) for u in mail.units)

    def told(target: str, scenario: str, stance: str) -> Correction:
        return Correction(target, f"scenario:{scenario}", stance, "I ran it.", "Di", "", "edit")

    def found(*some: Correction) -> Debate:
        return with_scenarios(conversation, assemble(conversation, some), [FORK, SWAP], some)

    debate = found(
        told(pinned, FORK.name, "refutes"), told(slow, SWAP.name, "not modelled"),
        told(slow, FORK.name, "supports"),
    )  # fmt: skip
    sure = ("I ran it.", "curated", 1.0)
    assert [*claim_of(conversation, debate, "pinned").scenarios] == [(FORK.name, "refutes", *sure)]
    assert [*claim_of(conversation, debate, "slow").scenarios] == [
        (FORK.name, "supports", *sure), (SWAP.name, "not modelled", *sure),
    ]  # fmt: skip
    assert debate.unmet == {}
    assert found(told(pinned, "gone", "refutes")).unmet == {
        (pinned, "scenario:gone"): "no such scenario of the model: gone"
    }
    assert found(told(pinned, FORK.name, "proves")).unmet == {
        (pinned, f"scenario:{FORK.name}"): "no such verdict on a claim: proves"
    }
    assert found(told(pinned, "", "refutes")).unmet == {
        (pinned, "scenario:"): "no such field: scenario:"
    }
    rejected = Correction(slow, "label", "social", "", "Di", "", "edit")
    assert found(rejected, told(slow, FORK.name, "tests")).unmet == {
        (slow, f"scenario:{FORK.name}"): "no claim there that a scenario could test"
    }


def test_thresholds_are_those_of_what_is_read() -> None:
    assert sure.CLAIM == read.CERTAIN
    assert sure.RELATION == relations.CERTAIN
    assert sure.STANCE == stance.CERTAIN

"""Who stands where over time, and what is new since a day."""

from __future__ import annotations

from tests.analyze.debate.talks import PATCH, Wrote, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.brief import brief
from threadkit.analyze.debate.positions import MatterPositions, positions
from threadkit.analyze.debate.values import Conversation

CLAIM = "The new test makes the lock free for all readers."
COVER = Wrote("Ann", f"{CLAIM}\n", labels={"The new": "claim"}, is_patch=True)
DOUBT = Wrote("Bob", f"> {CLAIM}\nNo, writers still take it.\n", 0, {"writers": "claim"},
              [("writers", "attack", CLAIM)])  # fmt: skip
GIVES_IN = Wrote("Bob", f"> {CLAIM}\nI was wrong, it is free.\n", 0, {"wrong": "concession"},
                 [("wrong", "concede", CLAIM)])  # fmt: skip


def matters(conversation: Conversation, most: int = 12) -> list[MatterPositions]:
    return positions(conversation, assemble(conversation, []), most)


def test_somebody_who_gives_in_has_changed_his_mind() -> None:
    (matter,) = matters(talk(COVER, DOUBT, GIVES_IN))
    told = {one.person: one for one in matter.positions}
    assert (matter.kind, matter.voices) == ("claim", 2)
    assert [one.view for one in told["Bob"].stands] == ["disagree", "agree"]
    assert [one.concedes for one in told["Bob"].stands] == [False, True]
    assert [(old.mail, new.mail) for old, new in told["Bob"].changes] == [(1, 2)]
    assert told["Bob"].now == told["Ann"].now == "agree"


def test_a_patch_is_a_matter_its_whole_series_one() -> None:
    conversation = talk(
        Wrote("Ann", "All of it.\n", is_patch=True, subject="[PATCH 0/1] x"),
        Wrote("Ann", "The first.\n", 0, is_patch=True, subject="[PATCH 1/1] x: y"),
        Wrote("Bob", "I do not like it at all.\n", 1, {"I do": "claim"},
              [("I do", "attack", PATCH)]),
        Wrote("Cy", "Looks good to me, thanks.\n\nReviewed-by: Cy <cy@example.org>\n", 0),
    )  # fmt: skip
    (matter,) = matters(conversation)
    assert (matter.kind, matter.key) == ("patch", "0@example.org")
    assert [(one.person, one.now) for one in matter.positions] == [
        ("Ann", "agree"), ("Bob", "disagree"), ("Cy", "agree"),
    ]  # fmt: skip


def test_a_stance_counts_where_no_link_tells() -> None:
    reply = Wrote("Bob", f"> {CLAIM}\nSo much for that.\n", 0, stances={"new test": "disagree"})
    (matter,) = matters(talk(COVER, reply))
    assert matter.positions[1].stands[0].rule == "stance"
    assert matter.positions[1].now == "disagree"


def test_a_candidate_is_undecided_and_one_voice_is_no_matter() -> None:
    weak = Wrote(DOUBT.person, DOUBT.body, 0, DOUBT.labels, DOUBT.bears, score=0.2)
    assert matters(talk(COVER, weak)) == []
    other = Wrote("Cy", f"> {CLAIM}\nYes.\n", 0, {"Yes": "agreement"}, [("Yes", "agree", CLAIM)])
    (matter,) = matters(talk(COVER, weak, other))
    assert {one.person: one.now for one in matter.positions}["Bob"] == "undecided"


def test_the_number_of_matters_is_bounded() -> None:
    assert matters(talk(COVER, DOUBT), 0) == []


def test_what_is_new_since_a_day() -> None:
    conversation = talk(
        COVER,
        DOUBT,
        GIVES_IN,
        Wrote("Cy", "NAK on this.\n\nWho measured it on a large machine?\n", 0,
              {"NAK": "decision", "Who measured": "question"}),
    )  # fmt: skip
    debate = assemble(conversation, [])
    told = brief(conversation, debate, [], "2020-01-03")
    assert told.mails == 2
    assert list(told.claims) == []
    assert [(one.before, one.claim.status, one.utc) for one in told.shifts] == [
        ("contested", "conceded", conversation.mails[2].utc)
    ]
    assert [(one.person, one.before is None, one.after.mail) for one in told.turns] == [
        ("Bob", False, 2)
    ]
    assert [(one.person, one.kind) for one in told.naks] == [("Cy", "nak")]
    assert [conversation.mails[3].body[one.start : one.stop] for one in told.open] == [
        "Who measured it on a large machine?"
    ]


def test_nothing_is_new_after_the_last_mail_and_all_is_new_before_the_first() -> None:
    conversation = talk(COVER, DOUBT)
    debate = assemble(conversation, [])
    after = brief(conversation, debate, [], "2021-01-01")
    assert (after.mails, len(after.claims), len(after.shifts)) == (0, 0, 0)
    before = brief(conversation, debate, [], "2019-01-01")
    assert (before.mails, len(before.claims)) == (2, 2)

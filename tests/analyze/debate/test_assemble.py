"""A conversation put together: who bears on whom, how claims stand, what people correct."""

from __future__ import annotations

import pytest

from tests.analyze.debate.talks import (
    PATCH,
    Wrote,
    claim_of,
    debate_of,
    key,
    name_of,
    point_of,
    said,
    talk,
)
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.values import Conversation, UnitName

SHARED = "The page is never shared after the fork."
OPENING = Wrote(
    "Ann Archer",
    f"Move the copy.\n\n{SHARED}\n\nSo nobody has to wait for the lock.\n",
    labels={"never shared": "claim", "nobody has to wait": "claim"},
    bears=[("never shared", "support", "nobody has to wait")],
    is_patch=True,
)
AGAINST = Wrote(
    "Bob Baker",
    f"> {SHARED}\nThat is wrong, a pinned page is shared with the child.\n",
    parent=0,
    labels={"That is wrong": "claim"},
    bears=[("That is wrong", "attack", SHARED)],
)


def test_an_attack_on_a_quotation_reaches_the_unit_that_was_quoted() -> None:
    conversation = talk(OPENING, AGAINST)
    debate = assemble(conversation, [])
    attack = next(link for link in debate.links if link.kind == "attack")
    assert attack.source == UnitName(1, 0)
    mail = conversation.mails[0]
    unit = mail.units[attack.target.unit]
    assert (attack.target.mail, mail.body[unit.start : unit.stop]) == (0, SHARED)


def test_a_deeper_quotation_is_of_its_own_author() -> None:
    debate = debate_of(
        OPENING,
        AGAINST,
        Wrote(
            "Cy Cole",
            f"> > {SHARED}\nI agree with that.\n",
            parent=1,
            labels={"I agree": "agreement"},
            bears=[("I agree", "agree", SHARED)],
        ),
    )
    agree = next(link for link in debate.links if link.kind == "agree")
    assert (agree.source.mail, agree.target.mail) == (2, 0)


def test_a_view_of_the_patch_goes_to_the_nearest_posting_above() -> None:
    debate = debate_of(
        Wrote("Ann Archer", "What this is.\n", is_patch=True, subject="[PATCH 0/1] x"),
        Wrote("Ann Archer", "How it does it.\n", 0, is_patch=True, subject="[PATCH 1/1] x: y"),
        Wrote("Bob Baker", "This is a bad idea.\n", 1, {"bad idea": "claim"},
              [("bad idea", "attack", PATCH)]),
    )  # fmt: skip
    assert [link.target for link in debate.links] == [UnitName(1, -1)]


def test_quoted_words_that_nobody_here_wrote_give_no_link() -> None:
    debate = debate_of(
        Wrote("Ann Archer", "Something else.\n"),
        Wrote("Bob Baker", "> Never said here.\nNo.\n", 0, {"No": "claim"},
              [("No", "attack", "Never said here.")]),
    )  # fmt: skip
    assert debate.links == []
    assert debate.unplaced == {"quotation not found": 1}


@pytest.mark.parametrize(
    ("more", "status", "in_why"),
    [
        ([], "contested", "Bob Baker"),
        (
            [
                Wrote("Ann Archer", "> That is wrong, a pinned page is shared with the child.\n"
                      "Fair enough, I was wrong there.\n", 1, {"Fair enough": "concession"},
                      [("Fair enough", "concede", "That is wrong, a pinned page is shared")])
            ],
            "withdrawn",
            "Ann Archer",
        ),
        (
            [
                Wrote("Ann Archer", "> That is wrong, a pinned page is shared with the child.\n"
                      "Such pages are copied early.\n", 1, {"Such pages": "claim"},
                      [("Such pages", "attack", "That is wrong, a pinned page is shared")])
            ],
            "upheld",
            "answered by Ann Archer on 2020-01-03",
        ),
        (
            [
                Wrote("Bob Baker", f"> {SHARED}\nI stand corrected, it is as you say.\n", 0,
                      {"I stand corrected": "concession"},
                      [("I stand corrected", "concede", SHARED)])
            ],
            "conceded",
            "Bob Baker",
        ),
    ],
)  # fmt: skip
def test_how_a_claim_stands(more: list[Wrote], status: str, in_why: str) -> None:
    conversation = talk(OPENING, AGAINST, *more)
    claim = claim_of(conversation, assemble(conversation, []), "never shared")
    assert claim.status == status
    assert in_why in claim.why


def test_an_attack_below_the_threshold_contests_nothing() -> None:
    weak = Wrote(AGAINST.person, AGAINST.body, 0, AGAINST.labels, AGAINST.bears, score=0.3)
    conversation = talk(OPENING, weak)
    debate = assemble(conversation, [])
    assert claim_of(conversation, debate, "never shared").status == "open"
    assert {link.state for link in debate.links if link.kind == "attack"} == {"candidate"}
    assert claim_of(conversation, debate, "That is wrong").state == "candidate"


def test_nobody_contests_his_own_claim() -> None:
    conversation = talk(
        Wrote("Ann Archer", "It is fast.\n\nBut not on old machines.\n",
              labels={"It is fast": "claim", "But not": "claim"},
              bears=[("But not", "attack", "It is fast")])
    )  # fmt: skip
    assert claim_of(conversation, assemble(conversation, []), "fast").status != "contested"


def test_who_gave_in_before_it_was_said_withdraws_nothing() -> None:
    fair = "Fair enough, I was wrong there."
    first = Wrote("Ann Archer", f"{fair}\n", labels={"Fair enough": "concession"})
    again = Wrote("Ann Archer", f"> {fair}\n{SHARED}\n", 0, {"never shared": "claim"})
    conversation = talk(first, again)
    added = said(key(0, fair), f"relation:concede:{key(1, SHARED)}", "added")
    claim = claim_of(conversation, assemble(conversation, [added]), "never shared")
    assert claim.status != "withdrawn"


def test_places_that_were_joined_do_not_bear_on_each_other() -> None:
    wrong = "That is wrong, a pinned page is shared with the child."
    conversation = talk(OPENING, AGAINST)
    join = said(key(1, wrong), f"join:{key(0, SHARED)}", "yes")
    debate = assemble(conversation, [join])
    claim = claim_of(conversation, debate, "never shared")
    assert (len(claim.places), claim.status) == (2, "unanswered")
    assert [link for link in debate.links if link.kind == "attack"] == []
    assert debate.unplaced == {"both ends are one claim": 1}
    by_hand = said(key(1, wrong), f"relation:undercut:{key(0, SHARED)}", "added")
    assert "one claim" in assemble(conversation, [join, by_hand]).unmet[by_hand[:2]]


def test_a_claim_that_calls_for_an_answer_and_has_none_is_unanswered() -> None:
    conversation = talk(OPENING, Wrote("Bob Baker", "Off topic: who has the slides?\n"))
    assert claim_of(conversation, assemble(conversation, []), "nobody").status == "unanswered"


@pytest.mark.parametrize("score", [0.3, 0.9])
def test_a_trailer_and_its_words_are_one_relation(score: float) -> None:
    conversation = talk(
        Wrote("Ann", "It does it.\n", is_patch=True),
        Wrote("Bo", "Looks good.\n\nReviewed-by: Bo <bo@example.org>\n", 0,
              {"Reviewed": "agreement", "Looks": "agreement"},
              [("Reviewed", "agree", PATCH), ("Looks", "agree", PATCH)], score=score),
    )  # fmt: skip
    found = [(one.kind, one.rule, one.score) for one in assemble(conversation, []).links]
    assert sorted(found) == [("agree", "Reviewed-by", 1.0), ("agree", "model", score)]


def test_a_trailer_in_a_reply_is_a_view_of_the_patch() -> None:
    debate = debate_of(
        OPENING,
        Wrote("Bob Baker", "Looks fine to me, thanks for doing it.\n\n"
              "Acked-by: Bob Baker <bob@example.org>\n", 0),
        Wrote("Cy Cole", "> Move the copy.\nNo.\n\nAcked-by: Dan Dunn <dan@example.org>\n", 0),
    )  # fmt: skip
    given = [(link.kind, link.source.mail, link.target) for link in debate.links
             if link.rule == "Acked-by"]  # fmt: skip
    assert given == [("agree", 1, UnitName(0, -1))]


def test_a_view_that_is_told_of_another_names_him() -> None:
    conversation = talk(
        OPENING,
        Wrote("Bob Baker", "You say that the lock is free for all readers.\n", 0,
              {"You say": "claim"}),
    )  # fmt: skip
    claim = claim_of(conversation, assemble(conversation, []), "You say")
    assert (claim.person, claim.holder) == ("Bob Baker", "Ann Archer")


def test_corrections_win() -> None:
    wrong = "That is wrong, a pinned page is shared with the child."
    conversation = talk(OPENING, AGAINST)
    debate = assemble(
        conversation,
        [
            said(key(0, SHARED), "status", "conceded"),
            said(key(0, SHARED), "kind", "guarantee"),
            said(key(0, SHARED), "gist", "no sharing after fork"),
            said(key(1, wrong), "state", "accepted"),
            said(key(1, wrong), "holder", "Eve"),
            said(key(1, wrong), f"relation:attack:{key(0, SHARED)}", "removed"),
            said(key(1, wrong), f"relation:undercut:{key(0, SHARED)}", "added"),
            said(key(0, "So nobody has to wait for the lock."), "label", "background"),
        ],
    )
    claim = claim_of(conversation, debate, "never shared")
    assert (claim.status, claim.kind, claim.gist) == (
        "conceded", "guarantee", "no sharing after fork",
    )  # fmt: skip
    other = claim_of(conversation, debate, "That is wrong")
    assert (other.state, other.holder) == ("accepted", "Eve")
    assert [(link.kind, link.state) for link in debate.links if link.source.mail == 1] == [
        ("undercut", "accepted")
    ]
    assert len(debate.claims) == 2
    assert debate.unmet == {}


def test_a_relation_is_taken_away() -> None:
    wrong = "That is wrong, a pinned page is shared with the child."
    conversation = talk(OPENING, AGAINST)
    none = said(key(1, wrong), f"relation:attack:{key(0, SHARED)}", "removed")
    debate = assemble(conversation, [none])
    assert [link for link in debate.links if link.kind == "attack"] == []
    assert claim_of(conversation, debate, "never shared").status == "open"


def test_an_outcome_is_corrected() -> None:
    conversation = talk(Wrote("Ann Archer", "Is it safe?\n", labels={"safe": "question"}))
    debate = assemble(conversation, [said(key(0, "Is it safe?"), "outcome", "answered")])
    assert point_of(conversation, debate, "safe").outcome == "answered"


@pytest.mark.parametrize(
    ("correction", "why"),
    [
        (said("nonsense", "gist", "x"), "not the name"),
        (said(key(9, "Hello."), "gist", "x"), "no such mail"),
        (said(key(0, "Not there."), "gist", "x"), "no such passage"),
        (said(key(0, "Move the copy."), "gist", "x"), "has a gist"),
        (said(key(0, SHARED), "colour", "red"), "no such field"),
        (said(key(0, SHARED), "status", "won"), "no such status"),
        (said(key(0, SHARED), f"join:{key(0, SHARED)}", "yes"), "joined to another claim"),
        (said(key(0, SHARED), "relation:attack:x", "added"), "not the name"),
        (said(key(0, SHARED), f"relation:attack:{key(0, SHARED)}", "added"), "on itself"),
        (said(key(0, SHARED), f"relation:attack:{key(0, 'Move the copy.')}", "removed"), "no such"),
    ],
)
def test_what_no_finding_answers_to_is_told(correction: object, why: str) -> None:
    debate = debate_of(OPENING, AGAINST, corrections=[correction])  # type: ignore[list-item]
    assert list(debate.unmet) == [correction[:2]]  # type: ignore[index]
    assert why in debate.unmet[correction[:2]]  # type: ignore[index]


def test_what_works_is_not_called_unmet_for_what_does_not() -> None:
    gist = said(key(0, SHARED), "gist", "Shared.")
    join = said(key(0, SHARED), f"join:{key(0, 'Nobody said this.')}", "yes")
    debate = debate_of(OPENING, AGAINST, corrections=[gist, join])
    assert [claim.gist for claim in debate.claims if claim.gist] == ["Shared."]
    assert list(debate.unmet) == [join[:2]]


def test_a_patch_is_named_by_its_message_id() -> None:
    debate = debate_of(
        OPENING,
        AGAINST,
        corrections=[said(
            key(1, "That is wrong, a pinned page is shared with the child."),
            f"relation:attack:patch:{name_of(0)}", "added",
        )],
    )  # fmt: skip
    assert UnitName(0, -1) in {link.target for link in debate.links}


def test_an_empty_conversation_has_nothing() -> None:
    debate = assemble(Conversation(0, []), [])
    assert (debate.claims, debate.links, debate.points, debate.decisions) == ([], [], [], [])

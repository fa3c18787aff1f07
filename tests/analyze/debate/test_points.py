"""What calls for an answer, who gave one, and what was left."""

from __future__ import annotations

import pytest

from tests.analyze.debate.talks import Wrote, key, point_of, said, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.values import Point

QUESTION = "Does the reader take the lock on that path?"
ASKED = Wrote("Ann Archer", f"I read the patch.\n\n{QUESTION}\n", labels={"Does the": "question"})


def outcome(*mails: Wrote, words: str = "Does the") -> Point:
    conversation = talk(*mails)
    return point_of(conversation, assemble(conversation, []), words)


def test_words_right_under_the_quotation_answer() -> None:
    point = outcome(ASKED, Wrote("Bob Baker", f"> {QUESTION}\nYes, it takes the lock.\n", 0))
    assert (point.kind, point.outcome) == ("question", "answered")
    assert [(reply.mail, reply.how) for reply in point.replies] == [(1, "under the quotation")]
    assert point.score > 0.9


def test_a_reply_without_quotation_answers() -> None:
    point = outcome(ASKED, Wrote("Bob Baker", "Yes, the reader takes the lock there.\n", 0))
    assert (point.outcome, point.replies[0].how) == ("answered", "to the mail")


def test_a_long_quotation_is_no_answer_to_what_stands_at_its_top() -> None:
    paragraphs = "\n\n".join(
        f"Paragraph {number} is about number {number}. It has a second sentence. And a third?"
        for number in range(12)
    )
    body = f"{QUESTION}\n\n{paragraphs}\n"
    quoted = "".join(f"> {line}\n" for line in body.splitlines())
    asked = Wrote("Ann Archer", body, labels={"Does the": "question"})
    replied = Wrote("Bob Baker", f"{quoted}I will look at number 11 tomorrow.\n", 0)
    assert outcome(asked, replied).outcome == "no direct reply"


def test_a_tail_that_is_only_carried_along_is_no_answer() -> None:
    opening = "A first paragraph that says what this is about and what was done before."
    asked = Wrote("Ann Archer", f"{opening}\n\n{QUESTION}\n", labels={"Does the": "question"})
    replied = Wrote("Bob Baker", f"> {opening}\nI saw that.\n> \n> {QUESTION}\n", 0)
    found = outcome(asked, replied)
    assert all(reply.how != "under the quotation" for reply in found.replies)


def test_the_author_who_comes_back_does_not_answer() -> None:
    point = outcome(ASKED, Wrote("Ann Archer", f"> {QUESTION}\nFound it: it does.\n", 0))
    assert (point.outcome, [reply.how for reply in point.replies]) == ("own", ["own"])


def test_two_people_of_one_name_answer_each_other() -> None:
    asked = Wrote("Chris", ASKED.body, labels=ASKED.labels, who="one")
    told = Wrote("Chris", f"> {QUESTION}\nYes, it takes the lock.\n", 0, who="two")
    assert outcome(asked, told).outcome == "answered"
    renamed = Wrote("Christine", told.body, 0, who="one")
    assert outcome(asked, renamed).outcome == "own"


def test_nobody_answers() -> None:
    point = outcome(ASKED, Wrote("Bob Baker", "Something of mine.\n"))
    assert (point.outcome, list(point.replies)) == ("no direct reply", [])


CONCERN = "Writers of RDMA buffers lose their page when do_wp_page() copies it after a fork."


def branches(last: Wrote) -> list[Wrote]:
    return [
        Wrote("Ann Archer", "Please look at this change of the fault path.\n"),
        Wrote("Bob Baker", f"{CONCERN}\n", 0, {"Writers": "question"}),
        Wrote("Cy Cole", "Reports of lost transfers came in from two sites.\n", 0),
        last,
    ]


def test_a_concession_in_another_branch_that_names_the_author_takes_it_up() -> None:
    last = Wrote(
        "Ann Archer",
        "I was wrong about RDMA. As so often, Baker was right about do_wp_page().\n",
        2,
        {"I was wrong": "concession"},
    )
    point = outcome(*branches(last), words="Writers")
    assert point.outcome == "taken up"
    assert [(reply.mail, reply.how, reply.rule) for reply in point.replies] == [
        (3, "elsewhere", "names who said it")
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Thanks Baker, for the slides about the meeting.",
        "Bob, please send the slides.",
        "I was wrong about the date of the meeting.",
    ],
)
def test_a_name_alone_or_a_concession_alone_takes_nothing_up(words: str) -> None:
    last = Wrote("Ann Archer", f"{words}\n", 2, {words[:8]: "concession"})
    assert outcome(*branches(last), words="Writers").outcome == "no direct reply"


def test_what_was_said_before_takes_nothing_up() -> None:
    early = Wrote("Ann Archer", "Baker was right about do_wp_page() and RDMA.\n", 0,
                  {"Baker": "concession"})  # fmt: skip
    mails = [
        Wrote("Ann Archer", "Please look at this change.\n"),
        early,
        Wrote("Bob Baker", f"{CONCERN}\n", 0, {"Writers": "question"}),
    ]
    assert outcome(*mails, words="Writers").outcome == "no direct reply"


def test_nearly_the_same_words_in_another_branch_take_it_up() -> None:
    last = Wrote("Cy Cole", "Writers of RDMA buffers lose a page if do_wp_page() copies.\n", 2)
    mails = [*branches(last)]
    point = outcome(*mails, words="Writers")
    assert [(reply.mail, reply.rule) for reply in point.replies] == [(3, "same words")]


def test_an_answer_to_the_same_claim_in_another_mail_takes_it_up() -> None:
    claim = "The copy in do_wp_page() breaks every page that is pinned for DMA."
    mails = [
        Wrote("Ann Archer", f"{claim}\n", labels={"The copy": "proposal"}),
        Wrote("Ann Archer", f"{claim}\n", labels={"The copy": "proposal"}),
        Wrote("Bob Baker", f"> {claim}\nYes, I saw it break.\n", 1),
    ]
    conversation = talk(*mails)
    first = next(point for point in assemble(conversation, []).points if point.name.mail == 0)
    assert first.outcome == "taken up"
    assert first.replies[0].rule == "the claim is said again, and answered"


def test_a_point_of_a_doubtful_unit_is_a_candidate() -> None:
    doubtful = Wrote(ASKED.person, ASKED.body, labels=ASKED.labels, score=0.3)
    assert (outcome(ASKED).state, outcome(doubtful).state) == ("automatic", "candidate")
    conversation = talk(doubtful)
    fix = said(key(0, QUESTION), "state", "accepted")
    assert point_of(conversation, assemble(conversation, [fix]), "Does the").state == "accepted"


@pytest.mark.parametrize(
    ("after", "result"),
    [
        (" Sure.", "own"),
        (" No.", "own"),
        (" I don't know.", "own"),
        (" Of course not!", "own"),
        (" Nobody told me so far.", "no direct reply"),
        (" No reader takes it here.", "no direct reply"),
        ("\n\nSure.", "no direct reply"),
        ("", "no direct reply"),
    ],
)
def test_who_answers_himself_at_once_asks_to_say_it(after: str, result: str) -> None:
    point = outcome(Wrote("Ann", f"{QUESTION}{after}\n", labels={"Does the": "question"}))
    assert point.outcome == result
    if result == "own":
        assert point.rule == "answered in the next words"
        assert [(one.mail, one.how) for one in point.replies] == [(0, "own")]


def test_a_question_that_its_author_answers_may_be_answered_by_others() -> None:
    asked = Wrote("Ann", f"{QUESTION} Sure.\n", labels={"Does the": "question"})
    point = outcome(asked, Wrote("Bob", f"> {QUESTION}\nNo, it does not take the lock.\n", 0))
    assert point.outcome == "answered"


def test_a_claim_with_short_words_behind_it_is_not_answered_by_them() -> None:
    claimed = "The reader takes the lock on that path."
    point = outcome(
        Wrote("Ann", f"{claimed} Sure.\n", labels={"The reader": "claim"}), words="The reader"
    )
    assert point.outcome == "no direct reply"


def test_marks_alone_ask_nothing() -> None:
    conversation = talk(Wrote("Ann", "Here is what I see:\n\n???\n", labels={"???": "question"}))
    assert [unit.label for unit in conversation.mails[0].units][-1] == "question"
    assert assemble(conversation, []).points == []


def test_own_mails_that_do_not_quote_a_point_answer_nothing_of_it() -> None:
    more = Wrote("Ann Archer", "The second part takes the lock on the path of the reader.\n", 0)
    assert outcome(ASKED, more).replies == []
    again = Wrote("Ann Archer", f"> {QUESTION}\nYes, it takes the lock, I see now.\n", 0)
    assert [one.how for one in outcome(ASKED, again).replies] == ["own"]

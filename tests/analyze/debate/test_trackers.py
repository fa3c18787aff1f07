"""Comments of bug trackers: who wrote them, what they answer."""

from __future__ import annotations

from tests.analyze.debate.talks import Wrote, point_of, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.trackers import written

URL = "https://bugs.example.org/show_bug.cgi?id=17\n\n"
DAEMON = "bug daemon"
OPENED = Wrote(
    DAEMON, f"{URL}            Bug ID: 17\n          Reporter: ann@example.org\n\nIt hangs.\n"
)


def comment(number: int, who: str, text: str) -> Wrote:
    return Wrote(DAEMON, f"{URL}--- Comment #{number} from {who} ---\n{text}", 0)


def test_each_comment_has_its_writer_and_answers_the_one_before() -> None:
    mails = written(
        talk(OPENED, comment(1, "Bob Baker (bob@example.org)", "Same.\n"),
             comment(2, "cy@example.org", "Not here.\n"))
    ).mails  # fmt: skip
    assert [(mail.person, mail.email, mail.parent) for mail in mails] == [
        ("ann@example.org", "ann@example.org", None),
        ("Bob Baker", "bob@example.org", 0),
        ("cy@example.org", "cy@example.org", 1),
    ]


def test_a_writer_who_mails_as_well_is_one_person() -> None:
    mails = written(
        talk(OPENED, Wrote("Bob Baker", "Which driver?\n", 0),
             comment(1, "Bob Baker (bob@example.org)", "This one.\n"),
             comment(2, "Cy (cy@example.org)", "Mine.\n"))
    ).mails  # fmt: skip
    assert mails[1].who == mails[2].who == "Bob Baker"
    assert len({mail.who for mail in mails}) == 3


def test_a_comment_that_is_named_or_quoted_is_what_is_answered() -> None:
    mails = written(
        talk(
            OPENED,
            comment(1, "Bob Baker (bob@example.org)", "Is it the new driver that hangs?\n"),
            comment(2, "Cy Cole (cy@example.org)", "Me too.\n"),
            comment(3, "Ann (ann@example.org)", "> Is it the new driver that hangs?\nYes.\n"),
            comment(4, "Dan (dan@example.org)", "(In reply to Cy Cole from comment #2)\nHow?\n"),
        )
    ).mails
    assert [mail.parent for mail in mails] == [None, 0, 1, 1, 2]
    quoted = mails[3].quotes[0]
    assert mails[1].body[quoted.source_start : quoted.source_stop] == (
        "Is it the new driver that hangs?"
    )


def test_a_question_in_a_tracker_is_answered_by_another_writer() -> None:
    conversation = talk(
        OPENED,
        Wrote(DAEMON, f"{URL}--- Comment #1 from Bob (bob@example.org) ---\nIs it the driver?\n", 0,
              {"Is it": "question"}),
        comment(2, "Ann (ann@example.org)", "> Is it the driver?\nYes, it is the driver.\n"),
    )  # fmt: skip
    point = point_of(conversation, assemble(conversation, []), "Is it")
    assert (point.outcome, [reply.mail for reply in point.replies]) == ("answered", [2])


def test_other_mail_is_left_as_it_is() -> None:
    conversation = talk(Wrote("Ann", "See show_bug.cgi?id=17 for it.\n"), Wrote("Bob", "No.\n", 0))
    assert written(conversation) is conversation

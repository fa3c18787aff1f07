"""The arguments of one mail, by the shipped models."""

from __future__ import annotations

from hypothesis import given, settings

from tests.analyze.arguments.bodies import bodies
from tests.analyze.arguments.made_mail import made
from threadkit.analyze.arguments.read import CERTAIN, arguments
from threadkit.analyze.arguments.segments import segments
from threadkit.analyze.arguments.values import LABELS, RELATIONS, STANCES

GERMAN = (
    "> Ist das so?\nIch glaube nicht, dass das so ist, weil die Seite noch nicht gesperrt wurde.\n"
    "Das ist auch der Grund, warum wir es nicht so machen wollen.\n"
)


def test_a_question_is_answered_and_its_ground_supports_the_answer() -> None:
    body = "> Is the lock needed here?\nYes, it is needed, because the page may go away under us.\n"
    found = arguments(made(body))
    assert found.language == "en"
    assert [one.depth for one in found.passages] == [1]
    assert any(one.kind == "answer" and one.target.kind == "quote" for one in found.relations)


def test_an_ack_agrees() -> None:
    body = (
        "> This patch removes the lock.\n\nLooks good to me.\n\nAcked-by: Ann <ann@example.org>\n"
    )
    found = arguments(made(body))
    assert found.passages[0].stance == "agree"


def test_a_nak_disagrees() -> None:
    body = "> This patch removes the lock.\n\nNAK. This is wrong, it breaks fork.\n"
    assert arguments(made(body)).passages[0].stance == "disagree"


def test_nothing_is_sure_where_irony_leaves_the_side_open() -> None:
    told = "> This patch removes the lock.\n\nNAK. {} it breaks fork.\n"
    plain = arguments(made(told.format("This is wrong,")))
    assert max(one.score for one in plain.relations) >= CERTAIN
    found = arguments(made(told.format("What a brilliant idea,")))
    assert (found.passages[0].stance, found.passages[0].rule) == ("undecided", "irony")
    assert found.relations
    for one in found.relations:
        assert one.score < CERTAIN
        assert one.rule == "irony"


def test_another_language_is_left_alone_and_it_says_so() -> None:
    found = arguments(made(GERMAN))
    assert (found.language, found.units, found.passages, found.relations) == ("other", (), (), ())
    assert "not English" in found.note


def test_an_empty_mail_has_nothing() -> None:
    assert arguments(made("")).units == ()
    assert arguments(made("> all\n> of it\n")).units == ()


def test_one_mail_read_twice_is_the_same() -> None:
    body = "> Is it slow?\nNo. I measured 2 ms on v5.9.\n> Or leaky?\nI wonder, too.\n"
    assert arguments(made(body)) == arguments(made(body))


@settings(max_examples=50, deadline=None)
@given(bodies)
def test_findings_of_any_mail_are_in_place(body: str) -> None:
    mail = made(body)
    found = arguments(mail)
    cut = segments(mail)
    assert [(one.start, one.stop) for one in found.units] == [
        (one.start, one.stop) for one in cut.units
    ]
    assert len(found.passages) == len(cut.passages)
    for unit in found.units:
        assert unit.label in LABELS
        assert 0 <= unit.score <= 1
        assert -1 <= unit.passage < len(found.passages)
    assert all(one.stance in STANCES and 0 <= one.score <= 1 for one in found.passages)
    for relation in found.relations:
        assert relation.kind in RELATIONS
        assert 0 <= relation.unit < len(found.units)
        assert relation.rule

"""Labels of answered points fit their mails; the shipped weights come from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.eval.arguments.answered import (
    cases,
    crossed,
    fitted,
    judged,
    mailbox,
    mismatched,
    read_points,
)
from threadkit.analyze.debate import replying
from threadkit.analyze.debate.answers import ELSEWHERE, Answers, Matter
from threadkit.analyze.debate.elsewhere import Elsewhere
from threadkit.analyze.debate.ground import Ground
from threadkit.analyze.debate.places import Places


def test_labels_are_well_formed() -> None:
    points = read_points()
    assert len({one.thread for one in points}) == 21
    for one in points:
        assert one.kind in ("question", "request", "objection", "claim", "report")
        assert one.answered in ("yes", "self", "no")
        assert bool(one.by) is (one.answered != "no")
        assert one.start < one.stop
    assert len({(one.message_id, one.start) for one in points}) == len(points)


def test_labels_fit_their_mails(corpora: Path) -> None:
    assert mismatched(read_points()) == []


@pytest.mark.slow
def test_the_shipped_weights_come_from_the_labels(corpora: Path) -> None:
    some = cases(read_points())
    weights = fitted(some)
    assert weights.pop("") == pytest.approx(replying.BIAS, abs=0.02)
    assert weights == pytest.approx(dict(replying.WEIGHTS), abs=0.02)
    told = judged([one for one in crossed(some) if not one[0].doubt])
    assert told.points == 499
    assert told.precision > 0.87
    assert told.recall > 0.85


def test_what_was_left_in_one_branch_is_taken_up_in_another(corpora: Path) -> None:
    """On 14 September 2020 the reply to another branch concedes what nobody had answered."""
    ground = Ground(mailbox("cow-thread/cow-thread.mbox"))
    answers = Answers(Places(ground))
    left = next(
        mail for mail in ground.mails if mail.message_id.startswith("alpine.LSU.2.11.2008312207450")
    )
    branches = Elsewhere(ground, answers.weights)
    dates = set()
    for unit in left.units:
        matter = Matter(left.id, unit.start, unit.stop)
        assert answers.of(matter)[0] == []
        for reply in branches.of(matter):
            assert reply.how == ELSEWHERE
            dates.add((ground.mail(reply.mail).utc or "")[:10])
    assert "2020-09-14" in dates

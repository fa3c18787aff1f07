"""Every word that a finding can hold is explained, and no other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, get_args

import pytest

from threadkit.analyze import lexicon
from threadkit.analyze.arguments import values as arguments
from threadkit.analyze.citing import RoleName
from threadkit.analyze.debate import answers, corrections, decisions, owed
from threadkit.analyze.debate import values as debate
from threadkit.analyze.linking import MatchKind, Rule
from threadkit.analyze.regressions.predictions import OutcomeKind
from threadkit.analyze.regressions.regression import State
from threadkit.analyze.regressions.values import Mood, SignalKind
from threadkit.analyze.series.values import Outcome, RevisionKind


@pytest.mark.parametrize(
    ("words", "explained"),
    [
        (RoleName, lexicon.ROLES),
        (MatchKind, lexicon.MAIL_KINDS),
        (Rule, lexicon.LINK_RULES),
        (Outcome, lexicon.FATES),
        (RevisionKind, lexicon.REVISION_KINDS),
        (State, lexicon.STATES),
        (SignalKind, lexicon.SIGNALS),
        (Mood, lexicon.MOODS),
        (OutcomeKind, lexicon.OUTCOMES),
        (arguments.Label, lexicon.LABELS),
        (arguments.RelationKind, lexicon.BEARINGS),
        (arguments.Stance, lexicon.STANCES),
        (debate.Status, lexicon.STATUSES),
        (debate.State, lexicon.FINDING_STATES),
        (debate.PointKind, lexicon.POINT_KINDS),
        (debate.Outcome, lexicon.POINT_OUTCOMES),
        (owed.Fate, lexicon.OWED),
    ],
)
def test_the_words_are_those_of_the_type(words: Any, explained: Mapping[str, str]) -> None:
    assert set(get_args(words)) == set(explained)
    assert all(text and not text.endswith(".") for text in explained.values())


@pytest.mark.parametrize(
    ("words", "explained"),
    [
        (arguments.KINDS, lexicon.CLAIM_KINDS),
        (decisions.KINDS, lexicon.DECISION_KINDS),
        (corrections.FIELDS, lexicon.CORRECTED),
        (
            (answers.UNDER, answers.TO_MAIL, answers.OWN, answers.ELSEWHERE),
            lexicon.ANSWERS,
        ),
    ],
)
def test_the_words_are_those_of_the_list(
    words: Collection[str], explained: Mapping[str, str]
) -> None:
    assert set(words) == set(explained)
    assert all(text and not text.endswith(".") for text in explained.values())

"""Every word that a finding can hold is explained, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from threadkit.analyze import lexicon
from threadkit.analyze.citing import RoleName
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
    ],
)
def test_the_words_are_those_of_the_type(words: Any, explained: Mapping[str, str]) -> None:
    assert set(get_args(words)) == set(explained)
    assert all(text and not text.endswith(".") for text in explained.values())

"""Regressions that are written down: which come in, how surely they are known."""

from __future__ import annotations

import pytest

from tests.pipeline.mails import mail
from tests.pipeline.test_regressions_stage import bring
from threadkit.analyze.regressions.regression import Regression


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> list[Regression]:
    """Those tied to three commits that a mail cites."""
    body = "See f822566165dd, a7e689dd1c06 and 09854ba94c6a.\n"
    return bring(tmp_path_factory.mktemp("curated") / "t.db", mail("c", body=body))


def test_what_only_goes_round_a_regression_is_no_fix_of_it(known: list[Regression]) -> None:
    [one] = [one for one in known if any(e.value.startswith("f822566165dd") for e in one.events)]
    assert (one.state, one.fixes) == ("resolved", ())
    assert "nothing repairs it" in one.why
    assert [event.kind for event in one.events if event.value.startswith("f8225661")] == ["note"]


def test_what_is_concluded_says_so_and_has_a_low_score(known: list[Regression]) -> None:
    [one] = [one for one in known if any(fix.name.startswith("a7e689dd") for fix in one.fixes)]
    assert one.why.endswith("known by a conclusion only")
    assert one.score == one.fixes[0].score == 0.4
    [sure] = [one for one in known if any(fix.name.startswith("80d47f5d") for fix in one.fixes)]
    assert "known by" not in sure.why
    assert sure.fixes[0].score > 0.7

"""Regressions that are written down: which come in, how surely they are known."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.pipeline.mails import mail
from tests.pipeline.test_regressions_stage import bring
from threadkit.analyze.regressions.regression import Regression
from threadkit.cli.app import app
from threadkit.pipeline.archive import Archive


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


def test_what_no_mail_here_names_comes_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    assert bring(path, mail("c", body="We had this after 57efa1fe5957.\n"))
    with Archive(path) as archive:
        found = archive.regressions()
        mine = found.named_here()
    fixes = {fix.name[:12] for one in mine for fix in one.fixes}
    assert "57efa1fe5957" in fixes
    assert "80d47f5de5e3" not in fixes
    assert 0 < len(mine) < len(found)
    assert len(mine.in_state("fixed").named_here()) == len(mine.in_state("fixed"))
    shown = CliRunner().invoke(app, ["--db", str(path), "regressions"])
    every = CliRunner().invoke(app, ["--db", str(path), "regressions", "--all"])
    assert len(shown.stdout.splitlines()) == len(mine) + 1
    assert len(every.stdout.splitlines()) == len(found) + 1
    assert f"{len(found) - len(mine)} regressions that no mail here names: --all" in shown.stderr
    assert "--all" not in every.stderr


def test_a_named_one_is_shown_whoever_names_it(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    bring(path, mail("c", body="We had this after 57efa1fe5957.\n"))
    with Archive(path) as archive:
        assert [one.fixes[0].name[:12] for one in archive.regressions("80d47f5de5e3")]


def test_what_is_found_draws_itself_and_is_short_as_a_line(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    bring(path, mail("c", body="We had <b>this</b> after 57efa1fe5957.\n"))
    with Archive(path) as archive:
        [one] = archive.regressions("57efa1fe5957").in_state("fixed")[:1]
        [cited] = archive.commits()
    assert len(repr(one)) < 120
    assert repr(one).startswith("<Regression fixed ")
    html = one._repr_html_()  # type: ignore[attr-defined]
    assert "<table" in html
    assert "57efa1fe5957" in html
    assert "<table" in cited._repr_html_()

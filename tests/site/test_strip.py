"""Commits, posts and reports in the order of time: every line is of a regression or commit."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from tests.site.example_site import BY_REFERENCES, BY_USERS, FIX, bare_site, example_site, named
from threadkit.site.strip import MOST, ROWS, Strip, overlaps, strip
from threadkit.site.values import Commit, Regression, Report, Site


def _drawn(site: Site) -> Strip:
    drawn = strip(site)
    assert drawn is not None
    return drawn


def _edges(drawn: Strip) -> set[tuple[str, str, str]]:
    names = {one.number: one.key for one in drawn.events}
    return {(line.kind, names[line.start], names[line.stop]) for line in drawn.lines}


def _regression(number: int, **values: object) -> Regression:
    made = Regression(f"r{number}", f"Trouble {number}", "", "open")
    return replace(made, **values)  # type: ignore[arg-type]


def _commit(number: int, utc: str | None, **values: object) -> Commit:
    made = Commit(f"{number:012x}{0:028}", f"pool: change {number}", utc=utc)
    return replace(made, **values)  # type: ignore[arg-type]


def _only(commits: list[Commit], broken: list[Regression]) -> Site:
    return replace(bare_site(), commits=commits, regressions=broken, mails=())


def test_lines_lead_from_cause_to_report_to_answer_and_from_warning_and_mail() -> None:
    assert _edges(_drawn(example_site())) == {
        ("broke", BY_REFERENCES[:12], named("broke")),
        ("answered", named("broke"), FIX[:12]),
        ("foretold", named("doubt"), named("broke")),
    }


def test_a_mail_that_a_commit_links_to_became_it_where_that_is_shown() -> None:
    linked = replace(
        example_site().commits[1], links=[f"https://lore.kernel.org/r/{named('cover')}/"]
    )
    site = replace(example_site(), commits=[example_site().commits[0], linked])
    assert ("became", named("cover"), BY_REFERENCES[:12]) in _edges(_drawn(site))


def test_numbers_are_rows_in_the_order_of_time() -> None:
    drawn = _drawn(example_site())
    assert [one.number for one in drawn.events] == list(range(1, len(drawn.events) + 1))
    assert [one.key for one in drawn.events] == [
        BY_USERS[:12],
        named("cover"),
        named("doubt"),
        BY_REFERENCES[:12],
        named("broke"),
        FIX[:12],
    ]
    places = [one.x for one in drawn.events]
    assert places == sorted(places)


def test_without_a_report_the_answer_follows_the_cause_itself() -> None:
    old, new = _commit(1, "2020-01-01"), _commit(2, "2020-02-01")
    broken = [_regression(1, culprit=old.sha, fixes=[new.sha])]
    assert _edges(_drawn(_only([old, new], broken))) == {("answered", old.sha[:12], new.sha[:12])}


def test_a_cause_that_is_no_commit_of_the_site_draws_no_line() -> None:
    broken = [
        _regression(1, culprit="v5.8..v5.9", reports=[Report("a@example.org", "", "2020-01-01")])
    ]
    drawn = _drawn(_only([_commit(1, "2019-01-01")], broken))
    assert drawn.lines == ()
    assert [one.lane for one in drawn.events] == ["commits", "reports"]


def test_nobody_foretells_what_was_told_before() -> None:
    site = example_site()
    late = replace(site.regressions[0], foreseen=[named("loose")])
    early = replace(late, reports=[Report(named("older"), "eve", "2024-11-02T00:00:00Z")])
    kinds = {kind for kind, _, _ in _edges(_drawn(replace(site, regressions=[early])))}
    assert "foretold" not in kinds
    kinds = {kind for kind, _, _ in _edges(_drawn(replace(site, regressions=[late])))}
    assert "foretold" in kinds


def test_two_regressions_that_one_mail_tells_of_share_a_mark() -> None:
    told = [Report("a@example.org", "", "2020-03-01")]
    commits = [_commit(1, "2020-01-01"), _commit(2, "2020-02-01")]
    broken = [_regression(n, culprit=commits[n].sha, reports=told) for n in range(2)]
    drawn = _drawn(_only(commits, broken))
    assert [one.key for one in drawn.events if one.lane == "reports"] == ["a@example.org"]
    assert len(drawn.lines) == 2


def test_an_undated_commit_goes_by_its_release_and_one_without_any_is_in_the_table_alone() -> None:
    commits = [
        _commit(1, "2005-08-01", release="v2.6.13"),
        _commit(2, "2011-01-13", release="v2.6.38-rc1"),
        _commit(3, None, release="v2.6.29-rc1"),
        _commit(4, None),
    ]
    events = _drawn(_only(commits, [])).events
    assert [one.key[11] for one in events] == ["1", "3", "2", "4"]
    assert [one.x >= 0 for one in events] == [True, True, True, False]
    assert events[1].utc is None


def test_with_many_commits_the_picture_keeps_those_with_lines() -> None:
    commits = [_commit(n, f"20{n // 12:02}-{n % 12 + 1:02}-01") for n in range(1, 300)]
    broken = [_regression(1, culprit=commits[50].sha, fixes=[commits[250].sha])]
    drawn = _drawn(_only(commits, broken))
    assert len(drawn.events) == 299
    assert [one.number for one in drawn.marks] == [51, 251]
    assert [line.start for line in drawn.before(251)] == [51]
    assert drawn.events[250].place == f"commits~{250 // ROWS + 1}.html#e251"


def test_there_is_nothing_to_draw_without_commits_and_regressions() -> None:
    assert strip(replace(bare_site(), commits=(), regressions=())) is None


@given(
    st.lists(st.datetimes().map(lambda one: one.replace(microsecond=0)), min_size=1, max_size=80)
)
def test_marks_keep_order_stay_inside_and_never_cover_each_other(dates: list[object]) -> None:
    commits = [
        _commit(n, f"{when}Z".replace(" ", "T") if n % 7 else None) for n, when in enumerate(dates)
    ]
    drawn = _drawn(_only(commits, []))
    places = [one.x for one in drawn.marks]
    assert places == sorted(places)
    assert all(0 <= x <= 100 for x in places)
    assert len(places) <= MOST
    assert overlaps(drawn) == []


def test_the_style_sheet_gives_the_picture_the_height_that_it_is_drawn_for() -> None:
    style = (files("threadkit.site") / "assets" / "style.css").read_text(encoding="utf-8")
    assert f"height:{_drawn(example_site()).height}px" in style


def test_where_there_is_no_room_the_release_of_what_broke_something_is_named() -> None:
    told = [Report("a@example.org", "", "2020-03-01")]
    commits = [
        replace(_commit(n, f"2020-01-0{n}"), release=f"v5.{n}", outside=False) for n in range(1, 9)
    ]
    calm = _drawn(_only(commits, [_regression(1, culprit="v5.8..v5.9", reports=told)]))
    assert [words for _, words in calm.releases][:1] == ["v5.1"]
    assert "v5.2" not in [words for _, words in calm.releases]
    hot = _drawn(_only(commits, [_regression(1, culprit=commits[1].sha, reports=told)]))
    assert [words for _, words in hot.releases][:1] == ["v5.2"]
    assert "v5.1" not in [words for _, words in hot.releases]


def test_a_commit_that_links_to_a_report_answers_it_and_was_not_posted_there() -> None:
    told = [Report("a@example.org", "", "2020-01-15")]
    fix = replace(_commit(2, "2020-02-01"), links=["https://lore.example.org/r/a@example.org/"])
    broken = [_regression(1, culprit="", reports=told)]
    assert _edges(_drawn(_only([fix], broken))) == {("answered", "a@example.org", fix.sha[:12])}

"""Pages of commits and regressions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.site.example_site import BY_REFERENCES, BY_USERS, FIX, bare_site, example_site, named
from threadkit.site import commits, regressions
from threadkit.site.commits import uses
from threadkit.site.regressions import anchors, chains
from threadkit.site.values import Commit, Evidence, Regression, Report, Site

HOSTILE = '<script>alert(1)</script>"\u202e'


def _commits(site: Site) -> dict[str, str]:
    return {page.path: "".join(page.content) for page in commits.pages(site)}  # type: ignore[arg-type]


def _regressions(site: Site) -> dict[str, str]:
    return {page.path: "".join(page.content) for page in regressions.pages(site)}  # type: ignore[arg-type]


def test_every_commit_has_a_page_and_a_row_that_leads_there() -> None:
    made = _commits(example_site())
    shas = (BY_USERS, BY_REFERENCES, FIX)
    assert set(made) == {"commits.html", *(f"commit/{sha[:12]}.html" for sha in shas)}
    assert all(f'href="commit/{sha[:12]}.html"' in made["commits.html"] for sha in shas)


def test_a_row_says_who_cites_it_what_it_fixes_and_what_it_answers() -> None:
    table = _commits(example_site())["commits.html"].partition("<tbody>")[2]
    row = next(part for part in table.split("</tr>") if f"commit/{BY_REFERENCES[:12]}" in part)
    assert "Ada Example · v5.9 · cited by Ada Example, Eve Placeholder" in row
    assert f'fixes <a href="commit/{BY_USERS[:12]}.html">' in row
    fix = next(part for part in table.split("</tr>") if 'id="e6"' in part)
    assert 'answers <a href="commits.html#e5">5</a>' in fix
    assert "background" in fix


def test_the_page_of_a_commit_tells_what_broke_who_cites_it_and_for_what_it_is_shown() -> None:
    made = _commits(example_site())
    culprit, fix = made[f"commit/{BY_REFERENCES[:12]}.html"], made[f"commit/{FIX[:12]}.html"]
    assert "What broke since it" in culprit
    assert 'href="../regressions.html#r-a-device-reads-stale-data' in culprit
    assert f'href="../m/{named("yes")}.html"' in culprit
    assert "Claims that it decided" in culprit
    assert "What it mended" in fix
    assert "Claims for which it is shown" in fix
    assert "the conversation does not cite it" in fix
    assert "No mail of this conversation." in fix


def test_eras_of_the_model_that_began_with_a_commit_are_named_only_beside_a_model() -> None:
    known = Commit("09854ba94c6aad7886996bfbee2530b3d8a7f4f4", "mm: x")
    with_model = replace(example_site(), commits=[known])
    page = _commits(with_model)["commit/09854ba94c6a.html"]
    assert 'href="../model/era-refcount_nofork.html"' in page
    page = _commits(replace(with_model, scenarios=()))["commit/09854ba94c6a.html"]
    assert "era-" not in page


def test_hostile_facts_of_commits_are_shown_and_not_followed() -> None:
    evil = Commit(
        BY_USERS,
        HOSTILE,
        HOSTILE,
        "2020-01-01",
        HOSTILE,
        trailers=[("Link", "javascript:alert(1)"), (HOSTILE, HOSTILE)],
        links=["javascript:alert(1)", 'https://example.org/"onclick="x'],
        known_from=HOSTILE,
    )
    broken = Regression(
        HOSTILE,
        HOSTILE,
        BY_USERS,
        HOSTILE,
        [Report(HOSTILE, "", None, "javascript:alert(1)")],
        why=HOSTILE,
        mechanisms=[HOSTILE],
        source=HOSTILE,
        certainty=HOSTILE,
    )
    site = replace(example_site(), commits=[evil], regressions=[broken])
    for html in (*_commits(site).values(), *_regressions(site).values()):
        assert "<script>" not in html
        assert "\u202e" not in html
        assert 'href="javascript' not in html
        assert '"onclick="' not in html


def test_two_short_names_of_one_commit_make_one_page() -> None:
    twice = [Commit(BY_USERS, "pool: x"), Commit(BY_USERS[:12], "pool: x")]
    pages = [page.path for page in commits.pages(replace(bare_site(), commits=twice))]
    assert len(pages) == len(set(pages)) == 2


def test_a_claim_that_names_a_commit_in_evidence_and_decision_is_told_twice() -> None:
    claim = replace(
        example_site().claims[0],
        evidence=[Evidence("commit", FIX, "repairs it")],
        decision=[Evidence("commit", FIX[:12], "merged")],
    )
    used = uses(replace(example_site(), claims=[claim]))[FIX[:12]]
    assert [one.id for one, _ in used.evidence] == [one.id for one, _ in used.decided] == ["1"]


def test_a_chain_leads_from_cause_to_report_to_answer_with_its_days() -> None:
    html = _regressions(example_site())["regressions.html"]
    cause, report, answer = (html.index(f"<b>{word}</b>") for word in ("Cause", "Report", "Answer"))
    assert cause < report < answer
    assert f"commit/{BY_REFERENCES[:12]}.html" in html[cause:report]
    assert "(153 days after the cause)" in html[report:answer]
    assert "(13 days after the report)" in html[answer:]
    assert f'href="m/{named("doubt")}.html"' in html[answer:]


def test_open_ones_come_first_and_others_keep_their_order() -> None:
    some = [
        Regression(str(n), f"Trouble {n}", "", state)
        for n, state in enumerate(["fixed", "open", "resolved", "to be fixed"])
    ]
    found = chains(replace(example_site(), regressions=some))
    assert [chain.one.state for chain in found] == ["open", "to be fixed", "fixed", "resolved"]


def test_the_same_report_is_shown_once_and_others_are_folded() -> None:
    reports = [
        Report("b@example.org", "bo", "2025-05-02"),
        Report("a@example.org", "ada", "2025-05-01"),
        Report("a@example.org", "ada", "2025-05-01"),
    ]
    one = replace(example_site().regressions[0], reports=reports)
    site = replace(example_site(), regressions=[one])
    (chain,) = chains(site)
    assert chain.report is not None
    assert chain.report.message_id == "a@example.org"
    assert [report.message_id for report in chain.more] == ["b@example.org"]
    html = _regressions(site)["regressions.html"]
    assert "1 other report of the same" in html
    assert 'href="https://lore.kernel.org/r/a@example.org' in html


@pytest.mark.parametrize("number", [2, 250])
def test_regressions_of_one_key_and_title_have_anchors_of_their_own(number: int) -> None:
    some = [Regression(str(n // 2), "Trouble", "", "fixed") for n in range(number)]
    site = replace(example_site(), regressions=some)
    html = "".join(_regressions(site).values())
    ids = [part.partition('"')[0] for part in html.split('<section class="chain" id="')[1:]]
    assert len(ids) == number
    assert len(set(ids)) == number
    assert all(place.partition("#")[2] in ids for place in anchors(site).values())


def test_nothing_is_made_of_a_conversation_without_commits() -> None:
    site = replace(bare_site(), commits=(), regressions=())
    assert _commits(site) == {}
    assert _regressions(site) == {}


def test_a_report_before_its_cause_has_no_delay() -> None:
    one = replace(
        example_site().regressions[0],
        reports=[Report(named("older"), "eve", "2024-11-02T00:00:00Z")],
        days=None,
    )
    (chain,) = chains(replace(example_site(), regressions=[one]))
    assert chain.to_report is None
    assert chain.since == "report"
    assert [answer.days for answer in chain.answers] == [304]


def test_answers_come_by_date_each_with_its_delay_and_what_was_written_before_has_none() -> None:
    late, early, old = (
        Commit("1" * 40, "late", utc="2025-09-02T10:00:00Z"),
        Commit("2" * 40, "early", utc="2025-08-21", release="v6.1"),
        Commit("3" * 40, "old", utc="2025-08-01T10:00:00Z", applied="2025-08-30T00:00:00Z"),
    )
    one = replace(example_site().regressions[0], fixes=[late.sha, early.sha, old.sha, "4" * 40])
    site = replace(example_site(), regressions=[one])
    site = replace(site, commits=[*site.commits, late, early, old])
    (chain,) = chains(site)
    assert [(answer.sha[0], answer.days) for answer in chain.answers] == [
        ("2", 1),
        ("3", 10),
        ("1", 13),
        ("4", None),
    ]
    html = _regressions(site)["regressions.html"].partition("<b>Answer</b>")[2]
    assert '<time datetime="2025-08-21">21 Aug 2025</time>, in v6.1' in html
    assert 'applied <time datetime="2025-08-30T00:00:00Z">' in html
    assert 'written <time datetime="2025-09-02T10:00:00Z">' in html
    assert "no date" not in html


def test_a_report_by_no_mail_names_who_told_and_comes_before_its_answer() -> None:
    one = replace(
        example_site().regressions[0], reports=[Report("", "eve", None)], also=["finn"], foreseen=()
    )
    site = replace(example_site(), regressions=[one])
    html = _regressions(site)["regressions.html"]
    told = html.partition("<b>Report</b>")[2].partition("</li>")[0]
    assert "Eve Placeholder" in told
    assert "by no mail that is known" in told
    assert "also told by" in told
    rows = _commits(site)["commits.html"].partition("<tbody>")[2].split("</tr>")
    words = ("before its answer", "<small>background</small>")
    places = [next(n for n, row in enumerate(rows) if word in row) for word in words]
    assert places[1] == places[0] + 1


def test_a_warning_is_shown_by_its_claim_and_note_or_as_not_reviewed() -> None:
    one = replace(example_site().regressions[0], warnings=[("1", "said in a note")])
    site = replace(example_site(), regressions=[one], candidates=True)
    html = _regressions(site)["regressions.html"].partition("Foreseen by")[2]
    assert 'href="c/1.html"' in html
    assert "(said in a note)" in html
    assert "not reviewed" not in html.partition("</p>")[0]
    bare = replace(site, regressions=[replace(one, warnings=())])
    html = _regressions(bare)["regressions.html"].partition("Foreseen by")[2]
    assert "not reviewed" in html.partition("</p>")[0]

"""Articles of a hand-made site: what they quote, name and link, and what they leave out."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.site import example_site as example
from tests.site.rendered import Rendered, rendered
from threadkit.site.article import article
from threadkit.site.article_scope import Scope, around, named_commits, reviewed
from threadkit.site.render import plain
from threadkit.site.values import Claim, Place, Report, Site, Tested

LORE = "https://lore.kernel.org/r/"


def read_site() -> Site:
    """The example with the ids that claims of a casebook have."""
    site = example.example_site()
    claims = [replace(one, id="6") if one.id == "2b" else one for one in site.claims]
    return replace(site, claims=claims)


def told(site: Site, *main: str) -> str:
    site = reviewed(site)
    if main:
        site = around(site, main)
    scope = Scope(site, site.question, "casebook pool-2025", frozenset(main), "pool-2025")
    return "\n".join(article(scope)) + "\n"


def section(text: str, title: str) -> str:
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def claim(site: Site, name: str) -> Claim:
    return next(one for one in site.claims if one.id == name)


@pytest.fixture
def whole() -> Rendered:
    return rendered(told(read_site()))


def test_each_first_passage_is_quoted_word_for_word(whole: Rendered) -> None:
    words = [one.places[0].text for one in read_site().claims]
    assert {*words} <= {*whole.quotes}
    conceded = [edge.place for one in read_site().claims for edge in one.stances if edge.place]
    assert {*whole.quotes} <= {*words, *(place.text for place in conceded)}


def test_headings_come_in_order(whole: Rendered) -> None:
    levels = [level for level, _ in whole.headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert whole.headings[0][1] == "When may a page of the pool be reused?"


def test_mails_and_commits_are_linked_for_good(whole: Rendered) -> None:
    links = dict(whole.links)
    assert links["Bo Sample, 3 Mar 2025"] == f"{LORE}doubt@example.org/"
    assert links[example.FIX[:12]] == f"https://git.kernel.org/stable/c/{example.FIX}"
    assert {url.split("/")[2] for url in links.values()} == {"lore.kernel.org", "git.kernel.org"}


def test_all_sections_tell_what_they_should() -> None:
    text = told(read_site())
    assert "**Ada Example**, 4 Mar 2025, concedes pool-2025/1" in section(text, "What was conceded")
    assert "> I take the point about the device" in section(text, "What was conceded")
    assert "pool-2025/4 (Di Instance" in section(text, "What was never answered")
    assert "pool-2025/1 " not in section(text, "What was never answered")
    assert "A device reads stale data" in section(text, "Regressions")
    assert "13 days after the report" in section(text, "Regressions")
    assert "All ten mails were read." in section(text, "What this covers, and how sure it is")
    assert "The date of the older mail." in section(text, "What this covers, and how sure it is")
    assert "pool.mbox" in section(text, "Sources")


def test_reports_name_who_and_when_as_far_as_it_is_known() -> None:
    site = read_site()
    reports = [
        Report("gone@example.org", "eve", "2025-08-20T15:45:00Z"),
        Report("unnamed@example.org", "", None),
        Report("", "finn", None),
    ]
    broken = [replace(site.regressions[0], reports=reports, days=0.2)]
    text = section(told(replace(site, regressions=broken)), "Regressions")
    assert f"reported by [Eve Placeholder, 20 Aug 2025]({LORE}gone@example.org/)" in text
    assert f"reported by [unnamed@example.org]({LORE}unnamed@example.org/)" in text
    assert "reported by Finn Fixture\n" in text
    assert ", on the day of the report" in text


def test_verdicts_come_with_the_command_that_asks_again() -> None:
    found = rendered(section(told(read_site()), "What the model says"))
    assert found.code == ["threadkit cow run S4 --era refcount_nofork --era anon_exclusive\n"]
    assert "table_open" in found.kinds
    assert "what is slow has no measure in the model" in found.text


def test_what_the_model_says_otherwise_is_marked() -> None:
    site = read_site()
    changed = Tested("S4", "supports", "So.", (("mm_id", "Never", "Always"), ("x", "Never", "")))
    first = replace(claim(site, "1"), tested=[changed])
    text = told(replace(site, claims=[first]))
    assert "| mm_id | verdict | Never | Always (differs) |" in text
    assert "| x | verdict | Never | not run |" in text


def test_a_scenario_with_a_name_that_is_none_gets_no_command() -> None:
    site = read_site()
    bad = Tested("S4; rm x\n```", "supports", "So.", (("mm_id", "Never", "Never"),))
    text = told(replace(site, claims=[replace(claim(site, "1"), tested=[bad])]))
    assert rendered(text).code == []


def test_a_passage_that_is_not_here_is_described_and_not_quoted() -> None:
    site = read_site()
    gone = Place("older@example.org", 3, 9, note="nobody has the mail")
    text = told(replace(site, claims=[replace(claim(site, "1"), places=[gone], stances=())]))
    assert rendered(text).quotes == []
    assert "*Not quoted, the passage is not here: nobody has the mail.*" in text
    assert "A reader's reference forces a copy" in text
    assert "its text is not here" in section(text, "Sources")


def test_what_nobody_reviewed_is_left_out() -> None:
    site = read_site()
    states = {"1": "automatic", "3": "candidate"}
    claims = [replace(one, state=states.get(one.id, one.state)) for one in site.claims]
    text = told(replace(site, claims=claims, candidates=True))
    assert "I take the point" not in text
    assert "pool-2025/1 " not in text
    assert "Attacks" not in text
    assert "A copy too many is slow" in text


def test_what_became_of_a_found_claim_is_told_only_if_a_person_said_it() -> None:
    site = read_site()
    found = replace(claim(site, "4"), id="c4", tested=[Tested("S4", "tests", "found")])
    text = told(replace(site, claims=[found]))
    assert "Nobody reviewed what became of it" in text
    assert "nanswered" not in text
    assert "never answered" not in text
    assert "S4" not in text
    assert "Claim c4" in text
    by_hand = told(replace(site, claims=[replace(found, why="by hand: nobody came back to it")]))
    assert "Unanswered: by hand: nobody came back to it" in by_hand


def test_of_one_claim_only_what_bears_on_it_is_told() -> None:
    text = told(read_site(), "1")
    assert "a reference taken by a reader" in section(text, "The claim")
    assert {"pool-2025/2", "pool-2025/3", "pool-2025/5"} <= {
        *re.findall(r"pool-2025/\d", section(text, "What bears on it"))
    }
    assert "pool-2025/4" not in text
    assert "pool-2025/6" not in text
    assert "pool-2025/2" not in section(text, "What the model says")
    assert section(text, "Regressions")
    assert not section(told(read_site(), "4"), "Regressions")


def test_commits_are_those_that_findings_name_oldest_first() -> None:
    site = reviewed(read_site())
    assert [one.sha for one in named_commits(site)] == [example.BY_REFERENCES, example.FIX]
    bare = replace(site, claims=(), questions=(), regressions=(), outcome_sources=())
    assert named_commits(bare) == []


TEXTS = st.text(
    st.sampled_from("<>[]()*_`\\!#|&;:/\"' \nab1.-\u202e"), min_size=1, max_size=40
) | st.sampled_from(
    ["</p><script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://example.com/x.png)",
     "# heading", "<https://example.com>", "| a | b |\n|---|---|", "```\nx", "- [ ] todo", "&lt;b&gt;"]
)  # fmt: skip


@given(TEXTS, TEXTS, TEXTS)
def test_words_of_strangers_do_nothing(one: str, two: str, three: str) -> None:
    site = read_site()
    quoted = Place("doubt@example.org", 0, len(three), three, "matches", line=1)
    mine = replace(claim(site, "1"), gist=one, why=two, places=[quoted], sure=one)
    people = {key: person._replace(name=one, about=two) for key, person in site.people.items()}
    mails = [replace(mail, subject=two) for mail in site.mails]
    commits = [replace(commit, subject=one, author=two, release=one) for commit in site.commits]
    broken = [replace(each, title=one, why=two, source=one) for each in site.regressions]
    questions = [each._replace(text=one, outcome=two) for each in site.questions]
    text = told(
        replace(
            site,
            title=one,
            question=two,
            about=one,
            outcome=two,
            claims=[mine, *site.claims[1:]],
            people=people,
            mails=mails,
            commits=commits,
            regressions=broken,
            questions=questions,
        )
    )
    found = rendered(text)
    plainly = rendered(told(site))
    assert found.kinds <= plainly.kinds | {"hardbreak"}
    assert len(found.headings) == len(plainly.headings)
    assert found.code == plainly.code
    assert plain(three) in found.quotes
    assert {url.split("/")[2] for _, url in found.links} == {"lore.kernel.org", "git.kernel.org"}
    assert "\u202e" not in text

"""Pages of claims: everything that is known of one, in its place, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.site.example_site import CLAIMS, QUESTIONS, bare_site, example_site
from tests.site.reading import Read, check_links, read_all, whole
from threadkit.site import claim as claim_pages
from threadkit.site import claims, maps, questions
from threadkit.site.findings import heading, runs, summary, unmodelled
from threadkit.site.regressions import anchors
from threadkit.site.values import Asked, Claim, Edge, Evidence, Place, Question, Site, Tested

SITE = example_site()
ELSEWHERE = ("m/", "p/", "commit/", "model/", "index", "style", "model.css", "feed", "thread")
REST = (*ELSEWHERE, "people", "commits", "regressions", "model", "search", "about", "map-")
HOSTILE = "<script>alert(1)</script>\"'&\u202e\x00\ud800"


def read_site(site: Site) -> dict[str, Read]:
    parts = (claims.pages, claim_pages.pages, questions.pages, maps.pages)
    return read_all(page for part in parts for page in part(site))


def page_of(claim: Claim, **changes: object) -> Read:
    """Return the page of a claim of the example after changes to it."""
    changed = replace(claim, **changes)  # type: ignore[arg-type]
    site = replace(SITE, claims=[changed if one.id == claim.id else one for one in SITE.claims])
    return next(
        Read(whole(page)) for page in claim_pages.pages(site) if page.path == f"c/{claim.id}.html"
    )


def links(read: Read) -> list[str]:
    return [link["href"] for link in read.links]


def many(count: int) -> Site:
    """Return a site of many claims."""
    made = [replace(CLAIMS[number % 5], id=f"c{number}", stances=()) for number in range(count)]
    return replace(SITE, claims=made, questions=())


def test_every_link_leads_to_a_page_and_an_anchor() -> None:
    read = read_site(SITE)
    assert check_links(read, REST) > 150
    assert {f"c/{one.id}.html" for one in CLAIMS} <= set(read)


def test_every_page_has_one_heading_of_the_first_level_and_leaves_no_level_out() -> None:
    for path, read in read_site(SITE).items():
        levels = [int(tag[1]) for tag, _ in read.elements if tag in ("h1", "h2", "h3", "h4")]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in pairwise(levels)), (path, levels)


def test_headers_of_tables_have_a_scope_and_what_scrolls_has_the_keyboard() -> None:
    for read in read_site(SITE).values():
        for tag, attributes in read.elements:
            if tag == "th":
                assert attributes["scope"] in ("col", "row")
            if "scroll" in attributes.get("class", "").split():
                assert attributes["tabindex"] == "0"
                assert attributes["aria-label"]


def test_the_passage_is_shown_verbatim_with_its_words_marked() -> None:
    read = page_of(CLAIMS[0])
    assert read.text("mark") == "a reference taken by a reader then forces a copy"
    assert "But a reference" in read.text("pre")
    assert "../m/doubt@example.org.html#L5" in links(read)
    assert "verbatim, as it was read" in read.text("blockquote")


def test_a_passage_that_moved_says_so() -> None:
    moved = CLAIMS[0].places[0]._replace(check="moved")
    assert "at another place than where it was read" in page_of(CLAIMS[0], places=[moved]).text(
        "main"
    )


def test_a_passage_that_is_missing_is_never_shown_as_if_it_were_said() -> None:
    place = Place("doubt@example.org", 3, 9, check="missing", note="the mail has no such words")
    read = page_of(CLAIMS[0], places=[place])
    assert "The passage is missing." in read.text("main")
    assert "the mail has no such words" in read.text("main")
    assert not any(tag in ("mark", "blockquote") for tag, _ in read.elements)


def test_a_passage_that_is_not_here_says_how_to_get_it() -> None:
    read = page_of(CLAIMS[0], places=[Place("other@example.org", 3, 9)])
    assert "threadkit fetch other@example.org" in read.text("code")
    assert "https://lore.kernel.org/r/other@example.org/" in links(read)
    web = page_of(
        CLAIMS[0], places=[Place("", 0, 0, url="https://example.org/a", note="only there")]
    )
    assert "https://example.org/a" in links(web)
    assert "only there" in web.text("main")
    evil = page_of(CLAIMS[0], places=[Place("", 0, 0, url="javascript:alert(1)")])
    assert not any(href.startswith("javascript") for href in links(evil))


def test_places_where_it_is_said_again_follow() -> None:
    again = CLAIMS[2].places[0]
    read = page_of(CLAIMS[0], places=[CLAIMS[0].places[0], again])
    assert "Said again" in read.text("h3")
    assert read.text("mark").endswith(again.text)


def test_what_it_is_about_and_who_answers_are_told_apart() -> None:
    read = page_of(CLAIMS[0])
    main = read.text("main")
    about, _, answers = main.partition("Answered by")
    assert "says no to Is a page reused by references or by users?" in about
    assert "attacks A copy too many costs time" in about
    assert "concedes The device's case" in answers
    assert "line 9 of the mail" in answers


def test_nobody_answers_oneself() -> None:
    mine = replace(CLAIMS[5], person="di", stances=[Edge("supports", "4")])
    site = replace(SITE, claims=[*CLAIMS[:5], mine])
    found = {page.path: Read(whole(page)) for page in claim_pages.pages(site)}
    main = found["c/4.html"].text("main")
    assert "Nobody: no claim of somebody else here bears on it." in main
    assert "The same person adds" in main


def test_evidence_names_whose_it_is_and_what_came_of_it() -> None:
    read = page_of(
        CLAIMS[0],
        evidence=[Evidence("url", "https://example.org/e", "measured", "speaker")],
        decision=[Evidence("word", "merged", "in 5.9")],
        afterwards=[Evidence("word", "came true", ""), Evidence("regression", "stale-data", "")],
    )
    main = read.text("main")
    assert "measured (the speaker\N{RIGHT SINGLE QUOTATION MARK}s)" in main
    assert "merged: in 5.9" in main
    assert "Foretold: came true" in main
    (anchor,) = anchors(SITE).values()
    assert f"../{anchor}" in links(read)


def test_the_finding_of_a_scenario_stands_with_its_command() -> None:
    tested = Tested(
        "S4",
        "supports",
        "It bears on it.",
        (("forced_gup_cow", "Never", "Never"), ("refcount_nofork", "Always", "Always")),
        (("refcount_nofork", "copies", "1", "1"), ("refcount_nofork", "lock_waits", "0", "2")),
    )
    read = page_of(CLAIMS[0], tested=[tested])
    assert "Supports: yes in 5.9-rc4..5.9-rc6, no in 5.8..5.9-rc3" in read.text(".run")
    command = "threadkit cow run S4 --era forced_gup_cow --era refcount_nofork"
    assert command in read.text("code")
    assert "../model/S4.html" in links(read)
    assert "Do device and owner part?" in read.text("main")
    assert "2, not 0" in read.text(".hot")
    assert "1, not 1" not in read.text("main")
    assert "Step 4: the rules part" in read.text("h2")
    assert any(tag == "link" and at["href"] == "../model.css" for tag, at in read.elements)


def test_a_verdict_that_differs_from_the_casebook_is_not_hidden() -> None:
    tested = Tested("S4", "supports", "", (("refcount_nofork", "Never", "Always"),))
    read = page_of(CLAIMS[0], tested=[tested])
    assert "Always, not Never" in read.text(".hot")
    assert "Supports: yes in 5.9-rc4..5.9-rc6" in read.text(".run")


def test_a_scenario_without_a_page_is_named_and_not_linked_or_drawn() -> None:
    site = replace(SITE, scenarios=())
    read = next(Read(whole(page)) for page in claim_pages.pages(site))
    assert "S4" in read.text(".run")
    assert not any("model/" in href for href in links(read))
    assert not any(tag == "svg" for tag, _ in read.elements)


def test_unknown_scenarios_and_eras_keep_their_names() -> None:
    tested = Tested("no-such", "supports", "", (("no_era", "Never", ""),))
    (run,) = runs(replace(CLAIMS[0], tested=[tested]))
    assert (run.question, run.eras[0].kernels, run.eras[0].title) == ("", "no_era", "")


def test_what_is_not_modelled_tells_its_reason() -> None:
    read = page_of(CLAIMS[1])
    assert "what is slow has no measure in the model" in read.text("main")
    assert "Run it" not in read.text("h2")
    assert list(unmodelled(CLAIMS[1])) == ["what is slow has no measure in the model"]


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((), "Supports"),
        ((("x1", "Sometimes", ""),), "Supports: in some orders in x1"),
        (
            tuple((f"x{key}", "Never", "Never") for key in range(5)),
            "Supports: no in x0 and 4 more",
        ),
        ((("x1", "Never", "Always"), ("x2", "Always", "")), "Supports: yes in x1 and x2"),
    ],
)
def test_headings(verdicts: tuple[tuple[str, str, str], ...], said: str) -> None:
    assert heading(Tested("S4", "supports", "", verdicts)) == said


def test_summaries_count_scenarios_of_a_stance() -> None:
    tested = [Tested("a", "supports", ""), Tested("b", "refutes", ""), Tested("c", "supports", "")]
    assert summary(replace(CLAIMS[0], tested=tested)) == [("supports", 2), ("refutes", 1)]


def test_the_table_begins_with_what_nobody_answered() -> None:
    read = read_site(SITE)["claims.html"]
    assert [one for one in read.ids if one.startswith("status-")] == [
        "status-unanswered",
        "status-contested",
        "status-open",
        "status-conceded",
        "status-upheld",
    ]
    assert "after the thread" in read.text("main")
    assert "#status-upheld" in links(read)


@pytest.mark.parametrize("order", ["claims", "claims-by-person", "claims-by-question"])
def test_every_order_lists_every_claim_once(order: str) -> None:
    read = read_site(SITE)[f"{order}.html"]
    assert sorted(href for href in links(read) if href.startswith("c/")) == sorted(
        one.page for one in CLAIMS
    )


def test_long_tables_come_in_parts_of_bounded_size() -> None:
    site = many(620)
    found = {page.path: whole(page) for page in claims.pages(site)}
    assert [path for path in found if path.startswith("claims.") or path.startswith("claims~")] == [
        "claims.html",
        "claims~2.html",
        "claims~3.html",
    ]
    assert max(len(text.encode()) for text in found.values()) < 300_000
    read = {path: Read(text) for path, text in found.items()}
    check_links(read, (*REST, "c/", "questions"))
    listed = [href for path in found if "-by" not in path for href in links(read[path])]
    assert len({href for href in listed if href.startswith("c/")}) == 620


def test_without_claims_and_questions_there_are_no_pages() -> None:
    site = replace(bare_site(), asked=())
    assert not read_site(site)


def test_claims_that_nobody_reviewed_are_marked() -> None:
    site = replace(
        SITE, candidates=True, claims=[replace(one, state="automatic") for one in CLAIMS]
    )
    for path, read in read_site(site).items():
        if not path.startswith("map-"):
            assert "not reviewed" in read.text("main"), path


def test_questions_show_their_claims_by_stand_and_open_points_first() -> None:
    place = CLAIMS[2].places[0]
    asked = [
        Asked("question", "cy", place, "answered", (CLAIMS[3].places[0],)),
        Asked("question", "bo", place, "taken up", (CLAIMS[3].places[0],)),
        *SITE.asked,
    ]
    read = read_site(replace(SITE, asked=asked))["questions.html"]
    main = read.text("main")
    assert "6 claims" not in main
    assert "4 claims by 3 people · yes 2 2b · no 1 · depends 3" in main
    titles = read.text("h3")
    order = [titles.index(word) for word in ("No direct reply", "Taken up", "Answered ")]
    assert order == sorted(order)
    assert "taken up in Ada Example" in main
    assert "c/4.html" in links(read)


def test_many_asked_points_come_in_parts() -> None:
    site = replace(SITE, asked=[*SITE.asked] * 600)
    found = {page.path: whole(page) for page in questions.pages(site)}
    assert list(found) == ["questions.html", "questions~2.html", "questions~3.html"]
    assert max(len(text) for text in found.values()) < 300_000
    assert "What the debate is about" not in found["questions~2.html"]


def test_texts_of_strangers_stay_texts() -> None:
    place = CLAIMS[0].places[0]._replace(text=HOSTILE, before=HOSTILE, after=HOSTILE, note=HOSTILE)
    one = replace(
        CLAIMS[0],
        gist=HOSTILE,
        why=HOSTILE,
        places=[place, place._replace(text="", check="missing"), Place(HOSTILE, 0, 1)],
        evidence=[Evidence(kind, HOSTILE, HOSTILE) for kind in ("commit", "message", "url")],
        tested=[Tested("", "not modelled", HOSTILE)],
        afterwards=[Evidence("regression", HOSTILE, HOSTILE)],
        found=HOSTILE,
    )
    people = {key: who._replace(name=HOSTILE) for key, who in SITE.people.items()}
    site = replace(
        SITE,
        title=HOSTILE,
        people=people,
        claims=[one, replace(CLAIMS[1], gist="", places=[place])],
        questions=[Question(QUESTIONS[0].key, HOSTILE, HOSTILE)],
        asked=[Asked("question", "di", place, "no direct reply")],
    )
    parts = (claims.pages, claim_pages.pages, questions.pages)
    for page in (page for part in parts for page in part(site)):
        text = whole(page)
        assert "<script" not in text, page.path
        assert "\u202e" not in text, page.path
        assert "\x00" not in text, page.path
        assert "\ud800" not in text, page.path
        Read(text)


def test_long_passages_are_shown_in_part_and_say_so() -> None:
    long = CLAIMS[0].places[0]._replace(text="word " * 5000)
    read = page_of(CLAIMS[0], places=[long])
    assert len(read.text("mark")) == claim_pages.LONGEST
    assert "…" in read.text("pre")


def test_the_same_site_gives_the_same_bytes() -> None:
    parts = (claims.pages, claim_pages.pages, questions.pages)
    one, other = (
        {page.path: whole(page) for part in parts for page in part(SITE)} for _ in range(2)
    )
    assert one == other


def test_places_of_groups_are_where_the_pages_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threadkit.site.claims.ROWS", 2)
    made = {one.path: whole(one) for one in claims.pages(SITE)}
    found = claims.places(SITE, claims.BY_MODEL)
    assert found
    for href in found.values():
        path, _, anchor = href.partition("#")
        assert f'<section id="{anchor}">' in made[path]


def test_a_run_tells_its_question_first_and_the_harm_of_each_era() -> None:
    tested = Tested(
        "S4",
        "supports",
        "",
        (("refcount_nofork", "Always", "Always"), ("forced_gup_cow", "Never", "Never")),
    )
    read = page_of(CLAIMS[0], tested=[tested])
    run = read.text(".run")
    assert run.index("Do device and owner part?") < run.index("yes in 5.9-rc4..5.9-rc6")
    assert run.count("data is lost (wrong COW)") == 1


def test_pictures_stand_under_the_scenario_that_they_show() -> None:
    verdicts = (("refcount_nofork", "Always", "Always"), ("forced_gup_cow", "Never", "Never"))
    parts = Tested("S4", "supports", "", verdicts)
    agree = Tested("S5", "supports", "", (("refcount_nofork", "Never", "Never"),))
    read = page_of(CLAIMS[0], tested=[parts, agree])
    text = read.text("main")
    assert text.index("the rules part") < text.index("threadkit cow run S5")

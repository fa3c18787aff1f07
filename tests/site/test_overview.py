"""The first page: what it says of a casebook, and of a thread that nobody reviewed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.site.example_site import bare_site, example_site
from threadkit.site.findings import verdicts
from threadkit.site.overview import COLUMNS, LISTED, answers, pages
from threadkit.site.values import Asked, Claim, Edge, Person, Place, Question, Site, Tested


def html_of(site: Site) -> str:
    (only,) = pages(site)
    assert only.path == "index.html"
    return "".join(only.content)  # type: ignore[arg-type]


def _claim(number: int, person: str, **values: object) -> Claim:
    made = Claim(str(number), f"Gist {number}.", person, None, "opinion", "open", question="q")
    return replace(made, **values)  # type: ignore[arg-type]


def _crowd(claims: list[Claim]) -> Site:
    people = {f"p{n}": Person(f"p{n}", f"Person {n}") for n in range(9)}
    return replace(
        example_site(), people=people, claims=claims, questions=[Question("q", "Shall we?")]
    )


def test_the_first_screen_has_question_outcome_and_its_source() -> None:
    html = html_of(example_site())
    assert "<h1>When may a page of the pool be reused?</h1>" in html
    assert "References decide, and pinned pages are never shared." in html
    assert 'href="commit/a4ebf1b6ca1e.html"' in html


def test_facts_count_the_thread_alone() -> None:
    html = html_of(example_site())
    assert '<a href="thread.html">9</a> by <a href="people.html">6 people</a>' in html
    assert '<a href="claims.html">6</a>' in html
    assert '<span class="hot">1 unanswered</span>' in html


def test_who_answers_how_is_told_with_the_claims_that_say_so() -> None:
    table = answers(example_site())
    assert [row.question.key for row in table.rows if row.question] == [
        "references-or-users",
        "pins",
    ]
    first = dict(zip([one.key for one in table.people], table.rows[0].cells, strict=True))
    assert [(one.stand, [claim.id for claim in one.claims]) for one in first["cy"]] == [
        ("yes", ["2", "2b"])
    ]


def test_people_with_most_claims_have_columns_the_others_words() -> None:
    claims = [_claim(n, f"p{n % 6}", stand="yes") for n in range(6)]
    claims += [_claim(10, "p5", stand="no"), _claim(11, "p5", stand="yes")]
    table = answers(_crowd(claims))
    assert [one.key for one in table.people] == ["p5", "p0", "p1", "p2"][:COLUMNS]
    assert [one.stand for one in table.rows[0].cells[0]] == ["yes", "no"]
    assert [person.key for person, _ in table.rows[0].rest] == ["p3", "p4"]


def test_no_word_where_nobody_says_yes_or_no() -> None:
    assert answers(_crowd([_claim(1, "p0", stand="other")])).rows[0].words is False
    assert answers(_crowd([_claim(1, "p0", stand="no")])).rows[0].words is True


def test_claims_of_no_question_are_not_lost() -> None:
    html = html_of(_crowd([_claim(1, "p0", question="")]))
    assert "Beside the questions" in html
    assert 'href="c/1.html"' in html


@pytest.mark.parametrize(
    ("stances", "verdict"),
    [
        (["supports"], "supports"),
        (["supports", "supports"], "supports"),
        (["supports", "refutes"], "depends"),
        (["refutes", "depends"], "depends"),
        (["cost", "supports"], "supports"),
        (["cost"], "cost"),
        (["not modelled"], "not modelled"),
    ],
)
def test_what_the_model_says_of_a_claim(stances: list[str], verdict: str) -> None:
    claim = _claim(1, "p0", tested=[Tested("S4", stance, "") for stance in stances])
    assert verdicts([claim]) == [(verdict, [claim])]


def test_a_claim_without_a_run_is_not_counted_for_the_model() -> None:
    assert verdicts([_claim(1, "p0")]) == []


def test_who_concedes_to_whom() -> None:
    html = html_of(example_site())
    conceded = html.partition("<h2>Conceded</h2>")[2].partition("</section>")[0]
    first = conceded.partition("</li>")[0]
    assert first.index("Ada Example") < first.index("Bo Sample") < first.index('href="c/1.html"')


def test_a_concession_told_by_status_alone_has_its_reason() -> None:
    claim = _claim(1, "p0", status="conceded", why="told in another mail")
    assert "told in another mail" in html_of(_crowd([claim]))


def test_long_lists_lead_to_the_page_that_has_all() -> None:
    claims = [_claim(n, "p0", status="unanswered") for n in range(LISTED + 3)]
    html = html_of(_crowd(claims))
    assert '<a href="claims.html">3 more among all claims</a>' in html
    assert f"Gist {LISTED - 1}." in html
    assert f"Gist {LISTED}." not in html


def test_people_who_wrote_much_without_a_claim_are_named() -> None:
    site = example_site()
    people = {**site.people, "finn": site.people["finn"]._replace(messages=7)}
    assert "none of Finn Fixture (7 messages)" in html_of(replace(site, people=people))


def test_without_a_casebook_the_subject_and_the_way_to_review() -> None:
    html = html_of(bare_site())
    assert "<h1>Reuse of pages in the pool</h1>" in html
    assert "<code>threadkit claims review</code>" in html
    assert "Who argues what" not in html
    assert "What the model says" not in html


def test_without_a_casebook_what_nobody_answered_is_shown() -> None:
    place = Place("asks@example.org", 0, 4, "What <now>?", "matches", line=3)
    asked = [
        Asked("question", "di", place, "no direct reply"),
        Asked("question", "di", place, "own"),
    ]
    html = html_of(replace(bare_site(), asked=asked))
    assert html.count('href="m/asks@example.org.html#L3">What &lt;now&gt;?</a>') == 2
    assert "2</a> asked in mails, 1 without a direct reply" in html


def test_automatic_claims_are_marked() -> None:
    claim = _claim(1, "p0", stand="yes", status="unanswered", state="automatic")
    html = html_of(replace(_crowd([claim]), candidates=True))
    assert '<a class="id" href="c/1.html">1?</a>' in html
    assert "(not reviewed)" in html
    assert "found automatically" in html


def test_nothing_of_a_stranger_is_markup() -> None:
    evil = "<script>alert(1)</script>\u202e"
    claim = _claim(1, "p0", gist=evil, status="conceded", why=evil, stances=[Edge("concedes", "1")])
    site = replace(_crowd([claim]), question=evil, about=evil, outcome=evil)
    people = {**site.people, "p0": Person("p0", evil, 1, 9)}
    html = html_of(replace(site, people=people, questions=[Question("q", evil, evil)]))
    assert "<script" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;" in html


def test_the_page_stays_under_60_kb_with_ten_thousand_mails_and_many_claims() -> None:
    site = example_site()
    mail = next(one for one in site.mails if one.utc)
    mails = [
        replace(mail, message_id=f"{n}@x", name=f"{'n' * 40}{n}", utc=f"2025-03-{n % 28 + 1:02}")
        for n in range(10_000)
    ]
    claims = [
        _claim(
            n, f"p{n % 9}", stand="yes", gist="x" * 160, status="unanswered", question=f"q{n % 20}"
        )
        for n in range(150)
    ]
    crowd = replace(
        _crowd(claims), mails=mails, questions=[Question(f"q{n}", "y" * 80) for n in range(20)]
    )
    assert len(html_of(crowd).encode()) < 60_000


def test_without_a_casebook_the_messages_that_drew_most_replies_are_named() -> None:
    html = html_of(bare_site())
    drew = html.partition("What drew most replies")[2].partition("</ul>")[0]
    assert drew.count("<li>") == 2
    assert drew.index("patch@example.org") < drew.index("answer@example.org")
    assert "2 replies" in drew
    assert "What drew most replies" not in html_of(example_site())


def test_the_model_tells_what_it_refutes_and_where_the_rest_is() -> None:
    said = {1: "refutes", 2: "supports", 3: "supports", 4: "not modelled"}
    claims = [_claim(n, "p0", tested=[Tested("S4", said[n], "")]) for n in said]
    claims[3] = replace(claims[3], tested=[Tested("", "not modelled", "no clock")])
    model = html_of(_crowd(claims)).partition("<h2>What the model says</h2>")[2]
    assert 'Refutes <a href="claims-by-model.html#model-refutes">1 claim</a>' in model
    assert 'bears out <a href="claims-by-model.html#model-supports">2</a>' in model
    refuted = model.partition("<h3>Refuted</h3>")[2].partition("</ul>")[0]
    assert "Gist 1." in refuted
    assert "Gist 2." not in refuted


def test_a_conversation_that_no_scenario_bears_on_tells_nothing_of_the_model() -> None:
    claims = [_claim(1, "p0", tested=[Tested("", "not modelled", "no clock")])]
    assert "What the model says" not in html_of(_crowd(claims))


def test_two_points_given_up_in_one_sentence_are_told_once() -> None:
    gave = _claim(3, "p1", stances=[Edge("concedes", "1"), Edge("concedes", "2")])
    html = html_of(_crowd([_claim(1, "p0"), _claim(2, "p0"), gave]))
    conceded = html.partition("<h2>Conceded</h2>")[2].partition("</section>")[0]
    assert conceded.count("Gist 3.") == 1
    assert 'href="c/1.html"' in conceded
    assert 'href="c/2.html"' in conceded


def test_the_head_has_the_name_of_a_casebook_whose_title_is_long() -> None:
    site = replace(example_site(), key="pool", title="How " + "very " * 12 + "long")
    assert '<header><b><a href="index.html">pool</a></b>' in html_of(site)
    assert '<header><b><a href="index.html">Short</a></b>' in html_of(replace(site, title="Short"))


def test_without_questions_people_are_counted_and_no_claim_is_named_by_its_number() -> None:
    claims = [_claim(number, f"p{number % 2}", question="") for number in (1, 2, 3)]
    html = html_of(replace(_crowd(claims), questions=()))
    told = html.partition("<h2>Who makes claims</h2>")[2].partition("</ul>")[0]
    assert "Who argues what" not in html
    assert told.index("Person 1") < told.index("2 claims") < told.index("Person 0")
    assert 'href="c/1.html"' not in html


def test_words_of_a_mail_are_quoted_and_told_with_their_holder() -> None:
    said = Place("doubt@example.org", 0, 9, text="It leaks.")
    made = _claim(1, "p0", gist="", status="unanswered", holder="p1", places=(said,))
    html = html_of(_crowd([made, _claim(2, "p0", status="unanswered")]))
    assert ">“It leaks.” (the view of Person 1)</a>" in html
    assert ">Gist 2.</a>" in html  # our own words are no quotation

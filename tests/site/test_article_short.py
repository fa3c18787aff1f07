"""Short articles: what is disputed at length, the rest in lines and counts."""

from __future__ import annotations

from dataclasses import replace

from tests.site import example_site as example
from tests.site.rendered import rendered
from threadkit.site.article import article
from threadkit.site.article_scope import Scope, reviewed
from threadkit.site.article_short import QUOTED_MOST, central, is_notable, short_commits
from threadkit.site.values import Claim, Edge, Evidence, Question, Site


def site_of(claims: list[Claim] | None = None) -> Site:
    site = example.example_site()
    found = [replace(one, id="6") if one.id == "2b" else one for one in site.claims]
    return reviewed(replace(site, claims=claims or found))


def told(site: Site) -> str:
    scope = Scope(site, site.question, "casebook pool-2025", book="pool-2025", is_short=True)
    return "\n".join(article(scope)) + "\n"


def section(text: str, title: str) -> str:
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def many(status: str, number: int) -> list[Claim]:
    """Claims of one question that differ in nothing but their ids."""
    first = site_of().claims[0]
    key = site_of().questions[0].key
    return [
        replace(first, id=str(at), status=status, question=key, stances=(), gist=f"Gist {at}.",
                tested=(), afterwards=(), evidence=(), decision=())
        for at in range(1, number + 1)
    ]  # fmt: skip


def test_what_is_settled_is_counted_and_where_it_is_told_is_said() -> None:
    text = told(site_of([*many("contested", 1), *many("upheld", 9)[1:]]))
    assert "Gist 1." in text
    assert "Gist 2." not in text
    assert "*8 more claims: threadkit draft pool-2025 --all.*" in text
    assert "with --all it tells every claim" in text


def test_some_are_told_at_length_and_others_in_a_line() -> None:
    text = section(told(site_of(many("unanswered", 5))), "What is disputed, or came true")
    quotes = rendered(text).quotes
    assert len(quotes) == QUOTED_MOST
    assert all(f"Gist {at}." in text for at in range(1, 6))
    lines = [line for line in text.splitlines() if line.startswith("- [")]
    assert len([line for line in lines if ", unanswered: Gist" in line]) == 5 - QUOTED_MOST


def test_what_came_true_is_told_though_it_was_upheld() -> None:
    (one,) = many("upheld", 1)
    assert not is_notable(one)
    assert is_notable(replace(one, afterwards=(Evidence("word", "came true", ""),)))
    assert not is_notable(replace(one, afterwards=(Evidence("word", "did not happen", ""),)))


def test_both_sides_are_told_before_two_of_one() -> None:
    first, second, other = many("contested", 3)
    first = replace(first, stand="yes", stances=(Edge("attacks", "3"), Edge("attacks", "2")))
    second = replace(second, stand="yes", stances=(Edge("supports", "1"),))
    other = replace(other, stand="no")
    site = site_of([first, second, other])
    assert [one.id for one in central(site.claims, site)] == ["1", "3"]
    assert [one.id for one in central([first, second], site)] == ["1", "2"]
    assert central([], site) == []


def test_a_short_article_has_all_its_sections_and_headings_in_order() -> None:
    text = told(site_of())
    found = rendered(text)
    assert [level for level, _ in found.headings].count(1) == 1
    assert "concedes pool-2025/1" in section(text, "What was conceded")
    assert "pool-2025/4" in section(text, "What was never answered")
    assert "A device reads stale data" in section(text, "Regressions")
    assert "not of a person" in section(text, "What the model says")
    assert len(text) < len(told_whole())


def told_whole() -> str:
    site = site_of()
    return "\n".join(article(Scope(site, site.question, "casebook", book="pool-2025")))


def test_only_commits_that_outcomes_or_regressions_name_are_told() -> None:
    site = site_of()
    named = Question("q", "Is it so?", "Yes.", sources=(Evidence("commit", example.FIX[:12], ""),))
    bare = replace(site, regressions=(), questions=(named,), outcome_sources=())
    assert [one.sha for one in short_commits(site.commits, bare)] == [example.FIX]
    assert short_commits(site.commits, replace(bare, questions=())) == []

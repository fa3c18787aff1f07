"""Pages of sites with very many claims stay small."""

from __future__ import annotations

from dataclasses import replace

from tests.site.example_site import example_site
from threadkit.site import claim, overview, questions
from threadkit.site.check import OVERVIEW_MOST, PAGE_MOST
from threadkit.site.values import Edge, Person, Question, Site


def many() -> Site:
    site = example_site()
    people = {f"p{n}": Person(f"p{n}", f"Person Number{n} Example") for n in range(60)}
    first = replace(site.claims[0], id="1", stances=())
    claims = [first] + [
        replace(
            first,
            id=str(number),
            gist=f"Claim {number} says {'something of some length ' * 4}".strip(),
            person=f"p{number % 60}",
            question=f"q{number % 80}",
            stand=("yes", "no", "depends")[number % 3],
            stances=(Edge("attacks", "1"), Edge("supports", str(number // 2))),
        )
        for number in range(2, 1500)
    ]
    asked = [
        Question(f"q{n}", f"Is the {n}th page of the pool copied in this case?") for n in range(80)
    ]
    return replace(site, claims=claims, questions=asked, people={**site.people, **people})


def size(content: object) -> int:
    return len("".join(content).encode())  # type: ignore[call-overload]


def test_no_page_outgrows_its_bound() -> None:
    site = many()
    (front,) = overview.pages(site)
    assert size(front.content) < OVERVIEW_MOST
    assert size(next(questions.pages(site)).content) < PAGE_MOST
    attacked = "".join(next(claim.pages(site)).content)  # type: ignore[arg-type]
    assert len(attacked.encode()) < PAGE_MOST
    assert "more among all claims</a>" in attacked

"""Claims that are said again: joined where they say the same, and only there."""

from __future__ import annotations

import pytest

from tests.analyze.debate.talks import Wrote, claim_of, key, said, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.restated import is_denied
from threadkit.analyze.debate.values import Correction

FIRST = "The copy in do_wp_page() breaks every page that is pinned for DMA."
AGAIN = "As I said, the copy in do_wp_page() breaks all pages pinned for DMA."
FILLER = "Some other matter of the swap cache and of its readers."


def claims_of(*texts: str, corrections: list[Correction] | None = None) -> list[list[int]]:
    mails = [
        Wrote(person, f"{text}\n", None if not number else 0, {text[:12]: "claim"})
        for number, (person, text) in enumerate(zip("ABABAB", texts, strict=False))
    ]
    debate = assemble(talk(*mails), corrections or [])
    return [[place.name.mail for place in claim.places] for claim in debate.claims]


def test_the_same_in_nearly_the_same_words_is_one_claim() -> None:
    assert claims_of(FIRST, FILLER, AGAIN) == [[0, 2], [1]]


def test_the_first_place_says_so_and_the_others_say_why() -> None:
    conversation = talk(
        Wrote("Ann", f"{FIRST}\n", labels={"The copy": "claim"}),
        Wrote("Bob", f"{AGAIN}\n", 0, labels={"As I said": "claim"}),
    )
    claim = claim_of(conversation, assemble(conversation, []), "The copy")
    assert [place.rule for place in claim.places] == ["first", "same words"]
    assert (claim.person, claim.places[0].name.mail) == ("Ann", 0)


@pytest.mark.parametrize(
    "other",
    [
        "The copy in do_wp_page() does not break any page that is pinned for DMA.",
        "The copy in do_anonymous_page() breaks every page that is pinned for RDMA.",
        "The copy in do_wp_page() breaks every page that is unpinned for DMA.",
        "Pages break.",
        FILLER,
    ],
)
def test_another_matter_or_its_opposite_is_another_claim(other: str) -> None:
    assert claims_of(FIRST, other) == [[0], [1]]


def test_what_speaks_against_a_claim_is_not_the_claim() -> None:
    conversation = talk(
        Wrote("Ann", f"{FIRST}\n", labels={"The copy": "claim"}),
        Wrote("Bob", f"> {FIRST}\n{AGAIN}\n", 0, {"As I said": "claim"},
              [("As I said", "attack", FIRST)]),
    )  # fmt: skip
    assert len(assemble(conversation, []).claims) == 2


def test_a_quotation_says_nothing_again() -> None:
    conversation = talk(
        Wrote("Ann", f"{FIRST}\n", labels={"The copy": "claim"}),
        Wrote("Bob", f"> {FIRST}\nWhy?\n", 0, {"Why": "question"}),
    )
    assert [len(claim.places) for claim in assemble(conversation, []).claims] == [1]


def test_a_person_splits_and_joins() -> None:
    assert claims_of(FIRST, AGAIN, corrections=[said(key(1, AGAIN), "split", "yes")]) == [[0], [1]]
    assert claims_of(FIRST, AGAIN, corrections=[said(key(0, FIRST), "split", "yes")]) == [[0], [1]]
    joined = [said(key(1, FILLER), f"join:{key(0, FIRST)}", "yes")]
    assert claims_of(FIRST, FILLER, corrections=joined) == [[0, 1]]
    both = [
        said(key(0, FIRST), "split", "yes"),
        said(key(3, AGAIN), f"join:{key(1, FILLER)}", "yes"),
    ]
    assert claims_of(FIRST, FILLER, AGAIN, AGAIN, corrections=both) == [[0], [1, 3], [2]]


def test_joins_in_a_circle_are_one_claim() -> None:
    circle = [
        said(key(0, FIRST), f"join:{key(1, FILLER)}", "yes"),
        said(key(1, FILLER), f"join:{key(0, FIRST)}", "yes"),
    ]
    assert claims_of(FIRST, FILLER, corrections=circle) == [[0, 1]]


@pytest.mark.parametrize(
    ("text", "denied"),
    [("It works.", False), ("It doesn\u2019t work.", True), ("Not that it never works.", False)],
)
def test_what_denies(text: str, denied: bool) -> None:
    assert is_denied(text) is denied

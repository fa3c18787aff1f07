"""Scenarios are proposed for what speaks for them, and nothing enters a casebook by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.casebook import made_up
from threadkit.casebook import suggest as module
from threadkit.casebook.load import load
from threadkit.casebook.modelled import ModelEntry
from threadkit.casebook.operations import DONE, SAID, done_in, said_in
from threadkit.casebook.suggest import Suggester, recall, scenes
from threadkit.casebook.values import Casebook, Claim, Decision, Evidence, Place


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Casebook:
    return load(made_up.write(tmp_path_factory.mktemp("book")))


def claim(book: Casebook, gist: str, **more: object) -> Claim:
    blank = {"evidence": (), "stances": (), "decision": None, "also": (),
             "said": Place(None, unseen="made up"), "model": (ModelEntry(not_modelled="yet"),)}  # fmt: skip
    return replace(book.claims[0], gist=gist, **{**blank, **more})  # type: ignore[arg-type]


def alone(book: Casebook, one: Claim, **head: object) -> Suggester:
    return Suggester(replace(book, claims=(one,), **head))  # type: ignore[arg-type]


def first(book: Casebook, gist: str, **more: object) -> module.Suggestion:
    one = claim(book, gist, **more)
    return alone(book, one).ranked(one)[0]


def test_operations_of_words_and_of_scenarios_have_the_same_names():
    assert DONE.keys() <= SAID.keys()
    known = {sign for one in scenes() for sign in one.operations}
    assert known == {*DONE, "threads"}


@pytest.mark.parametrize(
    ("text", "operation"),
    [("KSM pages never turn back", "KSM"), ("after O_DIRECT reads", "direct I/O"),
     ("MADV_DONTFORK helps", "DONTFORK"), ("clear_refs write-protects", "clear_refs"),
     ("a THP is split", "huge page"), ("swapped out", "swap"), ("mprotect()ed pages", "mprotect")],
)  # fmt: skip
def test_operations_are_heard_in_words(text, operation):
    assert operation in said_in(text)


def test_words_within_words_are_not_heard():
    assert said_in("a forklift, spinning, blocky") == frozenset()


def test_a_scenario_does_what_its_statements_say():
    from threadkit import cow

    assert done_in(cow.scenario("S7").litmus) >= {"pin", "mprotect"}
    assert "threads" in done_in(cow.scenario("il02-both-fault").litmus)


def test_words_and_operations_speak(book):
    found = first(
        book, "Soft-dirty tracking through clear_refs loses what a disk reads by O_DIRECT."
    )
    assert {"clear_refs", "direct I/O"} <= next(
        s for s in scenes() if s.name == found.scenario
    ).operations
    assert any(why.startswith("both have") for why in found.why)


def rarest(names: Iterable[str]) -> str:
    """Return what only one scenario names: what many name tells little."""
    counts = Counter(names)
    return min(counts, key=lambda name: (counts[name], name))


def test_a_mail_or_a_commit_that_a_scenario_names_speaks(book):
    mute = replace(book, questions=())
    mail = rarest(name for one in scenes() for name in one.mails)
    found = first(mute, "Nothing else.", said=Place(mail, unseen="made up"))
    assert mail in next(s for s in scenes() if s.name == found.scenario).mails
    assert f"both name mail {mail}" in found.why
    sha = rarest(name for one in scenes() for name in one.commits)
    found = first(mute, "Nothing else.", evidence=(Evidence(commit=sha),))
    assert f"both name commit {sha[:12]}" in found.why
    decided = first(mute, "Nothing else.", decision=Decision("merged", commit=sha + "0" * 20))
    assert decided.scenario == found.scenario


def test_claims_alike_speak_for_their_scenarios(book):
    one = claim(book, "The frobnicated quux must not be wibbled.")
    other = replace(one, id=99, gist="A quux is frobnicated and wibbled.",
                    model=(ModelEntry("S19", "supports", why="w"),))  # fmt: skip
    found = Suggester(replace(book, claims=(one, other))).ranked(one)[0]
    assert (found.scenario, found.why[0]) == ("S19", "given to claim 99")


def test_the_number_of_a_claim_speaks_in_its_own_casebook_alone(book):
    scene = next(one for one in scenes() if one.claims)
    one = claim(book, "Quux.", id=min(scene.claims))
    assert alone(book, one).suggest(one) == []
    named = alone(book, one, name=module.NUMBERED).suggest(one)[0]
    assert (named.score, named.why[0]) == (1.0, "the scenario names the claim")
    assert (
        Suggester(replace(book, claims=(one,), name=module.NUMBERED), named=False).suggest(one)
        == []
    )


def test_what_a_claim_has_is_not_proposed_again(book):
    one = claim(book, "A pinned page is lost after fork.", model=(ModelEntry("S4", "supports"),))
    proposed = alone(book, one).suggest(one)
    assert proposed
    assert "S4" not in [each.scenario for each in proposed]
    assert "S4" in [each.scenario for each in alone(book, one).ranked(one)]
    assert len(alone(book, one).suggest(one, 1)) == 1


def test_every_scenario_is_ranked_and_scores_fall(book):
    ranked = Suggester(book).ranked(book.claims[0])
    assert len({one.scenario for one in ranked}) == len(scenes()) == len(ranked)
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_what_is_said_of_the_model_counts_for_nothing(book):
    one = claim(book, "Quux.")
    told = replace(one, model=(ModelEntry("S4", "supports", why="fork pin device child mprotect"),))
    assert alone(book, one).ranked(one) == alone(book, told).ranked(told)


def test_recall_counts_what_is_among_the_first():
    assert recall([["a", "b", "c"]], [{"a", "c"}], 1) == 0.5
    assert recall([["a", "b"], ["b"]], [{"b"}, set()], 1) == 0.0
    assert recall([], [], 3) == 0.0

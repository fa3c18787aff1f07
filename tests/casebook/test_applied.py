"""Claims of a casebook meet the sentences of mails; what meets none is told by name."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.debate.corrections import FIELDS
from threadkit.analyze.debate.names import exact_hash, loose_hash, unit_key
from threadkit.casebook import applied as module
from threadkit.casebook.applied import Applied, Mail, Unit, applied
from threadkit.casebook.modelled import ModelEntry
from threadkit.casebook.values import Casebook, CaseMessage, Claim, Person, Place, Question, Stance

LEFT = "The cache is slow. The lock makes it slow, for it is taken twice."
RIGHT = "That is wrong: the lock is taken once. Measure it."


def units(body: str, *some: tuple[str, str]) -> list[Unit]:
    return [Unit(body.index(words), body.index(words) + len(words), label) for words, label in some]


MAILS = {
    "left@example.org": Mail(1, LEFT, True, units(
        LEFT, ("The cache is slow.", "claim"), ("The lock makes it slow,", "claim"),
        ("for it is taken twice.", "evidence"),
    )),
    "right@example.org": Mail(1, RIGHT, True, units(
        RIGHT, ("That is wrong: the lock is taken once.", "evidence"), ("Measure it.", "proposal"),
    )),
}  # fmt: skip


def at(message: str, words: str, *, body: str | None = None) -> Place:
    text = MAILS[message].body if body is None else body
    start = text.index(words)
    return Place(message, start, start + len(words), exact_hash(words), loose_hash(words))


def claim(number: int, said: Place, **more: object) -> Claim:
    given: dict[str, object] = {
        "by": "ann", "within": "thread", "gist": f"Gist {number}.", "kind": "mechanism",
        "question": "lock", "stand": "yes", "status": "open", "why": "nobody answered",
        "model": (ModelEntry(not_modelled="no cache"),), "sure": "M",
    }  # fmt: skip
    return Claim(id=number, said=said, **{**given, **more})  # type: ignore[arg-type]


def book(*claims: Claim) -> Casebook:
    return Casebook(
        name="lock", title="t", question="q", about="a", outcome="o", thread="left@example.org",
        curated_by="Ann", curated_date="2024-05-01", coverage=("all",),
        people=(Person("ann", "Ann"),), messages=(CaseMessage("left@example.org", by="ann"),),
        questions=(Question("lock", "?"),), claims=claims,
    )  # fmt: skip


def said(made: Applied, words: str, message: str) -> dict[str, str]:
    key = unit_key(message, words)
    return {one.field: one.value for one in made.corrections if one.target == key}


def test_a_passage_that_is_a_sentence_makes_it_a_reviewed_claim():
    made = applied(book(claim(1, at("left@example.org", "The cache is slow."))), MAILS)
    assert said(made, "The cache is slow.", "left@example.org") == {
        "state": "accepted", "split": "yes", "kind": "mechanism", "gist": "Gist 1.", "status": "open",
    }  # fmt: skip
    assert (made.left, list(made.claims)) == ([], [1])
    note = {one.field: one.note for one in made.corrections}
    assert note["status"] == "nobody answered"
    assert note["state"] == "claim 1 of casebook lock"


def test_a_passage_over_two_units_is_the_claim_among_them():
    made = applied(book(claim(1, at("left@example.org", LEFT[19:]))), MAILS)
    assert made.claims == {1: unit_key("left@example.org", "The lock makes it slow,")}
    assert not said(made, "for it is taken twice.", "left@example.org")


def test_a_sentence_that_was_taken_for_something_else_becomes_a_claim():
    words = "That is wrong: the lock is taken once."
    made = applied(book(claim(1, at("right@example.org", words))), MAILS)
    assert said(made, words, "right@example.org")["label"] == "claim"


def test_the_other_claims_of_a_passage_are_joined_to_it():
    made = applied(book(claim(1, at("left@example.org", LEFT))), MAILS)
    (key,) = made.claims.values()
    joined = [one for one in made.corrections if one.field.startswith("join:")]
    assert [one.field for one in joined] == [f"join:{key}"]
    assert all(one.target != key for one in joined)


def test_a_neighbour_that_a_passage_only_touches_is_not_meant():
    touching = claim(1, at("left@example.org", "slow. The lock makes"))
    exact = claim(2, at("left@example.org", "The lock makes it slow,"))
    made = applied(book(touching, exact), MAILS)
    assert list(made.claims) == [2]
    assert [(one.claim, one.why) for one in made.left] == [(1, "its sentence is claim 2 already")]


def test_no_sentence_is_given_to_two_claims():
    where = at("left@example.org", "The cache is slow.")
    made = applied(book(claim(1, where), claim(2, where)), MAILS)
    assert list(made.claims) == [1]
    assert [(one.claim, one.what, one.why) for one in made.left] == [
        (2, "claim", "its sentence is claim 1 already")
    ]


def test_the_claim_that_fits_a_sentence_best_gets_it():
    whole = claim(1, at("left@example.org", LEFT))
    exact = claim(2, at("left@example.org", "The cache is slow."))
    made = applied(book(whole, exact), MAILS)
    assert made.claims[2] == unit_key("left@example.org", "The cache is slow.")
    assert made.claims[1] == unit_key("left@example.org", "The lock makes it slow,")


def test_places_where_it_is_said_again_are_joined():
    again = at("right@example.org", "Measure it.")
    made = applied(
        book(claim(1, at("left@example.org", "The cache is slow."), also=(again,))), MAILS
    )
    key = made.claims[1]
    assert said(made, "Measure it.", "right@example.org") == {"split": "yes", f"join:{key}": "yes"}


def test_relations_name_both_sentences():
    one = claim(1, at("left@example.org", "The cache is slow."))
    other = claim(2, at("right@example.org", "That is wrong: the lock is taken once."),
                  stances=(Stance("attacks", 1), Stance("attacks", 1), Stance("supports", 3)))  # fmt: skip
    third = claim(3, Place(None, unseen="it was said in a corridor"))
    made = applied(book(one, other, third), MAILS)
    relations = [one for one in made.corrections if one.field.startswith("relation:")]
    assert [(r.target, r.field, r.value) for r in relations] == [
        (made.claims[2], f"relation:attack:{made.claims[1]}", "added")
    ]
    assert [(one.claim, one.what, one.why) for one in made.left] == [
        (3, "claim", "it was said in a corridor"),
        (2, "supports 3", module.ONE_END),
    ]


def test_relations_stay_in_one_conversation():
    far = {**MAILS, "right@example.org": replace(MAILS["right@example.org"], root=2)}
    one = claim(
        1,
        at("left@example.org", "The cache is slow."),
        also=(at("right@example.org", "Measure it."),),
    )
    other = claim(2, at("right@example.org", "That is wrong: the lock is taken once."),
                  stances=(Stance("attacks", 1),))  # fmt: skip
    made = applied(book(one, other), far)
    assert [(one.what, one.why) for one in made.left] == [
        ("said again", module.ELSEWHERE), ("attacks 1", module.ELSEWHERE),
    ]  # fmt: skip


def test_scenarios_that_two_entries_see_differently_only_test_it():
    entries = (
        ModelEntry("S4", "supports", why="One."), ModelEntry("S4", "refutes", why="Two."),
        ModelEntry("S5", "refutes", why="Three."), ModelEntry("S2", "cost", why="Four."),
    )  # fmt: skip
    made = applied(
        book(claim(1, at("left@example.org", "The cache is slow."), model=entries)), MAILS
    )
    tests = {c.field: (c.value, c.note) for c in made.corrections if c.field.startswith("scenario")}
    assert tests == {
        "scenario:S4": ("tests", "One. Two."), "scenario:S5": ("refutes", "Three."),
        "scenario:S2": ("tests", "Four."),
    }  # fmt: skip


def test_a_passage_that_moved_is_found_by_its_hash():
    body = "Hello Bo,\n\n" + LEFT
    moved = Mail(1, body, True, units(body, ("The cache is slow.", "claim")))
    made = applied(book(claim(1, at("left@example.org", "The cache is slow."))),
                   {"left@example.org": moved})  # fmt: skip
    assert made.claims == {1: unit_key("left@example.org", "The cache is slow.")}


def test_what_meets_nothing_says_why():
    where = at("left@example.org", "The cache is slow.")
    changed = Mail(1, "Quite other words.", True, [])
    unread = Mail(1, LEFT, False, [])
    bare = Mail(1, LEFT, True, [])
    reasons = [
        applied(book(claim(1, where)), {"left@example.org": one}).left[0].why
        for one in (changed, unread, bare)
    ]
    assert reasons == [module.CHANGED, module.NOT_READ, module.NO_UNIT]
    assert applied(book(claim(1, where)), {}).left[0].why == module.NOT_HERE


WORDS = st.lists(st.sampled_from(["lock", "page", "slow", "fast", "twice"]), min_size=1, max_size=4)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(["claim", "evidence", "proposal", "other"])),
             min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40), st.integers(1, 5)), max_size=5),
)  # fmt: skip
def test_whatever_the_passages_every_claim_is_met_or_left_and_none_shares_a_sentence(some, spans):
    body, cut = "", []
    for words, label in some:
        text = " ".join(words) + "."
        cut.append(Unit(len(body), len(body) + len(text), label))
        body += text + " "
    claims = []
    for number, (start, length, other) in enumerate(spans, 1):
        words = body[start : start + length]
        place = Place(
            "m@example.org", start, start + len(words), exact_hash(words), loose_hash(words)
        )
        claims.append(claim(number, place, stances=(Stance("attacks", other),)))
    made = applied(book(*claims), {"m@example.org": Mail(1, body, True, cut)})
    left = {one.claim for one in made.left if one.what == "claim"}
    assert left | set(made.claims) == {one.id for one in claims}
    assert not left & set(made.claims)
    assert len(set(made.claims.values())) == len(made.claims)
    assert all(one.field.partition(":")[0] in FIELDS for one in made.corrections)
    assert {one.target for one in made.corrections if one.field == "state"} == set(
        made.claims.values()
    )

"""Claims, points and decisions read back from the database."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.debate.names import exact_hash, loose_hash, unit_key
from threadkit.store import claim_list as claims
from threadkit.store import debate_list as debates
from threadkit.store.connection import open_write
from threadkit.store.debate_rows import (
    AnswerRow,
    ClaimRow,
    DebateRows,
    DecisionRow,
    PlaceRow,
    PointRow,
    RelationRow,
    ScenarioRow,
    save_debate,
)
from threadkit.store.debates import CorrectionRow, correct
from threadkit.store.passages import passages

WORDS = ("It is\0slow.", "No, it is not.", "Who says so?", "Ann does.")
BODY = "\n".join(WORDS)
STATES = ("automatic", "candidate", "accepted", "rejected")


def database():
    """Return three mails of a conversation and one of another; a unit is a line."""
    db = open_write(":memory:")
    run = db.conn.execute
    for number, root in ((1, 1), (2, 1), (3, 1), (4, 4)):
        email = f"p{number}@example.org"
        run("INSERT INTO person (id, name, email) VALUES (?, ?, ?)",
            (number, f"Person {number}", email))  # fmt: skip
        run("INSERT INTO address (id, email, name, person) VALUES (?, ?, '', ?)",
            (number, email, number))  # fmt: skip
        run("INSERT INTO message (id, message_id, from_address, date_utc, subject, root)"
            " VALUES (?, ?, ?, ?, 'Speed', ?)",
            (number, f"m{number}@example.org", number, f"2024-01-0{number}T00:00:00Z", root))  # fmt: skip
        run("INSERT INTO body (message, text) VALUES (?, ?)", (number, BODY))
        language = {2: "other", 3: "none"}.get(number, "en")
        run("INSERT INTO mail_reading VALUES (?, 1, ?, '')", (number, language))
        for position, text in enumerate(WORDS):
            start = BODY.index(text)
            run("INSERT INTO unit VALUES (?, ?, 1, ?, ?, 'claim', '', '', 0.9, 'r', '', '', 0)",
                (number, position, start, start + len(text)))  # fmt: skip
        run("INSERT INTO passage VALUES (?, 0, 1, 3, 5, 1, 'agree', 0.5, 'r')", (number,))
    return db


def place(mail: int, unit: int, rule: str = "first") -> PlaceRow:
    start, text = BODY.index(WORDS[unit]), WORDS[unit]
    return PlaceRow(mail, unit, start, start + len(text), exact_hash(text), loose_hash(text),
                    rule, 1.0)  # fmt: skip


def claim(*places: PlaceRow, state: str = "automatic", **more: object) -> ClaimRow:
    first = places[0]
    row = ClaimRow(
        unit_key(f"m{first.message}@example.org", WORDS[first.unit]), places,
        f"Person {first.message}", f"p{first.message}@example.org", "",
        f"2024-01-0{first.message}T00:00:00Z", "mechanism", "open", "", "", 0.9, "r", state,
        [ScenarioRow("peek", "supports", "why", "curated", 0.5)],
    )  # fmt: skip
    return row._replace(**more)


@pytest.fixture
def conn():
    """A debate of mails 1 to 3; claims c1 (said twice, so c2 is taken), c3 that attacks it, c4."""
    with closing(database()) as db:
        rows = DebateRows(
            [claim(place(1, 0), place(3, 0, "same terms")), claim(place(2, 1)),
             claim(place(3, 3), state="candidate")],
            [RelationRow("attack", 2, 1, 1, 0, 0.9, "r", "automatic"),
             RelationRow("support", 3, 3, 1, 0, 0.9, "r", "candidate"),
             RelationRow("attack", 3, 3, 2, 1, 0.9, "r", "rejected"),
             RelationRow("agree", 2, 3, 1, None, 0.9, "r", "automatic")],
            [PointRow(1, 0, 0, 11, "claim", "no direct reply", [], 0.9, "r"),
             PointRow(3, 0, 0, 11, "claim", "taken up",
                      [AnswerRow(2, 12, 26, "elsewhere", "r", 0.5)], 0.9, "r"),
             PointRow(1, 2, 27, 39, "question", "answered",
                      [AnswerRow(3, 40, 49, "under the quotation", "r", 0.9)], 0.9, "r")],
            [DecisionRow(3, 40, 49, "applied", "Person 3", "p3@example.org", None, "", "", 0.9,
                         "r", "automatic")],
        )  # fmt: skip
        db.conn.execute("INSERT INTO run VALUES (1, 'claims', '7', '', '', '', 0, 0)")
        save_debate(db.conn, 1, 1, "1", "x", rows)
        yield db.conn


def test_claims_are_in_the_order_of_time(conn):
    assert [one.id for one in claims.read_claims(conn)] == ["c1", "c3", "c4"]
    assert [one.id for one in claims.read_claims(conn, 1)] == ["c1", "c3", "c4"]
    assert claims.read_claims(conn, 4) == []
    one = claims.read_claim(conn, "c1")
    assert (one.message_id, one.root, one.places) == ("m1@example.org", "m1@example.org", 2)
    assert claims.read_claim(conn, "c2").id == "c1"  # the number of its second place
    assert claims.read_claim(conn, "c9") is None
    assert claims.roots_of_debates(conn) == [1]


def test_names_are_completed_and_found(conn):
    assert claims.claim_ids(conn, "c") == [
        ("c1", "Person 1"), ("c3", "Person 2"), ("c4", "Person 3"),
    ]  # fmt: skip
    assert claims.claim_ids(conn, "c3") == [("c3", "Person 2")]
    key = claims.read_claim(conn, "c1").key
    assert claims.names_of(conn, 1)[key] == "c1"
    assert claims.names_of(conn, 4) == {}
    for mail in ("m1", "m3"):
        assert claims.claim_at(conn, f"{mail}@example.org", key[-12:]) == "c1"
    assert claims.claim_at(conn, "m2@example.org", key[-12:]) is None


def test_candidates_and_what_was_rejected_do_not_count(conn):
    assert claims.relation_counts(conn) == {("c1", "attack"): 1}
    assert claims.relation_counts(conn, 4) == {}
    assert claims.claims_about(conn, "c1") == {"c3", "c4"}
    assert claims.claims_about(conn, "c3") == {"c1"}


def test_the_best_outcome_of_all_places_holds(conn):
    ((name, found),) = claims.outcomes(conn).items()
    assert (name, found.outcome) == ("c1", "taken up")
    assert found.elsewhere == (("m2@example.org", "Person 2", "2024-01-02T00:00:00Z"),)
    assert claims.outcomes(conn, 4) == {}


def test_who_answers_a_question(conn):
    assert claims.claims_of_question(conn, 1, 2) == {"c4"}
    assert claims.claims_of_question(conn, 1, 1) == set()


def test_how_much_was_read(conn):
    assert claims.coverage(conn) == (4, 2, 4, 2, 1, 1, 0)
    assert str(claims.coverage(conn, 1)) == (
        "claims of 2 of 3 people; 1 of 3 messages read"
        " (1 in another language, 1 with too few words)"
    )


def test_passages_with_nul_are_whole(conn):
    span = (1, 0, len(WORDS[0]))
    assert passages(conn, [span, span, (9, 0, 1)]) == {span: WORDS[0]}


def test_units_and_patches(conn):
    units = debates.read_units(conn, [(2, 1), (2, None), (2, 99), (9, 0), (2, 1)])
    assert set(units) == {(2, 1), (2, None)}
    assert (units[2, 1].person, units[2, 1].label) == ("Person 2", "claim")
    assert (units[2, None].label, units[2, None].subject) == ("patch", "Speed")


def test_relations_of_a_claim(conn):
    assert len(debates.read_relations(conn)) == 4
    assert len(debates.read_relations(conn, 4)) == 0
    assert [one.kind for one in debates.read_relations(conn, claim="c1")] == ["attack", "support"]
    assert debates.read_relations(conn)[3].target_unit is None


def test_points_with_their_answers(conn):
    found = debates.read_points(conn, kinds=("question",))
    assert [(one.unit, one.answers[0].person) for one in found] == [(2, "Person 3")]
    assert [len(one.answers) for one in debates.read_points(conn, 1)] == [0, 1, 1]
    assert debates.read_points(conn, 4) == []


def test_the_rest_of_a_claim(conn):
    assert [(one.message, one.rule) for one in debates.read_places(conn, "c1")] == [
        (1, "first"), (3, "same terms"),
    ]  # fmt: skip
    assert debates.read_scenarios(conn, "c1")[0].scenario == "peek"
    assert debates.read_passage(conn, 1, 0) == (3, 5)
    assert debates.read_passage(conn, 1, -1) is None
    assert [one.kind for one in debates.read_decisions(conn, 1)] == ["applied"]
    assert debates.run_of(conn, 1) == ("claims", "7")
    assert debates.run_of(conn, 2) == ("", "")
    key = claims.read_claim(conn, "c1").key
    correct(conn, [CorrectionRow(key, "kind", "history", "", "Ann", "", "edit")])
    assert [one.field for one in debates.corrections_of(conn, [key])] == ["kind"]
    assert debates.corrections_of(conn, []) == []


UNIT = st.tuples(st.integers(1, 3), st.integers(0, 3))


@given(
    st.lists(UNIT, unique=True, max_size=12),
    st.lists(st.tuples(UNIT, UNIT, st.sampled_from(STATES)), max_size=12),
    st.lists(st.sampled_from(STATES), min_size=12, max_size=12),
)
def test_whatever_is_kept_is_read_again(units, relations, states):
    with closing(database()) as db:
        kept = [
            claim(place(*unit), state=state) for unit, state in zip(units, states, strict=False)
        ]
        bearing = [
            RelationRow("attack", *source, *target, 0.5, "r", state)
            for source, target, state in relations
        ]
        save_debate(db.conn, 1, 1, "1", "x", DebateRows(kept, bearing, [], []))
        found = claims.read_claims(db.conn)
        assert sorted(one.key for one in found) == sorted(one.key for one in kept)
        assert [one.utc for one in found] == sorted(one.utc for one in found)
        names = {(one.message, one.unit): one.id for one in found}
        read = debates.read_relations(db.conn)
        assert [(one.claim, one.target_claim) for one in read] == [
            (names.get(source), names.get(target)) for source, target, _ in relations
        ]
        counted = sum(
            target in names and state in ("automatic", "accepted") for _, target, state in relations
        )
        assert sum(claims.relation_counts(db.conn).values()) == counted
        for one in found:
            assert {each.message for each in debates.read_places(db.conn, one.id)} == {one.message}
            assert one.id not in claims.claims_about(db.conn, one.id)

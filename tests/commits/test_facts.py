"""Facts of commits are read whole, and a bad line is named."""

import json

import pytest

from threadkit.commits.facts import FactsError, read_facts
from threadkit.commits.values import SHIPPED

SHA = "0123456789" * 4
ANN = {"name": "Ann", "email": "ann@example.org", "date_utc": "2020-09-01T12:00:00Z"}


def line(**fields: object) -> str:
    return json.dumps({"sha": SHA, "subject": "mm: x", "author": ANN, **fields})


def test_a_fact_answers_a_lookup() -> None:
    fields = {"release": "v5.9", "mainline": "yes", "trailers": ["Fixes: 1234567890ab"]}
    [fact] = read_facts(["", line(**fields)], "a.jsonl")
    answer = fact.resolved(SHA[:12])
    assert (answer.origin, answer.state, answer.name) == (SHIPPED, "found", SHA[:12])
    assert (answer.release, answer.mainline, answer.checked_against) == ("v5.9", "yes", "v5.9")
    assert answer.commit is not None
    assert answer.commit.body == "Fixes: 1234567890ab"
    assert answer.commit.author.date_utc == "2020-09-01T12:00:00Z"


def test_a_day_without_its_time_stays_a_day() -> None:
    applied = {"name": "", "email": "", "date_utc": "2020-09-04"}
    [fact] = read_facts([line(author={**ANN, "date_utc": "2020-09-01"}, committer=applied)], "f")
    assert (fact.commit.author.date_utc, fact.commit.committer.date_utc) == (
        "2020-09-01",
        "2020-09-04",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "no JSON"),
        ("[]", "not an object"),
        (json.dumps({"sha": SHA}), "no 'author'"),
        (line(sha="09854ba94c6a"), "not 40 or 64"),
        (line(sha=SHA.replace("0", "g")), "not 40 or 64"),
        (line(tree="x"), "unknown field 'tree'"),
        (line(mainline="maybe"), "mainline: 'maybe'"),
        (line(author={**ANN, "date_utc": "2020-09"}), "date_utc"),
        (line(author={**ANN, "date_utc": "2020-09-01T12:00Z"}), "date_utc"),
        (line(author={**ANN, "date_utc": "2020-02-30"}), "day is out of range"),
    ],
)
def test_a_bad_line_is_named(text: str, problem: str) -> None:
    with pytest.raises(FactsError, match=problem) as caught:
        list(read_facts([line(), text], "a.jsonl"))
    assert caught.value.line == 2

"""The shipped casebook of the thread that started it, against the thread and the scenarios."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from threadkit.casebook.load import load
from threadkit.casebook.values import MAP_MOST, Casebook
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read

ROOT = Path(__file__).resolve().parents[2]
LISTED = range(1, 65)
"""Numbers of the claims that were listed before the casebook was written."""


@pytest.fixture(scope="module")
def book() -> Casebook:
    return load(ROOT / "data" / "casebooks" / "cow-2020")


@pytest.fixture(scope="module")
def overview(corpora: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((corpora / "cow-thread" / "thread.json").read_text())
    return rows


@pytest.fixture(scope="module")
def bodies(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    db = tmp_path_factory.mktemp("cow-2020") / "t.db"
    later = corpora / "kernel-threads" / "cow"
    import_mail(db, [str(corpora / "cow-thread"), str(later)], workers=0)
    conn = open_read(db)
    found = dict(
        conn.execute(
            "SELECT m.message_id, b.text FROM message m JOIN body b ON b.message = m.id"
            " WHERE NOT m.ghost"
        ).fetchall()
    )
    conn.close()
    return found


def test_the_98_messages_are_those_of_the_overview(
    book: Casebook, overview: list[dict[str, Any]]
) -> None:
    by_row = {row["row"]: row["message_id"] for row in overview}
    name = {person.key: person.name for person in book.people}
    expected = {
        (
            row["message_id"],
            row["date_utc"].replace(" ", "T"),
            row["author"],
            by_row.get(row["parent_row"]),
            row["raw"],
        )
        for row in overview
    }
    told = {
        (one.id, one.date_utc[:16], name[one.by], one.parent, one.seen)
        for one in book.messages
        if one.within == "thread"
    }
    assert len(overview) == 98
    assert told == expected


def test_everybody_who_wrote_in_the_thread_has_a_claim_of_it(book: Casebook) -> None:
    wrote = {one.by for one in book.messages if one.within == "thread"}
    argued = {claim.by for claim in book.claims if claim.within == "thread"}
    assert wrote - argued == set()


def test_every_listed_claim_is_there_and_no_map_is_crowded(book: Casebook) -> None:
    assert set(LISTED) - {claim.id for claim in book.claims} == set()
    asked = Counter(claim.question for claim in book.claims)
    assert set(asked) == {question.key for question in book.questions}
    assert max(asked.values()) <= MAP_MOST


def test_a_passage_comes_from_its_speaker_at_a_known_time(book: Casebook) -> None:
    by = {one.name: one for one in book.messages}
    wrong = [
        claim.id
        for claim in book.claims
        if claim.said.message is not None
        and (
            by[claim.said.message].within != claim.within
            # the first patch was written by Linus Torvalds and sent by Peter Xu
            or (by[claim.said.message].by, claim.by) not in {(claim.by,) * 2, ("peterx", "linus")}
        )
    ]
    assert wrong == []


def test_no_claim_is_told_in_the_words_of_a_mail(book: Casebook, bodies: dict[str, str]) -> None:
    """Seven words in a row of ours stand in no mail: gists are gists."""
    mails = {
        name: f" {' '.join(re.findall(r'[a-z0-9_]+', body.lower()))} "
        for name, body in bodies.items()
    }
    copied = []
    for claim in book.claims:
        for text in [claim.gist, claim.why, *(entry.why for entry in claim.model)]:
            words = re.findall(r"[a-z0-9_]+", text.lower())
            runs = (f" {' '.join(words[at : at + 7])} " for at in range(len(words) - 6))
            copied += [
                (claim.id, run) for run in runs if any(run in mail for mail in mails.values())
            ]
    assert len(bodies) > 100
    assert copied == []


def test_a_scenario_that_names_a_claim_is_run_for_it(book: Casebook) -> None:
    """Unless the claim is no matter of the model, which it then says."""
    run = {claim.id: {entry.scenario for entry in claim.model} for claim in book.claims}
    left_out = {claim.id for claim in book.claims if claim.model[0].not_modelled}
    missing = []
    for path in sorted((ROOT / "data" / "litmus").rglob("*.litmus")):
        text = path.read_text()
        name = text.split("\n", 1)[0].removeprefix("COW ").strip()
        named = {int(number) for number in re.findall(r"(?m)^ref claim (\d+)", text)}
        missing += [(name, number) for number in named - left_out if name not in run[number]]
    assert missing == []

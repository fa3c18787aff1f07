"""The casebook of the thread that started it, held against the thread itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import threadkit as tk
from threadkit.pipeline.casebook_check import CasebookCheck
from threadkit.pipeline.casebook_view import CasebookView


@pytest.fixture(scope="module")
def book() -> CasebookView:
    return tk.open_casebook("cow-2020")


@pytest.fixture(scope="module")
def check(corpora: Path, book: CasebookView) -> CasebookCheck:
    """Passages in the thread, in the mail around it, and in its sequels."""
    return book.check(mail=[str(corpora / "cow-thread"), str(corpora / "kernel-threads" / "cow")])


def test_every_passage_is_where_the_casebook_says(check: CasebookCheck) -> None:
    assert [str(one) for one in check.places if one.kind not in ("checked", "unseen")] == []
    assert sum(one.kind == "checked" for one in check.places) >= 64


def test_the_model_says_what_the_casebook_says(check: CasebookCheck) -> None:
    assert [str(one) for claim in check.claims for one in claim.differences] == []
    assert check.ok


def test_the_mails_of_the_thread_are_those_of_its_overview(
    corpora: Path, book: CasebookView
) -> None:
    rows = json.loads((corpora / "cow-thread" / "thread.json").read_text(encoding="utf-8"))
    name = {row["row"]: row["message_id"] for row in rows}
    want = {row["message_id"]: name.get(row["parent_row"]) for row in rows}
    thread = [mail for mail in book.messages if mail.within == "thread"]
    assert {mail.id: mail.parent for mail in thread} == want
    assert {mail.id for mail in thread if not mail.seen} == {
        row["message_id"] for row in rows if not row["raw"]
    }


def test_who_is_said_to_have_written_wrote(corpora: Path, book: CasebookView) -> None:
    rows = json.loads((corpora / "cow-thread" / "thread.json").read_text(encoding="utf-8"))
    known = {one.key: {one.name, *one.names} for one in book.people}
    for row in rows:
        by = book.facts.message(row["message_id"]).by
        assert not by or row["author"] in known[by], row["message_id"]


def test_the_claims_of_the_reference_are_all_there(book: CasebookView) -> None:
    assert set(range(1, 65)) <= {claim.id for claim in book.claims}
    assert all(claim.model for claim in book.claims)

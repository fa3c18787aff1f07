"""A casebook is used without the claims that nobody put into words yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casebook.made_up import CLAIMS, place, write
from threadkit.casebook.build import from_document
from threadkit.casebook.load import load
from threadkit.casebook.problems import TODO_MOST, CasebookError
from threadkit.casebook.unwritten import unwritten_in_words

GIST = "gist: A page that is pinned must not be shared."
LATER = "gist: Pins are seen by the count, so a write copies."
ANSWERS = f"    - {{attacks: 1, said: {place('answer@example.org', 'That is not so')}}}\n"


def test_a_claim_without_words_is_left_out_and_so_are_relations_with_it(tmp_path: Path) -> None:
    book = load(write(tmp_path, claims=(GIST, "gist: todo")))
    assert [one.id for one in book.claims] == [2, 3]
    assert [one.stances for one in book.claims] == [(), ()]
    assert [(one.what, str(one.at)) for one in book.unwritten] == [("claim", "claims/01.yaml:1")]
    assert from_document(book.document) == book


def test_the_others_keep_their_lines(tmp_path: Path) -> None:
    both = f"    - {{supports: 3}}\n{ANSWERS}"
    folder = write(tmp_path / "a", claims=(ANSWERS, both))
    whole = {one.id: one for one in load(folder).claims}
    text = (folder / "claims" / "01.yaml").read_text("utf-8")
    begun = text.replace("gist: Nothing of this matters.", "gist: todo")
    (folder / "claims" / "01.yaml").write_text(begun, "utf-8")
    found = {one.id: one for one in load(folder).claims}
    assert found.keys() == {1, 2}
    assert found[2].at == whole[2].at
    assert [(one.target, one.at) for one in found[2].stances] == [(1, whole[2].stances[1].at)]


def test_what_else_is_not_written_of_it_is_no_problem_but_a_mistake_is(tmp_path: Path) -> None:
    folder = write(tmp_path, claims=(GIST, "gist: todo"))
    path = folder / "claims" / "01.yaml"
    path.write_text(path.read_text("utf-8").replace("status: contested", "status: todo"), "utf-8")
    assert len(load(folder).unwritten) == 1
    path.write_text(path.read_text("utf-8").replace("by: ann", "by: anne", 1), "utf-8")
    path.write_text(path.read_text("utf-8").replace("status: todo", "status: open"), "utf-8")
    path.write_text(path.read_text("utf-8").replace("why: answer", "whi: answer"), "utf-8")
    with pytest.raises(CasebookError, match="unknown key whi; did you mean why"):
        load(folder)


def test_a_question_waits_as_long_as_no_claim_in_words_answers_it(tmp_path: Path) -> None:
    folder = write(tmp_path, questions=("text: Is it safe to share a pinned page?", "text: todo"))
    with pytest.raises(CasebookError) as caught:
        load(folder)
    assert [str(one) for one in caught.value.problems] == [
        "questions.yaml:2: text: still to be written (todo)"
    ]
    path = folder / "claims" / "01.yaml"
    lines = [
        "  gist: todo\n" if line.startswith("  gist: ") else line
        for line in CLAIMS.splitlines(keepends=True)
    ]
    path.write_text("".join(lines), "utf-8")
    book = load(folder)
    assert (book.claims, book.questions) == ((), ())
    assert unwritten_in_words(book.unwritten) == (
        "3 claims and 1 question are not in words yet and left out (from claims/01.yaml:1)"
    )
    assert len(load(folder, is_draft=True).claims) == 3


def test_words_with_a_rest_to_be_written_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CasebookError, match=r"1 still to be written\n.*: status: still to be"):
        load(write(tmp_path, claims=("status: open", "status: todo")))


def test_many_lines_of_one_kind_are_counted(tmp_path: Path) -> None:
    folder = write(tmp_path)
    rest = TODO_MOST + 3
    path = folder / "casebook.yaml"
    every = ", ".join(["todo"] * rest)
    text = path.read_text("utf-8").replace("[Both mails are covered.]", f"[{every}]")
    path.write_text(text, "utf-8")
    with pytest.raises(CasebookError) as caught:
        load(folder)
    said = str(caught.value).splitlines()
    assert len(said) == TODO_MOST + 2
    assert said[0] == f"casebook {folder.name}: {rest} still to be written"
    assert said[-1] == "... and 3 more still to be written in casebook.yaml: 3 coverage"
    assert len(list(caught.value.lines())) == rest

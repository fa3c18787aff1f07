"""A casebook in a notebook, and the one that comes with the sample mail."""

from __future__ import annotations

from pathlib import Path

import pytest

import threadkit as tk
from tests.casebook.made_up import mbox, write
from threadkit.casebook.problems import CasebookError, NoCasebook
from threadkit.errors import NotFound, SourceError
from threadkit.pipeline.casebook_check import passage_text
from threadkit.pipeline.importing import import_mail


def test_it_says_what_it_is_in_a_line(tmp_path: Path) -> None:
    book = tk.open_casebook(write(tmp_path))
    assert repr(book) == (
        "<Casebook pins: 3 claims, 1 question, 2 people, 3 mails; 2024-05-06 by somebody>"
    )
    assert repr(book.claims) == "<Claims 3: 1 contested, 1 open, 1 unanswered>"
    assert repr(book.check()).startswith("<CasebookCheck pins: 2 passed, 0 failed, 1 not modelled")


def test_a_notebook_shows_it_escaped_and_with_its_coverage(tmp_path: Path) -> None:
    book = tk.open_casebook(
        write(
            tmp_path,
            casebook=(
                "coverage: [Both mails are covered.]",
                'coverage: ["<script>alert(1)</script>"]',
            ),
            claims=("A page that is pinned", "A <b>page</b> that is pinned"),
        )
    )
    for html in (book._repr_html_(), book.claims._repr_html_(), book.check()._repr_html_()):
        assert "<script" not in html
        assert "<b>page" not in html
        assert len(html) < 20_000
    assert "&lt;script&gt;" in book._repr_html_()
    assert "&lt;b&gt;page" in book.claims._repr_html_()


def test_the_sample_mail_has_every_passage_of_its_casebook() -> None:
    found = tk.open_casebook("sample").check(mail=[str(tk.samples())])
    assert found.ok
    assert {one.kind for one in found.places} == {"checked"}


def test_an_archive_has_the_words(tmp_path: Path) -> None:
    book = tk.open_casebook(write(tmp_path / "book"))
    import_mail(tmp_path / "t.db", [str(mbox(tmp_path / "a.mbox"))], workers=0)
    with tk.open(tmp_path / "t.db") as archive:
        assert book.check(archive).ok
        said = book.claim(2).said
        assert passage_text(archive, said) == (
            "checked",
            "a pin is a reference, and references are\ncounted.",
        )
        assert passage_text(None, said) == ("not here", "")
    with pytest.raises(NotFound, match="7: no such claim in pins"):
        book.claim(7)


def test_a_mail_that_is_only_referenced_is_not_here(tmp_path: Path) -> None:
    """An archive that knows of the first mail from the answer alone."""
    box = mbox(tmp_path / "a.mbox")
    answer = box.read_text(encoding="utf-8").split("From x ")[2]
    answer = answer.replace("Subject:", "In-Reply-To: <root@example.org>\nSubject:")
    box.write_text(f"From x {answer}", encoding="utf-8")
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    with tk.open(tmp_path / "t.db") as archive:
        found = tk.open_casebook(write(tmp_path / "book")).check(archive)
    assert [one.kind for one in found.places] == [
        "not here", "checked", "checked", "unseen", "checked", "unseen",
    ]  # fmt: skip


def test_eras_that_are_no_release_have_columns_of_their_own(tmp_path: Path) -> None:
    folder = write(tmp_path, claims=("refcount_forkcopy: Never", "hugh_2020: Never"))
    matrix = tk.open_casebook(folder).check().matrix
    assert [column.key for column in matrix.columns][-1] == "hugh_2020"
    s4, s2 = matrix.rows
    assert s4.cells[-1].verdict == "Never"
    assert s2.cells[-1] is None


def test_what_is_no_casebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoCasebook, match="did you mean sample"):
        tk.open_casebook("samples")
    with pytest.raises(CasebookError, match=r"casebook\.yaml:1: no such file"):
        tk.open_casebook(tmp_path)
    with pytest.raises(SourceError):
        tk.open_casebook("sample").check(mail=[str(tmp_path / "none.mbox")])

"""Warnings and what came of them, from mails and commits to rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.mails import mail
from threadkit.commits.values import Commit, Resolved, Signature
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.regressions_view import Prediction
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write

BAD = "1bad" * 10
DIFF = "---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-old\n+new\n"
PATCH = f"Copy no page twice.\n\nSigned-off-by: Ada Example <ada@example.org>\n{DIFF}"
WARNING = "This will break everybody who uses {} with it.\n"
DENIAL = "This will not break users of userfaultfd.\n"
REPORT = (
    "Pages that are pinned with pin_user_pages() worked in 5.8 and no longer work on our machine"
    f' in 5.9-rc1.\nWe bisected this to commit {BAD[:12]} ("mm: copy less").\n'
)


@pytest.fixture
def predictions(tmp_path: Path) -> Iterator[list[Prediction]]:
    """Three warnings about a patch that was merged and broke one thing."""
    folder = tmp_path / "mails"
    folder.mkdir()
    day = 24 * 60
    mails = (
        mail("p", subject="[PATCH] mm: copy less", body=PATCH),
        mail("w1", to="p", subject="Re: [PATCH] mm: copy less", person=1, minute=9,
             body=WARNING.format("pin_user_pages()")),
        mail("w2", to="p", subject="Re: [PATCH] mm: copy less", person=2, minute=19,
             body=WARNING.format("userfaultfd write protection")),
        mail("w3", to="p", subject="Re: [PATCH] mm: copy less", person=3, minute=29, body=DENIAL),
        mail("q", subject="[PATCH] mm: never merged", body=PATCH.replace("new", "newer")),
        mail("w4", to="q", subject="Re: [PATCH] mm: never merged", person=1, minute=39,
             body=WARNING.format("pin_user_pages()")),
        mail("p2", to="p", subject="[PATCH 2/2] mm: never merged", body=PATCH.replace("new", "no")),
        mail("w5", to="p2", subject="Re: [PATCH 2/2] mm: never merged", person=1, minute=40,
             body=WARNING.format("pin_user_pages()")),
        mail("d", to="p", subject="Re: [PATCH] mm: copy less", person=2, minute=41,
             body=f"What about this?\n{DIFF}"),
        mail("w6", to="d", subject="Re: [PATCH] mm: copy less", person=3, minute=42,
             body=WARNING.format("pin_user_pages()")),
        mail("r", subject="[REGRESSION] pinned pages", person=3, minute=30 * day, body=REPORT),
    )  # fmt: skip
    for number, one in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(one)
    path = tmp_path / "t.db"
    import_mail(path, [str(folder)], workers=0)
    db = open_write(path)
    ada = Signature("Ada Example", "ada@example.org", "2024-03-05T12:00:00Z", 0)
    body = "Link: https://patch.msgid.link/p@example.org"
    commit = Commit(BAD, "", (), ada, ada, "mm: copy less", body)
    resolved = Resolved(BAD, "found", "/git/x", commit, (), "yes", "v6.9", "v6.9-rc1")
    CommitStore(db.conn).save(resolved, "2024-06-01T00:00:00Z")
    db.close()
    analyze(path)
    with Archive(path) as archive:
        yield archive.predictions()


def test_outcomes_go_by_the_mechanism_and_denials_predict_nothing(
    predictions: list[Prediction],
) -> None:
    outcomes = {one.message_id: (one.outcome, one.regression) for one in predictions}
    assert outcomes == {
        "w1@example.org": ("came true", "r@example.org"),
        "w2@example.org": ("another way", "r@example.org"),
        "w4@example.org": ("cannot be told", None),
        "w5@example.org": ("cannot be told", None),  # of patch 2, which never came in
        "w6@example.org": ("cannot be told", None),  # of the diff, or of the patch
    }


def test_a_warning_below_another_diff_may_be_of_that(predictions: list[Prediction]) -> None:
    [below] = [one for one in predictions if one.message_id == "w6@example.org"]
    assert "d@example.org" in below.why


def test_a_prediction_says_about_which_commit_and_by_what(predictions: list[Prediction]) -> None:
    first = predictions[0]
    assert (first.message_id, first.person, first.target) == ("w1@example.org", "Bo Sample", BAD)
    assert "gup-pin" in first.mechanisms
    text = WARNING.format("pin_user_pages()")
    assert "will break" in text[first.start : first.stop]


def test_a_prediction_is_short_as_a_line_and_draws_itself(predictions: list[Prediction]) -> None:
    assert repr(predictions[0]).startswith("<Prediction came true: Bo Sample 2024-03-01, ")
    assert "came true" in predictions[0]._repr_html_()

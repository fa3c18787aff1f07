"""Facts of commits that come in because a patch here became one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.mails import mail, mbox
from threadkit.commits.facts import CommitFact
from threadkit.commits.values import Commit, Signature
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages import facts

SHA = "5c0ffee" + "1" * 33
DIFF = "\n---\n--- a/mm/a.c\n+++ b/mm/a.c\n@@ -1 +1 @@\n-one\n+two\n"
ADA = Signature("Ada Example", "ada@example.org", "2024-03-01T09:00:00Z", 0)
BO = Signature("Bo Sample", "bo@example.org", "2024-03-09T09:00:00Z", 0)


@pytest.fixture
def one_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Commit(SHA, "", (), ADA, BO, "mm: count what is reused", "", None)
    fact = CommitFact(commit, "v6.9-rc1", "yes", (), "made up")
    monkeypatch.setattr(facts, "_facts", lambda conn: [fact])


def test_a_placeholder_is_no_commit_of_the_sample(tmp_path: Path) -> None:
    box = tmp_path / "a.mbox"
    body = "#regzbot introduced: 0123456789ab\n\nIt is broken.\n"
    box.write_bytes(mbox([mail("r", subject="[REGRESSION] no sound", body=body)]))
    db = tmp_path / "t.db"
    import_mail(db, [str(box)], workers=0)
    analyze(db)
    with Archive(db) as archive:
        [one] = archive.regressions()
        assert one.culprit is not None
        assert (one.title, one.culprit.sha) == ("no sound", None)
    report = mail("report-1", body=body).replace(b"report-1@", b"report-1@lab.")
    box.write_bytes(mbox([report]))
    import_mail(db, [str(box)], workers=0)
    analyze(db)
    with Archive(db) as archive:
        assert all(one.culprit and one.culprit.sha for one in archive.regressions())


@pytest.mark.usefixtures("one_fact")
@pytest.mark.parametrize(
    ("subject", "person", "comes"),
    [
        ("[PATCH v2] mm: count what is reused", 0, True),
        ("[PATCH] mm: count what is reused", 2, False),
        ("[PATCH] mm: count what is used", 0, False),
    ],
)
def test_what_a_patch_became_comes_in(
    tmp_path: Path, subject: str, person: int, *, comes: bool
) -> None:
    box = tmp_path / "a.mbox"
    box.write_bytes(mbox([mail("first", subject="Hello")]))
    db = tmp_path / "t.db"
    import_mail(db, [str(box)], workers=0)
    analyze(db)
    box.write_bytes(mbox([mail("p", subject=subject, person=person, body=f"It counts.\n{DIFF}")]))
    import_mail(db, [str(box)], workers=0)
    analyze(db)
    with Archive(db) as archive:
        [one] = archive.series()
    assert one.facts.fate == ("merged" if comes else "unknown")
    assert one.facts.sha == (SHA if comes else None)

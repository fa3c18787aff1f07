"""Regressions from mails that come one after the other: nothing stays as it was before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.mails import mail, mbox
from threadkit.analyze.regressions.regression import Regression
from threadkit.commits.values import Commit, Resolved, Signature
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write

BAD, FIX = "1bad" * 10, "f1c5" * 10
QUESTION = mail("rep", subject="Sound on my laptop?", body="How do I turn it up?\n", person=1)
CLOSING = (
    f'Set it up first.\n\nFixes: {BAD[:12]} ("alsa: rework")\n'
    "Reported-by: Bo Sample <bo@example.org>\n"
    "Closes: https://lore.kernel.org/all/rep@example.org/\n"
)
DIFF = "---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-old\n+new\n"
COMMAND = mail("c", to="rep", body=f"Thanks.\n\n#regzbot ^introduced: {BAD[:12]}\n", minute=9)
PATCH = mail("p", subject="[PATCH] alsa: mend", body=CLOSING + DIFF, person=2, minute=99)


def bring(path: Path, *mails: bytes) -> list[Regression]:
    """Import mails into a database, and return all its regressions."""
    if mails:
        box = path.with_suffix(".mbox")
        box.write_bytes(mbox(mails))
        import_mail(path, [str(box)], workers=0)
    analyze(path)
    with Archive(path) as archive:
        return list(archive.regressions())


def store(path: Path, sha: str, subject: str, body: str) -> None:
    """Store a commit, as a fetch would."""
    db = open_write(path)
    who = Signature("Di Instance", "di@example.org", "2024-04-01T12:00:00Z", 0)
    commit = Commit(sha, "", (), who, who, subject, body)
    resolved = Resolved(sha, "found", "/git/x", commit, (), "yes", "v6.9", "v6.9-rc1")
    CommitStore(db.conn).save(resolved, "2024-06-01T00:00:00Z")
    db.close()


@pytest.mark.parametrize("naming", [COMMAND, PATCH])
def test_a_report_that_comes_after_what_names_it_is_here(tmp_path: Path, naming: bytes) -> None:
    [before] = bring(tmp_path / "t.db", naming)
    assert [(one.message_id, one.here) for one in before.reports] == [("rep@example.org", False)]
    [after] = bring(tmp_path / "t.db", QUESTION)
    [report] = after.reports
    assert (report.here, report.person, report.subject) == (
        True, "Bo Sample", "Sound on my laptop?",
    )  # fmt: skip
    assert after.reported_utc == "2024-03-01T09:00:00Z"


def test_a_report_that_a_commit_closes_is_here_though_nothing_was_found_in_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.db"
    assert bring(path, QUESTION) == []
    store(path, FIX, "alsa: mend", CLOSING.strip())
    [one] = bring(path)
    assert [(report.person, report.here) for report in one.reports] == [("Bo Sample", True)]
    assert one.reported_utc == "2024-03-01T09:00:00Z"


def test_who_reports_written_down_regressions_is_told_by_each_mail_and_as_one_person(
    tmp_path: Path,
) -> None:
    """Two reports of 2020 and 2021, as stand-ins for the mails that the shipped facts name."""
    path = tmp_path / "t.db"
    cites = mail("c", body="See 6ce64428d620 and 29a951dfb3c3.\n")
    [before] = [one for one in bring(path, cites) if "6ce64428d620" in str(one.fixes)]
    assert [one.here for one in before.reports] == [False, False]
    assert before.reports[0].utc
    assert before.reports[1].utc is None
    named = before.reports[1].message_id
    late = mail("x", person=3, minute=77).replace(b"x@example.org", named.encode())
    [after] = [one for one in bring(path, late) if "6ce64428d620" in str(one.fixes)]
    [shown] = [one for one in after.reports if one.here]
    assert (shown.message_id, shown.person, shown.utc) == (
        named, "Di Instance", "2024-03-01T10:17:00Z",
    )  # fmt: skip
    assert not [one for one in after.reporters if "," in one]


def test_who_reports_through_a_bug_tracker_is_named_with_the_tracker(tmp_path: Path) -> None:
    text = (
        "https://bugs.example.org/show_bug.cgi?id=7\n\n"
        "           Reporter: mia@example.org\n\n"
        f"My sound worked in 6.7 and is broken in 6.8. I bisected it to commit {BAD[:12]}.\n"
    )
    first = mail("b", subject="[Bug 7] New: no sound", body=text, person=3)
    comment = "--- Comment #1 from Pat Example (pat@example.org) ---\nMy sound is broken, too.\n"
    second = mail("d", to="b", subject="[Bug 7] no sound", body=comment, person=3, minute=9)
    [one] = bring(tmp_path / "t.db", first, second)
    assert one.reporters[0] == "mia@example.org (by Di Instance)"
    assert not [who for who in one.reporters if who.startswith(("Di ", "di@"))]
    assert one.bisectors == ("mia@example.org",)

"""From mail to series: what is stored, what an archive shows, what changes it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.pipeline.mails import mail, mbox
from threadkit.errors import Ambiguous, NotFound
from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail

LINES = [f"\tstep{n}();" for n in range(12)]
SHA = "0123456789abcdef0123456789abcdef01234567"


def patch(lines: list[str], path: str = "mm/memory.c", why: str = "Why.\n") -> str:
    added = "".join(f"+{line}\n" for line in lines)
    return (
        f"{why}\nSigned-off-by: Ada Example <ada@example.org>\n---\n {path} | {len(lines)} +\n"
        f" 1 file changed, {len(lines)} insertions(+)\n\n"
        f"diff --git a/{path} b/{path}\nindex 1111111..2222222 100644\n--- a/{path}\n+++ b/{path}\n"
        f"@@ -1,2 +1,{len(lines) + 2} @@ int f(void)\n {{\n{added} }}\n-- \n2.28.0\n"
    )


def two_versions() -> list[bytes]:
    """A series in two versions, with a reroll between them and a reply that applies it."""
    return [
        mail("c1", subject="[PATCH 0/2] mm: share less", body="What it is for.\n"),
        mail("p11", to="c1", subject="[PATCH 1/2] mm: one", body=patch(LINES), minute=1),
        mail("p12", to="c1", subject="[PATCH 2/2] mm: two", body=patch(LINES[:4], "mm/ksm.c"), minute=2),
        mail("r1", to="p12", subject="Re: [PATCH 2/2] mm: two", body="Why four?\n", minute=9, person=1),
        mail("p12b", to="r1", subject="[PATCH v1.5 2/2] mm: two",
             body=patch(LINES[:3], "mm/ksm.c"), minute=30),
        mail("c2", subject="[PATCH v2 0/2] mm: share less", minute=3000,
             body="v1: https://lore.kernel.org/r/c1@example.org\n"),
        mail("p21", to="c2", subject="[PATCH v2 1/2] mm: one", body=patch([*LINES, "\tmore();"]), minute=3001),
        mail("p22", to="c2", subject="[PATCH v2 2/2] mm: two", body=patch(LINES[:3], "mm/ksm.c"), minute=3002),
        mail("r2", to="c2", subject="Re: [PATCH v2 0/2] mm: share less", minute=4000, person=2,
             body="> What it is for.\n\nApplied to mm/next, thanks.\n"),
        mail("talk", subject="How pages are shared", minute=5000, person=3,
             body="See https://lore.kernel.org/all/p21@example.org/ for how.\n"),
    ]  # fmt: skip


def archive_of(folder: Path, mails: list[bytes]) -> Archive:
    box = folder / "in.mbox"
    box.write_bytes(mbox(mails))
    import_mail(folder / "t.db", [str(box)], workers=0)
    analyze(folder / "t.db")
    return Archive(folder / "t.db")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    with archive_of(tmp_path, two_versions()) as archive:
        yield archive


def test_versions_rerolls_and_what_became_of_them(archive):
    (one,) = archive.series()
    facts = [
        (r.facts.label, r.facts.kind, r.count, r.facts.rule, r.facts.fate) for r in one.revisions
    ]
    assert facts == [
        ("v1", "posting", 2, "first", "superseded"),
        ("v1.5", "reroll", 1, "in reply to", "unknown"),
        ("v2", "posting", 2, "link with its number", "applied"),
    ]
    assert (one.facts.key, one.facts.title, one.facts.author) == (
        "c1@example.org", "mm: share less", "Ada Example",
    )  # fmt: skip
    assert one.facts.why == "to mm/next by Cy Specimen on 2024-03-04"


def test_the_fate_points_at_the_words(archive):
    (one,) = archive.series()
    facts = one.revisions[-1].facts
    body = archive.message(facts.fate_message_id).body
    assert body[facts.fate_start : facts.fate_stop] == "Applied to mm/next, thanks."


def test_conversations_of_one_change(archive):
    (one,) = archive.series()
    assert [(talk.root, talk.how) for talk in one.conversations] == [
        ("c1@example.org", "posting"), ("c2@example.org", "posting"), ("talk@example.org", "links"),
    ]  # fmt: skip


def test_series_are_found_by_any_mail_of_a_conversation(archive):
    assert archive.one_series("p12b@").facts.key == "c1@example.org"
    assert archive.one_series("r2@").facts.key == "c1@example.org"
    assert len(archive.series("r1@")) == 1
    assert len(archive.series("talk@")) == 0
    with pytest.raises(NotFound, match="no such patch"):
        archive.one_series("talk@")
    with pytest.raises(NotFound):
        archive.series("nowhere@")


def test_two_series_in_one_conversation_are_ambiguous(tmp_path):
    mails = [
        mail("bug", subject="It broke", body="Since today.\n"),
        mail("a", to="bug", subject="[PATCH] mm: repair it", body=patch(LINES), minute=1),
        mail("b", to="bug", subject="[PATCH] net: unrelated", body=patch(LINES[:3], "net/x.c"),
             minute=2, person=1),
    ]  # fmt: skip
    with archive_of(tmp_path, mails) as archive:
        assert len(archive.series("bug@")) == 2
        with pytest.raises(Ambiguous):
            archive.one_series("bug@")
        assert archive.one_series("b@").facts.title == "net: unrelated"


def test_the_range_diff_of_the_last_two_versions(archive):
    diff = archive.one_series("c1@").range_diff()
    assert (diff.old.facts.label, diff.new.facts.label) == ("v1", "v2")
    assert [pair.mark for pair in diff.pairs] == ["!", "!"]
    assert "    ++\tmore();" in str(diff).splitlines()
    assert repr(diff) == "<RangeDiff v1..v2 !!>"
    assert "v1 to v2" in diff._repr_html_()


def test_revisions_are_named_as_people_name_them(archive):
    one = archive.one_series("c1@")
    assert one.revision("2") is one.revision("V2") is one.revisions[2]
    assert one.revision("1") is one.revisions[0]
    assert one.revision("v1.5") is one.revision("<p12b@example.org>") is one.revisions[1]
    assert [pair.mark for pair in one.range_diff("v1.5", "v2").pairs] == [">", "="]
    with pytest.raises(NotFound, match="no such revision"):
        one.revision("v7")
    with pytest.raises(NotFound, match="before v1"):
        one.range_diff(None, "v1")


def test_a_label_that_was_posted_twice_is_not_chosen_for_the_reader(tmp_path):
    first = mail("first", subject="[PATCH] mm: reuse a page of one user", body=patch(["a();"]))
    why = "Previous version: https://lore.kernel.org/r/first@example.org\n"
    again = mail("again", subject="[PATCH] mm: reuse pages", minute=2000,
                 body=patch(["a();", "b();"], why=why))  # fmt: skip
    with archive_of(tmp_path, [first, again]) as archive:
        one = archive.one_series("first@")
        assert [revision.facts.label for revision in one.revisions] == ["v1", "v1"]
        with pytest.raises(Ambiguous, match=r"(?s)v1 of 2024.*<first@.*<again@"):
            one.revision("v1")
        assert one.revision("again@example.org") is one.revisions[1]


def test_a_version_of_which_only_the_cover_letter_is_here(tmp_path):
    kept = [one for one in two_versions() if b"<p11@" not in one and b"<p12@" not in one]
    with archive_of(tmp_path, kept) as archive:
        one = archive.one_series("c1@")
        assert one.revision("v1").missing == (1, 2)
        with pytest.raises(NotFound, match="a patch of v1: no such mail here"):
            one.range_diff("v1", "v2")


def test_the_order_of_import_does_not_matter(tmp_path, archive):
    mails = two_versions()
    Random(5).shuffle(mails)
    folder = tmp_path / "other"
    folder.mkdir()
    with archive_of(folder, mails) as other:
        assert [one.as_json() for one in other.series()] == [
            one.as_json() for one in archive.series()
        ]


def test_a_commit_says_more_than_a_mail(tmp_path, archive):
    archive.close()
    from threadkit.store.connection import open_write

    db = open_write(tmp_path / "t.db")
    with db.conn as conn:
        for name, sha in (("p21", SHA), ("p22", SHA[::-1])):
            conn.execute(
                "INSERT INTO git_commit (sha, subject, body, author_name, author_email,"
                " committer_name, committer_email, tree, is_merge, release, mainline,"
                " checked_against, origin, resolved_utc) VALUES (?, 'mm: one', '', '', '', '', '',"
                " '', 0, 'v6.9', 'yes', '', '', '')",
                (sha,),
            )
            conn.execute(
                "INSERT INTO commit_mail VALUES (?, ?, 'becomes', 'Link', 1.0, '', 1)",
                (sha, f"{name}@example.org"),
            )
    db.close()
    analyze(tmp_path / "t.db", only=("series",))
    (one,) = archive.series()
    assert (one.facts.fate, one.facts.release, one.facts.score) == ("merged", "v6.9", 1.0)
    shas = {patch.message_id: patch.sha for patch in one.revisions[-1].patches}
    assert shas == {"c2@example.org": None, "p21@example.org": SHA, "p22@example.org": SHA[::-1]}


def test_mail_that_comes_later_joins_what_is_there(tmp_path):
    mails = two_versions()
    with archive_of(tmp_path, mails[5:]) as archive:
        (one,) = archive.series()
        assert one.absent == (1,)
        archive.close()
        more = tmp_path / "more.mbox"
        more.write_bytes(mbox(mails[:5]))
        import_mail(tmp_path / "t.db", [str(more)], workers=0)
        analyze(tmp_path / "t.db")
        (one,) = archive.series()
        assert [r.facts.label for r in one.revisions] == ["v1", "v1.5", "v2"]


def test_the_mm_tree_names_a_patch_by_its_title(tmp_path):
    added = mail("mm", subject="+ mm-repair.patch added to -mm tree", minute=60, body=(
        "\nThe patch titled\n     Subject: mm: repair it\nhas been added to the -mm tree."
        "  Its filename is\n     mm-repair.patch\n"))  # fmt: skip
    added = added.replace(
        b"Ada Example <ada@example.org>", b"A Keeper <akpm@linux-foundation.org>", 1
    )
    mails = [mail("a", subject="[PATCH] mm: repair it", body=patch(LINES)), added]
    with archive_of(tmp_path, mails) as archive:
        (one,) = archive.series()
        assert (one.facts.fate, one.facts.rule) == ("applied", "mm")
        assert one.facts.why == "to -mm by A Keeper on 2024-03-01"


def test_the_mm_tree_does_not_say_whose_patch_of_two(tmp_path):
    added = mail(
        "mm",
        subject="+ mm-repair.patch added to -mm tree",
        minute=60,
        body=("\nThe patch titled\n     Subject: mm: repair it\nhas been added to the -mm tree.\n"),
    )
    added = added.replace(
        b"Ada Example <ada@example.org>", b"A Keeper <akpm@linux-foundation.org>", 1
    )
    mails = [mail("a", subject="[PATCH] mm: repair it", body=patch(LINES)), added,
             mail("b", subject="[PATCH] mm: repair it", body=patch(LINES[:2]), person=1)]  # fmt: skip
    with archive_of(tmp_path, mails) as archive:
        assert [one.facts.fate for one in archive.series()] == ["unknown", "unknown"]


def test_what_a_notebook_shows(archive):
    found = archive.series()
    assert repr(found) == "<SeriesList 1 series, 1 applied>"
    assert repr(found[0]) == "<PatchSeries 'mm: share less' 3 postings, applied>"
    assert repr(found[0].revisions[0]) == "<PostedRevision v1 2/2>"
    assert "mm: share less" in found._repr_html_()
    assert "superseded" in found[0]._repr_html_()
    assert list(found[:1]) == list(found)


def test_the_author_is_not_the_list_that_sends_for_them(tmp_path):
    raw = mail("via", subject="[PATCH] mm: share less", body=patch(["a();"]),
               extra="Reply-To: Ada Example <ada@example.org>")  # fmt: skip
    relayed = raw.replace(
        b"From: Ada Example <ada@example.org>", b"From: 'Ada Example' via Talk <talk@example.org>"
    )
    with archive_of(tmp_path, [relayed]) as archive:
        [one] = archive.series()
    assert (one.facts.author, one.facts.email) == ("Ada Example", "ada@example.org")

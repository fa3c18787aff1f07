"""Which commits and patches are fixes, and what became of them."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.analyze.regressions.made import (
    BAD,
    CULPRIT,
    FIX,
    SECOND_FIX,
    STABLE_FIX,
    command,
    commit,
    mail,
    patch,
    report,
    said,
)
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.commit_names import CommitNames
from threadkit.analyze.regressions.facts import CommitFacts, MailLink, MailSignals
from threadkit.analyze.regressions.fixes import known
from threadkit.analyze.regressions.regression import Regression

A = report("a", 10, culprit=BAD[:12])
CLOSES = (("fixes", BAD[:12]), ("closes", "a@example.org"))
MENDS = commit(FIX, 20, *CLOSES)
REVERT = commit(SECOND_FIX, 25, ("reverts", FIX), subject='Revert "alsa: mend it"')


def one(
    mails: list[MailSignals], *commits: CommitFacts, links: tuple[MailLink, ...] = ()
) -> Regression:
    [found] = assemble(mails, commits, links)
    return found


def test_a_fix_applied_anew_under_its_old_title_fixes() -> None:
    assert one([A], CULPRIT, MENDS, REVERT).state == "open"
    found = one([A], CULPRIT, MENDS, REVERT, commit(STABLE_FIX, 30, *CLOSES))
    assert (found.state, found.why) == (
        "fixed",
        f"fixed by {STABLE_FIX[:12]} (v6.9-rc1) (not tracked)",
    )
    assert [(fix.sha, fix.status) for fix in found.fixes] == [
        (STABLE_FIX, "merged"), (FIX, "undone"),
    ]  # fmt: skip
    states = [each.state for each in found.events if each.kind in ("merged", "undone")]
    assert states == ["fixed", "open", "fixed"]


def test_a_revert_that_was_reverted_undoes_nothing() -> None:
    again = commit(STABLE_FIX, 30, ("reverts", SECOND_FIX), subject='Reapply "alsa: mend it"')
    found = one([A], CULPRIT, MENDS, REVERT, again)
    assert (found.state, found.fixes[0].status) == ("fixed", "merged")
    [note] = [each for each in found.events if each.sha == SECOND_FIX]
    assert (note.kind, note.detail) == ("note", "reverted the fix, and was reverted")


def test_reverts_of_any_number_and_in_a_ring_end() -> None:
    shas = [f"{number:x}".rjust(8, "0") + "0" * 32 for number in range(1, 3001)]
    reverts = [
        commit(sha, 30, ("reverts", before), subject=f"revert {sha[:8]}")
        for before, sha in zip([FIX, *shas], shas, strict=False)
    ]
    assert one([A], CULPRIT, MENDS, *reverts).state == "fixed"  # an even number
    assert one([A], CULPRIT, MENDS, *reverts[:-1]).state == "open"
    ring = commit(FIX, 20, *CLOSES, ("reverts", SECOND_FIX))
    assert len(assemble([A], [CULPRIT, ring, REVERT])) == 1


@pytest.mark.parametrize(
    ("mainline", "state", "words"),
    [
        ("yes", "open", "was reverted by"),
        ("no", "fixed", "fixed by"),
        ("not checked", "fixed", "reverts it, in what tree is not checked"),
    ],
)
def test_a_revert_counts_in_the_tree_of_the_fix(mainline: str, state: str, words: str) -> None:
    revert = commit(SECOND_FIX, 25, ("reverts", FIX), mainline=mainline, release="v6.9.3")
    found = one([A], CULPRIT, MENDS, revert)
    assert found.state == state
    assert words in found.why


def test_of_two_fixes_one_undone_the_other_still_counts() -> None:
    second = commit(STABLE_FIX, 22, *CLOSES, subject="alsa: mend the rest")
    assert one([A], CULPRIT, MENDS, second, REVERT).state == "fixed"


def test_a_fix_of_another_stable_branch_is_named_and_fixes_nothing() -> None:
    cause = commit(BAD, 1, mainline="no", release="v6.6.10")
    other = commit(FIX, 20, *CLOSES, mainline="no", release="v6.7.9")
    found = one([A], cause, other)
    why = f"the fix {FIX[:12]} is in v6.7.9 only, not in that of the culprit"
    assert (found.state, found.why, found.fixes[0].status) == ("open", why, "committed")
    same = commit(FIX, 20, *CLOSES, mainline="no", release="v6.6.11")
    assert one([A], cause, same).state == "fixed"


def test_a_commit_of_long_before_the_report_does_not_mean_it() -> None:
    late = report("a", 310, culprit=BAD[:12])
    found = one([late], CULPRIT, MENDS)
    assert (found.state, found.fixes[0].closes) == ("open", False)


def test_what_is_older_than_the_culprit_does_not_fix_what_that_broke() -> None:
    cause = commit(BAD, 5)
    older = commit(FIX, 2, subject="alsa: older")  # the same release
    heard = mail("h", 12, said("fix", FIX[:12], "commit", score=0.8), to="a", who="mo")
    found = one([A, heard], cause, older)
    assert (found.state, found.fixes) == ("open", ())
    assert one([A, heard], cause, commit(FIX, 11, subject="alsa: newer")).state == "fixed"


def test_a_mail_that_became_several_commits_is_the_best_or_none() -> None:
    posted = patch("p", 12, to="a", closes="a", subject="[PATCH] alsa: mend p")
    commits = [
        CULPRIT,
        commit(FIX, 20, subject="alsa: x"),
        commit(SECOND_FIX, 21, subject="alsa: y"),
    ]
    best = MailLink("p@example.org", FIX, "becomes", "Link", 1.0)
    worse = MailLink("p@example.org", SECOND_FIX, "becomes", "subject+author", 0.85)
    equal = MailLink("p@example.org", SECOND_FIX, "becomes", "Link", 1.0)
    for links in permutations((best, worse)):
        assert one([A, posted], *commits, links=links).fixes[0].sha == FIX
    for links in permutations((best, equal)):
        found = one([A, posted], *commits, links=links)
        assert (found.state, found.fixes[0].sha) == ("open", None)
        notes = {each.value for each in found.events if "2 commits could be it" in each.detail}
        assert notes == {FIX, SECOND_FIX}


def test_of_equal_links_that_into_the_mainline_counts() -> None:
    links = [MailLink("p@example.org", sha, "becomes") for sha in (STABLE_FIX, FIX)]
    commits = [commit(FIX, 20), commit(STABLE_FIX, 21, mainline="no", release="v6.8.2")]
    looked = known(commits, CommitNames([FIX, STABLE_FIX]), links, {})
    assert (looked.became, looked.undecided) == ({"p@example.org": FIX}, {})


def test_a_title_is_found_however_its_quotes_are_written() -> None:
    tracked = mail("t", 11, command("introduced", f"{BAD[:12]} ^"), to="a", who="tom")
    named = mail("f", 12, command("fix", "snd: don\u2019t \u201close\u201d it"), to="t", who="tom")
    mended = commit(FIX, 20, subject='snd: don\'t "lose" it')
    found = one([A, tracked, named], CULPRIT, mended)
    assert (found.state, found.fixes[0].sha) == ("fixed", FIX)


def test_a_title_that_two_commits_bear_names_both_or_the_one_that_is_in_the_tree() -> None:
    tracked = mail("t", 11, command("introduced", f"{BAD[:12]} ^"), to="a", who="tom")
    named = mail("f", 12, command("fix", "alsa: mend it"), to="t", who="tom")
    two = [commit(FIX, 20), commit(SECOND_FIX, 21)]
    found = one([A, tracked, named], CULPRIT, *two)
    assert (found.state, found.fixes[0].sha) == ("to_be_fixed", None)
    notes = {each.value for each in found.events if "2 commits could be it" in each.detail}
    assert notes == {FIX, SECOND_FIX}
    two[1] = commit(SECOND_FIX, 21, mainline="no", release="v6.8.2")
    assert one([A, tracked, named], CULPRIT, *two).fixes[0].sha == FIX


def test_the_merged_fix_comes_first_and_is_the_mail_that_became_it() -> None:
    first = patch("p1", 12, to="a", closes="a", subject="[PATCH] alsa: try it")
    older = patch("p2", 13, to="a", closes="a", subject="[PATCH v2] alsa: mend it")
    last = patch("p3", 14, to="a", closes="a", subject="[PATCH v3] alsa: mend it")
    links = (MailLink("p3@example.org", FIX, "becomes"),)
    found = one([A, first, older, last], CULPRIT, MENDS, links=links)
    assert [(fix.status, fix.message_id) for fix in found.fixes] == [
        ("merged", "p3@example.org"), ("proposed", "p1@example.org"),
    ]  # fmt: skip
    assert found.fixes[0].posted_utc == older.date_utc


def test_what_is_known_of_a_commit_points_at_the_trailer_that_says_it() -> None:
    found = one([A, mail("q", 11, to="a")], CULPRIT, MENDS)
    [merged] = [each for each in found.events if each.kind == "merged"]
    assert (merged.start, merged.stop) == (0, 0)
    noted = commit(SECOND_FIX, 22, ("discusses", "n@example.org"), ("fixes", BAD[:12]), subject="z")
    [event] = [each for each in one([A], CULPRIT, noted).events if each.kind == "note"]
    assert (event.start, event.stop) == (10, 19)


def test_two_commits_that_close_one_report_mean_both_their_causes() -> None:
    other = "2bad" * 10
    second = commit(SECOND_FIX, 22, ("fixes", other[:12]), ("closes", "a@example.org"), subject="z")
    found = one([A], MENDS, second)
    assert {each.name for each in found.culprits} == {BAD[:12], other[:12]}
    assert len(found.causes) == 2
    # What mends the first fix does not make that the cause of what it fixed.
    repair = commit(SECOND_FIX, 22, ("fixes", FIX[:12]), ("closes", "a@example.org"), subject="z")
    assert [each.name for each in one([A], MENDS, repair).culprits] == [BAD[:12]]

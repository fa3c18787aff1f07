"""What became of revisions and series, from commits, announcements and newer revisions."""

from __future__ import annotations

from tests.analyze.series.histories import posting
from threadkit.analyze.series.announcements import Announcement
from threadkit.analyze.series.fates import Became, Said, fates, merged_patches
from threadkit.analyze.series.linking import link
from threadkit.analyze.series.revisions import group
from threadkit.analyze.series.values import Series

SHA = "0123456789abcdef0123456789abcdef01234567"


def series(versions: int = 2, patches: int = 2) -> Series:
    mails = []
    for version in range(1, versions + 1):
        name, day = f"c{version}", f"2020-09-{version * 3:02}T09:00:0"
        bracket = f"PATCH v{version}"
        mails.append(
            posting(version * 10, f"[{bracket} 0/{patches}] mm: pages", utc=f"{day}0Z", name=name)
        )
        mails += [
            posting(version * 10 + n, f"[{bracket} {n}/{patches}] mm: part {n}", utc=f"{day}{n}Z", parent=name)
            for n in range(1, patches + 1)
        ]  # fmt: skip
    (one,) = link(group(mails))
    return one


def became(
    sha: str = SHA, rule: str = "Link", score: float = 1.0, release: str = "v5.10"
) -> Became:
    return Became(
        sha, release, "yes" if release else "not checked", "2020-10-01T00:00:00Z", rule, score
    )


def said(kind="applied", *, day: int = 8, person: str = "2", rule: str = "", **more) -> Said:
    direct = more.pop("direct", True)
    one = Announcement(kind, rule or kind, 0.9, 0, 8, **more)
    return Said(
        one, f"r{day}@example.org", person, "Bob Sample", f"2020-09-{day:02}T12:00:00Z", direct
    )


def outcomes(one: Series, commits=(), words=()):
    found, whole = fates(one, dict(commits), {n: list(some) for n, some in dict(words).items()})
    return [fate.outcome for fate in found], whole


def test_silence_is_unknown_and_a_newer_revision_supersedes():
    each, whole = outcomes(series())
    assert each == ["superseded", "unknown"]
    assert (whole.outcome, whole.score) == ("unknown", 0.0)


def test_all_patches_that_became_commits_are_merged():
    commits = {21: became(), 22: became("f" * 40)}
    each, whole = outcomes(series(), commits)
    assert each == ["superseded", "merged"]
    assert (whole.outcome, whole.release) == ("merged", "v5.10")
    assert whole.why == "ffffffffffff in v5.10, found by Link"


def test_one_of_two_is_partly_merged():
    each, whole = outcomes(series(), {21: became(release="")})
    assert each[1] == "partly merged"
    assert whole.why == (
        "1 of 2 patches: 0123456789ab (mainline not checked), found by Link; no commit known of 2/2"
    )


def test_patches_that_are_not_here_are_not_merged():
    cover = posting(1, "[PATCH 0/3] mm: pages", name="c")
    one = posting(2, "[PATCH 1/3] mm: a", parent="c")
    (found,) = link(group([cover, one]))
    assert outcomes(found, {2: became()})[1].why.startswith("1 of 3 patches")


def test_an_unchanged_patch_became_the_commit_in_its_newest_revision():
    weak, sure = became(rule="patch-id", score=0.9), became()
    both = {11: [weak], 21: [weak]}
    assert set(merged_patches(series(), both)) == {21}
    assert set(merged_patches(series(), {11: [sure], 21: [weak]})) == {11}


def test_applied_to_the_cover_letter_is_the_whole():
    each, whole = outcomes(series(), words={20: [said(where="mm-next")]})
    assert each == ["superseded", "applied"]
    assert whole.why == "to mm-next by Bob Sample on 2020-09-08"
    assert (whole.message_id, whole.start, whole.stop) == ("r8@example.org", 0, 8)


def test_applied_to_one_patch_is_a_part():
    assert outcomes(series(), words={21: [said()]})[1].outcome == "partly applied"
    assert outcomes(series(), words={21: [said(whole=True)]})[1].outcome == "applied"
    assert outcomes(series(), words={21: [said()], 22: [said(day=9)]})[1].outcome == "applied"


def test_the_last_word_counts():
    words = {20: [said("dropped", day=9), said(day=8)]}
    assert outcomes(series(), words=words)[1].outcome == "dropped"
    words = {20: [said("dropped", day=8), said(day=9)]}
    assert outcomes(series(), words={20: [said(day=7), *words[20]]})[1].outcome == "applied"


def test_only_who_can_drop_it_drops_it():
    assert outcomes(series(), words={20: [said("dropped", person="3")]})[1].outcome == "unknown"
    assert outcomes(series(), words={20: [said("dropped", person="1")]})[1].outcome == "dropped"
    withdrawn = said("dropped", rule="withdrawn", person="2")
    assert outcomes(series(), words={20: [withdrawn]})[1].outcome == "unknown"


def test_authors_apply_to_try_unless_they_name_a_tree():
    assert outcomes(series(), words={20: [said(person="1")]})[1].outcome == "unknown"
    assert outcomes(series(), words={20: [said(person="1", where="next")]})[1].outcome == "applied"


def test_who_applied_an_earlier_revision_may_drop_a_later_one():
    words = {10: [said(day=4)], 20: [said("dropped", day=8)]}
    each, whole = outcomes(series(), words=words)
    assert each == ["superseded", "dropped"]
    assert whole.outcome == "dropped"


def test_what_came_before_a_newer_revision_is_told():
    found, _ = fates(series(), {}, {10: [said(day=4)]})
    assert found[0].why == ("by v2 of 2020-09-06; before that applied by Bob Sample on 2020-09-04")


def test_an_old_revision_applied_after_the_newest_came():
    each, whole = outcomes(series(), words={10: [said(day=20)]})
    assert each == ["applied", "unknown"]
    assert whole.outcome == "applied"


def test_words_deeper_in_the_thread_weigh_less():
    near = outcomes(series(), words={20: [said()]})[1]
    deep = outcomes(series(), words={20: [said(direct=False)]})[1]
    assert near.score > deep.score > 0.5


def test_what_was_applied_bears_the_commits_that_the_mail_lists():
    one = said(whole=True, commits=((1, "a1" * 20), (2, "b2" * 20)))
    whole = outcomes(series(), words={20: [one]})[1]
    assert (whole.outcome, whole.sha) == ("applied", "b2" * 20)
    assert whole.why.startswith("as b2b2b2b2b2b2 by Bob Sample")


def test_a_patch_that_the_list_has_no_commit_of_is_not_applied():
    one = said(whole=True, commits=((1, ""), (2, "b2" * 20)))
    whole = outcomes(series(), words={20: [one]})[1]
    assert (whole.outcome, whole.sha) == ("partly applied", "b2" * 20)

"""Single mails become revisions: every shape in which people post patches."""

from __future__ import annotations

import pytest

from tests.analyze.series.histories import posting
from threadkit.analyze.series.linking import link
from threadkit.analyze.series.revisions import family, group
from threadkit.analyze.series.values import is_posting, numbering


def at(minute: int) -> str:
    return f"2020-09-01T{9 + minute // 60:02}:{minute % 60:02}:00Z"


def shapes(*mails) -> list[tuple[str, list[int], tuple[int, ...]]]:
    return [(r.label, sorted(r.patches), r.missing) for r in group(mails)]


def test_patches_below_their_cover_letter():
    assert shapes(
        posting(1, "[PATCH 0/2] all", utc=at(0), name="c"),
        posting(2, "[PATCH 1/2] a", utc=at(1), parent="c"),
        posting(3, "[PATCH 2/2] b", utc=at(2), parent="c"),
    ) == [("v1", [0, 1, 2], ())]


def test_a_cover_letter_that_is_not_here():
    assert shapes(
        posting(2, "[PATCH 1/3] a", utc=at(1), parent="#-5"),
        posting(3, "[PATCH 2/3] b", utc=at(2), parent="#-5"),
    ) == [("v1", [1, 2], (3,))]


def test_patches_without_threading_in_one_run_of_a_program():
    names = [f"20200901.77-{n}-ann@example.org" for n in (1, 2, 3)]
    mails = [
        posting(n, f"[PATCH {n}/3] p{n}", name=names[n - 1], utc=at(50 * n)) for n in (1, 2, 3)
    ]
    assert shapes(*mails) == [("v1", [1, 2, 3], ())]


def test_patches_without_threading_sent_within_minutes():
    mails = [posting(n, f"[PATCH {n}/2] p{n}", utc=at(3 * n)) for n in (1, 2)]
    assert shapes(*mails) == [("v1", [1, 2], ())]
    apart = [posting(n, f"[PATCH {n}/2] p{n}", utc=at(90 * n)) for n in (1, 2)]
    assert shapes(*apart) == [("v1", [1], (2,)), ("v1", [2], (1,))]


def test_two_people_at_one_time_are_two_revisions():
    mails = [posting(n, f"[PATCH {n}/2] p{n}", utc=at(n), person=n % 2) for n in (1, 2)]
    assert len(group(mails)) == 2


def test_the_same_number_again_is_another_revision():
    mails = [
        posting(n + 10 * again, f"[PATCH {n}/2] p{n}", utc=at(n + 5 * again))
        for again in (0, 1)
        for n in (1, 2)
    ]
    assert shapes(*mails) == [("v1", [1, 2], ()), ("v1", [1, 2], ())]


def test_a_patch_beyond_the_count_belongs_to_its_cover_letter():
    assert shapes(
        posting(1, "[PATCH 0/1] all", utc=at(0), name="c"),
        posting(2, "[PATCH 1/1] a", utc=at(1), parent="c"),
        posting(3, "[PATCH 2/1] one more", utc=at(700), parent="c"),
    ) == [("v1", [0, 1, 2], ())]


def test_anothers_patch_beyond_the_count_is_its_own():
    mails = [
        posting(1, "[PATCH 0/1] all", utc=at(0), name="c"),
        posting(2, "[PATCH 1/1] a", utc=at(1), parent="c"),
        posting(3, "[PATCH 2/1] one more", utc=at(2), parent="c", person=1),
    ]
    assert shapes(*mails) == [("v1", [0, 1], ()), ("v1", [2], (1,))]


def test_a_new_version_of_one_patch_in_the_old_thread_stands_alone():
    mails = [
        posting(1, "[PATCH 0/2] all", utc=at(0), name="c"),
        posting(2, "[PATCH 1/2] a", utc=at(1), parent="c"),
        posting(3, "[PATCH 2/2] b", utc=at(2), parent="c", name="b"),
        posting(4, "[PATCH v2 2/2] b", utc=at(9), parent="b"),
        posting(5, "[PATCH v2.5 2/2] b", utc=at(10), parent="b"),
    ]
    assert [label for label, _, _ in shapes(*mails)] == ["v1", "v2", "v2.5"]


def test_a_child_dated_before_its_parent_is_placed_all_the_same():
    mails = [
        posting(1, "[PATCH 0/2] all", utc=at(5), name="c"),
        posting(2, "[PATCH 1/2] a", utc=at(1), parent="c"),
        posting(3, "[PATCH 2/2] b", utc="", parent="c"),
    ]
    assert shapes(*mails) == [("v1", [0, 1, 2], ())]


def test_mails_that_answer_each_other_in_a_circle_end():
    mails = [
        posting(1, "[PATCH 1/2] a", name="a", parent="b"),
        posting(2, "[PATCH 2/2] b", name="b", parent="a"),
    ]
    assert sorted(p for r in group(mails) for p in r.patches) == [1, 2]


def test_a_huge_count_lists_only_some_of_what_is_missing():
    (revision,) = group([posting(1, "[PATCH 1/99999] a")])
    assert len(revision.missing) == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1566224813-20129-2-git-send-email-ann@example.org",
         "1566224813-20129-3-git-send-email-ann@example.org"),
        ("cover.1577125789.git.ann@example.org",
         "0b095585b1c3511c1fab42b9c7bf4e018f8faeee.1577125789.git.ann@example.org"),
        ("20230401-topic-v2-0-0123456789ab@example.org",
         "20230401-topic-v2-3-0123456789ab@example.org"),
        ("156821692280.2951081.1803.stgit@example.org",
         "156821692820.2951081.1177.stgit@example.org"),
    ],
)  # fmt: skip
def test_message_ids_of_one_run(one, other):
    assert family(one) == family(other) != ""


def test_brackets_that_name_a_branch_keep_backports_apart():
    assert numbering("[PATCH 5.10 CANDIDATE 01/11] x").target == "5.10 candidate"
    assert numbering("[PATCH AUTOSEL 5.4 01/11] x").target == "autosel 5.4"
    assert numbering("[PATCH v5.15.y] x").target == "v5.15.y"
    assert numbering("[PATCH net-next v2 1/3] x").target == ""


def test_a_report_that_shows_a_diff_is_no_posting():
    assert not is_posting("[BUG] it broke")
    assert is_posting("[PATCH RESEND] x")


def test_what_only_the_second_puts_together_says_so():
    numbers = {"x": (1, 2, 3), "y": (11, 12, 13)}
    mails = [
        posting(number, f"[PATCH {n}/2] {word}{n}")
        for word, some in numbers.items()
        for n, number in enumerate(some)
    ]
    found = group(mails)
    assert [sorted(one.patches) for one in found] == [[0, 1, 2], [0, 1, 2]]
    assert [(one.rule, one.score) for one in found] == [("sent at once with another", 0.5)] * 2
    assert [one.score for one in group(mails[:3])] == [1.0]
    made = link(mails_apart := group(mails))
    assert sum(len(one.revisions) for one in made) == len(mails_apart)
    assert all("sent at once" in r.rule for one in made for r in one.revisions)

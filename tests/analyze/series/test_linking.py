"""Which revisions are one change, by which rule, and which are only candidates."""

from __future__ import annotations

from tests.analyze.series.histories import posting
from threadkit.analyze.series.linking import link
from threadkit.analyze.series.revisions import group
from threadkit.analyze.series.values import Earlier, Series


def day(number: int) -> str:
    return f"20{20 + number // 300}-{1 + number % 300 // 28:02}-{1 + number % 28:02}T09:00:00Z"


def linked(*mails) -> list[Series]:
    return link(group(mails))


def facts(series: Series) -> list[tuple[str, str, str]]:
    return [(r.label, r.kind, r.rule) for r in series.revisions]


def test_one_title_and_a_later_number():
    (one,) = linked(
        posting(1, "[PATCH] mm: reuse a page", utc=day(1)),
        posting(2, "[PATCH v2] mm: reuse a page", utc=day(3)),
    )
    assert facts(one) == [("v1", "posting", "first"), ("v2", "posting", "author and patches")]


def test_another_person_with_the_same_title_is_another_change():
    assert len(linked(
        posting(1, "[PATCH] mm: reuse a page", utc=day(1)),
        posting(2, "[PATCH v2] mm: reuse a page", utc=day(3), person=1),
    )) == 2  # fmt: skip


def test_a_renamed_patch_in_reply_to_the_first():
    (one,) = linked(
        posting(1, "[PATCH] kbuild: treat char as signed", utc=day(1), name="a"),
        posting(2, "[PATCH v2] kbuild: treat char as unsigned", utc=day(1), parent="a", root="a"),
    )
    assert facts(one)[1] == ("v2", "posting", "in reply to")


def test_another_topic_in_reply_is_a_candidate():
    _, two = linked(
        posting(1, "[PATCH] kbuild: signed characters", utc=day(1), name="a", files=["Makefile"]),
        posting(2, "[PATCH v2] net: drop a counter", utc=day(2), parent="a", files=["net/x.c"]),
    )
    assert [(c.earlier, c.rule) for c in two.candidates] == [("a", "in reply to")]


def test_a_change_id_ties_whatever_else_changed():
    (one,) = linked(
        posting(1, "[PATCH] a: one", utc=day(1), change_id="20200101-x", person=0),
        posting(2, "[PATCH v7] b: other words", utc=day(90), change_id="20200101-x", person=1),
    )
    assert one.revisions[1].rule == "change-id"
    assert one.absent == (2, 3, 4, 5, 6)


def test_links_bring_series_together_that_nothing_else_did():
    (one,) = linked(
        posting(1, "[PATCH] a: one", utc=day(1), name="a"),
        posting(2, "[PATCH v2] b: quite another name", utc=day(9), name="b"),
        posting(3, "[PATCH v3] c: the last", utc=day(20),
                cites=[Earlier("a", 1), Earlier("b", 2)]),
    )  # fmt: skip
    assert [r.label for r in one.revisions] == ["v1", "v2", "v3"]
    assert one.revisions[1].rule == "link with its number from a later one"


def test_a_link_that_says_nothing_needs_the_same_patches():
    assert len(linked(
        posting(1, "[PATCH] a: one", utc=day(1), name="a", files=["x.c"]),
        posting(2, "[PATCH v2] b: based on that", utc=day(9), files=["y.c"],
                cites=[Earlier("a", None)]),
    )) == 2  # fmt: skip


def test_two_that_link_one_mail_which_is_not_here():
    (one,) = linked(
        posting(1, "[PATCH v2] a: one", utc=day(1), cites=[Earlier("gone", 1)]),
        posting(2, "[PATCH v3] b: other", utc=day(9), cites=[Earlier("gone", 1)]),
    )
    assert one.revisions[1].rule == "link to the same earlier one"
    assert one.absent == (1,)


def test_an_rfc_may_be_followed_by_a_first_version():
    (one,) = linked(
        posting(1, "[RFC PATCH v3] mm: reuse a page", utc=day(1)),
        posting(2, "[PATCH] mm: reuse a page", utc=day(9)),
    )
    assert [r.label for r in one.revisions] == ["RFC v3", "v1"]
    assert one.revisions[1].kind == "posting"


def test_a_resend_repeats_its_number():
    (one,) = linked(
        posting(1, "[PATCH v2] mm: reuse a page", utc=day(1), patch_id="f00"),
        posting(2, "[PATCH RESEND v2] mm: reuse a page", utc=day(30), patch_id="f00"),
    )
    assert [(r.label, r.kind) for r in one.revisions] == [
        ("v2", "posting"),
        ("v2 RESEND", "resend"),
    ]


def test_a_lower_number_is_another_change():
    assert len(linked(
        posting(1, "[PATCH v4] mm: reuse a page", utc=day(1), files=["x"]),
        posting(2, "[PATCH] mm: reuse a page", utc=day(200), files=["x"]),
    )) == 2  # fmt: skip


def test_a_short_title_posted_again_is_only_a_candidate():
    _, two = linked(
        posting(1, "[PATCH] fix typo", utc=day(1), files=["a.c"]),
        posting(2, "[PATCH] fix typo", utc=day(30), files=["b.c"]),
    )
    assert [(c.earlier, c.rule) for c in two.candidates] == [
        ("1@example.org", "author and patches again")
    ]


def test_backports_to_two_branches_stay_apart():
    assert len(linked(
        posting(1, "[PATCH 5.10] mm: reuse a page", utc=day(1)),
        posting(2, "[PATCH 5.15] mm: reuse a page", utc=day(1)),
    )) == 2  # fmt: skip


def test_one_patch_again_in_the_thread_is_a_reroll():
    cover = posting(1, "[PATCH 0/2] mm: two pages", utc=day(1), name="c")
    mails = [
        cover,
        posting(2, "[PATCH 1/2] mm: a", utc=day(1), parent="c", root="c"),
        posting(3, "[PATCH 2/2] mm: b", utc=day(1), parent="c", root="c", name="b"),
        posting(4, "[PATCH v2 2/2] mm: b", utc=day(2), parent="#9", above="b", root="c"),
        posting(5, "[PATCH v2 0/2] mm: two pages", utc=day(4), name="d"),
        posting(6, "[PATCH v2 1/2] mm: a", utc=day(4), parent="d", root="d"),
        posting(7, "[PATCH v2 2/2] mm: b", utc=day(4), parent="d", root="d"),
    ]
    (one,) = linked(*mails)
    assert [(r.label, r.kind, len(r.patches)) for r in one.revisions] == [
        ("v1", "posting", 3), ("v2", "reroll", 1), ("v2", "posting", 3),
    ]  # fmt: skip
    assert one.last is one.revisions[2]


def test_a_renamed_cover_letter_over_the_same_patches():
    def revision(number: int, title: str, extra: str) -> list:
        name = f"c{number}"
        return [
            posting(number * 10, f"[PATCH v{number} 0/3] {title}", utc=day(number), name=name),
            posting(number * 10 + 1, f"[PATCH v{number} 1/3] mm: a", utc=day(number), parent=name),
            posting(number * 10 + 2, f"[PATCH v{number} 2/3] mm: b", utc=day(number), parent=name),
            posting(
                number * 10 + 3, f"[PATCH v{number} 3/3] {extra}", utc=day(number), parent=name
            ),
        ]

    (one,) = linked(*revision(1, "pages", "mm: c"), *revision(2, "copy less", "mm: d"))
    assert one.revisions[1].rule == "author and patches"
    assert one.revisions[1].score == 0.8


def test_a_renamed_patch_of_the_same_files_is_the_next_number():
    (one,) = linked(
        posting(1, "[PATCH] mm: reuse a page in do_wp_page", utc=day(1), files=["mm/memory.c"]),
        posting(
            2, "[PATCH v2] mm: reuse a page in wp_page_copy", utc=day(4), files=["mm/memory.c"]
        ),
    )
    assert one.revisions[1].rule == "author, files and words"


def test_a_later_number_by_another_of_one_title_and_file_is_a_candidate():
    def of(number: int, subject: str, person: int, path: str = "mm/memory.c"):
        return posting(number, subject, utc=day(number), person=person, files=[path])

    title = "mm: count the pins of a page right"
    one, other, far = linked(
        of(1, f"[PATCH] {title}", 0), of(2, f"[PATCH v2] {title}", 1),
        of(3, f"[PATCH v2] {title}", 2, "drivers/a.c"),
    )  # fmt: skip
    assert (one.candidates, far.candidates) == ([], [])
    [weak] = other.candidates
    assert (weak.earlier, weak.rule) == (one.key, "title and files, by another")

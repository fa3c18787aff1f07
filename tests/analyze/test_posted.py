"""Mails as postings of patches: titles, authors, dates, names that programs made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.posted import (
    author_keys,
    in_body,
    named_by_git,
    posted_mail,
)
from threadkit.commits.titles import title_key

DIFF_ID = "5e3837421ef7b2bb5407d3c742e6f92c789bafd2"


@pytest.mark.parametrize(
    "other",
    [
        "[PATCH] mm: don't migrate shared pages",
        "[PATCH v3 2/7] mm: don't  migrate shared pages",
        "[PATCH AUTOSEL 5.10 34/39] mm: dont migrate shared pages",
        "mm: don\u2019t migrate shared pages.",
        "[PATCH 5.4] mm: don`t migrate shared pages",
        "MM: don't migrate Shared pages",
        "UPSTREAM: mm: don't migrate shared pages",
        "[media] mm: don't migrate shared pages",
    ],
)
def test_one_title_in_many_spellings(other: str) -> None:
    assert title_key(other) == title_key("mm: don't migrate shared pages")


@pytest.mark.parametrize(
    "other",
    [
        'Revert "mm: don\'t migrate shared pages"',
        "mm: migrate shared pages",
        "sched: don't migrate",
    ],
)
def test_other_titles_stay_others(other: str) -> None:
    assert title_key(other) != title_key("mm: don't migrate shared pages")


@given(st.text(max_size=80))
def test_a_key_is_a_key_of_itself(subject: str) -> None:
    once = title_key(subject)
    assert "\n" not in once
    assert once == " ".join(once.split())


@given(st.text("abc :'", min_size=1, max_size=40))
def test_brackets_in_front_change_nothing(title: str) -> None:
    assert title_key(f"[PATCH v2 1/3] {title}") == title_key(title)


def test_the_author_in_the_body_wins() -> None:
    body = "From: Jos\u00e9 Li <jose@example.org>\nDate: Tue, 1 Sep 2020 12:00:00 +0200\n\nWhy.\n"
    mail = posted_mail(
        "1@x.org", "[PATCH] mm: x", "Bo Xu", "bo@x.org", "2020-09-05T00:00:00Z", body,
        patch_id=DIFF_ID, other_emails=("bo@other.org",),
    )  # fmt: skip
    assert mail.authors == {"jose li", "jose@example.org"}
    assert (mail.date_utc, mail.author_utc) == ("2020-09-05T00:00:00Z", "2020-09-01T10:00:00Z")


def test_without_one_all_addresses_of_the_sender_count() -> None:
    mail = posted_mail(
        "1@x.org", "[PATCH] mm: x", "Bo Xu", "bo@x.org", None, "Why.\n",
        patch_id=DIFF_ID, other_emails=("bo@x.org", "Bo@Other.org"),
    )  # fmt: skip
    assert mail.authors == {"bo xu", "bo@x.org", "bo@other.org"}
    assert mail.author_utc is None


def test_the_subject_of_a_reply_is_no_title_but_one_below_scissors_is() -> None:
    plain = posted_mail(
        "1@x.org", "Re: [PATCH] mm: x", "Bo Xu", "bo@x.org", None, "Try this:\n", patch_id=DIFF_ID
    )
    assert plain.title == ""
    body = "As you say.\n\n--- 8< ---\nFrom: Ann Li <ann@x.org>\nSubject: [PATCH] mm: y\n\nWhy.\n"
    cut = posted_mail(
        "1@x.org", "Re: [PATCH] mm: x", "Bo Xu", "bo@x.org", None, body, patch_id=DIFF_ID
    )
    assert (cut.title, sorted(cut.authors)) == ("mm: y", ["ann li", "ann@x.org"])


def test_a_folded_subject_in_the_body() -> None:
    inside = in_body("Subject: [PATCH] mm: a title\n that goes on\nFrom: Ann <a@x.org>\n\nWhy.\n")
    assert (inside.title, inside.email) == ("mm: a title that goes on", "a@x.org")


def test_a_line_further_down_is_no_header() -> None:
    assert in_body("Why.\nFrom: Ann <a@x.org>\n").email == ""


@given(st.text(max_size=200))
def test_any_body_is_read(body: str) -> None:
    assert 0 <= in_body(body).start <= len(body)


@pytest.mark.parametrize(
    ("subject", "branch"),
    [
        ("[PATCH 5.10 333/509] mm: x", "5.10"),
        ("[PATCH AUTOSEL 4.19 19/38] mm: x", "4.19"),
        ("[PATCH 5.15.y] mm: x", "5.15"),
        ("[PATCH v2 1/3] mm: x", ""),
        ("[PATCH stable] mm: x", ""),
    ],
)
def test_for_which_branch_a_patch_is(subject: str, branch: str) -> None:
    mail = posted_mail("1@x.org", subject, "", "", None, "", patch_id=DIFF_ID)
    assert mail.branch == branch


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("+ mm-dont-leak.patch added to mm-unstable branch", ""),
        ("[merged] mm-dont-leak.patch removed from -mm tree", ""),
        ('Patch "mm: don\'t leak" has been added to the 5.10-stable tree', ""),
        ("[tip: x86/mm] mm: don't leak", f"Commit-ID:     {DIFF_ID}\n"),
    ],
)
def test_notices_of_trees(subject: str, body: str) -> None:
    assert posted_mail("1@x.org", subject, "", "", None, body, patch_id=DIFF_ID).is_notice


def test_a_posting_is_no_notice() -> None:
    mail = posted_mail("1@x.org", "[PATCH] mm: x", "", "", None, "Added to it.", patch_id=None)
    assert not mail.is_notice


def test_cover_letters_are_no_patches() -> None:
    cover = posted_mail("1@x.org", "[PATCH 0/3] mm: x", "", "", None, "", patch_id=None)
    patch = posted_mail("1@x.org", "[PATCH 1/3] mm: x", "", "", None, "", patch_id=None)
    assert (cover.is_patch, patch.is_patch) == (False, True)


def test_people_by_address_or_by_full_name() -> None:
    old = author_keys("Ann Q. Li", "ann@old.example.org")
    assert old & author_keys("ann li", "ann@new.example.org")
    assert old & author_keys("", "Ann+lists@old.example.org")
    assert not old & author_keys("Ann", "ann@third.example.org")
    assert not author_keys("", "")


@pytest.mark.parametrize(
    ("message_id", "name"),
    [
        (f"{DIFF_ID}.1577125789.git.ann@example.org", DIFF_ID),
        ("20230101-leak-v2-1-0123456789ab@example.org", "0123456789ab"),
        ("20230101120000.123456-2-ann@example.org", None),
        ("cover.1577125789.git.ann@example.org", None),
        (f"x{DIFF_ID}@example.org", None),
    ],
)
def test_names_that_programs_make_of_hashes(message_id: str, name: str | None) -> None:
    assert named_by_git(message_id) == name


def test_the_address_of_a_list_that_sends_for_somebody_is_nobodys() -> None:
    assert author_keys("'Ann Li' via Talk", "talk@example.org") == {"ann li"}

"""Which mails a commit was made from: every rule, and what keeps it from choosing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.claims import settle
from threadkit.analyze.linking import MOST, MailIndex, MailMatch
from threadkit.analyze.posted import KnownCommit, PostedMail, author_keys

SHA = "0123456789abcdef0123456789abcdef01234567"
UPSTREAM = "fedcba9876543210fedcba9876543210fedcba98"
ANN = author_keys("Ann Li", "ann@example.org")
BEN = author_keys("Ben Xu", "ben@example.org")
MAIL = PostedMail(
    "v1@example.org", "mm: don't leak", ANN, "2020-09-01T12:00:00Z", "2020-09-01T12:00:00Z",
    "d1ff", posting="v1@example.org",
)  # fmt: skip
COMMIT = KnownCommit(
    SHA, "mm: don't leak", "Ann Li", "ann@example.org", "2020-08-30T09:00:00Z",
    "2020-09-10T12:00:00Z",
)  # fmt: skip


def found(
    commit: KnownCommit, *mails: PostedMail, others: tuple[str, ...] = (), absent: bool = True
) -> dict[str, tuple[str, str]]:
    matches = MailIndex(mails, others).match(commit, absent=absent)
    assert len({one.message_id for one in matches}) == len(matches)
    assert all(0 < one.score <= 1 for one in matches)
    return {one.message_id: (one.kind, one.rule) for one in matches}


def linking(*links: tuple[str, str], **changes: str | None) -> KnownCommit:
    return replace(COMMIT, links=links, **changes)


def test_a_link_to_the_patch_itself_is_where_it_came_from() -> None:
    want = {"v1@example.org": ("becomes", "Link")}
    assert found(linking(("link", "v1@example.org")), MAIL) == want
    assert found(linking(("provenance", "v1@example.org")), MAIL) == want


def test_identity_decides_not_the_host() -> None:
    """patch.msgid.link may name a cover letter or another mail, and lore the patch."""
    cover = replace(
        MAIL, message_id="c@example.org", is_patch=False, patch_id=None, title="mm: all"
    )
    other = replace(MAIL, message_id="o@example.org", title="mm: another", patch_id="07e2")
    commit = linking(("provenance", "c@example.org"), ("link", "o@example.org"))
    assert found(commit, MAIL, cover, other) == {
        "v1@example.org": ("becomes", "subject+author"),
        "c@example.org": ("discusses", "Link"),
        "o@example.org": ("discusses", "Link"),
    }


def test_a_patch_whose_title_was_changed_is_known_by_diff_or_date() -> None:
    commit = linking(("link", "v1@example.org"), subject="mm: do not leak")
    assert found(commit, MAIL)["v1@example.org"] == ("discusses", "Link")
    assert found(replace(commit, patch_id="d1ff"), MAIL)["v1@example.org"] == ("becomes", "Link")
    same_second = replace(commit, author_utc=MAIL.author_utc)
    assert found(same_second, MAIL)["v1@example.org"] == ("becomes", "Link")
    provenance = replace(commit, links=(("provenance", "v1@example.org"),))
    assert found(provenance, MAIL)["v1@example.org"] == ("becomes", "Link")


def test_closes_is_discussion_even_of_a_patch() -> None:
    commit = linking(("closes", "report@example.org"), ("closes", "gone@example.org"))
    assert found(commit, others=("report@example.org",)) == {
        "report@example.org": ("discusses", "Closes"),
        "gone@example.org": ("discusses", "Closes"),
    }


def test_a_mail_that_is_not_here_is_named_or_left_out() -> None:
    commit = linking(("provenance", "p@example.org"), ("link", "l@example.org"))
    assert found(commit) == {
        "p@example.org": ("becomes", "Link"), "l@example.org": ("discusses", "Link"),
    }  # fmt: skip
    details = [one.detail for one in MailIndex(()).match(commit)]
    assert all(detail.startswith("not here") for detail in details)
    assert found(commit, absent=False) == {}


def test_a_link_by_another_name_of_the_mail() -> None:
    index = MailIndex([MAIL], (), {"alias@example.org": "v1@example.org"})
    (match,) = index.match(linking(("link", "alias@example.org")))
    assert (match.message_id, match.kind) == ("v1@example.org", "becomes")


def test_a_name_made_from_the_hash_of_the_commit() -> None:
    whole = replace(MAIL, message_id=f"{SHA}.1577125789.git.ann@example.org", title="else")
    assert found(COMMIT, whole) == {whole.message_id: ("becomes", "Message-ID")}
    short = replace(MAIL, message_id=f"2020-leak-v1-1-{SHA[:12]}@example.org", title="else")
    assert found(COMMIT, short) == {short.message_id: ("becomes", "Message-ID")}
    other = replace(MAIL, message_id=f"2020-leak-v1-1-{UPSTREAM[:12]}@example.org", title="else")
    assert found(COMMIT, other) == {}


def test_the_diff_finds_a_patch_under_another_title() -> None:
    commit = replace(COMMIT, subject="mm: do not leak", patch_id="d1ff")
    assert found(commit, MAIL) == {"v1@example.org": ("becomes", "patch-id")}
    assert found(replace(commit, patch_id="0ther"), MAIL) == {}


def test_the_second_that_git_am_takes_finds_a_patch_under_another_title() -> None:
    commit = replace(COMMIT, subject="mm: do not leak", author_utc=MAIL.author_utc)
    assert found(commit, MAIL) == {"v1@example.org": ("becomes", "author+date")}
    twin = replace(MAIL, message_id="twin@example.org")
    assert found(commit, MAIL, twin) == {}
    assert found(commit, replace(MAIL, authors=BEN)) == {}
    assert found(commit, replace(MAIL, upstream=UPSTREAM)) == {}
    assert found(replace(commit, is_merge=True), MAIL) == {}
    own = replace(MAIL, message_id="own@example.org", title="mm: do not leak",
                  author_utc="2020-09-02T12:00:00Z")  # fmt: skip
    assert found(commit, MAIL, own) == {"own@example.org": ("becomes", "subject+author")}


def test_a_diff_alone_is_no_proof() -> None:
    commit = replace(
        COMMIT,
        subject="Reapply it",
        author_name="Ben Xu",
        author_email="ben@x.org",
        patch_id="d1ff",
    )
    assert found(commit, MAIL) == {"v1@example.org": ("candidate", "patch-id")}


@pytest.mark.parametrize("rule", ["patch-id", "subject+author"])
def test_the_newest_revision_before_the_commit(rule: str) -> None:
    patch_id = "d1ff" if rule == "patch-id" else None
    mails = [
        replace(MAIL, message_id=f"v{n}@example.org", revision=n, posting=f"v{n}@example.org",
                date_utc=f"2020-09-0{n}T12:00:00Z", patch_id=patch_id)
        for n in (1, 2, 3)
    ]  # fmt: skip
    late = replace(mails[0], message_id="v4@example.org", date_utc="2020-10-01T00:00:00Z")
    assert found(replace(COMMIT, patch_id=patch_id), *mails, late) == {
        "v3@example.org": ("becomes", rule),
        "v2@example.org": ("discusses", rule),
        "v1@example.org": ("discusses", rule),
        "v4@example.org": ("discusses", rule),
    }


def test_the_very_second_of_an_older_revision_beats_a_newer_one() -> None:
    """git am takes the date of the mail: this revision is the one that was applied."""
    newer = replace(MAIL, message_id="v2@example.org", revision=2, date_utc="2020-09-05T12:00:00Z",
                    author_utc="2020-09-05T12:00:00Z")  # fmt: skip
    commit = replace(COMMIT, author_utc=MAIL.author_utc)
    assert found(commit, MAIL, newer)["v1@example.org"] == ("becomes", "subject+author")


def test_with_a_link_the_other_revisions_are_discussion() -> None:
    older = replace(MAIL, message_id="v0@example.org", date_utc="2020-08-01T12:00:00Z")
    commit = linking(("link", "v0@example.org"))
    assert found(commit, older, MAIL) == {
        "v0@example.org": ("becomes", "Link"),
        "v1@example.org": ("discusses", "subject+author"),
    }


def test_two_patches_of_one_posting_with_one_title_cannot_be_told_apart() -> None:
    twin = replace(MAIL, message_id="twin@example.org", counter=2, patch_id="7w1n")
    first = replace(MAIL, counter=1)
    assert set(found(COMMIT, first, twin).values()) == {("candidate", "subject+author")}
    told = found(replace(COMMIT, patch_id="7w1n"), first, twin)
    assert told["twin@example.org"] == ("becomes", "patch-id")


@pytest.mark.parametrize(
    ("posted", "kind", "score"),
    [
        ("2020-09-01T09:00:00Z", "becomes", 0.9),
        ("2019-10-01T09:00:00Z", "becomes", 0.8),
        (None, "becomes", 0.8),
        ("2015-09-01T09:00:00Z", "candidate", 0.5),
    ],
)
def test_what_was_posted_long_ago_may_be_another_change(
    posted: str | None, kind: str, score: float
) -> None:
    old = replace(MAIL, date_utc=posted, author_utc=posted, patch_id=None)
    commit = replace(
        COMMIT, author_utc=None, committer_utc="2020-09-03T00:00:00Z", patch_id=None, links=()
    )
    [one] = MailIndex([old]).match(commit)
    assert (one.kind, one.rule, one.score) == (kind, "subject+author", score)


def test_without_dates_of_the_commit_no_revision_is_the_newest_before_it() -> None:
    first = replace(MAIL, patch_id=None)
    second = replace(first, message_id="v2@x.org", revision=2, patch_id="p2")
    commit = replace(COMMIT, author_utc=None, committer_utc=None, patch_id=None, links=())
    index = MailIndex([first, second])
    assert {one.kind for one in index.match(commit)} == {"candidate"}
    same = index.match(replace(commit, patch_id="p2"))
    assert (same[0].message_id, same[0].kind) == ("v2@x.org", "becomes")


def test_a_resend_counts_as_newer() -> None:
    resend = replace(MAIL, message_id="again@example.org", date_utc="2020-09-08T12:00:00Z")
    assert found(COMMIT, MAIL, resend) == {
        "again@example.org": ("becomes", "subject+author"),
        "v1@example.org": ("discusses", "subject+author"),
    }


def test_another_author_is_a_candidate_at_most() -> None:
    other = replace(MAIL, authors=BEN)
    assert found(COMMIT, other) == {"v1@example.org": ("candidate", "subject")}
    both = found(COMMIT, other, replace(MAIL, message_id="own@example.org"))
    assert both == {"own@example.org": ("becomes", "subject+author")}


def test_a_mail_after_the_commit_is_a_candidate() -> None:
    late = replace(MAIL, date_utc="2020-09-12T12:00:00Z")
    assert found(COMMIT, late) == {"v1@example.org": ("candidate", "subject+author")}
    by_diff = found(replace(COMMIT, patch_id="d1ff"), late)
    assert by_diff == {"v1@example.org": ("becomes", "patch-id")}


def test_clocks_may_be_a_day_wrong() -> None:
    late = replace(MAIL, date_utc="2020-09-11T11:00:00Z")
    assert found(COMMIT, late)["v1@example.org"] == ("becomes", "subject+author")


def test_a_revert_is_not_what_it_reverts() -> None:
    assert found(replace(COMMIT, subject='Revert "mm: don\'t leak"'), MAIL) == {}


def test_a_merge_has_no_patch() -> None:
    assert found(replace(COMMIT, is_merge=True), MAIL) == {}


def test_notices_are_never_the_source() -> None:
    notice = replace(MAIL, message_id="n@example.org", is_notice=True, title="mm-leak.patch added",
                     date_utc="2020-09-09T12:00:00Z")  # fmt: skip
    assert found(replace(COMMIT, patch_id="d1ff"), MAIL, notice) == {
        "v1@example.org": ("becomes", "patch-id"),
        "n@example.org": ("discusses", "patch-id"),
    }


BACKPORT = replace(COMMIT, sha=SHA[::-1], upstream=UPSTREAM, release="v5.10.105")
ORIGINAL = replace(COMMIT, sha=UPSTREAM)


def stable(branch: str, **changes: object) -> PostedMail:
    name = f"stable{branch}@example.org"
    mail = replace(MAIL, message_id=name, posting=name, upstream=UPSTREAM, branch=branch,
                   date_utc="2020-09-09T12:00:00Z", title="mm: dont leak")  # fmt: skip
    return replace(mail, **changes)


def test_a_backport_comes_from_the_mail_that_posts_the_backport() -> None:
    assert found(BACKPORT, MAIL, stable("5.10"), stable("5.4")) == {
        "stable5.10@example.org": ("becomes", "subject+author"),
        "v1@example.org": ("discusses", "subject+author"),
    }


def test_the_original_comes_from_the_mail_that_posts_the_original() -> None:
    assert found(ORIGINAL, MAIL, stable("5.10"), stable("5.4")) == {
        "v1@example.org": ("becomes", "subject+author"),
        "stable5.10@example.org": ("discusses", "backport"),
        "stable5.4@example.org": ("discusses", "backport"),
    }


def test_a_link_that_a_backport_inherits_is_the_originals() -> None:
    commit = replace(BACKPORT, links=(("link", "v1@example.org"), ("provenance", "p@example.org")))
    assert found(commit, MAIL, stable("5.10")) == {
        "v1@example.org": ("discusses", "Link"),
        "p@example.org": ("discusses", "Link"),
        "stable5.10@example.org": ("becomes", "subject+author"),
    }


def test_backports_to_several_branches_are_candidates_where_no_release_tells() -> None:
    commit = replace(BACKPORT, release="")
    several = found(commit, stable("5.10"), stable("5.4"))
    assert set(several.values()) == {("candidate", "subject+author")}
    assert found(commit, stable("5.10"))["stable5.10@example.org"][0] == "becomes"


def test_a_backport_of_something_else_is_not_it() -> None:
    assert found(replace(BACKPORT, upstream="a" * 40), stable("5.10")) == {}


def test_only_so_many_are_listed() -> None:
    mails = [replace(MAIL, message_id=f"{n}@example.org", authors=BEN) for n in range(MOST + 5)]
    assert len(found(COMMIT, *mails)) == MOST


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, True),
        ({"subject": "another"}, True),  # the author posted something two days later
        ({"subject": "another", "author_utc": "2020-08-20T00:00:00Z"}, False),
        ({"subject": "another", "author_name": "", "author_email": "ben@example.org"}, False),
        ({"subject": "another", "author_utc": None}, False),
        ({"is_merge": True}, False),
        ({"patch_id": "d1ff"}, False),
    ],
)
def test_for_which_commits_a_diff_is_worth_its_price(
    changes: dict[str, object], asked: bool
) -> None:
    assert MailIndex([MAIL]).asks_patch_id(replace(COMMIT, **changes)) is asked


def claim(sha: str, rule: str, score: float = 0.9) -> MailMatch:
    return MailMatch(sha, "1@example.org", "becomes", rule, score)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claims", "dates", "kinds"),
    [
        # two commits of one title: nobody knows
        ([("a", "subject+author"), ("b", "subject+author")], ("1", "2"), "cc"),
        # a rebase keeps the author's date
        ([("a", "subject+author"), ("b", "subject+author")], ("1", "1"), "bb"),
        ([("a", "subject+author"), ("b", "subject+author")], (None, None), "cc"),
        # one of them is sure
        ([("a", "Link"), ("b", "subject+author")], ("1", "2"), "bc"),
        ([("a", "Link"), ("b", "subject+author")], ("1", "1"), "bb"),
        ([("a", "patch-id"), ("b", "Link")], ("1", "2"), "bb"),
    ],
)
def test_commits_that_claim_one_mail(
    claims: list[tuple[str, str]], dates: tuple[str | None, ...], kinds: str
) -> None:
    some = [claim(sha, rule) for sha, rule in claims]
    settled = settle(some, {sha: date for (sha, _), date in zip(claims, dates, strict=True)})
    assert "".join(one.kind[0] for one in settled) == kinds
    assert all(one.detail for one in settled if one.kind == "candidate")


def test_the_very_second_settles_it() -> None:
    some = [claim("a", "subject+author", 0.95), claim("b", "subject+author")]
    assert [one.kind for one in settle(some, {"a": "1", "b": "2"})] == ["becomes", "candidate"]


_NAMES = st.sampled_from(["", "Ann Li", "Ben Xu"])
_DATES = st.sampled_from(
    [None, "2020-09-01T12:00:00Z", "2020-09-20T12:00:00Z", "9999-12-31T23:59:59Z"]
)
_TITLES = st.sampled_from(["", "mm: x", "[PATCH] mm: x", 'Revert "mm: x"', "mm: y"])
_MAILS = st.builds(
    PostedMail,
    message_id=st.sampled_from([f"{n}@x.org" for n in range(6)]),
    title=_TITLES,
    authors=st.builds(author_keys, _NAMES, st.just("")),
    date_utc=_DATES,
    author_utc=_DATES,
    patch_id=st.sampled_from([None, "p", "q"]),
    counter=st.sampled_from([None, 1, 2]),
    is_patch=st.booleans(),
    upstream=st.sampled_from([None, UPSTREAM, UPSTREAM[:12], SHA[:7]]),
    is_notice=st.booleans(),
    branch=st.sampled_from(["", "5.10", "5.4"]),
)
_COMMITS = st.builds(
    KnownCommit,
    sha=st.just(SHA),
    subject=_TITLES,
    author_name=_NAMES,
    author_email=st.just(""),
    author_utc=_DATES,
    committer_utc=_DATES,
    patch_id=st.sampled_from([None, "p"]),
    links=st.lists(
        st.tuples(st.sampled_from(["link", "provenance", "closes"]),
                  st.sampled_from([f"{n}@x.org" for n in range(8)])), max_size=3
    ).map(tuple),
    upstream=st.sampled_from([None, UPSTREAM, UPSTREAM[:12]]),
    is_merge=st.booleans(),
    release=st.sampled_from(["", "v5.10.3", "v5.9-rc1"]),
)  # fmt: skip


@given(_COMMITS, st.lists(_MAILS, max_size=8, unique_by=lambda mail: mail.message_id))
def test_whatever_comes_one_word_a_mail_and_never_two_sources_by_title(
    commit: KnownCommit, mails: list[PostedMail]
) -> None:
    index = MailIndex(mails, ("7@x.org",))
    matches = index.match(commit)
    assert matches == index.match(commit)
    assert len({one.message_id for one in matches}) == len(matches)
    assert sum(one.kind == "becomes" and one.rule in ("patch-id", "subject+author", "author+date")
               for one in matches) <= 1  # fmt: skip
    here = {mail.message_id for mail in mails} | {"7@x.org"}
    assert {one.message_id for one in index.match(commit, absent=False)} <= here
    of = {mail.message_id: mail for mail in mails}
    for one in matches:
        if one.kind == "becomes" and one.message_id in of:
            assert not of[one.message_id].is_notice
            assert bool(of[one.message_id].upstream) <= bool(commit.upstream) or (
                one.rule == "Message-ID"
            )

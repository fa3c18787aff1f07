"""What the message of a commit says of other things."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkit.commits.relations import message_links, relations, upstream_of
from threadkit.store.commit_facts import message_facts

SHA = "54a4f0239f2e98bc0842818f611a4cf73bb7dd35"


def said(body: str, subject: str = "mm: x") -> list[tuple[str, str, str, str]]:
    facts = message_facts(body)
    return [
        (one.kind, one.target, one.value, one.title)
        for one in relations(facts.trailers, facts.citations, subject, body)
    ]


@pytest.mark.parametrize(
    ("line", "sha", "title"),
    [
        ('Fixes: 54a4f0239f2e ("mm: a title")', "54a4f0239f2e", "mm: a title"),
        ("Fixes: 54a4f0239f2e (mm: a title)", "54a4f0239f2e", "mm: a title"),
        ('Fixes: 54a4f0239f2e "mm: a title"', "54a4f0239f2e", "mm: a title"),
        ("Fixes: 54a4f0239f2e ('mm: a title')", "54a4f0239f2e", "mm: a title"),
        ("Fixes: 54a4f0239f2e mm: a title", "54a4f0239f2e", "mm: a title"),
        ('Fixes: 54a4f0239f2e ("Revert "mm: a" and more")', "54a4f0239f2e", 'Revert "mm: a" and more'),
        ('Fixes: 54a4f0239f2e ("mm: call f(x) twice")', "54a4f0239f2e", "mm: call f(x) twice"),
        (f'Fixes: {SHA} ("mm: a title")', SHA, "mm: a title"),
        ('Fixes: commit 54a4f0 ("mm: a title")', "54a4f0", "mm: a title"),
        ("Fixes: 54A4F0239F2E", "54a4f0239f2e", ""),
        ('Fixes: 54a4f0239f2e ("mm: a title\nthat goes on")', "54a4f0239f2e", "mm: a title that goes on"),
    ],
)  # fmt: skip
def test_fixes_in_all_the_ways_it_is_written(line: str, sha: str, title: str) -> None:
    body = f"It leaks.\n\n{line}\nSigned-off-by: Ann Li <ann@example.org>"
    assert ("fixes", "commit", sha, title) in said(body)


def test_fixes_of_several_commits_in_one_line() -> None:
    found = said('Why.\n\nFixes: 54a4f0239f2e ("mm: a"), 123456789abc ("mm: b")')
    assert [one for one in found if one[0] == "fixes"] == [
        ("fixes", "commit", "54a4f0239f2e", "mm: a"),
        ("fixes", "commit", "123456789abc", "mm: b"),
    ]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        (f"commit {SHA} upstream.", "backports"),
        (f"[ Upstream commit {SHA} ]", "backports"),
        (f"(cherry picked from commit {SHA})", "cherry-picks"),
        (f"This reverts commit {SHA}.", "reverts"),
    ],
)
def test_sentences_that_name_a_commit(sentence: str, kind: str) -> None:
    found = said(f"{sentence}\n\nWhy.\n\nSigned-off-by: Ann <ann@example.org>")
    assert [one for one in found if one[1] == "commit"] == [(kind, "commit", SHA, "")]


def test_a_revert_of_several_commits() -> None:
    body = "This reverts commits 54a4f0239f2e and 123456789abc, which broke suspend.\n"
    reverted = {value for kind, _, value, _ in said(body) if kind == "reverts"}
    assert reverted == {"54a4f0239f2e", "123456789abc"}
    assert not [one for one in said(body) if one[0] == "cites"]


def test_a_revert_that_gives_but_a_title_stays_without_a_hash() -> None:
    found = relations((), (), 'Revert "mm: a title"')
    assert [(one.kind, one.value, one.title, one.rule) for one in found] == [
        ("reverts", "", "mm: a title", "subject")
    ]
    assert relations((), (), "mm: revert a title") == []


def test_discussion_provenance_and_what_is_closed_are_told_apart() -> None:
    body = (
        "Why.\n\nLink: https://lore.kernel.org/all/d@example.org/\n"
        "Link: https://patch.msgid.link/p@example.org\n"
        "Closes: https://lkml.kernel.org/r/c@example.org\n"
        "Closes: https://bugzilla.kernel.org/show_bug.cgi?id=7\n"
        "Link: https://bugzilla.kernel.org/show_bug.cgi?id=8\n"
        "Link: https://example.org/page\nMessage-ID: <m@example.org>\n"
    )
    assert said(body) == [
        ("links_discussion", "message", "d@example.org", ""),
        ("links_provenance", "message", "p@example.org", ""),
        ("closes", "message", "c@example.org", ""),
        ("closes", "bug", "https://bugzilla.kernel.org/show_bug.cgi?id=7", ""),
        ("bug", "bug", "https://bugzilla.kernel.org/show_bug.cgi?id=8", ""),
        ("links", "url", "https://example.org/page", ""),
        ("links_provenance", "message", "m@example.org", ""),
    ]


def test_links_are_equal_when_their_message_ids_are() -> None:
    urls = (
        "https://lore.kernel.org/r/1%2Bx@example.org", "https://lkml.kernel.org/r/1+x@example.org",
        "http://lore.kernel.org/lkml/1+x@example.org/T/#u",
    )  # fmt: skip
    assert {said(f"Why.\n\nLink: {url}\n")[0][2] for url in urls} == {"1+x@example.org"}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Reported-by", ["reported_by"]),
        ("Reported-and-tested-by", ["reported_by", "tested_by"]),
        ("Reported-bisected-and-tested-by", ["reported_by", "bisected_by", "tested_by"]),
        ("Bisected-and-analyzed-by", ["bisected_by", "analyzed_by"]),
        ("Co-developed-by", ["developed_by"]),
        ("Signed-off-by", ["signed_by"]),
        ("Nacked-by", ["nacked_by"]),
        ("Acked-by", ["acked_by"]),
        ("Suggested-by", ["suggested_by"]),
        ("Frobbed-by", []),
    ],
)
def test_combined_tags_are_several_roles_of_one_person(name: str, kinds: list[str]) -> None:
    found = said(f"Why.\n\n{name}: Ann Li <ann@example.org>\n")
    assert found == [(kind, "person", "ann@example.org", "Ann Li") for kind in kinds]


def test_a_robot_that_reports_names_its_bug() -> None:
    found = said("Why.\n\nReported-by: syzbot+0123456789abcdef0123@syzkaller.appspotmail.com\n")
    assert ("bug", "syzbot", "0123456789abcdef0123", "") in found
    assert found[0][0] == "reported_by"


def test_stable_says_for_which_releases_and_what_has_to_go_before() -> None:
    body = (
        "Why.\n\nCc: stable@vger.kernel.org # 5.9+\n"
        "Cc: <stable@vger.kernel.org> # 3.3.x: a1f84a3a1f84: sched: a title\n"
        "Cc: stable@vger.kernel.org\nCc: Ann <ann@example.org>\n"
    )
    assert said(body) == [
        ("stable", "release", "5.9+", ""),
        ("stable", "release", "3.3.x", ""),
        ("depends", "commit", "a1f84a3a1f84", "sched: a title"),
        ("stable", "release", "", ""),
    ]


def test_what_prose_cites() -> None:
    found = said('Since commit 54a4f0239f2e ("mm: y") this is CVE-2020-29374.\n')
    assert found == [
        ("cites", "commit", "54a4f0239f2e", "mm: y"),
        ("bug", "cve", "CVE-2020-29374", ""),
    ]


def test_every_relation_has_the_passage_that_says_so() -> None:
    body = 'It leaks.\n\nFixes: 54a4f0239f2e ("mm: y")\nAcked-by: Bo <bo@example.org>\n'
    facts = message_facts(body)
    for one in relations(facts.trailers, facts.citations, "mm: x", body):
        assert one.value[:6] in body[one.start : one.stop].lower()
        assert one.rule.rstrip(":") in body[one.start : one.stop]


_LABELS = st.sampled_from(["Link", "Closes", "link", "Message-ID", "BugLink"])
_IDS = st.builds("{}@{}.org".format, st.text("a1.+_-", min_size=1), st.text("b2", min_size=1))
_HOSTS = st.sampled_from(
    ["lore.kernel.org/r/", "lore.kernel.org/all/", "lkml.kernel.org/r/", "patch.msgid.link/"]
)


@settings(max_examples=60)
@given(st.lists(st.tuples(_LABELS, _HOSTS, _IDS), max_size=6))
def test_the_quick_way_finds_the_mails_of_the_relations(
    lines: list[tuple[str, str, str]],
) -> None:
    body = "Why.\n\n" + "".join(f"{label}: https://{host}{id_}\n" for label, host, id_ in lines)
    body += "Signed-off-by: Ann Li <ann@example.org>\n"
    facts = message_facts(body)
    kinds = {"links_discussion": "link", "links_provenance": "provenance", "closes": "closes"}
    slow = {
        (kinds[one.kind], one.value)
        for one in relations(facts.trailers, facts.citations)
        if one.target == "message" and one.rule != "prose"
    }
    assert set(message_links(body)) >= slow
    quick = {value for label, value in message_links(body)}
    assert quick == {id_.replace("%2B", "+") for _, _, id_ in lines}


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_read(body: str, subject: str) -> None:
    facts = message_facts(body)
    for one in relations(facts.trailers, facts.citations, subject, body):
        assert 0 <= one.start <= one.stop <= len(body)
    message_links(body)
    upstream_of(body)


def test_upstream_of_is_the_first_and_only_in_its_own_line() -> None:
    assert upstream_of(f"[ Upstream commit {SHA} ]\n") == SHA
    assert upstream_of(f"Why.\n\n(cherry picked from commit {SHA[:12]})\n") == SHA[:12]
    assert upstream_of(f"As in commit {SHA} upstream.\n") is None

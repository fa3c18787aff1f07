"""What a mail cites a commit for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.citing import role, roles
from threadkit.analyze.mailtext import MailText
from threadkit.mail.block import Block
from threadkit.mail.body import blocks
from threadkit.mail.citations import citations
from threadkit.mail.trailers import trailers

SHA = "09854ba94c6aad7886996bfbee2530b3d8a7f4f4"
OTHER = "17839856fd58"


def mail_of(body: str, kind: str | None = None) -> MailText:
    parts = [Block(kind, 0, 0, len(body))] if kind else blocks(body)
    found, given_by = citations(body, parts), trailers(body, parts)
    return MailText(
        "a@example.org", "x", "", "", None, False, False, None, "a", body, parts, given_by, found
    )


def said(body: str, kind: str | None = "reply") -> list[tuple[str, str]]:
    return [(found.role, found.rule) for _, found in roles(mail_of(f"{body}\n", kind))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # trailers
        (f'Fixes: {SHA[:12]} ("mm: x")', ("blames", "trailer-fixes")),
        (f"This reverts commit {SHA}.", ("reverts", "trailer-reverts")),
        (f"commit {SHA} upstream.", ("backports", "trailer-upstream")),
        (f"[ Upstream commit {SHA} ]", ("backports", "trailer-upstream")),
        (f"(cherry picked from commit {SHA})", ("backports", "trailer-cherry-pick")),
        (f"base-commit: {SHA}", ("mentions", "trailer-base-commit")),
        # blame
        (f"It was introduced by commit {SHA[:12]}, a bug.", ("blames", "introduced")),
        (f"I bisected it to {SHA[:12]}.", ("blames", "bisected")),
        (f"Done.\n{SHA} is the first bad commit", ("blames", "first-bad")),
        (f"# first bad commit: [{SHA}] mm: x", ("blames", "first-bad")),
        (f"Commit {SHA[:12]} broke my laptop.", ("blames", "breaks")),
        (f"{SHA[:12]} causes a deadlock", ("blames", "breaks")),
        (f"It hangs since commit {SHA[:12]}.", ("blames", "since")),
        (f"caused by this commit:\n\n[{SHA}] mm: x", ("blames", "caused-by")),
        (f"#regzbot introduced: {SHA[:12]}", ("blames", "regzbot-introduced")),
        (f"#regzbot ^introduced {SHA}", ("blames", "regzbot-introduced")),
        (f"    Fixes: {SHA[:12]} is what you want", ("blames", "fixes-line")),
        (f"a follow-up patch to fix {SHA[:12]} alone", ("blames", "to-fix")),
        (f"After {SHA[:12]} I see constant crashes", ("blames", "since")),
        # revert
        (f"Reverting {SHA[:12]} fixes it here.", ("reverts", "revert")),
        (f"5.11 with {SHA[:12]} reverted works", ("reverts", "reverted")),
        (f"{SHA[:12]} should be reverted", ("reverts", "reverted")),
        (f"I had to back out {SHA[:12]} first", ("reverts", "backed-out")),
        # backport
        (f"Then it is just a backport of {SHA[:12]}.", ("backports", "backport")),
        (f"Please cherry-pick {SHA[:12]} for 5.10", ("backports", "cherry-picked")),
        # fix
        (f"which is fixed by commit {SHA[:12]}", ("fixes", "fixed-by")),
        (f"was perhaps fixed in v6.18-rc3 by\n{SHA[:12]}", ("fixes", "fixed-by")),
        (f"Commit {SHA[:12]} fixed an oversight which caused it", ("fixes", "fixes")),
        (f"the proposed fix ({SHA[:12]}) did not help", ("fixes", "fix-is")),
        (f"#regzbot fix: {SHA[:12]}", ("fixes", "regzbot-fix")),
        # history
        (f'2.6.13 21jun05 {SHA[:12]} ("mm: x")', ("history", "dated-release")),
        (f"patches until {SHA[:12]} are there", ("history", "until")),
        (f"it is there in one form since {SHA[:12]}", ("history", "since-then")),
        (f"Prior to {SHA[:12]}, it took a lock", ("history", "before")),
        (f"the check was added in {SHA[:12]}", ("history", "done-in")),
        (f"Commit {SHA[:12]} added a check", ("history", "did")),
        (f"Commit {SHA[:12]} introduced the helper", ("history", "introduced-code")),
        (f"a helper introduced by commit {SHA[:12]}", ("history", "introduced-code")),
        # evidence
        (f"See {SHA[:12]} for why.", ("supports", "see")),
        (f"this is documented in commit {SHA[:12]}", ("supports", "see")),
        (f"just like commit {SHA[:12]} does", ("supports", "see")),
        (f"According to {SHA[:12]}, pages are writable", ("supports", "see")),
        # none of these
        (f"I never read {SHA[:12]} again, I think", ("mentions", "no-cue")),
        (f"it looks like {SHA[:12]} erroneously left one", ("mentions", "no-cue")),
        (f"{SHA[:12]} does not break anything", ("mentions", "no-cue")),
        (f"{SHA[:12]} results in a 31% improvement", ("mentions", "no-cue")),
        (f"The following changes since commit {SHA}:", ("mentions", "pull-request")),
        (f"Updating {SHA[:8]}\nSwitched to a new branch", ("mentions", "no-cue")),
        (f"# good: [{SHA}] mm: x", ("mentions", "bisect-step")),
        (f"git bisect bad {SHA}", ("mentions", "bisect-step")),
        (f"{SHA[:12]} mm: a title", ("mentions", "listed")),
    ],
)
def test_the_words_beside_a_citation_say_what_it_is_for(body, expected):
    assert said(body) == [expected]
    assert said(f"Hello Ann,\n\n{body}\n\nThanks, Bo") == [expected]


def test_two_commits_in_a_sentence_have_their_own_words():
    assert said(f"{SHA[:12]} broke it, fixed by {OTHER}.") == [
        ("blames", "breaks"),
        ("fixes", "fixed-by"),
    ]
    assert said(f"While commit {OTHER} fixed this, commit {SHA[:12]} caused a regression.") == [
        ("fixes", "fixes"),
        ("blames", "breaks"),
    ]


def test_an_enumeration_has_one_role():
    text = f"Please revert commits {SHA[:12]}, {OTHER} and 1234abc."
    assert said(text) == [("reverts", "revert")] * 3
    mail = mail_of(text, "reply")
    assert [role(mail, c) for c in mail.citations] == [found for _, found in roles(mail)]


def test_words_of_another_sentence_say_nothing():
    assert said(f"It broke. Then there is {SHA[:12]}. Fixed by me.") == [("mentions", "no-cue")]
    assert said(f"I had to revert it.\n\n{SHA[:12]} is there") == [("mentions", "no-cue")]


def test_a_trailer_counts_for_commits_only():
    body = (
        "It leaks.\n\nFixes: https://lore.kernel.org/r/1@example.org\n"
        f'Cc: stable@vger.kernel.org # 5.9: {OTHER}: mm\nFixes: {SHA[:12]} ("x")\n'
        "Signed-off-by: Ann Li <ann@example.org>\n"
    )
    mail = mail_of(body)
    found = {c.value: role(mail, c) for c in mail.citations}
    assert found["1@example.org"][:2] == ("mentions", "trailer-fixes")
    assert found[OTHER][:2] == ("mentions", "trailer-cc")
    assert found[SHA[:12]][:2] == ("blames", "trailer-fixes")
    assert [place for place, _ in roles(mail, "message")] == [0]


PIECES = st.lists(
    st.sampled_from(
        [
            *(SHA, OTHER, "1234abc", "commit ", ' ("a b")', "\n", " ", "\n\n", "> ", ", ", " and "),
            *("Fixes: ", "revert ", "since ", "upstream.", "broke", "not ", ". ", ": ", "see "),
            *("https://lore.kernel.org/r/a@example.org", "v5.9", "[", "]", "(", ")", "#regzbot "),
            *("bisected to ", "first bad commit", "2.6.13 21jun05 ", "This reverts commit "),
        ]
    ),
    max_size=20,
).map("".join)


@given(PIECES)
def test_every_commit_has_a_role_whoever_asks(body):
    mail = mail_of(body)
    found = roles(mail)
    assert [place for place, _ in found] == [
        place for place, c in enumerate(mail.citations) if c.kind == "commit"
    ]
    for place, one in found:
        assert 0 < one.score <= 1
        assert one.rule
        assert role(mail, mail.citations[place]) == one


@pytest.mark.parametrize("piece", [f"{OTHER}, ", f"since {OTHER} ", f"{OTHER}\n", "fixed by the "])
def test_long_mails_end(piece):
    found = roles(mail_of(piece * 3000, "reply"))
    assert len(found) in {0, 3000}

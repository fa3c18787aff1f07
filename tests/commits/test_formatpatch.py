"""Patches as cgit gives them: the text ends where it ends, the diff is not touched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.commits.formatpatch import split_patch

SHA = "54a4f0239f2e98bc0842818f611a4cf73bb7dd35"
DIFF = b"diff --git a/a.c b/a.c\nindex 1..2 100644\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-x\n+y\n"


def patch(body: str, diff: bytes = DIFF, subject: str = "mm: a title") -> bytes:
    head = (
        f"From {SHA} Mon Sep 17 00:00:00 2001\nFrom: Ann <ann@example.org>\n"
        f"Date: Fri, 7 Aug 2020 15:31:40 +0200\nSubject: {subject}\n\n"
    )
    table = b"---\n a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
    end = b"-- \ncgit v1.2.3\n\n"
    return head.encode() + body.encode() + b"\n" + table + diff + end


def test_text_and_diff() -> None:
    found = split_patch(patch("Body.\n\nSigned-off-by: Ann <ann@example.org>"))
    assert found is not None
    assert (found.sha, found.subject) == (SHA, "mm: a title")
    assert found.body == "Body.\n\nSigned-off-by: Ann <ann@example.org>"
    assert found.diff == DIFF


def test_a_message_may_hold_dashes_and_a_whole_patch() -> None:
    body = "Before.\n---\n" + patch("inner").decode() + "\nAfter."
    found = split_patch(patch(body))
    assert found is not None
    assert found.body == body
    assert found.diff == DIFF


def test_a_diff_may_hold_what_ends_a_message() -> None:
    diff = DIFF + b"@@ -9,4 +9,1 @@\n---\n a.c | 2 +-\n \n diff --git a/a.c b/a.c\n--- \n"
    found = split_patch(patch("Body.", diff))
    assert found is not None
    assert (found.body, found.diff) == ("Body.", diff)


def test_headers() -> None:
    found = split_patch(patch("", subject="a title\n that was folded\nMIME-Version: 1.0"))
    assert found is not None
    assert (found.subject, found.body) == ("a title that was folded", "")
    found = split_patch(patch("naïve", subject="[PATCH] café"))
    assert found is not None
    assert (found.subject, found.body) == ("[PATCH] café", "naïve")


def test_what_is_no_patch() -> None:
    assert split_patch(b"-- \ncgit v1.2.3\n\n") is None
    assert split_patch(b"<!DOCTYPE html>") is None
    assert split_patch(b"") is None
    bare = split_patch(b"From " + SHA.encode() + b" x\n")
    assert bare is not None
    assert (bare.subject, bare.body, bare.diff) == ("", "", b"")


LINE = st.sampled_from(
    ["", "text", "---", " a | 1 +", "diff --git a/x b/x", "-- ", "From x", "Subject: y", " 1 file"]
)


@given(
    body=st.lists(LINE, max_size=12),
    added=st.lists(st.sampled_from(["+", "+---", "-- ", "-", "--", " x", "+diff --git a b"])),
)
def test_any_message_and_any_diff_come_apart_again(body: list[str], added: list[str]) -> None:
    diff = DIFF + "".join(f"{line}\n" for line in added).encode()
    found = split_patch(patch("\n".join(body), diff))
    assert found is not None
    expected = "\n".join(body)
    while expected.startswith(("\n", " \n")):
        expected = expected.partition("\n")[2]
    assert found.body == expected.rstrip()
    assert found.diff == diff


@given(st.binary(max_size=300))
def test_no_bytes_are_refused(data: bytes) -> None:
    found = split_patch(b"From " + SHA.encode() + b" \n" + data)
    assert found is not None
    assert data.find(found.diff) >= 0

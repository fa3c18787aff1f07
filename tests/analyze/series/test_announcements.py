"""What mails say became of a patch, and what only sounds like it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.series.announcements import announcements, is_worth_reading


def read(text: str, sender: str = "bob@example.org"):
    return announcements(sender, text, [(0, len(text))])


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in read(text)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Applied, thanks!\n", ""),
        ("Thanks, applied both, with a changed title.\n", ""),
        ("Thanks, all applied to next.\n", "next"),
        ("Applied to net/for-next.\n", "net/for-next"),
        ("Good addition!  Applied, and thank you all!!!\n", ""),
        ("All now queued up, thanks!\n", ""),
        ("Hi Ann,\n\nI have queued this up for v5.10.\n", "v5.10"),
        ("I've applied patches 1-3 to example.git#next, thanks.\n", "example.git#next"),
        ("Now queued up, thanks!\n\ngreg\n", ""),
        ("pretty small now. I'll get it applied, thanks.\n", ""),
        ("Series applied, thanks.\n", ""),
        ("Applied to for-next, not that the number may stay.\n", "for-next"),
    ],
)
def test_applied(text, where):
    assert kinds(text) == [("applied", where)]


@pytest.mark.parametrize(
    "text",
    [
        "Oops, now dropped, thanks!\n",
        "That's fine, I can drop it for now and we see later.\n",
        "I'm dropping this series.\n",
        "I withdraw this patch.\n",
        "Please ignore this one, a new version follows.\n",
        "Please disregard this series.\n",
    ],
)
def test_dropped(text):
    assert kinds(text) == [("dropped", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Has this been applied?\n",
        "I applied this and tested it, works.\n",
        "With the patch applied, it still hangs.\n",
        "It has not been applied yet.\n",
        "If nobody objects, I'll drop it.\n",
        "I would have applied this.\n",
        "Applied to for-next, if nobody objects.\n",
        "Applied to for-next, but it fails to build and was dropped.\n",
        "This was applied not to for-next, thanks.\n",
        "We can drop and defer the lock.\n",
        "I'll drop the check in the next version.\n",
        "NAK.\n",
        "I picked up this habit long ago.\n",
        "I merged the trees and it still fails.\n",
        "Nacked-by: Bob Sample <bob@example.org>\n",
        "Failed to apply! Possible dependencies:\n",
        "The rule should be applied to all of them.\n",
    ],
)
def test_not_said(text):
    assert kinds(text) == []


def test_the_span_is_the_sentence():
    text = "Nice work.\nApplied to mm/next, thanks. More tomorrow.\n"
    (one,) = read(text)
    assert text[one.start : one.stop] == "Applied to mm/next, thanks."


def test_quoted_words_say_nothing():
    text = "> Applied, thanks!\n\nGood to know.\n"
    assert announcements("bob@example.org", text, [(19, len(text))]) == []


def test_patchwork_speaks_of_the_series():
    text = (
        "Hello:\n\nThis series was applied to example/example-next.git (main)\n"
        "by Bob Sample <bob@example.org>:\n\nOn Mon, 7 Sep 2020 you wrote:\n> text\n"
    )
    (one,) = read(text, "patchwork-bot+example@kernel.org")
    assert (one.rule, one.where, one.whole) == (
        "patchwork-bot", "example/example-next.git (main)", True,
    )  # fmt: skip
    assert read(text)[:1] != [one]


def test_a_list_of_thanks_names_the_commits():
    text = (
        f"Applied, thanks!\n\n[1/2] mm: one\n      commit: {'a1' * 20}\n"
        f"[v2,2/2] mm: two that is\n  long\n      https://git.example.org/x/c/{'b2' * 6}\n"
    )
    (one,) = read(text)
    assert one.commits == ((1, "a1" * 20), (2, "b2" * 6))
    assert announcements("bob@example.org", text, [(0, 18)])[0].commits == ()


def test_patchwork_says_which_patches_it_found_no_commit_of():
    text = (
        "This series was applied to example.git (main)\nby Bob Sample <bob@example.org>:\n\n"
        "Here is the summary with links:\n  - [1/2] mm: one\n    (no matching commit)\n"
        f"  - [2/2] mm: two\n    https://git.example.org/example/c/{'b2' * 6}\n"
    )
    (one,) = read(text, "patchwork-bot+example@kernel.org")
    assert one.commits == ((1, ""), (2, "b2" * 6))
    alone = text.replace("[2/2] mm", "[v2] mm").replace("[1/2]", "1")
    assert read(alone, "patchwork-bot+example@kernel.org")[0].commits == ((1, "b2" * 6),)


def test_tip_names_the_commit():
    sha = "0123456789abcdef0123456789abcdef01234567"
    text = f"The following commit has been merged into the x86/mm branch of tip:\n\nCommit-ID:     {sha}\n"
    (one,) = read(text, "tip-bot2@linutronix.de")
    assert (one.rule, one.where, one.sha) == ("tip-bot", "x86/mm", sha)


def mm(what: str, why: str = "") -> str:
    word = "to" if what == "added" else "from"
    return (
        f"The patch titled\n     Subject: mm: reuse a page\nhas been {what} {word} the -mm tree."
        f"  Its filename is\n     mm-reuse.patch\n\n{why}"
    )


def test_mails_of_the_mm_tree():
    (added,) = read(mm("added"), "akpm@linux-foundation.org")
    assert (added.kind, added.title, added.where) == ("applied", "mm: reuse a page", "-mm")
    why = "This patch was dropped because it had testing failures\n"
    (gone,) = read(mm("removed", why), "akpm@linux-foundation.org")
    assert (gone.kind, gone.rule) == ("dropped", "mm")
    why = "This patch was dropped because it was merged into mainline or a subsystem tree\n"
    assert read(mm("removed", why), "akpm@linux-foundation.org") == []


@given(st.text(alphabet="applied drop thanks.\n,I'l it queued this?!", max_size=300))
def test_spans_lie_in_the_text_and_do_not_overlap(text):
    found = read(text)
    assert all(0 <= one.start < one.stop <= len(text) for one in found)
    assert all(a.stop <= b.start for a, b in pairwise(found))
    assert not found or is_worth_reading(text)

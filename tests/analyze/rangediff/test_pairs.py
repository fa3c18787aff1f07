"""Patches are paired and marked as git range-diff does; the differences are complete."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.rangediff import PatchText, mail_patch, range_diff
from threadkit.analyze.rangediff.lines import CONTEXT, hunks, matches
from threadkit.analyze.rangediff.texts import comparable


def patch(title: str, *lines: str, path: str = "f", message: str = "") -> PatchText:
    body = "".join(f"+{line}\n" for line in lines)
    diff = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1,0 +1,{len(lines)} @@\n"
    return PatchText(title, title, "Ann <ann@example.org>", message or title, diff + body)


def marks(old, new) -> list[tuple[int | None, str, int | None]]:
    return [(pair.old, pair.mark, pair.new) for pair in range_diff(old, new)]


LONG = tuple(f"line {n}" for n in range(12))
OTHER = tuple(f"quite another {n}" for n in range(12))


def test_patches_that_changed_places():
    one, two = patch("a", *LONG), patch("b", *OTHER)
    assert marks([one, two], [two, one]) == [(2, "=", 1), (1, "=", 2)]


def test_a_changed_patch_is_found_by_what_is_left_of_it():
    old = [patch("a", *LONG), patch("b", *OTHER)]
    new = [patch("c", *OTHER, "one more"), patch("a", *LONG)]
    assert marks(old, new) == [(2, "!", 1), (1, "=", 2)]


def test_new_and_gone():
    assert marks([patch("a", *LONG)], [patch("b", *OTHER)]) == [(1, "<", None), (None, ">", 1)]
    assert marks([], [patch("a", *LONG)]) == [(None, ">", 1)]
    assert marks([patch("a", *LONG)], []) == [(1, "<", None)]
    assert marks([], []) == []


def test_another_message_alone_is_a_change():
    old, new = patch("a", *LONG), patch("a", *LONG, message="a\n\nWhy.")
    (pair,) = range_diff([old], [new])
    assert (pair.mark, pair.diff) == (
        "!",
        ("@@ Metadata", "  ## Commit message ##", "     a", " ", "+    Why.", "+", "  ## f ##",
         " @@", " +line 0"),
    )  # fmt: skip


def test_another_place_in_the_file_is_no_change():
    one = patch("a", *LONG)
    moved = PatchText(
        "b", "a", one.author, one.message, one.diff.replace("@@ -1,0 +1", "@@ -90,0 +91")
    )
    assert marks([one], [moved]) == [(1, "=", 1)]


LINES = st.lists(st.sampled_from("abcdefg"), max_size=25)


@given(LINES, LINES)
def test_a_difference_turns_one_text_into_the_other(old, new):
    matched = matches(old, new)
    assert all(old[a] == new[b] for a, b in matched)
    assert matched == sorted(matched)
    assert len({a for a, _ in matched}) == len({b for _, b in matched}) == len(matched)
    done, at = [], 0
    for hunk in hunks(old, new, matched):
        done += old[at : hunk.start]
        done += [line[1:] for line in hunk.lines if line[0] != "-"]
        at = hunk.start + sum(1 for line in hunk.lines if line[0] != "+")
    assert done + old[at:] == new


@given(LINES, LINES)
def test_no_difference_is_shorter(old, new):
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a, x in enumerate(old):
        for b, y in enumerate(new):
            best[a + 1][b + 1] = best[a][b] + 1 if x == y else max(best[a][b + 1], best[a + 1][b])
    assert len(matches(old, new)) == best[-1][-1]
    changes = len(old) + len(new) - 2 * best[-1][-1]
    assert matches(old, new, changes) is not None
    assert changes == 0 or matches(old, new, changes - 1) is None


@given(LINES, LINES)
def test_hunks_keep_three_lines_of_context(old, new):
    for hunk in hunks(old, new, matches(old, new)):
        marked = [n for n, line in enumerate(hunk.lines) if line[0] != " "]
        assert marked
        assert marked[0] <= CONTEXT
        assert len(hunk.lines) - 1 - marked[-1] <= CONTEXT


PATCHES = st.lists(
    st.builds(
        lambda title, lines, path: patch(title, *lines, path=path),
        st.sampled_from(["a", "b", "c"]),
        st.lists(st.sampled_from(["one", "two", "three", "four", "five"]), min_size=1, max_size=8),
        st.sampled_from(["f", "g"]),
    ),
    max_size=5,
)


@given(PATCHES, PATCHES)
def test_every_patch_stands_in_exactly_one_line(old, new):
    pairs = range_diff(old, new)
    assert sorted(p.old for p in pairs if p.old) == list(range(1, len(old) + 1))
    assert [p.new for p in pairs if p.new] == list(range(1, len(new) + 1))
    for pair in pairs:
        assert {"<": (True, False), ">": (False, True)}.get(pair.mark, (True, True)) == (
            pair.old is not None, pair.new is not None,
        )  # fmt: skip
        assert (pair.mark == "!") == bool(pair.diff)


@given(PATCHES)
def test_a_series_is_equal_to_itself(some):
    assert all(pair.mark == "=" for pair in range_diff(some, some))


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_mail_has_a_form_to_compare(body, more):
    one = mail_patch("1", "t", "Ann <ann@example.org>", body + "\ndiff --git a/f b/f\n" + more)
    assert comparable(one).lines


def test_a_mail_without_its_remarks():
    body = (
        "From: Bob Sample <bob@example.org>\n\nWhy.\n\nSigned-off-by: B\n---\nv2: less\n\n f | 1 +\n\n"
        "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n a\n+b\n-- \n2.28\n\nList footer\n"
    )
    one = mail_patch("1", "f: b", "Ann <ann@example.org>", body)
    assert one.author == "Bob Sample <bob@example.org>"
    assert one.message == "f: b\n\nWhy.\n\nSigned-off-by: B"
    assert one.diff.endswith("@@ -1 +1,2 @@\n a\n+b\n")

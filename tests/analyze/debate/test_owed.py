"""Review points and the next revision: changed, named, answered or owed."""

from __future__ import annotations

import pytest

from tests.analyze.debate.talks import Wrote, talk
from threadkit.analyze.debate.assemble import assemble
from threadkit.analyze.debate.owed import Owed, Revision, owed
from threadkit.analyze.debate.revised import PatchMail, changed, changelog, diff_lines, reworded

DIFF = """--- a/x.c
+++ b/x.c
@@ -10,4 +10,5 @@ int f(void)
 	int a;
 	int b;
+	lock(&x);
 	return a;
 	}
"""
BODY = f"Take the lock in f().\n\nReaders need it.\n---\n{DIFF}"
POINT = "Please use the nested lock here, this deadlocks."


def review(quoted: str, new_body: str | None, *more: Wrote) -> list[Owed]:
    first = Wrote("Ann", BODY, is_patch=True, subject="[PATCH] x: lock")
    mark = "".join(f"> {line}\n" for line in quoted.splitlines())
    said = Wrote("Bob", f"{mark}{POINT}\n", 0, {"Please use": "proposal"})
    conversation = talk(first, said, *more)
    revisions = [Revision(1, [("0@example.org", BODY)])]
    if new_body is not None:
        revisions.append(Revision(2, [("v2@example.org", new_body)]))
    return owed([(conversation, assemble(conversation, []))], revisions)


def test_a_line_that_is_another_in_the_next_revision_changed() -> None:
    (one,) = review("+	lock(&x);", BODY.replace("lock(&x)", "lock_nested(&x)"))
    assert (one.fate, one.why, one.file, one.line) == ("changed", "changed at x.c:12", "x.c", 12)
    assert (one.revision, one.person, one.patch) == (1, "Bob", "0@example.org")


def test_a_line_added_beside_it_is_a_change_too() -> None:
    new = BODY.replace("+	lock(&x);\n", "+	might_sleep();\n+	lock(&x);\n").replace(
        ",5 @@", ",6 @@"
    )
    assert review("+	lock(&x);", new)[0].fate == "changed"


def test_lines_that_stand_as_they_did_are_owed() -> None:
    (one,) = review("+	lock(&x);", BODY.replace("Readers", "All readers"))
    assert (one.fate, one.why) == ("owed", "the lines stand as they did")


def test_lines_that_moved_are_no_change() -> None:
    moved = BODY.replace("@@ -10,4 +10,5 @@", "@@ -40,4 +44,5 @@")
    assert review("+	lock(&x);", moved)[0].fate == "owed"


def test_the_changelog_names_it() -> None:
    new = BODY.replace("---\n---", "---\nv2: use the nested lock (Bob)\n---")
    (one,) = review("+	lock(&x);", new)
    assert (one.fate, one.why) == ("named", "changelog: use the nested lock (Bob)")


def test_somebody_answered() -> None:
    reply = Wrote("Ann", f"> {POINT}\nIt cannot, the order is fixed.\n", 1)
    (one,) = review("+	lock(&x);", BODY, reply)
    assert (one.fate, one.why) == ("answered", "answered by Ann in 2@example.org")


def test_words_of_the_description_are_followed_as_well() -> None:
    assert review("Readers need it.", BODY)[0].fate == "owed"
    (one,) = review("Readers need it.", BODY.replace("Readers need", "Nobody needs"))
    assert (one.fate, one.why) == ("changed", "the description says it otherwise")


def test_the_last_revision_has_no_next() -> None:
    assert [one.fate for one in review("+	lock(&x);", None)] == ["no next revision"]


def test_the_author_owes_nothing_to_himself() -> None:
    first = Wrote("Ann", BODY, is_patch=True, subject="[PATCH] x: lock")
    own = Wrote("Ann", "Maybe this should be split.\n", 0, {"Maybe": "proposal"})
    conversation = talk(first, own)
    one = Revision(1, [("0@example.org", BODY)])
    assert owed([(conversation, assemble(conversation, []))], [one]) == []


@pytest.mark.parametrize(
    ("body", "items"),
    [
        ("Changes in v2:\n - one\n - two\n   more\n\n x | 2 +-\n", ["one", "two more"]),
        ("v3:\n  * one\n\nv2:\n  * two\n---\n", ["one", "two"]),
        ("Changelog:\n1. one\n2) two\n\n\n- not this\n", ["one", "two"]),
        ("v2 -> v3: one\n", ["one"]),
        ("No list.\n- not a changelog\n", []),
    ],
)
def test_items_of_a_changelog(body: str, items: list[str]) -> None:
    assert changelog(body) == items


def test_lines_of_a_diff_stop_with_its_hunks() -> None:
    lines = list(diff_lines(f"{BODY}-- \n2.30\n"))
    assert [(line.number, line.sign) for line in lines] == [
        (10, " "), (11, " "), (12, "+"), (13, " "), (14, " "),
    ]  # fmt: skip
    assert {line.file for line in lines} == {"x.c"}
    assert [BODY[line.start : line.stop][1:] for line in lines] == [line.text for line in lines]


def test_a_removed_line_that_is_back_changed() -> None:
    old = PatchMail("1", DIFF.replace("+	lock", "-	lock").replace("4 +10,5", "5 +10,4"))
    meant = [line for line in old.lines if line.sign == "-"]
    assert changed(meant, old, [old]) == ""
    assert changed(meant, old, [PatchMail("2", DIFF)]) == "x.c:12"
    assert changed(meant, old, []) == "x.c:12"


def test_only_the_last_paragraph_above_the_words_is_meant() -> None:
    new = PatchMail("2", BODY.replace("Take", "Get"))
    assert not reworded("Take the lock in f().\n\nReaders need it.", [new])
    assert reworded("Take the lock in f().", [new])

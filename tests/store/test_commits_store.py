"""Commits in the store: answers add up in any order."""

from __future__ import annotations

import itertools
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadkit.commits.objects import parse_commit, sha_of
from threadkit.commits.values import Commit, Resolved
from threadkit.mail.body import blocks
from threadkit.mail.message import parse
from threadkit.mail.patch import parse_patch
from threadkit.store.catalog import commit_count
from threadkit.store.commit_facts import diff_facts, message_facts
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write
from threadkit.store.fetch_queue import FetchQueue
from threadkit.store.read import decompress
from threadkit.store.stats import stats
from threadkit.store.verify import verify

NOW = "2026-05-01T12:00:00Z"
LATER = "2026-05-02T12:00:00Z"
CLONE, OLD_CLONE, CGIT = "/git/linux", "/backup/linux", "https://git.example.org/linux.git"
TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
MESSAGE = """It leaks since the page is counted twice.

Fixes: 09854ba94c6a ("mm: count pages once")
Link: https://lore.kernel.org/r/first.1@example.org
Link: https://lore.kernel.org/linux-mm/second.2@example.org/
Reported-by: Bo Roe <bo@example.org>
Cc: stable@example.org # 5.9+
[ann: spelling]
Signed-off-by: Ann Lee <ann@example.org>"""
DIFF = b"""diff --git a/mm/memory.c b/mm/memory.c
index 0123456..789abcd 100644
--- a/mm/memory.c
+++ b/mm/memory.c
@@ -1,3 +1,4 @@ int main(void)
 one
-two
+zwei
+drei \xc3\xa9
 four
diff --git a/mm/new.c b/mm/new.c
new file mode 100644
index 0000000..789abcd
--- /dev/null
+++ b/mm/new.c
@@ -0,0 +1 @@
+x
"""


def commit(
    subject: str = "mm: count pages", body: str = MESSAGE, parents: tuple[str, ...] = ("ab" * 20,)
) -> Commit:
    lines = [f"tree {TREE}", *(f"parent {one}" for one in parents)]
    lines += [
        "author Ann Lee <ann@example.org> 1598961600 +0200",
        "committer Cy Poe <cy@example.org> 1598965200 -0700",
    ]
    raw = "\n".join([*lines, "", subject, "", body, ""]).encode()
    return parse_commit(sha_of(raw), raw)


def rendering(full: Commit, **changes: Any) -> Commit:
    return replace(full, raw=None, **changes)


def found(full: Commit, *, name: str = "", origin: str = CLONE, **facts: Any) -> Resolved:
    return Resolved(name or full.sha[:12], "found", origin, full, **facts)


@pytest.fixture
def store(builder: Any) -> CommitStore:
    return CommitStore(builder.conn)


def contents(conn: Any, *, without: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    kept = {}
    for table in ("git_commit", "commit_parent", "commit_trailer", "commit_citation",
                  "commit_file", "commit_name", "commit_candidate"):  # fmt: skip
        cursor = conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        names = [column[0] for column in cursor.description]
        kept[table] = [
            {name: value for name, value in zip(names, row, strict=True) if name not in without}
            for row in cursor
        ]
    return kept


def diff_of(store: CommitStore, sha: str) -> bytes | None:
    """The diff of a commit that is stored."""
    row = store.conn.execute("SELECT diff FROM git_commit WHERE sha = ?", (sha,)).fetchone()
    return decompress(row[0], None) if row and row[0] is not None else None


# -- one answer ------------------------------------------------------------------------


def test_a_commit_is_read_as_it_was_saved(store):
    full = commit()
    store.save(found(full, mainline="yes", checked_against="v5.9", release="v5.9-rc5",
                     diff=DIFF), NOW)  # fmt: skip
    stored = store.get(full.sha[:8])
    assert stored.commit == rendering(full)
    assert (stored.mainline, stored.checked_against, stored.release) == ("yes", "v5.9", "v5.9-rc5")
    assert (stored.origin, stored.resolved_utc) == (CLONE, NOW)
    assert stored.files == (("mm/memory.c", 2, 1), ("mm/new.c", 1, 0))
    assert stored.patch_id == diff_facts(DIFF).patch_id
    assert store.raw(full.sha) == full.raw
    assert diff_of(store, full.sha) == DIFF
    assert stored.trailers[0] == (
        "Fixes", '09854ba94c6a ("mm: count pages once")', "reference", "",
    )  # fmt: skip
    assert ("Cc", "stable@example.org", "person", "5.9+\nann: spelling") in stored.trailers
    assert list(verify(store.conn)) == []


def test_a_commit_that_only_a_page_shows_is_kept_too(store):
    shown = rendering(commit(), tree="")
    store.save(found(shown, origin=CGIT), NOW)
    stored = store.get(shown.sha)
    assert stored.commit == shown
    assert (stored.mainline, stored.release, stored.patch_id, stored.files) == (
        "not checked", None, None, (),
    )  # fmt: skip
    assert store.raw(shown.sha) is diff_of(store, shown.sha) is None
    assert list(verify(store.conn)) == []


def test_what_git_puts_in_the_place_of_a_commit_is_not_taken_for_it(store):
    """``git replace`` answers with another object under the same name."""
    full = commit()
    store.save(found(replace(full, raw=b"tree of another")), NOW)
    assert store.raw(full.sha) is None
    assert list(verify(store.conn)) == []


def test_a_merge_and_a_first_commit(store):
    merge = commit("Merge branch 'mm'", "", ("12" * 20, "34" * 20))
    first = commit("Begin", "", ())
    store.save(found(merge), NOW)
    store.save(found(first, diff=b""), NOW)
    assert store.get(merge.sha).commit.parents == merge.parents
    assert store.get(first.sha).commit.parents == ()
    query = "SELECT sha, is_merge, additions FROM git_commit"
    assert set(store.conn.execute(query)) == {(merge.sha, 1, None), (first.sha, 0, 0)}
    assert list(verify(store.conn)) == []


def test_what_is_not_what_it_says_is_refused(store):
    with pytest.raises(ValueError, match="found, but not"):
        store.save(Resolved("0123456", "found", CLONE), NOW)
    with pytest.raises(ValueError, match="found, but not"):
        store.save(found(commit(), name="v5.9"), NOW)
    assert not any(contents(store.conn).values())


def test_hashes_of_sha256_repositories_are_checked_as_such(store):
    raw = commit().raw
    full = parse_commit(sha_of(raw, 64), raw)
    store.save(found(full), NOW)
    assert store.raw(full.sha) == raw
    assert list(verify(store.conn)) == []


def test_the_message_of_a_commit_has_no_signature_and_no_footer():
    facts = message_facts("Text.\n-- \nSee commit 09854ba94c6a (\"mm: x\").\n\nOn Monday, Bo wrote:\n"
                          "> commit 1234567890ab\n")  # fmt: skip
    assert [value for _, value, *_ in facts.citations] == ["09854ba94c6a"]


def test_the_citations_of_a_message_are_those_of_its_trailers_and_its_prose(store):
    full = commit()
    store.save(found(full), NOW)
    rows = store.conn.execute("SELECT kind, value, title FROM commit_citation ORDER BY position")
    assert rows.fetchall() == [
        ("commit", "09854ba94c6a", "mm: count pages once"),
        ("message", "first.1@example.org", ""),
        ("message", "second.2@example.org", ""),
        ("release", "5.9", ""),
    ]


LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=12)


@given(st.lists(LINES, min_size=1, max_size=4), st.lists(LINES, max_size=4))
def test_a_diff_has_the_patch_id_of_the_mail_that_posted_it(removed, added):
    head = f"--- a/f.c\n+++ b/f.c\n@@ -1,{len(removed)} +1,{len(added)} @@\n"
    diff = "diff --git a/f.c b/f.c\nindex 0123456..789abcd 100644\n" + head
    diff += "".join(f"-{line}\n" for line in removed) + "".join(f"+{line}\n" for line in added)
    mail = f"Why.\n\nSigned-off-by: Ann Lee <ann@example.org>\n---\n\n{diff}-- \n2.40.0\n"
    posted = parse_patch(mail, blocks(mail))
    facts = diff_facts(diff.encode())
    assert facts.patch_id == posted.patch_id is not None
    assert (facts.additions, facts.deletions) == (len(added), len(removed))


@pytest.mark.parametrize("line", [b"caf\xe9", b"\xff\xfe", b"na\xc3\xafve caf\xe9"])
def test_a_diff_in_another_charset_has_the_patch_id_of_its_mail(line):
    diff = b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n+" + line + b"\n"
    head = b"From: Ann <ann@example.org>\nSubject: [PATCH] x\nMessage-ID: <a@example.org>\n"
    head += b"Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n"
    posted = parse(head + b"Why.\n---\n" + diff)
    patch = parse_patch(posted.body, blocks(posted.body))
    assert diff_facts(diff).patch_id == patch.patch_id is not None


# -- several answers -------------------------------------------------------------------


def answers(full: Commit) -> list[Resolved]:
    name = full.sha[:12]
    return [
        found(full, mainline="yes", checked_against="v6.0", release="v5.9-rc5"),
        found(full, origin=OLD_CLONE, mainline="no", checked_against="v5.8", diff=DIFF),
        found(rendering(full, tree=""), origin=CGIT, diff=DIFF),
        found(rendering(full), origin="https://mirror.example.org", name=full.sha),
        Resolved(name, "unknown", "https://small.example.org"),
        Resolved(name, "ambiguous", "/git/large", candidates=(f"{full.sha} mm: count pages",)),
        Resolved(name, "not-a-commit", "/git/odd"),
        Resolved(name, "unclear", "https://odd"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_answers_does_not_matter(builder_class, data):
    chosen = data.draw(st.lists(st.sampled_from(answers(commit())), min_size=1, max_size=9))
    shuffled = data.draw(st.permutations(chosen))
    kept = []
    for order in (chosen, shuffled):
        builder = builder_class.in_memory()
        store = CommitStore(builder.conn)
        for one in order:
            store.save(one, NOW)
        # Who told the message is whoever did first, of those who told all of it.
        kept.append(contents(builder.conn, without=("origin",)))
        kept[-1]["answer"] = [store.answer(commit().sha[:12]), store.answer(commit().sha)]
        assert list(verify(builder.conn)) == []
        builder.close()
    assert kept[0] == kept[1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(answers(commit())), max_size=6))
def test_no_answer_takes_away_from_what_is_known(builder_class, order):
    builder = builder_class.in_memory()
    store, full = CommitStore(builder.conn), commit()
    strengths = ["not checked", "no", "yes"]
    states = [None, "unknown", "unclear", "not-a-commit", "ambiguous", "found"]
    before: tuple[Any, ...] = (0, False, False, False, False, 0)
    for one in order:
        store.save(one, NOW)
        stored, answer = store.get(full.sha), store.answer(full.sha[:12])
        after = (
            strengths.index(stored.mainline) if stored else 0,
            bool(stored and stored.release), bool(stored and stored.commit.tree),
            store.raw(full.sha) is not None, diff_of(store, full.sha) is not None,
            states.index(answer.state if answer else None),
        )  # fmt: skip
        assert all(new >= old for old, new in zip(before, after, strict=True))
        before = after
    builder.close()


def test_a_newer_answer_of_the_clone_replaces_its_older_one(store):
    full = commit()
    store.save(found(full, mainline="no", checked_against="v5.8"), NOW)
    store.save(found(full, mainline="yes", checked_against="v5.9-rc4"), NOW)
    assert store.unreleased(CLONE, "1") == [full.sha]
    store.save(found(full, mainline="yes", checked_against="v5.9", release="v5.9-rc5"), LATER)
    stored = store.get(full.sha)
    assert (stored.mainline, stored.checked_against, stored.release, stored.resolved_utc) == (
        "yes", "v5.9", "v5.9-rc5", LATER,
    )  # fmt: skip
    assert store.unreleased(CLONE, "1") == []


def test_a_clone_is_asked_for_unreleased_commits_when_its_refs_have_changed(store):
    full = commit()
    store.save(found(full, origin=CGIT), NOW)
    assert store.unreleased(CLONE, "1") == [full.sha]
    store.save(Resolved(full.sha, "unknown", CLONE), NOW, refs="1")
    assert (store.unreleased(CLONE, "1"), store.unreleased(CLONE, "2")) == ([], [full.sha])
    assert store.unreleased(OLD_CLONE, "1") == [full.sha]
    store.save(found(full), NOW, refs="2")
    store.save(Resolved(full.sha, "unknown", CLONE), NOW, refs="3")  # says less than before
    assert store.said(full.sha) == {CGIT: "found", CLONE: "found"}
    assert store.unreleased(CLONE, "3") == []


def test_what_a_clone_did_not_find_stands_as_long_as_its_refs(store):
    store.save(Resolved("1111111", "unknown", CLONE), NOW, refs="1")
    store.save(Resolved("1111111", "unknown", CGIT), NOW)
    store.save(Resolved("2222222", "ambiguous", OLD_CLONE), NOW, refs="1")
    store.save(found(commit()), NOW, refs="1")
    both = {CLONE: "unknown", CGIT: "unknown"}
    assert store.said("1111111") == store.said("1111111", clone=CLONE, refs="1") == both
    assert store.said("1111111", clone=CLONE, refs="2") == {CGIT: "unknown"}
    assert store.said(commit().sha, clone=CLONE, refs="2") == {CLONE: "found"}
    assert store.unsettled(CLONE, "1") == ["2222222"]
    assert store.unsettled(CLONE, "2") == ["1111111", "2222222"]
    assert store.unsettled(OLD_CLONE, "1") == ["1111111"]


def test_the_hash_of_a_tag_is_a_name_of_its_commit(store):
    full = commit()
    store.save(found(full, name="f" * 40), NOW)
    store.save(found(full, name="f" * 9), NOW)
    assert store.answer("f" * 40).sha == store.answer("f" * 9).sha == full.sha
    assert store.get("f" * 40).commit.subject == "mm: count pages"
    assert list(verify(store.conn)) == []


def test_the_only_commit_here_is_not_guessed_to_be_the_ambiguous_one(store):
    full = commit()
    store.save(found(full), NOW)
    assert store.get(full.sha[:7]).commit.sha == full.sha
    store.save(Resolved(full.sha[:7], "ambiguous", CLONE), NOW)
    assert store.get(full.sha[:7]) is None


def test_a_release_stays_until_an_answer_as_strong_names_one(store):
    full = commit()
    store.save(found(full, mainline="no", checked_against="v5.8", release="v5.4.7"), NOW)
    store.save(found(full, mainline="yes", checked_against="v5.9-rc4"), NOW)
    assert store.get(full.sha).release == "v5.4.7"
    store.save(found(full, mainline="yes", checked_against="v5.9", release="v5.9-rc5"), NOW)
    store.save(found(full, mainline="no", checked_against="v5.8", release="v5.4.7"), LATER)
    stored = store.get(full.sha)
    assert (stored.mainline, stored.checked_against, stored.release) == ("yes", "v5.9", "v5.9-rc5")


def test_parents_that_a_page_shows_do_not_replace_those_of_the_object(store):
    full = commit()
    store.save(found(rendering(full, parents=("cd" * 20, "ef" * 20)), origin=CGIT), NOW)
    store.save(found(rendering(full, parents=()), origin=CGIT), NOW)
    assert store.get(full.sha).commit.parents == ("cd" * 20, "ef" * 20)
    for shown in (full, rendering(full, parents=("cd" * 20, "ef" * 20))):
        store.save(found(shown), NOW)
        assert store.get(full.sha).commit.parents == full.parents
        assert list(verify(store.conn)) == []


def test_a_page_read_anew_replaces_a_page_and_never_the_object(store):
    full = commit()
    shown = rendering(full, body="Cut off\n\nFixes: 1234567890ab")
    store.save(found(shown, origin=CGIT), NOW)
    assert store.get(full.sha).trailers[0][1] == "1234567890ab"
    store.save(found(full), NOW)
    assert store.get(full.sha).commit == rendering(full)
    assert len(store.get(full.sha).trailers) == 6
    store.save(found(shown, origin=CGIT), LATER)
    assert store.get(full.sha).commit == rendering(full)
    assert store.get(full.sha).origin == CLONE


def test_each_origin_has_its_own_say_and_the_best_is_the_answer(store):
    name = commit().sha[:7]
    store.save(Resolved(name, "unknown", CGIT), NOW)
    assert (store.answer(name).state, store.answer(name).origin) == ("unknown", CGIT)
    candidates = (f"{name}{'0' * 33} mm: one", f"{name}{'1' * 33} mm: two")
    store.save(Resolved(name, "ambiguous", CLONE, candidates=candidates), LATER)
    assert store.answer(name).candidates == candidates
    store.save(Resolved(name, "ambiguous", OLD_CLONE, candidates=candidates[:1]), LATER)
    assert store.answer(name).candidates == candidates
    store.save(Resolved(name, "unknown", CLONE), LATER)
    assert (store.answer(name).state, store.answer("other")) == ("ambiguous", None)
    assert list(verify(store.conn)) == []
    store.save(found(commit(), name=name, origin=CGIT), LATER)
    answer = store.answer(name)
    assert (answer.state, answer.sha, answer.candidates) == ("found", commit().sha, ())
    store.save(Resolved(name, "unknown", CGIT), LATER)
    assert store.answer(name).state == "found"


def test_of_two_commits_under_one_name_that_of_the_mainline_is_meant(store):
    one, two = found_with_one_beginning()
    store.save(found(one, name=one.sha[:1], mainline="yes", checked_against="v5.9"), NOW)
    store.save(found(two, name=one.sha[:1], origin=CGIT), LATER)
    assert store.answer(one.sha[:1]).sha == one.sha
    assert store.get(one.sha[:1]).commit.subject == one.subject
    assert store.get(two.sha).commit.subject == two.subject


def found_with_one_beginning() -> tuple[Commit, Commit]:
    made: dict[str, Commit] = {}
    for number in itertools.count():
        one = commit(f"mm: number {number}")
        if one.sha[0] in made:
            return made[one.sha[0]], one
        made[one.sha[0]] = one
    raise AssertionError


def test_a_beginning_that_fits_two_commits_is_neither(store):
    one, two = found_with_one_beginning()
    for each in (one, two):
        store.save(found(each, name=each.sha), NOW)
    assert store.get(one.sha[0]) is None
    assert store.matching(one.sha[0].upper()) == sorted(
        [(one.sha, one.subject), (two.sha, two.subject)]
    )
    assert store.matching(one.sha[0], limit=1)[0][0] == min(one.sha, two.sha)
    assert store.get("f" * 40) is None
    assert store.get(one.sha.upper()).commit.subject == one.subject


def test_many_answers_can_be_one_transaction(store):
    store.conn.execute("BEGIN")
    store.save(found(commit()), NOW)
    assert store.conn.in_transaction
    store.conn.rollback()
    assert store.get(commit().sha) is None


# -- looking ---------------------------------------------------------------------------


def test_commits_lost_names_and_fetches_are_counted(builder, store):
    store.save(found(commit()), NOW)
    for name, state in (("11", "unknown"), ("22", "unknown"), ("33", "ambiguous")):
        store.save(Resolved(name, state, CGIT), NOW)
    store.save(Resolved("33", "unknown", CLONE), LATER)
    queue = FetchQueue(builder.conn)
    for name in ("a", "b", "c"):
        queue.add("thread", name, NOW)
    queue.skipped(1, "x")
    counted = stats(builder.conn)
    assert counted.commits == commit_count(builder.conn) == 1
    assert counted.lost_commits == {"unknown": 2, "ambiguous": 1}
    assert counted.fetches == {"waiting": 2, "skipped": 1}


@pytest.mark.parametrize(
    ("where", "index"),
    [
        ("author_email = 'ann@example.org'", "git_commit_by_author"),
        ("release = 'v5.9'", "git_commit_by_release"),
        ("patch_id = 'x'", "git_commit_by_patch_id"),
        ("sha >= '09' AND sha < '09g'", "sqlite_autoindex_git_commit_1"),
    ],
)
def test_what_is_asked_often_has_an_index(builder, where, index):
    plan = builder.execute(f"EXPLAIN QUERY PLAN SELECT subject FROM git_commit WHERE {where}")
    assert any(index in row[3] for row in plan)


def test_reading_needs_no_writing_connection(builder, store):
    store.save(found(commit(), diff=DIFF), NOW)
    with closing(builder.read()) as conn:
        assert CommitStore(conn).get(commit().sha).commit.subject == "mm: count pages"
        assert diff_of(CommitStore(conn), commit().sha) == DIFF


def test_a_database_in_memory_will_do():
    with closing(open_write(":memory:")) as db:
        CommitStore(db.conn).save(found(commit()), NOW)
        assert CommitStore(db.conn).answer(commit().sha).state == "found"

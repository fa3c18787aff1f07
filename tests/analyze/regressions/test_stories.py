"""Stories of fixes that broke something, and regressions as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.analyze.regressions.made import (
    BAD,
    CULPRIT,
    FIX,
    SECOND_FIX,
    STABLE_FIX,
    command,
    commit,
    mail,
    report,
)
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.export import as_json
from threadkit.analyze.regressions.facts import CommitFacts, CuratedFact
from threadkit.analyze.regressions.stories import Story, chains, story_lines

A = report("a", 10, culprit=BAD[:12], subject="no sound")
B = report("b", 30, culprit=FIX[:12], who="bo", subject="no video")
FIRST = commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"), subject="alsa: one")
SECOND = commit(
    SECOND_FIX, 40, ("fixes", FIX[:12]), ("closes", "b@example.org"), subject="alsa: two"
)
COMMITS = [CULPRIT, FIRST, SECOND]


def told() -> list[Story]:
    return chains(assemble([A, B], COMMITS), COMMITS)


def test_a_fix_that_broke_something_goes_on() -> None:
    [story] = told()
    assert story.path == (BAD, FIX, SECOND_FIX)
    assert story.regressions == ("a@example.org", "b@example.org")
    assert story_lines(story) == [
        f'{BAD[:12]} ("alsa: rework the mixer") (2024-01-01, v6.8-rc1)',
        "  broke: no sound (2024-01-10, after 8.9 days, fixed)",
        f'    fixed by {FIX[:12]} ("alsa: one") (2024-01-20, after 10.1 days, v6.9-rc1)',
        "      broke: no video (2024-02-02, after 12.9 days, fixed)",
        f'        fixed by {SECOND_FIX[:12]} ("alsa: two") (2024-02-12, after 10.1 days, v6.9-rc1)',
    ]


def test_a_fix_written_before_the_report_is_not_said_to_come_after_it() -> None:
    early = replace(FIRST, author_utc="2024-01-07T12:00:00Z", committer_utc=None)
    [story] = chains(assemble([A, B], [CULPRIT, early, SECOND]), [CULPRIT, early, SECOND])
    fixed = story_lines(story)[2]
    assert fixed.endswith('("alsa: one") (2024-01-07, written 2.9 days before, v6.9-rc1)')


def test_a_fix_applied_before_the_report_says_so() -> None:
    early = replace(FIRST, committer_utc="2024-01-07T12:00:00Z")
    [story] = chains(assemble([A, B], [CULPRIT, early, SECOND]), [CULPRIT, early, SECOND])
    assert "(2024-01-07, 2.9 days before, v6.9-rc1)" in story_lines(story)[2]


def test_one_regression_and_its_fix_are_no_story() -> None:
    assert chains(assemble([A], [CULPRIT, FIRST]), [CULPRIT, FIRST]) == []


def test_two_things_that_one_commit_broke_are_one_story() -> None:
    other = report("c", 12, culprit=BAD[:12], who="cy", mechanisms=frozenset({"swap"}))
    one = report("a", 10, culprit=BAD[:12], mechanisms=frozenset({"dax"}))
    [story] = chains(assemble([one, other], [CULPRIT]), [CULPRIT])
    assert story.regressions == ("a@example.org", "c@example.org")


def test_a_commit_that_only_names_it_in_fixes_and_a_revert_are_told_as_such() -> None:
    more = [
        *COMMITS,
        commit("aaaa" * 10, 50, ("fixes", BAD[:12]), subject="alsa: more"),
        commit("bbbb" * 10, 60, ("reverts", BAD), subject="Revert it"),
        commit(STABLE_FIX, 61, ("backports", FIX), ("fixes", BAD[:12]), mainline="no"),
    ]
    [story] = chains(assemble([A, B], more), more)
    kinds = [(step.kind, step.name) for step in story.steps if step.depth == 1]
    assert kinds == [
        ("broke", "a@example.org"), ("repaired by", "aaaa" * 10), ("reverted by", "bbbb" * 10),
    ]  # fmt: skip


def test_a_ring_of_fixes_ends() -> None:
    first = commit(BAD, 1, ("fixes", FIX[:12]), ("closes", "b@example.org"))
    second = commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"))
    found = assemble([A, B], [first, second])
    [story] = chains(found, [first, second])
    assert len(story.path) == 2
    assert sorted(story.regressions) == ["a@example.org", "b@example.org"]
    assert any(step.again for step in story.steps)


def layers(many: int, wide: int) -> list[CommitFacts]:
    """Return commits in layers: each fixes all of the layer before, and closes a report."""
    found = []
    for number in range(many * wide):
        layer = number // wide
        above = range((layer - 1) * wide, layer * wide) if layer else ()
        named = [("fixes", f"{other + 1:012x}") for other in above]
        closes = [("closes", f"{number}@example.org")] if layer else []
        found.append(commit(f"{number + 1:012x}".ljust(40, "0"), 1 + layer % 300, *named, *closes,
                            subject=f"mm: {number}"))  # fmt: skip
    return found


def test_a_story_may_be_thousands_of_fixes_deep() -> None:
    commits = layers(3000, 1)
    [story] = chains(assemble([], commits), commits)
    assert (len(story.path), len(story.regressions)) == (3000, 2999)
    assert story.steps[-1].depth == 2 * 2999
    assert max(len(line) - len(line.lstrip()) for line in story_lines(story)) == 80


def test_ways_that_meet_are_walked_once() -> None:
    commits = layers(60, 3)  # 3 ** 59 ways
    stories = chains(assemble([], commits), commits)
    assert [len(story.path) for story in stories] == [60, 60, 60]


def test_the_json_has_the_fields_of_the_tracker_and_the_evidence() -> None:
    tracked = mail("t", 11, command("introduced", f"{BAD[:12]} ^"), to="a", who="tracker")
    found = assemble([A, B, tracked], COMMITS)
    first, _ = as_json(found, chains(found, COMMITS), {BAD: "mainline"})
    json.dumps(first)
    wanted = {"id": "a@example.org", "introduced": BAD[:12], "subject": "no sound",
              "tree": "mainline", "timestamp": "2024-01-10T09:00:00Z", "url_regzbot": None,
              "identified": True, "introduced_url": f"https://git.kernel.org/linus/{BAD}"}  # fmt: skip
    assert {name: first[name] for name in wanted} == wanted
    assert first["regzbot_commands"] == [
        {"command": f"introduced: {BAD[:12]}", "author": "Tracker",
         "url": "https://lore.kernel.org/all/t@example.org/", "timestamp": "2024-01-11T09:00:00Z"}
    ]  # fmt: skip
    assert first["solved"] == {
        "reason": "fixed", "commit": FIX, "subject": "alsa: one",
        "url": f"https://git.kernel.org/linus/{FIX}",
        "git_readable": f'{FIX[:12]} ("alsa: one")', "timestamp": "2024-01-20T12:00:00Z",
    }  # fmt: skip
    assert [one["state"] for one in first["state_history"]] == ["open", "fixed"]
    assert first["chains"] == [(BAD, FIX, SECOND_FIX)]
    assert {one["rule"] for one in first["evidence"]} > {"bisected-to", "regzbot-introduced"}


def test_the_saga_of_the_seed_comes_out_whole() -> None:
    """The chain of 17839856fd58 and 09854ba94c6a, with its commits as trailers tell it."""
    old, new = "17839856fd58" + "0" * 28, "09854ba94c6a" + "0" * 28
    uffd, revert = "uffd@example.org", "a308c71bf1e6" + "0" * 28
    fixes = ("be068f29034f", "feb889fb40fa", "6ce64428d620", "f4c4a3f48480", "80d47f5de5e3",
             "c145e0b47c77", "008cfe4418b3")  # fmt: skip
    commits = [
        commit(old, 1, subject="gup: document and work around it"),
        commit(new, 10, ("fixes", old[:12]), ("closes", uffd), subject="mm: do_wp_page()"),
        commit(revert, 11, ("reverts", old), subject="mm/gup: Remove enforced COW"),
        *(
            commit(name + "0" * 28, 20 + at, ("fixes", new[:12]), ("closes", f"r{at}@example.org"),
                   ("reporter", f"p{at}@example.org"), subject=f"mm: mend {at}")
            for at, name in enumerate(fixes)
        ),
        commit("6c287605fd56" + "0" * 28, 60, subject="mm: remember exclusively mapped pages"),
    ]  # fmt: skip
    found = assemble([], commits)
    assert len(found) == 8
    [story] = chains(found, commits)
    assert story.root == old
    assert story.path[:2] == (old, new)
    assert len(story.path) == 3
    fixed = {step.name[:12] for step in story.steps if step.kind == "fixed by"}
    assert fixed == {new[:12], *fixes}
    assert ("reverted by", revert) in {(step.kind, step.name) for step in story.steps}
    assert all(one.state == "fixed" for one in found)


def test_curated_facts_fill_in_what_no_trailer_tells() -> None:
    old, new, revert = (
        name + "0" * 28 for name in ("17839856fd58", "09854ba94c6a", "a308c71bf1e6")
    )
    locked, rdma = "be068f29034f" + "0" * 28, "008cfe4418b3" + "0" * 28
    commits = [
        commit(old, 1, subject="gup: work around"),
        commit(new, 10, subject="mm: simplification"),
        commit(revert, 11, subject="mm/gup: remove"),
        commit(locked, 20, ("fixes", new[:12]), ("reporter", "q@example.org"), subject="mm: unlock"),
        commit(rdma, 21, subject="mm: has_pinned"),
    ]  # fmt: skip
    curated = [
        CuratedFact("write-protected pages hang", old[:12], reporter="Pat", fixes=(new[:12],),
                    source="a book", mechanisms=frozenset({"uffd-wp"})),
        CuratedFact("writes to device memory fail", old[:12], reporter="Mick", fixes=(new[:12],),
                    source="a book"),
        CuratedFact("page unlocked twice", new[:12], reporter="Quin", fixes=(locked[:12],),
                    source="a book"),
        CuratedFact("memory registered before fork is lost", new[:12], reporter="Jay",
                    reported_utc="2024-01-12", fixes=(rdma[:12],), source="a book"),
    ]  # fmt: skip
    found = assemble([], commits, curated=curated)
    assert sorted((one.title, one.origin, one.state) for one in found) == [
        ("memory registered before fork is lost", "curated", "fixed"),
        ("page unlocked twice", "commit", "fixed"),
        ("write-protected pages hang", "curated", "fixed"),
        ("writes to device memory fail", "curated", "fixed"),
    ]
    assert len({one.key for one in found}) == 4
    [story] = chains(found, commits)
    assert story.path in ((old, new, locked), (old, new, rdma))
    told = [(step.depth, step.kind) for step in story.steps]
    assert told.count((3, "broke")) == 2
    assert told.count((1, "broke")) == 2


def test_a_commit_that_fixed_what_no_commit_had_broken_still_begins_the_story() -> None:
    mails = [
        report("c", 1, culprit="", subject="no microphone"),
        *(A, B),
        report("d", 50, culprit=SECOND_FIX[:12], who="cy", subject="no network"),
    ]
    third = commit(STABLE_FIX, 60, ("fixes", SECOND_FIX[:12]), ("closes", "d@example.org"))
    begins = commit(BAD, 2, ("closes", "c@example.org"), subject="alsa: rework the mixer")
    undated = replace(begins, author_utc=None, committer_utc=None)
    for first in (begins, undated):
        commits = [first, FIRST, SECOND, third]
        [story] = chains(assemble(mails, commits), commits)
        assert story.path == (BAD, FIX, SECOND_FIX, STABLE_FIX)

"""Which reports are one regression, and which are kept apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.made import (
    BAD,
    CULPRIT,
    FIX,
    LORE,
    SECOND_FIX,
    command,
    commit,
    mail,
    report,
    said,
)
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.facts import CommitFacts, MailSignals


def keys(found: list[MailSignals], *commits: object) -> list[list[str]]:
    """Return the reports of each regression."""
    return [
        [one.message_id.partition("@")[0] for one in each.reports]
        for each in assemble(found, commits)  # type: ignore[arg-type]
    ]


A = report("a", 10, culprit=BAD[:12])
B = report("b", 12, culprit=BAD[:10], who="bo", subject="crash in the mixer")


def test_one_culprit_reported_twice_is_one_regression_with_two_reports() -> None:
    [found] = assemble([A, B])
    assert [one.message_id for one in found.reports] == ["a@example.org", "b@example.org"]
    assert found.key == "a@example.org"
    assert found.reporters == ("Ada", "Bo")


def test_two_causes_are_two() -> None:
    other = report("b", 12, culprit="3bad" * 3, who="bo")
    assert keys([A, other]) == [["a"], ["b"]]


def test_what_tracking_holds_apart_stays_apart_and_is_listed() -> None:
    told = [
        mail(f"t{name}", 13, command("introduced", f"{BAD[:12]} ^"), to=name) for name in ("a", "b")
    ]
    first, second = assemble([A, B, *told])
    assert first.maybe_same == (("b@example.org", "same culprit; tracked as two"),)
    assert second.maybe_same == (("a@example.org", "same culprit; tracked as two"),)


def test_duplicates_join_both_ways_and_the_older_report_wins() -> None:
    told = [
        mail(f"t{name}", 13, command("introduced", f"{BAD[:12]} ^"), to=name) for name in ("a", "b")
    ]
    for here, there in (("a", "b"), ("b", "a")):
        dup = mail("d", 14, command("duplicate", f"{LORE}{there}@example.org/"), to=here)
        [found] = assemble([A, B, *told, dup])
        assert found.key == "a@example.org"
        assert found.duplicates == ("b@example.org",)


def test_different_fixes_hold_apart() -> None:
    fixes = [
        commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"), subject="alsa: one"),
        commit(SECOND_FIX, 21, ("fixes", BAD[:12]), ("closes", "b@example.org"), subject="two"),
    ]
    first, second = assemble([A, B], [CULPRIT, *fixes])
    assert [one.fixes[0].sha for one in (first, second)] == [FIX, SECOND_FIX]
    assert first.maybe_same[0][1] == "same culprit; fixed by different changes"


def test_different_ways_to_break_hold_apart() -> None:
    one = report("a", 10, culprit=BAD[:12], mechanisms=frozenset({"swap"}))
    other = report("b", 12, culprit=BAD[:12], who="bo", mechanisms=frozenset({"dax"}))
    assert keys([one, other]) == [["a"], ["b"]]


def test_a_report_after_the_fix_is_of_something_else() -> None:
    fix = commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"))
    late = report("b", 40, culprit=BAD[:12], who="bo", subject="crash in the mixer")
    assert keys([A, late], CULPRIT, fix) == [["a"], ["b"]]


def test_who_could_be_of_two_is_of_none() -> None:
    one = report("a", 10, culprit=BAD[:12], mechanisms=frozenset({"swap"}))
    other = report("b", 12, culprit=BAD[:12], who="bo", mechanisms=frozenset({"dax"}))
    third = report("c", 13, culprit=BAD[:12], who="cy", subject="odd", mechanisms=frozenset())
    found = assemble([one, other, third])
    assert [len(each.reports) for each in found] == [1, 1, 1]
    assert [key for key, _ in found[2].maybe_same] == ["a@example.org", "b@example.org"]


def test_a_merge_as_the_culprit_joins_nothing() -> None:
    found = []
    for name, who in (("a", "ada"), ("b", "bo")):
        cause = said("culprit", BAD[:12], "Merge tag 'sound-6.8'", rule="bisected-to")
        found.append(report(name, 10, cause, who=who))
    assert keys(found) == [["a"], ["b"]]


def test_me_too_in_one_conversation_is_a_second_report() -> None:
    other = report("b", 12, to="a", who="bo")
    assert keys([A, other]) == [["a", "b"]]


def test_who_writes_again_reports_nothing_new() -> None:
    again = report("b", 12, to="a")
    assert keys([A, again]) == [["a"]]


def test_a_report_that_wakes_an_old_conversation_stands_alone() -> None:
    late = report("b", 150, to="a", who="bo", culprit=BAD[:12])
    first, second = assemble([A, late])
    assert [one.key for one in (first, second)] == ["a@example.org", "b@example.org"]
    assert second.maybe_same[0][1] == "same culprit; reported anew in an old conversation"


def test_a_commit_and_the_report_it_names_are_one() -> None:
    fix = commit(FIX, 20, ("fixes", BAD[:12]), ("reporter", "ada@example.org"))
    [found] = assemble([A], [CULPRIT, fix])
    assert (found.key, found.state, found.origin) == ("a@example.org", "fixed", "mail")


def test_one_fix_for_two_reports_makes_them_one() -> None:
    fix = commit(
        FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"), ("closes", "b@example.org")
    )
    tracked = mail("t", 13, command("introduced", f"{BAD[:12]} ^"), to="a")
    assert keys([A, B, tracked], CULPRIT, fix) == [["a", "b"]]


def test_a_tracking_mail_below_a_report_is_no_second_report() -> None:
    pointless = mail("t", 11, command("introduced", BAD[:12]), to="a", who="tracker")
    [found] = assemble([A, pointless])
    assert ([one.message_id for one in found.reports], found.tracked) == (["a@example.org"], True)


def test_a_mail_that_names_the_fix_names_the_case_that_the_commit_tells_of() -> None:
    told = said("fix", FIX[:12], "commit")
    blamed = report("a", 10, culprit="3bad" * 3)
    fix = commit(FIX, 20, ("fixes", BAD[:12]), ("reporter", "someone@example.org"))
    [found] = assemble([blamed, mail("s", 12, told, to="a", who="mo")], [CULPRIT, fix])
    assert (found.key, found.state) == ("a@example.org", "fixed")
    assert found.culprit is not None
    assert found.culprit.sha == BAD  # the trailer of the fix says more than prose


def test_a_reporter_alone_ties_nothing_and_is_listed() -> None:
    fix = commit(FIX, 20, ("fixes", BAD[:12]), ("reporter", "ada@example.org"))
    first, second = assemble([report("a", 10)], [CULPRIT, fix])
    why = "same reporter; the commit does not name the report"
    assert (first.maybe_same, second.maybe_same) == (((FIX, why),), (("a@example.org", why),))
    later = commit(FIX, 320, ("fixes", BAD[:12]), ("reporter", "bo@example.org"))
    assert [one.maybe_same for one in assemble([report("a", 10)], [CULPRIT, later])] == [(), ()]


def test_below_a_patch_the_subject_is_not_what_broke() -> None:
    answer = report("a", 10, to="p", subject="Re: [PATCH] alsa: rework the mixer")
    [found] = assemble([answer])
    assert found.title == "alsa: rework the mixer"
    fix = commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "a@example.org"), subject="alsa: mend")
    [found] = assemble([answer], [CULPRIT, fix])
    assert found.title == "alsa: mend"


def blamed(culprit: str, count: int) -> list[CommitFacts]:
    """Return that many commits which mend one, for as many reporters."""
    return [
        commit(f"{number:040x}", 20, ("fixes", culprit), ("reporter", f"{number}@example.org"),
               subject=f"mm: mend {number}")
        for number in range(1, count + 1)
    ]  # fmt: skip


def test_what_history_begins_with_joins_nothing() -> None:
    found = assemble([], blamed("1da177e4c3f4", 60))
    assert len(found) == 60
    assert not any(one.maybe_same for one in found)


def test_what_very_many_are_blamed_on_is_listed_with_the_first() -> None:
    first, *others = assemble([], blamed("1bad1bad1bad", 60))
    assert len(first.maybe_same) == len(others) == 59
    assert {one.maybe_same for one in others} == {((first.key, "same culprit, as of 59 others"),)}


@pytest.mark.parametrize("count", [2, 40, 41, 2000])
def test_any_number_of_like_reports_of_one_culprit_is_one_regression(count: int) -> None:
    mails = [report(f"r{at}", 10, culprit=BAD[:12], who=f"w{at}") for at in range(count)]
    [found] = assemble(mails)
    assert len(found.reports) == count
    assert assemble(reversed(mails)) == [found]


def test_a_title_joins_nothing_over_a_fix() -> None:
    mails = [report(f"r{at}", 10 + 5 * at, culprit=BAD[:12], who=f"w{at}") for at in range(50)]
    fix = commit(FIX, 60, ("fixes", BAD[:12]), ("closes", "r0@example.org"))
    found = assemble(mails, [CULPRIT, fix])
    assert sorted(len(one.reports) for one in found) == [
        1,
        10,
        39,
    ]  # those between could be of either


def test_a_robot_with_thousands_of_reports_ties_nothing() -> None:
    mails = [report(f"r{at}", 10, who="robot", subject=f"f{at} fails") for at in range(2000)]
    fixes = [
        commit(f"{at:040x}", 20, ("fixes", f"{at + 9000:012x}"), ("reporter", "robot@example.org"),
               subject=f"mm: mend {at}")
        for at in range(1, 2001)
    ]  # fmt: skip
    found = assemble(mails, fixes)
    assert len(found) == 4000
    assert not any(one.maybe_same for one in found)


def test_thousands_that_name_each_other_as_duplicates_are_one() -> None:
    mails = [
        report(f"r{at}", 10, command("introduced", f"{at:012x}"),
               command("duplicate", f"{LORE}r{at + 1}@example.org/"), who=f"w{at}")
        for at in range(2000)
    ]  # fmt: skip
    [found] = assemble(mails)
    assert len(found.reports) == 2000


def test_two_that_duplicate_what_is_not_here_are_one() -> None:
    dup = command("duplicate", f"{LORE}gone@example.org/", at=40)
    mails = [
        report(name, 10, command("introduced", cause), dup, who=name)
        for name, cause in (("a", "1" * 12), ("b", "2" * 12))
    ]
    [found] = assemble(mails)
    assert found.reporters == ("A", "B")


@given(st.data())
def test_the_order_of_what_comes_in_decides_nothing(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=2))
    causes = data.draw(st.lists(st.sampled_from([BAD[:12], "77" * 6]), min_size=8, max_size=8))
    days = data.draw(st.lists(st.integers(5, 60), min_size=8, max_size=8))
    closed = data.draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    mails = [
        report(name, day, culprit=cause, who=data.draw(st.sampled_from(["ada", "bo", name])),
               subject=data.draw(st.sampled_from(["no sound", "no video at all"])))
        for name, cause, day in zip(names, causes, days, strict=False)
    ]  # fmt: skip
    fixes = [
        commit(sha, 30, ("fixes", BAD[:12]), ("closes", f"{name}@example.org"), subject=sha[:4])
        for sha, name in zip((FIX, SECOND_FIX), closed, strict=False)
    ]
    wanted = assemble(mails, fixes)
    mixed = data.draw(st.permutations(mails)), data.draw(st.permutations(fixes))
    assert assemble(*mixed) == wanted

"""Which case a mail belongs to, in conversations of any depth."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.analyze.regressions.made import BAD, FIX, LORE, command, mail, patch, report, said
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.cases import Conversations
from threadkit.analyze.regressions.facts import MailSignals
from threadkit.analyze.regressions.values import Signal

DEEP = 10_000  # squared it would take minutes
TOO = said("report", detail="also", rule="report.same", score=0.65)


def chain(count: int, *signals: Signal, **knobs: object) -> list[MailSignals]:
    """Return mails of which each answers the one before."""
    return [
        mail(f"m{at}", 1 + at * 60 // count, *signals, to=f"m{at - 1}" if at else "", root="m0",
             who=f"w{at % 50}", **knobs)  # type: ignore[arg-type]
        for at in range(count)
    ]  # fmt: skip


def test_a_chain_that_reports_nothing_is_walked_once() -> None:
    assert assemble(chain(DEEP)) == []


def test_a_report_at_the_end_of_a_long_chain_and_a_fix_below_it() -> None:
    last = report("r", 60, culprit=BAD[:12], to=f"m{DEEP - 1}", root="m0", who="eve")
    answer = patch("p", 61, to="r", root="m0", who="mo")
    [found] = assemble([*chain(DEEP), last, answer])
    assert (found.key, [fix.name for fix in found.fixes]) == ("r@example.org", ["p@example.org"])


@pytest.mark.parametrize(
    ("signals", "knobs", "reports"),
    [
        ([said("report"), said("culprit", BAD[:12], at=9)], {"report": 0.9}, [50]),
        ([TOO], {"report": 0.65}, [50]),
        ([said("culprit", BAD[:12], rule="bisected-to")], {}, [1]),
        ([command("introduced", BAD[:12])], {}, [1]),
        ([said("fix", FIX[:12], "commit", score=0.7)], {"patch": True}, []),
    ],
)
def test_a_chain_in_which_each_mail_says_something(
    signals: list[Signal], knobs: dict[str, object], reports: list[int]
) -> None:
    found = assemble(chain(DEEP // 5, *signals, **knobs))
    assert [len(one.reports) for one in found] == reports


def test_thousands_of_links_to_bugs_are_looked_up_one_by_one() -> None:
    url = "https://bugzilla.kernel.org/show_bug.cgi?id="
    mails = [
        report(f"r{at}", 10, command("introduced", f"{at + 1:012x} {url}{at}", at=40), who=f"w{at}")
        for at in range(2000)
    ]
    mends = [
        patch(f"p{at}", 12, said("closes", f"{url}{at}", "Closes", rule="trailer-closes"), who="mo")
        for at in range(2000)
    ]
    found = assemble([*mails, *mends])
    assert len(found) == 2000
    assert all(len(one.fixes) == 1 for one in found)


def test_the_nearest_is_remembered_for_all_that_was_walked() -> None:
    talk = Conversations(chain(5))
    known: dict[str, str | None] = {}
    asked: list[str] = []

    def wanted(name: str) -> bool:
        asked.append(name)
        return name == "m1@example.org"

    assert talk.nearest("m4@example.org", wanted, known) == "m1@example.org"
    assert talk.nearest("m3@example.org", wanted, known) == "m1@example.org"
    assert talk.nearest("m0@example.org", wanted, known) is None
    assert asked == [f"m{at}@example.org" for at in (4, 3, 2, 1, 0)]


def keys(mails: Iterable[MailSignals]) -> list[tuple[str, list[str]]]:
    return [(one.key, [fix.name for fix in one.fixes]) for one in assemble(mails)]


def test_a_posted_patch_with_the_title_that_a_command_expects_belongs_to_the_case() -> None:
    tracked = report("r", 10, command("introduced", BAD[:12], at=40))
    named = mail("n", 11, command("fix", "alsa: mend it"), to="r", who="tom")
    posted = patch("p", 12, subject="[PATCH v2 2/3] alsa: mend it", who="mo")
    works = mail("w", 13, said("works", "6.9", "release"), to="p", who="ada")
    [found] = assemble([tracked, named, posted, works])
    assert [(fix.title, fix.message_id) for fix in found.fixes] == [
        ("alsa: mend it", "p@example.org"),
    ]  # fmt: skip
    assert found.works == ("6.9",)
    other = patch("p", 12, subject="[PATCH] alsa: mend it, part 2", who="mo")
    assert assemble([tracked, named, other, works])[0].works == ()


def test_a_command_that_relates_may_use_the_report_of_another_conversation() -> None:
    tracked = report("r", 10, command("introduced", BAD[:12], at=40))
    use = command("use", f"{LORE}r@example.org/")
    relate = command("relate", f"{LORE}o@example.org/", at=30)
    talk = [
        mail("o", 9, who="mo"),
        mail("f", 14, said("fix", FIX[:12], "commit", score=0.7), to="o", root="o", who="mo"),
    ]
    for signals, fixes in (((use, relate), [FIX[:12]]), ((relate,), [])):
        [found] = assemble([tracked, mail("t", 12, *signals, who="tom"), *talk])
        assert [fix.name for fix in found.fixes] == fixes


def test_who_bisects_what_he_had_told_of_reports_it_with_the_first_mail() -> None:
    crash = mail("r", 10, said("report", detail="crash"), who="bot", report=0.3)
    tag = said("role", "bug-1@example.org", "reporter")
    bisected = mail("b", 20, said("culprit", BAD[:12], rule="bisected-to"), tag, to="r", who="bot")
    [found] = assemble([crash, bisected])
    assert [one.message_id for one in found.reports] == [found.key] == ["r@example.org"]
    assert found.delays_days["reported_to_bisected"] == 10
    tagged = mail("r", 10, said("report", detail="crash"), tag, who="other", report=0.3)
    assert [one.key for one in assemble([tagged, bisected])] == ["r@example.org"]
    stranger = mail("r", 10, said("report", detail="crash"), who="eve", report=0.3)
    assert [one.key for one in assemble([stranger, bisected])] == ["b@example.org"]


def test_a_report_changes_where_the_mails_below_it_belong() -> None:
    first = report("r", 10, culprit=BAD[:12])
    second = mail("t", 12, command("introduced", "77" * 6 + f" {LORE}s@example.org/"), to="r")
    below = report("s", 11, to="r", who="eve")
    fix = mail("f", 13, said("fix", FIX[:12], "commit", score=0.7), to="s", root="r", who="mo")
    assert dict(keys([first, below, second, fix]))["s@example.org"] == [FIX[:12]]

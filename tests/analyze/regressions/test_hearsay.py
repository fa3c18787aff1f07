"""How a regression stands as its mails say, while the commits are not known here."""

from __future__ import annotations

import pytest

from tests.analyze.regressions.made import (
    BAD,
    CULPRIT,
    FIX,
    LORE,
    command,
    commit,
    mail,
    patch,
    report,
    said,
)
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.facts import CommitFacts, MailLink, MailSignals
from threadkit.analyze.regressions.regression import Regression

REPORT = report("r", 10, culprit=BAD[:12])
NAMED = said("fix", FIX[:12], "commit", rule="prose", score=0.7)
WORKS = said("recovered", "", "works", at=40, rule="recovered.works", score=0.65)


def one(mails: list[MailSignals], *commits: CommitFacts) -> Regression:
    [found] = assemble(mails, commits)
    return found


def landed(value: str, detail: str) -> MailSignals:
    return mail("f", 20, NAMED, said("landed", value, detail, at=30), to="r", who="mo")


@pytest.mark.parametrize(
    ("value", "detail", "state"),
    [
        ("mainline", "tree", "to_be_fixed"),
        ("6.9-rc2", "release", "to_be_fixed"),
        ("sound/sound-next.git", "tree", "to_be_fixed"),
    ],
)
@pytest.mark.parametrize("tracked", [False, True])
def test_a_mail_says_where_the_fix_is(value: str, detail: str, state: str, tracked: bool) -> None:
    begin = [REPORT]
    if tracked:
        begin.append(mail("t", 11, command("introduced", f"{BAD[:12]} ^"), to="r", who="tom"))
    found = one([*begin, landed(value, detail)])
    assert (found.state, found.tracked) == (state, tracked)
    assert found.why.startswith(f"the fix {FIX[:12]} is said to be in {value}; not checked")
    assert [(fix.name, fix.closes) for fix in found.fixes] == [(FIX[:12], True)]


def test_what_has_landed_must_be_named_in_the_same_mail() -> None:
    alone = mail("f", 20, said("landed", "mainline", "tree"), to="r", who="mo")
    assert one([REPORT, alone]).state == "open"


def test_a_commit_that_is_here_knows_better() -> None:
    known = commit(FIX, 19, ("fixes", BAD[:12]), mainline="no", release=None)
    found = one([REPORT, landed("mainline", "tree")], CULPRIT, known)
    assert found.state == "to_be_fixed"
    assert "said to be in" not in found.why


def test_a_posted_fix_that_works_for_the_reporter_is_on_its_way() -> None:
    fix = patch("p", 15, to="r", who="mo")
    works = mail("w", 16, WORKS, to="p", who="ada")
    assert one([REPORT, fix, works]).state == "to_be_fixed"
    assert one([REPORT, fix, mail("w", 16, WORKS, to="p", who="eve")]).state == "open"
    assert one([REPORT, fix]).state == "open"
    fails = mail("x", 17, said("fails", "6.9-rc1", "release"), to="r", who="ada")
    assert one([REPORT, mail("w", 14, WORKS, to="r", who="ada"), fails]).state == "open"


def test_it_works_again_and_nobody_knows_why() -> None:
    again = mail("w", 30, WORKS, to="r", who="ada")
    found = one([REPORT, again])
    assert (found.state, found.why) == ("open", "it is said to work again for Ada; no fix is named")
    assert one([REPORT, mail("w", 30, WORKS, to="r", who="eve")]).state == "open"
    release = said("works", "6.9", "release", at=50)
    heard = one([REPORT, mail("w", 30, WORKS, release, to="r", who="eve")])
    assert (heard.state, heard.why[:27]) == ("open", "it is said to work again fo")


def test_that_it_works_with_a_diff_is_not_that_it_works_again() -> None:
    trial = mail("d", 12, to="r", patch=True, subject="Re: sound is gone", who="mo")
    found = one([REPORT, trial, mail("w", 13, WORKS, to="d", who="ada")])
    why = "a diff works for Ada; nothing says that it is applied"
    assert (found.state, found.why) == ("open", why)
    tested = said("recovered", "", "tested", rule="syzbot-tested", score=0.8)
    found = one([REPORT, mail("w", 13, tested, to="r", who="ada")])
    assert (found.state, found.why) == ("open", why)


def test_a_title_joins_a_commit_to_the_patch_that_it_was() -> None:
    posted = patch("p", 12, to="r", who="mo", subject="[PATCH] alsa: mend p")
    robot = mail("b", 14, said("fix", FIX[:12], "commit", score=0.7),
                 said("fix", "alsa: mend p", "title", score=0.65), to="p", who="bot")  # fmt: skip
    [fix] = one([REPORT, posted, robot]).fixes
    assert (fix.name, fix.message_id, fix.title) == (FIX[:12], "p@example.org", "alsa: mend p")


def test_what_an_answer_says_fixes_it_is_a_fix_only_if_it_is_a_posted_patch() -> None:
    plain = mail("d", 12, to="r", who="mo")
    thanks = mail("w", 13, said("fix", "d@example.org", "mail", score=0.6), to="d", who="ada")
    assert one([REPORT, plain, thanks]).fixes == ()
    hint = mail("w", 13, said("fix", "q@example.org", "mail", rule="prose", score=0.5), to="r")
    assert one([REPORT, hint]).fixes == ()


def test_a_fix_of_the_culprit_comes_before_a_fix_of_another() -> None:
    other = patch("p", 12, said("culprit", "77" * 6, rule="fixes-trailer"), to="r", who="mo")
    mends = patch("q", 13, said("culprit", BAD[:12], rule="fixes-trailer"), to="r", who="mo")
    assert [fix.name for fix in one([REPORT, other, mends]).fixes] == [
        "q@example.org", "p@example.org",
    ]  # fmt: skip


def test_this_patch_is_what_the_patch_above_became() -> None:
    posted = mail("p", 5, subject="[PATCH] alsa: rework the mixer", patch=True, who="mo")
    blamed = report(
        "r", 10, said("culprit", "", "", rule="culprit.this-patch", score=0.7), to="p",
        subject="Re: [PATCH] alsa: rework the mixer",
    )  # fmt: skip
    [found] = assemble([posted, blamed], [CULPRIT], [MailLink("p@example.org", BAD, "becomes")])
    assert [each.sha for each in found.culprits] == [BAD]
    [found] = assemble([posted, blamed], [CULPRIT])
    [patch_blamed] = found.culprits
    assert (patch_blamed.name, patch_blamed.sha) == ("p@example.org", None)
    assert patch_blamed.title == "alsa: rework the mixer"
    assert "not known which commit" in patch_blamed.why
    assert assemble([blamed])[0].culprits == ()


def test_a_quoted_bisection_counts_only_where_what_it_quotes_is_missing() -> None:
    quoted = said("culprit", BAD[:12], rule="bisect-log-quoted", score=0.6)
    found = one([report("r", 10), mail("q", 11, quoted, to="r", who="tom")])
    assert found.culprits == ()
    found = one([report("r", 10), mail("q", 11, quoted, to="lost", root="r", who="tom")])
    assert [each.name for each in found.culprits] == [BAD[:12]]


def test_a_mail_belongs_to_the_report_of_its_own_time() -> None:
    late = mail("l", 300, said("fix", FIX[:12], "commit", score=0.7), to="gone", root="r")
    first = report("r", 10, culprit=BAD[:12])
    second = report("s", 299, to="r", who="eve")
    found = {each.key: each for each in assemble([first, second, late])}
    assert [fix.name for fix in found["s@example.org"].fixes] == [FIX[:12]]
    assert found["r@example.org"].fixes == ()


def test_me_too_needs_something_to_agree_to() -> None:
    too = said("report", detail="also", rule="report.same", score=0.65)
    answer = mail("t", 11, too, to="q", report=0.65)
    question = mail("q", 10, who="eve")
    assert assemble([question, answer]) == []
    assert [each.key for each in assemble([answer])] == ["t@example.org"]
    assert len(assemble([patch("q", 10, who="eve"), answer])) == 1
    cause = mail("t", 11, too, said("culprit", BAD[:12], at=9), to="q", report=0.65)
    assert [each.key for each in assemble([question, cause])] == ["t@example.org"]


def test_related_conversations_belong_to_the_case() -> None:
    tracked = mail("t", 11, command("introduced", f"{BAD[:12]} ^"), to="r", who="tom")
    relate = mail("u", 12, command("relate", f"{LORE}o@example.org/"), to="t", who="tom")
    talk = [
        mail("o", 9, who="mo"),
        mail("f", 14, said("fix", FIX[:12], "commit", score=0.7), to="o", root="o", who="mo"),
    ]
    assert one([REPORT, tracked, *talk]).fixes == ()
    assert [fix.name for fix in one([REPORT, tracked, relate, *talk]).fixes] == [FIX[:12]]
    undone = mail("v", 13, command("unrelate", f"{LORE}o@example.org/"), to="t", who="tom")
    assert one([REPORT, tracked, relate, undone, *talk]).fixes == ()
    back = mail("b", 13, command("backmonitor", f"{LORE}r@example.org/"), to="o", root="o")
    assert [fix.name for fix in one([REPORT, tracked, back, *talk]).fixes] == [FIX[:12]]

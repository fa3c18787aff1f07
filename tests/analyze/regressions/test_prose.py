"""What the rules of prose find: each kind, in sentences made up for it."""

from __future__ import annotations

import pytest

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.regressions.prose import detect
from threadkit.analyze.regressions.values import Signal

SHA = "0123456789ab"
OTHER = "fedcba987654"


def said(body: str, kind: str, **more: str) -> list[Signal]:
    return [s for s in detect(mail(body, **more)) if s.kind == kind and s.mood == "said"]


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("The speaker stopped working yesterday.", "report.stopped"),
        ("The board no longer boots here.", "report.no-longer"),
        ("My headset doesn't connect to the board anymore.", "report.no-longer"),
        ("Sound used to work on this board.", "report.used-to"),
        ("We found a failure which never failed before.", "report.used-to"),
        ("This patch breaks my sound card.", "report.breaks"),
        ("It broke booting on our boards.", "report.breaks"),
        ("Resume is completely broken on the example board.", "report.broken"),
        ("I noticed a severe regression with large files.", "report.regression"),
        ("That commit introduced a regression on our boards.", "report.regression"),
        ("It turns out it is a regression.", "report.is-regression"),
        ("The board hangs since upgrading to 6.2.", "report.since"),
        ("After upgrading to 6.2 the fan fails.", "report.since"),
        ("The sensors started failing last week.", "report.started"),
        ("That change causes data corruption.", "report.causes"),
        ("The mixer does not work.", "report.not-working"),
        ("The whole card is inoperative.", "report.inoperative"),
        ("The write throughput dropped by half.", "report.slower"),
        ("I see the same problem on another board.", "report.same"),
        ("Same here, the bug is the same bug on my laptop.", "report.same"),
        ("Suddenly the kernel oopses.", "report.fails"),
    ],
)
def test_a_report_is_found(sentence: str, rule: str) -> None:
    assert rule in {s.rule for s in said(sentence, "report")}


@pytest.mark.parametrize(
    "sentence",
    [
        "Thanks for the regression report.",
        "I added it to the regression tracker.",
        "Our regression tests pass.",
        "This patch fixes a regression in the mixer.",
        "The write fault breaks COW early.",
        "If the signal is pending we break out of the loop.",
        "Looks good to me, applied.",
        "Please send a new version of the series.",
    ],
)
def test_other_senses_are_no_reports(sentence: str) -> None:
    assert [s for s in said(sentence, "report") if s.score > 0.2] == []


@pytest.mark.parametrize(
    ("sentence", "works", "fails"),
    [
        ("Sound worked in 5.8, it fails in 5.9.", ["5.8"], ["5.9"]),
        ("5.8 is fine but 5.9-rc1 is bad.", ["5.8"], ["5.9-rc1"]),
        ("The card hangs since 6.2.", [], ["6.2"]),
        ("Up to and including 5.15 works here.", ["5.15"], []),
        ("Between v5.15 and v5.16 the card stopped working.", ["5.15"], ["5.16"]),
        ("After the upgrade from 6.1 to 6.2 the led flashes.", ["6.1"], ["6.2"]),
        ("Downgrading to 5.15 helps.", ["5.15"], []),
        ("The problem still happens with 5.9, 5.11 and 5.17-rc4.", [], ["5.9", "5.11", "5.17-rc4"]),
        ("Bad : next-20240430", [], ["next-20240430"]),
        ("Good : next-20240429", ["next-20240429"], []),
        ("The fixes are from 5.10 to 5.12.", [], []),
        ("This is based on 5.9.", [], []),
    ],
)
def test_releases_that_work_and_fail(sentence: str, works: list[str], fails: list[str]) -> None:
    found = detect(mail(sentence))
    assert [s.value for s in found if s.kind == "works"] == works
    assert sorted({s.value for s in found if s.kind == "fails"}) == sorted(fails)
    assert all(s.detail == "release" for s in found if s.kind in {"works", "fails"})


@pytest.mark.parametrize(
    "body",
    [
        f"I bisected it to {SHA}.",
        f'Bisected to commit {SHA} ("sound: power the card off").',
        f"The bisection points at commit {SHA}.",
        f"It was caused by commit {SHA}.",
        f"The hang was introduced in {SHA}.",
        f"The culprit is {SHA}.",
        f"{SHA} is the first bad commit.",
        f'{SHA} ("sound: power the card off") breaks my card.',
        f"Reverting {SHA} fixes it.",
        f"With commit {SHA} reverted the card works.",
        f"It is easy enough to revert {SHA}.",
        f"I dropped {SHA} from the tree because it causes a hang.",
        f"I tested the incriminated commit again:\n\n{SHA} sound: power off\n",
        f"I bisected this down to this commit:\n\n\t{SHA} sound: power the card off\n",
        f'It took a while, but this patch\n\n{SHA} ("sound: power off")\n\nintroduces a hang.',
    ],
)
def test_a_culprit_is_found(body: str) -> None:
    [value] = {s.value for s in said(body, "culprit")}
    assert value == SHA


def test_the_title_of_a_culprit_comes_with_it() -> None:
    [signal] = said(f'Bisected to {SHA} ("sound: power off").', "culprit")
    assert signal.detail == "sound: power off"


def test_all_commits_of_an_enumeration_are_culprits() -> None:
    body = f"With {SHA}, {OTHER} reverted the card works again."
    assert {s.value for s in said(body, "culprit")} == {SHA, OTHER}


def test_the_commit_named_above_is_the_subjects() -> None:
    subject = f'commit {SHA} ("sound: power off") causing hangs on my board'
    found = said(
        "I run {OTHER}. I bisected it to the above named commit.", "culprit", subject=subject
    )
    assert {(s.value, s.rule) for s in found} == {
        (SHA, "subject.culprit.caused"),
        (SHA, "culprit.next"),
    }


def test_this_patch_is_blamed_where_a_patch_is_discussed() -> None:
    body = "This patch appears to be causing a regression on our boards."
    assert said(body, "culprit") == []
    [signal] = said(body, "culprit", subject="Re: [PATCH] sound: power off", parent="p@example.org")
    assert (signal.value, signal.rule) == ("", "culprit.this-patch")


@pytest.mark.parametrize(
    "body",
    [
        f"Commit {SHA} fixed an oversight which caused such trouble.",
        f"See commit {SHA} for the reason.",
        f"This depends on {SHA}.",
    ],
)
def test_a_commit_named_in_passing_is_no_culprit(body: str) -> None:
    assert said(body, "culprit") == []


def test_what_fixes() -> None:
    [signal] = said(f"That was fixed by commit {SHA}.", "fix")
    assert (signal.value, signal.detail) == (SHA, "commit")
    [signal] = said("The fix is in https://lore.kernel.org/r/f1@example.org/", "fix")
    assert (signal.value, signal.detail) == ("f1@example.org", "mail")
    body = "Your patch fixes the hang for me."
    [signal] = said(body, "fix", subject="Re: [PATCH] sound: wake up", parent="p@example.org")
    assert (signal.value, signal.detail) == ("p@example.org", "mail")


def test_a_bisection_points_at_the_patch_discussed() -> None:
    body = "Bisect points to this patch, and reverting it helps."
    found = said(body, "culprit", subject="Re: [PATCH] sound: power off", parent="p@example.org")
    assert {s.rule for s in found} == {"culprit.this-patch"}


def test_all_commits_of_a_list_are_culprits() -> None:
    body = (
        "The following two patches were reverted and it works.\n\n"
        f"{SHA} sound: power off\n{OTHER} sound: wake up\n"
    )
    assert {s.value for s in said(body, "culprit")} == {SHA, OTHER}


@pytest.mark.parametrize(
    ("body", "value", "how"),
    [
        (f"The fix is this commit:\n{SHA}\n", SHA, "commit"),
        (f"That got merged as commit {SHA}.", SHA, "commit"),
        (
            "I sent two reverts [1] for it.\n\n[1]: https://lore.kernel.org/r/f1@example.org/\n",
            "f1@example.org",
            "mail",
        ),
        (
            "It required one more revert [2].\n\n[1]: https://example.org/a [2]:\n"
            "https://lore.kernel.org/r/f1@example.org/\n",
            "f1@example.org",
            "mail",
        ),
        (
            "Please see the commit message [1].\n\n[1] https://lore.kernel.org/r/f1@example.org/\n",
            "f1@example.org",
            "mail",
        ),
        (f"I applied the patch yesterday.\n\nIt's commit {SHA}.\n", SHA, "commit"),
    ],
)
def test_a_fix_named_elsewhere(body: str, value: str, how: str) -> None:
    assert {(s.value, s.detail) for s in said(body, "fix")} == {(value, how)}


def test_it_is_commit_says_nothing_without_a_fix_before() -> None:
    assert said(f"We bisected it to your patch.\n\nIt's commit {SHA}.\n", "fix") == []
    assert said(f"It's commit {SHA}.\n", "fix") == []


def test_a_missing_requirement_is_the_fix_and_its_title_comes_with_it() -> None:
    bad, good = OTHER + "0" * 28, SHA + "0" * 28
    body = (
        f"Looks like:\n\ncommit {bad}\nAuthor: Ann <ann@example.org>\n"
        "Date:   Wed Jan 4 08:52:06 2023 -0700\n\n    sound: power off\n\n"
        f"got picked up, but not the required prep patch:\n\ncommit {good}\n"
        "Author: Ann <ann@example.org>\nDate:   Wed Jan 4 08:51:19 2023 -0700\n\n"
        "    sound: wake up\n\nCan you pick it?\n"
    )
    subject = "Re: no sound since 6.1.5"
    found = [
        (s.detail, s.value) for s in said(body, "fix", subject=subject, parent="r@example.org")
    ]
    assert found == [("commit", good), ("title", "sound: wake up")]
    [culprit] = said(body, "culprit", subject=subject, parent="r@example.org")
    assert (culprit.value, culprit.rule) == (bad, "culprit.looks-like")


@pytest.mark.parametrize(
    ("body", "sender", "found"),
    [
        (f"{SHA} (\"sound: x\") (appeared in v6.9-rc2)", "", [("6.9-rc2", "release")]),
        ("The fix entered mainline with this merge.", "", [("mainline", "tree")]),
        ("I had just committed it to my tree.", "", []),
        ("I had just committed it to my tree.", "torvalds@linux-foundation.org",
         [("mainline", "tree")]),
    ],
)  # fmt: skip
def test_where_a_fix_is(body: str, sender: str, found: list[tuple[str, str]]) -> None:
    mails = {"sender": sender} if sender else {}
    assert [(s.value, s.detail) for s in said(body, "landed", **mails)] == found


@pytest.mark.parametrize(
    "body",
    [f"Yes, {SHA} still solves other issues.", "He worked on sound in the past."],
)
def test_of_something_else(body: str) -> None:
    assert said(body, "fix") == said(body, "report") == []


def test_undone_since_a_release_is_no_failure_since_then() -> None:
    assert said(f"I dropped {SHA} starting with next-20220401 because it broke.", "fails") == []


def test_reverting_is_no_fix() -> None:
    assert said(f"Reverting {SHA} fixes the hang.", "fix") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "With your patch it works now.",
        "The problem is gone.",
        "I can confirm that the fix works.",
        "The hang doesn't occur anymore.",
        "This fixes the problem for me.",
    ],
)
def test_a_recovery(sentence: str) -> None:
    assert said(sentence, "recovered")


@pytest.mark.parametrize(
    "sentence",
    ["The hang is still present.", "Unfortunately it doesn't fix the issue.", "Still broken."],
)
def test_no_recovery_is_denied(sentence: str) -> None:
    moods = {s.mood for s in detect(mail(sentence)) if s.kind == "recovered"}
    assert moods == {"negated"}


def test_without_the_change_it_works_is_no_recovery() -> None:
    assert said("Tests return to normal when the patch is reverted.", "recovered") == []


def test_who_bisected() -> None:
    [signal] = said("I bisected it yesterday.", "role")
    assert (signal.value, signal.detail) == ("ann@example.org", "bisector")


def test_a_subject_speaks_for_its_author_only() -> None:
    subject = "[REGRESSION] sound stopped working since v5.9"
    first = detect(mail("See above.", subject=subject))
    assert {(s.start, s.stop) for s in first} == {(0, 0)}
    assert {"report", "fails"} <= {s.kind for s in first}
    assert detect(mail("See above.", subject="Re: " + subject, parent="p@example.org")) == []


def test_the_message_of_a_patch_is_weaker_than_the_note_below() -> None:
    sentence = "The card hangs since 6.2."
    subject = "[PATCH] sound: wake up"
    [above] = said(
        f"{sentence}\n\nSigned-off-by: Ann <ann@example.org>\n", "report", subject=subject
    )
    below = said(f"Wake it up.\n\n---\n{sentence}\n", "report", subject=subject)
    assert above.rule == "patch.report.since"
    assert [s.rule for s in below] == ["report.since"]
    assert above.score < below[0].score


@pytest.mark.parametrize(
    "body",
    [
        "> Sound stopped working.\n\nThanks for the report.",
        "[   12.345678] snd: card stopped working",
        "Fine.\n\n-- \nSound stopped working",
        "commit 0123456789abcdef0123456789abcdef01234567\nAuthor: Bo <bo@example.org>\n\n"
        "    Sound stopped working.\n",
        "    Sound stopped working.",
    ],
)
def test_others_words_are_not_the_authors(body: str) -> None:
    assert [s for s in detect(mail(body)) if s.kind == "report"] == []


@pytest.mark.parametrize(
    ("sender", "body"),
    [
        ("bot+syzbot@example.org", "The kernel stopped working."),
        ("bot@example.org", "This is an automated email.\n\nThe patch breaks the build."),
    ],
)
def test_robots_say_nothing(sender: str, body: str) -> None:
    assert detect(mail(body, sender=sender)) == []


def test_a_tracker_reports_nothing_of_its_own() -> None:
    body = (
        "Hi, this is your regression tracker. I found a regression in 6.2.\n\n"
        f"#regzbot ^introduced {SHA}\n"
    )
    assert said(body, "report") == []


@pytest.mark.parametrize(
    "body",
    [
        "It worked before removing the node from the device tree.",
        "I also noticed this.",
        "I tried to draft a patch for it.",
    ],
)
def test_an_own_doing_and_a_mere_too_are_no_report(body: str) -> None:
    found = detect(mail(body, parent="p@example.org", subject="Re: clock"))
    assert not [one for one in found if one.kind == "role" or one.score >= 0.5]


def test_a_release_may_be_what_it_worked_before() -> None:
    assert {one.rule for one in detect(mail("It worked before updating to 6.8."))} >= {
        "report.used-to"
    }

"""The fix that made the state, and when; the fields of the tracker that say so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from tests.analyze.regressions.made import (
    BAD,
    CULPRIT,
    FIX,
    SECOND_FIX,
    command,
    commit,
    mail,
    patch,
    report,
)
from tests.analyze.regressions.test_assemble import COMMITS, conversations
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.deciding import decided_utc, deciding_fix
from threadkit.analyze.regressions.export import as_json
from threadkit.analyze.regressions.facts import MailSignals
from threadkit.analyze.regressions.regression import Regression

TRACKED = mail("t", 11, command("introduced", f"{BAD[:12]} ^"), to="r", who="tracker")
CLOSES = ("closes", "r@example.org")


def solved(one: Regression) -> dict[str, object]:
    return dict(as_json([one])[0]["solved"])


def test_a_fix_that_was_reverted_solved_nothing() -> None:
    undo = commit("0dd0" * 10, 21, ("reverts", FIX), subject="Revert")
    better = commit(SECOND_FIX, 25, CLOSES, subject="alsa: better")
    commits = [CULPRIT, commit(FIX, 20, CLOSES), undo, better]
    [one] = assemble([report("r", 10, culprit=BAD[:12])], commits)
    assert (one.state, solved(one)["commit"]) == ("fixed", SECOND_FIX)
    assert SECOND_FIX[:12] in one.why
    assert solved(one)["git_readable"] == f'{SECOND_FIX[:12]} ("alsa: better")'


def test_the_newer_of_two_commands_names_the_fix() -> None:
    first = mail("b", 12, command("fix", FIX[:12]), to="r", who="tracker")
    second = mail("c", 13, command("fix", SECOND_FIX[:12]), to="r", who="tracker")
    [one] = assemble([report("r", 10), TRACKED, first, second], [CULPRIT])
    assert (one.state, solved(one)["commit"]) == ("to_be_fixed", SECOND_FIX[:12])
    assert solved(one)["timestamp"] == first.date_utc  # since when it is to be fixed


def test_of_several_fixes_the_one_that_decided_is_the_fix_everywhere() -> None:
    late = commit(SECOND_FIX, 25, CLOSES, subject="alsa: second")
    [one] = assemble([report("r", 10, culprit=BAD[:12])], [CULPRIT, commit(FIX, 20, CLOSES), late])
    fix = deciding_fix(one)
    assert fix is not None
    assert (fix.name, solved(one)["commit"]) == (FIX, FIX)
    assert solved(one)["timestamp"] == fix.merged_utc == decided_utc(one)
    # The order in which fixes are listed decides nothing.
    assert deciding_fix(replace(one, fixes=one.fixes[::-1])) == fix


def test_of_what_had_landed_when_it_was_named_the_last_named_is_the_fix() -> None:
    named = [mail(name, 12, command("fix", sha[:12]), to="r", who="tracker")
             for name, sha in (("b", FIX), ("c", SECOND_FIX))]  # fmt: skip
    commits = [CULPRIT, commit(FIX, 8), commit(SECOND_FIX, 9, subject="alsa: second")]
    [one] = assemble([report("r", 10), TRACKED, *named], commits)
    assert (one.state, solved(one)["commit"]) == ("fixed", SECOND_FIX)
    assert SECOND_FIX[:12] in one.why


def test_the_day_on_which_a_fix_was_written_is_not_that_on_which_it_was_applied() -> None:
    written = replace(commit(FIX, 5, CLOSES), committer_utc=None)
    [one] = assemble([report("r", 10, culprit=BAD[:12])], [CULPRIT, written])
    assert one.state == "fixed"
    assert solved(one)["timestamp"] is None


def test_a_title_is_no_hash() -> None:
    said = mail("b", 12, command("fix", "alsa: mend it"), to="r", who="tracker")
    [one] = assemble([report("r", 10), TRACKED, said], [CULPRIT])
    assert solved(one) == {
        "reason": "to_be_fixed", "commit": None, "subject": "alsa: mend it", "url": None,
        "git_readable": None, "timestamp": said.date_utc,
    }  # fmt: skip


def test_commands_are_as_they_are_written_and_hashes_as_long_as_in_trailers() -> None:
    said = mail("b", 12, command("fix", "alsa: mend it"), to="r", who="tracker")
    whole = mail("t", 11, command("introduced", f"{BAD} ^"), to="r", who="tracker")
    [one] = assemble([report("r", 10), whole, said], [CULPRIT])
    shown = as_json([one])[0]
    assert [row["command"] for row in shown["regzbot_commands"]] == [
        f"introduced: {BAD}", "fix: alsa: mend it",
    ]  # fmt: skip
    assert shown["introduced"] == BAD[:12]


def test_what_is_open_has_the_patch_that_was_posted_and_no_date() -> None:
    [one] = assemble([report("r", 10, culprit=BAD[:12]), patch("p", 12, closes="r")], [CULPRIT])
    fix = deciding_fix(one)
    assert (one.state, fix and fix.message_id, decided_utc(one)) == ("open", "p@example.org", None)
    assert as_json([one])[0]["solved"] is None


@given(conversations())
def test_the_fix_of_what_is_fixed_is_the_one_that_its_reason_names(
    mails: list[MailSignals],
) -> None:
    for one in assemble(mails, COMMITS):
        fix = deciding_fix(one)
        if one.state == "fixed" and one.fixes:
            assert fix is not None
            assert fix.name[:12] in one.why or fix.title in one.why

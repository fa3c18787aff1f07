"""The states of a tracked regression, one step at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadkit.analyze.regressions.regzbot_states import (
    CLOSED,
    REOPENING,
    Step,
    Tracked,
    Tree,
    apply,
    settles,
)

REPORT = Tracked("r@example.org", "2024-01-01T00:00:00Z", tree="mainline")
SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"


def after(*steps: Step, start: Tracked = REPORT) -> Tracked:
    for step in steps:
        start = apply(start, step)
    return start


def command(name: str, value: str = "", utc: str = "2024-01-02T00:00:00Z") -> Step:
    return Step(utc, name, value, "m@example.org")


def commit(tree: Tree, name: str = "commit") -> Step:
    return Step("2024-01-09T00:00:00Z", name, SHA, SHA, tree)


@pytest.mark.parametrize(
    ("step", "state", "why"),
    [
        (command("fix", "mm: hold it"), "to_be_fixed", "fix: mm: hold it is expected"),
        (command("resolve", "user error"), "resolved", "resolve: user error"),
        (command("resolve"), "resolved", "resolve"),
        (command("inconclusive", "no answer"), "inconclusive", "inconclusive: no answer"),
        (command("introduced", "v6.1..v6.2"), "open", "reported"),
        (command("poke"), "open", "reported"),
        (commit("mainline"), "fixed", "commit: in mainline"),
        (commit("next"), "to_be_fixed", "commit: in next, culprit in mainline"),
        (commit("stable"), "open", "reported"),
        (commit(""), "to_be_fixed", "commit: in a tree that is not known, culprit in mainline"),
        (commit("mainline", "note-commit"), "open", "reported"),
    ],
)
def test_steps_from_open(step: Step, state: str, why: str) -> None:
    now = after(step)
    assert (now.state, now.why) == (state, why)
    assert now.history[-1].state == state
    assert now.history[-1].why


def test_only_introduced_and_fix_open_a_closed_one() -> None:
    closed = after(command("resolve", "settled"))
    assert after(commit("mainline"), start=closed).state == "resolved"
    assert after(command("note", "hm"), start=closed).state == "resolved"
    again = after(command("introduced", SHA), start=closed)
    assert (again.state, again.introduced) == ("open", SHA)
    assert again.why == f"introduced: {SHA} is named again"
    assert after(command("fix", SHA), start=closed).state == "to_be_fixed"


def test_a_fix_upstream_does_not_reopen_what_nobody_could_settle() -> None:
    given_up = after(command("inconclusive"))
    assert after(commit("next"), start=given_up).state == "inconclusive"
    assert after(commit("mainline"), start=given_up).state == "fixed"


@pytest.mark.parametrize("culprit", ["", "next", "mainline", "stable"])
@pytest.mark.parametrize("fix", ["", "next", "mainline", "stable"])
def test_fixed_only_in_the_tree_of_the_culprit(culprit: Tree, fix: Tree) -> None:
    assert (settles(culprit, fix) == "fixed") == (culprit == fix != "")


def test_overlays_leave_the_state_alone() -> None:
    now = after(command("backburn", "hard"), command("poke", utc="2024-02-01T00:00:00Z"))
    assert (now.state, now.backburner, now.is_poked) == ("open", "hard", True)
    now = after(command("unbackburn"), Step("2024-02-02T00:00:00Z", "activity"), start=now)
    assert (now.backburner, now.is_poked) == (None, False)


def test_silence_is_only_shown() -> None:
    quiet = after(Step("2024-02-01T00:00:00Z", "activity"))
    assert quiet.state_at("2024-05-01T00:00:00Z")[0] == "open"
    state, why = quiet.state_at("2024-05-02T00:00:00Z")
    assert (state, why) == (
        "inconclusive", "nothing heard for over 90 days, since 2024-02-01T00:00:00Z",
    )  # fmt: skip
    assert quiet.state == "open"
    slow = after(command("backburn", "hard"), start=quiet)
    assert slow.state_at("2024-07-30T00:00:00Z")[0] == "open"
    assert slow.state_at("2024-07-31T00:00:01Z")[0] == "inconclusive"
    assert after(commit("next"), start=quiet).state_at("2030-01-01T00:00:00Z")[0] == "to_be_fixed"
    assert Tracked("r@example.org").state_at("2030-01-01T00:00:00Z")[0] == "open"


def test_a_range_is_not_identified() -> None:
    assert not REPORT.is_identified
    assert not after(command("introduced", "v6.1..v6.2 ^")).is_identified
    assert after(command("introduced", f"{SHA} ^")).is_identified


def test_links_and_what_they_monitor() -> None:
    mail, bug = "https://lore.kernel.org/r/x@example.org/", "https://bugs.example.org/1 a title"
    now = after(command("relate", mail), command("relatebrief", bug), command("relate", mail))
    assert now.monitored == ("x@example.org",)
    assert now.links == (bug, mail)
    gone = after(command("unrelate", "https://lore.kernel.org/all/x@example.org/"), start=now)
    assert (gone.monitored, gone.links) == ((), (bug,))


def test_an_unknown_command_is_kept() -> None:
    now = after(command("unhandled", "frobnicate now"))
    assert now.state == "open"
    assert now.history[-1].why == "unhandled: no such command"


NAMES = st.sampled_from(
    ["introduced", "fix", "resolve", "inconclusive", "backburn", "unbackburn", "poke", "note",
     "summary", "from", "relate", "unrelate", "ignore-activity", "unhandled", "note-commit",
     "activity", "commit"]
)  # fmt: skip
STEPS = st.builds(
    Step,
    st.sampled_from([None, "2024-01-02T00:00:00Z", "2024-06-01T00:00:00Z"]),
    NAMES,
    st.sampled_from(["", SHA, "https://lore.kernel.org/r/x@example.org", "why not"]),
    st.just("m@example.org"),
    st.sampled_from(["", "next", "mainline", "stable"]),
)


@given(st.lists(STEPS, max_size=12), st.sampled_from(["", "next", "mainline", "stable"]))
def test_history_only_grows_and_tells_the_state(steps: list[Step], tree: Tree) -> None:
    now = Tracked("r@example.org", tree=tree)
    for step in steps:
        before, now = now, apply(now, step)
        assert now.history[: len(before.history)] == before.history
        assert len(now.history) - len(before.history) == (step.name != "activity")
        if step.name != "activity":
            assert now.history[-1].state == now.state
            assert now.history[-1].why
        if before.state in CLOSED and now.state not in CLOSED:
            assert step.name in REOPENING
        if now.state == "fixed" != before.state:
            assert step.name == "commit"
            assert step.tree == tree != ""
        assert now.report == before.report

"""Signals become regressions: what broke, since what, which fix, in which state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analyze.regressions.made import (
    BAD,
    CULPRIT,
    FIX,
    LORE,
    SECOND_FIX,
    STABLE_FIX,
    WRONG,
    command,
    commit,
    mail,
    patch,
    report,
    said,
)
from threadkit.analyze.regressions.assemble import assemble
from threadkit.analyze.regressions.commit_names import Resolution
from threadkit.analyze.regressions.facts import (
    CommitFacts,
    CuratedFact,
    MailLink,
    MailSignals,
    Relation,
)
from threadkit.analyze.regressions.regression import Regression

TRACKED = [
    report("r", 10, culprit=BAD[:12]),
    mail(
        "t",
        11,
        command("introduced", f"{BAD[:12]} ^"),
        command("summary", "alsa: no sound", at=9),
        to="r",
        who="tracker",
    ),
]


def one(
    mails: list[MailSignals],
    commits: list[CommitFacts] | None = None,
    links: list[MailLink] | None = None,
) -> Regression:
    """Return the one regression that comes out."""
    [found] = assemble(mails, commits or [], links or [])
    return found


def test_a_tracked_report_is_known_by_its_title_and_its_culprit() -> None:
    found = one(TRACKED, [CULPRIT])
    assert (found.key, found.title, found.state) == ("r@example.org", "alsa: no sound", "open")
    assert found.tracked
    assert found.is_identified
    assert found.culprit is not None
    assert (found.culprit.sha, found.culprit.source) == (BAD, "command")
    assert found.reporters == ("Ada",)
    assert found.delays_days["introduced_to_reported"] == 8.9


def test_a_report_that_nobody_tracks_has_the_subject_without_its_brackets() -> None:
    found = one([report("r", 10, culprit=BAD[:12], subject="[REGRESSION] no sound")])
    assert (found.title, found.state, found.tracked) == ("no sound", "open", False)
    assert found.culprit is not None
    assert (found.culprit.sha, found.culprit.why) == (None, "unknown here")


def test_an_event_says_who_where_and_by_which_rule() -> None:
    found = one(TRACKED)
    event = next(e for e in found.events if e.kind == "culprit" and e.source == "bisection")
    assert (event.message_id, event.person) == ("r@example.org", "Ada")
    assert (event.start, event.stop, event.rule, event.score) == (20, 25, "bisected-to", 0.9)


def test_a_commit_that_closes_the_report_fixes_it_once_it_is_in_mainline() -> None:
    told = [("fixes", BAD[:12]), ("closes", "r@example.org"), ("reporter", "ada@example.org")]
    waiting = commit(FIX, 20, *told, mainline="not checked", release=None)
    found = one(TRACKED, [CULPRIT, waiting])
    assert (found.state, found.fixes[0].status) == ("to_be_fixed", "committed")
    found = one(TRACKED, [CULPRIT, commit(FIX, 20, *told)])
    assert (found.state, found.fixes[0].status) == ("fixed", "merged")
    assert found.fixed_utc == "2024-01-20T12:00:00Z"
    assert found.delays_days["reported_to_fix_merged"] == 10.1
    assert "v6.9-rc1" in found.why


def test_a_link_to_the_report_closes_it_and_provenance_does_not() -> None:
    linked = commit(FIX, 20, ("fixes", BAD[:12]), ("discusses", "r@example.org"))
    assert one(TRACKED, [CULPRIT, linked]).state == "fixed"
    source = commit(FIX, 20, ("fixes", BAD[:12]), ("provenance", "r@example.org"))
    assert one(TRACKED, [CULPRIT, source]).state == "open"


def test_fixes_alone_closes_nothing_and_is_noted() -> None:
    found = one(TRACKED, [CULPRIT, commit(FIX, 20, ("fixes", BAD[:12]))])
    assert (found.state, found.fixes) == ("open", ())
    assert [e.sha for e in found.events if e.kind == "note"] == [FIX]


def test_a_posted_patch_is_a_proposal_and_the_commit_it_became_is_the_fix() -> None:
    mails = [*TRACKED, patch("p", 15, closes="r", who="mo")]
    found = one(mails, [CULPRIT])
    assert (found.state, found.fixes[0].status) == ("open", "proposed")
    assert "p@example.org" in found.why
    fix = commit(FIX, 20, ("fixes", BAD[:12]))
    found = one(mails, [CULPRIT, fix], [MailLink("p@example.org", FIX, "becomes")])
    assert (found.state, found.fixes[0].sha) == ("fixed", FIX)
    assert found.fixes[0].message_id == "p@example.org"
    assert found.delays_days["reported_to_fix_posted"] == 5.0


def test_versions_of_one_patch_are_one_fix() -> None:
    mails = [
        *TRACKED,
        patch("p", 15, closes="r", subject="[PATCH] alsa: mend it"),
        patch("p2", 16, closes="r", subject="[PATCH v2] alsa: mend it"),
    ]
    [fix] = one(mails).fixes
    assert (fix.message_id, fix.posted_utc) == ("p@example.org", "2024-01-15T09:00:00Z")


def test_a_fix_command_waits_for_the_commit() -> None:
    mails = [*TRACKED, mail("f", 12, command("fix", FIX[:12]), to="r", who="mo")]
    found = one(mails, [CULPRIT])
    assert (found.state, found.fixes[0].status) == ("to_be_fixed", "named")
    found = one(mails, [CULPRIT, commit(FIX, 20)])
    assert found.state == "fixed"


def test_a_fix_that_had_landed_when_it_was_named_is_a_fix_at_once() -> None:
    mails = [*TRACKED, mail("f", 25, command("fix", FIX[:12]), to="r", who="mo")]
    found = one(mails, [CULPRIT, commit(FIX, 20)])
    assert found.state == "fixed"


def test_a_fix_named_by_its_title_is_found_by_it() -> None:
    mails = [*TRACKED, mail("f", 12, command("fix", "alsa: mend it"), to="r", who="mo")]
    assert one(mails, [CULPRIT]).state == "to_be_fixed"
    found = one(mails, [CULPRIT, commit(FIX, 20)])
    assert (found.state, found.fixes[0].sha) == ("fixed", FIX)
    twice = [CULPRIT, commit(FIX, 20), commit(SECOND_FIX, 21)]
    assert one(mails, twice).fixes[0].sha is None  # two commits have this title


def test_a_newer_fix_command_takes_the_place_of_the_older() -> None:
    mails = [
        *TRACKED,
        mail("f", 12, command("fix", FIX[:12]), to="r"),
        mail("g", 13, command("fix", SECOND_FIX[:12]), to="r"),
    ]
    status = {fix.name: fix.status for fix in one(mails).fixes}
    assert status == {FIX[:12]: "superseded", SECOND_FIX[:12]: "named"}


def test_a_fix_that_was_reverted_leaves_it_open() -> None:
    told = [("fixes", BAD[:12]), ("closes", "r@example.org")]
    undo = commit(SECOND_FIX, 30, ("reverts", FIX), subject='Revert "alsa: mend it"')
    found = one(TRACKED, [CULPRIT, commit(FIX, 20, *told), undo])
    assert (found.state, found.fixes[0].status) == ("open", "undone")
    states = [(e.kind, e.state) for e in found.events if e.kind in ("merged", "undone")]
    assert states == [("merged", "fixed"), ("undone", "open")]


def test_a_revert_of_the_culprit_that_links_the_report_is_its_fix() -> None:
    told = [("reverts", BAD), ("closes", "r@example.org")]
    undo = commit(FIX, 20, *told, subject='Revert "alsa: rework the mixer"')
    found = one(TRACKED, [CULPRIT, undo])
    assert (found.state, found.fixes[0].sha) == ("fixed", FIX)
    bare = commit(FIX, 20, ("reverts", BAD), subject='Revert "alsa: rework the mixer"')
    found = one(TRACKED, [CULPRIT, bare])
    assert found.state == "open"
    assert any(e.kind == "note" and e.detail == "reverts the culprit" for e in found.events)


def test_the_same_fix_in_a_stable_release_is_a_backport_and_no_second_fix() -> None:
    told = [("fixes", BAD[:12]), ("closes", "r@example.org")]
    original = commit(FIX, 20, *told)
    copy = commit(STABLE_FIX, 25, ("backports", FIX), *told, mainline="no", release="v6.8.3")
    found = one(TRACKED, [CULPRIT, original, copy])
    assert [fix.sha for fix in found.fixes] == [FIX]
    assert found.fixes[0].backports == (STABLE_FIX,)
    assert found.fixed_utc == "2024-01-20T12:00:00Z"


def test_what_broke_in_a_stable_branch_is_fixed_in_that_branch() -> None:
    cause = commit(BAD, 1, subject="alsa: rework", mainline="no", release="v6.6.2")
    told = [("fixes", BAD[:12]), ("closes", "r@example.org")]
    elsewhere = commit(FIX, 20, *told, mainline="no", release="v6.1.9")
    assert one(TRACKED, [cause, elsewhere]).fixes[0].status == "committed"
    there = commit(FIX, 20, *told, mainline="no", release="v6.6.5")
    found = one(TRACKED, [cause, there])
    assert (found.fixes[0].status, found.state) == ("merged", "fixed")
    upstream = commit(FIX, 20, *told)
    assert one(TRACKED, [cause, upstream]).state == "to_be_fixed"


def test_a_wrong_bisection_gives_way_and_stays_in_the_history() -> None:
    mails = [
        report("r", 10, culprit=WRONG[:12]),
        mail("s", 12, said("bisection", BAD, "good=3 bad=2 skip=0"), to="r"),
    ]
    found = one(mails)
    assert found.culprit is not None
    assert found.culprit.name == BAD
    named = [e.value for e in found.events if e.kind == "culprit"]
    assert named == [WRONG[:12], BAD]


def test_a_culprit_that_is_taken_back_is_none() -> None:
    denied = said("culprit", BAD[:12], mood="negated")
    mails = [report("r", 10, culprit=BAD[:12]), mail("s", 12, denied, to="r")]
    assert one(mails).culprit is None


def test_a_commit_says_more_than_a_range() -> None:
    mails = [
        report("r", 10),
        mail("t", 11, command("introduced", "v6.7..v6.8 ^"), to="r"),
        mail("s", 12, said("culprit", BAD[:12], rule="bisected-to"), to="r"),
    ]
    assert not one(mails[:2]).is_identified
    assert one(mails).is_identified


@pytest.mark.parametrize("mood", ["negated", "hypothetical", "asked"])
def test_what_is_not_said_makes_no_regression_and_names_no_culprit(mood: str) -> None:
    signals = [said(kind, BAD[:12], mood=mood) for kind in ("report", "culprit", "fix")]  # type: ignore[arg-type]
    assert assemble([mail("r", 10, *signals)]) == []
    found = one([report("r", 10), mail("s", 11, *signals, to="r")])
    assert (found.culprit, found.fixes, found.state) == (None, (), "open")


def test_commands_outside_a_tracked_conversation_do_nothing() -> None:
    assert assemble([mail("x", 10, command("fix", FIX[:12]), command("resolve", "no"))]) == []


def test_a_command_can_point_at_a_report_elsewhere() -> None:
    pointer = f"{LORE}r@example.org/"
    mails = [report("r", 10), mail("x", 12, command("introduced", f"{BAD[:12]} {pointer}"))]
    found = one(mails)
    assert (found.key, found.tracked, found.is_identified) == ("r@example.org", True, True)


def test_a_pointer_to_a_bug_makes_the_mail_the_report() -> None:
    bug = "https://bugzilla.kernel.org/show_bug.cgi?id=123456"
    mails = [mail("t", 11, command("introduced", f"v6.1..v6.2 {bug}"), subject="Bug 123456: x")]
    found = one(mails)
    assert (found.key, found.title) == ("t@example.org", "Bug 123456: x")
    fix = commit(FIX, 20, ("fixes", BAD[:12]), ("bug", bug))
    assert one(mails, [CULPRIT, fix]).state == "fixed"


def test_resolved_is_reopened_by_a_new_introduced() -> None:
    mails = [*TRACKED, mail("z", 12, command("resolve", "user error"), to="r")]
    found = one(mails)
    assert found.state == "resolved"
    assert "user error" in found.why
    mails.append(mail("y", 13, command("introduced", BAD[:12]), to="r"))
    assert one(mails).state == "open"


def test_the_back_burner_is_no_state() -> None:
    mails = [*TRACKED, mail("z", 12, command("backburn", "hard"), to="r")]
    assert (one(mails).state, one(mails).backburner) == ("open", True)
    mails.append(mail("y", 13, command("unbackburn"), to="r"))
    assert not one(mails).backburner


def test_prose_names_the_fix_of_what_nobody_tracks_only() -> None:
    names = mail("s", 12, said("fix", FIX[:12], "commit"), to="r", who="mo")
    found = one([report("r", 10, culprit=BAD[:12]), names], [CULPRIT, commit(FIX, 11)])
    assert found.state == "fixed"
    assert "(not tracked)" in found.why
    assert one([*TRACKED, names], [CULPRIT, commit(FIX, 11)]).state == "open"


def test_a_fix_from_before_the_culprit_is_that_of_something_else() -> None:
    names = mail("s", 12, said("fix", FIX[:12], "commit"), to="r", who="mo")
    mails = [report("r", 10, culprit=BAD[:12]), names]
    assert CULPRIT.release == "v6.8-rc1"
    for release, fixes in (("v6.7", 0), ("v6.8-rc1", 1), (None, 1)):
        assert len(one(mails, [CULPRIT, commit(FIX, 1, release=release)]).fixes) == fixes


def test_a_patch_that_the_report_answers_is_not_its_fix() -> None:
    cause = patch("p", 5, said("culprit", WRONG[:12], rule="fixes-trailer"), who="mo")
    found = one([cause, report("r", 10, to="p")])
    assert (found.key, found.fixes, found.culprit) == ("r@example.org", (), None)


def test_a_commit_alone_tells_of_a_regression_and_a_bare_fixes_does_not() -> None:
    told = [("fixes", BAD[:12]), ("reporter", "ada@example.org")]
    found = one([], [CULPRIT, commit(FIX, 20, *told)])
    assert (found.origin, found.key, found.state) == ("commit", FIX, "fixed")
    assert found.reporters == ("ada@example.org",)
    assert assemble([], [CULPRIT, commit(FIX, 20, ("fixes", BAD[:12]))]) == []


def test_a_closed_report_that_is_not_here_is_the_key() -> None:
    told = [("fixes", BAD[:12]), ("closes", "lost@example.org")]
    found = one([], [CULPRIT, commit(FIX, 20, *told)])
    assert (found.key, found.reports[0].here) == ("lost@example.org", False)


def test_an_ambiguous_hash_stays_as_it_was_written() -> None:
    why = "more than one commit begins so"
    [found] = assemble(TRACKED, [CULPRIT], answers={BAD[:12]: Resolution(None, why)})
    assert found.culprit is not None
    assert (found.culprit.name, found.culprit.sha, found.culprit.why) == (BAD[:12], None, why)


def test_curated_facts_join_and_never_override_trailers() -> None:
    fact = CuratedFact("no sound at all", WRONG, ("r@example.org",), "Ada", "2024-01-10", (FIX,),
                       source="a book")  # fmt: skip
    told = [("fixes", BAD[:12]), ("closes", "r@example.org")]
    [found] = assemble([report("r", 10)], [CULPRIT, commit(FIX, 20, *told)], curated=[fact])
    assert found.culprit is not None
    assert found.culprit.sha == BAD
    differs = [e for e in found.events if e.kind == "differs"]
    assert [(e.value, e.source) for e in differs] == [(WRONG, "curated")]


@pytest.mark.parametrize(("called", "shown"), [
    ("Ada Low", ("Ada Low", "Bo")),
    ("Low, Ada (Addie)", ("Ada Low", "Bo")),
    ("Ada", ("Ada Low", "Bo", "ada@example.org")),
    ("", ("Ada Low", "Bo", "ada@example.org")),
])  # fmt: skip
def test_who_is_named_by_one_and_addressed_by_another_reported_once(
    called: str, shown: tuple[str, ...]
) -> None:
    fact = CuratedFact("no sound", BAD, ("r@example.org",), "Ada Low, Bo", "2024-01-09", (FIX,))
    told = (Relation("fixes", BAD[:12]), Relation("closes", "r@example.org"),
            Relation("reporter", "ada@example.org", called))  # fmt: skip
    fix = replace(commit(FIX, 20), relations=told)
    [found] = assemble([], [CULPRIT, fix], curated=[fact])
    assert sorted(found.reporters) == sorted(shown)


def test_a_curated_date_stands_where_no_mail_has_one() -> None:
    fact = CuratedFact("no sound", BAD, reporter="Ada", reported_utc="2024-01-02", fixes=(FIX,))
    [found] = assemble([], [CULPRIT, commit(FIX, 20)], curated=[fact])
    assert found.reported_utc == "2024-01-02"
    mailed = replace(fact, reports=("r@example.org",))
    [found] = assemble([report("r", 10)], [CULPRIT, commit(FIX, 20)], curated=[mailed])
    assert found.reported_utc == "2024-01-10T09:00:00Z"


def test_a_culprit_that_a_curated_fact_names_has_its_title() -> None:
    facts = [CuratedFact("no sound", BAD, fixes=(FIX,))]
    [found] = assemble([], [CULPRIT, commit(FIX, 20)], curated=facts)
    assert found.culprit is not None
    assert found.culprit.title == "alsa: rework the mixer"


def test_a_curated_fact_alone_is_of_its_own_origin() -> None:
    fact = CuratedFact("no sound at all", BAD, (), "Ada", "2024-01-10", (FIX,), source="a book")
    [found] = assemble([], [CULPRIT, commit(FIX, 20)], curated=[fact])
    assert (found.origin, found.title, found.state) == ("curated", "no sound at all", "fixed")


MANY = [
    *TRACKED,
    patch("p", 15, closes="r", who="mo"),
    report("o", 12, culprit=BAD[:12], who="bo", subject="crash in the mixer"),
    mail("s", 14, said("culprit", WRONG[:12]), to="o", who="cy"),
    mail("u", 16, command("duplicate", f"{LORE}r@example.org"), to="o", who="tracker"),
    report("n", 12, culprit=WRONG[:12], who="di", subject="no network"),
    report("l", 150, to="n", who="ed", culprit=WRONG[:12]),
]
COMMITS = [
    CULPRIT,
    commit(FIX, 20, ("fixes", BAD[:12]), ("closes", "r@example.org")),
    commit(SECOND_FIX, 22, ("fixes", WRONG[:12]), ("reporter", "di@example.org")),
    commit(STABLE_FIX, 25, ("backports", FIX), mainline="no", release="v6.8.3"),
]


@given(st.permutations(MANY), st.permutations(COMMITS))
def test_the_order_of_arrival_changes_nothing(
    mails: list[MailSignals], commits: list[CommitFacts]
) -> None:
    assert assemble(mails, commits) == assemble(MANY, COMMITS)


KINDS = st.sampled_from(["report", "culprit", "fix", "works", "fails", "recovered", "closes"])
COMMANDS = st.sampled_from(["introduced", "fix", "resolve", "duplicate", "poke", "use", "backburn"])
HASHES = st.sampled_from([BAD[:12], WRONG[:10], FIX[:12], f"{BAD[:12]} ^", "a..b", "", "no hash"])
SIGNALS = st.one_of(
    st.builds(said, KINDS, HASHES, st.sampled_from(["commit", "mail", "title", "Closes"]),
              at=st.integers(0, 50)),
    st.builds(command, COMMANDS, HASHES | st.just(f"{LORE}m1@example.org"), at=st.integers(0, 50)),
)  # fmt: skip


@st.composite
def conversations(draw: st.DrawFn) -> list[MailSignals]:
    """Return mails that say anything, in conversations of any shape."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        to = f"m{draw(st.integers(0, number))}" if number and draw(st.booleans()) else ""
        root = next((m.root.partition("@")[0] for m in found if m.message_id.startswith(to)), "")
        found.append(
            mail(
                f"m{number}",
                draw(st.integers(1, 300)),
                *draw(st.lists(SIGNALS, max_size=4)),
                to=to if root else "",
                root=root if to else "",
                who=draw(st.sampled_from(["ada", "bo", "cy"])),
                patch=draw(st.booleans()),
                report=draw(st.sampled_from([0.0, 0.4, 0.9])),
            )
        )
    return found


@given(conversations(), st.randoms(use_true_random=False))
def test_whatever_is_said_comes_out_whole_and_in_any_order_the_same(
    mails: list[MailSignals], random: object
) -> None:
    found = assemble(mails, COMMITS)
    mixed = list(mails)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert assemble(mixed, list(reversed(COMMITS))) == found
    keys = [one.key for one in found]
    assert len(keys) == len(set(keys))
    for each in found:
        dates = [event.utc for event in each.events if event.utc]
        assert dates == sorted(dates)
        assert each.events[-1].state == each.state
    told = [report.message_id for each in found for report in each.reports]
    assert len(told) == len(set(told))


def test_where_the_report_is_missing_a_bisection_stands_for_it() -> None:
    cause = said("culprit", BAD[:12], rule="first-bad-commit")
    found = one([mail("b", 10, cause, to="lost"), mail("c", 11, to="b", who="bo")])
    assert (found.key, found.score, found.state) == ("b@example.org", 0.6, "open")
    assert found.events[0].rule == "first-bad-commit"
    assert assemble([mail("b", 10, said("culprit", BAD[:12], rule="prose"), to="lost")]) == []
    assert assemble([patch("b", 10, cause, to="lost")]) == []


def test_a_diff_in_an_answer_is_tried_and_not_yet_a_fix() -> None:
    trial = mail("p", 15, said("fix", "p@example.org", "mail", rule="this-patch"), to="r",
                 subject="Re: sound is gone", patch=True, who="mo")  # fmt: skip
    found = one([*TRACKED, trial])
    assert (found.fixes, found.why) == ((), "nothing says that it is fixed")
    assert [e.message_id for e in found.events if e.kind == "trial"] == ["p@example.org"]
    posted = mail("p", 15, said("fix", "p@example.org", "mail", rule="this-patch"), to="r",
                  subject="[PATCH] alsa: mend it", patch=True, who="mo")  # fmt: skip
    assert one([*TRACKED, posted]).fixes[0].status == "proposed"


def test_commits_that_were_reverted_together_are_one_of_several() -> None:
    both = [said("culprit", name, at=20, rule="reverted") for name in (BAD[:12], WRONG[:12])]
    found = one([report("r", 10, *both)])
    assert [each.name for each in found.culprits] == [BAD[:12], WRONG[:12]]
    assert (found.causes, found.is_identified) == ((), False)
    fix = commit(FIX, 20, ("fixes", BAD[:12]), ("fixes", WRONG[:12]), ("closes", "r@example.org"))
    found = one([report("r", 10, *both)], [CULPRIT, fix])
    assert (len(found.causes), found.is_identified) == (2, True)

"""Whose commands are whose: conversations, pointers, duplicates, commits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.analyze.regressions.mailed import corpus
from threadkit.analyze.regressions.regzbot import detect
from threadkit.analyze.regressions.regzbot_states import CLOSED
from threadkit.analyze.regressions.regzbot_tracker import TrackedCommit, TrackedMail, Tracker

SHA = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"


def url(name: str) -> str:
    return f"https://lore.kernel.org/r/{name}@example.org"


def mail(
    name: str,
    *commands: tuple[str, str],
    parent: str | None = None,
    root: str | None = None,
    day: int = 1,
    subject: str = "x",
    closes: Sequence[str] = (),
    mentions: Sequence[str] = (),
) -> TrackedMail:
    return TrackedMail(
        f"{name}@example.org",
        f"{parent}@example.org" if parent else None,
        f"{root or parent or name}@example.org",
        f"2024-01-{day:02}T00:00:00Z",
        subject, commands, [f"{one}@example.org" for one in closes],
        [f"{one}@example.org" for one in mentions],
    )  # fmt: skip


def tracker(*mails: TrackedMail, dates: dict[str, str] | None = None) -> Tracker:
    found = Tracker(dates or {})
    for one in mails:
        found.take(one)
    return found


def test_a_pointer_makes_the_parent_the_report() -> None:
    found = tracker(mail("r"), mail("t", ("introduced", f"{SHA} ^"), parent="r", day=2))
    assert [one.report for one in found] == ["r@example.org"]
    assert found["r@example.org"].introduced == SHA


def test_introduced_runs_first_and_poke_last() -> None:
    found = tracker(mail("r", ("poke", ""), ("summary", "a"), ("introduced", SHA)))
    names = [step.name for step in found["r@example.org"].history]
    assert names == ["report", "introduced", "summary", "poke"]
    assert found.ignored == []


def test_commands_outside_are_ignored_but_logged() -> None:
    found = tracker(mail("r", ("fix", SHA), ("poke", "")))
    assert list(found) == []
    assert [why for _, why in found.ignored] == [
        "fix: the conversation is not tracked",
        "poke: the conversation is not tracked",
    ]


def test_a_report_elsewhere_keeps_this_conversation() -> None:
    bug = "https://bugzilla.kernel.org/show_bug.cgi?id=7"
    found = tracker(
        mail("r", ("introduced", f"v6.1..v6.2 {bug}")),
        mail("a", ("fix", "mm: hold it"), parent="r", day=2),
    )
    assert [one.report for one in found] == [bug]
    assert found[bug].state == "to_be_fixed"


def test_use_redirects_what_follows() -> None:
    found = tracker(
        mail("r", ("introduced", SHA)),
        mail("o", ("summary", "lost"), ("use", url("r")), ("fix", SHA), day=2),
    )
    assert found["r@example.org"].fix == SHA
    assert [one.report for one in found] == ["r@example.org"]
    assert [why for _, why in found.ignored] == ["summary: the conversation is not tracked"]


def test_introduced_in_a_tracked_conversation_updates() -> None:
    found = tracker(
        mail("r", ("introduced", "v6.1..v6.2")),
        mail("a", parent="r", day=2),
        mail("b", ("introduced", SHA), parent="a", root="r", day=3),
    )
    assert [one.introduced for one in found] == [SHA]


def test_a_monitored_conversation_belongs_to_it() -> None:
    found = tracker(
        mail("r", ("introduced", SHA)),
        mail("t", ("relate", url("p")), parent="r", day=2),
        mail("p", day=3),
        mail("q", ("fix", SHA), parent="p", day=4),
        mail("u", ("unrelate", url("p")), parent="r", day=5),
        mail("v", ("resolve", "no"), parent="p", day=6),
    )
    assert found["r@example.org"].state == "to_be_fixed"
    assert [why for _, why in found.ignored] == ["resolve: the conversation is not tracked"]


def test_backmonitor_takes_the_parent_in() -> None:
    found = tracker(
        mail("r", ("introduced", SHA)),
        mail("p", day=2),
        mail("b", ("backmonitor", url("r")), parent="p", day=3),
        mail("c", ("fix", SHA), parent="p", day=4),
    )
    assert found["r@example.org"].state == "to_be_fixed"
    assert found["r@example.org"].active_utc == "2024-01-04T00:00:00Z"


def test_gaps_fall_back_on_the_first_mail() -> None:
    found = tracker(
        mail("r", ("introduced", SHA)),
        mail("far", ("resolve", "x"), parent="missing", root="r", day=9),
    )
    assert found["r@example.org"].state == "resolved"


def test_activity() -> None:
    found = tracker(
        mail("r", ("introduced", SHA)),
        mail("a", parent="r", day=2),
        mail("b", ("poke", ""), parent="r", day=3),
        mail("c", ("ignore-activity", ""), parent="r", day=4),
        mail("d", parent="r", day=5, subject="Re: x #forregzbot"),
    )
    assert found["r@example.org"].active_utc == "2024-01-02T00:00:00Z"
    assert found["r@example.org"].is_poked


def test_the_older_report_wins_in_both_directions() -> None:
    for writer, other in (("old", "new"), ("new", "old")):
        found = tracker(
            mail("old", ("introduced", SHA), day=1),
            mail("new", ("introduced", SHA), day=2),
            mail("dup", ("duplicate", url(other)), parent=writer, day=3),
        )
        assert found["new@example.org"].duplicate_of == "old@example.org"
        assert found["old@example.org"].duplicate_of == ""
        assert found.head("new@example.org") == "old@example.org"


def test_introduced_with_two_pointers_names_a_duplicate() -> None:
    found = tracker(
        mail("old", ("introduced", SHA), day=1),
        mail("r", day=2),
        mail("t", ("introduced", f"{SHA} ^ {url('old')}"), parent="r", day=3),
    )
    assert found["r@example.org"].duplicate_of == "old@example.org"


def test_a_duplicate_of_what_is_not_here_is_younger() -> None:
    found = tracker(mail("r", ("introduced", SHA), ("duplicate", "https://e.org/1"), day=5))
    assert found["r@example.org"].duplicate_of == "https://e.org/1"
    assert found["r@example.org"].history[-1].why == "duplicate: https://e.org/1 is not dated here"
    dated = tracker(
        mail("r", ("introduced", SHA), ("duplicate", url("late")), day=5),
        dates={"late@example.org": "2024-02-01T00:00:00Z"},
    )
    assert dated["late@example.org"].duplicate_of == "r@example.org"


def seen(tree: str = "mainline", **named: Sequence[str]) -> TrackedCommit:
    closes = [f"{one}@example.org" for one in named.get("closes", ())]
    return TrackedCommit(
        SHA,
        "mm: hold it",
        "2024-02-01T00:00:00Z",
        tree,
        closes,
        named.get("fixes", ()),
    )


def test_a_commit_that_links_the_report_closes_it() -> None:
    found = tracker(mail("r", ("introduced", "0123456789ab")), mail("o", day=2))
    found.take_commit(seen(closes=["r"]))
    one = found["r@example.org"]
    assert (one.state, one.fix) == ("to_be_fixed", SHA)  # where the culprit is, is not known
    assert one.history[-1].source == SHA


def test_fixes_alone_is_a_note() -> None:
    for fixed in ("0123456789ab", "0123456789abcdef", "01234567"):
        found = tracker(mail("r", ("introduced", "0123456789ab")))
        found.take_commit(seen(fixes=[fixed]))
        one = found["r@example.org"]
        assert (one.state, one.history[-1].name) == ("open", "note-commit")
    ranged = tracker(mail("r", ("introduced", "0123456789ab..fedcba987654")))
    ranged.take_commit(seen(fixes=["0123456789ab"]))
    assert ranged["r@example.org"].history[-1].name == "introduced"


def test_an_expected_fix_is_known_by_prefix_or_exact_title() -> None:
    for named, expected in (
        (SHA[:8], True),
        ("mm: hold it", True),
        ("mm: hold", False),
        ("f" * 8, False),
    ):
        found = tracker(mail("r", ("introduced", "v6.1..v6.2"), ("fix", named)))
        found.take_commit(seen())
        assert (found["r@example.org"].fix == SHA) is expected


def test_a_patch_that_closes_or_has_the_title_is_monitored() -> None:
    found = tracker(
        mail("r", ("introduced", SHA), ("fix", "mm: hold it")),
        mail("p", day=2, closes=["r"]),
        mail("q", day=3, subject="[PATCH v2] mm: hold it"),
        mail("s", day=4, subject="Re: mm: hold it"),
        mail("n", day=5, mentions=["r"]),
    )
    one = found["r@example.org"]
    assert one.monitored == ("p@example.org", "q@example.org")
    assert [step.why for step in one.history[-3:]] == [
        "a trailer names the report",
        "it has the expected title",
        "mentioned",
    ]


class Tracking(RuleBasedStateMachine):
    """Any mails in order of time."""

    def __init__(self) -> None:
        super().__init__()
        self.tracker = Tracker({})
        self.day = 0
        self.names: list[str] = []
        self.histories: dict[str, int] = {}

    names = st.integers(0, 9)

    def _take(self, parent: int, *commands: tuple[str, str]) -> None:
        self.day += 1
        name = f"m{self.day}"
        known = self.names[parent % len(self.names)] if self.names and parent else None
        one = TrackedMail(
            f"{name}@example.org", f"{known}@example.org" if known else None,
            f"{known or name}@example.org", f"2024-01-01T00:{self.day // 60:02}:{self.day % 60:02}Z",
            "x", commands,
        )  # fmt: skip
        before = {one.report: one.state for one in self.tracker}
        self.tracker.take(one)
        self.names.append(name)
        for tracked in self.tracker:
            if before.get(tracked.report) in CLOSED and tracked.state not in CLOSED:
                assert {command for command, _ in commands} & {"introduced", "fix"}

    @rule(parent=names, pointer=st.sampled_from(["", " ^", " ~"]))
    def introduced(self, parent: int, pointer: str) -> None:
        self._take(parent, ("introduced", f"{SHA}{pointer}"))

    @rule(parent=names, other=names)
    def duplicate(self, parent: int, other: int) -> None:
        named = self.names[other % len(self.names)] if self.names else "never"
        self._take(parent, ("duplicate", url(named)))

    @rule(parent=names, name=st.sampled_from(["resolve", "inconclusive", "fix", "poke", "note"]))
    def other(self, parent: int, name: str) -> None:
        self._take(parent, (name, "x"))

    @rule(parent=names)
    def nothing(self, parent: int) -> None:
        self._take(parent)

    @rule(other=names, tree=st.sampled_from(["", "next", "mainline", "stable"]))
    def commit(self, other: int, tree: str) -> None:
        closes = [f"{self.names[other % len(self.names)]}@example.org"] if self.names else []
        self.tracker.take_commit(TrackedCommit(SHA, "mm: x", None, tree, closes))

    @invariant()
    def history_only_grows(self) -> None:
        for one in self.tracker:
            assert len(one.history) >= self.histories.get(one.report, 0)
            self.histories[one.report] = len(one.history)

    @invariant()
    def duplicates_lead_to_the_oldest(self) -> None:
        for one in self.tracker:
            seen, at = set(), one
            while at.duplicate_of:
                assert at.report not in seen
                seen.add(at.report)
                older = self.tracker[at.duplicate_of]
                assert (older.reported_utc or "", older.report) <= (
                    at.reported_utc or "",
                    at.report,
                )
                at = older
            assert self.tracker.head(one.report) == at.report


TestTracking = Tracking.TestCase
TestTracking.settings = settings(
    max_examples=max(20, settings().max_examples // 5), stateful_step_count=15
)


def test_the_tracked_regressions_of_the_corpus(corpora: Path) -> None:
    """By reading the threads: what each comes to by its commands alone."""
    found = {}
    for path in sorted((corpora / "kernel-threads" / "regression").glob("*.mbox")):
        known = Tracker({})
        for one in sorted(corpus(path), key=lambda one: one.date_utc or ""):
            told = [(s.detail, s.value) for s in detect(one) if s.kind == "regzbot"]
            known.take(TrackedMail(one.message_id, one.parent, one.root, one.date_utc, "", told))
        assert known.ignored == []
        found[path.stem] = [(one.introduced[:12], one.state) for one in known]
    assert found == {
        "bluetooth-intel-6.6.2": [("v6.6.1..v6.6", "open")],
        "bluetooth-msbc-bug215576": [("b2af264ad3af", "open")],
        "bluetooth-nokia-n9": [("81be03e026dc", "open")],
        "bluetooth-revert-resolving-list": [],
        "btrfs-dedupe-3078d85c9a10": [("3078d85c9a10", "resolved")],
        "btrfs-discard-storm-6.2": [("63a7cb130718", "to_be_fixed")],
        "btrfs-io-latency-nohz": [("7fd7a9e0caba", "resolved")],
        "btrfs-write-bandwidth-6.5": [("da023618076", "inconclusive")],
        "iouring-libvirt-bug216932": [("v6.1.4..v6.1", "to_be_fixed")],
        "mm-mkfs-oom-i386": [],
        "pasemi-nemo-5.16": [
            ("2f2c7254931f", "open"),
            ("f3ac2ff14834", "open"),
            ("", "open"),
            ("f3ac2ff14834", "open"),
        ],
        "pci-msi-54f45a30c0-boot-hang": [
            ("54f45a30c0", "to_be_fixed"),
            ("54f45a30c0d0", "to_be_fixed"),
        ],
        "xfs-chown-bug215687": [("e014f37db1a2", "resolved")],
    }

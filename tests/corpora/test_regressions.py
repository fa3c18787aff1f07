"""The regressions of thirteen real threads, as reading them shows.

States are as far as each thread tells: its fixes are commits that are not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from threadkit.pipeline.analysis import analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.regressions_view import Regressions

THREADS = {
    "bluetooth-intel-6.6.2": ("to_be_fixed", "4baf12181509", True, "24be0b3c4059"),
    "bluetooth-msbc-bug215576": (
        "to_be_fixed", "b2af264ad3af", True, "d44e1dbda36fff5d7c2586683c4adc0963aef908",
    ),
    "bluetooth-nokia-n9": ("open", "81be03e026dc", True, ""),
    "bluetooth-revert-resolving-list": ("open", "0eee35bdfa3b", False, ""),
    "btrfs-dedupe-3078d85c9a10": ("resolved", "3078d85c9a10", True, ""),
    "btrfs-discard-storm-6.2": ("to_be_fixed", "63a7cb130718", True, "2e55571fddf"),
    "btrfs-io-latency-nohz": ("resolved", "7fd7a9e0caba", True, ""),
    "btrfs-write-bandwidth-6.5": ("inconclusive", "da023618076", True, ""),
    "iouring-libvirt-bug216932": (
        "to_be_fixed", "6d47e0f6a535", True, "613b14884b8595e20b9fac4126bf627313827fbe",
    ),
    "pasemi-nemo-5.16": ("open", "f3ac2ff14834", True, ""),
    "pci-msi-54f45a30c0-boot-hang": ("to_be_fixed", "54f45a30c0", True, "e433110eb5bf"),
    "xfs-chown-bug215687": ("resolved", "e014f37db1a2", True, ""),
}  # fmt: skip
"""State, culprit, tracked, the fix that closes it."""


@pytest.fixture(scope="module")
def found(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Regressions]:
    """The regressions of each mailbox by itself."""
    folder = tmp_path_factory.mktemp("regressions")
    some = {}
    for box in sorted((corpora / "kernel-threads" / "regression").glob("*.mbox")):
        path = folder / f"{box.stem}.db"
        import_mail(path, [str(box)], workers=0)
        analyze(path)
        with Archive(path) as archive:
            some[box.stem] = archive.regressions()
    return some


@pytest.mark.parametrize("thread", THREADS)
def test_state_culprit_and_fix_are_those_of_the_thread(
    found: dict[str, Regressions], thread: str
) -> None:
    state, culprit, tracked, fix = THREADS[thread]
    one = found[thread][-1]  # of two the newer
    assert one.culprit is not None
    assert one.culprit.name.startswith(culprit)
    assert (one.state, one.tracked) == (state, tracked)
    assert "".join(each.name for each in one.fixes if each.closes) == fix


def test_one_thread_of_two_conversations_has_two(found: dict[str, Regressions]) -> None:
    counts = {name: len(some) for name, some in found.items()}
    assert counts == dict.fromkeys(counts, 1) | {"pasemi-nemo-5.16": 2}
    old = found["pasemi-nemo-5.16"][0]
    assert old.culprit is not None
    assert (old.culprit.name[:12], old.tracked) == ("041284181226", False)


def test_what_nobody_tracks_is_known_by_its_first_report(found: dict[str, Regressions]) -> None:
    [one] = found["mm-mkfs-oom-i386"]
    assert (one.reports[0].person, one.state, one.tracked) == ("Naresh Kamboju", "open", False)


def test_every_event_points_at_words_of_its_mail(
    corpora: Path, found: dict[str, Regressions], tmp_path: Path
) -> None:
    box = corpora / "kernel-threads" / "regression" / "btrfs-dedupe-3078d85c9a10.mbox"
    import_mail(tmp_path / "t.db", [str(box)], workers=0)
    [one] = found[box.stem]
    passages = {}
    with Archive(tmp_path / "t.db") as archive:
        for event in one.events:
            if event.message_id and event.stop:
                body = archive.message(event.message_id).body
                passages[event.kind, event.value] = body[event.start : event.stop]
    assert "3078d85c9a10" in passages["culprit", "3078d85c9a10"]
    assert passages["title", "btrfs: deadlocks in dedupe"].startswith("#regzbot title")


@pytest.fixture(scope="module")
def saga(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The thread of the seed and its relatives, with the facts of commits that ship."""
    path = tmp_path_factory.mktemp("saga") / "t.db"
    import_mail(path, [str(one) for one in corpora.glob("cow-thread/*.mbox")], workers=0)
    analyze(path)
    with Archive(path) as archive:
        yield archive


ODED = "CAFCwf10eNmwq2wD71xjUhqkvv5+_pJMR1nPug2RqNDcFT4H86Q@mail.gmail.com"


def test_the_report_of_2022_is_answered_by_the_commit_that_links_it(saga: Archive) -> None:
    [one] = saga.regressions(ODED)
    assert (one.key, one.state) == (ODED, "fixed")
    assert [fix.name[:12] for fix in one.fixes if fix.closes] == ["80d47f5de5e3"]
    assert not any((event.sha or "").startswith("6c287605fd56") for event in one.events)
    assert one.culprit is not None
    assert (one.culprit.sha or "").startswith("09854ba94c6a")
    assert one.culprit.source == "trailer"


def test_what_one_commit_broke_is_told_as_one_story(saga: Archive) -> None:
    story = next(
        one
        for one in saga.regressions().stories
        if any(step.name.startswith("09854ba94c6a") for step in one.steps)
    )
    fixed = {step.name[:12] for step in story.steps if step.kind in ("fixed by", "repaired by")}
    assert fixed >= {"be068f29034f", "feb889fb40fa", "6ce64428d620", "f4c4a3f48480", "80d47f5de5e3"}


def test_the_warning_of_the_seed_did_not_come_true_as_it_was_meant(saga: Archive) -> None:
    hugh = "alpine.LSU.2.11.2008312207450.1212@eggly.anvils"
    outcomes = {one.outcome for one in saga.predictions() if one.message_id == hugh}
    assert outcomes == {"another way"}

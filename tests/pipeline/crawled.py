"""Mails and commits that cite each other, on the real servers, for the tests of crawling."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fetch.boxes import Inbox
from tests.pipeline.fetches import Fetching
from tests.servers import letters
from tests.servers.loreservers import Cgit, PublicInbox
from tests.servers.repository import ROOT_MESSAGE_ID, Facts, build
from threadkit.pipeline.fetch_report import FetchReport

START, ONE, TWO, THREE, FOUR = (
    f"crawl.{word}@example.org" for word in ("start", "one", "two", "three", "four")
)
GONE = "crawl.gone@example.org"
LINKED = ROOT_MESSAGE_ID
"""The mail that commits link to."""
UNKNOWN = "0123456789abcdef01"
FOREIGN = "https://marc.info/?l=linux-mm&m=123456789"


@dataclass(frozen=True)
class World:
    """Where everything is."""

    lore: str
    cgit: str
    clone: Path
    facts: Facts
    poor: Path
    poor_cgit: str

    def commit(self, word: str) -> str:
        """Return a commit's hash by its word."""
        return self.facts.commits[word]

    @property
    def ambiguous(self) -> str:
        """The beginning of two commits."""
        return self.facts.twins[1][0][:7]


def build_world(lore: PublicInbox, gitweb: Cgit, path: Path) -> World:
    """Put the mails and the commits where they are served."""
    facts = build(path)
    served = gitweb.repository("crawl/linux")
    shutil.copytree(path, served)
    poor = gitweb.repository("poor/linux")  # with one commit, which nobody cites
    Inbox(poor).commit([Inbox.put("m", b"hello\n")])
    poor_cgit, cgit = (f"{gitweb.url}/{one.relative_to(gitweb.srv)}" for one in (poor, served))
    world = World(lore.url, cgit, path, facts, poor, poor_cgit)
    lore.grow("lkml", _mails(world))
    return world


def _mails(world: World) -> Sequence[bytes]:
    def mail(name: str, *lines: str) -> bytes:
        return letters.letter(
            name, name.partition("@")[0], minute=5000, body="\n".join(lines) + "\n"
        )

    def cites(word: str) -> str:
        return f'as in commit {world.commit(word)[:12]} ("mm: something")'

    url = "see https://lore.kernel.org"
    return [
        mail(
            START, f"{url}/all/{ONE}/", "and", f"Message-ID: <{TWO}>", cites("culprit"),
            f"commit {UNKNOWN}", f"commit {world.ambiguous}", f"commit {world.facts.blob}",
            f"{url}/r/{GONE}", FOREIGN,
        ),
        mail(ONE, f"{url}/lkml/{THREE}/", f"{url}/lkml/{START}/"),
        mail(TWO, f"{url}/lkml/{THREE}/", cites("fix"), cites("topic")),
        mail(THREE, f"{url}/lkml/{FOUR}/", f"{url}/lkml/{ONE}/", cites("culprit")),
        mail(FOUR, "The end."),
        mail(LINKED, cites("revert")),
    ]  # fmt: skip


def came(report: FetchReport) -> list[tuple[str, int, str]]:
    """Name the threads of a run, with their depths and who cites them."""
    return [(one.root, one.depth, one.cited_by) for one in report.threads]


def left(report: FetchReport) -> dict[str, str]:
    """Say why each thing was not followed."""
    return {one.name: one.why for one in report.not_followed}


def commits(fetching: Fetching) -> dict[str, tuple[Any, ...]]:
    """Read the release and the mainline of each commit that is stored."""
    query = "SELECT sha, release, mainline FROM git_commit"
    return {sha: (release, mainline) for sha, release, mainline in fetching.rows(query)}

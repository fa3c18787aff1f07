"""What the tests of fetching have in common: a database, a clock, and lines as users see them."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.fetch.badserver import BadServer, Behaviour, FakeClock, body
from tests.fetch.boxes import mbox
from tests.servers import letters
from threadkit.fetch.lore.origins import Origins
from threadkit.fetch.web.manners import Manners
from threadkit.pipeline.fetch_options import FetchOptions
from threadkit.pipeline.fetch_report import FetchReport
from threadkit.pipeline.fetching import fetch_mail
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAME = "a.0@example.org"
PAGE = f"/all/{NAME}/"
BOX = f"{PAGE}t.mbox.gz"


@dataclass
class Fetching:
    """One database, and the servers that are asked for it; time goes only when told."""

    db: Path
    lore: Sequence[str]
    cgit: Sequence[str] = ("http://127.0.0.1:1/linux.git",)
    manners: dict[str, Any] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOON))
    check: bool = True

    def __call__(self, *names: str, search: Sequence[str] = (), **options: Any) -> FetchReport:
        """Fetch; the words are those of FetchOptions."""
        options.setdefault("check", self.check)
        origins = Origins(tuple(self.lore), tuple(self.cgit))
        return fetch_mail(
            self.db,
            names,
            search=search,
            options=FetchOptions(workers=0, **options),
            origins=origins,
            manners=Manners(known_hosts=origins.hosts, **self.manners),
            clock=self.clock,
        )

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.clock.moment += timedelta(**time)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        conn = sqlite3.connect(self.db)
        try:
            return conn.execute(query).fetchall()
        finally:
            conn.close()

    @property
    def mails(self) -> int:
        """How many different mails are stored."""
        return int(self.rows("SELECT count(*) FROM raw")[0][0])

    def state(self, name: str = NAME) -> str:
        """What the queue says of something."""
        return " ".join(
            state for (state,) in self.rows(f"SELECT state FROM fetch_queue WHERE name = '{name}'")
        )

    def findings(self) -> list[object]:
        """What is wrong in the database."""
        conn = open_read(self.db)
        try:
            return list(verify(conn))
        finally:
            conn.close()


def thread(count: int, name: str = "a", body: str = "Hello.\n") -> bytes:
    """A thread as a server sends it, unpacked."""
    return mbox(letters.chain(name, count, body=body))


def packed(count: int, name: str = "a") -> bytes:
    """A thread as a server sends it."""
    return gzip.compress(thread(count, name), mtime=0)


def serve(server: BadServer, *before: Behaviour, count: int = 3) -> None:
    """Let a thread come after some other behaviours."""
    server.script(BOX, *before, body(packed(count), framing="chunked"))


def lines(report: FetchReport) -> list[str]:
    """The errors of a run, which the command line prints one by one."""
    return [str(error) for error in report.errors]

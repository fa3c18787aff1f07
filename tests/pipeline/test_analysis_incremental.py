"""Evidence is the same whether mail and commits come at once or bit by bit."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.pipeline.contents import contents
from tests.pipeline.mails import PEOPLE, mail, mbox
from threadkit.commits.values import SHIPPED, Commit, Resolved, Signature
from threadkit.pipeline.analysis import STAGES, analyze
from threadkit.pipeline.importing import import_mail
from threadkit.store.commits import CommitStore
from threadkit.store.connection import open_write

CULPRIT = "09854ba94c6aad7886996bfbee2530b3d8a7f4f4"  # of the shipped facts
FIX = "a5" * 20
PICKED = "b7" * 20
NOW = "2026-05-01T12:00:00Z"
TABLES = (
    "signal", "citation_role", "commit_mail", "series", "revision", "revision_patch",
    "series_candidate", "regression", "regression_report", "regression_culprit",
    "regression_fix", "regression_maybe", "regression_event", "prediction",
)  # fmt: skip
INSTEAD = {
    "message": "(SELECT m.message_id || ' ' || m.imposter FROM message m WHERE m.id = x.message)",
    "series": "(SELECT s.key FROM series s WHERE s.id = x.series)",
    "earlier": "(SELECT s.key FROM series s WHERE s.id = x.earlier)",
    "regression": "(SELECT r.key FROM regression r WHERE r.id = x.regression)",
}
NAMES = ("a", "b", "c", "d", "e")
SAID = (
    "Sound worked in v5.8 and no longer works in v5.9-rc1.\n",
    "This is a regression, bisected to 09854ba94c6a.\n",
    "#regzbot introduced: 09854ba94c6a\n\nMy laptop crashes.\n",
    "#regzbot fix: pool: take care of users\n",
    "This will break every user of pinned pages.\n",
    "Applied, thanks!\n",
    "This patch breaks my machine.\n",
    'See commit 09854ba94c6a ("mm: do_wp_page() simplification").\n',
    f"This is fixed by commit {FIX[:12]}.\n",
    "I'll drop it.\n",
)
PATCH = """Some reason.

Fixes: 09854ba94c6a ("mm: do_wp_page() simplification")
Reported-by: {who} <{email}@example.org>
Closes: https://lore.kernel.org/r/{closes}@example.org
Signed-off-by: Ada Example <ada@example.org>
---
 mm/a.c | 2 +-

diff --git a/mm/a.c b/mm/a.c
--- a/mm/a.c
+++ b/mm/a.c
@@ -1,3 +1,3 @@
 one
-two
+{line}
 three
"""


@st.composite
def replies(draw: st.DrawFn) -> bytes:
    """Talk about what broke; ids collide, parents miss, one mail comes in two copies."""
    to = draw(st.none() | st.sampled_from([*NAMES, "ghost", "patch1", "patch2"]))
    subject = "pool: take care of users"
    return mail(
        draw(st.sampled_from(NAMES)),
        to=to,
        subject=f"Re: [PATCH] {subject}" if to else draw(st.sampled_from([subject, "Sound broke"])),
        body="".join(draw(st.lists(st.sampled_from(SAID), min_size=1, max_size=2))),
        minute=draw(st.integers(0, 6)),
        person=draw(st.integers(0, 2)),
        list_id=draw(st.sampled_from(["talk.example.org", "talk.linux.dev", None])),
        received=draw(st.none() | st.integers(0, 9)),
    )


@st.composite
def patches(draw: st.DrawFn) -> bytes:
    """One of two revisions of a fix."""
    revision = draw(st.integers(1, 2))
    who = draw(st.sampled_from(PEOPLE[1:]))
    return mail(
        f"patch{revision}",
        to=draw(st.none() | st.sampled_from(["a", "b", "patch1"])) if revision > 1 else None,
        subject=f"[PATCH{' v2' if revision > 1 else ''}] pool: take care of users",
        body=PATCH.format(
            who=who,
            email=who.split()[0].lower(),
            closes=draw(st.sampled_from(NAMES)),
            line=draw(st.sampled_from(["four", "five"])),
        ),
        minute=10 + revision,
        person=draw(st.integers(0, 1)),
        list_id=draw(st.sampled_from(["talk.example.org", "talk.linux.dev"])),
    )


def commit(sha: str, subject: str, body: str) -> Resolved:
    """Return what a clone would say of a commit."""
    ada = Signature("Ada Example", "ada@example.org", "2024-03-02T09:00:00Z", 60)
    made = Commit(sha, "", (), ada, ada, subject, body)
    return Resolved(sha, "found", "/git/linux", made, mainline="yes", release="v6.9-rc1")


COMMITS = (
    commit(CULPRIT, "mm: do_wp_page() simplification", "As told by the clone.\n"),
    commit(
        FIX,
        "pool: take care of users",
        'Some reason.\n\nFixes: 09854ba94c6a ("mm: do_wp_page() simplification")\n'
        "Reported-by: Bo Sample <bo@example.org>\nLink: https://lore.kernel.org/r/patch2@example.org\n",
    ),
    commit(PICKED, "pool: take care of users", f"commit {FIX} upstream.\n\nSome reason.\n"),
)


def save(path: Path, commits: list[Resolved]) -> None:
    with closing(open_write(path)) as db:
        for one in commits:
            CommitStore(db.conn).save(one, NOW)


def evidence(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that was concluded, without row ids and runs."""
    found = {}
    with closing(sqlite3.connect(path)) as conn:
        for name in TABLES:
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
            wanted = [INSTEAD.get(one, f"x.{one}") for one in columns if one not in {"id", "run"}]
            rows = conn.execute(f"SELECT {', '.join(wanted)} FROM {name} x")
            found[name] = sorted(rows.fetchall(), key=repr)
        query = "SELECT sha, subject, body, release, mainline, origin FROM git_commit"
        found["git_commit"] = sorted(conn.execute(query).fetchall())
        query = "SELECT name, origin, state, sha FROM commit_name"
        found["commit_name"] = sorted(conn.execute(query).fetchall())
    return found


class Arrivals(RuleBasedStateMachine):
    """A database that is analyzed as it grows, against one that is analyzed once."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.db = self.folder / "grown.db"
        self.mails: list[bytes] = []
        self.commits: list[Resolved] = []
        self.fresh = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @rule(portion=st.lists(st.one_of(replies(), patches()), min_size=1, max_size=4))
    def mail_arrives(self, portion: list[bytes]) -> None:
        self.mails += portion
        self._import(self.db, portion)

    @precondition(lambda self: self.mails)
    @rule(one=st.sampled_from(COMMITS))
    def a_commit_is_fetched(self, one: Resolved) -> None:
        self.commits.append(one)
        save(self.db, [one])

    @precondition(lambda self: self.mails)
    @rule()
    def analyze_now(self) -> None:
        analyze(self.db)
        assert all(one.skipped for one in analyze(self.db))

    @precondition(lambda self: self.mails)
    @rule(data=st.data())
    def compare_with_all_at_once(self, data: st.DataObject) -> None:
        self.fresh += 1
        other = self.folder / f"fresh{self.fresh}.db"
        self._import(other, data.draw(st.permutations(self.mails)))
        save(other, data.draw(st.permutations(self.commits)))
        analyze(other)
        analyze(self.db)
        assert contents(other) == contents(self.db)
        grown, whole = evidence(self.db), evidence(other)
        for name in whole:
            assert grown[name] == whole[name], name

    def _import(self, path: Path, mails: list[bytes]) -> None:
        box = self.folder / "in.mbox"
        box.write_bytes(mbox(mails))
        import_mail(path, [str(box)], workers=0)


TestArrivals = Arrivals.TestCase
TestArrivals.settings = settings(
    max_examples=12,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_the_small_world_has_evidence_of_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "all.db"
    box = tmp_path / "box"
    bodies = [*SAID, "#regzbot introduced: 09854ba94c6a\n"]
    talk = [mail(f"m{n}", to="patch1" if 4 <= n < 7 else None, body=body, minute=20 + n, person=n % 3,
                 subject="Re: [PATCH] pool: take care of users" if 4 <= n < 7 else "Sound broke")
            for n, body in enumerate(bodies)]  # fmt: skip
    fixes = [
        mail(f"patch{n}", subject=f"[PATCH{' v2' * (n - 1)}] pool: take care of users", minute=n,
             body=PATCH.format(who="Bo Sample", email="bo", closes="m1", line="four"))
        for n in (1, 2)
    ]  # fmt: skip
    box.write_bytes(mbox([*fixes, *talk]))
    import_mail(path, [str(box)], workers=0)
    reports = analyze(path)
    assert [one.name for one in reports] == list(STAGES)
    before = {row[0]: row[5] for row in evidence(path)["git_commit"]}
    assert before[CULPRIT] == SHIPPED
    save(path, list(COMMITS))
    analyze(path)
    found = evidence(path)
    after = {row[0]: row[5] for row in found["git_commit"]}
    assert {after[sha] for sha in (CULPRIT, FIX, PICKED)} == {"/git/linux"}
    empty = {name for name in TABLES if not found[name]}
    assert empty <= {"series_candidate", "regression_maybe"}

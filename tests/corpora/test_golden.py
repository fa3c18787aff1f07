"""Every corpus of real mail, imported whole: the counts are those of the golden file.

The golden files hold figures only. A change that is meant is accepted with
``THREADKIT_UPDATE_GOLDEN=1 make test`` and explained in the commit.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

GOLDEN = Path(__file__).parent / "golden"

CORPORA: dict[str, Callable[[Path], list[Path]]] = {
    "cow-thread": lambda root: [root / "cow-thread" / "cow-thread.mbox"],
    "cow-related": lambda root: [root / "cow-thread" / "related.mbox"],
    "cow-seed-page": lambda root: [root.parent / "seed" / "hughd-2020-09-01.txt"],
    "kernel-threads-debate": lambda root: sorted(root.glob("kernel-threads/debate/*.mbox")),
    "kernel-threads-cow": lambda root: sorted(root.glob("kernel-threads/cow/*.mbox")),
    "kernel-threads-regression": lambda root: sorted(root.glob("kernel-threads/regression/*.mbox")),
    "kernel-threads-series": lambda root: sorted(root.glob("kernel-threads/series/*.mbox")),
    "kernel-threads-stable": lambda root: sorted(root.glob("kernel-threads/stable/*.mbox")),
    "kernel-threads-syzbot": lambda root: sorted(root.glob("kernel-threads/syzbot/*.mbox")),
    "kernel-threads-linux-next": lambda root: sorted(root.glob("kernel-threads/linux-next/*.mbox")),
    "oddities": lambda root: [root / "oddities"],
    "commits-from-stable-mail": lambda root: [root / "commits" / "from-stable-mail"],
    "jailhouse": lambda root: [root / "jailhouse" / "dev-2019-11_12.mbox"],
    "notmuch-lkml": lambda root: [root / "notmuch" / "lkml"],
    "notmuch-default": lambda root: [root / "notmuch" / "default"],
    "notmuch-threading": lambda root: [root / "notmuch" / "threading"],
    "notmuch-broken": lambda root: [root / "notmuch" / "broken"],
    "notmuch-duplicate": lambda root: [root / "notmuch" / "duplicate"],
    "notmuch-html": lambda root: [root / "notmuch" / "html"],
    "notmuch-indexing": lambda root: [root / "notmuch" / "indexing"],
    "git-t5100": lambda root: [root / "git-t5100"],
    "cpython-test-email": lambda root: [root / "cpython-test-email"],
    "mailman": lambda root: [root / "mailman"],
    "hyperkitty": lambda root: [root / "hyperkitty"],
    "perceval": lambda root: [root / "perceval"],
    "patch-hub": lambda root: [root / "patch-hub"],
    "public-inbox": lambda root: [root / "public-inbox-git" / "ksummit-discuss.bundle"],
}

COUNTS = {
    "mails": "SELECT count(*) FROM raw",
    "messages": "SELECT count(*) FROM message WHERE NOT ghost",
    "ghosts": "SELECT count(*) FROM message WHERE ghost",
    "imposters": "SELECT count(*) FROM message WHERE imposter > 0",
    "conversations": "SELECT count(DISTINCT root) FROM message",
    "strict_roots": "SELECT count(*) FROM message WHERE parent IS NULL OR parent_rule = 'subject'",
    "loose": "SELECT count(*) FROM message WHERE match = 'loose'",
    "overview_rows": "SELECT count(*) FROM overview",
    "people": "SELECT count(*) FROM person",
    "addresses": "SELECT count(*) FROM address",
    "patches": "SELECT count(*) FROM patch WHERE patch_id IS NOT NULL",
    "attachments": "SELECT count(*) FROM attachment",
}
TALLIES = {
    "defects": "SELECT kind, count(*) FROM defect GROUP BY kind",
    "blocks": "SELECT kind, count(*) FROM block GROUP BY kind",
    "blocks_uncertain": "SELECT kind, count(*) FROM block WHERE NOT certain GROUP BY kind",
    "parent_rules": "SELECT parent_rule, count(*) FROM message GROUP BY parent_rule",
    "quotes": "SELECT method, count(*) FROM quote GROUP BY method",
    "trailers": "SELECT name, count(*) FROM trailer GROUP BY name",
    "citations": "SELECT kind, count(*) FROM citation GROUP BY kind",
}


def counts(db: Path) -> dict[str, object]:
    """Return the figures that the golden files hold."""
    conn = sqlite3.connect(db)
    try:
        found: dict[str, object] = {
            name: conn.execute(query).fetchone()[0] for name, query in COUNTS.items()
        }
        for name, query in TALLIES.items():
            found[name] = dict(sorted(conn.execute(query).fetchall()))
    finally:
        conn.close()
    return found


@pytest.mark.parametrize("name", CORPORA)
def test_counts_of_a_corpus(name: str, corpora: Path, tmp_path: Path) -> None:
    paths = [str(path) for path in CORPORA[name](corpora)]
    assert paths
    db = tmp_path / "t.db"
    report = import_mail(db, paths, workers=0)
    found = {"seen": report.seen, "known": report.known, "copies": report.copies, **counts(db)}
    golden = GOLDEN / f"{name}.json"
    if os.environ.get("THREADKIT_UPDATE_GOLDEN"):
        golden.write_text(json.dumps(found, indent=1) + "\n")
    assert found == json.loads(golden.read_text())
    conn = open_read(db)
    try:
        assert list(verify(conn)) == []
    finally:
        conn.close()


def test_every_corpus_of_mail_has_a_golden_file(corpora: Path) -> None:
    covered = {name.split("-")[0] for name in CORPORA}
    there = {path.name.split("-")[0] for path in corpora.iterdir() if path.is_dir()}
    assert there == covered


def test_the_public_inbox_bundle_as_a_clone_gives_the_same(corpora: Path, tmp_path: Path) -> None:
    """A bundle and the bare clone of it hold the same mails."""
    bundle = corpora / "public-inbox-git" / "ksummit-discuss.bundle"
    clone = tmp_path / "0.git"
    subprocess.run(["git", "clone", "-q", "--mirror", str(bundle), str(clone)], check=True)
    first, second = tmp_path / "a.db", tmp_path / "b.db"
    import_mail(first, [str(bundle)], workers=0)
    import_mail(second, [str(clone)], workers=0)
    assert counts(first) == counts(second)

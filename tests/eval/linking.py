"""Patches that became commits: what threadkit links against what the corpus itself knows.

The truth of the jailhouse corpus is a list of groups: mails of one patch, and the commits it
became, none for a patch that was dropped.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.eval.citing import Miss
from tests.eval.scores import Count
from threadkit.analyze.claims import settle
from threadkit.analyze.posted import KnownCommit
from threadkit.commits.relations import message_links, upstream_of
from threadkit.pipeline.importing import import_mail
from threadkit.pipeline.stages.links import mail_index
from threadkit.store.connection import open_read

MAILBOX = "dev-2019-11_12.mbox"


def log(folder: Path) -> Iterator[KnownCommit]:
    """Read the metadata of all commits; diffs are not there, so no patch-ids."""
    with gzip.open(folder / "commits.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield _known(json.loads(line))


def _known(row: dict[str, Any]) -> KnownCommit:
    return KnownCommit(
        row["hash"], row["subject"], row["author"], row["author_email"],
        _utc(row["author_date"]), _utc(row["commit_date"]), None,
        message_links(row["body"]), upstream_of(row["body"]), len(row["parents"]) > 1,
    )  # fmt: skip


def _utc(written: str) -> str:
    return datetime.fromisoformat(written).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def measure(root: Path, scratch: Path) -> tuple[list[Count], list[Miss]]:
    """Count by patch; a commit is right if it is that of any mail of the patch."""
    folder, path = root / "jailhouse", scratch / "jailhouse.db"
    import_mail(path, [str(folder / MAILBOX)])
    written, matches = {}, []
    with closing(open_read(path)) as conn:
        index = mail_index(conn)
        for commit in log(folder):
            if found := index.match(commit, absent=False):
                matches += found
                written[commit.sha] = commit.author_utc
    made: dict[str, set[str]] = {}
    for match in settle(matches, written):
        if match.kind == "becomes":
            made.setdefault(match.message_id, set()).add(match.sha)
    truth = json.loads((folder / "dev-2019-11_12.groundtruth.json").read_text("utf-8"))
    return compare(truth, made)


def compare(
    truth: list[dict[str, list[str]]], made: dict[str, set[str]]
) -> tuple[list[Count], list[Miss]]:
    """Compare by patch what was made of it."""
    counts, misses = [], []
    for group in truth:
        mails, wanted = group["in_this_mbox"], set(group["upstream"])
        got = set().union(*(made.get(one, set()) for one in mails))
        counts.append(Count(len(got & wanted), len(got - wanted), len(wanted - got)))
        misses += [Miss("patch", mails[0], 0, 0, sha, "") for sha in sorted(wanted - got)]
        misses += [Miss("patch", mails[0], 0, 0, "", sha) for sha in sorted(got - wanted)]
    return counts, misses

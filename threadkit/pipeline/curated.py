"""Regressions that somebody wrote down, as facts that come with threadkit.

One JSON object a line, below ``data/regressions``: ``title`` (what broke, in our own
words), ``culprit`` (a hash or empty), ``reports`` (Message-IDs), ``reporter``,
``reported_utc`` (a date or a time), ``fixes`` (hashes), ``notes`` (hashes of commits that
have to do with it and repair nothing), ``state`` and ``why`` (if it was
resolved otherwise), ``mechanisms`` (words for how it breaks), ``source``, where this is
known from, and ``certainty``, how surely: the least sure of several counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from threadkit.errors import SourceError
from threadkit.pipeline.shipped import shipped
from threadkit.store.regression_inputs import known_messages

if TYPE_CHECKING:
    from threadkit.analyze.regressions.facts import CommitFacts, CuratedFact
    from threadkit.analyze.regressions.regression import Regression

_CURATED = frozenset(
    (
        "title", "culprit", "reports", "reporter", "reported_utc", "fixes", "state", "why",
        "source", "notes",
    )
)  # fmt: skip

_SCORES: Mapping[str, float] = {"C": 0.95, "M": 0.9, "C~": 0.7, "M~": 0.7, "~": 0.6, "?": 0.4}
"""How sure a fact is: by a commit, by mail, by excerpts or a conclusion of them, concluded."""

_UNSURE, _CONCLUDED = 0.7, 0.4


def curated_facts(conn: Connection, commits: Sequence[CommitFacts]) -> list[CuratedFact]:
    """Read the curated facts that come with threadkit and are about what is here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    commits : sequence of CommitFacts
        All that are known.

    Returns
    -------
    list of CuratedFact
        In the order of their files.
    """
    facts = [_curated(row) for row in _curated_rows()]
    named = sorted({message_id for fact in facts for message_id in fact.reports})
    here = known_messages(conn, named)
    shas = [commit.sha for commit in commits]

    def is_known(name: str) -> bool:
        return bool(name) and any(sha.startswith(name) for sha in shas)

    return [
        fact
        for fact in facts
        if here & set(fact.reports) or any(map(is_known, (fact.culprit, *fact.fixes, *fact.notes)))
    ]


def how_surely(one: Regression) -> Regression:
    """Say in the reason of its state that a curated regression is not known for sure.

    Parameters
    ----------
    one : Regression
        As it was put together; of another origin it is returned as it is.
    """
    told = [event.score for event in one.events if event.source == "curated"]
    if one.origin != "curated" or min(told, default=1.0) > _UNSURE:
        return one
    by = "excerpts or a conclusion" if min(told) > _CONCLUDED else "a conclusion"
    return replace(one, why=f"{one.why}; known by {by} only")


def curated_ties() -> list[tuple[str, ...]]:
    """Return the hashes that stand together in a curated fact: a culprit, fixes, notes.

    Examples
    --------
    >>> all(len(group) > 1 for group in curated_ties())
    True
    """
    groups = [
        (row.get("culprit", ""), *row.get("fixes", ()), *row.get("notes", ()))
        for row in _curated_rows()
    ]
    return [named for group in groups if len(named := tuple(filter(None, group))) > 1]


def curated_version() -> str:
    """Return a fingerprint of the curated facts."""
    text = json.dumps(_curated_rows(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _curated_rows() -> list[dict[str, Any]]:
    try:
        folder = shipped("regressions")
    except SourceError:
        return []
    lines = (line for path in sorted(folder.glob("*.jsonl"))
             for line in path.read_text("utf-8").splitlines())  # fmt: skip
    return [json.loads(line) for line in lines if line.strip()]


def _curated(row: Mapping[str, Any]) -> CuratedFact:
    from threadkit.analyze.mechanisms import mechanisms
    from threadkit.analyze.regressions.facts import CuratedFact

    kept = {name: value for name, value in row.items() if name in _CURATED}
    for name in ("reports", "fixes", "notes"):
        kept[name] = tuple(kept.get(name, ()))
    words = mechanisms(" ".join((row["title"], *row.get("mechanisms", ()))))
    score = min(_SCORES[one.strip()] for one in row["certainty"].split(","))
    return CuratedFact(**kept, mechanisms=words, score=score)

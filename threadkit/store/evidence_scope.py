"""What a conversation touches: the mails, commits, series and regressions around it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from threadkit.commits.values import SURE_DIGITS


@dataclass(frozen=True, slots=True)
class Scope:
    """What a graph is about; in a whole archive each of these is None: everything.

    Attributes
    ----------
    core : frozenset of int or None
        Mails of the conversation: of these alone the citations and quotes count.
    mails : frozenset of int or None
        These, and the mails that become part of the graph by what they touch.
    commits : frozenset of str or None
        Full hashes.
    regressions, series : frozenset of int or None
        Row ids.
    """

    core: frozenset[int] | None = None
    mails: frozenset[int] | None = None
    commits: frozenset[str] | None = None
    regressions: frozenset[int] | None = None
    series: frozenset[int] | None = None


EVERYTHING = Scope()


def conversation(conn: Connection, root: int) -> Scope:
    """Find the mails of a conversation, and nothing else.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        Row id of the conversation's root.

    Returns
    -------
    Scope
        Without commits, regressions and series.
    """
    query = "SELECT id FROM message WHERE root = :root OR id = :root"
    mails = frozenset(_ids(conn, query, root=root))
    return Scope(mails, mails, frozenset(), frozenset(), frozenset())


def around(conn: Connection, root: int) -> Scope:
    """Find what a conversation touches.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        Row id of the conversation's root.

    Returns
    -------
    Scope
        Its mails; the commits that they cite, became, are linked by or share a bug with;
        regressions of these; the commits that these name; and the mails that all of them
        point at.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> around(db.conn, 1).mails
    frozenset()
    >>> db.close()

    Notes
    -----
    A dozen queries, whatever the size of the archive.
    """
    core = set(conversation(conn, root).core or ())
    commits = _ids(conn, _COMMITS_OF_MAILS, mails=core)
    regressions = _ids(conn, _REGRESSIONS_OF, mails=core, commits=commits)
    commits |= _ids(conn, _COMMITS_OF_REGRESSIONS, regressions=regressions)
    commits |= _ids(conn, _COMMITS_OF_COMMITS, commits=commits)
    mails = core | _ids(conn, _QUOTED, mails=core)
    mails |= _ids(conn, _MAILS_OF, mails=core, commits=commits, regressions=regressions)
    series = _ids(conn, _SERIES_OF, mails=mails)
    mails |= _ids(conn, "SELECT message FROM revision_patch WHERE series IN"
                  " (SELECT value FROM json_each(:series))", series=series)  # fmt: skip
    return Scope(*map(frozenset, (core, mails, commits, regressions, series)))


# Commits that mails cite; that mails became, or are the discussion of; that point at mails,
# or at the bugs that mails point at.
_COMMITS_OF_MAILS = """
WITH given AS MATERIALIZED (SELECT value AS id FROM json_each(:mails))
SELECT n.sha FROM given w CROSS JOIN citation c ON c.message = w.id AND c.kind = 'commit'
  JOIN commit_name n ON n.name = c.value AND n.state = 'found'
UNION SELECT g.sha FROM given w CROSS JOIN citation c ON c.message = w.id AND c.kind = 'commit'
  AND length(c.value) >= {digits} CROSS JOIN git_commit g
  ON g.sha >= c.value AND g.sha < c.value || 'g'
UNION SELECT k.sha FROM given w CROSS JOIN message m ON m.id = w.id
  JOIN commit_mail k ON k.message_id = m.message_id AND k.kind <> 'candidate'
UNION SELECT k.sha FROM given w CROSS JOIN message m ON m.id = w.id
  JOIN commit_citation k ON k.value = m.message_id AND k.kind = 'message'
UNION SELECT k.sha FROM given w CROSS JOIN citation c ON c.message = w.id
  AND c.kind IN ('bug', 'syzbot', 'cve')
  CROSS JOIN commit_citation k ON k.value = c.value AND k.kind = c.kind
"""
_REGRESSIONS_OF = """
SELECT regression FROM regression_culprit WHERE sha IN (SELECT value FROM json_each(:commits))
UNION SELECT regression FROM regression_fix WHERE sha IN (SELECT value FROM json_each(:commits))
UNION SELECT e.regression FROM json_each(:mails) w CROSS JOIN message m ON m.id = w.value
  JOIN regression_report e ON e.message_id = m.message_id
UNION SELECT e.regression FROM json_each(:mails) w CROSS JOIN message m ON m.id = w.value
  JOIN regression_event e ON e.message_id = m.message_id
"""
_COMMITS_OF_REGRESSIONS = """
WITH given AS MATERIALIZED (SELECT value AS id FROM json_each(:regressions))
SELECT e.sha FROM given w CROSS JOIN regression_culprit e ON e.regression = w.id
  WHERE e.sha IN (SELECT sha FROM git_commit)
UNION SELECT e.sha FROM given w CROSS JOIN regression_fix e ON e.regression = w.id
  WHERE e.sha IN (SELECT sha FROM git_commit)
"""
# What commits cite, and which commits cite them.
_COMMITS_OF_COMMITS = """
WITH given AS MATERIALIZED (SELECT value AS sha FROM json_each(:commits))
SELECT n.sha FROM given w CROSS JOIN commit_citation c ON c.sha = w.sha AND c.kind = 'commit'
  JOIN commit_name n ON n.name = c.value AND n.state = 'found'
UNION SELECT g.sha FROM given w CROSS JOIN commit_citation c ON c.sha = w.sha
  AND c.kind = 'commit' AND length(c.value) >= {digits} CROSS JOIN git_commit g
  ON g.sha >= c.value AND g.sha < c.value || 'g'
UNION SELECT c.sha FROM given w CROSS JOIN commit_name n ON n.sha = w.sha AND n.state = 'found'
  JOIN commit_citation c ON c.value = n.name AND c.kind = 'commit'
"""
_QUOTED = """
SELECT q.source FROM json_each(:mails) w CROSS JOIN quote q ON q.message = w.value
WHERE q.source IS NOT NULL
"""
_MAILS_OF = """
WITH named AS (
  SELECT c.value AS message_id FROM json_each(:mails) w CROSS JOIN citation c
    ON c.message = w.value AND c.kind = 'message'
  UNION SELECT c.value FROM json_each(:commits) w CROSS JOIN commit_citation c
    ON c.sha = w.value AND c.kind = 'message'
  UNION SELECT k.message_id FROM json_each(:commits) w CROSS JOIN commit_mail k
    ON k.sha = w.value AND k.kind <> 'candidate'
  UNION SELECT e.message_id FROM json_each(:regressions) w CROSS JOIN regression_report e
    ON e.regression = w.value
  UNION SELECT e.message_id FROM json_each(:regressions) w CROSS JOIN regression_fix e
    ON e.regression = w.value AND e.message_id IS NOT NULL
)
SELECT m.id FROM named n CROSS JOIN message m ON m.message_id = n.message_id
UNION SELECT x.message FROM named n CROSS JOIN alias x ON x.message_id = n.message_id
"""
_SERIES_OF = """
SELECT p.series FROM json_each(:mails) w CROSS JOIN revision_patch p ON p.message = w.value
"""


def _ids(conn: Connection, query: str, root: int = 0, **given: set[Any]) -> set[Any]:
    """Run a query on sets of ids and gather its only column."""
    query = query.replace("{digits}", str(SURE_DIGITS))
    params: dict[str, object] = {name: json.dumps(sorted(ids)) for name, ids in given.items()}
    return {row[0] for row in conn.execute(query, {**params, "root": root})}


def subject_of(conn: Connection, root: int) -> str:
    """Return the subject of the first mail of a conversation that is here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    root : int
        Row id of the conversation's root.

    Returns
    -------
    str
        As written; empty if none has one.
    """
    row = conn.execute(
        "SELECT subject FROM message WHERE (root = :root OR id = :root) AND subject <> ''"
        " ORDER BY id <> :root, id LIMIT 1",
        {"root": root},
    ).fetchone()
    return row[0] if row else ""

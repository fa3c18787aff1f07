"""What came of running scenarios of the model, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import NamedTuple


class ScenarioRow(NamedTuple):
    """A row of ``scenario``."""

    name: str
    question: str
    sha256: str


class EraRow(NamedTuple):
    """A row of ``era``."""

    key: str
    position: int
    letter: str
    title: str
    kernels: str
    kind: str


class VerdictRow(NamedTuple):
    """A row of ``verdict``; ``harms`` and ``costs`` are JSON."""

    scenario: str
    era: str
    engine: str
    verdict: str
    positive: int
    negative: int
    harms: str
    costs: str
    model_version: str


def save_eras(conn: Connection, eras: Sequence[EraRow]) -> None:
    """Write eras; one that is here is brought up to date.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    eras : sequence of EraRow
        All that verdicts are to name.
    """
    conn.executemany(
        "INSERT INTO era (key, position, letter, title, kernels, kind) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET position = excluded.position, letter = excluded.letter,"
        " title = excluded.title, kernels = excluded.kernels, kind = excluded.kind",
        eras,
    )


def known_scenarios(conn: Connection, version: str, eras: int) -> dict[str, str]:
    """Tell which scenarios were run by this model under all its eras.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    version : str
        Of the model.
    eras : int
        How many there are.

    Returns
    -------
    dict of str to str
        Hash of its text, by name.
    """
    query = (
        "SELECT s.name, s.sha256 FROM scenario s JOIN verdict v ON v.scenario = s.name"
        " WHERE v.engine = 'model' AND v.model_version = ? GROUP BY s.name HAVING count(*) = ?"
    )
    return dict(conn.execute(query, (version, eras)).fetchall())


def save_scenario(conn: Connection, scenario: ScenarioRow, verdicts: Sequence[VerdictRow]) -> None:
    """Write a scenario with its verdicts, in the stead of what one engine said before.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    scenario : ScenarioRow
        As it was run.
    verdicts : sequence of VerdictRow
        Of this scenario, of one engine, under eras that are here.
    """
    conn.execute(
        "INSERT INTO scenario (name, question, sha256) VALUES (?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET question = excluded.question, sha256 = excluded.sha256",
        scenario,
    )
    for engine in {one.engine for one in verdicts}:
        conn.execute(
            "DELETE FROM verdict WHERE scenario = ? AND engine = ?", (scenario.name, engine)
        )
    conn.executemany(
        f"INSERT INTO verdict ({', '.join(VerdictRow._fields)})"  # noqa: S608
        f" VALUES ({', '.join('?' * len(VerdictRow._fields))})",
        verdicts,
    )


def verdicts(conn: Connection, scenario: str | None = None) -> list[VerdictRow]:
    """List what came of runs.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    scenario : str, optional
        Only of this one.

    Returns
    -------
    list of VerdictRow
        By scenario, in the order of eras.

    Examples
    --------
    >>> from threadkit.store.connection import open_write
    >>> db = open_write(":memory:")
    >>> verdicts(db.conn)
    []
    >>> db.close()
    """
    bound, values = ("", ()) if scenario is None else ("WHERE v.scenario = ?", (scenario,))
    columns = ", ".join(f"v.{name}" for name in VerdictRow._fields)
    query = (
        f"SELECT {columns} FROM verdict v JOIN era e ON e.key = v.era {bound}"  # noqa: S608
        " ORDER BY v.scenario, e.position, v.engine"
    )
    return [VerdictRow._make(row) for row in conn.execute(query, values)]

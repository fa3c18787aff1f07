"""Load a casebook into a database: its facts, the model's verdicts, what it says of findings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING

from threadkit.pipeline.casebook_findings import applied_to, say_casebooks
from threadkit.pipeline.casebook_rows import (
    era_rows,
    head_of,
    rows_of,
    scenario_row,
    scenarios_of,
    verdict_rows,
)
from threadkit.pipeline.display import counted
from threadkit.pipeline.shipped import shipped
from threadkit.store.casebooks import save_casebook
from threadkit.store.connection import open_write, translate
from threadkit.store.transaction import transaction
from threadkit.store.verdicts import known_scenarios, save_eras, save_scenario

if TYPE_CHECKING:
    from threadkit.casebook.applied import Left
    from threadkit.casebook.values import Casebook


@dataclass(frozen=True, slots=True, repr=False)
class Loaded:
    """What came of loading a casebook.

    Attributes
    ----------
    casebook : Casebook
        That was loaded.
    changed : bool
        It was not in the database before, as it is.
    scenarios : int
        Scenarios that were run.
    met : int
        Claims of the casebook that are claims of mails here now.
    added, removed : int
        Corrections of findings.
    left : tuple of Left
        What changes no finding, and why: it is in the tables of the casebook all the same.
    """

    casebook: Casebook
    changed: bool
    scenarios: int
    met: int
    added: int
    removed: int
    left: tuple[Left, ...]

    @property
    def why_left(self) -> dict[str, list[Left]]:
        """What changes no finding, by the reason; the commonest first."""
        found: dict[str, list[Left]] = {}
        for one in self.left:
            found.setdefault(one.why, []).append(one)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    def __repr__(self) -> str:
        claims = counted(len(self.casebook.claims), "claim")
        return f"<Loaded {self.casebook.name}: {self.met} of {claims} met in mail that is here>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        claims = counted(len(self.casebook.claims), "claim")
        facts = [f"{self.met} of {claims} met in mail that is here"]
        facts += [f"{len(some)}: {why}" for why, some in self.why_left.items()]
        return notebook.heading(self.casebook.title, facts)

    def as_json(self) -> dict[str, object]:
        """Return plain values."""
        return {
            "casebook": self.casebook.name,
            "changed": self.changed,
            "claims": len(self.casebook.claims),
            "claims_met": self.met,
            "left_out": len(self.casebook.unwritten),
            "messages": len(self.casebook.messages),
            "scenarios_run": self.scenarios,
            "corrections_added": self.added,
            "corrections_removed": self.removed,
            "left": [one._asdict() for one in self.left],
        }


def load_casebook(
    path: str | Path,
    name: str | Path,
    *,
    tell: Callable[[tuple[int, int]], None] | None = None,
) -> Loaded:
    """Load a casebook into a database, in the stead of what was loaded of it before.

    Parameters
    ----------
    path : str or Path
        The database; made if there is none: mail can come later.
    name : str or Path
        A folder, or the name of a casebook that comes with threadkit.
    tell : callable, optional
        Takes how many scenarios were run, and how many are to be.

    Returns
    -------
    Loaded
        A second load of the same changes nothing.

    Raises
    ------
    CasebookError
        It does not hold together; nothing is written.
    StoreError
        The database cannot be written.
    """
    from threadkit.casebook.load import load

    return keep_casebook(path, load(casebook_folder(name)), tell=tell)


def casebook_folder(name: str | Path) -> Path:
    """Find the folder of a casebook.

    Parameters
    ----------
    name : str or Path
        A folder, or the name of a casebook that comes with threadkit.

    Raises
    ------
    NoCasebook
        There is neither.

    Examples
    --------
    >>> casebook_folder("cow-2020").name
    'cow-2020'
    """
    from threadkit.casebook.problems import NoCasebook

    if Path(name).is_dir():
        return Path(name)
    known = {path.name: path for path in shipped("casebooks").iterdir() if path.is_dir()}
    if str(name) in known:
        return known[str(name)]
    raise NoCasebook(str(name), known)


def keep_casebook(
    path: str | Path,
    casebook: Casebook,
    *,
    tell: Callable[[tuple[int, int]], None] | None = None,
) -> Loaded:
    """Write a casebook that was read, as :func:`load_casebook` does.

    Parameters
    ----------
    path : str or Path
        The database.
    casebook : Casebook
        With its document.
    tell : callable, optional
        As for :func:`load_casebook`.

    Raises
    ------
    StoreError
        The database cannot be written.
    """
    from threadkit import __version__

    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with translate(path), closing(open_write(path)) as db:
        with transaction(db.conn):
            head = head_of(casebook, now, __version__)
            changed = save_casebook(db.conn, head, casebook.document, rows_of(casebook))
            ran = run_scenarios(db.conn, scenarios_of(casebook), tell)
            added, removed = say_casebooks(db.conn)
            made = applied_to(db.conn, casebook)
        roots = _roots(db.conn, list(made.claims.values()))
    _put_together(path, roots)
    return Loaded(casebook, changed, ran, len(made.claims), added, removed, tuple(made.left))


def run_scenarios(
    conn: Connection,
    names: list[str],
    tell: Callable[[tuple[int, int]], None] | None = None,
) -> int:
    """Run scenarios under every era of the model, and keep the verdicts.

    Parameters
    ----------
    conn : sqlite3.Connection
        In a transaction.
    names : list of str
        Of scenarios; one that was run by this model as it is now is left as it is.
    tell : callable, optional
        As for :func:`load_casebook`.

    Returns
    -------
    int
        How many were run.

    Raises
    ------
    UnknownScenario
        There is none of this name.
    """
    from threadkit import cow

    eras = cow.all_eras()
    save_eras(conn, era_rows(eras))
    known = known_scenarios(conn, cow.MODEL_VERSION, len(eras))
    rows = [(one, scenario_row(one)) for one in map(cow.scenario, names)]
    waiting = [(one, row) for one, row in rows if known.get(row.name) != row.sha256]
    for done, (one, row) in enumerate(waiting):
        if tell:
            tell((done, len(waiting)))
        save_scenario(conn, row, verdict_rows(one, eras))
    return len(waiting)


def _roots(conn: Connection, keys: list[str]) -> list[str]:
    """Name a mail of each conversation whose debate is not of today's corrections."""
    from threadkit.analyze.debate.names import key_parts
    from threadkit.pipeline.stages import claims, rules
    from threadkit.store.debates import stale_debates
    from threadkit.store.lookup import root

    mails = {root(conn, one): one for one in dict.fromkeys(key_parts(key)[0] for key in keys)}
    stale = stale_debates(conn, rules(claims.VERSION), list(mails))
    return [mails[one] for one in stale]


def _put_together(path: str | Path, roots: list[str]) -> None:
    from threadkit.pipeline.analysis import ARGUMENTS, analyze

    for root in roots:
        analyze(path, only=ARGUMENTS, thread=root)

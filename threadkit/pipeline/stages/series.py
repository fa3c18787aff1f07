"""Group the patches of a database into series, and tell what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from threadkit.store.series_input import fingerprint

if TYPE_CHECKING:
    from sqlite_utils import Database

NAME = "series"
VERSION = "3"

inputs = fingerprint


def run(db: Database, run_id: int, tell: Callable[[int, int], None]) -> tuple[int, int]:
    """Group all postings anew.

    Parameters
    ----------
    db : Database
        Open for writing, in a transaction.
    run_id : int
        Of this run.
    tell : callable
        Called with the replies read and their number.

    Returns
    -------
    read, found : int
        Postings, series.
    """
    from threadkit.pipeline.series_findings import find_series

    return find_series(db.conn, run_id, tell)

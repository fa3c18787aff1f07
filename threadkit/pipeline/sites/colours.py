"""Colours of people: kept in the database where it can be written, so that none moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from threadkit.errors import StoreError
from threadkit.store.colours import chosen, colours, keep_colours
from threadkit.store.connection import open_write, translate
from threadkit.store.transaction import transaction

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive


def colours_of(archive: Archive, people: Sequence[tuple[str, Sequence[str]]]) -> dict[str, int]:
    """Choose the colours of people, and keep them if that can be done.

    Parameters
    ----------
    archive : Archive
        The database.
    people : sequence of (str, sequence of str)
        Keys, and what colours are kept by; those who choose first stand first.

    Returns
    -------
    dict of str to int
        From 1, by key.
    """
    names = [some for _, some in people]
    with archive._reading() as conn:
        before = colours(conn)
    found = chosen(names, before)
    if any(before.get(one) != number for some, number in zip(names, found, strict=True)
           for one in some):  # fmt: skip
        _keep(archive, names)
    return {key: number for (key, _), number in zip(people, found, strict=True)}


def _keep(archive: Archive, names: Sequence[Sequence[str]]) -> None:
    """Write colours down; a database that cannot be written does without."""
    archive.close()  # what was open as immutable would not see them
    try:
        with translate(archive.path):
            database = open_write(archive.path, create=False)
            try:
                with transaction(database.conn):
                    keep_colours(database.conn, names)
            finally:
                database.close()
    except StoreError:
        return

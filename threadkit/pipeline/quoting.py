"""Hand mails with quotes, and the ancestors they may quote, to the quote resolver."""

from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection

from threadkit.pipeline.placing import Neighbourhood
from threadkit.pipeline.prepare import QuoteTask
from threadkit.store.conversation import Text, texts
from threadkit.store.write import Batch

MOST_ANCESTORS = 6
"""How far up a quoted passage is looked for; deeper quotes are rare."""

TASKS_A_CALL = 100


def quote_tasks(conn: Connection, batch: Batch, around: Neighbourhood) -> Iterator[list[QuoteTask]]:
    """Yield the mails of a batch that quote something, some at a time.

    Mails that were stored before are among them if their ancestors changed.

    Parameters
    ----------
    conn : sqlite3.Connection
        In the transaction that wrote the batch.
    batch : Batch
        Classified, written and placed.
    around : Neighbourhood
        What :func:`~threadkit.pipeline.placing.place_batch` gave.

    Yields
    ------
    list of QuoteTask
        At most :data:`TASKS_A_CALL`.
    """
    known = {id_: Text(row.body, row.blocks) for id_, row in batch.changed.items()}
    known.update(texts(conn, [id_ for id_ in around.stale if id_ not in known]))
    chains = {
        id_: _ancestors(id_, text, around.parent)
        for id_, text in known.items()
        if id_ in around.stale and any(block[0] == "quote" for block in text.blocks)
    }
    wanted = {one for chain in chains.values() for one in chain} - known.keys()
    known.update(texts(conn, [one for one in wanted if one > 0]))
    tasks = []
    for id_, chain in sorted(chains.items(), key=_chain):  # those of one parent together
        body, parts = known[id_]
        ancestors = tuple(known.get(one) for one in chain)
        tasks.append(QuoteTask(id_, body, parts, ancestors, chain))
        if len(tasks) >= TASKS_A_CALL:
            yield tasks
            tasks = []
    if tasks:
        yield tasks


def _chain(item: tuple[int, tuple[int, ...]]) -> tuple[int, ...]:
    return item[1]


def _ancestors(id_: int, text: Text, parent: dict[int, int | None]) -> tuple[int, ...]:
    """Return the row ids above a mail, nearest first, as deep as it quotes and one more."""
    deepest = max((block[1] for block in text.blocks), default=0)
    chain: list[int] = []
    up = parent.get(id_)
    while up is not None and len(chain) < min(deepest + 1, MOST_ANCESTORS):
        chain.append(up)
        up = parent.get(up)
    return tuple(chain)

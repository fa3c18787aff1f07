"""What ``fetch --status`` shows: the queue, and the hosts that are left alone for now."""

from __future__ import annotations

from collections.abc import Sequence

import click

from threadkit.cli.console import Console
from threadkit.cli.formats import dump, envelope
from threadkit.pipeline.display import counted, one_line

_LINES = 30


def show_status(console: Console, form: str | None) -> None:
    """Print what is waiting, missing and failed.

    Parameters
    ----------
    console : Console
        Of this run.
    form : str or None
        ``nl``, ``json``, or None for reading.

    Raises
    ------
    StoreError
        There is no database, or it cannot be read.
    """
    from threadkit.pipeline.fetch_status import fetch_status

    status = fetch_status(console.db)
    if form == "json":
        facts: dict[str, object] = {
            "counts": status.counts,
            "hosts": status.hosts,
            "items": status.items,
        }
        console.write([envelope(console, facts)])
        return
    if form == "nl":
        console.write(dump(console, item) for item in status.items)
        return
    states = ", ".join(f"{number} {state}" for state, number in status.counts.items())
    lines = [f"queue: {states or 'empty'}"]
    for host in status.hosts:
        lines.append(f"{host['host']}: not before {host['not_before_utc']}: {host['why']}")
    open_items = [item for item in status.items if item["state"] != "done"]
    for item in open_items[:_LINES]:
        why = f": {item['why']}" if item["why"] else ""
        where = f" at {item['asked_of']}" if item["asked_of"] else ""
        lines.append(f"{item['state']:8} {item['kind']:7} {item['name']}{where}{why}")
    if len(open_items) > _LINES:
        lines.append(f"and {len(open_items) - _LINES} more; --nl lists them all")
    for line in lines:
        click.echo(one_line(line))


def forget_items(console: Console, names: Sequence[str]) -> None:
    """Drop items from the queue, and say how many.

    Parameters
    ----------
    console : Console
        Of this run.
    names : sequence of str
        As they were asked for; none for everything that did not come.

    Raises
    ------
    StoreError
        There is no database, or it cannot be written.
    """
    from threadkit.pipeline.fetch_status import forget

    number = forget(console.db, names)
    console.note(f"{counted(number, 'item')} dropped from the queue")

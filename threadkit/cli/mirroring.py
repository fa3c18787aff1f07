"""What ``fetch --mirror`` does: keep a list as git repositories, and import it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from threadkit.cli.console import Console, stderr_columns, warn
from threadkit.cli.formats import dump, envelope
from threadkit.cli.importing import import_facts, import_lines, import_progress
from threadkit.cli.progress import progress_line, status_line


def mirror_command(
    ctx: click.Context,
    console: Console,
    what: str,
    into: Path | None,
    since: str | None,
    offline: bool,
    form: str | None,
) -> None:
    """Bring a mirror up to date, import it, and say what was done.

    Parameters
    ----------
    ctx : click.Context
        Of the command.
    console : Console
        Of this run.
    what : str
        A URL or a folder.
    into : Path or None
        The folder of a new mirror.
    since : str or None
        Leave out repositories that end before this day.
    offline : bool
        Ask nobody.
    form : str or None
        ``nl``, ``json``, or None for reading.
    """
    from threadkit.pipeline.display import cut, one_line
    from threadkit.pipeline.mirroring import mirror_mail

    with status_line(console) as line, progress_line(console, import_progress) as progress:

        def told(said: str) -> None:
            """Draw what is told at once: it is one line a repository."""
            if line.watched:
                line.draw(cut(one_line(said), stderr_columns() - 1))

        done = mirror_mail(
            console.db, what, into=into, offline=offline, since=since,
            tell=told, progress=progress,
        )  # fmt: skip
    epochs = [
        {"number": one.number, "url": one.url, "state": one.state,
         "path": str(one.path) if one.path else None, "bytes_added": one.bytes_added,
         "why": str(one.error) if one.error else ""}
        for one in done.mirror.epochs
    ]  # fmt: skip
    if form == "nl":
        console.write(dump(console, {"kind": "epoch", **epoch}) for epoch in epochs)
    elif form == "json":
        facts = {"folder": str(done.mirror.folder), "epochs": epochs}
        console.write([envelope(console, {**facts, "import": import_facts(done.imported)})])
    else:
        for epoch in epochs:
            click.echo(f"{epoch['state']:9} {epoch['path'] or epoch['url']}{_size(epoch)}")
        console.write(import_lines(done.imported))
    for error in done.errors:
        warn(str(error))
    if done.errors:
        ctx.exit(max(error.exit_code for error in done.errors))


def _size(epoch: Mapping[str, object]) -> str:
    size = epoch["bytes_added"]
    return f"  +{size / 1e6:.1f} MB" if isinstance(size, int) and size else ""

"""Commands that look after a database: stats, verify, doctor, db, completion."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from click.shell_completion import get_completion_class

from threadkit.cli.formats import Listing, envelope
from threadkit.cli.options import archive_of, console_of, global_options, list_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from threadkit.cli.console import Console
    from threadkit.store.stats import Stats

SHELLS = ("bash", "zsh", "fish")
COMPLETION_HELP = """Print the completion script of a shell.

Message-IDs are completed from the database.

\b
  bash: eval "$(threadkit completion bash)"     in ~/.bashrc
  zsh:  eval "$(threadkit completion zsh)"      in ~/.zshrc
  fish: threadkit completion fish | source      in ~/.config/fish/config.fish
"""


@click.command()
@list_options()
@global_options
@click.pass_context
def stats(ctx: click.Context, listing: Listing) -> None:
    """Count everything in the database.

    With --json one object.
    """
    console = console_of(ctx)
    with archive_of(console) as archive:
        found = archive.stats()
    if listing.format == "json":
        console.write([envelope(console, asdict(found))])
        return
    listing.show(console, ("what", "kind", "count"), _stat_rows(found))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Findings as one JSON object.")
@global_options
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Prove that the database holds together.

    Hashes of every mail, references, spans, quotes, threads and the full-text index.
    Exit code 5 if something does not.
    """
    console = console_of(ctx)
    with archive_of(console) as archive, _bar(console) as told:
        findings = archive.verify(told)
    if as_json:
        found = [asdict(finding) for finding in findings]
        console.write([envelope(console, {"sound": not findings, "findings": found})])
    else:
        lines = [f"{one.kind}: {one.table} {one.row}: {one.detail}" for one in findings]
        lines.append(f"{len(findings)} findings" if findings else "sound")
        console.write(lines)
    if findings:
        ctx.exit(5)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look for what is in the way: one line each, ok or warn.

    Exit code 1 if something is in the way; what only makes something finer is a warning
    alone. The network is not needed.
    """
    from threadkit.pipeline.health import checks

    console = console_of(ctx)
    found = list(checks(console.db))
    well = all(check.ok for check in found if check.is_needed)
    if as_json:
        said = [asdict(check) for check in found]
        console.write([envelope(console, {"well": well, "checks": said})])
    else:
        for check in found:
            word = (
                console.style("ok  ", fg="green") if check.ok else console.style("warn", fg="red")
            )
            click.echo(f"{word}  {check.name}: {check.detail}", color=console.colored)
    if not well:
        ctx.exit(1)


@click.group()
def db() -> None:
    """Path, schema and upkeep of the database file."""


@db.command()
@global_options
@click.pass_context
def path(ctx: click.Context) -> None:
    """Print the path of the database that the other commands would use."""
    click.echo(console_of(ctx).db.absolute())


@db.command()
@global_options
@click.pass_context
def schema(ctx: click.Context) -> None:
    """Print the SQL of all tables and views, with comments."""
    from threadkit.pipeline.upkeep import schema as schema_of

    console = console_of(ctx)
    console.write(schema_of(console.db).split("\n"))


@db.command()
@global_options
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring an older database up to date.

    Every import does it too.
    """
    from threadkit.pipeline.upkeep import upgrade as upgrade_of

    console = console_of(ctx)
    upgrade_of(console.db)
    console.note(f"{console.db} is up to date")


@db.command()
@global_options
@click.pass_context
def reindex(ctx: click.Context) -> None:
    """Make the full-text index again from the texts."""
    from threadkit.pipeline.upkeep import reindex as reindex_of

    console = console_of(ctx)
    reindex_of(console.db)
    console.note(f"{console.db}: the full-text index is made again")


@click.command(help=COMPLETION_HELP)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    found = get_completion_class(shell)
    assert found is not None
    root = ctx.find_root().command
    click.echo(found(root, {}, "threadkit", "_THREADKIT_COMPLETE").source())


def _stat_rows(found: Stats) -> Iterator[tuple[str, str, str | int]]:
    """Lay counts out as rows; a count of kinds is one row a kind."""
    for name, value in asdict(found).items():
        if isinstance(value, dict):
            yield from ((name, kind, count) for kind, count in value.items())
        else:
            yield name, "", "" if value is None else value


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar on stderr while a person watches it."""
    if console.quiet or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, file=sys.stderr, label="checking") as bar:

        def tell(done: int, whole: int) -> None:
            """Move the bar to what is done."""
            bar.length = max(whole, 1)
            bar.update(done - bar.pos)

        yield tell

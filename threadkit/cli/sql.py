"""The command that runs SQL."""

from __future__ import annotations

import sys

import click

from threadkit.cli.formats import Listing
from threadkit.cli.options import console_of, global_options, list_options


@click.command()
@click.argument("sql", metavar="SQL|-")
@click.option(
    "-p",
    "--param",
    "params",
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="Value of :NAME in the SQL; may be repeated.",
)
@click.option("--write", is_flag=True, help="Allow the statement to change the database.")
@list_options()
@global_options
@click.pass_context
def query(
    ctx: click.Context,
    sql: str,
    params: tuple[tuple[str, str], ...],
    write: bool,
    listing: Listing,
) -> None:
    """Run one SQL statement.

    From the argument, or (-) from standard input. It can only read unless --write is given. The tables are listed by 'db schema'.
    """
    from threadkit.pipeline.archive import run_sql

    console = console_of(ctx)
    text = _from_stdin() if sql == "-" else sql
    if not text.strip():
        raise click.UsageError("no SQL in it")
    with run_sql(console.db, text, dict(params), write=write) as (columns, rows):
        if columns:
            listing.show(console, columns, rows)


def _from_stdin() -> str:
    """Read a statement, whatever encoding the terminal has."""
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"standard input is not UTF-8 at byte {error.start}") from error

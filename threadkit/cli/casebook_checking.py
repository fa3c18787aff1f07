"""The command that checks a casebook against the model and the mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from threadkit.cli.casebook_load import DEFAULT
from threadkit.cli.formats import dump, envelope
from threadkit.cli.options import archive_of, console_of, global_options
from threadkit.pipeline.display import printable

if TYPE_CHECKING:
    from threadkit.casebook.problems import CasebookError
    from threadkit.cli.console import Console
    from threadkit.pipeline.casebook_check import CasebookCheck


@click.command()
@click.argument("casebook", default=DEFAULT, metavar="[NAME|DIR]")
@click.option("--mail", multiple=True, metavar="PATH",
              help="Look for passages in this mail, too; may be given more than once.")  # fmt: skip
@click.option("--no-table", is_flag=True, help="Only what differs, and the counts.")
@click.option("--all", "everything", is_flag=True,
              help="Every line of what is still to be written.")  # fmt: skip
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.option("--nl", "form", flag_value="nl", help="One JSON object for each verdict.")
@global_options
@click.pass_context
def check(
    ctx: click.Context,
    casebook: str,
    mail: tuple[str, ...],
    no_table: bool,
    everything: bool,
    form: str | None,
) -> None:
    """Run every scenario that a casebook refers to, and compare.

    NAME is one that comes with threadkit (cow-2020 without), DIR a folder. All that is wrong
    with its files is said at once, with file and line; claims whose gist is still 'todo' are
    left out, and counted. Passages are looked for in the mail of the database, if there is
    one, and of --mail; a text of the casebook that has seven words in a row from such a mail
    is a warning.

    The table has a line for each claim and scenario, a column for each era; ! marks what is
    not as the casebook says.

    Exit code 1 if anything differs, or a passage is missing from its mail.
    """
    from threadkit.casebook.problems import CasebookError
    from threadkit.pipeline.casebook_view import open_casebook

    console = console_of(ctx)
    try:
        book = open_casebook(casebook)
    except CasebookError as error:
        if form is None:
            console.write(_wrong(error, everything))
        else:
            console.write(_problems(console, error, form))
        ctx.exit(1)
    with ExitStack() as stack:
        archive = stack.enter_context(archive_of(console)) if console.db.exists() else None
        found = book.check(archive, mail=mail)
    if form == "json":
        console.write([envelope(console, found.as_json())])
    elif form == "nl":
        console.write(_verdicts(console, found))
    else:
        console.write(_lines(console, found, table=not no_table))
    if not found.ok:
        ctx.exit(1)


def _wrong(error: CasebookError, everything: bool) -> Iterator[str]:
    """Say what is wrong with the files, and what is left out of them."""
    from threadkit.casebook.problems import TODO_MOST
    from threadkit.casebook.unwritten import unwritten_in_words

    yield error.summary()
    yield from map(printable, error.lines(None if everything else TODO_MOST))
    left = unwritten_in_words(error.unwritten)
    if left:
        yield left


def _problems(console: Console, error: CasebookError, form: str) -> Iterator[str]:
    """Say as JSON what is wrong with the files."""
    problems: list[dict[str, object]] = [
        {"file": one.at.file, "line": one.at.line, "message": one.message, "todo": one.is_todo}
        for one in error.problems
    ]
    if form == "json":
        told = {"casebook": error.name, "ok": False, "problems": problems,
                "left_out": len(error.unwritten)}  # fmt: skip
        yield envelope(console, told)
    else:
        yield from (dump(console, one) for one in problems)


def _verdicts(console: Console, found: CasebookCheck) -> Iterator[str]:
    from threadkit.pipeline.casebook_check import COLUMNS

    for row in found.rows():
        yield dump(console, dict(zip(COLUMNS, row, strict=True)))


def _lines(console: Console, found: CasebookCheck, *, table: bool) -> Iterator[str]:
    """Set the table, then what differs, then the counts."""
    from threadkit.casebook.unwritten import unwritten_in_words
    from threadkit.cow.diagram.matrix import matrix_text

    if table and found.matrix.rows:
        width = console.columns or 10_000
        yield from matrix_text(found.matrix, width, ascii_only=console.plain_ascii)
        yield ""
    complaints = [printable(one) for one in found.complaints()]
    yield from complaints
    if complaints:
        yield ""
    left = unwritten_in_words(found.casebook.unwritten)
    if left:
        yield left
    yield console.style(found.summary(), fg=None if found.ok else "red", bold=True)

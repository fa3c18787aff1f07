"""The command that writes the skeleton of an article."""

from __future__ import annotations

from pathlib import Path

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.options import MessageName, archive_of, console_of, global_options


@click.command(
    epilog="""\b
threadkit draft cow-2020/9
threadkit draft cow-2020 -o article.md"""
)
@click.argument("name", metavar="ID", type=MessageName())
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write to this file.")  # fmt: skip
@click.option("--lore", metavar="URL",
              help="Beginning of permanent links (https://lore.kernel.org/r/).")  # fmt: skip
@click.option("--all", "everything", is_flag=True,
              help="Of a long casebook, too, every claim, commit and verdict.")  # fmt: skip
@global_options
@click.pass_context
def draft(
    ctx: click.Context, name: str, output: Path | None, lore: str | None, everything: bool
) -> None:
    """Write the skeleton of an article, in Markdown.

    ID is a casebook that was loaded, a claim (cow-2020/9, c12) or a mail; the first mail of
    a conversation stands for all of it. Who says what with quotations and permanent links,
    what was conceded and never answered, commits, regressions, verdicts of the model with
    the commands that ask for them again, coverage and sources. Of a casebook of more
    than 30 claims only what is contested, given up, unanswered or came true is told, and the
    rest counted; --all tells everything.

    Only what a person reviewed is told. Quotations are compared with the mails; a passage
    that is not here is not quoted.

    Exit code 1 if nobody reviewed anything of it, 5 if a mail does not have a passage.
    """
    from threadkit.pipeline.draft import conversation_of

    console = console_of(ctx)
    with archive_of(console) as archive:
        thread = conversation_of(archive, name)
    bring_up_to_date(console, arguments=False, thread=thread)
    with archive_of(console) as archive:
        made = archive.draft(name, lore=lore, everything=everything)
    if output is None:
        console.write(made.text.splitlines())
    else:
        made.write(output)
        console.note(f"{output}: {made!r}")

"""The commands by which a person corrects claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.options import MessageName, archive_of, console_of, global_options
from threadkit.pipeline.display import counted, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.claim_edits import Edit
    from threadkit.store.debates import CorrectionRow

EDIT_HELP = """Correct a claim; what a person says wins over what was found, and survives reruns.

Without options an editor opens (VISUAL, EDITOR) on what can be changed.

\b
threadkit claims edit c6 --set kind=guarantee --set state=accepted
threadkit claims edit c6 --relate attack c9 --note "the second sentence"
threadkit claims edit c6 --scenario S4=refutes --note "see the trace"
"""


class ClaimName(click.ParamType[str]):
    """The name of a claim, as c6; the shell completes it."""

    name = "claim"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """List names that begin like this; nothing where there is no database.

        Parameters
        ----------
        ctx : click.Context
            Of the command.
        param : click.Parameter
            The argument.
        incomplete : str
            What is typed so far.
        """
        from threadkit.errors import ThreadkitError
        from threadkit.store.claim_list import claim_ids

        with archive_of(console_of(ctx)) as archive:
            try:
                found = claim_ids(archive.connection, incomplete)
            except ThreadkitError:
                return []
        return [click.shell_completion.CompletionItem(name, help=who) for name, who in found]


@click.command(help=EDIT_HELP)
@click.argument("claim", type=ClaimName())
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE",
              help="state, label, kind, status, gist, holder, note; empty takes it back.")  # fmt: skip
@click.option("--join", multiple=True, metavar="CLAIM", help="That one is the same claim.")
@click.option("--split", multiple=True, metavar="PLACE",
              help="This place is a claim of its own: its number in 'show', or Message-ID.")  # fmt: skip
@click.option("--relate", multiple=True, nargs=2, metavar="KIND CLAIM",
              help="It attacks, supports ... that claim, or the patch of a Message-ID.")  # fmt: skip
@click.option("--unrelate", multiple=True, metavar="CLAIM",
              help="It has nothing to do with that; 'attack c9': it does not attack it.")  # fmt: skip
@click.option("--scenario", multiple=True, metavar="NAME=STANCE",
              help="What a scenario of the model is to it: tests, supports, refutes, not modelled.")  # fmt: skip
@click.option("--note", default="", metavar="TEXT", help="Why.")
@global_options
@click.pass_context
def edit(
    ctx: click.Context,
    claim: str,
    sets: tuple[str, ...],
    join: tuple[str, ...],
    split: tuple[str, ...],
    relate: tuple[tuple[str, str], ...],
    unrelate: tuple[str, ...],
    scenario: tuple[str, ...],
    note: str,
) -> None:
    """Correct a claim."""
    from threadkit.pipeline.claim_edits import Edit

    console = console_of(ctx)
    values = dict(_pair(each) for each in sets)
    wanted = Edit(values, join, split, relate, unrelate, scenario, note)
    with archive_of(console) as archive:
        thread = archive.claim_thread(claim)
    bring_up_to_date(console, arguments=True, thread=thread)
    with archive_of(console) as archive:
        if wanted == Edit():
            wanted = in_editor(console, claim)
        rows = archive.correct(claim, wanted)
        _say_unmet(console, archive.unmet_corrections(), rows)
    many = counted(len(rows), "correction")
    console.note(f"{claim}: {many if rows else 'nothing changed'}")


def in_editor(console: Console, claim: str) -> Edit:
    """Let a person change a claim in an editor; what is wrong can be mended there.

    Parameters
    ----------
    console : Console
        Of this run.
    claim : str
        As ``c6``.
    """
    import sys

    from threadkit.pipeline.claim_edits import EditError
    from threadkit.pipeline.correction_file import editable, edited

    with archive_of(console) as archive:
        before = text = editable(archive.claim(claim))
    while True:
        after = click.edit(text, extension=".yaml")
        try:
            return edited(before, before if after is None else after)
        except EditError as error:
            if not sys.stdin.isatty():
                raise
            text = after or ""
            click.confirm(f"{error}; edit again?", default=True, abort=True, err=True)


def _pair(text: str) -> tuple[str, str]:
    field, sign, value = text.partition("=")
    if not sign:
        raise click.UsageError(f"--set {text}: FIELD=VALUE is needed")
    return field.strip(), value.strip()


@click.command()
@click.argument("thread", required=False, type=MessageName(), metavar="[THREAD]")
@click.option("-o", "--output", type=click.File("w", encoding="utf-8", lazy=True), metavar="FILE",
              help="Write to this file.")  # fmt: skip
@global_options
@click.pass_context
def corrections(ctx: click.Context, thread: str | None, output: TextIO | None) -> None:
    """Write all corrections as a YAML file, which 'claims correct' reads.

    THREAD is any mail of a conversation. The file has no text of mails: passages are named
    by Message-ID and hash.

    Exit code 1 if there is none.
    """
    from threadkit.pipeline.correction_file import written

    console = console_of(ctx)
    with archive_of(console) as archive:
        rows = archive.corrections(thread)
    if rows:
        _write(console, written(rows).splitlines(), output)
    else:
        ctx.exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--removed", is_flag=True,
              help="Reject the claims that an argument map lacks.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be corrected.")
@global_options
@click.pass_context
def correct(ctx: click.Context, file: Path, removed: bool, dry_run: bool) -> None:
    """Read corrections: YAML as 'claims corrections' writes it, or an argument map.

    A map in Argdown, AIF or xAIF, as 'claims --export' writes it, may have been changed in
    another tool: texts become gists, relations between its claims are added and removed. A
    file that cannot be understood as a whole changes nothing.

    Exit code 1 if there is nothing to correct.
    """
    console = console_of(ctx)
    bring_up_to_date(console, arguments=True)
    with archive_of(console) as archive:
        rows, notes = archive.read_corrections(file, removed=removed)
        if not dry_run:
            archive.keep_corrections(rows)
            _say_unmet(console, archive.unmet_corrections(), rows)
        named = archive.named_corrections(rows) if dry_run else []
    console.write("\t".join(map(one_line, each)) for each in named)
    for note in notes:
        console.note(note)
    console.note(counted(len(rows), "correction") + (" in the file" if dry_run else ""))
    if not rows:
        ctx.exit(1)


def _say_unmet(
    console: Console, unmet: Mapping[tuple[str, str], str], rows: Iterable[CorrectionRow]
) -> None:
    """Say which of some corrections change nothing."""
    for row in rows:
        if why := unmet.get((row.target, row.field)):
            console.note(f"{row.target}, {row.field}: changes nothing: {why}")


def _write(console: Console, lines: Iterable[str], output: TextIO | None) -> None:
    """Write to a file, or as all output is written."""
    if output is None:
        console.write(lines)
    else:
        output.writelines(line + "\n" for line in lines)

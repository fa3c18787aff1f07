"""The command that imports mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.console import warn
from threadkit.cli.formats import envelope
from threadkit.cli.options import console_of, global_options
from threadkit.cli.progress import progress_line
from threadkit.pipeline.display import counted, one_line

if TYPE_CHECKING:
    from threadkit.pipeline.report import ImportReport, Progress


@click.command("import")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH...",
    type=click.Path(readable=False, allow_dash=True),  # for completion; what is wrong is said later
)
@click.option(
    "--mailmap",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File in git's mailmap form that says who is one person.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    metavar="N",
    help="Processes that parse (default: one for each processor; 0: none).",
)
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@global_options
@click.pass_context
def import_command(
    ctx: click.Context,
    paths: tuple[str, ...],
    mailmap: Path | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Import mail into the database; safe to repeat.

    PATH is an mbox (also compressed), a Maildir, an MH folder, an .eml file, a folder of
    any of these, a public-inbox repository, a saved lore page, or - for standard input.

    What is stored already is counted as the same and left alone. Mails are stored in
    batches that are whole or not there, so an import can be stopped at any time.

    Exit code 1 if some part of a source could not be read; everything else is stored
    then, and every problem is named on stderr. Files of a folder that hold no mail are
    named, too, and are no problem.
    """
    from threadkit.fetch.problems import NOTES
    from threadkit.pipeline.importing import import_mail

    console = console_of(ctx)
    with progress_line(console, import_progress) as told:
        report = import_mail(console.db, paths, workers=workers, mailmap=mailmap, progress=told)
    for uri, problem in report.problems:
        line = f"{one_line(uri)}: {_problem(problem.kind, problem.detail)}"
        if problem.kind in NOTES:
            console.note(line)
        else:
            warn(line)
    if as_json:
        console.write([envelope(console, import_facts(report))])
    else:
        console.write(import_lines(report))
    if report.damaged:
        ctx.exit(1)


def import_lines(report: ImportReport) -> Iterator[str]:
    """Say what was done, for reading.

    Parameters
    ----------
    report : ImportReport
        Of the import.

    Yields
    ------
    str
        Lines without ends.
    """
    for source in report.sources:
        if not (source.seen or source.damaged) and source.kind == "folder":
            continue  # it only carries what was passed over
        state = counted(source.seen, "mail")
        if source.known:
            state += f", {source.known} known"
        if source.damaged:
            state += f", {source.damaged} damaged"
        yield f"{one_line(source.uri)} ({source.kind}): {state}"
    found = sum(n for method, n in report.quotes.items() if not method.startswith("not-found"))
    passages = sum(report.quotes.values())
    copies = counted(report.copies, "copy", "copies")
    damaged = f", {report.damaged} damaged" if report.damaged else ""
    yield f"{report.added} added, {report.known} same, {copies}{damaged}"
    if report.imposters:
        yield f"{report.imposters} with a Message-ID that belongs to another mail"
    if report.ghosts:
        yield f"{counted(report.ghosts, 'mail is', 'mails are')} referenced and not here"
    if report.defects:
        kinds = ", ".join(f"{kind} {n}" for kind, n in report.defects.most_common())
        yield f"{counted(report.defects.total(), 'defect')}: {kinds}"
    if passages:
        yield f"{found} of {counted(passages, 'quoted passage')} found in the mails they come from"
    yield f"{report.seconds:.1f} s"


def import_facts(report: ImportReport) -> dict[str, object]:
    """Give the report as JSON can hold it.

    Parameters
    ----------
    report : ImportReport
        Of the import.

    Returns
    -------
    dict
        Counts, and every problem by source.
    """
    return {
        "seen": report.seen,
        "added": report.added,
        "known": report.known,
        "copies": report.copies,
        "imposters": report.imposters,
        "ghosts": report.ghosts,
        "defects": dict(report.defects),
        "quotes": dict(report.quotes),
        "seconds": round(report.seconds, 3),
        "sources": [
            {
                "uri": source.uri,
                "kind": source.kind,
                "seen": source.seen,
                "known": source.known,
                "problems": [{"kind": p.kind, "detail": p.detail} for p in source.problems],
            }
            for source in report.sources
        ],
    }


def import_progress(now: Progress) -> str:
    """Say how far an import is.

    Parameters
    ----------
    now : Progress
        What the import tells.

    Returns
    -------
    str
        For the line that a person watches.
    """
    share = f" {now.done_bytes / now.total_bytes:4.0%}" if now.total_bytes else ""
    name = one_line(Path(now.uri).name)[-30:]
    return f"{name}{share}  {now.seen} read, {now.stored} stored"


def _problem(kind: str, detail: str) -> str:
    return f"{kind}: {one_line(detail)}" if detail else kind

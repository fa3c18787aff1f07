"""The command that runs the analyzers, and the line of progress of those that need them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.console import Console
from threadkit.cli.options import console_of, global_options
from threadkit.cli.progress import progress_line
from threadkit.pipeline.display import counted

if TYPE_CHECKING:
    from threadkit.pipeline.analysis import StageProgress, StageReport

_STALE = {
    "read-only": "the database cannot be written: findings are those of an earlier analysis",
    "busy": "another process writes to the database: findings are those of an earlier analysis",
    "never": "the database cannot be written and was never analyzed: there are no findings",
}


@click.command()
@click.argument("thread", required=False)
@click.option(
    "--git",
    "clone",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="THREADKIT_GIT",
    help="A clone whose whole log is searched for what mails became (THREADKIT_GIT).",
)
@click.option("--only", multiple=True, metavar="STAGE", help="Only this stage; repeatable.")
@click.option("--again", is_flag=True, help="All mails, though nothing has changed.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="Processes that read arguments."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
@click.pass_context
def analyze(
    ctx: click.Context,
    thread: str | None,
    clone: Path | None,
    only: tuple[str, ...],
    again: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Read what is new: regressions, arguments, and more.

    Only what is new is read; of arguments only those of THREAD, any mail of a
    conversation, if one is named. commits, series, regressions, graph, claims and
    their like do this by themselves; with --git a clone's whole log is read, too.
    """
    from dataclasses import asdict

    from threadkit.cli.formats import envelope
    from threadkit.pipeline.analysis import STAGES
    from threadkit.pipeline.analysis import analyze as run

    unknown = next((name for name in only if name not in STAGES), None)
    if unknown is not None:
        raise click.UsageError(f"no stage {unknown!r}; there are {', '.join(STAGES)}")
    console = console_of(ctx)
    with progress_line(console, _progress) as told:
        reports = run(
            console.db, clone=clone, only=only, again=again, thread=thread, jobs=jobs, tell=told
        )
    if as_json:
        console.write([envelope(console, {"stages": [asdict(one) for one in reports]})])
    else:
        console.write(map(_line, reports))


def _line(report: StageReport) -> str:
    """Say in one line what a stage did."""
    if report.skipped:
        return f"{report.name}: nothing new"
    found = counted(report.found, "finding")
    return f"{report.name}: {report.read} read, {found}, {report.seconds:.1f} s"


def bring_up_to_date(
    console: Console, *, arguments: bool = False, thread: str | None = None
) -> None:
    """Analyze what is new before findings are shown, with progress on stderr.

    Parameters
    ----------
    console : Console
        Of this run.
    arguments : bool, optional
        Arguments are going to be shown; commits, series and regressions otherwise.
    thread : str, optional
        Any mail of a conversation: arguments of others are not shown.

    Raises
    ------
    StoreError
        There is no database, or it cannot be read.
    """
    from threadkit.pipeline.analysis import ARGUMENTS, EVIDENCE
    from threadkit.pipeline.analysis import bring_up_to_date as run

    stages = ARGUMENTS if arguments else EVIDENCE
    with progress_line(console, _progress) as told:
        current = run(console.db, told, stages=stages, thread=thread)
    if current in _STALE:
        console.note(_STALE[current])


def _progress(now: StageProgress) -> str:
    share = f" {now.done / now.total:4.0%}" if now.total else ""
    return f"{now.name}{share}"

"""The command that fetches: threads from lore, commits from a clone or from cgit."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.console import Console
from threadkit.cli.formats import dump, envelope
from threadkit.cli.options import console_of, global_options
from threadkit.errors import NotOnServer

if TYPE_CHECKING:
    from threadkit.pipeline.fetch_report import FetchProgress, FetchReport, FetchResult

_REDRAW_S = 0.1
_SHOWN = 10
"""Lines of what was not followed; all of it is in ``--nl`` and in ``--status``."""


class _FetchCommand(click.Command):
    """A command whose ``--with-cited`` takes its number only behind a ``=``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep ``--with-cited ID`` from taking the Message-ID for a number.

        Parameters
        ----------
        ctx : click.Context
            Of the command.
        args : list of str
            What was typed.

        Returns
        -------
        list of str
            What click does not take itself.
        """
        stop = args.index("--") if "--" in args else len(args)
        options = ["--with-cited=1" if arg == "--with-cited" else arg for arg in args[:stop]]
        return super().parse_args(ctx, options + args[stop:])


@click.command("fetch", cls=_FetchCommand)
@click.argument("names", nargs=-1, metavar="ID|URL...")
@click.option("--search", multiple=True, metavar="QUERY", help="Threads that lore finds for this.")
@click.option("--list", "inbox", metavar="LIST", help="Search this list only (default: all).")
@click.option(
    "--since", metavar="DATE", help="Of a list or mirror: only what has mail since this day."
)
@click.option(
    "--with-cited",
    type=click.IntRange(min=0),
    default=0,
    metavar="[=DEPTH]",
    help="Also what the mails cite: threads and commits, DEPTH steps far (1).",
)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="N",
    help="At most N cited threads, and N commits from the network.",
)
@click.option(
    "--git",
    "clone",
    type=click.Path(path_type=Path),
    envvar="THREADKIT_GIT",
    metavar="DIR",
    help="Look commits up in this clone (THREADKIT_GIT).",
)
@click.option("--mainline", metavar="REF", help="The branch of the clone that is the mainline.")
@click.option("--no-diffs", is_flag=True, help="Commits without their diffs.")
@click.option("--no-check", is_flag=True, help="Do not compare with the server's overview.")
@click.option("--mirror", metavar="URL|DIR", help="Keep a list as git repositories, and import it.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where a new mirror is kept (default: ./mirrors/LIST).",
)
@click.option("--force", is_flag=True, help="Also what was fetched in the last ten minutes.")
@click.option("--offline", is_flag=True, help="Open no connection; say what is missing.")
@click.option("--status", is_flag=True, help="Show what is waiting, missing and failed.")
@click.option("--nl", "form", flag_value="nl", help="One JSON object a line, as they come.")
@click.option("--json", "form", flag_value="json", help="One JSON object at the end.")
@global_options
@click.pass_context
def fetch_command(
    ctx: click.Context,
    names: tuple[str, ...],
    search: tuple[str, ...],
    inbox: str | None,
    since: str | None,
    with_cited: int,
    limit: int,
    clone: Path | None,
    mainline: str | None,
    no_diffs: bool,
    no_check: bool,
    mirror: str | None,
    into: Path | None,
    force: bool,
    offline: bool,
    status: bool,
    form: str | None,
) -> None:
    """Fetch threads from lore and commits from git into the database.

    ID is a Message-ID or the hash of a commit; URL is that of a mail on lore or any other
    public-inbox server, of a commit on git.kernel.org, or of a list (with --since). The
    whole thread comes, and with --with-cited what its mails cite.

    Without names, what earlier runs left over is fetched. Fetching again brings what is
    new. It can be stopped at any time: each thread is stored whole or not at all.

    Exit code 3 if the server has no such mail, 4 if it could not be reached or asks to be
    left alone for now; what could be fetched is stored then, and a later run goes on.
    """
    console = console_of(ctx)
    _refuse_nonsense(names, search, since, inbox, mirror, into, status)
    if status:
        from threadkit.cli.fetch_status import show_status

        show_status(console, form)
        return
    if mirror is not None:
        from threadkit.cli.mirroring import mirror_command

        mirror_command(ctx, console, mirror, into, since, offline, form)
        return
    from threadkit.pipeline.fetch_options import FetchOptions
    from threadkit.pipeline.fetching import fetch

    options = FetchOptions(
        with_cited=with_cited,
        limit=limit,
        clone=clone,
        mainline=mainline,
        diffs=not no_diffs,
        check=not no_check,
        force=force,
        offline=offline,
        inbox=inbox,
        since=since,
    )
    with _progress(console) as told:
        printer = _Printer(console, form, told.clear)
        report = fetch(
            console.db, names, search=search, options=options, tell=told, result=printer.show
        )
    printer.finish(report)
    ctx.exit(report.exit_code)


def _refuse_nonsense(
    names: Sequence[str],
    search: Sequence[str],
    since: str | None,
    inbox: str | None,
    mirror: str | None,
    into: Path | None,
    status: bool,
) -> None:
    """Refuse options that do not go together."""
    if mirror is not None and (names or search or status):
        raise click.UsageError("--mirror takes no names, searches or --status beside it")
    if into is not None and mirror is None:
        raise click.UsageError("--into goes with --mirror")
    if status and (names or search):
        raise click.UsageError("--status takes no names or searches beside it")
    if inbox is not None and not search:
        raise click.UsageError("--list goes with --search; name a list's URL to fetch the list")
    if since is not None and not names and mirror is None:
        raise click.UsageError("--since goes with the URL of a list")


class _Printer:
    """Prints results as they come, and what is left to say at the end."""

    def __init__(self, console: Console, form: str | None, clear: Callable[[], None]) -> None:
        self._console = console
        self._form = form
        self._clear = clear

    def show(self, result: FetchResult) -> None:
        """Print one result, at once, so that a pipe gets it while the rest is fetched.

        Parameters
        ----------
        result : FetchResult
            A thread, a commit, or something that was not followed.
        """
        if self._form == "json":
            return
        self._clear()
        if self._form == "nl":
            click.echo(dump(self._console, result.facts()))
            sys.stdout.flush()
            return
        line = _line(result, self._console.columns)
        if line:
            click.echo(line)
            sys.stdout.flush()

    def finish(self, report: FetchReport) -> None:
        """Say what went wrong and what was left alone.

        Parameters
        ----------
        report : FetchReport
            Of the whole run.
        """
        if self._form == "json":
            self._console.write([envelope(self._console, _facts(report))])
        for line in _errors(report):
            click.echo(f"threadkit: {line}", err=True)
        if self._form is None:
            for line in _not_followed(report):
                self._console.note(line)
            for line in _summary(report):
                self._console.note(line)


def _facts(report: FetchReport) -> dict[str, object]:
    return {
        "threads": [one.facts() for one in report.threads],
        "commits": [one.facts() for one in report.commits],
        "not_followed": [one.facts() for one in report.not_followed],
        "beyond": dict(report.beyond),
        "errors": [str(error) for error in report.errors],
        "added": report.added,
        "seconds": round(report.seconds, 3),
    }


def _errors(report: FetchReport) -> Iterator[str]:
    """Say each reason once, however many things it kept from coming."""
    alike: dict[tuple[type, str], list[str]] = {}
    for error in report.errors:
        key = str(error) if isinstance(error, NotOnServer) else getattr(error, "why", "")
        alike.setdefault((type(error), key), []).append(str(error))
    for texts in alike.values():
        more = f" (and {len(texts) - 1} more like this)" if len(texts) > 1 else ""
        yield _one_line(texts[0]) + more


def _line(result: FetchResult, columns: int | None) -> str:
    """Write one result on one line: cut for a terminal, TAB-separated in a pipe."""
    if result.kind == "not-followed":
        return ""
    facts = result.facts()
    if result.kind == "thread":
        cells = [
            str(facts["root"] or facts["name"]),
            str(facts["state"]),
            str(facts["messages"]),
            str(facts["added"]),
            str(facts["subject"]),
        ]
        text = f"{cells[1]:7} {_count(int(cells[2]), 'mail'):>9} {'+' + cells[3]:>6}  {cells[4]}"
        shown = f"{text}  <{cells[0]}>"
    else:
        release = str(facts["release"] or "")
        mainline = {"yes": "mainline", "no": "not in mainline"}.get(str(facts["mainline"]), "")
        cells = [
            str(facts["sha"] or facts["name"]),
            str(facts["state"]),
            release,
            str(facts["mainline"]),
            str(facts["subject"] or facts["why"]),
        ]
        where = ", ".join(filter(None, (release, mainline))) or "mainline not checked"
        shown = f"commit  {cells[0][:12]}  {cells[1]}  {cells[4]}"
        if result.kind == "commit" and cells[1] == "found":
            shown = f"commit  {cells[0][:12]}  {cells[4]}  ({where})"
    if columns is None:
        return "\t".join(_one_line(cell) for cell in cells)
    from threadkit.pipeline.display import cut

    return cut(_one_line(shown), columns)


def _not_followed(report: FetchReport) -> Iterator[str]:
    """Name what was left alone, the first few one by one."""
    for one in report.not_followed[:_SHOWN]:
        by = f", cited by {one.cited_by}" if one.cited_by else ""
        yield f"not followed: {one.what} {_one_line(one.name)}: {one.why}{_one_line(by)}"
    more = len(report.not_followed) - _SHOWN
    if more > 0:
        yield f"not followed: {more} more; --nl lists them all"


def _summary(report: FetchReport) -> Iterator[str]:
    """Count what was done."""
    for thread in report.threads:
        if thread.absent:
            yield (
                f"{thread.root}: the server's overview lists {_count(len(thread.absent), 'mail')}"
                f" that its mailbox lacks: {' '.join(thread.absent[:3])}"
            )
    further = [_count(number, kind) for kind, number in report.beyond.items() if number]
    if further:
        is_plural = sum(report.beyond.values()) > 1
        yield (
            f"{' and '.join(further)} {'are' if is_plural else 'is'} cited further on;"
            " --with-cited=DEPTH follows"
        )
    parts = []
    if report.threads:
        added = _count(report.added, "mail")
        parts.append(f"{_count(len(report.threads), 'thread')}, {added} added")
    if report.commits:
        found = sum(one.state == "found" for one in report.commits)
        parts.append(f"{found} of {_count(len(report.commits), 'commit')} found")
    yield f"{'; '.join(parts) or 'nothing to fetch'} ({report.seconds:.1f} s)"


class _Progress:
    """One line on stderr while a person watches it."""

    def __init__(self, drawing: bool) -> None:
        self._drawing = drawing
        self._last = 0.0
        self._drawn = False

    def __call__(self, now: FetchProgress) -> None:
        """Draw the line anew, ten times a second at most."""
        from time import monotonic

        is_soon = monotonic() - self._last < _REDRAW_S
        if not self._drawing or (now.mails and is_soon):  # a wait is told once, and drawn
            return
        from threadkit.pipeline.display import cut

        self._last = monotonic()
        share = f"{now.done} of {now.known}  " if now.known > 1 else ""
        mails = f"  {_count(now.mails, 'mail')}" if now.mails else ""
        self.clear()
        room = max(10, stderr_columns() - 1 - len(share) - len(mails))
        click.echo(f"{share}{cut(_one_line(now.what), room)}{mails}", nl=False, err=True)
        self._drawn = True

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self._drawn:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._drawn = False


@contextmanager
def _progress(console: Console) -> Iterator[_Progress]:
    """Keep one line on stderr up to date, and take it away at the end."""
    progress = _Progress(not console.quiet and sys.stderr.isatty())
    try:
        yield progress
    finally:
        progress.clear()


def stderr_columns() -> int:
    """Return the width of the terminal that standard error is.

    Returns
    -------
    int
        80 if it does not say.
    """
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _count(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _one_line(text: str) -> str:
    from threadkit.pipeline.display import one_line

    return one_line(text)

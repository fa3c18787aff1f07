"""The commands that write a conversation as a folder of web pages, and show it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.formats import envelope
from threadkit.cli.options import MessageName, archive_of, console_of, global_options
from threadkit.cli.progress import progress_line
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadkit.pipeline.sites.write import Built
    from threadkit.site.check import Problem

_SHOWN = 50
"""Problems that are printed; more say nothing new."""


@click.group()
@global_options
def site() -> None:
    """Write a conversation as web pages, and show them.

    The pages work from a folder, without a server and without scripts.
    """


@site.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.argument("name", required=False, type=MessageName())
@click.option("--candidates", is_flag=True, help="Claims that nobody reviewed too, marked.")
@click.option("--include-candidates", "candidates", is_flag=True, hidden=True)
@click.option("--hide-addresses", is_flag=True, help="No mail addresses, no mails as they came.")
@click.option("--no-database", is_flag=True, help="No copy of the database beside the pages.")
@click.option("--check", "checked", is_flag=True, help="Check all links; exit 1 if one is broken.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
@click.pass_context
def build(
    ctx: click.Context,
    out: Path,
    name: str | None,
    candidates: bool,
    hide_addresses: bool,
    no_database: bool,
    checked: bool,
    as_json: bool,
) -> None:
    """Write the site of a conversation or casebook into the folder OUT.

    NAME is a casebook that was loaded, or any mail of a conversation; without it there
    has to be only one. OUT is new, empty, or the site of an earlier build. The same
    database gives the same bytes.

    Only claims that a person reviewed are shown: words are put in nobody's mouth.
    """
    from threadkit.pipeline.sites.which import conversation

    console = console_of(ctx)
    with archive_of(console) as archive:
        thread = conversation(archive, name)
    bring_up_to_date(console, arguments=candidates and thread is not None, thread=thread)
    with archive_of(console) as archive, progress_line(console, _progress) as told:
        view = archive.site(
            name, candidates=candidates, hide_addresses=hide_addresses, database=not no_database
        )
        built = view.build(out, tell=told)
    problems = _checked(built) if checked else []
    if as_json:
        said = [{"path": one.path, "line": one.line, "what": one.what} for one in problems]
        console.write([envelope(console, {**built.as_json(), "problems": said})])
    else:
        console.write(_lines(built, checked=checked, problems=problems))
    if problems:
        ctx.exit(1)


@site.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0: any (default 8000).")
@global_options
@click.pass_context
def serve(ctx: click.Context, folder: Path, port: int) -> None:
    """Show the site in DIR to a browser on this computer, until Ctrl-C.

    The pages need no server: opening index.html does as well. Only this computer
    can ask.
    """
    from threadkit.site.serve import HOST, server

    console = console_of(ctx)
    with server(folder, port, console.note) as running:
        click.echo(f"http://{HOST}:{running.server_address[1]}/index.html")
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            console.note("stopped")


def _progress(now: tuple[str, int]) -> str:
    """Say in one line how far it is."""
    path, number = now
    return cut(f"{number:,} files, {one_line(path)}", 79)


def _checked(built: Built) -> list[Problem]:
    from threadkit.site.check import check

    return list(check(built.out, built.files))


def _lines(built: Built, *, checked: bool, problems: list[Problem]) -> Iterator[str]:
    """Say what was written, what is wrong with it, and what is not in it."""
    yield f"{built.out}: {one_line(built.title)}"
    yield (
        f"{counted(built.pages, 'page')}, {counted(len(built.files), 'file')}, "
        f"{built.size_bytes:,} bytes"
    )
    for line in built.left_out:
        yield f"left out: {line}"
    for problem in problems[:_SHOWN]:
        yield str(problem)
    if len(problems) > _SHOWN:
        yield f"and {len(problems) - _SHOWN} more"
    if checked:
        yield f"checked: {counted(len(problems), 'problem')}"

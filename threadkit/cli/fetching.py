"""The command that fetches: threads from lore, commits from a clone or from cgit."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from threadkit.cli.options import console_of, global_options

if TYPE_CHECKING:
    from threadkit.pipeline.fetch_options import FetchOptions

_STDIN = "-"
_LIST = re.compile(r"[\w][\w.+-]*", re.ASCII)


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
@click.argument("names", nargs=-1, metavar="[ID|URL|-]...")
@click.option("--search", multiple=True, metavar="QUERY", help="Threads that lore finds for this.")
@click.option("--list", "inbox", metavar="LIST", help="Search this list only (default: all).")
@click.option(
    "--since",
    metavar="DATE",
    help="Of a list: threads with mail since this day; of a mirror: no older repositories.",
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
    help="Where a new mirror is kept (default: ./mirrors/HOST/LIST).",
)
@click.option("--force", is_flag=True, help="Also what was fetched in the last ten minutes.")
@click.option("--offline", is_flag=True, help="Open no connection; say what is missing.")
@click.option("--status", is_flag=True, help="Show what is waiting, missing and failed.")
@click.option("--forget", is_flag=True, help="Drop NAMES from the queue, or all that did not come.")
@click.option("--nl", "form", flag_value="nl", help="One JSON object a line, as they come.")
@click.option("--json", "form", flag_value="json", help="One JSON object at the end.")
@global_options
@click.pass_context
def fetch_command(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    search: tuple[str, ...],
    form: str | None,
    **_others: object,  # all that was typed is in ctx.params
) -> None:
    """Fetch threads from lore and commits from git into the database.

    ID is a Message-ID or the hash of a commit; URL is that of a mail on lore or any other
    public-inbox server, of a commit on git.kernel.org, or of a list (with --since). The
    whole thread comes, and with --with-cited what its mails cite. - reads names from
    standard input.

    Without names, what earlier runs left over is fetched. Fetching again brings what is
    new. It can be stopped at any time: each thread is stored whole or not at all.

    Exit code 3 if nobody who was asked has such a mail or commit, 4 if it could not be
    reached or asks to be left alone for now; what could be fetched is stored then, and a
    later run goes on.
    """
    console = console_of(ctx)
    typed, names = names, _read_names(names)
    _refuse_nonsense(ctx, names)
    if _did_another_thing(ctx, names):
        return
    if typed and not names:
        raise click.UsageError("no names on standard input")
    from threadkit.cli.fetch_output import Printer, fetch_progress
    from threadkit.pipeline.fetching import fetch_mail

    options = _options(ctx.params)
    with fetch_progress(console) as (line, told):
        printer = Printer(console, form, line.clear)
        try:
            report = fetch_mail(
                console.db, names, search=search, options=options, tell=told, result=printer.show
            )
        except KeyboardInterrupt:
            line.clear()
            console.note("what has come is stored; 'threadkit fetch' goes on with the rest")
            raise
    printer.finish(report)
    ctx.exit(report.exit_code)


def _did_another_thing(ctx: click.Context, names: Sequence[str]) -> bool:
    """Do what an option asks for instead of a fetch; False if none does."""
    console, given = console_of(ctx), ctx.params
    if given["status"]:
        from threadkit.cli.fetch_status import show_status

        show_status(console, given["form"])
    elif given["forget"]:
        from threadkit.cli.fetch_status import forget_items

        forget_items(console, names)
    elif given["mirror"] is not None:
        from threadkit.cli.mirroring import mirror_command

        mirror_command(
            ctx, console, given["mirror"], given["into"], given["since"], given["offline"],
            given["form"],
        )  # fmt: skip
    else:
        return False
    return True


def _options(given: Mapping[str, Any]) -> FetchOptions:
    """Turn what was typed into the options of a fetch."""
    from threadkit.pipeline.fetch_options import FetchOptions

    alike = ("with_cited", "limit", "clone", "mainline", "force", "offline", "inbox", "since")
    return FetchOptions(
        diffs=not given["no_diffs"],
        check=not given["no_check"],
        **{name: given[name] for name in alike},
    )


def _read_names(names: Sequence[str]) -> tuple[str, ...]:
    """Put the words of standard input where a ``-`` stands."""
    found: list[str] = []
    for name in names:
        found += _lines(sys.stdin.read()) if name == _STDIN else [name]
    return tuple(found)


def _lines(text: str) -> Iterator[str]:
    """Yield the words of a text; a line that starts with # is a remark."""
    for line in text.splitlines():
        if not line.lstrip().startswith("#"):
            yield from line.split()


_GOES_WITH = (
    ("into", "mirror", "--into goes with --mirror"),
    ("inbox", "search", "--list goes with --search; name a list's URL to fetch the list"),
    ("mainline", "clone", "--mainline goes with --git"),
)
_ALONE = {"mirror": ("into", "since", "offline", "form"), "status": ("form",), "forget": ("names",)}


def _refuse_nonsense(ctx: click.Context, names: Sequence[str]) -> None:
    """Refuse options that do not go together."""
    given = {name for name, value in ctx.params.items() if value and _is_typed(ctx, name)}
    for name, with_, words in _GOES_WITH:
        if name in given and not ctx.params[with_]:
            raise click.UsageError(words)
    for name, allowed in _ALONE.items():
        extra = sorted(given - {name, *allowed})
        if name in given and extra:
            raise click.UsageError(f"--{name} does not go with {_spelled(ctx, extra[0])}")
    if "since" in given and not names and "mirror" not in given:
        raise click.UsageError("--since goes with the URL of a list")
    if "inbox" in given and not _LIST.fullmatch(ctx.params["inbox"]):
        raise click.UsageError("--list takes the name of a list, such as linux-mm")
    for name in names:
        if len(name) < 3 and name.isdigit() and "with_cited" in given:
            raise click.UsageError(f"a number of steps is written --with-cited={name}")


def _is_typed(ctx: click.Context, name: str) -> bool:
    """Tell an option that was typed from one that the environment or a default gives."""
    return ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _spelled(ctx: click.Context, name: str) -> str:
    """Return an option as it is typed."""
    option = next(one for one in ctx.command.params if one.name == name)
    return option.opts[0] if isinstance(option, click.Option) else "names"

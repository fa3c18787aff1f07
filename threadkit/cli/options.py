"""Options that several commands share, and the console that they set up."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from threadkit.cli.console import DEFAULT_DB, Console
from threadkit.cli.formats import Listing
from threadkit.errors import ThreadkitError

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive

Command = TypeVar("Command", bound=Callable[..., Any])


def console_of(ctx: click.Context) -> Console:
    """Return the console of this run; made from the environment when first asked for.

    Parameters
    ----------
    ctx : click.Context
        Of any command.

    Returns
    -------
    Console
        One for the whole run.
    """
    root = ctx.find_root()
    if not isinstance(root.obj, Console):
        root.obj = Console(db=Path(os.environ.get("THREADKIT_DB") or DEFAULT_DB))
    return root.obj


def archive_of(console: Console) -> Archive:
    """Return the archive that the options name; nothing is opened yet.

    Parameters
    ----------
    console : Console
        The console of this run.

    Returns
    -------
    Archive
        Close it, or use it in a ``with`` statement.
    """
    from threadkit.pipeline.archive import Archive

    return Archive(console.db)


def global_options(command: Command) -> Command:
    """Add the options that stand before or after any command's name.

    Parameters
    ----------
    command : Command
        A click command or group.

    Returns
    -------
    callable
        The same, with more options.
    """
    for option in reversed(
        (
            click.option(
                "--db",
                type=click.Path(path_type=Path, dir_okay=False),
                expose_value=False,
                callback=_set("db"),
                help="Database file (THREADKIT_DB; ./threadkit.db).",
            ),
            click.option(
                "--color",
                type=click.Choice(["auto", "always", "never"]),
                expose_value=False,
                callback=_set("color"),
                help="Colours: on a terminal, always, never (NO_COLOR).",
            ),
            click.option(
                "--no-pager",
                "pager",
                flag_value=False,
                default=None,
                expose_value=False,
                callback=_set("pager"),
                help="Do not page (THREADKIT_PAGER, PAGER).",
            ),
            click.option(
                "-q",
                "--quiet",
                is_flag=True,
                default=None,
                expose_value=False,
                callback=_set("quiet"),
                help="No progress and no notes on stderr.",
            ),
        )
    ):
        command = option(command)
    return command


def list_options(limit: int | None = None) -> Callable[[Command], Command]:
    """Add the output options of a command that lists; it gets ``listing``.

    Parameters
    ----------
    limit : int or None
        The default of ``--limit``.

    Returns
    -------
    callable
        The decorator.
    """
    shown = "all" if limit is None else str(limit)

    def decorate(command: Command) -> Command:
        """Add the options to one command."""

        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the command takes
            """Gather the options into a listing and run the command."""
            names = kwargs.pop("columns") or ""
            wanted = kwargs.pop("limit")
            kwargs["listing"] = Listing(
                format=kwargs.pop("format"),
                headers=not kwargs.pop("no_headers"),
                columns=tuple(name.strip() for name in names.split(",") if name.strip()),
                limit=wanted or None,
            )
            return command(*args, **kwargs)

        options: Sequence[Callable[[Any], Any]] = (
            click.option("--json", "format", flag_value="json", help="One JSON array."),
            click.option("--nl", "format", flag_value="nl", help="One JSON object a line."),
            click.option("--csv", "format", flag_value="csv", help="Comma-separated values."),
            click.option("--tsv", "format", flag_value="tsv", help="TAB-separated values."),
            click.option("-t", "--table", "format", flag_value="table", help="A table."),
            click.option("--no-headers", is_flag=True, help="Leave out the names of columns."),
            click.option("--columns", metavar="A,B", help="Only these columns, in this order."),
            click.option(
                "-n",
                "--limit",
                type=click.IntRange(min=0),
                default=limit,
                metavar="N",
                help=f"At most N rows; 0 for all (default {shown}).",
            ),
        )
        decorated: Any = run
        for option in reversed(options):
            decorated = option(decorated)
        found: Command = decorated
        return found

    return decorate


class MessageName(click.ParamType[str]):
    """A message by Message-ID, beginning of one, URL or row id; the shell completes ids."""

    name = "id"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """List ids that begin like this; nothing where there is no database.

        Parameters
        ----------
        ctx : click.Context
            Of the command.
        param : click.Parameter
            The argument.
        incomplete : str
            What is typed so far.

        Returns
        -------
        list of CompletionItem
            At most fifty, with their subjects.
        """
        from threadkit.store.catalog import completions

        path = ctx.params.get("db") or console_of(ctx).db
        archive = archive_of(Console(db=path))
        try:
            found = completions(archive.connection, incomplete)
        except ThreadkitError:
            return []
        finally:
            archive.close()
        return [CompletionItem(message_id, help=subject) for message_id, subject in found]


def _set(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """Make a callback that stores an option in the console if it was given."""

    def remember(ctx: click.Context, param: click.Parameter, value: object) -> object:
        """Store the value in the console."""
        if value is not None:
            setattr(console_of(ctx), name, value)
        return value

    return remember

"""Groups of commands that are imported when they are called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group that knows where its commands live and imports them late.

    Parameters
    ----------
    *args, **attrs
        As for :class:`click.Group`.
    homes : dict of str to str
        ``module:object`` below ``threadkit.cli`` for each command, in the order of the
        help.
    """

    def __init__(self, *args: Any, homes: dict[str, str], **attrs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **attrs)
        self.homes = homes

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the help.

        Parameters
        ----------
        ctx : click.Context
            Of the group.

        Returns
        -------
        list of str
            Names.
        """
        return list(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command.

        Parameters
        ----------
        ctx : click.Context
            Of the group.
        cmd_name : str
            What was typed.

        Returns
        -------
        click.Command or None
            None if there is no such command.
        """
        if cmd_name not in self.homes:
            return None
        module, _, name = self.homes[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"threadkit.cli.{module}"), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which ones come close.

        Parameters
        ----------
        ctx : click.Context
            Of the group.
        args : list of str
            What was typed, from the command's name on.

        Returns
        -------
        tuple
            Name, command and the rest of the arguments.
        """
        name = args[0]
        if name not in self.homes and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, self.homes)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

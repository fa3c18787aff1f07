"""A group of commands of which one need not be named."""

from __future__ import annotations

from typing import Any

import click

from threadkit.cli.lazy import LazyGroup

_WITH_VALUE = frozenset({"--db", "--color"})
_WITHOUT = frozenset({"--no-pager", "-q", "--quiet"})


class DefaultGroup(LazyGroup):
    """A group that runs one of its commands where none is named.

    A name of a command counts only where global options alone stand before it: whatever
    follows another word or option is that command's own.

    Parameters
    ----------
    *args, **attrs
        As for :class:`LazyGroup`.
    default : str
        The command.
    """

    def __init__(self, *args: Any, default: str, **attrs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **attrs)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front of arguments that name none.

        Parameters
        ----------
        ctx : click.Context
            Of the group.
        args : list of str
            What was typed after the group's name.

        Returns
        -------
        list of str
            What is left of them.
        """
        return super().parse_args(ctx, args if self._names_one(args) else [self.default, *args])

    def _names_one(self, args: list[str]) -> bool:
        at = 0
        while at < len(args):
            word = args[at]
            if word in _WITH_VALUE:
                at += 2
            elif word in _WITHOUT or word.partition("=")[0] in _WITH_VALUE:
                at += 1
            else:
                return word in self.homes
        return False

"""The group of commands for casebooks: debates as a person read them."""

from __future__ import annotations

import click

from threadkit.cli.lazy import LazyGroup
from threadkit.cli.options import global_options

COMMANDS = {
    "list": "casebook_reading:list_casebooks",
    "show": "casebook_reading:show",
    "check": "casebook_checking:check",
    "load": "casebook_load:load",
    "new": "casebook_new:new",
    "suggest": "casebook_suggest:suggest",
}
"""Module and object of each command, in the order of the help."""


@click.group(cls=LazyGroup, homes=COMMANDS)
@global_options
def casebook() -> None:
    """Claims of a debate in own words, run in the model.

    A casebook is a folder of YAML files: people, mails, questions, claims, each claim with the
    passage where it is made and the scenarios that bear on it. It holds facts and no words of
    others: a passage is a place and a hash, and its text appears when the mail is here.
    """

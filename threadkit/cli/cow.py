"""The group of commands that run the model of copy-on-write."""

from __future__ import annotations

import click

from threadkit.cli.lazy import LazyGroup
from threadkit.cli.options import global_options

COMMANDS = {
    "list": "cow_suite:list_scenarios",
    "show": "cow_suite:show",
    "language": "cow_suite:language",
    "run": "cow_run:run",
    "explain": "cow_explain:explain",
    "eras": "cow_eras:eras",
    "diff": "cow_eras:diff",
    "matrix": "cow_suite:matrix",
    "check": "cow_suite:check",
    "promote": "cow_suite:promote",
    "fuzz": "cow_fuzz:fuzz",
    "witness": "cow_witness:witness",
    "kernels": "cow_witness:kernels",
    "selftest": "cow_witness:selftest",
}
"""Module and object of each command, in the order of the help."""


@click.group(cls=LazyGroup, homes=COMMANDS)
@global_options
def cow() -> None:
    """Run claims about copy-on-write, in a model and on kernels.

    A scenario is a small text file that asks one question ('cow list' names those that
    come with threadkit); an era is one kernel's set of rules ('cow eras'). The model
    tries every interleaving and answers Never, Sometimes or Always.
    """

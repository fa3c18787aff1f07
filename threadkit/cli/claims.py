"""The commands about claims; without a name of one they are listed."""

from __future__ import annotations

import click

from threadkit.cli.default import DefaultGroup
from threadkit.cli.options import global_options

COMMANDS = {
    "list": "claims_list:list_claims",
    "review": "claims_review:review",
    "edit": "claims_edit:edit",
    "corrections": "claims_edit:corrections",
    "correct": "claims_edit:correct",
}
"""Module and object of each command, in the order of the help."""


@click.group(
    cls=DefaultGroup,
    homes=COMMANDS,
    default="list",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@global_options
def claims() -> None:
    """List claims: who says what, and how it stands."""

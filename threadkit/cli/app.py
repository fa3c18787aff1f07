"""The command group: finds commands when they are called, and turns errors into one line."""

from __future__ import annotations

from typing import Any

import click

from threadkit import __version__
from threadkit.cli.lazy import LazyGroup
from threadkit.cli.options import global_options
from threadkit.errors import StoreMissing, ThreadkitError

COMMANDS = {
    "demo": "demo:demo",
    "fetch": "fetching:fetch_command",
    "import": "importing:import_command",
    "threads": "reading:threads",
    "show": "showing:show",
    "search": "reading:search",
    "people": "reading:people",
    "analyze": "analyzing:analyze",
    "commits": "commits:commits",
    "series": "series:series",
    "regressions": "regressions:regressions",
    "claims": "claims:claims",
    "questions": "questions:questions",
    "positions": "positions:positions",
    "decisions": "decisions:decisions",
    "brief": "brief:brief",
    "owed": "owed:owed",
    "graph": "graph:graph",
    "why": "why:why",
    "cow": "cow:cow",
    "casebook": "casebook:casebook",
    "draft": "draft:draft",
    "site": "site:site",
    "query": "sql:query",
    "stats": "upkeep:stats",
    "verify": "upkeep:verify",
    "doctor": "upkeep:doctor",
    "db": "upkeep:db",
    "completion": "upkeep:completion",
}
"""Module and object of each command, in the order of the help."""

IMPORT_MAKES_ONE = "; 'threadkit import PATH...' or 'threadkit fetch ID...' makes one"

EPILOG = """\b
Exit codes: 0 done; 1 the answer is no (no hit, a check failed, a part of a source could
not be read) or the database cannot be used; 2 wrong usage; 3 no such id or database;
4 needs the network; 5 stored data does not hold together; 130 interrupted."""


class App(LazyGroup):
    """The group of all commands; what threadkit raises on purpose becomes one line."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - what the command returns
        """Run the command; what threadkit raises on purpose becomes one line.

        Parameters
        ----------
        ctx : click.Context
            Of the group.

        Returns
        -------
        object
            What the command returns.
        """
        try:
            return super().invoke(ctx)
        except ThreadkitError as error:
            missing = isinstance(error, StoreMissing) and error.why == "no such database"
            _say(f"{error}{IMPORT_MAKES_ONE if missing else ''}")
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            _say("interrupted")
            ctx.exit(130)


def _say(text: str) -> None:
    """Print one line to stderr; it may quote what strangers wrote."""
    from threadkit.pipeline.display import printable

    click.echo(f"threadkit: {printable(text)}", err=True)


@click.group(
    cls=App,
    homes=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="threadkit")
@global_options
def app() -> None:
    """Read a mailing-list debate as data: who said what, what came of it, and whether it is so.

    One SQLite file to search, query and draw; claims to run; web pages, notebooks, articles.
    """

"""The command that lists regressions, their stories, and what was predicted."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from threadkit.analyze.regressions.regression import STATES
from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.formats import Listing, dump
from threadkit.cli.options import (
    MessageName,
    archive_of,
    console_of,
    global_options,
    list_options,
)

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.regressions_view import Prediction, Regressions


@click.command()
@click.argument("name", required=False, type=MessageName(), metavar="[THREAD|SHA|MESSAGE-ID]")
@click.option("--open", "is_open", is_flag=True, help="Only open ones.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--chains", is_flag=True, help="Stories: A broke X, whose fix broke Y.")
@click.option("--predictions", is_flag=True, help="What was predicted, and what came of it.")
@click.option("--all", "everything", is_flag=True, help="Also those that no mail here names.")
@list_options()
@global_options
@click.pass_context
def regressions(
    ctx: click.Context,
    name: str | None,
    is_open: bool,
    state: str | None,
    chains: bool,
    predictions: bool,
    everything: bool,
    listing: Listing,
) -> None:
    """List what broke, since when, and what fixes it.

    With THREAD those of a conversation, with SHA those that a commit caused or fixed. A
    single one is shown whole on a terminal. --json has the fields of regzbot's
    regressions.json and the evidence. What only comes with a commit that a mail cites, as
    it broke something else, too, is left out without --all.

    Exit code 1 if there is none.
    """
    if chains + predictions + (is_open or state is not None) > 1:
        raise click.UsageError("only one of --chains, --predictions, --open and --state")
    console = console_of(ctx)
    bring_up_to_date(console)
    with archive_of(console) as archive:
        if predictions:
            warned = archive.predictions(name)
            total = len(warned)
            shown = _show_predictions(console, listing, warned)
        else:
            found = archive.regressions(name)
            if name is None and not everything:
                total = len(found)
                found = found.named_here()
                _left_out(console, total - len(found))
            if is_open or state:
                found = found.in_state(state or "open")
            total = len(found.stories if chains else found)
            show = _show_stories if chains else _show
            shown = show(console, listing, found, whole=name is not None)
    if shown < total:
        console.note(f"the first {shown} are shown; --limit 0 shows all")
    if not shown:
        ctx.exit(1)


def _left_out(console: Console, many: int) -> None:
    """Say that there are more regressions than those of the mails here."""
    if many:
        from threadkit.pipeline.display import counted

        said = counted(many, "regression")
        console.note(f"{said} that no mail here names: --all shows {'it' if many == 1 else 'them'}")


def _show(console: Console, listing: Listing, found: Regressions, *, whole: bool) -> int:
    """Print regressions in the form asked for; return how many."""
    from threadkit.cli.regression_lines import brief, detail
    from threadkit.pipeline.regressions_view import COLUMNS, row

    chosen = list(islice(found, listing.limit))
    if listing.format in ("json", "nl") and not listing.columns:
        return _objects(console, listing, found.as_json()[: listing.limit])
    fitted = console.tty and listing.format is None and not listing.columns
    if fitted and whole and len(chosen) == 1:
        console.write(detail(console, chosen[0], found.stories))
        return 1
    if fitted:
        console.write(line for one in chosen for line in brief(console, one))
        return len(chosen)
    return listing.show(console, COLUMNS, (row(one) for one in chosen))


def _objects(console: Console, listing: Listing, objects: list[dict[str, Any]]) -> int:
    """Print one array, or one object a line."""
    lines = [dump(console, one) for one in objects]
    if listing.format == "json":
        last = len(lines) - 1
        lines = [
            f"{' ' if at else '['}{line}{']' if at == last else ','}"
            for at, line in enumerate(lines)
        ] or ["[]"]
    console.write(lines)
    return len(objects)


def _show_stories(console: Console, listing: Listing, found: Regressions, *, whole: bool) -> int:
    """Print stories: as text, or each as an object; a table has one step a line."""
    from dataclasses import asdict

    from threadkit.cli.regression_lines import stories

    chosen = found.stories[: listing.limit]
    if listing.format in ("json", "nl"):
        return _objects(console, listing, [asdict(one) for one in chosen])
    if listing.format is None and not listing.columns:
        console.write(stories(console, chosen))
        return len(chosen)
    columns = ("story", "depth", "kind", "name", "title", "utc", "delay_days", "detail")
    steps = (
        (number, s.depth, s.kind, s.name, s.title, s.utc, s.delay_days, s.detail)
        for number, one in enumerate(chosen, 1)
        for s in one.steps
    )
    Listing(listing.format, listing.headers, listing.columns, None).show(console, columns, steps)
    return len(chosen)


def _show_predictions(console: Console, listing: Listing, found: Iterable[Prediction]) -> int:
    """Print predictions, all outcomes."""
    from threadkit.pipeline.regressions_view import PREDICTION_COLUMNS

    rows = (one.row() for one in found)
    columns = ("outcome", "utc", "person", "mechanisms", "target", "message_id")
    return listing.show(console, PREDICTION_COLUMNS, rows, on_terminal=columns)

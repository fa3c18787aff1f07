"""The command that lets two engines run random programs."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

import click

from threadkit.cli.cow_options import chosen_eras, era_options
from threadkit.cli.options import console_of, global_options

if TYPE_CHECKING:
    from threadkit.cli.console import Console

SECONDS_BETWEEN_NOTES = 10.0


@click.command()
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the first program."
)
@click.option(
    "-n",
    "--programs",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="How many; their seeds follow one another.",
)
@click.option(
    "--size", type=click.IntRange(1, 40), default=8, show_default=True, help="Statements, about."
)
@era_options
@global_options
@click.pass_context
def fuzz(
    ctx: click.Context,
    seed: int,
    programs: int,
    size: int,
    era: tuple[str, ...],
    all_eras: bool,
) -> None:
    """Run random small programs on two engines that know nothing of each other.

    Every interleaving, every invariant of the era. A disagreement is printed as a
    scenario file, made as small as it gets, with the seed that makes it again.

    Exit code 1 if there is one.
    """
    from threadkit.cow.eras import era as find
    from threadkit.cow.fuzz import fuzz as run
    from threadkit.cow.fuzz import machine_runner, promise_of
    from threadkit.cow.kernel.machine import Machine

    console = console_of(ctx)
    eras = chosen_eras(era, all_eras)
    report = run(
        [one.key for one in eras],
        _told(console, range(seed, seed + programs)),
        machine_runner(lambda litmus, key: Machine(litmus, find(key).policy)),
        size,
        lambda key: promise_of(find(key).policy),
    )
    console.write(report.text().splitlines())
    if report.disagreements:
        ctx.exit(1)


def _told(console: Console, seeds: range) -> Iterator[int]:
    """Say on stderr now and then how far the programs have come."""
    said = monotonic()
    for seed in seeds:
        if monotonic() - said >= SECONDS_BETWEEN_NOTES:
            console.note(f"{seed - seeds.start} of {len(seeds)} programs; next is seed {seed}")
            said = monotonic()
        yield seed

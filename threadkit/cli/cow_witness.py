"""Commands about real kernels: witness, kernels, selftest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.cow_options import chosen_scenarios, complete_scenario
from threadkit.cli.formats import Listing, envelope
from threadkit.cli.options import console_of, global_options, list_options

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.cow.witness.kernels import Kernel
    from threadkit.cow.witness.problems import WitnessError
    from threadkit.cow.witness.results import WitnessRun


@click.command()
@click.argument("names", metavar="[NAME|FILE|DIR]...", nargs=-1, shell_complete=complete_scenario)
@click.option(
    "--kernel",
    "kernels",
    multiple=True,
    metavar="host|NAME|PATH",
    help="Run there now ('cow kernels' names them; PATH is an image to boot); again for more.",
)
@click.option(
    "--system",
    is_flag=True,
    help="On the running kernel: may change KSM, swap and huge pages for the time of the run, "
    "and use a network block device (nbd) that nobody uses. Needs root; without it, nothing of "
    "the system is changed.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep what was seen as JSON, one file a kernel, with what is there of other scenarios.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@global_options
@click.pass_context
def witness(
    ctx: click.Context,
    names: tuple[str, ...],
    kernels: tuple[str, ...],
    system: bool,
    save: Path | None,
    form: str,
    as_json: bool,
) -> None:
    """Do the same on real kernels, and compare with what the model allows.

    Without --kernel: what was seen in the last full run, which came with threadkit.
    Whatever cannot be done on a kernel is skipped, with the reason.

    Exit code 1 if a kernel did what the model of its era does not allow. A kernel that
    cannot be asked is told last, and does not keep the others' answers back.
    """
    from threadkit.cow.diagram import html_page
    from threadkit.cow.diagram.witness import witness_html, witness_text
    from threadkit.cow.suite.witnessed import stored_runs, witness_table

    console = console_of(ctx)
    scenarios = chosen_scenarios(names)
    runs: Sequence[WitnessRun]
    failures: dict[str, WitnessError] = {}
    if kernels:
        runs = _perform(console, names, kernels, system, save, failures)
    elif save is not None:
        raise click.UsageError("--save keeps a run; name a --kernel")
    else:
        runs = stored_runs()
    columns, rows = witness_table(runs, scenarios)
    if as_json or form == "json":
        body: dict[str, object] = {
            "kernels": [asdict(one) for one in columns],
            "rows": [asdict(row) for row in rows],
            "not_done": {what: str(error) for what, error in failures.items()},
        }
        console.write([envelope(console, body)])
    elif form == "html":
        page = html_page("Copy-on-write on real kernels", witness_html(columns, rows))
        console.write([page])
    else:
        console.write(witness_text(columns, rows))
    for line in (line for error in failures.values() for line in str(error).splitlines()):
        console.note(line)
    if any(cell.result == "differs" for row in rows for cell in row.cells):
        ctx.exit(1)
    ctx.exit(max((error.exit_code for error in failures.values()), default=0))


def _perform(
    console: Console,
    names: tuple[str, ...],
    kernels: tuple[str, ...],
    system: bool,
    save: Path | None,
    failures: dict[str, WitnessError],
) -> list[WitnessRun]:
    """Run on all kernels, and keep what was seen if asked for; note what failed."""
    from threadkit.cow.witness.problems import WitnessError
    from threadkit.cow.witness.results import save as keep
    from threadkit.cow.witness.run import witness as perform

    litmuses = [one.litmus for one in chosen_scenarios(names)]
    runs = []
    # A name that is no kernel's is a mistake of whoever asks: told before anything is run.
    for name, kernel in [(name, _found(name, failures)) for name in kernels]:
        if kernel is None:
            continue
        console.note(f"{name}: {len(litmuses)} scenarios")
        try:
            run = perform(litmuses, kernel, system=system)
            runs.append(run)
            console.note(f"{name}: {len(run.observed)} seen on {run.release}, {run.seconds:.1f} s")
            if save is not None:
                console.note(f"{name}: kept in {keep(run, save, whole=not names)}")
        except WitnessError as error:
            failures[name] = error
    if not runs:
        raise next(iter(failures.values()))
    return runs


def _found(name: str, failures: dict[str, WitnessError]) -> Kernel | None:
    """Find a kernel; one that cannot be had here is a failure to note."""
    from threadkit.cow.witness.names import find
    from threadkit.cow.witness.problems import NoSuchKernel, WitnessError

    try:
        return find(name)
    except NoSuchKernel:
        raise
    except WitnessError as error:
        failures[name] = error
        return None


@click.group(invoke_without_command=True)
@global_options
@list_options()
@click.pass_context
def kernels(ctx: click.Context, listing: Listing) -> None:
    """List the kernels that can be asked; fetch or build others.

    A distribution's kernel is downloaded and unpacked by the system's package manager and
    never installed; one that is built is 5.10 with one decision changed.
    """
    if ctx.invoked_subcommand is not None:
        return
    from threadkit.cow.witness.names import offers

    rows = [
        (
            one.name,
            "here" if one.kernel else "not here",
            one.kernel.release if one.kernel else "",
            one.kernel.package_version if one.kernel else "",
            (one.kernel.era_key or "") if one.kernel else "",
            one.title,
        )
        for one in offers()
    ]
    columns = ("name", "state", "release", "version", "era", "title")
    listing.show(console_of(ctx), columns, rows)


@kernels.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@global_options
@click.pass_context
def fetch(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Download and unpack a distribution's kernels (5.10, 6.1, 6.12, or a package)."""
    from threadkit.cow.witness.kernels import fetch as get

    console = console_of(ctx)
    for name in names:
        console.note(f"{name}: looking for its package")
        kernel = get(name)
        click.echo(f"{kernel.name}\t{kernel.release}\t{kernel.image}")


@kernels.command()
@click.argument("eras", nargs=-1, metavar="[ERA]...")
@global_options
@click.pass_context
def build(ctx: click.Context, eras: tuple[str, ...]) -> None:
    """Build 5.10 with one decision changed: both sides of the debate as kernels.

    ERA is a key of 'cow eras' that begins with built_; all of them if none is named. The
    first takes some minutes.
    """
    from threadkit.cow.witness.build import build as make
    from threadkit.cow.witness.run import ended_in_order
    from threadkit.cow.witness.variants import VARIANTS

    console = console_of(ctx)
    for key in eras or [one.key for one in VARIANTS]:
        with ended_in_order():
            kernel = make(key, lambda line, key=key: console.note(f"{key}: {line}"))  # type: ignore[misc]
        click.echo(f"{kernel.name}\t{kernel.release}\t{kernel.image}")


@click.command()
@click.argument("name", metavar="NAME|FILE", shell_complete=complete_scenario)
@click.option(
    "--expect",
    type=click.Choice(["holds", "fails"]),
    help="When the test passes; as the scenario expects of today's kernels, if not said.",
)
@click.option("--spdx", default="GPL-2.0", show_default=True, help="Licence in the first line.")
@global_options
@click.pass_context
def selftest(ctx: click.Context, name: str, expect: str | None, spdx: str) -> None:
    """Write a scenario as a C file for the kernel's own selftests, to post with a patch."""
    from threadkit.cow.library import scenario
    from threadkit.cow.witness.selftest import selftest as write

    wanted = None if expect is None else expect == "holds"
    text = write(scenario(name).litmus, expect=wanted, spdx=spdx)
    console_of(ctx).write(text.splitlines())

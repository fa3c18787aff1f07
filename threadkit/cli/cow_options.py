"""What the commands of the model share: naming eras and scenarios."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from threadkit.cow.eras import Era
    from threadkit.cow.library import Scenario

Command = TypeVar("Command", bound=Callable[..., Any])


def complete_scenario(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of a scenario.

    Parameters
    ----------
    ctx : click.Context
        Of the command.
    param : click.Parameter
        The argument.
    incomplete : str
        What was typed.

    Returns
    -------
    list of CompletionItem
        Names with their questions.
    """
    from threadkit.cow.library import scenarios

    return [
        CompletionItem(one.name, help=one.question)
        for one in scenarios()
        if one.name.startswith(incomplete)
    ]


def complete_era(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the key of an era.

    Parameters
    ----------
    ctx : click.Context
        Of the command.
    param : click.Parameter
        The option.
    incomplete : str
        What was typed.

    Returns
    -------
    list of CompletionItem
        Keys with their kernels.
    """
    from threadkit.cow.eras import eras

    return [
        CompletionItem(one.key, help=one.kernels)
        for one in eras()
        if one.key.startswith(incomplete)
    ]


BOUND_HELP = "Most states to look at; a million takes about 0.8 GB of memory."
"""What ``--bound`` says of itself."""


def era_options(command: Command) -> Command:
    """Add ``--era`` (may be given often) and ``--all-eras``.

    Parameters
    ----------
    command : Command
        A click command; it gets ``era`` and ``all_eras``.

    Returns
    -------
    callable
        The same, with two more options.
    """
    command = click.option(
        "--all-eras", is_flag=True, help="Stable series, proposals and built kernels, too."
    )(command)
    return click.option(
        "--era",
        multiple=True,
        metavar="KEY",
        shell_complete=complete_era,
        help="An era's key or letter, or a release (v5.8); again for more.",
    )(command)


def chosen_eras(era: tuple[str, ...], all_eras: bool) -> tuple[Era, ...]:
    """Find the eras that the options name.

    Parameters
    ----------
    era : tuple of str
        Keys, letters or releases.
    all_eras : bool
        Every era.

    Returns
    -------
    tuple of Era
        Each once, in their order; the base eras if nothing is named.

    Raises
    ------
    UnknownEra
        There is none of that name.
    """
    from threadkit.cow import eras as known

    if era and all_eras:
        raise click.UsageError("--era and --all-eras exclude each other")
    if all_eras:
        return known.eras()
    named = {found.key: found for found in map(known.era, era)}
    return tuple(named.values()) or known.base_eras()


def chosen_scenarios(names: tuple[str, ...]) -> tuple[Scenario, ...]:
    """Find the scenarios that the arguments name.

    Parameters
    ----------
    names : tuple of str
        Names, litmus files, or folders of them.

    Returns
    -------
    tuple of Scenario
        Each once, in their order; every scenario that comes with threadkit if nothing is
        named.

    Raises
    ------
    UnknownScenario
        There is none of that name.
    LitmusError
        A file is not in the language.
    """
    from threadkit.cow.library import SUFFIX, natural, scenario, scenarios

    if not names:
        return scenarios()
    found: list[Scenario] = []
    for name in names:
        path = Path(name)
        if path.is_dir():
            files = sorted(path.glob(f"*{SUFFIX}"), key=lambda file: natural(file.stem))
            if not files:
                raise click.UsageError(f"no {SUFFIX} file in {name}")
            found += [scenario(file) for file in files]
        else:
            found.append(scenario(name))
    return tuple({str(one.path and one.path.resolve()): one for one in found}.values())

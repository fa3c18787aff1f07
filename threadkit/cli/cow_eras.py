"""Commands about eras: what each decides, and what tells two apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from threadkit.cli.cow_options import chosen_scenarios, complete_era, complete_scenario
from threadkit.cli.formats import Listing, envelope
from threadkit.cli.options import console_of, global_options, list_options

if TYPE_CHECKING:
    from threadkit.cow.eras import Era, FieldRow
    from threadkit.cow.outcome import Outcome
    from threadkit.cow.suite import Difference


@click.command()
@click.argument("keys", metavar="[KEY]...", nargs=-1, shell_complete=complete_era)
@list_options()
@global_options
@click.pass_context
def eras(ctx: click.Context, keys: tuple[str, ...], listing: Listing) -> None:
    """List the eras; with KEY, what each of them decides, field by field.

    KEY is a key or letter of the list, or a release (v5.8, 6.1.192): a base era covers
    many releases, and one release may differ from its era's first.
    """
    from threadkit.cow import eras as known

    console = console_of(ctx)
    if not keys:
        rows = [
            (era.letter, era.key, era.kind, era.kernels, era.title, _of_era(era), _notes(era))
            for era in known.eras()
        ]
        columns = ("letter", "key", "kind", "kernels", "title", "commits", "notes")
        on_terminal = ("letter", "key", "kernels", "title")
        listing.show(console, columns, rows, on_terminal=on_terminal)
        return
    fields = [(known.era(key), row) for key in keys for row in known.era(key).fields()]
    names = ("era", "field", "value", "meaning", "function", "since", "commits", "sources")
    listing.show(
        console,
        (*names, "checked"),
        [_field_row(era, row) for era, row in fields],
        on_terminal=("field", "value", "since", "commits", "meaning"),
    )


def _of_era(era: Era) -> str:
    """Name the commits that made an era's rules what they are, from the base era before."""
    from threadkit.cow.eras import base_eras

    base = base_eras()
    place = base.index(era) if era in base else 0
    changes = era.changed_from(base[place - 1]) if place else ()
    found = [commit.sha for change in changes for commit in change.commits]
    if not found and era.changes:
        found = [commit.sha for commit in era.changes[-1].commits]
    return " ".join(dict.fromkeys(found))


def _notes(era: Era) -> str:
    """Join what a reader must know besides."""
    return " ".join(era.notes)


def _field_row(era: Era, row: FieldRow) -> tuple[str | None, ...]:
    """Make a row of one decision."""
    return (
        era.key,
        row.field,
        str(row.value),
        row.meaning,
        row.function,
        row.since,
        " ".join(commit.sha for commit in row.commits),
        "; ".join(row.sources),
        str(row.checked),
    )


@click.command()
@click.argument("left", metavar="A", shell_complete=complete_era)
@click.argument("right", metavar="B", shell_complete=complete_era)
@click.argument("names", metavar="[NAME|FILE]...", nargs=-1, shell_complete=complete_scenario)
@click.option("--costs", is_flag=True, help="Scenarios that differ in cost alone, too.")
@click.option("--json", "as_json", is_flag=True, help="One object.")
@global_options
@click.pass_context
def diff(
    ctx: click.Context,
    left: str,
    right: str,
    names: tuple[str, ...],
    costs: bool,
    as_json: bool,
) -> None:
    """Show which scenarios tell two eras apart, and the first step at which they part.

    With NAME: those scenarios only, in full.

    Exit code 1 if nothing tells them apart.
    """
    from threadkit.cow.eras import era
    from threadkit.cow.suite import apart

    console = console_of(ctx)
    one, other = era(left), era(right)
    found = list(apart(chosen_scenarios(names), one, other))
    shown = [each for each in found if costs or names or each.what != "cost"]
    if as_json:
        body: dict[str, object] = {
            "left": one.key,
            "right": other.key,
            "decisions": [
                {"field": change.field, "left": change.before, "right": change.after}
                for change in other.changed_from(one)
            ],
            "scenarios": [_as_object(each) for each in shown],
        }
        console.write([envelope(console, body)])
    elif names:
        texts = [each.diff.text() for each in shown]
        console.write(("\n".join(texts) or "Nothing tells them apart\n").splitlines())
    else:
        console.write(_summary(one, other, shown, len(found) - len(shown)))
    if not found:
        ctx.exit(1)


def _as_object(each: Difference) -> dict[str, object]:
    """Make a JSON object of one difference."""
    return {"scenario": each.scenario, "what": each.what, **each.diff.to_dict()}


def _summary(one: Era, other: Era, shown: list[Difference], hidden: int) -> list[str]:
    """Say which decisions differ, then each scenario in three lines."""
    from threadkit.cow.explore.first_step import first_difference

    lines = [f"- {one.key} ({one.kernels})", f"+ {other.key} ({other.kernels})", ""]
    for change in other.changed_from(one):
        commits = " ".join(commit.sha for commit in change.commits)
        lines.append(f"{change.field}: {change.before} -> {change.after} {commits}".rstrip())
    for each in shown:
        left, right = each.diff.left, each.diff.right
        lines += ["", f"{each.scenario}: {each.question}"]
        lines.append(f"  {_short(left)} -> {_short(right)} ({each.what} differs)")
        parting = each.diff.parting
        if parting is not None:
            lines.append(f"  they part at statement {parting.index + 1}, {parting.op}")
            for sign, said in zip("-+", first_difference(parting), strict=True):
                lines.append(f"  {sign} {said}")
    lines.append("")
    total = f"{len(shown)} scenarios tell them apart" if shown else "Nothing tells them apart"
    lines.append(total + (f"; {hidden} more differ in cost alone (--costs)" if hidden else ""))
    return lines


def _short(outcome: Outcome) -> str:
    """Say a verdict with its harms."""
    kinds = dict.fromkeys(harm.kind for harm in outcome.harms if harm.kind != "broken")
    said = outcome.verdict + (f" [{', '.join(kinds)}]" if kinds else "")
    return f"{said} (by the rules alone)" if outcome.would_be else said

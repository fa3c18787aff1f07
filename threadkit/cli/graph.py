"""The command that writes, draws and measures graphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.formats import Listing, Row
from threadkit.cli.options import (
    MessageName,
    archive_of,
    console_of,
    global_options,
    list_options,
)
from threadkit.errors import SourceError
from threadkit.pipeline.display import cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.graph.paths import Step
    from threadkit.pipeline.argument_view import ArgumentView
    from threadkit.pipeline.graphs import GraphView

_KINDS = ("replies", "evidence", "people", "regressions", "arguments")
_FORMATS = ("graphml", "gexf", "json", "dot", "svg")
_TABLES = {
    "people": "who answers whom: mails, answers, hours, centrality",
    "cited": "what mails and commits point at most",
    "unanswered": "mails that nobody else answered",
    "first-answers": "how soon conversations got their first answer",
    "fixes": "the way from each report of a regression to its fixes",
}
_OF_REPLIES = ("people", "unanswered", "first-answers")
_SUFFIXES = {**{f".{one}": one for one in _FORMATS}, ".gv": "dot"}


@click.command()
@click.argument("thread", required=False, type=MessageName())
@click.option("--kind", type=click.Choice(_KINDS), default="evidence", show_default=True,
              help="What the graph is of.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(_FORMATS), help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
              help="Write to this file; its ending says what, without --format.")  # fmt: skip
@click.option("--measures", "table", flag_value="people", help=f"List {_TABLES['people']}.")
@click.option("--measure", "table", type=click.Choice(list(_TABLES)),
              help="List: " + "; ".join(f"{k}: {v}" for k, v in _TABLES.items()) + ".")  # fmt: skip
@click.option("--path", "ends", nargs=2, metavar="A B",
              help="The way from A to B over evidence: Message-IDs, hashes, nodes.")  # fmt: skip
@list_options()
@global_options
@click.pass_context
def graph(
    ctx: click.Context,
    thread: str | None,
    kind: str,
    form: str | None,
    output: Path | None,
    table: str | None,
    ends: tuple[str, str] | None,
    listing: Listing,
) -> None:
    """Write or draw graphs of answers and of evidence.

    THREAD is any mail of a conversation: that and all it touches; without it, everything.
    Nodes are messages, commits, series, people, bugs, CVEs, releases, reports and
    regressions; of arguments, claims and what bears on them ('claims --export' has more
    forms of that). With neither --format nor -o, they and the edges are counted by kind.

    Exit code 1 if there is nothing to show; then nothing is written.
    """
    form = form or (_form_of(output) if output else None)
    if form and (table or ends):
        raise click.UsageError("--format and -o write a graph: not with a measure or --path")
    if kind == "arguments":
        _arguments(ctx, thread, form, output, listing, measured=bool(table or ends))
        return
    console = console_of(ctx)
    bring_up_to_date(console)
    with archive_of(console) as archive:
        kind = "replies" if table in _OF_REPLIES else kind
        found = archive.graph(thread, kind)
    if not len(found.graph):
        console.note("nothing to show")
        ctx.exit(1)
    if form:
        _write(console, found, form, output)
    elif ends:
        ctx.exit(0 if _show_path(console, listing, found, ends) else 1)
    elif table:
        ctx.exit(0 if _show_table(console, listing, found, table) else 1)
    else:
        listing.show(console, ("what", "kind", "count", "meaning"), found.counts())


def _arguments(
    ctx: click.Context,
    thread: str | None,
    form: str | None,
    output: Path | None,
    listing: Listing,
    *,
    measured: bool,
) -> None:
    """Write or count the argument graph."""
    if measured:
        raise click.UsageError("--kind arguments: no measures; 'claims --acceptability' judges it")
    if form == "svg":
        raise click.UsageError("--kind arguments: there is no picture; 'dot' can be drawn")
    console = console_of(ctx)
    bring_up_to_date(console, arguments=True, thread=thread)
    with archive_of(console) as archive:
        found = archive.argument_view(thread)
    if not len(found.graph):
        console.note("nothing to show")
        ctx.exit(1)
    if form:
        _write(console, found, form, output)
    else:
        listing.show(console, ("what", "kind", "count", "meaning"), found.counts())


def _form_of(output: Path) -> str:
    form = _SUFFIXES.get(output.suffix.lower())
    if form is None:
        endings = ", ".join(_SUFFIXES)
        raise click.UsageError(f"{output}: --format is needed, or one of the endings {endings}")
    return form


def _write(
    console: Console, found: GraphView | ArgumentView, form: str, output: Path | None
) -> None:
    """Write to a file or to standard output; a terminal gets no control characters."""
    if output is None:
        clean = one_line if console.tty else str
        console.write(clean(line) for line in found.lines(form))
        return
    try:
        with output.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(f"{line}\n" for line in found.lines(form))
    except OSError as error:
        raise SourceError(str(output), error.strerror or str(error)) from error
    console.note(f"{output}: {found!r}")


def _show_path(console: Console, listing: Listing, found: GraphView, ends: tuple[str, str]) -> bool:
    from threadkit.graph.evidence.views import find_node
    from threadkit.graph.paths import evidence_path, shared_culprits

    start, end = (find_node(found.whole, name) for name in ends)
    way = evidence_path(found.whole, start, end)
    if way is None:
        console.note(f"no evidence leads from {start} to {end}")
        return False
    for shared in shared_culprits(way):
        console.note(f"{shared} broke both sides of this way: its end need not mend its beginning")
    if console.tty and listing.format is None and not listing.columns:
        console.write(_way_lines(console, found, start, way))
        return True
    columns = ("step", "from", "edge", "to", "rule", "score")
    rows = (
        (at, step.source, step.kind if step.forward else f"<-{step.kind}", step.target, step.rule,
         step.score)
        for at, step in enumerate(way, 1)
    )  # fmt: skip
    listing.show(console, columns, rows)
    return True


def _way_lines(
    console: Console, found: GraphView, start: str, way: Sequence[Step]
) -> Iterator[str]:
    """Set a way for reading: each thing on a line, and between two what joins them."""
    room = console.columns or 80
    marks = ("<-", "->") if console.plain_ascii else ("\N{UPWARDS ARROW}", "\N{DOWNWARDS ARROW}")
    yield from _node_lines(console, found, start, room)
    for step in way:
        said = f"    {marks[step.forward]} {step.meaning} ({one_line(step.rule)}, {step.score:.2f})"
        yield cut(said, room)
        yield from _node_lines(console, found, step.target, room)


def _node_lines(console: Console, found: GraphView, node: str, room: int) -> Iterator[str]:
    """Say what a node is, and below that its name."""
    data = found.whole.nodes[node]
    facts = (str(data.get("date_utc", ""))[:10], data.get("person"), data.get("title"))
    said = "  ".join(one_line(str(fact)) for fact in facts if fact)
    if said and not node.endswith(f":{said}"):
        yield console.style(cut(said, room), bold=True)
    yield cut(one_line(node), room)


def _show_table(console: Console, listing: Listing, found: GraphView, table: str) -> bool:
    """Show one of the tables; False if it is empty."""
    columns, rows, on_terminal = _TABLE[table](found)
    return listing.show(console, columns, rows, on_terminal=on_terminal) > 0


_Table = tuple[Sequence[str], Iterator[Row], tuple[str, ...]]


def _people(found: GraphView) -> _Table:
    from threadkit.graph.measures import PersonMeasures, measure_people

    rows = (_rounded(one._asdict()) for one in measure_people(found.whole))
    shown = ("name", "messages", "answers", "answered", "median_hours", "betweenness", "rank")
    return PersonMeasures._fields, rows, shown


def _cited(found: GraphView) -> _Table:
    from threadkit.graph.measures import Cited, most_cited

    return Cited._fields, iter(most_cited(found.whole, limit=None)), ()


def _unanswered(found: GraphView) -> _Table:
    from threadkit.graph.measures import never_answered

    nodes = found.whole.nodes
    rows = (
        (node, nodes[node].get("date_utc"), nodes[node].get("person"), nodes[node].get("title"))
        for node in never_answered(found.whole)
    )
    return ("message", "date_utc", "person", "title"), rows, ("date_utc", "person", "title")


def _first_answers(found: GraphView) -> _Table:
    from threadkit.graph.measures import FirstAnswer, first_answers

    rows = (_rounded(one._asdict()) for one in first_answers(found.whole))
    return FirstAnswer._fields, rows, ()


def _fixes(found: GraphView) -> _Table:
    from threadkit.graph.paths import report_paths

    rows = (
        (report, fix, len(way), " ".join(step.kind for step in way))
        for report, fix, way in report_paths(found.whole)
    )
    return ("report", "fix", "steps", "way"), rows, ()


def _rounded(row: dict[str, Any]) -> Row:
    """Give the cells of a row: hours with two digits behind the point, shares with four."""
    return [
        round(cell, 2 if "hours" in name else 4) if isinstance(cell, float) else cell
        for name, cell in row.items()
    ]


_TABLE = {
    "people": _people,
    "cited": _cited,
    "unanswered": _unanswered,
    "first-answers": _first_answers,
    "fixes": _fixes,
}

"""What ``claims`` says of the argument graph: how each claim stands, why, and files of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TextIO

import click

from threadkit.errors import NotFound

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.cli.formats import Listing
    from threadkit.graph.argument.values import ArgumentGraph

FORMATS = (
    "argdown", "aif", "xaif", "dot", "graphml", "apx", "tgf", "iccma", "csv", "csv-edges",
)  # fmt: skip
READINGS = ("all", "grounded", "preferred", "stable", "gradual")
_NO_VERDICT = (
    "no reading is the verdict: who speaks last wins most of them; unanswered attacks count"
)
_TERMINAL = ("id", "grounded", "preferred", "h_categorizer", "unanswered", "text")


@dataclass(frozen=True, slots=True)
class GraphWanted:
    """What options ask of the argument graph.

    Attributes
    ----------
    reading : str or None
        Of :data:`READINGS`.
    explained : str or None
        A claim, as ``c6``.
    with_verdicts : bool
        Runs of the model count.
    form : str or None
        Of :data:`FORMATS`.
    output : file or None
        Where an export goes.
    """

    reading: str | None
    explained: str | None
    with_verdicts: bool
    form: str | None
    output: TextIO | None

    @property
    def asked(self) -> bool:
        """True if the graph is wanted, and not the list of claims."""
        return bool(self.reading or self.explained or self.form)

    def check(self, filtered: bool) -> None:
        """Refuse options that do not go together.

        Parameters
        ----------
        filtered : bool
            Some claims only are asked for.

        Raises
        ------
        UsageError
            Of the command line.
        """
        if bool(self.reading) + bool(self.explained) + bool(self.form) > 1:
            raise click.UsageError("only one of --acceptability, --explain and --export")
        if self.asked and filtered:
            raise click.UsageError("the graph is of all claims of THREAD: leave the filters out")
        if self.with_verdicts and not self.asked:
            raise click.UsageError("--with-verdicts goes with --acceptability, --explain, --export")
        if self.output is not None and not self.form:
            raise click.UsageError("--output goes with --export")

    def show(self, console: Console, listing: Listing, graph: ArgumentGraph) -> int:
        """Print what was asked for.

        Parameters
        ----------
        console : Console
            Of this run.
        listing : Listing
            In which form readings are listed.
        graph : ArgumentGraph
            Of the conversation.

        Returns
        -------
        int
            How much there is; 0 if the graph is empty.
        """
        if self.explained:
            explain(console, graph, self.explained.lower())
        elif self.form:
            export(console, graph, self.form, self.output)
        elif self.reading:
            return show_standings(console, listing, graph, self.reading)
        return len(graph.nodes)


def show_standings(console: Console, listing: Listing, graph: ArgumentGraph, reading: str) -> int:
    """Print how each claim stands.

    Parameters
    ----------
    console : Console
        Of this run.
    listing : Listing
        In which form.
    graph : ArgumentGraph
        What counts.
    reading : str
        Of :data:`READINGS`.

    Returns
    -------
    int
        How many claims there are.
    """
    from threadkit.pipeline.acceptability_view import COLUMNS, READINGS, Standings

    found = Standings(graph)
    columns = READINGS[reading]
    places = [COLUMNS.index(name) for name in columns]
    rows = ([row[place] for place in places] for row in found.rows())
    on_terminal = _TERMINAL if reading == "all" else columns
    shown = listing.show(console, columns, islice(rows, listing.limit), on_terminal=on_terminal)
    for note in (*found.notes, _NO_VERDICT):
        console.note(note)
    if shown < len(found):
        console.note(f"the first {shown} are shown; --limit 0 shows all")
    return shown


def explain(console: Console, graph: ArgumentGraph, name: str) -> None:
    """Print why a claim stands as it does in the grounded reading.

    Parameters
    ----------
    console : Console
        Of this run.
    graph : ArgumentGraph
        What counts.
    name : str
        As ``c6``.

    Raises
    ------
    NotFound
        It is not in the graph.
    """
    from threadkit.pipeline.acceptability_view import Standings

    if name not in graph.by_id():
        raise NotFound(name, what="claim among those shown (--include-candidates)")
    found = Standings(graph)
    console.write(_explained(console, found.explanation(name)))
    for note in found.notes:
        console.note(note)


def _explained(console: Console, sentences: list[str]) -> Iterator[str]:
    """Fold sentences, those below the first set in."""
    from textwrap import wrap

    from threadkit.pipeline.display import one_line

    for at, sentence in enumerate(sentences):
        indent = "  " if at else ""
        text = indent + one_line(sentence)
        if console.columns is None:
            yield text
        else:
            yield from wrap(text, console.columns, subsequent_indent=indent + "  ") or [""]


def export(console: Console, graph: ArgumentGraph, form: str, output: TextIO | None) -> None:
    """Write a graph in the file format of another tool.

    Parameters
    ----------
    console : Console
        Of this run.
    graph : ArgumentGraph
        What is written.
    form : str
        Of :data:`FORMATS`.
    output : file, optional
        Where to; to standard output without.
    """
    from threadkit.pipeline.argument_graph import exporter
    from threadkit.pipeline.display import printable

    lines = exporter(form)(graph)
    if output is not None:
        output.writelines(line + "\n" for line in lines)
    elif console.tty:
        console.write(map(printable, lines))
    else:
        console.write(lines)

"""The command that lists claims."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.claims_graph import FORMATS, READINGS, GraphWanted
from threadkit.cli.formats import Listing
from threadkit.cli.options import (
    MessageName,
    archive_of,
    console_of,
    global_options,
    list_options,
)
from threadkit.cli.pieces import joined
from threadkit.pipeline.display import cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.claims_view import Claim, Claims

STATUSES = ("contested", "conceded", "unanswered", "upheld", "withdrawn", "open")
KINDS = ("mechanism", "guarantee", "performance", "history", "proposal", "opinion")
LOOKS = {
    "contested": "red", "unanswered": "yellow", "conceded": "magenta", "upheld": "green",
    "withdrawn": "magenta", "open": "cyan",
}  # fmt: skip
"""Colours of statuses; each is also a word."""

_STATES = {
    "shown": ("automatic", "accepted"),
    "candidates": ("automatic", "accepted", "candidate"),
    "accepted": ("accepted",),
    "all": ("automatic", "accepted", "candidate", "rejected"),
}


class WithReading(click.Command):
    """A command with ``--acceptability``, whose value may be left out."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``all`` behind the option where no reading follows it.

        Parameters
        ----------
        ctx : click.Context
            Of the command.
        args : list of str
            What was typed.

        Returns
        -------
        list of str
            What is left of them.
        """
        given: list[str] = []
        for at, word in enumerate(args):
            given.append(word)
            if word == "--acceptability" and (*args[at + 1 :], "")[0] not in READINGS:
                given.append("all")
        return super().parse_args(ctx, given)


@click.command(
    "list",
    cls=WithReading,
    epilog="""\b
Other commands, see threadkit claims COMMAND --help:
  review [THREAD]   walk through claims, and accept or reject each
  edit CLAIM        correct a claim
  corrections       write all corrections as a file
  correct FILE      read such a file""",
)
@click.argument("thread", required=False, type=MessageName(), metavar="[THREAD]")
@click.option(
    "--by", metavar="NAME", default="", help="Words of the name or address of who says it."
)
@click.option("--status", type=click.Choice(STATUSES), default=None, help="How it stands.")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="What it is about.")
@click.option("--about", metavar="CLAIM", default="", help="In a relation with this one (c6).")
@click.option("--question", metavar="Q", default="",
              help="What answers a question, by its name or words of it.")  # fmt: skip
@click.option("--unanswered", is_flag=True, help="Calls for an answer and has no direct reply, whoever took it up elsewhere; --status unanswered: nobody did.")  # fmt: skip
@click.option("--since", metavar="DATE", default="", help="2020-09, 2.weeks.ago ...")
@click.option("--include-candidates", "states", flag_value="candidates",
              help="Also those that are not sure enough.")  # fmt: skip
@click.option("--accepted", "states", flag_value="accepted", help="Only those a person accepted.")
@click.option("--all", "states", flag_value="all", help="Also candidates and what was rejected.")
@click.option("--acceptability", type=click.Choice(READINGS), metavar="[READING]",
              help="How each stands in the argument graph: all readings, or grounded,"
              " preferred, stable, gradual.")  # fmt: skip
@click.option("--explain", metavar="CLAIM", help="Why a claim stands so in the grounded reading.")
@click.option("--with-verdicts", is_flag=True,
              help="Runs of the model count for and against what they test.")  # fmt: skip
@click.option("--export", "form", type=click.Choice(FORMATS), help="The graph as a file: claims, and other passages that bear on them or on which"
              " they do.")  # fmt: skip
@click.option("-o", "--output", type=click.File("w", encoding="utf-8", lazy=True), metavar="FILE",
              help="With --export: write to this file.")  # fmt: skip
@list_options()
@global_options
@click.pass_context
def list_claims(
    ctx: click.Context,
    thread: str | None,
    by: str,
    status: str | None,
    kind: str | None,
    about: str,
    question: str,
    unanswered: bool,
    since: str,
    states: str | None,
    acceptability: str | None,
    explain: str | None,
    with_verdicts: bool,
    form: str | None,
    output: TextIO | None,
    listing: Listing,
) -> None:
    """List claims: who says what, and how it stands.

    THREAD is any mail of a conversation. Claims are found by rules and a trained model and
    are marked automatic until a person accepts them ('threadkit claims review'); those that
    are not sure enough are candidates, and only shown if asked for. 'threadkit show c6'
    shows one in its place, with all that bears on it.

    Exit code 1 if there is none.
    """
    console = console_of(ctx)
    wanted: dict[str, Any] = {"by": by, "status": status or "", "kind": kind or "", "about": about,
              "question": question, "unanswered": unanswered, "since": since}  # fmt: skip
    as_graph = GraphWanted(acceptability, explain, with_verdicts, form, output)
    as_graph.check(bool(any(wanted.values())))
    if explain and thread is None:
        with archive_of(console) as archive:
            thread = archive.claim_thread(explain)
    bring_up_to_date(console, arguments=True, thread=thread)
    chosen = _STATES[states or "shown"]
    if as_graph.asked:
        with archive_of(console) as archive:
            graph = archive.argument_graph(thread, states=chosen, verdicts=with_verdicts)
        shown = as_graph.show(console, listing, graph)
        if not shown:
            ctx.exit(1)
        return
    with archive_of(console) as archive:
        found = archive.claims(thread, states=chosen, **wanted)
    shown = _show(console, listing, found)
    _say_what_is_left(console, found, shown)
    if not shown:
        if about:
            console.note(f"only claims are listed; 'show {about}' has all that bears on it")
        ctx.exit(1)


def _show(console: Console, listing: Listing, found: Claims) -> int:
    """Print claims in the form asked for; return how many."""
    from threadkit.pipeline.claims_view import COLUMNS

    chosen = list(islice(found, listing.limit))
    covered = str(found.coverage)
    listing.show_each(
        console,
        COLUMNS,
        values=({**one.as_json(), "coverage": covered} for one in chosen),
        lines=(line for one in chosen for line in brief(console, one)),
        rows=(one.row() for one in chosen),
    )
    return len(chosen)


def _say_what_is_left(console: Console, found: Claims, shown: int) -> None:
    """Say how much was read, and what is not shown."""
    from threadkit.pipeline.display import counted

    console.note(str(found.coverage))
    for book, count in found.unanswered:
        console.note(
            f"these have no direct reply; a person who read the debate calls"
            f" {counted(count, 'claim')} unanswered anywhere: threadkit draft {book}"
        )
    if found.candidates:
        many = counted(found.candidates, "candidate")
        console.note(f"{many} not sure enough to be shown: --include-candidates")
    if shown < len(found):
        console.note(f"the first {shown} are shown; --limit 0 shows all")


def brief(console: Console, one: Claim) -> Iterator[str]:
    """Set one claim among others: how it stands, who says it and when, its words.

    Parameters
    ----------
    console : Console
        For its colours and width.
    one : Claim
        To be shown.

    Yields
    ------
    str
        Two lines, and a third where no direct reply is known; none is wider than the
        terminal.
    """
    from threadkit.pipeline.claims_view import marked

    room = console.columns or 80
    facts = one.facts
    dim: dict[str, bool | str | None] = {"dim": True}
    yield joined(
        console,
        (facts.id, {"bold": True}),
        (facts.status, {"fg": LOOKS.get(facts.status)}),
        (facts.kind, dim),
        (facts.person, dim),
        (f"(of {facts.holder})" if facts.holder else "", dim),
        ((facts.utc or "")[:10], dim),
        (marked(facts), dim),
        room=room,
    )
    yield cut("    " + one_line(one.shown or "(the passage is not here)"), room)
    if one.outcome in ("no direct reply", "own"):
        yield console.style(cut("    no direct reply", room), dim=True)
    elif one.outcome == "taken up":
        mails = "; ".join(
            f"{each.person}, {(each.utc or '')[:10]} <{each.message_id}>" for each in one.taken_up
        )
        text = one_line(f"    no direct reply; taken up by {mails}")
        yield console.style(cut(text, room), dim=True)

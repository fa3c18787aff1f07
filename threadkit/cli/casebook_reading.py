"""The commands that list casebooks and show what is in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from threadkit.cli.casebook_load import DEFAULT
from threadkit.cli.formats import Listing, envelope
from threadkit.cli.options import archive_of, console_of, global_options, list_options
from threadkit.pipeline.display import one_line, printable

if TYPE_CHECKING:
    from threadkit.casebook.modelled import ModelEntry
    from threadkit.casebook.values import Claim, Place
    from threadkit.cli.console import Console
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.casebook_view import CasebookView

_COLUMNS = ("name", "claims", "questions", "people", "mails", "curated", "title")
_WIDTH = 100


@click.command("list")
@list_options()
@global_options
@click.pass_context
def list_casebooks(ctx: click.Context, listing: Listing) -> None:
    """List the casebooks that come with threadkit."""
    from threadkit.pipeline.casebook_view import casebook_names, open_casebook

    books = [open_casebook(name).facts for name in casebook_names()]
    rows = [
        (one.name, len(one.claims), len(one.questions), len(one.people), len(one.messages),
         one.curated_date, one.title)
        for one in books
    ]  # fmt: skip
    listing.show(console_of(ctx), _COLUMNS, rows)


@click.command()
@click.argument("casebook", default=DEFAULT, metavar="[NAME|DIR]")
@click.argument("claim", required=False, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
@click.pass_context
def show(ctx: click.Context, casebook: str, claim: int | None, as_json: bool) -> None:
    """Show a casebook, or one claim of it.

    CLAIM is its number. Its words are shown, too, where the mail is in the database.
    """
    from threadkit.pipeline.casebook_view import open_casebook

    console = console_of(ctx)
    book = open_casebook(casebook)
    if as_json:
        console.write([envelope(console, book.as_json(claim))])
    elif claim is None:
        console.write(_book(console, book))
    else:
        found = book.claim(claim)
        with ExitStack() as stack:
            archive = stack.enter_context(archive_of(console)) if console.db.exists() else None
            console.write(_claim(console, book, found, archive))


def _wrapped(console: Console, text: str, indent: str = "", hang: int = 0) -> Iterator[str]:
    """Break a text at the width of the terminal, but no Message-ID: it can be copied."""
    width = min(console.columns or _WIDTH, _WIDTH)
    yield from wrap(one_line(text), width, initial_indent=indent, subsequent_indent=indent + hang * " ",
                    break_on_hyphens=False, break_long_words=False) or [indent]  # fmt: skip


def _book(console: Console, book: CasebookView) -> Iterator[str]:
    """Say what a casebook is about, how much is in it, and its claims by question."""
    facts = book.facts
    yield console.style(one_line(facts.title), bold=True)
    yield f"{', '.join(book.facts_in_words())}; {facts.curated_date} by {facts.curated_by}"
    for text in (facts.question, facts.about, facts.outcome):
        yield ""
        yield from _wrapped(console, text)
    for question in facts.questions:
        claims = facts.claims_of(question.key)
        yield ""
        yield from _wrapped(console, question.text)
        yield from _wrapped(console, question.outcome or "no outcome", "  ")
        for claim in claims:
            said = f"{claim.id:>4}  {claim.by}, {claim.stand}, {claim.status}: {claim.gist}"
            yield from _wrapped(console, said, "  ", 6)
    yield ""
    yield "Coverage"
    for line in facts.coverage:
        yield from _wrapped(console, line, "  ")
    yield ""
    yield f"More: threadkit casebook show {book.name} CLAIM; threadkit casebook check {book.name}"


def _claim(
    console: Console, book: CasebookView, claim: Claim, archive: Archive | None
) -> Iterator[str]:
    """Say all that a casebook has on a claim, and its words if they are here."""
    facts = book.facts
    person, question = facts.person(claim.by), facts.question_of(claim)
    speaker = person.name if person else claim.by
    yield from _wrapped(console, f"{claim.id}  {speaker}: {claim.gist}", hang=4)
    facts_line = f"{claim.kind}, {claim.within}, {claim.status} ({claim.why}), sure: {claim.sure}"
    yield from _wrapped(console, facts_line, "    ")
    yield from _wrapped(console, f"{question.text} {claim.stand}", "    ")
    for place in (claim.said, *claim.also):
        yield ""
        yield from _passage(place, archive)
    if claim.stances or claim.evidence:
        yield ""
    for stance in claim.stances:
        other = facts.claim(stance.target)
        said = f"{stance.kind} {stance.target}: {other.gist if other else ''}"
        yield from _wrapped(console, said, "  ", 2)
    for one in claim.evidence:
        yield from _wrapped(console, f"{one.name} ({one.whose}): {one.shows}", "  ", 2)
    if claim.decision is not None:
        became = (claim.decision.what, claim.decision.commit, claim.decision.message,
                  claim.decision.note)  # fmt: skip
        yield from _wrapped(console, f"became: {', '.join(filter(None, became))}", "  ")
    if claim.afterwards is not None:
        later = (claim.afterwards.what, claim.afterwards.regression, claim.afterwards.note)
        yield from _wrapped(console, f"afterwards: {', '.join(filter(None, later))}", "  ")
    for entry in claim.model:
        yield ""
        yield from _model(console, entry)


def _passage(place: Place, archive: Archive | None) -> Iterator[str]:
    """Show where a passage stands and, if its mail is here, what it says."""
    from threadkit.pipeline.casebook_check import passage_text

    where = f"<{place.message}>" if place.message else place.url
    if not place.is_known:
        yield f"  {printable(where)}: {one_line(place.unseen)}"
        return
    kind, text = passage_text(archive, place)
    yield f"  {printable(where)} {place.start}-{place.stop}: {kind}"
    yield from (f"  | {printable(line)}" for line in text.splitlines())


def _model(console: Console, entry: ModelEntry) -> Iterator[str]:
    from threadkit.casebook.verdicts import shown

    if not entry.scenario:
        yield from _wrapped(console, f"not modelled: {entry.not_modelled}", "  ")
        return
    yield f"  {entry.stance} {entry.scenario}"
    for era, verdict in entry.verdicts:
        yield f"    {era}: {verdict}"
    for cost in entry.costs:
        yield f"    {cost.era}: {cost.name} {shown(cost.least, cost.most)}"
    yield from _wrapped(console, entry.why, "    ")
    yield f"    threadkit cow run {entry.scenario}"

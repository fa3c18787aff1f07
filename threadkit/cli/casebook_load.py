"""The command that loads a casebook into a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from threadkit.cli.formats import envelope
from threadkit.cli.options import console_of, global_options
from threadkit.cli.progress import progress_line
from threadkit.pipeline.display import counted, one_line

if TYPE_CHECKING:
    from threadkit.pipeline.casebooks import Loaded

_NAMED = 6

DEFAULT = "cow-2020"
"""The casebook that is meant where none is named."""


@click.command(
    epilog="""\b
threadkit casebook load
threadkit import thread.mbox && threadkit claims --about c12"""
)
@click.argument("casebook", default=DEFAULT, metavar="[NAME|DIR]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@global_options
@click.pass_context
def load(ctx: click.Context, casebook: str, as_json: bool) -> None:
    """Load a casebook into the database: its facts, and what it says of claims in mail.

    NAME is one that comes with threadkit (cow-2020 without), DIR a folder. The scenarios that
    it refers to are run. Where its passages meet sentences of mail that is here, its gists,
    kinds, states and relations win over what was found; what you said yourself wins over the
    casebook. Mail can come before or after; a second load changes nothing.
    """
    from threadkit.casebook.applied import NOT_READ
    from threadkit.pipeline.casebooks import load_casebook

    console = console_of(ctx)
    with progress_line(console, _progress) as told:
        loaded = load_casebook(console.db, casebook, tell=told)
    if as_json:
        console.write([envelope(console, loaded.as_json())])
    else:
        console.write(lines_of(loaded))
    if NOT_READ in loaded.why_left:
        console.note(
            "threadkit analyze reads the mail that is here for arguments; what the casebook says"
            " then meets it by itself"
        )


def _progress(now: tuple[int, int]) -> str:
    done, total = now
    return f"scenarios {done} of {total}"


def lines_of(loaded: Loaded) -> Iterator[str]:
    """Say what came of loading a casebook.

    Parameters
    ----------
    loaded : Loaded
        What was done.

    Yields
    ------
    str
        What was loaded, what it met, and by reason what met nothing.
    """
    from threadkit.casebook.unwritten import unwritten_in_words

    book = loaded.casebook
    facts = (
        counted(len(book.claims), "claim"), counted(len(book.messages), "message"),
        counted(len(book.questions), "question"), counted(len(book.people), "person", "people"),
    )  # fmt: skip
    state = "" if loaded.changed else ", as it was here already"
    yield f"{book.name}: {', '.join(facts)}{state}"
    left = unwritten_in_words(book.unwritten)
    if left:
        yield f"  {left}"
    if loaded.scenarios:
        yield f"{counted(loaded.scenarios, 'scenario')} run under every era of the model"
    changed = ", ".join(
        f"{counted(many, 'correction')} {how}"
        for many, how in ((loaded.added, "added"), (loaded.removed, "taken back"))
        if many
    )
    yield (
        f"{loaded.met} of {counted(len(book.claims), 'claim')} met in mail that is here"
        f" ({changed or 'no correction changed'})"
    )
    for why, some in loaded.why_left.items():
        names = [
            f"{one.claim} {one.what}" if one.what != "claim" else str(one.claim) for one in some
        ]
        named = ", ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")
        yield one_line(f"  left in the casebook, {why}: {named}")

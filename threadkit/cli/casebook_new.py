"""The command that begins a casebook."""

from __future__ import annotations

from pathlib import Path

import click

from threadkit.cli.analyzing import bring_up_to_date
from threadkit.cli.options import MessageName, archive_of, console_of, global_options
from threadkit.pipeline.display import one_line


@click.command(
    epilog="""\b
threadkit casebook new 20200821234958.7896-1-peterx@redhat.com -o my-book
threadkit casebook suggest my-book
threadkit casebook check my-book"""
)
@click.argument("thread", type=MessageName())
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Write to this folder, which must be empty (one named after the subject).")  # fmt: skip
@click.option("--include-candidates", "candidates", is_flag=True,
              help="Also claims that are not sure enough to be shown.")  # fmt: skip
@click.option("--with-text", is_flag=True,
              help="Add the words of passages as comments: for private use only.")  # fmt: skip
@global_options
@click.pass_context
def new(
    ctx: click.Context, thread: str, output: Path | None, candidates: bool, with_text: bool
) -> None:
    """Begin a casebook of a conversation from what was found in it.

    THREAD is any mail of it. People, messages, questions, claims with their passages, what
    they bear on and cite are filled in; what a person has to say is 'todo': every gist above
    all, in our own words. 'casebook check DIR' lists what is left. A claim whose gist is still
    'todo' is left out of the casebook: word those that matter first, the others can wait.
    """
    from threadkit.pipeline.casebook_new import new_casebook

    console = console_of(ctx)
    bring_up_to_date(console)
    bring_up_to_date(console, arguments=True, thread=thread)
    states = ("automatic", "accepted", *(("candidate",) if candidates else ()))
    with archive_of(console) as archive:
        begun = new_casebook(archive, thread, output, with_text=with_text, states=states)
    console.write([one_line(f"{begun.folder}: {', '.join(begun.facts_in_words())}")])
    console.note(f"threadkit casebook check {begun.folder} lists what is still to be written")
    if with_text:
        console.note("the comments hold words of mail: remove them before you share the folder")

"""The command that shows what threadkit does, from nothing, in under a minute."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threadkit.cli.demo_words import COLUMNS, imported, start, wrapped
from threadkit.cli.options import archive_of, console_of, global_options
from threadkit.cli.progress import progress_line
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.casebooks import Loaded
    from threadkit.pipeline.sites.write import Built
    from threadkit.site.highlights import Highlight

CASEBOOKS = ("cow-2020", "sample")
"""What gets a site; the first is the one whose findings are told."""


@click.command()
@click.option("--tour", is_flag=True, help="The sample mail alone, at length.")
@click.option(
    "--site",
    "out",
    default="site",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the web pages go (default: site).",
)
@global_options
@click.pass_context
def demo(ctx: click.Context, tour: bool, out: Path) -> None:
    """Tell five findings of a debate, and write web pages.

    Loads what comes with threadkit, without the network: the casebook of a debate about
    copy-on-write in the Linux kernel (2020), which is facts, claims in own words, and scenarios
    that are run here, and the sample mail, a made-up debate of five dozen mails. Other mail in the database is kept, and
    running it again adds nothing.
    """
    console = replace(console_of(ctx), pager=False)  # the end is what one wants to see
    if tour:
        from threadkit.cli.demo_tour import tour as told

        told(console)
    else:
        for part in _parts(console, out):
            console.write(part)


def _parts(console: Console, out: Path) -> Iterator[Iterable[str]]:
    """Do one thing after the other, and tell of each when it is done."""
    room = console.columns or COLUMNS
    begin = start(console)
    name = CASEBOOKS[0]
    yield wrapped(_import(console), room)
    loaded = [_load(console, one) for one in CASEBOOKS]
    yield wrapped(_loaded(loaded[0]), room)
    yield wrapped(_checked(name), room)
    yield ["", console.style(f"What {name} tells first", bold=True)]
    for number, found in enumerate(_findings(console, name), 1):
        yield ["", *_finding(console, number, found, begin, room)]
    yield ["", *_pages(console, _build(console, out), out, room)]
    yield ["", *_next(console, begin, out, loaded[0].casebook.thread, room)]


def _import(console: Console) -> str:
    """Import the sample mail and find in it what there is to find."""
    from threadkit.pipeline.importing import import_mail
    from threadkit.pipeline.samples import sample_threads, samples

    report = import_mail(console.db, [str(samples())], workers=0)
    with archive_of(console) as archive:
        own = sum(len(thread.messages) for thread in sample_threads(archive))
        others = archive.stats().mails - own
        if not others:  # other mail may be much, and nobody asked for it
            archive.analyze()
    return imported(console, report, others)


def _load(console: Console, name: str) -> Loaded:
    from threadkit.pipeline.casebooks import load_casebook

    def told_as(now: tuple[int, int]) -> str:
        return f"{name}: scenarios {now[0]} of {now[1]}"

    with progress_line(console, told_as) as told:
        return load_casebook(console.db, name, tell=told)


def _loaded(one: Loaded) -> str:
    book = one.casebook
    facts = (
        counted(len(book.claims), "claim"), counted(len(book.people), "person", "people"),
        counted(len(book.messages), "message"), counted(len(book.questions), "question"),
    )  # fmt: skip
    return f"{book.name}: {', '.join(facts)}. {book.question}"


def _checked(name: str) -> str:
    """Run the model and compare it with what the casebook says."""
    from threadkit.pipeline.casebook_view import open_casebook

    found = open_casebook(name).check()
    what = "as the casebook says" if found.ok else "NOT as the casebook says"
    counts = found.summary().partition(";")[0]
    return f"Its scenarios, run in the model just now, answer {what}: claims {counts}."


def _findings(console: Console, name: str) -> list[Highlight]:
    from threadkit.site.highlights import highlights

    with archive_of(console) as archive:
        return highlights(archive.site(name).site)


def _finding(
    console: Console, number: int, found: Highlight, begin: list[str], room: int
) -> Iterator[str]:
    """Set a finding: its heading, its sentences, and the commands that show more."""
    mark = f"{number}. "
    for line in wrapped(found.title, room, mark, " " * len(mark)):
        yield console.style(line, bold=True)
    for text in found.lines:
        yield from wrapped(text, room, " " * len(mark))
    yield from _commands(console, begin, found.commands)


def _commands(
    console: Console, begin: list[str], commands: Iterable[tuple[str, ...]]
) -> Iterator[str]:
    for words in commands:  # never wrapped: they are there to be copied
        yield console.style(f"   $ {shlex.join([*begin, *words])}", dim=True)


def _build(console: Console, out: Path) -> list[Built]:
    from threadkit.pipeline.shelf import build_shelf

    def told_as(now: tuple[str, int]) -> str:
        return cut(f"{now[1]:,} files, {one_line(now[0])}", 79)

    with archive_of(console) as archive, progress_line(console, told_as) as told:
        return build_shelf(archive, out, CASEBOOKS, tell=told)


def _pages(console: Console, built: list[Built], out: Path, room: int) -> Iterator[str]:
    """Say where the pages are, and what they lack."""
    for line in wrapped(f"All of it as web pages: open {out / 'index.html'}", room):
        yield console.style(line, bold=True)
    for one in built:
        size = f"{one.size_bytes / 1e6:.1f} MB"
        text = f"{one.out}: {counted(one.pages, 'page')}, {size}"
        yield from wrapped(text, room, "   ")
        for lacking in one.left_out:
            yield from wrapped(f"left out: {lacking}", room, "     ", "       ")


def _next(console: Console, begin: list[str], out: Path, thread: str, room: int) -> Iterator[str]:
    """Propose what else there is: each a remark, and a command to copy."""
    yield console.style("Try next", bold=True)
    for remark, words in (
        ("the pages from a server, on this computer only", ("site", "serve", str(out))),
        ("the sample mail at length", ("demo", "--tour")),
        ("the mails of the debate, from lore (needs the network)", ("fetch", thread)),
        ("an archive of your own: mbox, Maildir, .eml, public-inbox", ("import", "PATH")),
    ):
        for line in wrapped(remark, room, "   # "):
            yield console.style(line, dim=True)
        yield from _commands(console, begin, [words])

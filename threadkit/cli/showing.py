"""The command that shows one mail, one conversation, one claim or one commit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

import click

from threadkit.cli.formats import envelope
from threadkit.cli.options import MessageName, archive_of, console_of, global_options
from threadkit.cli.showing_claims import is_claim_name, show_claim
from threadkit.errors import NotFound
from threadkit.pipeline.commit import is_hash
from threadkit.pipeline.display import cut, one_line, printable
from threadkit.pipeline.tree import Style

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.mail.block import Block
    from threadkit.pipeline.commit import CommitView
    from threadkit.pipeline.message import Message
    from threadkit.pipeline.thread import Thread
    from threadkit.store.values import StoredQuote

_WHOLE = frozenset({"diff", "diffstat", "scissors", "trailers"})
_QUOTE_COLORS = ("cyan", "green", "magenta", "yellow")
_EXCERPT = 60


@click.command()
@click.argument("name", metavar="ID", type=MessageName())
@click.option("--tree", is_flag=True, help="The whole conversation, one line a mail.")
@click.option(
    "--style",
    type=click.Choice(get_args(Style)),
    default="heavy",
    help="Of the tree: heavy indents side discussions only, lore every answer.",
)
@click.option("--raw", is_flag=True, help="The mail as received, byte for byte.")
@click.option("--quotes", is_flag=True, help="Where each quoted passage comes from.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option(
    "--width", type=click.IntRange(min=20), metavar="N", help="Fold text, cut tree rows at N."
)
@global_options
@click.pass_context
def show(
    ctx: click.Context,
    name: str,
    tree: bool,
    style: Style,
    raw: bool,
    quotes: bool,
    as_json: bool,
    width: int | None,
) -> None:
    """Show a mail, a claim, a commit or, with --tree, a conversation.

    ID is a Message-ID, any beginning of one that fits a single mail, the URL of a mail
    on lore.kernel.org or any other public-inbox, # and a row number, the name of a claim
    (c6), or the hash of a commit that was fetched.
    """
    if tree + raw + quotes > 1:
        raise click.UsageError("--tree, --raw and --quotes exclude one another")
    console = console_of(ctx)
    if not (tree or raw or quotes) and show_claim(console, name, as_json=as_json):
        return
    with archive_of(console) as archive:
        try:
            message = archive.message(name)
        except NotFound:
            if is_claim_name(name) and not is_hash(name):
                raise NotFound(name, what="claim or message") from None
            if tree or quotes or not is_hash(name):
                raise
            _show_commit(console, archive.commit(name), raw, as_json)
            return
        if raw:
            _write_raw(console, message.raw)
        elif as_json:
            facts = _thread_facts(message.thread) if tree else _message_facts(message)
            console.write([envelope(console, facts)])
        elif tree:
            console.write(_tree_lines(console, message, style, width or console.columns))
        elif quotes:
            console.write(_quote_lines(message))
        else:
            console.write(_message_lines(console, message, width))


def _show_commit(console: Console, view: CommitView, raw: bool, as_json: bool) -> None:
    """Write a commit; ``raw`` is the object that git hashes."""
    from threadkit.cli.showing_commits import commit_facts, commit_lines

    if raw:
        if view.raw is None:
            raise click.UsageError(f"the object of {view.sha[:12]} is not here, only what it says")
        _write_raw(console, view.raw)
    elif as_json:
        console.write([envelope(console, commit_facts(view))])
    else:
        console.write(commit_lines(console, view))


def _write_raw(console: Console, data: bytes) -> None:
    """Write the bytes; a terminal gets them with control characters shown."""
    if not console.tty:
        console.write_bytes(data)
        return
    text = data.decode("utf-8", "backslashreplace")
    console.write(printable(line.rstrip("\r")) for line in text.split("\n"))


def _tree_lines(
    console: Console, message: Message, style: Style, width: int | None
) -> Iterator[str]:
    thread = message.thread
    for line, look in ((one_line(thread.subject), "bold"), (thread.summary(), "dim")):
        yield console.style(cut(line, width) if width else line, **{look: True})
    yield from thread.tree(style, columns=width, here=message, ascii_only=console.plain_ascii)


def _message_lines(console: Console, message: Message, width: int | None) -> Iterator[str]:
    """Set a mail for reading: what matters of its header, then its text."""
    if message.ghost:
        yield f"{one_line(message.message_id)}: referenced by others, never seen"
    for name, value in _header(message):
        yield f"{console.style(name + ':', bold=True)} {one_line(value)}"
    if message.ghost:
        return
    yield ""
    for block in message.blocks:
        text = message.body[block.start : block.stop]
        for line in text.removesuffix("\n").split("\n"):
            for folded in _folded(printable(line), block, width):
                yield _colored(console, folded, block)


def _header(message: Message) -> Iterator[tuple[str, str]]:
    """Choose the lines above the text."""
    if not message.ghost:
        name = f"{message.from_name} <{message.from_email}>"
        yield "From", name if message.from_name else message.from_email
        for kind in ("to", "cc"):
            found = [a.name or a.email for k, a in message.recipients if k == kind]
            if found:
                yield kind.title(), ", ".join(found)
        yield "Subject", message.subject
        yield "Date", message.shown_utc.replace("T", " ").replace("Z", " UTC") or "unknown"
        yield "Message-ID", f"<{message.message_id}>"
    if message.parent:
        yield "Answers", f"<{message.parent}> ({message.parent_rule})"
    thread = message.thread
    yield "Thread", f"{thread.summary()} (--tree)"
    if message.imposter:
        yield "Imposter", "another mail has the same Message-ID"
    lists = [copy.list_id for copy in message.copies if copy.list_id]
    if lists:
        yield "Lists", ", ".join(dict.fromkeys(lists))
    for file in message.attachments:
        yield "Attached", f"{file.filename} ({file.content_type}, {file.size_bytes} bytes)"
    for defect in message.defects:
        yield "Defect", f"{defect.kind}: {defect.detail}" if defect.detail else defect.kind


def _folded(line: str, block: Block, width: int | None) -> list[str]:
    """Fold one line at a width, with its quote marks on every part; never a patch."""
    if width is None or len(line) <= width or block.kind in _WHOLE:
        return [line]
    marks = line[: len(line) - len(line.lstrip("> "))] if block.kind == "quote" else ""
    room = max(20, width - len(marks))
    return [marks + part for part in textwrap.wrap(line[len(marks) :], room)] or [line]


def _colored(console: Console, line: str, block: Block) -> str:
    if block.kind == "quote":
        return console.style(line, fg=_QUOTE_COLORS[max(block.depth, 1) % len(_QUOTE_COLORS) - 1])
    if block.kind == "diff" and line[:1] in ("+", "-", "@"):
        return console.style(line, fg={"+": "green", "-": "red", "@": "cyan"}[line[0]])
    if block.kind in ("attribution", "signature", "footer", "snip", "scissors"):
        return console.style(line, dim=True)
    return line


def _quote_lines(message: Message) -> Iterator[str]:
    """Say of each quoted passage where it comes from."""
    for quote in message.quotes:
        words = _excerpt(message, quote)
        if quote.source is None:
            yield f"{quote.start}-{quote.stop}  {quote.method}  {words}"
            continue
        source = f"{quote.source_start}-{quote.source_stop} of <{one_line(quote.source)}>"
        yield f"{quote.start}-{quote.stop}  {quote.method} {quote.score:.2f}  {words}"
        yield f"    {source}"


def _excerpt(message: Message, quote: StoredQuote) -> str:
    text = " ".join(message.body[quote.start : quote.stop].split())
    return one_line(text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…")


def _message_facts(message: Message) -> dict[str, object]:
    """Give everything known of a mail as JSON can hold it."""
    from dataclasses import asdict

    return {
        **message.facts(),
        "to": [_address(a.name, a.email) for kind, a in message.recipients if kind == "to"],
        "cc": [_address(a.name, a.email) for kind, a in message.recipients if kind == "cc"],
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "body": message.body,
        "blocks": [block._asdict() for block in message.blocks],
        "quotes": [asdict(quote) for quote in message.quotes],
        "trailers": [asdict(trailer) for trailer in message.trailers],
        "citations": [asdict(citation) for citation in message.citations],
        "attachments": [asdict(file) for file in message.attachments],
        "copies": [asdict(copy) for copy in message.copies],
        "defects": [asdict(defect) for defect in message.defects],
    }


def _thread_facts(thread: Thread) -> dict[str, object]:
    """Give a conversation in reading order as JSON can hold it."""
    return {
        **thread.facts(),
        "rows": [{"depth": depth, **message.facts()} for depth, message in thread.rows],
        "overview": [
            {
                "position": row.position,
                "depth": row.depth,
                "date_utc": row.date_utc,
                "author": row.author,
                "subject": row.subject,
                "message_id": row.message_id,
                "here": row.message is not None,
            }
            for row in thread.overview
        ],
    }


def _address(name: str, email: str) -> str:
    """Write an address as ``Name <email>``."""
    return f"{name} <{email}>" if name else email

"""The tour of the sample mail: every kind of finding once."""

from __future__ import annotations

import shlex
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from threadkit.cli.demo_words import imported, start, wrapped
from threadkit.cli.options import archive_of

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.message import Message
    from threadkit.pipeline.report import ImportReport
    from threadkit.pipeline.thread import Thread
    from threadkit.store.values import StoredQuote

COLUMNS = 80
_LABEL = 14

ARGUMENT = "wake-1@example.org"
"""A mail of the sample conversation that shows who says what."""

TRIES: Sequence[tuple[str, Sequence[str]]] = (
    ("one mail, and where each passage that it quotes comes from", ("show", "{quoting}")),
    ("", ("show", "--quotes", "{quoting}")),
    ("words, people and dates, as on lore.kernel.org", ("search", "f:bo device OR nq:pin*")),
    ("people, their addresses, and why these are one", ("people", "-t")),
    ("what broke, since which commit, by which fix; and who had said so", ("regressions",)),
    ("", ("regressions", "--chains")),
    ("", ("regressions", "--predictions", "-t")),
    ("who says what; one claim in its place; what was never answered", ("claims", ARGUMENT)),
    ("", ("show", "c1")),
    ("", ("claims", "--unanswered")),
    ("who stands where, what was asked, what was settled", ("positions", ARGUMENT)),
    ("", ("questions",)),
    ("", ("decisions",)),
    (
        "what stands if all attacks count; and the map for another tool",
        ("claims", ARGUMENT, "--acceptability"),
    ),
    ("", ("claims", ARGUMENT, "--export", "argdown")),
    ("the commits that mails speak of, and what became of patches", ("commits", "-t")),
    ("", ("series",)),
    ("any question in SQL", ("query", "SELECT kind, count(*) FROM citation GROUP BY kind")),
    ("", ("query", "--nl", "SELECT name, value FROM trailer WHERE followup")),
    ("a proof that the database holds together", ("verify",)),
)
"""What the demo proposes: a remark, and the words behind the program's name."""


def tour(console: Console) -> None:
    """Import the sample mail, and tell at length what was found in it.

    Parameters
    ----------
    console : Console
        Where to, and the database.
    """
    from threadkit.pipeline.importing import import_mail
    from threadkit.pipeline.samples import sample_threads, samples

    report = import_mail(console.db, [str(samples())], workers=0)
    with archive_of(console) as archive:
        threads = sample_threads(archive)
        console.write(_lines(console, archive, threads, report))


def _lines(
    console: Console, archive: Archive, threads: Sequence[Thread], report: ImportReport
) -> Iterator[str]:
    """Tell the whole story."""
    from threadkit.cli.demo_argument import argument
    from threadkit.cli.demo_evidence import evidence

    room = console.columns or COLUMNS
    mails = [message for thread in threads for message in thread.messages]
    others = archive.stats().mails - len(mails)
    yield from wrapped(imported(console, report, others), room)
    yield ""
    yield console.style(f"The longest of {len(threads)} conversations", bold=True)
    yield from threads[0].tree(columns=room, ascii_only=console.plain_ascii)
    yield ""
    yield console.style("What belongs together, and what does not", bold=True)
    for label, text in _belonging(archive, threads, mails):
        yield from _entry(label, text, room)
    yield ""
    yield console.style("Where quoted words come from", bold=True)
    yield from _quotes(archive, mails, room)
    yield ""
    yield console.style("Trailers given in answer to a patch", bold=True)
    for mail in mails:
        for trailer in mail.trailers:
            if trailer.followup:
                yield from _entry(trailer.name, f"{trailer.value} in <{mail.message_id}>", room)
    yield ""
    if not others and archive.analyze():  # other mail may be much, and nobody asked for it
        yield console.style("What broke, and who had said so", bold=True)
        yield from evidence(archive, (mail.message_id for mail in mails), room)
        yield ""
        yield console.style("Who says what", bold=True)
        yield from argument(console, archive, ARGUMENT, room)
        yield ""
    yield console.style("What is broken, and kept all the same", bold=True)
    broken = dict(_defects(mails))
    for kind, text in broken.items():
        yield from _entry(kind, text, room, max(map(len, broken)) + 2)
    yield ""
    yield console.style("Try next", bold=True)
    yield from _next(console, _showcase(mails)[0])


def _belonging(
    archive: Archive, threads: Sequence[Thread], mails: Sequence[Message]
) -> Iterator[tuple[str, str]]:
    """Name people with several addresses, ghosts, copies, imposters, loose matches, loops."""
    from threadkit.graph.replies import RULES

    yield from _people(archive, {mail.stored.person_id for mail in mails})
    for ghost in (ghost for thread in threads for ghost in thread.ghosts):
        by = next(mail for mail in mails if mail.parent == ghost.message_id)
        yield "ghost", f"<{ghost.message_id}> is answered by {_named(by)}, and nobody has it"
    for mail in mails:
        lists = [copy.list_id or copy.source for copy in mail.copies]
        if len(lists) > 1:
            came = " and ".join(dict.fromkeys(lists))
            yield "copy", f"<{mail.message_id}> came through {came}; it counts once"
        if mail.imposter:
            what = f'<{mail.message_id}> also stands on another mail, "{mail.subject}"'
            yield "imposter", f"{what} by {mail.author}; both are kept"
        if mail.parent_rule == "subject":
            yield "loose match", f"{_named(mail)} names no parent; only its subject fits"
        if mail.parent_rule == "loop":
            yield "loop", f"<{mail.message_id}>: {RULES['loop']}"


def _people(archive: Archive, ids: set[int | None]) -> Iterator[tuple[str, str]]:
    """Name who writes from several addresses, and why that is known."""
    from threadkit.graph.people import RULES

    for one in archive.people():
        if one.id in ids and one.merges:
            emails = " and ".join(name.split("<")[-1].rstrip(">") for name in one.addresses)
            rules = dict.fromkeys(merge.rpartition(">: ")[2].split(" (")[0] for merge in one.merges)
            why = "; ".join(RULES.get(rule, rule) for rule in rules)
            yield "one person", f"{one.name} is {emails}: {why}"


def _named(mail: Message) -> str:
    """Name a mail by its writer and time."""
    return f"{mail.author}'s mail of {mail.shown_utc[:16].replace('T', ' ')}"


def _showcase(mails: Iterable[Message]) -> tuple[Message, StoredQuote]:
    """Choose the passage that was hardest to find."""
    found = [(mail, q) for mail in mails for q in mail.quotes if q.source is not None]
    return next((pair for pair in found if pair[1].method != "verbatim"), found[0])


def _quotes(archive: Archive, mails: Sequence[Message], room: int) -> Iterator[str]:
    """Count the passages by method, and show one beside its source."""
    from threadkit.analyze.quotes import METHODS

    for method, count in Counter(q.method for mail in mails for q in mail.quotes).most_common():
        yield from _entry(f"{count} {method.removeprefix('not-found:')}", METHODS[method], room)
    mail, quote = _showcase(mails)
    assert quote.source is not None  # a showcase has one
    source = archive.message(quote.source)
    words = source.body[quote.source_start : quote.source_stop]
    answer = next((b for b in mail.blocks[quote.block + 1 :] if b.kind == "reply"), None)
    yield ""
    place = f"{mail.author} quotes, at {quote.start} to {quote.stop} of <{mail.message_id}>"
    line = mail.body.rfind("\n", 0, quote.start) + 1
    yield from _passage(place, mail.body[line : quote.stop], room)
    place = f"{quote.source_start} to {quote.source_stop} of <{quote.source}>"
    yield from _passage(f"what {source.author} wrote, at {place}", words, room)
    if answer:
        text = mail.body[answer.start : answer.stop].strip()
        yield from _passage("and answers", text.split("\n\n")[0], room)


def _passage(label: str, text: str, room: int) -> Iterator[str]:
    """Set a passage below what it is, line by line as it was written."""
    from threadkit.pipeline.display import cut, printable

    yield from _entry("", f"{label}:", room)
    for line in printable(text).split("\n"):
        yield cut(f"    | {line}", room)


def _defects(mails: Sequence[Message]) -> Iterator[tuple[str, str]]:
    """Say in plain words what is wrong with how many mails."""
    from threadkit.mail.defects import DEFECT_KINDS

    found = Counter(one.kind for mail in mails for one in mail.defects)
    words = {one.kind: one.detail for mail in mails for one in mail.defects} | DEFECT_KINDS
    for kind in sorted(found):
        times = f" ({found[kind]} times)" if found[kind] > 1 else ""
        yield kind, words[kind] + times


def _next(console: Console, quoting: Message) -> Iterator[str]:
    """Propose commands that work when they are copied into this shell."""
    begin = start(console)
    for remark, words in TRIES:
        if remark:
            yield console.style(f"  # {remark}", dim=True)
        words = [word.format(quoting=quoting.message_id) for word in words]
        yield f"  {shlex.join([*begin, *words])}"
    yield console.style("  # your own mail: mbox, Maildir, MH, .eml, public-inbox, lore", dim=True)
    yield f"  {shlex.join([*begin, 'import'])} PATH..."


def _entry(label: str, text: str, room: int, label_columns: int = _LABEL) -> list[str]:
    """Set a label and its text, wrapped beside it."""
    from threadkit.pipeline.display import one_line

    first = f"  {label:{label_columns}}" if label else "  "
    return textwrap.wrap(
        one_line(text),
        room,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
    )

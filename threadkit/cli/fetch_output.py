"""How results of a fetch are written: as they come, and what is left to say at the end."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from threadkit.cli.console import Console, stderr_columns, warn
from threadkit.cli.formats import dump, envelope
from threadkit.cli.progress import StatusLine, status_line
from threadkit.errors import NotOnServer
from threadkit.pipeline.display import counted, cut, one_line

if TYPE_CHECKING:
    from threadkit.pipeline.fetch_report import FetchProgress, FetchReport, FetchResult

_SHOWN = 10
"""Lines of what was not followed; all of it is in ``--nl`` and in ``--status``."""


class Printer:
    """Prints results as they come, and what is left to say at the end."""

    def __init__(self, console: Console, form: str | None, clear: Callable[[], None]) -> None:
        self._console = console
        self._form = form
        self._clear = clear

    def show(self, result: FetchResult) -> None:
        """Print one result, at once, so that a pipe gets it while the rest is fetched.

        Parameters
        ----------
        result : FetchResult
            A thread, a commit, or something that was not followed.
        """
        if self._form == "json":
            return
        self._clear()
        if self._form == "nl":
            click.echo(dump(self._console, result.facts()))
            sys.stdout.flush()
            return
        line = _line(result, self._console.columns)
        if line:
            click.echo(line)
            sys.stdout.flush()

    def finish(self, report: FetchReport) -> None:
        """Say what went wrong and what was left alone.

        Parameters
        ----------
        report : FetchReport
            Of the whole run.
        """
        if self._form == "json":
            self._console.write([envelope(self._console, _facts(report))])
        for line in _errors(report):
            warn(line)
        if self._form is None:
            for line in _not_followed(report):
                self._console.note(line)
            for line in _summary(report):
                self._console.note(line)


def _facts(report: FetchReport) -> dict[str, object]:
    return {
        "threads": [one.facts() for one in report.threads],
        "searches": [one.facts() for one in report.searches],
        "commits": [one.facts() for one in report.commits],
        "refreshed": [one.facts() for one in report.refreshed],
        "not_followed": [one.facts() for one in report.not_followed],
        "beyond": dict(report.beyond),
        "errors": [str(error) for error in report.errors],
        "added": report.added,
        "seconds": round(report.seconds, 3),
    }


def _errors(report: FetchReport) -> Iterator[str]:
    """Say each reason once, however many things it kept from coming."""
    alike: dict[tuple[type, str], list[str]] = {}
    for error in report.errors:
        key = str(error) if isinstance(error, NotOnServer) else getattr(error, "why", "")
        alike.setdefault((type(error), key), []).append(str(error))
    for texts in alike.values():
        more = f" (and {len(texts) - 1} more like this)" if len(texts) > 1 else ""
        yield texts[0] + more


def _line(result: FetchResult, columns: int | None) -> str:
    """Write one result on one line: cut for a terminal, TAB-separated in a pipe."""
    if result.kind == "not-followed":
        return ""
    facts = {name: str(value) for name, value in result.facts().items()}
    if result.kind == "commit":
        keys: tuple[str, ...] = ("sha", "state", "release", "mainline", "subject")
    else:
        keys = ("root", "state", "messages", "added", "subject")
    if columns is None:
        cells = [facts.get(key, "") for key in keys]
        cells[0] = cells[0] or facts["name"]
        cells[-1] = cells[-1] or facts["why"]
        return "\t".join(one_line(cell) for cell in cells)
    shown = _commit_line(facts) if result.kind == "commit" else _thread_line(facts)
    return cut(one_line(shown), columns)


def _thread_line(facts: dict[str, str]) -> str:
    """Set a thread or a search for a terminal."""
    if not facts.get("root"):
        return f"{facts['state']:7} {facts['name']}"
    mails = counted(int(facts["messages"]), "mail")
    return (
        f"{facts['state']:7} {mails:>9} {'+' + facts['added']:>6}  {facts['subject']}"
        f"  <{facts['root']}>{'  ' + facts['why'] if facts['why'] else ''}"
    )


def _commit_line(facts: dict[str, str]) -> str:
    """Set a commit for a terminal; what mainline was held against belongs to the answer."""
    if facts["state"] != "found":
        return f"commit  {(facts['sha'] or facts['name'])[:12]}  {facts['state']}  {facts['why']}"
    against = facts.get("checked_against", "")
    mainline = {
        "yes": "mainline",
        "no": f"not in {against}" if against else "not in mainline",
    }.get(facts["mainline"], "mainline not checked")
    where = ", ".join(filter(None, (facts["release"], mainline)))
    return f"commit  {facts['sha'][:12]}  {facts['subject']}  ({where})"


def _not_followed(report: FetchReport) -> Iterator[str]:
    """Name what was left alone, the first few one by one."""
    for one in report.not_followed[:_SHOWN]:
        by = f", cited by {one.cited_by}" if one.cited_by else ""
        yield f"not followed: {one.what} {one.name}: {one.why}{by}"
    more = len(report.not_followed) - _SHOWN
    if more > 0:
        yield f"not followed: {more} more; --nl lists them all"


def _summary(report: FetchReport) -> Iterator[str]:
    """Count what was done."""
    for thread in report.threads:
        if thread.absent:
            yield (
                f"{thread.root}: the server's overview lists {counted(len(thread.absent), 'mail')}"
                f" that its mailbox lacks: {' '.join(thread.absent[:3])}"
            )
    for thread in report.threads:
        if thread.differing:
            yield (
                f"{thread.root}: {counted(thread.differing, 'mail')} hang elsewhere"
                " in the server's overview"
            )
    further = [counted(number, kind) for kind, number in report.beyond.items() if number]
    if further:
        is_plural = sum(report.beyond.values()) > 1
        yield (
            f"{' and '.join(further)} {'are' if is_plural else 'is'} cited further on;"
            " --with-cited=DEPTH follows"
        )
    parts = []
    here = sum(thread.messages > 0 for thread in report.threads)
    if here:
        parts.append(f"{counted(here, 'thread')}, {counted(report.added, 'mail')} added")
    states = Counter(thread.state for thread in report.threads if not thread.messages)
    states.update(search.state for search in report.searches)
    parts += [f"{number} {state}" for state, number in states.items()]
    if report.commits:
        found = sum(one.state == "found" for one in report.commits)
        parts.append(f"{found} of {counted(len(report.commits), 'commit')} found")
    if report.refreshed:
        parts.append(f"{counted(len(report.refreshed), 'commit')} known better")
    if parts or not report.errors:
        yield f"{'; '.join(parts) or 'nothing to fetch'} ({report.seconds:.1f} s)"


@contextmanager
def fetch_progress(
    console: Console,
) -> Iterator[tuple[StatusLine, Callable[[FetchProgress], None]]]:
    """Keep one line on stderr up to date, and take it away at the end."""
    with status_line(console) as line:

        def tell(now: FetchProgress) -> None:
            """Draw the line anew; a wait is told once, and drawn."""
            if line.is_due() or (line.watched and not now.mails):
                line.draw(_progress(now))

        yield line, tell


def _progress(now: FetchProgress) -> str:
    share = f"{now.done} of {now.known}  " if now.known > 1 else ""
    mails = f"  {counted(now.mails, 'mail')}" if now.mails else ""
    room = max(10, stderr_columns() - 1 - len(share) - len(mails))
    return f"{share}{cut(one_line(now.what), room)}{mails}"

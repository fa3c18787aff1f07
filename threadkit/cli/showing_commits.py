"""A commit set for reading, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from threadkit.pipeline.display import one_line, printable

if TYPE_CHECKING:
    from threadkit.cli.console import Console
    from threadkit.commits.values import Signature
    from threadkit.pipeline.commit import CommitView

_MAINLINE = {"yes": "in mainline", "no": "not in mainline", "not checked": "mainline not checked"}


def commit_lines(console: Console, view: CommitView) -> Iterator[str]:
    """Set a commit for reading: what matters of it, its message, its files, who cites it.

    Parameters
    ----------
    console : Console
        For its colours.
    view : CommitView
        The commit.

    Yields
    ------
    str
        Lines without ends.
    """
    stored = view.stored
    commit = stored.commit
    yield console.style(f"commit {commit.sha}", fg="yellow")
    against = f" ({stored.checked_against})" if stored.checked_against else ""
    where = _MAINLINE[stored.mainline] + against
    header = [
        ("Author", _signed(commit.author)),
        ("Committer", _signed(commit.committer)),
        ("Merge", " ".join(sha[:12] for sha in commit.parents) if len(commit.parents) > 1 else ""),
        ("Release", f"{stored.release}, {where}" if stored.release else where),
        ("From", f"{stored.origin}, {stored.resolved_utc}"),
    ]
    for name, value in header:
        if value:
            yield f"{console.style(name + ':', bold=True)} {one_line(value)}"
    yield ""
    yield f"    {one_line(commit.subject)}"
    if commit.body:
        yield ""
        yield from (f"    {printable(line)}".rstrip() for line in commit.body.split("\n"))
    if stored.files:
        yield ""
        yield from (f" {one_line(path)}  +{added} -{gone}" for path, added, gone in stored.files)
    cited = view.citers
    if cited:
        yield ""
        yield console.style("Cited by", bold=True)
        for one in cited:
            day = (one.date_utc or "")[:10]
            yield one_line(f" {day}  {one.person}  <{one.message_id}>{_other(one.title, view)}")


def _signed(signature: Signature) -> str:
    when = (signature.date_utc or "no date").replace("T", " ").replace("Z", " UTC")
    return f"{signature.name} <{signature.email}>  {when}"


def _other(title: str, view: CommitView) -> str:
    """Say so where a mail gives a commit another title than it has."""
    if not title or "".join(title.split()) == "".join(view.subject.split()):
        return ""
    return f"  as {title!r}"


def commit_facts(view: CommitView) -> dict[str, object]:
    """Give a commit as JSON can hold it.

    Parameters
    ----------
    view : CommitView
        The commit.

    Returns
    -------
    dict
        Its fields, files, trailers and citers.
    """
    facts = asdict(view.stored)
    commit = facts.pop("commit")
    del commit["raw"]
    return {**commit, **facts, "cited_by": [asdict(one) for one in view.citers]}

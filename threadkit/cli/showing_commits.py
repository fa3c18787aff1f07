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
    from threadkit.store.citers import Citer

_MAILS = {"becomes": "made from", "discusses": "discussed in", "candidate": "could be made from"}
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
        if value.strip():
            yield f"{console.style(name + ':', bold=True)} {one_line(value)}"
    yield ""
    yield f"    {one_line(commit.subject)}"
    if commit.body:
        yield ""
        yield from (f"    {printable(line)}".rstrip() for line in commit.body.split("\n"))
    if stored.files:
        yield ""
        yield from (f" {one_line(path)}  +{added} -{gone}" for path, added, gone in stored.files)
    for title, lines in (
        ("Other commits", _relatives(view)),
        ("Regressions", _regressions(view)),
        ("Mails", _mails(view)),
        ("Cited by", _cited(view)),
    ):
        if lines:
            yield ""
            yield console.style(title, bold=True)
            yield from (one_line(f" {line}") for line in lines)


def _relatives(view: CommitView) -> list[str]:
    return [
        f"{one.kind} {one.sha[:12] or one.written}  {one.subject}".rstrip()
        for one in view.relatives
    ]


def _regressions(view: CommitView) -> list[str]:
    return [f"{one.part}: {one.title} ({one.state})  <{one.key}>" for one in view.regressions]


def _mails(view: CommitView) -> list[str]:
    return [
        f"{_MAILS.get(one.kind, one.kind)} <{one.message_id}>  ({one.rule}, {one.score:.2f})"
        for one in view.mails
    ]


def _cited(view: CommitView) -> list[str]:
    """List the citing mails once each, with the titles that are not the commit's."""
    places: dict[str, list[Citer]] = {}
    for one in view.citers:
        places.setdefault(one.message_id, []).append(one)
    lines = []
    for some in places.values():
        one = some[0]
        times = f"  {len(some)} times" if len(some) > 1 else ""
        others = "".join(dict.fromkeys(_other(each.title, view) for each in some))
        day = (one.date_utc or "")[:10]
        lines.append(f"{day}  {one.person}  <{one.message_id}>{times}{others}")
    return lines


def _signed(signature: Signature) -> str:
    if not (signature.name or signature.email or signature.date_utc):
        return ""
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
        Its fields, files, trailers, relatives, regressions, mails and citers.
    """
    facts = asdict(view.stored)
    commit = facts.pop("commit")
    del commit["raw"]
    return {
        **commit,
        **facts,
        "relatives": [asdict(one) for one in view.relatives],
        "regressions": [asdict(one) for one in view.regressions],
        "mails": [asdict(one) for one in view.mails],
        "cited_by": [asdict(one) for one in view.citers],
    }

"""Histories of series, made up: every posting knows the series and revision that it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from threadkit.analyze.series.values import Earlier, Posting

PEOPLE = ("Ann Example", "Bob Sample", "Cy Specimen")
START = datetime(2020, 9, 1, 9, 0, tzinfo=UTC)

Shape = Literal["cover", "chain", "loose"]
Tie = Literal["change-id", "link", "reply", "titles"]


@dataclass(frozen=True)
class Plan:
    """How one series was posted.

    ``sizes`` are the patches of each revision. ``shape``: patches answer the cover letter,
    or each the one before it, or nothing at all. ``tie`` is what leads from a revision to
    the one before; with ``renamed`` all else changes from revision to revision.
    """

    person: int
    sizes: tuple[int, ...]
    shape: Shape = "cover"
    tie: Tie = "titles"
    renamed: bool = False
    rfc: bool = False
    days: int = 0


@dataclass(frozen=True)
class Made:
    """A posting, and the series and revision (from 0) that it was made for."""

    posting: Posting
    series: int
    revision: int


def posting(
    number: int,
    subject: str,
    *,
    utc: str = "2020-09-01T09:00:00Z",
    person: int = 0,
    name: str = "",
    parent: str = "",
    above: str | None = None,
    root: str = "",
    change_id: str = "",
    patch_id: str = "",
    files: Sequence[str] = (),
    cites: Sequence[Earlier] = (),
) -> Posting:
    """Return one posting by a generated person."""
    who = PEOPLE[person]
    message_id = name or f"{number}@example.org"
    return Posting(
        message=number, message_id=message_id, subject=subject, utc=utc, author=who,
        email=who.split()[0].lower() + "@example.org", person=str(person + 1), parent=parent,
        above=parent if above is None else above, root=root or message_id,
        change_id=change_id, patch_id=patch_id, files=frozenset(files), cites=tuple(cites),
    )  # fmt: skip


def expand(plan: Plan, series: int) -> list[Made]:
    """Make the postings of one series, oldest first."""
    made: list[Made] = []
    first_id = before_id = root = ""
    for revision, size in enumerate(plan.sizes):
        word = f"topic{series}x{revision}" if plan.renamed else f"topic{series}"
        is_rfc = plan.rfc and revision == 0
        number = revision + (not plan.rfc) if revision else 1
        bracket = ("RFC " if is_rfc else "") + "PATCH" + (f" v{number}" if number > 1 else "")
        stem = f"{20200901 + revision}.{series + 1}"
        at = START + timedelta(days=plan.days + revision * 3, hours=series % 20)
        has_cover = plan.shape == "cover" and size > 1
        counters = range(0 if has_cover else 1, size + 1)
        head_id = ""
        for counter in counters:
            message_id = (
                f"{stem}-{counter + 1}-{PEOPLE[plan.person].split()[0].lower()}@example.org"
            )
            head = not head_id
            if plan.tie == "reply" and head:
                parent = before_id
            elif head or plan.shape == "loose":
                parent = ""
            elif plan.shape == "chain":
                parent = made[-1].posting.message_id
            else:
                parent = head_id
            head_id = head_id or message_id
            if head and not parent:
                root = message_id
            count = f" {counter}/{size}" if size > 1 else ""
            title = f"{word}: reuse a page" if not counter else f"{word}: part number {counter}"
            cites = ()
            if plan.tie == "link" and head and before_id:
                cites = (Earlier(before_id, 0 if plan.rfc else number - 1),)
            one = posting(
                series * 1000 + revision * 50 + counter,
                f"[{bracket}{count}] {title}",
                utc=(at + timedelta(seconds=counter)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                person=plan.person, name=message_id, parent=parent,
                root=root if parent else message_id,
                change_id=f"2020-{series}" if plan.tie == "change-id" and head else "",
                files=() if not counter else (f"mm/{word}.c", "mm/memory.c"),
                cites=cites,
            )  # fmt: skip
            made.append(Made(one, series, revision))
        before_id = head_id
        first_id = first_id or head_id
    return made


def groups(made: Sequence[Made]) -> dict[int, list[set[int]]]:
    """Return by series the mails of each revision, as the plan had it."""
    found: dict[int, list[set[int]]] = {}
    for one in made:
        revisions = found.setdefault(one.series, [])
        while len(revisions) <= one.revision:
            revisions.append(set())
        revisions[one.revision].add(one.posting.message)
    return found

"""Why a line is as it is: its commit, the discussion of that, the objections raised there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from threadkit.analyze.objections import Objection
    from threadkit.fetch.clone.blame import BlamedLine
    from threadkit.fetch.clone.clone import Clone
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.discussion import Discussion

ELSEWHERE = 0.7
"""Of the score of an objection that answers neither the patch nor its cover letter."""

_CONSENT = frozenset({"acked-by", "reviewed-by", "tested-by"})
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Raised:
    """An objection in the discussion of a commit.

    Attributes
    ----------
    objection : Objection
        The passage; its score is lower where it answers something else.
    answers_patch : bool
        Whether it stands below a mail that has to do with the commit.
    later : str
        Message-ID of a later mail in which its author consents (``Acked-by:`` and the
        like); empty if there is none.
    """

    objection: Objection
    answers_patch: bool
    later: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One commit behind the lines that were asked for, with its discussion."""

    lines: tuple[BlamedLine, ...]
    discussion: Discussion
    objections: tuple[Raised, ...]

    def as_json(self) -> dict[str, object]:
        """Return everything, as JSON can hold it.

        Returns
        -------
        dict
            Lines, discussion, objections.
        """
        return {
            "lines": [asdict(one) for one in self.lines],
            "discussion": self.discussion.as_json(),
            "objections": [
                {**asdict(one.objection), "answers_patch": one.answers_patch, "later": one.later}
                for one in self.objections
            ],
        }


def why(archive: Archive, clone: Path, place: str, *, revision: str = "HEAD") -> list[Reason]:
    """Find out why some lines are as they are.

    Parameters
    ----------
    archive : Archive
        The mails; commits that are not in its database yet are kept there.
    clone : Path
        A local repository.
    place : str
        ``FILE:LINE`` or ``FILE:FIRST-LAST``.
    revision : str
        Where to look at the file.

    Returns
    -------
    list of Reason
        One a commit, in the order of the lines.

    Raises
    ------
    NotFound
        There is no such file, line or revision.
    SourceError
        The place cannot be understood, or the clone cannot be read.
    StoreError
        The database cannot be read, or has to be written and cannot.
    """
    from threadkit.fetch.clone.blame import parse_place
    from threadkit.fetch.clone.clone import Clone

    path, first, last = parse_place(place)
    repository = Clone(clone)
    by_sha: dict[str, list[BlamedLine]] = {}
    for line in repository.blame(path, first, last, revision):
        by_sha.setdefault(line.sha, []).append(line)
    _bring(archive, repository, list(by_sha))
    found = []
    for sha, lines in by_sha.items():
        discussion = archive.discussion(sha)
        raised = objections_to(archive.connection, discussion)
        found.append(Reason(tuple(lines), discussion, tuple(raised)))
    return found


def _bring(archive: Archive, repository: Clone, shas: Sequence[str]) -> None:
    """Keep the commits that are not here, and link them with their mails."""
    from threadkit.pipeline.analysis import analyze
    from threadkit.store.commits import CommitStore
    from threadkit.store.connection import open_write, translate
    from threadkit.store.transaction import transaction

    store = CommitStore(archive.connection)
    new = [sha for sha in shas if store.get(sha) is None]
    if not new:
        return
    archive.close()
    now_utc = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with (
        translate(archive.path),
        closing(open_write(archive.path, create=False)) as db,
        transaction(db.conn),
    ):
        for answer in repository.resolve(new):
            CommitStore(db.conn).save(answer, now_utc, refs=repository.state)
    analyze(archive.path, only=["links"])


def objections_to(conn: Connection, discussion: Discussion) -> list[Raised]:
    """Find the objections in the conversations that a commit's mails stand in.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    discussion : Discussion
        The commit with its mails; mere candidates are left out.

    Returns
    -------
    list of Raised
        By date. What the author of the commit says counts as none.
    """
    from threadkit.analyze.objections import objections
    from threadkit.analyze.posted import author_keys
    from threadkit.pipeline.stages.mails import mail_text
    from threadkit.store.mailtexts import texts
    from threadkit.store.replies import below, mails_of

    rows = mails_of(conn, [one.root for one in discussion.conversations])
    place = {row: at for at, row in enumerate(rows)}
    related = [one.message_id for one in discussion.mails if one.kind != "candidate"]
    answers = below(conn, related)
    author = discussion.stored.commit.author
    own = author_keys(author.name, author.email)
    some: list[tuple[int, Objection]] = []
    consent: list[tuple[int, frozenset[str], str]] = []
    for at in range(0, len(rows), _BATCH):
        for stored in texts(conn, rows[at : at + _BATCH]):
            mail = mail_text(stored)
            who = author_keys(mail.from_name, mail.from_email)
            if mail.is_reply and any(t.name.lower() in _CONSENT for t in mail.trailers):
                consent.append((place[stored.id], who, mail.message_id))
            if not who & own:
                some += [(place[stored.id], one) for one in objections(mail)]
    return [
        _raised(one, at, answers, consent) for at, one in sorted(some, key=lambda pair: pair[0])
    ]


def _raised(
    one: Objection, at: int, answers: set[str], consent: list[tuple[int, frozenset[str], str]]
) -> Raised:
    from dataclasses import replace

    from threadkit.analyze.posted import author_keys

    who = author_keys(one.person, one.email)
    later = next((name for place, keys, name in consent if place > at and keys & who), "")
    is_answer = one.message_id in answers
    if not is_answer:
        one = replace(one, score=round(one.score * ELSEWHERE, 2))
    return Raised(one, is_answer, later)

"""Begin a casebook of a conversation from what analyzers found in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from threadkit.analyze.debate.names import exact_hash, loose_hash
from threadkit.errors import SourceError
from threadkit.pipeline.claims_view import SHOWN
from threadkit.pipeline.display import counted
from threadkit.store import lookup
from threadkit.store.claim_list import claims_of_question
from threadkit.store.debate_list import StoredPlace, read_places, read_relations
from threadkit.store.passages import passages

if TYPE_CHECKING:
    from sqlite3 import Connection

    from threadkit.casebook.draft import (
        Draft,
        DraftClaim,
        DraftMail,
        DraftPlace,
        DraftQuestion,
    )
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.claims_view import Claim
    from threadkit.pipeline.commits_view import CitedCommit, CitedCommits
    from threadkit.pipeline.questions_view import Question

WORDS: Final = {
    "support": "supports",
    "attack": "attacks",
    "undercut": "undercuts",
    "agree": "agrees",
    "concede": "concedes",
    "ask": "asks",
    "answer": "answers",
}
"""From the words of relations between units to those of a casebook."""

_TAGS = re.compile(r"\[[^\]]*\]")
_MOST = 30  # a question with more claims has a map that nobody can read
_NUMBER_OF_CLAIM = re.compile(r"\bc\d+\b")


@dataclass(frozen=True, slots=True, repr=False)
class Begun:
    """A casebook that was begun.

    Attributes
    ----------
    folder : Path
        Where it is.
    files : tuple of str
        Below the folder.
    people, messages, questions, claims, commits : int
        What was filled in.
    """

    folder: Path
    files: tuple[str, ...]
    people: int
    messages: int
    questions: int
    claims: int
    commits: int

    def facts_in_words(self) -> list[str]:
        """Count what was filled in."""
        return [
            counted(self.people, "person", "people"),
            counted(self.messages, "message"),
            counted(self.questions, "question"),
            counted(self.claims, "claim"),
            counted(self.commits, "commit"),
        ]

    def __repr__(self) -> str:
        return f"<Begun {self.folder}: {', '.join(self.facts_in_words())}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        head = notebook.heading(str(self.folder), self.facts_in_words())
        return head + notebook.text_lines(self.files)


def new_casebook(
    archive: Archive,
    thread: str,
    folder: Path | None = None,
    *,
    with_text: bool = False,
    states: Collection[str] = tuple(SHOWN),
) -> Begun:
    """Write the files of a new casebook.

    Parameters
    ----------
    archive : Archive
        With the conversation, analyzed.
    thread : str
        Any mail of it.
    folder : Path, optional
        Where to; without, a folder named after the subject.
    with_text : bool, optional
        Add the words of passages as comments: for private use.
    states : collection of str, optional
        Of claims.

    Returns
    -------
    Begun
        What was written.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    SourceError
        The folder has something in it, or cannot be written; or no mail can be named.
    """
    from threadkit.casebook.draft import draft_files, key_of

    if folder is None:
        subject = _TAGS.sub(" ", archive.thread(thread).subject)
        folder = Path(key_of(subject if subject.strip() else "casebook"))
    draft = draft_of(archive, thread, key_of(folder.resolve().name), with_text, states)
    files = draft_files(draft)
    _write(folder, files)
    return Begun(
        folder,
        tuple(files),
        len({one.person for one in draft.mails if one.person}),
        len(draft.mails),
        len(draft.questions),
        len(draft.claims),
        len(draft.commits),
    )


def draft_of(
    archive: Archive,
    thread: str,
    name: str,
    with_text: bool = False,
    states: Collection[str] = tuple(SHOWN),
) -> Draft:
    """Gather what is known of a conversation.

    Parameters
    ----------
    archive : Archive
        With the conversation.
    thread : str
        Any mail of it.
    name : str
        Of the casebook.
    with_text, states : optional
        As for :func:`new_casebook`.

    Raises
    ------
    NotFound, Ambiguous
        No mail, or more than one, answers to the name.
    SourceError
        No mail of it has a Message-ID that a casebook can hold.
    """
    from threadkit import __version__
    from threadkit.casebook.draft import Draft, is_nameable
    from threadkit.pipeline.claim_edits import Author

    who = Author.now("casebook")
    some = archive.claims(thread, states=states)
    cited = archive.commits(thread)
    conn = archive.connection
    fit = [one for one in some if is_nameable(one.facts.message_id) and _speaker(one).strip()]
    found = _claims(conn, thread, fit, cited)
    questions, answering = _questions(conn, archive.questions(thread), {one.name for one in found})
    claims = [replace(one, question=answering.get(one.name, "")) for one in found]
    mails = _mails(archive, thread, claims)
    if not mails:
        raise SourceError(thread, "its conversation has no Message-ID that a casebook can hold")
    return Draft(
        name=name,
        thread=mails[0].message_id,
        by=who.person,
        date=who.utc[:10],
        coverage=(
            f"Begun from the findings of threadkit {__version__}, which nobody has reviewed.",
            f"Read by analyzers: {some.coverage}.",
        ),
        mails=mails,
        questions=questions,
        claims=claims,
        commits=[row for one in cited if (row := _commit(one))],
        with_text=with_text,
    )


def _claims(
    conn: Connection, thread: str, some: Sequence[Claim], cited: CitedCommits
) -> list[DraftClaim]:
    """Turn claims into those of a draft: what they bear on, and what they cite."""
    from threadkit.casebook.draft import DraftClaim

    names = {one.id for one in some}
    stances: dict[str, dict[tuple[str, str], None]] = {}
    for link in read_relations(conn, lookup.root(conn, thread)):
        ends = {link.claim, link.target_claim}
        if link.state in SHOWN and len(ends) == 2 and ends <= names and link.claim:
            pair = (WORDS[link.kind], str(link.target_claim))
            stances.setdefault(link.claim, {})[pair] = None
    found = []
    for one in some:
        facts = one.facts
        places = [place for place in read_places(conn, one.id) if place.person == facts.person]
        found.append(
            DraftClaim(
                name=one.id,
                person=_speaker(one),
                places=_places(conn, places),
                kind=facts.kind,
                status=facts.status,
                why=_without_names(facts.why),
                gist=facts.gist,
                stances=tuple(stances.get(one.id, ())),
                commits=_cited(places, cited),
                how=f"{one.id}: {facts.state}, score {facts.score:.2f}, rule {facts.rule}",
            )
        )
    return found


def _speaker(one: Claim) -> str:
    return one.facts.person or one.facts.email


def _without_names(why: str) -> str:
    """Leave out a reason that names claims by the numbers of one database."""
    return "" if _NUMBER_OF_CLAIM.search(why) else why


def _places(conn: Connection, some: Sequence[StoredPlace]) -> tuple[DraftPlace, ...]:
    from threadkit.casebook.draft import DraftPlace

    texts = passages(conn, [(one.message, one.start, one.stop) for one in some])
    return tuple(
        DraftPlace(one.message_id, one.start, one.stop, exact_hash(text), loose_hash(text), text)
        for one in some
        for text in [texts[one.message, one.start, one.stop]]
    )


def _cited(places: Sequence[StoredPlace], cited: CitedCommits) -> tuple[str, ...]:
    """Return the hashes of known commits that stand in the passages of a claim."""
    return tuple(
        one.facts.sha
        for one in cited
        if one.facts
        and any(
            there.message == here.message and there.start < here.stop and there.stop > here.start
            for there in one.places
            for here in places
        )
    )


def _questions(
    conn: Connection, asked: Sequence[Question], claims: set[str]
) -> tuple[list[DraftQuestion], dict[str, str]]:
    """Keep the questions that claims answer, each claim at the first one that it answers."""
    from threadkit.casebook.draft import DraftQuestion, is_nameable

    answering: dict[str, str] = {}
    found = []
    for one in asked:
        if not is_nameable(one.facts.message_id):
            continue
        answers = claims_of_question(conn, one.facts.message, one.facts.unit) & claims
        new = sorted(answers - set(answering))[:_MOST]
        if new:
            answering.update(dict.fromkeys(new, one.id))
            found.append(DraftQuestion(one.id, one.text, one.facts.message_id))
    return found, answering


def _mails(archive: Archive, thread: str, claims: Sequence[DraftClaim]) -> list[DraftMail]:
    """List the mails, those that were never seen as well; who speaks in claims wrote theirs."""
    from threadkit.casebook.draft import DraftMail, is_nameable

    speaks = {place.message_id: one.person for one in claims for place in one.places}
    rows = [one for _, one in archive.thread(thread).rows if not one.imposter]
    named = {one.message_id for one in rows if is_nameable(one.message_id)}
    return [
        DraftMail(
            one.message_id,
            one.shown_utc,
            speaks.get(one.message_id, one.author),
            one.parent if one.parent in named else None,
            one.subject,
            not one.ghost,
        )
        for one in rows
        if one.message_id in named
    ]


def _commit(one: CitedCommit) -> dict[str, Any] | None:
    """Tell the facts of a commit that is known; its message is none of them."""
    facts = one.facts
    if facts is None:
        return None
    return {
        "sha": facts.sha, "subject": facts.subject, "author": facts.author,
        "author_utc": facts.author_utc, "release": facts.release, "mainline": facts.mainline,
        "source": facts.origin,
    }  # fmt: skip


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder that has nothing in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SourceError(str(folder), "has something in it; nothing was written")
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        raise SourceError(str(folder), error.strerror or "cannot be written") from error

"""The skeleton of an article of a conversation, a message, a claim or a casebook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from threadkit.errors import NotFound, SourceError, ThreadkitError, printable
from threadkit.pipeline.sites.assemble import Wanted
from threadkit.pipeline.sites.places import NotVerbatim
from threadkit.pipeline.sites.which import named, site_of
from threadkit.site.article import article
from threadkit.site.article_scope import Scope, around, is_read, reviewed
from threadkit.site.article_short import is_notable
from threadkit.site.links import outside

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive
    from threadkit.site.values import Claim, Place, Site

LONG = 30
"""Claims of a casebook from which on only what is disputed is told, unless all is asked for."""

_OF_BOOK = re.compile(r"([^/\s]+)/([1-9][0-9]{0,8})")
_FOUND = re.compile(r"c[1-9][0-9]{0,8}", re.IGNORECASE)


class NothingReviewed(ThreadkitError):
    """Nobody looked at what an article would tell.

    Parameters
    ----------
    what : str
        Of which it would be.
    thread : str
        A mail of the conversation.
    """

    def __init__(self, what: str, thread: str) -> None:
        self.thread = thread
        super().__init__(
            f"{printable(what)}: nobody reviewed anything of it;"
            f" threadkit claims review {printable(thread)} walks through them,"
            " threadkit casebook load loads what others reviewed"
        )


class BadArchive(ThreadkitError):
    """The address of an archive of mail is none.

    Parameters
    ----------
    url : str
        As given.
    """

    exit_code = 2

    def __init__(self, url: str) -> None:
        super().__init__(f"{printable(url)}: no address that begins with http:// or https://")


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """The skeleton of an article, in Markdown; a notebook shows it.

    Attributes
    ----------
    title : str
        Heading.
    what : str
        What it is of, in words.
    text : str
        CommonMark.
    claims : int
        How many it tells.
    """

    title: str
    what: str
    text: str
    claims: int

    def write(self, path: str | Path) -> None:
        """Write it to a file.

        Parameters
        ----------
        path : str or Path
            Overwritten if it is there.

        Raises
        ------
        SourceError
            It cannot be written.
        """
        try:
            Path(path).write_text(self.text, "utf-8", newline="\n")
        except OSError as error:
            raise SourceError(str(path), error.strerror or str(error)) from error

    def __repr__(self) -> str:
        return f"<Draft of {self.what}: {self.claims} claims, {len(self.text):,} characters>"

    def _repr_markdown_(self) -> str:
        return self.text


def draft(
    archive: Archive, name: str, *, lore: str | None = None, everything: bool = False
) -> Draft:
    """Write the skeleton of an article from reviewed findings.

    Parameters
    ----------
    archive : Archive
        The database.
    name : str
        A casebook that was loaded, a claim (``cow-2020/9``, ``c12``), or a mail: the first one
        of a conversation stands for all of it.
    lore : str, optional
        Beginning of permanent links.
    everything : bool, optional
        Of a whole casebook of more than :data:`LONG` claims tell every claim and commit at
        length, not only what is contested, given up, unanswered or came true.

    Returns
    -------
    Draft
        Every quotation in it was compared with the mail.

    Raises
    ------
    NotFound, Ambiguous
        Nothing, or more than one, answers to the name.
    NothingReviewed
        There is nothing to tell yet.
    NotVerbatim
        A mail that is here has no such passage (exit code 5).
    BadArchive
        The address does not begin permanent links.
    """
    scope = _scope(archive, name)
    if lore is not None:
        if outside(lore) != lore:
            raise BadArchive(lore)
        scope = replace(scope, site=replace(scope.site, lore=lore.rstrip("/") + "/"))
    _compare(scope.site)
    if scope.book and not everything and len(scope.site.claims) > LONG and not scope.main:
        scope = replace(scope, is_short=True)
    told = [one for one in scope.site.claims if not scope.is_short or is_notable(one)]
    return Draft(scope.title, scope.what, "\n".join(article(scope)) + "\n", len(told))


def conversation_of(archive: Archive, name: str) -> str | None:
    """Return a mail of the conversation that an article would be of.

    Parameters
    ----------
    archive : Archive
        The database.
    name : str
        As for :func:`draft`.

    Returns
    -------
    str or None
        None for a casebook, which needs no analysis.

    Raises
    ------
    NotFound, Ambiguous
        Nothing, or more than one, answers to the name.
    """
    if _of_book(archive, name):
        return None
    if _FOUND.fullmatch(name):
        return archive.claim_thread(name)
    return named(archive, name)[1] or None


def _scope(archive: Archive, name: str) -> Scope:
    """Find what a name means, and keep what was reviewed of it."""
    one = _of_book(archive, name)
    if one:
        whole = _whole(archive, one[0])
        return _claims(whole, name, [each for each in whole.site.claims if each.id == one[1]])
    if _FOUND.fullmatch(name):
        whole = _whole(archive, archive.claim_thread(name))
        found = [each for each in whole.site.claims if each.id == name.lower()]
        return _claims(whole, name, found or _at(archive, whole.site, name))
    whole = _whole(archive, name)
    if named(archive, name)[0] == name:
        return whole
    mail = archive.message(name)
    if mail.message_id == whole.site.root:
        return whole
    said = [
        each
        for each in whole.site.claims
        if any(place.message_id == mail.message_id for place in each.places)
    ]
    return replace(
        _narrow(whole, said, f"message {mail.message_id}"), title=mail.subject or whole.title
    )


def _whole(archive: Archive, name: str) -> Scope:
    """Make the article of a conversation or casebook."""
    site = reviewed(site_of(archive, name, Wanted(database=False))[0])
    book = named(archive, name)[0]
    what = f"casebook {book}" if book else f"the conversation {site.root}"
    if not site.claims:
        raise NothingReviewed(what, site.root)
    return Scope(site, site.question, what, book=book)


def _of_book(archive: Archive, name: str) -> tuple[str, str] | None:
    """Split the name of a claim of a casebook that is here."""
    from threadkit.store.casebooks import casebooks

    found = _OF_BOOK.fullmatch(name)
    if found is None:
        return None
    with archive._reading() as conn:
        books = {one.name for one in casebooks(conn)}
    return (found[1], found[2]) if found[1] in books else None


def _at(archive: Archive, site: Site, name: str) -> list[Claim]:
    """Find the claims that a casebook has where a program found one."""
    found = archive.claim(name)
    spans = [(one.message_id, one.start, one.stop) for one, _ in found.places]
    return [
        claim
        for claim in site.claims
        if is_read(claim)
        and any(
            place.message_id == message_id and place.start < stop and start < place.stop
            for place in claim.places
            for message_id, start, stop in spans
        )
    ]


def _claims(whole: Scope, name: str, some: list[Claim]) -> Scope:
    """Make the article of one claim."""
    if not some and "/" in name:
        raise NotFound(name, what="claim")
    narrow = _narrow(whole, some, f"claim {name}")
    gists = [one.gist for one in some if one.gist]
    return replace(narrow, title=gists[0] if gists else f"Claim {name}")


def _narrow(whole: Scope, some: list[Claim], what: str) -> Scope:
    if not some:
        raise NothingReviewed(what, whole.site.root)
    main = frozenset(one.id for one in some)
    return replace(whole, site=around(whole.site, main), what=what, main=main)


def _compare(site: Site) -> None:
    """Compare each passage that is to be quoted with the mail."""
    mails = {(mail.message_id, mail.imposter): mail for mail in site.mails}
    by_mail: dict[tuple[str, int], list[Place]] = {}
    for place in _passages(site):
        by_mail.setdefault((place.message_id, place.imposter), []).append(place)
    for key, places in by_mail.items():
        text = site.text(mails[key]) if key in mails else None
        body = text.body if text else ""
        for place in places:
            if place.check == "missing" or body[place.start : place.stop] != place.text:
                raise NotVerbatim(key[0], place.start, place.stop)


def _passages(site: Site) -> Iterator[Place]:
    for claim in site.claims:
        for place in (*claim.places, *(edge.place for edge in claim.stances if edge.place)):
            if place.text or place.check == "missing":
                yield place

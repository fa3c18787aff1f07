"""Which conversation a site shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.errors import NotFound, ThreadkitError
from threadkit.pipeline.casebook_view import casebook_names
from threadkit.pipeline.sites.assemble import Wanted, of_thread
from threadkit.pipeline.sites.casebook import of_casebook
from threadkit.store.casebooks import casebook_document, casebook_of, casebooks
from threadkit.store.lookup import here
from threadkit.store.origins import other_conversations

if TYPE_CHECKING:
    from threadkit.pipeline.archive import Archive
    from threadkit.site.values import Site

_LISTED = 8
_LOAD = "first: threadkit casebook load"


class Unnamed(ThreadkitError):
    """Which conversation is meant has to be said.

    Parameters
    ----------
    why : str
        How many there are.
    known : tuple of str
        Names of casebooks, and Message-IDs of roots.
    """

    exit_code = 3

    def __init__(self, why: str, known: tuple[str, ...]) -> None:
        self.known = known
        super().__init__("\n  ".join([why, *known]))


def site_of(archive: Archive, name: str | None, wanted: Wanted) -> tuple[Site, int]:
    """Put together the site of a conversation or casebook.

    Parameters
    ----------
    archive : Archive
        The database.
    name : str or None
        A casebook, or any mail of a conversation; None for the only one that there is.
    wanted : Wanted
        How.

    Returns
    -------
    Site, int
        The site, and how many conversations the database holds that it does not show.

    Raises
    ------
    NotFound, Ambiguous
        Nothing, or more than one, answers to the name.
    Unnamed
        No name is given, and there are several conversations, or none.
    """
    book, mail = named(archive, name)
    if book:
        from threadkit.casebook.build import from_document

        with archive._reading() as conn:
            document = casebook_document(conn, book)
        if document is None:
            raise NotFound(book, what="casebook")
        site, shown = of_casebook(archive, from_document(document), wanted)
    else:
        thread = archive.thread(mail)
        site, shown = of_thread(archive, thread, wanted), [one.id for one in thread.messages]
    with archive._reading() as conn:
        return site, other_conversations(conn, shown)


def named(archive: Archive, name: str | None) -> tuple[str, str]:
    """Find what a name means.

    Parameters
    ----------
    archive : Archive
        The database.
    name : str or None
        A casebook, or any mail of a conversation; None for the only one that there is.

    Returns
    -------
    str, str
        Name of a casebook, or empty; Message-ID of a mail, or empty.

    Raises
    ------
    NotFound, Ambiguous
        Nothing, or more than one, answers to the name.
    Unnamed
        No name is given, and there are several conversations, or none.
    """
    with archive._reading() as conn:
        books = [one.name for one in casebooks(conn)]
        if name is None and len(books) == 1:
            return books[0], ""
        if name in books:
            return name, ""
        if name is None:
            name = _only(archive, books)
        try:
            root = archive.thread(name).root.message_id
        except NotFound:
            if name in casebook_names():
                raise NotFound(name, what=f"casebook here yet; {_LOAD} {name}") from None
            raise
        return casebook_of(conn, root) or "", root


def conversation(archive: Archive, name: str | None) -> str | None:
    """Find the conversation whose site a name asks for.

    Parameters
    ----------
    archive : Archive
        The database.
    name : str or None
        As for :func:`named`.

    Returns
    -------
    str or None
        Message-ID of a mail of it that is here; None for a casebook without its mail.

    Raises
    ------
    NotFound, Ambiguous, Unnamed
        As for :func:`named`.
    """
    book, mail = named(archive, name)
    if not book:
        return mail
    with archive._reading() as conn:
        thread = next((one.thread for one in casebooks(conn) if one.name == book), "")
        return thread if here(conn, [thread]) else None


def _only(archive: Archive, books: list[str]) -> str:
    """Return the root of the only conversation."""
    some = archive.threads(limit=_LISTED + 1)
    if len(some) == 1 and not books:
        return some[0].root
    if not some and not books:
        raise Unnamed("no mail and no casebook is here", ())
    known = (*books, *(one.root for one in some))
    more = "..." if len(some) > _LISTED else ""
    why = "name a casebook or a mail of a conversation; there are:"
    raise Unnamed(why, tuple(filter(None, (*known[:_LISTED], more))))

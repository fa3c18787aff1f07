"""Threads from lore, or from any other public-inbox that is asked over HTTP.

A thread is one answer: the mailbox of all its mails (``t.mbox.gz``). Where the server has
no such mail, its page for the id says what is near. Several servers with the same mail are
asked in their order: the next one if one cannot be reached, has trouble, or wants proof that
a person asks; never because one says no. A server that wants such proof is left alone, and
no other pretends for it: each says by itself whether programs may ask.

References
----------
public-inbox, "public-inbox-httpd(1)" and the help page of every inbox (``_/text/help/``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import TypeVar
from urllib.parse import quote

from threadkit.errors import (
    AnswerTooLarge,
    BrokenAnswer,
    Challenged,
    FetchError,
    NotOnServer,
    QueryError,
    Resting,
    ServerTrouble,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.limits import MIB
from threadkit.fetch.lore.download import MailDownload
from threadkit.fetch.lore.names import LORE, escaped, message_url
from threadkit.fetch.lore.pages import ThreadPage, read_hits, read_thread_page
from threadkit.fetch.markup import PageTooLarge
from threadkit.fetch.web.answer import Page, read_page
from threadkit.fetch.web.challenge import looks_like_html
from threadkit.fetch.web.session import Session

_T = TypeVar("_T")
_MAX_PACKED = 1024 * MIB
_MAX_PAGE = 4 * MIB
"""A mail with its overview: a thousand rows, each deeper than the last, are one MiB."""

_LONG_ENOUGH = 14
"""Characters of an id whose beginning is looked for, as public-inbox has it."""

_HEALING = (Unreachable, ServerTrouble, BrokenAnswer)
_SEARCH = "search for ids"
_LAST_WORD = re.compile(r"\W+\w*\Z")


def since_query(day: date) -> str:
    """Return the search for all mail that was written on a day (UTC) or later.

    Parameters
    ----------
    day : date
        The first day.

    Returns
    -------
    str
        By the header ``Date``, as people wrote it.

    Examples
    --------
    >>> since_query(date(2020, 9, 1))
    'd:20200901..'
    >>> since_query(date(1, 1, 1))
    'd:00010101..'
    """
    return f"d:{day.isoformat()}..".replace("-", "")  # strftime would not pad the year


class Lore:
    """Ask an archive for threads.

    Parameters
    ----------
    session : Session
        Sends the requests.
    origins : sequence of str
        Servers that have the same mail, without a slash at their ends; the next is asked
        if one cannot be reached, has trouble of its own, wants proof that a person asks, or
        is to be left alone.
    near : bool
        Whether to search for ids that begin like one that the server has not, where its own
        page names none: one more request for each missing mail.

    Notes
    -----
    After a search for ids that failed, no more of them go to that server with this session:
    each could cost as long as a server may be silent.

    Each call is one attempt: where mail is read, the whole of it belongs into
    :meth:`Session.retrying`, since most answers break in the middle of their bodies. While
    the answer of a server is open, nothing else can be asked of it.
    """

    def __init__(
        self, session: Session, origins: Sequence[str] = (LORE,), *, near: bool = True
    ) -> None:
        if not origins:
            raise ValueError("at least one origin")
        self._session = session
        self._origins = tuple(origin.rstrip("/") for origin in origins)
        self._near = near

    def url(self, message_id: str, inbox: str | None = None) -> str:
        """Return the address of a mail's page on the first server.

        Parameters
        ----------
        message_id : str
            Without brackets.
        inbox : str or None
            The list; None is all lists.

        Examples
        --------
        >>> with Session(offline=True) as session:
        ...     Lore(session).url("a@example.org")
        'https://lore.kernel.org/all/a@example.org/'
        """
        return message_url(message_id, inbox, self._origins[0])

    @contextmanager
    def thread(self, message_id: str, inbox: str | None = None) -> Iterator[MailDownload]:
        """Bring the whole thread of a mail.

        Parameters
        ----------
        message_id : str
            Of any mail of the thread, without brackets.
        inbox : str or None
            The list whose copies are wanted; None is all lists, with every list's copy. If
            only another list of this server has the mail, that list's copy comes.

        Yields
        ------
        MailDownload
            At its start; closed at the end of the ``with``. Mails that only share the
            subject may be among the others.

        Raises
        ------
        NotOnServer
            No such mail; ``near`` names ids that begin alike.
        FetchError
            As :meth:`Session.open`.
        """
        with ExitStack() as stack:
            yield self._from_first(lambda origin: self._thread(stack, origin, message_id, inbox))

    def overview(self, message_id: str, inbox: str | None = None) -> ThreadPage:
        """Bring the overview of a mail's thread, as the mail's page shows it.

        Parameters
        ----------
        message_id : str
            Without brackets.
        inbox : str or None
            As for :meth:`thread`.

        Returns
        -------
        ThreadPage
            At most a thousand rows, whatever the number of mails.

        Raises
        ------
        NotOnServer, FetchError
            As for :meth:`thread`.
        """
        return self._from_first(lambda origin: self._overview(origin, message_id, inbox))

    @contextmanager
    def search(
        self, query: str, inbox: str = "all", *, whole_threads: bool = True
    ) -> Iterator[MailDownload]:
        """Bring all mail that a search finds.

        Parameters
        ----------
        query : str
            In the words of the server: ``s:subject``, ``f:from``, ``dfn:mm/memory.c``,
            ``d:20200801..``, ``AND``, ``OR``, ``NOT``.
        inbox : str
            Where to look.
        whole_threads : bool
            Whether the rest of each thread comes along.

        Yields
        ------
        MailDownload
            At its start; threads that were active last come first.

        Raises
        ------
        QueryError
            Nothing is searched for: a server would send all that it has.
        NotOnServer
            Nothing was found.
        UnexpectedAnswer
            The server has no search, or stumbles over this one.
        FetchError
            As :meth:`Session.open`.
        """
        if not query.strip():
            raise QueryError(query, "nothing to search for")
        threads = "&t=1" if whole_threads else ""
        # The words belong into the URL: a form in the body is not looked at.
        path = f"/{escaped(inbox)}/?x=m{threads}&q={quote(query.strip(), safe='')}"
        with ExitStack() as stack:
            yield self._from_first(lambda origin: self._search(stack, origin + path, inbox))

    def _from_first(self, ask: Callable[[str], _T]) -> _T:
        """Ask the servers in their order until one can answer, whatever it says."""
        failures: list[FetchError] = []
        for origin in self._origins:
            try:
                return ask(origin)
            except (*_HEALING, Resting, Challenged) as failure:
                failures.append(failure)
        # Another attempt may help where the server is not to be left alone.
        raise next((one for one in failures if isinstance(one, _HEALING)), failures[0])

    def _thread(
        self, stack: ExitStack, origin: str, message_id: str, inbox: str | None
    ) -> MailDownload:
        url = message_url(message_id, inbox, origin)
        try:
            return self._mailbox(stack, f"{url}t.mbox.gz", url)
        except NotOnServer:
            page = self._page(url, message_id, inbox)
        if not page.inboxes:
            raise self._missing(url, page, message_id, origin)
        url = message_url(message_id, page.inboxes[0], origin)
        return self._mailbox(stack, f"{url}t.mbox.gz", url)

    def _overview(self, origin: str, message_id: str, inbox: str | None) -> ThreadPage:
        url = message_url(message_id, inbox, origin)
        page = self._page(url, message_id, inbox)
        if page.inboxes:
            url = message_url(message_id, page.inboxes[0], origin)
            page = self._page(url, message_id, page.inboxes[0])
        if page.message_count is None:
            raise self._missing(url, page, message_id, origin)
        return page

    def _missing(self, url: str, page: ThreadPage, message_id: str, origin: str) -> NotOnServer:
        """Return the error for an id that the server has not, with what is near.

        The page of an id in ``/all/`` does not look for ids that begin alike, as those of
        the lists do; so the search is asked.
        """
        near = page.near
        if not near and self._near and len(message_id) >= _LONG_ENOUGH:
            near = self._beginning_alike(origin, message_id)
        return NotOnServer(url, "the server has no such mail", near)

    def _beginning_alike(self, origin: str, message_id: str) -> tuple[str, ...]:
        """Search for ids; that the mail is not there is certain, whatever comes of it."""
        words = f"m:{message_id}* OR m:{_LAST_WORD.sub('', message_id)}"
        url = f"{origin}/all/?q={quote(words, safe='')}"
        if self._session.hosts.is_without(url, _SEARCH):
            return ()
        try:
            answer = self._read(url, (200, 400, 403, 404, 500, 501, 502, 504))
            if answer.status == 200:
                return _parsed(url, lambda: read_hits(answer, message_id))
            self._session.hosts.do_without(url, _SEARCH)
        except FetchError:
            self._session.hosts.do_without(url, _SEARCH)
            self._session.hosts.succeeded(url)  # it did answer what was asked for
        return ()

    def _page(self, url: str, message_id: str, inbox: str | None) -> ThreadPage:
        """Return what the page of a mail says, there or not."""
        page = self._read(url, (200, 300, 404))
        if page.status == 404 and not looks_like_html(page.data):
            unknown = f"the server has no list {inbox}"
            unnamed = "the server has no page of all lists; give the URL of the mail on its list"
            raise NotOnServer(url, unknown if inbox else unnamed)
        shown = _parsed(url, lambda: read_thread_page(page, message_id))
        if page.status == 200 and shown.message_count is None:
            raise UnexpectedAnswer(url, "this page shows no thread", page.status)
        return shown

    def _read(self, url: str, accept_statuses: tuple[int, ...]) -> Page:
        """Bring a whole page, in one attempt."""
        with self._session.open(
            url, max_bytes=_MAX_PAGE, accept_statuses=accept_statuses, accept_encoding="gzip"
        ) as answer:
            return read_page(answer, _MAX_PAGE)

    def _mailbox(self, stack: ExitStack, url: str, uri: str) -> MailDownload:
        """Open a mailbox; the stack closes it."""
        with ExitStack() as trial:
            answer = trial.enter_context(self._session.open(url, max_bytes=_MAX_PACKED))
            return _kept(stack, trial, MailDownload(answer, uri=uri))

    def _search(self, stack: ExitStack, url: str, inbox: str) -> MailDownload:
        with ExitStack() as trial:
            asked = self._session.open(
                url, method="POST", max_bytes=_MAX_PACKED, accept_statuses=(200, 404, 500, 501)
            )
            answer = trial.enter_context(asked)
            if answer.status == 500:  # of words that its search cannot digest: AND alone
                raise UnexpectedAnswer(
                    url, "the server cannot answer this search; try other words", answer.status
                )
            if answer.status == 501:
                raise UnexpectedAnswer(url, "this server has no search index", answer.status)
            if answer.status == 404:
                found_none = b"no results" in answer.read(4096).lower()
                missing = f"the server has no list {inbox}, or nothing matches"
                raise NotOnServer(url, "nothing matches" if found_none else missing)
            return _kept(stack, trial, MailDownload(answer, uri=url))


def _parsed(url: str, read: Callable[[], _T]) -> _T:
    """Read a page; say of one that would take the machine where it is from."""
    try:
        return read()
    except PageTooLarge as error:
        raise AnswerTooLarge(url, f"{error}; dropped") from error


def _kept(stack: ExitStack, trial: ExitStack, download: MailDownload) -> MailDownload:
    """Let an outer stack close what was opened; a failure until here has closed it already."""
    trial.callback(download.close)
    stack.enter_context(trial.pop_all())
    return download

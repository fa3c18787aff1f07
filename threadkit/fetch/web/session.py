"""Ask servers politely: the only way by which threadkit sends a request over HTTP.

What goes wrong is one of the errors of :mod:`threadkit.errors` that have to do with
fetching; :meth:`Session.retrying` says which of them are worth another attempt.

Examples
--------
>>> with Session(offline=True) as session:
...     session.page("https://lore.kernel.org/all/")
Traceback (most recent call last):
    ...
threadkit.errors.Offline: https://lore.kernel.org/all/: needs the network, which is switched off
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

from threadkit.errors import (
    AnswerTooLarge,
    BrokenAnswer,
    Challenged,
    FetchError,
    NotOnServer,
    NoWayThere,
    Offline,
    Resting,
    ServerTrouble,
    SourceError,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.limits import MIB
from threadkit.fetch.web.answer import Answer, Page, read_page
from threadkit.fetch.web.challenge import LOOK_BYTES, challenge_name, may_be_page
from threadkit.fetch.web.clock import Clock, SystemClock
from threadkit.fetch.web.hosts import Hosts, host_of
from threadkit.fetch.web.manners import HostMemory, Manners, RestsInMemory, retry_after
from threadkit.fetch.web.redirects import Trail

if TYPE_CHECKING:
    from threadkit.fetch.web.wire import Wire

_T = TypeVar("_T")
_HEALING = (BrokenAnswer, ServerTrouble, Unreachable)


class Session:
    """Send requests with good manners; a context manager, for one thread.

    Parameters
    ----------
    manners : Manners, optional
        Pauses, patience and limits.
    memory : HostMemory, optional
        Which hosts are to be left alone; without one it lasts as long as the session.
    offline : bool
        Send nothing: every request raises Offline, before a name is looked up.
    clock : Clock, optional
        Time and waiting.
    tell : callable, optional
        Takes a line about a wait that a user may wonder about.
    chance : callable, optional
        Draws a number from 0 to 1, for waits that do not come all at once.

    Notes
    -----
    One connection per host, used again; between two requests to a host the pause of the
    manners. `requests` is imported with the first request that is really sent.
    """

    def __init__(
        self,
        manners: Manners | None = None,
        memory: HostMemory | None = None,
        *,
        offline: bool = False,
        clock: Clock | None = None,
        tell: Callable[[str], None] | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.manners = manners or Manners()
        self._offline = offline
        self._clock = clock or SystemClock()
        self._tell = tell or (lambda line: None)
        self._chance = chance
        memory = RestsInMemory() if memory is None else memory
        self._hosts = Hosts(self.manners, memory, self._clock, self._tell)
        self._answers: dict[str, Answer] = {}
        self._wire: Wire | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def offline(self) -> bool:
        """Whether nothing may be sent, by whatever program."""
        return self._offline

    @property
    def hosts(self) -> Hosts:
        """When each host may be asked: for a program that sends requests of its own."""
        return self._hosts

    @property
    def clock(self) -> Clock:
        """The session's time and waiting."""
        return self._clock

    def close(self) -> None:
        """Close all connections; answers that are still open end here."""
        for answer in self._answers.values():
            answer.close()
        self._answers.clear()
        if self._wire:
            self._wire.close()
            self._wire = None

    @contextmanager
    def open(
        self,
        url: str,
        *,
        method: str = "GET",
        max_bytes: int,
        accept_statuses: Collection[int] = (200,),
        accept_encoding: str = "identity",
    ) -> Iterator[Answer]:
        """Ask once, follow redirects, and give the answer to be read.

        Parameters
        ----------
        url : str
            http or https.
        method : str
            GET, or POST with an empty body. A redirected POST is followed only by
            the redirects that keep it a POST (307, 308).
        max_bytes : int
            More of the body is not read.
        accept_statuses : collection of int
            Every other status is an error.
        accept_encoding : str
            ``identity``, or ``gzip`` if the caller unpacks by the first bytes.

        Yields
        ------
        Answer
            Closed at the end of the ``with``. A BrokenAnswer raised within it counts as a
            failure of the host, whoever raises it; a quiet end counts as a success.

        Raises
        ------
        Offline, Resting
            Nothing was sent.
        Unreachable, BrokenAnswer, ServerTrouble
            Another attempt may help: see :meth:`retrying`.
        Challenged, StrayRedirect, AnswerTooLarge, UnexpectedAnswer, NotOnServer
            Another attempt does not help.
        SourceError
            If it is no URL.
        RuntimeError
            If an answer of the same host is still being read: there is one connection.
        """
        answer = self._answer(url, method, max_bytes, accept_statuses, accept_encoding)
        try:
            yield answer
            self._hosts.succeeded(answer.url)
        except (BrokenAnswer, ServerTrouble) as error:
            # Of another host if a request to it was made within the ``with``: counted there.
            if host_of(_place(error, answer.url)) == host_of(answer.url):
                self._hosts.failed(answer.url)
            raise
        finally:
            answer.close()

    def page(
        self,
        url: str,
        *,
        max_bytes: int = 16 * MIB,
        accept_statuses: Collection[int] = (200,),
    ) -> Page:
        """Bring a whole small answer, with as many attempts as the manners allow.

        Parameters
        ----------
        url : str
            http or https.
        max_bytes : int
            More, packed or unpacked, is AnswerTooLarge.
        accept_statuses : collection of int
            Every other status is an error.

        Returns
        -------
        Page
            Whole and unpacked.

        Raises
        ------
        FetchError, SourceError
            As :meth:`open`.
        """

        def work() -> Page:
            with self.open(
                url, max_bytes=max_bytes, accept_statuses=accept_statuses, accept_encoding="gzip"
            ) as answer:
                return read_page(answer, max_bytes)

        return self.retrying(url, work)

    def retrying(self, url: str, work: Callable[[], _T]) -> _T:
        """Do something that asks a server, again and again if that may heal it.

        Parameters
        ----------
        url : str
            What it is about; for the lines told to the user.
        work : callable
            Makes its requests with :meth:`open`; may be called several times. What it has
            done must not count before it returns.

        Returns
        -------
        object
            What ``work`` returned.

        Raises
        ------
        Resting
            If the host has failed too often or keeps asking to slow down.
        FetchError
            The last failure, if no attempt is left; at once if another would not help.

        Notes
        -----
        Waits between the attempts are drawn from 0 to a bound that doubles ("full jitter"),
        or are what the server asked for with ``Retry-After``.
        """
        attempts, attempt = self.manners.attempts, 0
        while True:
            attempt += 1
            try:
                return work()
            except NoWayThere:
                raise
            except _HEALING as error:
                place = _place(error, url)
                if attempt >= attempts:
                    self._give_up(error, place)
                self._hosts.check(place)
                if not self._hosts.waits(place):
                    wait = self._chance() * self.manners.backoff_s * 2 ** (attempt - 1)
                    self._tell(f"{url}: {error.why}: attempt {attempt + 1} of {attempts}")
                    self._clock.sleep(wait)

    def _give_up(self, error: FetchError, place: str) -> NoReturn:
        """End the attempts; a host that keeps asking for time gets it."""
        asks = isinstance(error, ServerTrouble) and error.status == 429
        if asks or self._hosts.waits(place):
            pause = timedelta(seconds=self.manners.breaker_s)
            why = "keeps asking to slow down"
            raise Resting(place, why, self._hosts.rest(place, pause, why)) from error
        raise error

    def _answer(
        self,
        url: str,
        method: str,
        max_bytes: int,
        accept_statuses: Collection[int],
        accept_encoding: str,
    ) -> Answer:
        """Ask, follow redirects, and return an answer of an accepted status."""
        trail = Trail(url, self.manners)
        if self._offline:
            raise Offline(url, "needs the network, which is switched off")
        while True:
            answer = self._send(method, trail.url, max_bytes, accept_encoding)
            try:
                self._look(answer, accept_statuses)
                if answer.status in accept_statuses:
                    answer.check_size()
                    return answer
                self._refuse(answer)
                trail.follow(answer.status, answer.headers.get("location"), method)
            except BaseException as error:
                answer.close()
                if isinstance(error, _HEALING):
                    self._hosts.failed(answer.url)
                elif isinstance(error, NotOnServer | UnexpectedAnswer):
                    self._hosts.succeeded(answer.url)  # It serves, if not this.
                raise
            answer.close()

    def _send(self, method: str, url: str, max_bytes: int, accept_encoding: str) -> Answer:
        """Send one request when its host may be asked."""
        host = host_of(url)
        if host in self._answers and not self._answers[host].ended:
            raise RuntimeError(f"an answer of {host} is still being read")
        self._hosts.enter(url)
        from threadkit.fetch.web import wire

        if self._wire is None:
            self._wire = wire.Wire(self.manners, self._clock)
        try:
            raw = self._wire.send(method, url, accept_encoding)
        except (Unreachable, BrokenAnswer) as error:
            self._hosts.leave(url)
            if not wire.without_network(error):
                self._hosts.failed(url)
            raise
        answer = Answer(
            raw,
            url,
            self.manners,
            max_bytes=max_bytes,
            on_end=lambda: self._hosts.leave(url),
        )
        self._answers[host] = answer
        return answer

    def _look(self, answer: Answer, accept_statuses: Collection[int]) -> None:
        """Raise Challenged if a page that wants a person came instead of the answer."""
        try:
            head = answer.peek(lambda got: len(got) >= LOOK_BYTES or not may_be_page(got))
        except (BrokenAnswer, AnswerTooLarge):
            if answer.status in accept_statuses:
                raise
            head = b""  # The status says more than a body that cannot be read.
        name = challenge_name(answer.headers, head)
        if name:
            why = f"wants proof that a person asks ({name})"
            pause = timedelta(seconds=self.manners.challenge_s)
            until = self._hosts.rest(answer.url, pause, why)
            raise Challenged(
                answer.url, f"the server {why}; threadkit is a program and leaves it alone", until
            )

    def _refuse(self, answer: Answer) -> None:
        """Raise what an unwanted status means; redirects pass."""
        url, status = answer.url, answer.status
        if status in (429, 503):
            pause = retry_after(answer.headers.get("retry-after"), self._clock.utc())
            if pause:
                self._hosts.slow_down(url, pause, f"asks to be left alone ({status})")
        if status == 429:
            raise ServerTrouble(url, "the server asks to slow down (429)", status)
        if status >= 500:
            raise ServerTrouble(url, f"the server has trouble of its own ({status})", status)
        if status in (404, 410):
            raise NotOnServer(url, f"the server has no such thing ({status})")
        if status in (401, 403, 451):
            raise UnexpectedAnswer(url, f"the server does not let us have it ({status})", status)
        if not 300 <= status < 400:
            raise UnexpectedAnswer(url, f"the server answered with status {status}", status)


def _place(error: FetchError, url: str) -> str:
    """Return the URL that an error is about; the other if it names none."""
    try:
        host_of(error.url)
    except SourceError:
        return url
    return error.url

"""What is known of each host while a session lasts: pauses, failures in a row, rests."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from threadkit.errors import Resting, SourceError, printable
from threadkit.fetch.web.clock import Clock, stamp
from threadkit.fetch.web.manners import HostMemory, Manners

_PORTS = {"http": 80, "https": 443}
# What one parser takes for a part of the host, another takes for its end; and what has an
# empty label, or one of more than 63 characters, is no name (RFC 1035 section 2.3.4).
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?")


def host_of(url: str) -> str:
    """Return the host of a URL as :class:`HostMemory` and ``known_hosts`` have it.

    Parameters
    ----------
    url : str
        With the scheme http or https.

    Returns
    -------
    str
        In lower case, with the port only if it is not the scheme's own.

    Raises
    ------
    SourceError
        For anything that is no such URL, and for one that carries a name or a password.

    Examples
    --------
    >>> host_of("https://Lore.Kernel.org/all/"), host_of("http://[::1]:8080/lkml/")
    ('lore.kernel.org', '[::1]:8080')
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SourceError(printable(url), f"not a URL: {error}") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SourceError(printable(url), "not a URL of the kind https://HOST/...")
    if "@" in parts.netloc:
        raise SourceError(
            printable(parts.hostname), "a URL with a user's name in it is not asked for"
        )
    if not url.isprintable() or not (_NAME.fullmatch(parts.hostname) or ":" in parts.hostname):
        raise SourceError(printable(url), "not a URL: this is no name of a host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"


@dataclass(slots=True)
class _Host:
    """One host; the moments are those of :meth:`Clock.monotonic`."""

    free_at: float = 0.0
    why: str = ""
    failures: int = 0
    without: set[str] = field(default_factory=set)


class Hosts:
    """Decide when a host may be asked.

    Parameters
    ----------
    manners : Manners
        Pauses and limits.
    memory : HostMemory
        Where rests are kept.
    clock : Clock
        Time and waiting.
    tell : callable
        Takes a line for the user about a wait that the server asked for.
    """

    def __init__(
        self, manners: Manners, memory: HostMemory, clock: Clock, tell: Callable[[str], None]
    ) -> None:
        self._manners = manners
        self._memory = memory
        self._clock = clock
        self._tell = tell
        self._hosts: dict[str, _Host] = {}

    def check(self, url: str) -> None:
        """Raise Resting if the host of a URL is to be left alone now."""
        kept = self._memory.rest(host_of(url))
        if kept and datetime.fromisoformat(kept[0]) > self._clock.utc():
            raise Resting(url, kept[1], kept[0])

    def enter(self, url: str) -> None:
        """Wait until the host of a URL may be asked; raise Resting if that is another day."""
        self.check(url)
        host = self._host(url)
        wait = host.free_at - self._clock.monotonic()
        if wait > 0:
            if host.why:
                self._tell(f"{host_of(url)} {host.why}: waiting {wait:.0f} s")
            self._clock.sleep(wait)
        host.why = ""

    def leave(self, url: str) -> None:
        """Note that a request has ended: the pause begins."""
        host, pause = self._host(url), self._manners.pause(host_of(url))
        host.free_at = max(host.free_at, self._clock.monotonic() + pause)

    def waits(self, url: str) -> bool:
        """Tell whether the host of a URL has itself said how long to wait."""
        return bool(self._host(url).why)

    def succeeded(self, url: str) -> None:
        """Note that a host answered as it should."""
        self._host(url).failures = 0

    def failed(self, url: str) -> None:
        """Note a failure; too many in a row call for a rest."""
        host = self._host(url)
        host.failures += 1
        if host.failures >= self._manners.breaker_failures:
            host.failures = 0
            why = f"failed {self._manners.breaker_failures} times in a row"
            self.rest(url, timedelta(seconds=self._manners.breaker_s), why)

    def do_without(self, url: str, what: str) -> None:
        """Note that a host is not to be asked for something again while the session lasts."""
        self._host(url).without.add(what)

    def is_without(self, url: str, what: str) -> bool:
        """Tell whether that was noted of a host."""
        return what in self._host(url).without

    def slow_down(self, url: str, pause: timedelta, why: str) -> None:
        """Note that a host asks for a pause, and wait for it or leave the host alone.

        Raises
        ------
        Resting
            If the pause is longer than one waits for.
        """
        if pause.total_seconds() > self._manners.retry_after_cap_s:
            raise Resting(url, why, self.rest(url, pause, why))
        host = self._host(url)
        host.free_at = max(host.free_at, self._clock.monotonic() + pause.total_seconds())
        host.why = why

    def rest(self, url: str, pause: timedelta, why: str) -> str:
        """Leave a host alone from now on; return until when, ISO 8601 with Z."""
        # Rounded up: a stamp has no fractions, and early is what was not asked for.
        until = stamp(self._clock.utc() + pause + timedelta(microseconds=999_999))
        self._memory.set_rest(host_of(url), until, why)
        return until

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(host_of(url), _Host())

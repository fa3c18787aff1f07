"""How threadkit behaves towards other people's servers.

The figures stand in :class:`Manners`; what a server asked for itself, or what its failures
call for, is kept in a :class:`HostMemory`, so that a second run knows of it as well.

References
----------
RFC 9110 section 10.1.5 (User-Agent: product, version, a comment with a contact) and
section 10.2.3 (Retry-After).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Protocol

MAX_REST = timedelta(days=7)
"""No server can put itself out of reach for longer, by mistake or not."""


def user_agent(environ: Mapping[str, str] = os.environ) -> str:
    """Say who asks: the program, its version, and how to reach whoever runs it.

    Parameters
    ----------
    environ : mapping of str to str
        ``THREADKIT_CONTACT`` is a URL or an address that the user gives.

    Returns
    -------
    str
        For the header of that name; printable ASCII. It never claims to be a browser.

    Examples
    --------
    >>> user_agent({"THREADKIT_CONTACT": "mailto:ann@example.org"})
    'threadkit/0.1.0 (+mailto:ann@example.org)'
    >>> user_agent({})
    'threadkit/0.1.0 (+contact not given)'
    """
    given = environ.get("THREADKIT_CONTACT", "")
    # A parenthesis or a line's end would end the comment or the header.
    contact = " ".join(re.sub(r"[^\x21-\x7e]|[()\\]", " ", given).split())
    # By name: what this layer imports, the layers above would be tied to as well.
    version = import_module("threadkit").__version__
    return f"threadkit/{version} (+{contact or 'contact not given'})"


@dataclass(frozen=True, slots=True)
class Manners:
    """Pauses, patience and limits; every time is in seconds.

    Parameters
    ----------
    user_agent : str
        See :func:`user_agent`.
    pause_s, loopback_pause_s : float
        Between the end of one request to a host and the next; none for this machine.
    connect_s : float
        For a connection to stand.
    silence_s : float
        Without a single byte, before the answer and within it.
    deadline_s : float
        For one request with its whole body: a body that trickles is never silent.
    attempts : int
        How often a thing is asked for before it counts as failed.
    backoff_s : float
        A wait before attempt n + 1 is drawn from 0 to this times 2 to the power of n - 1.
    retry_after_cap_s : float
        A server that asks for a longer pause is left alone until then.
    max_redirects : int
        For one request.
    breaker_failures, breaker_s
        After so many failures in a row a host is left alone for so long.
    challenge_s : float
        How long a host that wants proof of a person is left alone.
    known_hosts : frozenset of str
        Hosts that a redirect may lead to, besides the one that was asked; with a port only
        if it is not the scheme's own.

    Examples
    --------
    >>> Manners().pause("lore.kernel.org"), Manners().pause("127.0.0.1:8080")
    (1.0, 0.0)
    """

    user_agent: str = field(default_factory=user_agent)
    pause_s: float = 1.0
    loopback_pause_s: float = 0.0
    connect_s: float = 10.0
    silence_s: float = 30.0
    deadline_s: float = 600.0
    attempts: int = 4
    backoff_s: float = 2.0
    retry_after_cap_s: float = 60.0
    max_redirects: int = 5
    breaker_failures: int = 8
    breaker_s: float = 600.0
    challenge_s: float = 3600.0
    known_hosts: frozenset[str] = frozenset()

    def pause(self, host: str) -> float:
        """Return the seconds between the end of one request to a host and the next."""
        return self.loopback_pause_s if is_loopback(host) else self.pause_s


class HostMemory(Protocol):
    """Which hosts are to be left alone, and until when; outlives the process."""

    def rest(self, host: str) -> tuple[str, str] | None:
        """Return until when (ISO 8601 with Z) and why, or None; it may be over already."""
        ...

    def set_rest(self, host: str, not_before_utc: str, why: str) -> None:
        """Keep that a host is to be left alone."""
        ...


@dataclass(slots=True)
class RestsInMemory:
    """A :class:`HostMemory` that ends with the process.

    Examples
    --------
    >>> rests = RestsInMemory()
    >>> rests.set_rest("lore.example.org", "2020-09-01T12:30:00Z", "asks to be left alone")
    >>> rests.rest("lore.example.org")
    ('2020-09-01T12:30:00Z', 'asks to be left alone')
    """

    rests: dict[str, tuple[str, str]] = field(default_factory=dict)

    def rest(self, host: str) -> tuple[str, str] | None:
        """Return until when (ISO 8601 with Z) and why, or None; it may be over already."""
        return self.rests.get(host)

    def set_rest(self, host: str, not_before_utc: str, why: str) -> None:
        """Keep that a host is to be left alone."""
        self.rests[host] = (not_before_utc, why)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine.

    Parameters
    ----------
    host : str
        A name or an address, with or without a port.

    Returns
    -------
    bool
        By its name alone: nothing is looked up.

    Examples
    --------
    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1:8080", "[::1]:80", "::1")]
    [True, True, True, True]
    >>> [is_loopback(host) for host in ("lore.kernel.org", "127.example.org", "localhost.org")]
    [False, False, False]
    """
    if host in ("::1", "localhost"):
        return True
    return bool(re.fullmatch(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]*)?", host))


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Understand the header ``Retry-After``.

    Parameters
    ----------
    value : str or None
        Seconds, or an HTTP date.
    now : datetime
        With a zone; a date is counted from here.

    Returns
    -------
    timedelta or None
        From zero to :data:`MAX_REST`; None without a header or for nonsense.

    Examples
    --------
    >>> noon = datetime(2020, 9, 1, 12, 0, tzinfo=UTC)
    >>> str(retry_after("90", noon)), str(retry_after("Tue, 01 Sep 2020 12:00:30 GMT", noon))
    ('0:01:30', '0:00:30')
    >>> retry_after("soon", noon) is None
    True

    References
    ----------
    RFC 9110 section 10.2.3; section 5.6.7 for the three forms of a date.
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        # A million digits are a number as well, and no reason to compute with it.
        seconds = int(text) if len(text) < 10 else MAX_REST.total_seconds()
        return min(timedelta(seconds=seconds), MAX_REST)
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return min(max(moment - now, timedelta(0)), MAX_REST)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None

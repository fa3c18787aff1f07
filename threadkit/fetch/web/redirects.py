"""Where a redirect may lead: few steps, in no circle, and to hosts that are known."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote, urldefrag, urljoin

from threadkit.errors import SourceError, StrayRedirect, UnexpectedAnswer, printable
from threadkit.fetch.web.hosts import host_of
from threadkit.fetch.web.manners import Manners, is_loopback

_SAME_METHOD = frozenset({307, 308})
_FOLLOWED = frozenset({301, 302, 303}) | _SAME_METHOD
_AS_THEY_ARE = "%/:=&?~#+!$,;'@()*[]"


class Trail:
    """The way from what was asked for to what answers.

    Parameters
    ----------
    url : str
        What is asked for.
    manners : Manners
        How many steps, and which hosts besides the first.

    Attributes
    ----------
    url : str
        Where the trail stands, without a fragment.

    Raises
    ------
    SourceError
        If it is no URL.

    Examples
    --------
    >>> trail = Trail("https://lore.example.org/lkml/a@b", Manners())
    >>> trail.follow(301, "/lkml/a@b/#u", "GET")
    >>> trail.url
    'https://lore.example.org/lkml/a@b/'
    """

    def __init__(self, url: str, manners: Manners) -> None:
        self.url = urldefrag(url).url
        self._manners = manners
        self._hosts = {host_of(url)} | manners.known_hosts
        self._seen = [self.url]

    def follow(self, status: int, location: str | None, method: str) -> None:
        """Take one step.

        Parameters
        ----------
        status : int
            Of the answer that redirects.
        location : str or None
            Its header of that name, decoded as http.client does (Latin-1).
        method : str
            What was asked with. A POST that would become a GET is not followed: it would
            bring something else than was asked for.

        Raises
        ------
        StrayRedirect
            To an unknown host, to a plain connection, in a circle, or one step too many.
        UnexpectedAnswer
            If the status is none that says where to go.

        References
        ----------
        RFC 9110 section 15.4.
        """
        here = self.url
        if status not in _FOLLOWED or not location:
            raise UnexpectedAnswer(here, f"answered with status {status}", status)
        if method == "POST" and status not in _SAME_METHOD:
            raise UnexpectedAnswer(
                here, f"redirects a query to {printable(location)}; not followed", status
            )
        target = _absolute(here, location)
        try:
            known = host_of(target) in self._hosts
        except SourceError as error:
            raise StrayRedirect(here, f"redirects to {printable(location)}: {error.why}") from error
        if not known:
            raise StrayRedirect(
                here, f"redirects to {printable(host_of(target))}, a host that is not known"
            )
        within = is_loopback(host_of(here)) and is_loopback(host_of(target))
        if here.startswith("https:") and target.startswith("http:") and not within:
            raise StrayRedirect(here, "redirects to an insecure connection (http)")
        if target in self._seen:
            raise StrayRedirect(here, f"redirects in a circle, back to {target}")
        if len(self._seen) > self._manners.max_redirects:
            raise StrayRedirect(
                self._seen[0], f"redirects more than {self._manners.max_redirects} times"
            )
        self._seen.append(target)
        self.url = target


def _absolute(here: str, location: str) -> str:
    """Return where a Location leads, in ASCII and without a fragment."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urldefrag(urljoin(here, quote(location, safe=_AS_THEY_ARE))).url
    except ValueError as error:
        raise StrayRedirect(here, f"redirects to {printable(location)}: {error}") from error

"""Where things are fetched from unless the user says otherwise.

``THREADKIT_LORE`` and ``THREADKIT_CGIT`` replace the lists: addresses separated by white
space or commas, in the order in which they are tried.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from threadkit.errors import SourceError
from threadkit.fetch.web.hosts import host_of

LORE = ("https://lore.kernel.org", "https://sea.lore.kernel.org", "https://tor.lore.kernel.org")
"""Archives that hold the same lists under the same names; the first that answers serves."""

_PUB = "https://git.kernel.org/pub/scm/linux/kernel/git"
CGIT = (
    f"{_PUB}/torvalds/linux.git",
    f"{_PUB}/stable/linux.git",
    f"{_PUB}/next/linux-next.git",
)
"""Repositories shown by cgit; a commit is looked for in one after the other."""

_REDIRECTORS = frozenset(
    {"lore.kernel.org", "lkml.kernel.org", "git.kernel.org", "patch.msgid.link", "msgid.link"}
)


@dataclass(frozen=True, slots=True)
class Origins:
    """The servers of one run.

    Attributes
    ----------
    lore : tuple of str
        Addresses of public-inbox archives without a slash at the end.
    cgit : tuple of str
        Addresses of repositories without a slash at the end.
    """

    lore: tuple[str, ...] = LORE
    cgit: tuple[str, ...] = CGIT

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that a redirect may lead to, with their ports where they have one."""
        return _REDIRECTORS | {host_of(address) for address in (*self.lore, *self.cgit)}


def origins_from_environment() -> Origins:
    """Return the servers that the environment names, else the usual ones.

    Returns
    -------
    Origins
        Of ``THREADKIT_LORE`` and ``THREADKIT_CGIT``.

    Raises
    ------
    SourceError
        If one of them is no ``http://`` or ``https://`` address.

    Examples
    --------
    >>> import os
    >>> _ = os.environ.pop("THREADKIT_LORE", None)
    >>> origins_from_environment().lore[0]
    'https://lore.kernel.org'
    """
    return Origins(_listed("THREADKIT_LORE", LORE), _listed("THREADKIT_CGIT", CGIT))


def _listed(variable: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    words = os.environ.get(variable, "").replace(",", " ").split()
    for word in words:
        try:
            host_of(word)
        except SourceError as error:
            raise SourceError(variable, f"{word!r} is no http:// or https:// address") from error
    return tuple(word.rstrip("/") for word in words) or usual

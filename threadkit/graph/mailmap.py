"""git's mailmap files: what a person wants to be called, decided by people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Proper(NamedTuple):
    """A mapping's right-hand side; ``None`` leaves that half as it is."""

    name: str | None
    email: str | None


class Mailmap:
    """A mailmap, as git reads it.

    Parameters
    ----------
    lines : iterable of str
        The file's lines: ``Proper Name <commit@email>``, ``<proper@email>
        <commit@email>``, ``Proper Name <proper@email> <commit@email>`` or ``Proper Name
        <proper@email> Commit Name <commit@email>``. Lines that start with ``#``, and lines
        that are none of these, are passed over, as git does.

    Examples
    --------
    >>> mailmap = Mailmap(["Jane Doe <jane@example.org> <JANE@old.example.org>"])
    >>> mailmap.map("jd", "jane@old.example.org")
    ('Jane Doe', 'jane@example.org')
    >>> mailmap.map("Joe", "joe@example.org") is None
    True

    Notes
    -----
    Names and addresses are compared without regard to the case of ASCII letters. A line
    with a commit name wins over one without; of two lines for one address the later
    wins, for each half that it gives.

    References
    ----------
    gitmailmap(5).
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._by_email: dict[str, Proper] = {}
        self._by_both: dict[tuple[str, str], Proper] = {}
        for line in lines:
            self._add(line.rstrip("\r\n"))

    def _add(self, line: str) -> None:
        if line.startswith("#"):
            return
        first = _name_and_email(line)
        if first is None or not first[1]:
            return
        name, email, rest = first
        second = _name_and_email(rest)
        if second is None:
            proper, old_name, old_email = Proper(name or None, None), "", email
        else:
            proper, old_name, old_email = Proper(name or None, email), second[0], second[1]
        if old_name:
            self._by_both[_folded(old_email), _folded(old_name)] = proper
            return
        was = self._by_email.get(_folded(old_email), Proper(None, None))
        self._by_email[_folded(old_email)] = Proper(
            proper.name or was.name, proper.email or was.email
        )

    def map(self, name: str, email: str) -> tuple[str, str] | None:
        """Return the proper name and address, or None if the file is silent on this one.

        Parameters
        ----------
        name : str
            The display name.
        email : str
            The address.

        Returns
        -------
        tuple of (str, str) or None
            Name and address; what the file does not give stays.
        """
        key = _folded(email)
        proper = self._by_both.get((key, _folded(name))) or self._by_email.get(key)
        if proper is None or proper == (None, None):
            return None
        return proper.name or name, proper.email or email


def _folded(text: str) -> str:
    """Lower-case ASCII letters only, as strcasecmp does in the C locale."""
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")


def _name_and_email(text: str) -> tuple[str, str, str] | None:
    """Split ``Name <email> rest``; None if there is no address."""
    name, left, after = text.partition("<")
    email, right, rest = after.partition(">")
    return (name.strip(), email, rest) if left and right else None

"""The people of a site: who they are, what they are called in file names, their colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from threadkit.pipeline.display import one_line
from threadkit.pipeline.sites.addresses import without_domains
from threadkit.pipeline.sites.bounds import NAME, short
from threadkit.site.names import slug
from threadkit.site.values import COLOURS, Person

if TYPE_CHECKING:
    from threadkit.pipeline.message import Message

_DIGITS = 8


class Known(NamedTuple):
    """Somebody that a casebook names: key, names in any spelling, a line about them."""

    key: str
    name: str
    names: tuple[str, ...] = ()
    about: str = ""


class People:
    """Gathers people and gives each a key that is the same in every build.

    Parameters
    ----------
    known : iterable of Known
        Those whose keys are given; others of the same name are they.
    """

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._names: dict[str, str] = {}
        self._about: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._by_row: dict[Hashable, str] = {}
        self._addresses: dict[str, dict[str, None]] = {}
        self.wrote: Counter[str] = Counter()
        for one in known:
            self._names[one.key], self._about[one.key] = one.name, one.about
            for name in (one.name, *one.names):
                self._by_name.setdefault(_folded(name), one.key)

    def wrote_mail(self, one: Message, by: str = "") -> str:
        """Return the key of who wrote a mail, and count the mail.

        Parameters
        ----------
        one : Message
            A mail that is here.
        by : str, optional
            Who it is, if somebody said so.
        """
        stored = one.stored
        row: Hashable = stored.person_id or (stored.from_name, stored.from_email)
        if by:
            self._by_row.setdefault(row, by)
        key = by or self._by_row.get(row)
        if key is None:
            key = self._by_row[row] = self.named(one.author)
        if not key:
            return ""
        self.wrote[key] += 1
        if stored.from_email:
            self._addresses.setdefault(key, {})[stored.from_email.lower()] = None
        return key

    def named(self, name: str) -> str:
        """Return the key of somebody of a name.

        Parameters
        ----------
        name : str
            In any case; empty for nobody.

        Examples
        --------
        >>> people = People([Known("ann", "Ann Example", ("A. Example",))])
        >>> people.named("a. example"), people.named("Bo Example"), people.named("")
        ('ann', 'bo-example', '')
        """
        name = one_line(name).strip()
        if not name:
            return ""
        key = self._by_name.get(_folded(name))
        if key is None:
            key = self._by_name[_folded(name)] = self._new(name)
            self._names[key] = short(name, NAME)
        return key

    def ranked(self, claims: Mapping[str, int]) -> list[str]:
        """List the keys: most claims first, then most messages.

        Parameters
        ----------
        claims : mapping of str to int
            Claims by key.
        """
        return sorted(
            self._names,
            key=lambda key: (-claims.get(key, 0), -self.wrote[key], self._names[key], key),
        )

    def coloured(self, claims: Mapping[str, int]) -> list[tuple[str, Sequence[str]]]:
        """List the people who get a colour: keys, and what their colours are kept by.

        Parameters
        ----------
        claims : mapping of str to int
            Claims by key.
        """
        first = [key for key in self.ranked(claims) if claims.get(key, 0) or self.wrote[key]]
        return [
            (key, sorted(self._addresses.get(key, ())) or [f"name:{_folded(self._names[key])}"])
            for key in first[:COLOURS]
        ]

    def shown(
        self, claims: Mapping[str, int], colours: Mapping[str, int], *, addresses: bool = True
    ) -> dict[str, Person]:
        """Return the people as pages show them.

        Parameters
        ----------
        claims : mapping of str to int
            Claims by key.
        colours : mapping of str to int
            Numbers of colours by key.
        addresses : bool, optional
            Show the address that somebody wrote from first.
        """
        return {
            key: Person(
                key=key,
                name=self._names[key],
                colour=colours.get(key, 0),
                messages=self.wrote[key],
                claims=claims.get(key, 0),
                address=next(iter(self._addresses.get(key, ())), "") if addresses else "",
                about=self._about.get(key, ""),
            )
            for key in self.ranked(claims)
        }

    def _new(self, name: str) -> str:
        """Make a key: the name in plain letters; with digits of its hash if that is taken.

        The key of who has only an address does not give it away.
        """
        plain = slug(without_domains(name))
        if plain and plain not in self._names:
            return plain
        digits = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
        return f"{plain or 'person'}-{digits}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())

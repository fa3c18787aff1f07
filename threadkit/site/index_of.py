"""Find things of a site by their names."""

from __future__ import annotations

from typing import Final

from threadkit.site.values import Claim, Commit, Mail, Person, Place, Site

NOBODY: Final = Person("", "unknown")
_SHORT: Final = 12


class Index:
    """The things of one site, by name.

    Parameters
    ----------
    site : Site
        Not changed later.
    """

    def __init__(self, site: Site) -> None:
        self._mails = {(mail.message_id, mail.imposter): mail for mail in site.mails}
        self._claims = {claim.id: claim for claim in site.claims}
        self._commits = {commit.sha[:_SHORT]: commit for commit in site.commits}
        self._people = dict(site.people)

    def mail(self, message_id: str | None) -> Mail | None:
        """Return a mail that has a page, or None.

        Parameters
        ----------
        message_id : str or None
            Without brackets.
        """
        return self._named(message_id or "", 0)

    def mail_at(self, place: Place) -> Mail | None:
        """Return the mail in which something is said, if it has a page.

        Parameters
        ----------
        place : Place
            It tells mails of one Message-ID apart.
        """
        return self._named(place.message_id, place.imposter)

    def _named(self, message_id: str, imposter: int) -> Mail | None:
        found = self._mails.get((message_id, imposter))
        return found if found is not None and found.name else None

    def claim(self, key: str) -> Claim | None:
        """Return a claim, or None.

        Parameters
        ----------
        key : str
            Its id.
        """
        return self._claims.get(key)

    def commit(self, sha: str) -> Commit | None:
        """Return a commit, or None.

        Parameters
        ----------
        sha : str
            Twelve digits of it or more; with less it is looked for among all.
        """
        if len(sha) >= _SHORT:
            return self._commits.get(sha[:_SHORT])
        found = [one for key, one in self._commits.items() if sha and key.startswith(sha)]
        return found[0] if len(found) == 1 else None

    def person(self, key: str) -> Person:
        """Return a person; somebody without a name if the key is not known.

        Parameters
        ----------
        key : str
            :attr:`threadkit.site.values.Person.key`.
        """
        return self._people.get(key, NOBODY)


def index_of(site: Site) -> Index:
    """Return the index of a site; made once.

    Parameters
    ----------
    site : Site
        What is shown.

    Returns
    -------
    Index
        Of its mails, claims, commits and people.
    """
    found = _LAST.get(id(site))
    if found is None or found[0] is not site:
        _LAST.clear()  # one site is built at a time
        found = _LAST[id(site)] = (site, Index(site))
    return found[1]


_LAST: dict[int, tuple[Site, Index]] = {}

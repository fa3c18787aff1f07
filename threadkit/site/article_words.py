"""Names, dates and links of an article."""

from __future__ import annotations

import re

from threadkit.site.article_scope import Scope
from threadkit.site.index_of import index_of
from threadkit.site.links import archive, outside, permalink
from threadkit.site.markdown import inline, link
from threadkit.site.render import day
from threadkit.site.values import Claim, Evidence, Report

COMMITS = "https://git.kernel.org/stable/c/"
"""Beginning of the address of a commit: of Linus Torvalds' tree, and of the stable ones."""

_SHA = re.compile(r"[0-9a-f]{12,40}")
_SHORT = 12


class Words:
    """Says in Markdown what things of an article are called and where they are.

    Parameters
    ----------
    scope : Scope
        What the article tells.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.index = index_of(scope.site)

    def person(self, key: str) -> str:
        """Return the name of a person.

        Parameters
        ----------
        key : str
            Of the site.
        """
        return inline(self._name(key))

    def mail(self, message_id: str, said: str) -> str:
        """Return a link to a mail where it is kept for good.

        Parameters
        ----------
        message_id : str
            Or the name of a mail that is only known by its address.
        said : str
            Words of the link.
        """
        return self._linked(message_id, "", said)

    def dated(self, message_id: str, url: str = "") -> str:
        """Return who wrote a mail and when, with its permalink.

        Parameters
        ----------
        message_id : str
            Of it; may be empty.
        url : str, optional
            Where its words can be read, if that is all that is known.
        """
        found = self.index.mail(message_id)
        if found is None:
            return self._linked(message_id, url, message_id or url or "unknown")
        said = f"{self._name(found.person)}, {day(found.utc)}"
        return self._linked(message_id, url, said)

    def reported(self, report: Report) -> str:
        """Return who reported something and when, with its permalink.

        Parameters
        ----------
        report : Report
            Of a regression.
        """
        who = self._name(report.person) if report.person else report.message_id
        said = f"{who}, {day(report.utc)}" if report.utc else who
        return self._linked(report.message_id, report.url, said or "unknown")

    def commit(self, sha: str) -> str:
        """Return a commit's short hash, linked, and its title.

        Parameters
        ----------
        sha : str
            Of it, or a range of releases that stands for one.
        """
        known = self.index.commit(sha)
        digits = known.sha if known else sha
        if not _SHA.fullmatch(digits):
            return inline(digits)
        title = f' ("{inline(known.subject)}")' if known and known.subject else ""
        return link(digits[:_SHORT], f"{COMMITS}{digits}") + title

    def claim(self, claim: Claim, then: str = "") -> str:
        """Return the name of a claim, who makes it, and what it says.

        Parameters
        ----------
        claim : Claim
            Of the site.
        then : str, optional
            A sentence to add.
        """
        said = f": {inline(claim.gist)}" if claim.gist else ""
        name = inline(self._scope.name(claim))
        whole = f"{name} ({self.person(claim.person)}, {day(claim.utc)}){said}"
        if not then:
            return whole
        return f"{whole}{'' if whole.endswith(('.', '?', '!')) else '.'} {inline(then)}"

    def evidence(self, one: Evidence) -> str:
        """Return what is shown for something.

        Parameters
        ----------
        one : Evidence
            Of a claim, question or outcome.
        """
        if one.kind == "commit":
            said = self.commit(one.value)
        elif one.kind == "message":
            said = self.dated(one.value)
        elif one.kind == "url":
            said = self._linked("", one.value, one.value)
        else:
            said = inline(one.value)
        return said + (f", {inline(one.shows)}" if one.shows else "")

    def _name(self, key: str) -> str:
        known = self._scope.site.people.get(key)
        return known.name if known else key or "unknown"

    def _linked(self, message_id: str, url: str, said: str) -> str:
        """Link words to a mail, or to an address on the web; not to anything else."""
        found = self.index.mail(message_id)
        if found is not None:
            target = archive(self._scope.site, found)
        elif url or not message_id:
            target = outside(url) or ""
        else:
            target = permalink(self._scope.site, message_id)
        return link(said, target) if target else inline(said)

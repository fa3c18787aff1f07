"""Leave mail addresses out of what a site shows, without moving any span."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from threadkit.site.texts import Text
from threadkit.site.values import Place, Site

_ADDRESS = re.compile(
    r"([\w.+=-]{1,64})(?:@|%40)(?:(?:[\w-]{1,63}\.){1,8}[A-Za-z][\w-]{1,62}|[\w.-]{0,254}(?=…))"
)
"""As mails and links write it, and as what was cut short leaves it."""

_MARK = "·"


class Hidden:
    """Hides addresses, but for Message-IDs, which look the same.

    Parameters
    ----------
    message_ids : iterable of str
        Of the mails of the site: these stay.
    """

    def __init__(self, message_ids: Iterable[str]) -> None:
        self._kept = frozenset(message_ids)

    def line(self, words: str) -> str:
        """Return words with every address hidden behind as many dots.

        Parameters
        ----------
        words : str
            Of anybody.

        Examples
        --------
        >>> Hidden(["1@example.org"]).line("ann@example.org answers <1@example.org>")
        '··············· answers <1@example.org>'
        """
        return _ADDRESS.sub(self._dots, words)

    def name(self, words: str) -> str:
        """Return a person's name; of one who gives an address for it, what is before the @.

        Parameters
        ----------
        words : str
            As a header has it.

        Examples
        --------
        >>> Hidden([]).name("ann@example.org")
        'ann'
        """
        return without_domains(words)

    def text(self, text: Text) -> Text:
        """Return the text of a mail without addresses; spans stay where they are.

        Parameters
        ----------
        text : Text
            Of a mail.
        """
        cited = [one.value for one in text.mentions if one.kind == "message"]
        inner = Hidden(self._kept.union(cited)) if cited else self
        headers = [
            (name, value if name == "Message-ID" else _names(value)) for name, value in text.headers
        ]
        return replace(
            text,
            body=inner.line(text.body),
            headers=[(name, value) for name, value in headers if value],
            attachments=[(inner.line(name), kind, size) for name, kind, size in text.attachments],
            defects=[(kind, inner.line(detail)) for kind, detail in text.defects],
            reply_to="",
            reply_cc="",
            raw=b"",
        )

    def site(self, site: Site) -> Site:
        """Return a site without addresses in names, excerpts, passages and subjects.

        Parameters
        ----------
        site : Site
            Its texts are hidden already, by :meth:`text`.
        """
        return replace(
            site,
            title=self.line(site.title),
            question=self.line(site.question),
            people={
                key: one._replace(name=self.name(one.name), address="")
                for key, one in site.people.items()
            },
            mails=[
                replace(one, subject=self.line(one.subject), excerpt=self.line(one.excerpt))
                for one in site.mails
            ],
            claims=[
                replace(
                    one,
                    why=self.line(one.why),
                    places=self._places(one.places),
                    stances=[
                        edge._replace(place=edge.place and self._place(edge.place))
                        for edge in one.stances
                    ],
                )
                for one in site.claims
            ],
            asked=[
                one._replace(place=self._place(one.place), answers=tuple(self._places(one.answers)))
                for one in site.asked
            ],
            commits=[
                replace(
                    one,
                    subject=self.line(one.subject),
                    author=self.name(one.author),
                    trailers=[(name, _names(value)) for name, value in one.trailers],
                )
                for one in site.commits
            ],
            regressions=[
                replace(one, title=self.line(one.title), why=self.line(one.why))
                for one in site.regressions
            ],
            provenance=replace(
                site.provenance,
                sources=[
                    (self.line(where), kind, utc, sha256)
                    for where, kind, utc, sha256 in site.provenance.sources
                ],
            ),
        )

    def _places(self, some: Iterable[Place]) -> list[Place]:
        return [self._place(one) for one in some]

    def _place(self, one: Place) -> Place:
        return one._replace(
            text=self.line(one.text), before=self.line(one.before), after=self.line(one.after)
        )

    def _dots(self, found: re.Match[str]) -> str:
        named = found.group().replace("%40", "@") in self._kept
        return found.group() if named else _MARK * len(found.group())


def without_domains(words: str) -> str:
    """Return words with only the part before the @ of each address.

    Parameters
    ----------
    words : str
        Of anybody.

    Examples
    --------
    >>> without_domains("ann@example.org")
    'ann'
    """
    return _ADDRESS.sub(lambda found: found[1], words)


def _names(value: str) -> str:
    """Leave the names of a list of people; of an address alone what is before the @."""
    without = re.sub(r"\s*<[^<>]*>", "", value)
    return without_domains(without)

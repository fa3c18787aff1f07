"""Whether a casebook tells a claim in the words of a mail instead of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from threadkit.casebook.values import At, Casebook
from threadkit.errors import printable

RUN = 7
"""So many words in a row that a mail has are no chance."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Copied:
    """A text of a casebook that has words of a mail.

    Attributes
    ----------
    at : At
        Of the claim or question.
    what : str
        Which: ``claim 9: gist``.
    message : str
        Message-ID.
    """

    at: At
    what: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.at}: {self.what}: {RUN} words in a row are from <{printable(self.message)}>;"
            " say it in your own words"
        )


def copied(casebook: Casebook, bodies: Iterable[tuple[str, str]]) -> list[Copied]:
    """Look for words of mails in the texts of a casebook.

    Parameters
    ----------
    casebook : Casebook
        Of which gists, reasons, questions and outcomes are compared.
    bodies : iterable of (str, str)
        Message-ID and decoded body of the mails that are at hand; each is read once.

    Returns
    -------
    list of Copied
        Each text once, in the order of the casebook, with the first mail that has its words.
    """
    texts = [(at, what, _runs(text)) for at, what, text in _texts(casebook)]
    wanted = frozenset[tuple[str, ...]]().union(*(runs for _, _, runs in texts))
    where: dict[tuple[str, ...], str] = {}
    for message, body in bodies:
        for run in _runs(body) & wanted:
            where.setdefault(run, message)
    found = []
    for at, what, runs in texts:
        mails = sorted(where[run] for run in runs & where.keys())
        if mails:
            found.append(Copied(at, what, mails[0]))
    return found


def _texts(casebook: Casebook) -> Iterator[tuple[At, str, str]]:
    """Name the texts that a person words."""
    for question in casebook.questions:
        for what in ("text", "outcome"):
            yield question.at, f"question {question.key}: {what}", getattr(question, what)
    for claim in casebook.claims:
        yield claim.at, f"claim {claim.id}: gist", claim.gist
        yield claim.at, f"claim {claim.id}: why", claim.why
        for entry in claim.model:
            yield entry.at, f"claim {claim.id}: why of model", entry.why or entry.not_modelled


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(zip(*(words[at:] for at in range(RUN)), strict=False))

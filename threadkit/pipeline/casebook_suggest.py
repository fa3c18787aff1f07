"""Scenarios for the claims of a casebook, proposed for a person to accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from threadkit.errors import NotFound, SourceError
from threadkit.pipeline.casebooks import casebook_folder

if TYPE_CHECKING:
    from sqlite3 import Connection

    from threadkit.casebook.suggest import Suggestion
    from threadkit.casebook.values import Claim
    from threadkit.pipeline.archive import Archive

COLUMNS: Final = ("claim", "scenario", "score", "why", "question")
"""Of a list of proposals."""

_VERDICTS = frozenset(("Never", "Sometimes", "Always"))
_MARK = "# suggested for claim"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A claim with what is proposed for it; may be nothing."""

    claim: Claim
    suggestions: tuple[Suggestion, ...]

    def rows(self) -> list[tuple[int, str, float, str, str]]:
        """Return a row for each proposal, as :data:`COLUMNS` names them."""
        return [
            (one.claim, one.scenario, one.score, "; ".join(one.why), one.question)
            for one in self.suggestions
        ]

    def as_json(self) -> dict[str, object]:
        """Return plain values."""
        return {
            "claim": self.claim.id,
            "gist": self.claim.gist,
            "suggestions": [
                {"scenario": one.scenario, "score": one.score, "why": list(one.why),
                 "question": one.question}
                for one in self.suggestions
            ],
        }  # fmt: skip

    def yaml(self) -> list[str]:
        """Return lines to paste into the claim: its ``model``, with what is left to say."""
        lines = [f"{_MARK} {self.claim.id}"]
        for one in self.suggestions:
            verdicts = ", ".join(f"{era}: {verdict}" for era, verdict in turns(one.scenario))
            lines += [
                f"# {one.score:.2f}: {'; '.join(one.why)}",
                f"# {one.question}",
                f"  - scenario: {one.scenario}",
                "    stance: todo  # supports, refutes, depends, cost",
                f"    verdicts: {{{verdicts}}}",
                "    why: todo",
            ]
        return lines


def suggestions(
    name: str | Path,
    claims: Sequence[int] = (),
    *,
    most: int | None = None,
    archive: Archive | None = None,
) -> list[Suggested]:
    """Propose scenarios for claims of a casebook, drafts as well.

    Parameters
    ----------
    name : str or Path
        A folder, or the name of a casebook that comes with threadkit.
    claims : sequence of int, optional
        Only these; without, all that have no scenario.
    most : int, optional
        So many a claim.
    archive : Archive, optional
        With the mail: claims without a gist are compared by the words of their passages.

    Returns
    -------
    list of Suggested
        In the order of the casebook.

    Raises
    ------
    CasebookError, NoCasebook
        There is none, or it cannot be read.
    NotFound
        It has no such claim.
    """
    from threadkit.casebook.load import load
    from threadkit.casebook.schema import is_todo
    from threadkit.casebook.suggest import MOST, Suggester

    casebook = load(casebook_folder(name), is_draft=True)
    for number in claims:
        if casebook.claim(number) is None:
            raise NotFound(str(number), what=f"claim of casebook {casebook.name}")
    blank = [one for one in casebook.claims if is_todo(one.gist)]
    words = passages_of(archive.connection, blank) if blank and archive is not None else {}
    suggester = Suggester(casebook, words=words)
    return [
        Suggested(one, tuple(suggester.suggest(one, MOST if most is None else most)))
        for one in casebook.claims
        if (one.id in claims if claims else not one.is_modelled)
    ]


def passages_of(conn: Connection, claims: Sequence[Claim]) -> dict[int, str]:
    """Read the passages of claims whose mail is here.

    Parameters
    ----------
    conn : sqlite3.Connection
        An open database.
    claims : sequence of Claim
        Of a casebook.

    Returns
    -------
    dict of int to str
        By claim; what is not where it should be is left out.
    """
    from threadkit.casebook.spans import find_passage
    from threadkit.store.casebooks import mail_units

    mails = mail_units(conn, [one.said.message for one in claims if one.said.message])
    found: dict[int, str] = {}
    for one in claims:
        mail = mails.get(one.said.message or "")
        at = find_passage(mail.body, one.said) if mail else None
        if mail and at and at.start is not None:
            found[one.id] = mail.body[at.start : at.stop]
    return found


def write_suggestions(folder: Path, some: Sequence[Suggested]) -> dict[str, int]:
    """Add proposals to the files of a casebook as comments; what is there already is left out.

    Parameters
    ----------
    folder : Path
        Of the casebook.
    some : sequence of Suggested
        For its claims.

    Returns
    -------
    dict of str to int
        How many were added to each file. The casebook says what it said before.

    Raises
    ------
    SourceError
        A file cannot be written.
    """
    added: dict[str, int] = {}
    for one in some:
        path = folder / one.claim.at.file
        try:
            text = path.read_text("utf-8")
            new = [s for s in one.suggestions if _comment(s)[0] not in text.splitlines()]
            if new:
                lines = [line for each in new for line in _comment(each)]
                with path.open("a", encoding="utf-8") as file:
                    file.write(("" if text.endswith("\n") else "\n") + "\n".join(lines) + "\n")
                added[one.claim.at.file] = added.get(one.claim.at.file, 0) + len(new)
        except OSError as error:
            raise SourceError(str(path), error.strerror or "cannot be written") from error
    return added


def _comment(one: Suggestion) -> list[str]:
    return [f"{_MARK} {one.claim}: {one.scenario}", f"#   {one.score:.2f}, {'; '.join(one.why)}"]


@cache
def turns(scenario: str) -> tuple[tuple[str, str], ...]:
    """Return the base eras at which the verdict on a scenario turns, the first among them.

    Parameters
    ----------
    scenario : str
        Its name.

    Returns
    -------
    tuple of (str, str)
        Era and verdict.

    Examples
    --------
    >>> turns("S4")[1:3]
    (('mapcount_trylock', 'Never'), ('refcount_nofork', 'Always'))
    """
    from threadkit import cow

    found: list[tuple[str, str]] = []
    for era in cow.base_eras():
        verdict = cow.scenario(scenario).run(era, traces=False).verdict
        if verdict in _VERDICTS and (not found or found[-1][1] != verdict):
            found.append((era.key, verdict))
    return tuple(found)

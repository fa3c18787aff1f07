"""A casebook as a notebook sees it, and the list of those that come with threadkit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadkit.pipeline.casebook_claim import CasebookClaim, Claims
from threadkit.pipeline.casebooks import casebook_folder
from threadkit.pipeline.display import counted
from threadkit.pipeline.shipped import shipped

if TYPE_CHECKING:
    from threadkit.casebook.values import Casebook, CaseMessage, Person, Question
    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.casebook_check import CasebookCheck


def open_casebook(name: str | Path = "cow-2020") -> CasebookView:
    """Read a casebook.

    Parameters
    ----------
    name : str or Path
        Of one that comes with threadkit, or a folder.

    Returns
    -------
    CasebookView
        Shows itself in a notebook.

    Raises
    ------
    NoCasebook
        There is none of that name.
    CasebookError
        It does not hold together; it says all that is wrong.

    Examples
    --------
    >>> open_casebook("sample")
    <Casebook sample: 11 claims, 3 questions, 6 people, 23 mails; 2026-11-23 by threadkit>
    """
    from threadkit.casebook.load import load

    folder = casebook_folder(name)
    return CasebookView(load(folder), folder)


def casebook_names() -> list[str]:
    """Name the casebooks that come with threadkit.

    Raises
    ------
    SourceError
        This installation came without its data.

    Examples
    --------
    >>> "sample" in casebook_names()
    True
    """
    return sorted(path.name for path in shipped("casebooks").iterdir() if path.is_dir())


class CasebookView:
    """A casebook that can be checked and looked at.

    Parameters
    ----------
    facts : Casebook
        What it says.
    folder : Path
        Where it lies.
    """

    def __init__(self, facts: Casebook, folder: Path) -> None:
        self.facts = facts
        self.folder = folder

    @property
    def name(self) -> str:
        """Its name."""
        return self.facts.name

    @property
    def title(self) -> str:
        """What the debate is about, in a line."""
        return self.facts.title

    @property
    def claims(self) -> Claims:
        """All claims."""
        return Claims(CasebookClaim.of(self.facts, one) for one in self.facts.claims)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is in it."""
        return self.facts.people

    @property
    def messages(self) -> tuple[CaseMessage, ...]:
        """Its mails, as facts."""
        return self.facts.messages

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions."""
        return self.facts.questions

    def claim(self, number: int) -> CasebookClaim:
        """Return a claim.

        Parameters
        ----------
        number : int
            Its id.

        Raises
        ------
        NotFound
            There is none of that number.

        Examples
        --------
        >>> open_casebook("sample").claim(6).by
        'finn'
        """
        from threadkit.errors import NotFound

        found = self.facts.claim(number)
        if found is None:
            raise NotFound(str(number), what=f"claim in {self.name}")
        return CasebookClaim.of(self.facts, found)

    def check(self, archive: Archive | None = None, *, mail: Sequence[str] = ()) -> CasebookCheck:
        """Run every scenario that it refers to, and look for its passages.

        Parameters
        ----------
        archive : Archive, optional
            With mail.
        mail : sequence of str, optional
            Files or folders of mail.

        Returns
        -------
        CasebookCheck
            ``ok`` tells whether everything is as the casebook says.

        Examples
        --------
        >>> open_casebook("sample").check().ok
        True
        """
        from threadkit.pipeline.casebook_check import check_casebook

        return check_casebook(self.facts, archive.connection if archive else None, mail)

    def as_json(self, number: int | None = None) -> dict[str, Any]:
        """Return the casebook, or one claim of it, as its files have it.

        Parameters
        ----------
        number : int, optional
            Id of a claim.

        Raises
        ------
        NotFound
            There is none of that number.

        Examples
        --------
        >>> open_casebook("sample").as_json(6)["question"]
        'wake'
        """
        document: dict[str, Any] = json.loads(self.facts.document)
        if number is None:
            return document
        found = self.claim(number)
        return next(one for one in document["claims"] if one["id"] == found.id)

    def facts_in_words(self) -> list[str]:
        """Count what is in it."""
        one = self.facts
        return [
            counted(len(one.claims), "claim"),
            counted(len(one.questions), "question"),
            counted(len(one.people), "person", "people"),
            counted(len(one.messages), "mail"),
        ]

    def __repr__(self) -> str:
        one = self.facts
        said = ", ".join(self.facts_in_words())
        return f"<Casebook {self.name}: {said}; {one.curated_date} by {one.curated_by}>"

    def _repr_html_(self) -> str:
        from html import escape

        from threadkit import notebook

        modelled = sum(one.is_modelled for one in self.facts.claims)
        facts = [*self.facts_in_words(), f"{modelled} of the claims run in the model"]
        items = "".join(f"<li>{escape(line)}</li>" for line in self.facts.coverage)
        return (
            notebook.heading(self.title, facts)
            + f"<p>{escape(self.facts.question)}</p><p>{escape(self.facts.outcome)}</p>"
            + f"<ul>{items}</ul>"
        )

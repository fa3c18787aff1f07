"""What is wrong with the files of a casebook: a place and a sentence for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from threadkit.casebook.values import At
from threadkit.errors import ThreadkitError, printable


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    at : At
        Where.
    message : str
        What, in a clause.
    is_todo : bool
        It is not wrong but not written yet.
    """

    at: At
    message: str
    is_todo: bool = False

    def __str__(self) -> str:
        return f"{self.at}: {self.message}"


class CasebookError(ThreadkitError):
    """A casebook cannot be used; all that is wrong with it is said at once.

    Parameters
    ----------
    name : str
        Of the casebook, or its folder.
    problems : sequence of Problem
        In the order of the files.
    """

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        self.name = name
        self.problems = problems
        todo = sum(one.is_todo for one in problems)
        wrong = len(problems) - todo
        counts = [f"{wrong} problem{'s' if wrong > 1 else ''}"] if wrong else []
        counts += [f"{todo} still to be written"] if todo else []
        lines = "".join(f"\n{one}" for one in problems)
        super().__init__(f"casebook {printable(name)}: {', '.join(counts)}{lines}")


class NoCasebook(ThreadkitError):
    """No casebook has this name, and no folder this path.

    Parameters
    ----------
    name : str
        As given.
    known : iterable of str
        Names of those that come with threadkit.
    """

    exit_code = 3

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"{printable(name)}: no such casebook or folder{hint(name, known)}")


def hint(name: str, known: Iterable[str]) -> str:
    """Return a question with the names that come close, or nothing.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What there is.

    Returns
    -------
    str
        To put behind a clause.

    Examples
    --------
    >>> hint("gits", ["gist", "kind"]), hint("xyz", ["gist"])
    ('; did you mean gist?', '')
    """
    near = get_close_matches(name, list(known), 2, 0.6)
    return f"; did you mean {' or '.join(map(printable, near))}?" if near else ""
